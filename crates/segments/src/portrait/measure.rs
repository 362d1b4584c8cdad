//! One pass over the members of both groups, slices side by side: which bars each is in, and what it bought.

use std::collections::BTreeMap;
use std::sync::Arc;

use shuke_columns::{People, Slice};
use shuke_kernel::Result;

use super::attribute::Attribute;
use super::bars::Key;
use super::day::Days;
use super::metrics::Sums;
use super::pass::Pass;
use super::question::Question;
use super::spending::Spending;
use crate::count::matches;
use crate::eval::{Set, side_by_side};

/// Members only in the group, in both, only in what it is compared with.
pub type Counts = [u64; 3];

/// Bars and of how many an attribute is known.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Of whom it is known.
    pub known: Counts,
    /// Who is in which bar.
    pub bars: BTreeMap<Key, Counts>,
    /// Orders that say nothing of it, where they are counted ([`Attribute::counts_orders`]).
    pub blank: Counts,
}

/// What a pass found.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Measured {
    /// Members.
    pub members: Counts,
    /// Bars.
    pub attributes: BTreeMap<Attribute, Tally>,
    /// Sales and acts.
    pub sums: Sums,
    /// What divides the fifths of spending: those of all buyers of the base.
    pub cuts: Vec<i64>,
}

/// Measures a group beside another; `None` when `cancelled` says so.
pub fn measure(people: &People, question: &Question, cancelled: &(dyn Fn() -> bool + Sync)) -> Result<Option<Measured>> {
    let Some(group) = matches(people, &question.group, &question.reckoning, cancelled)? else { return Ok(None) };
    let Some(against) = matches(people, &question.against, &question.reckoning, cancelled)? else { return Ok(None) };
    let work: Vec<Work<'_>> = people.slices.iter().zip(&group).zip(&against).collect();
    let days = Days::of(question);
    let part = |at: usize| {
        if cancelled() {
            return None;
        }
        let ((slice, group), against) = work[at];
        let mut marks = vec![0_u8; slice.len()];
        group.iter().for_each(|m| marks[m as usize] |= 1);
        against.iter().for_each(|m| marks[m as usize] |= 2);
        Some(Pass::of(&people.registry, slice, question, &days).members(&marks))
    };
    let Some(parts) = side_by_side(work.len(), part) else { return Ok(None) };
    let mut all = Measured::default();
    let mut spending = Vec::with_capacity(parts.len());
    for (part, spent) in parts {
        all.and(part);
        spending.push(spent);
    }
    all.cuts = Spending::cuts(&spending);
    all.attributes.insert(Attribute::Spend, Spending::tally(&spending, &all.cuts));
    Ok(Some(all))
}

/// A slice with its members of the group and of what it is compared with.
type Work<'a> = ((&'a Arc<Slice>, &'a Set), &'a Set);

pub(super) fn add(into: &mut Counts, more: Counts) {
    into.iter_mut().zip(more).for_each(|(all, one)| *all += one);
}

impl Measured {
    fn and(&mut self, other: Self) {
        add(&mut self.members, other.members);
        self.sums.and(&other.sums);
        for (attribute, tally) in other.attributes {
            let into = self.attributes.entry(attribute).or_default();
            add(&mut into.known, tally.known);
            add(&mut into.blank, tally.blank);
            tally.bars.into_iter().for_each(|(key, counts)| add(into.bars.entry(key).or_default(), counts));
        }
    }
}
