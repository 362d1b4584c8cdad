//! The choice among all sets that hold. Sets are gone through as a tree, in the order in which
//! their members would be applied, so that a part that many sets share is reckoned once; a branch
//! that cannot hold a better set than the best so far is not gone into (`bound.rs`). For sixteen
//! candidates and fewer that is exact whatever it takes; beyond, the work is bounded, and the best
//! set then is the one that climbing found (`climb.rs`) or the tree meanwhile.

use crate::bound::Relaxed;
use crate::climb::Climber;
use crate::floors;
use crate::line_step::LineStep;
use crate::rivals::Taken;
use crate::settle::{Score, is_better, pay_with_points, score};
use crate::state::{Opened, State, open};
use crate::table::{Act, Candidate, Stage, Table};

/// Up to so many candidates every search is exact.
pub(crate) const EXACT: usize = 16;

/// Beyond this many the tree is not begun: it would not come to an end, and its depth is the stack's.
const TREE: usize = 96;

/// How much work may be spent on a search: lines touched by reductions and bounds, a few nanoseconds each.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// On the tree where there are no more than [`EXACT`] candidates: then nothing is to be bounded, unless whoever asks
    /// cannot be left to wait.
    pub exact: u64,
    /// On the tree at first, where there are more: most come to an end within it.
    pub first: u64,
    /// On climbing to a better set, where it did not.
    pub climb: u64,
    /// On the tree again, with that set to beat.
    pub again: u64,
}

impl Effort {
    /// What a checkout can wait for; sixteen candidates and fewer are gone through whatever it takes.
    pub const CHECKOUT: Self = Self { exact: u64::MAX, first: 25_000, climb: 45_000, again: 30_000 };

    /// The same for who asks over a network: a made-up cart of very many lines must not hold up all others, and is answered
    /// as one that was bounded after about a second. No cart of two hundred lines comes to it.
    pub const SERVED: Self = Self { exact: 300_000_000, ..Self::CHECKOUT };

    /// Some seconds: to be exact almost always, for comparison.
    pub const THOROUGH: Self = Self { exact: u64::MAX, first: 1_000_000, climb: 10_000_000, again: 2_000_000_000 };
}

/// The set that is taken.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub set: Vec<bool>,
    /// Whether a better one may have been missed.
    pub bounded: bool,
}

/// Chooses among all sets that hold.
pub(crate) fn choose<'a>(table: &Table<'a>, first: &LineStep<'a>, effort: Effort) -> Choice {
    let all = table.candidates.len();
    let mut climber = Climber::new(table, first);
    let begun = climber.begin();
    if all > TREE {
        return Choice { set: climber.climb(&begun.1, effort.climb).1, bounded: true };
    }
    let mut search = Search {
        table,
        first,
        state: State::new(table),
        chosen: vec![false; all],
        taken: Taken::nothing(table),
        best: begun,
        relaxed: Relaxed::of(table),
        work: 0,
        budget: if all <= EXACT { effort.exact } else { effort.first },
    };
    // Most trees come to an end soon. One that does not is begun again with a better set to beat.
    search.members(0);
    if search.spent() {
        let climbed = climber.climb(&search.best.1, effort.climb);
        if is_better(&climbed.0, &climbed.1, &search.best.0, &search.best.1) {
            search.best = climbed;
        }
        (search.work, search.budget) = (0, effort.again);
        search.members(0);
    }
    Choice { bounded: search.spent(), set: search.best.1 }
}

pub(crate) struct Search<'t, 'a> {
    pub table: &'t Table<'a>,
    first: &'t LineStep<'a>,
    pub state: State,
    /// Decided for.
    pub chosen: Vec<bool>,
    pub taken: Taken,
    pub best: (Score, Vec<bool>),
    pub relaxed: Relaxed,
    pub work: u64,
    budget: u64,
}

