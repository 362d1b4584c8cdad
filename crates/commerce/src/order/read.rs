//! Reading orders: rows as the store keeps them, and the private part that is opened only for whom
//! it is shown to.

use std::collections::HashMap;

use shuke_kernel::{Code, Ctx, Currency, Instant, Kind, Result};
use shuke_members::MemberId;
use shuke_store::{Row, Tx, args};

use super::OrderId;
use super::counted::counts_at;
use super::fold::fold;
use super::number::Limits;
use super::observation::{Discount, Receiver, State};
use super::service::{statements, terms};
use super::state::{OrderState, PayTime};
use super::unnamed::Unnamed;
use crate::observed::Entries;

/// There is no such order.
pub static NOT_FOUND: Code =
    Code { code: "order.not_found", kind: Kind::NotFound, zh: "找不到这个订单。", en: "There is no such order." };

macro_rules! columns {
    () => {
        "id, source, source_id, platform, shop, state, status, currency, goods_list, goods_after_discount, shipping, tax, paid, points_cash, bonus_credit, deposit, goods_paid, refunded, net_paid, merchant_received, discounts, placed_at, created_at, paid_at, shipped_at, delivered_at, completed_at, closed_at, final_at, member, country, province, city, district, payment_method, channel, quantity, purchase, estimated, flags, updated_at"
    };
}

macro_rules! page {
    ($where:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM orders WHERE merchant = $1 AND (placed_at, id) < ($2, $3) AND placed_at >= $4 AND ($5 = '' OR state = $5) AND ($6 = '' OR shop = $6) AND ($7 = '' OR platform = $7)",
            $where,
            " ORDER BY placed_at DESC, id DESC LIMIT $8"
        )
    };
}

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Orders by id.
        BY_IDS = concat!("SELECT ", columns!(), " FROM orders WHERE merchant = $1 AND id = ANY($2)");
        /// A page of all orders, newest first.
        PAGE = page!("");
        /// A page of a member's.
        PAGE_OF_MEMBER = page!(" AND member = $9");
        /// A page of nobody's.
        PAGE_UNIDENTIFIED = page!(" AND member IS NULL");
        /// A page of those with a member.
        PAGE_IDENTIFIED = page!(" AND member IS NOT NULL");
        /// What of orders tells whether they fit, newest first, before a place.
        LOOK = "SELECT id, placed_at, state, shop, platform, member FROM orders WHERE merchant = $1 AND (placed_at, id) < ($2, $3) AND placed_at >= $4 ORDER BY placed_at DESC, id DESC LIMIT $5";
        /// Lines of orders.
        LINES = "SELECT order_id, line_no, source_line, sku, outer_code, product_id, title, spec, category, quantity, unit_price, list, discount, paid, refunded, state, role, estimated FROM order_line WHERE merchant = $1 AND order_id = ANY($2) ORDER BY order_id, line_no";
    }
}

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

fn order_row(mut r: Row, pay_time: PayTime) -> Result<OrderRow> {
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

fn with_lines(tx: &mut Tx<'_>, cx: &Ctx, rows: Vec<Row>) -> Result<Vec<OrderRow>> {
    let pay_time = terms(tx, cx)?.pay_time;
    let mut orders = rows.into_iter().map(|r| order_row(r, pay_time)).collect::<Result<Vec<_>>>()?;
    let ids: Vec<Vec<u8>> = orders.iter().map(|o| o.id.bytes().to_vec()).collect();
    let mut lines: HashMap<OrderId, Vec<LineRow>> = HashMap::new();
    for mut r in tx.rows(sql::LINES, args![cx.merchant, ids])? {
        lines.entry(r.get(0)?).or_default().push(LineRow {
            line_no: r.get(1)?,
            source_line: r.get(2)?,
            sku: r.get(3)?,
            outer_code: r.get(4)?,
            product_id: r.get(5)?,
            title: r.get(6)?,
            spec: r.get(7)?,
            category: r.get(8)?,
            quantity: r.get(9)?,
            unit_price: r.get(10)?,
            list: r.get(11)?,
            discount: r.get(12)?,
            paid: r.get(13)?,
            refunded: r.get(14)?,
            state: r.get(15)?,
            role: r.get(16)?,
            estimated: r.get(17)?,
        });
    }
    for o in &mut orders {
        o.lines = lines.remove(&o.id).unwrap_or_default();
    }
    Ok(orders)
}

/// Orders by id, in no order.
pub(crate) fn rows(tx: &mut Tx<'_>, cx: &Ctx, ids: Vec<Vec<u8>>) -> Result<Vec<OrderRow>> {
    let rows = tx.rows(sql::BY_IDS, args![cx.merchant, ids])?;
    with_lines(tx, cx, rows)
}

/// One order.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: OrderId) -> Result<OrderRow> {
    rows(tx, cx, vec![id.bytes().to_vec()])?.pop().ok_or_else(|| NOT_FOUND.refuse().into())
}

