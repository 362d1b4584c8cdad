//! What of orders points and tiers count: when they were paid, how much, of what, what went back and when, since when
//! they are final. Reckoned from what the orders are now, whatever told of them and in which order.

use std::collections::HashMap;

use shuke_kernel::money::allocate;
use shuke_kernel::{Ctx, Currency, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::OrderId;
use super::counted::counts_at;
use super::observation::{Discount, Payer};
use super::service::terms;

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Orders by id.
        ORDERS = "SELECT id, member, shop, currency, state, goods_paid, net_paid, discounts, created_at, paid_at, completed_at, closed_at, final_at, purchase, recorded_at FROM orders WHERE merchant = $1 AND id = ANY($2)";
        /// Their goods.
        LINES = "SELECT order_id, line_no, sku, category, quantity, paid, refunded FROM order_line WHERE merchant = $1 AND order_id = ANY($2) AND role = 'goods' ORDER BY order_id, line_no";
        /// In which category the list of products has codes.
        CATEGORIES = "SELECT sku, category FROM product WHERE merchant = $1 AND sku = ANY($2) AND category IS NOT NULL ORDER BY sku, source, source_id";
        /// What went back of them.
        REFUNDS = "SELECT order_id, id, goods, refunded_at, recorded_at FROM refund WHERE merchant = $1 AND order_id = ANY($2) AND state = 'succeeded' AND goods > 0 ORDER BY order_id, COALESCE(refunded_at, recorded_at), source, source_id";
    }
}

/// A line that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountingLine {
    /// Its number in the order.
    pub no: i64,
    /// Its category: what its order told, else where the list of products has its code.
    pub category: Option<String>,
    /// Pieces.
    pub quantity: i64,
    /// Its part of the goods paid, minor units.
    pub paid: i64,
    /// What of that went back since, minor units.
    pub back: i64,
}

/// Money that went back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountingRefund {
    /// What it is called.
    pub id: String,
    /// When.
    pub at: Instant,
    /// By how much it lowered what counts, minor units.
    pub amount: i64,
}

/// An order as it counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counting {
    /// Which.
    pub order: OrderId,
    /// Whose; none as long as nobody can be named.
    pub member: Option<MemberId>,
    /// Of which shop.
    pub shop: Option<String>,
    /// Of which currency.
    pub currency: Currency,
    /// When it was paid; none where it is no purchase, or nobody knows when.
    pub paid_at: Option<Instant>,
    /// What counts of it before anything went back, minor units.
    pub gross: i64,
    /// Its goods.
    pub lines: Vec<CountingLine>,
    /// What went back, in order of time; the amounts sum to what it counts less now.
    pub refunds: Vec<CountingRefund>,
    /// Since when, or from when on, it is final.
    pub final_at: Option<Instant>,
    /// Since when it is closed.
    pub closed_at: Option<Instant>,
}

