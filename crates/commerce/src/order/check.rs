//! What an observation may say. A refusal names the field by its path, as the API's caller or the
//! reader of a file knows it.

use shuke_kernel::{Code, Kind, Refusal};
use shuke_members::identity::KeyKind;

use super::observation::{Discount, LineSaid, Observation, RefundSaid};

/// No amount is larger, so that sums of a thousand lines cannot overflow.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000_000;
/// No line has more pieces.
pub const MAX_QUANTITY: i64 = 1_000_000_000;
/// No order has more lines.
pub const MAX_LINES: usize = 1000;

/// A required field is missing or empty.
pub static MISSING: Code =
    Code { code: "order.missing_field", kind: Kind::Invalid, zh: "缺少必填字段。", en: "This field is required." };
/// A text is too long.
pub static TOO_LONG: Code = Code {
    code: "order.text_too_long",
    kind: Kind::Invalid,
    zh: "文字太长（最多 {max} 个字符）。",
    en: "This text is too long ({max} characters at most).",
};
/// An amount is negative.
pub static NEGATIVE: Code = Code {
    code: "order.negative_amount",
    kind: Kind::Invalid,
    zh: "金额不能为负数；退款请用 refunded 或退款单。",
    en: "An amount must not be negative; say what was given back in `refunded` or as a refund.",
};
/// An amount or quantity is beyond reason.
pub static OUT_OF_RANGE: Code = Code {
    code: "order.out_of_range",
    kind: Kind::Invalid,
    zh: "数值超出范围（最大 {max}）。",
    en: "This number is out of range ({max} at most).",
};
/// A quantity is not positive.
pub static BAD_QUANTITY: Code =
    Code {
        code: "order.bad_quantity", kind: Kind::Invalid, zh: "数量必须是正整数。", en: "A quantity must be a positive whole number."
    };
/// A time lies before one that it must follow.
pub static TIME_ORDER: Code = Code {
    code: "order.time_order",
    kind: Kind::Invalid,
    zh: "时间早于下单时间，请核对。",
    en: "This time lies before the order was placed; check both.",
};
/// A time is beyond reason.
pub static BAD_TIME: Code = Code {
    code: "order.impossible_time",
    kind: Kind::Invalid,
    zh: "时间不在 1990 到 2200 年之间。",
    en: "This time does not lie between 1990 and 2200.",
};
/// More went back than was paid.
pub static REFUND_EXCEEDS: Code =
    Code {
        code: "order.refund_exceeds_paid", kind: Kind::Invalid, zh: "退款金额大于实付金额。", en: "More was given back than was paid."
    };
/// Too many lines.
pub static TOO_MANY_LINES: Code =
    Code {
        code: "order.too_many_lines", kind: Kind::Invalid, zh: "一个订单最多 {max} 行。", en: "An order has {max} lines at most."
    };
/// The record is too large.
pub static TOO_LARGE: Code =
    Code { code: "order.too_large", kind: Kind::Invalid, zh: "这条记录太大。", en: "This record is too large." };
/// Two lines have the same id.
pub static SAME_LINE: Code =
    Code { code: "order.same_line_id", kind: Kind::Invalid, zh: "两行的编号相同。", en: "Two lines have the same id." };
/// A kind of key that does not exist.
pub static UNKNOWN_KEY: Code = Code {
    code: "order.unknown_key_kind",
    kind: Kind::Invalid,
    zh: "未知的买家标识类型 {kind}。",
    en: "There is no kind of key `{kind}`.",
};

/// 1990-01-01 and 2200-01-01, in microseconds.
const EARLIEST: i64 = 631_152_000_000_000;
const LATEST: i64 = 7_258_118_400_000_000;

type Checked = Result<(), Refusal>;

fn amount(field: &str, value: Option<i64>) -> Checked {
    match value {
        Some(x) if x < 0 => Err(NEGATIVE.at(field)),
        Some(x) if x > MAX_AMOUNT => Err(OUT_OF_RANGE.at(field).with("max", MAX_AMOUNT)),
        _ => Ok(()),
    }
}

fn text(field: &str, value: Option<&String>, max: usize) -> Checked {
    match value {
        // Bytes bound characters, so the common case costs nothing.
        Some(t) if t.len() > max && t.chars().count() > max => Err(TOO_LONG.at(field).with("max", max)),
        _ => Ok(()),
    }
}

