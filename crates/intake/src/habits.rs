//! What the first rows of a file show of how it was written: whether its rows are whole, whether they
//! run past the header, whether a spreadsheet has rounded its order numbers. One row cannot tell.

use crate::cell;
use crate::field::Field;
use crate::layout::Layout;
use crate::survey::TIMES;
use crate::when::{self, DayOrder, Zone};

/// The habits of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Habits {
    /// Rows reach the last named column: one that does not was cut.
    pub full_rows: bool,
    /// Rows have more cells than the header.
    pub wide_rows: bool,
    /// Order numbers went through a spreadsheet, which keeps fifteen digits: those that end in zeros
    /// from there on are not what they were.
    pub rounded_numbers: bool,
    /// Times are written with hours that count to twelve, as a spreadsheet shows them in some countries.
    pub twelve_hours: bool,
}

/// Fields whose absence changes what an order or a member is.
const WEIGHTY: &[Field] = &[
    Field::OrderNo,
    Field::Status,
    Field::FinancialStatus,
    Field::AfterSale,
    Field::Paid,
    Field::Refund,
    Field::LineRefund,
    Field::LinePaid,
    Field::OrderTotal,
    Field::Shipping,
    Field::Quantity,
    Field::CreatedAt,
    Field::PaidAt,
    Field::CompletedAt,
];

impl Habits {
    /// What these first rows show.
    pub fn of(layout: &Layout, sample: &[Vec<String>]) -> Self {
        let named = layout.headers.iter().rposition(|h| !h.is_empty()).map_or(0, |i| i + 1);
        let count = |fits: &dyn Fn(usize) -> bool| sample.iter().filter(|r| fits(r.len())).count();
        // A row that a line break in a cell cut in two: together they have all cells.
        let halves = |a: usize, b: usize| a < named && b < named && a + b == layout.headers.len() + 1;
        let cut = sample.windows(2).filter(|w| halves(w[0].len(), w[1].len())).count();
        let full = count(&|n| n >= named) + cut;
        let wide = count(&|n| n > layout.headers.len());
        Self {
            full_rows: full * 2 >= sample.len() - cut && full > 0,
            // One row alone that runs over has a delimiter too many.
            wide_rows: wide * 2 > sample.len() && sample.len() > 1,
            rounded_numbers: rounded(layout, sample),
            twelve_hours: twelve_hours(layout, sample),
        }
    }

    /// Whether a row of so many cells lacks one that matters.
    pub fn lacks(&self, layout: &Layout, cells: usize) -> bool {
        WEIGHTY.iter().any(|f| layout.column(*f).is_some_and(|i| i >= cells))
    }
}

/// Most times that tell an hour count it to twelve.
fn twelve_hours(layout: &Layout, sample: &[Vec<String>]) -> bool {
    let columns: Vec<usize> = TIMES.iter().filter_map(|f| layout.column(*f)).collect();
    let cells = sample.iter().flat_map(|r| columns.iter().filter_map(|i| r.get(*i))).map(|c| cell::clean(c)).filter(|c| !c.is_empty());
    // Which of day and month comes first changes nothing of the hour.
    let read = cells.filter_map(|c| {
        when::parse(c, &Zone::SHANGHAI, DayOrder::MonthFirst).or_else(|_| when::parse(c, &Zone::SHANGHAI, DayOrder::DayFirst)).ok()
    });
    let (all, halves) = read.filter(|w| !w.day_only).fold((0, 0), |(all, halves), w| (all + 1, halves + usize::from(w.twelve_hours)));
    halves * 2 > all
}

/// How many digits of a number stand behind the fifteenth; 0 where it is no long number.
fn behind(no: &str) -> usize {
    if no.len() > 15 && no.len() <= 30 && no.bytes().all(|b| b.is_ascii_digit()) { no.len() - 15 } else { 0 }
}

/// Whether a number is long and ends in zeros from its sixteenth digit on.
pub fn is_rounded(no: &str) -> bool {
    behind(no) > 0 && no.as_bytes()[15..].iter().all(|b| *b == b'0')
}

/// All long numbers end in zeros, and together they have so many of them that no chance makes it.
fn rounded(layout: &Layout, sample: &[Vec<String>]) -> bool {
    let Some(column) = layout.column(Field::OrderNo) else { return false };
    let numbers = || sample.iter().filter_map(|r| r.get(column)).map(|c| cell::clean(c).replace(',', "")).filter(|no| behind(no) > 0);
    let mut apart: Vec<String> = numbers().collect();
    apart.sort();
    apart.dedup();
    apart.iter().all(|no| is_rounded(no)) && apart.iter().map(|no| behind(no)).sum::<usize>() >= 4
}
