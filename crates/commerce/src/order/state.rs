//! What the fold yields: an order as it stands, computed from everything that was said of it.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Currency, Instant};
use shuke_members::identity::KeyClaim;

use super::observation::{Discount, Receiver, RefundKind, RefundState, Role, State};

/// When an order counts whose source tells no pay time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayTime {
    /// When it was placed.
    #[default]
    CreatedAt,
    /// Never: it is in no window by pay time.
    Unknown,
}

/// What the merchant has set that an order's state depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// The currency of amounts whose document names none.
    pub currency: Currency,
    /// Days from completed to final on a platform.
    pub platform_days: i64,
    /// Days from delivered to final in an own shop.
    pub own_days: i64,
    /// Net paid has in it what the platform paid.
    pub platform_counts: bool,
    /// When an order counts whose source tells no pay time.
    pub pay_time: PayTime,
}

impl Default for Terms {
    fn default() -> Self {
        Self { currency: Currency::CNY, platform_days: 0, own_days: 7, platform_counts: false, pay_time: PayTime::default() }
    }
}

/// A line as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LineState {
    /// The source's id of it.
    pub source_line: Option<String>,
    /// Merchant code.
    pub sku: Option<String>,
    /// Code at goods level.
    pub outer_code: Option<String>,
    /// The platform's goods id.
    pub product_id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Variant.
    pub spec: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Pieces.
    pub quantity: i64,
    /// Price of one.
    pub unit_price: Option<i64>,
    /// Pieces times price.
    pub list: Option<i64>,
    /// Its discounts together.
    pub discount: Option<i64>,
    /// Its part of the goods paid.
    pub paid: Option<i64>,
    /// Its part of what was given back.
    pub refunded: i64,
    /// Its state.
    pub state: Option<State>,
    /// What it is.
    pub role: Role,
    /// An amount of it is inferred.
    pub estimated: bool,
}

/// A line that a refund names.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RefundLineState {
    /// Its number in the order; 0 where the order has no such line.
    pub line_no: i64,
    /// Its code, as the refund names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Pieces that came back.
    pub quantity: i64,
    /// Given back for it.
    pub amount: i64,
}

/// A refund as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RefundRecord {
    /// The namespace of its number, where it is not the order's.
    pub source: Option<String>,
    /// Its number at the source; what an order report states without a number is `…#stated`.
    pub source_id: String,
    /// Why.
    pub kind: RefundKind,
    /// How far.
    pub state: RefundState,
    /// All of it.
    pub amount: i64,
    /// What of it lowers net paid.
    pub goods: i64,
    /// When.
    pub at: Option<Instant>,
    /// The reason's word.
    pub reason: Option<String>,
    /// The lines that it names.
    pub lines: Vec<RefundLineState>,
    /// The amount is inferred.
    pub estimated: bool,
}

/// An order as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderState {
    /// Platform.
    pub platform: String,
    /// Shop.
    pub shop: Option<String>,
    /// Legal entity of the shop.
    pub entity: Option<String>,
    /// State.
    pub state: State,
    /// The platform's word for it.
    pub status: Option<String>,
    /// Currency.
    pub currency: Currency,
    /// Goods at list price.
    pub goods_list: Option<i64>,
    /// Goods after discounts.
    pub goods_after_discount: Option<i64>,
    /// Shipping.
    pub shipping: Option<i64>,
    /// Tax.
    pub tax: Option<i64>,
    /// Paid in money, shipping included.
    pub paid: Option<i64>,
    /// Points used as cash.
    pub points_cash: Option<i64>,
    /// Bonus credit used.
    pub bonus_credit: Option<i64>,
    /// Deposit.
    pub deposit: Option<i64>,
    /// Goods paid: without shipping, points and bonus credit; 0 while it is no purchase.
    pub goods_paid: Option<i64>,
    /// Given back in all.
    pub refunded: i64,
    /// Goods paid less goods refunded: what tiers, points and RFM count. With the platform's part
    /// where the merchant counts it.
    pub net_paid: Option<i64>,
    /// What the merchant received.
    pub merchant_received: Option<i64>,
    /// Each discount with its payer.
    pub discounts: Vec<Discount>,
    /// When it was placed, as well as anything tells; the epoch where nothing does.
    pub placed_at: Instant,
    /// Placed, as told.
    pub created_at: Option<Instant>,
    /// Paid.
    pub paid_at: Option<Instant>,
    /// Dispatched.
    pub shipped_at: Option<Instant>,
    /// Delivered.
    pub delivered_at: Option<Instant>,
    /// Completed.
    pub completed_at: Option<Instant>,
    /// Closed.
    pub closed_at: Option<Instant>,
    /// From when on it is final.
    pub final_at: Option<Instant>,
    /// When it counts for points and windows; none where it is no purchase, or nobody knows when.
    pub counts_at: Option<Instant>,
    /// It was paid: it counts as a purchase, even when all of it went back.
    pub purchase: bool,
    /// An amount is inferred.
    pub estimated: bool,
    /// Pieces.
    pub quantity: Option<i64>,
    /// Words that stay with it, sorted.
    pub flags: Vec<String>,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// Where it came from.
    pub channel: Option<String>,
    /// Carrier and parcel number.
    pub parcel: Option<(Option<String>, Option<String>)>,
    /// Why it was closed.
    pub close_reason: Option<String>,
    /// Lines, in their order; line numbers count from 1.
    pub lines: Vec<LineState>,
    /// Refunds, by number.
    pub refunds: Vec<RefundRecord>,
    /// The buyer's keys, sorted, each once.
    pub keys: Vec<KeyClaim>,
    /// The member who proved it to be theirs.
    pub claimed_by: Option<String>,
    /// Its person was erased: it stays with the member's id and names nobody.
    pub erased: bool,
    /// Display name of the buyer at the source.
    pub buyer_nick: Option<String>,
    /// Receiver.
    pub receiver: Receiver,
    /// The buyer's message.
    pub buyer_memo: Option<String>,
    /// The merchant's note.
    pub seller_memo: Option<String>,
}

impl OrderState {
    /// When the thing happened that its state is named after, as well as anything tells.
    pub fn state_time(&self) -> Option<Instant> {
        match self.state {
            State::Created => self.created_at,
            State::Paid => self.paid_at,
            State::Shipped => self.shipped_at,
            State::Completed => self.completed_at,
            State::Closed => self.closed_at,
        }
        .or_else(|| (self.placed_at.micros() != 0).then_some(self.placed_at))
    }

    /// Discounts of one payer together.
    pub fn discount_of(&self, payer: super::observation::Payer) -> i64 {
        self.discounts.iter().filter(|d| d.payer == payer).map(|d| d.amount).sum()
    }
}
