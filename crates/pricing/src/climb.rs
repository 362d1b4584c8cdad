//! A good set without a proof: begin with the best of each group and the best coupons, then take
//! changes that help until none does. It gives the search in the tree something to beat, and is the
//! answer where the tree is too large.
//!
//! A *wish* may hold more than is applied: what has no effect now is passed over, and is there again
//! once its threshold is met. What a change took out stays out until another brings it in.

use std::collections::HashSet;

use crate::line_step::LineStep;
use crate::regain::{Target, targets};
use crate::rivals::{Taken, exclude_each_other};
use crate::settle::{Score, Settled, is_better, settle, start_of};
use crate::state::{State, met};
use crate::table::{Act, Candidate, Stage, Table};

/// A set that holds, and its score.
pub(crate) type Found = (Score, Vec<bool>);

/// Of the thresholds out of reach so many are tried from one place, those that promise most.
const TRIED: usize = 6;

pub(crate) struct Climber<'t, 'a> {
    table: &'t Table<'a>,
    first: &'t LineStep<'a>,
    /// The candidates that could be applied before any other, what saves more by itself first.
    order: Vec<usize>,
    /// The wishes that single changes have led to: from another side they are no better.
    seen: HashSet<u64>,
    work: u64,
}

/// Where a climb has come to.
struct Place {
    wish: Vec<bool>,
    settled: Settled,
}

impl Place {
    fn is_better_than(&self, other: &Self) -> bool {
        is_better(&self.settled.score, &self.settled.chosen, &other.settled.score, &other.settled.chosen)
    }
}

impl<'t, 'a> Climber<'t, 'a> {
    pub fn new(table: &'t Table<'a>, first: &'t LineStep<'a>) -> Self {
        Self { table, first, order: by_saving(table), seen: HashSet::new(), work: 0 }
    }

    /// Where to begin: everything that may stand together, what saves more by itself first.
    pub fn begin(&mut self) -> Found {
        let (mut wish, mut taken) = (vec![false; self.table.candidates.len()], Taken::nothing(self.table));
        for i in &self.order {
            if taken.allows(self.table, &self.table.candidates[*i]) {
                taken.add(&self.table.candidates[*i]);
                wish[*i] = true;
            }
        }
        let settled = self.standing(&wish);
        (settled.score, settled.chosen)
    }

    /// Climbs from a set, and from that set without its line promotions (many thresholds may have
    /// been lost to several of them at once), then from thresholds regained, spending about `budget`;
    /// the best of all.
    pub fn climb(&mut self, from: &[bool], budget: u64) -> Found {
        let begun = self.work;
        let settled = self.standing(from);
        let wish = self.with_sleepers(from.to_vec(), &settled);
        let bare = wish.iter().zip(&self.table.candidates).map(|(w, c)| *w && c.stage != Stage::Line).collect();
        let mut best = self.upwards(Place { wish, settled }, begun + budget / 2);
        let bare = self.place(bare);
        let other = self.upwards(bare, begun + budget * 3 / 4);
        if other.is_better_than(&best) {
            best = other;
        }
        self.further(&mut best, begun + budget);
        (best.settled.score, best.settled.chosen)
    }

    /// Regains thresholds and takes single changes until neither helps.
    fn upwards(&mut self, mut place: Place, until: u64) -> Place {
        while self.work < until {
            while self.regain(&mut place, until) {}
            if !self.single(&mut place, until) || !self.regain(&mut place, until) {
                break;
            }
        }
        place
    }

    /// Climbs from thresholds whose regaining did not help by itself.
    fn further(&mut self, best: &mut Place, until: u64) {
        let mut helped = true;
        while helped {
            helped = false;
            for target in self.targets(best) {
                if self.work >= until {
                    return;
                }
                let Some(start) = self.reaching(best, &target) else { continue };
                let other = self.upwards(start, until);
                if other.is_better_than(best) {
                    (*best, helped) = (other, true);
                    break;
                }
            }
        }
    }

