//! From the feed to deliveries: the subscriber, and the replay of a stretch as a job.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::feed::Subscriber;
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Column, FeedEvent, InsertMany, Lane, Tx, Value};

use super::model::{Hook, HookId};
use super::service::{self, MOST, list};
use crate::changes::Change;
use crate::changes::http::wanted;
use crate::{audit, merchants};

const COLUMNS: &[Column] = &[
    Column::Int("merchant"),
    Column::Bytes("webhook"),
    Column::Int("position"),
    Column::Bytes("event"),
    Column::Text("kind"),
    Column::Text("body"),
    Column::Text("state"),
    Column::Int("attempts"),
    Column::Int("next_at"),
    Column::Int("created_at"),
];

const ONCE: InsertMany =
    InsertMany { table: "webhook_delivery", columns: COLUMNS, then: "ON CONFLICT (merchant, webhook, position) DO NOTHING" };

/// The same event again: the delivery begins anew under the same message id.
const AGAIN: InsertMany = InsertMany {
    table: "webhook_delivery",
    columns: COLUMNS,
    then: "ON CONFLICT (merchant, webhook, position) DO UPDATE SET state = EXCLUDED.state, attempts = 0, next_at = EXCLUDED.next_at, status = NULL, error = NULL",
};

/// The message: the event as `/changes` shows it, with the scheme's `timestamp`.
fn message(change: &Change) -> Result<String> {
    let mut body = serde_json::to_value(change)?;
    if let Some(map) = body.as_object_mut() {
        map.insert("timestamp".to_owned(), serde_json::to_value(change.occurred_at)?);
    }
    Ok(body.to_string())
}

fn rows(cx: &Ctx, hook: &Hook, events: &[FeedEvent], messages: &[String], from: Instant) -> Vec<Vec<Value>> {
    let state = if hook.state == "active" { "pending" } else { "paused" };
    events
        .iter()
        .zip(messages)
        .filter(|(e, _)| e.recorded_at >= from && wanted(&hook.types, &e.kind))
        .map(|(e, body)| {
            vec![
                cx.merchant.into(),
                hook.id.into(),
                e.position.into(),
                e.id.into(),
                e.kind.as_str().into(),
                body.into(),
                state.into(),
                0_i64.into(),
                cx.now.into(),
                cx.now.into(),
            ]
        })
        .collect()
}

fn messages(tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<Vec<String>> {
    let merchant = merchants::get(tx, cx.merchant)?.id;
    events.iter().map(|e| message(&Change::of(e.clone(), merchant)?)).collect()
}

/// The webhooks that take what is new; what is paused or off hears of nothing.
fn active(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Hook>> {
    let hooks = list(tx, merchant, HookId::from_bytes([0; 16]), MOST)?;
    Ok(hooks.into_iter().filter(|h| h.state == "active").collect())
}

/// The subscriber `webhooks`.
pub struct Feed;

impl Subscriber for Feed {
    fn name(&self) -> &'static str {
        "webhooks"
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, _: i64, _: i64) -> Result<bool> {
        Ok(active(tx, merchant)?.is_empty())
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let hooks = active(tx, cx.merchant)?;
        if hooks.is_empty() {
            return Ok(());
        }
        let messages = messages(tx, cx, events)?;
        for hook in &hooks {
            // What happened before the webhook was set up is not news to it: that is a replay.
            tx.insert_many(&ONCE, rows(cx, hook, events, &messages, hook.created_at))?;
        }
        Ok(())
    }
}

/// The kind of the job.
pub const REPLAY_KIND: &str = "webhook.replay";

#[derive(Serialize, Deserialize)]
struct ReplayArgs {
    hook: HookId,
    from: i64,
    to: i64,
}

/// Queues a replay of the events from `from` on to the present end of the feed.
pub fn request_replay(tx: &mut Tx<'_>, cx: &Ctx, hook: HookId, from: i64) -> Result<JobId> {
    service::get(tx, cx.merchant, hook)?;
    let to = tx.feed_head(cx.merchant)?;
    let unique = format!("{REPLAY_KIND} {hook}");
    let job = NewJob {
        kind: REPLAY_KIND,
        title: "重新发送回调 / Replay a webhook",
        args: &ReplayArgs { hook, from, to },
        unique_key: Some(&unique),
        run_at: cx.now,
        unit: "events",
    };
    let id = tx.enqueue(cx, job)?;
    audit::record(tx, cx, "webhook.replayed", &hook.to_string(), &format!("{from}–{to}"))?;
    Ok(id)
}

/// Runs replays.
pub struct Replay;

impl JobHandler for Replay {
    fn kind(&self) -> &'static str {
        REPLAY_KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let ReplayArgs { hook, from, to } = run.args()?;
        let mut at = run.checkpoint::<i64>()?.unwrap_or(from.max(1) - 1);
        while at < to {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence) = (run.cx(), run.fence());
            at = run.store.write_now(Lane::Bulk, move |tx| {
                let hook = service::get(tx, cx.merchant, hook)?;
                let mut events = tx.events_after(cx.merchant, at, 100)?;
                events.retain(|e| e.position <= to);
                let reached = events.last().map_or(to, |e| e.position);
                let messages = messages(tx, &cx, &events)?;
                tx.insert_many(&AGAIN, rows(&cx, &hook, &events, &messages, Instant(i64::MIN)))?;
                fence.save(tx, cx.now, &reached, reached - from + 1, Some(to - from + 1))?;
                Ok(reached)
            })?;
        }
        Ok(JobEnd::Done(serde_json::json!({"from": from, "to": to})))
    }
}
