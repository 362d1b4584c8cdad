//! A re-run made ready, told as a whole, told order by order, and begun.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_loyalty::event::{Event, Member};
use shuke_loyalty::fold::History;
use shuke_loyalty::rerun::{Found, find};
use shuke_members::MemberId;
use shuke_store::jobs::JobId;
use shuke_store::{Row as Stored, Store, Tx, args};

use super::model::{Asked, Ready, Row, Summary};
use super::{CHANGED, NOT_BEGUN, NOTHING, RerunId, UNDER_WAY, jobs, sql};
use crate::book::rows::ids;
use crate::definition::model::{State, note, read_rules};
use crate::definition::{NO_VERSION, ProgrammeId, WRONG_STATE, service};

/// Members of a step.
const STEP: i64 = 200;
/// Before every member.
pub(super) const FIRST: MemberId = MemberId::from_bytes([0; 16]);

/// Reads what is asked. Only orders that were in the books by `known` are judged.
///
/// # Errors
/// Refuses programmes that are put away, versions that are not there or have not begun, and spans that cannot be judged.
pub fn ready(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, asked: Asked, known: Instant) -> Result<Ready> {
    let programme = service::get(tx, cx.merchant, id)?;
    if programme.state == State::Archived {
        return Err(WRONG_STATE.with("state", programme.word(cx.now)).into());
    }
    let all = service::versions(tx, cx.merchant, id)?;
    let found = all.iter().find(|v| v.no == asked.version).ok_or_else(|| Error::from(NO_VERSION.refuse()))?;
    if found.from > cx.now || found.withdrawn_at.is_some() {
        return Err(NOT_BEGUN.with("no", found.no).at("version").into());
    }
    let mut version = read_rules(&serde_json::from_str(&found.rules)?)?;
    version.version = u32::try_from(found.no).map_err(Error::fault)?;
    let rules = service::rules(tx, cx.merchant, &programme)?;
    let span = asked.span(&programme, &version, cx.now)?;
    Ok(Ready { merchant: cx.merchant, programme, rules, version, asked, span, known })
}

/// What members of a step come to.
pub(super) struct Step {
    /// The members, in their order.
    pub(super) members: Vec<MemberId>,
    /// What was found of each whose book is open and whose numbers can be reckoned.
    pub(super) found: BTreeMap<MemberId, Found>,
    /// How many books are closed.
    pub(super) closed: u64,
}

/// The members of the next step.
pub(super) fn members(tx: &mut Tx<'_>, ready: &Ready, after: MemberId, limit: i64) -> Result<Vec<MemberId>> {
    let rows =
        tx.rows(sql::MEMBERS, args![ready.merchant, ready.programme.id, after, ready.span.from, ready.span.to, ready.known, limit])?;
    rows.into_iter().map(|mut row| row.get(0)).collect()
}

/// Judges these members' orders.
pub(super) fn judge(tx: &mut Tx<'_>, ready: &Ready, members: Vec<MemberId>) -> Result<Step> {
    let id = ready.programme.id;
    let mut histories: BTreeMap<MemberId, Vec<Event>> = BTreeMap::new();
    for mut row in tx.rows(sql::HISTORIES, args![ready.merchant, id, ids(&members)])? {
        let event = Event { time: row.get(1)?, id: row.get(2)?, act: serde_json::from_str(&row.get::<String>(3)?)? };
        histories.entry(row.get(0)?).or_default().push(event);
    }
    let (mut found, mut closed) = (BTreeMap::new(), 0);
    for mut row in tx.rows(sql::BOOKS, args![ready.merchant, id, ids(&members)])? {
        let (member, state): (MemberId, String) = (row.get(0)?, row.get(1)?);
        if state != "open" {
            closed += 1;
            continue;
        }
        let events = histories.remove(&member).unwrap_or_default();
        if let Some(judged) = one(ready, &mut row, &events)? {
            found.insert(member, judged);
        }
    }
    Ok(Step { members, found, closed })
}

/// What is found of a member; none where numbers are too large to reckon.
fn one(ready: &Ready, row: &mut Stored, events: &[Event]) -> Result<Option<Found>> {
    let facts: Member = serde_json::from_str(&row.get::<String>(3)?)?;
    let history = History { rules: &ready.rules, member: &facts, origin: row.get(2)?, events };
    Ok(find(&history, row.get(4)?, &ready.version, ready.span).ok())
}

