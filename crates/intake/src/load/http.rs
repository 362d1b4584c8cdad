//! Imports, quarantine and mappings over HTTP.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use shuke_access::ShopId;
use shuke_http::{App, Body, Call, Lang, Page, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Error, Instant};
use shuke_store::Lane;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{BAD_MAPPING, Counts, ImportId, ImportRun, MAPPING_NOT_FOUND, MappingId, NO_FILE, QuarantineId};
use super::quarantine::{self, Held};
use super::service::{self, Incoming};
use super::{sheet, sql, staging};
use crate::{Field, Mapping};

/// The largest file that comes by upload; the command line reads any size in place.
const UPLOAD_LIMIT: usize = 2 << 30;
/// Rows of a sheet of rejects.
const SHEET_ROWS: i64 = 100_000;

/// The operations of this crate.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(OpenApiRouter::new().routes(routes!(stage_import)).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .routes(routes!(list_imports))
        .routes(routes!(stage_sample))
        .routes(routes!(list_fields))
        .routes(routes!(get_import))
        .routes(routes!(set_mapping))
        .routes(routes!(preview_import))
        .routes(routes!(run_import))
        .routes(routes!(stop_import))
        .routes(routes!(resume_import))
        .routes(routes!(undo_import))
        .routes(routes!(rejects_sheet))
        .routes(routes!(list_quarantine))
        .routes(routes!(get_quarantined, repair_quarantined))
        .routes(routes!(discard_quarantined))
        .routes(routes!(list_mappings, save_mapping))
        .routes(routes!(change_mapping, remove_mapping))
}

/// An import.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ImportOut {
    /// `imp_…`
    #[schema(value_type = String)]
    id: ImportId,
    /// `staged`, `running`, `stopped`, `done`, `undoing`, `undone` or `failed`.
    state: String,
    title: String,
    shop: Option<String>,
    files: Vec<FileOut>,
    progress: ProgressOut,
    counts: CountsOut,
    /// The job that loads or undoes it.
    job: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Instant>,
}

/// A file of an import.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct FileOut {
    name: String,
    size: i64,
    format: String,
    platform: String,
    encoding: Option<String>,
    columns: Option<i64>,
    records: i64,
    good: i64,
    bad: i64,
    skipped: i64,
    warned: i64,
    /// How its columns are read.
    mapping: Vec<ColumnOut>,
    /// Whether its format was recognised or a mapping given.
    recognised: bool,
}

/// A column and what it means.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ColumnOut {
    column: String,
    field: Option<String>,
    confidence: u8,
}

/// How far a load is.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ProgressOut {
    done: i64,
    total: i64,
}

/// What a load came to.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct CountsOut {
    orders_new: i64,
    orders_changed: i64,
    unchanged: i64,
    members: i64,
    members_new: i64,
    lines: i64,
    products: i64,
    suppressions: i64,
    refunds: i64,
    quarantined: i64,
    skipped: i64,
    unidentified: i64,
}

impl From<Counts> for CountsOut {
    fn from(c: Counts) -> Self {
        Self {
            orders_new: c.orders_new,
            orders_changed: c.orders_changed,
            unchanged: c.unchanged,
            members: c.members,
            members_new: c.members_new,
            lines: c.lines,
            products: c.products,
            suppressions: c.suppressions,
            refunds: c.refunds,
            quarantined: c.quarantined,
            skipped: c.skipped,
            unidentified: c.unidentified,
        }
    }
}

