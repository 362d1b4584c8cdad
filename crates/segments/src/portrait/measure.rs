//! One pass over the members of both groups, slices side by side: which bars each is in, and what it bought.

use std::collections::BTreeMap;
use std::sync::Arc;

use shuke_columns::registry::FIRST_SEEN;
use shuke_columns::{People, Slice};
use shuke_kernel::Result;

use super::attribute::Attribute;
use super::bars::Key;
use super::metrics::Sums;
use super::pass::Pass;
use super::question::Question;
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
    let Some(cuts) = fifths(people, question, cancelled) else { return Ok(None) };
    let work: Vec<Work<'_>> = people.slices.iter().zip(&group).zip(&against).collect();
    let part = |at: usize| {
        if cancelled() {
            return None;
        }
        let ((slice, group), against) = work[at];
        let mut marks = vec![0_u8; slice.len()];
        group.iter().for_each(|m| marks[m as usize] |= 1);
        against.iter().for_each(|m| marks[m as usize] |= 2);
        Some(Pass::of(&people.registry, slice, question, &cuts).members(&marks))
    };
    let Some(parts) = side_by_side(work.len(), part) else { return Ok(None) };
    let mut all = Measured { cuts, ..Measured::default() };
    parts.into_iter().for_each(|part| all.and(part));
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

/// What divides the buyers of the base into fifths by what they spent: equal ones fall together.
fn fifths(people: &People, question: &Question, cancelled: &(dyn Fn() -> bool + Sync)) -> Option<Vec<i64>> {
    // What no literal can hold is beyond every cut.
    let held = |net: i128| i64::try_from(net).unwrap_or(if net < 0 { i64::MIN } else { i64::MAX });
    let part = |at: usize| {
        if cancelled() {
            return None;
        }
        let slice = &people.slices[at];
        let pass = Pass::of(&people.registry, slice, question, &[]);
        let seen = &slice.facts[FIRST_SEEN];
        let base = (0..slice.len()).filter(|m| seen.get(*m).is_some_and(|t| t < question.reckoning.at));
        Some(base.filter_map(|m| pass.spent(m)).map(|s| held(s.net())).collect::<Vec<i64>>())
    };
    let mut spent: Vec<i64> = side_by_side(people.slices.len(), part)?.concat();
    let least = spent.iter().copied().min();
    let buyers = spent.len();
    let mut cuts: Vec<i64> = (1..5).filter(|_| buyers > 0).map(|k| *spent.select_nth_unstable(buyers * k / 5).1).collect();
    cuts.dedup();
    // A cut at the least would leave a fifth below it empty.
    cuts.retain(|cut| least.is_some_and(|least| *cut > least));
    Some(cuts)
}
