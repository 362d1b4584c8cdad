//! Orders that become final by the clock alone: nothing tells of it, so they are looked at when it is time.

use std::collections::BTreeSet;

use shuke_commerce::OrderId;
use shuke_commerce::order::counting::counting;
use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_store::{Lane, Store, Tx, args};

use super::evaluate::{ACTOR, evaluate};
use super::{service, sql};

/// Orders looked at in one transaction.
const STEP: i64 = 100;

/// Looks at a merchant's orders that became final since, until `stop` says otherwise. Returns how often a reward was given.
/// To be called after their points are booked.
pub fn run(store: &Store, merchant: MerchantNo, stop: &dyn Fn() -> bool) -> Result<usize> {
    let mut given = 0;
    while !stop() {
        let now = store.clock().now();
        if !store.read_now(move |tx| Ok(tx.row(sql::ANY_LOOK, args![merchant, now])?.is_some()))? {
            break;
        }
        let cx = Ctx::new(merchant, ACTOR, now);
        let Some(more) = store.write_now(Lane::Bulk, move |tx| step(tx, &cx))? else { break };
        given += more;
    }
    Ok(given)
}

/// The next orders; none where there are no more.
fn step(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<usize>> {
    let mut orders: Vec<OrderId> = Vec::new();
    for mut r in tx.rows(sql::LOOKS, args![cx.merchant, cx.now, STEP])? {
        let (at, order): (Instant, OrderId) = (r.get(0)?, r.get(1)?);
        tx.exec(sql::LOOKED, args![cx.merchant, at, order])?;
        orders.push(order);
    }
    if orders.is_empty() {
        return Ok(None);
    }
    let members: BTreeSet<MemberId> = counting(tx, cx, &orders)?.into_iter().filter_map(|order| order.member).collect();
    let members: Vec<MemberId> = members.into_iter().collect();
    let mut tasks = service::active(tx, cx.merchant)?;
    tasks.retain(|task| task.definition.goal.kind.of_orders());
    evaluate(tx, cx, &members, &tasks).map(Some)
}
