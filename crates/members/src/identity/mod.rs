//! Identity: which records speak of one person.
//!
//! A *key set* is the distinct set of keys that records carry: all orders with the same buyer
//! keys share one. Members are groups of key sets. Which sets form a group is decided by one pure
//! fold ([`fold`]) whose answer depends on the sets and on what people decided, never on the order
//! of arrival; [`service`] takes the short cut where the answer is plain, [`settle`] runs the fold
//! where it is not. Values are sealed with their set, found by blind tokens, and never joined
//! across legal entities.

pub mod fold;
pub(crate) mod http;
pub(crate) mod keys;
pub mod merge;
pub mod model;
pub(crate) mod moves;
pub mod rejudge;
mod release;
pub mod review;
pub(crate) mod rows;
pub(crate) mod service;
pub(crate) mod settle;
pub mod sql;
mod uncover;
mod writes;

pub use fold::Rules;
pub use merge::MergeId;
pub use model::{Birthday, Evidence, Gender, Identified, KeyClaim, KeyClass, KeyKind, ProfileHints, Region};
pub use review::ReviewId;

use std::collections::{BTreeSet, HashMap, HashSet};

use shuke_kernel::{Ctx, Error, Result};
use shuke_store::{Tx, Value, args};

use crate::MemberId;

pub(crate) fn rules(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Rules> {
    let settings = shuke_access::merchants::settings(tx, cx.merchant)?;
    Ok(Rules { merge_on_contact: settings.merge_on_contact })
}

/// The member of one piece of evidence; see [`identify_many`].
pub fn identify(tx: &mut Tx<'_>, cx: &Ctx, evidence: &Evidence) -> Result<Identified> {
    identify_many(tx, cx, std::slice::from_ref(evidence))?.pop().ok_or_else(|| Error::fault("one piece of evidence had no answer"))
}

/// The members of many pieces of evidence, one answer each, in their order.
///
/// Each call takes one reference to the key set of each piece: a record that no longer carries a
/// key set (it changed, or its import is undone) gives it back by [`release`]. Evidence with a
/// `source_id` keeps its reference with its observation: take it back by [`retract`].
pub fn identify_many(tx: &mut Tx<'_>, cx: &Ctx, evidence: &[Evidence]) -> Result<Vec<Identified>> {
    let rules = rules(tx, cx)?;
    service::identify_many(tx, cx, rules, evidence)
}

/// Gives back references to key sets, one for each entry (repeat a set to give back more). A key
/// set that no record carries any more disappears, and a member without key sets with it.
pub fn release(tx: &mut Tx<'_>, cx: &Ctx, key_sets: &[[u8; 16]]) -> Result<()> {
    if key_sets.is_empty() { Ok(()) } else { release::release(tx, cx, key_sets) }
}

/// Takes back what one record (`source`, `source_id`) stated, and its reference.
pub fn retract(tx: &mut Tx<'_>, cx: &Ctx, source: &str, source_id: &str) -> Result<()> {
    crate::profile::observe::retract(tx, cx, source, source_id)
}

/// The living member behind an id that may be an alias of a merge; `None` where there is none, or
/// the member was erased.
pub fn resolve(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Option<MemberId>> {
    let mut at = id;
    // A chain of merges is short; a ring cannot be, but must not hang either.
    for _ in 0..64 {
        let Some(mut row) = tx.row(sql::STATE, args![cx.merchant, at])? else { return Ok(None) };
        match (row.get::<String>(0)?.as_str(), row.get::<Option<MemberId>>(1)?) {
            ("live", _) => return Ok(Some(at)),
            ("alias", Some(next)) => at = next,
            _ => return Ok(None),
        }
    }
    Err(Error::fault("a chain of aliases does not end"))
}

/// [`resolve`] for many, in their order, at a statement for all.
pub fn resolve_many(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<Vec<Option<MemberId>>> {
    let mut at: Vec<Option<MemberId>> = ids.iter().copied().map(Some).collect();
    let mut living: HashSet<MemberId> = HashSet::new();
    for _ in 0..64 {
        let asked: BTreeSet<MemberId> = at.iter().flatten().filter(|id| !living.contains(*id)).copied().collect();
        if asked.is_empty() {
            return Ok(at);
        }
        let list = Value::Blobs(asked.iter().map(|id| id.bytes().to_vec()).collect());
        let mut next: HashMap<MemberId, MemberId> = HashMap::new();
        for mut row in tx.rows(sql::STATES, &[cx.merchant.into(), list])? {
            let id: MemberId = row.get(0)?;
            match (row.get::<String>(1)?.as_str(), row.get::<Option<MemberId>>(2)?) {
                ("live", _) => {
                    living.insert(id);
                }
                ("alias", Some(to)) => {
                    next.insert(id, to);
                }
                _ => {}
            }
        }
        for place in &mut at {
            *place = place.and_then(|id| if living.contains(&id) { Some(id) } else { next.get(&id).copied() });
        }
    }
    Err(Error::fault("a chain of aliases does not end"))
}

/// [`resolve`] for rows that are about to be written under the id: nobody merges or erases the member until the
/// transaction ends.
pub fn stay(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Option<MemberId>> {
    for _ in 0..64 {
        let Some(member) = resolve(tx, cx, id)? else { return Ok(None) };
        let state = tx.row(sql::SHARE_STATE, args![cx.merchant, member])?.map(|mut r| r.get::<String>(0)).transpose()?;
        // A merge may have come between the two.
        if state.as_deref() == Some("live") {
            return Ok(Some(member));
        }
    }
    Err(Error::fault("a member does not stay who they are"))
}

/// [`stay`] for many, in their order, at a handful of statements for all.
pub fn stay_many(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<Vec<Option<MemberId>>> {
    for _ in 0..64 {
        let members = resolve_many(tx, cx, ids)?;
        let wanted: BTreeSet<MemberId> = members.iter().flatten().copied().collect();
        let list = Value::Blobs(wanted.iter().map(|id| id.bytes().to_vec()).collect());
        // A merge may have come between the two.
        if tx.rows(sql::SHARE_LIVING, &[cx.merchant.into(), list])?.len() == wanted.len() {
            return Ok(members);
        }
    }
    Err(Error::fault("members do not stay who they are"))
}

/// A member and all whom merges made its aliases, also those of aliases.
pub fn with_aliases(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Vec<MemberId>> {
    let mut out = vec![id];
    let mut at = 0;
    while at < out.len() {
        for mut r in tx.rows(sql::ALIASES, args![cx.merchant, out[at]])? {
            let alias: MemberId = r.get(0)?;
            if !out.contains(&alias) {
                out.push(alias);
            }
        }
        at += 1;
    }
    Ok(out)
}

/// The legal entity that evidence from a shop, named by its id, is of; `None` where there is no such
/// shop.
pub fn entity_of_shop(tx: &mut Tx<'_>, cx: &Ctx, shop: &str) -> Result<Option<Option<String>>> {
    let Ok(id) = shop.parse::<shuke_access::ShopId>() else { return Ok(None) };
    match shuke_access::shops::entity_of(tx, cx.merchant, id) {
        Ok(entity) => Ok(Some(entity)),
        Err(Error::Refused(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The legal entities in which keys of this sort were seen, the merchant's first (the empty word) first.
pub(crate) fn entities_of(tx: &mut Tx<'_>, cx: &Ctx, claim: &KeyClaim) -> Result<std::collections::BTreeSet<String>> {
    let seen = service::spaces(tx, cx)?;
    Ok(seen.into_iter().filter(|(kind, namespace, _)| *kind == claim.kind as i64 && *namespace == claim.namespace).map(|s| s.2).collect())
}

/// The members that hold this key: none, one, or several where the key is under review.
pub fn find_by_key(tx: &mut Tx<'_>, cx: &Ctx, claim: &KeyClaim, entity: Option<&str>) -> Result<Vec<MemberId>> {
    let token = keys::token_of(&*tx.keys(cx.merchant)?, claim, entity.unwrap_or_default());
    let mut found: Vec<MemberId> = rows::holders(tx, cx, [token])?.into_values().flatten().filter_map(|h| h.member()).collect();
    found.sort();
    Ok(found)
}
