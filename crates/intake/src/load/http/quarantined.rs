//! `/quarantine`: records that could not be loaded, looked at, repaired, given up.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Lang, Page, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{cursor, limit};
use crate::load::model::{IMPORT_NOT_FOUND, ImportId, ImportRun, QuarantineId};
use crate::load::quarantine::{self, Held};
use crate::load::service;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_quarantine))
        .routes(routes!(get_quarantined, repair_quarantined))
        .routes(routes!(discard_quarantined))
        .routes(routes!(reopen_quarantined))
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
    /// The order's number as it stands in the row now, where a column is read as it.
    order_no: Option<String>,
    /// Why it waits; of a repaired record, all that it waited for.
    reasons: Vec<ReasonOut>,
    /// Column and text; identifiers are masked in lists.
    cells: BTreeMap<String, String>,
    /// The columns in the order of the file.
    columns: Vec<String>,
    /// The cells that were corrected; masked as `cells` is.
    changed: Vec<ChangedOut>,
    /// `open`, `repaired` or `discarded`.
    state: String,
    note: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it was repaired or discarded.
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Instant>,
    /// By whom.
    resolved_by: Option<String>,
    /// `console`: repaired or discarded by hand; `sheet`: a corrected sheet that names the record was loaded; `key`: a
    /// file of the same format brought a good row with the same key; `before`: the same row was settled in another import.
    resolved_how: Option<String>,
    /// The import that loaded the corrected row, where it is another than the record's own.
    #[schema(value_type = Option<String>)]
    resolved_import: Option<ImportId>,
    /// The row with the same content, of another import, that settled it.
    #[schema(value_type = Option<String>)]
    same_as: Option<QuarantineId>,
}

/// A cell that was corrected.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ChangedOut {
    column: String,
    /// What the file said.
    from: String,
    /// What it says now.
    to: String,
}

/// Why a record is in quarantine.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ReasonOut {
    code: String,
    column: Option<String>,
    text: String,
    advice: String,
}

/// What is known of the imports that records are of.
struct Of {
    runs: BTreeMap<ImportId, ImportRun>,
    /// The column of the order's number, by file.
    numbers: BTreeMap<(ImportId, i64), String>,
}

fn quarantined(held: Held, of: &Of, zh: bool, masked: bool) -> QuarantinedOut {
    let file =
        of.runs.get(&held.import).and_then(|r| r.files.iter().find(|f| f.file == held.file)).map(|f| f.name.clone()).unwrap_or_default();
    let text = |column: &str| held.cells.iter().find(|(n, _)| n == column).map(|(_, t)| t.clone()).filter(|t| !t.trim().is_empty());
    let order_no = of.numbers.get(&(held.import, held.file)).and_then(|column| text(column)).map(|t| crate::cell::clean(&t).to_owned());
    let shown = |column: &str, text: &str| if masked { crate::mask::cell(column, text) } else { text.to_owned() };
    let changed = held
        .first
        .cells
        .iter()
        .filter(|(column, from)| text(column).unwrap_or_default() != *from)
        .map(|(column, from)| ChangedOut {
            column: column.clone(),
            from: shown(column, from),
            to: shown(column, &text(column).unwrap_or_default()),
        })
        .collect();
    let columns = held.cells.iter().map(|(n, _)| n.clone()).collect();
    QuarantinedOut {
        id: held.id,
        import: held.import,
        file,
        record: held.record,
        row: held.row,
        order_no,
        reasons: held
            .reasons
            .iter()
            .map(|r| {
                let (text, advice) = r.texts(zh);
                ReasonOut { code: r.code.clone(), column: r.about.clone(), text, advice }
            })
            .collect(),
        cells: held.cells.iter().map(|(n, t)| (n.clone(), shown(n, t))).collect(),
        columns,
        changed,
        state: held.state,
        note: held.note,
        created_at: held.created_at,
        resolved_at: held.resolved_at,
        resolved_by: held.resolved_by,
        resolved_how: held.resolved_how,
        resolved_import: held.resolved_import,
        same_as: held.same_as,
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

fn runs_of(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, held: &[Held]) -> shuke_kernel::Result<Of> {
    let mut of = Of { runs: BTreeMap::new(), numbers: BTreeMap::new() };
    let mut looked = BTreeSet::new();
    for h in held {
        if let Entry::Vacant(run) = of.runs.entry(h.import) {
            run.insert(service::get(tx, cx.merchant, h.import)?);
        }
        if looked.insert((h.import, h.file)) {
            let number = number_column(tx, cx, h.import, h.file)?;
            of.numbers.extend(number.map(|column| ((h.import, h.file), column)));
        }
    }
    Ok(of)
}

/// Which column of a file has the order's number. A file is not read otherwise once rows of it wait, and its preview may be
/// tens of megabytes: each is opened once while the program runs.
fn number_column(
    tx: &mut shuke_store::Tx<'_>,
    cx: &shuke_kernel::Ctx,
    import: ImportId,
    file: i64,
) -> shuke_kernel::Result<Option<String>> {
    type Known = BTreeMap<(shuke_kernel::MerchantNo, ImportId, i64), Option<String>>;
    static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
    let of = (cx.merchant, import, file);
    if let Some(known) = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(&of) {
        return Ok(known.clone());
    }
    let preview = service::preview(tx, cx.merchant, import, file)?;
    let columns = preview["mapping"]["columns"].as_array();
    let number = columns.into_iter().flatten().find(|c| c["field"] == "order_no").and_then(|c| c["column"].as_str()).map(str::to_owned);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= 1_000 {
        known.clear();
    }
    known.insert(of, number.clone());
    Ok(number)
}

/// List records in quarantine
///
/// The newest import first; of one import in the order of its files and rows.
#[utoipa::path(get, path = "/quarantine", operation_id = "list_quarantine", tag = "imports", params(QuarantineQuery),
    responses((status = 200, body = Page<QuarantinedOut>)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn list_quarantine(call: Call, Query(q): Query<QuarantineQuery>) -> Reply<Page<QuarantinedOut>> {
    let cx = call.allow(Permission::ImportsRead)?;
    let after = cursor::<QuarantineId>(q.cursor.as_deref())?;
    let import = q
        .import
        .as_deref()
        .filter(|t| !t.is_empty())
        .map(|t| t.parse::<ImportId>().map_err(|_| Problem::from(IMPORT_NOT_FOUND.refuse())))
        .transpose()?;
    let (limit, zh) = (limit(q.limit), call.lang == Lang::Zh);
    let page = call
        .read(&cx, move |tx, cx| {
            let (state, reason) = (q.state.as_deref().unwrap_or(""), q.reason.as_deref().unwrap_or(""));
            let mut held = quarantine::list(tx, cx.merchant, after, state, reason, import, limit + 1)?;
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

/// Let a record wait again
///
/// One that was discarded, or was settled because the same row was settled in another import; those that were settled as
/// this one was wait again with it. What was repaired by itself is loaded, and stays.
#[utoipa::path(post, path = "/quarantine/{id}/reopen", operation_id = "reopen_quarantined", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = QuarantinedOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn reopen_quarantined(call: Call, Path(id): Path<QuarantineId>) -> Reply<QuarantinedOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let zh = call.lang == Lang::Zh;
    call.write(&cx, move |tx, cx| {
        let held = quarantine::wait_again(tx, cx, id)?;
        let runs = runs_of(tx, cx, std::slice::from_ref(&held))?;
        Ok(quarantined(held, &runs, zh, false))
    })
    .await
    .map(Json)
}
