//! Whose points end when, page by page, and as a file.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Cursor, MoneyDto, Page, Paging, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Currency, Money, Result as Done};
use shuke_members::MemberId;
use shuke_sheets::Format;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::Expiring;
use crate::definition::ProgrammeId;
use crate::ending::{self, Ending, MOST_DAYS, START, Window, tables};
use crate::owed::revenue::{self, MILLION, worth};

/// Days ahead unless asked otherwise.
pub const WITHIN: i64 = 30;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_points_ending)).routes(routes!(export_points_ending))
}

/// Which members.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EndingList {
    /// Points that end within so many days, today being the first: 1 to 3660, 30 unless given.
    #[param(minimum = 1, maximum = 3660)]
    within: Option<i64>,
    /// Instead of `within`: points whose last day is this or later; today unless given.
    #[param(format = Date)]
    from: Option<String>,
    /// Instead of `within`: points whose last day is before this; thirty days from `from` on unless given.
    #[param(format = Date)]
    to: Option<String>,
    /// Only members of whose points so many end, or more.
    #[param(minimum = 1)]
    min_points: Option<i64>,
    /// What a point buys, yuan, such as `0.01`: with it `worth` is told.
    value: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The list as a file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EndingFile {
    #[param(minimum = 1, maximum = 3660)]
    within: Option<i64>,
    #[param(format = Date)]
    from: Option<String>,
    #[param(format = Date)]
    to: Option<String>,
    #[param(minimum = 1)]
    min_points: Option<i64>,
    value: Option<String>,
    /// `csv` (default), `xlsx` or `parquet`.
    format: Option<String>,
    /// The merchant, instead of the header `Shuke-Merchant`: a link that a browser follows sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

/// What is asked, once it was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Days {
    Within(i64),
    Between(Option<Date>, Option<Date>),
}

impl Days {
    fn read(within: Option<i64>, from: Option<&str>, to: Option<&str>) -> Result<Self, Problem> {
        let day = |text: Option<&str>, field: &'static str| {
            let read = text.filter(|t| !t.is_empty()).map(|t| t.parse::<Date>().ok());
            read.map(|day| day.ok_or_else(|| Problem::invalid("query", field, "a day, such as 2026-12-31"))).transpose()
        };
        match (within, day(from, "from")?, day(to, "to")?) {
            (Some(days), None, None) if (1..=MOST_DAYS).contains(&days) => Ok(Self::Within(days)),
            (Some(_), None, None) => Err(Problem::invalid("query", "within", format!("1 to {MOST_DAYS} days"))),
            (Some(_), ..) => Err(Problem::invalid("query", "within", "either `within`, or `from` and `to`")),
            (None, None, None) => Ok(Self::Within(WITHIN)),
            (None, Some(from), Some(to)) if from >= to => Err(Problem::invalid("query", "to", "a day after `from`")),
            (None, from, to) => Ok(Self::Between(from, to)),
        }
    }

    fn window(self, today: Date) -> Window {
        match self {
            Self::Within(days) => Window::within(today, days),
            Self::Between(from, to) => {
                let of = Window::within(from.unwrap_or(today), WITHIN);
                Window { to: to.unwrap_or(of.to), ..of }
            }
        }
    }
}

/// Only once it is known which day is today can `to` alone be told to be over.
fn ahead(window: Window) -> Result<(), Problem> {
    if window.from < window.to {
        Ok(())
    } else {
        Err(Problem::invalid("query", "to", "a day after `from`, which is today unless it is given"))
    }
}

fn least(points: Option<i64>) -> Result<i64, Problem> {
    match points.unwrap_or(1) {
        n if n >= 1 => Ok(n),
        _ => Err(Problem::invalid("query", "min_points", "a whole number from 1")),
    }
}

/// What a point buys, in millionths of a yuan, where it is stated.
pub(super) fn value(text: Option<&str>) -> Result<Option<i64>, Problem> {
    let read = text.filter(|t| !t.is_empty()).map(|t| revenue::millionths(t).filter(|n| *n >= 1));
    read.map(|n| {
        n.ok_or_else(|| Problem::invalid("query", "value", format!("a decimal above 0, at most {MILLION}, with at most six places")))
    })
    .transpose()
}

