//! Erasure: identifiers go, entries stay under the id. Nobody finds the person by any key again,
//! and a record from before the erasure that is loaded again does not bring them back. A log of
//! erasures lets a restored backup be brought up to date.

use std::collections::BTreeSet;

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::register::Class;
use shuke_store::{Tx, Value, args};

use super::sql;
use crate::identity::fold::{SetId, Token};
use crate::identity::service::member_event;
use crate::identity::settle::{self, Cause};
use crate::identity::{self, review, rows};
use crate::{MEMBER_NOT_FOUND, MemberId, hooks, profile, tag};

/// An erasure in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Erasure {
    /// Who.
    pub member: MemberId,
    /// When.
    pub at: Instant,
}

/// Tables with rules of their own here.
const OWN: &[&str] = &[
    "member",
    "key_set",
    "identity_key",
    "member_name",
    "member_merge",
    "consent",
    "observation",
    "erasure",
    "privacy_request",
    "review",
    "member_tag",
    "past_tag",
    "tag_said",
];

/// Erases a member and all its aliases.
pub fn erase(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<()> {
    let id = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    let ids = identity::with_aliases(tx, cx, id)?;
    rows::lock_members(tx, cx, ids.iter().copied())?;
    let sets = rows::sets_of(tx, cx, ids.iter().copied())?;
    let set_ids: Vec<SetId> = sets.iter().map(|s| s.id).collect();
    let tokens: BTreeSet<Token> = sets.iter().flat_map(|s| s.keys.iter().filter(|k| k.proposes()).map(|k| k.token)).collect();
    let all_tokens: BTreeSet<Token> = sets.iter().flat_map(|s| s.keys.iter().map(|k| k.token)).collect();
    rows::lock_keys(tx, cx, sets.iter().flat_map(|s| &s.keys))?;

    let m = cx.merchant;
    let (members, set_list) = (rows::members(ids.iter().copied()), rows::blobs(set_ids.iter().copied()));
    let firm: BTreeSet<Token> = sets.iter().flat_map(|s| s.keys.iter().filter(|k| k.identifies()).map(|k| k.token)).collect();
    tx.insert_many(&sql::PUT_ERASED_KEYS, firm.iter().map(|t| vec![m.into(), (*t).into(), cx.now.into()]).collect())?;
    let by = cx.actor.label();
    tx.insert_many(&sql::PUT_ERASURES, ids.iter().map(|i| vec![m.into(), (*i).into(), cx.now.into(), (&by).into()]).collect())?;
    for i in &ids {
        profile::index::forget(tx, cx, *i)?;
    }
    let names = profile::index::of_sets(tx, cx, sets.iter())?;
    let names = sets.iter().flat_map(|s| names.get(&s.id).into_iter().flatten().filter_map(|t| Some((s.member?, *t)))).collect();
    profile::index::turn(tx, cx, &names, &BTreeSet::new())?;
    tx.exec(identity::sql::UNHOLD, &[m.into(), rows::blobs(all_tokens), members.clone()])?;
    tx.exec(identity::sql::DROP_SETS, &[m.into(), set_list.clone()])?;
    tx.exec(sql::ERASE_OBSERVATIONS, &[m.into(), members.clone(), set_list.clone()])?;
    tx.exec(sql::ERASE_DECISIONS, &[m.into(), set_list])?;
    for text in [sql::ERASE_MEMBER, sql::ERASE_PROOFS, sql::ERASE_MERGES] {
        tx.exec(text, &[m.into(), members.clone()])?;
    }
    tag::give::forget(tx, cx, &ids)?;
    let theirs = hooks::erased(tx, cx, &ids)?;
    erase_elsewhere(tx, cx, &members, theirs)?;
    hooks::withdraw_files(tx, cx)?;
    for i in &ids {
        shuke_access::audit::erase_payloads(tx, m, &i.to_string())?;
    }

    // Who shared a key with them may stand alone now.
    let others: BTreeSet<MemberId> = rows::holders(tx, cx, firm)?.into_values().flatten().filter_map(|h| h.member()).collect();
    let seeds: Vec<SetId> = rows::sets_of(tx, cx, others)?.iter().map(|s| s.id).collect();
    if seeds.is_empty() {
        review::refresh(tx, cx, tokens)?;
    } else {
        let rules = identity::rules(tx, cx)?;
        settle::settle(tx, cx, rules, &seeds, &Cause { stale: tokens.into_iter().collect(), ..Cause::of("release") })?;
    }
    tx.emit(cx, member_event("member.erased", id, cx.now, "{}".to_owned()))
}

/// Takes identifiers off the member's rows in every other table: what names the person becomes
/// null, the rows and their amounts stay. Where a crate above erases its own, only the tables that
/// no key set binds are left to do.
fn erase_elsewhere(tx: &mut Tx<'_>, cx: &Ctx, members: &Value, theirs: bool) -> Result<()> {
    let tables: Vec<_> = tx.register().tables().filter(|t| !OWN.contains(&t.name)).filter_map(|t| t.member.map(|l| (t, l))).collect();
    for (table, link) in tables {
        let mut columns: Vec<&str> =
            table.columns.iter().filter(|(class, _)| *class == Class::Identifier).flat_map(|(_, names)| names.iter().copied()).collect();
        columns.extend(link.key_set.filter(|k| !columns.contains(k)));
        columns.retain(|c| !table.key.contains(c) && *c != link.column);
        if columns.is_empty() || (theirs && link.key_set.is_some()) {
            continue;
        }
        let sets: Vec<String> = columns.iter().map(|c| format!("{c} = NULL")).collect();
        let text = format!("UPDATE {} SET {} WHERE merchant = $1 AND {} = ANY($2)", table.name, sets.join(", "), link.column);
        tx.exec(&text, &[cx.merchant.into(), members.clone()])?;
    }
    Ok(())
}

/// Erasures since an instant: what lies beside a backup.
pub fn erasures_since(tx: &mut Tx<'_>, cx: &Ctx, since: Instant) -> Result<Vec<Erasure>> {
    tx.rows(sql::ERASURES, args![cx.merchant, since])?.into_iter().map(|mut r| Ok(Erasure { member: r.get(0)?, at: r.get(1)? })).collect()
}

/// Erases again what a restored backup brought back. Returns how many.
pub fn reapply(tx: &mut Tx<'_>, cx: &Ctx, log: &[Erasure]) -> Result<u64> {
    let mut count = 0;
    for entry in log {
        if identity::resolve(tx, cx, entry.member)?.is_some() {
            let then = Ctx { now: entry.at, ..cx.clone() };
            erase(tx, &then, entry.member)?;
            count += 1;
        }
    }
    Ok(count)
}
