//! What tasks ask of members, read from the store: many members at a time, each sort at a fixed handful of statements.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_commerce::OrderId;
use shuke_commerce::behaviour;
use shuke_commerce::order::bought::bought;
use shuke_commerce::order::counting::{Counting, counting};
use shuke_kernel::{Ctx, Instant, Result, Zone};
use shuke_members::{MemberId, identity, profile};
use shuke_programme::ProgrammeId;
use shuke_programme::book::came;
use shuke_store::Tx;

use super::goal::GoalKind;
use super::model::Task;
use super::progress::{Deed, Facts, Purchase};
use crate::benefit::service::currency;

/// The act that is a check-in as well.
pub(super) const CHECK_IN: &str = "check_in";

/// What some tasks ask, and from when on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wants {
    profile: bool,
    purchases: Option<Instant>,
    acts: BTreeMap<String, Instant>,
    check_ins: Option<Instant>,
    points: BTreeMap<ProgrammeId, Instant>,
}

impl Wants {
    /// What these ask.
    pub fn of<'a>(tasks: impl IntoIterator<Item = &'a Task>, zone: &Zone) -> Self {
        let mut wants = Self::default();
        let earlier = |known: Option<Instant>, from: Instant| Some(known.map_or(from, |known| known.min(from)));
        for task in tasks {
            let (goal, from) = (&task.definition.goal, task.span(zone).from);
            match goal.kind {
                GoalKind::Profile => wants.profile = true,
                GoalKind::Orders | GoalKind::Spend => wants.purchases = earlier(wants.purchases, from),
                GoalKind::Acts => {
                    let known = wants.acts.entry(goal.act.clone().unwrap_or_default()).or_insert(from);
                    *known = (*known).min(from);
                }
                GoalKind::CheckIn => wants.check_ins = earlier(wants.check_ins, from),
                GoalKind::Points => {
                    if let Some(programme) = task.definition.who.programme {
                        let known = wants.points.entry(programme).or_insert(from);
                        *known = (*known).min(from);
                    }
                    // When an order becomes final is when its points do.
                    wants.purchases = earlier(wants.purchases, from);
                }
            }
        }
        wants
    }
}

/// What is known of members, and which of their orders are final only later.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Of each member who was asked about.
    pub of: BTreeMap<MemberId, Facts>,
    /// Orders that become final by the clock alone, and when.
    pub later: BTreeSet<(Instant, OrderId)>,
}

/// What is known of living members.
pub fn known(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], wants: &Wants) -> Result<Known> {
    let mut known = Known { of: members.iter().map(|member| (*member, Facts::default())).collect(), ..Known::default() };
    if members.is_empty() {
        return Ok(known);
    }
    if wants.profile {
        for (member, filled) in profile::filled(tx, cx, members)? {
            if let Some(facts) = known.of.get_mut(&member) {
                facts.filled = filled;
            }
        }
    }
    if let Some(from) = wants.purchases {
        purchases(tx, cx, members, from, &mut known)?;
    }
    let mut kinds: BTreeMap<String, Instant> = wants.acts.clone();
    if let Some(from) = wants.check_ins {
        let known = kinds.entry(CHECK_IN.to_owned()).or_insert(from);
        *known = (*known).min(from);
    }
    if let Some(from) = kinds.values().min().copied() {
        let kinds: Vec<String> = kinds.into_keys().collect();
        for did in behaviour::did(tx, cx, members, &kinds, from)? {
            let Some(facts) = known.of.get_mut(&did.member) else { continue };
            if did.kind == CHECK_IN {
                facts.check_ins.push(did.at);
            }
            facts.deeds.push(Deed { kind: did.kind, at: did.at, sku: did.sku });
        }
    }
    if wants.check_ins.is_some() || !wants.points.is_empty() {
        booked(tx, cx, members, wants, &mut known)?;
    }
    Ok(known)
}

fn purchases(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], from: Instant, known: &mut Known) -> Result<()> {
    let currency = currency(tx, cx.merchant)?;
    let orders: Vec<OrderId> = bought(tx, cx, members, from, Instant(i64::MAX))?.into_iter().map(|b| b.order).collect();
    if orders.is_empty() {
        return Ok(());
    }
    for order in counting(tx, cx, &orders)? {
        let (Some(member), Some(at)) = (order.member, order.paid_at) else { continue };
        if order.currency != currency || order.closed_at.is_some() {
            continue;
        }
        if let Some(final_at) = order.final_at.filter(|at| *at > cx.now) {
            known.later.insert((final_at, order.order));
        }
        if let Some(facts) = known.of.get_mut(&member) {
            facts.purchases.push(purchase(order, at));
        }
    }
    Ok(())
}

fn purchase(order: Counting, at: Instant) -> Purchase {
    let back: i64 = order.refunds.iter().fold(0, |sum, refund| sum.saturating_add(refund.amount));
    let parts = order.lines.into_iter().map(|line| (line.category, line.paid.saturating_sub(line.back).max(0))).collect();
    Purchase { at, final_at: order.final_at, shop: order.shop, net: order.gross.saturating_sub(back).max(0), parts }
}

/// What books have. Their rows stay with the id they were booked under, so those of aliases are read too.
fn booked(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], wants: &Wants, known: &mut Known) -> Result<()> {
    let mut whose: HashMap<MemberId, MemberId> = HashMap::new();
    for member in members {
        whose.extend(identity::with_aliases(tx, cx, *member)?.into_iter().map(|id| (id, *member)));
    }
    let ids: Vec<MemberId> = whose.keys().copied().collect();
    if let Some(from) = wants.check_ins {
        for (id, at) in came::check_ins(tx, cx, &ids, from)? {
            if let Some(facts) = whose.get(&id).and_then(|member| known.of.get_mut(member)) {
                facts.check_ins.push(at);
            }
        }
    }
    for (programme, from) in &wants.points {
        for (id, at, points) in came::earned(tx, cx, *programme, &ids, *from)? {
            if let Some(facts) = whose.get(&id).and_then(|member| known.of.get_mut(member)) {
                facts.points.push((*programme, at, points));
            }
        }
    }
    Ok(())
}
