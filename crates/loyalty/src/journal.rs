//! A member's journal in memory: events in order of time, the state they make, and a snapshot a month to fold late events from.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::event::{Act, Event, Member, Outcome};
use crate::fold::{self, Folded, History, Past, Snapshot, new_month};
use crate::json::Read;
use crate::ledger::Entry;
use crate::rules::Rules;
use crate::state::State;

/// A member's events in order of time, and the state they make.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Journal {
    member: Member,
    /// When the first event happened or the clock began, whichever is earlier.
    origin: Option<Instant>,
    /// All facts and the requests that were accepted, in order of time; of one time in order of arrival.
    events: Vec<Event>,
    /// Kind and id of all that ever arrived.
    seen: BTreeSet<(String, String)>,
    state: Option<State>,
    snapshots: Vec<Snapshot>,
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
    pub fn pass(&mut self, rules: &Rules, at: Instant) -> Read<Folded> {
        fold::pass(rules, self.begun(rules, at), at)
    }

    /// Takes an event that arrives at `at`.
    ///
    /// # Errors
    /// Where numbers become too large to reckon; the journal is then of no further use.
    pub fn fold(&mut self, rules: &Rules, event: Event, at: Instant) -> Read<Folded> {
        if event.act == Act::Tick {
            return self.pass(rules, at);
        }
        if !self.seen.insert((event.act.kind().to_owned(), event.id.clone())) {
            return Ok(Folded { outcome: Outcome::Duplicate, ..self.pass(rules, at)? });
        }
        let time = fold::parted_at(&self.events).map_or(event.time, |parted| event.time.max(parted));
        let event = Event { time, ..event };
        let in_order = self.begun(rules, event.time).clock <= event.time;
        let Folded { outcome, mut entries } = if in_order { self.next(rules, event, at)? } else { self.late(rules, event, at)? };
        entries.extend(self.pass(rules, at)?.entries);
        Ok(Folded { outcome, entries })
    }

    /// Puts another history in the place of this one, folds it under other rules than it was under, or both; what is booked for that at `at`.
    ///
    /// # Errors
    /// Where numbers become too large to reckon; the journal is then as it was.
    pub fn refold(&mut self, was: &Rules, rules: &Rules, mut events: Vec<Event>, at: Instant) -> Read<Vec<Entry>> {
        let Some(clock) = self.state.as_ref().map(|state| state.clock) else { return Ok(Vec::new()) };
        events.sort_by_key(|event| event.time);
        let origin = self.origin.unwrap_or(clock);
        let first = events.first().map_or(origin, |event| origin.min(event.time));
        let old = History { rules: was, member: &self.member, origin, events: &self.events };
        let new = History { rules, member: &self.member, origin: first, events: &events };
        let refolded = fold::refold(&old, &new, clock, at)?;
        (self.origin, self.state) = (Some(first), Some(refolded.state));
        self.seen.extend(events.iter().map(|event| (event.act.kind().to_owned(), event.id.clone())));
        self.events = events;
        self.snapshots.clear();
        Ok(refolded.corrections)
    }

    /// The state, which begins at `at` if it had not begun.
    fn begun(&mut self, rules: &Rules, at: Instant) -> &mut State {
        let origin = *self.origin.get_or_insert(at);
        self.state.get_or_insert_with(|| State::new(rules, self.member.clone(), origin))
    }

    fn next(&mut self, rules: &Rules, event: Event, at: Instant) -> Read<Folded> {
        let (events, new_month) = (self.events.len(), new_month(rules, self.events.last(), &event));
        let state = self.begun(rules, event.time);
        let snapshot = new_month.then(|| Snapshot { events, state: state.clone() });
        let taken = fold::take(rules, state, std::slice::from_ref(&event), at)?;
        let folded = taken.into_iter().next().unwrap_or(Folded { outcome: Outcome::Ok, entries: Vec::new() });
        if folded.outcome.kept() || !event.act.is_request() {
            self.snapshots.extend(snapshot);
            self.events.push(event);
        }
        Ok(folded)
    }

    fn late(&mut self, rules: &Rules, event: Event, at: Instant) -> Read<Folded> {
        let origin = self.origin.unwrap_or(event.time);
        let Some(clock) = self.state.as_ref().map(|state| state.clock) else { return self.next(rules, event, at) };
        let earlier = self.snapshots.partition_point(|s| s.state.clock <= event.time);
        let base = self.snapshots[..earlier].last();
        let since = base.map_or(0, |s| s.events);
        let state_from = |origin| base.map_or_else(|| State::new(rules, self.member.clone(), origin), |s| s.state.clone());
        let from = state_from(origin.min(event.time));
        let past = Past { clock, booked_from: state_from(origin), from, events: &self.events[since..] };
        let late = fold::late(rules, past, &event, at)?;
        if let Some((state, snapshots)) = late.state {
            self.origin = Some(origin.min(event.time));
            self.snapshots.truncate(earlier);
            self.snapshots.extend(snapshots.into_iter().map(|s| Snapshot { events: since + s.events, ..s }));
            self.state = Some(state);
            self.events.insert(since + late.place, event);
        }
        Ok(late.folded)
    }
}
