//! The subscriber that looks at members when something happened that a goal asks for. To be asked after the one that books
//! points, so that what an event brings in points is there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_segments::SegmentId;
use shuke_store::Tx;
use shuke_store::feed::{FeedEvent, Subscriber};

use super::evaluate::{ACTOR, evaluate};
use super::facts::CHECK_IN;
use super::goal::GoalKind;
use super::model::Task;
use super::{service, walk};

/// Hears of whatever a goal may ask for.
pub struct Follow;

impl Subscriber for Follow {
    fn name(&self) -> &'static str {
        "growth_tasks"
    }

    fn from_the_start(&self) -> bool {
        false
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, _: i64, _: i64) -> Result<bool> {
        Ok(service::active(tx, merchant)?.is_empty())
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let cx = Ctx { actor: ACTOR, ..cx.clone() };
        let tasks = service::active(tx, cx.merchant)?;
        // Members by the tasks that what happened to them may be of.
        let mut asked: BTreeMap<Vec<usize>, BTreeSet<MemberId>> = BTreeMap::new();
        let mut of: BTreeMap<MemberId, BTreeSet<usize>> = BTreeMap::new();
        for event in events {
            if let Some(segment) = reckoned(event)? {
                for task in tasks.iter().filter(|task| task.definition.who.segments.contains(&segment)) {
                    walk::enqueue(tx, &cx, task, Some(event.position))?;
                }
            }
            let Some(member) = event.member.map(MemberId::from_bytes) else { continue };
            let mine = tasks.iter().enumerate().filter(|(_, task)| concerns(event, task)).map(|(i, _)| i);
            of.entry(member).or_default().extend(mine);
        }
        for (member, mine) in of.into_iter().filter(|(_, mine)| !mine.is_empty()) {
            asked.entry(mine.into_iter().collect()).or_default().insert(member);
        }
        for (mine, members) in asked {
            let mine: Vec<Task> = mine.into_iter().filter_map(|i| tasks.get(i).cloned()).collect();
            let members: Vec<MemberId> = members.into_iter().collect();
            evaluate(tx, &cx, &members, &mine)?;
        }
        Ok(())
    }
}

/// Whether an event may bring a member further in a task, or among those who may do it.
fn concerns(event: &FeedEvent, task: &Task) -> bool {
    let (goal, who) = (task.definition.goal.kind, &task.definition.who);
    match &*event.kind {
        "member.merged" | "member.unmerged" => true,
        // Acts that were nobody's may have found their member with a key; orders tell of it themselves.
        "member.created" => matches!(goal, GoalKind::Profile | GoalKind::Acts | GoalKind::CheckIn),
        "member.changed" => {
            goal == GoalKind::Profile || matches!(goal, GoalKind::Acts | GoalKind::CheckIn) && event.data.contains("identity")
        }
        "behaviour.recorded" => did(event, task),
        "member.checked_in" => goal == GoalKind::CheckIn,
        "points.earned" | "points.freed" | "points.reversed" => goal == GoalKind::Points,
        "tier.changed" => !who.tiers.is_empty(),
        "segment.entered" => !who.segments.is_empty(),
        kind => kind.starts_with("order.") && goal.of_orders(),
    }
}

/// Whether an act is of the sort that a task asks for: of all that members do most is not.
fn did(event: &FeedEvent, task: &Task) -> bool {
    let goal = &task.definition.goal;
    let asked = match goal.kind {
        GoalKind::Acts => goal.act.as_deref(),
        GoalKind::CheckIn => Some(CHECK_IN),
        _ => None,
    };
    asked.is_some_and(|kind| event.data.contains(&format!(r#""type":"{kind}""#)))
}

/// What the data of a change of a segment says.
#[derive(Deserialize)]
struct Change {
    what: Option<String>,
}

/// The segment of which it is known anew who is in it: not each who is in it now is told of as entering.
fn reckoned(event: &FeedEvent) -> Result<Option<SegmentId>> {
    if event.kind != "segment.changed" {
        return Ok(None);
    }
    let change: Change = serde_json::from_str(&event.data)?;
    let anew = change.what.is_some_and(|what| matches!(&*what, "reckoned" | "changed" | "restored"));
    Ok(anew.then(|| SegmentId::from_bytes(event.subject)))
}
