//! Orders as JSON: what callers send. What they get is in [`super::view`].

use serde::{Deserialize, Serialize};
use shuke_http::{MoneyDto, Problem};
use shuke_kernel::{Ctx, Instant};
use utoipa::ToSchema;

use super::observation::{BuyerKey, Discount, Doc, LineSaid, Observation, Payer, Receiver, Role, State};
use crate::wire::{Amounts, External, word};

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
        let parts = paid.or_else(|| Some(deposit?.saturating_add(balance?)));
        let discounts = self.discounts.map(|d| discounts(&mut amounts, "discounts", d)).transpose()?;
        let lines_whole = self.lines.is_some();
        let lines =
            self.lines.unwrap_or_default().into_iter().enumerate().map(|(i, l)| line(&mut amounts, i, l)).collect::<Result<Vec<_>, _>>()?;
        let back = lines.iter().filter_map(|l| l.refunded).fold(0, i64::saturating_add).max(refunded.unwrap_or(0));
        if parts.is_some_and(|paid| paid >= 0 && back > paid) {
            let field = if refunded.is_some_and(|r| r == back) { "refunded" } else { "lines" };
            return Err(super::check::REFUND_EXCEEDS.at(field).into());
        }
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

/// The state of that word in a query.
pub fn state_word(text: &str) -> Result<State, Problem> {
    word("state", text)
}
