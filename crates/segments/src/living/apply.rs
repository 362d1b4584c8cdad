//! Who came and who went, written with what tells of it.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Event, Tx, Value, args};

use crate::calendar::Reckoning;
use crate::model::{Cause, ChangeKind, PersonId, SegmentId};
use crate::service::{self, blobs};
use crate::sql;

/// Who is to be in a segment, and who is not, of some members.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// In.
    pub inside: BTreeSet<PersonId>,
    /// Not in.
    pub outside: BTreeSet<PersonId>,
}

/// What a change is written with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct How {
    /// When.
    pub at: Instant,
    /// Why.
    pub cause: Cause,
    /// Whether each coming and going is told. The first members of a segment did not come: they were there.
    pub told: bool,
}

/// Brings membership to what is wanted. Whoever is in already, or not in, is left as they are, so that a
/// second time changes nothing. Returns how many came and went.
pub fn apply(tx: &mut Tx<'_>, cx: &Ctx, wanted: &BTreeMap<SegmentId, Wanted>, how: How) -> Result<usize> {
    let people: BTreeSet<PersonId> = wanted.values().flat_map(|w| w.inside.iter().chain(&w.outside)).copied().collect();
    let mut is_in: BTreeMap<SegmentId, BTreeSet<PersonId>> = BTreeMap::new();
    if let [(segment, _)] = wanted.iter().collect::<Vec<_>>()[..] {
        let rows = tx.rows(sql::AMONG, &[cx.merchant.into(), (*segment).into(), ids(people)])?;
        is_in.insert(*segment, rows.into_iter().map(|mut r| r.get(0)).collect::<Result<_>>()?);
    } else {
        for mut row in tx.rows(sql::OF_MEMBERS, &[cx.merchant.into(), ids(people)])? {
            is_in.entry(row.get(0)?).or_default().insert(row.get(1)?);
        }
    }
    let none = BTreeSet::new();
    let mut all = 0;
    for (segment, wanted) in wanted {
        let now = is_in.get(segment).unwrap_or(&none);
        let came: Vec<PersonId> = wanted.inside.difference(now).copied().collect();
        let went: Vec<PersonId> = wanted.outside.intersection(now).copied().collect();
        if !came.is_empty() || !went.is_empty() {
            all += came.len() + went.len();
            write(tx, cx, *segment, &came, &went, how)?;
        }
    }
    Ok(all)
}

fn ids(people: impl IntoIterator<Item = PersonId>) -> Value {
    blobs(people.into_iter().map(|id| *id.bytes()))
}

fn write(tx: &mut Tx<'_>, cx: &Ctx, segment: SegmentId, came: &[PersonId], went: &[PersonId], how: How) -> Result<()> {
    let m = cx.merchant;
    if !came.is_empty() {
        tx.insert_many(&sql::PUT_IN, came.iter().map(|p| vec![m.into(), segment.into(), (*p).into(), how.at.into()]).collect())?;
    }
    if !went.is_empty() {
        tx.exec(sql::TAKE_OUT, &[m.into(), segment.into(), ids(went.iter().copied())])?;
    }
    tx.exec(sql::GROW, args![m, segment, came.len() as i64 - went.len() as i64])?;
    if !how.told {
        return Ok(());
    }
    let (mut changes, mut events) = (Vec::new(), Vec::new());
    for (person, entered) in came.iter().map(|p| (p, true)).chain(went.iter().map(|p| (p, false))) {
        let id = cx.new_id::<ChangeKind>();
        changes.push(vec![
            m.into(),
            id.into(),
            segment.into(),
            (*person).into(),
            i64::from(entered).into(),
            how.at.into(),
            how.cause.word().into(),
        ]);
        events.push(told(segment, *person, entered, how));
    }
    tx.insert_many(&sql::PUT_CHANGES, changes)?;
    tx.emit_many(cx, events)?;
    put_day(tx, cx, segment, how.at, came.len() as i64, went.len() as i64)
}

fn told(segment: SegmentId, person: PersonId, entered: bool, how: How) -> Event {
    Event {
        kind: if entered { "segment.entered" } else { "segment.left" },
        version: 1,
        occurred_at: how.at,
        subject_kind: "mem",
        subject: *person.bytes(),
        member: Some(*person.bytes()),
        data: serde_json::json!({ "segment": segment, "cause": how.cause.word() }).to_string(),
    }
}

/// Adds to a day of a segment, and keeps its size at the end of that.
pub fn put_day(tx: &mut Tx<'_>, cx: &Ctx, segment: SegmentId, at: Instant, came: i64, went: i64) -> Result<()> {
    let size: i64 = tx.row(sql::GET_SIZE, args![cx.merchant, segment])?.map_or(Ok(0), |mut r| r.get(0))?;
    let day = Reckoning::new(at.micros(), &service::zone(tx, cx.merchant)?).today;
    tx.insert_many(&sql::PUT_DAY, vec![vec![cx.merchant.into(), segment.into(), day.into(), size.into(), came.into(), went.into()]])?;
    Ok(())
}

/// Says how many are in a segment, of all of whom it was just found out.
pub fn set_size(tx: &mut Tx<'_>, cx: &Ctx, segment: SegmentId, size: i64) -> Result<()> {
    tx.exec(sql::SET_SIZE, args![cx.merchant, segment, size, cx.now])?;
    put_day(tx, cx, segment, cx.now, 0, 0)
}
