//! `POST /members/export` and its like, `/exports`, and the file itself, written while it is sent.

use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_commerce::settlement::service::Part;
use shuke_http::{App, Body, Call, Page, PageQuery, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Ctx, Instant, Result as Done};
use shuke_sheets::Format;
use shuke_store::jobs::JobView;
use shuke_store::{Tx, args};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{
    ExportId, MemberFilter, OrderFilter, ProductFilter, RefundFilter, Rows, Run, SUBJECTS, SettlementFilter, UNKNOWN_WORD, Wanted,
    permission,
};
use crate::service::{self, Ask};
use crate::{render, source, sql};

/// A small export is waited for so many times so long, so that it is ready in the answer.
const LOOKS: u32 = 20;
const LOOK: Duration = Duration::from_millis(50);

/// Columns that may be named.
const COLUMNS: usize = 100;

/// The operations of this crate.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export_members))
        .routes(routes!(export_orders))
        .routes(routes!(export_refunds))
        .routes(routes!(export_products))
        .routes(routes!(export_settlement_orders))
        .routes(routes!(list_exports))
        .routes(routes!(get_export, delete_export))
        .routes(routes!(download_export))
}

/// An export to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "F: Deserialize<'de> + Default")]
struct ExportInput<F> {
    /// `csv`, `xlsx` or `parquet`.
    #[schema(example = "xlsx")]
    format: String,
    /// Identifiers in clear: needs `export:clear` and a reason, and is audited.
    #[serde(default)]
    clear: bool,
    /// Why in clear.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
    /// `zh` or `en`: the headings of CSV and XLSX. Default: the language of the request.
    language: Option<String>,
    /// Which rows; as in the list.
    #[serde(default)]
    filter: F,
    /// Only these columns, by the names that Parquet and English headings have; all if absent. Without the
    /// receiver's, what names people is not opened, and a large file comes much sooner.
    #[serde(default)]
    #[schema(max_items = 100)]
    columns: Vec<String>,
}

/// An export of orders to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderExportInput {
    /// `csv`, `xlsx` or `parquet`.
    #[schema(example = "xlsx")]
    format: String,
    /// Identifiers in clear: needs `export:clear` and a reason, and is audited.
    #[serde(default)]
    clear: bool,
    /// Why in clear.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
    /// `zh` or `en`: the headings of CSV and XLSX. Default: the language of the request.
    language: Option<String>,
    /// What a row is: `orders` (default), `lines`, or `both`, a sheet each (XLSX).
    #[serde(default)]
    rows: Rows,
    /// Which orders; as in the list.
    #[serde(default)]
    filter: OrderFilter,
    /// Only these columns, by the names that Parquet and English headings have; all if absent. Without the
    /// receiver's, what names people is not opened, and a large file comes much sooner.
    #[serde(default)]
    #[schema(max_items = 100)]
    columns: Vec<String>,
}

/// How far an export is.
#[derive(Serialize, Deserialize, ToSchema)]
struct ExportProgress {
    /// So many rows …
    done: i64,
    /// … of so many, where that is known.
    total: Option<i64>,
}

/// An export.
#[derive(Serialize, Deserialize, ToSchema)]
struct Export {
    #[schema(value_type = String, example = "exp_01kc…")]
    id: ExportId,
    /// `members`, `orders`, `refunds`, `products` or `settlement`.
    subject: String,
    /// What a row is, where there is a choice: `orders`, `lines` or `both`.
    rows: Option<String>,
    /// `csv`, `xlsx` or `parquet`.
    format: String,
    /// Identifiers in clear.
    clear: bool,
    /// `zh` or `en`.
    language: String,
    /// `queued`, `running`, `ready`, `stopped`, `failed`, `withdrawn` (somebody in it was erased: export again) or `expired`.
    state: String,
    /// The task that gathers it.
    job: Option<String>,
    progress: ExportProgress,
    /// How many rows it has, once it is ready.
    row_count: Option<i64>,
    /// Sheets of a workbook; each holds 1,048,575 rows, what is more goes on in the next.
    sheets: i64,
    file_name: String,
    /// Names of the filters that are set.
    filters: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    created_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Instant>,
    /// Until when the file is kept.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
    /// Why it failed.
    error: Option<String>,
}