impl<'a> Search<'_, 'a> {
    fn spent(&self) -> bool {
        self.work > self.budget
    }

    /// Decides first who of a line-exclusive group is there: their lines depend on each other.
    fn members(&mut self, at: usize) {
        if self.spent() {
            return;
        }
        let opened = &self.first.opened;
        let Some(o) = opened.get(at) else { return self.branch(0, opened, 0) };
        let candidate = &self.table.candidates[o.index];
        if !self.first.has(self.table, o.index) {
            return self.members(at + 1);
        }
        if self.taken.allows(self.table, candidate) {
            self.enter(o.index);
            self.members(at + 1);
            self.leave(o.index);
        }
        self.members(at + 1);
    }

    fn enter(&mut self, index: usize) {
        self.chosen[index] = true;
        self.taken.add(&self.table.candidates[index]);
    }

    fn leave(&mut self, index: usize) {
        self.chosen[index] = false;
        self.taken.remove(&self.table.candidates[index]);
    }

    fn step(&mut self, stage: usize) {
        let Some(of) = Stage::GOODS.get(stage) else { return self.shipping() };
        let (table, taken) = (self.table, &self.taken);
        let opened = open(table, &mut self.state, *of, |i| taken.allows(table, &table.candidates[i]));
        self.work += opened.iter().map(|o| table.candidates[o.index].lines.len() as u64 + 4).sum::<u64>();
        self.branch(stage, &opened, 0);
    }

    /// What a candidate costs to try. Groups of pieces are laid out anew at each try; beyond what is searched whole, the bound
    /// is one of tries.
    fn weight(&self, candidate: &Candidate<'_>) -> u64 {
        let each = match &candidate.act {
            _ if self.table.candidates.len() > EXACT => 1,
            Act::Nth(_) => 64,
            Act::Bundle(rule) => 64 + rule.items.len() as u64,
            _ => 1,
        };
        (candidate.lines.len() as u64 + 4).saturating_mul(each)
    }

    /// Takes or leaves the candidate whose turn it is.
    fn branch(&mut self, stage: usize, opened: &[Opened<'a>], at: usize) {
        if self.spent() {
            return;
        }
        let Some(o) = opened.get(at) else { return self.step(stage + 1) };
        let candidate = &self.table.candidates[o.index];
        self.work += self.weight(candidate);
        if stage == 0 && self.first.has(self.table, o.index) {
            return self.apply_member(opened, at);
        }
        if self.taken.allows(self.table, candidate) {
            let (saving, mark) = self.state.apply(o.index, &o.act, &candidate.lines, &self.table.lines);
            if saving > 0 || candidate.is_gift() {
                self.enter(o.index);
                self.branch(stage, opened, at + 1);
                self.leave(o.index);
            }
            self.state.undo(mark);
            // A gift that nothing stands against is in every best set.
            if candidate.is_gift() && candidate.group.is_none() && candidate.held.is_none() {
                return;
            }
        }
        if self.hopeful(stage, &opened[at + 1..]) {
            self.branch(stage, opened, at + 1);
        }
    }

    /// The turn of one that was decided on before the step.
    fn apply_member(&mut self, opened: &[Opened<'a>], at: usize) {
        let o = &opened[at];
        if !self.chosen[o.index] {
            return self.branch(0, opened, at + 1);
        }
        let lines = self.first.lines(self.table, o.index, |i| self.chosen[i]);
        let (saving, mark) = self.state.apply(o.index, &o.act, &lines, &self.table.lines);
        if saving > 0 {
            self.branch(0, opened, at + 1);
        }
        self.state.undo(mark);
    }

    /// All reductions of goods are decided: floors, points, and what takes off shipping.
    fn shipping(&mut self) {
        let mut payable = self.state.left.clone();
        if self.table.floors {
            let log = floors::cut(self.table, &self.state);
            let stands = |(i, c): (usize, &bool)| !c || self.table.candidates[i].is_gift() || log.iter().any(|cut| cut.by == i);
            if !self.chosen.iter().enumerate().all(stands) {
                return;
            }
            payable = self.table.bases();
            log.iter().for_each(|c| payable[c.line] -= c.amount);
        }
        let paid = pay_with_points(self.table, &mut payable);
        let goods: i64 = payable.iter().sum();
        let left = std::mem::replace(&mut self.state.left, payable);
        let (table, taken) = (self.table, &self.taken);
        let opened = open(table, &mut self.state, Stage::Shipping, |i| taken.allows(table, &table.candidates[i]));
        self.state.left = left;
        self.fee(&opened, 0, goods, table.fee, paid.points);
    }

    fn fee(&mut self, opened: &[Opened<'a>], at: usize, goods: i64, fee: i64, points: i64) {
        if self.spent() {
            return;
        }
        self.work += 4;
        let Some(Opened { index, act: Act::Shipping(cap), .. }) = opened.get(at) else {
            let score = score(self.table, &self.chosen, goods + fee, points);
            if is_better(&score, &self.chosen, &self.best.0, &self.best.1) {
                self.best = (score, self.chosen.clone());
            }
            return;
        };
        let off = cap.map_or(fee, |cap| cap.min(fee));
        if off > 0 && self.taken.allows(self.table, &self.table.candidates[*index]) {
            self.enter(*index);
            self.fee(opened, at + 1, goods, fee - off, points);
            self.leave(*index);
        }
        self.fee(opened, at + 1, goods, fee, points);
    }
}
