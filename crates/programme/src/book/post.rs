//! Events into books in the store: the one way by which points, growth and tiers move.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result, Zone};
use shuke_loyalty::event::{Act, Event, Member, Outcome};
use shuke_loyalty::fold::parted_at;
use shuke_loyalty::parts::{self, PartKey};
use shuke_loyalty::{Rules, State};
use shuke_members::MemberId;
use shuke_store::register::row_name;
use shuke_store::{Row, Tx, Value, args};

use super::fold::{self, Apart, Changed, Entries, Posted};
use super::rows::{self, Book, Standing};
use super::{ERASED, sql, tell};
use crate::definition::service::{self, SHARDS};
use crate::definition::{Programme, ProgrammeId, sql as definition};
use crate::people;

/// Aliases followed at most: a chain of merges is short.
const CHAIN: usize = 16;

/// What is to be posted to one member's book.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose.
    pub member: MemberId,
    /// What the rules ask of the member, where the book is new; of the store's own members it is looked up.
    pub facts: Option<Member>,
    /// What happened, in order of arrival. One that claims to happen now happens where the book stands.
    pub events: Vec<Event>,
    /// Why somebody asked for it, in their words.
    pub reason: Option<String>,
}

impl Request {
    /// These events of a member.
    pub fn of(member: MemberId, events: Vec<Event>) -> Self {
        Self { member, facts: None, events, reason: None }
    }
}

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Written {
    /// The answer to each of its events.
    pub posted: Vec<Posted>,
    /// The book as it is now.
    pub book: Book,
    /// The number of each that is new.
    pub numbers: Vec<Option<i64>>,
}

/// What was told otherwise of a member.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Whose book.
    pub member: MemberId,
    /// The numbers of events that give way.
    pub gone: Vec<i64>,
    /// Events that take their place, or are new.
    pub put: Vec<Event>,
}

/// Posts events to one member's book. A refusal by a rule is an answer: it is kept under the event's id, and the
/// caller must commit it.
///
/// # Errors
/// Refuses what cannot be reckoned; nothing is then written.
pub fn post(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, request: Request) -> Result<Written> {
    post_many(tx, cx, programme, vec![request])?.pop().ok_or_else(|| Error::fault("a posting had no answer"))
}

/// [`post`] for many members, each named once, at a fixed handful of statements. The answers are in their order.
///
/// # Errors
/// Where one of them cannot be reckoned; nothing is then written.
pub fn post_many(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, requests: Vec<Request>) -> Result<Vec<Written>> {
    let (mut out, mut left): (BTreeMap<usize, Written>, Vec<(usize, Request)>) =
        (BTreeMap::new(), requests.into_iter().enumerate().collect());
    let count = left.len();
    while !left.is_empty() {
        // Two members may have one book, while a merge is being taken back: then one after the other.
        let books = held(tx, cx, programme, left.iter().map(|(_, request)| request))?;
        let (mut now, mut later) = ((Vec::new(), Vec::new(), Vec::new()), Vec::new());
        for ((place, request), book) in left.into_iter().zip(books) {
            match book {
                Some(book) => {
                    now.0.push(place);
                    now.1.push(request);
                    now.2.push(book);
                }
                None => later.push((place, request)),
            }
        }
        if now.0.is_empty() {
            return Err(Error::fault("no book was held"));
        }
        out.extend(now.0.into_iter().zip(each(tx, cx, programme, now.1, now.2)?));
        left = later;
    }
    if out.len() != count {
        return Err(Error::fault("a posting had no answer"));
    }
    Ok(out.into_values().collect())
}

