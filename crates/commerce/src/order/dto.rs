//! Orders as JSON: what callers send and what they get.

use serde::{Deserialize, Serialize};
use shuke_http::{MoneyDto, Problem};
use shuke_kernel::{Ctx, Instant};
use shuke_members::MemberId;
use utoipa::ToSchema;

use super::observation::{BuyerKey, Discount, Doc, LineSaid, Observation, Payer, Receiver, Role, State};
use super::read::{OrderRow, Private};
use super::service::Observed;
use super::OrderId;
use crate::refund::http::RefundDto;
use crate::wire::{Amounts, External, mask_address, mask_name, mask_phone, maybe, money, word};

/// A discount with who pays for it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Discount)]
pub struct DiscountDto {
    /// `shop`, `platform`, `supplier`, `influencer`, `payment` or `unknown`.
    #[schema(value_type = String, example = "platform")]
    pub payer: Payer,
    /// How much.
    pub amount: MoneyDto,
    /// What it was called.
    #[schema(max_length = 200)]
    pub name: Option<String>,
}

/// A key of the buyer.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BuyerKey)]
pub struct KeyDto {
    /// `own_id`, `open_id`, `union_id`, `phone`, `email`, `account_name`, `card`.
    #[schema(example = "phone")]
    pub kind: String,
    /// Where the value means something: `platform:app` for open ids, the platform for account names.
    #[schema(max_length = 200)]
    pub namespace: Option<String>,
    /// The value.
    #[schema(min_length = 1, max_length = 400)]
    pub value: String,
    /// Proven by you, or stated by the platform as the account's. A phone that is not is a contact.
    #[serde(default)]
    pub verified: bool,
}

impl From<KeyDto> for BuyerKey {
    fn from(k: KeyDto) -> Self {
        Self { kind: k.kind, namespace: k.namespace.unwrap_or_default(), value: k.value, verified: k.verified }
    }
}

/// Who bought.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Buyer)]
pub struct BuyerDto {
    /// Their keys.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub keys: Vec<KeyDto>,
    /// What the source calls them, for display.
    #[schema(max_length = 200)]
    pub nick: Option<String>,
}

/// Who gets the parcel. Contacts only propose members, they never make one.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReceiverInput)]
pub struct ReceiverInput {
    /// Name.
    pub name: Option<String>,
    /// Mobile.
    pub phone: Option<String>,
    /// Land line.
    pub tel: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
    /// The rest of the address.
    pub address: Option<String>,
    /// Postcode.
    pub zip: Option<String>,
}

/// A line of an order.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrderLineInput)]
pub struct LineInput {
    /// Your id of the line, such as a sub-order number.
    pub id: Option<String>,
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
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
    /// Price of one.
    pub unit_price: Option<MoneyDto>,
    /// Pieces times price.
    pub list: Option<MoneyDto>,
    /// Its discounts and its shares of the order's.
    #[serde(default)]
    pub discounts: Vec<DiscountDto>,
    /// Paid for the line; what is absent is shared from the order's by largest remainder.
    pub paid: Option<MoneyDto>,
    /// Given back of the line.
    pub refunded: Option<MoneyDto>,
    /// Its own state; absent: the order's.
    #[schema(value_type = Option<String>, example = "shipped")]
    pub state: Option<State>,
    /// `goods` (default), `gift`, `shipping`, `fee` or `discount`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "goods")]
    pub role: Role,
    /// When it was dispatched.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shipped_at: Option<Instant>,
    /// When it was completed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub completed_at: Option<Instant>,
}

