//! The greatest and the smallest of the base: a threshold is computed over all members at its own time and
//! kept; who is at the top is then a comparison, of one member as of all.

use std::borrow::Borrow;

use shuke_columns::{Slice, Type};

use super::at::{At, Frame};
use super::cells::{lesser, number_of, numbers_between};
use super::numbers::{Values, Whole, exact, scale, truth};
use super::threads::side_by_side;
use super::wide::wide;
use super::{Asked, Codes, FALSE, Matches, Need, TRUE, UNKNOWN, each_slice};
use crate::exact::Exact;
use crate::plan::{Expr, Plan, Ranking, Test};
use crate::tree::Rank;

/// Thresholds of a plan's rankings, with their times.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Thresholds(Vec<Threshold>);

/// A threshold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Threshold {
    /// The time of its base, microseconds.
    pub at: i64,
    /// What must be reached; none where nobody could be ranked.
    pub value: Option<Exact>,
}

impl Thresholds {
    /// Those that were computed before and kept.
    pub fn kept(all: Vec<Threshold>) -> Self {
        Self(all)
    }

    /// As text, to be kept.
    pub fn text(&self) -> String {
        let all = self.0.iter().map(|t| serde_json::json!({ "at": t.at, "value": t.value.as_ref().map(Exact::text) }));
        serde_json::Value::from(all.collect::<Vec<_>>()).to_string()
    }

    /// Of such a text; none where it is none.
    pub fn of_text(text: &str) -> Self {
        let all: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
        let one = |t: &serde_json::Value| Threshold {
            at: t["at"].as_i64().unwrap_or_default(),
            value: t["value"].as_str().and_then(Exact::of_text),
        };
        Self(all.iter().map(one).collect())
    }

    /// One for each ranking of the plan.
    pub fn all(&self) -> &[Threshold] {
        &self.0
    }
}

impl Plan {
    /// Computes the thresholds over all members; `None` when `cancelled` says so.
    pub fn thresholds<S: Borrow<Slice> + Sync>(&self, slices: &[S], cancelled: &(dyn Fn() -> bool + Sync)) -> Option<Thresholds> {
        self.rank(slices, cancelled).map(|(thresholds, _)| thresholds)
    }

    /// Everyone in these slices whom the expression is true of, with the thresholds that were computed for it;
    /// `None` when `cancelled` says so.
    pub fn found<S: Borrow<Slice> + Sync>(&self, slices: &[S], cancelled: &(dyn Fn() -> bool + Sync)) -> Option<(Matches, Thresholds)> {
        let (thresholds, ranked) = self.rank(slices, cancelled)?;
        let found = self.matches_among(slices, &thresholds, &ranked, cancelled)?;
        Some((found, thresholds))
    }

    /// The thresholds, and for each ranking what they were computed of.
    fn rank<S: Borrow<Slice> + Sync>(&self, slices: &[S], cancelled: &(dyn Fn() -> bool + Sync)) -> Option<(Thresholds, Vec<Vec<Ranked>>)> {
        let (mut all, mut found) = (Thresholds::default(), Vec::new());
        for ranking in &self.rankings {
            let ranked = self.ranked(ranking, slices, &all, cancelled)?;
            all.0.push(Threshold { at: ranking.reckoning.at, value: threshold(&ranked, ranking) });
            found.push(ranked);
        }
        Some((all, found))
    }

    fn ranked<S: Borrow<Slice> + Sync>(
        &self,
        ranking: &Ranking,
        slices: &[S],
        known: &Thresholds,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<Ranked>> {
        each_slice(slices, |slice| {
            let codes = Codes::of(self, slice);
            let asked = Asked::new(self, &ranking.reckoning, known, &codes, slice);
            let mut ranked = Ranked::of(slice.len());
            let kind = ranking.by.kind;
            asked.each_block(cancelled, |frame| {
                let Some(of) = &ranking.of else { return ranked.take(&asked.values(&ranking.by, frame), kind, frame.at, None) };
                let told = asked.test(of, frame, Need::True);
                if number_of(&told, TRUE) * 4 >= told.len() {
                    return ranked.take(&asked.values(&ranking.by, frame), kind, frame.at, Some(&told));
                }
                let some: Vec<u32> = frame.at.only(&told, |t| t == TRUE).iter().map(|i| frame.at.get(*i as usize) as u32).collect();
                let some = Frame { at: At::Some(&some), ..frame };
                ranked.take(&asked.among(some, |asked| asked.values(&ranking.by, some)), kind, some.at, None);
            })?;
            Some(ranked)
        })
    }
}

/// Values of who is ranked in a slice.
#[derive(Default)]
pub(super) struct Ranked {
    /// By the place of the member, of those who are ranked.
    whole: Vec<i64>,
    /// [`TRUE`] of them.
    is_ranked: Vec<u8>,
    /// Values that are no whole numbers, of whomever.
    exact: Vec<Exact>,
}

impl Ranked {
    fn of(members: usize) -> Self {
        Self { whole: vec![0; members], is_ranked: vec![FALSE; members], exact: Vec::new() }
    }

