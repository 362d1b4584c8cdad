//! Books of members who turned out to be one, and of those who are parted again.
//!
//! A merge lets the younger member's book depart and come into the older one's, whole, by transfer entries: over both no
//! total changes. Taking it back parts what the one book has become, by what each identity brought; both become what the
//! pure crate says by transfer entries again.
//!
//! Where the older book went into another one meanwhile, those between come out one by one, and go in again without what is parted.

use std::collections::BTreeSet;

use shuke_commerce::OrderId;
use shuke_commerce::order::counting::counting;
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_loyalty::event::{Act, Event};
use shuke_loyalty::fold::{History, play};
use shuke_loyalty::unmerge::{Difference, Merge, Since, part};
use shuke_loyalty::{Rules, State};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::post::{self, Hand, Whole, whole};
use super::rows::{self, Book, Standing};
use super::sql;
use crate::definition::{Programme, service};
use crate::orders;
use crate::people;

/// When two books meet: not before either stands.
fn meeting(cx: &Ctx, books: [&Book; 2]) -> Instant {
    books.iter().map(|book| book.heart.clock.max(book.origin)).fold(cx.now, Instant::max)
}

/// The two books, held, in this order.
fn both(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, a: MemberId, b: MemberId) -> Result<(Option<Book>, Option<Book>)> {
    let mut found = rows::hold(tx, cx.merchant, programme.id, &[a, b])?;
    let mut take = |member: MemberId| found.iter().position(|book| book.member == member).map(|at| found.swap_remove(at));
    Ok((take(a), take(b)))
}

/// The younger member's book goes into the older one's. `merge` names the merge. Whether there was anything to move.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn merged(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, older: MemberId, younger: MemberId, merge: &str) -> Result<bool> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let (into, Some(from)) = both(tx, cx, programme, older, younger)? else { return Ok(false) };
    if from.standing != Standing::Open || into.as_ref().is_some_and(|book| book.standing != Standing::Open) {
        return Ok(false);
    }
    let into = match into {
        Some(book) => book,
        None => {
            let facts = people::facts(tx, cx, programme, &[older])?.remove(&older).unwrap_or_default();
            Book::new(older, facts, from.origin, &rules)
        }
    };
    let at = meeting(cx, [&into, &from]);
    let from = whole(tx, cx, programme, &rules, from, at)?;
    let into = whole(tx, cx, programme, &rules, into, at)?;
    let absorb = Act::Absorb { from: younger.to_string(), book: Box::new(from.book.heart.clone()) };
    let event = |act| Event { time: at, id: merge.to_owned(), act };
    let mut from = Hand::at(tx, cx, programme, &rules, from, event(Act::Depart { to: older.to_string() }))?;
    (from.book.standing, from.book.moved_to) = (Standing::Moved, Some(older));
    let into = Hand::at(tx, cx, programme, &rules, into, event(absorb))?;
    post::write(tx, cx, programme, &rules, &mut [into, from])?;
    tx.exec(orders::sql::MOVE, args![cx.merchant, programme.id, younger, older])?;
    Ok(true)
}

/// A merge is taken back: the younger member has a book of its own again. Whether one had gone into the other's.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn parted(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, older: MemberId, younger: MemberId) -> Result<bool> {
    let path = path(tx, cx, programme, younger)?;
    if path.len() < 2 {
        // No book went in. What came by the younger member since leaves, as orders do that found another member.
        let rows = tx.rows(orders::sql::STRAYED, args![cx.merchant, programme.id, older, younger])?;
        let strayed = rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<OrderId>>>()?;
        orders::reconcile(tx, cx, programme, &strayed)?;
        return Ok(false);
    }
    let rules = service::rules(tx, cx.merchant, programme)?;
    rows::hold(tx, cx.merchant, programme.id, &path)?;
    let mut merges = Vec::with_capacity(path.len());
    for pair in path.windows(2).rev() {
        let Some(merge) = part_pair(tx, cx, programme, &rules, (pair[1], pair[0]), younger)? else { return Ok(false) };
        merges.push(merge);
    }
    // Those between go in again, the innermost first.
    merges.pop();
    for (pair, merge) in path.windows(2).skip(1).zip(merges.into_iter().rev()) {
        let again = rows::get(tx, cx.merchant, programme.id, pair[1])?.map_or(0, |book| book.events);
        if !merged(tx, cx, programme, pair[1], pair[0], &format!("{merge}#again:{again}"))? {
            return Err(Error::fault(format!("{}: a book that came out did not go in again", pair[0])));
        }
    }
    if let Some(holder) = path.last() {
        tx.exec(orders::sql::MOVE_BACK, args![cx.merchant, programme.id, *holder, younger])?;
    }
    Ok(true)
}

/// Whose book a member's went into, and that one's, up to the one that has them all; the member alone where its book is its own.
fn path(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, younger: MemberId) -> Result<Vec<MemberId>> {
    let (mut path, mut at) = (vec![younger], younger);
    while let Some(book) = rows::get(tx, cx.merchant, programme.id, at)? {
        let Some(to) = book.moved_to.filter(|_| book.standing == Standing::Moved) else { return Ok(path) };
        if path.contains(&to) {
            return Err(Error::fault(format!("{younger}: books that went into each other")));
        }
        path.push(to);
        at = to;
    }
    Ok(vec![younger])
}

