//! Looking at members: who reached a goal that was not rewarded in that period yet gets its reward.

use std::collections::{BTreeSet, HashSet};

use shuke_access::merchants;
use shuke_kernel::{Actor, Ctx, Instant, Result, Zone};
use shuke_members::{MemberId, identity};
use shuke_store::{Event, Tx, Value, args};

use super::facts::{Wants, known};
use super::model::{Repeat, Task};
use super::period::ONCE;
use super::progress::{Facts, Progress, periods, progress};
use super::{service, sql};
use crate::gift::give::{Handed, hand_over};
use crate::state::State;
use crate::who::{OF_BENEFITS, Person};
use crate::{GivenId, GrowthTaskId};

/// Who gives the rewards of tasks.
pub const ACTOR: Actor = Actor::System("growth_tasks");

/// Merges followed at most from one to the next: a chain of them is short.
const CHAIN: usize = 16;

/// Looks at these members for these tasks. Returns how often a reward was given.
///
/// # Errors
/// Where the store fails.
pub fn evaluate(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], tasks: &[Task]) -> Result<usize> {
    let zone = merchants::zone_of(tx, cx.merchant)?;
    // One that has nothing left to give is looked at again by a walk when it has more.
    let runs = |task: &&Task| task.state == State::Active && task.left() != Some(0) && task.span(&zone).from <= cx.now;
    let tasks: Vec<&Task> = tasks.iter().filter(runs).collect();
    let members: BTreeSet<MemberId> = identity::resolve_many(tx, cx, members)?.into_iter().flatten().collect();
    let mut members: Vec<MemberId> = members.into_iter().collect();
    if tasks.is_empty() || members.is_empty() {
        return Ok(0);
    }
    let had = had(tx, cx, &members, &tasks)?;
    // Most of those who are told of have done what can be done once.
    let over = |task: &Task, member: MemberId| task.definition.repeat == Repeat::Once && had.contains(&(task.id, member, ONCE.to_owned()));
    members.retain(|member| !tasks.iter().all(|task| over(task, *member)));
    let known = known(tx, cx, &members, &Wants::of(tasks.iter().copied(), &zone))?;
    if tasks.iter().any(|task| task.definition.goal.kind.of_orders()) {
        for (at, order) in &known.later {
            tx.exec(sql::ADD_LOOK, args![cx.merchant, *at, *order])?;
        }
    }
    let mut given = 0;
    for task in tasks {
        for (member, facts) in &known.of {
            for period in periods(task, facts, &zone, cx.now) {
                let done = progress(task, period.span, facts, &zone, cx.now);
                if done.reached() && !had.contains(&(task.id, *member, period.name.clone())) {
                    given += usize::from(give(tx, cx, task, *member, &period.name)?);
                }
            }
        }
    }
    Ok(given)
}

fn had(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], tasks: &[&Task]) -> Result<HashSet<(GrowthTaskId, MemberId, String)>> {
    let ids = |all: Vec<[u8; 16]>| Value::Blobs(all.into_iter().map(|id| id.to_vec()).collect());
    let of = ids(tasks.iter().map(|task| *task.id.bytes()).collect());
    let by = ids(members.iter().map(|member| *member.bytes()).collect());
    tx.rows(sql::HAD_OF, &[cx.merchant.into(), of, by])?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
}

/// Whether somebody had the reward whom a member was at that time, by merges of which their own was taken back since. Who they
/// were may have gone further then, and may be somebody else by now: the rows went along.
fn had_as_one(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, task: GrowthTaskId, period: &str) -> Result<bool> {
    let mut of = vec![(member, Instant(i64::MIN), Instant(i64::MAX))];
    for _ in 0..CHAIN {
        let mut further = Vec::new();
        for (absorbed, from, until) in std::mem::take(&mut of) {
            for mut r in tx.rows(sql::WENT_INTO, args![cx.merchant, absorbed])? {
                let (survivor, merged, undone): (MemberId, Instant, Option<Instant>) = (r.get(0)?, r.get(1)?, r.get(2)?);
                let (from, until) = (from.max(merged), undone.map_or(until, |undone| undone.min(until)));
                if from >= until {
                    continue;
                }
                let now = identity::resolve(tx, cx, survivor)?.unwrap_or(survivor);
                for who in BTreeSet::from([survivor, now]) {
                    if tx.row(sql::HAD_BETWEEN, args![cx.merchant, who, task, period, from, until])?.is_some() {
                        return Ok(true);
                    }
                }
                further.push((survivor, from, until));
            }
        }
        if further.is_empty() {
            break;
        }
        of = further;
    }
    Ok(false)
}

/// How far somebody is in the period in which now lies, and what that is called; none where the task's time is not now.
pub fn now(task: &Task, facts: &Facts, zone: &Zone, cx: &Ctx) -> Option<(String, Progress)> {
    let period = task.period(zone, cx.now)?;
    Some((period.name, progress(task, period.span, facts, zone, cx.now)))
}

/// Gives the reward of a task, once in the period, as long as there is one left. Whether it was given.
fn give(tx: &mut Tx<'_>, cx: &Ctx, seen: &Task, member: MemberId, period: &str) -> Result<bool> {
    let definition = &seen.definition;
    let Some(mut person) = Person::find(tx, cx, member)? else { return Ok(false) };
    let held = person.tier_of(tx, cx, &definition.who)?;
    let inside = person.inside(tx, cx, &definition.who.segments)?;
    if definition.who.lets(OF_BENEFITS, &definition.name, held.as_ref(), &inside).is_err() {
        return Ok(false);
    }
    // One task is given by one hand at a time: nobody has it twice, and the last piece is one.
    let task = service::hold(tx, cx.merchant, seen.id)?;
    // Of another version everybody is looked at anew.
    if task.version != seen.version || task.state != State::Active || task.left() == Some(0) {
        return Ok(false);
    }
    let Some(person) = Person::staying(tx, cx, member)? else { return Ok(false) };
    let had = tx.row(sql::HAD, args![cx.merchant, person.member, task.id, period])?.is_some();
    if had || had_as_one(tx, cx, person.member, task.id, period)? {
        return Ok(false);
    }
    let given: GivenId = cx.new_id();
    let Handed { points, growth, parts } = hand_over(tx, cx, &definition.gift(), person.member, given)?;
    let body = serde_json::to_string(&parts)?;
    let row = args![cx.merchant, given, task.id, person.member, period, task.version, points, growth, body, cx.now];
    tx.exec(sql::ADD_DONE, row)?;
    tx.exec(sql::MORE, args![cx.merchant, task.id])?;
    let data = serde_json::json!({ "task": task.id, "given": given, "period": period, "points": points, "growth": growth });
    let subject = *person.member.bytes();
    let event = Event {
        kind: "growth_task.done",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mem",
        subject,
        member: Some(subject),
        data: data.to_string(),
    };
    tx.emit(cx, event)?;
    Ok(true)
}