/// A member whose points end.
#[derive(Serialize, ToSchema)]
pub struct PointsEnding {
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// How many end in all.
    points: i64,
    /// The last day of those that end first.
    #[schema(value_type = String, format = Date)]
    first_day: String,
    /// The last day of those that end last.
    #[schema(value_type = String, format = Date)]
    last_day: String,
    /// How many on which day.
    days: Vec<Expiring>,
    /// What those that end buy, where `value` was stated.
    worth: Option<MoneyDto>,
    /// All points that are free to spend now.
    available: i64,
    /// The tier held, where there is a ladder.
    tier: Option<String>,
}

impl PointsEnding {
    /// As the API and `shuke report ending --json` tell it; `value` is what a point buys, in millionths of a yuan.
    ///
    /// # Errors
    /// Where that makes an amount too large to reckon.
    pub fn of(ending: &Ending, value: Option<i64>) -> Done<Self> {
        let fen = value.map(|value| worth(ending.points, value)).transpose()?;
        let bounds = ending.bounds();
        let day = |of: fn((Date, Date)) -> Date| bounds.map(of).map(|day| day.to_string()).unwrap_or_default();
        Ok(Self {
            member: ending.member,
            points: ending.points,
            first_day: day(|b| b.0),
            last_day: day(|b| b.1),
            days: ending.days.iter().map(|(day, points)| Expiring { day: day.to_string(), points: *points }).collect(),
            worth: fen.map(|fen| Money { amount: fen, currency: Currency::CNY }.into()),
            available: ending.available,
            tier: ending.tier.as_ref().map(|tier| tier.id.clone()),
        })
    }
}

/// Members whose available points end within some days, and how many on which day: whom to remind. By when something is due in their
/// books next. What pends or is set aside by a hold ends on no day and is not told.
#[utoipa::path(get, path = "/programmes/{id}/ending", operation_id = "list_points_ending", tag = "points", params(("id" = String, Path), EndingList),
    responses((status = 200, body = Page<PointsEnding>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_points_ending(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<EndingList>) -> Reply<Page<PointsEnding>> {
    let cx = call.allow(Permission::PointsRead)?;
    let days = Days::read(q.within, q.from.as_deref(), q.to.as_deref())?;
    let (least, value) = (least(q.min_points)?, value(q.value.as_deref())?);
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let after = (shuke_kernel::Instant(paging.int(0, START.0.micros())?), MemberId::from_bytes(paging.id(1, *START.1.bytes())?));
    let limit = usize::try_from(paging.limit).unwrap_or(50);
    let found = call.read(&cx, move |tx, cx| {
        let asked = ending::ready(tx, cx, id, |today| days.window(today), least)?;
        Ok((asked.window, ending::page(tx, cx, &asked, after, limit)?))
    });
    let (window, found) = found.await?;
    ahead(window)?;
    let items = found.items.iter().map(|ending| PointsEnding::of(ending, value)).collect::<Done<Vec<_>>>()?;
    let next_cursor = found.next.map(|(due, member)| Cursor::encode(&[due.into(), member.into()]));
    Ok(Json(Page { items, next_cursor }))
}

/// The same members as a file, whole, a row for each member and last day, written while it is sent. Who took it is audited.
#[utoipa::path(get, path = "/programmes/{id}/ending/export", operation_id = "export_points_ending", tag = "points", params(("id" = String, Path), EndingFile),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn export_points_ending(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<EndingFile>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::PointsRead)?;
    let days = Days::read(q.within, q.from.as_deref(), q.to.as_deref())?;
    let (least, value) = (least(q.min_points)?, value(q.value.as_deref())?);
    let word = q.format.as_deref().filter(|word| !word.is_empty()).unwrap_or("csv");
    let format = Format::named(word).ok_or_else(|| Problem::invalid("query", "format", "format is csv, xlsx or parquet"))?;
    let asked = call.read(&cx, move |tx, cx| ending::ready(tx, cx, id, |today| days.window(today), least)).await?;
    ahead(asked.window)?;
    let of = asked.clone();
    call.write(&cx, move |tx, cx| ending::service::taken(tx, cx, &of, format.word())).await?;
    let (store, zh) = (call.app.store.clone(), call.lang.is_zh());
    let body = streamed("ending".to_owned(), move |to| Ok(tables::write(&store, &cx, &asked, value, format, zh, to)?.0));
    let name = format!("attachment; filename=\"points-ending.{}\"", format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}