impl Export {
    fn of(run: Run, job: Option<JobView>, sheets: i64, now: Instant) -> Self {
        let state = match (run.state.as_str(), &job) {
            ("gathering", Some(job)) => match job.state.as_str() {
                "dead" => "failed",
                "done" => "running",
                other => other,
            },
            ("gathering", None) => "queued",
            ("ready", _) if run.expires_at <= now => "expired",
            (other, _) => other,
        };
        let (state, done) = (state.to_owned(), job.as_ref().map_or(0, |j| j.progress));
        Self {
            id: run.id,
            job: run.job.map(|j| j.to_string()),
            progress: ExportProgress { done: run.rows.unwrap_or(done), total: run.rows.or(job.as_ref().and_then(|j| j.total)) },
            row_count: run.rows,
            sheets,
            rows: Some(run.rows_of).filter(|r| !r.is_empty()),
            subject: run.subject,
            format: run.format,
            clear: run.clear,
            language: if run.spec.zh { "zh" } else { "en" }.to_owned(),
            file_name: run.file_name,
            filters: run.filters.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
            created_at: run.created_at,
            created_by: run.created_by,
            finished_at: run.finished_at,
            expires_at: run.expires_at,
            error: job.filter(|_| ["failed", "stopped"].contains(&state.as_str())).and_then(|j| j.error),
            state,
        }
    }
}

/// The sheets of a workbook whose tables have so many rows; the heading stands on each.
fn sheets_of(rows: &[i64]) -> i64 {
    let holds = i64::from(shuke_sheets::ROWS_OF_A_SHEET) - 1;
    rows.iter().map(|r| r.div_euclid(holds) + i64::from(r.rem_euclid(holds) > 0)).map(|n| n.max(1)).sum()
}

fn view(tx: &mut Tx<'_>, cx: &Ctx, run: Run) -> Done<Export> {
    let job = run.job.map(|job| tx.job(cx.merchant, job)).transpose()?;
    let tables = source::sheets(&run.spec).len();
    let mut rows = vec![run.rows.unwrap_or(0)];
    if tables > 1 {
        let found = tx.rows(sql::ROWS_OF_SHEETS, args![cx.merchant, run.id, run.epoch])?;
        rows = found.into_iter().map(|mut r| r.get(0)).collect::<Done<Vec<i64>>>()?;
        rows.resize(tables, 0);
    }
    let sheets = if run.format == "xlsx" { sheets_of(&rows) } else { 1 };
    Ok(Export::of(run, job, sheets, cx.now))
}

/// What all lists are asked in the same way.
struct How {
    format: String,
    clear: bool,
    reason: String,
    language: Option<String>,
    columns: Vec<String>,
}

fn ask(call: &Call, wanted: Wanted, how: How) -> Result<Ask, Problem> {
    let How { format, clear, reason, language, columns } = how;
    if clear {
        call.allow(Permission::ExportClear)?;
    }
    let format = Format::named(&format).ok_or_else(|| Problem::from(UNKNOWN_WORD.at("format").with("word", &format)))?;
    if columns.len() > COLUMNS {
        return Err(Problem::invalid("body", "columns", format_args!("at most {COLUMNS} columns")));
    }
    let zh = match language.as_deref() {
        None => call.lang.is_zh(),
        Some("zh") => true,
        Some("en") => false,
        Some(other) => return Err(UNKNOWN_WORD.at("language").with("word", other).into()),
    };
    Ok(Ask { wanted, format, clear, reason, zh, columns })
}

