//! The fold itself, without a journal around it: state and event go in, answer, entries and state come out.
//!
//! An event in order of time goes forward from the state there is ([`next`]). One that arrives late is put where it
//! belongs: events are folded anew from a state before it, once without and once with it, and the difference is booked
//! as corrections ([`late`]). Facts are then judged anew, those that were refused as well. Requests that were accepted
//! stay accepted, and refused ones refused: somebody had that answer. A late request that could only be granted by
//! taking from one accepted before is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::event::{Act, Event, Outcome};
use crate::jobs::advance;
use crate::json::Read;
use crate::ledger::{Account, Cause, Entry};
use crate::programme::Programme;
use crate::state::State;
use crate::turn::Turn;

/// What came of an event, or of time passing.
#[derive(Debug, PartialEq, Eq)]
pub struct Folded {
    /// The answer.
    pub outcome: Outcome,
    /// What is booked.
    pub entries: Vec<Entry>,
}

/// The state before the first event of a month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// How many events are in it.
    pub events: usize,
    /// The state after them.
    pub state: State,
}

/// What a late event is folded into.
pub struct Past<'a> {
    /// The state as it is.
    pub present: &'a State,
    /// The state that it was folded from, not later than the event.
    pub booked_from: State,
    /// The state to fold from now: the same, unless the event moves the beginning of all.
    pub from: State,
    /// The events since, in order of time.
    pub events: &'a [Event],
}

/// What came of a late event.
pub struct Late {
    /// The answer, and the entries that correct.
    pub folded: Folded,
    /// Where the event belongs among those of the past.
    pub place: usize,
    /// The state, and snapshots on the way, counted from the beginning of the past. None where nothing changes: the request was refused.
    pub state: Option<(State, Vec<Snapshot>)>,
}

/// Lets time pass up to `at`: jobs that are due run.
///
/// # Errors
/// Where numbers become too large to reckon; the state is then of no further use.
pub fn pass(programme: &Programme, state: &mut State, at: Instant) -> Read<Folded> {
    let mut entries = Vec::new();
    advance(programme, state, at, &mut entries)?;
    Ok(Folded { outcome: Outcome::Ok, entries })
}

/// Folds an event that is not earlier than the state's clock. A refused request changes nothing but the clock.
///
/// # Errors
/// Where numbers become too large to reckon; the state is then of no further use.
pub fn next(programme: &Programme, state: &mut State, event: &Event) -> Read<Folded> {
    let mut entries = Vec::new();
    advance(programme, state, event.time, &mut entries)?;
    let outcome = apply(programme, state, event, false, &mut entries)?;
    Ok(Folded { outcome, entries })
}

/// Folds an event that is earlier than the clock and arrives at `at`.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn late(programme: &Programme, past: Past<'_>, event: &Event, at: Instant) -> Read<Late> {
    let Past { present, booked_from, from, events } = past;
    let place = events.partition_point(|e| e.time <= event.time);
    let (before, after) = events.split_at(place);
    let stands = |e| (e, true);
    let old = replay(programme, booked_from, events.iter().map(stands), present.clock)?;
    let with_it = before.iter().map(stands).chain([(event, false)]).chain(after.iter().map(stands));
    let new = replay(programme, from, with_it, present.clock)?;

    let outcome = answered(new.outcome, event, &old.state, &new.state);
    let nothing = |outcome| Late { folded: Folded { outcome, entries: Vec::new() }, place, state: None };
    if event.act.is_request() && !outcome.kept() {
        return Ok(nothing(outcome));
    }
    if event.act.is_request() && new.state.strain > present.strain {
        return Ok(nothing(refusal(programme, present, event, at)?));
    }
    let entries = difference(&old.entries, &new.entries);
    Ok(Late { folded: Folded { outcome, entries }, place, state: Some((new.state, new.snapshots)) })
}

/// What is answered to a late request that what was accepted since leaves no room for: what it would hear today, or the refusal of its kind.
fn refusal(programme: &Programme, present: &State, event: &Event, at: Instant) -> Read<Outcome> {
    let mut today = present.clone();
    let outcome = next(programme, &mut today, &Event { time: at.max(present.clock), ..event.clone() })?.outcome;
    Ok(match event.act {
        _ if !outcome.kept() => outcome,
        Act::SpendReverse { .. } => Outcome::ExceedsSpend,
        Act::HoldCapture { .. } | Act::HoldRelease { .. } => Outcome::Unknown,
        Act::Claim { .. } => Outcome::OutOfStock,
        Act::Release { .. } => Outcome::NotLocked,
        Act::Lock { .. } | Act::Redeem { .. } | Act::Revoke { .. } => Outcome::NotAvailable,
        _ => Outcome::InsufficientPoints,
    })
}

/// Whether an event is the first of its month after the one before it.
pub fn new_month(programme: &Programme, before: Option<&Event>, event: &Event) -> bool {
    let month = |e: &Event| programme.zone.day(e.time).first_of_month();
    before.is_some_and(|before| month(before) != month(event))
}

