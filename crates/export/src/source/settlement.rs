//! Orders whose settlement is not what was expected.

use serde_json::Value as Json;
use shuke_commerce::order::OrderId;
use shuke_commerce::settlement::service::{self, Part, Window};
use shuke_commerce::settlement::{Reason, tables};
use shuke_kernel::{Ctx, Currency, Error, Instant, Result};
use shuke_sheets::Sheet;
use shuke_store::Tx;

use super::{Page, place};
use crate::model::{SettlementFilter, Spec};

pub(super) fn sheet() -> Sheet {
    tables::orders()
}

pub(super) fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &SettlementFilter, spec: &Spec, after: &Json) -> Result<Page> {
    let (Some(from), Some(to)) = (asked.from, asked.to) else { return Err(Error::fault("a settlement without its window")) };
    let currency = asked.currency.unwrap_or(Currency::CNY);
    let window = Window { from, to, zone: spec.zone.clone(), currency };
    let found = window.asked(asked.platform.as_deref().unwrap_or_default(), asked.shop.as_deref().unwrap_or_default());
    let Some((_, of)) = found else { return Err(Error::fault("a settlement of no zone")) };
    let reason = asked.reason.as_deref().and_then(Reason::from_word);
    let start: Option<(i64, OrderId)> = place(after)?;
    let page = service::page(tx, cx, &of, start.map(|(at, id)| (Instant(at), *id.bytes())))?;
    let next = super::next(true, page.next.map(|(at, id)| (at.micros(), OrderId::from_bytes(id))))?;
    let part = asked.part.as_deref().and_then(Part::from_word);
    let rows = page.rows.iter().filter(|row| row.is_in(part, reason)).map(|r| tables::order(r, currency.code(), spec.zh)).collect();
    Ok(Page { sheets: vec![rows], next })
}
