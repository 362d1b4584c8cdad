//! `/reports`: each report, the members behind its numbers, its tables as files. Loops run on threads
//! that may block, a few at a time, so that they never hold the web server up; an answer is kept as
//! long as nothing new is known.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_columns::Keepers;
use shuke_columns::shelf::Loaded;
use shuke_http::{App, Call, Cursor, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Code, Ctx, Error, Instant, Kind, MerchantNo, Zone};
use shuke_sheets::{Format, Style};
use shuke_store::Value;
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::question::{Centre, Cuts, Head, Question, Report};
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
    zh: "该报表没有名为 {table} 的表。可用:{known}。",
    en: "The report has no table `{table}`: it has {known}.",
};
/// The process has no columns.
pub static NO_COLUMNS: Code =
    Code {
        code: "report.no_columns", kind: Kind::Unavailable, zh: "此进程未启用分析数据。", en: "This process keeps no columns."
    };

/// What reports need beside the store: put on the app's shelf by the outermost crate.
pub struct Desk {
    keepers: Arc<Keepers>,
    turns: Semaphore,
    kept: Mutex<HashMap<String, (u64, Arc<Answer>)>>,
}

/// Answers kept.
const KEPT: usize = 256;

impl Desk {
    /// A desk over these columns, at which so many may reckon at a time.
    pub fn new(keepers: Arc<Keepers>, turns: usize) -> Self {
        Self { keepers, turns: Semaphore::new(turns.max(1)), kept: Mutex::default() }
    }

    fn remembered(&self, key: &str, sequence: u64) -> Option<Arc<Answer>> {
        let kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.get(key).filter(|(s, _)| *s == sequence).map(|(_, a)| a.clone())
    }

    fn remember(&self, key: String, sequence: u64, answer: Arc<Answer>) {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, (sequence, answer));
    }
}

/// `/reports`.
pub fn router() -> OpenApiRouter<App> {
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

/// What is asked of a report. Days are those of the zone.
#[derive(Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The day of reckoning: what happened before its first instant is known. Default: tomorrow.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
    /// The first day of the window; without it everything there is.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The day before which the window ends. Default: the day of reckoning.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// `net` (default: refunds are taken off) or `ignore`.
    returns: Option<String>,
    /// An IANA zone. Default: the merchant's.
    zone: Option<String>,
    /// The currency. Default: the merchant's.
    #[param(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// How many goods: 1 to 1000, 20 if absent.
    #[param(minimum = 1, maximum = 1000)]
    top: Option<usize>,
    /// Cuts of frequency: `console` (default: 1, 2, 3, 4, 5 and more) or `quantile`.
    cuts: Option<String>,
    /// What divides high from low in the eight groups: `mean` (default) or `median`.
    centre: Option<String>,
    /// Gaps that a category or the shop must have for its median to speak; 5 if absent.
    #[param(minimum = 1, maximum = 1_000_000)]
    min_gaps: Option<i64>,
}

/// The members behind a number.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Which number: `buyers`, `R+F-M+`, `515`, `lost`, `2025-01:3`, a region (empty: none), a code of goods.
    #[param(max_length = 200)]
    #[serde(default)]
    of: String,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// The day of reckoning: what happened before its first instant is known. Default: tomorrow.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
    /// The first day of the window; without it everything there is.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The day before which the window ends. Default: the day of reckoning.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// `net` (default: refunds are taken off) or `ignore`.
    returns: Option<String>,
    /// An IANA zone. Default: the merchant's.
    zone: Option<String>,
    /// The currency. Default: the merchant's.
    #[param(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// How many goods: 1 to 1000, 20 if absent.
    #[param(minimum = 1, maximum = 1000)]
    top: Option<usize>,
    /// Cuts of frequency: `console` (default: 1, 2, 3, 4, 5 and more) or `quantile`.
    cuts: Option<String>,
    /// What divides high from low in the eight groups: `mean` (default) or `median`.
    centre: Option<String>,
    /// Gaps that a category or the shop must have for its median to speak; 5 if absent.
    #[param(minimum = 1, maximum = 1_000_000)]
    min_gaps: Option<i64>,
}