/// Parts two books, of which the older may have gone further meanwhile; orders that are `whose` go with the younger. Names the
/// merge that is taken back; none where there was none.
fn part_pair(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    (older, younger): (MemberId, MemberId),
    whose: MemberId,
) -> Result<Option<String>> {
    let (Some(into), Some(from)) = both(tx, cx, programme, older, younger)? else { return Ok(None) };
    if from.standing != Standing::Moved || from.moved_to != Some(older) || into.standing != Standing::Open {
        return Ok(None);
    }
    let numbered = post::numbered_history(tx, cx.merchant, programme.id, older)?;
    let name = younger.to_string();
    let Some(absorbed) = numbered.iter().rposition(|(_, e)| matches!(&e.act, Act::Absorb { from, .. } if *from == name)) else {
        return Ok(None);
    };
    let since_number = numbered[absorbed].0;
    let history: Vec<Event> = numbered.into_iter().map(|(_, event)| event).collect();
    let Act::Absorb { book: brought, .. } = &history[absorbed].act else { return Ok(None) };
    let at = meeting(cx, [&into, &from]);
    let into = whole(tx, cx, programme, rules, into, at)?;
    let mut from = whole(tx, cx, programme, rules, from, at)?;
    let orders = theirs(tx, cx, &into.book.heart, whose)?;
    let is_theirs = |event: &Event| order_of(&event.act).is_some_and(|order| orders.contains(order));
    let (met, before) = (history[absorbed].time, &history[..absorbed]);
    let older_then = played(rules, &into.book, before, met)?;
    let alone = alone(tx, cx, programme, rules, (&into, &from), (before, met), &is_theirs)?;
    let since: Vec<Since<'_>> = history[absorbed + 1..].iter().map(|event| Since { event, by_younger: is_theirs(event) }).collect();
    let alone = alone.as_ref().map(|(older, younger)| (older, younger));
    let came: BTreeSet<String> = orders.iter().filter(|order| !brought.orders.contains_key(*order)).cloned().collect();
    let merge = Merge { from: &name, older: &older_then, younger: brought, orders: &came, alone };
    let halves = part(rules, &merge, &into.book.heart, &since, at)?;
    let merge = history[absorbed].id.clone();
    let event = |book| Event { time: at, id: format!("{merge}#back"), act: Act::Restore { book: Box::new(book) } };
    // Whoever asks again by the younger member for what was asked of the one book is answered as then.
    let asked = tx.exec(sql::KNOW_TOO, args![cx.merchant, programme.id, older, younger, from.book.events, since_number])?;
    from.book.events += i64::try_from(asked).map_err(Error::fault)?;
    let into = Hand::at(tx, cx, programme, rules, into, event(halves.older))?;
    let mut from = Hand::at(tx, cx, programme, rules, from, event(halves.younger))?;
    (from.book.standing, from.book.moved_to) = (Standing::Open, None);
    post::write(tx, cx, programme, rules, &mut [into, from])?;
    tell(tx, cx, programme, (older, younger), &halves.differences)?;
    Ok(Some(merge))
}

/// Tells in what the two books are not what they would be without the merge.
fn tell(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, both: (MemberId, MemberId), differences: &[Difference]) -> Result<()> {
    let mut events = Vec::new();
    for (member, younger) in [(both.0, false), (both.1, true)] {
        let listed: Vec<_> = differences.iter().filter(|d| d.younger == younger).map(|d| &d.what).collect();
        if !listed.is_empty() {
            events.push(shuke_store::Event {
                kind: "points.parted",
                version: 1,
                occurred_at: cx.now,
                subject_kind: "mem",
                subject: *member.bytes(),
                member: Some(*member.bytes()),
                data: serde_json::json!({ "programme": programme.id, "differences": listed }).to_string(),
            });
        }
    }
    tx.emit_many(cx, events)
}

/// What a book's events make up to an instant.
fn played(rules: &Rules, book: &Book, events: &[Event], to: Instant) -> Result<State> {
    let origin = events.first().map_or(book.origin, |first| first.time.min(book.origin));
    Ok(play(&History { rules, member: &book.facts, origin, events }, to)?.state)
}

/// The two as they would have come to their meeting, had each been told only what came by it; none where the older one was told
/// nothing of before that came by the younger one.
fn alone(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    (into, from): (&Whole, &Whole),
    (before, met): (&[Event], Instant),
    is_theirs: &dyn Fn(&Event) -> bool,
) -> Result<Option<(State, State)>> {
    let (theirs, own): (Vec<Event>, Vec<Event>) = before.iter().cloned().partition(|event| is_theirs(event));
    if theirs.is_empty() {
        return Ok(None);
    }
    let mut younger = post::read_history(tx, cx.merchant, programme.id, from.book.member)?;
    let departed = younger.iter().rposition(|event| matches!(event.act, Act::Depart { .. })).unwrap_or(younger.len());
    younger.truncate(departed);
    younger.extend(theirs);
    younger.sort_by_key(|event| event.time);
    Ok(Some((played(rules, &into.book, &own, met)?, played(rules, &from.book, &younger, met)?)))
}

fn order_of(act: &Act) -> Option<&String> {
    match act {
        Act::OrderPaid { order, .. } | Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order } => {
            Some(order)
        }
        _ => None,
    }
}

/// Which of the orders in a book are a member's now.
fn theirs(tx: &mut Tx<'_>, cx: &Ctx, heart: &State, whose: MemberId) -> Result<BTreeSet<String>> {
    let named: Vec<OrderId> = heart.orders.keys().chain(heart.waiting.keys()).filter_map(|name| name.parse().ok()).collect();
    let counted = counting(tx, cx, &named)?;
    Ok(counted.into_iter().filter(|c| c.member == Some(whose)).map(|c| c.order.to_string()).collect())
}
