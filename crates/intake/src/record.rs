//! What a file's records mean, whole: the types that loading works with. Amounts are minor units of
//! the record's currency; `None` always means that the file does not tell.

mod parcels;

use serde::Serialize;
use shuke_commerce::weather;
use shuke_kernel::money::allocate;
use shuke_kernel::{Currency, Instant};

use crate::contact::Phone;
use crate::status::State;
pub use parcels::UNSURE;

/// One thing read from a file.
#[derive(Clone, Debug)]
pub enum Canonical {
    /// An order, or one row of it (see [`Part`]).
    Order(Box<OrderRecord>),
    /// A line of an order that another report tells about.
    Item(Box<ItemRecord>),
    /// A refund with a number of its own (a cancellation invoice).
    Refund(Box<RefundRecord>),
    /// A member.
    Member(Box<MemberRecord>),
    /// A product.
    Product(Box<ProductRecord>),
    /// An address that must not be written to.
    Suppression(Box<SuppressionRecord>),
    /// Tags of a member.
    Tag(Box<TagRecord>),
    /// The weather of a day in a region.
    Weather(Box<weather::Said>),
}

/// How much of an order a row tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// One line; the order's amounts are repeated on every row.
    LineRepeated,
    /// One line with its share; the order's amounts are the sums of its rows.
    LineSummed,
    /// A further line of the order above; only the line counts.
    Continuation,
}

/// Who pays for a discount.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The shop.
    Shop,
    /// The platform.
    Platform,
    /// An influencer (达人).
    Influencer,
    /// The file does not tell.
    Unknown,
}

/// A discount.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Discount {
    /// Whose expense.
    pub payer: Payer,
    /// Minor units.
    pub amount: i64,
    /// The column or code it came from.
    pub name: String,
}

/// The buyer's keys as far as the file has them.
#[derive(Clone, Default, Debug)]
pub struct Buyer {
    /// Account name, unmasked: identifies within merchant and platform.
    pub account: Option<String>,
    /// Account name with parts hidden: never a key.
    pub account_masked: Option<String>,
    /// A display name only.
    pub nick: Option<String>,
    /// Payment account (Alipay), whole.
    pub pay_account: Option<String>,
    /// The account's phone as the platform states it.
    pub phone: Option<Phone>,
    /// The account's e-mail.
    pub email: Option<String>,
    /// The platform's open id.
    pub open_id: Option<String>,
    /// The shop system's customer id.
    pub customer_id: Option<String>,
    /// Whether the platform calls the buyer a member.
    pub is_member: Option<bool>,
}

/// The receiver: contact class, proposes at most.
#[derive(Clone, Default, Debug)]
pub struct Receiver {
    /// Name.
    pub name: Option<String>,
    /// Mobile.
    pub phone: Option<Phone>,
    /// Land line.
    pub tel: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
    /// The whole address or the rest of it.
    pub address: Option<String>,
    /// Postcode.
    pub zip: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Any of it is masked.
    pub masked: bool,
    /// It is ciphertext of the platform.
    pub cipher: bool,
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineRole {
    /// Goods.
    #[default]
    Goods,
    /// A gift.
    Gift,
    /// Shipping booked as a line.
    Shipping,
    /// A fee or adjustment booked as a line.
    Fee,
    /// A discount booked as a line.
    Discount,
}

/// A line of an order.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Line {
    /// Sub-order number.
    pub sub_order_no: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Variant.
    pub spec: Option<String>,
    /// Merchant code (SKU).
    pub code: Option<String>,
    /// Code at goods level, or in an outer system.
    pub outer_code: Option<String>,
    /// The platform's goods id.
    pub product_id: Option<String>,
    /// Pieces.
    pub qty: i64,
    /// Price of one piece, in minor units, rounded half up where the source has more places.
    pub unit_price: Option<i64>,
    /// The price as it stands in the file, where it has more places than the currency.
    pub unit_price_exact: Option<String>,
    /// Pieces times price.
    pub list: Option<i64>,
    /// Paid for the line.
    pub paid: Option<i64>,
    /// Refunded of the line.
    pub refund: Option<i64>,
    /// The line's own state.
    pub state: Option<State>,
    /// The line's own after-sale word.
    pub after_sale: Option<String>,
    /// The refund is inferred from words.
    pub estimated: bool,
    /// What it is.
    pub role: LineRole,
}

