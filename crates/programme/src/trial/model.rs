//! What is asked of a trial, and what it answers.

use serde_json::Value as Json;
use shuke_kernel::{Instant, Result};
use shuke_loyalty::again::Again;
use shuke_loyalty::programme::Ladder;
use shuke_loyalty::trial::{Both, Change, Tried, change};
use shuke_members::MemberId;

use super::{BAD_VALUE, UNKNOWN_WORD};
use crate::owed::TOO_LARGE;
use crate::owed::revenue::{MILLION, millionths};

/// Years from the beginning of the rules up to which time may pass.
pub const YEARS: i64 = 3;
/// Months of orders that are earned again at most.
pub const MONTHS: i64 = 12;

/// What is tried.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The whole rules.
    pub rules: Json,
    /// From when on they would hold; now unless given.
    pub from: Option<Instant>,
    /// Up to when time passes; `from` unless given.
    pub as_of: Option<Instant>,
    /// What points are worth.
    pub stated: Stated,
    /// Months of orders before `from` that are earned again.
    pub months: i64,
}

/// What a merchant states of points, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stated {
    /// Yuan that a point buys.
    pub value: i64,
    /// The share of points that is used.
    pub used: i64,
    /// The share of the price of what points buy that is the shop's margin.
    pub margin: i64,
}

impl Default for Stated {
    fn default() -> Self {
        Self { value: 10_000, used: MILLION, margin: 0 }
    }
}

impl Stated {
    /// Reads decimals; what is left out is as [`Stated::default`] has it.
    ///
    /// # Errors
    /// Refuses, at its place, what is no decimal or no share.
    pub fn read(value: Option<&str>, used: Option<&str>, margin: Option<&str>) -> Result<Self> {
        let number = |text: Option<&str>, field: &'static str, otherwise: i64, good: fn(i64) -> bool| -> Result<i64> {
            let Some(text) = text else { return Ok(otherwise) };
            millionths(text).filter(|n| good(*n)).ok_or_else(|| BAD_VALUE.with("value", text).at(field).into())
        };
        let (usual, share): (Self, fn(i64) -> bool) = (Self::default(), |n| (0..=MILLION).contains(&n));
        Ok(Self {
            value: number(value, "point_value", usual.value, |n| n > 0)?,
            used: number(used, "used", usual.used, share)?,
            margin: number(margin, "margin", usual.margin, share)?,
        })
    }

    /// What so many points buy, in fen, half a fen up.
    pub fn value_of(&self, points: i64) -> Result<i64> {
        rounded(i128::from(points).checked_mul(i128::from(self.value)).and_then(|n| n.checked_mul(100)), i128::from(MILLION))
    }

    /// What they cost the shop, in fen, half a fen up: what of them is used, at what the goods cost.
    pub fn cost_of(&self, points: i64) -> Result<i64> {
        let million = i128::from(MILLION);
        let share = i128::from(self.used) * i128::from(MILLION - self.margin) * 100;
        rounded(i128::from(points).checked_mul(i128::from(self.value)).and_then(|n| n.checked_mul(share)), million * million * million)
    }
}

fn rounded(above: Option<i128>, below: i128) -> Result<i64> {
    let half_up = above.and_then(|n| n.checked_mul(2)).and_then(|n| n.checked_add(below)).map(|n| n.div_euclid(below * 2));
    half_up.and_then(|n| i64::try_from(n).ok()).ok_or_else(|| TOO_LARGE.refuse().into())
}

/// Orders that are earned again.
#[derive(Clone, Debug)]
pub struct Earning {
    /// By the rules that hold without the change when it begins, and with it.
    pub rules: Both<Again>,
    /// Paid from here on
    pub from: Instant,
    /// and before here.
    pub to: Instant,
    /// In so many months.
    pub months: i64,
}

/// What a member's orders earn again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Earned {
    /// How many there are.
    pub orders: u64,
    /// What they earn together.
    pub points: Both<i64>,
}

/// A member as a trial has them.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Who.
    pub member: MemberId,
    /// Tiers, and what is given by itself.
    pub tried: Tried,
    /// What the orders of some months earn; none where they are not earned again.
    pub earned: Option<Earned>,
}

impl Row {
    /// Points more, or fewer, with the rules.
    pub fn more(&self) -> i64 {
        let of = |both: Both<i64>| both.after.saturating_sub(both.before);
        of(self.tried.issued).saturating_add(self.earned.map_or(0, |earned| of(earned.points)))
    }

    /// Whether it loses points somewhere.
    fn fewer(&self) -> bool {
        let fewer = |both: Both<i64>| both.after < both.before;
        fewer(self.tried.issued) || self.earned.is_some_and(|earned| fewer(earned.points))
    }
}

/// Which members are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Which {
    /// Whoever loses a tier or points.
    #[default]
    Losing,
    /// Whose tier held is lower.
    HeldDown,
    /// Whose tier held is higher.
    HeldUp,
    /// Whose tier is lower once its period ends.
    JudgedDown,
    /// Whose tier is higher once its period ends.
    JudgedUp,
    /// Who has fewer points by it.
    PointsLess,
    /// Who has more points by it.
    PointsMore,
    /// Everybody.
    All,
}

impl Which {
    /// The words of the API, in the order of the variants.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("losing", Self::Losing),
        ("held_down", Self::HeldDown),
        ("held_up", Self::HeldUp),
        ("judged_down", Self::JudgedDown),
        ("judged_up", Self::JudgedUp),
        ("points_less", Self::PointsLess),
        ("points_more", Self::PointsMore),
        ("all", Self::All),
    ];

    /// Of its word.
    ///
    /// # Errors
    /// Refuses a word that is none.
    pub fn read(word: &str) -> Result<Self> {
        let found = Self::WORDS.iter().find(|(known, _)| *known == word);
        found.map(|(_, which)| *which).ok_or_else(|| UNKNOWN_WORD.with("word", word).at("which").into())
    }
}

