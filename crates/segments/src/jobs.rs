//! Reckoning a segment as a task that a person can watch: when it is new, was changed, or is asked for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, NewJob};
use shuke_store::{Lane, Tx};

use crate::book;
use crate::living::Living;
use crate::living::pass::Passed;
use crate::model::{Cause, Kept, SegmentId};

/// The kind of the task.
pub const KIND: &str = "segments.reckon";

#[derive(Serialize, Deserialize)]
struct Args {
    segment: SegmentId,
    cause: Cause,
}

/// Queues the reckoning of a segment; one that waits already is enough.
pub fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, segment: SegmentId, name: &str, cause: Cause, run_at: Instant) -> Result<()> {
    let (title, key) = (format!("计算人群 {name}"), format!("{KIND}/{segment}"));
    let job = NewJob { kind: KIND, title: &title, args: &Args { segment, cause }, unique_key: Some(&key), run_at, unit: "members" };
    tx.enqueue(cx, job).map(|_| ())
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
        let Args { segment, cause } = run.args()?;
        let stop = || run.should_stop().unwrap_or(true);
        loop {
            match self.living.reckon(run.merchant, segment, cause, &stop)? {
                Passed::Done { changed } => {
                    let size = self.after(run, segment)?;
                    return Ok(JobEnd::Done(serde_json::json!({ "segment": segment, "size": size, "changed": changed })));
                }
                Passed::Stopped => return Ok(JobEnd::Stopped),
                Passed::Superseded => {
                    let cx = run.cx();
                    let stands = run.store.read_now(move |tx| book::get(tx, &cx, segment))?;
                    if stands.archived || stands.expr.is_none() {
                        return Ok(JobEnd::Done(serde_json::json!({ "segment": segment, "size": stands.size, "changed": 0 })));
                    }
                }
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
