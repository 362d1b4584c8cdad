//! The evaluator: a plan and a slice of members, be it 65,536 or one.
//!
//! It works on blocks: the tree is walked once for some thousand members, each step looking only at those
//! whom the steps before left open; rows are found from the end of a member's rows backwards and judged
//! together, in the width in which they are stored. Truth is three-valued, kept so that `and` is the lesser
//! and `or` the greater.

mod at;
mod bits;
mod cells;
mod folds;
mod numbers;
mod ranked;
mod rows;
mod sequence;
mod set;
mod spells;
mod tests_of;
mod threads;
mod told;
mod top;
mod wide;
mod words;

use std::borrow::Borrow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use shuke_columns::registry::FIRST_SEEN;
use shuke_columns::slice::Lasting;
use shuke_columns::{Ints, Slice};

use crate::calendar::{Keepings, Reckoning};
use crate::plan::Plan;

use at::Frame;
use ranked::Ranked;
use rows::Picked;
use threads::each_slice;
pub(crate) use threads::side_by_side;

pub use set::Set;
pub use told::Told;
pub use top::{Threshold, Thresholds};
pub(crate) use words::{CodeSet, Codes};

/// False.
pub(crate) const FALSE: u8 = 0;
/// Unknown.
pub(crate) const UNKNOWN: u8 = 1;
/// True.
pub(crate) const TRUE: u8 = 2;

/// Members that are taken together: with their rows of a table they stay in a processor's cache.
const BLOCK: usize = 1_024;

/// From so many members on what they hold is found once for all questions: a slice of one is asked and gone.
const MANY: usize = 2;

/// What the caller needs to tell apart: who is true, or (below a `not`) who is false.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Need {
    True,
    False,
}

/// What members held last, as long as it lasts; `None` where it cannot be told for all at once.
type Held = Option<Arc<Lasting<Ints>>>;
/// A bit for each member who holds a tag; `None` where it cannot be told for all at once.
type Tagged = Option<Rc<Vec<u64>>>;

/// What is asked of whom, and when.
pub(crate) struct Asked<'a> {
    plan: &'a Plan,
    reckoning: &'a Reckoning,
    thresholds: &'a Thresholds,
    codes: &'a Codes,
    slice: &'a Slice,
    at_hand: AtHand<'a>,
    /// Birthdays of the year, where they were asked for.
    keepings: OnceCell<Keepings>,
    /// What members held last, by the number of the history.
    held: Box<[OnceCell<Held>]>,
    /// Who holds a tag of a pattern, by its number.
    tagged: RefCell<Vec<(usize, Tagged)>>,
    /// Who was ranked with what, by the number of the ranking; empty where that is not known.
    ranked: Vec<&'a Ranked>,
}

/// What was found for the members at hand, for whoever asks for the same.
#[derive(Default)]
struct AtHand<'a> {
    /// Their rows, by the number of the set.
    picked: RefCell<Vec<(usize, Rc<Picked<'a>>)>>,
    /// Which of all their rows lie in a window, by table, from and to.
    windows: RefCell<Vec<(Window, Rc<Vec<u8>>)>>,
}

type Window = (usize, i64, i64);

/// Members whom an expression is true of, a set for each slice.
pub type Matches = Vec<Set>;

