//! A book in hand: events folded into it, and what that comes to as rows.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_loyalty::Rules;
use shuke_loyalty::event::{Act, Event, Outcome};
use shuke_loyalty::fold::parted_at;
use shuke_store::register::row_name;
use shuke_store::{Tx, Value, args};

use super::history::read_history;
use super::known::{Known, word};
use super::{Glance, Request, Written, sql};
use crate::book::fold::{self, Apart, Entries, Posted};
use crate::book::rows::Book;
use crate::definition::Programme;

/// An event of a request, as it was taken.
pub(in crate::book) struct Taken {
    pub(in crate::book) event: Event,
    pub(in crate::book) posted: Posted,
    /// Its number in the book; none where it was known, or leaves no trace.
    pub(super) number: Option<i64>,
    /// What there was after it, where others follow.
    pub(super) after: Option<Glance>,
}

/// A book with what a request did to it.
pub(in crate::book) struct Hand {
    pub(in crate::book) book: Book,
    pub(super) apart: Apart,
    pub(in crate::book) events: Vec<Taken>,
    pub(in crate::book) entries: Entries,
    pub(in crate::book) tier_before: Option<String>,
    pub(super) reason: Option<String>,
    /// What there is after everything.
    pub(super) after: Glance,
}

pub(in crate::book) fn tier_of(rules: &Rules, book: &Book) -> Option<String> {
    let ladder = rules.held(&book.heart).ladder.as_ref()?;
    ladder.tiers.get(book.heart.standing.tier).map(|tier| tier.id.clone())
}

impl Hand {
    /// A book with everything that lies apart in it, brought to `at`, where this event then happens.
    pub(in crate::book) fn at(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, book: Whole, event: Event) -> Result<Self> {
        let Whole { mut book, mut entries, tier_before } = book;
        book.events += 1;
        let (number, place) = (book.events, (cx.merchant, programme.id, book.member));
        let outcome = fold::next(rules, &mut book, &event, number, &mut entries)?;
        let taken = Taken { event, posted: Posted { outcome, first: None }, number: Some(number), after: None };
        let apart = Apart { rebuilt: true, ..Apart::default() };
        let after = Glance::of(rules, &book.heart);
        let hand = Self { book, apart, events: vec![taken], entries, tier_before, reason: None, after };
        let rows = hand.event_rows(tx, cx, programme)?;
        if tx.insert_many(&sql::PUT_EVENTS, rows)? != 1 {
            return Err(Error::fault(format!("{}: an event of a merge is known already", place.2)));
        }
        Ok(hand)
    }

    pub(super) fn pass(cx: &Ctx, rules: &Rules, (mut book, apart): (Book, Apart)) -> Result<Self> {
        let (mut entries, tier_before) = (Entries::default(), tier_of(rules, &book));
        fold::run_due(rules, &mut book.heart, cx.now, &mut entries)?;
        let after = Glance::of(rules, &book.heart);
        Ok(Self { book, apart, events: Vec::new(), entries, tier_before, reason: None, after })
    }

    /// The number of the first event that is new.
    pub(super) fn first_number(&self) -> Option<i64> {
        self.events.iter().filter_map(|taken| taken.number).min()
    }

