//! Giving key sets back: a record that no longer carries a set, an import that is undone.
//!
//! What a person did to a member by hand outlives the records that named the member. A fact or a
//! consent told by hand carries a set of its own; whoever has a tag keeps the set that they are
//! known by best, so that the tag is found again when the same keys come back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shuke_kernel::{Ctx, Result};
use shuke_store::{Tx, args};

use super::fold::{Key, SetId, Token};
use super::rows::{self, StoredSet};
use super::service::member_event;
use super::settle::{self, Cause};
use super::{keys, review, rules, sql};
use crate::hooks::{self, Moved};
use crate::profile::index;
use crate::{MemberId, consent, profile, tag};

/// See [`super::release`].
pub(super) fn release(tx: &mut Tx<'_>, cx: &Ctx, key_sets: &[SetId]) -> Result<()> {
    let mut counts: BTreeMap<SetId, i64> = BTreeMap::new();
    for id in key_sets {
        *counts.entry(*id).or_default() += 1;
    }
    let mut by_count: BTreeMap<i64, Vec<SetId>> = BTreeMap::new();
    for (id, count) in &counts {
        by_count.entry(*count).or_default().push(*id);
    }
    for (count, ids) in by_count {
        tx.exec(sql::RELEASE, &[cx.merchant.into(), rows::blobs(ids), count.into()])?;
    }
    let mut gone: Vec<SetId> = Vec::new();
    let mut carried: Vec<Key> = Vec::new();
    let mut tokens: BTreeSet<Token> = BTreeSet::new();
    let mut counting: BTreeSet<Token> = BTreeSet::new();
    let mut proposing: BTreeSet<Token> = BTreeSet::new();
    let rules = rules(tx, cx)?;
    let mut members: BTreeSet<MemberId> = BTreeSet::new();
    let mut moves = Vec::new();
    for mut r in tx.rows(sql::UNUSED, &[cx.merchant.into(), rows::blobs(counts.keys().copied())])? {
        let (id, member): (SetId, Option<MemberId>) = (r.get(0)?, r.get(1)?);
        let keys = keys::unpack(&r.get::<Vec<u8>>(2)?)?;
        for key in &keys {
            tokens.insert(key.token);
            if key.proposes() {
                proposing.insert(key.token);
            }
            if key.identifies() || (rules.merge_on_contact && key.proposes()) {
                counting.insert(key.token);
            }
        }
        carried.extend(keys);
        members.extend(member);
        moves.push(Moved { key_set: id, from: member, to: None });
        gone.push(id);
    }
    let stay: Vec<SetId> = counts.keys().copied().filter(|id| !gone.contains(id)).collect();
    let changed = see_again(tx, cx, &stay)?;
    if gone.is_empty() && changed.is_empty() {
        return Ok(());
    }
    rows::lock_keys(tx, cx, &carried)?;
    let kept = held_by_tags(tx, cx, &members, &gone)?;
    gone.retain(|id| !kept.contains(id));
    moves.retain(|m| !kept.contains(&m.key_set));
    let gone_sets = rows::sets_by_id(tx, cx, gone.iter().copied())?;
    let gone_names = named(&gone_sets, &index::of_sets(tx, cx, gone_sets.iter())?);
    tx.exec(sql::DROP_SETS, &[cx.merchant.into(), rows::blobs(gone.iter().copied())])?;
    let holders: Vec<[u8; 16]> = gone.iter().copied().chain(members.iter().map(|m| *m.bytes())).collect();
    let left = rows::sets_of(tx, cx, members.iter().copied())?;
    if !gone_names.is_empty() {
        // What another of the member's sets tells as well stays.
        let kept = named(&left, &index::of_sets(tx, cx, left.iter())?);
        index::turn(tx, cx, &gone_names, &gone_names.intersection(&kept).copied().collect())?;
    }
    let staying: BTreeSet<MemberId> = left.iter().filter_map(|s| s.member).collect();
    let leaving: Vec<MemberId> = members.into_iter().filter(|m| !staying.contains(m)).collect();
    tx.exec(sql::UNHOLD, &[cx.merchant.into(), rows::blobs(tokens.iter().copied()), rows::blobs(holders)])?;
    remove(tx, cx, &leaving)?;
    // What is left may have hung together only by what went, or been kept from it.
    let others: BTreeSet<MemberId> = rows::holders(tx, cx, counting)?.into_values().flatten().filter_map(|h| h.member()).collect();
    let mut seeds: Vec<SetId> = left.iter().map(|s| s.id).chain(changed).collect();
    seeds.extend(rows::sets_of(tx, cx, others)?.iter().map(|s| s.id));
    if seeds.is_empty() {
        review::refresh(tx, cx, proposing)?;
        return hooks::moved(tx, cx, &moves);
    }
    settle::settle(tx, cx, rules, &seeds, &Cause { stale: tokens.into_iter().collect(), proposing, ..Cause::of("release") })?;
    hooks::moved(tx, cx, &moves)
}

