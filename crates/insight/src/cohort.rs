//! Retention: members by the month of their first purchase, and who of them bought in each month
//! after it.

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
    /// Net paid in those months, minor units.
    pub paid: Vec<i64>,
}

/// Members of a cohort, by month those who bought and their money.
struct Sums {
    size: i64,
    months: Near<(i64, i64)>,
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
    for row in (begin..rows.all().end).filter(|row| rows.is(*row, mark::PURCHASE)) {
        let month = month_of(rows.day(row));
        let cell = sums.months.entry(month);
        cell.0 += i64::from(month != seen);
        cell.1 += rows.paid(row);
        seen = month;
    }
    // Money given back before the first purchase that is known is taken off its month.
    for loose in rows.loose() {
        sums.months.entry(month_of(loose.day).max(first)).1 -= loose.paid;
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
                for (m, (members, paid)) in sums.months.take() {
                    let cell = mine.months.entry(m);
                    cell.0 += members;
                    cell.1 += paid;
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
            members: (month..=last).map(|m| cell(m).0).collect(),
            retention: (month..=last).filter_map(|m| decimal(cell(m).0.into(), sums.size.into(), 4)).collect(),
            paid: (month..=last).map(|m| cell(m).1).collect(),
        }
    });
    (Cohorts { period: "month".to_owned(), cohorts: cohorts.collect() }, coverage)
}
