//! Tagging by a list's filter, and dropping a tag that members have: tasks in steps, each with its
//! checkpoint in the transaction of what it wrote. A task walks the list by id, newest first, so
//! what it changes on its way (a filter by the very tag that it takes off) moves nobody past it;
//! members who are made meanwhile are not in it.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx};

use super::model::Change;
use super::{Tag, TagId, give, service};
use crate::MemberId;
use crate::profile::list::{self, Filter};

/// The kind of the task that tags.
pub const KIND: &str = "members.tag";
/// The kind of the task that drops a tag.
pub const DROP: &str = "tags.drop";

/// Members tagged in one transaction.
const STEP: usize = 500;
/// Members counted in one look.
const LOOK: usize = 2_000;

#[derive(Clone, Serialize, Deserialize)]
struct Args {
    filter: Filter,
    change: Change,
    /// Who asked: what the members' rows say of who gave it.
    by: String,
}

/// Queues the tagging of all whom a filter names; `what` is shown in the task centre.
pub fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, change: &Change, what: &str) -> Result<JobId> {
    let args = Args { filter: filter.clone(), change: change.clone(), by: cx.actor.label() };
    let title = format!("批量标签 {what}");
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: &args, unique_key: None, run_at: cx.now, unit: "members" })
}

/// Queues the dropping of a tag that members have.
pub fn enqueue_drop(tx: &mut Tx<'_>, cx: &Ctx, tag: &Tag) -> Result<JobId> {
    let title = format!("删除标签 {}", tag.name);
    let key = format!("{DROP}/{}", tag.id);
    tx.enqueue(cx, NewJob { kind: DROP, title: &title, args: &tag.id, unique_key: Some(&key), run_at: cx.now, unit: "members" })
}

/// Where the task is.
#[derive(Clone, Copy, Default, Debug, Serialize, Deserialize)]
struct Place {
    /// How many the filter named when the task began.
    total: i64,
    /// Whether they were counted.
    counted: bool,
    /// Whether all were tagged.
    done: bool,
    /// Members from here on are done.
    before: Option<MemberId>,
    seen: i64,
    changed: i64,
    unchanged: i64,
}

/// Tags all whom a filter names.
pub struct TagMembers;

impl JobHandler for TagMembers {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let args: Args = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        if !place.counted {
            let Some(total) = count(run, &args.filter)? else { return Ok(JobEnd::Stopped) };
            place = Place { total, counted: true, ..place };
        }
        while !place.done {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            place = step(run, &args, place)?;
        }
        let (members, changed, unchanged) = (place.seen, place.changed, place.unchanged);
        Ok(JobEnd::Done(serde_json::json!({ "members": members, "changed": changed, "unchanged": unchanged })))
    }
}

/// How many a filter names; `None` where the task is to stop.
fn count(run: &JobRun, filter: &Filter) -> Result<Option<i64>> {
    let (mut total, mut before) = (0, None);
    loop {
        if run.should_stop()? {
            return Ok(None);
        }
        let (cx, f) = (run.cx(), filter.clone());
        let found = run.store.read_now(move |tx| list::page(tx, &cx, &f, before, LOOK))?;
        total += found.ids.len() as i64;
        match found.next {
            Some(next) => before = Some(next),
            None => return Ok(Some(total)),
        }
    }
}

/// Tags the next of them. Tells where the task is.
fn step(run: &JobRun, args: &Args, at: Place) -> Result<Place> {
    let (cx, filter) = (run.cx(), args.filter.clone());
    let found = run.store.read_now(move |tx| list::page(tx, &cx, &filter, at.before, STEP))?;
    let (cx, fence, args) = (run.cx(), run.fence(), args.clone());
    run.store.write_now(Lane::Bulk, move |tx| {
        // The vocabulary may have changed since the task was asked for.
        give::check(tx, &cx, &args.change)?;
        let outcomes = give::change(tx, &cx, &found.ids, &args.change, &args.by)?;
        let changed = outcomes.iter().filter(|o| o.changed()).count() as i64;
        let seen = outcomes.len() as i64;
        let place = Place {
            done: found.next.is_none(),
            before: found.next,
            seen: at.seen + seen,
            changed: at.changed + changed,
            unchanged: at.unchanged + seen - changed,
            ..at
        };
        fence.save(tx, cx.now, &place, place.seen, Some(place.total.max(place.seen)))?;
        Ok(place)
    })
}

/// Takes a tag off all who have it, then drops it.
pub struct DropTag;

impl JobHandler for DropTag {
    fn kind(&self) -> &'static str {
        DROP
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let tag: TagId = run.args()?;
        let mut done: i64 = run.checkpoint()?.unwrap_or_default();
        let cx = run.cx();
        let total = done + run.store.read_now(move |tx| Ok(service::by_ids(tx, &cx, &[tag])?.first().map_or(0, |t| t.members)))?;
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, before) = (run.cx(), run.fence(), done);
            let (taken, end) = run.store.write_now(Lane::Bulk, move |tx| {
                let (taken, end) = drop_some(tx, &cx, tag)?;
                let done = before + taken;
                fence.save(tx, cx.now, &done, done, Some(total.max(done)))?;
                Ok((taken, end))
            })?;
            done += taken;
            if let Some(dropped) = end {
                return Ok(JobEnd::Done(serde_json::json!({ "members": done, "dropped": dropped })));
            }
        }
    }
}

/// Takes a tag off some, or drops it where nobody has it. Tells off how many, and at the end whether
/// the tag is gone: it stays where somebody restored it meanwhile.
fn drop_some(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<(i64, Option<bool>)> {
    match service::locked(tx, cx, tag)? {
        None => return Ok((0, Some(true))),
        Some(tag) if tag.archived_at.is_none() => return Ok((0, Some(false))),
        Some(_) => {}
    }
    let taken = give::strip(tx, cx, tag, STEP as i64)?;
    let gone = taken == 0 && service::drop_now(tx, cx, tag)?;
    Ok((taken as i64, gone.then_some(true)))
}
