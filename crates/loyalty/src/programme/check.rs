//! Whether the parts of a programme agree with each other, and the unit in which its rates are whole numbers.

use std::collections::{BTreeMap, BTreeSet};

use num_integer::Integer;

use super::{Gives, Programme, Rate};
use crate::json::Read;
use crate::words::{CONTRADICTION, TOO_LARGE, TWICE};

/// The unit at most; beyond it no order of some size could be reckoned.
const MOST_UNIT: i128 = 1_000_000_000_000_000_000;

/// Checks a programme that stands at `path` and gives it its unit.
pub(super) fn check(mut programme: Programme, path: &str) -> Read<Programme> {
    ids(&programme, path)?;
    spans(&programme, path)?;
    groups(&programme, path)?;
    ladder(&programme, path)?;
    programme.unit = unit(&programme, path)?;
    Ok(programme)
}

fn contradiction<T>(path: String, why_zh: &str, why: &str) -> Read<T> {
    Err(CONTRADICTION.at(&path).with("path", &path).with("why_zh", why_zh).with("why", why))
}

fn ids(programme: &Programme, path: &str) -> Read<()> {
    let lists = [
        ("earn", programme.earn.iter().map(|r| &r.id).collect::<Vec<_>>()),
        ("caps", programme.caps.iter().map(|c| &c.id).collect()),
        ("ladder.tiers", programme.ladder.iter().flat_map(|l| &l.tiers).map(|t| &t.id).collect()),
        ("coupons", programme.coupons.iter().flatten().map(|t| &t.id).collect()),
    ];
    for (key, ids) in lists {
        let mut seen = BTreeSet::new();
        for (i, id) in ids.into_iter().enumerate() {
            if !seen.insert(id) {
                let place = format!("{path}.{key}[{i}].id");
                return Err(TWICE.at(&place).with("path", &place).with("value", id));
            }
        }
    }
    Ok(())
}

/// Times that end before they begin, bands that do not rise, grades that do not rise.
fn spans(programme: &Programme, path: &str) -> Read<()> {
    for (i, rule) in programme.earn.iter().enumerate() {
        if let (Some(from), Some(to)) = (rule.from, rule.to)
            && from >= to
        {
            return contradiction(
                format!("{path}.earn[{i}].to"),
                "不晚于 from,规则永不生效",
                "is not after `from`: the rule would never hold",
            );
        }
        if let Gives::Stepped { bands, .. } = &rule.gives
            && (bands.is_empty() || bands.windows(2).any(|b| b[0].0 >= b[1].0))
        {
            return contradiction(
                format!("{path}.earn[{i}].bands"),
                "至少一档，且 from_fen 逐档变大",
                "there is at least one band, and `from_fen` rises from band to band",
            );
        }
    }
    for (i, template) in programme.coupons.iter().flatten().enumerate() {
        if let (Some(from), Some(to)) = (template.claim_from, template.claim_to)
            && from >= to
        {
            return contradiction(
                format!("{path}.coupons[{i}].claim_to"),
                "不晚于 claim_from,永远领不到",
                "is not after `claim_from`: nobody could claim it",
            );
        }
    }
    match &programme.activity_cuts {
        Some(cuts) if cuts.is_empty() || cuts.windows(2).any(|c| c[0] >= c[1]) => contradiction(
            format!("{path}.activity.cuts"),
            "至少一个天数，且逐个变大",
            "there is at least one number of days, each larger than the one before",
        ),
        _ => Ok(()),
    }
}

fn groups(programme: &Programme, path: &str) -> Read<()> {
    let mut classes = BTreeMap::new();
    for (i, rule) in programme.earn.iter().enumerate() {
        let Some(group) = &rule.group else { continue };
        let class = rule.gives.class();
        if *classes.entry(group).or_insert(class) != class {
            return contradiction(
                format!("{path}.earn[{i}].group"),
                "同一组只能放同一类规则（金额类、倍数类、固定类）",
                "a group holds rules of one class only: of amounts, multipliers, or fixed ones",
            );
        }
    }
    Ok(())
}

fn ladder(programme: &Programme, path: &str) -> Read<()> {
    match &programme.ladder {
        Some(ladder) if ladder.tiers.is_empty() => {
            contradiction(format!("{path}.ladder.tiers"), "至少要有一个等级", "there is at least one tier")
        }
        _ => Ok(()),
    }
}

/// The least count of parts of a point in which every rate, and every rate times a factor, is whole.
fn unit(programme: &Programme, path: &str) -> Read<i128> {
    let mut unit: i128 = 1;
    let mut places = 0;
    for (i, rule) in programme.earn.iter().enumerate() {
        let rates: Vec<Rate> = match &rule.gives {
            Gives::PerAmount(rate) => vec![*rate],
            Gives::Stepped { bands, .. } => bands.iter().map(|(_, rate)| *rate).collect(),
            Gives::Multiplier { places: behind, .. } => {
                places = places.max(*behind);
                Vec::new()
            }
            Gives::PerPiece(_) | Gives::FirstOrder(_) => Vec::new(),
        };
        for rate in rates {
            unit = unit.lcm(&i128::from(rate.per_fen / rate.per_fen.gcd(&rate.points).max(1)));
            if unit > MOST_UNIT {
                let place = format!("{path}.earn[{i}].per_fen");
                return Err(TOO_LARGE.at(&place).with("path", &place));
            }
        }
    }
    Ok(unit * 10_i128.pow(places))
}
