//! Whom a row of a sheet means, by any key of theirs. Nobody is made by it: a sheet of tags says who has
//! them, not who there is.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::sql;
use crate::MemberId;
use crate::identity::fold::Token;
use crate::identity::{self, KeyClaim, KeyKind, keys, rows, service};

/// A key as a sheet writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sought {
    /// The sorts of keys that it may be.
    pub kinds: Vec<KeyKind>,
    /// The platform or system that it is of, where the sheet says so; else any.
    pub namespace: Option<String>,
    /// As it stands.
    pub value: String,
}

/// Which living members of a legal entity each row means: none, one, or several. Without one it is the
/// merchant's first, as for other records of no shop.
pub(super) fn whose(tx: &mut Tx<'_>, cx: &Ctx, entity: Option<&str>, rows_of: &[&[Sought]]) -> Result<Vec<BTreeSet<MemberId>>> {
    let of = entity.unwrap_or_default();
    let mut spaces = service::spaces(tx, cx)?;
    spaces.retain(|(.., entity)| entity == of);
    let opened = tx.keys(cx.merchant)?;
    let mut tokens: Vec<BTreeSet<Token>> = Vec::with_capacity(rows_of.len());
    let mut direct: Vec<Option<MemberId>> = Vec::with_capacity(rows_of.len());
    for row in rows_of {
        let mut mine = BTreeSet::new();
        for sought in *row {
            for (kind, namespace, entity) in &spaces {
                let Some(kind) = sought.kinds.iter().find(|k| **k as i64 == *kind) else { continue };
                if !is_of(sought.namespace.as_deref(), namespace) {
                    continue;
                }
                if let Some(claim) = KeyClaim::new(*kind, namespace, &sought.value, true) {
                    mine.insert(keys::token_of(&opened, &claim, entity));
                }
            }
        }
        direct.push(row.iter().find_map(|s| s.value.trim().parse::<MemberId>().ok()));
        tokens.push(mine);
    }
    let direct = of_entity(tx, cx, of, direct)?;
    let holders = rows::holders(tx, cx, tokens.iter().flatten().copied())?;
    let mut living: BTreeMap<MemberId, Option<MemberId>> = BTreeMap::new();
    let mut out = Vec::with_capacity(tokens.len());
    for (mine, direct) in tokens.into_iter().zip(direct) {
        let found = mine.iter().filter_map(|t| holders.get(t)).flatten().filter(|h| h.class != CONTACT).filter_map(|h| h.member());
        let found: BTreeSet<MemberId> = found.chain(direct).collect();
        let mut whom = BTreeSet::new();
        for id in found {
            let now = match living.get(&id) {
                Some(now) => *now,
                None => {
                    let now = identity::resolve(tx, cx, id)?;
                    living.insert(id, now);
                    now
                }
            };
            whom.extend(now);
        }
        out.push(whom);
    }
    Ok(out)
}

/// Those of these who are of a legal entity, whoever took them in since.
fn of_entity(tx: &mut Tx<'_>, cx: &Ctx, entity: &str, mut named: Vec<Option<MemberId>>) -> Result<Vec<Option<MemberId>>> {
    for id in &mut named {
        *id = match *id {
            Some(written) => identity::resolve(tx, cx, written)?,
            None => None,
        };
    }
    let ids: BTreeSet<MemberId> = named.iter().flatten().copied().collect();
    if ids.is_empty() {
        return Ok(named);
    }
    let found = tx.rows(sql::OF_ENTITY, &[cx.merchant.into(), rows::members(ids), entity.into()])?;
    let found: BTreeSet<MemberId> = found.into_iter().map(|mut r| r.get(0)).collect::<Result<_>>()?;
    Ok(named.into_iter().map(|id| id.filter(|id| found.contains(id))).collect())
}

/// The class of keys that only propose.
const CONTACT: i64 = identity::KeyClass::Contact as i64;

/// Whether a key space is of what the sheet names: the platform, or an app of it. Phones and addresses of
/// mail are of none.
fn is_of(asked: Option<&str>, space: &str) -> bool {
    match asked {
        None => true,
        Some(_) if space.is_empty() => true,
        Some(asked) => space == asked || space.strip_prefix(asked).is_some_and(|rest| rest.starts_with(':')),
    }
}