/// The id of an order by its number at a source.
pub fn by_external(tx: &mut Tx<'_>, cx: &Ctx, source: &str, source_id: &str) -> Result<OrderId> {
    match tx.row(super::sql::ID_OF, args![cx.merchant, source, source_id])? {
        Some(mut row) => row.get(0),
        None => Err(NOT_FOUND.refuse().into()),
    }
}

/// What a list of orders shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In that state.
    pub state: Option<State>,
    /// Of that shop.
    pub shop: Option<String>,
    /// On that platform.
    pub platform: Option<String>,
    /// With a member, or without.
    pub identified: Option<bool>,
    /// Placed then or later.
    pub from: Option<Instant>,
    /// Placed before.
    pub to: Option<Instant>,
    /// Of that member.
    pub member: Option<MemberId>,
    /// With that number; where none that fits the rest has it, with a number that begins so.
    pub number: Option<String>,
}

/// A page of orders, newest first, after the order with that sort key.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, after: Option<(Instant, [u8; 16])>, limit: i64) -> Result<Vec<OrderRow>> {
    if let Some(number) = &filter.number {
        let most = usize::try_from(limit).unwrap_or(0);
        let ids = super::number::ids(tx, cx, filter, number.trim(), after, most, Limits::default())?;
        let mut orders = rows(tx, cx, ids)?;
        orders.sort_unstable_by_key(|o| std::cmp::Reverse((o.placed_at, *o.id.bytes())));
        return Ok(orders);
    }
    let (before, before_id) = filter.end(after);
    let from = filter.from.map_or(i64::MIN, Instant::micros);
    let state = filter.state.map_or("", State::word);
    let mut args = args![
        cx.merchant,
        before,
        before_id,
        from,
        state,
        filter.shop.as_deref().unwrap_or_default(),
        filter.platform.as_deref().unwrap_or_default(),
        limit
    ]
    .to_vec();
    let statement = match (filter.member, filter.identified) {
        (Some(member), _) => {
            args.push(member.into());
            sql::PAGE_OF_MEMBER
        }
        (None, Some(true)) => sql::PAGE_IDENTIFIED,
        (None, Some(false)) => sql::PAGE_UNIDENTIFIED,
        (None, None) => sql::PAGE,
    };
    let rows = tx.rows(statement, &args)?;
    with_lines(tx, cx, rows)
}

impl Filter {
    /// Whether what it asks for may lie far behind others: no index leads there.
    pub fn is_sparse(&self) -> bool {
        let narrow = self.state.is_some() || self.shop.is_some() || self.platform.is_some() || self.identified == Some(true);
        narrow && self.member.is_none() && self.number.is_none()
    }

    /// The place before which its orders lie that come after another.
    pub(super) fn end(&self, after: Option<(Instant, [u8; 16])>) -> (Instant, [u8; 16]) {
        let end = self.to.map_or((Instant(i64::MAX), [0xff; 16]), |to| (to, [0; 16]));
        after.map_or(end, |after| after.min(end))
    }

    /// Whether an order is of those it asks for, whatever its number.
    pub(super) fn fits(&self, g: &Glance) -> bool {
        self.state.is_none_or(|s| s.word() == g.state)
            && self.shop.as_deref().is_none_or(|s| g.shop.as_deref() == Some(s))
            && self.platform.as_deref().is_none_or(|p| p == g.platform)
            && self.identified.is_none_or(|i| i == g.member.is_some())
            && self.from.is_none_or(|t| g.placed_at >= t)
            && self.to.is_none_or(|t| g.placed_at < t)
            && self.member.is_none_or(|m| g.member == Some(m))
    }
}

