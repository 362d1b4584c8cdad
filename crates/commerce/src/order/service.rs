//! Takes statements about orders into the store, a batch at a time.
//!
//! A batch reads the orders it speaks of, computes what they are with and without the new
//! statements, finds the members of those whose buyer is told otherwise than before, and writes
//! the difference: a fixed handful of statements however many orders there are. What changes
//! nothing writes nothing.
//!
//! On PostgreSQL the members are locked first, ascending, then the orders, ascending. An order that
//! somebody else changed between reading and locking is done again, from what it is now.

use std::borrow::Cow;
use std::collections::HashMap;

use shuke_kernel::{Ctx, Currency, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_members::identity::{self, Evidence, ProfileHints, Region};
use shuke_store::{Engine, Tx, Value, args};

use super::fold::{Statement, fold};
use super::observation::{Noted, Observation, State};
use super::state::{OrderState, Terms};
use super::{OrderId, OrderKind, sql, write};
use crate::counters::{Delta, Weight};
use crate::observed::{Entries, Put, put};

/// What came of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// The order is new.
    Created,
    /// The order changed.
    Changed,
    /// The order is what it was.
    Unchanged,
}

impl Change {
    /// `created`, `updated`, `unchanged`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "updated",
            Self::Unchanged => "unchanged",
        }
    }
}

/// The answer to one statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Observed {
    /// The order.
    pub order: OrderId,
    /// What came of it; for several statements about one order in one batch, of all of them.
    pub change: Change,
    /// Whose it is.
    pub member: Option<MemberId>,
    /// Whether its member was made by this.
    pub member_created: bool,
    /// Lines that the order has.
    pub lines: usize,
    /// The state that it is in.
    pub state: State,
    /// Its currency.
    pub currency: Currency,
    /// Its net paid.
    pub net_paid: Option<i64>,
}

/// An order that is to be written.
pub(super) struct Work {
    pub source: String,
    pub source_id: String,
    pub id: OrderId,
    pub existing: Option<Existing>,
    pub old: Option<Box<OrderState>>,
    /// `None`: nothing speaks of it any more.
    pub new: Option<Box<OrderState>>,
    pub entries: Entries,
    /// The same as they will be kept, where that was made ready.
    pub sealed: Option<Vec<u8>>,
    /// Imports that newly brought something.
    pub imports: Vec<i64>,
}

/// What the order's row says beside the fold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Existing {
    pub member: Option<MemberId>,
    pub key_set: Option<[u8; 16]>,
    pub revision: i64,
}

/// What came of a [`Work`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Done {
    Yes {
        change: Change,
        member: Option<MemberId>,
        member_created: bool,
    },
    /// Somebody else was there first: read again.
    Again,
}

/// What the merchant has set.
pub fn terms(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Terms> {
    let mut terms = Terms::default();
    if let Some((currency, settings)) = shuke_access::merchants::as_kept(tx, cx.merchant)? {
        terms.currency = currency;
        let settings: serde_json::Value = serde_json::from_str(&settings).unwrap_or_default();
        if let Some(days) = settings.get("settlement_delay_days").and_then(serde_json::Value::as_i64).filter(|d| *d > 0) {
            terms.platform_days = days;
            terms.own_days = days;
        }
        terms.platform_counts = settings.get("count_platform_discount").and_then(serde_json::Value::as_bool).unwrap_or(false);
        terms.pay_time = settings.get("pay_time_policy").and_then(|p| serde_json::from_value(p.clone()).ok()).unwrap_or_default();
    }
    Ok(terms)
}

/// Takes one statement; see [`observe_many`].
pub fn observe(tx: &mut Tx<'_>, cx: &Ctx, observation: Observation) -> Result<Observed> {
    let note = observation.note()?;
    observe_many(tx, cx, std::slice::from_ref(&note))?.pop().ok_or_else(|| Error::fault("one statement had no answer"))
}

/// Takes statements, up to a few hundred orders at a time, and answers each in its place. Several
/// may speak of one order.
pub fn observe_many(tx: &mut Tx<'_>, cx: &Ctx, notes: &[Noted]) -> Result<Vec<Observed>> {
    let terms = terms(tx, cx)?;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut index: HashMap<(&str, &str), usize> = HashMap::with_capacity(notes.len());
    for (i, note) in notes.iter().enumerate() {
        let at = *index.entry((note.source(), note.source_id())).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(i),
            None => groups.push(vec![i]),
        }
    }
    let mut answers: Vec<Option<Observed>> = vec![None; notes.len()];
    let mut again = false;
    for _ in 0..8 {
        let found = find(tx, cx, notes, &groups, again)?;
        let mut works = Vec::with_capacity(groups.len());
        for (group, found) in groups.iter().zip(found) {
            works.push(work(tx, cx, &terms, notes, group, found)?);
        }
        let done = apply(tx, cx, &works)?;
        let mut left = Vec::new();
        for ((group, work), done) in groups.into_iter().zip(&works).zip(done) {
            match done {
                Done::Again => left.push(group),
                Done::Yes { change, member, member_created } => {
                    let Some(new) = &work.new else { return Err(Error::fault("an order that something speaks of is none")) };
                    for i in group {
                        let (lines, state, currency, net_paid) = (new.lines.len(), new.state, new.currency, new.net_paid);
                        answers[i] = Some(Observed { order: work.id, change, member, member_created, lines, state, currency, net_paid });
                    }
                }
            }
        }
        if left.is_empty() {
            return answers.into_iter().map(|a| a.ok_or_else(|| Error::fault("a statement had no answer"))).collect();
        }
        groups = left;
        again = true;
    }
    Err(Error::fault("an order keeps changing under a batch that speaks of it"))
}

