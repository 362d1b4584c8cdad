//! The columns that a portrait reads of a slice, looked up once.

use std::ops::Range;

use shuke_columns::ints::Raw;
use shuke_columns::registry::TIME;
use shuke_columns::slice::Rows;
use shuke_columns::{Ints, Registry, Slice};

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

impl<'a> Cells<'a> {
    pub(super) fn column(self) -> Option<&'a Ints> {
        self.0
    }

    /// Whether nothing is missing.
    pub(super) fn is_all_known(self) -> bool {
        self.0.is_some_and(Ints::all_known)
    }

    /// Whether all values are so small that small multiples of them fit.
    pub(super) fn is_narrow(self) -> bool {
        const SMALL: i64 = 1 << 40;
        self.0.is_none_or(|of| of.floor() >= -SMALL && of.ceiling() <= SMALL)
    }

    #[inline]
    pub(super) fn get(self, row: usize) -> Option<i64> {
        self.0.and_then(|c| c.get(row))
    }
}

/// Lines of orders.
pub(super) struct Lines<'a> {
    pub(super) rows: &'a Rows,
    /// What each row counts as.
    pub(super) meant: Meant<'a>,
    pub(super) category: Cells<'a>,
    pub(super) amount: Cells<'a>,
    pub(super) refunded: Cells<'a>,
    pub(super) qty: Cells<'a>,
    pub(super) words: Option<usize>,
}

/// Orders.
pub(super) struct Orders<'a> {
    pub(super) rows: &'a Rows,
    pub(super) meant: Meant<'a>,
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
    /// Those from then to before then count.
    pub(super) span: (i64, i64),
}

/// What rows of a table count as: those that lie in the span, and are of the shop where one is asked.
pub(super) struct Meant<'a> {
    time: &'a Ints,
    kept: Cells<'a>,
    paid: Cells<'a>,
    span: (i64, i64),
    /// The column of shops, and the code that is wanted; none where no row has it.
    shop: Option<(Cells<'a>, Option<i64>)>,
}

impl<'a> Meant<'a> {
    pub(super) fn of(table: &Table<'a>, span: (i64, i64), shop: Option<Option<i64>>) -> Self {
        let (kept, paid, time) = (table.cells("kept"), table.cells("purchase"), &table.rows.columns[TIME]);
        Self { time, kept, paid, span, shop: shop.map(|wanted| (table.cells("shop"), wanted)) }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.time.len()
    }

    /// What these rows count as.
    pub(super) fn lay_out(&self, rows: &Range<usize>, into: &mut Vec<u8>) {
        into.clear();
        into.resize(rows.len(), 0);
        for (cells, flag) in [(self.kept, KEPT), (self.paid, PAID)] {
            let Some(column) = cells.column() else { continue };
            if let (Raw::Same(_), 1, true) = (column.parts().0, column.floor(), column.all_known()) {
                into.iter_mut().for_each(|meant| *meant |= flag);
            } else {
                let is = |row| if column.get(row) == Some(1) { flag } else { 0 };
                into.iter_mut().zip(rows.clone()).for_each(|(meant, row)| *meant |= is(row));
            }
        }
        let (from, to) = self.span;
        if !self.time.all_known() || self.time.floor() < from || self.time.ceiling() >= to {
            for (meant, row) in into.iter_mut().zip(rows.clone()) {
                if !self.time.get(row).is_some_and(|t| t >= from && t < to) {
                    *meant = 0;
                }
            }
        }
        if let Some((shops, wanted)) = &self.shop {
            for (meant, row) in into.iter_mut().zip(rows.clone()) {
                if wanted.is_none() || shops.get(row) != *wanted {
                    *meant = 0;
                }
            }
        }
    }
}
