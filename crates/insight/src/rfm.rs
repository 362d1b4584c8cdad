//! Recency, frequency and money: scores by quantiles, cells, and the eight named groups.

use std::collections::BTreeMap;

use serde::Serialize;
use shuke_columns::Columns;
use utoipa::ToSchema;

use crate::exact::{Ratio, median};
use crate::question::{Centre, Coverage, Cuts, Frame, Question};
use crate::replay::Replay;
use crate::survey::survey;

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rfm {
    /// `console` or `quantile`.
    pub cuts: String,
    /// `mean` or `median`.
    pub centre: String,
    /// Members with a purchase in the window.
    pub members: i64,
    /// Sums over them.
    pub sum: RfmSum,
    /// Members by score, of each of the three.
    pub scores: RfmScores,
    /// Members by the three scores as digits.
    pub cells: BTreeMap<String, i64>,
    /// What divides high from low; `null` without members.
    pub cut_at: Option<RfmCut>,
    /// The eight groups.
    pub groups: Vec<RfmGroup>,
    /// Each member, by id; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<RfmRow>>,
}

/// Sums of the three.
#[derive(Clone, Default, Debug, Serialize, ToSchema)]
pub struct RfmSum {
    /// Days since the last purchase.
    pub r_days: i64,
    /// Purchases.
    pub f: i64,
    /// Money, minor units.
    pub m: i64,
}

/// Members by score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RfmScores {
    /// Recency.
    pub r: BTreeMap<String, i64>,
    /// Frequency.
    pub f: BTreeMap<String, i64>,
    /// Money.
    pub m: BTreeMap<String, i64>,
}

/// What divides high from low.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct RfmCut {
    /// Days since the last purchase: fewer is better.
    pub r_days: Ratio,
    /// Purchases.
    pub f: Ratio,
    /// Money, minor units.
    pub m: Ratio,
}

impl RfmCut {
    pub(crate) fn of(centres: Centres) -> Self {
        let [r_days, f, m] = centres.map(|(num, den)| Ratio::reduced(num, den));
        Self { r_days, f, m }
    }
}

/// One of the eight groups.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RfmGroup {
    /// `R+F+M+` and the like.
    pub group: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// Members.
    pub members: i64,
    /// Their money, minor units.
    pub m: i64,
}

/// A member's figures.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RfmRow {
    /// The member's id.
    pub member: String,
    /// Days since the last purchase.
    pub r_days: i64,
    /// Purchases.
    pub f: i64,
    /// Money, minor units.
    pub m: i64,
    /// The three scores.
    pub score: String,
    /// The group.
    pub group: String,
}

/// The eight groups in their order: code, Chinese, English.
pub const GROUPS: [(&str, &str, &str); 8] = [
    ("R+F+M+", "重要价值客户", "key value"),
    ("R+F-M+", "重要发展客户", "key to develop"),
    ("R-F+M+", "重要保持客户", "key to keep"),
    ("R-F-M+", "重要挽留客户", "key to win back"),
    ("R+F+M-", "一般价值客户", "ordinary value"),
    ("R+F-M-", "一般发展客户", "ordinary to develop"),
    ("R-F+M-", "一般保持客户", "ordinary to keep"),
    ("R-F-M-", "一般挽留客户", "ordinary to win back"),
];

/// A member as measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub r: i64,
    pub f: i64,
    pub m: i64,
}

/// The centres of the three as fractions.
pub(crate) type Centres = [(i128, i128); 3];

/// A member as judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Judged {
    pub score: [u8; 3],
    pub group: usize,
}

/// A member's figures in the window; `None` without a purchase in it.
pub(crate) fn measure(frame: &Frame, replay: &Replay) -> Option<Measured> {
    let mut last = None;
    let (mut f, mut m) = (0, 0);
    for deal in replay.deals.iter().filter(|d| frame.within(d.time)) {
        m += deal.paid;
        if deal.purchase {
            f += 1;
            last = Some(deal.day);
        }
    }
    m -= replay.loose.iter().filter(|l| frame.within(l.time)).map(|l| l.paid).sum::<i64>();
    last.map(|day| Measured { r: i64::from(frame.as_of_day - day), f, m })
}

