//! The subscriber that gives packs by what happened: somebody joined, rose, or bought again after a pause.
//!
//! The feed also tells of what was long ago: an import of old orders, a programme that is filled for a base that exists.
//! What counts is when the occasion itself was, and what was before the pack is none.

use std::collections::BTreeSet;

use serde::Deserialize;
use shuke_access::merchants;
use shuke_commerce::OrderId;
use shuke_commerce::order::{bought::bought, counting::counting};
use shuke_kernel::{Actor, Ctx, Instant, MerchantNo, Result};
use shuke_members::{MemberId, profile};
use shuke_programme::ProgrammeId;
use shuke_programme::book::{Standing, show};
use shuke_programme::definition::service as programmes;
use shuke_store::Tx;
use shuke_store::feed::{FeedEvent, Subscriber};

use super::give::{Reason, give};
use super::model::{Occasion, Pack, comes_back};
use super::service;
use crate::who::place;

/// Who gives packs.
pub const ACTOR: Actor = Actor::System("packs");

/// Hears of members, tiers and orders.
pub struct Follow;

impl Subscriber for Follow {
    fn name(&self) -> &'static str {
        "packs"
    }

    fn from_the_start(&self) -> bool {
        false
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, _: i64, _: i64) -> Result<bool> {
        Ok(service::active(tx, merchant)?.iter().all(|pack| pack.definition.occasion.yearly()))
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let cx = Ctx { actor: ACTOR, ..cx.clone() };
        let packs = service::active(tx, cx.merchant)?;
        let of = |occasion| packs.iter().filter(move |pack: &&Pack| pack.definition.occasion == occasion).collect::<Vec<_>>();
        let (newcomers, upgrades, comebacks) = (of(Occasion::Newcomer), of(Occasion::Upgrade), of(Occasion::Comeback));
        let mut orders: BTreeSet<OrderId> = BTreeSet::new();
        for event in events {
            match &*event.kind {
                "member.created" if !newcomers.is_empty() => joined(tx, &cx, event, &newcomers)?,
                "tier.changed" if !upgrades.is_empty() => rose(tx, &cx, event, &upgrades)?,
                // An order that is first seen completed was never told of as paid.
                "order.created" | "order.paid" | "order.shipped" | "order.completed" | "order.identified" => {
                    orders.insert(OrderId::from_bytes(event.subject));
                }
                _ => {}
            }
        }
        if comebacks.is_empty() {
            return Ok(());
        }
        orders.into_iter().try_for_each(|order| paid(tx, &cx, order, &comebacks))
    }
}

fn joined(tx: &mut Tx<'_>, cx: &Ctx, event: &FeedEvent, packs: &[&Pack]) -> Result<()> {
    let member = MemberId::from_bytes(event.subject);
    let Some(born) = profile::born(tx, cx, &[member])?.first().copied() else { return Ok(()) };
    for pack in packs.iter().filter(|pack| pack.takes(born.joined)) {
        let reason = Reason { name: Occasion::Newcomer.word().to_owned(), at: born.joined, until: None };
        give(tx, cx, pack.id, member, &reason)?;
    }
    Ok(())
}

/// What the data of a change of tier says.
#[derive(Deserialize)]
struct Change {
    programme: ProgrammeId,
    from: Option<String>,
    to: Option<String>,
}

/// Somebody rose, and the tier that was reached gives; not again before the end of the period in which it did.
fn rose(tx: &mut Tx<'_>, cx: &Ctx, event: &FeedEvent, packs: &[&Pack]) -> Result<()> {
    let (member, change) = (MemberId::from_bytes(event.subject), serde_json::from_str::<Change>(&event.data)?);
    let Some(to) = change.to else { return Ok(()) };
    let mine: Vec<&&Pack> = packs
        .iter()
        .filter(|pack| {
            let who = &pack.definition.who;
            who.programme == Some(change.programme) && (who.tiers.is_empty() || who.tiers.contains(&to))
        })
        .collect();
    if mine.is_empty() {
        return Ok(());
    }
    let programme = programmes::get(tx, cx.merchant, change.programme)?;
    let before = match &change.from {
        Some(from) => place(tx, cx, &programme, from)?,
        None => Some(0),
    };
    let reached = place(tx, cx, &programme, &to)?;
    if reached.is_none() || reached <= before {
        return Ok(());
    }
    let Some(book) = show::find(tx, cx, programme.id, member)?.filter(|book| book.standing == Standing::Open) else { return Ok(()) };
    let rules = programmes::rules(tx, cx.merchant, &programme)?;
    let view = show::view(tx, cx, &programme, &rules, &book)?;
    let Some(held) = view.tier else { return Ok(()) };
    // Of a tier that is held no more, when it was entered is what the event says.
    let at = if held.id == to { view.heart.standing.entered } else { event.occurred_at };
    let reason = Reason { name: to, at, until: held.until };
    for pack in mine {
        give(tx, cx, pack.id, book.member, &reason)?;
    }
    Ok(())
}

/// An order was paid, or found its member: a comeback, where there was a pause before it.
fn paid(tx: &mut Tx<'_>, cx: &Ctx, order: OrderId, packs: &[&Pack]) -> Result<()> {
    let Some(now) = counting(tx, cx, &[order])?.pop() else { return Ok(()) };
    let (Some(member), Some(at)) = (now.member, now.paid_at) else { return Ok(()) };
    let mine: Vec<&&Pack> = packs.iter().filter(|pack| pack.takes(at)).collect();
    if mine.is_empty() {
        return Ok(());
    }
    let before = bought(tx, cx, &[member], Instant(i64::MIN), at)?.into_iter().filter(|b| b.order != order).map(|b| b.at).max();
    let zone = merchants::zone_of(tx, cx.merchant)?;
    for pack in mine {
        if let Some(last) = comes_back(&zone, before, at, pack.definition.days) {
            let reason = Reason { name: last.to_string(), at, until: None };
            give(tx, cx, pack.id, member, &reason)?;
        }
    }
    Ok(())
}