/// Of sets that are to go, one of each member who would go with them and has a tag.
fn held_by_tags(tx: &mut Tx<'_>, cx: &Ctx, members: &BTreeSet<MemberId>, gone: &[SetId]) -> Result<BTreeSet<SetId>> {
    if members.is_empty() || (tx.alone() && !tag::counts::ever(tx, cx)?) {
        return Ok(BTreeSet::new());
    }
    // Held, so that nobody is given a tag between this look and their going.
    rows::lock_members(tx, cx, members.iter().copied())?;
    let tagged = tag::give::tagged(tx, cx, members)?;
    let mut theirs: BTreeMap<MemberId, Vec<StoredSet>> = BTreeMap::new();
    for set in rows::sets_of(tx, cx, tagged)? {
        theirs.entry(set.member.unwrap_or(MemberId::from_bytes([0; 16]))).or_default().push(set);
    }
    theirs.retain(|_, sets| sets.iter().all(|s| gone.contains(&s.id)));
    Ok(theirs.iter().filter_map(|(member, sets)| rows::best_of(*member, sets)).collect())
}

/// Who is found by the receivers' names of sets.
fn named(sets: &[StoredSet], tokens: &HashMap<SetId, BTreeSet<Token>>) -> index::Names {
    sets.iter().filter_map(|s| Some((s.member?, tokens.get(&s.id)?))).flat_map(|(m, t)| t.iter().map(move |t| (m, *t))).collect()
}

/// Tells anew when and where sets were first and last seen, by the records that still carry them:
/// what let go may have been the earliest or the newest. Returns the sets that changed.
fn see_again(tx: &mut Tx<'_>, cx: &Ctx, sets: &[SetId]) -> Result<Vec<SetId>> {
    let Some(seen) = hooks::seen(tx, cx, sets)? else { return Ok(Vec::new()) };
    let mut first: BTreeMap<SetId, i64> = BTreeMap::new();
    for mut r in tx.rows(sql::OBSERVED_FIRST, &[cx.merchant.into(), rows::blobs(sets.iter().copied())])? {
        first.insert(r.get(0)?, r.get(1)?);
    }
    let mut region = BTreeMap::new();
    for s in seen {
        let at = first.entry(s.key_set).or_insert(s.first);
        *at = (*at).min(s.first);
        region.insert(s.key_set, s.region);
    }
    let mut changed = Vec::new();
    for set in rows::sets_by_id(tx, cx, sets.iter().copied())? {
        // A set that only a person's own word carries keeps what it has.
        let Some(at) = first.get(&set.id).copied() else { continue };
        let region = region.remove(&set.id).flatten();
        if at != set.first_seen || region != set.region {
            let (region_at, province, city) = region.map_or((None, None, None), |(at, p, c)| (Some(at), p, c));
            tx.exec(sql::RESEE, args![cx.merchant, set.id, at, region_at, province, city])?;
            changed.push(set.id);
        }
    }
    Ok(changed)
}

/// Members that nothing names any more.
fn remove(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    for id in ids {
        profile::index::forget(tx, cx, *id)?;
        consent::forget(tx, cx, *id)?;
    }
    tag::give::forget(tx, cx, ids)?;
    tx.exec(sql::DROP_MEMBERS, &[cx.merchant.into(), rows::members(ids.iter().copied())])?;
    tx.emit_many(cx, ids.iter().map(|id| member_event("member.removed", *id, cx.now, "{}".to_owned())).collect())
}