/// The least goodness of each score from 2 to 5; one that nobody reaches is the largest number.
type Steps = [i64; 4];

/// Where scores by quantiles begin: equals share their average rank, so a score begins at a value. Leaves
/// the values in another order, but does not sort them: of a million only what lies where a score begins
/// need be found.
fn steps(goodness: &mut [i64]) -> Steps {
    let n = goodness.len();
    let mut steps = [i64::MAX; 4];
    if n == 0 {
        return steps;
    }
    for (step, fifths) in steps.iter_mut().zip(1..) {
        // Equals at the ranks from `start` to before `end` reach it when their sum is at least this.
        let least = (2 * n * fifths).div_ceil(5);
        // Whoever lies before those at this rank does not, whoever lies behind them does.
        let (before, here, behind) = goodness.select_nth_unstable((least / 2).min(n - 1));
        let x = *here;
        let start = before.iter().filter(|g| **g < x).count();
        let end = before.len() + 1 + behind.iter().filter(|g| **g == x).count();
        *step = if start + end > least { x } else { behind.iter().copied().filter(|g| *g > x).min().unwrap_or(i64::MAX) };
    }
    steps
}

fn score(steps: &Steps, goodness: i64) -> u8 {
    1 + steps.iter().filter(|step| goodness >= **step).count() as u8
}

/// A centre as a fraction.
fn centre(values: &mut [i64], of: Centre) -> Option<(i128, i128)> {
    if of == Centre::Median {
        return median(values);
    }
    (!values.is_empty()).then(|| (values.iter().map(|x| i128::from(*x)).sum(), values.len() as i128))
}

/// What members are judged by: where each score begins, and what divides high from low.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    r: Steps,
    /// None: 1, 2, 3, 4, 5 and more.
    f: Option<Steps>,
    m: Steps,
    pub cuts: Option<Centres>,
}

impl Bounds {
    pub fn of(all: &[Measured], q: &Question) -> Self {
        let column = |of: fn(&Measured) -> i64| {
            let mut values: Vec<i64> = all.iter().map(of).collect();
            (centre(&mut values, q.centre), steps(&mut values))
        };
        let ((f_centre, f), (m_centre, m), (r_centre, r)) = std::thread::scope(|scope| {
            let money = scope.spawn(|| column(|x| x.m));
            // Fewer days are better.
            let (orders, days) = (column(|x| x.f), column(|x| -x.r));
            (orders, money.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), days)
        });
        let r_centre = r_centre.map(|(num, den)| (-num, den));
        let cuts = if let (Some(r), Some(f), Some(m)) = (r_centre, f_centre, m_centre) { Some([r, f, m]) } else { None };
        Self { r, f: (q.cuts == Cuts::Quantile).then_some(f), m, cuts }
    }

    pub fn judge(&self, x: &Measured) -> Judged {
        let f = self.f.as_ref().map_or(x.f.clamp(1, 5) as u8, |steps| score(steps, x.f));
        let above = |x: i64, (num, den): (i128, i128)| i128::from(x) * den > num;
        let high = self.cuts.map_or([false; 3], |[r, f, m]| [i128::from(x.r) * r.1 < r.0, above(x.f, f), above(x.m, m)]);
        let group = usize::from(!high[2]) * 4 + usize::from(!high[0]) * 2 + usize::from(!high[1]);
        Judged { score: [score(&self.r, -x.r), f, score(&self.m, x.m)], group }
    }
}

/// Every member's figures, in no order.
pub(crate) fn measured(columns: &Columns, frame: &Frame) -> (Vec<Measured>, Coverage) {
    survey(
        columns,
        frame,
        Vec::new,
        |all, bucket, _, replay| all.extend(if bucket.nobody { None } else { measure(frame, replay) }),
        |a: &mut Vec<_>, b| a.extend(b),
    )
}

