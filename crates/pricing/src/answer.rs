//! The answer: every line with its reductions and their causes, what was applied and what was not.

use serde::Serialize;

use crate::code::{Code, Missing};
use crate::explain::Message;

/// A priced cart.
#[derive(Clone, Debug, Serialize)]
pub struct Priced {
    /// Always 1.
    pub format: i64,
    /// As in the cart.
    pub lines: Vec<PricedLine>,
    /// What is given, in the order of its cause.
    pub gift_lines: Vec<GiftLine>,
    /// The order as a whole.
    pub order: Order,
    /// What store credit and gift cards pay, if the cart names any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<PaymentMade>>,
    /// In order of application.
    pub applied: Vec<Applied>,
    /// By id.
    pub not_applied: Vec<NotApplied>,
    /// What goes back, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunds: Option<Vec<Refunded>>,
    /// There were too many candidates to go through all sets: a better one may have been missed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub search_bounded: bool,
    /// How many promotions and coupons the choice was among.
    #[serde(skip)]
    pub candidates: usize,
}

/// A line of the cart with its price.
#[derive(Clone, Debug, Serialize)]
pub struct PricedLine {
    /// Its name in the cart.
    pub line: String,
    /// Unit price × quantity.
    pub list: i64,
    /// After prices were replaced.
    pub base: i64,
    /// The promotion that replaced the price.
    pub price_by: Option<String>,
    /// In order of application.
    pub reductions: Vec<Reduction>,
    /// Base less reductions.
    pub payable: i64,
    /// Points of the order that paid for this line.
    pub points_used: i64,
    /// Pieces; refunds are split by them.
    #[serde(skip)]
    pub qty: i64,
}

/// What was taken off, and by what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reduction {
    /// The id of a promotion or coupon, or `points_cash`.
    pub cause: String,
    /// Above zero.
    pub amount: i64,
}

/// Goods given.
#[derive(Clone, Debug, Serialize)]
pub struct GiftLine {
    /// Which goods.
    pub sku: String,
    /// Pieces.
    pub qty: i64,
    /// Of all pieces.
    pub value: i64,
    /// Always 0.
    pub payable: i64,
    /// The promotion or coupon that gives them.
    pub cause: String,
}

/// The sums of an order.
#[derive(Clone, Debug, Serialize)]
pub struct Order {
    /// Of the list amounts.
    pub list_total: i64,
    /// Of the bases.
    pub goods_total: i64,
    /// Of all reductions but points.
    pub discounts: i64,
    /// What points pay.
    pub points_cash: i64,
    /// How many points that takes.
    pub points_used: i64,
    /// Of what lines cost: the net paid.
    pub goods_payable: i64,
    /// Before anything is taken off it.
    pub shipping_fee: i64,
    /// In order of application.
    pub shipping_reductions: Vec<Reduction>,
    /// What shipping costs.
    pub shipping: i64,
    /// Goods and shipping.
    pub total: i64,
    /// By this order, should nothing come back.
    pub points_earned: i64,
    /// What is left to pay after `payments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<i64>,
}

/// What a gift card or store credit pays.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentMade {
    /// Its name in the cart.
    pub id: String,
    /// At most what is left of the total.
    pub amount: i64,
}

/// A promotion or coupon that was applied.
#[derive(Clone, Debug, Serialize)]
pub struct Applied {
    /// Which.
    pub id: String,
    /// The kind's word in the format.
    pub kind: &'static str,
    /// In which step.
    pub step: &'static str,
    /// What it took off; a gift saves nothing.
    pub saving: i64,
}

/// A promotion or coupon that was not applied, or points that were asked for and did not pay.
#[derive(Clone, Debug, Serialize)]
pub struct NotApplied {
    /// Which.
    pub id: String,
    /// The first reason that fits.
    pub code: Code,
    /// How much more would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// The applied one that keeps it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded_by: Option<String>,
    /// The reason in words.
    pub message: Message,
}

/// What one refund gives back.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Refunded {
    /// It gives back so much.
    Done(RefundDone),
    /// It changes nothing.
    Refused {
        /// Which.
        id: String,
        /// `qty_exceeds_paid`.
        error: &'static str,
    },
}

/// A refund of pieces that were there.
#[derive(Clone, Debug, Serialize)]
pub struct RefundDone {
    /// Which.
    pub id: String,
    /// As it names them.
    pub lines: Vec<RefundLine>,
    /// Of the lines.
    pub goods: i64,
    /// Points that had paid for them.
    pub points_back: i64,
    /// What was paid for shipping, at most once.
    pub shipping: i64,
    /// Goods and shipping.
    pub amount: i64,
    /// Earned points that are taken back.
    pub points_reversed: i64,
    /// What the goods that were kept cost.
    pub net_left: i64,
}

/// Pieces of a line that went back.
#[derive(Clone, Debug, Serialize)]
pub struct RefundLine {
    /// Its name in the cart.
    pub line: String,
    /// Pieces.
    pub qty: i64,
    /// What was paid for them.
    pub amount: i64,
    /// Points that had paid for them.
    pub points_back: i64,
}