fn required(field: &str, value: &str, max: usize) -> Checked {
    if value.trim().is_empty() {
        return Err(MISSING.at(field));
    }
    if value.chars().count() > max {
        return Err(TOO_LONG.at(field).with("max", max));
    }
    Ok(())
}

fn discounts(field: &str, list: &[Discount]) -> Checked {
    if list.len() > 200 {
        return Err(TOO_MANY_LINES.at(field).with("max", 200));
    }
    for (i, d) in list.iter().enumerate() {
        if !(0..=MAX_AMOUNT).contains(&d.amount) {
            return amount(&format!("{field}[{i}].amount"), Some(d.amount));
        }
        if d.name.len() > 200 {
            text(&format!("{field}[{i}].name"), Some(&d.name), 200)?;
        }
    }
    Ok(())
}

/// Checks one observation.
pub fn check(o: &Observation) -> Checked {
    required("source", &o.source, 100)?;
    required("source_id", &o.source_id, 200)?;
    for (field, value) in [
        ("goods_list", o.goods_list),
        ("goods_after_discount", o.goods_after_discount),
        ("shipping", o.shipping),
        ("tax", o.tax),
        ("paid", o.paid),
        ("points_cash", o.points_cash),
        ("bonus_credit", o.bonus_credit),
        ("deposit", o.deposit),
        ("balance", o.balance),
        ("refunded", o.refunded),
    ] {
        amount(field, value)?;
    }
    // What the merchant received may be below zero: a platform can take fees of a refunded order.
    if o.merchant_received.is_some_and(|x| x.abs() > MAX_AMOUNT) {
        return Err(OUT_OF_RANGE.at("merchant_received").with("max", MAX_AMOUNT));
    }
    if let (Some(paid), Some(refunded)) = (o.paid, o.refunded)
        && refunded > paid
    {
        return Err(REFUND_EXCEEDS.at("refunded"));
    }
    if o.quantity.is_some_and(|q| !(0..=MAX_QUANTITY).contains(&q)) {
        return Err(BAD_QUANTITY.at("quantity"));
    }
    if let Some(list) = &o.discounts {
        discounts("discounts", list)?;
    }
    times(o)?;
    for (field, value, max) in [
        ("platform", &o.platform, 60),
        ("shop", &o.shop, 200),
        ("entity", &o.entity, 200),
        ("platform_status", &o.platform_status, 200),
        ("payment_method", &o.payment_method, 200),
        ("channel", &o.channel, 200),
        ("discount_code", &o.discount_code, 500),
        ("close_reason", &o.close_reason, 500),
        ("carrier", &o.carrier, 200),
        ("tracking_no", &o.tracking_no, 500),
        ("titles", &o.titles, 4000),
        ("buyer.nick", &o.buyer_nick, 200),
        ("buyer_memo", &o.buyer_memo, 4000),
        ("seller_memo", &o.seller_memo, 4000),
    ] {
        text(field, value.as_ref(), max)?;
    }
    if let Some(r) = &o.receiver {
        for (field, value) in [
            ("receiver.name", &r.name),
            ("receiver.phone", &r.phone),
            ("receiver.tel", &r.tel),
            ("receiver.country", &r.country),
            ("receiver.province", &r.province),
            ("receiver.city", &r.city),
            ("receiver.district", &r.district),
            ("receiver.address", &r.address),
            ("receiver.zip", &r.zip),
        ] {
            text(field, value.as_ref(), 1000)?;
        }
    }
    if o.buyer.len() > 50 {
        return Err(TOO_MANY_LINES.at("buyer.keys").with("max", 50));
    }
    for (i, key) in o.buyer.iter().enumerate() {
        if KeyKind::from_word(&key.kind).is_none() {
            return Err(UNKNOWN_KEY.at(format!("buyer.keys[{i}].kind")).with("kind", &key.kind));
        }
        if key.value.len() > 400 || key.namespace.len() > 200 {
            return Err(TOO_LONG.at(format!("buyer.keys[{i}].value")).with("max", 400));
        }
    }
    if o.flags.len() > 50 || o.flags.iter().any(|f| f.len() > 100) {
        return Err(TOO_LONG.at("flags").with("max", 100));
    }
    lines(o)?;
    o.refund.as_ref().map_or(Ok(()), |r| refund(r))
}

