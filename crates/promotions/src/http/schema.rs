//! The format's files and its answer as the API's document shows them. Files are read by `shuke-pricing` itself, strictly and
//! from their text, and the answer is written by it: nothing here is ever made.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `promotions.json`: what a shop offers and who its members are. Each kind's keys are in `docs/pricing-format.md`.
#[derive(ToSchema)]
pub struct PromotionsFile {
    /// Always 1.
    #[schema(example = 1)]
    pub format: i64,
    /// ISO 4217; CNY unless given.
    pub currency: Option<String>,
    /// The IANA zone of calendars; Asia/Shanghai unless given.
    pub zone: Option<String>,
    /// `max_coupons`, `points_cash`, `earn`, `floors`.
    #[schema(value_type = Option<Object>)]
    pub settings: Option<()>,
    /// Each with `id`, `kind` and the kind's keys.
    #[schema(value_type = Option<Vec<Object>>)]
    pub promotions: Option<()>,
    /// Each with `id`, `kind`, `issuer` and the kind's keys.
    #[schema(value_type = Option<Vec<Object>>)]
    pub coupon_templates: Option<()>,
    /// By id: `tier`, `segments`, `points`, `usage`, `coupons`.
    #[schema(value_type = Option<Object>)]
    pub members: Option<()>,
}

/// `cart.json`: a cart at one instant.
#[derive(ToSchema)]
pub struct CartFile {
    /// Always 1.
    #[schema(example = 1)]
    pub format: i64,
    /// Whose, by the id under `members`; none for a guest.
    pub member: Option<String>,
    /// Of pricing: RFC 3339 in UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-06-10T04:00:00Z")]
    pub time: String,
    /// Before anything is taken off it, minor units.
    pub shipping_fee: Option<i64>,
    /// `"auto"` (any held coupon may be taken) or a list of ids (only these).
    #[schema(value_type = Option<Object>)]
    pub coupons: Option<()>,
    /// A number of points, or `"max"`.
    #[schema(value_type = Option<Object>)]
    pub points_to_use: Option<()>,
    /// Gift cards and store credit.
    pub payments: Option<Vec<CartPaymentFile>>,
    /// The goods.
    pub lines: Vec<CartLineFile>,
}

/// A cart to be priced by the shop's own promotions: `cart.json`, whose `format` and `time` may be left out.
#[derive(ToSchema)]
pub struct ShopCart {
    /// 1, unless left out.
    #[schema(example = 1)]
    pub format: Option<i64>,
    /// `mem_…`; none for a guest.
    #[schema(example = "mem_01kc…")]
    pub member: Option<String>,
    /// When; now unless given. Promotions are those in force then, what is known of the member is of now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub time: Option<String>,
    /// Before anything is taken off it, minor units.
    pub shipping_fee: Option<i64>,
    /// `"auto"` (any held coupon may be taken) or a list of ids (only these).
    #[schema(value_type = Option<Object>)]
    pub coupons: Option<()>,
    /// A number of points, or `"max"`.
    #[schema(value_type = Option<Object>)]
    pub points_to_use: Option<()>,
    /// Gift cards and store credit.
    pub payments: Option<Vec<CartPaymentFile>>,
    /// The goods.
    #[schema(max_items = 2000)]
    pub lines: Vec<CartLineFile>,
}

/// A line of a cart.
#[derive(ToSchema)]
pub struct CartLineFile {
    /// Its name in the answer.
    pub line: String,
    /// Which goods.
    pub sku: String,
    /// A path such as `home/kitchen`.
    pub category: Option<String>,
    /// Of one piece, minor units.
    #[schema(minimum = 0)]
    pub unit_price: i64,
    /// Pieces.
    #[schema(minimum = 1)]
    pub qty: i64,
    /// Of one piece.
    pub weight_g: Option<i64>,
}

/// Money that the customer already gave.
#[derive(ToSchema)]
pub struct CartPaymentFile {
    /// Its name in the answer.
    pub id: String,
    /// `store_credit` or `gift_card`.
    pub kind: String,
    /// What is on it, minor units.
    pub available: i64,
}

/// `refunds.json`: what came back of the order that the cart became, in order of time.
#[derive(ToSchema)]
pub struct RefundsFile {
    /// Always 1.
    #[schema(example = 1)]
    pub format: i64,
    /// Each with `id`, `lines` (`line` and `qty`) and `shipping`.
    #[schema(value_type = Vec<Object>)]
    pub refunds: (),
}

/// A priced cart. All amounts are minor units.
#[derive(ToSchema)]
pub struct PricedCart {
    /// Always 1.
    pub format: i64,
    /// As in the cart.
    pub lines: Vec<PricedCartLine>,
    /// What is given.
    pub gift_lines: Vec<PricedGift>,
    /// The order as a whole.
    pub order: PricedOrder,
    /// What store credit and gift cards pay, if the cart names any.
    pub payments: Option<Vec<PricedPayment>>,
    /// In order of application.
    pub applied: Vec<OfferApplied>,
    /// By id: every offer that is not applied, and why.
    pub not_applied: Vec<OfferNotApplied>,
    /// What goes back, if that was asked.
    #[schema(value_type = Option<Vec<Object>>)]
    pub refunds: Option<()>,
    /// There were too many candidates to go through all sets: a better one may have been missed. Absent where it is not so.
    pub search_bounded: Option<bool>,
}

