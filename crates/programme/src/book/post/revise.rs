//! A member's history told otherwise.

use shuke_kernel::{Ctx, Error, Result};
use shuke_loyalty::event::{Event, Outcome};
use shuke_loyalty::fold::parted_at;
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::hand::{Hand, Taken, tier_of};
use super::held::held;
use super::history::numbered_history;
use super::write::write;
use super::{Glance, Request, sql};
use crate::book::fold::{self, Apart, Entries, Posted};
use crate::definition::{Programme, service};

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

/// Books what a member's history comes to when some of it is told otherwise: the difference, at this time. Tells whose
/// book it was, and the numbers of the events that were put, in their order.
///
/// # Errors
/// Where it cannot be reckoned; nothing is then written.
pub fn revise(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, revision: Revision) -> Result<(MemberId, Vec<Option<i64>>)> {
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
    // What happened before a merge was taken back, and is told after it, counts from then on.
    let parted = parted_at(&old);
    let mut taken = Vec::with_capacity(request.events.len());
    for event in &request.events {
        book.events += 1;
        let posted = Posted { outcome: Outcome::Ok, first: None };
        let time = parted.map_or(event.time, |parted| event.time.max(parted));
        taken.push(Taken { event: Event { time, ..event.clone() }, posted, number: Some(book.events), after: None });
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
    let after = Glance::of(&rules, &book.heart);
    let mut hand = Hand { book, apart, events: taken, entries, tier_before, reason: None, after };
    let rows = hand.event_rows(tx, cx, programme)?;
    let count = rows.len() as u64;
    if tx.insert_many(&sql::PUT_EVENTS, rows)? != count {
        return Err(Error::fault("an event that was told otherwise is known already"));
    }
    write(tx, cx, programme, &rules, std::slice::from_mut(&mut hand))?;
    Ok((member, hand.done().numbers))
}
