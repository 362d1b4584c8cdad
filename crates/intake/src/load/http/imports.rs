//! `/imports`: staging, looking, starting, stopping, undoing, and the sheet of what was refused.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use shuke_access::ShopId;
use shuke_http::{App, Call, Lang, Page, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Error, Instant};
use shuke_store::Lane;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mappings::ColumnOut;
use super::{cursor, limit};
use crate::Mapping;
use crate::load::model::{
    BROKEN_UPLOAD, Counts, IMPORT_STATE, ImportId, ImportRun, NAME_A_FILE, NO_FILE, NO_SUCH_FILE, QuarantineId, TOO_LARGE,
};
use crate::load::service::{self, Incoming};
use crate::load::{again, foreseen, job, quarantine, sheet, sql, staging};

/// The largest file that comes by upload; the command line reads any size in place.
const UPLOAD_LIMIT: usize = 2 << 30;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(OpenApiRouter::new().routes(routes!(stage_import)).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .routes(routes!(list_imports))
        .routes(routes!(stage_sample))
        .routes(routes!(get_import))
        .routes(routes!(preview_import))
        .routes(routes!(foresee_import))
        .routes(routes!(run_import))
        .routes(routes!(stop_import))
        .routes(routes!(resume_import))
        .routes(routes!(undo_import))
        .routes(routes!(rejects_sheet))
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
    /// Its records that still wait in quarantine; `counts.quarantined` is how many were put there.
    waiting: i64,
    /// Its records that were repaired, by hand or by a corrected sheet.
    repaired: i64,
    /// Its records that were set aside.
    set_aside: i64,
    /// Its records that came with the same content in an earlier import and were repaired there: they do not wait.
    repaired_before: i64,
    /// The same for those that were set aside there.
    set_aside_before: i64,
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
    /// `day_first` or `month_first` where somebody said so; else the file itself tells.
    day_order: Option<String>,
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
    /// Rows of tags taken in.
    tags: i64,
    /// Members who have other tags since.
    tagged: i64,
    /// Days of weather in a region of which something else is known since.
    weather: i64,
    /// Sources of tags of which nobody's tags ended, as more than a tenth of the rows were refused.
    ends_kept: i64,
    refunds: i64,
    quarantined: i64,
    skipped: i64,
    unidentified: i64,
    /// Records of earlier imports that its rows settled in quarantine.
    mended: i64,
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
            tags: c.tags,
            tagged: c.tagged,
            weather: c.weather,
            ends_kept: c.ends_kept,
            refunds: c.refunds,
            quarantined: c.quarantined,
            skipped: c.skipped,
            unidentified: c.unidentified,
            mended: c.mended,
        }
    }
}

