//! Orders that an ERP has merged to send them together: one row names several order numbers. Where the
//! row is a line that says which order it is of and what was paid for it, it is a line of that order;
//! any other row cannot be divided and says so.

use super::Cells;
use crate::cell;
use crate::field::Field as F;
use crate::record::{OrderRecord, Part};

/// What an order number's cell holds.
pub(super) enum Merged {
    /// One number.
    No,
    /// Several; the row is a line of this one.
    Line(String),
    /// Several, and nothing divides them.
    Unknown,
}

/// Numbers of platforms have more characters than this, and most of them are digits.
const SHORT: usize = 8;

fn pieces<'a>(c: &Cells<'_>, text: &'a str) -> Vec<&'a str> {
    let is_number = |p: &&str| {
        let digits = p.bytes().filter(u8::is_ascii_digit).count();
        p.len() >= SHORT && digits * 2 > p.len() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let divided = |by: &[char]| -> Vec<&'a str> { text.split(by).map(str::trim).filter(|p| !p.is_empty()).collect() };
    let listed = divided(&[',', '，', ';', '；', '、', '\n']);
    // In an ERP's column of platform numbers a comma can be nothing else.
    if listed.len() > 1 && (c.layout.platform == "erp" || listed.iter().all(is_number)) {
        return listed;
    }
    let all = divided(&[',', '，', ';', '；', '、', '\n', '|', '/', '+', ' ']);
    if all.len() > 1 && all.iter().all(is_number) { all } else { vec![text] }
}

/// Whether a cell holds several order numbers.
pub(super) fn is_several(c: &Cells<'_>, text: &str) -> bool {
    pieces(c, text).len() > 1
}

/// What the cell of an order number holds.
pub(super) fn of(c: &Cells<'_>, text: &str) -> Merged {
    let pieces = pieces(c, text);
    if pieces.len() < 2 {
        return Merged::No;
    }
    if pieces.iter().all(|p| *p == pieces[0]) {
        return Merged::Line(pieces[0].to_owned());
    }
    let own = c.text(F::LineOrderNo).filter(|own| pieces.contains(&own.as_str()));
    let is_nought = |f: F| {
        let raw = c.raw(f);
        let text = cell::clean(&raw);
        text.is_empty() || text.bytes().all(|b| matches!(b, b'0' | b'.'))
    };
    // Postage of what was sent together is nobody's.
    match own {
        Some(own) if !cell::clean(&c.raw(F::LinePaid)).is_empty() && is_nought(F::Shipping) => Merged::Line(own),
        _ => Merged::Unknown,
    }
}

/// Leaves of the amounts of a merged row what is the line's own.
pub(super) fn share(c: &mut Cells<'_>, o: &mut OrderRecord) {
    if !c.layout.has(F::LineOrderNo) {
        return;
    }
    o.part = Part::LineSummed;
    o.paid_stated = super::order::share(c);
    (o.order_total, o.goods_list, o.goods_after_discount, o.qty_total) = (None, None, None, None);
    (o.refund, o.merchant_received, o.tax, o.parcel) = (None, None, None, None);
    o.shipping = Some(0);
    o.discounts.clear();
}