/// Posts to these books, each in its place, no two the same.
fn each(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, requests: Vec<Request>, books: Vec<Book>) -> Result<Vec<Written>> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    // One event alone is taken for new, and its row tells whether it was: that saves a look at every posting.
    let trusting = matches!(&requests[..], [Request { events, .. }] if events.len() == 1);
    let known = if trusting { Known::default() } else { known(tx, cx, programme, &requests, &books)? };
    let mut hands = Vec::with_capacity(requests.len());
    for (request, book) in requests.iter().zip(books) {
        hands.push(Hand::fold(tx, cx, programme, &rules, request, book, &known)?);
    }
    let mut events = Vec::new();
    for hand in &hands {
        events.extend(hand.event_rows(tx, cx, programme)?);
    }
    let count = events.len() as u64;
    if tx.insert_many(&sql::PUT_EVENTS, events)? != count {
        if !trusting {
            return Err(Error::fault("an event that nobody knew is known"));
        }
        return known_after_all(tx, cx, programme, &rules, requests);
    }
    write(tx, cx, programme, &rules, &mut hands)?;
    Ok(hands.into_iter().map(Hand::done).collect())
}

/// The one event that was taken for new is not: what it came to is forgotten.
fn known_after_all(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, requests: Vec<Request>) -> Result<Vec<Written>> {
    let books: Vec<Book> = held(tx, cx, programme, requests.iter())?.into_iter().flatten().collect();
    let known = known(tx, cx, programme, &requests, &books)?;
    let mut out = Vec::new();
    for (request, book) in requests.iter().zip(books) {
        let mut hand = Hand::fold(tx, cx, programme, rules, request, book, &known)?;
        if hand.events.iter().any(|e| e.number.is_some()) {
            return Err(Error::fault("an event is neither new nor known"));
        }
        write(tx, cx, programme, rules, std::slice::from_mut(&mut hand))?;
        out.push(hand.done());
    }
    Ok(out)
}

/// Lets happen what is due in these members' books. Returns how many entries that booked.
///
/// # Errors
/// Where one of them cannot be reckoned; nothing is then written.
pub fn pass_due(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, members: &[MemberId]) -> Result<usize> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let mut hands = Vec::new();
    for book in rows::hold(tx, cx.merchant, programme.id, members)? {
        if book.standing == Standing::Open && fold::next_due(&rules, &book.heart).is_some_and(|due| due <= cx.now) {
            hands.push(Hand::pass(tx, cx, programme, &rules, book)?);
        }
    }
    write(tx, cx, programme, &rules, &mut hands)?;
    Ok(hands.iter().map(|hand| hand.entries.0.len()).sum())
}

/// Opens books for members who have none. Returns how many.
pub(crate) fn open(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, requests: Vec<Request>) -> Result<usize> {
    let members: Vec<MemberId> = requests.iter().map(|r| r.member).collect();
    let there: BTreeSet<MemberId> = rows::hold(tx, cx.merchant, programme.id, &members)?.into_iter().map(|b| b.member).collect();
    let fresh: Vec<Request> = requests.into_iter().filter(|r| !there.contains(&r.member)).collect();
    Ok(if fresh.is_empty() { 0 } else { post_many(tx, cx, programme, fresh)?.len() })
}