/// Orders of members, by id.
pub fn of_members(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<Vec<OrderId>> {
    let ids: Vec<Vec<u8>> = members.iter().map(|m| m.bytes().to_vec()).collect();
    tx.rows(super::sql::OF_MEMBERS, args![cx.merchant, ids])?.into_iter().map(|mut r| r.get(0)).collect()
}

/// These orders as they count, in no order; those that are gone are left out.
pub fn counting(tx: &mut Tx<'_>, cx: &Ctx, orders: &[OrderId]) -> Result<Vec<Counting>> {
    let terms = terms(tx, cx)?;
    let ids: Vec<Vec<u8>> = orders.iter().map(|o| o.bytes().to_vec()).collect();
    // Each statement may see more than the one before. A refund that comes between them is then told without
    // weight; were refunds read first, the order would count less and nothing would say where it went.
    let rows = tx.rows(sql::ORDERS, args![cx.merchant, ids.clone()])?;
    let mut lines = lines(tx, cx, &ids)?;
    let mut refunds: HashMap<OrderId, Vec<ToldRefund>> = HashMap::new();
    for mut r in tx.rows(sql::REFUNDS, args![cx.merchant, ids])? {
        let id: crate::refund::RefundId = r.get(1)?;
        refunds.entry(r.get(0)?).or_default().push((id.to_string(), r.get(2)?, r.get(3)?, r.get(4)?));
    }
    let mut out = Vec::with_capacity(orders.len());
    for mut r in rows {
        let order: OrderId = r.get(0)?;
        let (state, goods, net): (String, Option<i64>, Option<i64>) = (r.get(4)?, r.get(5)?, r.get(6)?);
        let discounts: Option<String> = r.get(7)?;
        let discounts: Vec<Discount> = discounts.map_or(Ok(Vec::new()), |d| serde_json::from_str(&d))?;
        let (created, paid, completed): (Option<Instant>, Option<Instant>, Option<Instant>) = (r.get(8)?, r.get(9)?, r.get(10)?);
        let (closed, final_at, purchase, recorded): (Option<Instant>, Option<Instant>, bool, Instant) =
            (r.get(11)?, r.get(12)?, r.get(13)?, r.get(14)?);
        let paid_at = counts_at(terms.pay_time, purchase, paid, created);
        let platform: i64 = discounts.iter().filter(|d| d.payer == Payer::Platform).map(|d| d.amount).sum();
        let extra = if terms.platform_counts && purchase { platform.max(0) } else { 0 };
        let gross = goods.unwrap_or(0).max(0).saturating_add(extra);
        let back = gross.saturating_sub(net.unwrap_or(0)).max(0);
        // What has no time of its own went back when the order ended, or was told of first.
        let otherwise = closed.or(completed).or(paid_at).unwrap_or(recorded);
        out.push(Counting {
            order,
            member: r.get(1)?,
            shop: r.get(2)?,
            currency: r.get(3)?,
            paid_at,
            gross,
            lines: lines.remove(&order).unwrap_or_default(),
            refunds: share(order, refunds.remove(&order).unwrap_or_default(), back, otherwise),
            final_at,
            closed_at: (state == "closed").then_some(otherwise),
        });
    }
    Ok(out)
}

fn lines(tx: &mut Tx<'_>, cx: &Ctx, ids: &[Vec<u8>]) -> Result<HashMap<OrderId, Vec<CountingLine>>> {
    let mut found: Vec<(OrderId, Option<String>, CountingLine)> = Vec::new();
    for mut r in tx.rows(sql::LINES, args![cx.merchant, ids.to_vec()])? {
        let (order, no, sku, category, quantity) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?);
        let (paid, back): (Option<i64>, i64) = (r.get(5)?, r.get(6)?);
        found.push((order, sku, CountingLine { no, category, quantity, paid: paid.unwrap_or(0).max(0), back: back.max(0) }));
    }
    let mut skus: Vec<String> = found.iter().filter(|(_, _, l)| l.category.is_none()).filter_map(|(_, sku, _)| sku.clone()).collect();
    skus.sort();
    skus.dedup();
    let mut listed: HashMap<String, String> = HashMap::new();
    if !skus.is_empty() {
        for mut r in tx.rows(sql::CATEGORIES, args![cx.merchant, skus])? {
            let (sku, category): (String, String) = (r.get(0)?, r.get(1)?);
            listed.entry(sku).or_insert(category);
        }
    }
    let mut out: HashMap<OrderId, Vec<CountingLine>> = HashMap::new();
    for (order, sku, mut line) in found {
        line.category = line.category.or_else(|| sku.and_then(|sku| listed.get(&sku).cloned()));
        out.entry(order).or_default().push(line);
    }
    Ok(out)
}

/// A refund as it is told: its id, the money, when it was, and when that was recorded.
type ToldRefund = (String, i64, Option<Instant>, Instant);

/// What went back in all, shared among the refunds that are told; where none is, one stands for it.
fn share(order: OrderId, told: Vec<ToldRefund>, back: i64, otherwise: Instant) -> Vec<CountingRefund> {
    if back == 0 {
        return Vec::new();
    }
    if told.is_empty() {
        return vec![CountingRefund { id: format!("{order}#back"), at: otherwise, amount: back }];
    }
    let weights: Vec<i64> = told.iter().map(|(_, goods, ..)| *goods).collect();
    let parts = allocate(back, &weights);
    told.into_iter()
        .zip(parts)
        .map(|((id, _, at, recorded), amount)| CountingRefund { id, at: at.unwrap_or(recorded), amount })
        .filter(|refund| refund.amount > 0)
        .collect()
}