    /// Takes the values of these members, only of those who are told to be ranked.
    fn take(&mut self, values: &Values, kind: Type, members: At<'_>, told: Option<&[u8]>) {
        let is_ranked = |i: usize| told.is_none_or(|told| told[i] == TRUE);
        match (values, members) {
            (Values::Whole(Whole { values, known: None }), At::Run(from, to)) => {
                self.whole[from..to].copy_from_slice(values);
                match told {
                    Some(told) => self.is_ranked[from..to].copy_from_slice(told),
                    None => self.is_ranked[from..to].fill(TRUE),
                }
            }
            (Values::Whole(values), _) => {
                for (i, value) in (0..values.values.len()).filter(|i| is_ranked(*i)).filter_map(|i| Some((i, values.get(i)?))) {
                    let place = members.get(i);
                    (self.whole[place], self.is_ranked[place]) = (value, TRUE);
                }
            }
            (other, _) => self.exact.extend((0..other.len()).filter(|i| is_ranked(*i)).filter_map(|i| other.exact(i, kind))),
        }
    }

    fn ranked(&self) -> impl Iterator<Item = i64> + '_ {
        self.whole.iter().zip(&self.is_ranked).filter(|(_, told)| **told == TRUE).map(|(value, _)| *value)
    }

    /// Who of a run of members is ranked and reaches a threshold; `None` where values are no whole numbers.
    fn reach(&self, (from, to): (usize, usize), threshold: i64, low: bool) -> Option<Vec<u8>> {
        if !self.exact.is_empty() {
            return None;
        }
        let (least, most) = if low { (i64::MIN, threshold) } else { (threshold, i64::MAX) };
        let mut told = numbers_between(&self.whole[from..to], least, most, false);
        lesser(&mut told, &self.is_ranked[from..to]);
        Some(told)
    }
}

/// The value of the last who is in.
fn threshold(found: &[Ranked], ranking: &Ranking) -> Option<Exact> {
    let kind = ranking.by.kind;
    if found.iter().all(|ranked| ranked.exact.is_empty()) {
        return last_of(found, ranking).map(|v| exact(v, kind));
    }
    let whole = found.iter().flat_map(Ranked::ranked).map(|v| exact(v, kind));
    last_in(found.iter().flat_map(|ranked| ranked.exact.iter().cloned()).chain(whole).collect(), ranking)
}

wide! {
    /// The least and the greatest value of those who are ranked, and how many these are.
    fn ends(values: &[i64], is_ranked: &[u8]) -> (i64, i64, usize) {
        let (mut least, mut most, mut count) = (i64::MAX, i64::MIN, 0_u64);
        for (value, told) in values.iter().zip(is_ranked) {
            let ranked = *told == TRUE;
            least = least.min(if ranked { *value } else { i64::MAX });
            most = most.max(if ranked { *value } else { i64::MIN });
            count += u64::from(ranked);
        }
        (least, most, count as usize)
    }
}

/// Values are counted by so many equal steps before those of one step are put in order.
const STEPS: usize = 1 << 14;

