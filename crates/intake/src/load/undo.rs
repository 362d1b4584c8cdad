//! Taking an import back: its observations and member records go, what they said is folded away, in
//! steps that can be stopped, killed and resumed.

use shuke_kernel::{Ctx, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Event, Lane, Tx, args};

use super::job::{Task, UNDO};
use super::{service, sql};

const STEP: i64 = 200;

/// Takes imports back.
pub struct Undo;

impl JobHandler for Undo {
    fn kind(&self) -> &'static str {
        UNDO
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let id = run.args::<Task>()?.import;
        let m = run.merchant;
        let import = run.store.read_now(move |tx| service::get(tx, m, id))?;
        let total: i64 = import.files.iter().map(|f| f.good).sum();
        let number = import.number;
        let mut done: i64 = run.checkpoint()?.unwrap_or(0);
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (fence, cx, so_far) = (run.fence(), run.cx(), done);
            let step = run.store.write_now(Lane::Bulk, move |tx| {
                let mut taken = shuke_commerce::order::retract_import(tx, &cx, number, STEP)? as i64;
                if taken == 0 {
                    taken = shuke_members::tag::said::unsay(tx, &cx, number, STEP)?;
                }
                if taken == 0 {
                    taken = shuke_commerce::weather::retract(tx, &cx, number)?;
                }
                if taken == 0 {
                    taken = members(tx, &cx, number)?;
                }
                fence.save(tx, cx.now, &(so_far + taken), (so_far + taken).min(total), Some(total))?;
                Ok(taken)
            })?;
            if step == 0 {
                break;
            }
            done += step;
        }
        let (cx, fence) = (run.cx(), run.fence());
        run.store.write_now(Lane::Interactive, move |tx| {
            fence.hold(tx)?;
            shuke_members::tag::said::undone(tx, &cx, number)?;
            super::quarantine::reopen(tx, m, id)?;
            tx.exec(sql::DISCARD_OF, args![m, id, cx.now])?;
            tx.exec(sql::DROP_CHUNKS, args![m, id])?;
            service::set_state(tx, m, id, "undone", None, Some(cx.now))?;
            tx.emit(
                &cx,
                Event {
                    kind: "import.undone",
                    version: 1,
                    occurred_at: cx.now,
                    subject_kind: "imp",
                    subject: *id.bytes(),
                    member: None,
                    data: "{}".to_owned(),
                },
            )?;
            shuke_access::audit::record(tx, &cx, "import.undone", &id.to_string(), "").map(|_| ())
        })?;
        Ok(JobEnd::Done(serde_json::json!({ "taken_back": done })))
    }
}

fn members(tx: &mut Tx<'_>, cx: &Ctx, number: i64) -> Result<i64> {
    let rows = tx.rows(sql::RECORDS_OF, args![cx.merchant, number, STEP])?;
    let count = rows.len() as i64;
    let mut sets = Vec::new();
    for mut row in rows {
        let (source, record): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let name = String::from_utf8_lossy(&record).into_owned();
        shuke_members::identity::retract(tx, cx, &source, &name)?;
        sets.extend(row.get::<Option<[u8; 16]>>(2)?);
        tx.exec(sql::DROP_RECORD, args![cx.merchant, &source, record])?;
    }
    shuke_members::identity::release(tx, cx, &sets)?;
    Ok(count)
}
