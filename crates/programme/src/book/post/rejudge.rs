//! A member's orders judged by another version: looked at, and booked as it was shown.

use shuke_kernel::{Ctx, Result};
use shuke_loyalty::event::{Act, Event};
use shuke_loyalty::fold::History;
use shuke_loyalty::rerun::{Asked, Found, find, judged};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::hand::{Hand, tier_of};
use super::history::numbered_history;
use super::write::write;
use super::{Glance, sql};
use crate::book::fold::{self, Apart, Entries};
use crate::book::rows::{self, Book, Standing};
use crate::definition::{Programme, service};

/// What a re-run would come to for each of these members, as far as their books are open; none where numbers are too large to reckon.
///
/// # Errors
/// What the store says.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, asked: Asked, members: &[MemberId]) -> Result<Vec<(MemberId, Option<Found>)>> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let mut out = Vec::with_capacity(members.len());
    for member in members {
        let Some(book) = rows::get(tx, cx.merchant, programme.id, *member)?.filter(|book| book.standing == Standing::Open) else { continue };
        let events: Vec<Event> = super::read_history(tx, cx.merchant, programme.id, *member)?;
        out.push((*member, find(&history(&rules, &book, &events), book.heart.clock, asked).ok()));
    }
    Ok(out)
}

fn history<'a>(rules: &'a shuke_loyalty::Rules, book: &'a Book, events: &'a [Event]) -> History<'a> {
    History { rules, member: &book.facts, origin: book.origin, events }
}

/// Lets a member's orders be judged so, and books the difference as corrections, if that comes to what was `shown`. Whether it did: else
/// nothing is changed, and it has to be shown anew.
///
/// # Errors
/// What the store says.
pub fn rejudge(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, asked: Asked, member: MemberId, shown: &Found) -> Result<bool> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let held = rows::hold(tx, cx.merchant, programme.id, &[member])?.pop();
    let Some(mut book) = held.filter(|book| book.standing == Standing::Open) else { return Ok(false) };
    let numbered = numbered_history(tx, cx.merchant, programme.id, member)?;
    let old: Vec<Event> = numbered.iter().map(|(_, event)| event.clone()).collect();
    if find(&history(&rules, &book, &old), book.heart.clock, asked).ok().as_ref() != Some(shown) {
        return Ok(false);
    }
    let new = judged(&old, asked);
    let (mut entries, tier_before) = (Entries::default(), tier_of(&rules, &book));
    fold::revised(&rules, &mut book, &old, &new, cx.now, &mut entries)?;
    fold::run_due(&rules, &mut book.heart, cx.now, &mut entries)?;
    for ((seq, before), after) in numbered.iter().zip(&new) {
        if before != after
            && let Act::OrderPaid { order, judged_by, .. } = &after.act
        {
            tx.exec(sql::REJUDGE, args![cx.merchant, programme.id, member, *seq, serde_json::to_string(&after.act)?])?;
            crate::orders::judged(tx, cx, programme, (member, *seq), order, *judged_by)?;
        }
    }
    let after = Glance::of(&rules, &book.heart);
    let apart = Apart { rebuilt: true, ..Apart::default() };
    let mut hand = Hand { book, apart, events: Vec::new(), entries, tier_before, reason: None, after };
    write(tx, cx, programme, &rules, std::slice::from_mut(&mut hand))?;
    Ok(true)
}
