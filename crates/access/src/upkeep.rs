//! Forgetting what nobody needs any more: sessions that ran out, answers kept for repeated
//! requests, deliveries settled long ago. Called now and then by a worker.

use shuke_kernel::{Instant, Result};
use shuke_store::{Lane, Store, idempotency};

use crate::{merchants, sessions, webhooks};

/// Answers to keyed requests are given again for so long.
pub const REMEMBER_SECONDS: i64 = 7 * 24 * 3600;
/// Settled deliveries are shown for so long.
pub const SHOW_SECONDS: i64 = 30 * 24 * 3600;

/// Forgets what is older than it needs to be. Returns how many rows went.
pub fn sweep(store: &Store) -> Result<u64> {
    let now = store.clock().now();
    let before = move |seconds: i64| Instant(now.micros().saturating_sub(seconds * 1_000_000));
    let mut gone = store.write_now(Lane::Bulk, move |tx| sessions::prune(tx, now))?;
    let mut all: Vec<_> = store.read_now(merchants::every)?.into_iter().map(|m| m.no).collect();
    all.push(shuke_kernel::MerchantNo::SYSTEM);
    for merchant in all {
        gone += store.write_now(Lane::Bulk, move |tx| idempotency::prune(tx, merchant, before(REMEMBER_SECONDS)))?;
        gone += store.write_now(Lane::Bulk, move |tx| webhooks::prune(tx, merchant, before(SHOW_SECONDS)))?;
    }
    Ok(gone)
}
