//! What a shop offers and who its members are: `promotions.json` as types. Every amount is in minor
//! units of [`Offers::currency`]; an absent limit is none.

use std::collections::BTreeMap;

use shuke_kernel::{Currency, Instant, Zone};

use crate::coupons::{Member, Template};
use crate::rate::Rate;

/// The promotions of a shop, its coupon templates, its settings and the members that matter.
#[derive(Clone, Debug)]
pub struct Offers {
    /// Of all amounts.
    pub currency: Currency,
    /// In which calendars are reckoned.
    pub zone: Zone,
    /// Limits, points, lowest prices.
    pub settings: Settings,
    /// In any order: the answer does not depend on it.
    pub promotions: Vec<Promotion>,
    /// What held coupons are of.
    pub templates: Vec<Template>,
    /// By id.
    pub members: BTreeMap<String, Member>,
}

/// What holds for every order.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Most coupons an order by [`Issuer`], and of free shipping.
    pub max_coupons: MaxCoupons,
    /// How points pay, if they do.
    pub points_cash: Option<PointsCash>,
    /// How points are earned, if they are.
    pub earn: Option<Earn>,
    /// The lowest amount that a piece of a sku may cost.
    pub floors: BTreeMap<String, i64>,
}

/// The most coupons of each sort in one order.
#[derive(Clone, Copy, Debug)]
pub struct MaxCoupons {
    /// Issued by the shop.
    pub shop: i64,
    /// Issued by the platform.
    pub platform: i64,
    /// Free shipping, whoever issued it.
    pub shipping: i64,
}

/// `points` points buy `fen`, in whole units.
#[derive(Clone, Copy, Debug)]
pub struct PointsCash {
    /// Of one unit; above zero.
    pub points: i64,
    /// What a unit buys; above zero.
    pub fen: i64,
    /// The most of the goods that points may pay.
    pub max_share: Rate,
    /// The most in money.
    pub max_fen: Option<i64>,
    /// Goods must come to this.
    pub min_goods: i64,
}

/// `points` for every `per_fen` of goods, rounded down by the order.
#[derive(Clone, Copy, Debug)]
pub struct Earn {
    /// Points.
    pub points: i64,
    /// Above zero.
    pub per_fen: i64,
}

/// Whether others of the same group may be applied beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exclusive {
    /// They may.
    None,
    /// Not in the same order.
    Order,
    /// Not on the same line.
    Line,
}

/// What promotions and templates have in common: when, for whom, how often, from what amount on.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Higher first.
    pub priority: i64,
    /// Whose members may exclude each other.
    pub group: Option<String>,
    /// How.
    pub exclusive: Exclusive,
    /// Not before.
    pub from: Option<Instant>,
    /// No longer at this instant.
    pub to: Option<Instant>,
    /// On which days, at which hours.
    pub calendar: Calendar,
    /// Guests are left out.
    pub members_only: bool,
    /// Any of these tiers.
    pub tiers: Option<Vec<String>>,
    /// Any of these segments.
    pub segments: Option<Vec<String>>,
    /// Times (units of a flash price) that a member may have it.
    pub per_member: Option<i64>,
    /// Times (units of a flash price) that are left of it.
    pub quota_left: Option<i64>,
    /// Of the lines in scope, at the start of its step.
    pub min_amount: i64,
    /// Pieces of the lines in scope.
    pub min_qty: i64,
    /// Of the whole cart.
    pub max_weight_g: Option<i64>,
    /// Which lines.
    pub scope: Scope,
}

/// Days and hours in the shop's zone; what is absent admits every time.
#[derive(Clone, Default, Debug)]
pub struct Calendar {
    /// 1 is Monday.
    pub weekdays: Option<Vec<i64>>,
    /// 1 to 31.
    pub month_days: Option<Vec<i64>>,
    /// Minutes of the day, half open; a span whose end is not after its beginning goes past midnight.
    pub hours: Option<(i64, i64)>,
}

