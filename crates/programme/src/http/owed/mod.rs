//! What is owed in points, what will become of it, and both as files.

mod dto;

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shuke_http::{App, Call, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Result as Done;
use shuke_sheets::Format;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::dto::{PointsForecast, PointsLiability};
use crate::definition::{ProgrammeId, service};
use crate::owed::cells::month_of;
use crate::owed::forecast::{self, Forecast};
use crate::owed::revenue::{self, MILLION, Points, Stated};
use crate::owed::{TOO_LARGE, liability, tables};

/// Months that are told ahead unless asked otherwise.
const AHEAD: usize = 12;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_points_liability)).routes(routes!(get_points_forecast)).routes(routes!(export_points_liability))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MonthQuery {
    /// The month, as `2026-11`; the present one unless given.
    month: Option<String>,
    /// What a point buys, yuan, such as `0.01`: with it `worth` is told beside every figure.
    value: Option<String>,
}

fn month(text: Option<&str>) -> Result<Option<i64>, Problem> {
    text.map(|text| month_of(text).ok_or_else(|| Problem::invalid("query", "month", "a month, such as 2026-11"))).transpose()
}

/// A rate that is stated, in millionths.
fn stated(text: Option<&str>, field: &'static str, most: i64) -> Result<Option<i64>, Problem> {
    let number = text.map(|text| revenue::millionths(text).filter(|n| (1..=most).contains(n)));
    number
        .map(|n| n.ok_or_else(|| Problem::invalid("query", field, "a decimal above 0 with at most six places; a share at most 1")))
        .transpose()
}

/// What a programme owes in points, by the month of lots: opening, what moved, closing.
#[utoipa::path(get, path = "/programmes/{id}/liability", operation_id = "get_points_liability", tag = "points", params(("id" = String, Path), MonthQuery),
    responses((status = 200, body = PointsLiability)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_points_liability(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<MonthQuery>) -> Reply<PointsLiability> {
    let cx = call.allow(Permission::PointsRead)?;
    let (month, value) = (month(q.month.as_deref())?, stated(q.value.as_deref(), "value", MILLION * MILLION)?);
    let owed = call.read(&cx, move |tx, cx| {
        let programme = service::get(tx, cx.merchant, id)?;
        liability(tx, cx, &programme, month)
    });
    Ok(Json(PointsLiability::of(&owed.await?, value)?))
}

/// What is asked of a forecast.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ForecastQuery {
    /// The closed month at whose end it stands, as `2026-10`; the last closed one unless given.
    month: Option<String>,
    /// Months ahead: 1 to 36, 12 unless given.
    #[param(minimum = 1, maximum = 36)]
    months: Option<i64>,
    /// What a point buys, yuan, such as `0.01`: with it `worth` and the deferred revenue are told.
    value: Option<String>,
    /// Points that a yuan of goods earns; `1` unless given.
    per_yuan: Option<String>,
    /// The share of points that was expected to be used when they were given, such as `0.8`; `use_now` unless given.
    use_at_issue: Option<String>,
    /// The share of points issued that is expected to be used by now; estimated unless given.
    use_now: Option<String>,
}

/// What a merchant states of points in money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rates {
    /// What a point buys, in millionths of a yuan.
    pub value: Option<i64>,
    /// Points that a yuan earns, in millionths.
    pub per_yuan: Option<i64>,
    /// The share that was expected to be used when points were given, in millionths.
    pub use_at_issue: Option<i64>,
    /// The share that is expected by now, in millionths; estimated without it.
    pub use_now: Option<i64>,
}

impl ForecastQuery {
    fn rates(&self) -> Result<Rates, Problem> {
        let read = |text: &Option<String>, field: &'static str, most: i64| stated(text.as_deref(), field, most);
        Ok(Rates {
            value: read(&self.value, "value", MILLION * MILLION)?,
            per_yuan: read(&self.per_yuan, "per_yuan", MILLION * MILLION)?,
            use_at_issue: read(&self.use_at_issue, "use_at_issue", MILLION)?,
            use_now: read(&self.use_now, "use_now", MILLION)?,
        })
    }

    fn ahead(&self) -> Result<usize, Problem> {
        let months = self.months.unwrap_or(AHEAD as i64);
        usize::try_from(months)
            .ok()
            .filter(|n| (1..=forecast::MOST_AHEAD).contains(n))
            .ok_or_else(|| Problem::invalid("query", "months", "1 to 36 months"))
    }
}