/// Books what a member's history comes to when some of it is told otherwise: the difference, at this time. Tells the
/// numbers of the events that were put, in their order.
///
/// # Errors
/// Where it cannot be reckoned; nothing is then written.
pub fn revise(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, revision: Revision) -> Result<Vec<Option<i64>>> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let request = Request::of(revision.member, revision.put);
    let book = held(tx, cx, programme, std::iter::once(&request))?.pop().flatten();
    let Some(mut book) = book else { return Err(Error::fault("a book was not held")) };
    let (mut entries, tier_before) = (Entries::default(), tier_of(&rules, &book));
    let history = numbered_history(tx, cx.merchant, programme.id, book.member)?;
    let old: Vec<Event> = history.iter().map(|(_, event)| event.clone()).collect();
    // What is told under an id that is known replaces it.
    let again = |known: &Event| request.events.iter().any(|e| e.id == known.id && e.act.kind() == known.act.kind());
    let stays = |(seq, event): &&(i64, Event)| !revision.gone.contains(seq) && !again(event);
    let mut new: Vec<Event> = history.iter().filter(stays).map(|(_, e)| e.clone()).collect();
    let clock = book.heart.clock;
    let mut taken = Vec::with_capacity(request.events.len());
    for event in &request.events {
        book.events += 1;
        let posted = Posted { outcome: Outcome::Ok, first: None };
        taken.push(Taken { event: event.clone(), posted, number: Some(book.events) });
    }
    let mut order: Vec<usize> = (0..taken.len()).collect();
    order.sort_by_key(|i| taken[*i].event.time);
    let (early, later): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|i| taken[*i].event.time <= clock);
    for i in &early {
        let event = &taken[*i].event;
        let place = new.partition_point(|e| e.time <= event.time);
        new.insert(place, event.clone());
    }
    let refolded = fold::revised(&rules, &mut book, &old, &new, cx.now, &mut entries)?;
    for i in early {
        let place = new.iter().position(|e| *e == taken[i].event);
        taken[i].posted.outcome = place.and_then(|at| refolded.get(at).copied()).unwrap_or(Outcome::Ok);
    }
    for i in later {
        let number = taken[i].number.unwrap_or_default();
        taken[i].posted.outcome = fold::next(&rules, &mut book, &taken[i].event, number, &mut entries)?;
    }
    fold::run_due(&rules, &mut book.heart, cx.now, &mut entries)?;
    let (member, apart) = (book.member, Apart { rebuilt: true, ..Apart::default() });
    for seq in &revision.gone {
        // One that gave way already is not in the history.
        let Some((_, event)) = history.iter().find(|(s, _)| s == seq) else { continue };
        tx.exec(sql::GIVE_WAY, args![cx.merchant, programme.id, member, *seq, format!("{}#{seq}", event.id)])?;
    }
    for event in &request.events {
        tx.exec(sql::FREE_ID, args![cx.merchant, programme.id, member, event.act.kind(), event.id.clone()])?;
    }
    let mut hand = Hand { book, apart, events: taken, entries, tier_before, reason: None };
    let rows = hand.event_rows(tx, cx, programme)?;
    let count = rows.len() as u64;
    if tx.insert_many(&sql::PUT_EVENTS, rows)? != count {
        return Err(Error::fault("an event that was told otherwise is known already"));
    }
    write(tx, cx, programme, &rules, std::slice::from_mut(&mut hand))?;
    Ok(hand.done().numbers)
}

/// The books of the requests, in their order, held; new ones for whom there is none. Of a member whose book a merge
/// moved it is the one that has it now; none where an earlier request has it already.
fn held<'a>(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, requests: impl Iterator<Item = &'a Request>) -> Result<Vec<Option<Book>>> {
    let (rules, requests) = (service::rules(tx, cx.merchant, programme)?, requests.collect::<Vec<_>>());
    let mut whose: Vec<MemberId> = requests.iter().map(|r| r.member).collect();
    let mut found: BTreeMap<MemberId, Book> = BTreeMap::new();
    for _ in 0..CHAIN {
        let asked: BTreeSet<MemberId> = whose.iter().filter(|m| !found.contains_key(*m)).copied().collect();
        let asked: Vec<MemberId> = asked.into_iter().collect();
        found.extend(rows::hold(tx, cx.merchant, programme.id, &asked)?.into_iter().map(|book| (book.member, book)));
        let mut moved = false;
        for member in &mut whose {
            if let Some(to) = found.get(member).filter(|b| b.standing == Standing::Moved).and_then(|b| b.moved_to) {
                (*member, moved) = (to, true);
            }
        }
        if !moved {
            break;
        }
    }
    let unknown: Vec<MemberId> =
        requests.iter().zip(&whose).filter(|(r, m)| r.facts.is_none() && !found.contains_key(*m)).map(|(_, m)| *m).collect();
    let mut facts = people::facts(tx, cx, programme, &unknown)?;
    let (mut out, mut given) = (Vec::with_capacity(requests.len()), BTreeSet::new());
    for (request, member) in requests.iter().zip(whose) {
        if !given.insert(member) {
            out.push(None);
            continue;
        }
        let book = match found.remove(&member) {
            Some(book) => book,
            None => {
                let facts = request.facts.clone().or_else(|| facts.remove(&member)).unwrap_or_default();
                let origin = request.events.iter().map(|e| e.time).min().unwrap_or(cx.now).min(cx.now);
                Book::new(member, facts, origin, &rules)
            }
        };
        if book.standing == Standing::Erased {
            return Err(ERASED.refuse().into());
        }
        out.push(Some(book));
    }
    Ok(out)
}

