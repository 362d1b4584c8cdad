//! What a pass found, as bars with their lift.

use super::attribute::Attribute;
use super::lift::{Lift, Strata, Stratum, lift, marked};
use super::measure::{Counts, Measured, Tally};
use super::metrics::{MetricTold, Totals};
use super::question::Question;
use crate::tree::Cond;

/// What a bar is of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Key {
    /// A word of the merchant's: a tag, a province, a category.
    Word(Box<str>),
    /// A class, by number: a band of ages, a season.
    Class(u32),
}

/// Members of a group, in a bar or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Side {
    /// In it.
    pub count: u64,
    /// Of whom the attribute is known.
    pub known: u64,
}

/// A bar.
#[derive(Clone, PartialEq, Debug)]
pub struct Bar {
    /// Of what.
    pub key: Key,
    /// In the group.
    pub group: Side,
    /// In what it is compared with.
    pub against: Side,
    /// How they stand to each other.
    pub lift: Option<Lift>,
    /// Whether that is more than chance, all bars together.
    pub marked: bool,
    /// The members in it, of the whole base.
    pub cond: Cond,
}

/// An attribute with its bars.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Which.
    pub attribute: Attribute,
    /// Members of the group and of the other of whom it is known.
    pub known: [u64; 2],
    /// Of whom it is missing.
    pub missing: [u64; 2],
    /// Orders of the group and of the other that say nothing of it; none where orders are not asked one by one.
    pub orders_unknown: Option<[u64; 2]>,
    /// Whom it is missing of.
    pub missing_cond: Option<Cond>,
    /// Its bars: in their order where they have one, else the greatest of the group first.
    pub bars: Vec<Bar>,
}

/// A portrait.
#[derive(Clone, PartialEq, Debug)]
pub struct Portrait {
    /// Members of the group, in both, in what it is compared with.
    pub members: [u64; 3],
    /// Attributes.
    pub attributes: Vec<Found>,
    /// Figures.
    pub metrics: Vec<MetricTold>,
    /// What they come to.
    pub totals: [Totals; 2],
    /// What divides the fifths of spending.
    pub cuts: Vec<i64>,
    /// How many ratios were compared with 1 together.
    pub comparisons: usize,
}

/// Where fewer members than this are in a bar, and would be if both were alike, it is never marked: the
/// interval is one of large numbers.
pub const ENOUGH: u64 = 5;

fn sides(of: Counts) -> [u64; 2] {
    [of[0] + of[1], of[1] + of[2]]
}

fn strata(known: Counts, with: Counts) -> Strata {
    std::array::from_fn(|i| Stratum::share(known[i], with[i]))
}

fn is_enough(group: Side, against: Side) -> bool {
    let alike = u128::from(group.known) * u128::from(against.count);
    group.count >= ENOUGH || alike >= u128::from(ENOUGH) * u128::from(against.known.max(1))
}

fn found(question: &Question, attribute: Attribute, tally: &Tally, members: Counts, cuts: &[i64]) -> Found {
    let known = sides(tally.known);
    let all = sides(members);
    let mut bars: Vec<Bar> = tally
        .bars
        .iter()
        .map(|(key, with)| {
            let count = sides(*with);
            let cond = match key {
                Key::Word(word) => question.word(attribute, word),
                Key::Class(class) => question.class(attribute, *class, cuts),
            };
            let side = |i: usize| Side { count: count[i], known: known[i] };
            Bar { key: key.clone(), group: side(0), against: side(1), lift: lift(&strata(tally.known, *with)), marked: false, cond }
        })
        .collect();
    if !attribute.is_ordered() {
        bars.sort_by(|a, b| (b.group.count, b.against.count, &a.key).cmp(&(a.group.count, a.against.count, &b.key)));
    }
    let missing_cond = question.missing(attribute);
    let orders_unknown = attribute.counts_orders().then(|| sides(tally.blank));
    Found { attribute, known, missing: [all[0] - known[0], all[1] - known[1]], orders_unknown, missing_cond, bars }
}

/// What was measured, with each bar's lift, and which of all of them are more than chance.
pub fn tell(question: &Question, measured: &Measured) -> Portrait {
    let none = Tally::default();
    let attributes = Attribute::ALL.iter().map(|attribute| {
        let tally = measured.attributes.get(attribute).unwrap_or(&none);
        found(question, *attribute, tally, measured.members, &measured.cuts)
    });
    let mut attributes: Vec<Found> = attributes.collect();
    let mut metrics = measured.sums.told();
    let ratios = || attributes.iter().flat_map(|a| &a.bars).filter_map(|b| b.lift).chain(metrics.iter().filter_map(|m| m.lift));
    let p: Vec<f64> = ratios().map(|l| l.p).collect();
    let mut told = marked(&p).into_iter();
    for bar in attributes.iter_mut().flat_map(|a| &mut a.bars).filter(|b| b.lift.is_some()) {
        bar.marked = told.next().unwrap_or(false) && is_enough(bar.group, bar.against);
    }
    for metric in metrics.iter_mut().filter(|m| m.lift.is_some()) {
        metric.marked = told.next().unwrap_or(false) && metric.group.n >= ENOUGH;
    }
    let [group, against] = sides(measured.members);
    Portrait {
        members: [group, measured.members[1], against],
        attributes,
        metrics,
        totals: measured.sums.totals(),
        cuts: measured.cuts.clone(),
        comparisons: p.len(),
    }
}