/// Queues it, and waits a moment: a small one is ready in the answer.
async fn made(call: &Call, cx: &Ctx, ask: Ask) -> Result<(StatusCode, Json<Export>), Problem> {
    let id: ExportId = call.write(cx, move |tx, cx| service::start(tx, cx, &ask)).await?;
    let mut looks = 0;
    loop {
        let export = call.read(cx, move |tx, cx| service::get(tx, cx.merchant, id).and_then(|run| view(tx, cx, run))).await?;
        looks += 1;
        if looks >= LOOKS || !["queued", "running"].contains(&export.state.as_str()) {
            return Ok((StatusCode::CREATED, Json(export)));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Exports members as a file: a job gathers them, and a small list is ready in the answer. Masked unless `clear`.
#[utoipa::path(post, path = "/members/export", operation_id = "export_members", tag = "exports", request_body = ExportInput<MemberFilter>,
    responses((status = 201, body = Export)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn export_members(call: Call, Body(body): Body<ExportInput<MemberFilter>>) -> Result<(StatusCode, Json<Export>), Problem> {
    let cx = call.allow(Permission::MembersRead)?;
    let how = How { format: body.format, clear: body.clear, reason: body.reason, language: body.language, columns: body.columns };
    let ask = ask(&call, Wanted::Members(body.filter), how)?;
    made(&call, &cx, ask).await
}

/// Exports orders, or their lines, as a file. Masked unless `clear`.
#[utoipa::path(post, path = "/orders/export", operation_id = "export_orders", tag = "exports", request_body = OrderExportInput,
    responses((status = 201, body = Export)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn export_orders(call: Call, Body(body): Body<OrderExportInput>) -> Result<(StatusCode, Json<Export>), Problem> {
    let cx = call.allow(Permission::OrdersRead)?;
    if let Some(word) = body.filter.state.as_deref().filter(|w| shuke_commerce::order::State::from_word(w).is_none()) {
        return Err(UNKNOWN_WORD.at("filter.state").with("word", word).into());
    }
    let wanted = Wanted::Orders(body.filter, body.rows);
    let how = How { format: body.format, clear: body.clear, reason: body.reason, language: body.language, columns: body.columns };
    let ask = ask(&call, wanted, how)?;
    made(&call, &cx, ask).await
}

/// Exports refunds as a file.
#[utoipa::path(post, path = "/refunds/export", operation_id = "export_refunds", tag = "exports", request_body = ExportInput<RefundFilter>,
    responses((status = 201, body = Export)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn export_refunds(call: Call, Body(body): Body<ExportInput<RefundFilter>>) -> Result<(StatusCode, Json<Export>), Problem> {
    let cx = call.allow(Permission::OrdersRead)?;
    if let Some(word) = body.filter.state.as_deref().filter(|w| shuke_commerce::order::RefundState::from_word(w).is_none()) {
        return Err(UNKNOWN_WORD.at("filter.state").with("word", word).into());
    }
    let how = How { format: body.format, clear: body.clear, reason: body.reason, language: body.language, columns: body.columns };
    let ask = ask(&call, Wanted::Refunds(body.filter), how)?;
    made(&call, &cx, ask).await
}

/// Exports products as a file; what they cost is in it, so it needs the permission to see that.
#[utoipa::path(post, path = "/products/export", operation_id = "export_products", tag = "exports", request_body = ExportInput<ProductFilter>,
    responses((status = 201, body = Export)), security(("staff" = ["products:cost"]), ("key" = ["products:cost"])))]
async fn export_products(call: Call, Body(body): Body<ExportInput<ProductFilter>>) -> Result<(StatusCode, Json<Export>), Problem> {
    let cx = call.allow(Permission::ProductsCost)?;
    let how = How { format: body.format, clear: body.clear, reason: body.reason, language: body.language, columns: body.columns };
    let ask = ask(&call, Wanted::Products(body.filter), how)?;
    made(&call, &cx, ask).await
}

/// Exports the orders whose settlement is not what was expected, with the reasons.
#[utoipa::path(post, path = "/reports/settlement/orders/export", operation_id = "export_settlement_orders", tag = "exports",
    request_body = ExportInput<SettlementFilter>, responses((status = 201, body = Export)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn export_settlement_orders(
    call: Call,
    Body(body): Body<ExportInput<SettlementFilter>>,
) -> Result<(StatusCode, Json<Export>), Problem> {
    let cx = call.allow(Permission::OrdersRead)?;
    if let Some(word) = body.filter.reason.as_deref().filter(|w| shuke_commerce::settlement::Reason::from_word(w).is_none()) {
        return Err(UNKNOWN_WORD.at("filter.reason").with("word", word).into());
    }
    if let Some(word) = body.filter.part.as_deref().filter(|w| Part::from_word(w).is_none()) {
        return Err(UNKNOWN_WORD.at("filter.part").with("word", word).into());
    }
    let how = How { format: body.format, clear: body.clear, reason: body.reason, language: body.language, columns: body.columns };
    let ask = ask(&call, Wanted::Settlement(body.filter), how)?;
    made(&call, &cx, ask).await
}

/// Exports, newest first: those of lists that the caller may read.
#[utoipa::path(get, path = "/exports", operation_id = "list_exports", tag = "exports", params(PageQuery),
    responses((status = 200, body = Page<Export>)), security(("staff" = []), ("key" = [])))]
async fn list_exports(call: Call, Query(q): Query<PageQuery>) -> Reply<Page<Export>> {
    let cx = call.cx();
    let paging = q.paging()?;
    let (before, fetch) = (paging.id(0, [255; 16])?, paging.fetch());
    let mine: Vec<&str> = SUBJECTS.into_iter().filter(|s| call.caller.permissions.has(permission(s))).collect();
    let found = call.read(&cx, move |tx, cx| {
        let runs = service::list(tx, cx.merchant, before, &mine, fetch)?;
        runs.into_iter().map(|run| view(tx, cx, run)).collect::<Done<Vec<_>>>()
    });
    Ok(Json(Page::cut(found.await?, &paging, |e| vec![e.id.into()])))
}

/// The export, if the caller may read its list.
async fn readable(call: &Call, cx: &Ctx, id: ExportId) -> Result<Export, Problem> {
    let found = call.read(cx, move |tx, cx| service::get(tx, cx.merchant, id).and_then(|run| view(tx, cx, run))).await?;
    call.allow(permission(&found.subject))?;
    Ok(found)
}

/// One export.
#[utoipa::path(get, path = "/exports/{id}", operation_id = "get_export", tag = "exports", params(("id" = String, Path)),
    responses((status = 200, body = Export)), security(("staff" = []), ("key" = [])))]
async fn get_export(call: Call, Path(id): Path<ExportId>) -> Reply<Export> {
    let cx = call.cx();
    Ok(Json(readable(&call, &cx, id).await?))
}

/// Stops an export and throws its file away: your own, or any with `privacy:manage`.
#[utoipa::path(delete, path = "/exports/{id}", operation_id = "delete_export", tag = "exports", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = []), ("key" = [])))]
async fn delete_export(call: Call, Path(id): Path<ExportId>) -> Result<StatusCode, Problem> {
    let cx = call.cx();
    let found = readable(&call, &cx, id).await?;
    if found.created_by != cx.actor.label() {
        call.allow(Permission::PrivacyManage)?;
    }
    call.write(&cx, move |tx, cx| service::remove(tx, cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// The merchant, instead of the header `Shuke-Merchant`: a link that a browser follows sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

/// The file, written while it is sent. With identifiers in clear it needs `export:clear`. Each download is audited.
#[utoipa::path(get, path = "/exports/{id}/file", operation_id = "download_export", tag = "exports", params(("id" = String, Path), FileQuery),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))), security(("staff" = []), ("key" = [])))]
async fn download_export(call: Call, Path(id): Path<ExportId>, Query(_): Query<FileQuery>) -> Result<Response, Problem> {
    let cx = call.cx();
    let found = readable(&call, &cx, id).await?;
    if found.clear {
        call.allow(Permission::ExportClear)?;
    }
    call.write(&cx, move |tx, cx| service::taken(tx, cx, id)).await?;
    let (store, merchant) = (call.app.store.clone(), cx.merchant);
    let body = streamed(format!("export {id}"), move |to| render::write(&store, merchant, id, to).map(|(to, _)| to));
    let format = Format::named(&found.format).unwrap_or(Format::Csv);
    let name = format!("attachment; filename=\"{}\"", found.file_name);
    let headers = [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

#[cfg(test)]
mod tests {
    use super::sheets_of;

    #[test]
    fn each_table_fills_its_own_sheets() {
        assert_eq!((sheets_of(&[0]), sheets_of(&[1_048_575]), sheets_of(&[1_048_576])), (1, 1, 2));
        assert_eq!((sheets_of(&[0, 0]), sheets_of(&[600_000, 600_000]), sheets_of(&[600_000, 1_200_000])), (2, 2, 3));
    }
}
