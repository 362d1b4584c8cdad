//! What orders and refunds come to: deals, what is left of those of which something was given back.

use std::ops::Range;

/// An order as it counts. What differs once something was given back is in [`Touched`].
#[derive(Clone, Debug)]
pub struct Deal {
    /// When it counts.
    pub time: i64,
    /// Paid, refunds taken off.
    pub paid: i64,
    /// The day on the zone's calendar.
    pub day: i32,
    /// Its row among the bucket's orders.
    pub(super) row: u32,
    /// Its place among [`Replay::touched`].
    pub(super) touched: u32,
    /// Whether it is a purchase.
    pub purchase: bool,
    /// Whether the time of payment is missing.
    pub time_estimated: bool,
}

/// Nothing was given back.
pub(super) const WHOLE: u32 = u32::MAX;

impl Deal {
    /// Its row among the bucket's orders.
    #[inline]
    pub fn row(&self) -> usize {
        self.row as usize
    }
}

/// What is left of an order of which something was given back.
#[derive(Clone, Debug)]
pub struct Touched {
    /// Received, refunds taken off.
    pub received: i64,
    /// Pieces on live lines.
    pub units: i64,
    /// Live lines.
    pub lines: i64,
    /// Whether what was given back is only known from the order being closed.
    pub refund_estimated: bool,
    /// What its refunds claim beyond what was left.
    pub over: i64,
    /// Its lines in [`Replay::left`].
    pub(super) left: Range<usize>,
}

/// A line after refunds.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// Its row among the bucket's lines.
    pub row: usize,
    /// Pieces.
    pub quantity: i64,
    /// Paid.
    pub paid: i64,
    /// Received.
    pub received: i64,
    /// Whether anything of it is left: a line that was paid and wholly given back is dead.
    pub live: bool,
}

/// A refund of no known order.
#[derive(Clone, Debug)]
pub struct LooseRefund {
    /// When.
    pub time: i64,
    /// The day.
    pub day: i32,
    /// Goods.
    pub sku: Option<u32>,
    /// Pieces.
    pub units: i64,
    /// To the member.
    pub paid: i64,
    /// From the merchant.
    pub received: i64,
}
