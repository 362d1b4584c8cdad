//! The walks of a re-run: one reckons what it comes to, one books that. Each some members at a time, each step with its place in the
//! transaction of what it wrote.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Result};
use shuke_loyalty::rerun::Found;
use shuke_members::MemberId;
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};

use super::model::{State, Summary};
use super::service::{self, FIRST};
use super::{RerunId, sql};
use crate::book::post::{self, Looked};
use crate::book::rows::ids;
use crate::definition::{Programme, service as programmes};

/// The kind of the task that reckons.
pub const LOOK: &str = "programmes.rerun_look";
/// The kind of the task that books.
pub const BOOK: &str = "programmes.rerun_book";

/// Members in one transaction.
const STEP: i64 = 40;
/// How a member stands who has the same by it; it is booked all the same, so that the orders are judged by that version from then on.
const SAME: &str = "same";
/// Members who are asked for orders in one: of a span of a day few have any, and nobody is to wait while all are read.
const ASKED: i64 = 500;
/// Rows that go in one.
const DROPPED: i64 = 2_000;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Args {
    rerun: RerunId,
}

fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, kind: &'static str, title: &str, rerun: RerunId) -> Result<JobId> {
    let key = format!("{kind}/{rerun}");
    tx.enqueue(cx, NewJob { kind, title, args: &Args { rerun }, unique_key: Some(&key), run_at: cx.now, unit: "members" })
}

/// Queues the reckoning.
pub(super) fn look(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rerun: RerunId) -> Result<JobId> {
    enqueue(tx, cx, LOOK, &programme.name, rerun)
}

/// Queues the booking.
pub(super) fn book(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rerun: RerunId) -> Result<JobId> {
    enqueue(tx, cx, BOOK, &programme.name, rerun)
}

/// Where a walk is.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: Option<MemberId>,
    seen: i64,
    /// Of how many, where that is known.
    #[serde(default)]
    of: Option<i64>,
}

/// Goes on step by step until there is nothing more. `step` answers where it is then.
fn walk(run: &JobRun, step: impl Fn(&mut Tx<'_>, &Ctx, RerunId, Place) -> Result<Option<Place>> + Copy + Send + 'static) -> Result<JobEnd> {
    let args: Args = run.args()?;
    let mut place: Place = run.checkpoint()?.unwrap_or_default();
    loop {
        if run.should_stop()? {
            return Ok(JobEnd::Stopped);
        }
        let (cx, fence, at) = (run.cx(), run.fence(), place);
        let next = run.store.write_now(Lane::Bulk, move |tx| {
            let Some(next) = step(tx, &cx, args.rerun, at)? else {
                fence.hold(tx)?;
                return Ok(None);
            };
            fence.save(tx, cx.now, &next, next.seen, next.of)?;
            Ok(Some(next))
        })?;
        match next {
            Some(next) => place = next,
            None => return Ok(JobEnd::Done(serde_json::json!({ "rerun": args.rerun, "members": place.seen }))),
        }
    }
}

/// Reckons what a re-run comes to.
pub struct Look;

impl JobHandler for Look {
    fn kind(&self) -> &'static str {
        LOOK
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        walk(run, looked)
    }
}

fn looked(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId, at: Place) -> Result<Option<Place>> {
    let rerun = service::hold(tx, cx.merchant, id)?;
    if rerun.state != State::Looking {
        return Ok(None);
    }
    let programme = programmes::get(tx, cx.merchant, rerun.programme)?;
    let span = service::span(tx, cx, &programme, rerun.asked)?;
    if let Some(mut dropped) = tx.row(sql::DROPPED, args![cx.merchant, programme.id])? {
        tx.exec(sql::DROP_ROWS, args![cx.merchant, dropped.get::<RerunId>(0)?, DROPPED])?;
        return Ok(Some(at));
    }
    let after = at.after.unwrap_or(FIRST);
    let (mut members, mut last) = (Vec::new(), None);
    for mut row in tx.rows(sql::MEMBERS, args![cx.merchant, programme.id, after, span.from, span.to, ASKED])? {
        let (member, pays): (MemberId, i64) = (row.get(0)?, row.get(1)?);
        last = Some(member);
        if pays > 0 {
            members.push(member);
        }
        if members.len() as i64 == STEP {
            break;
        }
    }
    let mut summary = rerun.summary;
    let Some(last) = last else {
        service::set(tx, cx, id, State::Shown, &summary)?;
        return Ok(None);
    };
    let mut put = Vec::new();
    for (member, looked) in post::look(tx, cx, &programme, span, &members)? {
        summary.add(&looked);
        if let Looked::Found(found) = looked
            && (found.changes() || !found.judged.is_empty())
        {
            let state = if found.changes() { "shown" } else { SAME };
            put.push(vec![cx.merchant.into(), id.into(), member.into(), state.into(), serde_json::to_string(&found)?.into()]);
        }
    }
    tx.insert_many(&sql::PUT, put)?;
    service::set(tx, cx, id, State::Looking, &summary)?;
    Ok(Some(Place { after: Some(last), seen: at.seen + members.len() as i64, of: None }))
}

/// Books a re-run as it was shown.
pub struct Book;

impl JobHandler for Book {
    fn kind(&self) -> &'static str {
        BOOK
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        walk(run, booked)
    }
}

fn booked(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId, at: Place) -> Result<Option<Place>> {
    let rerun = service::hold(tx, cx.merchant, id)?;
    if rerun.state != State::Booking {
        return Ok(None);
    }
    let programme = programmes::get(tx, cx.merchant, rerun.programme)?;
    let span = service::span(tx, cx, &programme, rerun.asked)?;
    let shown = service::to_book(tx, cx.merchant, id, at.after.unwrap_or(FIRST), STEP)?;
    let mut summary: Summary = rerun.summary;
    let Some(last) = shown.last().map(|shown| shown.member) else {
        service::set(tx, cx, id, State::Booked, &summary)?;
        return Ok(None);
    };
    let seen = at.seen + shown.len() as i64;
    let same: Vec<bool> = shown.iter().map(|shown| shown.state == SAME).collect();
    let shown: Vec<(MemberId, Found)> = shown.into_iter().map(|shown| (shown.member, shown.found)).collect();
    let done = post::rejudge(tx, cx, &programme, span, &shown)?;
    let of = |is: bool, alike: Option<bool>| -> Vec<MemberId> {
        let all = shown.iter().zip(&done).zip(&same);
        let those = all.filter(|((_, done), same)| **done == is && alike.is_none_or(|alike| alike == **same));
        those.map(|(((member, _), _), _)| *member).collect()
    };
    let (booked, kept, stale) = (of(true, Some(false)), of(true, Some(true)), of(false, None));
    for (members, word) in [(&booked, "booked"), (&kept, "kept"), (&stale, "stale")] {
        if !members.is_empty() {
            tx.exec(sql::DONE, &[cx.merchant.into(), id.into(), ids(members), word.into()])?;
        }
    }
    (summary.booked, summary.stale) = (summary.booked + booked.len() as u64, summary.stale + stale.len() as u64);
    service::set(tx, cx, id, State::Booking, &summary)?;
    Ok(Some(Place { after: Some(last), seen, of: i64::try_from(summary.members).ok() }))
}
