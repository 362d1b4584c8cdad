//! The job that puts a batch together: first the matched by id, then a verdict on each, in steps with
//! a checkpoint in the transaction of what they wrote. Broken off while the list is written, it asks
//! anew; from then on the list is what it is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Lane, Tx, args};

use super::funnel::{self, Judged, Rules, Seen};
use super::model::{Counts, State, Verdict};
use super::{BatchId, draw, list, service, sql};
use shuke_access::audit;

/// The job's kind.
pub const FREEZE: &str = "batches.freeze";

/// Members written in one transaction.
const WRITTEN: usize = 1_000;
/// Members judged in one.
const JUDGED: i64 = 200;
/// Rows dropped in one.
const DROPPED: i64 = 5_000;
/// Addresses read at a time.
const READ: i64 = 20_000;

/// Where the job is.
#[derive(Clone, Copy, Default, Debug, Serialize, Deserialize)]
struct Place {
    /// Whether the matched are written down.
    listed: bool,
    /// How many they are.
    total: i64,
    /// Places up to here are judged.
    after: i64,
}

/// Puts a batch together.
pub struct Freeze;

impl JobHandler for Freeze {
    fn kind(&self) -> &'static str {
        FREEZE
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let id: BatchId = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        if !place.listed {
            match put(run, id)? {
                Some(listed) => place = listed,
                None => return Ok(JobEnd::Stopped),
            }
        }
        let mut seen = Arc::new(addresses(run, id)?);
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let Some((next, judged)) = step(run, id, place, &seen)? else { break };
            place = next;
            Arc::make_mut(&mut seen).extend(judged.iter().filter_map(|j| j.address.as_ref().map(funnel::half)));
        }
        let (cx, fence) = (run.cx(), run.fence());
        run.store.write_now(Lane::Bulk, move |tx| {
            fence.hold(tx)?;
            finish(tx, &cx, id)
        })?;
        Ok(JobEnd::Done(serde_json::json!({ "members": place.total })))
    }
}

/// Writes the matched down; `None` where the job is to stop.
fn put(run: &JobRun, id: BatchId) -> Result<Option<Place>> {
    let merchant = run.merchant;
    let batch = run.store.read_now(move |tx| service::get(tx, merchant, id))?;
    if batch.state != State::Draft {
        return Ok(Some(Place { listed: true, ..Place::default() }));
    }
    clear(run, id)?;
    let cx = run.cx();
    let (asked, mut whom) = (cx.now, batch.spec.whom);
    if batch.spec.listed.is_some() {
        whom.members = Some(run.store.read_now(move |tx| list::read(tx, merchant, id))?);
    }
    let found = service::fresh(&run.store, &cx, &whom)?;
    let members: Vec<_> = found.members.iter().map(|m| (*m, found.excluded.contains(m))).collect();
    let total = members.len() as i64;
    for (number, part) in members.chunks(WRITTEN).enumerate() {
        if run.should_stop()? {
            return Ok(None);
        }
        let (fence, part, first) = (run.fence(), part.to_vec(), (number * WRITTEN) as i64);
        let open = run.store.write_now(Lane::Bulk, move |tx| {
            fence.hold(tx)?;
            if service::hold(tx, merchant, id)?.state != State::Draft {
                return Ok(false);
            }
            let rows = part.iter().enumerate().map(|(i, (member, excluded))| {
                let verdict = if *excluded { Verdict::Excluded } else { Verdict::Pending };
                let place = first + i as i64;
                vec![merchant.into(), id.into(), place.into(), (*member).into(), verdict.word().into(), 0_i64.into(), 0_i64.into()]
            });
            tx.insert_many(&sql::PUT, rows.collect()).map(|_| true)
        })?;
        if !open {
            break;
        }
    }
    let (fence, known) = (run.fence(), found.known_at);
    let place = Place { listed: true, total, after: -1 };
    run.store.write_now(Lane::Bulk, move |tx| {
        tx.exec(sql::ASKED, args![merchant, id, asked, known])?;
        fence.save(tx, cx.now, &place, 0, Some(total))
    })?;
    Ok(Some(place))
}

