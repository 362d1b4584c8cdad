//! What is kept of orders' payments while a re-run lets them be judged by another version.

use std::collections::{BTreeSet, HashMap};

use shuke_commerce::OrderId;
use shuke_kernel::{Ctx, Result};
use shuke_loyalty::event::Act;
use shuke_members::MemberId;
use shuke_store::Tx;

use super::{Kept, kept, sql};
use crate::definition::Programme;

/// Some orders, held until the transaction ends. Whoever follows orders into books holds them before the books; so does this.
pub(crate) struct Orders {
    kept: HashMap<OrderId, Kept>,
    changed: BTreeSet<OrderId>,
}

impl Orders {
    /// Holds these, by the names that books have for them. Payments that were posted by themselves are of no order of the shop's.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn hold<'a>(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, names: impl Iterator<Item = &'a String>) -> Result<Self> {
        let orders: BTreeSet<OrderId> = names.filter_map(|name| name.parse().ok()).collect();
        let orders: Vec<OrderId> = orders.into_iter().collect();
        let kept = if orders.is_empty() { HashMap::new() } else { kept(tx, cx, programme, &orders)? };
        Ok(Self { kept, changed: BTreeSet::new() })
    }

    /// The payment that a book was told under this number is judged by another version: whatever is told of the order since, and
    /// whosever it is then, it is judged by that.
    pub(crate) fn judged(&mut self, (of, seq): (MemberId, i64), order: &str, by: Option<u32>) {
        let Ok(order) = order.parse::<OrderId>() else { return };
        let Some(kept) = self.kept.get_mut(&order) else { return };
        for told in kept.told.iter_mut().filter(|told| told.of == of && told.seq == seq) {
            if let Act::OrderPaid { judged_by, .. } = &mut told.event.act {
                *judged_by = by;
                self.changed.insert(order);
            }
        }
    }

    /// Writes those that changed.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn put(self, tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<()> {
        let mut rows = Vec::with_capacity(self.changed.len());
        for order in &self.changed {
            let Some(kept) = self.kept.get(order) else { continue };
            let facts = serde_json::to_string(&kept.told)?;
            rows.push(vec![
                cx.merchant.into(),
                programme.id.into(),
                (*order).into(),
                kept.member.into(),
                facts.into(),
                kept.look_at.into(),
            ]);
        }
        tx.insert_many(&sql::PUT, rows).map(|_| ())
    }
}
