//! Entries summed by month: what all books of a programme come to. What is owed in points is told from these sums by
//! [`crate::owed`].
//!
//! What was booked before [`Programme::summed_at`] is kept summed, by the month of booking and the month of the lot;
//! what came since is added when somebody asks. So no question walks over all books, and a posting writes no sum that
//! others would wait for.

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_loyalty::Account;
use shuke_store::{Lane, Store, Tx, args};

use super::entries::account_of;
use super::{due, post, sql};
use crate::definition::{Programme, service, sql as definition};
use crate::owed::cells::{Moves, end_of};

/// A transaction that began before may still be under way: what was booked in the last so many seconds is not summed yet,
/// and a month is closed so long after its end.
pub(crate) const SETTLES: i64 = 600;
/// Entries summed at a time.
const STEP: i64 = 20_000;

/// Adds up the entries booked in `[from, to)` that are not summed yet.
pub(crate) fn tail(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, from: Instant, to: Instant, into: &mut Moves) -> Result<()> {
    let from = from.max(programme.summed_at);
    for mut r in tx.rows(sql::TAIL, args![cx.merchant, programme.id, from, to])? {
        let key = (r.get(0)?, account_of(&r.get::<String>(1)?)?, account_of(&r.get::<String>(2)?)?);
        *into.entry(key).or_default() += i128::from(r.get::<i64>(3)?);
    }
    Ok(())
}

/// All books together, by account.
pub fn totals(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<Vec<(&'static str, i64)>> {
    let mut moves = Moves::new();
    for mut r in tx.rows(sql::SUMMED, args![cx.merchant, programme.id])? {
        let key = (0, account_of(&r.get::<String>(0)?)?, account_of(&r.get::<String>(1)?)?);
        *moves.entry(key).or_default() += i128::from(r.get::<i64>(2)?);
    }
    tail(tx, cx, programme, Instant(i64::MIN), Instant(i64::MAX), &mut moves)?;
    let mut of = [0_i128; 8];
    for ((_, from, to), amount) in moves {
        of[from as usize] -= amount;
        of[to as usize] += amount;
    }
    Ok(Account::ALL.iter().map(|a| (a.name(), i64::try_from(of[*a as usize]).unwrap_or(i64::MAX))).collect())
}

/// Sums some more of what was booked. Whether there is more to sum.
pub fn advance(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<bool> {
    let held = service::hold(tx, cx.merchant, programme.id)?;
    let rules = service::rules(tx, cx.merchant, programme)?;
    let zone = &rules.first().zone;
    let upto = cx.now.plus_seconds(-SETTLES);
    let Some(mut next) = tx.row(sql::NEXT_BOOKED, args![cx.merchant, held.id, held.summed_at, 0_i64])? else { return Ok(false) };
    let first: Instant = next.get(0)?;
    if first >= upto {
        return Ok(false);
    }
    let month = post::month(zone, first);
    let far = tx.row(sql::NEXT_BOOKED, args![cx.merchant, held.id, first, STEP])?.map(|mut r| r.get::<Instant>(0)).transpose()?;
    // A posting books all its entries at one instant: the stretch goes at least beyond the first.
    let to = far.map_or(upto, |far| far.max(Instant(first.micros() + 1))).min(upto).min(end_of(zone, month));
    tx.exec(sql::ADD_SUMS, args![cx.merchant, held.id, month, first, to])?;
    tx.exec(definition::SUMMED, args![cx.merchant, held.id, to])?;
    Ok(true)
}

/// Sums what was booked at a merchant, until `stop` says otherwise.
pub fn run(store: &Store, merchant: MerchantNo, stop: &dyn Fn() -> bool) -> Result<()> {
    for programme in store.read_now(move |tx| service::list(tx, merchant))? {
        while !stop() {
            let (cx, of) = (Ctx::new(merchant, due::ACTOR, store.clock().now()), programme.clone());
            if !store.write_now(Lane::Bulk, move |tx| advance(tx, &cx, &of))? {
                break;
            }
        }
    }
    Ok(())
}
