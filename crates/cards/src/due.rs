//! What happens by itself: a card will end, a card has ended. Found by when it is due, a few at a time, each step a
//! transaction of its own.

use shuke_kernel::{Actor, Ctx, MerchantNo, Result};
use shuke_store::{Lane, Store, args};

use crate::held::{service, sql};

/// Holders in one transaction.
const STEP: i64 = 100;

/// Who tells what happens by itself.
pub const ACTOR: Actor = Actor::System("cards");

/// Tells everything that is due at a merchant, until `stop` says otherwise. Returns of how many.
///
/// # Errors
/// Where the store does not answer.
pub fn run(store: &Store, merchant: MerchantNo, stop: &dyn Fn() -> bool) -> Result<usize> {
    let mut done = 0;
    while !stop() {
        let cx = Ctx::new(merchant, ACTOR, store.clock().now());
        // Looked for by a reader first: mostly nothing is due, and nothing is no reason to write.
        let at = cx.now;
        if !store.read_now(move |tx| Ok(tx.row(sql::ANY_DUE, args![merchant, at])?.is_some()))? {
            break;
        }
        let told = store.write_now(Lane::Bulk, move |tx| service::tell_due(tx, &cx, STEP))?;
        done += told;
        // What is left is in another process's hands.
        if told == 0 {
            break;
        }
    }
    Ok(done)
}
