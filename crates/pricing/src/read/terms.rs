//! What promotions and templates have in common, and the format's small types: instants, rates, scopes.

use std::collections::HashSet;

use shuke_kernel::Instant;

use super::reason::{breaks, form, none_of, out_of_range, twice};
use super::tree::{Node, Object, Result, int, malformed, text};
use crate::offers::{Calendar, Exclusive, Gift, Percent, Replacement, Scope, Terms};
use crate::rate::Rate;

pub(super) fn id_once<'a>(seen: &mut HashSet<&'a str>, id: &'a str, path: impl Fn() -> String) -> Result<()> {
    if seen.insert(id) { Ok(()) } else { malformed(path(), twice(id)) }
}

/// RFC 3339 in UTC, up to microseconds.
pub(super) fn instant(node: &Node, path: String) -> Result<Instant> {
    let shown = text(node, path.clone())?;
    let expected = || {
        form(
            "应为 UTC 时间（RFC 3339，最多到微秒），如 2026-06-10T04:00:00Z",
            "expected an RFC 3339 time in UTC with at most microseconds, such as 2026-06-10T04:00:00Z",
        )
    };
    // What the kernel would take for convenience (other offsets, nanoseconds, a blank for the T) is no time of this format.
    let shape = |b: &[u8]| {
        b.len() >= 20
            && b.iter().take(19).enumerate().all(|(i, c)| match i {
                4 | 7 => *c == b'-',
                10 => *c == b'T',
                13 | 16 => *c == b':',
                _ => c.is_ascii_digit(),
            })
            && &b[17..19] < b"60".as_slice()
    };
    let Some(body) = shown.strip_suffix('Z').or_else(|| shown.strip_suffix("+00:00")) else { return malformed(path, expected()) };
    let fraction = body.get(19..).unwrap_or("");
    let fraction_fits = fraction.is_empty()
        || fraction.strip_prefix('.').is_some_and(|d| (1..=6).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
    if !shape(shown.as_bytes()) || !fraction_fits {
        return malformed(path, expected());
    }
    shown.parse().or_else(|_| malformed(path, expected()))
}

fn opt_instant(o: &Object<'_>, key: &str) -> Result<Option<Instant>> {
    o.get(key).map(|n| instant(n, o.at(key))).transpose()
}

/// `from` and `to`.
pub(super) fn span(o: &Object<'_>) -> Result<(Option<Instant>, Option<Instant>)> {
    Ok((opt_instant(o, "from")?, opt_instant(o, "to")?))
}

pub(super) fn opt_rate(o: &Object<'_>, key: &str) -> Result<Option<Rate>> {
    match o.opt_text(key)? {
        None => Ok(None),
        Some(shown) => shown.parse().map(Some).or_else(|why: &str| {
            let zh = "应为 [0, 1] 之间、最多 18 位小数的字符串，表示要付的比例，如 \"0.85\"";
            o.refuse(key, form(zh, why))
        }),
    }
}

pub(super) fn rate(o: &Object<'_>, key: &str) -> Result<Rate> {
    o.needed(key)?;
    Ok(opt_rate(o, key)?.unwrap_or(Rate::ONE))
}

pub(super) fn percent(o: &Object<'_>) -> Result<Percent> {
    Ok(Percent { pay_rate: rate(o, "pay_rate")?, cap: o.opt_fen("cap")? })
}

pub(super) fn gifts(o: &Object<'_>) -> Result<Vec<Gift>> {
    let gifts = o.list("gifts", |node, path| {
        let g = Object::of(node, path)?;
        let gift = Gift { sku: g.text("sku")?, qty: g.from("qty", 1)?, value: g.fen("value")?, stock_left: g.opt_fen("stock_left")? };
        if gift.qty.checked_mul(gift.value).is_none_or(|v| v > 1 << 60) {
            return g.refuse("value", out_of_range("合计金额过大，无法计算", "the pieces come to more than can be reckoned with"));
        }
        g.end()?;
        Ok(gift)
    })?;
    if gifts.is_empty() { o.refuse("gifts", breaks("没有写赠品", "names no gift")) } else { Ok(gifts) }
}

fn texts(o: &Object<'_>, key: &str) -> Result<Option<Vec<String>>> {
    o.opt_list(key, text)
}

/// The keys that every promotion and template may have.
pub(super) fn terms(o: &Object<'_>) -> Result<Terms> {
    let (from, to) = span(o)?;
    let calendar = match o.get("calendar") {
        Some(node) => calendar(node, o.at("calendar"))?,
        None => Calendar::default(),
    };
    let scope = match o.get("scope") {
        Some(node) => scope(node, o.at("scope"))?,
        None => Scope::default(),
    };
    let words = [("none", Exclusive::None), ("order", Exclusive::Order), ("line", Exclusive::Line)];
    Ok(Terms {
        priority: o.opt_int("priority")?.unwrap_or(0),
        group: o.opt_text("group")?,
        exclusive: o.opt_word("exclusive", &words)?.unwrap_or(Exclusive::None),
        from,
        to,
        calendar,
        members_only: o.opt_bool("members_only")?.unwrap_or(false),
        tiers: texts(o, "tiers")?,
        segments: texts(o, "segments")?,
        per_member: o.opt_fen("per_member")?,
        quota_left: o.opt_fen("quota_left")?,
        min_amount: o.opt_fen("min_amount")?.unwrap_or(0),
        min_qty: o.opt_fen("min_qty")?.unwrap_or(0),
        max_weight_g: o.opt_fen("max_weight_g")?,
        scope,
    })
}

fn calendar(node: &Node, path: String) -> Result<Calendar> {
    let o = Object::of(node, path)?;
    let within = |key: &str, most: i64| {
        o.opt_list(key, |node, path| match int(node, path.clone())? {
            day if (1..=most).contains(&day) => Ok(day),
            day => malformed(path, out_of_range(format!("应为 1 到 {most}，现在是 {day}"), format!("expected 1 to {most}, found {day}"))),
        })
    };
    let (weekdays, month_days) = (within("weekdays", 7)?, within("month_days", 31)?);
    let hours = match o.opt_list("hours", clock)?.as_deref() {
        None => None,
        Some([from, to]) => Some((*from, *to)),
        Some(_) => {
            let zh = "应为起止两个时刻，如 [\"20:00\", \"22:00\"]";
            return o.refuse("hours", form(zh, "expected two times of day, such as [\"20:00\", \"22:00\"]"));
        }
    };
    o.end()?;
    Ok(Calendar { weekdays, month_days, hours })
}

/// Minutes since midnight of `HH:MM`; `24:00` is the end of the day.
fn clock(node: &Node, path: String) -> Result<i64> {
    let shown = text(node, path.clone())?;
    let minutes = match shown.as_bytes() {
        [h1, h2, b':', m1, m2] if [h1, h2, m1, m2].iter().all(|d| d.is_ascii_digit()) => {
            let two = |a: &u8, b: &u8| i64::from(a - b'0') * 10 + i64::from(b - b'0');
            let (hour, minute) = (two(h1, h2), two(m1, m2));
            (hour < 24 && minute < 60 || hour == 24 && minute == 0).then_some(hour * 60 + minute)
        }
        _ => None,
    };
    let none = || form(format!("“{shown}”不是时刻，应如 20:00"), format!("`{shown}` is no time of day such as 20:00"));
    minutes.map_or_else(|| malformed(path, none()), Ok)
}

fn scope(node: &Node, path: String) -> Result<Scope> {
    let o = Object::of(node, path)?;
    let not_replaced_by = o.opt_list("not_replaced_by", |node, path| match text(node, path.clone())?.as_str() {
        "member_price" => Ok(Replacement::MemberPrice),
        "flash_price" => Ok(Replacement::FlashPrice),
        other => malformed(path, none_of(other, "member_price, flash_price")),
    })?;
    let scope = Scope {
        skus: texts(&o, "skus")?,
        categories: texts(&o, "categories")?,
        exclude_skus: texts(&o, "exclude_skus")?.unwrap_or_default(),
        exclude_categories: texts(&o, "exclude_categories")?.unwrap_or_default(),
        not_replaced_by: not_replaced_by.unwrap_or_default(),
    };
    o.end()?;
    Ok(scope)
}
