//! The fold: events go into a member's journal one by one, and out come an answer and entries.
//!
//! An event in order of time goes forward from the state there is. One that arrives late is put where it belongs:
//! the journal is folded anew from the last snapshot before it, once without and once with it, and
//! the difference is booked as corrections. Facts are then judged anew, those that were refused as well. Requests
//! that were accepted stay accepted, and refused ones refused: somebody had that answer. A late request that could
//! only be granted by taking from one accepted before is refused.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::event::{Act, Event, Member, Outcome};
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

/// A member's events in order of time, and the state they make.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Journal {
    member: Member,
    /// When the first event happened or the clock began, whichever is earlier.
    origin: Option<Instant>,
    /// All facts and the requests that were accepted, in order of time; of one time in order of arrival.
    events: Vec<Event>,
    seen: BTreeSet<(String, String)>,
    state: Option<State>,
    snapshots: Vec<Snapshot>,
}

/// The state before the first event of a month.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Snapshot {
    /// How many events are in it.
    events: usize,
    state: State,
}

/// What a stretch of history comes to.
struct Replayed {
    state: State,
    entries: Vec<Entry>,
    snapshots: Vec<Snapshot>,
    outcome: Outcome,
}

impl Journal {
    /// Of a member of whom nothing is known yet.
    pub fn new(member: Member) -> Self {
        Self { member, origin: None, events: Vec::new(), seen: BTreeSet::new(), state: None, snapshots: Vec::new() }
    }

    /// The state, once the clock has begun.
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// All facts and the requests that were accepted, in order of time.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Lets time pass up to `at`: jobs that are due run.
    ///
    /// # Errors
    /// Where numbers become too large to reckon; the journal is then of no further use.
    pub fn pass(&mut self, programme: &Programme, at: Instant) -> Read<Folded> {
        let mut entries = Vec::new();
        advance(programme, self.begun(programme, at), at, &mut entries)?;
        Ok(Folded { outcome: Outcome::Ok, entries: booked(entries, at) })
    }

    /// Takes an event that arrives at `at`.
    ///
    /// # Errors
    /// Where numbers become too large to reckon; the journal is then of no further use.
    pub fn fold(&mut self, programme: &Programme, event: Event, at: Instant) -> Read<Folded> {
        if event.act == Act::Tick {
            return self.pass(programme, at);
        }
        if !self.seen.insert((event.act.kind().to_owned(), event.id.clone())) {
            return Ok(Folded { outcome: Outcome::Duplicate, ..self.pass(programme, at)? });
        }
        let clock = self.begun(programme, event.time).clock;
        let (outcome, mut entries) =
            if event.time < clock { self.fold_late(programme, event, at)? } else { self.fold_next(programme, event)? };
        entries.extend(self.pass(programme, at)?.entries);
        Ok(Folded { outcome, entries: booked(entries, at) })
    }

    /// The state, which begins at `at` if it had not begun.
    fn begun(&mut self, programme: &Programme, at: Instant) -> &mut State {
        let origin = *self.origin.get_or_insert(at);
        self.state.get_or_insert_with(|| first(programme, &self.member, origin))
    }

    fn fold_next(&mut self, programme: &Programme, event: Event) -> Read<(Outcome, Vec<Entry>)> {
        let mut entries = Vec::new();
        let events = self.events.len();
        let state = self.begun(programme, event.time);
        let snapshot = (events > 0 && new_month(programme, state, &event)).then(|| Snapshot { events, state: state.clone() });
        advance(programme, state, event.time, &mut entries)?;
        let outcome = apply(programme, state, &event, false, &mut entries)?;
        self.snapshots.extend(snapshot);
        if outcome.kept() || !event.act.is_request() {
            self.events.push(event);
        }
        Ok((outcome, entries))
    }

