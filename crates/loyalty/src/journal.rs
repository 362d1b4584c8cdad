//! A member's journal in memory: events in order of time, the state they make, and a snapshot a month to fold late events from.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::event::{Act, Event, Member, Outcome};
use crate::fold::{self, Folded, Past, Snapshot, new_month};
use crate::json::Read;
use crate::ledger::Entry;
use crate::programme::Programme;
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
    pub fn pass(&mut self, programme: &Programme, at: Instant) -> Read<Folded> {
        let folded = fold::pass(programme, self.begun(programme, at), at)?;
        Ok(Folded { entries: booked(folded.entries, at), ..folded })
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
        let in_order = self.begun(programme, event.time).clock <= event.time;
        let Folded { outcome, mut entries } = if in_order { self.next(programme, event)? } else { self.late(programme, event, at)? };
        entries.extend(self.pass(programme, at)?.entries);
        Ok(Folded { outcome, entries: booked(entries, at) })
    }

    /// The state, which begins at `at` if it had not begun.
    fn begun(&mut self, programme: &Programme, at: Instant) -> &mut State {
        let origin = *self.origin.get_or_insert(at);
        self.state.get_or_insert_with(|| first(programme, &self.member, origin))
    }

    fn next(&mut self, programme: &Programme, event: Event) -> Read<Folded> {
        let (events, new_month) = (self.events.len(), new_month(programme, self.events.last(), &event));
        let state = self.begun(programme, event.time);
        let snapshot = new_month.then(|| Snapshot { events, state: state.clone() });
        let folded = fold::next(programme, state, &event)?;
        if folded.outcome.kept() || !event.act.is_request() {
            self.snapshots.extend(snapshot);
            self.events.push(event);
        }
        Ok(folded)
    }

    fn late(&mut self, programme: &Programme, event: Event, at: Instant) -> Read<Folded> {
        let origin = self.origin.unwrap_or(event.time);
        let Some(present) = &self.state else { return self.next(programme, event) };
        let earlier = self.snapshots.partition_point(|s| s.state.clock <= event.time);
        let base = self.snapshots[..earlier].last();
        let since = base.map_or(0, |s| s.events);
        let state_from = |origin| base.map_or_else(|| first(programme, &self.member, origin), |s| s.state.clone());
        let from = state_from(origin.min(event.time));
        let past = Past { present, booked_from: state_from(origin), from, events: &self.events[since..] };
        let late = fold::late(programme, past, &event, at)?;
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

fn first(programme: &Programme, member: &Member, origin: Instant) -> State {
    State::new(member.clone(), origin, &programme.zone, programme.birthday_points > 0)
}

fn booked(mut entries: Vec<Entry>, at: Instant) -> Vec<Entry> {
    entries.iter_mut().for_each(|entry| entry.booked = at);
    entries
}