/// What of an order tells whether it fits a filter.
#[derive(Debug)]
pub(super) struct Glance {
    /// Its id.
    pub id: OrderId,
    /// When it was placed.
    pub placed_at: Instant,
    /// State's word.
    pub state: String,
    /// Shop.
    pub shop: Option<String>,
    /// Platform.
    pub platform: String,
    /// Whose.
    pub member: Option<MemberId>,
}

impl Glance {
    /// A row of `id, placed_at, state, shop, platform, member`.
    pub(super) fn of(mut r: Row) -> Result<Self> {
        Ok(Self { id: r.get(0)?, placed_at: r.get(1)?, state: r.get(2)?, shop: r.get(3)?, platform: r.get(4)?, member: r.get(5)? })
    }

    /// Where it lies among all.
    pub(super) fn place(&self) -> (Instant, [u8; 16]) {
        (self.placed_at, *self.id.bytes())
    }
}

impl From<&OrderRow> for Glance {
    fn from(o: &OrderRow) -> Self {
        let (state, shop, platform) = (o.state.clone(), o.shop.clone(), o.platform.clone());
        Self { id: o.id, placed_at: o.placed_at, state, shop, platform, member: o.member }
    }
}

/// A state that an order was said to be in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The state.
    pub state: State,
    /// The platform's word.
    pub status: Option<String>,
    /// When, by the source.
    pub at: Option<Instant>,
    /// What kind of document said so.
    pub doc: String,
}

/// The part of an order that names people, opened.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Private {
    /// Receiver.
    pub receiver: Receiver,
    /// The buyer's name at the source.
    pub buyer_nick: Option<String>,
    /// The buyer's message.
    pub buyer_memo: Option<String>,
    /// The merchant's note.
    pub seller_memo: Option<String>,
    /// Carrier and parcel number.
    pub parcel: Option<(Option<String>, Option<String>)>,
    /// Why it was closed.
    pub close_reason: Option<String>,
    /// What was said of its state, oldest first.
    pub steps: Vec<Step>,
    /// Why it has no member, if it has none.
    pub unnamed: Option<Unnamed>,
}

/// Opens what names people, for orders that were read.
pub fn private(tx: &mut Tx<'_>, cx: &Ctx, orders: &[OrderRow]) -> Result<HashMap<OrderId, Private>> {
    let terms = terms(tx, cx)?;
    let ids: Vec<Vec<u8>> = orders.iter().map(|o| o.id.bytes().to_vec()).collect();
    let mut out = HashMap::with_capacity(orders.len());
    for mut r in tx.rows(crate::observed::sql::GET_MANY, args![cx.merchant, ids])? {
        let (id, body): (OrderId, Vec<u8>) = (r.get(0)?, r.get(2)?);
        let Some(order) = orders.iter().find(|o| o.id == id) else { continue };
        let entries = Entries::open(tx, cx, id.bytes(), &body)?;
        let said = statements(&entries, &order.source, &order.source_id)?;
        let mut steps: Vec<Step> = said
            .iter()
            .filter_map(|s| {
                let o = &s.said;
                let own = match o.state? {
                    State::Created => o.created_at,
                    State::Paid => o.paid_at,
                    State::Shipped => o.shipped_at,
                    State::Completed => o.completed_at,
                    State::Closed => o.closed_at,
                };
                let doc = serde_json::to_value(o.doc).ok().and_then(|d| d.as_str().map(str::to_owned)).unwrap_or_default();
                Some(Step { state: o.state?, status: o.platform_status.clone(), at: own.or(o.source_time).or(s.heard), doc })
            })
            .collect();
        steps.sort_by(|a, b| (a.state, a.at, &a.doc).cmp(&(b.state, b.at, &b.doc)));
        if let Some(f) = fold(&terms, &order.source, &order.source_id, &said) {
            let unnamed = order.member.is_none().then(|| Unnamed::of(&f, said.iter().map(|s| &*s.said)));
            out.insert(
                id,
                Private {
                    unnamed,
                    receiver: f.receiver,
                    buyer_nick: f.buyer_nick,
                    buyer_memo: f.buyer_memo,
                    seller_memo: f.seller_memo,
                    parcel: f.parcel,
                    close_reason: f.close_reason,
                    steps,
                },
            );
        }
    }
    Ok(out)
}

impl OrderRow {
    /// Whether the rows say what the fold says.
    pub(super) fn agrees(&self, f: &OrderState) -> bool {
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
