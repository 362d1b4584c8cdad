//! Orders as JSON: what callers get.

use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::Instant;
use shuke_members::MemberId;
use utoipa::ToSchema;

use super::OrderId;
use super::dto::DiscountDto;
use super::observation::State;
use super::read::{OrderRow, Private};
use super::service::Observed;
use crate::refund::http::RefundDto;
use crate::wire::{External, mask_address, mask_name, mask_phone, maybe, money};

/// What came of an order that was sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderAccepted)]
pub struct Accepted {
    /// The order.
    #[schema(value_type = String, example = "ord_01kc…")]
    pub id: OrderId,
    /// Its name at its source.
    pub external: External,
    /// `created`, `updated` or `unchanged`.
    pub status: String,
    /// The state that it is in now.
    #[schema(value_type = String, example = "paid")]
    pub state: State,
    /// Its net paid; `null` where no document tells.
    pub net_paid: Option<MoneyDto>,
    /// Whose it is.
    #[schema(value_type = Option<String>, example = "mem_01kc…")]
    pub member: Option<MemberId>,
    /// Whether anybody can be named for it.
    pub identified: bool,
}

impl Accepted {
    /// The answer to a statement.
    pub fn of(o: &Observed, external: External) -> Self {
        Self {
            id: o.order,
            external,
            status: o.change.word().to_owned(),
            state: o.state,
            net_paid: maybe(o.net_paid, o.currency),
            member: o.member,
            identified: o.member.is_some(),
        }
    }
}

/// A line of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub struct LineDto {
    /// The order's id and the line's number.
    pub id: String,
    /// Its number in the order, from 1.
    pub line_no: i64,
    /// The source's id of it.
    pub source_line: Option<String>,
    /// Merchant code.
    pub sku: Option<String>,
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
    pub unit_price: Option<MoneyDto>,
    /// Pieces times price.
    pub list: Option<MoneyDto>,
    /// Its part of the goods paid.
    pub paid: Option<MoneyDto>,
    /// Its part of what was given back.
    pub refunded: MoneyDto,
    /// Its state.
    pub state: String,
    /// What it is.
    pub role: String,
    /// An amount of it is inferred.
    pub estimated: bool,
}

/// A receiver, masked.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = Receiver)]
pub struct ReceiverDto {
    /// `张*`.
    pub name_masked: Option<String>,
    /// `138****0000`.
    pub phone_masked: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
    /// Its beginning.
    pub address_masked: Option<String>,
}

/// A state that the order was said to be in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderStep)]
pub struct StepDto {
    /// The state.
    pub state: String,
    /// The platform's word.
    pub platform_status: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Instant>,
    /// What kind of document said so.
    pub source: String,
}

/// An order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderDto {
    /// `ord_…`.
    #[schema(value_type = String, example = "ord_01kc…")]
    pub id: OrderId,
    /// Its name at its source.
    pub external: External,
    /// Its number.
    pub order_no: String,
    /// Platform.
    pub platform: String,
    /// Shop.
    pub shop: Option<String>,
    /// `created`, `paid`, `shipped`, `completed` or `closed`.
    pub state: String,
    /// The platform's word.
    pub platform_status: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Goods at list price.
    pub goods_list: Option<MoneyDto>,
    /// Goods after discounts.
    pub goods_after_discount: Option<MoneyDto>,
    /// Shipping.
    pub shipping: Option<MoneyDto>,
    /// Tax.
    pub tax: Option<MoneyDto>,
    /// Paid in money, shipping included.
    pub paid: Option<MoneyDto>,
    /// Points used as cash.
    pub points_cash: Option<MoneyDto>,
    /// Bonus credit used.
    pub bonus_credit: Option<MoneyDto>,
    /// Deposit.
    pub deposit: Option<MoneyDto>,
    /// Goods paid.
    pub goods_paid: Option<MoneyDto>,
    /// Given back.
    pub refunded: MoneyDto,
    /// Goods paid less goods refunded: what tiers, points and RFM count.
    pub net_paid: Option<MoneyDto>,
    /// By how much the refunds that succeeded exceed what was paid, as far as is known now; absent
    /// where they do not. The order then carries the flag `refund_exceeds_paid`. Only where one order is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_over: Option<MoneyDto>,
    /// What the merchant received.
    pub merchant_received: Option<MoneyDto>,
    /// Each discount with its payer.
    pub discounts: Vec<DiscountDto>,
    /// Placed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Instant>,
    /// Paid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Instant>,
    /// Dispatched.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shipped_at: Option<Instant>,
    /// Delivered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Instant>,
    /// Completed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub completed_at: Option<Instant>,
    /// Closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Instant>,
    /// From when on it is final.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub final_at: Option<Instant>,
    /// When it counts for points and windows: when it was paid; where the source does not tell (flag
    /// `pay_time_unknown`), when it was placed, or never, as the merchant has chosen.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub counts_at: Option<Instant>,
    /// Whose it is.
    #[schema(value_type = Option<String>, example = "mem_01kc…")]
    pub member: Option<MemberId>,
    /// Whether anybody can be named for it.
    pub identified: bool,
    /// Why nobody can be named for it: `platform_told_nobody` (what the platform told has neither buyer nor
    /// receiver), `nobody_told` (the same, not of a platform), `masked` (what was told is masked or enciphered),
    /// `receiver_phone_only` (a receiver's phone proposes and makes no member: tell it as the buyer's phone with
    /// `verified`, or tell an open id, account or own id), `receiver_only` (only the receiver's name, land line or
    /// address), `account_not_proven` (the buyer's phone or e-mail without `verified`), `key_without_member` (no
    /// member carries the key: records from before an erasure make nobody again), `erased`. Absent where there is
    /// a member; only where one order is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "receiver_phone_only")]
    pub unidentified_because: Option<String>,
    /// Whether it was paid: it counts as a purchase.
    pub purchase: bool,
    /// Lines.
    pub lines: Vec<LineDto>,
    /// Receiver, masked.
    pub receiver: ReceiverDto,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// Where it came from.
    pub channel: Option<String>,
    /// Words that stay with it.
    pub flags: Vec<String>,
    /// An amount is inferred.
    pub estimated: bool,
    /// Refunds; only where one order is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunds: Option<Vec<RefundDto>>,
    /// What was said of its state; only where one order is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<Vec<StepDto>>,
}

