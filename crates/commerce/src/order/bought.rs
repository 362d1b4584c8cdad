//! What members bought in a window: for measuring what came of a message.

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::OrderId;

/// A purchase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bought {
    /// By whom.
    pub member: MemberId,
    /// Which order.
    pub order: OrderId,
    /// When it was paid; where the source does not say, when it was placed.
    pub at: Instant,
    /// Goods paid by the member less refunded goods, minor units.
    pub net_paid: i64,
    /// Of which currency.
    pub currency: String,
}

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Purchases of members in a window.
        BOUGHT = "SELECT member, id, COALESCE(paid_at, placed_at), COALESCE(net_paid, 0), currency FROM orders WHERE merchant = $1 AND member = ANY($2) AND purchase = 1 AND COALESCE(paid_at, placed_at) >= $3 AND COALESCE(paid_at, placed_at) < $4 ORDER BY member, id";
    }
}

/// The purchases of these members in `[from, to)`, by their pay time.
pub fn bought(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], from: Instant, to: Instant) -> Result<Vec<Bought>> {
    let ids: Vec<Vec<u8>> = members.iter().map(|m| m.bytes().to_vec()).collect();
    let rows = tx.rows(sql::BOUGHT, args![cx.merchant, ids, from, to])?;
    rows.into_iter()
        .map(|mut r| Ok(Bought { member: r.get(0)?, order: r.get(1)?, at: r.get(2)?, net_paid: r.get(3)?, currency: r.get(4)? }))
        .collect()
}