/// An order as you know it. What is absent is not told and leaves what is known.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrderInput)]
pub struct OrderInput {
    /// The order's name at its source. In a path it need not be repeated.
    pub external: Option<External>,
    /// `taobao`, `jd`, `own` …; absent: the source.
    #[schema(max_length = 60)]
    pub platform: Option<String>,
    /// The shop: `shp_…`, or its name.
    #[schema(max_length = 200)]
    pub shop: Option<String>,
    /// `created`, `paid`, `shipped`, `completed` or `closed`.
    #[schema(value_type = Option<String>, example = "paid")]
    pub state: Option<State>,
    /// The platform's own word for it.
    #[schema(max_length = 200)]
    pub platform_status: Option<String>,
    /// When the source last changed the order. It decides which of two statements is newer; without
    /// it the later one is, but the state never goes back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Instant>,
    /// ISO 4217, if no amount tells it.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    /// Goods at list price.
    pub goods_list: Option<MoneyDto>,
    /// Goods after discounts, without shipping.
    pub goods_after_discount: Option<MoneyDto>,
    /// Shipping that the buyer pays.
    pub shipping: Option<MoneyDto>,
    /// Tax.
    pub tax: Option<MoneyDto>,
    /// Money that the buyer paid, shipping included, points and bonus credit not; 0 while unpaid.
    pub paid: Option<MoneyDto>,
    /// Points used as cash.
    pub points_cash: Option<MoneyDto>,
    /// Bonus credit used.
    pub bonus_credit: Option<MoneyDto>,
    /// The deposit (定金) of a pre-sale.
    pub deposit: Option<MoneyDto>,
    /// The final payment (尾款) of a pre-sale.
    pub balance: Option<MoneyDto>,
    /// Given back in all. Refunds with numbers are better sent as refunds.
    pub refunded: Option<MoneyDto>,
    /// What the merchant received.
    pub merchant_received: Option<MoneyDto>,
    /// All discounts of the order.
    pub discounts: Option<Vec<DiscountDto>>,
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
    /// Who bought; absent: nobody is named.
    pub buyer: Option<BuyerDto>,
    /// Who gets the parcel.
    pub receiver: Option<ReceiverInput>,
    /// How it was paid.
    #[schema(max_length = 200)]
    pub payment_method: Option<String>,
    /// Where it came from.
    #[schema(max_length = 200)]
    pub channel: Option<String>,
    /// Codes that gave discounts.
    #[schema(max_length = 500)]
    pub discount_code: Option<String>,
    /// Why it was closed.
    #[schema(max_length = 500)]
    pub close_reason: Option<String>,
    /// Carrier.
    #[schema(max_length = 200)]
    pub carrier: Option<String>,
    /// Parcel number.
    #[schema(max_length = 500)]
    pub tracking_no: Option<String>,
    /// Pieces in all.
    #[schema(minimum = 0)]
    pub quantity: Option<i64>,
    /// The buyer's message.
    #[schema(max_length = 4000)]
    pub buyer_memo: Option<String>,
    /// Your note.
    #[schema(max_length = 4000)]
    pub seller_memo: Option<String>,
    /// Words that stay with the order.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub flags: Vec<String>,
    /// All lines that the order has; absent: not told.
    #[schema(max_items = 1000)]
    pub lines: Option<Vec<LineInput>>,
}

fn discounts(amounts: &mut Amounts, field: &str, list: Vec<DiscountDto>) -> Result<Vec<Discount>, Problem> {
    let read = |(i, d): (usize, DiscountDto)| {
        let amount = amounts.read(&format!("{field}[{i}].amount"), Some(&d.amount))?.unwrap_or(0);
        Ok(Discount { payer: d.payer, name: d.name.unwrap_or_default(), amount })
    };
    list.into_iter().enumerate().map(read).collect()
}

fn line(amounts: &mut Amounts, i: usize, l: LineInput) -> Result<LineSaid, Problem> {
    let at = |field: &str| format!("lines[{i}].{field}");
    Ok(LineSaid {
        id: l.id,
        ordinal: i as u32,
        sku: l.sku,
        product_id: l.product_id,
        title: l.title,
        spec: l.spec,
        category: l.category,
        quantity: l.quantity,
        unit_price: amounts.read(&at("unit_price"), l.unit_price.as_ref())?,
        list: amounts.read(&at("list"), l.list.as_ref())?,
        discounts: discounts(amounts, &at("discounts"), l.discounts)?,
        paid: amounts.read(&at("paid"), l.paid.as_ref())?,
        refunded: amounts.read(&at("refunded"), l.refunded.as_ref())?,
        state: l.state,
        role: l.role,
        shipped_at: l.shipped_at,
        completed_at: l.completed_at,
        ..LineSaid::default()
    })
}

