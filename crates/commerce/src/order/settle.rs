//! When the merchant changes the settlement delay, orders become final at other times: a job walks
//! all of them once and writes what differs.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Lane, Tx, args};

use super::fold::fold;
use super::retract::kept;
use super::service::{Done, Work, apply, statements, terms};
use super::{OrderId, sql};
use crate::observed::Entries;

/// The kind of the job; its arguments are nothing.
pub const KIND: &str = "orders.settle";

const STEP: i64 = 200;

/// One step of the walk: the orders after `after`, at most `limit`. Answers how many changed and
/// where it stopped; `None` at the end.
pub fn resettle(tx: &mut Tx<'_>, cx: &Ctx, after: [u8; 16], limit: i64) -> Result<(usize, Option<[u8; 16]>)> {
    let mut ids: Vec<[u8; 16]> = Vec::new();
    for mut r in tx.rows(sql::WALK, args![cx.merchant, after, limit])? {
        ids.push(r.get(0)?);
    }
    let Some(last) = ids.last().copied() else { return Ok((0, None)) };
    let list: Vec<Vec<u8>> = ids.iter().map(|i| i.to_vec()).collect();
    let mut stored: HashMap<OrderId, Option<Instant>> = HashMap::with_capacity(ids.len());
    for mut r in tx.rows(sql::FINALS, args![cx.merchant, list.clone()])? {
        stored.insert(r.get(0)?, r.get(1)?);
    }
    let terms = terms(tx, cx)?;
    let mut works = Vec::new();
    for k in kept(tx, cx, list)? {
        let Some(new) = fold(&terms, &k.source, &k.source_id, &statements(&k.entries, &k.source, &k.source_id)?) else { continue };
        let final_at = stored.get(&k.id).copied().flatten();
        if new.final_at != final_at {
            let old = super::OrderState { final_at, ..new.clone() };
            works.push(Work {
                source: k.source,
                source_id: k.source_id,
                id: k.id,
                existing: Some(k.existing),
                old: Some(old),
                new: Some(new),
                entries: Entries::default(),
                imports: Vec::new(),
            });
        }
    }
    if apply(tx, cx, &works)?.contains(&Done::Again) {
        return Err(Error::from(crate::RACED.refuse()));
    }
    Ok((works.len(), Some(last)))
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: [u8; 16],
    seen: i64,
    changed: usize,
}

/// Runs the walk as a job.
pub struct Settle;

impl JobHandler for Settle {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, at) = (run.cx(), run.fence(), place);
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let (changed, last) = resettle(tx, &cx, at.after, STEP)?;
                let Some(after) = last else { return Ok(None) };
                let next = Place { after, seen: at.seen + STEP, changed: at.changed + changed };
                fence.save(tx, cx.now, &next, next.seen, None)?;
                Ok(Some(next))
            })?;
            match next {
                Some(next) => place = next,
                None => return Ok(JobEnd::Done(serde_json::json!({"changed": place.changed}))),
            }
        }
    }
}
