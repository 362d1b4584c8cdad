//! The walk over all members for a task that was made, changed or set going again: who has done it by what the store has
//! already is found by it. The same look, without giving anything, tells beforehand how many these are.

use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_kernel::{Ctx, Result};
use shuke_members::{MemberId, profile};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, NewJob};
use shuke_store::{Lane, Tx};

use super::evaluate::{ACTOR, evaluate};
use super::facts::{Wants, known};
use super::model::{Definition, Past, Task};
use super::progress::{periods, progress};
use super::service;
use crate::GrowthTaskId;
use crate::state::State;
use crate::who::{OF_BENEFITS, Person};

/// The kind of the job.
pub const KIND: &str = "growth_tasks.walk";

/// Members in one transaction.
const STEP: i64 = 100;
/// Members that one question beforehand looks at.
const LOOK: i64 = 2_000;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Args {
    task: GrowthTaskId,
    version: i64,
}

/// Queues the walk; of a task that begins later, for then. `anew` is the place of the event by which others may do it now: a
/// walk that is under way does not come back to those it has passed.
pub(super) fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, task: &Task, anew: Option<i64>) -> Result<JobId> {
    let anew = anew.map(|place| format!("/{place}")).unwrap_or_default();
    let (title, key) = (format!("成长任务补查 {}", task.definition.name), format!("{KIND}/{}/{}{anew}", task.id, task.version));
    let args = Args { task: task.id, version: task.version };
    let run_at = task.definition.from.map_or(cx.now, |from| from.max(cx.now));
    tx.enqueue(cx, NewJob { kind: KIND, title: &title, args: &args, unique_key: Some(&key), run_at, unit: "members" })
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: Option<MemberId>,
    seen: i64,
    given: i64,
}

/// Looks at everybody for a task.
pub struct Walk;

impl JobHandler for Walk {
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
            let (cx, fence, at) = (Ctx { actor: ACTOR, ..run.cx() }, run.fence(), place);
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let Some(next) = step(tx, &cx, args, at)? else { return Ok(None) };
                fence.save(tx, cx.now, &next, next.seen.min(total), Some(total))?;
                Ok(Some(next))
            })?;
            match next {
                Some(next) => place = next,
                None => return Ok(JobEnd::Done(serde_json::json!({ "members": place.seen, "given": place.given }))),
            }
        }
    }
}

fn page(tx: &mut Tx<'_>, cx: &Ctx, after: Option<MemberId>, limit: i64) -> Result<Vec<MemberId>> {
    let born = profile::born_after(tx, cx, after.unwrap_or(MemberId::from_bytes([0; 16])), limit)?;
    Ok(born.into_iter().map(|born| born.member).collect())
}

/// The next members; none where there are no more, or the task is another by now, which has a walk of its own.
fn step(tx: &mut Tx<'_>, cx: &Ctx, args: Args, at: Place) -> Result<Option<Place>> {
    let task = service::get(tx, cx.merchant, args.task)?;
    if task.version != args.version || task.state != State::Active {
        return Ok(None);
    }
    let members = page(tx, cx, at.after, STEP)?;
    let Some(last) = members.last().copied() else { return Ok(None) };
    let given = evaluate(tx, cx, &members, &[task])?;
    let more = i64::try_from(given).unwrap_or(i64::MAX);
    Ok(Some(Place { after: Some(last), seen: at.seen + members.len() as i64, given: at.given.saturating_add(more) }))
}

/// How many have done a task already that is about to be saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Already {
    /// Members looked at in this step,
    pub looked: i64,
    /// who may and have done it by what was before now,
    pub done: i64,
    /// of so many in all.
    pub members: i64,
    /// Where to go on; none where everybody was looked at.
    pub next: Option<MemberId>,
}

/// Counts, a step at a time, who has done what a definition asks by now, as if the past counted. Nothing is given.
///
/// # Errors
/// Refuses a definition that cannot be.
pub fn already(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition, after: Option<MemberId>) -> Result<Already> {
    let definition = Definition { past: Past::Count, ..service::checked(tx, cx, definition)? };
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let (id, state) = (GrowthTaskId::from_bytes([0; 16]), State::Active);
    let task = Task { id, definition, state, given: 0, version: 0, created_at: cx.now };
    let members = page(tx, cx, after, LOOK)?;
    let looked = members.len() as i64;
    let next = members.last().copied().filter(|_| looked == LOOK);
    let mut done = 0;
    let known = known(tx, cx, &members, &Wants::of([&task], &zone))?;
    for (member, facts) in &known.of {
        let reached = periods(&task, facts, &zone, cx.now).iter().any(|p| progress(&task, p.span, facts, &zone, cx.now).reached());
        if reached && may(tx, cx, &task, *member)? {
            done += 1;
        }
    }
    Ok(Already { looked, done, members: profile::living(tx, cx)?, next })
}

fn may(tx: &mut Tx<'_>, cx: &Ctx, task: &Task, member: MemberId) -> Result<bool> {
    let who = &task.definition.who;
    let Some(mut person) = Person::find(tx, cx, member)? else { return Ok(false) };
    let held = person.tier_of(tx, cx, who)?;
    let inside = person.inside(tx, cx, &who.segments)?;
    Ok(who.lets(OF_BENEFITS, &task.definition.name, held.as_ref(), &inside).is_ok())
}
