//! Handing over to the merchant's own webhook: a job gives the batch out step by step as events
//! `batch.member_handed_over`, in the transaction that stamps the rows; the courier of webhooks takes
//! them from the feed, signed, at least once.

use serde::{Deserialize, Serialize};
use shuke_access::webhooks::{self, HookId};
use shuke_kernel::{Ctx, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Event, Lane, Tx, args};

use super::hand::{self, Export, Given};
use super::model::Destination;
use super::{BatchId, NO_WEBHOOK, NOT_THIS_WAY, PAUSED, service, sql};

/// The job's kind.
pub const POST: &str = "batches.post";
/// The event of one row.
pub const EVENT: &str = "batch.member_handed_over";

#[derive(Clone, Serialize, Deserialize)]
struct Task {
    batch: BatchId,
    number: i64,
    link_base: Option<String>,
}

/// Begins to send a batch to the webhooks that take its event.
pub fn start(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, base: Option<&str>) -> Result<JobId> {
    let batch = service::get(tx, cx.merchant, id)?;
    if batch.destination != Destination::Webhook {
        return Err(NOT_THIS_WAY.with("destination", batch.destination.word()).into());
    }
    let hooks = webhooks::list(tx, cx.merchant, HookId::from_bytes([0; 16]), 100)?;
    let takes = |types: &[String]| types.is_empty() || types.iter().any(|t| t == EVENT || t == "batch.*");
    if !hooks.iter().any(|h| h.state == "active" && takes(&h.types)) {
        return Err(NO_WEBHOOK.refuse().into());
    }
    let Export { number, link_base, batch } = hand::begin(tx, cx, id, "webhook", base)?;
    let task = Task { batch: id, number, link_base };
    let title = format!("推送批次 {}", batch.name);
    let job = tx.enqueue(cx, NewJob { kind: POST, title: &title, args: &task, unique_key: None, run_at: cx.now, unit: "members" })?;
    tx.exec(sql::SET_JOB, args![cx.merchant, id, job])?;
    Ok(job)
}

/// Where the job is.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Place {
    after: i64,
    sent: i64,
}

/// Sends a batch.
pub struct Post;

impl JobHandler for Post {
    fn kind(&self) -> &'static str {
        POST
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let task: Task = run.args()?;
        let (merchant, id) = (run.merchant, task.batch);
        let batch = run.store.read_now(move |tx| service::get(tx, merchant, id))?;
        let export = Export { batch, number: task.number, link_base: task.link_base };
        let mut place: Place = run.checkpoint()?.unwrap_or(Place { after: -1, sent: 0 });
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, export) = (run.cx(), run.fence(), export.clone());
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let Some((last, given)) = hand::step(tx, &cx, &export, place.after)? else { return Ok(None) };
                tx.emit_many(&cx, given.iter().map(|g| event(&cx, &export, g)).collect())?;
                let next = Place { after: last, sent: place.sent + given.len() as i64 };
                fence.save(tx, cx.now, &next, next.sent, None)?;
                Ok(Some(next))
            });
            match next {
                // The store was restored meanwhile: whoever lifts that hands over anew, as a repeat.
                Err(e) if e.refusal().is_some_and(|r| r.code.code == PAUSED.code) => return Ok(JobEnd::Stopped),
                Err(e) => return Err(e),
                Ok(Some(next)) => place = next,
                Ok(None) => return Ok(JobEnd::Done(serde_json::json!({ "sent": place.sent }))),
            }
        }
    }
}

fn event(cx: &Ctx, export: &Export, g: &Given) -> Event {
    let link = g.link.as_ref().zip(export.link_base.as_ref()).map(|(code, base)| format!("{base}/s/{code}"));
    let data = serde_json::json!({ "link": link, "repeat": g.repeat, "coupon_link": export.batch.spec.coupon_link });
    Event {
        kind: EVENT,
        version: 1,
        occurred_at: cx.now,
        subject_kind: "bat",
        subject: *export.batch.id.bytes(),
        member: Some(*g.member.bytes()),
        data: data.to_string(),
    }
}
