//! Why something is not applied: the codes of the format, in the order in which the first that fits
//! is told, and what is missing where more would help.

use serde::Serialize;

/// Why a promotion, a coupon or points are not applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Its time has not come.
    NotStarted,
    /// Its time is over.
    Expired,
    /// Not on this day, or not at this hour.
    OutsideCalendar,
    /// A coupon that is locked, used, revoked, or not held.
    NotAvailable,
    /// The cart names its coupons, not this one.
    NotSelected,
    /// Tier, segment, guest.
    NotEntitled,
    /// Quota, per-member limit, gift stock.
    QuotaExhausted,
    /// No line in scope.
    CategoryMismatch,
    /// The cart weighs too much.
    TooHeavy,
    /// Pieces, sets, or the amount at the start of its step.
    ThresholdNotMet,
    /// Its group is taken by an applied one.
    ExcludedByGroup,
    /// As many coupons of its sort are applied as may be.
    CouponLimit,
    /// Nothing left to take off, or a price that is not below the unit price.
    NoEffect,
    /// Would apply, but nothing would cost less.
    NotBetter,
    /// Another price is lower.
    NotLowest,
    /// All of it was cut at the goods' lowest price.
    FloorReached,
    /// Less than one unit of points.
    InsufficientPoints,
}

/// How much more would do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Missing {
    /// Minor units of goods in scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Pieces in scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<i64>,
    /// Points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
}