/// What was set apart of the price for lots, and what of it waits: fen, for each of the forecast's lots.
///
/// # Errors
/// Where the stated rates make amounts too large to reckon.
pub fn money(told: &Forecast, rates: Rates) -> Done<Vec<Option<(i64, i64)>>> {
    let Some(value) = rates.value else { return Ok(vec![None; told.lots.len()]) };
    let mut all = Vec::with_capacity(told.lots.len());
    for lots in &told.lots {
        let issued = (lots.issued - lots.reversed).max(0);
        let will_use = match rates.use_now {
            Some(share) => {
                let expected = i128::from(issued) * i128::from(share) / i128::from(MILLION) - i128::from(lots.redeemed);
                Some(i64::try_from(expected).unwrap_or(i64::MAX).clamp(0, lots.left.max(0)))
            }
            None => lots.will_use.estimate,
        };
        let Some(will_use) = will_use else {
            all.push(None);
            continue;
        };
        let points = Points { issued, used: lots.redeemed, will_use };
        let expected = i128::from(lots.redeemed.max(0)) + i128::from(will_use);
        let by_now = if issued > 0 { i64::try_from(expected * i128::from(MILLION) / i128::from(issued)).unwrap_or(MILLION) } else { 0 };
        let use_at_issue = rates.use_at_issue.or(rates.use_now).unwrap_or(by_now.min(MILLION));
        let stated = Stated { value, per_yuan: rates.per_yuan.unwrap_or(MILLION), use_at_issue };
        let waits = revenue::allocated(points, stated).zip(revenue::deferred(points, stated));
        all.push(Some(waits.ok_or_else(|| TOO_LARGE.at("value"))?));
    }
    Ok(all)
}

/// What will become of points: used or ended, by month of lots and month to come, with ranges; breakage; and, where a point's worth is
/// stated, the deferred revenue.
#[utoipa::path(get, path = "/programmes/{id}/forecast", operation_id = "get_points_forecast", tag = "points", params(("id" = String, Path), ForecastQuery),
    responses((status = 200, body = PointsForecast)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_points_forecast(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<ForecastQuery>) -> Reply<PointsForecast> {
    let cx = call.allow(Permission::PointsRead)?;
    let (month, ahead, rates) = (month(q.month.as_deref())?, q.ahead()?, q.rates()?);
    let told = call.read(&cx, move |tx, cx| {
        let programme = service::get(tx, cx.merchant, id)?;
        forecast::forecast(tx, cx, &programme, month, ahead)
    });
    let told = told.await?;
    let waits = money(&told, rates)?;
    Ok(Json(PointsForecast::of(&told, &waits, rates.value)?))
}

/// Which table of the reports, as which file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OwedFile {
    /// `liability` (default), `lots` or `ahead`.
    table: Option<String>,
    /// `csv` (default), `xlsx` or `parquet`.
    format: Option<String>,
    /// The month, as `2026-10`.
    month: Option<String>,
    #[param(minimum = 1, maximum = 36)]
    months: Option<i64>,
    value: Option<String>,
    per_yuan: Option<String>,
    use_at_issue: Option<String>,
    use_now: Option<String>,
}

/// A table of the liability or of the forecast as CSV, XLSX or Parquet, whole.
#[utoipa::path(get, path = "/programmes/{id}/liability/export", operation_id = "export_points_liability", tag = "points", params(("id" = String, Path), OwedFile),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn export_points_liability(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<OwedFile>) -> Result<impl IntoResponse, Problem> {
    let cx = call.allow(Permission::PointsRead)?;
    let word = q.format.as_deref().filter(|word| !word.is_empty()).unwrap_or("csv");
    let format = Format::named(word).ok_or_else(|| Problem::invalid("query", "format", "format is csv, xlsx or parquet"))?;
    let name = q.table.unwrap_or_else(|| tables::TABLES[0].to_owned());
    if !tables::TABLES.contains(&name.as_str()) {
        return Err(Problem::invalid("query", "table", "table is liability, lots or ahead"));
    }
    let asked = ForecastQuery {
        month: q.month,
        months: q.months,
        value: q.value,
        per_yuan: q.per_yuan,
        use_at_issue: q.use_at_issue,
        use_now: q.use_now,
    };
    let (month, ahead, rates, wanted) = (month(asked.month.as_deref())?, asked.ahead()?, asked.rates()?, name.clone());
    let read = call.read(&cx, move |tx, cx| {
        let programme = service::get(tx, cx.merchant, id)?;
        let zone = service::rules(tx, cx.merchant, &programme)?.first().zone.clone();
        let table = match wanted.as_str() {
            "liability" => tables::liability(&liability(tx, cx, &programme, month)?, rates.value)?,
            "lots" => {
                let told = forecast::forecast(tx, cx, &programme, month, ahead)?;
                tables::lots(&told, &money(&told, rates)?)
            }
            _ => tables::ahead(&forecast::forecast(tx, cx, &programme, month, ahead)?),
        };
        Ok((table, zone))
    });
    let (table, zone) = read.await?;
    let body = tables::write(&table, format, call.lang.is_zh(), zone).map_err(|e| Problem::fault(e.to_string()))?;
    let name = format!("attachment; filename=\"points-{name}.{}\"", format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body))
}

/// What [`PointsLiability`] and [`PointsForecast`] come to as JSON.
///
/// # Errors
/// Where they cannot be written.
pub fn json(told: &impl Serialize) -> Done<Value> {
    Ok(serde_json::to_value(told)?)
}
