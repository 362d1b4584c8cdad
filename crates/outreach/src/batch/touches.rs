//! To which touch an order is laid: the last one before it that is still near enough.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::{BatchId, sql};

/// How a batch touched somebody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum How {
    Delivery,
    Click,
}

/// A touch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touch {
    pub batch: BatchId,
    pub at: Instant,
    pub how: How,
}

/// All touches of members: when it was delivered (handed over, where no receipt tells more), unless it
/// failed, and each click.
pub(super) fn of(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<HashMap<MemberId, Vec<Touch>>> {
    let ids: Vec<Vec<u8>> = members.iter().map(|m| m.bytes().to_vec()).collect();
    let mut out: HashMap<MemberId, Vec<Touch>> = HashMap::new();
    for mut r in tx.rows(sql::TOUCHES, args![cx.merchant, ids.clone()])? {
        let (member, batch, handed): (MemberId, BatchId, Instant) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let (receipt, received): (Option<String>, Option<Instant>) = (r.get(3)?, r.get(4)?);
        if receipt.as_deref() != Some("failed") {
            out.entry(member).or_default().push(Touch { batch, at: received.unwrap_or(handed), how: How::Delivery });
        }
    }
    for mut r in tx.rows(sql::CLICKS, args![cx.merchant, ids])? {
        let touch = Touch { batch: r.get(1)?, at: r.get(2)?, how: How::Click };
        out.entry(r.get(0)?).or_default().push(touch);
    }
    Ok(out)
}

/// The touch that an order at `at` is laid to; of two at one time the click.
pub(super) fn last(touches: &[Touch], at: Instant, click_days: i64, delivery_days: i64) -> Option<Touch> {
    let near = |t: &&Touch| {
        let days = if t.how == How::Click { click_days } else { delivery_days };
        t.at <= at && at < t.at.plus_seconds(days * 24 * 3600)
    };
    touches.iter().filter(near).max_by_key(|t| (t.at, t.how)).copied()
}
