//! Products and suppressions.

use super::{Cells, lost_precision};
use crate::contact::{self, Phone};
use crate::field::Field as F;
use crate::reason::Reason;
use crate::record::{Canonical, ProductRecord, SuppressionRecord};

pub(super) fn product(c: &mut Cells<'_>) -> Option<(String, Canonical)> {
    let sku = c.text(F::Sku);
    let product_id = c.text(F::ProductId);
    let Some(key) = sku.clone().or_else(|| product_id.clone()) else {
        c.reasons.push(Reason::of("missing_key"));
        return None;
    };
    if lost_precision(&key) {
        c.reasons.push(Reason::of("order_no_lost_precision"));
        return None;
    }
    let category = c
        .text(F::Category)
        .map(|t| {
            t.split(['>', '/', '＞', '／', '\\', '|', '»'])
                .map(|s| s.trim().trim_matches('-').trim())
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default();
    let p = ProductRecord {
        sku: key.clone(),
        product_id,
        title: c.text(F::Title),
        spec: c.text(F::LineSpec),
        category,
        brand: c.text(F::Brand),
        price: c.amount(F::Price),
        cost: c.amount(F::Cost),
        currency: Some(c.currency),
        stock: c.count(F::Stock, "bad_quantity"),
        barcode: c.text(F::Barcode),
    };
    if let (Some(cost), Some(price)) = (p.cost, p.price)
        && cost > price
        && price > 0
    {
        c.warnings.push(Reason::of("cost_above_price"));
    }
    if p.stock.is_some_and(|s| s < 0) {
        c.warnings.push(Reason::of("negative_stock"));
    }
    Some((key, Canonical::Product(Box::new(p))))
}

pub(super) fn suppression(c: &mut Cells<'_>) -> Option<(String, Canonical)> {
    let Some(text) = c.text(F::SuppressValue) else {
        c.reasons.push(Reason::of("missing_key"));
        return None;
    };
    // A column may only ask whether the address is on the list.
    if c.text(F::SuppressReason).is_some_and(|w| super::order::yes_no(&w) == Some(false)) {
        c.reasons.push(Reason::of("not_suppressed"));
        return None;
    }
    let (channel, value) = if text.contains('@') {
        if !contact::is_email(&text) {
            c.reasons.push(Reason::of("bad_email"));
        }
        ("email", text.clone())
    } else {
        match contact::phone(&text) {
            Phone::Whole(p) | Phone::Landline(p) => ("sms", p),
            _ => {
                c.reasons.push(Reason::of("bad_phone"));
                ("sms", text.clone())
            }
        }
    };
    let r = SuppressionRecord { channel, value, reason: c.text(F::SuppressReason), at: c.time(F::SuppressAt).map(|w| w.at) };
    Some((text, Canonical::Suppression(Box::new(r))))
}
