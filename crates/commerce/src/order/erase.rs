//! Forgetting a person, and telling them what is kept: their orders stay, under the member's id, with their amounts; what names
//! the person is taken out of every statement, and stays out when the same documents come again.

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::fold::fold;
use super::observation::{Doc, Observation, digest};
use super::retract::kept;
use super::service::{Done, Work, apply, statements, terms};
use super::{read, sql};
use crate::observed::{Entries, Put, put};

fn marker() -> Vec<u8> {
    let said = Observation { doc: Doc::Claim, erased: true, ..Observation::default() };
    serde_json::to_vec(&said).unwrap_or_default()
}

/// The hash of the statement that marks an order's person as erased.
pub(super) fn marker_hash() -> [u8; 16] {
    static HASH: std::sync::OnceLock<[u8; 16]> = std::sync::OnceLock::new();
    *HASH.get_or_init(|| digest(&marker()))
}

fn strip(entries: &mut Entries) -> Result<()> {
    entries.rewrite(|body| {
        let said: Observation = serde_json::from_slice(body)?;
        Ok(serde_json::to_vec(&said.stripped())?)
    })
}

/// Takes what names these members out of all that commerce keeps. To be called in the transaction
/// that erases them, while their rows still carry their ids.
pub fn erase_members(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<()> {
    let list: Vec<Vec<u8>> = members.iter().map(|m| m.bytes().to_vec()).collect();
    let mut ids: Vec<Vec<u8>> = Vec::new();
    for mut r in tx.rows(sql::OF_MEMBERS, args![cx.merchant, list.clone()])? {
        ids.push(r.get(0)?);
    }
    let terms = terms(tx, cx)?;
    for part in ids.chunks(200) {
        let mut works = Vec::with_capacity(part.len());
        for k in kept(tx, cx, part.to_vec())? {
            let old = fold(&terms, &k.source, &k.source_id, &statements(&k.entries, &k.source, &k.source_id)?);
            let mut entries = k.entries;
            strip(&mut entries)?;
            entries.add(marker_hash(), &marker(), None, None);
            let new = fold(&terms, &k.source, &k.source_id, &statements(&entries, &k.source, &k.source_id)?);
            works.push(Work {
                source: k.source,
                source_id: k.source_id,
                id: k.id,
                existing: Some(k.existing),
                old: old.map(Box::new),
                new: new.map(Box::new),
                entries,
                sealed: None,
                imports: Vec::new(),
            });
        }
        if apply(tx, cx, &works)?.contains(&Done::Again) {
            return Err(Error::from(crate::RACED.refuse()));
        }
    }
    let mut alone: Vec<[u8; 16]> = Vec::new();
    for mut r in tx.rows(crate::refund::sql::ALONE_OF_MEMBERS, args![cx.merchant, list.clone()])? {
        alone.push(r.get(0)?);
    }
    for subject in alone {
        let (revision, mut entries) = Entries::load(tx, cx, &subject)?;
        strip(&mut entries)?;
        put(tx, cx, &[Put { kind: "refund", subject, revision: revision + 1, entries: &entries, sealed: None, imports: Vec::new() }])?;
    }
    tx.exec(crate::refund::sql::ERASE, args![cx.merchant, list.clone()])?;
    tx.exec(crate::behaviour::sql::ERASE, args![cx.merchant, list])?;
    Ok(())
}

/// What is kept of a member's orders, in clear, for the copy that they may ask for.
pub fn kept_of(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<serde_json::Value> {
    let mut out = Vec::new();
    let mut after: Option<(Instant, [u8; 16])> = None;
    loop {
        let filter = read::Filter { member: Some(member), ..read::Filter::default() };
        let orders = read::list(tx, cx, &filter, after, 200)?;
        let Some(last) = orders.last() else { break };
        after = Some((last.placed_at, *last.id.bytes()));
        let private = read::private(tx, cx, &orders)?;
        for o in orders {
            let p = private.get(&o.id).cloned().unwrap_or_default();
            let lines: Vec<serde_json::Value> = o.lines.iter().map(|l| serde_json::json!({"sku": l.sku, "title": l.title, "spec": l.spec, "quantity": l.quantity, "paid": l.paid, "refunded": l.refunded})).collect();
            out.push(serde_json::json!({
                "order": o.id, "source": o.source, "order_no": o.source_id, "placed_at": o.placed_at, "lines": lines, "buyer_name": p.buyer_nick, "receiver": p.receiver,
                "buyer_message": p.buyer_memo, "merchant_note": p.seller_memo, "parcel": p.parcel,
            }));
        }
    }
    Ok(serde_json::Value::Array(out))
}
