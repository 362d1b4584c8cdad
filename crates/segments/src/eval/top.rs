//! The greatest and the smallest of the base: a threshold is computed over all members at its own time and
//! kept; who is at the top is then a comparison, of one member as of all.

use std::borrow::Borrow;

use shuke_columns::{Slice, Type};

use super::at::{At, Frame};
use super::numbers::{Values, exact, scale, truth};
use super::{Asked, Codes, Need, TRUE, UNKNOWN, each_slice};
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
        let mut all = Thresholds::default();
        for ranking in &self.rankings {
            let value = self.threshold(ranking, slices, &all, cancelled)?;
            all.0.push(Threshold { at: ranking.reckoning.at, value });
        }
        Some(all)
    }

    fn threshold<S: Borrow<Slice> + Sync>(
        &self,
        ranking: &Ranking,
        slices: &[S],
        known: &Thresholds,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Option<Exact>> {
        let found = each_slice(slices, |slice| {
            let codes = Codes::of(self, slice);
            let asked = Asked::new(self, &ranking.reckoning, known, &codes, slice);
            let mut ranked = Ranked::default();
            asked.each_block(cancelled, |frame| {
                let Some(of) = &ranking.of else { return ranked.take(&asked.values(&ranking.by, frame), ranking.by.kind) };
                let told = asked.test(of, frame, Need::True);
                if told.iter().filter(|t| **t == TRUE).count() * 4 >= told.len() {
                    return ranked.take_told(&asked.values(&ranking.by, frame), ranking.by.kind, &told);
                }
                let some: Vec<u32> = frame.at.only(&told, |t| t == TRUE).iter().map(|i| frame.at.get(*i as usize) as u32).collect();
                let some = Frame { at: At::Some(&some), ..frame };
                ranked.take(&asked.among(some, |asked| asked.values(&ranking.by, some)), ranking.by.kind);
            })?;
            Some(ranked)
        })?;
        let kind = ranking.by.kind;
        let mut all = Ranked::default();
        for more in found {
            all.whole.extend(more.whole);
            all.exact.extend(more.exact);
        }
        if all.exact.is_empty() {
            return Some(last_in(all.whole, ranking).map(|v| exact(v, kind)));
        }
        let mut values = all.exact;
        values.extend(all.whole.into_iter().map(|v| exact(v, kind)));
        Some(last_in(values, ranking))
    }
}

/// Values of who is ranked.
#[derive(Default)]
struct Ranked {
    whole: Vec<i64>,
    exact: Vec<Exact>,
}

impl Ranked {
    fn take(&mut self, values: &Values, kind: Type) {
        self.take_those(values, kind, |_| true);
    }

    /// Only of those who are told to be ranked.
    fn take_told(&mut self, values: &Values, kind: Type, told: &[u8]) {
        self.take_those(values, kind, |i| told[i] == TRUE);
    }

    fn take_those(&mut self, values: &Values, kind: Type, is_ranked: impl Fn(usize) -> bool) {
        let those = (0..values.len()).filter(|i| is_ranked(*i));
        match values {
            Values::Whole(whole) => self.whole.extend(those.filter_map(|i| whole.get(i))),
            other => self.exact.extend(those.filter_map(|i| other.exact(i, kind))),
        }
    }
}

/// The value of the last who is in.
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