/// A table of a report.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Which table, such as `trend`, `rows`, `cohorts`, `figures` or `about`. Default: the first.
    #[param(max_length = 100)]
    table: Option<String>,
    /// `csv` (default), `xlsx` or `parquet`.
    format: Option<String>,
    /// The day of reckoning: what happened before its first instant is known. Default: tomorrow.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
    /// The first day of the window; without it everything there is.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The day before which the window ends. Default: the day of reckoning.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// `net` (default: refunds are taken off) or `ignore`.
    returns: Option<String>,
    /// An IANA zone. Default: the merchant's.
    zone: Option<String>,
    /// The currency. Default: the merchant's.
    #[param(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// How many goods: 1 to 1000, 20 if absent.
    #[param(minimum = 1, maximum = 1000)]
    top: Option<usize>,
    /// Cuts of frequency: `console` (default: 1, 2, 3, 4, 5 and more) or `quantile`.
    cuts: Option<String>,
    /// What divides high from low in the eight groups: `mean` (default) or `median`.
    centre: Option<String>,
    /// Gaps that a category or the shop must have for its median to speak; 5 if absent.
    #[param(minimum = 1, maximum = 1_000_000)]
    min_gaps: Option<i64>,
}

impl PeopleQuery {
    fn asked(&self) -> ReportQuery {
        ReportQuery {
            as_of: self.as_of,
            from: self.from,
            to: self.to,
            returns: self.returns.clone(),
            zone: self.zone.clone(),
            currency: self.currency.clone(),
            top: self.top,
            cuts: self.cuts.clone(),
            centre: self.centre.clone(),
            min_gaps: self.min_gaps,
        }
    }
}

impl ExportQuery {
    fn asked(&self) -> ReportQuery {
        ReportQuery {
            as_of: self.as_of,
            from: self.from,
            to: self.to,
            returns: self.returns.clone(),
            zone: self.zone.clone(),
            currency: self.currency.clone(),
            top: self.top,
            cuts: self.cuts.clone(),
            centre: self.centre.clone(),
            min_gaps: self.min_gaps,
        }
    }
}

/// Up to when a report knows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportFreshness)]
pub struct Freshness {
    /// When the columns were last brought up to date.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// The position in the change feed up to which everything is in.
    pub position: i64,
}

/// A report: what every one begins with, up to when it knows, and its own part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reported<T> {
    #[serde(flatten)]
    head: Head,
    /// Up to when the report knows.
    known: Freshness,
    #[serde(flatten)]
    body: T,
}

/// A member behind a number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportMember {
    /// `mem_…`.
    #[schema(example = "mem_01hqzv…")]
    pub member: String,
}

shuke_kernel::ids! {
    /// A member's id, as people see it.
    ShownMember = ShownMemberKind "mem";
}

fn shown(key: &[u8]) -> String {
    ShownMember::from_slice(key).map(|id| id.to_string()).unwrap_or_default()
}

fn one_of<T: Copy>(field: &'static str, word: Option<&str>, words: [(&str, T); 2]) -> Result<T, Problem> {
    let Some(word) = word else { return Ok(words[0].1) };
    let found = words.iter().find(|(w, _)| *w == word).map(|(_, t)| *t);
    found.ok_or_else(|| Problem::invalid("query", field, format!("{field} is {} or {}", words[0].0, words[1].0)))
}

