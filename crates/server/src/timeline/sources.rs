//! Where entries come from: each crate asked for its own, below a place.

use shuke_commerce::order::read::{self, Filter, OrderRow};
use shuke_commerce::refund::RefundRow;
use shuke_commerce::{behaviour, refund};
use shuke_intake::load::brought;
use shuke_kernel::{Ctx, Currency, Instant, Money, Result};
use shuke_members::identity::merge;
use shuke_members::profile::card;
use shuke_members::tag::{TagId, give};
use shuke_members::{MemberId, consent, identity, profile};
use shuke_store::Tx;

use super::Place;
use super::entry::{
    Kind, TimelineAct, TimelineConsent, TimelineEntry, TimelineImport, TimelineMerge, TimelineOrder, TimelineProfile, TimelineRefund,
    TimelineTag,
};

type Entry = (Place, TimelineEntry);

fn entry(kind: Kind, at: Instant, id: [u8; 16]) -> Entry {
    let place = Place { at: at.micros(), rank: kind.rank(), id };
    (place, TimelineEntry { kind: kind.word().to_owned(), at, ..TimelineEntry::default() })
}

fn with(kind: Kind, at: Instant, id: [u8; 16], tell: impl FnOnce(&mut TimelineEntry)) -> Entry {
    let mut one = entry(kind, at, id);
    tell(&mut one.1);
    one
}

/// A member's entries of a kind: those below `from`, `fetch` of them or all, and perhaps others.
pub(super) fn entries(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, kind: Kind, from: Place, fetch: i64) -> Result<Vec<Entry>> {
    let below = from.below(kind);
    match kind {
        Kind::Order => {
            let filter = Filter { member: Some(member), ..Filter::default() };
            Ok(read::list(tx, cx, &filter, Some(below), fetch)?.into_iter().map(order).collect())
        }
        Kind::Refund => Ok(refund::of_member(tx, cx, member, below, fetch)?.into_iter().map(refunded).collect()),
        Kind::Behaviour => Ok(behaviour::of_member(tx, cx, member, below, fetch)?.into_iter().map(acted).collect()),
        Kind::Consent => Ok(consent::below(tx, cx, member, below, fetch)?.into_iter().map(consented).collect()),
        Kind::Merge | Kind::Unmerge => merges(tx, cx, member, kind),
        Kind::Tag | Kind::Untag => tags(tx, cx, member, kind, below, fetch),
        Kind::Import => Ok(brought::of_member(tx, cx, member)?.into_iter().map(imported).collect()),
        Kind::Profile => Ok(profile::told(tx, cx, member, below, fetch)?.into_iter().map(told).collect()),
        Kind::Joined | Kind::FirstSeen => begun(tx, cx, member, kind),
    }
}

fn order(o: OrderRow) -> Entry {
    let money = |amount: i64| Money { amount, currency: o.currency }.into();
    let titles = o.lines.iter().filter_map(|l| l.title.clone()).collect();
    let said = TimelineOrder {
        id: o.id,
        number: o.source_id.clone(),
        platform: o.platform.clone(),
        shop: o.shop.clone(),
        state: o.state.clone(),
        status: o.status.clone(),
        paid: o.paid.map(money),
        net_paid: o.net_paid.map(money),
        refunded: money(o.refunded),
        purchase: o.purchase,
        quantity: o.quantity,
        titles,
    };
    with(Kind::Order, o.placed_at, *o.id.bytes(), |e| e.order = Some(said))
}

fn refunded(r: RefundRow) -> Entry {
    let currency: Currency = r.currency;
    let said = TimelineRefund {
        id: r.id,
        order: r.order,
        state: r.state,
        reason_kind: r.kind,
        amount: Money { amount: r.amount, currency }.into(),
        refunded_at: r.at,
    };
    with(Kind::Refund, r.at.unwrap_or(r.recorded_at), *r.id.bytes(), |e| e.refund = Some(said))
}