fn shown(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, run: ImportRun) -> shuke_kernel::Result<ImportOut> {
    let total = run.files.iter().map(|f| f.records).sum();
    let job = run.job.map(|j| tx.job(cx.merchant, j)).transpose()?;
    let done = match &job {
        Some(job) => job.progress,
        None if run.state == "staged" => 0,
        None => total,
    };
    let mut files = Vec::new();
    for f in &run.files {
        let preview = service::preview(tx, cx.merchant, run.id, f.file)?;
        let mapping: Option<Mapping> = serde_json::from_value(preview["mapping"].clone()).ok();
        files.push(FileOut {
            name: f.name.clone(),
            size: f.size,
            format: f.format.clone(),
            platform: f.platform.clone(),
            encoding: preview["encoding"].as_str().or_else(|| preview["container"].as_str()).map(str::to_owned),
            columns: preview["columns"].as_i64(),
            records: f.records,
            good: f.good,
            bad: f.bad,
            skipped: f.skipped,
            warned: preview["warned"].as_array().map_or(0, |w| w.len() as i64),
            recognised: f.mapping.is_some() || f.format != "plain",
            mapping: mapping
                .map(|m| {
                    m.columns.into_iter().map(|c| ColumnOut { column: c.column, field: c.field.map(|f| f.word().to_owned()), confidence: c.confidence }).collect()
                })
                .unwrap_or_default(),
        });
    }
    Ok(ImportOut {
        id: run.id,
        state: run.state,
        title: run.title,
        shop: run.shop.map(|s| ShopId::from_bytes(s).to_string()),
        files,
        progress: ProgressOut { done: done.min(total), total },
        counts: run.counts.into(),
        job: run.job.map(|j| j.to_string()),
        created_at: run.created_at,
        finished_at: run.finished_at,
    })
}

/// Stage files
///
/// One part a file. They are recognised by content and shown; nothing is loaded yet.
#[utoipa::path(post, path = "/imports", operation_id = "stage_import", tag = "imports",
    request_body(content = Vec<u8>, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn stage_import(call: Call, multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>) -> Result<(StatusCode, Json<ImportOut>), Problem> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let mut multipart = multipart.map_err(|_| Problem::from(NO_FILE.refuse()))?;
    let id: ImportId = cx.new_id();
    let mut files = Vec::new();
    while let Some(mut field) = multipart.next_field().await.map_err(|_| Problem::from(NO_FILE.refuse()))? {
        let Some(name) = field.file_name().map(|n| n.rsplit(['/', '\\']).next().unwrap_or(n).to_owned()) else { continue };
        let (mut held, mut size, mut chunks, mut hasher) = (Vec::with_capacity(staging::CHUNK), 0_i64, 0_i64, Sha256::new());
        let file = files.len() as i64;
        while let Some(bytes) = field.chunk().await.map_err(|_| Problem::from(NO_FILE.refuse()))? {
            hasher.update(&bytes);
            size += bytes.len() as i64;
            held.extend_from_slice(&bytes);
            while held.len() >= staging::CHUNK {
                let piece: Vec<u8> = held.drain(..staging::CHUNK).collect();
                put(&call, &cx, id, file, chunks, piece).await?;
                chunks += 1;
            }
        }
        if !held.is_empty() {
            put(&call, &cx, id, file, chunks, held).await?;
        }
        files.push(Incoming::Staged { name, size, digest: hasher.finalize().into() });
    }
    let out = staged(&call, &cx, id, files).await?;
    Ok((StatusCode::CREATED, Json(out)))
}

async fn put(call: &Call, cx: &shuke_kernel::Ctx, id: ImportId, file: i64, chunk: i64, bytes: Vec<u8>) -> Result<(), Problem> {
    let m = cx.merchant;
    call.app.store.write(Lane::Bulk, move |tx| staging::write_chunk(tx, m, id, file, chunk, &bytes)).await.map_err(Problem::from)
}

async fn staged(call: &Call, cx: &shuke_kernel::Ctx, id: ImportId, files: Vec<Incoming>) -> Result<ImportOut, Problem> {
    let (store, inner) = (call.app.store.clone(), cx.clone());
    let run = tokio::task::spawn_blocking(move || {
        let done = service::stage(&store, &inner, id, files, None, None);
        if done.is_err() {
            let _ = store.write_now(Lane::Bulk, move |tx| tx.exec(sql::DROP_CHUNKS, shuke_store::args![inner.merchant, id]));
        }
        done
    })
    .await
    .map_err(|_| Problem::from(Error::fault("staging panicked")))??;
    call.read(cx, move |tx, cx| shown(tx, cx, run.clone())).await
}