fn each(store: &Store, ready: &Ready, after: MemberId, stop: &AtomicBool, told: &mut dyn FnMut(Step) -> Result<bool>) -> Result<()> {
    let mut at = after;
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(Error::fault("nobody waits for this re-run any more"));
        }
        let of = ready.clone();
        let step = store.read_now(move |tx| {
            let members = members(tx, &of, at, STEP)?;
            judge(tx, &of, members)
        })?;
        let Some(last) = step.members.last().copied() else { return Ok(()) };
        if !told(step)? {
            return Ok(());
        }
        at = last;
    }
}

fn rows_of(member: MemberId, found: Found) -> Vec<Row> {
    found.corrections.into_iter().map(|correction| Row { member, correction }).collect()
}

/// What a re-run comes to, over all members with orders in the span. For a thread that may block.
///
/// # Errors
/// What the store says; where `stop` says that nobody waits.
pub fn summary(store: &Store, ready: &Ready, stop: &AtomicBool) -> Result<Summary> {
    let mut all = Summary::default();
    each(store, ready, FIRST, stop, &mut |step| {
        all.members += step.members.len() as u64;
        all.closed += step.closed;
        all.unreckoned += (step.members.len() as u64).saturating_sub(step.closed + step.found.len() as u64);
        for (member, found) in step.found {
            (all.orders, all.merged) = (all.orders + found.orders, all.merged + found.elsewhere);
            all.add(&rows_of(member, found));
        }
        Ok(true)
    })?;
    Ok(all)
}

/// Up to so many corrections in order of members and orders, after one.
///
/// # Errors
/// As [`summary`].
pub fn rows(store: &Store, ready: &Ready, after: Option<(MemberId, String)>, limit: usize, stop: &AtomicBool) -> Result<Vec<Row>> {
    let mut out = Vec::new();
    let start = match after {
        None => FIRST,
        Some((member, order)) => {
            let of = ready.clone();
            let step = store.read_now(move |tx| judge(tx, &of, vec![member]))?;
            let rest = step.found.into_iter().flat_map(|(member, found)| rows_of(member, found));
            out.extend(rest.filter(|row| row.correction.order > order));
            member
        }
    };
    if out.len() < limit {
        each(store, ready, start, stop, &mut |step| {
            out.extend(step.found.into_iter().flat_map(|(member, found)| rows_of(member, found)));
            Ok(out.len() < limit)
        })?;
    }
    out.truncate(limit);
    Ok(out)
}

/// What was told of a re-run before it was asked to be booked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expected {
    /// So many corrections,
    pub corrections: i64,
    /// of so many points together.
    pub points: i64,
}

/// What a re-run needs to be booked, as its task keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) rerun: RerunId,
    pub(super) programme: ProgrammeId,
    pub(super) version: i64,
    pub(super) from: jiff::civil::Date,
    pub(super) to: jiff::civil::Date,
    pub(super) known: Instant,
    pub(super) members: i64,
    pub(super) note: String,
}

/// Refuses what is no longer what was told, or nothing.
///
/// # Errors
/// In both cases.
pub fn agrees(found: &Summary, expected: Expected) -> Result<()> {
    if i128::from(found.corrections) != i128::from(expected.corrections) || found.points() != i128::from(expected.points) {
        return Err(CHANGED.with("corrections", found.corrections).with("points", found.points()).into());
    }
    if found.corrections == 0 { Err(NOTHING.refuse().into()) } else { Ok(()) }
}

/// Queues the booking of a re-run whose summary agreed, and writes it into the audit.
///
/// # Errors
/// Refuses while another of the programme is under way, and a note that is none.
pub fn begin(tx: &mut Tx<'_>, cx: &Ctx, ready: &Ready, found: &Summary, text: &str) -> Result<(RerunId, JobId)> {
    let programme = service::hold(tx, cx.merchant, ready.programme.id)?;
    let key = format!("{}/{}", jobs::KIND, programme.id);
    if tx.row(sql::OPEN_TASK, args![cx.merchant, &key])?.is_some() {
        return Err(UNDER_WAY.refuse().into());
    }
    let (rerun, Asked { version, from, to }): (RerunId, _) = (cx.new_id(), ready.asked);
    let plan = Plan {
        rerun,
        programme: programme.id,
        version,
        from,
        to,
        known: ready.known,
        members: i64::try_from(found.members).unwrap_or(i64::MAX),
        note: note(text)?,
    };
    let job = jobs::enqueue(tx, cx, &programme, &plan, &key)?;
    let told = format!("{} {rerun}: {version}, {from} – {to}, {} / {}", programme.name, found.corrections, found.points());
    audit::record(tx, cx, "programme.rerun", &programme.id.to_string(), &told)?;
    Ok((rerun, job))
}
