//! What came of a batch: results taken in, the report given out.

use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart};
use serde::Serialize;
use shuke_http::{App, Call, MoneyDto, Path, Permission, Problem, Reply};
use shuke_kernel::{Currency, Instant};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{Funnel, money};
use crate::batch::report::{self, Report};
use crate::batch::results::{self, Outcome, Reader};
use crate::batch::stats::{Arm, Difference};
use crate::batch::{BatchId, NO_TABLE};

/// The largest sheet of results.
const UPLOAD_LIMIT: usize = 64 << 20;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(OpenApiRouter::new().routes(routes!(load_batch_results)).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .routes(routes!(batch_report))
}

/// A row that was not taken.
#[derive(Serialize, ToSchema)]
struct BatchResultProblem {
    /// Its number in the sheet.
    row: u64,
    code: &'static str,
    /// In the language of the request.
    reason: String,
}

/// What a sheet of results came to.
#[derive(Serialize, ToSchema)]
struct BatchReceipts {
    rows: i64,
    /// Receipts that say something new.
    delivered: i64,
    failed: i64,
    replied: i64,
    /// People who end the messages: suppressed and refused at once.
    unsubscribed: i64,
    /// Rows whose status says only that a message was sent.
    sent: i64,
    /// Rows of people whom the batch was not handed over for. Who ends the messages among them is obeyed.
    not_in_batch: i64,
    /// Rows that said what was known.
    unchanged: i64,
    bad: i64,
    /// The first thousand of them.
    bad_rows: Vec<BatchResultProblem>,
}

impl BatchReceipts {
    fn of(o: Outcome, zh: bool) -> Self {
        let told = |b: results::Bad| BatchResultProblem { row: b.row, code: b.why.code.code, reason: b.why.text(zh) };
        Self {
            rows: o.rows,
            delivered: o.delivered,
            failed: o.failed,
            replied: o.replied,
            unsubscribed: o.unsubscribed,
            sent: o.sent,
            not_in_batch: o.not_in_batch,
            unchanged: o.unchanged,
            bad: o.bad,
            bad_rows: o.bad_rows.into_iter().map(told).collect(),
        }
    }
}

/// Takes in receipts, replies and unsubscribes from a provider's sheet (CSV, XLSX), columns told by what they mean. The same sheet again changes nothing.
#[utoipa::path(post, path = "/batches/{id}/results", operation_id = "load_batch_results", tag = "batches", params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "multipart/form-data"),
    responses((status = 200, body = BatchReceipts)), security(("staff" = ["batches:write"]), ("key" = ["batches:write"])))]