/// The question, with what is left open taken from the merchant.
async fn question(call: &Call, cx: &Ctx, q: ReportQuery) -> Result<Question, Problem> {
    let merchant = call.read(cx, |tx, cx| merchants::get(tx, cx.merchant)).await?;
    let zone = q.zone.unwrap_or(merchant.zone);
    let days = Zone::named(&zone).ok_or_else(|| Problem::from(crate::question::NO_ZONE.with("zone", &zone).at("zone")))?;
    let today = days.day(cx.now);
    let as_of = q.as_of.unwrap_or_else(|| today.tomorrow().unwrap_or(today));
    let top = q.top.unwrap_or(20);
    if !(1..=1000).contains(&top) {
        return Err(Problem::invalid("query", "top", "top is 1 to 1000"));
    }
    let min_gaps = q.min_gaps.unwrap_or(5);
    if !(1..=1_000_000).contains(&min_gaps) {
        return Err(Problem::invalid("query", "min_gaps", "min_gaps is 1 to 1000000"));
    }
    Ok(Question {
        from: q.from,
        to: q.to.unwrap_or(as_of),
        zone,
        net: one_of("returns", q.returns.as_deref(), [("net", true), ("ignore", false)])?,
        rows: false,
        top,
        cuts: one_of("cuts", q.cuts.as_deref(), [("console", Cuts::Console), ("quantile", Cuts::Quantile)])?,
        centre: one_of("centre", q.centre.as_deref(), [("mean", Centre::Mean), ("median", Centre::Median)])?,
        min_gaps,
        currency: Some(q.currency.unwrap_or_else(|| merchant.currency.to_string())),
        ..Question::about(as_of)
    })
}

/// Runs `work` over a merchant's fresh columns, on a thread that may block, when it is its turn.
async fn reckon<T: Send + 'static>(
    app: &App,
    merchant: MerchantNo,
    work: impl FnOnce(&Desk, &Loaded) -> shuke_kernel::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let desk = app.get::<Desk>().ok_or_else(|| Problem::from(NO_COLUMNS.refuse()))?;
    let turn = desk.clone();
    let _turn = turn.turns.acquire().await.map_err(|e| Problem::from(Error::fault(e)))?;
    let done = tokio::task::spawn_blocking(move || desk.keepers.near(merchant).and_then(|loaded| work(&desk, &loaded))).await;
    done.map_err(|e| Problem::from(Error::fault(e)))?.map_err(Problem::from)
}

async fn answered(call: &Call, report: Report, q: ReportQuery) -> Result<(Arc<Answer>, Freshness), Problem> {
    let cx = call.allow(Permission::OrdersRead)?;
    let q = question(call, &cx, q).await?;
    reckon(&call.app, cx.merchant, move |desk, loaded| {
        let (key, sequence) = (format!("{} {} {q:?}", cx.merchant.0, report.name()), loaded.manifest.sequence);
        let answer = match desk.remembered(&key, sequence) {
            Some(answer) => answer,
            None => {
                let answer = Arc::new(crate::answer(&loaded.columns, report, &q, &shown)?);
                desk.remember(key, sequence, answer.clone());
                answer
            }
        };
        Ok((answer, Freshness { at: Instant(loaded.manifest.written_at), position: loaded.manifest.position }))
    })
    .await
}

fn report_named(name: &str) -> Result<Report, Problem> {
    Report::named(name).ok_or_else(|| UNKNOWN.with("report", name).into())
}

/// The members behind a number of a report, by id.
#[utoipa::path(get, path = "/reports/{report}/members", operation_id = "list_report_members", tag = "reports",
    params(("report" = String, Path, description = "`dashboard`, `rfm`, `lifecycle`, `cohort`, `interval`, `calendar`, `goods` or `region`"), PeopleQuery), responses((status = 200, body = Page<ReportMember>)),
    security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_report_members(call: Call, Path(report): Path<String>, Query(q): Query<PeopleQuery>) -> Reply<Page<ReportMember>> {
    let cx = call.allow(Permission::MembersRead)?;
    let report = report_named(&report)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let after = paging.id(0, [0; 16])?;
    let of = q.of.clone();
    let asked = question(&call, &cx, q.asked()).await?;
    let first = paging.after.is_empty();
    let keys = reckon(&call.app, cx.merchant, move |_, loaded| people::people(&loaded.columns, report, &asked, &of)).await?;
    let limit = paging.limit as usize;
    let start = keys.partition_point(|k| !first && k.as_slice() <= after.as_slice());
    let page = &keys[start..keys.len().min(start + limit)];
    let next_cursor = page.last().filter(|_| start + limit < keys.len()).map(|k| Cursor::encode(&[Value::Bytes(k.clone())]));
    Ok(Json(Page { items: page.iter().map(|k| ReportMember { member: shown(k) }).collect(), next_cursor }))
}

