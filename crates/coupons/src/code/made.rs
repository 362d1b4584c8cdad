//! Making the codes of a batch: their tokens are entered step by step, and the batch's row says how far it is.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Store, Tx, Value, args};

use super::{of, sql, token};
use crate::BatchId;
use crate::batch::{Batch, service, sql as batches};

/// The kind of the task.
pub const KIND: &str = "coupons.codes";

/// Codes in one transaction.
const STEP: i64 = 1_000;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Args {
    batch: BatchId,
}

/// Queues the making.
pub(crate) fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch) -> Result<JobId> {
    let (title, key) = (format!("生成券码 {}", batch.definition.name), format!("{KIND}/{}", batch.id));
    let args = Args { batch: batch.id };
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: &args, unique_key: Some(&key), run_at: cx.now, unit: "codes" })
}

/// How far the codes of a batch are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Made so far.
    pub made: i64,
    /// Of so many.
    pub of: i64,
}

/// Makes the next codes of a batch; a batch whose codes are all made stays as it is.
///
/// # Errors
/// Refuses where there is no such batch.
pub fn step(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId) -> Result<Progress> {
    let batch = service::hold(tx, cx.merchant, id)?;
    let (made, all) = (batch.codes_made, service::codes_of(&batch));
    if made >= all {
        return Ok(Progress { made, of: all });
    }
    let upto = all.min(made.saturating_add(STEP));
    let keys = tx.keys(cx.merchant)?;
    let rows = (made..upto).map(|no| -> Vec<Value> {
        let token = token(&keys, &of(&keys, id, no));
        vec![cx.merchant.into(), token.into(), id.into(), no.into(), Value::Null]
    });
    let put = tx.insert_many(&sql::PUT, rows.collect())?;
    // Of 2^72 numbers two are the same: it does not happen, and if it did, nobody could have both.
    if put != upto.abs_diff(made) {
        return Err(Error::fault("two codes are one"));
    }
    tx.exec(batches::SET_MADE, args![cx.merchant, id, upto, cx.now])?;
    Ok(Progress { made: upto, of: all })
}

/// Makes all codes of a batch that are still to be made, on this thread; `told` hears how far it is.
///
/// # Errors
/// Where the store does not answer.
pub fn all(store: &Store, cx: &Ctx, id: BatchId, told: &mut dyn FnMut(Progress)) -> Result<()> {
    loop {
        let of = cx.clone();
        let progress = store.write_now(Lane::Bulk, move |tx| step(tx, &of, id))?;
        told(progress);
        if progress.made >= progress.of {
            return Ok(());
        }
    }
}

/// Makes codes as a task.
pub struct Make;

impl JobHandler for Make {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let args: Args = run.args()?;
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence) = (run.cx(), run.fence());
            let progress = run.store.write_now(Lane::Bulk, move |tx| {
                let progress = step(tx, &cx, args.batch)?;
                fence.save(tx, cx.now, &args, progress.made, Some(progress.of))?;
                Ok(progress)
            })?;
            if progress.made >= progress.of {
                return Ok(JobEnd::Done(serde_json::json!({ "batch": args.batch, "codes": progress.made })));
            }
        }
    }
}
