//! Orders and lines as the store keeps them.

use shuke_kernel::{Currency, Instant, Result};
use shuke_members::MemberId;
use shuke_store::Row;

use crate::order::OrderId;
use crate::order::counted::counts_at;
use crate::order::observation::Discount;
use crate::order::state::{OrderState, PayTime};

/// An order's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderRow {
    /// When it counts for points and windows.
    pub counts_at: Option<Instant>,
    /// Its id.
    pub id: OrderId,
    /// Its source.
    pub source: String,
    /// Its number there.
    pub source_id: String,
    /// Platform.
    pub platform: String,
    /// Shop.
    pub shop: Option<String>,
    /// State's word.
    pub state: String,
    /// The platform's word.
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
    /// Paid, shipping included.
    pub paid: Option<i64>,
    /// Points used as cash.
    pub points_cash: Option<i64>,
    /// Bonus credit.
    pub bonus_credit: Option<i64>,
    /// Deposit.
    pub deposit: Option<i64>,
    /// Goods paid.
    pub goods_paid: Option<i64>,
    /// Given back.
    pub refunded: i64,
    /// Net paid.
    pub net_paid: Option<i64>,
    /// What the merchant received.
    pub merchant_received: Option<i64>,
    /// Discounts.
    pub discounts: Vec<Discount>,
    /// When it was placed, for sorting.
    pub placed_at: Instant,
    /// Times as told.
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
    /// Final.
    pub final_at: Option<Instant>,
    /// Whose.
    pub member: Option<MemberId>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// Where it came from.
    pub channel: Option<String>,
    /// Pieces.
    pub quantity: Option<i64>,
    /// It counts as a purchase.
    pub purchase: bool,
    /// An amount is inferred.
    pub estimated: bool,
    /// Words that stay with it.
    pub flags: Vec<String>,
    /// When it last changed here.
    pub updated_at: Instant,
    /// Lines.
    pub lines: Vec<LineRow>,
}

/// A line's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineRow {
    /// Its number in the order, from 1.
    pub line_no: i64,
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
    /// Discounts together.
    pub discount: Option<i64>,
    /// Its part of the goods paid.
    pub paid: Option<i64>,
    /// Its part of what was given back.
    pub refunded: i64,
    /// State's word.
    pub state: String,
    /// What it is.
    pub role: String,
    /// An amount is inferred.
    pub estimated: bool,
}

pub(super) fn order_row(mut r: Row, pay_time: PayTime) -> Result<OrderRow> {
    let discounts: Option<String> = r.get(20)?;
    let flags: Option<String> = r.get(39)?;
    let (purchase, created_at, paid_at) = (r.get(37)?, r.get(22)?, r.get(23)?);
    Ok(OrderRow {
        counts_at: counts_at(pay_time, purchase, paid_at, created_at),
        id: r.get(0)?,
        source: r.get(1)?,
        source_id: r.get(2)?,
        platform: r.get(3)?,
        shop: r.get(4)?,
        state: r.get(5)?,
        status: r.get(6)?,
        currency: r.get(7)?,
        goods_list: r.get(8)?,
        goods_after_discount: r.get(9)?,
        shipping: r.get(10)?,
        tax: r.get(11)?,
        paid: r.get(12)?,
        points_cash: r.get(13)?,
        bonus_credit: r.get(14)?,
        deposit: r.get(15)?,
        goods_paid: r.get(16)?,
        refunded: r.get(17)?,
        net_paid: r.get(18)?,
        merchant_received: r.get(19)?,
        discounts: discounts.map_or(Ok(Vec::new()), |d| serde_json::from_str(&d))?,
        placed_at: r.get(21)?,
        created_at,
        paid_at,
        shipped_at: r.get(24)?,
        delivered_at: r.get(25)?,
        completed_at: r.get(26)?,
        closed_at: r.get(27)?,
        final_at: r.get(28)?,
        member: r.get(29)?,
        country: r.get(30)?,
        province: r.get(31)?,
        city: r.get(32)?,
        district: r.get(33)?,
        payment_method: r.get(34)?,
        channel: r.get(35)?,
        quantity: r.get(36)?,
        purchase,
        estimated: r.get(38)?,
        flags: flags.map(|f| f.split(' ').map(str::to_owned).collect()).unwrap_or_default(),
        updated_at: r.get(40)?,
        lines: Vec::new(),
    })
}

impl OrderRow {
    /// Whether the rows say what the fold says.
    pub(in crate::order) fn agrees(&self, f: &OrderState) -> bool {
        let amounts = |o: &OrderRow| {
            [
                o.goods_list,
                o.goods_after_discount,
                o.shipping,
                o.tax,
                o.paid,
                o.points_cash,
                o.bonus_credit,
                o.deposit,
                o.goods_paid,
                o.net_paid,
                o.merchant_received,
                Some(o.refunded),
            ]
        };
        let folded = [
            f.goods_list,
            f.goods_after_discount,
            f.shipping,
            f.tax,
            f.paid,
            f.points_cash,
            f.bonus_credit,
            f.deposit,
            f.goods_paid,
            f.net_paid,
            f.merchant_received,
            Some(f.refunded),
        ];
        let times = [
            self.created_at,
            self.paid_at,
            self.shipped_at,
            self.delivered_at,
            self.completed_at,
            self.closed_at,
            self.final_at,
            self.counts_at,
            Some(self.placed_at),
        ];
        let told = [
            f.created_at,
            f.paid_at,
            f.shipped_at,
            f.delivered_at,
            f.completed_at,
            f.closed_at,
            f.final_at,
            f.counts_at,
            Some(f.placed_at),
        ];
        let lines = self.lines.len() == f.lines.len()
            && self.lines.iter().zip(&f.lines).all(|(a, b)| {
                (&a.sku, &a.title, a.quantity, a.list, a.paid, a.refunded, a.estimated)
                    == (&b.sku, &b.title, b.quantity, b.list, b.paid, b.refunded, b.estimated)
                    && b.state.is_some_and(|s| s.word() == a.state)
            });
        self.state == f.state.word()
            && self.platform == f.platform
            && self.shop == f.shop
            && self.currency == f.currency
            && amounts(self) == folded
            && times == told
            && self.discounts == f.discounts
            && self.flags == f.flags
            && (self.purchase, self.estimated) == (f.purchase, f.estimated)
            && lines
    }
}
