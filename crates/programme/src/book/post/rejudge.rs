//! Members' orders judged by another version: looked at, and booked as it was shown.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Result};
use shuke_loyalty::Rules;
use shuke_loyalty::event::{Act, Event};
use shuke_loyalty::fold::History;
use shuke_loyalty::rerun::{Asked, Found, find, judged, told_of};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::hand::{Hand, tier_of};
use super::history::numbered_history;
use super::write::write;
use super::{Glance, sql};
use crate::book::fold::{self, Apart, Entries};
use crate::book::rows::{self, Book, Standing};
use crate::definition::{Programme, service};
use crate::orders::judged::Orders;

/// What a re-run would come to for a member.
pub enum Looked {
    /// This.
    Found(Found),
    /// Nothing: a merge moved the book, and so many orders of the span are with it where nobody can judge them again.
    Moved(u64),
    /// Numbers are too large to reckon.
    Unreckoned,
}

/// What a re-run would come to for each of these members who have a book.
///
/// # Errors
/// What the store says.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, asked: Asked, members: &[MemberId]) -> Result<Vec<(MemberId, Looked)>> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let mut out = Vec::with_capacity(members.len());
    for member in members {
        let Some(book) = rows::get(tx, cx.merchant, programme.id, *member)?.filter(|book| book.standing != Standing::Erased) else {
            continue;
        };
        let events: Vec<Event> = super::read_history(tx, cx.merchant, programme.id, *member)?;
        let looked = if book.standing == Standing::Moved {
            Looked::Moved(told_of(&events, asked))
        } else {
            find(&history(&rules, &book, &events), book.heart.clock, asked).map_or(Looked::Unreckoned, Looked::Found)
        };
        out.push((*member, looked));
    }
    Ok(out)
}

fn history<'a>(rules: &'a Rules, book: &'a Book, events: &'a [Event]) -> History<'a> {
    History { rules, member: &book.facts, origin: book.origin, events }
}

/// Lets members' orders be judged so, and books the differences as corrections: of each member whose re-run still comes to what was
/// `shown`. Whose does, in their order; of the others nothing is changed, and it has to be shown anew.
///
/// # Errors
/// What the store says.
pub fn rejudge(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, asked: Asked, shown: &[(MemberId, Found)]) -> Result<Vec<bool>> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    // What would be told of them while their books are in hand waits here, and finds how they are judged.
    let mut orders = Orders::hold(tx, cx, programme, shown.iter().flat_map(|(_, found)| &found.judged))?;
    let members: Vec<MemberId> = shown.iter().map(|(member, _)| *member).collect();
    let held = rows::hold(tx, cx.merchant, programme.id, &members)?.into_iter();
    let mut held: BTreeMap<MemberId, Book> = held.filter(|book| book.standing == Standing::Open).map(|book| (book.member, book)).collect();
    let (mut hands, mut done) = (Vec::new(), Vec::with_capacity(shown.len()));
    for (member, found) in shown {
        let hand = match held.remove(member) {
            Some(book) => one(tx, cx, programme, &rules, (book, asked), found, &mut orders)?,
            None => None,
        };
        done.push(hand.is_some());
        hands.extend(hand);
    }
    orders.put(tx, cx, programme)?;
    if !hands.is_empty() {
        write(tx, cx, programme, &rules, &mut hands)?;
    }
    Ok(done)
}

/// A book with the re-run in it; none where that would not come to what was shown.
fn one(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    (mut book, asked): (Book, Asked),
    shown: &Found,
    orders: &mut Orders,
) -> Result<Option<Hand>> {
    let member = book.member;
    let numbered = numbered_history(tx, cx.merchant, programme.id, member)?;
    let old: Vec<Event> = numbered.iter().map(|(_, event)| event.clone()).collect();
    if find(&history(rules, &book, &old), book.heart.clock, asked).ok().as_ref() != Some(shown) {
        return Ok(None);
    }
    let new = judged(rules, &old, asked);
    let (mut entries, tier_before) = (Entries::default(), tier_of(rules, &book));
    let folded = fold::revised(rules, &mut book, &old, &new, cx.now, &mut entries);
    // One member whose numbers grow too large by what is due now must not keep all the others from what is theirs.
    if folded.and_then(|_| fold::run_due(rules, &mut book.heart, cx.now, &mut entries)).is_err() {
        return Ok(None);
    }
    for ((seq, before), after) in numbered.iter().zip(&new) {
        if let Act::OrderPaid { order, judged_by, .. } = &after.act
            && before != after
        {
            tx.exec(sql::REJUDGE, args![cx.merchant, programme.id, member, *seq, serde_json::to_string(&after.act)?])?;
            orders.judged((member, *seq), order, *judged_by);
        }
    }
    let after = Glance::of(rules, &book.heart);
    let apart = Apart { rebuilt: true, ..Apart::default() };
    Ok(Some(Hand { book, apart, events: Vec::new(), entries, tier_before, reason: None, after }))
}
