//! The fold itself, without a journal around it: state and event go in, answer, entries and state come out.
//!
//! Events in order of time go forward from the state there is ([`take`]). One that arrives late is put where it
//! belongs: events are folded anew from a state before it, once without and once with it, and the difference is booked
//! as corrections ([`late`]). Facts are then judged anew, those that were refused as well. Requests that were accepted
//! stay accepted, and refused ones refused: somebody had that answer. A late request that could only be granted by
//! taking from one accepted before is refused. Where facts were told otherwise, or other rules are to judge, a whole
//! history is folded anew ([`refold`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::event::{Act, Event, Member, Outcome};
use crate::jobs::advance;
use crate::json::Read;
use crate::ledger::{Account, Cause, Entry};
use crate::rules::Rules;
use crate::state::State;
use crate::turn::Turn;
use crate::words::OUT_OF_ORDER;

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
    /// Up to here the present state has come.
    pub clock: Instant,
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

/// A member's facts and accepted requests in order of time, and what judges them.
#[derive(Clone, Copy)]
pub struct History<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Who.
    pub member: &'a Member,
    /// When the first event happened or the clock began, whichever is earlier.
    pub origin: Instant,
    /// What happened.
    pub events: &'a [Event],
}

impl History<'_> {
    /// The state before anything happened.
    pub fn beginning(&self) -> State {
        State::new(self.rules, self.member.clone(), self.origin)
    }
}

impl<'a> Past<'a> {
    /// All of a history that has come to `clock`, for an event that may be earlier than its beginning.
    pub fn of(history: &History<'a>, clock: Instant, event: &Event) -> Self {
        let from = History { origin: history.origin.min(event.time), ..*history }.beginning();
        Self { clock, booked_from: history.beginning(), from, events: history.events }
    }
}

/// What a history comes to.
#[derive(Debug)]
pub struct Played {
    /// The state, with nothing kept apart from it.
    pub state: State,
    /// All that was ever booked, as if nothing had come late.
    pub entries: Vec<Entry>,
    /// What is answered to each event.
    pub outcomes: Vec<Outcome>,
}

/// What a history that is folded anew comes to.
#[derive(Debug)]
pub struct Refolded {
    /// The state, with nothing kept apart from it.
    pub state: State,
    /// What is booked so that the books say the same.
    pub corrections: Vec<Entry>,
    /// What is answered to each event now.
    pub outcomes: Vec<Outcome>,
}

/// Lets time pass up to `at`: jobs that are due run.
///
/// # Errors
/// Where numbers become too large to reckon; the state is then of no further use.
pub fn pass(rules: &Rules, state: &mut State, at: Instant) -> Read<Folded> {
    let mut entries = Vec::new();
    advance(rules, state, at, &mut entries)?;
    Ok(Folded { outcome: Outcome::Ok, entries: booked(entries, at) })
}

/// Takes events that arrive at `at`, in order of time and none earlier than the state's clock. A refused request changes nothing but the clock.
/// What is due after the last of them waits for [`pass`].
///
/// # Errors
/// Where an event is earlier than the clock, a part that it needs is not there, or numbers become too large to reckon; the state is then of no further use.
pub fn take(rules: &Rules, state: &mut State, events: &[Event], at: Instant) -> Read<Vec<Folded>> {
    let one = |event: &Event| -> Read<Folded> {
        let folded = next(rules, state, event)?;
        Ok(Folded { entries: booked(folded.entries, at), ..folded })
    };
    events.iter().map(one).collect()
}

/// Folds one event that is not earlier than the state's clock; entries are booked when it happened.
///
/// # Errors
/// As [`take`].
pub fn next(rules: &Rules, state: &mut State, event: &Event) -> Read<Folded> {
    if event.time < state.clock {
        return Err(OUT_OF_ORDER.with("what", &event.id));
    }
    let mut entries = Vec::new();
    advance(rules, state, event.time, &mut entries)?;
    let outcome = apply(rules, state, event, false, &mut entries)?;
    Ok(Folded { outcome, entries })
}

/// Folds an event that is earlier than the clock and arrives at `at`.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn late(rules: &Rules, past: Past<'_>, event: &Event, at: Instant) -> Read<Late> {
    let Past { clock, booked_from, from, events } = past;
    let place = events.partition_point(|e| e.time <= event.time);
    let (before, after) = events.split_at(place);
    let stands = |e| (e, true);
    let old = replay(rules, booked_from, events.iter().map(stands), clock)?;
    let with_it = before.iter().map(stands).chain([(event, false)]).chain(after.iter().map(stands));
    let new = replay(rules, from, with_it, clock)?;

    let outcome = new.outcomes.get(place).copied().unwrap_or(Outcome::Ok);
    let outcome = answered(outcome, event, &old.state, &new.state);
    let nothing = |outcome| Late { folded: Folded { outcome, entries: Vec::new() }, place, state: None };
    if event.act.is_request() && !outcome.kept() {
        return Ok(nothing(outcome));
    }
    if event.act.is_request() && new.state.strain > old.state.strain {
        return Ok(nothing(refusal(rules, old.state, event, at)?));
    }
    let entries = booked(difference(&old.entries, &new.entries), at);
    Ok(Late { folded: Folded { outcome, entries }, place, state: Some((new.state, new.snapshots)) })
}

/// Folds a history from nothing up to `clock`. All requests in it stand. The state is that of a book that took the same events, with all
/// its parts put back; an audit compares the two.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn play(history: &History<'_>, clock: Instant) -> Read<Played> {
    let played = replay(history.rules, history.beginning(), history.events.iter().map(|event| (event, true)), clock)?;
    Ok(Played { state: played.state, entries: played.entries, outcomes: played.outcomes })
}