/// The same of whole numbers: they are counted by steps on all processors, and only those of the step in which
/// the last lies are looked at one by one.
fn last_of(found: &[Ranked], ranking: &Ranking) -> Option<i64> {
    let ends = side_by_side(found.len(), |i| Some(ends(&found[i].whole, &found[i].is_ranked)))?;
    let (least, most, count) = ends.into_iter().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1), a.2 + b.2))?;
    let place = place(ranking.count, count)?;
    let above = |v: i64| v.wrapping_sub(least) as u64;
    let shift = (u64::BITS - above(most).leading_zeros()).saturating_sub(STEPS.trailing_zeros());
    let step = |v: i64| (above(v) >> shift) as usize;
    let counted = side_by_side(found.len(), |i| {
        let mut counts = vec![0_u32; STEPS];
        for (value, told) in found[i].whole.iter().zip(&found[i].is_ranked) {
            // Who is not ranked is counted as none, wherever that is: no branch to guess.
            counts[step(*value).min(STEPS - 1)] += u32::from(*told == TRUE);
        }
        Some(counts)
    })?;
    let mut of_step = vec![0_usize; STEPS];
    for counts in &counted {
        of_step.iter_mut().zip(counts).for_each(|(all, count)| *all += *count as usize);
    }
    let (mut before, mut at) = (0, if ranking.low { 0 } else { STEPS - 1 });
    while before + of_step[at] <= place {
        before += of_step[at];
        at = if ranking.low { at + 1 } else { at.checked_sub(1)? };
    }
    let values = side_by_side(found.len(), |i| {
        if counted[i][at] == 0 {
            return Some(Vec::new());
        }
        let all = found[i].whole.iter().zip(&found[i].is_ranked);
        Some(all.filter(|(v, told)| step(**v) == at && **told == TRUE).map(|(v, _)| *v).collect::<Vec<_>>())
    })?;
    let mut values = values.concat();
    let place = place - before;
    let (_, value, _) = if ranking.low { values.select_nth_unstable(place) } else { values.select_nth_unstable_by(place, |a, b| b.cmp(a)) };
    Some(*value)
}

/// The value of the last of these who is in.
fn last_in<T: Ord + Clone>(mut values: Vec<T>, ranking: &Ranking) -> Option<T> {
    let last = place(ranking.count, values.len())?;
    let (_, value, _) = if ranking.low { values.select_nth_unstable(last) } else { values.select_nth_unstable_by(last, |a, b| b.cmp(a)) };
    Some(value.clone())
}

/// The place of the last who is in, from 0, among so many; none where there is nobody.
fn place(count: Rank, among: usize) -> Option<usize> {
    let most = among.checked_sub(1)?;
    let wanted = match count {
        Rank::Count(n) => usize::try_from(n).unwrap_or(usize::MAX),
        // Above 0 and at most a hundred in a hundred, in millionths.
        Rank::Percent(p) => (among as u128 * p as u128).div_ceil(100_000_000) as usize,
    };
    Some(wanted.saturating_sub(1).min(most))
}

impl Asked<'_> {
    pub(super) fn top(&self, ranking: usize, by: &Expr, of: Option<&Test>, frame: Frame<'_>, need: Need) -> Vec<u8> {
        let low = self.plan.rankings[ranking].low;
        let threshold = self.thresholds.0.get(ranking).and_then(|t| t.value.as_ref());
        // At the time of the question everyone was ranked already.
        if need == Need::True
            && self.plan.rankings[ranking].reckoning.at == self.reckoning.at
            && let (None, At::Run(from, to), Some(threshold)) = (frame.table, frame.at, threshold.and_then(|t| t.scaled(scale(by.kind))))
            && let Some(told) = self.ranked.get(ranking).and_then(|ranked| ranked.reach((from, to), threshold, low))
        {
            return told;
        }
        let values = self.values(by, frame);
        let whole = threshold.and_then(|t| t.scaled(scale(by.kind)));
        let mut told = match (&values, whole) {
            (Values::Whole(values), Some(threshold)) if low => values.tell(|v| truth(v <= threshold), UNKNOWN),
            (Values::Whole(values), Some(threshold)) => values.tell(|v| truth(v >= threshold), UNKNOWN),
            _ => {
                let reaches = |i: usize| -> u8 {
                    let Some((value, threshold)) = values.exact(i, by.kind).zip(threshold) else { return UNKNOWN };
                    truth(if low { value <= *threshold } else { value >= *threshold })
                };
                (0..values.len()).map(reaches).collect()
            }
        };
        if let Some(of) = of {
            for (t, of) in told.iter_mut().zip(self.test(of, frame, need)) {
                *t = of.min(*t);
            }
        }
        told
    }
}
