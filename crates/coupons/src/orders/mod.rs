//! The subscriber that does with coupons what their orders became: paid, closed, wholly refunded. An order is found by the
//! source and number under which it locked them; one that the shop never sends here, it tells of by the API instead.

use std::collections::BTreeSet;

use shuke_commerce::OrderId;
use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::feed::{FeedEvent, Subscriber};
use shuke_store::{Row, Tx, Value, args};

use crate::coupon::course::{self, Turn};
use crate::coupon::due::ACTOR;
use crate::coupon::model::OrderName;
use crate::coupon::sql as uses;

/// What an order is, with how many of its lines were had for nothing and did not go back.
macro_rules! orders {
    ($which:literal) => {
        concat!(
            "SELECT o.source, o.source_id, o.state, o.purchase, o.paid_at, o.refunded, o.net_paid, (SELECT COUNT(*) FROM order_line l WHERE l.merchant = o.merchant AND l.order_id = o.id AND l.role = 'goods' AND l.state <> 'closed' AND l.paid = 0) FROM orders o WHERE o.merchant = $1 AND ",
            $which
        )
    };
}

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// What orders that locked coupons are now.
        ORDERS = orders!("o.id = ANY($2) AND EXISTS (SELECT 1 FROM coupon_use u WHERE u.merchant = o.merchant AND u.order_source = o.source AND u.order_no = o.source_id) ORDER BY o.source, o.source_id");
        /// What an order of that name is now.
        ONE = orders!("o.source = $2 AND o.source_id = $3");
    }
}

/// Hears of orders.
pub struct Follow;

impl Subscriber for Follow {
    fn name(&self) -> &'static str {
        "coupons"
    }

    fn from_the_start(&self) -> bool {
        // The first order of a new shop may be paid before this has looked once. What locked nothing is passed by in one step.
        true
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, _: i64, _: i64) -> Result<bool> {
        Ok(tx.row(uses::ANY_USE, args![merchant])?.is_none())
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let cx = Ctx { actor: ACTOR, ..cx.clone() };
        let spoken = events.iter().filter(|event| event.subject_kind == "ord" && event.kind.starts_with("order."));
        let orders: BTreeSet<OrderId> = spoken.map(|event| OrderId::from_bytes(event.subject)).collect();
        follow(tx, &cx, orders)
    }
}

/// What an order comes to for its coupons; nothing while it waits to be paid. One that was paid stays a purchase when all
/// of it went back: it is gone where it is closed, or nothing is left of its goods. Of goods that a coupon made free no
/// money can go back: while such a line is kept, the order is not gone whatever was refunded.
fn turn(mut r: Row) -> Result<(OrderName, Option<Turn>)> {
    let (source, no, state): (String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
    let (purchase, paid_at, refunded, net): (bool, Option<Instant>, i64, Option<i64>) = (r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?);
    let kept_free: i64 = r.get(7)?;
    let gone = state == "closed" || refunded > 0 && kept_free == 0 && net.is_some_and(|net| net <= 0);
    let turn = match (gone, purchase) {
        (true, _) => Some(Turn::Gone),
        (false, true) => Some(Turn::Paid { at: paid_at, asked: false }),
        (false, false) => None,
    };
    Ok((OrderName { source, no }, turn))
}

/// Does once more what the order of that name is now: it may have come here before it had the coupons, or been closed before
/// the shop told of its payment.
///
/// # Errors
/// Where the store does not answer.
pub fn again(tx: &mut Tx<'_>, cx: &Ctx, order: &OrderName) -> Result<()> {
    let Some(row) = tx.row(sql::ONE, args![cx.merchant, &order.source, &order.no])? else { return Ok(()) };
    if let (order, Some(became)) = turn(row)? {
        course::turn(tx, cx, &order, None, became)?;
    }
    Ok(())
}

/// Does with the coupons of these orders what the orders are now.
///
/// # Errors
/// Where the store does not answer.
pub fn follow(tx: &mut Tx<'_>, cx: &Ctx, orders: BTreeSet<OrderId>) -> Result<()> {
    if orders.is_empty() {
        return Ok(());
    }
    let ids = Value::Blobs(orders.iter().map(|id| id.bytes().to_vec()).collect());
    for row in tx.rows(sql::ORDERS, &[cx.merchant.into(), ids])? {
        if let (order, Some(became)) = turn(row)? {
            course::turn(tx, cx, &order, None, became)?;
        }
    }
    Ok(())
}
