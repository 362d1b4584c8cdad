//! The walk that books a re-run, some members at a time, each step with its place in the transaction of what it wrote.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Result};
use shuke_loyalty::event::{Act, Event, Outcome};
use shuke_members::MemberId;
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx};

use super::model::Asked;
use super::service::{FIRST, Plan, judge, members, ready};
use crate::book::post::{self, Request};
use crate::book::rows;
use crate::definition::Programme;

/// The kind of the task.
pub const KIND: &str = "programmes.rerun";

/// Members in one transaction.
const STEP: i64 = 40;

pub(super) fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, plan: &Plan, key: &str) -> Result<JobId> {
    let title = format!("重算更正 {} · {}", programme.name, plan.version);
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: plan, unique_key: Some(key), run_at: cx.now, unit: "members" })
}

/// Where a walk is, and what it has booked.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: Option<MemberId>,
    seen: i64,
    corrections: i64,
    points: i64,
}

/// Books a re-run.
pub struct Rerun;

impl JobHandler for Rerun {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let plan: Plan = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, at, of) = (run.cx(), run.fence(), place, plan.clone());
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let Some(next) = step(tx, &cx, &of, at)? else { return Ok(None) };
                fence.save(tx, cx.now, &next, next.seen.min(of.members), Some(of.members))?;
                Ok(Some(next))
            })?;
            match next {
                Some(next) => place = next,
                None => {
                    let Place { corrections, points, .. } = place;
                    return Ok(JobEnd::Done(serde_json::json!({ "rerun": plan.rerun, "corrections": corrections, "points": points })));
                }
            }
        }
    }
}

/// Books the next members' corrections; none where there are no more. Their books are locked before they are judged, and each
/// correction is known by the re-run and its order: whatever was booked already is not booked twice.
fn step(tx: &mut Tx<'_>, cx: &Ctx, plan: &Plan, at: Place) -> Result<Option<Place>> {
    let asked = Asked { version: plan.version, from: plan.from, to: plan.to };
    let ready = ready(tx, cx, plan.programme, asked, plan.known)?;
    let members = members(tx, &ready, at.after.unwrap_or(FIRST), STEP)?;
    let Some(last) = members.last().copied() else { return Ok(None) };
    let mut next = Place { after: Some(last), seen: at.seen + members.len() as i64, ..at };
    rows::hold(tx, cx.merchant, plan.programme, &members)?;
    let (mut requests, mut differences) = (Vec::new(), Vec::new());
    for (member, found) in judge(tx, &ready, members)?.found {
        if found.corrections.is_empty() {
            continue;
        }
        differences.push(found.corrections.iter().map(|correction| correction.difference()).collect::<Vec<_>>());
        let event =
            |order: String, points| Event { time: cx.now, id: format!("{}/{order}", plan.rerun), act: Act::Rerun { order, points } };
        let events = found.corrections.into_iter().map(|c| event(c.order, c.points)).collect();
        let reason = Some(plan.note.clone()).filter(|note| !note.is_empty());
        requests.push(Request { reason, ..Request::of(member, events) });
    }
    for (written, differences) in post::post_many(tx, cx, &ready.programme, requests)?.into_iter().zip(differences) {
        for (_, difference) in written.posted.into_iter().zip(differences).filter(|(posted, _)| posted.outcome == Outcome::Ok) {
            next.corrections += 1;
            next.points = next.points.saturating_add(difference);
        }
    }
    Ok(Some(next))
}