impl OrderDto {
    /// An order with the masked part of what names people.
    pub fn of(o: OrderRow, private: Option<&Private>) -> Self {
        let c = o.currency;
        let receiver = private.map(|p| &p.receiver);
        let masked =
            |value: Option<&Option<String>>, mask: fn(&str) -> String| value.and_then(Option::as_deref).filter(|v| !v.is_empty()).map(mask);
        let line = |l: super::read::LineRow| LineDto {
            id: format!("{}/{}", o.id, l.line_no),
            line_no: l.line_no,
            source_line: l.source_line,
            sku: l.sku,
            product_id: l.product_id,
            title: l.title,
            spec: l.spec,
            category: l.category,
            quantity: l.quantity,
            unit_price: maybe(l.unit_price, c),
            list: maybe(l.list, c),
            paid: maybe(l.paid, c),
            refunded: money(l.refunded, c),
            state: l.state,
            role: l.role,
            estimated: l.estimated,
        };
        Self {
            id: o.id,
            external: External { source: o.source, id: o.source_id.clone() },
            order_no: o.source_id,
            platform: o.platform,
            shop: o.shop,
            state: o.state,
            platform_status: o.status,
            currency: c.to_string(),
            goods_list: maybe(o.goods_list, c),
            goods_after_discount: maybe(o.goods_after_discount, c),
            shipping: maybe(o.shipping, c),
            tax: maybe(o.tax, c),
            paid: maybe(o.paid, c),
            points_cash: maybe(o.points_cash, c),
            bonus_credit: maybe(o.bonus_credit, c),
            deposit: maybe(o.deposit, c),
            goods_paid: maybe(o.goods_paid, c),
            refunded: money(o.refunded, c),
            net_paid: maybe(o.net_paid, c),
            refund_over: None,
            merchant_received: maybe(o.merchant_received, c),
            discounts: o
                .discounts
                .into_iter()
                .map(|d| DiscountDto { payer: d.payer, amount: money(d.amount, c), name: Some(d.name).filter(|n| !n.is_empty()) })
                .collect(),
            created_at: o.created_at,
            paid_at: o.paid_at,
            shipped_at: o.shipped_at,
            delivered_at: o.delivered_at,
            completed_at: o.completed_at,
            closed_at: o.closed_at,
            final_at: o.final_at,
            counts_at: o.counts_at,
            member: o.member,
            identified: o.member.is_some(),
            unidentified_because: None,
            purchase: o.purchase,
            lines: o.lines.into_iter().map(line).collect(),
            receiver: ReceiverDto {
                name_masked: masked(receiver.map(|r| &r.name), mask_name),
                phone_masked: masked(receiver.map(|r| &r.phone), mask_phone),
                country: o.country,
                province: o.province,
                city: o.city,
                district: o.district,
                address_masked: masked(receiver.map(|r| &r.address), mask_address),
            },
            payment_method: o.payment_method,
            channel: o.channel,
            flags: o.flags,
            estimated: o.estimated,
            refunds: None,
            states: None,
        }
    }
}