/// A line with its price.
#[derive(ToSchema)]
pub struct PricedCartLine {
    /// Its name in the cart.
    pub line: String,
    /// Unit price × quantity.
    pub list: i64,
    /// After prices were replaced.
    pub base: i64,
    /// The promotion that replaced the price.
    pub price_by: Option<String>,
    /// In order of application.
    pub reductions: Vec<PriceReduction>,
    /// Base less reductions.
    pub payable: i64,
    /// Points of the order that paid for this line.
    pub points_used: i64,
}

/// What was taken off, and by what.
#[derive(ToSchema)]
pub struct PriceReduction {
    /// The id of a promotion or coupon, or `points_cash`.
    pub cause: String,
    /// Above zero.
    pub amount: i64,
}

/// Goods given.
#[derive(ToSchema)]
pub struct PricedGift {
    /// Which goods.
    pub sku: String,
    /// Pieces.
    pub qty: i64,
    /// Of all pieces.
    pub value: i64,
    /// Always 0.
    pub payable: i64,
    /// What gives them.
    pub cause: String,
}

/// The sums of an order.
#[derive(ToSchema)]
pub struct PricedOrder {
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
    pub shipping_reductions: Vec<PriceReduction>,
    /// What shipping costs.
    pub shipping: i64,
    /// Goods and shipping.
    pub total: i64,
    /// By this order, should nothing come back.
    pub points_earned: i64,
    /// What is left to pay after `payments`.
    pub due: Option<i64>,
}

/// What a gift card or store credit pays.
#[derive(ToSchema)]
pub struct PricedPayment {
    /// Its name in the cart.
    pub id: String,
    /// At most what is left of the total.
    pub amount: i64,
}

/// An offer that was applied.
#[derive(ToSchema)]
pub struct OfferApplied {
    /// Which.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// `price`, `line`, `order`, `shop`, `platform` or `shipping`.
    pub step: String,
    /// What it took off; a gift saves nothing.
    pub saving: i64,
}

/// An offer that was not applied, or points that were asked for and did not pay.
#[derive(ToSchema)]
pub struct OfferNotApplied {
    /// Which.
    pub id: String,
    /// The first reason that fits, such as `threshold_not_met`.
    pub code: String,
    /// How much more would do.
    pub missing: Option<OfferMissing>,
    /// The applied one that keeps it out.
    pub excluded_by: Option<String>,
    /// The reason in words.
    pub message: BothLanguages,
}

/// How much more would do.
#[derive(ToSchema)]
pub struct OfferMissing {
    /// Minor units of goods in scope.
    pub amount: Option<i64>,
    /// Pieces in scope.
    pub qty: Option<i64>,
    /// Points.
    pub points: Option<i64>,
}

/// A member's or a guest's cart, priced by the shop's own promotions. All amounts are minor units.
#[derive(ToSchema)]
pub struct ShopCartPriced {
    /// Always 1.
    pub format: i64,
    /// As in the cart.
    pub lines: Vec<PricedCartLine>,
    /// What is given.
    pub gift_lines: Vec<PricedGift>,
    /// The order as a whole.
    pub order: PricedOrder,
    /// What store credit and gift cards pay, if the cart names any.
    pub payments: Option<Vec<PricedPayment>>,
    /// In order of application.
    pub applied: Vec<OfferApplied>,
    /// By id: every promotion and coupon that is not applied, and why.
    pub not_applied: Vec<OfferNotApplied>,
    /// There were too many candidates to go through all sets. Absent where it is not so.
    pub search_bounded: Option<bool>,
    /// When it was priced for.
    #[schema(value_type = String, format = DateTime)]
    pub time: String,
    /// Of all amounts, ISO 4217.
    pub currency: String,
    /// What is known of the member, and was taken; none for a guest.
    pub member: Option<CartMember>,
    /// Whether anybody knows what coupons the member holds. Where not, the cart is priced without any.
    pub coupons_known: bool,
    /// What the promotions that were looked at are called, by id.
    #[schema(value_type = Object)]
    pub promotions: (),
    /// What the member's coupons are called, by id.
    #[schema(value_type = Object)]
    pub coupons: (),
}

/// What of a member a price rests on, as it is now.
#[derive(ToSchema)]
pub struct CartMember {
    /// Never an alias.
    #[schema(example = "mem_01kc…")]
    pub id: String,
    /// The tier held in the programme that the settings name.
    pub tier: Option<String>,
    /// Points free to spend there.
    pub points: i64,
    /// Of the groups that promotions name, those that the member is in.
    pub segments: Vec<String>,
    /// Of these, segments that are being reckoned: the member counts as out of them meanwhile.
    pub segments_unknown: Vec<String>,
    /// How often each promotion, and each template of their coupons, was had that may be had so many times only, by id.
    #[schema(value_type = Object)]
    pub usage: (),
}

/// One sentence in both languages.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BothLanguages {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}