    /// Takes the first threshold out of reach that is worth what must go for it.
    fn regain(&mut self, place: &mut Place, until: u64) -> bool {
        for target in self.targets(place).iter().filter(|t| t.promises > 0).take(TRIED) {
            if self.work >= until {
                break;
            }
            if let Some(other) = self.reaching(place, target).filter(|other| other.is_better_than(place)) {
                *place = other;
                return true;
            }
        }
        false
    }

    /// Takes each single change that helps as it comes, those that could save most first, until none does.
    fn single(&mut self, place: &mut Place, until: u64) -> bool {
        let (mut at, mut in_vain, mut helped) = (0, 0, false);
        while in_vain < self.order.len() && self.work < until {
            let index = self.order[at];
            at = (at + 1) % self.order.len();
            in_vain += 1;
            for wish in [self.changed(&place.wish, index), self.instead(&place.wish, index)].into_iter().flatten() {
                if !self.seen.insert(fingerprint(&wish)) {
                    continue;
                }
                let other = self.place(wish);
                if other.is_better_than(place) {
                    (*place, in_vain, helped) = (other, 0, true);
                    break;
                }
            }
        }
        helped
    }

    fn place(&mut self, wish: Vec<bool>) -> Place {
        let settled = self.standing(&wish);
        Place { wish, settled }
    }

    /// What of a wish stands: those that turn out to have no effect are passed over until none is left.
    fn standing(&mut self, wish: &[bool]) -> Settled {
        let mut settled = self.settle(wish);
        let mut wished = wish.to_vec();
        while (0..wished.len()).any(|i| wished[i] && !settled.chosen[i] && self.is_felt(i)) {
            wished.clone_from(&settled.chosen);
            settled = self.settle(&wished);
        }
        settled
    }

    /// Whether others may feel one that takes nothing: it keeps lines or pieces from them, or was cut
    /// at lowest prices.
    fn is_felt(&self, index: usize) -> bool {
        self.table.floors || self.table.candidates[index].act.takes_pieces() || self.first.has(self.table, index)
    }

    fn settle(&mut self, wish: &[bool]) -> Settled {
        let settled = settle(self.table, self.first, wish);
        let touched: usize = settled.turns.iter().map(|i| self.table.candidates[*i].lines.len() + 4).sum();
        self.work += (touched * 2 + self.table.candidates.len() + 100) as u64;
        settled
    }

    fn targets(&mut self, place: &Place) -> Vec<Target> {
        let (targets, work) = targets(self.table, &self.order, &place.settled);
        self.work += work;
        targets
    }

    /// The place where the target's threshold is met, by the least that must go for it.
    fn reaching(&mut self, place: &Place, target: &Target) -> Option<Place> {
        let mut wish = self.with(&place.wish, target.index)?;
        let mut gone = target.cover(self.table, &place.settled, &wish)?;
        // What stays takes more where others went: it may need more than one turn.
        for _ in 0..3 {
            gone.iter().for_each(|i| wish[*i] = false);
            let other = self.place(wish);
            gone = target.cover(self.table, &other.settled, &other.wish)?;
            if gone.is_empty() {
                return Some(other);
            }
            wish = other.wish;
        }
        None
    }

    /// With the order promotions that are out of reach: they cost nothing while they are.
    fn with_sleepers(&self, mut wish: Vec<bool>, settled: &Settled) -> Vec<bool> {
        let mut taken = Taken::of(self.table, &wish);
        for i in &self.order {
            let c = &self.table.candidates[*i];
            let sleeps = c.stage == Stage::Order && met(c, &self.table.lines, &settled.starts[start_of(c.stage)]).is_none();
            if !wish[*i] && sleeps && !stands_alone(c) && taken.allows(self.table, c) {
                taken.add(c);
                wish[*i] = true;
            }
        }
        wish
    }