/// Which lines of a cart are meant.
#[derive(Clone, Default, Debug)]
pub struct Scope {
    /// These goods.
    pub skus: Option<Vec<String>>,
    /// Goods in these categories and below.
    pub categories: Option<Vec<String>>,
    /// But not these.
    pub exclude_skus: Vec<String>,
    /// Nor those in these categories.
    pub exclude_categories: Vec<String>,
    /// Nor lines whose price was replaced by one of these.
    pub not_replaced_by: Vec<Replacement>,
}

/// What replaces a line's price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replacement {
    /// 会员价
    MemberPrice,
    /// 限时抢购价
    FlashPrice,
}

/// A promotion: it applies by itself.
#[derive(Clone, Debug)]
pub struct Promotion {
    /// The cause that reductions name.
    pub id: String,
    /// When, for whom, from what on.
    pub terms: Terms,
    /// What it does.
    pub rule: Rule,
}

/// What a promotion does.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Another price for members and goods.
    MemberPrice(Vec<PriceItem>),
    /// Another price for so many units.
    FlashPrice(Vec<PriceItem>),
    /// A share of each line.
    PercentOff(Percent),
    /// An amount off each line or piece.
    AmountOff {
        /// Minor units.
        amount: i64,
        /// Of each piece, or of each line.
        per: Per,
    },
    /// Each n-th piece at a share of its price.
    NthItem(NthItem),
    /// Sets of goods for a price.
    BundlePrice(Bundle),
    /// 满减, 满折
    Stepped(Stepped),
    /// Goods for nothing.
    Gift(Vec<Gift>),
    /// The fee, at most `cap`.
    FreeShipping {
        /// Most taken off.
        cap: Option<i64>,
    },
}

/// A share that is paid, and the most that is taken off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Percent {
    /// Paid.
    pub pay_rate: Rate,
    /// Most taken off.
    pub cap: Option<i64>,
}

/// The price of a sku.
#[derive(Clone, Debug)]
pub struct PriceItem {
    /// Of which goods.
    pub sku: String,
    /// Of one piece.
    pub price: i64,
    /// Units left at that price (flash prices).
    pub quota_left: Option<i64>,
}

/// What an amount is taken off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Per {
    /// Each piece.
    Unit,
    /// Each line.
    Line,
}

/// 第 N 件
#[derive(Clone, Debug)]
pub struct NthItem {
    /// At least 2.
    pub n: i64,
    /// What each n-th piece pays.
    pub pay_rate: Rate,
    /// Counted over each sku by itself, not over the whole scope.
    pub by_sku: bool,
    /// Or once only.
    pub repeat: bool,
}

/// 套餐
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The goods of one set, each sku once.
    pub items: Vec<(String, i64)>,
    /// Of one set.
    pub price: i64,
    /// Most sets.
    pub max_sets: Option<i64>,
}

/// Steps by amount or by pieces.
#[derive(Clone, Debug)]
pub struct Stepped {
    /// Thresholds are pieces, not amounts.
    pub by_qty: bool,
    /// Ascending.
    pub steps: Vec<Step>,
    /// Once per multiple of the one step.
    pub repeat: bool,
    /// Most times.
    pub max_times: Option<i64>,
}

/// One step: from `from` on.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// An amount, or pieces.
    pub from: i64,
    /// What it gives.
    pub off: StepOff,
}

/// What a step gives.
#[derive(Clone, Copy, Debug)]
pub enum StepOff {
    /// 减
    Amount(i64),
    /// 折
    Percent(Percent),
}

/// Goods given.
#[derive(Clone, Debug)]
pub struct Gift {
    /// Which.
    pub sku: String,
    /// Pieces.
    pub qty: i64,
    /// Of one piece.
    pub value: i64,
    /// Pieces left.
    pub stock_left: Option<i64>,
}

impl Rule {
    /// The kind's word in the format.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::MemberPrice(_) => "member_price",
            Self::FlashPrice(_) => "flash_price",
            Self::PercentOff(_) => "percent_off",
            Self::AmountOff { .. } => "amount_off",
            Self::NthItem(_) => "nth_item",
            Self::BundlePrice(_) => "bundle_price",
            Self::Stepped(_) => "stepped_threshold",
            Self::Gift(_) => "gift",
            Self::FreeShipping { .. } => "free_shipping",
        }
    }
}
