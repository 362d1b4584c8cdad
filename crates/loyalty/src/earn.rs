//! What an order earns. Everything is exact, in parts of a point ([`Programme::unit`]), until the one floor over the whole.

use std::collections::BTreeMap;

use jiff::civil::Date;
use num_integer::Integer;
use shuke_kernel::Instant;
use shuke_kernel::calendar::birthday_in;

use crate::event::Line;
use crate::json::Read;
use crate::programme::{Birthday, Class, EarnRule, Gives, Per, Programme, Rate};
use crate::state::{State, Used};
use crate::words::TOO_LARGE;

/// What rules see of an order that is being paid.
pub struct Purchase<'a> {
    /// Its name.
    pub order: &'a str,
    /// When it is paid.
    pub at: Instant,
    /// Net paid, fen.
    pub net_fen: i64,
    /// Its lines.
    pub lines: &'a [Line],
    /// The member's place in the ladder.
    pub tier: usize,
    /// Whether it is the member's first.
    pub first: bool,
    /// The member's day of birth.
    pub born: Option<Date>,
}

/// What an order earns: the points, and what each rule gave, in parts of a point after its own caps.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Earning {
    /// Points, after all caps.
    pub points: i64,
    /// `(place of the rule, parts)`.
    pub parts: Vec<(usize, i128)>,
}

/// Reckons what a purchase earns, with the caps' room as the state has it. Nothing is taken from the room: see [`book`].
///
/// # Errors
/// Where the numbers are too large to reckon exactly.
pub fn earn(programme: &Programme, state: &State, purchase: &Purchase<'_>) -> Read<Earning> {
    let too_large = || TOO_LARGE.with("path", purchase.order);
    let parts = parts(programme, purchase).ok_or_else(too_large)?;
    let day = programme.zone.day(purchase.at);
    let parts: Vec<(usize, i128)> = parts
        .into_iter()
        .map(|(rule, exact)| {
            let caps = programme.caps.iter().filter(|cap| cap.rule == Some(rule));
            (rule, caps.map(|cap| room(programme, state, cap, day)).fold(exact, i128::min))
        })
        .collect();
    let whole = parts.iter().try_fold(0_i128, |sum, (_, exact)| sum.checked_add(*exact)).ok_or_else(too_large)?;
    let floored = whole.max(0) / programme.unit;
    let capped = programme.caps.iter().filter(|cap| cap.rule.is_none());
    let capped = capped.map(|cap| room(programme, state, cap, day) / programme.unit).fold(floored, i128::min);
    Ok(Earning { points: i64::try_from(capped).map_err(|_| too_large())?, parts })
}

/// What a check-in of so many points gives within the caps of days and months.
pub fn within_caps(programme: &Programme, state: &State, day: Date, points: i64) -> i64 {
    let caps = programme.caps.iter().filter(|cap| cap.rule.is_none() && cap.per != Per::Order);
    let rooms = caps.map(|cap| room(programme, state, cap, day) / programme.unit);
    i64::try_from(rooms.fold(i128::from(points), i128::min)).unwrap_or(0)
}

/// Takes from the caps' room what was earned on `day`. Refunds give nothing back to it.
pub fn book(programme: &Programme, state: &mut State, day: Date, earning: &Earning) {
    for cap in programme.caps.iter().filter(|cap| cap.per != Per::Order) {
        let earned = match cap.rule {
            None => i128::from(earning.points) * programme.unit,
            Some(rule) => earning.parts.iter().find(|(r, _)| *r == rule).map_or(0, |(_, exact)| (*exact).max(0)),
        };
        let parts = used(programme, state, cap, day).saturating_add(earned);
        state.caps.insert(cap.slot.clone(), Used { period: period(cap.per, day), parts, unit: programme.unit });
    }
}

/// What a cap still lets through on `day`, in parts of a point.
fn room(programme: &Programme, state: &State, cap: &crate::programme::Cap, day: Date) -> i128 {
    let all = i128::from(cap.points) * programme.unit;
    let used = if cap.per == Per::Order { 0 } else { used(programme, state, cap, day) };
    (all - used).max(0)
}

