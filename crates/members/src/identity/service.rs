//! From evidence to members, a batch at a time.
//!
//! Most evidence is simple: its key set is known already, or its keys are all new, or they point
//! at one member whom nothing contests. Then the answer is at hand, and it is the answer that the
//! fold would give, since keys that pass [`fold::plain`] join alike in any order. Everything else
//! is put into the store as nobody's and settled by the fold (see [`super::settle`]).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Event, MerchantKeys, Tx, Value, args};

use super::fold::{self, Key, Rules, SetId, Token};
use super::keys::{self, Prepared};
use super::model::{Evidence, Identified};
use super::rows::{self, Holder, Located, StoredSet};
use super::writes::{Holds, Told, Writes};
use super::{review, settle, sql};
use crate::MemberId;
use crate::profile::observe;

/// A distinct key set of a batch.
pub(super) struct Incoming {
    pub prepared: Prepared,
    pub entity: String,
    pub platform: String,
    pub refs: i64,
    pub first_seen: i64,
    pub region: Option<Located>,
    /// Its values sealed, once it is known that they may have to be written.
    pub sealed: Vec<u8>,
}

#[derive(Default)]
struct Batch {
    sets: Vec<Incoming>,
    /// Each piece of evidence's set.
    of: Vec<Option<usize>>,
}

/// The region of a piece of evidence with the time it was seen.
fn region_of(e: &Evidence) -> Option<Located> {
    let region = e.profile.region.as_ref()?;
    let filled = region.province.is_some() || region.city.is_some();
    // Records of a list keep their region with their observation.
    (filled && e.source_id.is_none()).then(|| (e.source_time.micros(), region.province.clone(), region.city.clone()))
}

impl Batch {
    fn gather(store_keys: &MerchantKeys, evidence: &[Evidence]) -> Self {
        let mut batch = Self::default();
        let mut index: HashMap<SetId, usize> = HashMap::with_capacity(evidence.len());
        for e in evidence {
            let entity = e.entity.as_deref().unwrap_or_default();
            let Some(prepared) = keys::prepare(store_keys, &e.keys, entity) else {
                batch.of.push(None);
                continue;
            };
            let at = *index.entry(prepared.id).or_insert_with(|| {
                let platform = keys::platform_of(&prepared.claims).to_owned();
                batch.sets.push(Incoming {
                    prepared,
                    entity: entity.to_owned(),
                    platform,
                    refs: 0,
                    first_seen: i64::MAX,
                    region: None,
                    sealed: Vec::new(),
                });
                batch.sets.len() - 1
            });
            let set = &mut batch.sets[at];
            set.refs += 1;
            set.platform = keys::platform_from(&set.prepared.claims, &set.platform, &e.source);
            set.first_seen = set.first_seen.min(e.source_time.micros());
            set.region = set.region.take().max(region_of(e));
            batch.of.push(Some(at));
        }
        batch
    }

    /// The sets that are not among these.
    fn missing(&self, known: &HashMap<SetId, StoredSet>) -> Vec<usize> {
        (0..self.sets.len()).filter(|i| !known.contains_key(&self.sets[*i].prepared.id)).collect()
    }
}

