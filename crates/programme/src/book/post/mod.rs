//! Events into books in the store: the one way by which points, growth and tiers move.

mod fetch;
mod hand;
mod held;
mod history;
mod known;
mod revise;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Error, Result};
use shuke_loyalty::Rules;
use shuke_loyalty::event::{Event, Member};
use shuke_members::MemberId;
use shuke_store::Tx;

use super::fold::{self, Posted};
use super::rows::{self, Book, Standing};
use super::sql;
use crate::definition::{Programme, service};

pub(crate) use fetch::fetch_into;
pub(super) use hand::{Hand, tier_of, whole};
use held::held;
pub(crate) use history::read_history;
use known::{Known, known};
pub(crate) use known::{outcome, word};
pub use revise::{Revision, revise};
pub use write::month;
pub(super) use write::write;

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
