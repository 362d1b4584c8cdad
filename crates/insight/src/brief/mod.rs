//! A bucket's brief: what each of its orders comes to once all is known, its day and hour on the zone's clock, and
//! what is left of those of which something was given back; a few bytes an order, kept beside the bucket. Reports
//! read it instead of reckoning every order anew.
//!
//! A member's rows say the same from the day on whose beginning their last refund is known. Whoever is asked about
//! an earlier one, or has refunds of no known order, is reckoned from the rows of the bucket, and so is everybody
//! of a bucket without a brief. A brief follows from the bucket's rows, the zone, the currency, and whether refunds
//! are taken off.

mod block;
mod kept;
mod reader;
mod write;

use std::ops::Range;
use std::sync::Arc;

use shuke_columns::digest::Key;
use shuke_columns::{Bucket, Columns};
use shuke_kernel::Result;

use self::block::Block;
pub(crate) use self::kept::Brief;
use self::kept::Kept;
pub(crate) use self::reader::Reader;
use crate::question::Frame;
use crate::replay::{Left, LooseRefund, Replay};

/// What an order counts as: bits beside the hour.
pub(crate) mod mark {
    /// The hour on the zone's clock.
    pub const HOUR: u16 = 31;
    /// It was paid.
    pub const DEAL: u16 = 1 << 5;
    /// It is a purchase.
    pub const PURCHASE: u16 = 1 << 6;
    /// It is, and its time of payment is missing.
    pub const ESTIMATED: u16 = 1 << 7;
    /// What was given back is only known from the order being closed.
    pub const REFUND_ESTIMATED: u16 = 1 << 8;
    /// Its refunds claim more than was left.
    pub const OVER: u16 = 1 << 9;
    /// Something was given back.
    pub const TOUCHED: u16 = 1 << 10;
    /// It is in another currency.
    pub const OTHER: u16 = 1 << 11;
}

/// What is read of orders beside day, mark, and what was paid.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Wants {
    /// Nothing.
    Paid,
    /// What was received.
    Received,
    /// That, what both were before refunds, pieces and lines.
    All,
}

/// A member's orders before the end of the window, as they count. They are known by their places among those
/// that are laid out with them.
#[derive(Clone)]
pub(crate) struct Rows<'a> {
    block: &'a Block,
    at: Range<usize>,
    window: Range<usize>,
    given: Given<'a>,
}

/// Where the lines of orders of which something was given back are told.
#[derive(Clone, Copy)]
enum Given<'a> {
    Kept(&'a Kept<'a>),
    Walked(&'a Replay<'a>),
}

impl<'a> Rows<'a> {
    /// Those before the window's end.
    #[inline]
    pub fn all(&self) -> Range<usize> {
        self.at.clone()
    }

    /// Those of the window.
    #[inline]
    pub fn window(&self) -> Range<usize> {
        self.window.clone()
    }

    /// Those of the days from one to before another, which is not after the window's end.
    pub fn between(&self, from: i32, to: i32) -> Range<usize> {
        let since = &self.block.since[self.at.clone()];
        let of = |day: i32| self.at.start + since.partition_point(|d| *d < day);
        of(from)..of(to)
    }

    /// The first purchase.
    #[inline]
    pub fn first(&self) -> Option<usize> {
        self.at.clone().find(|row| self.is(*row, mark::PURCHASE))
    }

    /// Whether a mark has this bit.
    #[inline]
    pub fn is(&self, row: usize, bit: u16) -> bool {
        self.block.mark[row] & bit != 0
    }

    /// The hour on the zone's clock.
    #[inline]
    pub fn hour(&self, row: usize) -> usize {
        usize::from(self.block.mark[row] & mark::HOUR)
    }

    /// The day on the zone's clock.
    #[inline]
    pub fn day(&self, row: usize) -> i32 {
        self.block.day[row]
    }

