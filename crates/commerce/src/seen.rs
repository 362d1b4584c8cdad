//! When and where a buyer's keys were seen, by the rows that carry them: what members ask when a
//! record let go of keys that others still carry.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Result};
use shuke_members::hooks::Seen;
use shuke_store::{Tx, Value};

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// The first time that records carry keys; a refund of an order carries the order's.
        FIRST = "SELECT key_set, MIN(at) FROM (SELECT key_set, CASE WHEN placed_at = 0 THEN recorded_at ELSE placed_at END AS at FROM orders WHERE merchant = $1 AND key_set = ANY($2) UNION ALL SELECT key_set, COALESCE(refunded_at, recorded_at) AS at FROM refund WHERE merchant = $1 AND key_set = ANY($2) AND order_id IS NULL UNION ALL SELECT key_set, at FROM behaviour_event WHERE merchant = $1 AND key_set = ANY($2)) x GROUP BY key_set";
        /// The newest orders that say where.
        WHERE_TO = "SELECT o.key_set, n.at, o.province, o.city FROM orders o JOIN (SELECT key_set, MAX(CASE WHEN placed_at = 0 THEN recorded_at ELSE placed_at END) AS at FROM orders WHERE merchant = $1 AND key_set = ANY($2) AND (province IS NOT NULL OR city IS NOT NULL) GROUP BY key_set) n ON n.key_set = o.key_set AND n.at = CASE WHEN o.placed_at = 0 THEN o.recorded_at ELSE o.placed_at END WHERE o.merchant = $1 AND o.key_set = ANY($2) AND (o.province IS NOT NULL OR o.city IS NOT NULL)";
    }
}

/// When and where these keys were seen; sets that no row carries are left out.
pub fn seen(tx: &mut Tx<'_>, cx: &Ctx, sets: &[[u8; 16]]) -> Result<Vec<Seen>> {
    let args: [Value; 2] = [cx.merchant.into(), Value::Blobs(sets.iter().map(|s| s.to_vec()).collect())];
    let mut out: BTreeMap<[u8; 16], Seen> = BTreeMap::new();
    for mut r in tx.rows(sql::FIRST, &args)? {
        let key_set = r.get(0)?;
        out.insert(key_set, Seen { key_set, first: r.get(1)?, region: None });
    }
    for mut r in tx.rows(sql::WHERE_TO, &args)? {
        if let Some(seen) = out.get_mut(&r.get::<[u8; 16]>(0)?) {
            seen.region = seen.region.take().max(Some((r.get(1)?, r.get(2)?, r.get(3)?)));
        }
    }
    Ok(out.into_values().collect())
}