    /// The wish without the candidate, or with it instead of those it cannot stand beside; whom that
    /// lets in comes in.
    fn changed(&self, wish: &[bool], index: usize) -> Option<Vec<bool>> {
        let mut changed = wish.to_vec();
        if wish[index] {
            changed[index] = false;
        } else {
            changed = self.with(wish, index)?;
        }
        Some(self.with_freed(changed, wish, index))
    }

    /// With the candidate instead of all others that take whole pieces, if it is one of those.
    fn instead(&self, wish: &[bool], index: usize) -> Option<Vec<bool>> {
        let takes_pieces = |i: usize| self.table.candidates[i].act.takes_pieces();
        let others = (0..wish.len()).any(|i| i != index && wish[i] && takes_pieces(i));
        if wish[index] || !takes_pieces(index) || !others {
            return None;
        }
        let mut changed = self.changed(wish, index)?;
        (0..wish.len()).filter(|i| *i != index && takes_pieces(*i)).for_each(|i| changed[i] = false);
        Some(changed)
    }

    /// The wish with the candidate instead of those it cannot stand beside; none if there is no room.
    fn with(&self, wish: &[bool], index: usize) -> Option<Vec<bool>> {
        let candidates = &self.table.candidates;
        let new = &candidates[index];
        let mut with: Vec<bool> = wish.iter().zip(candidates).map(|(w, c)| *w && !exclude_each_other(new, c)).collect();
        with[index] = false;
        let mut taken = Taken::of(self.table, &with);
        // The least of its sort makes room: the last by priority and id.
        for i in (0..with.len()).rev() {
            if taken.limit_allows(self.table, new) && taken.quota_allows(new) {
                break;
            }
            let same_sort = candidates[i].held.zip(new.held).is_some_and(|(a, b)| a.limit == b.limit);
            if with[i] && same_sort {
                with[i] = false;
                taken.remove(&candidates[i]);
            }
        }
        with[index] = taken.allows(self.table, new);
        with[index].then_some(with)
    }

    /// Whom the wish before kept out by its group, and nothing keeps out now, comes in; but none that
    /// would keep the others of its group out.
    fn with_freed(&self, mut wish: Vec<bool>, before: &[bool], but: usize) -> Vec<bool> {
        let grouped = |i: usize| before[i] && !wish[i] && self.table.candidates[i].group.is_some();
        if !(0..wish.len()).any(grouped) {
            return wish;
        }
        let (kept, mut taken) = (Taken::of(self.table, before), Taken::of(self.table, &wish));
        for i in &self.order {
            let c = &self.table.candidates[*i];
            let may_come = !wish[*i] && *i != but && !stands_alone(c) && c.held.is_none();
            if may_come && !kept.group_allows(c) && taken.allows(self.table, c) {
                taken.add(c);
                wish[*i] = true;
            }
        }
        wish
    }
}

/// The same for the same wish; for others by all odds another (FNV-1a).
fn fingerprint(wish: &[bool]) -> u64 {
    wish.iter().fold(0xCBF2_9CE4_8422_2325, |hash, w| (hash ^ u64::from(*w)).wrapping_mul(0x0000_0100_0000_01B3))
}

fn stands_alone(candidate: &Candidate<'_>) -> bool {
    candidate.group.is_some_and(|g| g.alone)
}

/// The candidates that could be applied as things stand before any other, those that save more by
/// themselves first.
fn by_saving(table: &Table<'_>) -> Vec<usize> {
    let mut state = State::new(table);
    let mut order: Vec<(i64, usize)> = Vec::new();
    for (i, c) in table.candidates.iter().enumerate() {
        let saving = match met(c, &table.lines, &state.left) {
            None => continue,
            Some(Act::Shipping(cap)) => cap.map_or(table.fee, |cap| cap.min(table.fee)),
            Some(act) => {
                let (saving, mark) = state.apply(i, &act, &c.lines, &table.lines);
                state.undo(mark);
                saving
            }
        };
        order.push((saving, i));
    }
    order.sort_by_key(|(saving, i)| (std::cmp::Reverse(*saving), *i));
    order.into_iter().map(|(_, i)| i).collect()
}