    /// The day by the beginnings of days, by which windows are cut: it never goes back.
    #[inline]
    pub fn since(&self, row: usize) -> i32 {
        self.block.since[row]
    }

    /// The row among the bucket's orders.
    #[inline]
    pub fn order(&self, row: usize) -> usize {
        self.block.first + row
    }

    /// Paid, refunds taken off.
    #[inline]
    pub fn paid(&self, row: usize) -> i64 {
        self.block.paid[row]
    }

    /// Received, refunds taken off.
    #[inline]
    pub fn received(&self, row: usize) -> i64 {
        self.block.received[row]
    }

    /// Paid and received before refunds.
    #[inline]
    pub fn gross(&self, row: usize) -> (i64, i64) {
        (self.block.gross_paid[row], self.block.gross_received[row])
    }

    /// Live pieces and lines.
    #[inline]
    pub fn live(&self, row: usize) -> (i64, i64) {
        (self.block.units[row], self.block.lines[row])
    }

    /// Refunds of no known order before the window's end, by time.
    #[inline]
    pub fn loose(&self) -> &'a [LooseRefund] {
        if let Given::Walked(replay) = self.given { &replay.loose } else { &[] }
    }

    /// What refunds claim beyond what was left of an order.
    #[cold]
    pub fn over(&self, row: usize) -> i64 {
        match self.given {
            Given::Kept(kept) => kept.over(self.order(row)),
            Given::Walked(replay) => replay.deal_of(self.order(row)).and_then(|deal| replay.touched(deal)).map_or(0, |t| t.over),
        }
    }

    /// Hands on the lines of an order of which something was given back, as they stand.
    #[inline]
    pub fn left(&self, row: usize, bucket: &Bucket, each: impl FnMut(Left)) {
        match self.given {
            Given::Kept(kept) => kept.left(bucket, self.order(row), self.block.touched.clone(), each),
            Given::Walked(replay) => {
                let left = replay.deal_of(self.order(row)).and_then(|deal| replay.left(deal)).unwrap_or_default();
                left.iter().copied().for_each(each);
            }
        }
    }
}

/// Under what a digest of that kind is kept which follows from a bucket's rows, the zone, the currency, and whether
/// refunds are taken off.
pub(crate) fn key(kind: &str, frame: &Frame) -> Key {
    Key { name: format!("{kind} {} {} {:?}", frame.days.name(), frame.net, frame.only), state: format!("{:016x}", frame.days.print()) }
}

/// Its kind, with the number of its layout.
const KIND: &str = "brief 1";

/// The brief of the bucket at this place, written if it is not there; `None` where none is kept.
pub(crate) fn of(columns: &Columns, place: usize, frame: &Frame) -> Option<Brief> {
    match columns.digest(place, &key(KIND, frame), |bucket| write::write(frame, bucket)) {
        Ok(digest) => digest.and_then(Brief::of),
        Err(e) => {
            tracing::warn!(error = %e, "a brief cannot be kept; the rows are read");
            None
        }
    }
}

/// The same, made of the bucket's rows and kept nowhere.
pub(crate) fn made(frame: &Frame, bucket: &Bucket) -> Option<Brief> {
    Brief::of(Arc::new(write::write(frame, bucket)))
}

/// The file of the brief that is kept of the bucket at this place, where that is not what its rows say.
pub(crate) fn differing(columns: &Columns, place: usize, frame: &Frame) -> Option<String> {
    columns.differing(place, &key(KIND, frame), |bucket| write::write(frame, bucket))
}

/// Writes the briefs that are not there yet, as long as whoever asks of the columns waits.
///
/// # Errors
/// A fault when one cannot be written.
pub(crate) fn prepare(columns: &Columns, frame: &Frame) -> Result<()> {
    let key = key(KIND, frame);
    for place in 0..columns.buckets.len() {
        if columns.whole().is_err() {
            return Ok(());
        }
        columns.digest(place, &key, |bucket| write::write(frame, bucket))?;
    }
    Ok(())
}
