//! What a staged file would bring: how many of its orders are here already and how many are new. Whether one that is
//! here changes only loading tells, which says so afterwards.

use std::collections::HashSet;

use shuke_kernel::{Ctx, Result};
use shuke_store::{Store, args};

use super::model::ImportRun;
use super::{job, sql, staging};
use crate::{Canonical, Source, Verdict};

/// Orders of a file that are looked at; of a larger file its first ones.
pub const MOST: usize = 100_000;
/// Orders that are looked up at once.
const STEP: usize = 500;

/// How many orders of a file are new.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Foreseen {
    /// Not here yet.
    pub new: i64,
    /// Here already.
    pub known: i64,
    /// Whether these are all: the file has no more than [`MOST`].
    pub is_whole: bool,
}

/// Reads a staged file for its orders; `None` where it has none, or cannot be opened any more: loading it tells why.
pub fn orders(store: &Store, cx: &Ctx, run: &ImportRun, file: i64) -> Result<Option<Foreseen>> {
    let Some(file) = run.files.iter().find(|f| f.file == file) else { return Ok(None) };
    let (m, whole) = (cx.merchant, run.clone());
    let origin = store.read_now(move |tx| job::origin(tx, m, &whole))?;
    let input = staging::input(store, m, run.id, file);
    let Ok(mut source) = Source::open(&input, file.mapping.as_ref(), cx.now) else { return Ok(None) };
    let mut orders: HashSet<(String, String)> = HashSet::new();
    let mut is_whole = true;
    for record in source.by_ref().filter(|r| r.verdict == Verdict::Good) {
        let (platform, number) = match record.canonical {
            Some(Canonical::Order(o)) => (o.platform, o.order_no),
            Some(Canonical::Item(i)) => (i.platform, i.order_no),
            _ => continue,
        };
        let order = (origin.numbers(&platform), number);
        if orders.len() >= MOST && !orders.contains(&order) {
            is_whole = false;
            break;
        }
        orders.insert(order);
    }
    // One that breaks off has more than could be read.
    is_whole &= source.failure().is_none();
    if orders.is_empty() {
        return Ok(None);
    }
    let mut by_source: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for (source, number) in orders {
        by_source.entry(source).or_default().push(number);
    }
    let mut found = Foreseen { is_whole, ..Foreseen::default() };
    for (source, numbers) in by_source {
        for some in numbers.chunks(STEP) {
            let (source, asked) = (source.clone(), some.to_vec());
            let known: i64 = store.read_now(move |tx| tx.one(sql::KNOWN_ORDERS, args![m, &source, asked.clone()])?.get(0))?;
            found.known += known;
            found.new += some.len() as i64 - known;
        }
    }
    Ok(Some(found))
}
