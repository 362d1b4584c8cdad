//! How long members take between purchases, and to the second one.

use std::collections::BTreeMap;

use serde::Serialize;
use shuke_columns::Columns;
use utoipa::ToSchema;

use crate::brief::{Rows, Wants, mark};
use crate::exact::{Counts, Ratio, Survival};
use crate::question::{Coverage, Frame};
use crate::survey::survey;

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Interval {
    /// Between neighbouring days of purchase, the later one in the window.
    pub gaps: Gaps,
    /// From the first to the second, by Kaplan and Meier.
    pub second_purchase: SecondPurchase,
}

/// Days between purchases.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Gaps {
    /// How many gaps.
    pub count: i64,
    /// Members who left one or more of them: one alone may have left all.
    pub members: i64,
    /// Their mean.
    pub mean: Ratio,
    /// The shortest.
    pub min: Option<i64>,
    /// A quarter are shorter; linear between neighbours, four decimals, as the next three.
    pub p25: Option<String>,
    /// Half are shorter.
    pub median: Option<String>,
    /// Three quarters are shorter.
    pub p75: Option<String>,
    /// Nine tenths are shorter.
    pub p90: Option<String>,
    /// The longest.
    pub max: Option<i64>,
    /// In bands of days.
    pub bands: Vec<GapBand>,
}

/// A half-open band of days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GapBand {
    /// From.
    pub from: i64,
    /// To, not included; `null` for no end.
    pub to: Option<i64>,
    /// Gaps in it.
    pub gaps: i64,
    /// Members with such a gap.
    pub members: i64,
}

/// Time to the second purchase.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecondPurchase {
    /// Members whose first purchase lies in the window.
    pub members: i64,
    /// Those who bought on a second day.
    pub events: i64,
    /// The first day by which half had, else `null`.
    pub median_days: Option<i64>,
    /// Of those who bought on a second day, and of nobody else: half took fewer days; linear between neighbours, four decimals.
    pub median_of_returned: Option<String>,
    /// The share that had not, by days; `null` beyond the longest observation.
    pub survival: BTreeMap<String, Option<String>>,
}

pub(crate) const BANDS: [(i64, Option<i64>); 8] =
    [(1, Some(8)), (8, Some(15)), (15, Some(31)), (31, Some(61)), (61, Some(91)), (91, Some(181)), (181, Some(366)), (366, None)];
const HORIZONS: [i64; 6] = [7, 30, 60, 90, 180, 365];

#[derive(Default)]
struct Sums {
    gaps: Counts,
    members: i64,
    in_band: [i64; BANDS.len()],
    events: Counts,
    censored: Counts,
}

impl Sums {
    fn member(&mut self, frame: &Frame, rows: &Rows<'_>) {
        let mut days: Option<(i32, i32)> = None;
        let mut second = None;
        let mut new = false;
        let mut bands = [false; BANDS.len()];
        for row in rows.all().filter(|row| rows.is(*row, mark::PURCHASE)) {
            let (day, is_within) = (rows.day(row), rows.window().contains(&row));
            match &mut days {
                None => {
                    days = Some((day, day));
                    new = is_within;
                }
                Some((first, last)) if day > *last => {
                    if is_within {
                        let gap = i64::from(day - *last);
                        self.gaps.add(gap, 1);
                        bands[BANDS.partition_point(|(from, _)| *from <= gap) - 1] = true;
                    }
                    second.get_or_insert(day - *first);
                    *last = day;
                }
                Some(_) => {}
            }
        }
        self.in_band.iter_mut().zip(bands).for_each(|(n, yes)| *n += i64::from(yes));
        self.members += i64::from(bands.contains(&true));
        if let Some((first, _)) = days.filter(|_| new) {
            match second {
                Some(gap) => self.events.add(gap.into(), 1),
                None => self.censored.add(i64::from(frame.to_day - 1 - first), 1),
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.gaps.join(&other.gaps);
        self.members += other.members;
        self.in_band.iter_mut().zip(other.in_band).for_each(|(n, more)| *n += more);
        self.events.join(&other.events);
        self.censored.join(&other.censored);
    }
}

fn second_purchase(sums: &Sums) -> SecondPurchase {
    let (events, members) = (sums.events.total(), sums.events.total() + sums.censored.total());
    let longest = sums.events.iter().chain(sums.censored.iter()).map(|(day, _)| day).max();
    let mut left = Survival::all();
    let mut median_days = None;
    let mut survival: BTreeMap<String, Option<String>> = HORIZONS.iter().map(|h| (h.to_string(), None)).collect();
    let mut horizons = HORIZONS.iter().copied().filter(|h| longest.is_some_and(|l| *h <= l)).peekable();
    let mut gone_before = 0;
    let mut censored = sums.censored.iter().peekable();
    for (day, n) in sums.events.iter() {
        while let Some(h) = horizons.next_if(|h| *h < day) {
            survival.insert(h.to_string(), Some(left.text()));
        }
        // Who is censored on an earlier day is at risk no more; on the same day they still are.
        while let Some((_, c)) = censored.next_if(|(d, _)| *d < day) {
            gone_before += c;
        }
        left.step(n as u64, (members - gone_before) as u64);
        gone_before += n;
        if median_days.is_none() && left.half_or_less() {
            median_days = Some(day);
        }
    }
    for h in horizons {
        survival.insert(h.to_string(), Some(left.text()));
    }
    SecondPurchase { members, events, median_days, median_of_returned: sums.events.percentile(50), survival }
}

/// The report of these columns.
pub fn interval(columns: &Columns, frame: &Frame) -> (Interval, Coverage) {
    let (sums, coverage) = survey(
        columns,
        frame,
        Wants::Paid,
        Sums::default,
        |sums, of, rows| {
            if !of.bucket.nobody {
                sums.member(frame, rows)
            }
        },
        Sums::join,
    );
    let gaps = &sums.gaps;
    let in_band = |from: i64, to: Option<i64>| gaps.iter().filter(|(g, _)| *g >= from && to.is_none_or(|t| *g < t)).map(|(_, n)| n).sum();
    let report = Interval {
        gaps: Gaps {
            count: gaps.total(),
            members: sums.members,
            mean: Ratio::of(gaps.sum(), gaps.total()),
            min: gaps.iter().map(|(g, _)| g).min(),
            p25: gaps.percentile(25),
            median: gaps.percentile(50),
            p75: gaps.percentile(75),
            p90: gaps.percentile(90),
            max: gaps.iter().map(|(g, _)| g).max(),
            bands: BANDS
                .iter()
                .zip(sums.in_band)
                .map(|((from, to), members)| GapBand { from: *from, to: *to, gaps: in_band(*from, *to), members })
                .collect(),
        },
        second_purchase: second_purchase(&sums),
    };
    (report, coverage)
}
