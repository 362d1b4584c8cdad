//! Orders' columns as plain numbers, some rows ahead, so that a loop need not ask row by row how they are kept.

use std::ops::Range;

use shuke_columns::Bucket;

/// Rows that are laid out at a time for who walks through all members: they stay in the nearest cache.
const AHEAD: usize = 1_024;

/// Orders' columns as plain numbers.
#[derive(Default, Debug)]
pub(super) struct Flat {
    /// The first row.
    pub start: usize,
    pub time: Vec<i64>,
    pub paid: Vec<i64>,
    pub state: Vec<u32>,
    pub paid_known: Vec<u32>,
    /// So many rows are laid out at least where there are as many.
    ahead: usize,
}

impl Flat {
    /// For who walks through all members.
    pub fn ahead() -> Self {
        Self { ahead: AHEAD, ..Self::default() }
    }

    /// Lays these rows out, unless they are.
    #[inline]
    pub fn hold(&mut self, bucket: &Bucket, rows: &Range<usize>) {
        if rows.start < self.start || rows.end > self.start + self.time.len() {
            self.lay_out(bucket, rows);
        }
    }

    fn lay_out(&mut self, bucket: &Bucket, rows: &Range<usize>) {
        let orders = &bucket.orders;
        let rows = rows.start..rows.end.max(orders.time.len().min(rows.start + self.ahead));
        self.start = rows.start;
        self.time.clear();
        self.paid.clear();
        self.state.clear();
        self.paid_known.clear();
        orders.time.numbers(rows.clone(), &mut self.time);
        orders.paid.numbers(rows.clone(), &mut self.paid);
        orders.state.codes(rows.clone(), 0, &mut self.state);
        orders.paid_known.codes(rows, 0, &mut self.paid_known);
    }
}
