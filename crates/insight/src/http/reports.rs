//! `/reports`.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use shuke_http::{App, Call, Cursor, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Code, Error, Kind, Zone};
use shuke_sheets::{Format, Style};
use shuke_store::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::{Asked, question};
use super::{DashboardQuery, ExportQuery, PeopleQuery, ReportQuery, shown};
use crate::desk::{Freshness, base_key, reckon};
use crate::occasions::service::touching;
use crate::occasions::{Occasion, SPAN_MAX};
use crate::people::Bases;
use crate::question::{Frame, Head, Question, Report};
use crate::tables::tables;
use crate::{Answer, Body, people};

/// There is no report of that name.
pub static UNKNOWN: Code = Code {
    code: "report.unknown",
    kind: Kind::NotFound,
    zh: "没有名为 {report} 的报表。",
    en: "There is no report `{report}`: there are dashboard, rfm, lifecycle, cohort, interval, calendar, goods and region.",
};
/// The report has no such table.
pub static UNKNOWN_TABLE: Code = Code {
    code: "report.unknown_table",
    kind: Kind::Invalid,
    zh: "该报表没有名为 {table} 的表。可用：{known}。",
    en: "The report has no table `{table}`: it has {known}.",
};

/// A report: what every one begins with, up to when it knows, and its own part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reported<T> {
    #[serde(flatten)]
    head: Head,
    /// Up to when the report knows.
    known: Freshness,
    #[serde(flatten)]
    body: T,
    /// The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
    /// and the calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    occasions: Option<Vec<Occasion>>,
}

/// A member behind a number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportMember {
    /// `mem_…`.
    #[schema(example = "mem_01hqzv…")]
    pub member: String,
}

async fn answered(call: &Call, report: Report, q: Asked) -> Result<(Answer, Freshness), Problem> {
    let cx = call.allow(Permission::OrdersRead)?;
    let q = question(call, &cx, q).await?;
    reckon(&call.app, cx.merchant, move |desk, loaded, columns| {
        let (asked, now) = (q.about_what(report), cx.now.micros());
        let frame = Frame::new(columns, &q)?;
        let key = format!("{} {} {asked:?}", cx.merchant.0, report.name());
        let (held, known) = match desk.answers.good(&key, &loaded.manifest, now) {
            Some((held, _)) => {
                let known = held.known(loaded);
                (held, known)
            }
            None => {
                let answer = crate::answer(columns, report, &asked, &shown)?;
                (desk.answers.keep(&key, &loaded.manifest, now, answer), Freshness::of(loaded))
            }
        };
        let head = Head::new(report, &q, &frame, held.it.head.coverage.clone());
        Ok((Answer { head, body: held.it.body.clone() }, known))
    })
    .await
}

async fn reported(call: Call, report: Report, q: Asked) -> Reply<Reported<Body>> {
    let (Answer { head, body }, known) = answered(&call, report, q).await?;
    let occasions = match first_day(&head, &body) {
        None => None,
        Some(from) => {
            let to = head.to;
            Some(call.read(&call.cx(), move |tx, cx| touching(tx, cx, from, to)).await?)
        }
    };
    Ok(Json(Reported { head, known, body, occasions }))
}

/// The first day that a chart of the report shows, where occasions mark it; ten years of them at most.
fn first_day(head: &Head, body: &Body) -> Option<Date> {
    let seen = match body {
        Body::Dashboard(d) => match &d.series {
            // It may begin with a registration, before the first purchase.
            Some(series) => series.points.first().map(|p| p.from),
            None => d.trend.first().and_then(|m| format!("{}-01", m.month).parse().ok()),
        },
        Body::Calendar(c) => c.first,
        _ => return None,
    };
    // A shop that sold nothing shows nothing.
    Some(head.from.or(seen).unwrap_or(head.to).max(head.to.saturating_sub(SPAN_MAX.days())))
}

fn report_named(name: &str) -> Result<Report, Problem> {
    Report::named(name).ok_or_else(|| UNKNOWN.with("report", name).into())
}

/// The members behind a number of a report, by id.
#[utoipa::path(get, path = "/reports/{report}/members", operation_id = "list_report_members", tag = "reports",
    params(("report" = String, Path, description = "`dashboard`, `rfm`, `lifecycle`, `cohort`, `interval`, `calendar`, `goods` or `region`"), PeopleQuery), responses((status = 200, body = Page<ReportMember>)),
    security(("staff" = ["members:read", "orders:read"]), ("key" = ["members:read", "orders:read"])))]
async fn list_report_members(call: Call, Path(report): Path<String>, Query(q): Query<PeopleQuery>) -> Reply<Page<ReportMember>> {
    // Who bought how much is told by the list as much as by the report.
    call.allow(Permission::OrdersRead)?;
    let cx = call.allow(Permission::MembersRead)?;
    let report = report_named(&report)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let after = paging.id(0, [0; 16])?;
    let of = q.of.clone();
    let asked = question(&call, &cx, q.asked()).await?;
    let after = (!paging.after.is_empty()).then_some(after);
    let (limit, now) = (paging.limit as usize, cx.now.micros());
    let found = reckon(&call.app, cx.merchant, move |desk, loaded, columns| {
        let scores = |q: &Question| desk.scores(&base_key(cx.merchant, q), q, loaded, columns, now);
        let whole = |q: &Question| Ok(desk.base(&base_key(cx.merchant, q), q, loaded, columns, now)?.0.it.clone());
        let bases = Bases { scores: &scores, whole: &whole };
        people::page(columns, report, &asked, &of, after.as_ref().map(<[u8; 16]>::as_slice), limit + 1, &bases)
    });
    let keys = found.await?;
    let page = &keys[..keys.len().min(limit)];
    let next_cursor = page.last().filter(|_| keys.len() > limit).map(|k| Cursor::encode(&[Value::Bytes(k.clone())]));
    Ok(Json(Page { items: page.iter().map(|k| ReportMember { member: shown(k) }).collect(), next_cursor }))
}