/// What each event that is known already was answered, by member, kind and id.
#[derive(Default)]
struct Known(HashMap<(MemberId, String, String), Outcome>);

fn known(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, requests: &[Request], books: &[Book]) -> Result<Known> {
    let mut known = Known::default();
    let there: Vec<MemberId> = books.iter().filter(|b| !b.fresh).map(|b| b.member).collect();
    let ids: BTreeSet<&str> = requests.iter().flat_map(|r| &r.events).map(|e| e.id.as_str()).collect();
    let kinds: BTreeSet<&str> = requests.iter().flat_map(|r| &r.events).map(|e| e.act.kind()).collect();
    if there.is_empty() || ids.is_empty() {
        return Ok(known);
    }
    let texts = |set: BTreeSet<&str>| Value::Texts(set.into_iter().map(str::to_owned).collect());
    let binds = [cx.merchant.into(), programme.id.into(), rows::ids(&there), texts(kinds), texts(ids)];
    for mut r in tx.rows(sql::KNOWN, &binds)? {
        known.0.insert((r.get(0)?, r.get(1)?, r.get(2)?), outcome(&r.get::<String>(3)?)?);
    }
    Ok(known)
}

/// An outcome by its word in the store.
pub(crate) fn outcome(word: &str) -> Result<Outcome> {
    Ok(serde_json::from_value(serde_json::Value::String(word.to_owned()))?)
}

/// The word of an outcome.
pub(crate) fn word(outcome: Outcome) -> Result<String> {
    let value = serde_json::to_value(outcome)?;
    value.as_str().map(str::to_owned).ok_or_else(|| Error::fault("an outcome has no word"))
}

/// An event of a request, as it was taken.
struct Taken {
    event: Event,
    posted: Posted,
    /// Its number in the book; none where it was known, or leaves no trace.
    number: Option<i64>,
}

/// The events of a member that count, in order of time, with their numbers.
fn numbered_history(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, member: MemberId) -> Result<Vec<(i64, Event)>> {
    let rows = tx.rows(sql::HISTORY, args![merchant, programme, member])?;
    let read = |mut r: Row| Ok((r.get(0)?, Event { time: r.get(1)?, id: r.get(2)?, act: serde_json::from_str(&r.get::<String>(3)?)? }));
    rows.into_iter().map(read).collect()
}

/// The events of a member that count, in order of time.
pub(crate) fn read_history(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, member: MemberId) -> Result<Vec<Event>> {
    Ok(numbered_history(tx, merchant, programme, member)?.into_iter().map(|(_, event)| event).collect())
}

/// A book with what a request did to it.
pub(super) struct Hand {
    pub(super) book: Book,
    apart: Apart,
    events: Vec<Taken>,
    pub(super) entries: Entries,
    pub(super) tier_before: Option<String>,
    reason: Option<String>,
}

pub(super) fn tier_of(rules: &Rules, book: &Book) -> Option<String> {
    let ladder = rules.held(&book.heart).ladder.as_ref()?;
    ladder.tiers.get(book.heart.standing.tier).map(|tier| tier.id.clone())
}