async fn load_batch_results(
    call: Call,
    Path(id): Path<BatchId>,
    multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Reply<BatchReceipts> {
    let cx = call.allow(Permission::BatchesWrite)?;
    let unreadable = |problem: String| Problem::from(NO_TABLE.with("problem", problem));
    let reader = call.app.get::<Reader>().ok_or_else(|| Problem::fault("no reader of sheets was wired"))?;
    let mut multipart = multipart.map_err(|e| unreadable(e.body_text()))?;
    let mut file = None;
    while let Some(field) = multipart.next_field().await.map_err(|e| unreadable(e.body_text()))? {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        file = Some((name, field.bytes().await.map_err(|e| unreadable(e.body_text()))?.to_vec()));
        break;
    }
    let (name, bytes) = file.ok_or_else(|| unreadable("no file".to_owned()))?;
    let (store, zh) = (call.app.store.clone(), call.lang.is_zh());
    let work = tokio::task::spawn_blocking(move || results::apply(&store, &cx, id, (reader.0)(&name, bytes)?));
    let outcome = work.await.map_err(|e| Problem::fault(e.to_string()))??;
    Ok(Json(BatchReceipts::of(outcome, zh)))
}

/// A difference with its interval at 95 %.
#[derive(Serialize, ToSchema)]
struct BatchDifference {
    value: f64,
    low: f64,
    high: f64,
}

impl From<Difference> for BatchDifference {
    fn from(d: Difference) -> Self {
        Self { value: d.value, low: d.low, high: d.high }
    }
}

/// One side of the comparison, over the whole window.
#[derive(Serialize, ToSchema)]
struct BatchArm {
    members: i64,
    buyers: i64,
    orders: i64,
    /// Net of refunds.
    revenue: MoneyDto,
}

impl BatchArm {
    fn of(a: Arm, currency: Currency) -> Self {
        Self { members: a.members, buyers: a.buyers, orders: a.orders, revenue: money(a.revenue, currency) }
    }
}

/// Orders laid to the batch as the last touch before them.
#[derive(Serialize, ToSchema)]
struct BatchAttributed {
    click_days: i64,
    delivery_days: i64,
    buyers: i64,
    orders: i64,
    /// Of the orders those after a click.
    orders_by_click: i64,
    revenue: MoneyDto,
}

/// What the batch brought beyond what would have come anyway, with the interval's ends.
#[derive(Serialize, ToSchema)]
struct BatchGain {
    value: MoneyDto,
    low: MoneyDto,
    high: MoneyDto,
}

/// What a batch brought.
#[derive(Serialize, ToSchema)]
struct BatchReport {
    funnel: Funnel,
    /// Members handed over. The same member by way of a merge is one.
    handed_over: i64,
    delivered: i64,
    failed: i64,
    /// Members who followed the link, by a person's browser.
    clicked: i64,
    clicks: i64,
    /// Requests of links by programs: in no other number.
    scans: i64,
    replied: i64,
    unsubscribed: i64,
    attributed: BatchAttributed,
    /// The window of the comparison, from the first row that left; absent before.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Instant>,
    /// Whether the window is over: before, the figures still grow.
    complete: bool,
    treated: BatchArm,
    held_out: BatchArm,
    /// Orders in the window of another currency: counted, in no sum of money.
    other_currency_orders: i64,
    /// Share of buyers, treated less held out; Newcombe's hybrid score interval.
    lift: Option<BatchDifference>,
    /// Revenue per member, minor units, treated less held out; Welch's t.
    revenue_per_member: Option<BatchDifference>,
    /// The same for all who were treated.
    gain: Option<BatchGain>,
    cost: MoneyDto,
    /// Gain less cost over cost.
    roi: Option<BatchDifference>,
    method: &'static str,
}

impl BatchReport {
    fn of(r: Report) -> Self {
        let currency = r.batch.currency;
        let gain =
            r.gain().map(|g| BatchGain { value: money(g.value, currency), low: money(g.low, currency), high: money(g.high, currency) });
        Self {
            gain,
            roi: r.roi().map(Into::into),
            funnel: Funnel::of(&r.batch.counts),
            handed_over: r.handed_over,
            delivered: r.delivered,
            failed: r.failed,
            clicked: r.clicked,
            clicks: r.clicks,
            scans: r.scans,
            replied: r.replied,
            unsubscribed: r.unsubscribed,
            attributed: BatchAttributed {
                click_days: r.batch.spec.click_days,
                delivery_days: r.batch.spec.delivery_days,
                buyers: r.laid.buyers,
                orders: r.laid.orders,
                orders_by_click: r.laid.by_click,
                revenue: money(r.laid.revenue, currency),
            },
            from: r.window.map(|w| w.0),
            to: r.window.map(|w| w.1),
            complete: r.complete,
            treated: BatchArm::of(r.treated, currency),
            held_out: BatchArm::of(r.held_out, currency),
            other_currency_orders: r.other_currency,
            lift: r.lift.map(Into::into),
            revenue_per_member: r.revenue_lift.map(Into::into),
            cost: money(r.cost, currency),
            method: "95 %: newcombe_hybrid_score (shares), welch_t (means)",
        }
    }
}

/// What a batch brought: orders laid to it as the last touch, and the lift over those held out with its interval. The two are never mixed.
#[utoipa::path(get, path = "/batches/{id}/report", operation_id = "batch_report", tag = "batches", params(("id" = String, Path)),
    responses((status = 200, body = BatchReport)), security(("staff" = ["batches:read"]), ("key" = ["batches:read"])))]
async fn batch_report(call: Call, Path(id): Path<BatchId>) -> Reply<BatchReport> {
    let cx = call.allow(Permission::BatchesRead)?;
    let store = call.app.store.clone();
    let work = tokio::task::spawn_blocking(move || report::report(&store, &cx, id));
    Ok(Json(BatchReport::of(work.await.map_err(|e| Problem::fault(e.to_string()))??)))
}
