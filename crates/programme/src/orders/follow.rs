//! The subscriber that books what orders come to, and brings books up to who their members are.

use std::collections::BTreeSet;

use serde::Deserialize;
use shuke_commerce::OrderId;
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_store::Tx;
use shuke_store::feed::{FeedEvent, Subscriber};

use super::{birthdays, reconcile};
use crate::book::due::ACTOR;
use crate::book::merge;
use crate::definition::model::State;
use crate::definition::service;

/// Hears of orders, of members who are one or two, and of birthdays.
pub struct Follow;

impl Subscriber for Follow {
    fn name(&self) -> &'static str {
        "points"
    }

    fn from_the_start(&self) -> bool {
        // The first orders of a new shop come before this has looked once. What was before a programme is passed by in one step.
        true
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, _: i64, _: i64) -> Result<bool> {
        Ok(service::list(tx, merchant)?.iter().all(|p| p.state == State::Archived))
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let cx = Ctx { actor: ACTOR, ..cx.clone() };
        let (mut orders, mut known): (Vec<FeedEvent>, BTreeSet<MemberId>) = (Vec::new(), BTreeSet::new());
        // Merges between orders are taken where they stand: an order of before is the book's of before.
        for event in events {
            match &*event.kind {
                "member.merged" | "member.unmerged" => {
                    self.orders(tx, &cx, &std::mem::take(&mut orders))?;
                    people(tx, &cx, event)?;
                }
                "member.changed" | "member.created" => known.extend(event.member.map(MemberId::from_bytes)),
                kind if kind.starts_with("order.") => orders.push(event.clone()),
                _ => {}
            }
        }
        self.orders(tx, &cx, &orders)?;
        let known: Vec<MemberId> = known.into_iter().collect();
        for programme in service::list(tx, cx.merchant)?.into_iter().filter(|p| p.state != State::Archived && !known.is_empty()) {
            birthdays::known(tx, &cx, &programme, &known)?;
        }
        Ok(())
    }
}

/// What the data of an event of two members says.
#[derive(Deserialize)]
struct Two {
    #[serde(default)]
    merge: Option<String>,
    #[serde(default)]
    absorbed: Option<MemberId>,
    #[serde(default)]
    from: Option<MemberId>,
}

/// Two members are one, or one is two again.
fn people(tx: &mut Tx<'_>, cx: &Ctx, event: &FeedEvent) -> Result<()> {
    let (subject, two) = (MemberId::from_bytes(event.subject), serde_json::from_str::<Two>(&event.data)?);
    for programme in service::list(tx, cx.merchant)?.into_iter().filter(|p| p.state != State::Archived) {
        match (two.absorbed, &two.merge, two.from) {
            (Some(absorbed), Some(merge), _) => drop(merge::merged(tx, cx, &programme, subject, absorbed, merge)?),
            (_, _, Some(from)) => drop(merge::parted(tx, cx, &programme, from, subject)?),
            _ => {}
        }
    }
    Ok(())
}

impl Follow {
    fn orders(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let spoken: BTreeSet<OrderId> = events
            .iter()
            .filter(|e| e.subject_kind == "ord" && e.kind.starts_with("order."))
            .map(|e| OrderId::from_bytes(e.subject))
            .collect();
        if spoken.is_empty() {
            return Ok(());
        }
        let orders: Vec<OrderId> = spoken.into_iter().collect();
        for programme in service::list(tx, cx.merchant)? {
            reconcile(tx, cx, &programme, &orders)?;
        }
        Ok(())
    }
}