impl Hand {
    /// A book with everything that lies apart in it, brought to `at`, where this event then happens.
    pub(super) fn at(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, book: Whole, event: Event) -> Result<Self> {
        let Whole { mut book, mut entries, tier_before } = book;
        book.events += 1;
        let (number, place) = (book.events, (cx.merchant, programme.id, book.member));
        let outcome = fold::next(rules, &mut book, &event, number, &mut entries)?;
        let taken = Taken { event, posted: Posted { outcome, first: None }, number: Some(number) };
        let apart = Apart { rebuilt: true, ..Apart::default() };
        let hand = Self { book, apart, events: vec![taken], entries, tier_before, reason: None };
        let rows = hand.event_rows(tx, cx, programme)?;
        if tx.insert_many(&sql::PUT_EVENTS, rows)? != 1 {
            return Err(Error::fault(format!("{}: an event of a merge is known already", place.2)));
        }
        Ok(hand)
    }

    fn pass(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, mut book: Book) -> Result<Self> {
        let (mut entries, mut apart, tier_before) = (Entries::default(), Apart::default(), tier_of(rules, &book));
        fetch(tx, cx, programme, rules, &mut book, &mut apart, &[])?;
        fold::run_due(rules, &mut book.heart, cx.now, &mut entries)?;
        Ok(Self { book, apart, events: Vec::new(), entries, tier_before, reason: None })
    }

