//! Recency, frequency and money: scores by quantiles, cells, and the eight named groups.

use std::collections::BTreeMap;

use serde::Serialize;
use shuke_columns::Columns;
use utoipa::ToSchema;

use crate::brief::{Rows, Wants, mark};
use crate::exact::Ratio;
use crate::question::{Centre, Coverage, Cuts, Frame, Question};
use crate::ranks::{Ranks, each};
use crate::replay::{LooseRefund, Replay};
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

/// A member as measured. Kept of everybody who bought, so it is small.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub m: i64,
    r: i32,
    f: u32,
}

impl Measured {
    /// Days since the last purchase.
    pub fn r(&self) -> i64 {
        self.r.into()
    }

    /// Purchases.
    pub fn f(&self) -> i64 {
        self.f.into()
    }
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
pub(crate) fn measure(frame: &Frame, replay: &Replay<'_>) -> Option<Measured> {
    measured_by(frame, replay.within(frame).iter().map(|deal| (deal.purchase, deal.day, deal.paid)), &replay.loose)
}

/// The same of a member's rows.
#[inline]
fn measured_rows(frame: &Frame, rows: &Rows<'_>) -> Option<Measured> {
    let deals = rows.window().filter(|row| rows.is(*row, mark::DEAL));
    measured_by(frame, deals.map(|row| (rows.is(row, mark::PURCHASE), rows.day(row), rows.paid(row))), rows.loose())
}

/// By what was paid in the window: whether it is a purchase, its day, how much.
#[inline]
fn measured_by(frame: &Frame, deals: impl Iterator<Item = (bool, i32, i64)>, loose: &[LooseRefund]) -> Option<Measured> {
    let mut last = None;
    let (mut f, mut m) = (0, 0);
    for (purchase, day, paid) in deals {
        m += paid;
        if purchase {
            f += 1;
            last = Some(day);
        }
    }
    m -= loose.iter().filter(|l| frame.within(l.time)).map(|l| l.paid).sum::<i64>();
    last.map(|day| Measured { m, r: frame.as_of_day.saturating_sub(day), f })
}

/// The least goodness of each score from 2 to 5; one that nobody reaches is the largest number.
type Steps = [i64; 4];

/// At how many begins each score, were all different: equals at the ranks from `start` to before `end` reach
/// it when the sum of those is at least this.
fn leasts(n: usize) -> [usize; 4] {
    [1, 2, 3, 4].map(|fifths| (2 * n * fifths).div_ceil(5))
}

/// The ranks that [`steps`] and [`median`] look at.
fn looked_at(n: usize) -> Vec<usize> {
    let last = n.saturating_sub(1);
    leasts(n).iter().map(|least| (least / 2).min(last)).chain([last / 2, n / 2]).collect()
}

/// Where scores by quantiles begin: equals share their average rank, so a score begins at a value.
fn steps(goodness: &Ranks) -> Steps {
    leasts(goodness.len()).map(|least| {
        // Whoever lies before those at this rank does not reach it, whoever lies behind them does.
        let Some(here) = goodness.at((least / 2).min(goodness.len().saturating_sub(1))) else { return i64::MAX };
        if here.start + here.end > least { here.value } else { goodness.above(here.value).unwrap_or(i64::MAX) }
    })
}

fn median(values: &Ranks) -> Option<(i128, i128)> {
    let at = |rank| values.at(rank).map(|x| i128::from(x.value));
    Some((at(values.len().checked_sub(1)? / 2)? + at(values.len() / 2)?, 2))
}

fn score(steps: &Steps, goodness: i64) -> u8 {
    1 + steps.iter().map(|step| u8::from(goodness >= *step)).sum::<u8>()
}

/// What members are judged by: where each score begins, and what divides high from low.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    r: Steps,
    /// None: 1, 2, 3, 4, 5 and more.
    f: Option<Steps>,
    m: Steps,
    pub cuts: Option<Centres>,
    /// Days below which recency is high, purchases and money above which those are.
    high: [i64; 3],
}

impl Bounds {
    /// Of members in parts.
    pub fn of(all: &[Vec<Measured>], q: &Question) -> Self {
        let ranks = looked_at(all.iter().map(Vec::len).sum());
        let column = |of: fn(&Measured) -> i64| {
            let values = Ranks::of(all, of, &ranks);
            let centre = match q.centre {
                Centre::Median => median(&values),
                Centre::Mean if values.len() == 0 => None,
                Centre::Mean => {
                    let sums = each(all, |part| part.iter().map(|x| i128::from(of(x))).sum::<i128>());
                    Some((sums.into_iter().sum(), values.len() as i128))
                }
            };
            (centre, steps(&values))
        };
        // Fewer days are better.
        let ((r_centre, r), (f_centre, f), (m_centre, m)) = (column(|x| -x.r()), column(Measured::f), column(|x| x.m));
        let r_centre = r_centre.map(|(num, den)| (-num, den));
        let cuts = if let (Some(r), Some(f), Some(m)) = (r_centre, f_centre, m_centre) { Some([r, f, m]) } else { None };
        // Whole numbers lie above a fraction when they lie above the whole number below it.
        let below = |(num, den): (i128, i128)| clamp(num.div_euclid(den));
        let high = cuts.map_or([i64::MIN, i64::MAX, i64::MAX], |[(num, den), f, m]| [clamp(-(-num).div_euclid(den)), below(f), below(m)]);
        Self { r, f: (q.cuts == Cuts::Quantile).then_some(f), m, cuts, high }
    }

