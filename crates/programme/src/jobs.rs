//! Walks over all books of a programme, a few at a time, each step with its place in the transaction of what it wrote.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};

use crate::book::{post, sql};
use crate::definition::model::State;
use crate::definition::{Programme, ProgrammeId, service};

/// Books in one transaction.
const STEP: i64 = 50;

/// The kind of the task that lets other rules begin.
pub const TURN: &str = "programmes.turn";

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Args {
    programme: ProgrammeId,
}

/// Queues the walk that lets a version begin for everybody: who meets the entry of a higher tier of its ladder rises then.
/// Whoever is posted to before is turned by that, and whoever is looked at is shown turned.
pub(crate) fn turn(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, no: i64, from: Instant) -> Result<JobId> {
    let title = format!("新规则生效 {} · {no}", programme.name);
    let key = format!("{TURN}/{}/{no}", programme.id);
    let args = Args { programme: programme.id };
    tx.enqueue(cx, NewJob { kind: TURN, title: &title, args: &args, unique_key: Some(&key), run_at: from, unit: "members" })
}

/// Where a walk is.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: Option<MemberId>,
    seen: i64,
}

/// Lets a version begin for everybody.
pub struct Turn;

impl JobHandler for Turn {
    fn kind(&self) -> &'static str {
        TURN
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let args: Args = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        let merchant = run.merchant;
        let total = run.store.read_now(move |tx| service::books(tx, merchant, args.programme))?;
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, at) = (run.cx(), run.fence(), place);
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let programme = service::get(tx, merchant, args.programme)?;
                let after = at.after.unwrap_or(MemberId::from_bytes([0; 16]));
                let rows = tx.rows(sql::MEMBERS, args![merchant, programme.id, after, STEP])?;
                let members = rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<MemberId>>>()?;
                let Some(last) = members.last().copied().filter(|_| programme.state != State::Archived) else { return Ok(None) };
                post::pass_due(tx, &cx, &programme, &members, false)?;
                let place = Place { after: Some(last), seen: at.seen + members.len() as i64 };
                fence.save(tx, cx.now, &place, place.seen.min(total), Some(total))?;
                Ok(Some(place))
            })?;
            match next {
                Some(next) => place = next,
                None => return Ok(JobEnd::Done(serde_json::json!({ "members": place.seen }))),
            }
        }
    }
}
