//! Saving, listing and forgetting views.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_store::{Tx, args};

use super::sql;
use crate::merchants;

shuke_kernel::ids! {
    /// A saved view.
    ViewId = ViewKind "viw";
}

/// No such view.
pub static NOT_FOUND: Code =
    Code { code: "access.view_not_found", kind: Kind::NotFound, zh: "找不到这个视图。", en: "There is no such view." };
/// Too many or too large.
pub static TOO_MANY: Code = Code {
    code: "access.too_many_views",
    kind: Kind::Unprocessable,
    zh: "最多保存 {limit} 个视图。请先删除不用的。",
    en: "At most {limit} views can be saved. Delete some first.",
};
/// The page's name is not a word.
pub static PAGE: Code =
    Code { code: "access.invalid_page", kind: Kind::Invalid, zh: "页面名称无效。", en: "The page is not a word." };

const MOST: i64 = 500;

/// What is sealed of a view.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sealed {
    name: String,
    query: String,
    columns: Vec<String>,
}

/// A saved view.
#[derive(Clone, Debug)]
pub struct View {
    /// Which; `None` for one not saved yet.
    pub id: Option<ViewId>,
    /// Of which list.
    pub page: String,
    /// Its name.
    pub name: String,
    /// The list's query, as in the address.
    pub query: String,
    /// The columns shown, in order.
    pub columns: Vec<String>,
    /// When last saved.
    pub updated_at: Instant,
}

/// Saves a view: a new one without an id, else over the old one.
pub fn save(tx: &mut Tx<'_>, cx: &Ctx, view: &View) -> Result<View> {
    let name = merchants::name(&view.name, "name")?;
    let word =
        (1..=40).contains(&view.page.len()) && view.page.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-' || b == b'/');
    if !word {
        return Err(PAGE.at("page").into());
    }
    let id = match view.id {
        Some(id) => tx.row(sql::EXISTS, args![cx.merchant, id])?.map(|_| id).ok_or_else(|| NOT_FOUND.refuse())?,
        None if tx.one(sql::COUNT, args![cx.merchant])?.get::<i64>(0)? >= MOST => return Err(TOO_MANY.with("limit", MOST).into()),
        None => cx.new_id(),
    };
    let sealed = Sealed { name: name.clone(), query: view.query.clone(), columns: view.columns.clone() };
    let blob = tx.keys(cx.merchant)?.seal("saved_view", id.bytes(), &serde_json::to_vec(&sealed)?)?;
    tx.exec(sql::SAVE, args![cx.merchant, id, &view.page, blob, cx.actor.label(), cx.now])?;
    Ok(View { id: Some(id), name, updated_at: cx.now, ..view.clone() })
}

/// The views of a page (all pages if empty), those after `after`.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, page: &str, after: ViewId, limit: i64) -> Result<Vec<View>> {
    let rows = tx.rows(sql::LIST, args![cx.merchant, after, page, limit])?;
    let keys = tx.keys(cx.merchant)?;
    rows.into_iter()
        .map(|mut row| {
            let id: ViewId = row.get(0)?;
            let page: String = row.get(1)?;
            let sealed: Sealed = serde_json::from_slice(&keys.open("saved_view", id.bytes(), &row.get::<Vec<u8>>(2)?)?)?;
            Ok(View { id: Some(id), page, name: sealed.name, query: sealed.query, columns: sealed.columns, updated_at: row.get(3)? })
        })
        .collect()
}

/// Forgets a view.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, id: ViewId) -> Result<()> {
    if tx.exec(sql::REMOVE, args![cx.merchant, id])? == 0 { Err(NOT_FOUND.refuse().into()) } else { Ok(()) }
}