impl Plan {
    /// Everyone in these slices whom the expression is true of; `None` when `cancelled` says so, which is
    /// asked between blocks. `thresholds` are those of [`Plan::thresholds`], computed now or kept.
    pub fn matches<S: Borrow<Slice> + Sync>(
        &self,
        slices: &[S],
        thresholds: &Thresholds,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Matches> {
        self.matches_among(slices, thresholds, &[], cancelled)
    }

    /// The same, where it is known of whom the thresholds were computed: by ranking and slice.
    fn matches_among<S: Borrow<Slice> + Sync>(
        &self,
        slices: &[S],
        thresholds: &Thresholds,
        ranked: &[Vec<Ranked>],
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Matches> {
        side_by_side(slices.len(), |i| {
            let slice = slices[i].borrow();
            let codes = Codes::of(self, slice);
            let mut asked = Asked::new(self, &self.reckoning, thresholds, &codes, slice);
            asked.ranked = ranked.iter().map(|of| &of[i]).collect();
            let mut found = Set::none(slice.len());
            asked.each_block(cancelled, |frame| {
                let told = asked.test(&self.root, frame, Need::True);
                match frame.at {
                    at::At::Run(from, _) => found.insert_told(from, &told, TRUE),
                    at::At::Some(at) => at.iter().zip(told).filter(|(_, t)| *t == TRUE).for_each(|(m, _)| found.insert(*m as usize)),
                }
            })?;
            Some(found)
        })
    }

    /// Whether the expression is true of the first member of a slice: the check of one member when an
    /// event arrives.
    pub fn is_true_of(&self, slice: &Slice, thresholds: &Thresholds) -> bool {
        self.is_true_at(&self.reckoning, slice, thresholds)
    }

    /// The same at another time of the plan's day; of a plan that [holds all day](Plan::holds_at) only.
    pub fn is_true_at(&self, reckoning: &Reckoning, slice: &Slice, thresholds: &Thresholds) -> bool {
        let codes = Codes::of(self, slice);
        let asked = Asked::new(self, reckoning, thresholds, &codes, slice);
        let is_in_base = !slice.is_empty() && slice.facts[FIRST_SEEN].get(0).is_some_and(|t| t < reckoning.at);
        is_in_base && asked.test(&self.root, Frame::members(0..1), Need::True) == [TRUE]
    }

    /// Whom of some members of a slice (their places, ascending) the expression is true of, at another time of
    /// the plan's day; of a plan that [holds](Plan::holds_at) then only.
    pub fn true_among(&self, reckoning: &Reckoning, slice: &Slice, members: &[u32], thresholds: &Thresholds) -> Set {
        let codes = Codes::of(self, slice);
        let asked = Asked::new(self, reckoning, thresholds, &codes, slice);
        let mut found = Set::none(slice.len());
        let is_in_base = |m: &u32| slice.facts[FIRST_SEEN].get(*m as usize).is_some_and(|t| t < reckoning.at);
        let open: Vec<u32> = members.iter().copied().filter(is_in_base).collect();
        for some in open.chunks(BLOCK) {
            asked.forget();
            let told = asked.test(&self.root, Frame { table: None, at: at::At::Some(some) }, Need::True);
            some.iter().zip(told).filter(|(_, t)| *t == TRUE).for_each(|(m, _)| found.insert(*m as usize));
        }
        found
    }

    /// Whether the plan can be asked at that time, though it was made for another: both are of one day, and
    /// none of its windows starts at a clock time of an earlier month.
    pub fn holds_at(&self, reckoning: &Reckoning) -> bool {
        self.reckoning.at == reckoning.at || self.holds_all_day && self.reckoning.today == reckoning.today
    }
}

/// How many members of a slice were first seen before `at`.
pub(crate) fn in_the_base(slice: &Slice, at: i64) -> usize {
    let seen = &slice.facts[FIRST_SEEN];
    if seen.ceiling() < at && seen.all_known() {
        slice.len()
    } else {
        (0..slice.len()).filter(|m| seen.get(*m).is_some_and(|t| t < at)).count()
    }
}

impl<'a> Asked<'a> {
    fn new(plan: &'a Plan, reckoning: &'a Reckoning, thresholds: &'a Thresholds, codes: &'a Codes, slice: &'a Slice) -> Self {
        // Of one member the spells are soon gone through.
        let histories = if slice.len() < MANY { 0 } else { slice.histories.len() };
        let held = (0..histories).map(|_| OnceCell::new()).collect();
        Self {
            plan,
            reckoning,
            thresholds,
            codes,
            slice,
            at_hand: AtHand::default(),
            keepings: OnceCell::new(),
            held,
            tagged: RefCell::default(),
            ranked: Vec::new(),
        }
    }

    /// Hands on the members of the base, some thousand at once; `None` when `cancelled` says so.
    fn each_block(&self, cancelled: &(dyn Fn() -> bool + Sync), mut each: impl FnMut(Frame<'_>)) -> Option<()> {
        let (seen, members) = (&self.slice.facts[FIRST_SEEN], self.slice.len());
        let all_seen = seen.ceiling() < self.reckoning.at && seen.all_known();
        for from in (0..members).step_by(BLOCK) {
            if cancelled() {
                return None;
            }
            self.forget();
            let to = members.min(from + BLOCK);
            if all_seen {
                each(Frame::members(from..to));
            } else {
                let some: Vec<u32> = (from..to).filter(|m| seen.get(*m).is_some_and(|t| t < self.reckoning.at)).map(|m| m as u32).collect();
                each(Frame { table: None, at: at::At::Some(&some) });
            }
        }
        Some(())
    }

    /// Other members are at hand: their rows are others.
    fn forget(&self) {
        self.at_hand.picked.borrow_mut().clear();
        self.at_hand.windows.borrow_mut().clear();
    }
}