/// What a stretch of history comes to.
struct Replayed {
    state: State,
    entries: Vec<Entry>,
    snapshots: Vec<Snapshot>,
    outcome: Outcome,
}

/// Goes through events from a state, and on to `to`. Each is given with whether it stands; of the one that does not the answer is told.
fn replay<'a>(programme: &Programme, mut state: State, events: impl Iterator<Item = (&'a Event, bool)>, to: Instant) -> Read<Replayed> {
    let (mut entries, mut snapshots, mut outcome) = (Vec::new(), Vec::new(), Outcome::Ok);
    let mut before = None;
    for (i, (event, stands)) in events.enumerate() {
        if new_month(programme, before, event) {
            snapshots.push(Snapshot { events: i, state: state.clone() });
        }
        advance(programme, &mut state, event.time, &mut entries)?;
        let answer = apply(programme, &mut state, event, stands, &mut entries)?;
        if !stands {
            outcome = answer;
        }
        before = Some(event);
    }
    advance(programme, &mut state, to, &mut entries)?;
    Ok(Replayed { state, entries, snapshots, outcome })
}

/// What waits in order of time, because its order was paid later by another source's clock, is answered by what became of it:
/// the order is known by now.
fn answered(outcome: Outcome, event: &Event, old: &State, new: &State) -> Outcome {
    match &event.act {
        Act::OrderCompleted { order } if outcome == Outcome::Waiting && new.orders.contains_key(order) => Outcome::Ok,
        Act::Refund { order, net_fen } if outcome == Outcome::Waiting => {
            let refunded = |state: &State| state.orders.get(order).map(|order| order.refunded);
            match refunded(new) {
                None => Outcome::Waiting,
                same if *net_fen > 0 && same == refunded(old) => Outcome::ExceedsPaid,
                Some(_) => Outcome::Ok,
            }
        }
        _ => outcome,
    }
}

/// Lets one event happen at the state's clock.
fn apply(programme: &Programme, state: &mut State, event: &Event, stands: bool, entries: &mut Vec<Entry>) -> Read<Outcome> {
    let cause = Cause { kind: event.act.kind().to_owned(), id: event.id.clone() };
    let mut turn = Turn { programme, state, now: event.time, cause, entries, stands };
    match &event.act {
        Act::OrderPaid { order, net_fen, lines } => turn.paid(order, *net_fen, lines),
        Act::OrderCompleted { order } => turn.completed(order, event),
        Act::Refund { order, net_fen } => turn.refund(order, *net_fen, event),
        Act::OrderClosed { order } => turn.closed(order, event),
        Act::Spend { points } => turn.spend(&event.id, *points),
        Act::Hold { points } => turn.hold(&event.id, *points),
        Act::SpendReverse { spend, points } => turn.reverse(spend, *points),
        Act::HoldCapture { hold } => turn.capture(hold),
        Act::HoldRelease { hold } => turn.release_hold(hold),
        Act::CheckIn => turn.check_in(),
        Act::Visit => {
            turn.visited();
            Ok(Outcome::Ok)
        }
        Act::Adjust { points } => turn.adjust(&event.id, *points),
        Act::Growth { value } => turn.grow(*value).map(|()| Outcome::Ok),
        Act::Claim { template, grant, member } => Ok(turn.claim(template, grant, member)),
        Act::Lock { grant, order } => Ok(turn.lock(grant, order)),
        Act::Redeem { grant, order } => Ok(turn.redeem(grant, order)),
        Act::Release { grant, order } => Ok(turn.release(grant, order)),
        Act::Revoke { grant } => Ok(turn.revoke(grant)),
        Act::Tick => Ok(Outcome::Ok),
    }
}

/// The entries that lead from what one history booked to what another does.
fn difference(old: &[Entry], new: &[Entry]) -> Vec<Entry> {
    type Key<'a> = (Instant, &'a Cause, Option<&'a str>, Account, Account, u32);
    let mut sums: BTreeMap<Key<'_>, i64> = BTreeMap::new();
    for (entries, sign) in [(old, -1), (new, 1)] {
        for e in entries {
            let key = (e.happened, &e.cause, e.lot.as_deref(), e.from, e.to, e.version);
            let sum = sums.entry(key).or_default();
            *sum = sum.saturating_add(sign * e.amount);
        }
    }
    let correction = |((happened, cause, lot, from, to, version), amount): (Key<'_>, i64)| {
        let (from, to) = if amount < 0 { (to, from) } else { (from, to) };
        (amount != 0).then(|| Entry {
            from,
            to,
            amount: amount.saturating_abs(),
            lot: lot.map(str::to_owned),
            cause: cause.clone(),
            version,
            happened,
            booked: happened,
            corrects: true,
        })
    };
    sums.into_iter().filter_map(correction).collect()
}
