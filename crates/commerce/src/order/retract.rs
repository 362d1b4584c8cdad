//! Undoing an import, computing orders anew, and proving that rows and statements agree.

use shuke_kernel::{Ctx, Error, Result};
use shuke_store::{Tx, args};

use super::fold::fold;
use super::service::{Done, Existing, Work, apply, statements, terms};
use super::{OrderId, sql};
use crate::observed::{self, Entries};

/// One order as it is kept.
pub(super) struct Kept {
    pub source: String,
    pub source_id: String,
    pub id: OrderId,
    pub existing: Existing,
    pub entries: Entries,
}

pub(super) fn kept(tx: &mut Tx<'_>, cx: &Ctx, ids: Vec<Vec<u8>>) -> Result<Vec<Kept>> {
    let mut out = Vec::new();
    for mut r in tx.rows(sql::FIND_BY_ID, args![cx.merchant, ids])? {
        let (source, source_id, id): (String, String, OrderId) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let existing = Existing { member: r.get(3)?, key_set: r.get(4)?, revision: r.get(5)? };
        let body: Vec<u8> = r.get(6)?;
        let entries = Entries::open(tx, cx, id.bytes(), &body)?;
        out.push(Kept { source, source_id, id, existing, entries });
    }
    Ok(out)
}

/// Takes up to `limit` subjects of an import back to what they would be without it. Answers how
/// many there were: call it again until that is none.
pub fn retract_import(tx: &mut Tx<'_>, cx: &Ctx, import: i64, limit: i64) -> Result<usize> {
    let mut orders: Vec<Vec<u8>> = Vec::new();
    let mut others: Vec<([u8; 16], String)> = Vec::new();
    for mut r in tx.rows(observed::sql::OF_IMPORT, args![cx.merchant, import, limit])? {
        let (subject, kind): ([u8; 16], String) = (r.get(0)?, r.get(1)?);
        match kind.as_str() {
            "order" => orders.push(subject.to_vec()),
            _ => others.push((subject, kind)),
        }
    }
    let mut finished: Vec<Vec<u8>> = Vec::new();
    let terms = terms(tx, cx)?;
    let mut works = Vec::new();
    for k in kept(tx, cx, orders)? {
        let old = fold(&terms, &k.source, &k.source_id, &statements(&k.entries, &k.source, &k.source_id)?);
        let mut entries = k.entries;
        if !entries.retract(import) {
            finished.push(k.id.bytes().to_vec());
            continue;
        }
        let new =
            if entries.is_empty() { None } else { fold(&terms, &k.source, &k.source_id, &statements(&entries, &k.source, &k.source_id)?) };
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
    for (work, done) in works.iter().zip(apply(tx, cx, &works)?) {
        if done != Done::Again {
            finished.push(work.id.bytes().to_vec());
        }
    }
    for (subject, kind) in others {
        match kind.as_str() {
            "refund" => crate::refund::retract(tx, cx, &subject, import)?,
            "product" => crate::product::retract(tx, cx, &subject, import)?,
            other => return Err(Error::fault(format!("nothing is known of subjects of kind {other}"))),
        }
        finished.push(subject.to_vec());
    }
    let count = finished.len();
    if count > 0 {
        tx.exec(observed::sql::FORGET_IMPORT, args![cx.merchant, import, finished])?;
    } else {
        // A subject that vanished by another undo leaves its rows behind.
        tx.exec(observed::sql::ORPHANS, args![cx.merchant, import])?;
    }
    Ok(count)
}

/// How many orders that an import spoke of have no member, among the `limit` subjects after one, and the last of those; none at
/// the end. An import may speak of more than one read may take.
pub fn unnamed_of_import(tx: &mut Tx<'_>, cx: &Ctx, import: i64, after: [u8; 16], limit: i64) -> Result<(i64, Option<[u8; 16]>)> {
    let last = tx.row(sql::LAST_OF_IMPORT, args![cx.merchant, import, after, limit - 1])?.map(|mut r| r.get(0)).transpose()?;
    let count = tx.one(sql::UNNAMED_OF_IMPORT, args![cx.merchant, import, after, last.unwrap_or([255; 16])])?.get(0)?;
    Ok((count, last))
}

/// One step of a walk over all orders: those after `after`, at most `limit`. Orders whose rows
/// differ from what their statements make are named; `None` at the end. Changes nothing.
pub fn audit_orders(tx: &mut Tx<'_>, cx: &Ctx, after: [u8; 16], limit: i64) -> Result<(Vec<String>, Option<[u8; 16]>)> {
    let mut ids: Vec<[u8; 16]> = Vec::new();
    for mut r in tx.rows(sql::WALK, args![cx.merchant, after, limit])? {
        ids.push(r.get(0)?);
    }
    let Some(last) = ids.last().copied() else { return Ok((Vec::new(), None)) };
    let terms = terms(tx, cx)?;
    let list: Vec<Vec<u8>> = ids.iter().map(|i| i.to_vec()).collect();
    let views = super::read::rows(tx, cx, list.clone())?;
    let mut wrong = Vec::new();
    let kept = kept(tx, cx, list)?;
    if kept.len() != ids.len() {
        wrong.push(format!("{} orders of {} have no statements", ids.len() - kept.len(), ids.len()));
    }
    for k in kept {
        let folded = fold(&terms, &k.source, &k.source_id, &statements(&k.entries, &k.source, &k.source_id)?);
        let agrees = match (&folded, views.iter().find(|v| v.id == k.id)) {
            (Some(f), Some(v)) => v.agrees(f),
            _ => false,
        };
        if !agrees {
            wrong.push(format!("order {} differs from its statements", k.id));
        }
    }
    Ok((wrong, Some(last)))
}
