//! A good set without a proof: begin with the best of each group and the best coupons, then take the
//! change that helps most (one in, one out, a whole step out) until none does. It gives the search in
//! the tree something to beat, and is the answer where the tree is too large.

use crate::line_step::LineStep;
use crate::rivals::{Taken, exclude_each_other};
use crate::settle::{Score, Settled, is_better, settle};
use crate::state::{State, met};
use crate::table::{Act, Limit, Stage, Table};

/// A set that holds, and its score.
pub(crate) type Found = (Score, Vec<bool>);

pub(crate) struct Climber<'t, 'a> {
    table: &'t Table<'a>,
    first: &'t LineStep<'a>,
    work: u64,
}

impl<'t, 'a> Climber<'t, 'a> {
    pub fn new(table: &'t Table<'a>, first: &'t LineStep<'a>) -> Self {
        Self { table, first, work: 0 }
    }

    /// Where to begin: everything that may stand together, what saves more by itself first.
    pub fn begin(&mut self) -> Found {
        let wish = self.beginning();
        self.standing(&wish)
    }

    /// Climbs from a set by single changes, each the best there is, spending about `budget`.
    pub fn climb(&mut self, from: Vec<bool>, budget: u64) -> Found {
        let mut wish = self.filled(from, None);
        let mut best = self.standing(&wish);
        while self.work < budget {
            let mut next: Option<(Vec<bool>, Found)> = None;
            let steps = Stage::GOODS.iter().map(|stage| self.without(&wish, *stage)).collect::<Vec<_>>();
            for change in 0..steps.len() + wish.len() {
                if self.work >= budget {
                    break;
                }
                let changed = match steps.get(change) {
                    Some(without) => without.clone(),
                    None => self.changed(&wish, change - steps.len()),
                };
                let found = self.standing(&changed);
                let (score, set) = next.as_ref().map_or(&best, |(_, found)| found);
                if is_better(&found.0, &found.1, score, set) {
                    next = Some((changed, found));
                }
            }
            let Some((changed, found)) = next else { break };
            (wish, best) = (changed, found);
        }
        best
    }

    /// What of a wish stands, passing over those without effect until none is left.
    fn standing(&mut self, wish: &[bool]) -> Found {
        let mut wish = wish.to_vec();
        loop {
            let Settled { chosen, score, turns, .. } = settle(self.table, self.first, &wish);
            let touched: usize = turns.iter().map(|i| self.table.candidates[*i].lines.len() + 4).sum();
            self.work += (touched * 2 + self.table.candidates.len() + 100) as u64;
            if chosen == wish {
                return (score, chosen);
            }
            wish = chosen;
        }
    }

    /// Everything that may stand together, those that save more by themselves first.
    fn beginning(&self) -> Vec<bool> {
        let state = State::new(self.table);
        let mut order: Vec<(i64, usize)> = Vec::new();
        for (i, c) in self.table.candidates.iter().enumerate() {
            let act = met(c, &self.table.lines, &state.left);
            let saving = match act {
                None => continue,
                Some(Act::Shipping(cap)) => cap.map_or(self.table.fee, |cap| cap.min(self.table.fee)),
                Some(act) => state.clone().apply(i, &act, &c.lines, &self.table.lines).0,
            };
            order.push((saving, i));
        }
        order.sort_by_key(|(saving, i)| (std::cmp::Reverse(*saving), *i));
        let (mut wish, mut taken) = (vec![false; self.table.candidates.len()], Taken::nothing(self.table));
        for (_, i) in order {
            if taken.allows(self.table, &self.table.candidates[i]) {
                taken.add(&self.table.candidates[i]);
                wish[i] = true;
            }
        }
        wish
    }

    /// The wish without the candidate, or with it instead of those it cannot stand beside.
    fn changed(&self, wish: &[bool], index: usize) -> Vec<bool> {
        let candidates = &self.table.candidates;
        let mut changed = wish.to_vec();
        if changed[index] {
            changed[index] = false;
            return self.filled(changed, Some(index));
        }
        let new = &candidates[index];
        for i in 0..changed.len() {
            changed[i] &= !exclude_each_other(new, &candidates[i]);
        }
        let mut taken = Taken::of(self.table, &changed);
        // The least of its sort makes room: the last by priority and id.
        for i in (0..changed.len()).rev() {
            if taken.limit_allows(self.table, new) && taken.quota_allows(new) {
                break;
            }
            let same = |a: Limit| new.held.is_some_and(|h| h.limit == a);
            if changed[i] && candidates[i].held.is_some_and(|h| same(h.limit)) {
                changed[i] = false;
                taken.remove(&candidates[i]);
            }
        }
        if !taken.allows(self.table, new) {
            return wish.to_vec();
        }
        changed[index] = true;
        self.filled(changed, None)
    }

    /// The wish without anything of a step: what a later threshold wants may be lost to several at once.
    fn without(&self, wish: &[bool], stage: Stage) -> Vec<bool> {
        wish.iter().zip(&self.table.candidates).map(|(w, c)| *w && c.stage != stage).collect()
    }

    /// Whatever found room by the change comes in again; but none that would keep the others of its
    /// group out.
    fn filled(&self, mut set: Vec<bool>, but: Option<usize>) -> Vec<bool> {
        let mut taken = Taken::of(self.table, &set);
        for (i, c) in self.table.candidates.iter().enumerate() {
            let keeps_out = c.group.is_some_and(|g| g.alone);
            if !set[i] && but != Some(i) && !keeps_out && c.held.is_none() && taken.allows(self.table, c) {
                taken.add(c);
                set[i] = true;
            }
        }
        set
    }
}
