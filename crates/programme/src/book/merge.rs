//! Books of members who turned out to be one, and of those who are parted again.
//!
//! A merge lets the younger member's book depart and come into the older one's, whole, by transfer entries: over both no
//! total changes. Taking it back parts what the one book has become, by what each identity brought; both become what the
//! pure crate says by transfer entries again.

use std::collections::HashSet;

use shuke_commerce::OrderId;
use shuke_kernel::{Ctx, Instant, Result};
use shuke_loyalty::Rules;
use shuke_loyalty::event::{Act, Event};
use shuke_loyalty::fold::{History, play};
use shuke_loyalty::unmerge::{Merge, Since, part};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::post::{self, Hand, whole};
use super::rows::{self, Book, Standing};
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

/// A merge is taken back: the younger member has a book of its own again. Whether it had gone into the other's.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn parted(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, older: MemberId, younger: MemberId) -> Result<bool> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let (Some(into), Some(from)) = both(tx, cx, programme, older, younger)? else { return Ok(false) };
    if from.standing != Standing::Moved || from.moved_to != Some(older) || into.standing != Standing::Open {
        return Ok(false);
    }
    let history = post::read_history(tx, cx.merchant, programme.id, older)?;
    let name = younger.to_string();
    let absorbed = history.iter().rposition(|e| matches!(&e.act, Act::Absorb { from, .. } if *from == name));
    let Some(absorbed) = absorbed else { return Ok(false) };
    let Act::Absorb { book: brought, .. } = &history[absorbed].act else { return Ok(false) };
    let before = before(&rules, &into, &history[..absorbed], history[absorbed].time)?;
    let theirs = theirs(tx, cx, &history[absorbed + 1..], younger)?;
    let since: Vec<Since<'_>> = history[absorbed + 1..]
        .iter()
        .map(|event| Since { event, by_younger: order_of(&event.act).is_some_and(|o| theirs.contains(&o)) })
        .collect();
    let at = meeting(cx, [&into, &from]);
    let (merge_id, recorded) = (history[absorbed].id.clone(), Merge { from: &name, older: &before, younger: brought });
    let into = whole(tx, cx, programme, &rules, into, at)?;
    let from = whole(tx, cx, programme, &rules, from, at)?;
    let halves = part(&rules, &recorded, &into.book.heart, &since, at)?;
    let event = |book| Event { time: at, id: format!("{merge_id}#back"), act: Act::Restore { book: Box::new(book) } };
    let into = Hand::at(tx, cx, programme, &rules, into, event(halves.older))?;
    let mut from = Hand::at(tx, cx, programme, &rules, from, event(halves.younger))?;
    (from.book.standing, from.book.moved_to) = (Standing::Open, None);
    post::write(tx, cx, programme, &rules, &mut [into, from])?;
    tx.exec(orders::sql::MOVE_BACK, args![cx.merchant, programme.id, older, younger])?;
    Ok(true)
}

/// The older book just before the merge.
fn before(rules: &Rules, book: &Book, history: &[Event], at: Instant) -> Result<shuke_loyalty::State> {
    Ok(play(&History { rules, member: &book.facts, origin: book.origin, events: history }, at)?.state)
}

fn order_of(act: &Act) -> Option<OrderId> {
    match act {
        Act::OrderPaid { order, .. } | Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order } => {
            order.parse().ok()
        }
        _ => None,
    }
}

/// Which of the orders that these events name are the younger member's now.
fn theirs(tx: &mut Tx<'_>, cx: &Ctx, events: &[Event], younger: MemberId) -> Result<HashSet<OrderId>> {
    let named: Vec<OrderId> = events.iter().filter_map(|e| order_of(&e.act)).collect();
    let counted = shuke_commerce::order::counting::counting(tx, cx, &named)?;
    Ok(counted.into_iter().filter(|c| c.member == Some(younger)).map(|c| c.order).collect())
}