/// A table of a report as CSV, XLSX or Parquet, whole. Money stands in minor units.
#[utoipa::path(get, path = "/reports/{report}/export", operation_id = "export_report", tag = "reports",
    params(("report" = String, Path, description = "`dashboard`, `rfm`, `lifecycle`, `cohort`, `interval`, `calendar`, `goods` or `region`"), ExportQuery), responses((status = 200, body = String, content_type = "text/csv")),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn export_report(call: Call, Path(report): Path<String>, Query(q): Query<ExportQuery>) -> Result<impl IntoResponse, Problem> {
    call.allow(Permission::OrdersRead)?;
    let report = report_named(&report)?;
    let format = match q.format.as_deref() {
        None | Some("") => Format::Csv,
        Some(word) => Format::named(word).ok_or_else(|| Problem::invalid("query", "format", "format is csv, xlsx or parquet"))?,
    };
    let (answer, _) = answered(&call, report, q.asked()).await?;
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
    let body = table.write(Vec::new(), format, style).map_err(|e| Problem::from(Error::fault(e)))?;
    let name = format!("attachment; filename=\"{}-{}.{}\"", report.name(), table.name, format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body))
}

/// Members, sales, repurchase and trend.
#[utoipa::path(get, path = "/reports/dashboard", operation_id = "dashboard_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::dashboard::Dashboard>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn dashboard_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Dashboard, q).await
}

/// Recency, frequency and money: scores, cells, the eight groups.
#[utoipa::path(get, path = "/reports/rfm", operation_id = "rfm_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::rfm::Rfm>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn rfm_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Rfm, q).await
}

/// Stages by each member's own rhythm, and moves between them.
#[utoipa::path(get, path = "/reports/lifecycle", operation_id = "lifecycle_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::lifecycle::Lifecycle>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn lifecycle_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Lifecycle, q).await
}

/// Retention by month of the first purchase.
#[utoipa::path(get, path = "/reports/cohort", operation_id = "cohort_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::cohort::Cohorts>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn cohort_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Cohort, q).await
}

/// Days between purchases, and to the second one.
#[utoipa::path(get, path = "/reports/interval", operation_id = "interval_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::interval::Interval>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn interval_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Interval, q).await
}

/// Weekdays and hours of purchases.
#[utoipa::path(get, path = "/reports/calendar", operation_id = "calendar_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::calendar::Calendar>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn calendar_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Calendar, q).await
}

/// What sells.
#[utoipa::path(get, path = "/reports/goods", operation_id = "goods_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::goods::Goods>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn goods_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Goods, q).await
}

/// Where purchases go.
#[utoipa::path(get, path = "/reports/region", operation_id = "region_report", tag = "reports", params(ReportQuery), responses((status = 200, body = Reported<crate::region::Regions>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn region_report(call: Call, Query(q): Query<ReportQuery>) -> Reply<Reported<Body>> {
    reported(call, Report::Region, q).await
}

async fn reported(call: Call, report: Report, q: ReportQuery) -> Reply<Reported<Body>> {
    let (answer, known) = answered(&call, report, q).await?;
    Ok(Json(Reported { head: answer.head.clone(), known, body: answer.body.clone() }))
}