/// Drops what an attempt that was broken off wrote.
fn clear(run: &JobRun, id: BatchId) -> Result<()> {
    let merchant = run.merchant;
    let last: i64 = run.store.read_now(move |tx| tx.one(sql::LAST_PLACE, args![merchant, id])?.get(0))?;
    let mut from = 0;
    while from <= last {
        let fence = run.fence();
        run.store.write_now(Lane::Bulk, move |tx| {
            fence.hold(tx)?;
            tx.exec(sql::DROP_PLACES, args![merchant, id, from, from + DROPPED])
        })?;
        from += DROPPED;
    }
    Ok(())
}

/// The addresses of those who are judged.
fn addresses(run: &JobRun, id: BatchId) -> Result<Seen> {
    let (merchant, mut seen, mut after) = (run.merchant, Seen::new(), -1_i64);
    loop {
        let rows = run.store.read_now(move |tx| tx.rows(sql::ADDRESSES, args![merchant, id, after, READ]))?;
        let full = rows.len() as i64 == READ;
        for mut r in rows {
            after = r.get(0)?;
            seen.insert(funnel::half(&r.get(1)?));
        }
        if !full {
            return Ok(seen);
        }
    }
}

/// Judges the next; `None` where nobody is left.
fn step(run: &JobRun, id: BatchId, at: Place, seen: &Arc<Seen>) -> Result<Option<(Place, Vec<Judged>)>> {
    let (cx, fence, seen) = (run.cx(), run.fence(), seen.clone());
    run.store.write_now(Lane::Bulk, move |tx| {
        // Two batches that are put together at a time must see whom the other takes.
        tx.rows(sql::HOLD_DRAFTS, args![cx.merchant])?;
        let batch = service::get(tx, cx.merchant, id)?;
        if batch.state != State::Draft {
            return Ok(None);
        }
        let mut pending = Vec::new();
        for mut r in tx.rows(sql::PENDING, args![cx.merchant, id, at.after, JUDGED])? {
            pending.push((r.get::<i64>(0)?, r.get(1)?));
        }
        let Some((last, _)) = pending.last().copied() else { return Ok(None) };
        let members: Vec<_> = pending.iter().map(|(_, member)| (*member, false)).collect();
        let judged = funnel::judge(tx, &cx, &Rules::of_batch(&batch), &members, &seen)?;
        let keys = tx.keys(cx.merchant)?;
        let linked = batch.spec.target_url.is_some();
        let rows = pending.iter().zip(&judged).map(|((place, member), j)| {
            let link = (linked && j.verdict == Verdict::Treated).then(|| draw::link(&keys, cx.merchant, id, *place));
            let (verdict, none) = (j.verdict.word(), 0_i64);
            vec![
                cx.merchant.into(),
                id.into(),
                (*place).into(),
                (*member).into(),
                verdict.into(),
                j.address.into(),
                link.into(),
                none.into(),
                none.into(),
            ]
        });
        let rows = rows.collect();
        tx.insert_many(&sql::JUDGE, rows)?;
        let place = Place { after: last, ..at };
        fence.save(tx, cx.now, &place, (last + 1).min(at.total), Some(at.total))?;
        Ok(Some((place, judged)))
    })
}

/// How many have which verdict, by the rows.
pub(crate) fn counted(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId) -> Result<Counts> {
    let mut counts = Counts::new();
    for mut r in tx.rows(sql::COUNTS, args![cx.merchant, id])? {
        counts.insert(Verdict::read(&r.get::<String>(0)?, "verdict")?, r.get(1)?);
    }
    Ok(counts)
}

fn finish(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId) -> Result<()> {
    let batch = service::hold(tx, cx.merchant, id)?;
    let counts = counted(tx, cx, id)?;
    if tx.exec(sql::FROZEN, args![cx.merchant, id, serde_json::to_string(&counts)?, cx.now])? == 0 {
        return Ok(());
    }
    list::drop(tx, cx.merchant, id)?;
    let now: Instant = cx.now;
    let treated = counts.get(&Verdict::Treated).copied().unwrap_or(0);
    let matched: i64 = counts.values().sum();
    audit::record(tx, cx, "batch.frozen", &id.to_string(), &format!("{matched} matched, {treated} to be handed over"))?;
    tx.emit(cx, service::event("batch.frozen", &batch, now))
}