/// What a cap has let through in the period of `day`, in parts of a point. Under the rules before a point may have had other parts:
/// then one part that is not whole counts as a whole one, so that no cap ever lets through more than it says.
fn used(programme: &Programme, state: &State, cap: &crate::programme::Cap, day: Date) -> i128 {
    let used = state.caps.get(&cap.slot).filter(|used| used.period == period(cap.per, day));
    used.map_or(0, |used| used.in_parts_of(programme.unit))
}

impl Used {
    /// How much, where a point has `unit` parts.
    pub(crate) fn in_parts_of(&self, unit: i128) -> i128 {
        if self.unit == unit {
            return self.parts;
        }
        let (whole, rest) = (self.parts / self.unit.max(1), self.parts % self.unit.max(1));
        let more = rest.checked_mul(unit).map_or(unit, |parts| Integer::div_ceil(&parts, &self.unit.max(1)));
        whole.saturating_mul(unit).saturating_add(more)
    }
}

fn period(per: Per, day: Date) -> Date {
    if per == Per::Month { day.first_of_month() } else { day }
}

/// What each rule that counts gives, before caps.
fn parts(programme: &Programme, purchase: &Purchase<'_>) -> Option<Vec<(usize, i128)>> {
    let mut counting = Vec::new();
    let rules = || programme.earn.iter().enumerate();
    let mut given = Vec::new();
    for (i, rule) in rules().filter(|(_, rule)| rule.gives.class() == Class::Amount && holds(programme, rule, purchase)) {
        given.push((i, amount(programme, rule, base(purchase, &[rule])?)?));
    }
    let amounts = best_of_groups(programme, given);
    let mut given = Vec::new();
    for (i, rule) in rules().filter(|(_, rule)| rule.gives.class() == Class::Multiplier && holds(programme, rule, purchase)) {
        given.push((i, multiplied(programme, rule, purchase, &amounts)?));
    }
    let multipliers = best_of_groups(programme, given);
    let mut given = Vec::new();
    for (i, rule) in rules().filter(|(_, rule)| rule.gives.class() == Class::Fixed && holds(programme, rule, purchase)) {
        given.push((i, fixed(rule, purchase)?.checked_mul(programme.unit)?));
    }
    counting.extend(amounts);
    counting.extend(multipliers);
    counting.extend(best_of_groups(programme, given));
    Some(counting)
}

/// Whether a rule holds for a purchase at all.
fn holds(programme: &Programme, rule: &EarnRule, purchase: &Purchase<'_>) -> bool {
    let in_time = rule.from.is_none_or(|from| from <= purchase.at) && rule.to.is_none_or(|to| purchase.at < to);
    let in_tier = rule.tiers.as_ref().is_none_or(|tiers| tiers.contains(&purchase.tier));
    let in_lines = rule.categories.is_none() || purchase.lines.iter().any(|line| sees(rule, line));
    let in_person = match rule.gives {
        Gives::FirstOrder(_) => purchase.first,
        Gives::Multiplier { birthday: Some(birthday), .. } => on_birthday(programme, birthday, purchase),
        _ => true,
    };
    in_time && in_tier && in_lines && in_person
}

fn on_birthday(programme: &Programme, birthday: Birthday, purchase: &Purchase<'_>) -> bool {
    let Some(born) = purchase.born else { return false };
    let day = programme.zone.day(purchase.at);
    match birthday {
        Birthday::Month => day.month() == born.month(),
        Birthday::Day => birthday_in(day.year(), born.month(), born.day()) == Some(day),
    }
}

fn sees(rule: &EarnRule, line: &Line) -> bool {
    rule.categories.as_ref().is_none_or(|wanted| line.category.as_ref().is_some_and(|c| wanted.contains(c)))
}

/// The fen that all of these rules see: of the lines of their categories, or of the whole order.
fn base(purchase: &Purchase<'_>, rules: &[&EarnRule]) -> Option<i128> {
    if rules.iter().all(|rule| rule.categories.is_none()) {
        return Some(i128::from(purchase.net_fen));
    }
    let seen = purchase.lines.iter().filter(|line| rules.iter().all(|rule| sees(rule, line)));
    seen.map(|line| i128::from(line.net_fen)).try_fold(0, i128::checked_add)
}

fn at_rate(programme: &Programme, fen: i128, rate: Rate) -> Option<i128> {
    let exact = fen.checked_mul(i128::from(rate.points))?.checked_mul(programme.unit)?;
    Some(exact / i128::from(rate.per_fen))
}

