//! What happens by itself: orders become final, lots end, tiers end, birthdays. Found by when it is due, a few
//! books at a time, each step a transaction of its own: whatever breaks off goes on where it was.
//!
//! Millions of lots may end at one instant. A step goes on behind the one before it, since what was due is still met
//! in the index until the engine has cleared it away; some steps are under way at a time and share a commit.

use shuke_kernel::{Actor, Ctx, Instant, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_store::{Lane, Pending, Row, Store, Tx, args};

use super::{post, sql};
use crate::definition::model::State;
use crate::definition::{Programme, ProgrammeId, service};
use crate::orders;

/// Books in one transaction.
const STEP: i64 = 50;
/// Steps under way at a time.
const AHEAD: usize = 4;

/// Who books what happens by itself.
pub const ACTOR: Actor = Actor::System("points");

/// A place among what is due: when, and whose.
type Place = (Instant, MemberId);

/// Before everything that is due.
const START: Place = (Instant(i64::MIN), MemberId::from_bytes([0; 16]));

/// Lets what is due in some of a programme's books happen, those after a place. Returns in how many, and the place of
/// the last.
pub fn step(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, after: Place, limit: i64) -> Result<(usize, Place)> {
    let rows = tx.rows(sql::DUE, args![cx.merchant, programme.id, cx.now, after.0, after.1, limit])?;
    let place = |mut row: Row| -> Result<Place> { Ok((row.get(0)?, row.get(1)?)) };
    let due = rows.into_iter().map(place).collect::<Result<Vec<Place>>>()?;
    let Some(last) = due.last().copied() else { return Ok((0, after)) };
    let members: Vec<MemberId> = due.into_iter().map(|(_, member)| member).collect();
    // Also where nothing is: what was to begin then was withdrawn, and something else is due next.
    post::pass_due(tx, cx, programme, &members, true)?;
    Ok((members.len(), last))
}

/// Lets everything happen that is due at a merchant, until `stop` says otherwise. Returns in how many books.
pub fn run(store: &Store, merchant: MerchantNo, stop: &dyn Fn() -> bool) -> Result<usize> {
    let mut done = 0;
    for programme in store.read_now(move |tx| service::list(tx, merchant))? {
        if programme.state != State::Archived {
            done += run_one(store, merchant, programme.id, stop)?;
        }
    }
    Ok(done)
}

fn run_one(store: &Store, merchant: MerchantNo, id: ProgrammeId, stop: &dyn Fn() -> bool) -> Result<usize> {
    let (mut done, mut of_this_round, mut after) = (0, 0, START);
    while !stop() {
        // Looked for by a reader first: mostly nothing is due, and nothing is no reason to write.
        let now = store.clock().now();
        let more = if any(store, merchant, id, now, after)? { steps(store, merchant, id, after)? } else { (0, after) };
        after = more.1;
        of_this_round += more.0;
        if more.0 > 0 {
            continue;
        }
        // What others had in hand meanwhile is looked for once more; what is then left is in their hands.
        if of_this_round == 0 {
            break;
        }
        (done, of_this_round, after) = (done + of_this_round, 0, START);
    }
    Ok(done + of_this_round)
}

fn any(store: &Store, merchant: MerchantNo, id: ProgrammeId, now: Instant, after: Place) -> Result<bool> {
    store.read_now(move |tx| {
        Ok(tx.row(sql::ANY_DUE, args![merchant, id, now, after.0, after.1])?.is_some()
            || tx.row(orders::sql::ANY_TO_LOOK_AT, args![merchant, id, now])?.is_some())
    })
}

/// Some steps after a place. In how many books, or orders, something happened, and the place of the last.
fn steps(store: &Store, merchant: MerchantNo, id: ProgrammeId, after: Place) -> Result<(usize, Place)> {
    let one = |_| {
        let cx = Ctx::new(merchant, ACTOR, store.clock().now());
        store.write_soon(Lane::Bulk, move |tx| {
            let programme = service::get(tx, merchant, id)?;
            if programme.state == State::Archived {
                return Ok((0, after));
            }
            let orders = orders::look_again(tx, &cx, &programme, STEP)?;
            let (books, last) = step(tx, &cx, &programme, after, STEP)?;
            Ok((orders + books, last))
        })
    };
    let under_way: Vec<_> = (0..AHEAD).map(one).collect();
    // All are waited for, whatever becomes of one: none is left behind under way.
    let ended: Vec<_> = under_way.into_iter().map(Pending::wait).collect();
    let mut all = (0, after);
    for step in ended {
        let (count, last) = step?;
        all = (all.0 + count, all.1.max(last));
    }
    Ok(all)
}