/// An order.
#[derive(Clone, Default, Debug)]
pub struct OrderRecord {
    /// The platform's number.
    pub order_no: String,
    /// Another number of the same order.
    pub internal_no: Option<String>,
    /// Platform: `taobao`, `jd`, … or what the file's column says.
    pub platform: String,
    /// The shop's id at the platform.
    pub shop_id: Option<String>,
    /// The shop's name.
    pub shop_name: Option<String>,
    /// How much of the order this row tells.
    pub part: Part,
    /// State.
    pub state: Option<State>,
    /// The word says only that the order is on hold: a known state is kept, `state` is from its times.
    pub keeps_last_state: bool,
    /// The platform's word.
    pub platform_status: Option<String>,
    /// The after-sale word.
    pub after_sale: Option<String>,
    /// Why it was closed.
    pub close_reason: Option<String>,
    /// Currency of all amounts.
    pub currency: Option<Currency>,
    /// Goods at list price.
    pub goods_list: Option<i64>,
    /// Goods after discounts.
    pub goods_after_discount: Option<i64>,
    /// The platform's total.
    pub order_total: Option<i64>,
    /// Shipping.
    pub shipping: Option<i64>,
    /// Tax.
    pub tax: Option<i64>,
    /// What the buyer paid, shipping included; 0 while unpaid.
    pub paid: Option<i64>,
    /// What the file states as paid or payable, whether it was paid or not.
    pub paid_stated: Option<i64>,
    /// What went back to the buyer.
    pub refund: Option<i64>,
    /// Paid − shipping − refunded, not below zero.
    pub net_paid: Option<i64>,
    /// What the merchant received.
    pub merchant_received: Option<i64>,
    /// Each discount with its payer.
    pub discounts: Vec<Discount>,
    /// Placed.
    pub created_at: Option<Instant>,
    /// Paid.
    pub paid_at: Option<Instant>,
    /// Dispatched.
    pub shipped_at: Option<Instant>,
    /// Completed.
    pub completed_at: Option<Instant>,
    /// Closed.
    pub closed_at: Option<Instant>,
    /// The day that the order number carries (PDD), where no time is told.
    pub day_in_order_no: Option<Instant>,
    /// The buyer.
    pub buyer: Buyer,
    /// The receiver.
    pub receiver: Receiver,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// The buyer's message.
    pub buyer_memo: Option<String>,
    /// The merchant's note.
    pub seller_memo: Option<String>,
    /// Where it came from.
    pub channel: Option<String>,
    /// Parcel number.
    pub tracking_no: Option<String>,
    /// Carrier.
    pub carrier: Option<String>,
    /// Codes that gave discounts.
    pub discount_code: Option<String>,
    /// All titles in one cell.
    pub titles: Option<String>,
    /// Pieces.
    pub qty_total: Option<i64>,
    /// Lines, as far as this row has them.
    pub lines: Vec<Line>,
    /// A refund or payment was inferred from words.
    pub estimated: bool,
    /// Warnings that stay with the order (test suspect, hold, …).
    pub flags: Vec<&'static str>,
    /// What each row said of its line's refund, where the order's amounts are repeated on every row.
    pub line_facts: Vec<LineFacts>,
    /// The number of the parcel that the row is of, where an order may have several.
    pub parcel: Option<String>,
    /// What tells this row from the order's others whatever its state; 0 where nothing does.
    pub row: u64,
    /// The row came before with an earlier state.
    pub supersedes: bool,
    /// The rows that were added up, where a later one may take the place of one of them.
    pub rows: Vec<OrderRecord>,
}

/// What a row says of its line's refund.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct LineFacts {
    /// Words say that the line was refunded; no amount is told.
    pub refunded_in_words: bool,
    /// The amount on the row.
    pub refund: Option<i64>,
}

/// A line told by an item report.
#[derive(Clone, Default, Debug)]
pub struct ItemRecord {
    /// The order it belongs to.
    pub order_no: String,
    /// Platform.
    pub platform: String,
    /// Its place among the rows of the same order in the file, from 0.
    pub index_in_order: u32,
    /// The state of the line.
    pub state: Option<State>,
    /// The platform's word.
    pub platform_status: Option<String>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Dispatched.
    pub shipped_at: Option<Instant>,
    /// The line.
    pub line: Line,
}

/// A refund with a number of its own.
#[derive(Clone, Default, Debug)]
pub struct RefundRecord {
    /// Its number.
    pub refund_no: String,
    /// Platform.
    pub platform: String,
    /// The order, if the file names it.
    pub order_no: Option<String>,
    /// When.
    pub at: Option<Instant>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Minor units, positive.
    pub amount: i64,
    /// The buyer.
    pub buyer: Buyer,
    /// What came back; quantities positive.
    pub line: Line,
}

