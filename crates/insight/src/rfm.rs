//! Recency, frequency and money: scores by quantiles, cells, and the eight named groups.

use std::collections::BTreeMap;

use serde::Serialize;
use shuke_columns::{Bucket, Columns};
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
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RfmCut {
    /// Days since the last purchase: fewer is better.
    pub r_days: Ratio,
    /// Purchases.
    pub f: Ratio,
    /// Money, minor units.
    pub m: Ratio,
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
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub key: Vec<u8>,
    pub r: i64,
    pub f: i64,
    pub m: i64,
}

/// The centres of the three as fractions.
pub(crate) type Centres = [(i128, i128); 3];

/// A member as judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub score: [u8; 3],
    pub group: usize,
}

fn measure(frame: &Frame, bucket: &Bucket, member: usize, replay: &Replay) -> Option<Measured> {
    if bucket.nobody {
        return None;
    }
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
    last.map(|day| Measured { key: bucket.key.get(member).to_vec(), r: i64::from(frame.as_of_day - day), f, m })
}

/// Scores 1 to 5 by quantiles, in ascending goodness; equals share their average rank.
fn quantiles(goodness: &[i64]) -> Vec<u8> {
    let n = goodness.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_unstable_by_key(|i| goodness[*i]);
    let mut scores = vec![0; n];
    let mut start = 0;
    while start < n {
        let end = start + order[start..].iter().take_while(|i| goodness[**i] == goodness[order[start]]).count();
        let score = 1 + 5 * (start + end - 1) / (2 * n);
        for i in &order[start..end] {
            scores[*i] = score as u8;
        }
        start = end;
    }
    scores
}

/// A centre as a fraction.
fn centre(values: &[i64], of: Centre) -> Option<(i128, i128)> {
    if of == Centre::Median {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        return median(&sorted);
    }
    (!values.is_empty()).then(|| (values.iter().map(|x| i128::from(*x)).sum(), values.len() as i128))
}

/// Measures and judges every member with a purchase in the window, by id.
pub(crate) fn judge(columns: &Columns, frame: &Frame, q: &Question) -> (Vec<(Measured, Judged)>, Option<Centres>, Coverage) {
    let (mut all, coverage) = survey(
        columns,
        frame,
        Vec::new,
        |all, bucket, member, replay| all.extend(measure(frame, bucket, member, replay)),
        |a: &mut Vec<_>, b| a.extend(b),
    );
    all.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    let column = |of: fn(&Measured) -> i64| all.iter().map(of).collect::<Vec<_>>();
    let (r, f, m) = (column(|x| x.r), column(|x| x.f), column(|x| x.m));
    let r_scores = quantiles(&r.iter().map(|x| -x).collect::<Vec<_>>());
    let f_scores = if q.cuts == Cuts::Quantile { quantiles(&f) } else { f.iter().map(|f| (*f).clamp(1, 5) as u8).collect() };
    let m_scores = quantiles(&m);
    let cuts = centre(&r, q.centre).zip(centre(&f, q.centre)).zip(centre(&m, q.centre)).map(|((r, f), m)| [r, f, m]);
    let above = |x: i64, (num, den): (i128, i128)| i128::from(x) * den > num;
    let judged = |i: usize, x: &Measured| {
        let high = cuts.map_or([false; 3], |[r, f, m]| [i128::from(x.r) * r.1 < r.0, above(x.f, f), above(x.m, m)]);
        let group = usize::from(!high[2]) * 4 + usize::from(!high[0]) * 2 + usize::from(!high[1]);
        Judged { score: [r_scores[i], f_scores[i], m_scores[i]], group }
    };
    let all = all
        .into_iter()
        .enumerate()
        .map(|(i, x)| {
            let j = judged(i, &x);
            (x, j)
        })
        .collect();
    (all, cuts, coverage)
}

/// The report of these columns. `name` shows a member's id.
pub fn rfm(columns: &Columns, frame: &Frame, q: &Question, name: &dyn Fn(&[u8]) -> String) -> (Rfm, Coverage) {
    let (all, cuts, coverage) = judge(columns, frame, q);
    let mut groups: Vec<RfmGroup> = GROUPS
        .iter()
        .map(|(group, zh, en)| RfmGroup { group: (*group).to_owned(), zh: (*zh).to_owned(), en: (*en).to_owned(), members: 0, m: 0 })
        .collect();
    let mut sum = RfmSum::default();
    let mut cells = BTreeMap::new();
    let none = || (1..=5).map(|s| (s.to_string(), 0)).collect::<BTreeMap<String, i64>>();
    let mut scores = RfmScores { r: none(), f: none(), m: none() };
    for (x, j) in &all {
        sum.r_days += x.r;
        sum.f += x.f;
        sum.m += x.m;
        groups[j.group].members += 1;
        groups[j.group].m += x.m;
        *cells.entry(digits(j)).or_default() += 1;
        for (of, score) in [&mut scores.r, &mut scores.f, &mut scores.m].into_iter().zip(j.score) {
            *of.entry(score.to_string()).or_default() += 1;
        }
    }
    let rows = q.rows.then(|| {
        let row = |(x, j): &(Measured, Judged)| RfmRow {
            member: name(&x.key),
            r_days: x.r,
            f: x.f,
            m: x.m,
            score: digits(j),
            group: GROUPS[j.group].0.to_owned(),
        };
        all.iter().map(row).collect()
    });
    let ratio = |(num, den): (i128, i128)| Ratio::reduced(num, den);
    let report = Rfm {
        cuts: if q.cuts == Cuts::Quantile { "quantile" } else { "console" }.to_owned(),
        centre: if q.centre == Centre::Median { "median" } else { "mean" }.to_owned(),
        members: all.len() as i64,
        sum,
        scores,
        cells,
        cut_at: cuts.map(|[r, f, m]| RfmCut { r_days: ratio(r), f: ratio(f), m: ratio(m) }),
        groups,
        rows,
    };
    (report, coverage)
}

/// The three scores as digits.
pub(crate) fn digits(j: &Judged) -> String {
    j.score.iter().map(|s| char::from(b'0' + s)).collect()
}