/// What a rule of amounts gives for so many fen.
fn amount(programme: &Programme, rule: &EarnRule, fen: i128) -> Option<i128> {
    match &rule.gives {
        Gives::PerAmount(rate) => at_rate(programme, fen, *rate),
        Gives::Stepped { whole: true, bands } => {
            let reached = bands.iter().rev().find(|(from, _)| i128::from(*from) <= fen);
            reached.map_or(Some(0), |(_, rate)| at_rate(programme, fen, *rate))
        }
        Gives::Stepped { whole: false, bands } => {
            let mut sum = 0_i128;
            for (i, (from, rate)) in bands.iter().enumerate() {
                let to = bands.get(i + 1).map_or(fen, |(next, _)| i128::from(*next).min(fen));
                sum = sum.checked_add(at_rate(programme, (to - i128::from(*from)).max(0), *rate)?)?;
            }
            Some(sum)
        }
        _ => Some(0),
    }
}

/// (factor − 1) times what the amount rules that count give; for a multiplier of some categories, what they give for those lines alone.
fn multiplied(programme: &Programme, rule: &EarnRule, purchase: &Purchase<'_>, amounts: &[(usize, i128)]) -> Option<i128> {
    let Gives::Multiplier { digits, places, .. } = rule.gives else { return Some(0) };
    let mut sum = 0_i128;
    for (i, exact) in amounts {
        let seen = match rule.categories {
            None => *exact,
            Some(_) => amount(programme, &programme.earn[*i], base(purchase, &[&programme.earn[*i], rule])?)?,
        };
        sum = sum.checked_add(seen)?;
    }
    let one = 10_i128.pow(places);
    // The unit carries the places of every factor, so nothing is lost by dividing.
    sum.checked_mul(i128::from(digits) - one).map(|exact| exact / one)
}

/// Whole points that a fixed rule gives.
fn fixed(rule: &EarnRule, purchase: &Purchase<'_>) -> Option<i128> {
    match rule.gives {
        Gives::FirstOrder(points) => Some(i128::from(points)),
        Gives::PerPiece(points) => {
            let pieces = purchase.lines.iter().filter(|line| sees(rule, line)).map(|line| i128::from(line.qty));
            pieces.sum::<i128>().checked_mul(i128::from(points))
        }
        _ => Some(0),
    }
}

/// Of each group the rule that gives most, of equals the one with the smaller id; and all without a group.
fn best_of_groups(programme: &Programme, given: Vec<(usize, i128)>) -> Vec<(usize, i128)> {
    let mut best: BTreeMap<&str, (usize, i128)> = BTreeMap::new();
    let mut counting = Vec::new();
    for (i, exact) in given {
        let rule = &programme.earn[i];
        let Some(group) = &rule.group else {
            counting.push((i, exact));
            continue;
        };
        let held = best.entry(group).or_insert((i, exact));
        if exact > held.1 || exact == held.1 && rule.id < programme.earn[held.0].id {
            *held = (i, exact);
        }
    }
    counting.extend(best.into_values());
    counting
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::Member;
    use crate::json::Node;

    fn earned(mode: &str, net_fen: i64) -> i64 {
        let band = |from_fen: i64, points: i64| json!({ "from_fen": from_fen, "points": points, "per_fen": 100 });
        let rule = json!({ "id": "s", "kind": "stepped", "mode": mode, "bands": [band(5_000, 1), band(10_000, 2), band(50_000, 3)] });
        let value = json!({ "earn": [rule] });
        let programme = crate::programme::read(&Node::root("programme", &value)).expect("a good programme");
        let at = Instant::from_micros(0);
        let state = State::new(&programme.clone().into(), Member::default(), at);
        let purchase = Purchase { order: "o", at, net_fen, lines: &[], tier: 0, first: false, born: None };
        earn(&programme, &state, &purchase).expect("small numbers").points
    }

    #[test]
    fn bands_are_marginal_or_whole() {
        let at = [4_999, 5_000, 5_100, 9_999, 10_000, 10_050, 49_999, 50_000, 60_000];
        assert_eq!(at.map(|fen| earned("marginal", fen)), [0, 0, 1, 49, 50, 51, 849, 850, 1_150]);
        assert_eq!(at.map(|fen| earned("whole", fen)), [0, 50, 51, 99, 200, 201, 999, 1_500, 1_800]);
    }
}
