//! Who is in a segment, who came and went, and how large it was day by day.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Tx, Value, args};

use crate::model::{Cause, PersonId, SegmentId};
use crate::service::blobs;
use crate::sql;

/// Comings and goings of these segments on a day, counted from 1970-01-01.
pub fn on_day(tx: &mut Tx<'_>, cx: &Ctx, ids: &[SegmentId], day: i64) -> Result<BTreeMap<SegmentId, (i64, i64)>> {
    let rows = tx.rows(sql::DAY, &[cx.merchant.into(), blobs(ids.iter().map(|id| *id.bytes())), day.into()])?;
    rows.into_iter().map(|mut r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?)))).collect()
}

/// Takes members out of every segment, and what is told of their coming and going: in the transaction
/// that erases them.
pub fn erased(tx: &mut Tx<'_>, cx: &Ctx, members: &[[u8; 16]]) -> Result<()> {
    // Whatever is being written of them is written before, and what was judged of them is judged again.
    tx.row(sql::LOCK_TURN, args![cx.merchant])?;
    tx.exec(sql::TURN, args![cx.merchant])?;
    let ids = blobs(members);
    let mut by: BTreeMap<SegmentId, i64> = BTreeMap::new();
    for mut row in tx.rows(sql::OF_MEMBERS, &[cx.merchant.into(), ids.clone()])? {
        *by.entry(row.get(0)?).or_default() += 1;
    }
    for (segment, count) in by {
        tx.exec(sql::GROW, &[cx.merchant.into(), blobs([*segment.bytes()]), (-count).into()])?;
    }
    tx.exec(sql::FORGET_MEMBERS, &[cx.merchant.into(), ids.clone()])?;
    tx.exec(sql::FORGET_CHANGES, &[cx.merchant.into(), ids]).map(|_: u64| ())
}

/// Who is in a segment, since when, and whether they came: who was there when it was first reckoned did not.
pub type Inside = (PersonId, Instant, bool);

/// A page of who is in a segment: those who came last first.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, since: i64, before: (i64, PersonId), limit: i64) -> Result<Vec<Inside>> {
    let args: [Value; 6] = [cx.merchant.into(), id.into(), since.into(), before.0.into(), before.1.into(), limit.into()];
    let page = if since > i64::MIN { sql::PAGE_CAME } else { sql::PAGE };
    tx.rows(page, &args)?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?, r.get::<i64>(2)? == 1))).collect()
}

/// A coming or going.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coming {
    /// Which.
    pub id: crate::model::ChangeId,
    /// Who.
    pub member: PersonId,
    /// In, or out.
    pub entered: bool,
    /// When.
    pub at: Instant,
    /// Why.
    pub cause: Cause,
}

/// A page of comings and goings, newest first.
pub fn changes(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, before: (i64, [u8; 16]), limit: i64) -> Result<Vec<Coming>> {
    let rows = tx.rows(sql::CHANGES, args![cx.merchant, id, before.0, before.1, limit])?;
    rows.into_iter()
        .map(|mut r| {
            let cause: String = r.get(4)?;
            let cause = Cause::named(&cause).ok_or_else(|| Error::fault(format!("a change with the cause {cause}")))?;
            Ok(Coming { id: r.get(0)?, member: r.get(1)?, entered: r.get::<i64>(2)? == 1, at: r.get(3)?, cause })
        })
        .collect()
}

/// A day of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Day {
    /// Counted from 1970-01-01.
    pub day: i64,
    /// How many there were at its last change.
    pub size: i64,
    /// Who came.
    pub entered: i64,
    /// Who went.
    pub left: i64,
}

/// The days of `[from, to)` on which something changed.
pub fn days(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, from: i64, to: i64) -> Result<Vec<Day>> {
    let rows = tx.rows(sql::DAYS, args![cx.merchant, id, from, to])?;
    rows.into_iter().map(|mut r| Ok(Day { day: r.get(0)?, size: r.get(1)?, entered: r.get(2)?, left: r.get(3)? })).collect()
}
