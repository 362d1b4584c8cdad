//! The greatest and the smallest of the base: a threshold is computed over all members at its own time and
//! kept; who is at the top is then a comparison, of one member as of all.

use std::borrow::Borrow;

use shuke_columns::Slice;

use super::numbers::truth;
use super::{Asked, BLOCK, Codes, Frame, Need, TRUE, UNKNOWN, each_slice, in_the_base};
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

    /// One for each ranking of the plan.
    pub fn all(&self) -> &[Threshold] {
        &self.0
    }
}

impl Plan {
    /// Computes the thresholds over all members; `None` when `cancelled` says so.
    pub fn thresholds(&self, slices: &[impl Borrow<Slice> + Sync], cancelled: &(dyn Fn() -> bool + Sync)) -> Option<Thresholds> {
        let mut all = Thresholds::default();
        for ranking in &self.rankings {
            let value = self.threshold(ranking, slices, &all, cancelled)?;
            all.0.push(Threshold { at: ranking.reckoning.at, value });
        }
        Some(all)
    }

    fn threshold(
        &self,
        ranking: &Ranking,
        slices: &[impl Borrow<Slice> + Sync],
        known: &Thresholds,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Option<Exact>> {
        let found = each_slice(slices, |slice| {
            let codes = Codes::of(self, slice);
            let asked = Asked { plan: self, reckoning: &ranking.reckoning, thresholds: known, codes: &codes, slice };
            let mut values = Vec::new();
            for block in in_the_base(slice, ranking.reckoning.at).chunks(BLOCK) {
                if cancelled() {
                    return None;
                }
                let ranked = match &ranking.of {
                    None => block.to_vec(),
                    Some(of) => {
                        let told = asked.test(of, Frame { table: None, at: block }, Need::True);
                        block.iter().zip(told).filter(|(_, t)| *t == TRUE).map(|(m, _)| *m).collect()
                    }
                };
                let by = asked.values(&ranking.by, Frame { table: None, at: &ranked });
                values.extend((0..ranked.len()).filter_map(|i| by.exact(i, ranking.by.kind)));
            }
            Some(values)
        })?;
        let mut values: Vec<Exact> = found.into_iter().flatten().collect();
        let Some(last) = place(ranking.count, values.len()) else { return Some(None) };
        let (_, value, _) =
            if ranking.low { values.select_nth_unstable(last) } else { values.select_nth_unstable_by(last, |a, b| b.cmp(a)) };
        Some(Some(value.clone()))
    }
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
        let values = self.values(by, frame);
        let reaches = |i: usize| -> u8 {
            let Some((value, threshold)) = values.exact(i, by.kind).zip(threshold) else { return UNKNOWN };
            truth(if low { value <= *threshold } else { value >= *threshold })
        };
        let mut told: Vec<u8> = (0..values.len()).map(reaches).collect();
        if let Some(of) = of {
            for (t, of) in told.iter_mut().zip(self.test(of, frame, need)) {
                *t = of.min(*t);
            }
        }
        told
    }
}
