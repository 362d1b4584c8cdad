//! The rules and caps of earning out of JSON.

use std::collections::BTreeSet;

use super::{Birthday, Cap, EarnRule, Gives, Per, Rate};
use crate::json::{Fields, MOST_FEN, MOST_POINTS, Node, Read};
use crate::words::{NOT_THERE, WRONG_SORT};

const KINDS: &[&str] = &["per_amount", "stepped", "category_bonus", "first_order", "multiplier"];

/// One rule of a ladder whose tiers are `tiers`.
pub(super) fn earn_rule(node: &Node<'_>, tiers: &[&str]) -> Read<EarnRule> {
    let fields = node.fields()?;
    let id = fields.text("id")?;
    let kind = fields.need("kind")?.one_of(KINDS)?;
    let named = |n: Node<'_>| n.list()?.iter().map(|t| named(t, tiers)).collect::<Read<BTreeSet<_>>>();
    let texts = |n: Node<'_>| n.list()?.iter().map(Node::text).collect::<Read<BTreeSet<_>>>();
    let rule = EarnRule {
        id,
        from: fields.maybe_instant("from")?,
        to: fields.maybe_instant("to")?,
        tiers: fields.maybe("tiers").map(named).transpose()?,
        categories: fields.maybe("categories").map(texts).transpose()?,
        group: fields.maybe_text("group")?,
        gives: match kind {
            0 => Gives::PerAmount(rate(&fields)?),
            1 => stepped(&fields)?,
            2 => Gives::PerPiece(fields.whole("points", 0, MOST_POINTS)?),
            3 => Gives::FirstOrder(fields.whole("points", 0, MOST_POINTS)?),
            _ => multiplier(&fields)?,
        },
    };
    fields.done()?;
    Ok(rule)
}

/// One cap over rules named `rules`.
pub(super) fn cap(node: &Node<'_>, rules: &[&str]) -> Read<Cap> {
    let fields = node.fields()?;
    let id = fields.text("id")?;
    let cap = Cap {
        slot: id.clone(),
        id,
        per: [Per::Order, Per::Day, Per::Month][fields.need("per")?.one_of(&["order", "day", "month"])?],
        points: fields.whole("points", 0, MOST_POINTS)?,
        rule: fields.maybe("rule").map(|n| named(&n, rules)).transpose()?,
    };
    fields.done()?;
    Ok(cap)
}

/// The place of what is named among those that are `known`.
fn named(node: &Node<'_>, known: &[&str]) -> Read<usize> {
    let text = node.text()?;
    let listed = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
    let absent = || NOT_THERE.at(&node.path).with("path", &node.path).with("value", &text).with("known", listed);
    known.iter().position(|k| *k == text).ok_or_else(absent)
}

fn rate(fields: &Fields<'_>) -> Read<Rate> {
    Ok(Rate { points: fields.whole("points", 0, MOST_POINTS)?, per_fen: fields.whole("per_fen", 1, MOST_FEN)? })
}

fn stepped(fields: &Fields<'_>) -> Read<Gives> {
    let whole = fields.maybe("mode").map(|n| n.one_of(&["marginal", "whole"])).transpose()? == Some(1);
    let bands = fields.need("bands")?.list()?.into_iter().map(|n| {
        let fields = n.fields()?;
        let band = (fields.whole("from_fen", 0, MOST_FEN)?, rate(&fields)?);
        fields.done()?;
        Ok(band)
    });
    Ok(Gives::Stepped { whole, bands: bands.collect::<Read<Vec<_>>>()? })
}

fn multiplier(fields: &Fields<'_>) -> Read<Gives> {
    let node = fields.need("factor")?;
    let wrong = || {
        let (zh, en) = (
            "带引号的小数，如 \"1.5\",不小于 0、不大于 1000,最多六位小数",
            "a decimal in quotes, such as \"1.5\", from 0 to 1000 with at most six decimals",
        );
        WRONG_SORT.at(&node.path).with("path", &node.path).with("wanted_zh", zh).with("wanted", en)
    };
    let (digits, places) = decimal(&node.text().map_err(|_| wrong())?).ok_or_else(wrong)?;
    let birthday = fields.maybe("birthday").map(|n| n.one_of(&["day", "month"])).transpose()?;
    Ok(Gives::Multiplier { digits, places, birthday: birthday.map(|b| [Birthday::Day, Birthday::Month][b]) })
}

/// `1.50` as 15 with one place behind the point.
fn decimal(text: &str) -> Option<(i64, u32)> {
    let (before, behind) = text.split_once('.').unwrap_or((text, ""));
    let behind = behind.trim_end_matches('0');
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if before.is_empty() || before.len() > 4 || behind.len() > 6 || !digits(before) || !digits(behind) || text.ends_with('.') {
        return None;
    }
    let value: i64 = format!("{before}{behind}").parse().ok()?;
    let places = behind.len() as u32;
    (value <= 1_000 * 10_i64.pow(places)).then_some((value, places))
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn factors_are_exact_decimals() {
        assert_eq!(decimal("2"), Some((2, 0)));
        assert_eq!(decimal("1.50"), Some((15, 1)));
        assert_eq!(decimal("0.000001"), Some((1, 6)));
        assert_eq!(decimal("1000"), Some((1_000, 0)));
        for odd in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1.2.3", "0.0000001", "1000.1", "1 ", "99999"] {
            assert_eq!(decimal(odd), None, "{odd}");
        }
    }
}
