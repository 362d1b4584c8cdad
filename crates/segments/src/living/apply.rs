//! Who came and who went, written with what tells of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Event, Tx, Value, args};

use crate::calendar::Reckoning;
use crate::model::{Cause, ChangeKind, PersonId, SegmentId};
use crate::service::{self, blobs};
use crate::sql;

/// Members with segments that are looked for at a time.
const PAIRS: usize = 4_000;

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

/// Who came into a segment, and who went.
#[derive(Default)]
struct Moves {
    came: Vec<PersonId>,
    went: Vec<PersonId>,
}

/// Brings membership to what is wanted. Whoever is in already, or not in, is left as they are, so that a
/// second time changes nothing. Returns how many came and went.
pub fn apply(tx: &mut Tx<'_>, cx: &Ctx, wanted: &BTreeMap<SegmentId, Wanted>, how: How) -> Result<usize> {
    let of = |(segment, wanted): (&SegmentId, &Wanted)| {
        let segment = *segment;
        wanted.inside.iter().chain(&wanted.outside).map(move |person| (segment, *person)).collect::<Vec<_>>()
    };
    let is_in = members_among(tx, cx, &wanted.iter().flat_map(of).collect::<Vec<_>>())?;
    let mut moves: BTreeMap<SegmentId, Moves> = BTreeMap::new();
    for (segment, wanted) in wanted {
        let is_in = |person: &&PersonId| is_in.contains(&(*segment, **person));
        let came: Vec<PersonId> = wanted.inside.iter().filter(|p| !is_in(p)).copied().collect();
        let went: Vec<PersonId> = wanted.outside.iter().filter(is_in).copied().collect();
        if !came.is_empty() || !went.is_empty() {
            moves.insert(*segment, Moves { came, went });
        }
    }
    write(tx, cx, &moves, how)?;
    Ok(moves.values().map(|m| m.came.len() + m.went.len()).sum())
}

/// Which of these members are in which of these segments.
pub fn members_among(tx: &mut Tx<'_>, cx: &Ctx, pairs: &[(SegmentId, PersonId)]) -> Result<HashSet<(SegmentId, PersonId)>> {
    let mut found = HashSet::new();
    for some in pairs.chunks(PAIRS) {
        for mut row in tx.rows(sql::AMONG, &[cx.merchant.into(), joined(some.iter().copied())])? {
            found.insert((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

/// Members with their segments, as statements take them.
fn joined(pairs: impl IntoIterator<Item = (SegmentId, PersonId)>) -> Value {
    blobs(pairs.into_iter().map(|(segment, person)| [*segment.bytes(), *person.bytes()].concat()))
}

fn write(tx: &mut Tx<'_>, cx: &Ctx, moves: &BTreeMap<SegmentId, Moves>, how: How) -> Result<()> {
    let m = cx.merchant;
    if moves.is_empty() {
        return Ok(());
    }
    let came = moves.iter().flat_map(|(segment, of)| of.came.iter().map(move |p| (*segment, *p)));
    tx.insert_many(&sql::PUT_IN, came.map(|(s, p)| vec![m.into(), s.into(), p.into(), how.at.into()]).collect())?;
    let mut went = moves.iter().flat_map(|(segment, of)| of.went.iter().map(move |p| (*segment, *p))).peekable();
    if went.peek().is_some() {
        tx.exec(sql::TAKE_OUT, &[m.into(), joined(went)])?;
    }
    // Few differ: those that grow alike are told together.
    let mut growth: BTreeMap<i64, Vec<SegmentId>> = BTreeMap::new();
    for (segment, of) in moves {
        growth.entry(of.came.len() as i64 - of.went.len() as i64).or_default().push(*segment);
    }
    for (by, segments) in growth.into_iter().filter(|(by, _)| *by != 0) {
        tx.exec(sql::GROW, &[m.into(), blobs(segments.iter().map(|s| *s.bytes())), by.into()])?;
    }
    if !how.told {
        return Ok(());
    }
    let (mut changes, mut events) = (Vec::new(), Vec::new());
    for (segment, of) in moves {
        for (person, entered) in of.came.iter().map(|p| (p, true)).chain(of.went.iter().map(|p| (p, false))) {
            let id = cx.new_id::<ChangeKind>();
            changes.push(vec![
                m.into(),
                id.into(),
                (*segment).into(),
                (*person).into(),
                i64::from(entered).into(),
                how.at.into(),
                how.cause.word().into(),
            ]);
            events.push(told(*segment, *person, entered, how));
        }
    }
    tx.insert_many(&sql::PUT_CHANGES, changes)?;
    tx.emit_many(cx, events)?;
    put_days(tx, cx, how.at, moves.iter().map(|(segment, of)| (*segment, [of.came.len() as i64, of.went.len() as i64])).collect())
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

/// Adds comings and goings to a day of segments, and keeps their sizes at the end of that.
pub fn put_days(tx: &mut Tx<'_>, cx: &Ctx, at: Instant, moves: BTreeMap<SegmentId, [i64; 2]>) -> Result<()> {
    let day = Reckoning::new(at.micros(), &service::zone(tx, cx.merchant)?).today;
    let mut days = Vec::with_capacity(moves.len());
    for mut row in tx.rows(sql::GET_SIZES, &[cx.merchant.into(), blobs(moves.keys().map(|s| *s.bytes()))])? {
        let (segment, size): (SegmentId, i64) = (row.get(0)?, row.get(1)?);
        let [came, went] = moves.get(&segment).copied().unwrap_or_default();
        days.push(vec![cx.merchant.into(), segment.into(), day.into(), size.into(), came.into(), went.into()]);
    }
    tx.insert_many(&sql::PUT_DAY, days).map(drop)
}

/// Says how many are in a segment, of all of whom it was just found out.
pub fn set_size(tx: &mut Tx<'_>, cx: &Ctx, segment: SegmentId, size: i64) -> Result<()> {
    tx.exec(sql::SET_SIZE, args![cx.merchant, segment, size, cx.now])?;
    put_days(tx, cx, cx.now, BTreeMap::from([(segment, [0, 0])]))
}