/// See [`super::identify_many`].
pub(crate) fn identify_many(tx: &mut Tx<'_>, cx: &Ctx, rules: Rules, evidence: &[Evidence]) -> Result<Vec<Identified>> {
    let store_keys = tx.keys(cx.merchant)?;
    let mut batch = Batch::gather(&store_keys, evidence);
    let mut known: HashMap<SetId, StoredSet> = HashMap::new();
    // Only looked at: who needs tokens locked takes them before sets.
    load_known(tx, cx, &mut known, batch.sets.iter().map(|s| s.prepared.id).collect(), rows::sets_seen)?;
    let mut fresh = batch.missing(&known);
    // Before anybody has to wait for this one.
    for i in &fresh {
        batch.sets[*i].sealed = keys::seal(&store_keys, &batch.sets[*i].prepared)?;
    }
    lock_for(tx, cx, &batch, &fresh)?;
    if !tx.alone() {
        // A set that somebody made meanwhile is met when it is inserted, and all of this runs again.
        let seen = std::mem::take(&mut known).into_keys().collect();
        load_known(tx, cx, &mut known, seen, rows::sets_by_id)?;
        // What somebody dropped between the two looks is new again.
        let dropped: Vec<usize> = batch.missing(&known).into_iter().filter(|i| !fresh.contains(i)).collect();
        lock_for(tx, cx, &batch, &dropped)?;
        fresh = batch.missing(&known);
    }
    let mut writes = Writes::default();
    let mut member_of: Vec<Option<MemberId>> = vec![None; batch.sets.len()];
    let gone = erased(tx, cx, &batch, &fresh)?;
    fresh.retain(|i| !gone.contains(i));
    if !fresh.is_empty() {
        place(tx, cx, rules, &store_keys, &batch, &fresh, &mut member_of, &mut writes)?;
    }
    touch_known(tx, cx, &batch, &known, &mut member_of, &mut writes)?;
    let mut created: HashSet<MemberId> = writes.created.keys().copied().collect();
    let seeds = std::mem::take(&mut writes.settle);
    let any_new = !writes.new_sets.is_empty();
    let changed = writes.flush(tx, cx)?;
    if any_new {
        add_spaces(tx, cx, &batch)?;
    }
    review::refresh(tx, cx, changed)?;
    if !seeds.is_empty() {
        created.extend(settle::settle(tx, cx, rules, &seeds, &settle::Cause::keys())?.created);
        let owners = owners(tx, cx, batch.sets.iter().map(|s| s.prepared.id))?;
        for (set, member) in batch.sets.iter().zip(member_of.iter_mut()) {
            if let Some(owner) = owners.get(&set.prepared.id) {
                *member = *owner;
            }
        }
    }
    for i in &gone {
        batch.of.iter_mut().for_each(|of| *of = of.filter(|x| x != i));
    }
    let mut out = Vec::with_capacity(evidence.len());
    for of in &batch.of {
        let member = of.and_then(|i| member_of[i]);
        out.push(Identified {
            key_set: of.map(|i| batch.sets[i].prepared.id),
            member,
            created: member.is_some_and(|m| created.remove(&m)),
        });
    }
    observe::observe_many(tx, cx, evidence, &out)?;
    Ok(out)
}

fn lock_for(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, fresh: &[usize]) -> Result<()> {
    rows::lock_keys(tx, cx, fresh.iter().flat_map(|i| &batch.sets[*i].prepared.keys))
}

fn counts(key: &Key, rules: Rules) -> bool {
    key.identifies() || (rules.merge_on_contact && key.proposes())
}

