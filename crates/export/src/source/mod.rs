//! Where rows come from: each list with its columns, page by page in the list's own order.

mod members;
mod orders;
mod products;
mod refunds;
mod settlement;

use serde_json::Value as Json;
use shuke_kernel::{Ctx, Error, Result};
use shuke_sheets::{Cell, Field, Kind, Sheet};
use shuke_store::Tx;

use crate::model::{Spec, Wanted};

/// Some rows of each sheet.
pub struct Page {
    /// By sheet, in the order of [`sheets`].
    pub sheets: Vec<Vec<Vec<Cell>>>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Json>,
}

/// The tables that the file has, with the columns that were chosen.
pub fn sheets(spec: &Spec) -> Vec<Sheet> {
    let all = whole(&spec.wanted);
    if spec.columns.is_empty() {
        return all;
    }
    all.into_iter().map(|sheet| Sheet { fields: pick(&sheet, spec, sheet.fields.iter().cloned()).into(), ..sheet }).collect()
}

/// The tables of a list with all of their columns.
pub fn whole(wanted: &Wanted) -> Vec<Sheet> {
    match wanted {
        Wanted::Members(_) => vec![members::sheet()],
        Wanted::Orders(_, rows) => orders::sheets(*rows),
        Wanted::Refunds(_) => vec![refunds::sheet()],
        Wanted::Products(_) => vec![products::sheet()],
        Wanted::Settlement(_) => vec![settlement::sheet()],
    }
}

/// Of what stands in the columns of a table that of the chosen ones. Beside money the currency stays: it
/// says how many digits the amounts have.
fn pick<T>(sheet: &Sheet, spec: &Spec, of: impl Iterator<Item = T>) -> Vec<T> {
    let chosen = |field: &Field| spec.columns.iter().any(|c| *c == field.name);
    let money = sheet.fields.iter().any(|f| f.kind == Kind::Money && chosen(f));
    of.zip(sheet.fields.iter()).filter(|(_, f)| chosen(f) || (money && f.name == "currency")).map(|(it, _)| it).collect()
}

/// How many rows there will be, where that is known beforehand.
pub fn total(tx: &mut Tx<'_>, cx: &Ctx, spec: &Spec) -> Result<Option<i64>> {
    if !spec.wanted.filters().is_empty() {
        return Ok(None);
    }
    match &spec.wanted {
        Wanted::Members(_) => members::total(tx, cx).map(Some),
        Wanted::Orders(_, crate::model::Rows::Orders) => orders::total(tx, cx).map(Some),
        _ => Ok(None),
    }
}

/// The page that begins after `after`; the first where that is null.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, spec: &Spec, after: &Json) -> Result<Page> {
    let mut page = match &spec.wanted {
        Wanted::Members(filter) => members::page(tx, cx, filter, spec.clear, after),
        Wanted::Orders(filter, rows) => orders::page(tx, cx, filter, *rows, spec, after),
        Wanted::Refunds(filter) => refunds::page(tx, cx, filter, after),
        Wanted::Products(filter) => products::page(tx, cx, filter, after),
        Wanted::Settlement(filter) => settlement::page(tx, cx, filter, spec, after),
    }?;
    if !spec.columns.is_empty() {
        for (rows, sheet) in page.sheets.iter_mut().zip(whole(&spec.wanted)) {
            for row in rows {
                *row = pick(&sheet, spec, std::mem::take(row).into_iter());
            }
        }
    }
    Ok(page)
}

/// A place in a list, as a page before left it.
fn place<T: serde::de::DeserializeOwned>(after: &Json) -> Result<Option<T>> {
    if after.is_null() { Ok(None) } else { serde_json::from_value(after.clone()).map(Some).map_err(Error::from) }
}

/// Where to go on, if the page was full.
fn next<T: serde::Serialize>(full: bool, last: Option<T>) -> Result<Option<Json>> {
    last.filter(|_| full).map(serde_json::to_value).transpose().map_err(Error::from)
}

fn told(text: Option<&String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}
