//! Lines that an item report tells: they join the orders of an order report, in either order of arrival.

use super::{Cells, order};
use crate::cell;
use crate::field::Field as F;
use crate::formats::Words;
use crate::reason::Reason;
use crate::record::{ItemRecord, LineRole};
use crate::status::{self, AfterSale, State};

pub(super) fn read(c: &mut Cells<'_>) -> Option<ItemRecord> {
    let no = order::number(c);
    let word = c.text(F::Status);
    let mut state = None;
    match &word {
        None if c.layout.has(F::Status) => c.reasons.push(Reason::of("missing_status")),
        None => {}
        Some(w) => match if c.layout.words == Words::Woo { status::woo(w) } else { status::meaning(w) } {
            None => c.reasons.push(Reason::about("unknown_status", w)),
            Some(m) => {
                state = m.state;
                if let Some(w) = m.warn {
                    c.warnings.push(Reason::of(w));
                }
            }
        },
    }
    let shipped_at = c.time(F::ShippedAt).map(|w| w.at);
    let mut line = order::line(c, None);
    let no = no?;
    let mut line = line.take()?;
    line.state = state;
    let word_after = line.after_sale.clone().unwrap_or_default();
    let after = status::after_sale(&word_after);
    if line.paid.is_some() && state == Some(State::Created) {
        line.paid = Some(0);
    }
    let untold = matches!(after, AfterSale::Unknown | AfterSale::Partial);
    if c.layout.has(F::LineRefund) && line.refund.is_none() && cell::clean(&c.raw(F::LineRefund)).is_empty() && !untold {
        line.refund = Some(0);
    }
    match after {
        AfterSale::Unknown => c.warnings.push(Reason::about("unknown_after_sale", &word_after)),
        AfterSale::Partial if line.refund.is_none() => c.warnings.push(Reason::of("refund_amount_unknown")),
        // What was asked for stands beside a request that was closed or is not decided yet.
        AfterSale::None | AfterSale::InProgress
            if !word_after.is_empty() && line.refund.is_some_and(|r| r > 0) && !c.layout.name_of(F::LineRefund).contains("已退") =>
        {
            c.mention("refund_not_given", F::LineRefund);
            line.refund = Some(0);
        }
        _ => {}
    }
    if after == AfterSale::Refunded && line.refund.is_none_or(|r| r == 0) && line.paid.is_some_and(|p| p > 0) {
        line.refund = line.paid;
        line.estimated = true;
    }
    if let (Some(r), Some(p)) = (line.refund, line.paid)
        && r > p
        && c.reasons.is_empty()
    {
        c.reasons.push(Reason::of("refund_exceeds_paid"));
    }
    if line.role == LineRole::Gift {
        c.warnings.push(Reason::of("gift_line"));
    }
    Some(ItemRecord {
        order_no: no,
        platform: order::platform(c),
        index_in_order: 0,
        state,
        platform_status: word,
        currency: Some(c.currency),
        shipped_at,
        line,
    })
}
