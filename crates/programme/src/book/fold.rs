//! Events into a book in hand, in memory: what each is answered, and what is booked for it.
//!
//! The pure crate says what happens. Here the clock stays where something last happened, and what is over lies apart
//! from the heart until an event asks for it ([`Apart`]).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Result};
use shuke_loyalty::event::{Act, Event, Outcome};
use shuke_loyalty::fold::{self, History, Past, Played, Refolded};
use shuke_loyalty::json::Read;
use shuke_loyalty::ledger::Entry;
use shuke_loyalty::parts::{self, Part, PartKey};
use shuke_loyalty::{Rules, State};

use super::rows::Book;

/// The answer to an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Posted {
    /// What came of it.
    pub outcome: Outcome,
    /// Of one that was known already: what it was answered the first time.
    pub first: Option<Outcome>,
}

/// What is booked, and for which of the events in hand; none where a job did it.
pub struct Booked {
    /// The entry.
    pub entry: Entry,
    /// The number of the event.
    pub event: Option<i64>,
}

/// Entries as they come of a book in hand.
#[derive(Default)]
pub struct Entries(pub Vec<Booked>);

impl Entries {
    fn add(&mut self, entries: Vec<Entry>, event: Option<i64>) {
        self.0.extend(entries.into_iter().map(|entry| Booked { entry, event }));
    }
}

/// When the next thing happens by itself: something that is due, or the beginning of other rules.
pub fn next_due(rules: &Rules, heart: &State) -> Option<Instant> {
    let job = heart.agenda.first().map(|job| job.due);
    let version = rules.next(heart).map(|version| version.from);
    job.into_iter().chain(version).min()
}

/// Runs what is due up to and including `to`, each by the rules in force when it is due. The clock stops where the last
/// of it happened.
///
/// # Errors
/// Where numbers become too large to reckon; the book is then of no further use.
pub fn run_due(rules: &Rules, heart: &mut State, to: Instant, entries: &mut Entries) -> Read<()> {
    while let Some(due) = next_due(rules, heart).filter(|due| *due <= to) {
        let folded = fold::pass(rules, heart, due.max(heart.clock))?;
        entries.add(folded.entries, None);
    }
    Ok(())
}

/// An event in order of time.
///
/// # Errors
/// Where numbers become too large to reckon; the book is then of no further use.
pub fn next(rules: &Rules, book: &mut Book, event: &Event, number: i64, entries: &mut Entries) -> Read<Outcome> {
    run_due(rules, &mut book.heart, event.time, entries)?;
    let folded = fold::next(rules, &mut book.heart, event)?;
    entries.add(folded.entries, Some(number));
    Ok(folded.outcome)
}

/// An event earlier than what happened last. `history` are the events that count, in order of time; it is put among them.
/// Whether the heart was made anew, with everything in it.
///
/// # Errors
/// Where numbers become too large to reckon; the book is then of no further use.
pub fn late(
    rules: &Rules,
    book: &mut Book,
    history: &mut Vec<Event>,
    (event, number): (&Event, i64),
    at: Instant,
    entries: &mut Entries,
) -> Read<(Outcome, bool)> {
    let told = History { rules, member: &book.facts, origin: book.origin, events: history };
    let late = fold::late(rules, Past::of(&told, book.heart.clock, event), event, at)?;
    let anew = late.state.is_some();
    if let Some((state, _)) = late.state {
        (book.heart, book.origin) = (state, book.origin.min(event.time));
        history.insert(late.place, event.clone());
    }
    entries.add(late.folded.entries, Some(number));
    Ok((late.folded.outcome, anew))
}

/// Moves a heart's clock to `at`, where nothing is due before.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn come_to(rules: &Rules, heart: &mut State, at: Instant) -> Read<()> {
    fold::pass(rules, heart, at.max(heart.clock)).map(|_| ())
}

