//! The look at everybody, when a rule is set or changed, or its segment was reckoned anew: first whoever is
//! in the segment, then whoever has the tag by the rule; each step with its place in the transaction of what
//! it wrote.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};

use super::{ACTOR, Came, GroupId, Rule, get, look, sql};
use crate::MemberId;
use crate::hooks::{self, Standing};
use crate::tag::{TagId, service};

/// The kind of the task.
pub const KIND: &str = "tags.rule";

/// Members looked at in one transaction.
const STEP: i64 = 500;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Args {
    tag: TagId,
    version: i64,
    /// Which rule of the tag: one that was set after another was taken away counts from the beginning.
    #[serde(default)]
    rule: Option<(GroupId, Instant)>,
}

/// Queues the look at everybody; `cause` is the event that it is for, if one it is.
pub fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, rule: &Rule, cause: Option<i64>) -> Result<JobId> {
    let name = service::get(tx, cx, rule.tag)?.name;
    let args = Args { tag: rule.tag, version: rule.version, rule: Some((rule.segment, rule.set_at)) };
    let title = format!("自动标签 {name}");
    // A task under way may have passed whom a later cause is about: each cause has a task of its own.
    let key = format!("{KIND}/{}/{}/{}/{}/{}", rule.tag, rule.segment, rule.set_at.micros(), rule.version, cause.unwrap_or_default());
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: &args, unique_key: Some(&key), run_at: cx.now, unit: "members" })
}

#[derive(Clone, Copy, Default, Debug, Serialize, Deserialize)]
struct Place {
    /// Whether all who are in the segment were looked at.
    holders: bool,
    after: Option<MemberId>,
    done: bool,
    seen: i64,
    came: Came,
}

/// Looks at everybody whom a rule concerns.
pub struct ApplyRule;

impl JobHandler for ApplyRule {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let args: Args = run.args()?;
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        while !place.done {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            match step(run, args, place)? {
                Step::On(next) => place = next,
                Step::Over(why) => return Ok(JobEnd::Done(serde_json::json!({ why: true }))),
            }
        }
        Ok(JobEnd::Done(serde_json::json!({ "members": place.seen, "given": place.came.given, "taken": place.came.taken })))
    }
}

enum Step {
    /// Where the task is now.
    On(Place),
    /// Another task has it, or will have it: `superseded`, `resting` or `waiting`.
    Over(&'static str),
}

fn step(run: &JobRun, args: Args, at: Place) -> Result<Step> {
    let (cx, fence) = (Ctx { actor: ACTOR, ..run.cx() }, run.fence());
    run.store.write_now(Lane::Bulk, move |tx| {
        let rule = match get(tx, &cx, args.tag) {
            Ok(rule) if rule.version == args.version && args.rule.is_none_or(|r| r == (rule.segment, rule.set_at)) => rule,
            Ok(_) => return Ok(Step::Over("superseded")),
            Err(e) if e.refusal().is_some() => return Ok(Step::Over("superseded")),
            Err(e) => return Err(e),
        };
        match hooks::standing(tx, &cx, rule.segment)? {
            Standing::Ready if !rule.archived => {}
            // Who is in it is being reckoned: the end of that is told, and has everybody looked at.
            Standing::Building if !rule.archived => return Ok(Step::Over("waiting")),
            _ => return Ok(Step::Over("resting")),
        }
        let after = at.after.unwrap_or(MemberId::from_bytes([0; 16]));
        let members: Vec<MemberId> = if at.holders {
            let rows = tx.rows(sql::HOLDERS, args![cx.merchant, rule.tag, ACTOR.label(), after, STEP])?;
            rows.into_iter().map(|mut r| r.get(0)).collect::<Result<_>>()?
        } else {
            hooks::page_inside(tx, &cx, rule.segment, after, STEP)?
        };
        let came = look(tx, &cx, &rule, &members)?;
        let is_last = (members.len() as i64) < STEP;
        let place = Place {
            holders: at.holders || is_last,
            after: if is_last { None } else { members.last().copied() },
            done: at.holders && is_last,
            seen: at.seen + members.len() as i64,
            came: Came { given: at.came.given + came.given, taken: at.came.taken + came.taken },
        };
        if place.done {
            tx.exec(sql::APPLIED, args![cx.merchant, rule.tag, rule.version, cx.now])?;
        }
        fence.save(tx, cx.now, &place, place.seen, None)?;
        Ok(Step::On(place))
    })
}