fn load_known(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    known: &mut HashMap<SetId, StoredSet>,
    ids: BTreeSet<SetId>,
    read: fn(&mut Tx<'_>, &Ctx, BTreeSet<SetId>) -> Result<Vec<StoredSet>>,
) -> Result<()> {
    if !ids.is_empty() {
        known.extend(read(tx, cx, ids)?.into_iter().map(|set| (set.id, set)));
    }
    Ok(())
}

fn owners(tx: &mut Tx<'_>, cx: &Ctx, ids: impl Iterator<Item = SetId>) -> Result<HashMap<SetId, Option<MemberId>>> {
    let rows = tx.rows(sql::OWNERS, &[cx.merchant.into(), rows::blobs(ids)])?;
    rows.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect()
}

/// Sets whose keys belong to somebody erased after the records' time: an old file that is loaded
/// again does not bring the person back.
fn erased(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, fresh: &[usize]) -> Result<HashSet<usize>> {
    if fresh.is_empty() || !rows::ever(tx, cx)?.erased {
        return Ok(HashSet::new());
    }
    let tokens = fresh.iter().flat_map(|i| batch.sets[*i].prepared.keys.iter().map(|k| k.token));
    let mut at: HashMap<Token, i64> = HashMap::new();
    for mut r in tx.rows(sql::ERASED, &[cx.merchant.into(), rows::blobs(tokens)])? {
        at.insert(r.get(0)?, r.get(1)?);
    }
    let hit = |i: &usize| batch.sets[*i].prepared.keys.iter().any(|k| at.get(&k.token).is_some_and(|t| batch.sets[*i].first_seen <= *t));
    Ok(fresh.iter().copied().filter(hit).collect())
}

/// Sets of a batch that hang together by keys that count, with the members that they touch.
#[derive(Default)]
struct Cluster {
    sets: Vec<usize>,
    members: BTreeSet<MemberId>,
    slow: bool,
}

/// Union of sets and members: sets are nodes 0..n, members come after.
struct Union(Vec<usize>);

impl Union {
    fn root(&mut self, i: usize) -> usize {
        let mut at = i;
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

fn clusters(batch: &Batch, fresh: &[usize], holders: &HashMap<Token, Vec<Holder>>, rules: Rules) -> Vec<Cluster> {
    let mut union = Union((0..fresh.len()).collect());
    let mut member_node: HashMap<MemberId, usize> = HashMap::new();
    let mut first: HashMap<Token, usize> = HashMap::new();
    let mut slow = HashSet::new();
    for (n, i) in fresh.iter().enumerate() {
        for key in batch.sets[*i].prepared.keys.iter().filter(|k| counts(k, rules)) {
            union.join(n, *first.entry(key.token).or_insert(n));
            for holder in holders.get(&key.token).into_iter().flatten() {
                match holder.member() {
                    Some(m) if holder.class <= 2 || rules.merge_on_contact => {
                        let node = *member_node.entry(m).or_insert_with(|| {
                            union.0.push(union.0.len());
                            union.0.len() - 1
                        });
                        union.join(n, node);
                    }
                    None if rules.merge_on_contact => {
                        slow.insert(n);
                    }
                    _ => {}
                }
            }
        }
    }
    let mut by_root: BTreeMap<usize, Cluster> = BTreeMap::new();
    for (n, i) in fresh.iter().enumerate() {
        let cluster = by_root.entry(union.root(n)).or_default();
        cluster.sets.push(*i);
        cluster.slow |= slow.contains(&n);
    }
    for (member, node) in member_node {
        by_root.entry(union.root(node)).or_default().members.insert(member);
    }
    by_root.into_values().collect()
}

#[expect(clippy::too_many_arguments, reason = "one step of one function, apart only so that each fits a screen")]
fn place(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    rules: Rules,
    store_keys: &MerchantKeys,
    batch: &Batch,
    fresh: &[usize],
    member_of: &mut [Option<MemberId>],
    writes: &mut Writes,
) -> Result<()> {
    let mut tokens = BTreeSet::new();
    let mut contacts = BTreeSet::new();
    for key in fresh.iter().flat_map(|i| &batch.sets[*i].prepared.keys) {
        if counts(key, rules) {
            tokens.insert(key.token);
        } else if key.proposes() {
            contacts.insert(key.token);
        }
    }
    // A contact that many share has its review already: nobody needs to read all who share it.
    let reviewed = review::states(tx, cx, contacts.iter().copied())?;
    tokens.extend(contacts.into_iter().filter(|t| !reviewed.contains_key(t)));
    writes.review.extend(reviewed.iter().filter(|(_, state)| *state != "open").map(|(t, _)| *t));
    let holders = rows::holders(tx, cx, tokens)?;
    let clusters = clusters(batch, fresh, &holders, rules);
    let hit: BTreeSet<MemberId> = clusters.iter().flat_map(|c| c.members.iter().copied()).collect();
    let member_rows = rows::lock_members(tx, cx, hit.iter().copied())?;
    let mut member_keys: HashMap<MemberId, Vec<Key>> = HashMap::new();
    if !hit.is_empty() {
        for mut r in tx.rows(sql::TOKENS_OF, &[cx.merchant.into(), rows::members(hit)])? {
            member_keys.entry(r.get(0)?).or_default().extend(keys::unpack(&r.get::<Vec<u8>>(1)?)?);
        }
    }
    let ids: Vec<SetId> = fresh.iter().map(|i| batch.sets[*i].prepared.id).collect();
    let decided: HashSet<SetId> = rows::decisions(tx, cx, &ids)?.iter().flat_map(|d| [d.left, d.right]).collect();
    for cluster in clusters {
        let keys_of = |i: &usize| batch.sets[*i].prepared.keys.iter();
        let nobody = cluster.members.is_empty() && !cluster.sets.iter().flat_map(keys_of).any(Key::identifies);
        let theirs = cluster.members.iter().flat_map(|m| member_keys.get(m).into_iter().flatten());
        // A key that a member held when it was looked for, and has lost while one waited for it: another took it along.
        let lost = |k: &Key, m: MemberId| !member_keys.get(&m).is_some_and(|keys| keys.iter().any(|mine| mine.token == k.token));
        let moved = cluster.sets.iter().flat_map(keys_of).filter(|k| counts(k, rules)).any(|k| {
            let held = holders.get(&k.token).into_iter().flatten().filter_map(|h| h.member());
            held.filter(|m| cluster.members.contains(m)).any(|m| lost(k, m))
        });
        let slow = cluster.slow
            || moved
            || cluster.members.len() > 1
            || cluster.members.iter().any(|m| member_rows.get(m).is_none_or(|r| r.contested || r.state != "live"))
            || cluster.sets.iter().any(|i| decided.contains(&batch.sets[*i].prepared.id))
            || !fold::plain(cluster.sets.iter().flat_map(keys_of).chain(theirs));
        if slow || nobody {
            for i in &cluster.sets {
                writes.set(cx, store_keys, &batch.sets[*i], None, &Holds::default())?;
                if slow {
                    writes.settle.push(batch.sets[*i].prepared.id);
                }
            }
            continue;
        }
        let first_seen = cluster.sets.iter().map(|i| batch.sets[*i].first_seen).min().unwrap_or_default();
        let region = cluster.sets.iter().map(|i| batch.sets[*i].region.clone()).max().flatten();
        let phone = cluster.sets.iter().any(|i| keys::has_phone(&batch.sets[*i].prepared.keys));
        let member = match cluster.members.first().and_then(|m| member_rows.get(m).map(|r| (*m, r))) {
            Some((member, row)) => {
                writes.grow(member, row, first_seen, &region, phone);
                writes.changed.insert(member);
                member
            }
            None => {
                let member: MemberId = cx.new_id();
                writes.members.insert(member, Told { first_seen, region, created_at: cx.now.micros(), has_phone: phone });
                writes.created.insert(member, first_seen);
                member
            }
        };
        let holds = Holds::of(member_keys.get(&member).into_iter().flatten());
        for i in &cluster.sets {
            member_of[*i] = Some(member);
            writes.set(cx, store_keys, &batch.sets[*i], Some(member), &holds)?;
        }
    }
    propose(&holders, writes);
    Ok(())
}

/// Tokens that more than one member now holds are worth a look.
fn propose(holders: &HashMap<Token, Vec<Holder>>, writes: &mut Writes) {
    let mut last: Option<Token> = None;
    for ((token, holder), (held, kind, _)) in &writes.held {
        if *held && *kind != super::model::KeyKind::ReceiverName as i64 {
            let other = holders.get(token).is_some_and(|h| h.iter().any(|h| h.held && h.holder != *holder));
            if other || last == Some(*token) {
                writes.review.insert(*token);
            }
            last = Some(*token);
        }
    }
}

fn touch_known(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    batch: &Batch,
    known: &HashMap<SetId, StoredSet>,
    member_of: &mut [Option<MemberId>],
    writes: &mut Writes,
) -> Result<()> {
    let mut theirs: BTreeSet<MemberId> = BTreeSet::new();
    let mut news = Vec::new();
    for (i, set) in batch.sets.iter().enumerate() {
        let Some(stored) = known.get(&set.prepared.id) else { continue };
        member_of[i] = stored.member;
        let earlier = writes.touch(cx, set, stored);
        let newer = set.region.is_some() && set.region > stored.region;
        if let (Some(member), true) = (stored.member, earlier || newer) {
            theirs.insert(member);
            news.push((member, set, stored.id, earlier));
        }
    }
    let member_rows = rows::lock_members(tx, cx, theirs)?;
    for (member, set, id, earlier) in news {
        let Some(row) = member_rows.get(&member) else { continue };
        writes.grow(member, row, set.first_seen, &set.region, false);
        if earlier && row.contested {
            writes.settle.push(id);
        }
    }
    Ok(())
}

fn add_spaces(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch) -> Result<()> {
    let mut seen: BTreeSet<(i64, &str, &str)> = BTreeSet::new();
    for set in &batch.sets {
        for claim in &set.prepared.claims {
            seen.insert((claim.kind as i64, &claim.namespace, &set.entity));
        }
    }
    let known: Vec<(i64, String, String)> = tx
        .remembered(sql::SPACES, args![cx.merchant], &["key_space"])?
        .into_iter()
        .map(|mut r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .collect::<Result<_>>()?;
    let fresh = seen.into_iter().filter(|(k, n, e)| !known.iter().any(|(x, y, z)| (*x, y.as_str(), z.as_str()) == (*k, *n, *e)));
    let rows: Vec<Vec<Value>> = fresh.map(|(k, n, e)| vec![cx.merchant.into(), k.into(), n.into(), e.into()]).collect();
    tx.insert_many(&sql::ADD_SPACES, rows).map(|_| ())
}

/// Kinds, namespaces and legal entities that keys were seen in.
pub(crate) fn spaces(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<(i64, String, String)>> {
    tx.rows(sql::SPACES, args![cx.merchant])?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
}

/// An event about a member.
pub(crate) fn member_event(kind: &'static str, id: MemberId, at: Instant, data: String) -> Event {
    Event { kind, version: 1, occurred_at: at, subject_kind: "mem", subject: *id.bytes(), member: Some(*id.bytes()), data }
}