    fn fold(
        tx: &mut Tx<'_>,
        cx: &Ctx,
        programme: &Programme,
        rules: &Rules,
        request: &Request,
        mut book: Book,
        known: &Known,
    ) -> Result<Self> {
        let (mut entries, mut apart, tier_before) = (Entries::default(), Apart::default(), tier_of(rules, &book));
        fetch(tx, cx, programme, rules, &mut book, &mut apart, &request.events)?;
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
            taken.push(Taken { event: event.clone(), posted, number });
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
                fold::next(rules, &mut book, event, number, &mut entries)?
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
        }
        for i in 0..taken.len() {
            if taken[i].posted == (Posted { outcome: Outcome::Duplicate, first: None }) && taken[i].number.is_none() {
                let event = &request.events[i];
                let first = seen.get(&(event.act.kind(), event.id.as_str())).map(|at| taken[*at].posted.outcome);
                taken[i].posted.first = first;
            }
        }
        fold::run_due(rules, &mut book.heart, cx.now, &mut entries)?;
        Ok(Self { book, apart, events: taken, entries, tier_before, reason: request.reason.clone() })
    }

    fn event_rows(&self, tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<Vec<Vec<Value>>> {
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

    fn done(self) -> Written {
        let numbers = self.events.iter().map(|taken| taken.number).collect();
        Written { posted: self.events.into_iter().map(|taken| taken.posted).collect(), book: self.book, numbers }
    }
}

/// Puts into a heart what these events, and what is due until now, may touch of what lies apart.
fn fetch(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    book: &mut Book,
    apart: &mut Apart,
    events: &[Event],
) -> Result<()> {
    let whose = (cx.merchant, programme.id, book.member, book.parts);
    fetch_into(tx, whose, rules, &mut book.heart, apart, cx.now, events)
}

/// A heart's place in the store: merchant, programme, member, and how many parts lie apart.
pub(crate) type Place = (MerchantNo, ProgrammeId, MemberId, i64);

/// [`fetch`] for a heart in hand. Asks until nothing more is needed: a reversal names a spend, the spend names lots.
pub(crate) fn fetch_into(
    tx: &mut Tx<'_>,
    (merchant, programme, member, parts): Place,
    rules: &Rules,
    heart: &mut State,
    apart: &mut Apart,
    to: Instant,
    events: &[Event],
) -> Result<()> {
    while parts > apart.loaded.len() as i64 {
        let mut wanted = Vec::new();
        if events.is_empty() {
            wanted.extend(parts::needs(rules, heart, to, None, &mut apart.asked));
        }
        for event in events {
            wanted.extend(parts::needs(rules, heart, to.max(event.time), Some(event), &mut apart.asked));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let rows = if wanted.contains(&PartKey::All) {
            tx.rows(sql::ALL_PARTS, args![merchant, programme, member])?
        } else {
            let names = Value::Texts(wanted.iter().map(fold::part_name).collect());
            tx.rows(sql::PARTS, &[merchant.into(), programme.into(), rows::ids(&[member]), names])?
        };
        for mut row in rows {
            apart.put_back(heart, row.get(1)?, row.get(2)?)?;
        }
    }
    Ok(())
}

/// Writes the books, their entries and what is told of them.
pub(super) fn write(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, hands: &mut [Hand]) -> Result<()> {
    let (mut books, mut entries, mut parts, mut fresh) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::<i64, i64>::new());
    for hand in hands.iter_mut() {
        let (apart, book) = (std::mem::take(&mut hand.apart), &mut hand.book);
        let (rebuilt, before) = (apart.rebuilt, book.parts);
        for booked in &hand.entries.0 {
            book.entries += 1;
            entries.push(entry_row(cx, programme.id, &rules.first().zone, book.member, book.entries, booked)?);
        }
        if book.fresh {
            *fresh.entry(i64::from(book.member.bytes()[15]) % SHARDS).or_default() += 1;
        }
        let Changed { put, gone, count } = apart.settle(rules, &mut book.heart, before)?;
        book.parts = count;
        if rebuilt && before > 0 {
            tx.exec(sql::DROP_ALL_PARTS, args![cx.merchant, programme.id, book.member])?;
        }
        if !gone.is_empty() {
            tx.exec(sql::DROP_PARTS, args![cx.merchant, programme.id, book.member, gone])?;
        }
        let member = book.member;
        parts.extend(
            put.into_iter().map(|(name, body)| vec![cx.merchant.into(), programme.id.into(), member.into(), name.into(), body.into()]),
        );
        books.push(book.row(cx, programme.id, rules)?);
    }
    tx.insert_many(&sql::PUT_BOOKS, books)?;
    tx.insert_many(&sql::PUT_PARTS, parts)?;
    tx.insert_many(&sql::PUT_ENTRIES, entries)?;
    for (shard, more) in fresh {
        tx.exec(definition::MORE_BOOKS, args![cx.merchant, programme.id, shard, more])?;
    }
    tell::tell(tx, cx, programme, rules, hands)
}

fn entry_row(cx: &Ctx, programme: ProgrammeId, zone: &Zone, member: MemberId, seq: i64, booked: &fold::Booked) -> Result<Vec<Value>> {
    let entry = &booked.entry;
    Ok(vec![
        cx.merchant.into(),
        programme.into(),
        member.into(),
        seq.into(),
        entry.from.name().into(),
        entry.to.name().into(),
        entry.amount.into(),
        entry.lot.clone().into(),
        entry.lot_made.into(),
        entry.lot_made.map_or(0, |made| month(zone, made)).into(),
        (&entry.cause.kind).into(),
        (&entry.cause.id).into(),
        entry.version.into(),
        entry.happened.into(),
        cx.now.into(),
        entry.corrects.into(),
        booked.event.into(),
    ])
}

/// The month in which an instant falls, as a number: 202611. Books close by months of the programme's zone.
pub fn month(zone: &Zone, at: Instant) -> i64 {
    let day = zone.day(at);
    i64::from(day.year()) * 100 + i64::from(day.month())
}

/// A book with everything that lies apart put back.
pub(super) struct Whole {
    pub(super) book: Book,
    entries: Entries,
    tier_before: Option<String>,
}

/// Puts everything into a book that lies apart, and lets time pass in it up to `at`.
pub(super) fn whole(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, mut book: Book, at: Instant) -> Result<Whole> {
    let (mut entries, mut apart, tier_before) = (Entries::default(), Apart::default(), tier_of(rules, &book));
    for mut row in tx.rows(sql::ALL_PARTS, args![cx.merchant, programme.id, book.member])? {
        apart.put_back(&mut book.heart, row.get(1)?, row.get(2)?)?;
    }
    fold::run_due(rules, &mut book.heart, at, &mut entries)?;
    fold::come_to(rules, &mut book.heart, at)?;
    Ok(Whole { book, entries, tier_before })
}
