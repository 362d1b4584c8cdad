//! The subscriber that notes what orders sold, and keeps who holds what when two members are one, or one is two again.

use std::collections::BTreeSet;

use serde::Deserialize;
use shuke_commerce::OrderId;
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_store::Tx;
use shuke_store::feed::{FeedEvent, Subscriber};

use super::{look_again, reconcile};
use crate::card::service as cards;
use crate::due::ACTOR;
use crate::held::service;

/// Hears of orders and of who members are.
pub struct Follow;

impl Subscriber for Follow {
    fn name(&self) -> &'static str {
        "cards"
    }

    fn from_the_start(&self) -> bool {
        // What was before a card, its walk notes.
        false
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, _: i64, _: i64) -> Result<bool> {
        Ok(cards::list(tx, merchant)?.is_empty())
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let cx = Ctx { actor: ACTOR, ..cx.clone() };
        let (mut orders, mut people): (BTreeSet<OrderId>, BTreeSet<MemberId>) = Default::default();
        for event in events {
            match &*event.kind {
                "member.merged" | "member.unmerged" | "member.erased" | "member.removed" => {
                    let two: Two = serde_json::from_str(&event.data)?;
                    people.insert(MemberId::from_bytes(event.subject));
                    people.extend(two.absorbed.into_iter().chain(two.from));
                }
                kind if kind.starts_with("order.") && event.subject_kind == "ord" => {
                    orders.insert(OrderId::from_bytes(event.subject));
                }
                _ => {}
            }
        }
        let orders: Vec<OrderId> = orders.into_iter().collect();
        let changed = if orders.is_empty() { BTreeSet::new() } else { reconcile(tx, &cx, &orders)? };
        if !people.is_empty() {
            look_again(tx, &cx, &people.iter().copied().collect::<Vec<_>>())?;
        }
        let rest: Vec<MemberId> = changed.difference(&people).copied().collect();
        if rest.is_empty() { Ok(()) } else { service::refresh(tx, &cx, &rest) }
    }
}

/// What the data of an event of two members says.
#[derive(Deserialize)]
struct Two {
    #[serde(default)]
    absorbed: Option<MemberId>,
    #[serde(default)]
    from: Option<MemberId>,
}