fn acted(a: behaviour::ActRow) -> Entry {
    let said = TimelineAct {
        id: a.id,
        act: a.kind,
        source: a.source,
        sku: a.sku,
        words: a.words,
        quantity: a.quantity,
        amount: a.amount,
        rating: a.rating,
    };
    with(Kind::Behaviour, a.at, *a.id.bytes(), |e| e.behaviour = Some(said))
}

fn consented(c: consent::Entry) -> Entry {
    let s = c.statement;
    let said = TimelineConsent { purpose: s.purpose, channel: s.channel, granted: s.granted, source: s.source, by_merge: c.by_merge };
    with(Kind::Consent, s.at, *c.id.bytes(), |e| {
        e.by = Some(c.recorded_by);
        e.consent = Some(said);
    })
}

/// Merges of the member and of those whom it took in, each at the time that it was made, or taken
/// back.
fn merges(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, kind: Kind) -> Result<Vec<Entry>> {
    let mut out: Vec<Entry> = Vec::new();
    for id in identity::with_aliases(tx, cx, member)? {
        for m in merge::list(tx, cx, Some(id), None, 0)? {
            let (at, by) = if kind == Kind::Merge { (Some(m.merged_at), Some(m.merged_by)) } else { (m.undone_at, m.undone_by) };
            // A merge of two of them is found by each.
            let Some(at) = at.filter(|_| !out.iter().any(|(p, _)| p.id == *m.id.bytes())) else { continue };
            let said = TimelineMerge { id: m.id, survivor: m.survivor, absorbed: m.absorbed, cause: m.cause, reason: m.reason };
            out.push(with(kind, at, *m.id.bytes(), |e| {
                e.by = by;
                e.merge = Some(said);
            }));
        }
    }
    Ok(out)
}

fn tagged(kind: Kind, at: Instant, id: [u8; 16], by: String, tag: TagId, name: String) -> Entry {
    with(kind, at, id, |e| {
        e.by = Some(by);
        e.tag = Some(TimelineTag { id: tag, name });
    })
}

/// Tags by the time that they were given, those that the member has no more too, or taken off.
fn tags(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, kind: Kind, below: (Instant, [u8; 16]), fetch: i64) -> Result<Vec<Entry>> {
    let past = give::past(tx, cx, member, kind == Kind::Tag, below, fetch)?;
    if kind == Kind::Untag {
        return Ok(past.into_iter().map(|p| tagged(kind, p.taken_at, *p.id.bytes(), p.taken_by, p.tag, p.name)).collect());
    }
    let has = give::labels(tx, cx, &[member])?.remove(&member).unwrap_or_default();
    let had = past.into_iter().map(|p| tagged(kind, p.since, *p.id.bytes(), p.by, p.tag, p.name));
    Ok(has.into_iter().map(|l| tagged(kind, l.since, *l.id.bytes(), l.by, l.id, l.name)).chain(had).collect())
}

fn imported(b: brought::Brought) -> Entry {
    with(Kind::Import, b.at, *b.id.bytes(), |e| {
        e.by = Some(b.by);
        e.import = Some(TimelineImport { id: b.id, title: b.title });
    })
}

fn told(t: profile::Told) -> Entry {
    with(Kind::Profile, t.at, t.record, |e| e.profile = Some(TimelineProfile { source: t.source, fields: t.fields }))
}

/// The day of joining, and when the member was seen first.
fn begun(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, kind: Kind) -> Result<Vec<Entry>> {
    let Some(facts) = card::cards(tx, cx, &[member])?.pop() else { return Ok(Vec::new()) };
    let id = *member.bytes();
    Ok(match (kind, facts.profile.joined_at) {
        (Kind::FirstSeen, _) => vec![entry(kind, facts.first_seen, id)],
        (_, Some(at)) => vec![with(kind, at, id, |e| e.join_source = facts.profile.join_source)],
        (_, None) => Vec::new(),
    })
}