    pub fn judge(&self, x: &Measured) -> Judged {
        let f = self.f.as_ref().map_or(x.f.clamp(1, 5) as u8, |steps| score(steps, x.f()));
        let [r_below, f_above, m_above] = self.high;
        let group = usize::from(x.m <= m_above) * 4 + usize::from(x.r() >= r_below) * 2 + usize::from(x.f() <= f_above);
        Judged { score: [score(&self.r, -x.r()), f, score(&self.m, x.m)], group }
    }
}

fn clamp(x: i128) -> i64 {
    i64::try_from(x).unwrap_or(if x < 0 { i64::MIN } else { i64::MAX })
}

/// Every member's figures, in parts and in no order.
pub(crate) fn measured(columns: &Columns, frame: &Frame) -> (Vec<Vec<Measured>>, Coverage) {
    survey(
        columns,
        frame,
        Wants::Paid,
        || vec![Vec::new()],
        |all: &mut Vec<Vec<_>>, of, rows| {
            if let Some(x) = measured_rows(frame, rows).filter(|_| !of.bucket.nobody) {
                all[0].push(x);
            }
        },
        |a: &mut Vec<_>, b| a.extend(b),
    )
}

/// Every member with a purchase in the window, measured and judged, by id.
pub(crate) fn judged(columns: &Columns, frame: &Frame, q: &Question) -> Vec<(Vec<u8>, Measured, Judged)> {
    let (mut all, _) = survey(
        columns,
        frame,
        Wants::Paid,
        Vec::new,
        |all, of, rows| {
            if let Some(x) = measured_rows(frame, rows).filter(|_| !of.bucket.nobody) {
                all.push((of.bucket.key.get(of.row).to_vec(), x));
            }
        },
        |a: &mut Vec<_>, b| a.extend(b),
    );
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let bounds = Bounds::of(&[all.iter().map(|(_, x)| *x).collect()], q);
    all.into_iter().map(|(key, x)| (key, x, bounds.judge(&x))).collect()
}

/// Sums over members by what they were judged.
struct Sums {
    of: RfmSum,
    /// Members and their money.
    groups: [(i64, i64); 8],
    cells: Vec<i64>,
}

impl Sums {
    fn over(bounds: &Bounds, part: &[Measured]) -> Self {
        let mut sums = Self { of: RfmSum::default(), groups: [(0, 0); 8], cells: vec![0; 1000] };
        for x in part {
            let j = bounds.judge(x);
            sums.of.r_days += x.r();
            sums.of.f += x.f();
            sums.of.m += x.m;
            sums.groups[j.group].0 += 1;
            sums.groups[j.group].1 += x.m;
            sums.cells[j.score.iter().fold(0, |cell, s| cell * 10 + usize::from(*s))] += 1;
        }
        sums
    }

    fn join(mut self, other: Self) -> Self {
        self.of.r_days += other.of.r_days;
        self.of.f += other.of.f;
        self.of.m += other.of.m;
        for ((members, m), (more, money)) in self.groups.iter_mut().zip(other.groups) {
            *members += more;
            *m += money;
        }
        self.cells.iter_mut().zip(other.cells).for_each(|(a, b)| *a += b);
        self
    }
}

/// The report of these columns. `name` shows a member's id.
pub fn rfm(columns: &Columns, frame: &Frame, q: &Question, name: &dyn Fn(&[u8]) -> String) -> (Rfm, Coverage) {
    let (all, coverage) = measured(columns, frame);
    let bounds = Bounds::of(&all, q);
    let sums = each(&all, |part| Sums::over(&bounds, part)).into_iter().reduce(Sums::join).unwrap_or_else(|| Sums::over(&bounds, &[]));
    let group = |((group, zh, en), (members, m)): (&(&str, &str, &str), (i64, i64))| RfmGroup {
        group: (*group).to_owned(),
        zh: (*zh).to_owned(),
        en: (*en).to_owned(),
        members,
        m,
    };
    let groups = GROUPS.iter().zip(sums.groups).map(group).collect();
    let mut cells = BTreeMap::new();
    let none = || (1..=5).map(|s| (s.to_string(), 0)).collect::<BTreeMap<String, i64>>();
    let mut scores = RfmScores { r: none(), f: none(), m: none() };
    for (cell, members) in sums.cells.into_iter().enumerate().filter(|(_, members)| *members > 0) {
        let digits = cell.to_string();
        for (of, score) in [&mut scores.r, &mut scores.f, &mut scores.m].into_iter().zip(digits.chars()) {
            *of.entry(score.to_string()).or_default() += members;
        }
        cells.insert(digits, members);
    }
    let rows = q.rows.then(|| {
        let row = |(key, x, j): &(Vec<u8>, Measured, Judged)| RfmRow {
            member: name(key),
            r_days: x.r(),
            f: x.f(),
            m: x.m,
            score: digits(j),
            group: GROUPS[j.group].0.to_owned(),
        };
        judged(columns, frame, q).iter().map(row).collect()
    });
    let report = Rfm {
        cuts: q.cuts.word().to_owned(),
        centre: q.centre.word().to_owned(),
        members: all.iter().map(Vec::len).sum::<usize>() as i64,
        sum: sums.of,
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
        fn scores_begin_where_the_ranks_say(values in prop::collection::vec(prop_oneof![0_i64..4, -50_i64..50, any::<i64>()], 0..80)) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let ranked = Ranks::of(&[values], |x| *x, &looked_at(sorted.len()));
            prop_assert_eq!(steps(&ranked), naive(&sorted));
            let middle = sorted.len().checked_sub(1).map(|last| (i128::from(sorted[last / 2]) + i128::from(sorted[sorted.len() / 2]), 2));
            prop_assert_eq!(median(&ranked), middle);
        }
    }
}
