//! Orders into books. What an order is now is compared with what books were told of it; the difference is posted: what
//! is new is taken, what was told otherwise has the member's history folded anew. So whatever arrives in whatever order,
//! any number of times, the books end the same.
//!
//! An order that found another member leaves the book it was in. What is to happen later (an order that is final only
//! after the shop's delay) is looked at again when it is due.

pub mod birthdays;
pub mod facts;
pub mod fill;
pub mod follow;
pub(crate) mod judged;
pub mod sql;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use shuke_commerce::OrderId;
use shuke_commerce::order::counting::{Counting, counting};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_loyalty::event::Event;
use shuke_members::MemberId;
use shuke_store::{Tx, Value, args};

use crate::book::post::{self, Request, Revision};
use crate::book::{rows, sql as books};
use crate::definition::Programme;
use crate::definition::model::State;

/// What a book was told of an order: the number of each event, and the event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Told {
    /// In whose book: a merge may have brought the order into another since.
    of: MemberId,
    seq: i64,
    event: Event,
}

/// What is kept of an order.
struct Kept {
    member: MemberId,
    told: Vec<Told>,
    look_at: Option<Instant>,
}

/// What is to be done to one member's book.
#[derive(Default)]
struct Change {
    gone: Vec<i64>,
    /// Each with the order of which it is to be kept that it was told.
    put: Vec<(Option<OrderId>, Event)>,
}

/// Brings books up to what these orders are now. Returns how many books were changed.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn reconcile(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, orders: &[OrderId]) -> Result<usize> {
    if orders.is_empty() || programme.state == State::Archived {
        return Ok(0);
    }
    let currency = shuke_commerce::order::service::terms(tx, cx)?.currency;
    let now: HashMap<OrderId, Counting> = counting(tx, cx, orders)?.into_iter().map(|c| (c.order, c)).collect();
    let kept = kept(tx, cx, programme, orders)?;
    let concerned = now.values().filter_map(|c| c.member).chain(kept.values().map(|k| k.member)).collect();
    let closed = Closed::among(tx, cx, programme, concerned)?;
    let mut restored: HashMap<MemberId, i64> = HashMap::new();
    let mut changes: BTreeMap<MemberId, Change> = BTreeMap::new();
    let mut after: BTreeMap<OrderId, Kept> = BTreeMap::new();
    for order in orders {
        let counts = |c: &&Counting| c.currency == currency && programme.is_of(c.shop.as_deref());
        let whose = now.get(order).filter(counts).and_then(|c| Some((closed.holder(c.member?)?, c)));
        let before = kept.get(order);
        let (mut wanted, look_at) = whose.map_or_else(Default::default, |(_, c)| facts::facts(c, before.map(|k| &k.told[..]), cx.now));
        let mut stays = Vec::new();
        if let Some(before) = before.filter(|k| !closed.erased.contains(&k.member)) {
            let same = whose.is_some_and(|(member, _)| member == before.member);
            let (still, gone): (Vec<_>, Vec<_>) =
                before.told.iter().cloned().partition(|told| same && (wanted.contains(&told.event) || told.event.id.contains(facts::LESS)));
            let fixed = if gone.is_empty() { 0 } else { fixed(tx, cx, programme, before.member, &mut restored)? };
            let (own, brought): (Vec<_>, Vec<_>) = gone.into_iter().partition(|told| told.of == before.member && told.seq > fixed);
            if !own.is_empty() {
                changes.entry(before.member).or_default().gone.extend(own.iter().map(|told| told.seq));
            }
            stays = still;
            if !brought.is_empty() {
                let less = facts::less(&brought, same.then_some(&wanted[..]), &order.to_string(), cx.now);
                if let Some(event) = less.filter(|event| !stays.iter().any(|told| told.event.id == event.id)) {
                    changes.entry(before.member).or_default().put.push((same.then_some(*order), event));
                }
                // What a merge brought, or left when it was taken back, cannot be told otherwise where it was told; it stays, and
                // what is less goes back. Whose the order is now is told all of it.
                if same {
                    wanted
                        .retain(|event| !brought.iter().any(|told| told.event.act.kind() == event.act.kind() && told.event.id == event.id));
                    stays.extend(brought);
                }
            }
        }
        let Some((member, _)) = whose else {
            if before.is_some() {
                tx.exec(sql::FORGET, args![cx.merchant, programme.id, *order])?;
            }
            continue;
        };
        let fresh: Vec<Event> = wanted.into_iter().filter(|event| !stays.iter().any(|told| told.event == *event)).collect();
        let untouched = fresh.is_empty() && before.is_some_and(|k| k.member == member && k.told == stays && k.look_at == look_at);
        if stays.is_empty() && fresh.is_empty() && look_at.is_none() {
            if before.is_some() {
                tx.exec(sql::FORGET, args![cx.merchant, programme.id, *order])?;
            }
        } else if !untouched {
            after.insert(*order, Kept { member, told: stays, look_at });
        }
        if !fresh.is_empty() {
            changes.entry(member).or_default().put.extend(fresh.into_iter().map(|event| (Some(*order), event)));
        }
    }
    let count = changes.len();
    apply(tx, cx, programme, changes, &mut after)?;
    let mut put = Vec::with_capacity(after.len());
    for (order, kept) in after {
        let facts = serde_json::to_string(&kept.told)?;
        put.push(vec![cx.merchant.into(), programme.id.into(), order.into(), kept.member.into(), facts.into(), kept.look_at.into()]);
    }
    tx.insert_many(&sql::PUT, put)?;
    Ok(count)
}