/// Folds a history anew that was told otherwise, or is judged by other rules, up to the `clock` to which it had come: what is
/// then otherwise is booked at `at`. All requests in it stand.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn refold(old: &History<'_>, new: &History<'_>, clock: Instant, at: Instant) -> Read<Refolded> {
    let (old, new) = (play(old, clock)?, play(new, clock)?);
    let corrections = booked(difference(&old.entries, &new.entries), at);
    Ok(Refolded { state: new.state, corrections, outcomes: new.outcomes })
}

/// What is answered to a late request that what was accepted since leaves no room for: what it would hear today, or the refusal of its kind.
fn refusal(rules: &Rules, mut today: State, event: &Event, at: Instant) -> Read<Outcome> {
    let time = at.max(today.clock);
    let outcome = next(rules, &mut today, &Event { time, ..event.clone() })?.outcome;
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

/// When the last merge was taken back: what happened before it and arrives after it counts from then on.
pub fn parted_at(events: &[Event]) -> Option<Instant> {
    events.iter().rev().find(|event| matches!(event.act, Act::Restore { .. })).map(|event| event.time)
}

/// Whether an event is the first of its month after the one before it.
pub fn new_month(rules: &Rules, before: Option<&Event>, event: &Event) -> bool {
    let month = |e: &Event| rules.first().zone.day(e.time).first_of_month();
    before.is_some_and(|before| month(before) != month(event))
}

fn booked(mut entries: Vec<Entry>, at: Instant) -> Vec<Entry> {
    entries.iter_mut().for_each(|entry| entry.booked = at);
    entries
}

/// What a stretch of history comes to.
pub(crate) struct Replayed {
    pub(crate) state: State,
    pub(crate) entries: Vec<Entry>,
    snapshots: Vec<Snapshot>,
    outcomes: Vec<Outcome>,
}

/// Goes through events from a state, and on to `to`. Each is given with whether it stands.
pub(crate) fn replay<'a>(rules: &Rules, mut state: State, events: impl Iterator<Item = (&'a Event, bool)>, to: Instant) -> Read<Replayed> {
    let (mut entries, mut snapshots, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
    let mut before = None;
    for (i, (event, stands)) in events.enumerate() {
        if new_month(rules, before, event) {
            snapshots.push(Snapshot { events: i, state: state.clone() });
        }
        advance(rules, &mut state, event.time, &mut entries)?;
        outcomes.push(apply(rules, &mut state, event, stands, &mut entries)?);
        before = Some(event);
    }
    advance(rules, &mut state, to, &mut entries)?;
    Ok(Replayed { state, entries, snapshots, outcomes })
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
fn apply(rules: &Rules, state: &mut State, event: &Event, stands: bool, entries: &mut Vec<Entry>) -> Read<Outcome> {
    let cause = Cause { kind: event.act.kind().to_owned(), id: event.id.clone() };
    let programme = rules.held(state);
    let mut turn = Turn { rules, programme, state, now: event.time, cause, entries, stands };
    match &event.act {
        Act::OrderPaid { order, net_fen, lines, judged_by } => turn.paid(order, *net_fen, lines, *judged_by),
        Act::OrderCompleted { order } => turn.completed(order, event),
        Act::Refund { order, net_fen } => turn.refund(order, *net_fen, event),
        Act::OrderClosed { order } => turn.closed(order, event),
        Act::Spend { points } => turn.spend(&event.id, *points),
        Act::Hold { points, until } => turn.hold(&event.id, *points, *until),
        Act::SpendReverse { spend, points } => turn.reverse(spend, *points),
        Act::HoldCapture { hold } => turn.capture(hold),
        Act::HoldRelease { hold } => turn.release_hold(hold),
        Act::CheckIn => turn.check_in(),
        Act::Visit => {
            turn.visited();
            Ok(Outcome::Ok)
        }
        Act::Known { birthday } => {
            turn.known(*birthday);
            Ok(Outcome::Ok)
        }
        Act::Adjust { points } => turn.adjust(&event.id, *points),
        Act::Growth { value } => turn.grow(*value).map(|()| Outcome::Ok),
        Act::Claim { template, grant, member } => Ok(turn.claim(template, grant, member)),
        Act::Lock { grant, order } => Ok(turn.lock(grant, order)),
        Act::Redeem { grant, order } => Ok(turn.redeem(grant, order)),
        Act::Release { grant, order } => Ok(turn.release(grant, order)),
        Act::Revoke { grant } => Ok(turn.revoke(grant)),
        Act::Absorb { from, book } => turn.absorb(from, book),
        Act::Depart { to } => turn.depart(to),
        Act::Restore { book } => turn.restore(book),
        Act::Tick => Ok(Outcome::Ok),
    }
}

/// The entries that lead from what one history booked to what another does.
fn difference(old: &[Entry], new: &[Entry]) -> Vec<Entry> {
    type Key<'a> = (Instant, &'a Cause, Option<(&'a str, Option<Instant>)>, Account, Account, u32);
    let mut sums: BTreeMap<Key<'_>, i64> = BTreeMap::new();
    for (entries, sign) in [(old, -1), (new, 1)] {
        for e in entries {
            let lot = e.lot.as_deref().map(|lot| (lot, e.lot_made));
            let key = (e.happened, &e.cause, lot, e.from, e.to, e.version);
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
            lot: lot.map(|(lot, _)| lot.to_owned()),
            lot_made: lot.and_then(|(_, made)| made),
            cause: cause.clone(),
            version,
            happened,
            booked: happened,
            corrects: true,
        })
    };
    sums.into_iter().filter_map(correction).collect()
}