/// Every member with a purchase in the window, measured and judged, by id.
pub(crate) fn judged(columns: &Columns, frame: &Frame, q: &Question) -> Vec<(Vec<u8>, Measured, Judged)> {
    let (mut all, _) = survey(
        columns,
        frame,
        Vec::new,
        |all, bucket, member, replay| {
            if let Some(x) = measure(frame, replay).filter(|_| !bucket.nobody) {
                all.push((bucket.key.get(member).to_vec(), x));
            }
        },
        |a: &mut Vec<_>, b| a.extend(b),
    );
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let bounds = Bounds::of(&all.iter().map(|(_, x)| *x).collect::<Vec<_>>(), q);
    all.into_iter().map(|(key, x)| (key, x, bounds.judge(&x))).collect()
}

/// The report of these columns. `name` shows a member's id.
pub fn rfm(columns: &Columns, frame: &Frame, q: &Question, name: &dyn Fn(&[u8]) -> String) -> (Rfm, Coverage) {
    let (all, coverage) = measured(columns, frame);
    let bounds = Bounds::of(&all, q);
    let mut groups: Vec<RfmGroup> = GROUPS
        .iter()
        .map(|(group, zh, en)| RfmGroup { group: (*group).to_owned(), zh: (*zh).to_owned(), en: (*en).to_owned(), members: 0, m: 0 })
        .collect();
    let mut sum = RfmSum::default();
    let mut cells = BTreeMap::new();
    let none = || (1..=5).map(|s| (s.to_string(), 0)).collect::<BTreeMap<String, i64>>();
    let mut scores = RfmScores { r: none(), f: none(), m: none() };
    let mut by_cell = [0; 1000];
    for x in &all {
        let j = bounds.judge(x);
        sum.r_days += x.r;
        sum.f += x.f;
        sum.m += x.m;
        groups[j.group].members += 1;
        groups[j.group].m += x.m;
        by_cell[j.score.iter().fold(0, |cell, s| cell * 10 + usize::from(*s))] += 1;
    }
    for (cell, members) in by_cell.into_iter().enumerate().filter(|(_, members)| *members > 0) {
        let digits = cell.to_string();
        for (of, score) in [&mut scores.r, &mut scores.f, &mut scores.m].into_iter().zip(digits.chars()) {
            *of.entry(score.to_string()).or_default() += members;
        }
        cells.insert(digits, members);
    }
    let rows = q.rows.then(|| {
        let row = |(key, x, j): &(Vec<u8>, Measured, Judged)| RfmRow {
            member: name(key),
            r_days: x.r,
            f: x.f,
            m: x.m,
            score: digits(j),
            group: GROUPS[j.group].0.to_owned(),
        };
        judged(columns, frame, q).iter().map(row).collect()
    });
    let report = Rfm {
        cuts: q.cuts.word().to_owned(),
        centre: q.centre.word().to_owned(),
        members: all.len() as i64,
        sum,
        scores,
        cells,
        cut_at: bounds.cuts.map(RfmCut::of),
        groups,
        rows,
    };
    (report, coverage)
}

/// The three scores as digits.
pub(crate) fn digits(j: &Judged) -> String {
    j.score.iter().map(|s| char::from(b'0' + s)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The rank of each, from 0, as an average among equals.
    fn naive(sorted: &[i64]) -> Steps {
        let mut steps = [i64::MAX; 4];
        for x in sorted {
            let (start, end) = (sorted.partition_point(|y| y < x), sorted.partition_point(|y| y <= x));
            let score = 1 + 5 * (start + end - 1) / (2 * sorted.len());
            steps.iter_mut().take(score - 1).for_each(|step| *step = (*step).min(*x));
        }
        steps
    }

    proptest! {
        #[test]
        fn scores_begin_where_the_ranks_say(mut values in prop::collection::vec(prop_oneof![0_i64..4, -50_i64..50, any::<i64>()], 0..80)) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            prop_assert_eq!(steps(&mut values), naive(&sorted));
            let middle = sorted.len().checked_sub(1).map(|last| (i128::from(sorted[last / 2]) + i128::from(sorted[sorted.len() / 2]), 2));
            prop_assert_eq!(median(&mut values), middle);
        }
    }
}