/// Posts what is new, folds anew where something was told otherwise, and notes the numbers of what was posted.
fn apply(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    changes: BTreeMap<MemberId, Change>,
    after: &mut BTreeMap<OrderId, Kept>,
) -> Result<()> {
    let (revised, added): (Vec<_>, Vec<_>) = changes.into_iter().partition(|(_, change)| !change.gone.is_empty());
    // In whose book it is, is told by the posting: a merge may have moved it just now.
    let mut note = |of: MemberId, put: &[(Option<OrderId>, Event)], numbers: Vec<Option<i64>>| {
        for ((order, event), number) in put.iter().zip(numbers) {
            if let (Some(kept), Some(seq)) = (order.and_then(|order| after.get_mut(&order)), number) {
                kept.member = of;
                kept.told.push(Told { of, seq, event: event.clone() });
            }
        }
    };
    for (member, change) in revised {
        let put = change.put.iter().map(|(_, event)| event.clone()).collect();
        let (of, numbers) = post::revise(tx, cx, programme, Revision { member, gone: change.gone, put })?;
        note(of, &change.put, numbers);
    }
    if added.is_empty() {
        return Ok(());
    }
    let requests = added.iter().map(|(member, change)| Request::of(*member, change.put.iter().map(|(_, e)| e.clone()).collect()));
    let requests = requests.collect();
    let mut again = Vec::new();
    for ((member, change), written) in added.into_iter().zip(post::post_many(tx, cx, programme, requests)?) {
        let put =
            change.put.iter().zip(&written.numbers).filter(|(_, number)| number.is_none()).map(|(put, _)| put.clone()).collect::<Vec<_>>();
        note(written.book.member, &change.put, written.numbers);
        if !put.is_empty() {
            again.push((member, put));
        }
    }
    // Money that went back of another order until now: its id is known, and what is told last holds.
    for (member, put) in again {
        let events = put.iter().map(|(_, event)| event.clone()).collect();
        let (of, numbers) = post::revise(tx, cx, programme, Revision { member, gone: Vec::new(), put: events })?;
        note(of, &put, numbers);
    }
    Ok(())
}

/// Up to which number a member's events cannot be told otherwise: what two members had when they were parted is what they have.
fn fixed(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, member: MemberId, found: &mut HashMap<MemberId, i64>) -> Result<i64> {
    if let Some(known) = found.get(&member) {
        return Ok(*known);
    }
    let number = tx.one(books::RESTORED, args![cx.merchant, programme.id, member])?.get::<Option<i64>>(0)?.unwrap_or(0);
    found.insert(member, number);
    Ok(number)
}

fn kept(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, orders: &[OrderId]) -> Result<HashMap<OrderId, Kept>> {
    let ids = Value::Blobs(orders.iter().map(|o| o.bytes().to_vec()).collect());
    let mut out = HashMap::new();
    for mut r in tx.rows(sql::KEPT, &[cx.merchant.into(), programme.id.into(), ids])? {
        let (order, member, facts): (OrderId, MemberId, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
        out.insert(order, Kept { member, told: serde_json::from_str(&facts)?, look_at: r.get(3)? });
    }
    Ok(out)
}

/// Whose books are closed.
#[derive(Default)]
struct Closed {
    /// Because they were erased.
    erased: HashSet<MemberId>,
    /// Because a merge moved them, and where: the feed may not have told yet that it was taken back.
    moved: HashMap<MemberId, MemberId>,
}

impl Closed {
    fn among(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, members: HashSet<MemberId>) -> Result<Self> {
        let (mut closed, mut asked) = (Self::default(), members.into_iter().collect::<Vec<_>>());
        while !asked.is_empty() {
            let found = tx.rows(books::CLOSED_AMONG, &[cx.merchant.into(), programme.id.into(), rows::ids(&asked)])?;
            asked.clear();
            for mut row in found {
                let (member, to): (MemberId, Option<MemberId>) = (row.get(0)?, row.get(1)?);
                match to {
                    None => drop(closed.erased.insert(member)),
                    Some(to) if closed.moved.insert(member, to).is_none() => asked.push(to),
                    Some(_) => {}
                }
            }
        }
        Ok(closed)
    }

    /// Who has a member's book; nobody where it was erased.
    fn holder(&self, member: MemberId) -> Option<MemberId> {
        let mut at = member;
        for _ in 0..=self.moved.len() {
            match self.moved.get(&at) {
                Some(to) => at = *to,
                None => break,
            }
        }
        (!self.erased.contains(&at)).then_some(at)
    }
}

/// Looks again at orders of which something was to happen by now. Returns at how many.
pub fn look_again(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, limit: i64) -> Result<usize> {
    let rows = tx.rows(sql::TO_LOOK_AT, args![cx.merchant, programme.id, cx.now, limit])?;
    let orders = rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<OrderId>>>()?;
    reconcile(tx, cx, programme, &orders)?;
    Ok(orders.len())
}
