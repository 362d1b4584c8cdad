//! A good set without a proof: begin with the best of each group and the best coupons, then take
//! single changes that help until none does. It gives the search in the tree something to beat, and is
//! the answer where the tree is too large.

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

    /// Climbs from a set, and from that set without its line promotions (a later threshold may have
    /// been lost to several of them at once), spending about `budget`; the better of both.
    pub fn climb(&mut self, from: &[bool], budget: u64) -> Found {
        let order = self.by_saving();
        let whole = self.filled(from.to_vec(), None);
        let one = self.upwards(whole, &order, self.work + budget * 2 / 3);
        let bare = from.iter().zip(&self.table.candidates).map(|(w, c)| *w && c.stage != Stage::Line).collect();
        let other = self.upwards(bare, &order, self.work + budget / 3);
        if is_better(&other.0, &other.1, &one.0, &one.1) { other } else { one }
    }

    /// Takes each change that helps as it comes, those that could save most first, until none does.
    fn upwards(&mut self, mut wish: Vec<bool>, order: &[usize], until: u64) -> Found {
        let mut best = self.standing(&wish);
        let (mut at, mut in_vain) = (0, 0);
        while in_vain < order.len() && self.work < until {
            let index = order[at];
            at = (at + 1) % order.len();
            in_vain += 1;
            for changed in [Some(self.changed(&wish, index)), self.instead(&wish, index)].into_iter().flatten() {
                let found = self.standing(&changed);
                if is_better(&found.0, &found.1, &best.0, &best.1) {
                    (wish, best, in_vain) = (changed, found, 0);
                }
            }
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

    /// The candidates that could be applied as things stand before any other, those that save more
    /// by themselves first.
    fn by_saving(&self) -> Vec<usize> {
        let state = State::new(self.table);
        let mut order: Vec<(i64, usize)> = Vec::new();
        for (i, c) in self.table.candidates.iter().enumerate() {
            let saving = match met(c, &self.table.lines, &state.left) {
                None => continue,
                Some(Act::Shipping(cap)) => cap.map_or(self.table.fee, |cap| cap.min(self.table.fee)),
                Some(act) => state.clone().apply(i, &act, &c.lines, &self.table.lines).0,
            };
            order.push((saving, i));
        }
        order.sort_by_key(|(saving, i)| (std::cmp::Reverse(*saving), *i));
        order.into_iter().map(|(_, i)| i).collect()
    }

    /// Everything that may stand together, what saves more by itself first.
    fn beginning(&self) -> Vec<bool> {
        let (mut wish, mut taken) = (vec![false; self.table.candidates.len()], Taken::nothing(self.table));
        for i in self.by_saving() {
            if taken.allows(self.table, &self.table.candidates[i]) {
                taken.add(&self.table.candidates[i]);
                wish[i] = true;
            }
        }
        wish
    }

    /// With the candidate instead of all others that take whole pieces, if it is one of those.
    fn instead(&self, wish: &[bool], index: usize) -> Option<Vec<bool>> {
        let takes_pieces = |i: usize| self.table.candidates[i].act.takes_pieces();
        let others = (0..wish.len()).any(|i| i != index && wish[i] && takes_pieces(i));
        if wish[index] || !takes_pieces(index) || !others {
            return None;
        }
        let mut changed = self.changed(wish, index);
        (0..wish.len()).filter(|i| *i != index && takes_pieces(*i)).for_each(|i| changed[i] = false);
        Some(changed)
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
