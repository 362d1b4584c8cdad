//! The walk over all members that fills the books of a programme that is made for a base that exists.

use serde::{Deserialize, Serialize};
use shuke_commerce::order::counting::of_members;
use shuke_kernel::{Ctx, Result};
use shuke_members::{MemberId, profile};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx};

use super::reconcile;
use crate::book::post::{self, Request};
use crate::definition::model::State;
use crate::definition::{Programme, ProgrammeId, service};

/// The kind of the task.
pub const KIND: &str = "programmes.fill";

/// Members in one transaction.
const STEP: i64 = 40;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Args {
    programme: ProgrammeId,
}

/// Queues the walk.
pub(crate) fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<JobId> {
    let (title, key) = (format!("建立积分账户 {}", programme.name), format!("{KIND}/{}", programme.id));
    let args = Args { programme: programme.id };
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: &args, unique_key: Some(&key), run_at: cx.now, unit: "members" })
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: Option<MemberId>,
    seen: i64,
    books: i64,
}

/// Fills the books of a programme.
pub struct Fill;

impl JobHandler for Fill {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let args: Args = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        let cx = run.cx();
        let total = run.store.read_now(move |tx| profile::living(tx, &cx))?;
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, at) = (run.cx(), run.fence(), place);
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let programme = service::get(tx, cx.merchant, args.programme)?;
                let Some(next) = step(tx, &cx, &programme, at)? else { return Ok(None) };
                fence.save(tx, cx.now, &next, next.seen.min(total), Some(total))?;
                Ok(Some(next))
            })?;
            match next {
                Some(next) => place = next,
                None => return Ok(JobEnd::Done(serde_json::json!({ "members": place.seen, "books": place.books }))),
            }
        }
    }
}

/// The next members; none where there are no more.
fn step(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, at: Place) -> Result<Option<Place>> {
    if programme.state == State::Archived {
        return Ok(None);
    }
    let born = profile::born_after(tx, cx, at.after.unwrap_or(MemberId::from_bytes([0; 16])), STEP)?;
    let Some(last) = born.last().map(|b| b.member) else { return Ok(None) };
    let members: Vec<MemberId> = born.iter().map(|b| b.member).collect();
    let orders = of_members(tx, cx, &members)?;
    let mut books = reconcile(tx, cx, programme, &orders)?;
    let rules = service::rules(tx, cx.merchant, programme)?;
    if rules.versions().any(|version| version.birthday_points > 0) {
        // Whoever has a birthday has a book, bought or not.
        let without = born.iter().filter(|b| b.birthday.is_some()).map(|b| Request::of(b.member, Vec::new()));
        books += post::open(tx, cx, programme, without.collect())?;
    }
    Ok(Some(Place { after: Some(last), seen: at.seen + members.len() as i64, books: at.books + books as i64 }))
}