    pub(super) fn fold(
        tx: &mut Tx<'_>,
        cx: &Ctx,
        programme: &Programme,
        rules: &Rules,
        request: &Request,
        (mut book, mut apart): (Book, Apart),
        known: &Known,
    ) -> Result<Self> {
        let (mut entries, tier_before) = (Entries::default(), tier_of(rules, &book));
        let mut taken: Vec<Taken> = Vec::with_capacity(request.events.len());
        let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for event in &request.events {
            let (kind, mut number) = (event.act.kind(), None);
            let twice = seen.get(&(kind, event.id.as_str())).copied();
            let before = known.0.get(&(book.member, kind.to_owned(), event.id.clone())).copied();
            if event.act != Act::Tick && twice.is_none() && before.is_none() {
                seen.insert((kind, event.id.as_str()), taken.len());
                book.events += 1;
                number = Some(book.events);
            }
            let posted = match (before, twice) {
                (Some(first), _) => Posted { outcome: Outcome::Duplicate, first: Some(first) },
                // What the first came to is known only when it is folded.
                (None, Some(_)) => Posted { outcome: Outcome::Duplicate, first: None },
                (None, None) => Posted { outcome: Outcome::Ok, first: None },
            };
            taken.push(Taken { event: event.clone(), posted, number, after: None });
        }
        let mut order: Vec<usize> = (0..taken.len()).filter(|i| taken[*i].number.is_some()).collect();
        order.sort_by_key(|i| taken[*i].event.time);
        let mut history: Option<Vec<Event>> = None;
        for i in order {
            let number = taken[i].number.unwrap_or_default();
            let event = &mut taken[i].event;
            if event.time >= cx.now {
                event.time = event.time.max(book.heart.clock).max(book.origin);
            }
            // In order of time those that are late come first, so the history has all that is before them.
            let outcome = if event.time >= book.heart.clock && event.time >= book.origin {
                let outcome = fold::next(rules, &mut book, event, number, &mut entries)?;
                // What it made due at once belongs to what there is after it.
                fold::run_due(rules, &mut book.heart, event.time.min(cx.now), &mut entries)?;
                outcome
            } else {
                let history = match &mut history {
                    Some(history) => history,
                    empty => empty.insert(read_history(tx, cx.merchant, programme.id, book.member)?),
                };
                // What happened before a merge was taken back, and arrives after it, counts from then on.
                if let Some(parted) = parted_at(history) {
                    event.time = event.time.max(parted);
                }
                let (outcome, anew) = fold::late(rules, &mut book, history, (event, number), cx.now, &mut entries)?;
                apart.rebuilt |= anew;
                outcome
            };
            taken[i].posted.outcome = outcome;
            if request.events.len() > 1 {
                taken[i].after = Some(Glance::of(rules, &book.heart));
            }
        }
        for i in 0..taken.len() {
            if taken[i].posted == (Posted { outcome: Outcome::Duplicate, first: None }) && taken[i].number.is_none() {
                let event = &request.events[i];
                let first = seen.get(&(event.act.kind(), event.id.as_str())).map(|at| taken[*at].posted.outcome);
                taken[i].posted.first = first;
            }
        }
        fold::run_due(rules, &mut book.heart, cx.now, &mut entries)?;
        let after = Glance::of(rules, &book.heart);
        Ok(Self { book, apart, events: taken, entries, tier_before, reason: request.reason.clone(), after })
    }

    pub(super) fn event_rows(&self, tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<Vec<Vec<Value>>> {
        let keys = self.reason.as_ref().map(|_| tx.keys(cx.merchant)).transpose()?;
        let row = |taken: &Taken, number: i64| -> Result<Vec<Value>> {
            let (event, outcome) = (&taken.event, taken.posted.outcome);
            let name = || row_name(&[programme.id.into(), self.book.member.into(), number.into()]);
            let sealed = match (&keys, &self.reason) {
                (Some(keys), Some(reason)) => Some(keys.seal("points_event", &name(), reason.as_bytes())?),
                _ => None,
            };
            Ok(vec![
                cx.merchant.into(),
                programme.id.into(),
                self.book.member.into(),
                number.into(),
                event.time.into(),
                cx.now.into(),
                event.act.kind().into(),
                (&event.id).into(),
                word(outcome)?.into(),
                fold::counts(&event.act, outcome).into(),
                serde_json::to_string(&event.act)?.into(),
                cx.actor.label().into(),
                sealed.into(),
            ])
        };
        self.events.iter().filter_map(|taken| taken.number.map(|number| row(taken, number))).collect()
    }

    pub(super) fn done(self) -> Written {
        let after = self.events.iter().map(|taken| taken.after.clone().unwrap_or_else(|| self.after.clone())).collect();
        let numbers = self.events.iter().map(|taken| taken.number).collect();
        Written { posted: self.events.into_iter().map(|taken| taken.posted).collect(), book: self.book, numbers, after }
    }
}

/// A book with everything that lies apart put back.
pub(in crate::book) struct Whole {
    pub(in crate::book) book: Book,
    entries: Entries,
    tier_before: Option<String>,
}

/// Puts everything into a book that lies apart, and lets time pass in it up to `at`.
pub(in crate::book) fn whole(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    mut book: Book,
    at: Instant,
) -> Result<Whole> {
    let (mut entries, mut apart, tier_before) = (Entries::default(), Apart::default(), tier_of(rules, &book));
    for mut row in tx.rows(sql::ALL_PARTS, args![cx.merchant, programme.id, book.member])? {
        apart.put_back(&mut book.heart, row.get(1)?, row.get(2)?)?;
    }
    fold::run_due(rules, &mut book.heart, at, &mut entries)?;
    fold::come_to(rules, &mut book.heart, at)?;
    Ok(Whole { book, entries, tier_before })
}
