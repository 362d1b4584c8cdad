//! Reckoning a segment as a task that a person can watch: when it is new, was changed, or is asked for.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};

use crate::book;
use crate::living::Living;
use crate::living::pass::Passed;
use crate::model::{Cause, Kept, SegmentId};
use crate::service::blobs;
use crate::sql;

/// The kind of the task.
pub const KIND: &str = "segments.reckon";

#[derive(Serialize, Deserialize)]
struct Args {
    segment: SegmentId,
    cause: Cause,
    /// From what it is to be reckoned ([`stand`]); none in a task of an earlier release.
    #[serde(default)]
    stand: Option<u64>,
}

/// Queues the reckoning of a segment. A task that is to reckon it from the same is enough; one that began
/// before what it reads was changed is not.
pub fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, segment: SegmentId, name: &str, cause: Cause, run_at: Instant) -> Result<()> {
    let stand = stand(tx, cx, segment)?;
    let (title, key) = (format!("计算人群 {name}"), key(segment, stand));
    let args = Args { segment, cause, stand: Some(stand) };
    let job = NewJob { kind: KIND, title: &title, args: &args, unique_key: Some(&key), run_at, unit: "members" };
    tx.enqueue(cx, job).map(|_| ())
}

fn key(segment: SegmentId, stand: u64) -> String {
    format!("{KIND}/{segment}/{stand:016x}")
}

/// Whether no task waits to reckon a segment as it is now, runs or was stopped: that of one that is not
/// reckoned was given up, after a full disk for example.
pub(crate) fn is_given_up(tx: &mut Tx<'_>, cx: &Ctx, segment: SegmentId) -> Result<bool> {
    let stand = stand(tx, cx, segment)?;
    Ok(tx.row(sql::OPEN_TASK, args![cx.merchant, key(segment, stand)])?.is_none())
}

/// What tells whether a segment would be reckoned from the same as before: its version, and those of the
/// segments that it leads to; of scheduled ones also when their members were found.
pub(crate) fn stand(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<u64> {
    let own: Option<i64> = tx.row(sql::VERSION, args![cx.merchant, id])?.map(|mut r| r.get(0)).transpose()?;
    let mut leads: BTreeMap<SegmentId, [i64; 3]> = BTreeMap::new();
    let mut next = vec![id];
    while !next.is_empty() {
        let of = blobs(next.drain(..).map(|id| *id.bytes()));
        for mut row in tx.rows(sql::LEADS, &[cx.merchant.into(), of])? {
            let (lead, kind): (SegmentId, String) = (row.get(0)?, row.get(1)?);
            let found = if Kept::named(&kind) == Some(Kept::Scheduled) { [row.get(3)?, row.get(4)?] } else { [0, 0] };
            if leads.insert(lead, [row.get(2)?, found[0], found[1]]).is_none() {
                next.push(lead);
            }
        }
    }
    let mut hash = DefaultHasher::new();
    (own, leads.iter().map(|(id, at)| (*id.bytes(), *at)).collect::<Vec<_>>()).hash(&mut hash);
    Ok(hash.finish())
}

/// Reckons a segment.
pub struct Reckon {
    /// What reckons.
    pub living: Arc<Living>,
}

impl JobHandler for Reckon {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let Args { segment, cause, stand: queued } = run.args()?;
        let stop = || run.should_stop().unwrap_or(true);
        loop {
            let cx = run.cx();
            let (now, stands) = run.store.read_now(move |tx| Ok((stand(tx, &cx, segment)?, book::get(tx, &cx, segment)?)))?;
            let over = || JobEnd::Done(serde_json::json!({ "segment": segment, "size": stands.size, "changed": 0 }));
            if stands.archived || stands.expr.is_none() {
                return Ok(over());
            }
            if queued.is_some_and(|queued| queued != now) {
                // One task does what several changes since ask for.
                let (cx, name) = (run.cx(), stands.name.clone());
                run.store.write_now(Lane::Bulk, move |tx| enqueue(tx, &cx, segment, &name, cause, cx.now))?;
                return Ok(over());
            }
            match self.living.reckon(run.merchant, segment, cause, &stop)? {
                Passed::Done { changed } => {
                    let size = self.after(run, segment)?;
                    return Ok(JobEnd::Done(serde_json::json!({ "segment": segment, "size": size, "changed": changed })));
                }
                Passed::Stopped => return Ok(JobEnd::Stopped),
                Passed::Superseded => {}
            }
        }
    }
}

impl Reckon {
    /// Whoever refers to a list or to a scheduled segment may have other members now: those that are kept
    /// up read only expressions.
    fn after(&self, run: &JobRun, id: SegmentId) -> Result<i64> {
        let cx = run.cx();
        run.store.write_now(Lane::Bulk, move |tx| {
            let segment = book::get(tx, &cx, id)?;
            if segment.kept != Kept::Living {
                book::reckon_users(tx, &cx, id)?;
            }
            Ok(segment.size)
        })
    }
}
