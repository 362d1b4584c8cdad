//! When members buy: weekday and hour of purchases on the zone's clock.

use jiff::civil::Date;
use serde::Serialize;
use shuke_columns::Columns;
use utoipa::ToSchema;

use crate::brief::{Wants, mark};
use crate::days::{self, weekday_of};
use crate::question::{Coverage, Frame};
use crate::survey::survey;

/// The report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Calendar {
    /// Purchases: seven rows from Monday, 24 hours each.
    pub orders: Vec<Vec<i64>>,
    /// Their net paid, minor units, in the same shape.
    pub paid: Vec<Vec<i64>>,
    /// Members with such a purchase, in the same shape.
    pub members: Vec<Vec<i64>>,
    /// Purchases from Monday to Sunday.
    pub orders_by_weekday: Vec<i64>,
    /// Purchases by hour.
    pub orders_by_hour: Vec<i64>,
    /// The first day of a purchase in the window.
    #[serde(skip)]
    pub first: Option<Date>,
}

/// Purchases, their money, and members with one.
#[derive(Clone, Copy, Default)]
struct Cell {
    orders: i64,
    paid: i64,
    members: i64,
}

/// The cells, and the first day of a purchase.
type Grid = ([[Cell; 24]; 7], Option<i32>);

fn shape(grid: &[[Cell; 24]; 7], of: fn(&Cell) -> i64) -> Vec<Vec<i64>> {
    grid.iter().map(|day| day.iter().map(of).collect()).collect()
}

/// The report of these columns.
pub fn calendar(columns: &Columns, frame: &Frame) -> (Calendar, Coverage) {
    let ((grid, first), coverage) = survey(
        columns,
        frame,
        Wants::Paid,
        || ([[Cell::default(); 24]; 7], None),
        |(grid, first): &mut Grid, of, rows| {
            let mut met = [0_u32; 7];
            for row in rows.window().filter(|row| rows.is(*row, mark::PURCHASE)) {
                let (day, hour) = (rows.day(row), rows.hour(row));
                let weekday = weekday_of(day);
                let cell = &mut grid[weekday][hour];
                cell.orders += 1;
                cell.paid += rows.paid(row);
                cell.members += i64::from(!of.bucket.nobody && met[weekday] >> hour & 1 == 0);
                met[weekday] |= 1 << hour;
                *first = Some(first.map_or(day, |first| first.min(day)));
            }
        },
        |(a, first), (b, other)| {
            *first = first.iter().chain(&other).min().copied();
            for (x, y) in a.iter_mut().flatten().zip(b.iter().flatten()) {
                x.orders += y.orders;
                x.paid += y.paid;
                x.members += y.members;
            }
        },
    );
    let report = Calendar {
        orders: shape(&grid, |c| c.orders),
        paid: shape(&grid, |c| c.paid),
        members: shape(&grid, |c| c.members),
        orders_by_weekday: grid.iter().map(|day| day.iter().map(|c| c.orders).sum()).collect(),
        orders_by_hour: (0..24).map(|h| grid.iter().map(|day| day[h].orders).sum()).collect(),
        first: first.map(days::date),
    };
    (report, coverage)
}