    fn fold_late(&mut self, programme: &Programme, event: Event, at: Instant) -> Read<(Outcome, Vec<Entry>)> {
        let origin = self.origin.unwrap_or(event.time);
        let present = self.begun(programme, event.time);
        let (clock, strain) = (present.clock, present.strain);
        let earlier = self.snapshots.partition_point(|s| s.state.clock <= event.time);
        let base = self.snapshots[..earlier].last();
        let from = base.map_or(0, |s| s.events);
        let state_from = |origin| base.map_or_else(|| first(programme, &self.member, origin), |s| s.state.clone());
        let place = from + self.events[from..].partition_point(|e| e.time <= event.time);
        let (before, after) = (&self.events[from..place], &self.events[place..]);

        let as_booked = before.iter().chain(after);
        let old = replay(programme, state_from(origin), as_booked.map(|e| (e, true)), from, clock)?;
        let with_it = before.iter().map(|e| (e, true)).chain([(&event, false)]).chain(after.iter().map(|e| (e, true)));
        let new = replay(programme, state_from(origin.min(event.time)), with_it, from, clock)?;

        let outcome = answered(new.outcome, &event, &old.state, &new.state);
        if event.act.is_request() && !outcome.kept() {
            return Ok((outcome, Vec::new()));
        }
        if event.act.is_request() && new.state.strain > strain {
            return Ok((self.refusal(programme, &event, at)?, Vec::new()));
        }
        self.origin = Some(origin.min(event.time));
        self.snapshots.truncate(earlier);
        self.snapshots.extend(new.snapshots);
        self.state = Some(new.state);
        self.events.insert(place, event);
        Ok((outcome, difference(&old.entries, &new.entries)))
    }

    /// What is answered to a late request that what was accepted since leaves no room for: what it would hear today, or the refusal of its kind.
    fn refusal(&self, programme: &Programme, event: &Event, at: Instant) -> Read<Outcome> {
        if let Some(state) = &self.state {
            let (mut today, mut unposted) = (state.clone(), Vec::new());
            let event = Event { time: at.max(state.clock), ..event.clone() };
            advance(programme, &mut today, event.time, &mut unposted)?;
            let outcome = apply(programme, &mut today, &event, false, &mut unposted)?;
            if !outcome.kept() {
                return Ok(outcome);
            }
        }
        Ok(match event.act {
            Act::SpendReverse { .. } => Outcome::ExceedsSpend,
            Act::HoldCapture { .. } | Act::HoldRelease { .. } => Outcome::Unknown,
            Act::Claim { .. } => Outcome::OutOfStock,
            Act::Release { .. } => Outcome::NotLocked,
            Act::Lock { .. } | Act::Redeem { .. } | Act::Revoke { .. } => Outcome::NotAvailable,
            _ => Outcome::InsufficientPoints,
        })
    }
}

fn first(programme: &Programme, member: &Member, origin: Instant) -> State {
    State::new(member.clone(), origin, &programme.zone, programme.birthday_points > 0)
}

fn booked(mut entries: Vec<Entry>, at: Instant) -> Vec<Entry> {
    entries.iter_mut().for_each(|entry| entry.booked = at);
    entries
}

/// Whether an event is the first of its month.
fn new_month(programme: &Programme, state: &State, event: &Event) -> bool {
    let month = |t| programme.zone.day(t).first_of_month();
    month(state.clock) != month(event.time)
}

/// Goes through events from a state, and on to `to`. Each is given with whether it stands; of the one that does not the answer is told.
fn replay<'a>(
    programme: &Programme,
    mut state: State,
    events: impl Iterator<Item = (&'a Event, bool)>,
    before: usize,
    to: Instant,
) -> Read<Replayed> {
    let (mut entries, mut snapshots, mut outcome) = (Vec::new(), Vec::new(), Outcome::Ok);
    for (i, (event, stands)) in events.enumerate() {
        if i > 0 && new_month(programme, &state, event) {
            snapshots.push(Snapshot { events: before + i, state: state.clone() });
        }
        advance(programme, &mut state, event.time, &mut entries)?;
        let answer = apply(programme, &mut state, event, stands, &mut entries)?;
        if !stands {
            outcome = answer;
        }
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
