//! When members buy: weekday and hour of purchases on the zone's clock.

use jiff::civil::Date;
use serde::Serialize;
use shuke_columns::Columns;
use utoipa::ToSchema;

use crate::days::{self, hour_of, weekday_of};
use crate::question::{Coverage, Frame};
use crate::survey::survey;

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Calendar {
    /// Purchases: seven rows from Monday, 24 hours each.
    pub orders: Vec<Vec<i64>>,
    /// Their net paid, minor units, in the same shape.
    pub paid: Vec<Vec<i64>>,
    /// Purchases from Monday to Sunday.
    pub orders_by_weekday: Vec<i64>,
    /// Purchases by hour.
    pub orders_by_hour: Vec<i64>,
    /// The first day of a purchase in the window.
    #[serde(skip)]
    pub first: Option<Date>,
}

/// Purchases and their money, and the first day of one.
type Grid = ([[(i64, i64); 24]; 7], Option<i32>);

/// The report of these columns.
pub fn calendar(columns: &Columns, frame: &Frame) -> (Calendar, Coverage) {
    let ((grid, first), coverage) = survey(
        columns,
        frame,
        || ([[(0, 0); 24]; 7], None),
        |(grid, first): &mut Grid, _, _, replay| {
            for deal in replay.deals.iter().filter(|d| d.purchase && frame.within(d.time)) {
                let cell = &mut grid[weekday_of(deal.day)][hour_of(deal.local)];
                cell.0 += 1;
                cell.1 += deal.paid;
                *first = Some(first.map_or(deal.day, |day| day.min(deal.day)));
            }
        },
        |(a, first), (b, other)| {
            *first = first.iter().chain(&other).min().copied();
            for (x, y) in a.iter_mut().flatten().zip(b.iter().flatten()) {
                x.0 += y.0;
                x.1 += y.1;
            }
        },
    );
    let report = Calendar {
        orders: grid.iter().map(|day| day.iter().map(|c| c.0).collect()).collect(),
        paid: grid.iter().map(|day| day.iter().map(|c| c.1).collect()).collect(),
        orders_by_weekday: grid.iter().map(|day| day.iter().map(|c| c.0).sum()).collect(),
        orders_by_hour: (0..24).map(|h| grid.iter().map(|day| day[h].0).sum()).collect(),
        first: first.map(days::date),
    };
    (report, coverage)
}
