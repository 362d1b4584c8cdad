//! The greatest and the smallest of the base: a threshold is computed over all members at its own time and
//! kept; who is at the top is then a comparison, of one member as of all.

use std::borrow::Borrow;

use shuke_columns::Slice;

use super::at::{At, Frame};
use super::cells::number_of;
use super::numbers::{Values, scale, truth};
use super::ranked::{Ranked, last_in};
use super::{Asked, Codes, Matches, Need, TRUE, UNKNOWN, each_slice};
use crate::exact::Exact;
use crate::plan::{Expr, Plan, Ranking, Test};

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
            let value = last_in(&ranked, ranking.by.kind, ranking.count, ranking.low);
            all.0.push(Threshold { at: ranking.reckoning.at, value });
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
