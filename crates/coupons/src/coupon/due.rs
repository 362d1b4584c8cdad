//! What happens by itself: a hold is over, a coupon is. Found by when it is due, a few at a time, each step a transaction of
//! its own. Nothing waits for this to be right: whoever asks for a coupon reckons with the time.

use shuke_kernel::{Actor, Ctx, MerchantNo, Result};
use shuke_store::{Lane, Store, Tx, args};

use super::{held, sql};

/// Coupons in one transaction.
const STEP: i64 = 100;

/// Who notes what happens by itself, and what orders do.
pub const ACTOR: Actor = Actor::System("coupons");

/// Notes everything that is due at a merchant, until `stop` says otherwise. Returns of how many coupons.
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
        let noted = store.write_now(Lane::Bulk, move |tx| step(tx, &cx))?;
        done += noted;
        // What is left is in another process's hands.
        if noted == 0 {
            break;
        }
    }
    Ok(done)
}

/// Notes what time did to the next coupons. Returns to how many.
///
/// # Errors
/// Where the store does not answer.
pub fn step(tx: &mut Tx<'_>, cx: &Ctx) -> Result<usize> {
    let mut count = 0;
    for row in tx.rows(sql::DUE, args![cx.merchant, cx.now, STEP])? {
        let mut coupon = held::read(row)?;
        count += usize::from(held::settle(tx, cx, &mut coupon)?);
    }
    Ok(count)
}
