//! What happens by itself: orders become final, lots end, tiers end, birthdays. Found by when it is due, a few
//! books at a time, each step a transaction of its own: whatever breaks off goes on where it was.

use shuke_kernel::{Actor, Ctx, MerchantNo, Result};
use shuke_store::{Lane, Store, Tx, args};

use super::{post, sql};
use crate::definition::model::State;
use crate::definition::{Programme, service};
use crate::orders;

/// Books in one transaction.
const STEP: i64 = 50;

/// Who books what happens by itself.
pub const ACTOR: Actor = Actor::System("points");

/// Lets what is due in some of a programme's books happen. Returns in how many.
pub fn step(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, limit: i64) -> Result<usize> {
    let rows = tx.rows(sql::DUE, args![cx.merchant, programme.id, cx.now, limit])?;
    let members = rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<_>>>()?;
    if !members.is_empty() {
        post::pass_due(tx, cx, programme, &members)?;
    }
    Ok(members.len())
}

/// Lets everything happen that is due at a merchant, until `stop` says otherwise. Returns in how many books.
pub fn run(store: &Store, merchant: MerchantNo, stop: &dyn Fn() -> bool) -> Result<usize> {
    let mut done = 0;
    for programme in store.read_now(move |tx| service::list(tx, merchant))? {
        while programme.state != State::Archived && !stop() {
            let (cx, of) = (Ctx::new(merchant, ACTOR, store.clock().now()), programme.clone());
            // Looked for by a reader first: mostly nothing is due, and nothing is no reason to write.
            let (at, id) = (cx.now, programme.id);
            let nothing = store.read_now(move |tx| {
                let mut any = |text: &str| tx.row(text, args![merchant, id, at]).map(|row| row.is_some());
                Ok(!any(sql::ANY_DUE)? && !any(orders::sql::ANY_TO_LOOK_AT)?)
            })?;
            if nothing {
                break;
            }
            let books = store.write_now(Lane::Bulk, move |tx| {
                let programme = service::get(tx, merchant, of.id)?;
                if programme.state == State::Archived {
                    return Ok(0);
                }
                Ok(orders::look_again(tx, &cx, &programme, STEP)? + step(tx, &cx, &programme, STEP)?)
            })?;
            done += books;
            // What is left is in another process's hands.
            if books == 0 {
                break;
            }
        }
    }
    Ok(done)
}