/// A table of a report as CSV, XLSX or Parquet, whole, whatever `top` says. CSV and XLSX have headings in
/// the language asked for and money as decimals; Parquet the names of the answer and minor units.
#[utoipa::path(get, path = "/reports/{report}/export", operation_id = "export_report", tag = "reports",
    params(("report" = String, Path, description = "`dashboard`, `rfm`, `lifecycle`, `cohort`, `interval`, `calendar`, `goods` or `region`"), ExportQuery), responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn export_report(call: Call, Path(report): Path<String>, Query(q): Query<ExportQuery>) -> Result<impl IntoResponse, Problem> {
    call.allow(Permission::OrdersRead)?;
    let report = report_named(&report)?;
    let format = match q.format.as_deref() {
        None | Some("") => Format::Csv,
        Some(word) => Format::named(word).ok_or_else(|| Problem::invalid("query", "format", "format is csv, xlsx or parquet"))?,
    };
    let (answer, _) = answered(&call, report, q.asked().with(q.grain.clone(), q.compare.clone()).whole()).await?;
    let all = tables(&answer);
    let table = match &q.table {
        None => all.first(),
        Some(name) => all.iter().find(|t| t.name == *name),
    };
    let Some(table) = table else {
        let known: Vec<_> = all.iter().map(|t| t.name.as_str()).collect();
        return Err(UNKNOWN_TABLE.with("table", q.table.unwrap_or_default()).with("known", known.join(", ")).at("table").into());
    };
    let style = Style { zh: call.lang.is_zh(), zone: Zone::named(&answer.head.zone).unwrap_or_else(Zone::shanghai) };
    let body = table
        .for_file(&answer, format, style.zh)
        .write(Vec::new(), format, style, answer.head.currency.as_deref())
        .map_err(|e| Problem::from(Error::fault(e)))?;
    let name = format!("attachment; filename=\"{}-{}-{}.{}\"", report.name(), table.name, days(&answer.head), format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body))
}

/// The days of the window as a file's name tells them, the last one included.
fn days(head: &Head) -> String {
    let last = head.to.yesterday().unwrap_or(head.to);
    head.from.map_or_else(|| format!("until-{last}"), |from| format!("{from}-{last}"))
}

/// Members, sales, repurchase and trend.
#[utoipa::path(get, path = "/reports/dashboard", operation_id = "dashboard_report", tag = "reports", params(DashboardQuery), responses((status = 200, body = Reported<crate::dashboard::Dashboard>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn dashboard_report(call: Call, Query(q): Query<DashboardQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Dashboard, q.asked().with(q.grain.clone(), q.compare.clone())).await
}

/// The reports that are asked nothing of their own: an operation each, so that each has its schema.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident $path:literal $id:literal $report:ident $body:ty;)*) => {
        $(
            $(#[$doc])*
            #[utoipa::path(get, path = $path, operation_id = $id, tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<$body>)),
                security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
            async fn $name(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
                reported(call, Report::$report, q.asked()).await
            }
        )*
    };
}

operations! {
    /// Recency, frequency and money: scores, cells, the eight groups.
    rfm_report "/reports/rfm" "rfm_report" Rfm crate::rfm::Rfm;
    /// Stages by each member's own rhythm, and moves between them.
    lifecycle_report "/reports/lifecycle" "lifecycle_report" Lifecycle crate::lifecycle::Lifecycle;
    /// Retention by month of the first purchase.
    cohort_report "/reports/cohort" "cohort_report" Cohort crate::cohort::Cohorts;
    /// Days between purchases, and to the second one.
    interval_report "/reports/interval" "interval_report" Interval crate::interval::Interval;
    /// Weekdays and hours of purchases.
    calendar_report "/reports/calendar" "calendar_report" Calendar crate::calendar::Calendar;
    /// What sells.
    goods_report "/reports/goods" "goods_report" Goods crate::goods::Goods;
    /// Where purchases go.
    region_report "/reports/region" "region_report" Region crate::region::Regions;
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export_report))
        .routes(routes!(list_report_members))
        .routes(routes!(dashboard_report))
        .routes(routes!(rfm_report))
        .routes(routes!(lifecycle_report))
        .routes(routes!(cohort_report))
        .routes(routes!(interval_report))
        .routes(routes!(calendar_report))
        .routes(routes!(goods_report))
        .routes(routes!(region_report))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Grain, Question};

    #[test]
    fn occasions_begin_where_the_chart_does_and_reach_ten_years_back_at_most() {
        let tiny = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        let columns = shuke_columns::files::read(&tiny).unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let first = |from: Option<&str>, grain| {
            let q = Question { from: from.map(day), grain, ..Question::about(day("2025-12-31")) };
            let Answer { head, body } = crate::answer(&columns, Report::Dashboard, &q, &shown).unwrap();
            let Body::Dashboard(dashboard) = &body else { panic!() };
            (first_day(&head, &body), dashboard.series.as_ref().map(|s| s.points[0].from))
        };
        let (marked, seen) = first(None, Some(Grain::Day));
        assert_eq!(marked, seen);
        assert_ne!(marked, first(None, None).0, "else the trend would do");
        assert_eq!(first(Some("2020-01-01"), None).0, Some(day("2020-01-01")));
        assert_eq!(first(Some("1900-01-01"), None).0, Some(day("2015-12-31")));
    }
}