/// What is kept of an order: id, row, sealed statements.
type Found = Option<(OrderId, Existing, Vec<u8>)>;

fn find(tx: &mut Tx<'_>, cx: &Ctx, notes: &[Noted], groups: &[Vec<usize>], locked: bool) -> Result<Vec<Found>> {
    let mut by_source: HashMap<&str, Vec<String>> = HashMap::new();
    for group in groups {
        let note = &notes[group[0]];
        by_source.entry(note.source()).or_default().push(note.source_id().to_owned());
    }
    let mut found: HashMap<(&str, String), (OrderId, Existing, Vec<u8>)> = HashMap::new();
    let statement = if locked { sql::FIND_LOCKED } else { sql::FIND };
    let mut sources: Vec<_> = by_source.into_iter().collect();
    sources.sort_by_key(|s| s.0);
    for (source, ids) in sources {
        for mut r in tx.rows(statement, args![cx.merchant, source, ids])? {
            let existing = Existing { member: r.get(2)?, key_set: r.get(3)?, revision: r.get(4)? };
            found.insert((source, r.get(0)?), (r.get(1)?, existing, r.get(5)?));
        }
    }
    Ok(groups.iter().map(|g| found.remove(&(notes[g[0]].source(), notes[g[0]].source_id().to_owned()))).collect())
}

pub(crate) fn statements(entries: &Entries, source: &str, source_id: &str) -> Result<Vec<Statement<'static>>> {
    let read = |e: &crate::observed::Entry| -> Result<Statement<'static>> {
        let mut said: Observation = serde_json::from_slice(&e.body)?;
        source.clone_into(&mut said.source);
        source_id.clone_into(&mut said.source_id);
        Ok(Statement { said: Cow::Owned(said), hash: e.hash, heard: e.heard, imports: e.imports.clone() })
    };
    entries.iter().map(read).collect()
}

fn work(tx: &mut Tx<'_>, cx: &Ctx, terms: &Terms, notes: &[Noted], group: &[usize], found: Found) -> Result<Work> {
    let first = &notes[group[0]];
    let (source, source_id) = (first.source(), first.source_id());
    let (id, existing, mut entries) = match found {
        Some((id, existing, body)) => (id, Some(existing), Entries::open(tx, cx, id.bytes(), &body)?),
        None => (cx.new_id::<OrderKind>(), None, Entries::default()),
    };
    let erased = entries.iter().any(|e| e.hash == super::erase::marker_hash());
    let before = if existing.is_some() { statements(&entries, source, source_id)? } else { Vec::new() };
    let mut imports: Vec<i64> = Vec::new();
    let mut touched = false;
    for i in group {
        let note = &notes[*i];
        let stripped = if erased { Some(serde_json::to_vec(&note.said.stripped())?) } else { None };
        if entries.add(note.hash, stripped.as_ref().unwrap_or(&note.body), note.said.import, note.said.heard) {
            touched = true;
            imports.extend(note.said.import.filter(|n| !imports.contains(n)));
        }
    }
    let old = if before.is_empty() { None } else { fold(terms, source, source_id, &before).map(Box::new) };
    let new = if touched {
        let after = entries.iter().map(|e| {
            // What is at hand is not read again.
            let said =
                match (before.iter().find(|s| s.hash == e.hash), group.iter().map(|i| &notes[*i]).find(|n| n.hash == e.hash && !erased)) {
                    (Some(known), _) => Cow::Borrowed(&*known.said),
                    (None, Some(note)) => Cow::Borrowed(&note.said),
                    (None, None) => Cow::Owned(serde_json::from_slice(&e.body)?),
                };
            Ok(Statement { said, hash: e.hash, heard: e.heard, imports: e.imports.clone() })
        });
        fold(terms, source, source_id, &after.collect::<Result<Vec<_>>>()?).map(Box::new)
    } else {
        old.clone()
    };
    let entries = if touched { entries } else { Entries::default() };
    // Before the buyers are locked and others wait.
    let sealed = if touched { Some(entries.seal(&*tx.keys(cx.merchant)?, id.bytes())?) } else { None };
    Ok(Work { source: source.to_owned(), source_id: source_id.to_owned(), id, existing, old, new, entries, sealed, imports })
}

