//! The walk over all orders that notes what they sold of a card that was made, or given other goods, after them.

use serde::{Deserialize, Serialize};
use shuke_commerce::OrderId;
use shuke_kernel::{Ctx, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};

use super::{reconcile, sql};
use crate::card::{Card, CardId};
use crate::held::service;

/// The kind of the task.
pub const KIND: &str = "cards.fill";

/// Orders in one transaction.
const STEP: i64 = 500;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Args {
    card: CardId,
}

/// Queues the walk.
pub(crate) fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, card: &Card) -> Result<JobId> {
    let (title, key) = (format!("从已有订单补记会员卡 {}", card.name), format!("{KIND}/{}/{}", card.id, card.version));
    let args = Args { card: card.id };
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: &args, unique_key: Some(&key), run_at: cx.now, unit: "orders" })
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: Option<OrderId>,
    seen: i64,
    members: i64,
}

/// Notes what orders of before sold.
pub struct Fill;

impl JobHandler for Fill {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let Args { card } = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, at) = (run.cx(), run.fence(), place);
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let Some(next) = step(tx, &cx, at)? else { return Ok(None) };
                fence.save(tx, cx.now, &next, next.seen, None)?;
                Ok(Some(next))
            })?;
            match next {
                Some(next) => place = next,
                None => return Ok(JobEnd::Done(serde_json::json!({ "card": card, "orders": place.seen, "members": place.members }))),
            }
        }
    }
}

/// The next orders; none where there are no more.
fn step(tx: &mut Tx<'_>, cx: &Ctx, at: Place) -> Result<Option<Place>> {
    let after = at.after.unwrap_or(OrderId::from_bytes([0; 16]));
    let orders =
        tx.rows(sql::AFTER, args![cx.merchant, after, STEP])?.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<OrderId>>>()?;
    let Some(last) = orders.last().copied() else { return Ok(None) };
    let changed: Vec<_> = reconcile(tx, cx, &orders)?.into_iter().collect();
    if !changed.is_empty() {
        service::refresh(tx, cx, &changed)?;
    }
    Ok(Some(Place { after: Some(last), seen: at.seen + orders.len() as i64, members: at.members + changed.len() as i64 }))
}