pub(super) fn shown(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, run: ImportRun) -> shuke_kernel::Result<ImportOut> {
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
            day_order: f.mapping.as_ref().and_then(|m| m.day_order.clone()),
            mapping: mapping
                .map(|m| {
                    m.columns
                        .into_iter()
                        .map(|c| ColumnOut { column: c.column, field: c.field.map(|f| f.word().to_owned()), confidence: c.confidence })
                        .collect()
                })
                .unwrap_or_default(),
        });
    }
    let standing = again::standing(tx, cx.merchant, run.id)?;
    Ok(ImportOut {
        id: run.id,
        waiting: standing.waiting,
        repaired: standing.repaired,
        set_aside: standing.set_aside,
        repaired_before: standing.repaired_before,
        set_aside_before: standing.set_aside_before,
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
async fn stage_import(
    call: Call,
    headers: axum::http::HeaderMap,
    multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<(StatusCode, Json<ImportOut>), Problem> {
    let cx = call.allow(Permission::ImportsWrite)?;
    // Who says how much comes hears at once that it is too much.
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok()).and_then(|n| n.parse::<u64>().ok());
    if announced.is_some_and(|n| n > UPLOAD_LIMIT as u64) {
        return Err(too_large());
    }
    let mut multipart = multipart.map_err(|_| Problem::from(NO_FILE.refuse()))?;
    let id: ImportId = cx.new_id();
    let mut pieces = Pieces { store: call.app.store.clone(), merchant: cx.merchant, import: id, settled: false };
    let mut files: Vec<Incoming> = Vec::new();
    while let Some(mut field) = multipart.next_field().await.map_err(broke_off)? {
        let Some(name) = field.file_name() else { continue };
        let name = told_apart(&shown_name(name, files.len() + 1), &files);
        let (mut held, mut size, mut chunks, mut hasher) = (Vec::with_capacity(staging::CHUNK), 0_i64, 0_i64, Sha256::new());
        let file = files.len() as i64;
        while let Some(bytes) = field.chunk().await.map_err(broke_off)? {
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
    pieces.settled = true;
    Ok((StatusCode::CREATED, Json(out)))
}

/// Pieces of an upload: where it fails, or its sender goes away, they go too.
struct Pieces {
    store: shuke_store::Store,
    merchant: shuke_kernel::MerchantNo,
    import: ImportId,
    settled: bool,
}

impl Drop for Pieces {
    fn drop(&mut self) {
        let (store, m, id) = (self.store.clone(), self.merchant, self.import);
        if !self.settled
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { store.write(Lane::Bulk, move |tx| tx.exec(sql::DROP_CHUNKS, shuke_store::args![m, id])).await });
        }
    }
}

/// Why an upload did not arrive whole.
fn broke_off(e: axum::extract::multipart::MultipartError) -> Problem {
    if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    BROKEN_UPLOAD.refuse().into()
}

fn too_large() -> Problem {
    Problem::with_status(TOO_LARGE.with("max", UPLOAD_LIMIT >> 30), StatusCode::PAYLOAD_TOO_LARGE)
}

/// A file's name as it is shown and kept: no folders, nothing that turns text around, not too long.
fn shown_name(given: &str, number: usize) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let turns = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = last.chars().filter(|c| !turns(*c)).take(200).collect();
    let clean = clean.trim();
    if clean.is_empty() || clean.chars().all(|c| c == '.') { format!("file-{number}") } else { clean.to_owned() }
}

/// A name that no file of the import has yet: a mapping is given to a file by its name.
fn told_apart(name: &str, files: &[Incoming]) -> String {
    let taken = |n: &str| files.iter().any(|f| matches!(f, Incoming::Staged { name, .. } if name == n));
    let (stem, tail) = name.rsplit_once('.').map_or((name, String::new()), |(s, t)| (s, format!(".{t}")));
    (1..)
        .map(|n| if n == 1 { name.to_owned() } else { format!("{stem} ({n}){tail}") })
        .find(|n| !taken(n))
        .unwrap_or_else(|| name.to_owned())
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
    let files =
        crate::sample::FILES.iter().map(|(name, bytes)| Incoming::Bytes { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect();
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
    /// The row of the file or of the sheet.
    row: i64,
    /// The sheet, where several are read.
    sheet: Option<String>,
    key: String,
    verdict: String,
    column: Option<String>,
    reason: String,
    text: String,
    advice: String,
    /// The row with the same content that was settled in another import: this one will not wait.
    before: Option<BeforeOut>,
}

/// A row with the same content that was settled before.
#[derive(Clone, Serialize, ToSchema)]
pub struct BeforeOut {
    /// `qua_…`
    #[schema(value_type = String)]
    id: QuarantineId,
    /// `imp_…`
    #[schema(value_type = String)]
    import: ImportId,
    /// `repaired` or `discarded`.
    state: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
}

/// What a file as a whole leaves open, or what of it was passed over.
#[derive(Serialize, ToSchema)]
pub struct FileNote {
    /// `status_assumed_completed`, `order_amount_unsure`, `column_not_taken`, `formulas_as_saved` or `sheet_not_read`.
    code: String,
    /// The sentence for people.
    text: String,
}

/// How a file would be read.
#[derive(Serialize, ToSchema)]
pub struct PreviewOut {
    file: String,
    /// What holds for the file as a whole.
    notes: Vec<FileNote>,
    /// Ten good records as they will be read.
    good: Vec<Value>,
    /// Every bad or skipped record.
    not_good: Vec<NotedOut>,
    /// Good records that deserve a look.
    warned: Vec<NotedOut>,
}

fn noted(list: &Value, codes: &str, zh: bool, before: &HashMap<String, BeforeOut>) -> Vec<NotedOut> {
    let mut out = Vec::new();
    for n in list.as_array().into_iter().flatten() {
        for (i, reason) in n[codes].as_array().into_iter().flatten().enumerate() {
            let full = reason.as_str().unwrap_or_default();
            let (code, about) = full.split_once(':').map_or((full, n["columns"][i].as_str()), |(c, a)| (c, Some(a)));
            let about = about.map(str::to_owned);
            let kept = quarantine::Kept { code: code.to_owned(), about: about.clone() };
            let (text, advice) = kept.texts(zh);
            let record = n["record"].as_i64().unwrap_or(0);
            out.push(NotedOut {
                record,
                row: n["row"].as_i64().unwrap_or(record),
                sheet: n["sheet"].as_str().map(str::to_owned),
                key: n["key"].as_str().unwrap_or_default().to_owned(),
                verdict: n["verdict"].as_str().unwrap_or("good").to_owned(),
                column: about,
                reason: code.to_owned(),
                text,
                advice,
                before: n["print"].as_str().and_then(|print| before.get(print)).cloned(),
            });
        }
    }
    out
}

/// Which bad rows of a file were settled in another import, by their prints.
fn before(
    tx: &mut shuke_store::Tx<'_>,
    m: shuke_kernel::MerchantNo,
    run: &ImportRun,
    platform: &str,
    preview: &Value,
) -> shuke_kernel::Result<HashMap<String, BeforeOut>> {
    let prints: Vec<&str> = preview["not_good"].as_array().into_iter().flatten().filter_map(|n| n["print"].as_str()).collect();
    if prints.is_empty() {
        return Ok(HashMap::new());
    }
    let scope = again::scope(&job::origin(tx, m, run)?, platform);
    let digests = prints.iter().map(|print| again::digest(tx, m, &scope, print)).collect::<shuke_kernel::Result<Vec<_>>>()?;
    let earlier = again::earlier(tx, m, run.id, &digests, false)?;
    let known = prints.iter().zip(&digests).filter_map(|(print, digest)| {
        let e = earlier.get(digest)?;
        Some(((*print).to_owned(), BeforeOut { id: e.id, import: e.import, state: e.state.clone(), at: e.resolved_at }))
    });
    Ok(known.collect())
}

/// Preview a staged file
///
/// Ten records as they will be read, and every record that will not, with the reason and what to do.
#[utoipa::path(get, path = "/imports/{id}/preview", operation_id = "preview_import", tag = "imports", params(("id" = String, Path), PreviewQuery),
    responses((status = 200, body = PreviewOut)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn preview_import(call: Call, Path(id): Path<ImportId>, Query(q): Query<PreviewQuery>) -> Reply<PreviewOut> {
    let cx = call.allow(Permission::ImportsRead)?;
    let (file, preview, before) = call
        .read(&cx, move |tx, cx| {
            let run = service::get(tx, cx.merchant, id)?;
            let wanted = q.file.clone();
            let file = run.files.iter().find(|f| wanted.as_ref().is_none_or(|w| *w == f.name)).cloned();
            let file = file.ok_or_else(|| NO_SUCH_FILE.with("name", wanted.unwrap_or_default()))?;
            let preview = service::preview(tx, cx.merchant, id, file.file)?;
            let before = before(tx, cx.merchant, &run, &file.platform, &preview)?;
            Ok((file.name, preview, before))
        })
        .await?;
    let zh = call.lang == Lang::Zh;
    let masked = |v: &Value| crate::mask::record(v);
    let good = preview["canonical"].as_array().into_iter().flatten().take(10).map(masked).collect();
    let note = |n: &Value| FileNote {
        code: n["code"].as_str().unwrap_or_default().to_owned(),
        text: n[if zh { "text" } else { "text_en" }].as_str().unwrap_or_default().to_owned(),
    };
    Ok(Json(PreviewOut {
        file,
        notes: preview["notes"].as_array().into_iter().flatten().map(note).collect(),
        good,
        not_good: noted(&preview["not_good"], "reasons", zh, &before),
        warned: noted(&preview["warned"], "warnings", zh, &before),
    }))
}

/// What of a staged file's orders is here already.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ForeseenOut {
    file: String,
    /// Orders of the rows that would be read; nothing where the file has no orders.
    orders: Option<ForeseenOrders>,
}

/// How many orders are new.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ForeseenOrders {
    /// Not here yet.
    new: i64,
    /// Here already. Which of them change, the counts of the finished import say.
    known: i64,
    /// `false` where the file has more orders than are looked at: the first 100,000.
    whole: bool,
}

/// Count what a staged file would bring
///
/// How many of its orders are here already and how many are new.
#[utoipa::path(get, path = "/imports/{id}/foreseen", operation_id = "foresee_import", tag = "imports", params(("id" = String, Path), PreviewQuery),
    responses((status = 200, body = ForeseenOut)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn foresee_import(call: Call, Path(id): Path<ImportId>, Query(q): Query<PreviewQuery>) -> Reply<ForeseenOut> {
    let cx = call.allow(Permission::ImportsRead)?;
    let (run, file) = call
        .read(&cx, move |tx, cx| {
            let run = service::get(tx, cx.merchant, id)?;
            let wanted = q.file.clone();
            let file = run.files.iter().find(|f| wanted.as_ref().is_none_or(|w| *w == f.name)).cloned();
            let file = file.ok_or_else(|| NO_SUCH_FILE.with("name", wanted.unwrap_or_default()))?;
            // What was loaded is here, and its bytes may be gone.
            if run.state != "staged" {
                return Err(IMPORT_STATE.with("state", &run.state).into());
            }
            Ok((run, file))
        })
        .await?;
    let (store, number) = (call.app.store.clone(), file.file);
    let found = tokio::task::spawn_blocking(move || foreseen::orders(&store, &cx, &run, number))
        .await
        .map_err(|_| Problem::from(Error::fault("reading a staged file panicked")))??;
    let orders = found.map(|f| ForeseenOrders { new: f.new, known: f.known, whole: f.is_whole });
    Ok(Json(ForeseenOut { file: file.name, orders }))
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
/// XLSX, one column per column of the file, the reasons beside, every record, in further sheets where one
/// is full. Correct it and load it again. `file`
/// must be named where several files of the import have open records: a workbook is read as one format.
#[utoipa::path(get, path = "/imports/{id}/rejects.xlsx", operation_id = "rejects_sheet", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn rejects_sheet(call: Call, Path(id): Path<ImportId>, Query(q): Query<PreviewQuery>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let file = call
        .read(&cx, move |tx, cx| {
            let run = service::get(tx, cx.merchant, id)?;
            if let Some(name) = &q.file {
                let named = run.files.iter().find(|f| f.name == *name).map(|f| f.file);
                return named.ok_or_else(|| NO_SUCH_FILE.with("name", name).into());
            }
            let Some(first) = quarantine::rejects(tx, cx.merchant, id, (-1, 0), 1)?.pop() else { return Ok(0) };
            match quarantine::rejects(tx, cx.merchant, id, (first.file, i64::MAX), 1)?.pop() {
                None => Ok(first.file),
                Some(_) => Err(NAME_A_FILE.at("file").into()),
            }
        })
        .await?;
    let (store, zh) = (call.app.store.clone(), call.lang == Lang::Zh);
    let body = streamed(format!("rejects of {id}"), move |to| sheet::rejects(&store, cx.merchant, id, file, zh, to));
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejects.xlsx\""),
    ];
    Ok((headers, body).into_response())
}