fn times(o: &Observation) -> Checked {
    let all = [
        ("source_time", o.source_time),
        ("created_at", o.created_at),
        ("paid_at", o.paid_at),
        ("shipped_at", o.shipped_at),
        ("delivered_at", o.delivered_at),
        ("completed_at", o.completed_at),
        ("closed_at", o.closed_at),
    ];
    for (field, t) in all {
        if t.is_some_and(|t| !(EARLIEST..LATEST).contains(&t.micros())) {
            return Err(BAD_TIME.at(field));
        }
    }
    let Some(created) = o.created_at else { return Ok(()) };
    for (field, t) in &all[2..] {
        if t.is_some_and(|t| t < created) {
            return Err(TIME_ORDER.at(*field));
        }
    }
    Ok(())
}

fn lines(o: &Observation) -> Checked {
    if o.lines.len() > MAX_LINES {
        return Err(TOO_MANY_LINES.at("lines").with("max", MAX_LINES));
    }
    let mut ids = std::collections::HashSet::new();
    for (i, l) in o.lines.iter().enumerate() {
        line(i, l)?;
        if let Some(id) = &l.id
            && !ids.insert(id.as_str())
        {
            return Err(SAME_LINE.at(format!("lines[{i}].id")));
        }
    }
    Ok(())
}

fn line(i: usize, l: &LineSaid) -> Checked {
    let at = |field: &str| format!("lines[{i}].{field}");
    if l.quantity < 1 {
        return Err(BAD_QUANTITY.at(at("quantity")));
    }
    if l.quantity > MAX_QUANTITY {
        return Err(OUT_OF_RANGE.at(at("quantity")).with("max", MAX_QUANTITY));
    }
    for (field, value) in [("unit_price", l.unit_price), ("list", l.list), ("paid", l.paid), ("refunded", l.refunded)] {
        // A discount or adjustment that a source books as a line stands below zero.
        let value = if l.role.is_goods() { value } else { value.map(|v| v.saturating_abs()) };
        if value.is_some_and(|v| !(0..=MAX_AMOUNT).contains(&v)) {
            amount(&at(field), value)?;
        }
    }
    if l.unit_price.is_some_and(|p| i128::from(p).abs() * i128::from(l.quantity) > i128::from(MAX_AMOUNT)) {
        return Err(OUT_OF_RANGE.at(at("unit_price")).with("max", MAX_AMOUNT));
    }
    if let (Some(paid), Some(refunded)) = (l.paid, l.refunded)
        && l.role.is_goods()
        && refunded > paid
    {
        return Err(REFUND_EXCEEDS.at(at("refunded")));
    }
    for (field, value, max) in [
        ("id", &l.id, 200),
        ("sku", &l.sku, 200),
        ("outer_code", &l.outer_code, 200),
        ("product_id", &l.product_id, 200),
        ("title", &l.title, 500),
        ("spec", &l.spec, 500),
        ("category", &l.category, 500),
        ("after_sale", &l.after_sale, 200),
    ] {
        if value.as_ref().is_some_and(|v| v.len() > max) {
            text(&at(field), value.as_ref(), max)?;
        }
    }
    if l.discounts.is_empty() { Ok(()) } else { discounts(&at("discounts"), &l.discounts) }
}

/// Checks a refund.
pub fn refund(r: &RefundSaid) -> Checked {
    required("refund.id", &r.source_id, 200)?;
    if let Some(source) = &r.source {
        required("refund.source", source, 100)?;
    }
    amount("refund.amount", r.amount)?;
    amount("refund.shipping", Some(r.shipping))?;
    text("refund.reason", r.reason.as_ref(), 500)?;
    if r.at.is_some_and(|t| !(EARLIEST..LATEST).contains(&t.micros())) {
        return Err(BAD_TIME.at("refund.at"));
    }
    if r.lines.len() > MAX_LINES {
        return Err(TOO_MANY_LINES.at("refund.lines").with("max", MAX_LINES));
    }
    let mut named = r.shipping;
    for (i, l) in r.lines.iter().enumerate() {
        if !(0..=MAX_QUANTITY).contains(&l.quantity) {
            return Err(BAD_QUANTITY.at(format!("refund.lines[{i}].quantity")));
        }
        amount(&format!("refund.lines[{i}].amount"), l.amount)?;
        named = named.saturating_add(l.amount.unwrap_or(0));
    }
    match r.amount {
        Some(all) if named > all => Err(REFUND_EXCEEDS.at("refund.lines")),
        _ => Ok(()),
    }
}
