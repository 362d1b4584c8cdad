//! Finding members: by any identifier exactly, by the last four digits of a phone, by name or its
//! initials; and pages of all of them.

use std::collections::BTreeSet;

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Tx, args};

use super::{card, index, sql};
use crate::MemberId;
use crate::identity::model::fold_width;
use crate::identity::{self, KeyClaim, KeyKind, keys, rows, service};

const CANDIDATES: i64 = 500;

/// Which members to list.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// A phone, its last four digits, an e-mail, an id, an account name, a card, a name.
    pub query: String,
    /// Members with keys of that platform.
    pub platform: String,
    /// Members with, or without, a phone.
    pub has_phone: Option<bool>,
    /// A gender's word.
    pub gender: String,
    /// A province.
    pub province: String,
    /// Members before this one.
    pub before: Option<MemberId>,
    /// How many.
    pub limit: i64,
}

/// The ids of a page, newest first.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter) -> Result<Vec<MemberId>> {
    if !filter.platform.is_empty() && !seen(tx, cx, &filter.platform)? {
        return Ok(Vec::new());
    }
    let before = filter.before.unwrap_or(MemberId::from_bytes([255; 16]));
    let has_phone = filter.has_phone.map_or(-1, i64::from);
    let mut args = args![cx.merchant, before, &filter.platform, has_phone, &filter.gender, &filter.province, filter.limit].to_vec();
    let found = if filter.query.trim().is_empty() {
        tx.rows(sql::PAGE, &args)?
    } else {
        let ids = search(tx, cx, &filter.query)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        args.push(rows::members(ids));
        tx.rows(sql::PAGE_OF, &args)?
    };
    found.into_iter().map(|mut r| r.get(0)).collect()
}

/// Whether any key of that platform was ever seen: nobody needs to be looked through for one that was not.
fn seen(tx: &mut Tx<'_>, cx: &Ctx, platform: &str) -> Result<bool> {
    let spaces = service::spaces(tx, cx)?;
    Ok(spaces.iter().any(|(kind, namespace, _)| {
        namespace.split(':').next() == Some(platform) || (*kind == KeyKind::UnionId as i64 && platform == "wechat")
    }))
}

/// Members that answer a query, in no order.
pub fn search(tx: &mut Tx<'_>, cx: &Ctx, query: &str) -> Result<BTreeSet<MemberId>> {
    let query = fold_width(query);
    let mut out = BTreeSet::new();
    if let Ok(id) = query.parse::<MemberId>() {
        out.extend(identity::resolve(tx, cx, id)?);
        return Ok(out);
    }
    let spaces = service::spaces(tx, cx)?;
    let opened = tx.keys(cx.merchant)?;
    let mut tokens = BTreeSet::new();
    for (code, namespace, entity) in &spaces {
        let kind = u8::try_from(*code).ok().and_then(KeyKind::from_code);
        if let Some(claim) = kind.filter(|k| *k != KeyKind::ReceiverAddress).and_then(|k| KeyClaim::new(k, namespace, &query, true)) {
            tokens.insert(keys::token_of(&opened, &claim, entity));
        }
    }
    out.extend(rows::holders(tx, cx, tokens)?.into_values().flatten().filter_map(|h| h.member()));
    if query.len() == 4 && query.bytes().all(|b| b.is_ascii_digit()) {
        let entities: BTreeSet<&str> = spaces.iter().map(|s| s.2.as_str()).collect();
        out.extend(by_last_four(tx, cx, &query, &entities)?);
    }
    let candidates = index::candidates(tx, cx, &query, CANDIDATES)?;
    for facts in super::read(tx, cx, candidates)? {
        if facts.profile.name.as_deref().is_some_and(|n| index::answers(n, &query)) {
            out.insert(facts.id);
        }
    }
    Ok(out)
}

fn by_last_four(tx: &mut Tx<'_>, cx: &Ctx, four: &str, entities: &BTreeSet<&str>) -> Result<BTreeSet<MemberId>> {
    let opened = tx.keys(cx.merchant)?;
    let mut candidates = BTreeSet::new();
    for entity in entities {
        let from = keys::last_four_prefix(&opened, four, entity);
        let mut upto = from.to_vec();
        upto.extend([255; 13]);
        for mut r in tx.rows(identity::sql::HOLDERS_BETWEEN, args![cx.merchant, &from[..], upto])? {
            candidates.insert(r.get::<MemberId>(1)?);
        }
    }
    let known = card::keys_of(tx, cx, candidates)?;
    let ends = |k: &KeyClaim| matches!(k.kind, KeyKind::Phone | KeyKind::ReceiverPhone) && keys::last_four(&k.value) == four;
    Ok(known.into_iter().filter(|(_, keys)| keys.iter().any(ends)).map(|(m, _)| m).collect())
}

/// How many members there are, and how many were recorded since an instant.
pub fn count(tx: &mut Tx<'_>, cx: &Ctx, since: Instant) -> Result<(i64, i64)> {
    let mut r = tx.one(sql::COUNT, args![cx.merchant, since])?;
    Ok((r.get(0)?, r.get(1)?))
}