/// Stage the sample shop
///
/// Platform files that come with the product, to try the import with.
#[utoipa::path(post, path = "/imports/sample", operation_id = "stage_sample", tag = "imports",
    responses((status = 200, body = ImportOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn stage_sample(call: Call) -> Reply<ImportOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let files = crate::sample::FILES.iter().map(|(name, bytes)| Incoming::Bytes { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect();
    staged(&call, &cx, cx.new_id(), files).await.map(Json)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// At most so many, 1 to 200.
    limit: Option<i64>,
    /// From the last answer's `next_cursor`.
    cursor: Option<String>,
}

fn limit(n: Option<i64>) -> i64 {
    n.unwrap_or(50).clamp(1, 200)
}

fn cursor<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(|t| t.parse().map_err(|_| Problem::from(shuke_http::codes::CURSOR.refuse()))).transpose()
}

/// List imports
#[utoipa::path(get, path = "/imports", operation_id = "list_imports", tag = "imports", params(ListQuery),
    responses((status = 200, body = Page<ImportOut>)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn list_imports(call: Call, Query(q): Query<ListQuery>) -> Reply<Page<ImportOut>> {
    let cx = call.allow(Permission::ImportsRead)?;
    let (before, limit) = (cursor::<ImportId>(q.cursor.as_deref())?, limit(q.limit));
    let page = call
        .read(&cx, move |tx, cx| {
            let runs = service::list(tx, cx.merchant, before, limit + 1)?;
            let next = (runs.len() as i64 > limit).then(|| runs[limit as usize - 1].id.to_string());
            let items = runs.into_iter().take(limit as usize).map(|r| shown(tx, cx, r)).collect::<shuke_kernel::Result<Vec<_>>>()?;
            Ok(Page { items, next_cursor: next })
        })
        .await?;
    Ok(Json(page))
}

/// A field that a column can mean.
#[derive(Serialize, ToSchema)]
pub struct FieldOut {
    field: String,
    label: String,
}

/// List the fields that a column can mean
#[utoipa::path(get, path = "/imports/fields", operation_id = "list_fields", tag = "imports",
    responses((status = 200, body = Page<FieldOut>)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn list_fields(call: Call) -> Reply<Page<FieldOut>> {
    call.allow(Permission::ImportsRead)?;
    let zh = call.lang == Lang::Zh;
    let items = Field::ALL.iter().map(|f| FieldOut { field: f.word().to_owned(), label: crate::labels::label(*f, zh).to_owned() }).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// Get an import
#[utoipa::path(get, path = "/imports/{id}", operation_id = "get_import", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = ImportOut)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn get_import(call: Call, Path(id): Path<ImportId>) -> Reply<ImportOut> {
    let cx = call.allow(Permission::ImportsRead)?;
    call.read(&cx, move |tx, cx| {
        let run = service::get(tx, cx.merchant, id)?;
        shown(tx, cx, run)
    })
    .await
    .map(Json)
}

/// How a staged file's columns are to be read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingChoice {
    /// The file's name.
    file: String,
    /// A saved mapping.
    #[schema(value_type = Option<String>)]
    mapping_id: Option<MappingId>,
    /// Or the columns themselves.
    columns: Option<Vec<ColumnIn>>,
    /// `orders`, `order_lines`, `order_shares`, `sales`, `items`, `members`, `products`, `suppressions`: what rows are, with `columns`.
    shape: Option<String>,
    /// Platform, with `columns`.
    platform: Option<String>,
    /// Currency where no column tells it.
    currency: Option<String>,
    /// The shop that the files are of.
    #[schema(value_type = Option<String>)]
    shop: Option<ShopId>,
}

/// A column and what it means.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnIn {
    column: String,
    /// A field of `GET /imports/fields`; none: kept aside.
    field: Option<String>,
}

fn bad(why: impl std::fmt::Display) -> Problem {
    Problem::from(BAD_MAPPING.with("why", why))
}

/// A mapping from columns as they come, on the ground of the present one.
fn from_columns(present: Option<Mapping>, choice: &MappingChoice, columns: &[ColumnIn]) -> Result<Mapping, Problem> {
    let columns = columns
        .iter()
        .map(|c| {
            let field = c.field.as_deref().filter(|f| !f.is_empty());
            let field = field.map(|word| Field::ALL.iter().copied().find(|f| f.word() == word).ok_or_else(|| bad(word))).transpose()?;
            Ok(crate::ColumnMapping { column: c.column.clone(), field, confidence: 100 })
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let shape = match &choice.shape {
        Some(word) => serde_json::from_value(Value::String(word.clone())).map_err(|_| bad(word))?,
        None => present.as_ref().map_or(crate::Shape::Orders, |m| m.shape),
    };
    let mut mapping = present.unwrap_or(Mapping {
        name: String::new(),
        format: None,
        shape,
        platform: "plain".to_owned(),
        currency: "CNY".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        day_order: None,
        columns: Vec::new(),
    });
    mapping.shape = shape;
    mapping.columns = columns;
    if let Some(platform) = &choice.platform {
        mapping.platform.clone_from(platform);
    }
    if let Some(currency) = &choice.currency {
        currency.parse::<shuke_kernel::Currency>().map_err(bad)?;
        mapping.currency.clone_from(currency);
    }
    Ok(mapping)
}

/// Say how a staged file is read
#[utoipa::path(put, path = "/imports/{id}/mapping", operation_id = "set_mapping", tag = "imports", params(("id" = String, Path)),
    request_body = MappingChoice, responses((status = 200, body = ImportOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn set_mapping(call: Call, Path(id): Path<ImportId>, Body(choice): Body<MappingChoice>) -> Reply<ImportOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let (mapping_id, file) = (choice.mapping_id, choice.file.clone());
    let (saved, present) = call
        .read(&cx, move |tx, cx| {
            let saved = mapping_id.map(|id| mapping_row(tx, cx, id)).transpose()?;
            let run = service::get(tx, cx.merchant, id)?;
            let number = run.files.iter().find(|f| f.name == file).map(|f| f.file);
            let present = number.map(|n| service::preview(tx, cx.merchant, id, n)).transpose()?;
            Ok((saved, present.and_then(|p| serde_json::from_value::<Mapping>(p["mapping"].clone()).ok())))
        })
        .await?;
    let mapping = match (&choice.columns, saved) {
        (Some(columns), _) => Some(from_columns(present, &choice, columns)?),
        (None, Some(saved)) => Some(saved.1),
        (None, None) => None,
    };
    let (store, inner, file, shop) = (call.app.store.clone(), cx.clone(), choice.file.clone(), choice.shop.map(|s| *s.bytes()));
    let run = tokio::task::spawn_blocking(move || service::remap(&store, &inner, id, &file, mapping, shop)).await.map_err(|_| Problem::from(Error::fault("reading panicked")))??;
    call.read(&cx, move |tx, cx| shown(tx, cx, run.clone())).await.map(Json)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PreviewQuery {
    /// The file's name; the first file where it is missing.
    file: Option<String>,
}

/// A record in a preview.
#[derive(Serialize, ToSchema)]
pub struct NotedOut {
    record: i64,
    row: i64,
    key: String,
    verdict: String,
    column: Option<String>,
    reason: String,
    text: String,
    advice: String,
}

/// How a file would be read.
#[derive(Serialize, ToSchema)]
pub struct PreviewOut {
    file: String,
    /// Ten good records as they will be read.
    good: Vec<Value>,
    /// Every bad or skipped record.
    not_good: Vec<NotedOut>,
    /// Good records that deserve a look.
    warned: Vec<NotedOut>,
}

fn noted(list: &Value, codes: &str, zh: bool) -> Vec<NotedOut> {
    let mut out = Vec::new();
    for n in list.as_array().into_iter().flatten() {
        for reason in n[codes].as_array().into_iter().flatten() {
            let full = reason.as_str().unwrap_or_default();
            let (code, about) = full.split_once(':').map_or((full, None), |(c, a)| (c, Some(a.to_owned())));
            let kept = quarantine::Kept { code: code.to_owned(), about: about.clone() };
            let (text, advice) = kept.texts(zh);
            let record = n["record"].as_i64().unwrap_or(0);
            out.push(NotedOut {
                record,
                row: n["row"].as_i64().unwrap_or(record),
                key: n["key"].as_str().unwrap_or_default().to_owned(),
                verdict: n["verdict"].as_str().unwrap_or("good").to_owned(),
                column: about,
                reason: code.to_owned(),
                text,
                advice,
            });
        }
    }
    out
}

/// Preview a staged file
///
/// Ten records as they will be read, and every record that will not, with the reason and what to do.
#[utoipa::path(get, path = "/imports/{id}/preview", operation_id = "preview_import", tag = "imports", params(("id" = String, Path), PreviewQuery),
    responses((status = 200, body = PreviewOut)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn preview_import(call: Call, Path(id): Path<ImportId>, Query(q): Query<PreviewQuery>) -> Reply<PreviewOut> {
    let cx = call.allow(Permission::ImportsRead)?;
    let (file, preview) = call
        .read(&cx, move |tx, cx| {
            let run = service::get(tx, cx.merchant, id)?;
            let wanted = q.file.clone();
            let file = run.files.into_iter().find(|f| wanted.as_ref().is_none_or(|w| *w == f.name));
            let file = file.ok_or_else(|| super::model::NO_SUCH_FILE.with("name", wanted.unwrap_or_default()))?;
            let preview = service::preview(tx, cx.merchant, id, file.file)?;
            Ok((file.name, preview))
        })
        .await?;
    let zh = call.lang == Lang::Zh;
    let masked = |v: &Value| crate::mask::record(v);
    let good = preview["canonical"].as_array().into_iter().flatten().take(10).map(masked).collect();
    Ok(Json(PreviewOut { file, good, not_good: noted(&preview["not_good"], "reasons", zh), warned: noted(&preview["warned"], "warnings", zh) }))
}

macro_rules! action {
    ($(#[$doc:meta])* $name:ident, $path:literal, $service:path) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "imports", params(("id" = String, Path)),
            responses((status = 200, body = ImportOut)),
            security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
        async fn $name(call: Call, Path(id): Path<ImportId>) -> Reply<ImportOut> {
            let cx = call.allow(Permission::ImportsWrite)?;
            call.write(&cx, move |tx, cx| {
                let run = $service(tx, cx, id)?;
                shown(tx, cx, run)
            })
            .await
            .map(Json)
        }
    };
}

action!(
    /// Load a staged import
    run_import, "/imports/{id}/run", service::run
);
action!(
    /// Stop a load at its next step
    stop_import, "/imports/{id}/stop", service::stop
);
action!(
    /// Go on with a stopped load
    resume_import, "/imports/{id}/resume", service::run
);
action!(
    /// Take a whole import back
    undo_import, "/imports/{id}/undo", service::undo
);

/// Download an import's open records as a sheet
///
/// XLSX, one column per column of the file, the reasons beside. Correct it and load it again. `file`
/// must be named where several files of the import have open records: a workbook is read as one format.
#[utoipa::path(get, path = "/imports/{id}/rejects.xlsx", operation_id = "rejects_sheet", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn rejects_sheet(call: Call, Path(id): Path<ImportId>, Query(q): Query<PreviewQuery>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let records = call
        .read(&cx, move |tx, cx| {
            let run = service::get(tx, cx.merchant, id)?;
            let mut records = quarantine::rejects(tx, cx.merchant, id, (-1, 0), SHEET_ROWS)?;
            if let Some(name) = &q.file {
                let file = run.files.iter().find(|f| f.name == *name).ok_or_else(|| super::model::NO_SUCH_FILE.with("name", name))?;
                records.retain(|r| r.file == file.file);
            } else if records.iter().any(|r| r.file != records[0].file) {
                return Err(super::model::NAME_A_FILE.at("file").into());
            }
            Ok(records)
        })
        .await?;
    let bytes = sheet::rejects(&records, call.lang == Lang::Zh).map_err(|e| Problem::from(Error::fault(e)))?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejects.xlsx\""),
    ];
    Ok((headers, bytes).into_response())
}

/// A record in quarantine.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct QuarantinedOut {
    /// `qua_…`
    #[schema(value_type = String)]
    id: QuarantineId,
    /// `imp_…`
    #[schema(value_type = String)]
    import: ImportId,
    file: String,
    record: i64,
    row: i64,
    reasons: Vec<ReasonOut>,
    /// Column and text; identifiers are masked in lists.
    cells: BTreeMap<String, String>,
    /// The columns in the order of the file.
    columns: Vec<String>,
    /// `open`, `repaired` or `discarded`.
    state: String,
    note: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
}

/// Why a record is in quarantine.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ReasonOut {
    code: String,
    column: Option<String>,
    text: String,
    advice: String,
}

fn quarantined(held: Held, names: &BTreeMap<ImportId, ImportRun>, zh: bool, masked: bool) -> QuarantinedOut {
    let file = names.get(&held.import).and_then(|r| r.files.iter().find(|f| f.file == held.file)).map(|f| f.name.clone()).unwrap_or_default();
    let columns = held.cells.iter().map(|(n, _)| n.clone()).collect();
    QuarantinedOut {
        id: held.id,
        import: held.import,
        file,
        record: held.record,
        row: held.row,
        reasons: held
            .reasons
            .iter()
            .map(|r| {
                let (text, advice) = r.texts(zh);
                ReasonOut { code: r.code.clone(), column: r.about.clone(), text, advice }
            })
            .collect(),
        cells: held.cells.into_iter().map(|(n, t)| if masked { let t = crate::mask::cell(&n, &t); (n, t) } else { (n, t) }).collect(),
        columns,
        state: held.state,
        note: held.note,
        created_at: held.created_at,
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct QuarantineQuery {
    /// `imp_…`
    import: Option<String>,
    /// `open`, `repaired` or `discarded`.
    state: Option<String>,
    /// The first reason's code.
    reason: Option<String>,
    /// At most so many, 1 to 200.
    limit: Option<i64>,
    /// From the last answer's `next_cursor`.
    cursor: Option<String>,
}

fn runs_of(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, held: &[Held]) -> shuke_kernel::Result<BTreeMap<ImportId, ImportRun>> {
    let mut runs = BTreeMap::new();
    for h in held {
        if !runs.contains_key(&h.import) {
            runs.insert(h.import, service::get(tx, cx.merchant, h.import)?);
        }
    }
    Ok(runs)
}

/// List records in quarantine
#[utoipa::path(get, path = "/quarantine", operation_id = "list_quarantine", tag = "imports", params(QuarantineQuery),
    responses((status = 200, body = Page<QuarantinedOut>)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn list_quarantine(call: Call, Query(q): Query<QuarantineQuery>) -> Reply<Page<QuarantinedOut>> {
    let cx = call.allow(Permission::ImportsRead)?;
    let before = cursor::<QuarantineId>(q.cursor.as_deref())?;
    let import = q.import.as_deref().filter(|t| !t.is_empty()).map(|t| t.parse::<ImportId>().map_err(|_| Problem::from(super::model::IMPORT_NOT_FOUND.refuse()))).transpose()?;
    let (limit, zh) = (limit(q.limit), call.lang == Lang::Zh);
    let page = call
        .read(&cx, move |tx, cx| {
            let (state, reason) = (q.state.as_deref().unwrap_or(""), q.reason.as_deref().unwrap_or(""));
            let mut held = quarantine::list(tx, cx.merchant, before, state, reason, import, limit + 1)?;
            let more = held.len() as i64 > limit;
            held.truncate(limit as usize);
            let next = more.then(|| held.last().map(|h| h.id.to_string())).flatten();
            let runs = runs_of(tx, cx, &held)?;
            Ok(Page { items: held.into_iter().map(|h| quarantined(h, &runs, zh, true)).collect(), next_cursor: next })
        })
        .await?;
    Ok(Json(page))
}

/// Get a record in quarantine
///
/// Its cells are clear, since they are to be repaired: whoever may write imports brought the file.
#[utoipa::path(get, path = "/quarantine/{id}", operation_id = "get_quarantined", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = QuarantinedOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn get_quarantined(call: Call, Path(id): Path<QuarantineId>) -> Reply<QuarantinedOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let zh = call.lang == Lang::Zh;
    call.read(&cx, move |tx, cx| {
        let held = quarantine::get(tx, cx.merchant, id)?;
        let runs = runs_of(tx, cx, std::slice::from_ref(&held))?;
        Ok(quarantined(held, &runs, zh, false))
    })
    .await
    .map(Json)
}

/// Cells to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairIn {
    /// Column → new text; null empties it.
    cells: BTreeMap<String, Option<String>>,
}

/// Repair a record in quarantine
///
/// It is read again; good, it is loaded as part of its import.
#[utoipa::path(patch, path = "/quarantine/{id}", operation_id = "repair_quarantined", tag = "imports", params(("id" = String, Path)),
    request_body = RepairIn, responses((status = 200, body = QuarantinedOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn repair_quarantined(call: Call, Path(id): Path<QuarantineId>, Body(repair): Body<RepairIn>) -> Reply<QuarantinedOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let zh = call.lang == Lang::Zh;
    let changes: Vec<(String, String)> = repair.cells.into_iter().map(|(n, t)| (n, t.unwrap_or_default())).collect();
    call.write(&cx, move |tx, cx| {
        let held = quarantine::repair(tx, cx, id, &changes)?;
        let runs = runs_of(tx, cx, std::slice::from_ref(&held))?;
        Ok(quarantined(held, &runs, zh, false))
    })
    .await
    .map(Json)
}

/// Why a record is given up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscardIn {
    /// For the audit.
    reason: String,
}

/// Discard a record in quarantine
#[utoipa::path(post, path = "/quarantine/{id}/discard", operation_id = "discard_quarantined", tag = "imports", params(("id" = String, Path)),
    request_body = DiscardIn, responses((status = 200, body = QuarantinedOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn discard_quarantined(call: Call, Path(id): Path<QuarantineId>, Body(discard): Body<DiscardIn>) -> Reply<QuarantinedOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let zh = call.lang == Lang::Zh;
    call.write(&cx, move |tx, cx| {
        let held = quarantine::discard(tx, cx, id, discard.reason.trim())?;
        let runs = runs_of(tx, cx, std::slice::from_ref(&held))?;
        Ok(quarantined(held, &runs, zh, true))
    })
    .await
    .map(Json)
}

/// A saved mapping.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct MappingOut {
    /// `map_…`
    #[schema(value_type = String)]
    id: MappingId,
    name: String,
    /// What rows are.
    format_kind: String,
    columns: Vec<ColumnOut>,
}

fn mapping_out(id: MappingId, name: String, m: Mapping) -> MappingOut {
    let kind = serde_json::to_value(m.shape).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let columns = m.columns.into_iter().map(|c| ColumnOut { column: c.column, field: c.field.map(|f| f.word().to_owned()), confidence: c.confidence }).collect();
    MappingOut { id, name, format_kind: kind, columns }
}

fn read_mapping(mut row: shuke_store::Row) -> shuke_kernel::Result<(MappingId, String, Mapping)> {
    Ok((row.get(0)?, row.get(1)?, serde_json::from_str(&row.get::<String>(2)?)?))
}

fn mapping_row(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, id: MappingId) -> shuke_kernel::Result<(String, Mapping)> {
    let row = tx.row(sql::MAPPING, shuke_store::args![cx.merchant, id])?.ok_or_else(|| MAPPING_NOT_FOUND.refuse())?;
    read_mapping(row).map(|(_, name, mapping)| (name, mapping))
}

/// A mapping to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingIn {
    name: String,
    /// `orders`, `order_lines`, `order_shares`, `sales`, `items`, `members`, `products` or `suppressions`.
    format_kind: String,
    columns: Vec<ColumnIn>,
    platform: Option<String>,
    currency: Option<String>,
    /// IANA zone of bare times.
    zone: Option<String>,
}

fn as_mapping(input: MappingIn) -> Result<Mapping, Problem> {
    let name = input.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(bad("name"));
    }
    if input.zone.as_deref().is_some_and(|z| shuke_kernel::Zone::named(z).is_none()) {
        return Err(bad("zone"));
    }
    let choice = MappingChoice {
        file: String::new(),
        mapping_id: None,
        columns: None,
        shape: Some(input.format_kind),
        platform: input.platform,
        currency: input.currency,
        shop: None,
    };
    let mut mapping = from_columns(None, &choice, &input.columns)?;
    mapping.name = name;
    if let Some(zone) = input.zone {
        mapping.zone = zone;
    }
    Ok(mapping)
}

/// List saved mappings
#[utoipa::path(get, path = "/mappings", operation_id = "list_mappings", tag = "imports",
    responses((status = 200, body = Page<MappingOut>)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn list_mappings(call: Call) -> Reply<Page<MappingOut>> {
    let cx = call.allow(Permission::ImportsRead)?;
    let items = call
        .read(&cx, |tx, cx| tx.rows(sql::MAPPINGS, shuke_store::args![cx.merchant])?.into_iter().map(read_mapping).collect::<shuke_kernel::Result<Vec<_>>>())
        .await?;
    Ok(Json(Page { items: items.into_iter().map(|(id, name, m)| mapping_out(id, name, m)).collect(), next_cursor: None }))
}

/// Save a mapping
///
/// Under its name; a mapping of the same name is replaced.
#[utoipa::path(post, path = "/mappings", operation_id = "save_mapping", tag = "imports", request_body = MappingIn,
    responses((status = 200, body = MappingOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn save_mapping(call: Call, Body(input): Body<MappingIn>) -> Reply<MappingOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let mapping = as_mapping(input)?;
    call.write(&cx, move |tx, cx| {
        let id: MappingId = cx.new_id();
        tx.exec(sql::SAVE_MAPPING, shuke_store::args![cx.merchant, id, &mapping.name, serde_json::to_string(&mapping)?, cx.now])?;
        let row = tx.row(sql::MAPPING_NAMED, shuke_store::args![cx.merchant, &mapping.name])?.ok_or_else(|| MAPPING_NOT_FOUND.refuse())?;
        read_mapping(row).map(|(id, name, m)| mapping_out(id, name, m))
    })
    .await
    .map(Json)
}

/// Change a mapping
#[utoipa::path(put, path = "/mappings/{id}", operation_id = "change_mapping", tag = "imports", params(("id" = String, Path)),
    request_body = MappingIn, responses((status = 200, body = MappingOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn change_mapping(call: Call, Path(id): Path<MappingId>, Body(input): Body<MappingIn>) -> Reply<MappingOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let mapping = as_mapping(input)?;
    call.write(&cx, move |tx, cx| {
        mapping_row(tx, cx, id)?;
        let taken = tx.row(sql::MAPPING_NAMED, shuke_store::args![cx.merchant, &mapping.name])?.map(read_mapping).transpose()?;
        if taken.is_some_and(|(other, _, _)| other != id) {
            return Err(BAD_MAPPING.with("why", &mapping.name).into());
        }
        tx.exec(sql::CHANGE_MAPPING, shuke_store::args![cx.merchant, id, &mapping.name, serde_json::to_string(&mapping)?, cx.now])?;
        mapping_row(tx, cx, id).map(|(name, m)| mapping_out(id, name, m))
    })
    .await
    .map(Json)
}

/// Remove a mapping
#[utoipa::path(delete, path = "/mappings/{id}", operation_id = "remove_mapping", tag = "imports", params(("id" = String, Path)),
    responses((status = 204)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn remove_mapping(call: Call, Path(id): Path<MappingId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::ImportsWrite)?;
    call.write(&cx, move |tx, cx| {
        mapping_row(tx, cx, id)?;
        tx.exec(sql::DROP_MAPPING, shuke_store::args![cx.merchant, id])
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
