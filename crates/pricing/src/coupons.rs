//! Coupons and who holds them, as `promotions.json` tells. Every amount is in minor units of
//! [`Offers::currency`](crate::Offers::currency); an absent limit is none.

use std::collections::BTreeMap;

use shuke_kernel::Instant;

use crate::offers::{Gift, Percent, Terms};

/// What held coupons of one sort have in common.
#[derive(Clone, Debug)]
pub struct Template {
    /// Which `usage` counts.
    pub id: String,
    /// When, for whom, from what on.
    pub terms: Terms,
    /// Who pays for it, and in whose step it is taken.
    pub issuer: Issuer,
    /// What it gives.
    pub benefit: Benefit,
}

/// Who issued a coupon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Issuer {
    /// 店铺券
    Shop,
    /// 平台券
    Platform,
}

/// What a coupon gives.
#[derive(Clone, Debug)]
pub enum Benefit {
    /// 满减券
    AmountOff {
        /// Absent where each coupon has its own.
        amount: Option<i64>,
    },
    /// 折扣券
    PercentOff(Percent),
    /// 无门槛券
    NoThreshold {
        /// Absent where each coupon has its own.
        amount: Option<i64>,
    },
    /// 赠品券
    Gift(Vec<Gift>),
    /// 兑换券
    Exchange {
        /// Of which one piece.
        sku: String,
        /// What it costs.
        pay: i64,
    },
    /// 运费券
    FreeShipping {
        /// Most taken off.
        cap: Option<i64>,
    },
}

/// A member, as far as prices go.
#[derive(Clone, Default, Debug)]
pub struct Member {
    /// The tier held.
    pub tier: Option<String>,
    /// Segments that the member is in.
    pub segments: Vec<String>,
    /// May be negative.
    pub points: i64,
    /// Times (units of a flash price) by promotion or template.
    pub usage: BTreeMap<String, i64>,
    /// What the member holds.
    pub coupons: Vec<Coupon>,
}

/// A coupon that a member holds.
#[derive(Clone, Debug)]
pub struct Coupon {
    /// The cause that reductions name.
    pub id: String,
    /// Place in [`Offers::templates`].
    pub template: usize,
    /// Whether its state lets it be taken (`available` or `restored`).
    pub available: bool,
    /// Its state in words.
    pub state: &'static str,
    /// Instead of the template's.
    pub from: Option<Instant>,
    /// Instead of the template's.
    pub to: Option<Instant>,
    /// As drawn, instead of the template's.
    pub amount: Option<i64>,
}

impl Benefit {
    /// The kind's word in the format.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AmountOff { .. } => "amount_off",
            Self::PercentOff(_) => "percent_off",
            Self::NoThreshold { .. } => "no_threshold",
            Self::Gift(_) => "gift",
            Self::Exchange { .. } => "exchange",
            Self::FreeShipping { .. } => "free_shipping",
        }
    }
}