/// Consent as a file tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Consent {
    /// The file has no such column or the cell is empty.
    #[default]
    NotTold,
    /// Given.
    Yes,
    /// Refused.
    No,
    /// A word that is not known: counts as no consent.
    Unclear,
}

/// A member.
#[derive(Clone, Default, Debug)]
pub struct MemberRecord {
    /// Platform or system.
    pub platform: String,
    /// The merchant's own id.
    pub own_id: Option<String>,
    /// The shop system's id.
    pub customer_id: Option<String>,
    /// The platform's open id.
    pub open_id: Option<String>,
    /// Account name or nick (identifies only where `account_is_key`).
    pub nick: Option<String>,
    /// The nick is the platform's account name.
    pub account_is_key: bool,
    /// Name.
    pub name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Phone.
    pub phone: Option<Phone>,
    /// E-mail.
    pub email: Option<String>,
    /// Year (0: not told), month, day.
    pub birthday: Option<(i16, i8, i8)>,
    /// The birthday is by the lunar calendar.
    pub birthday_lunar: bool,
    /// `male`, `female`, `other`.
    pub gender: Option<&'static str>,
    /// Tier word.
    pub tier: Option<String>,
    /// Paid tier word.
    pub paid_tier: Option<String>,
    /// Whether it is a member (not only a customer).
    pub is_member: Option<bool>,
    /// Points.
    pub points: Option<i64>,
    /// Growth value.
    pub growth: Option<i64>,
    /// Orders.
    pub orders: Option<i64>,
    /// Spent, minor units.
    pub spent: Option<i64>,
    /// Refunded, minor units.
    pub refunded: Option<i64>,
    /// Store credit, minor units.
    pub balance: Option<i64>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Last order.
    pub last_order_at: Option<Instant>,
    /// Joined.
    pub joined_at: Option<Instant>,
    /// Member since.
    pub member_since: Option<Instant>,
    /// Tags and groups.
    pub tags: Vec<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
    /// Where from.
    pub source: Option<String>,
    /// Consent to e-mail.
    pub consent_email: Consent,
    /// Consent to SMS.
    pub consent_sms: Consent,
    /// Note.
    pub note: Option<String>,
    /// Shop.
    pub shop_name: Option<String>,
    /// Under fourteen at the time of reading.
    pub minor: bool,
}

/// A product.
#[derive(Clone, Default, Debug)]
pub struct ProductRecord {
    /// Code.
    pub sku: String,
    /// The platform's goods id.
    pub product_id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Variant.
    pub spec: Option<String>,
    /// Category path.
    pub category: Vec<String>,
    /// Brand.
    pub brand: Option<String>,
    /// List price.
    pub price: Option<i64>,
    /// Cost.
    pub cost: Option<i64>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Stock.
    pub stock: Option<i64>,
    /// Bar code.
    pub barcode: Option<String>,
}

/// An address that must not be written to.
#[derive(Clone, Debug)]
pub struct SuppressionRecord {
    /// `sms` or `email`.
    pub channel: &'static str,
    /// Phone or e-mail.
    pub value: String,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub at: Option<Instant>,
}

/// Tags of a member who is there already.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct TagRecord {
    /// The platform of its ids, where the file tells it.
    pub platform: Option<String>,
    /// The merchant's own id or card number.
    pub own_id: Option<String>,
    /// A platform's id of the person.
    pub open_id: Option<String>,
    /// An account name.
    pub account: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Which tags.
    pub tags: Vec<String>,
    /// Their category.
    pub category: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// How sure or how strong, in millionths.
    pub score: Option<i64>,
    /// Until when it holds.
    pub valid_until: Option<Instant>,
}

fn add(into: &mut Option<i64>, more: Option<i64>) {
    if let Some(m) = more {
        *into = Some(into.unwrap_or(0).saturating_add(m));
    }
}

fn add_discounts(into: &mut Vec<Discount>, more: &[Discount]) {
    for d in more {
        match into.iter_mut().find(|e| e.payer == d.payer && e.name == d.name) {
            Some(e) => e.amount = e.amount.saturating_add(d.amount),
            None => into.push(d.clone()),
        }
    }
}

impl OrderRecord {
    /// Adds a further row of the same order. One that supersedes another takes its place.
    pub fn merge(&mut self, other: OrderRecord) {
        if !matches!(other.part, Part::LineRepeated | Part::LineSummed) {
            return self.add(&other);
        }
        if self.rows.is_empty() {
            self.rows.push(self.clone());
        }
        let place = other.supersedes.then(|| self.rows.iter().position(|r| r.row == other.row)).flatten();
        let Some(place) = place else {
            self.add(&other);
            self.rows.push(other);
            return self.settle_parcels();
        };
        let mut rows = std::mem::take(&mut self.rows);
        rows[place] = other;
        *self = rows[0].clone();
        self.rows = rows.drain(..1).collect();
        for row in rows {
            self.add(&row);
            self.rows.push(row);
        }
        self.settle_parcels();
    }

