//! When the merchant changes what orders depend on (the settlement delay, whether the platform's
//! part counts, what stands for an unknown pay time), a job walks all of them once and writes what
//! differs.
//!
//! What arrives meanwhile is folded by the new terms at once. Such an order's change is told from
//! what it would have been by the new terms, so the counters are squared with the orders at the end.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Lane, Tx, args};

use super::counted::counts_at;
use super::fold::fold;
use super::retract::kept;
use super::service::{Done, Work, apply, statements, terms};
use super::state::PayTime;
use super::{OrderId, sql};
use crate::observed::Entries;

/// The kind of the job.
pub const KIND: &str = "orders.settle";

/// The job's arguments; none at all where only the delay changed.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Task {
    /// What stood for an unknown pay time before, where that changed.
    #[serde(default)]
    pub pay_time_was: Option<PayTime>,
}

const STEP: i64 = 200;

/// One step of the walk: the orders after `after`, at most `limit`. Answers how many changed and
/// where it stopped; `None` at the end.
pub fn resettle(tx: &mut Tx<'_>, cx: &Ctx, task: Task, after: [u8; 16], limit: i64) -> Result<(usize, Option<[u8; 16]>)> {
    let mut ids: Vec<[u8; 16]> = Vec::new();
    for mut r in tx.rows(sql::WALK, args![cx.merchant, after, limit])? {
        ids.push(r.get(0)?);
    }
    let Some(last) = ids.last().copied() else { return Ok((0, None)) };
    let list: Vec<Vec<u8>> = ids.iter().map(|i| i.to_vec()).collect();
    let mut stored: HashMap<OrderId, (Option<Instant>, Option<i64>)> = HashMap::with_capacity(ids.len());
    for mut r in tx.rows(sql::FINALS, args![cx.merchant, list.clone()])? {
        stored.insert(r.get(0)?, (r.get(1)?, r.get(2)?));
    }
    let terms = terms(tx, cx)?;
    let mut works = Vec::new();
    for k in kept(tx, cx, list)? {
        let Some(new) = fold(&terms, &k.source, &k.source_id, &statements(&k.entries, &k.source, &k.source_id)?) else { continue };
        let (final_at, net_paid) = stored.get(&k.id).copied().unwrap_or_default();
        let counted = |policy| counts_at(policy, new.purchase, new.paid_at, new.created_at);
        let old = super::OrderState { final_at, net_paid, counts_at: task.pay_time_was.map_or(new.counts_at, counted), ..new.clone() };
        if old != new {
            works.push(Work {
                source: k.source,
                source_id: k.source_id,
                id: k.id,
                existing: Some(k.existing),
                old: Some(Box::new(old)),
                new: Some(Box::new(new)),
                entries: Entries::default(),
                sealed: None,
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
        let task = run.args::<Option<Task>>()?.unwrap_or_default();
        let m = run.merchant;
        let total: i64 = run.store.read_now(move |tx| tx.one(sql::ORDERS, args![m])?.get(0))?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, at) = (run.cx(), run.fence(), place);
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let (changed, last) = resettle(tx, &cx, task, at.after, STEP)?;
                let Some(after) = last else { return Ok(None) };
                let next = Place { after, seen: at.seen + STEP, changed: at.changed + changed };
                fence.save(tx, cx.now, &next, next.seen.min(total), Some(total))?;
                Ok(Some(next))
            })?;
            match next {
                Some(next) => place = next,
                None => {
                    let cx = run.cx();
                    run.store.write_now(Lane::Bulk, move |tx| crate::counters::square(tx, &cx))?;
                    return Ok(JobEnd::Done(serde_json::json!({"changed": place.changed})));
                }
            }
        }
    }
}
