//! The rules of orders as examples, and the laws of the fold.

mod counting;
mod examples;
mod far;
mod laws;
mod nameless;
mod number;
mod settings;
mod settled;
mod stored;

use shuke_kernel::Instant;

use super::fold::{Statement, fold};
use super::observation::*;
use super::state::{OrderState, Terms};

/// Midnight of that day in November 2026, plus hours.
pub(super) fn at(day: i64, hour: i64) -> Option<Instant> {
    Some(Instant(1_793_491_200_000_000).plus_seconds((day - 1) * 86_400 + hour * 3600))
}

/// A statement about order 1 at Taobao.
pub(super) fn said(doc: Doc) -> Observation {
    Observation { source: "taobao".into(), source_id: "1".into(), doc, ..Observation::default() }
}

/// A line of goods.
pub(super) fn goods(sku: &str, quantity: i64, unit_price: i64) -> LineSaid {
    LineSaid { sku: Some(sku.into()), title: Some(format!("title {sku}")), quantity, unit_price: Some(unit_price), ..LineSaid::default() }
}

/// The set of these statements, each once.
pub(super) fn set(all: &[Observation]) -> Vec<Statement<'static>> {
    let mut out: Vec<Statement<'static>> = Vec::new();
    for o in all {
        let note = o.clone().note().unwrap_or_else(|e| panic!("{}", e.text(false)));
        match out.iter_mut().find(|s| s.hash == note.hash) {
            Some(s) => {
                s.imports.extend(note.said.import);
                s.imports.sort_unstable();
                s.imports.dedup();
            }
            None => out.push(Statement {
                hash: note.hash,
                heard: note.said.heard,
                imports: note.said.import.into_iter().collect(),
                said: std::borrow::Cow::Owned(note.said.clone()),
            }),
        }
    }
    out
}

/// What they make.
pub(super) fn order(all: &[Observation]) -> OrderState {
    fold(&Terms::default(), "taobao", "1", &set(all)).unwrap_or_else(|| panic!("there is no order"))
}