fn evidence(cx: &Ctx, source: &str, order: &OrderState) -> Evidence {
    let region = Region { province: order.receiver.province.clone(), city: order.receiver.city.clone() };
    let told = region.province.is_some() || region.city.is_some();
    Evidence {
        keys: order.keys.clone(),
        entity: order.entity.clone(),
        source_time: if order.placed_at == Instant::default() { cx.now } else { order.placed_at },
        source: source.to_owned(),
        source_id: None,
        profile: ProfileHints { region: told.then_some(region), ..ProfileHints::default() },
    }
}

/// Whether the order says otherwise than before who its buyer is.
fn buyer_changed(old: Option<&OrderState>, new: &OrderState) -> bool {
    let Some(old) = old else { return true };
    let region = |o: &OrderState| (o.receiver.province.clone(), o.receiver.city.clone());
    old.keys != new.keys
        || old.entity != new.entity
        || old.placed_at != new.placed_at
        || old.claimed_by != new.claimed_by
        || region(old) != region(new)
}

/// Who an order's buyer turned out to be.
#[derive(Clone, Copy, Default)]
pub(super) struct Buyer {
    pub member: Option<MemberId>,
    pub key_set: Option<[u8; 16]>,
    pub created: bool,
}

/// Writes what changed. The answers stand in the order of `works`.
pub(super) fn apply(tx: &mut Tx<'_>, cx: &Ctx, works: &[Work]) -> Result<Vec<Done>> {
    // Who they are.
    let mut asked: Vec<usize> = Vec::new();
    let mut pieces: Vec<Evidence> = Vec::new();
    let mut buyers: Vec<Option<Buyer>> = vec![None; works.len()];
    for (i, w) in works.iter().enumerate() {
        if let Some(new) = &w.new
            && !w.entries.is_empty()
            && buyer_changed(w.old.as_deref(), new)
        {
            if new.erased {
                continue;
            }
            if new.keys.is_empty() {
                buyers[i] = Some(Buyer::default());
            } else {
                asked.push(i);
                pieces.push(evidence(cx, &w.source, new));
            }
        }
    }
    for (i, found) in asked.iter().zip(identity::identify_many(tx, cx, &pieces)?) {
        buyers[*i] = Some(Buyer { member: found.member, key_set: found.key_set, created: found.created });
    }
    for (w, buyer) in works.iter().zip(&mut buyers) {
        if let (Some(buyer), Some(claimed)) = (buyer, w.new.as_ref().and_then(|n| n.claimed_by.as_ref()))
            && buyer.member.is_none()
            && let Ok(claimed) = claimed.parse::<MemberId>()
        {
            buyer.member = identity::resolve(tx, cx, claimed)?;
        }
    }
    // Whose they are now, held still.
    let rows = hold(tx, cx, works, !asked.is_empty())?;
    let mut released: Vec<[u8; 16]> = Vec::new();
    let mut done: Vec<Option<Done>> = vec![None; works.len()];
    for (i, w) in works.iter().enumerate() {
        let moved_on = match (&w.existing, rows.get(&w.id)) {
            (None, _) => false,
            (Some(read), Some(now)) => read.revision != now.revision,
            (Some(_), None) => true,
        };
        if moved_on {
            released.extend(buyers[i].and_then(|b| b.key_set));
            done[i] = Some(Done::Again);
        }
    }
    write::insert(tx, cx, works, &buyers)?;
    finish(tx, cx, works, &buyers, &rows, &mut done, &mut released)?;
    if !released.is_empty() {
        released.sort_unstable();
        identity::release(tx, cx, &released)?;
    }
    done.into_iter().map(|d| d.ok_or_else(|| Error::fault("an order had no answer"))).collect()
}

