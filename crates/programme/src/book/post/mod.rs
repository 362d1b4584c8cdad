//! Events into books in the store: the one way by which points, growth and tiers move.

mod fetch;
mod hand;
mod held;
mod history;
mod known;
mod rejudge;
mod revise;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Error, Result};
use shuke_loyalty::event::{Event, Member};
use shuke_loyalty::{Account, Accounts, Rules, State};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::fold::{self, Posted};
use super::rows::{self, Book, Standing};
use super::show::{self, TierView};
use super::sql;
use crate::definition::{Programme, service};

use fetch::fetch_for;
pub(crate) use fetch::fetch_into;
pub(super) use hand::{Hand, Whole, tier_of, whole};
use held::held;
pub(super) use history::numbered_history;
pub(crate) use history::read_history;
pub(crate) use known::word;
use known::{Known, known};
pub use rejudge::{Looked, look, rejudge};
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
    /// What there was after each; of one that was known already, what there is now.
    pub after: Vec<Glance>,
}

/// Balances and tier at an instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Glance {
    accounts: Accounts,
    /// The tier held, where there is a ladder.
    pub tier: Option<TierView>,
}

impl Glance {
    fn of(rules: &Rules, heart: &State) -> Self {
        Self { accounts: heart.accounts, tier: show::tier(rules, heart) }
    }

    /// Balances by the accounts' names, in their order.
    pub fn balances(&self) -> impl Iterator<Item = (&'static str, i64)> {
        Account::ALL.into_iter().map(|account| (account.name(), self.accounts.of(account)))
    }
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
    // Events are taken for new, and their rows tell whether they were: that saves a look at every posting. What was told of
    // somebody whose book went into another's is looked for there.
    let led = books.iter().any(|book| !book.via.is_empty());
    let hands = if led { None } else { fresh(tx, cx, programme, &rules, &requests, books)? };
    let mut hands = match hands {
        Some(hands) => hands,
        None => some_known(tx, cx, programme, &rules, &requests)?,
    };
    write(tx, cx, programme, &rules, &mut hands)?;
    Ok(hands.into_iter().map(Hand::done).collect())
}

/// Folds requests into books by what is known of their events.
fn folded(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    (requests, books): (&[Request], Vec<Book>),
    known: &Known,
) -> Result<Vec<Hand>> {
    let whole = fetch_for(tx, cx, programme, rules, books, |i| &requests[i].events)?;
    requests.iter().zip(whole).map(|(request, found)| Hand::fold(tx, cx, programme, rules, request, found, known)).collect()
}

fn put(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, hands: &[Hand]) -> Result<bool> {
    let mut events = Vec::new();
    for hand in hands {
        events.extend(hand.event_rows(tx, cx, programme)?);
    }
    let count = events.len() as u64;
    Ok(tx.insert_many(&sql::PUT_EVENTS, events)? == count)
}

/// Folds events that are taken for new, and puts their rows. None, and no row, where one of them is known.
fn fresh(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    requests: &[Request],
    books: Vec<Book>,
) -> Result<Option<Vec<Hand>>> {
    let hands = match folded(tx, cx, programme, rules, (requests, books), &Known::default()) {
        Ok(hands) => hands,
        // One that is known is perhaps what cannot be reckoned twice.
        Err(Error::Refused(_)) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    if put(tx, cx, programme, &hands)? {
        return Ok(Some(hands));
    }
    for hand in &hands {
        if let Some(first) = hand.first_number() {
            tx.exec(sql::TAKE_BACK, args![cx.merchant, programme.id, hand.book.member, first])?;
        }
    }
    Ok(None)
}

/// Some of the events that were taken for new are not: what they came to is forgotten.
fn some_known(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, requests: &[Request]) -> Result<Vec<Hand>> {
    let books: Vec<Book> = held(tx, cx, programme, requests.iter())?.into_iter().flatten().collect();
    let known = known(tx, cx, programme, requests, &books)?;
    let hands = folded(tx, cx, programme, rules, (requests, books), &known)?;
    if put(tx, cx, programme, &hands)? { Ok(hands) } else { Err(Error::fault("an event is neither new nor known")) }
}

/// Lets happen what is due in these members' books. Returns how many entries that booked. `all` also writes those in
/// which nothing is due: when something will be is then told anew.
///
/// # Errors
/// Where one of them cannot be reckoned; nothing is then written.
pub fn pass_due(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, members: &[MemberId], all: bool) -> Result<usize> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let due = |book: &Book| all || fold::next_due(&rules, &book.heart).is_some_and(|due| due <= cx.now);
    let mut books = rows::hold(tx, cx.merchant, programme.id, members)?;
    books.retain(|book| book.standing == Standing::Open && due(book));
    let mut hands = Vec::with_capacity(books.len());
    for found in fetch_for(tx, cx, programme, &rules, books, |_| &[])? {
        hands.push(Hand::pass(cx, &rules, found)?);
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
