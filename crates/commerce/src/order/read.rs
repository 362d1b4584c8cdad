//! Reading orders: rows as the store keeps them, lists of those that a filter asks for, and the private part
//! that is opened only for whom it is shown to.

mod filter;
mod private;
mod row;

use std::collections::HashMap;

use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_store::{Row, Tx, args};

pub use filter::Filter;
pub(super) use filter::Glance;
pub use private::{Private, Step, private};
pub use row::{LineRow, OrderRow};

use self::row::order_row;
use super::OrderId;
use super::number::Limits;
use super::observation::State;
use super::service::terms;

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
