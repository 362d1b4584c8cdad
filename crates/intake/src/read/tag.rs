//! Tags of members.

use super::{Cells, lost_precision};
use crate::cell;
use crate::contact::{self, Phone};
use crate::field::Field as F;
use crate::reason::Reason;
use crate::record::{Canonical, TagRecord};
use crate::when;

/// Characters that a tag, a category or a source can have.
const LONGEST: usize = 40;
/// Decimals of a score that are kept.
const DECIMALS: u32 = 6;

/// Words for what has no end.
const ENDLESS: &[&str] = &["长期", "长期有效", "永久", "永久有效", "无", "不限", "forever", "never"];

pub(super) fn read(c: &mut Cells<'_>) -> Option<(String, Canonical)> {
    let platform = super::order::platform(c);
    let somebody = |text: &String| !cell::names_nobody(text);
    let mut r = TagRecord {
        platform: Some(platform).filter(|p| p != "plain"),
        own_id: c.text(F::OwnId).filter(somebody),
        open_id: c.text(F::OpenId).filter(|s| somebody(s) && !contact::is_masked(s)),
        account: c.text(F::Nick).filter(|s| somebody(s) && !contact::is_masked(s)),
        ..TagRecord::default()
    };
    match c.text(F::Phone).map(|t| contact::phone(&t)) {
        Some(Phone::Whole(number)) => r.phone = Some(number),
        Some(Phone::Bad(t)) if lost_precision(&t) => c.reasons.push(Reason::of("order_no_lost_precision")),
        Some(Phone::Bad(_)) => c.reasons.push(Reason::of("bad_phone")),
        _ => {}
    }
    match c.text(F::Email).filter(somebody) {
        Some(e) if contact::is_email(&e) => r.email = Some(e),
        Some(e) if !contact::is_masked(&e) => c.reasons.push(Reason::of("bad_email")),
        _ => {}
    }
    let keys = [&r.own_id, &r.open_id, &r.phone, &r.email, &r.account];
    let Some(key) = keys.into_iter().flatten().next().cloned() else {
        if c.reasons.is_empty() {
            c.reasons.push(Reason::of("missing_key"));
        }
        return None;
    };
    if lost_precision(&key) {
        c.reasons.push(Reason::of("order_no_lost_precision"));
        return None;
    }
    let said = c.text(F::Tags).unwrap_or_default();
    r.tags = said.split([',', ';', '，', '；', '、', '|']).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
    if r.tags.is_empty() {
        c.reasons.push(Reason::of("missing_tag"));
    }
    r.category = c.text(F::TagCategory);
    r.source = c.text(F::TagSource);
    let is_long = |t: &String| t.chars().count() > LONGEST || t.chars().any(char::is_control);
    let long = [
        (F::Tags, r.tags.iter().any(is_long)),
        (F::TagCategory, r.category.iter().any(is_long)),
        (F::TagSource, r.source.iter().any(is_long)),
    ];
    for (field, _) in long.into_iter().filter(|(_, is_long)| *is_long) {
        c.blame("bad_tag", field);
    }
    if let Some(text) = c.text(F::TagScore) {
        match score(&text) {
            Some(score) => r.score = Some(score),
            None => c.blame("bad_score", F::TagScore),
        }
    }
    // What is valid until a day is valid on that day. Platforms write a far year, or a word, for what has no end.
    let is_endless = c.text(F::TagUntil).is_some_and(|t| ENDLESS.contains(&t.as_str()) || t.starts_with("2999") || t.starts_with("9999"));
    let until = if is_endless { None } else { c.time(F::TagUntil) };
    r.valid_until = until.map(|w| if w.day_only { when::next_day(w.at, &c.layout.zone) } else { w.at });
    Some((key, Canonical::Tag(Box::new(r))))
}

/// A score in millionths: `0.87`, `87%`, `-1.5`.
fn score(text: &str) -> Option<i64> {
    let (number, hundredth) = match text.trim().strip_suffix(['%', '％']) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (millionths, _) = crate::amount::signed(number.trim(), DECIMALS).ok()?;
    Some(if hundredth { millionths / 100 } else { millionths })
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn scores() {
        assert_eq!(score("0.87"), Some(870_000));
        assert_eq!(score("87%"), Some(870_000));
        assert_eq!(score("1,234"), Some(1_234_000_000));
        assert_eq!(score("高"), None);
    }
}
