//! The evaluator: a plan and a slice of members, be it 65,536 or one.
//!
//! It works on blocks: the tree is walked once for some thousand members, each step looking only at those
//! whom the steps before left open; rows are found from the end of a member's rows backwards and judged
//! together. Truth is three-valued, kept so that `and` is the lesser and `or` the greater.

mod numbers;
mod rows;
mod sequence;
mod tests_of;
mod top;
mod words;

use std::borrow::Borrow;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuke_columns::Slice;
use shuke_columns::registry::FIRST_SEEN;

use crate::calendar::Reckoning;
use crate::plan::Plan;

pub use top::{Threshold, Thresholds};
pub(crate) use words::Codes;

/// False.
pub(crate) const FALSE: u8 = 0;
/// Unknown.
pub(crate) const UNKNOWN: u8 = 1;
/// True.
pub(crate) const TRUE: u8 = 2;

/// Members that are taken together.
const BLOCK: usize = 4_096;

/// What the caller needs to tell apart: who is true, or (below a `not`) who is false.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Need {
    True,
    False,
}

/// What is asked of whom, and when.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) reckoning: &'a Reckoning,
    pub(crate) thresholds: &'a Thresholds,
    pub(crate) codes: &'a Codes,
    pub(crate) slice: &'a Slice,
}

/// Members or rows that are looked at.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// The table of the rows; none for members.
    pub(crate) table: Option<usize>,
    /// Which.
    pub(crate) at: &'a [u32],
}

/// Members whom an expression is true of, by their place in each slice.
pub type Matches = Vec<Vec<u32>>;

impl Plan {
    /// Everyone in these slices whom the expression is true of; `None` when `cancelled` says so, which is
    /// asked between blocks. `thresholds` are those of [`Plan::thresholds`], computed now or kept.
    pub fn matches(
        &self,
        slices: &[impl Borrow<Slice> + Sync],
        thresholds: &Thresholds,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Matches> {
        each_slice(slices, |slice| {
            let codes = Codes::of(self, slice);
            let asked = Asked { plan: self, reckoning: &self.reckoning, thresholds, codes: &codes, slice };
            let mut found = Vec::new();
            for block in in_the_base(slice, self.reckoning.at).chunks(BLOCK) {
                if cancelled() {
                    return None;
                }
                let told = asked.test(&self.root, Frame { table: None, at: block }, Need::True);
                found.extend(block.iter().zip(told).filter(|(_, t)| *t == TRUE).map(|(m, _)| *m));
            }
            Some(found)
        })
    }

    /// Whether the expression is true of the first member of a slice: the check of one member when an
    /// event arrives.
    pub fn is_true_of(&self, slice: &Slice, thresholds: &Thresholds) -> bool {
        self.matches(std::slice::from_ref(slice), thresholds, &|| false).is_some_and(|m| m.first().is_some_and(|s| s.contains(&0)))
    }
}

/// Members of a slice that were first seen before `at`.
pub(crate) fn in_the_base(slice: &Slice, at: i64) -> Vec<u32> {
    let seen = &slice.facts[FIRST_SEEN];
    (0..slice.len() as u32).filter(|m| seen.get(*m as usize).is_some_and(|t| t < at)).collect()
}

/// Runs over every slice on as many threads as there are processors; answers in the order of the slices.
fn each_slice<T: Send>(slices: &[impl Borrow<Slice> + Sync], each: impl Fn(&Slice) -> Option<T> + Sync) -> Option<Vec<T>> {
    let threads = if slices.len() < 2 { 1 } else { std::thread::available_parallelism().map_or(1, |n| n.get()).min(slices.len()) };
    if threads == 1 {
        return slices.iter().map(|s| each(s.borrow())).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(slice) = slices.get(at) else { return Some(mine) };
            mine.push((at, each(slice.borrow())?));
        }
    };
    let parts: Vec<Option<Vec<(usize, T)>>> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mine = work();
        others.into_iter().map(|o| o.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).chain([mine]).collect()
    });
    let mut all: Vec<(usize, T)> = parts.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    all.sort_by_key(|(at, _)| *at);
    Some(all.into_iter().map(|(_, t)| t).collect())
}
