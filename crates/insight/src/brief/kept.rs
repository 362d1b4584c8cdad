//! A brief as it lies beside its bucket.

use std::ops::Range;
use std::sync::Arc;

use shuke_columns::{Bucket, Digest};

use super::mark;
use crate::replay::Left;

/// The places of a brief's parts.
pub(super) mod part {
    /// The day from which days are counted.
    pub const BASE: usize = 0;
    /// Of each member the day from whose beginning on their rows say so.
    pub const SETTLED: usize = 1;
    /// The day of each order.
    pub const DAYS: usize = 2;
    /// The mark of each order.
    pub const MARKS: usize = 3;
    /// The rows of orders of which something was given back, ascending.
    pub const TOUCHED: usize = 4;
    /// Paid and received of each of them, refunds taken off.
    pub const MONEY: usize = 5;
    /// Live pieces and lines of each, and where its lines end.
    pub const COUNTS: usize = 6;
    /// Paid and received of each of their lines.
    pub const LINES: usize = 7;
    /// Twice the pieces of the line, and one more where it is live.
    pub const PIECES: usize = 8;
    /// The rows of orders whose refunds claim more than was left, ascending.
    pub const OVER: usize = 9;
    /// How much more.
    pub const MORE: usize = 10;
}

/// Of a member whose rows are never read so.
pub(super) const NEVER: u16 = u16::MAX;

/// A bucket's brief.
pub(crate) struct Brief(Arc<Digest>);

impl Brief {
    /// What a digest holds; `None` where the bucket did not fit.
    pub fn of(digest: Arc<Digest>) -> Option<Self> {
        (!digest.is_empty()).then_some(Self(digest))
    }

    /// The day from which days are counted.
    pub fn base(&self) -> i32 {
        self.0.u32s(part::BASE).first().map_or(0, |day| *day as i32)
    }

    /// The rows of a member's paid orders of a day.
    pub fn paid_on(&self, bucket: &Bucket, member: usize, day: i32) -> impl Iterator<Item = usize> {
        let kept = self.read();
        let is_paid = move |row: &usize| kept.marks[*row] & mark::DEAL != 0 && kept.base + i32::from(kept.days[*row]) == day;
        bucket.orders.of.of(member).filter(is_paid)
    }

    pub(super) fn read(&self) -> Kept<'_> {
        let of = &self.0;
        Kept {
            base: self.base(),
            settled: of.u16s(part::SETTLED),
            days: of.u16s(part::DAYS),
            marks: of.u16s(part::MARKS),
            touched: of.u32s(part::TOUCHED),
            money: of.i64s(part::MONEY).as_chunks::<2>().0,
            counts: of.u32s(part::COUNTS).as_chunks::<3>().0,
            lines: of.i64s(part::LINES).as_chunks::<2>().0,
            pieces: of.u32s(part::PIECES),
            over: of.u32s(part::OVER),
            more: of.i64s(part::MORE),
        }
    }
}

/// A brief's parts.
#[derive(Clone, Copy)]
pub(super) struct Kept<'d> {
    pub base: i32,
    pub settled: &'d [u16],
    pub days: &'d [u16],
    pub marks: &'d [u16],
    touched: &'d [u32],
    money: &'d [[i64; 2]],
    counts: &'d [[u32; 3]],
    lines: &'d [[i64; 2]],
    pieces: &'d [u32],
    over: &'d [u32],
    more: &'d [i64],
}

impl Kept<'_> {
    /// A day of reckoning, counted from the base.
    pub fn known(&self, as_of: i32) -> u16 {
        (i64::from(as_of) - i64::from(self.base)).clamp(0, i64::from(NEVER) - 1) as u16
    }

    /// Which of the touched orders lie in these rows.
    pub fn touched_of(&self, rows: &Range<usize>) -> Range<usize> {
        let of = |row: usize| self.touched.partition_point(|touched| (*touched as usize) < row);
        of(rows.start)..of(rows.end)
    }

    /// A touched order: its row, paid and received, pieces, lines, and where its lines end.
    #[inline]
    pub fn touched(&self, at: usize) -> (usize, [i64; 2], [u32; 3]) {
        (self.touched[at] as usize, self.money[at], self.counts[at])
    }

    /// What refunds claim beyond what was left of the order at a row.
    pub fn over(&self, order: usize) -> i64 {
        self.over.binary_search_by_key(&order, |row| *row as usize).map_or(0, |at| self.more[at])
    }

    /// Hands on the lines of the order at a row, which is one of these touched ones.
    #[inline]
    pub fn left(&self, bucket: &Bucket, order: usize, among: Range<usize>, mut each: impl FnMut(Left)) {
        let Ok(at) = self.touched[among.clone()].binary_search_by_key(&order, |row| *row as usize) else { return };
        let at = among.start + at;
        let begin = at.checked_sub(1).map_or(0, |before| self.counts[before][2] as usize);
        let lines = begin..self.counts[at][2] as usize;
        let first = bucket.orders.first_line.value(order) as usize;
        for (row, ([paid, received], pieces)) in (first..).zip(self.lines[lines.clone()].iter().zip(&self.pieces[lines])) {
            each(Left { row, quantity: (pieces >> 1).into(), paid: *paid, received: *received, live: pieces & 1 == 1 });
        }
    }
}
