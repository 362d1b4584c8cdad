//! The look at everybody of whom a source spoke, after an import of it was loaded or taken back.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};

use super::{Current, Source, look, sql};
use crate::MemberId;

/// The kind of the task.
pub const KIND: &str = "tags.source";

/// Members looked at in one transaction.
const STEP: i64 = 500;

#[derive(Clone, Serialize, Deserialize)]
struct Args {
    source: String,
    name: String,
    /// Whether those of whom the source speaks are looked at too, and not only those who have tags by it.
    whole: bool,
}

/// Queues the look; `cause` tells what it is for. A task under way may have passed whom a later cause is about:
/// each cause has a task of its own.
pub(super) fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, source: &Source, cause: &str, whole: bool) -> Result<()> {
    let args = Args { source: source.key.clone(), name: source.name.clone(), whole };
    let title = format!("导入的标签 {}", source.name);
    let key = format!("{KIND}/{}/{cause}/{}", source.key, cx.now.micros());
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: &args, unique_key: Some(&key), run_at: cx.now, unit: "members" }).map(|_| ())
}

#[derive(Clone, Copy, Default, Debug, Serialize, Deserialize)]
struct Place {
    /// Whether all of whom the source speaks were looked at.
    spoken: bool,
    after: Option<MemberId>,
    done: bool,
    seen: i64,
    holding: i64,
    changed: i64,
}

/// Brings what everybody has by a source to what it says.
pub struct ApplySource;

impl JobHandler for ApplySource {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let args: Args = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or(Place { spoken: !args.whole, ..Place::default() });
        while !place.done {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            place = step(run, &args, place)?;
        }
        Ok(JobEnd::Done(serde_json::json!({ "members": place.holding, "changed": place.changed })))
    }
}

fn step(run: &JobRun, args: &Args, at: Place) -> Result<Place> {
    let (cx, fence, source) = (run.cx(), run.fence(), Source { key: args.source.clone(), name: args.name.clone() });
    run.store.write_now(Lane::Bulk, move |tx| {
        let after = at.after.unwrap_or(MemberId::from_bytes([0; 16]));
        let holds = Current::of(tx, &cx, &source.key)?;
        let rows = if at.spoken {
            tx.rows(sql::HOLDERS, args![cx.merchant, source.by(), after, STEP])?
        } else {
            tx.rows(sql::SPOKEN_OF, args![cx.merchant, &source.key, holds.since, holds.import, after, STEP])?
        };
        let members: Vec<MemberId> = rows.into_iter().map(|mut r| r.get(0)).collect::<Result<_>>()?;
        let changed = look(tx, &cx, &source, &members)?.iter().filter(|o| o.changed()).count() as i64;
        let still = match members.as_slice() {
            [] => 0,
            _ if !at.spoken => 0,
            _ => {
                let ids = crate::identity::rows::members(members.iter().copied());
                let held = tx.rows(sql::HELD, &[cx.merchant.into(), source.by().into(), ids])?;
                let held: std::collections::BTreeSet<MemberId> = held.into_iter().map(|mut r| r.get(0)).collect::<Result<_>>()?;
                held.len() as i64
            }
        };
        let is_last = (members.len() as i64) < STEP;
        let place = Place {
            spoken: at.spoken || is_last,
            after: if is_last { None } else { members.last().copied() },
            done: at.spoken && is_last,
            seen: at.seen + members.len() as i64,
            holding: at.holding + still,
            changed: at.changed + changed,
        };
        if place.done {
            tx.exec(sql::SET_MEMBERS, args![cx.merchant, &source.key, holds.import, place.holding])?;
        }
        fence.save(tx, cx.now, &place, place.seen, None)?;
        Ok(place)
    })
}
