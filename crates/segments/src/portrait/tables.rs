//! The columns that a portrait reads of a slice, looked up once.

use shuke_columns::registry::TIME;
use shuke_columns::slice::Rows;
use shuke_columns::{Ints, Registry, Slice};

use super::pass::Spent;

/// A row counts as RFM and stage count purchases.
pub(super) const KEPT: u8 = 1;
/// It was paid for, whatever became of it.
pub(super) const PAID: u8 = 2;

/// The columns of a table by name.
pub(super) struct Table<'a> {
    pub(super) rows: &'a Rows,
    pub(super) columns: &'a [shuke_columns::registry::Column],
}

impl<'a> Table<'a> {
    pub(super) fn of(registry: &'a Registry, slice: &'a Slice, name: &str) -> Option<Self> {
        let (at, table) = registry.find_table(name)?;
        Some(Self { rows: slice.tables.get(at)?, columns: &table.columns })
    }

    pub(super) fn column(&self, name: &str) -> Option<(&'a Ints, Option<usize>)> {
        let at = self.columns.iter().position(|c| &*c.name == name)?;
        Some((self.rows.columns.get(at)?, self.columns[at].words))
    }

    pub(super) fn cells(&self, name: &str) -> Cells<'a> {
        Cells(self.column(name).map(|c| c.0))
    }

    pub(super) fn words(&self, name: &str) -> Option<usize> {
        self.column(name).and_then(|c| c.1)
    }
}

/// A column, that of a registry without it being missing for all.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a>(Option<&'a Ints>);

impl Cells<'_> {
    #[inline]
    pub(super) fn get(self, row: usize) -> Option<i64> {
        self.0.and_then(|c| c.get(row))
    }
}

/// Lines of orders.
pub(super) struct Lines<'a> {
    pub(super) rows: &'a Rows,
    /// What each row counts as.
    pub(super) meant: Vec<u8>,
    pub(super) category: Cells<'a>,
    pub(super) amount: Cells<'a>,
    pub(super) refunded: Cells<'a>,
    pub(super) qty: Cells<'a>,
    pub(super) words: Option<usize>,
}

/// Orders.
pub(super) struct Orders<'a> {
    pub(super) rows: &'a Rows,
    pub(super) meant: Vec<u8>,
    pub(super) time: &'a Ints,
    pub(super) platform: Cells<'a>,
    pub(super) shop: Cells<'a>,
    pub(super) paid: Cells<'a>,
    pub(super) net: Cells<'a>,
    pub(super) discount: Cells<'a>,
    pub(super) weather: Cells<'a>,
    pub(super) temperature: Cells<'a>,
    /// Vocabularies of platform, shop and weather.
    pub(super) words: [Option<usize>; 3],
}

/// Acts.
pub(super) struct Acts<'a> {
    pub(super) rows: &'a Rows,
    pub(super) time: &'a Ints,
    pub(super) kind: &'a Ints,
    /// Codes of cart, favourite, view.
    pub(super) codes: [Option<u32>; 3],
}

impl Lines<'_> {
    #[inline]
    pub(super) fn add(&self, row: usize, into: &mut Spent) {
        into.amount += i128::from(self.amount.get(row).unwrap_or(0));
        into.refunded += i128::from(self.refunded.get(row).unwrap_or(0));
    }
}

/// What each row counts as: those that lie in the span, and are of the shop where one is asked.
pub(super) fn meant(table: &Table<'_>, span: (i64, i64), shop: Option<Option<i64>>) -> Vec<u8> {
    let (kept, paid, of, time) = (table.cells("kept"), table.cells("purchase"), table.cells("shop"), &table.rows.columns[TIME]);
    let row = |row: usize| {
        let inside =
            time.get(row).is_some_and(|t| t >= span.0 && t < span.1) && shop.is_none_or(|wanted| wanted.is_some() && of.get(row) == wanted);
        let flag = |column: Cells<'_>, flag: u8| if column.get(row) == Some(1) { flag } else { 0 };
        if inside { flag(kept, KEPT) | flag(paid, PAID) } else { 0 }
    };
    (0..time.len()).map(row).collect()
}