fn finish(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    works: &[Work],
    buyers: &[Option<Buyer>],
    rows: &HashMap<OrderId, Existing>,
    done: &mut [Option<Done>],
    released: &mut Vec<[u8; 16]>,
) -> Result<()> {
    let mut delta = Delta::default();
    let mut events = Vec::new();
    let mut puts: Vec<Put<'_>> = Vec::new();
    let mut batch = write::Batch::default();
    for (i, w) in works.iter().enumerate() {
        if done[i].is_some() {
            continue;
        }
        let now = rows.get(&w.id).copied();
        let before = now.map_or((None, None), |e| (e.member, e.key_set));
        let weight = |o: &OrderState, member: Option<MemberId>| Weight {
            purchase: o.purchase,
            net_paid: o.net_paid.unwrap_or(0),
            received: o.merchant_received.unwrap_or(0),
            named: member.is_some(),
        };
        let Some(new) = &w.new else {
            if let Some(old) = &w.old {
                delta.minus(&w.source, old.currency.code(), &weight(old, before.0));
                events.push(super::events::removed(cx, *w.id.bytes(), &w.source, old, before.0));
            }
            released.extend(before.1);
            batch.drop_order(w.id);
            done[i] = Some(Done::Yes { change: Change::Changed, member: before.0, member_created: false });
            continue;
        };
        // An erased person's order stays with their id; identity has dropped the key set itself.
        let key_set = before.1.filter(|_| !new.erased);
        let buyer = buyers[i].unwrap_or(Buyer { member: before.0, key_set, created: false });
        if buyers[i].is_some() && w.existing.is_some() {
            released.extend(before.1);
        }
        if !w.entries.is_empty() {
            let revision = w.existing.map_or(1, |e| e.revision + 1);
            let sealed = w.sealed.as_deref();
            puts.push(Put { kind: "order", subject: *w.id.bytes(), revision, entries: &w.entries, sealed, imports: w.imports.clone() });
        }
        let same = w.old.as_ref() == Some(new);
        let change = match (&w.old, same && before == (buyer.member, buyer.key_set)) {
            (None, _) => Change::Created,
            (Some(_), true) => Change::Unchanged,
            (Some(_), false) => Change::Changed,
        };
        if change != Change::Unchanged {
            if let Some(old) = &w.old {
                delta.minus(&w.source, old.currency.code(), &weight(old, before.0));
            }
            delta.plus(&w.source, new.currency.code(), &weight(new, buyer.member));
            batch.order(cx, w, new, buyer, before)?;
            if !same || before.0 != buyer.member {
                let old = w.old.as_deref().map(|o| (o, before.0));
                events.push(super::events::changed(cx, *w.id.bytes(), &w.source, old, new, buyer.member));
            }
        }
        done[i] = Some(Done::Yes { change, member: buyer.member, member_created: buyer.created });
    }
    batch.write(tx, cx)?;
    put(tx, cx, &puts)?;
    let spread = works.first().map_or(0, |w| w.id.bytes()[15]);
    delta.write(tx, cx, spread)?;
    tx.emit_many(cx, events)
}

/// Locks members, then orders, and reads whose the orders are.
fn hold(tx: &mut Tx<'_>, cx: &Ctx, works: &[Work], identified: bool) -> Result<HashMap<OrderId, Existing>> {
    let known: Vec<(OrderId, Existing)> = works.iter().filter_map(|w| w.existing.map(|e| (w.id, e))).collect();
    if known.is_empty() {
        return Ok(HashMap::new());
    }
    let concurrent = tx.engine() == Engine::Postgres;
    if !concurrent && !identified {
        return Ok(known.into_iter().collect());
    }
    if concurrent {
        let mut members: Vec<Vec<u8>> = known.iter().filter_map(|(_, e)| e.member.map(|m| m.bytes().to_vec())).collect();
        members.sort();
        members.dedup();
        if !members.is_empty() {
            tx.rows(sql::LOCK_MEMBERS, args![cx.merchant, members])?;
        }
    }
    let ids: Vec<Vec<u8>> = known.iter().map(|(id, _)| id.bytes().to_vec()).collect();
    let mut rows = HashMap::with_capacity(known.len());
    for mut r in tx.rows(sql::LOCK, args![cx.merchant, ids])? {
        rows.insert(r.get(0)?, Existing { member: r.get(1)?, key_set: r.get(2)?, revision: r.get(3)? });
    }
    Ok(rows)
}

/// A text or nothing.
pub(super) fn text(t: &Option<String>) -> Value {
    t.as_ref().map_or(Value::Null, Value::from)
}