/// A heart as it is at `at`: what will be booked by then has happened. The parts that this needs are in it.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn as_of(rules: &Rules, heart: &State, at: Instant) -> Read<State> {
    let mut then = heart.clone();
    fold::pass(rules, &mut then, at.max(heart.clock))?;
    Ok(then)
}

/// What a book's events make: the whole heart, and every entry.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn anew(rules: &Rules, book: &Book, history: &[Event]) -> Read<Played> {
    fold::play(&History { rules, member: &book.facts, origin: book.origin, events: history }, book.heart.clock)
}

/// A book whose history is told otherwise: what it then comes to, up to where it stands. Tells what is answered to each event.
///
/// # Errors
/// Where numbers become too large to reckon; the book is then of no further use.
pub fn revised(rules: &Rules, book: &mut Book, old: &[Event], new: &[Event], at: Instant, entries: &mut Entries) -> Read<Vec<Outcome>> {
    let (member, clock) = (book.facts.clone(), book.heart.clock);
    let origin = new.first().map_or(book.origin, |first| first.time.min(book.origin));
    let history = |origin, events| History { rules, member: &member, origin, events };
    let Refolded { state, corrections, outcomes } = fold::refold(&history(book.origin, old), &history(origin, new), clock, at)?;
    (book.heart, book.origin) = (state, origin);
    entries.add(corrections, None);
    Ok(outcomes)
}

/// Whether an event is part of the history: a request that was refused is kept for its answer alone.
pub fn counts(act: &Act, outcome: Outcome) -> bool {
    outcome.kept() || !act.is_request()
}

/// What lies apart from a heart, as far as a posting asked for it.
#[derive(Default)]
pub struct Apart {
    /// What was asked for, whether there is such a part or not.
    pub asked: BTreeSet<PartKey>,
    /// The parts that were put back, as they were written.
    pub loaded: BTreeMap<String, String>,
    /// Whether the heart was made anew, so that nothing that lies apart holds any more.
    pub rebuilt: bool,
}

/// What a posting changes of the parts.
#[derive(Default)]
pub struct Changed {
    /// Parts to be written.
    pub put: Vec<(String, String)>,
    /// Parts that are in the heart again.
    pub gone: Vec<String>,
    /// How many lie apart from now on.
    pub count: i64,
}

/// A part's name in the store.
pub fn part_name(key: &PartKey) -> String {
    format!("{}:{}", key.kind(), key.name())
}

/// The part of that name.
pub fn part_of(name: &str) -> Option<PartKey> {
    let (kind, name) = name.split_once(':')?;
    PartKey::of(kind, name)
}

impl Apart {
    /// Puts a part back into the heart.
    pub fn put_back(&mut self, heart: &mut State, name: String, body: String) -> Result<()> {
        let key = part_of(&name).ok_or_else(|| shuke_kernel::Error::fault(format!("a part of a book is called {name}")))?;
        let part: Part = serde_json::from_str(&body)?;
        if self.loaded.insert(name, body).is_none() {
            heart.put_back(key, part);
        }
        Ok(())
    }

    /// Takes out of the heart what is over, and tells what is to be written. `count` parts lay apart before.
    pub fn settle(self, rules: &Rules, heart: &mut State, count: i64) -> Result<Changed> {
        let mut changed = Changed { count: if self.rebuilt { 0 } else { count - self.loaded.len() as i64 }, ..Changed::default() };
        let mut kept = BTreeSet::new();
        for (key, part) in parts::settle(rules, heart) {
            let (name, body) = (part_name(&key), serde_json::to_string(&part)?);
            changed.count += 1;
            if self.rebuilt || self.loaded.get(&name) != Some(&body) {
                changed.put.push((name.clone(), body));
            }
            kept.insert(name);
        }
        if !self.rebuilt {
            changed.gone = self.loaded.into_keys().filter(|name| !kept.contains(name)).collect();
        }
        Ok(changed)
    }
}
