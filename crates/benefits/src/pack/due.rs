//! Packs that come with a day of the year: everybody is looked at once for each day that passed, some members at a time,
//! each step with its place in the transaction of what it gave. Whatever breaks off goes on where it was.

use jiff::civil::Date;
use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_members::{MemberId, profile};
use shuke_store::{Lane, Store, Tx, args};

use super::follow::ACTOR;
use super::give::{Reason, give};
use super::model::{Pack, falls_between};
use super::{service, sql};
use crate::PackId;

/// Members looked at in one transaction.
const STEP: i64 = 500;
/// Days that are made up for at most where nothing ran meanwhile.
const BACK: i64 = 31;

/// Looks at everybody for the packs of a merchant that come with a day of the year, until `stop` says otherwise. Returns how
/// many were given.
pub fn run(store: &Store, merchant: MerchantNo, stop: &dyn Fn() -> bool) -> Result<usize> {
    let mut given = 0;
    let now = store.clock().now();
    let today = store.read_now(move |tx| Ok(merchants::zone_of(tx, merchant)?.day(now).to_string()))?;
    for pack in store.read_now(move |tx| service::active(tx, merchant))? {
        while pack.definition.occasion.yearly() && pack.walked < today && !stop() {
            let cx = Ctx::new(merchant, ACTOR, store.clock().now());
            let id = pack.id;
            match store.write_now(Lane::Bulk, move |tx| step(tx, &cx, id, STEP))? {
                Some(more) => given += more,
                None => break,
            }
        }
    }
    Ok(given)
}

fn read_day(text: &str) -> Result<Date> {
    text.parse().map_err(Error::fault)
}

/// The next members of a walk. How many got the pack; none where there is nobody left to look at today.
pub fn step(tx: &mut Tx<'_>, cx: &Ctx, id: PackId, limit: i64) -> Result<Option<usize>> {
    let Some(mut r) = tx.row(sql::WALK, args![cx.merchant, id])? else { return Ok(None) };
    let (walked, to, after): (String, Option<String>, Option<MemberId>) = (r.get(0)?, r.get(1)?, r.get(2)?);
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let today = zone.day(cx.now);
    let walked = read_day(&walked)?;
    if walked >= today {
        return Ok(None);
    }
    // A walk that began goes to the day it began with, so that everybody is looked at for the same days.
    let to = to.as_deref().map(read_day).transpose()?.unwrap_or(today);
    let earliest = to.checked_sub(jiff::Span::new().days(BACK)).map_err(Error::fault)?;
    let from = walked.max(earliest);
    let pack = service::get(tx, cx.merchant, id)?;
    let people = profile::born_after(tx, cx, after.unwrap_or(MemberId::from_bytes([0; 16])), limit)?;
    let Some(last) = people.last().map(|born| born.member) else {
        tx.exec(sql::WALKED, args![cx.merchant, id, to.to_string()])?;
        return Ok(Some(0));
    };
    let mut given = 0;
    for born in people {
        let joined = zone.day(born.joined);
        if let Some((year, day)) = falls_between(pack.definition.occasion, born.birthday, joined, from, to) {
            given += usize::from(give(tx, cx, id, born.member, &reason(&pack, &zone, year, day, cx.now))?);
        }
    }
    tx.exec(sql::WALKING, args![cx.merchant, id, to.to_string(), last])?;
    Ok(Some(given))
}

/// The year names the occasion. On the pack's first day it is there from when the pack begins.
fn reason(pack: &Pack, zone: &shuke_kernel::Zone, year: i16, day: Date, now: Instant) -> Reason {
    let begins = pack.begins();
    let at = zone.start_of(day).unwrap_or(now);
    let at = if zone.day(begins) == day { at.max(begins) } else { at };
    Reason { name: year.to_string(), at, until: None }
}