impl OrderInput {
    /// The statement that it makes about the order of that name.
    pub fn observation(self, cx: &Ctx, name: External) -> Result<Observation, Problem> {
        let mut amounts = Amounts::of(self.currency.as_deref())?;
        let mut read = |field: &str, m: &Option<MoneyDto>| amounts.read(field, m.as_ref());
        let goods_list = read("goods_list", &self.goods_list)?;
        let goods_after_discount = read("goods_after_discount", &self.goods_after_discount)?;
        let shipping = read("shipping", &self.shipping)?;
        let tax = read("tax", &self.tax)?;
        let paid = read("paid", &self.paid)?;
        let points_cash = read("points_cash", &self.points_cash)?;
        let bonus_credit = read("bonus_credit", &self.bonus_credit)?;
        let deposit = read("deposit", &self.deposit)?;
        let balance = read("balance", &self.balance)?;
        let refunded = read("refunded", &self.refunded)?;
        let merchant_received = read("merchant_received", &self.merchant_received)?;
        let discounts = self.discounts.map(|d| discounts(&mut amounts, "discounts", d)).transpose()?;
        let lines_whole = self.lines.is_some();
        let lines = self.lines.unwrap_or_default().into_iter().enumerate().map(|(i, l)| line(&mut amounts, i, l)).collect::<Result<Vec<_>, _>>()?;
        let buyer = self.buyer.unwrap_or_default();
        let receiver = self.receiver.map(|r| Receiver {
            name: r.name,
            phone: r.phone,
            tel: r.tel,
            country: r.country,
            province: r.province,
            city: r.city,
            district: r.district,
            address: r.address,
            zip: r.zip,
        });
        Ok(Observation {
            source: name.source,
            source_id: name.id,
            heard: if self.updated_at.is_none() { Some(cx.now) } else { None },
            doc: Doc::Api,
            source_time: self.updated_at,
            platform: self.platform,
            shop: self.shop,
            state: self.state,
            platform_status: self.platform_status,
            currency: amounts.currency,
            goods_list,
            goods_after_discount,
            shipping,
            tax,
            paid,
            points_cash,
            bonus_credit,
            deposit,
            balance,
            refunded,
            merchant_received,
            discounts,
            created_at: self.created_at,
            paid_at: self.paid_at,
            shipped_at: self.shipped_at,
            delivered_at: self.delivered_at,
            completed_at: self.completed_at,
            closed_at: self.closed_at,
            payment_method: self.payment_method,
            channel: self.channel,
            discount_code: self.discount_code,
            close_reason: self.close_reason,
            carrier: self.carrier,
            tracking_no: self.tracking_no,
            quantity: self.quantity,
            buyer: buyer.keys.into_iter().map(BuyerKey::from).collect(),
            buyer_nick: buyer.nick,
            receiver,
            buyer_memo: self.buyer_memo,
            seller_memo: self.seller_memo,
            flags: self.flags,
            lines,
            lines_whole,
            ..Observation::default()
        })
    }
}

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
    /// Whose it is.
    #[schema(value_type = Option<String>, example = "mem_01kc…")]
    pub member: Option<MemberId>,
    /// Whether anybody can be named for it.
    pub identified: bool,
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
        let masked = |value: Option<&Option<String>>, mask: fn(&str) -> String| value.and_then(Option::as_deref).filter(|v| !v.is_empty()).map(mask);
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
            merchant_received: maybe(o.merchant_received, c),
            discounts: o.discounts.into_iter().map(|d| DiscountDto { payer: d.payer, amount: money(d.amount, c), name: Some(d.name).filter(|n| !n.is_empty()) }).collect(),
            created_at: o.created_at,
            paid_at: o.paid_at,
            shipped_at: o.shipped_at,
            delivered_at: o.delivered_at,
            completed_at: o.completed_at,
            closed_at: o.closed_at,
            final_at: o.final_at,
            member: o.member,
            identified: o.member.is_some(),
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

/// The state of that word in a query.
pub fn state_word(text: &str) -> Result<State, Problem> {
    word("state", text)
}
