//! Retention: members by the month of their first purchase, who of them bought in each month after
//! it, and who had come back by the end of it.

use serde::Serialize;
use shuke_columns::Columns;
use utoipa::ToSchema;

use crate::brief::{Rows, Wants, mark};
use crate::days::{self, month_of};
use crate::exact::decimal;
use crate::near::Near;
use crate::question::{Coverage, Frame, Question};
use crate::survey::survey;

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Cohorts {
    /// `month`.
    pub period: String,
    /// By month, without empty ones.
    pub cohorts: Vec<Cohort>,
}

/// Members whose first purchase lies in one month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Cohort {
    /// The month, `2025-01`.
    pub cohort: String,
    /// How many.
    pub size: i64,
    /// Those who bought in month 0, 1, …
    pub members: Vec<i64>,
    /// The same as a share of all, four decimals.
    pub retention: Vec<String>,
    /// Those who had bought a second time by the end of month 0, 1, …: each is counted in the month
    /// of the second purchase and in all after it.
    pub within: Vec<i64>,
    /// Net paid in those months, minor units.
    pub paid: Vec<i64>,
}

/// What a cohort did in one month.
#[derive(Clone, Copy, Default)]
struct Month {
    /// Who bought.
    members: i64,
    /// Whose second purchase lies in it.
    second: i64,
    paid: i64,
}

/// Members of a cohort, and what they did by month.
struct Sums {
    size: i64,
    months: Near<Month>,
}

impl Default for Sums {
    fn default() -> Self {
        // No month of a cohort lies before its first.
        Self { size: 0, months: Near::new(0) }
    }
}

/// Room for months before that of the first member.
const MONTHS: i32 = 600;

fn member(cohorts: &mut Near<Sums>, since: i32, rows: &Rows<'_>) {
    let Some(begin) = rows.first() else { return };
    let first = month_of(rows.day(begin));
    if first < since {
        return;
    }
    let sums = cohorts.entry(first);
    sums.size += 1;
    let mut seen = i32::MIN;
    for (nth, row) in (begin..rows.all().end).filter(|row| rows.is(*row, mark::PURCHASE)).enumerate() {
        let month = month_of(rows.day(row));
        let cell = sums.months.entry(month);
        cell.members += i64::from(month != seen);
        cell.second += i64::from(nth == 1);
        cell.paid += rows.paid(row);
        seen = month;
    }
    // Money given back before the first purchase that is known is taken off its month.
    for loose in rows.loose() {
        sums.months.entry(month_of(loose.day).max(first)).paid -= loose.paid;
    }
}

/// The report of these columns.
pub fn cohort(columns: &Columns, frame: &Frame, q: &Question) -> (Cohorts, Coverage) {
    let since = q.from.map_or(i32::MIN, |d| month_of(days::number(d)));
    let (all, coverage) = survey(
        columns,
        frame,
        Wants::Paid,
        || Near::new(MONTHS),
        |all, of, rows| {
            if !of.bucket.nobody {
                member(all, since, rows);
            }
        },
        |a: &mut Near<Sums>, b| {
            for (month, sums) in b.take() {
                let mine = a.entry(month);
                mine.size += sums.size;
                for (m, other) in sums.months.take() {
                    let cell = mine.months.entry(m);
                    cell.members += other.members;
                    cell.second += other.second;
                    cell.paid += other.paid;
                }
            }
        },
    );
    let last = month_of(frame.to_day - 1);
    let cohorts = all.iter().map(|(month, sums)| {
        let cell = |m: i32| sums.months.get(m).copied().unwrap_or_default();
        Cohort {
            cohort: days::month_word(month),
            size: sums.size,
            members: (month..=last).map(|m| cell(m).members).collect(),
            retention: (month..=last).filter_map(|m| decimal(cell(m).members.into(), sums.size.into(), 4)).collect(),
            within: (month..=last)
                .scan(0, |returned, m| {
                    *returned += cell(m).second;
                    Some(*returned)
                })
                .collect(),
            paid: (month..=last).map(|m| cell(m).paid).collect(),
        }
    });
    (Cohorts { period: "month".to_owned(), cohorts: cohorts.collect() }, coverage)
}