/// Which members are listed, and of which move.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Which.
    pub which: Which,
    /// Whether the tiers below are those that periods end with; else those held.
    pub judged: bool,
    /// The tier without the rules, by id.
    pub before: Option<String>,
    /// The tier with them.
    pub after: Option<String>,
}

/// The ladders that are compared.
#[derive(Clone, Debug, Default)]
pub struct Ladders {
    /// Without the rules.
    pub before: Option<Ladder>,
    /// With them.
    pub after: Option<Ladder>,
}

fn id(ladder: Option<&Ladder>, tier: Option<usize>) -> Option<&str> {
    ladder?.tiers.get(tier?).map(|tier| tier.id.as_str())
}

impl Ladders {
    /// The tiers' ids.
    pub fn ids(&self, tiers: Both<Option<usize>>) -> Both<Option<&str>> {
        Both { before: id(self.before.as_ref(), tiers.before), after: id(self.after.as_ref(), tiers.after) }
    }

    /// What becomes of a tier.
    pub fn change(&self, tiers: Both<Option<usize>>) -> Change {
        change(self.before.as_ref(), self.after.as_ref(), tiers)
    }

    /// Whether a member loses something.
    pub fn loses(&self, row: &Row) -> bool {
        self.change(row.tried.held) == Change::Down || self.change(row.tried.judged) == Change::Down || row.fewer()
    }

    /// Whether a member is one of those.
    pub fn meets(&self, filter: &Filter, row: &Row) -> bool {
        let tiers = self.ids(if filter.judged { row.tried.judged } else { row.tried.held });
        let same = |wanted: &Option<String>, is: Option<&str>| wanted.as_deref().is_none_or(|wanted| is == Some(wanted));
        let (held, judged) = (|| self.change(row.tried.held), || self.change(row.tried.judged));
        let which = match filter.which {
            Which::Losing => self.loses(row),
            Which::HeldDown => held() == Change::Down,
            Which::HeldUp => held() == Change::Up,
            Which::JudgedDown => judged() == Change::Down,
            Which::JudgedUp => judged() == Change::Up,
            Which::PointsLess => row.more() < 0,
            Which::PointsMore => row.more() > 0,
            Which::All => true,
        };
        which && same(&filter.before, tiers.before) && same(&filter.after, tiers.after)
    }
}

/// How many members move from where to where.
#[derive(Clone, Debug)]
pub struct Moves {
    /// Tiers without the rules and with them, and how many; no cell where nobody is.
    pub cells: Vec<(Both<Option<usize>>, Change, u64)>,
}

impl Moves {
    /// How many have a tier that becomes so.
    pub fn of(&self, change: Change) -> u64 {
        self.cells.iter().filter(|(_, is, _)| *is == change).map(|(_, _, members)| members).sum()
    }
}

/// What all orders that are earned again come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct EarnedByAll {
    /// How many there are.
    pub orders: u64,
    /// What they earn, without the rules and with them.
    pub points: Both<i128>,
    /// Members who earn more, and how much more together.
    pub more: (u64, i128),
    /// Members who earn less, and how much less together.
    pub less: (u64, i128),
}

impl EarnedByAll {
    /// Adds a member's.
    pub fn add(&mut self, earned: Earned) {
        let (before, after) = (i128::from(earned.points.before), i128::from(earned.points.after));
        self.orders += earned.orders;
        self.points = Both { before: self.points.before + before, after: self.points.after + after };
        if after > before {
            self.more = (self.more.0 + 1, self.more.1 + after - before);
        } else if after < before {
            self.less = (self.less.0 + 1, self.less.1 + before - after);
        }
    }
}

/// A month's share of what some months come to, half a point up.
///
/// # Errors
/// Where it is too large.
pub fn a_month(points: i128, months: i64) -> Result<i64> {
    rounded(Some(points), i128::from(months.max(1)))
}

/// What a trial comes to.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Members with an open book.
    pub members: u64,
    /// Of them those whose numbers are too large to reckon.
    pub unreckoned: u64,
    /// Tiers held at the time that is looked at.
    pub held: Moves,
    /// Tiers once every period has ended.
    pub judged: Moves,
    /// Points given by itself up to then.
    pub issued: Both<i64>,
    /// What orders come to that are earned again; none where they are not.
    pub earned: Option<EarnedByAll>,
    /// Members who lose something.
    pub losing: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_worth_what_is_stated() {
        let stated = Stated::read(Some("0.01"), Some("0.8"), Some("0.4")).unwrap();
        // 12,345 points buy 123.45 yuan; four fifths of them are used, for goods that cost three fifths of their price.
        assert_eq!((stated.value_of(12_345).unwrap(), stated.cost_of(12_345).unwrap()), (12_345, 5_926));
        assert_eq!((stated.value_of(-50).unwrap(), stated.cost_of(0).unwrap()), (-50, 0));
        let refused = |e: Result<Stated>| e.unwrap_err().refusal().map(|r| (r.code.code, r.field.clone()));
        assert_eq!(refused(Stated::read(Some("0"), None, None)), Some(("trial.bad_value", Some("point_value".to_owned()))));
        assert_eq!(refused(Stated::read(None, Some("1.1"), None)), Some(("trial.bad_value", Some("used".to_owned()))));
        assert_eq!(refused(Stated::read(None, None, Some("-0.1"))), Some(("trial.bad_value", Some("margin".to_owned()))));
        let dear = Stated { value: MILLION * MILLION, ..Stated::default() };
        assert!(dear.cost_of(i64::MAX).is_err() && dear.value_of(i64::MAX).is_err());
    }
}