    /// Refunds of single lines, where the order's amounts are repeated on every row: words give back
    /// the named line's share of what was paid for goods, amounts that differ are the lines' own.
    pub fn settle_lines(&mut self) {
        if self.line_facts.is_empty() || self.line_facts.len() != self.lines.len() {
            return;
        }
        let (facts, paid) = (&self.line_facts, self.paid.unwrap_or(0));
        let first = facts[0].refund;
        let own = facts.iter().any(|f| f.refund != first);
        let told = if own { facts.iter().filter_map(|f| f.refund).fold(0, i64::saturating_add) } else { first.unwrap_or(0) };
        if own {
            self.refund = Some(told);
            for (line, fact) in self.lines.iter_mut().zip(facts) {
                line.refund = fact.refund;
            }
        } else if told == 0 && facts.iter().any(|f| f.refunded_in_words) {
            let all = facts.iter().all(|f| f.refunded_in_words);
            let weights: Vec<i64> = self.lines.iter().map(|l| l.paid.or(l.list).unwrap_or(l.qty)).collect();
            let shares = allocate((paid - self.shipping.unwrap_or(0)).max(0), &weights);
            let mut back = 0_i64;
            for ((line, fact), share) in self.lines.iter_mut().zip(facts).zip(shares) {
                line.refund = Some(if fact.refunded_in_words { share } else { 0 });
                line.estimated = fact.refunded_in_words;
                back = back.saturating_add(line.refund.unwrap_or(0));
            }
            self.refund = Some(if all { paid } else { back });
            self.estimated = true;
        }
        if self.net_paid.is_some() {
            self.net_paid = self.net();
        }
    }

    fn add(&mut self, other: &OrderRecord) {
        match other.part {
            Part::Whole => return,
            Part::Continuation => {}
            Part::LineRepeated => {
                if let (Some(a), Some(b)) = (self.goods_list, other.goods_list) {
                    self.goods_list = Some(a.saturating_add(b));
                }
                // What one row says was paid, another one that was cancelled does not unsay.
                if self.paid.unwrap_or(0) == 0 && other.paid.is_some_and(|p| p > 0) {
                    self.paid = other.paid;
                    self.net_paid = other.net_paid;
                }
                self.advance(other);
            }
            Part::LineSummed => {
                add(&mut self.goods_list, other.goods_list);
                add(&mut self.goods_after_discount, other.goods_after_discount);
                add(&mut self.order_total, other.order_total);
                add(&mut self.shipping, other.shipping);
                add(&mut self.paid, other.paid);
                add(&mut self.paid_stated, other.paid_stated);
                add(&mut self.refund, other.refund);
                // Each row's own net counts, so that the shipping of a refunded row is not taken off twice.
                add(&mut self.net_paid, other.net_paid);
                add(&mut self.merchant_received, other.merchant_received);
                add(&mut self.qty_total, other.qty_total);
                add_discounts(&mut self.discounts, &other.discounts);
                self.advance(other);
            }
        }
        if let (Part::Continuation, Some(list)) = (other.part, lines_list(&other.lines)) {
            add(&mut self.goods_list, Some(list));
        }
        self.estimated |= other.estimated;
        self.add_lines(other);
        self.settle_lines();
    }

    /// The order is as far as its least advanced live line.
    fn advance(&mut self, other: &OrderRecord) {
        self.state = match (self.state, other.state) {
            (Some(State::Closed), s) | (s, Some(State::Closed)) => s,
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if self.state == other.state && self.state != Some(State::Closed) && other.platform_status.is_some() {
            self.platform_status.clone_from(&other.platform_status);
        }
        self.shipped_at = self.shipped_at.max(other.shipped_at);
        self.completed_at = self.completed_at.max(other.completed_at);
    }

    /// Paid − shipping − refunded, not below zero, where both are told.
    pub fn net(&self) -> Option<i64> {
        let paid = self.paid?;
        let refund = self.refund?;
        Some((paid - self.shipping.unwrap_or(0) - refund).max(0).min(paid))
    }
}

/// The list value of lines, if all of them tell it.
pub fn lines_list(lines: &[Line]) -> Option<i64> {
    if lines.is_empty() {
        return None;
    }
    lines.iter().try_fold(0_i64, |sum, l| sum.checked_add(l.list?))
}
