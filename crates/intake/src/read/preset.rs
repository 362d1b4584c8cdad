//! Two public data sets whose files come as they are: invoices with a line a row, where `C…` cancels,
//! and purchases without order numbers.

use shuke_kernel::Instant;

use super::{Cells, order};
use crate::amount;
use crate::field::Field as F;
use crate::reason::Reason;
use crate::record::{Buyer, Canonical, Line, LineRole, OrderRecord, Part, RefundRecord};
use crate::status::State;

/// CDNOW's master file has no order numbers: customer, day, pieces and amount make a stable one.
pub(super) fn derived(c: &mut Cells<'_>) -> Option<(String, Canonical)> {
    let customer = c.text(F::CustomerId);
    let at = c.time(F::CreatedAt);
    let (amount, qty) = (c.amount(F::Paid), c.count(F::Quantity, "bad_quantity"));
    let Some(customer) = customer else {
        c.reasons.push(Reason::of("missing_key"));
        return None;
    };
    let (at, amount) = (at?.at, amount?);
    let day = c.text(F::CreatedAt).unwrap_or_default().replace('-', "");
    let no = format!("{customer}-{day}-{}-{amount}", qty.unwrap_or(0));
    let o = OrderRecord {
        order_no: no.clone(),
        platform: c.layout.platform.clone(),
        state: Some(State::Completed),
        currency: Some(c.currency),
        paid: Some(amount),
        paid_stated: Some(amount),
        refund: Some(0),
        net_paid: Some(amount),
        created_at: Some(at),
        qty_total: qty,
        buyer: Buyer { customer_id: Some(customer), ..Buyer::default() },
        ..OrderRecord::default()
    };
    Some((no, Canonical::Order(Box::new(o))))
}

/// A line of an invoice file: `C…` is a cancellation, which is a refund; `A…` adjusts a debt.
pub(super) fn invoice(c: &mut Cells<'_>, no: String) -> Option<(String, Canonical)> {
    let at: Option<Instant> = c.time(F::CreatedAt).map(|w| w.at);
    let code = c.text(F::LineCode);
    let qty = c.text(F::Quantity).and_then(|q| amount::whole(&q));
    let price_text = c.text(F::UnitPrice);
    let cancel = no.starts_with(['C', 'c']);
    let Some(qty) = qty.filter(|q| *q != 0) else {
        c.blame("bad_quantity", F::Quantity);
        return None;
    };
    // Prices have up to three places: reckon in thousandths, round the line once, half up.
    let milli = price_text.as_deref().map(|p| amount::signed(p, c.currency.digits() + 1));
    let milli = match milli {
        Some(Ok((v, _))) => v,
        _ => {
            c.blame("bad_amount", F::UnitPrice);
            return None;
        }
    };
    if milli < 0 || (!cancel && qty < 0) || no.starts_with(['A', 'a']) {
        c.reasons.push(Reason::of("not_an_order"));
        return Some((no, Canonical::Order(Box::default())));
    }
    let value = milli.checked_mul(qty.abs()).map(|v| (v + 5) / 10);
    let role = match code.as_deref().map(str::to_uppercase).as_deref() {
        Some("POST" | "DOT" | "C2") => LineRole::Shipping,
        Some("D") => LineRole::Discount,
        Some("M" | "BANK CHARGES" | "AMAZONFEE" | "CRUK" | "S" | "B" | "PADS" | "ADJUST" | "ADJUST2" | "TEST001" | "TEST002") => {
            LineRole::Fee
        }
        _ if milli == 0 => LineRole::Gift,
        _ => LineRole::Goods,
    };
    let line = Line {
        title: c.text(F::LineTitle),
        code,
        qty: qty.abs(),
        unit_price: Some((milli + 5) / 10),
        unit_price_exact: price_text.filter(|_| milli % 10 != 0),
        list: value,
        paid: value,
        state: Some(State::Completed),
        role,
        ..Line::default()
    };
    let buyer = order::buyer(c);
    let platform = c.layout.platform.clone();
    if cancel {
        let r = RefundRecord {
            refund_no: no.clone(),
            platform,
            order_no: None,
            at,
            currency: Some(c.currency),
            amount: value.unwrap_or(0),
            buyer,
            line,
        };
        return Some((no, Canonical::Refund(Box::new(r))));
    }
    let shipping = if role == LineRole::Shipping { value } else { Some(0) };
    let mut o = OrderRecord {
        order_no: no.clone(),
        platform,
        part: Part::LineSummed,
        state: Some(State::Completed),
        currency: Some(c.currency),
        goods_list: value,
        shipping,
        paid: value,
        paid_stated: value,
        refund: Some(0),
        created_at: at,
        buyer,
        lines: vec![line],
        ..OrderRecord::default()
    };
    o.receiver.country = c.text(F::Country);
    o.net_paid = o.net();
    Some((no, Canonical::Order(Box::new(o))))
}
