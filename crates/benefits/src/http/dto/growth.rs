//! What the API gives of growth tasks.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Currency, Instant};
use shuke_members::MemberId;
use utoipa::ToSchema;

use super::rewards::{PackGivenReward, PackGivenUses, PackMissing, parts};
use super::{Brief, Names};
use crate::GrowthTaskId;
use crate::growth::goal::{Field, GoalKind};
use crate::growth::list::Done;
use crate::growth::model::Definition;
use crate::growth::service::Version;
use crate::growth::standing::{Stand, Standing};
use crate::growth::walk::Already;
use crate::growth::{Task, said};
use crate::words::Why;

/// A text in both languages.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = GrowthSaid)]
pub(in crate::http) struct SaidDto {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl SaidDto {
    fn of(text: impl Fn(bool) -> String) -> Self {
        Self { zh: text(true), en: text(false) }
    }
}

/// A growth task.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = GrowthTask)]
pub(in crate::http) struct GrowthTaskDto {
    /// `gtk_…`.
    #[schema(value_type = String, example = "gtk_01kc…")]
    pub id: GrowthTaskId,
    /// `scheduled`, `active`, `ended`, `paused` or `archived`.
    pub state: String,
    /// How often its reward was given.
    pub given: i64,
    /// How often it can still be given; null without end.
    pub left: Option<i64>,
    /// Counts its changes: what a change names.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// What the merchant says of it.
    #[serde(flatten)]
    pub definition: Definition,
}

impl GrowthTaskDto {
    pub(in crate::http) fn of(task: Task, now: Instant) -> Self {
        Self {
            id: task.id,
            state: task.told(now).to_owned(),
            given: task.given,
            left: task.left(),
            version: task.version,
            created_at: task.created_at,
            definition: task.definition,
        }
    }
}

/// What was said of a growth task at a time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = GrowthTaskVersion)]
pub(in crate::http) struct VersionDto {
    /// Its number.
    pub no: i64,
    /// What was said.
    pub task: Definition,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Instant,
    /// By whom.
    pub made_by: String,
}

impl VersionDto {
    pub(in crate::http) fn of(v: Version) -> Self {
        Self { no: v.no, task: v.definition, made_at: v.made_at, made_by: v.made_by }
    }
}

/// How many have done already what a task would ask.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = GrowthAlready)]
pub(in crate::http) struct AlreadyDto {
    /// Members looked at in this step,
    pub looked: i64,
    /// who may, and have done it by what is known now,
    pub done: i64,
    /// of so many members in all.
    pub members: i64,
    /// What to ask next with; null where everybody was looked at.
    #[schema(value_type = Option<String>)]
    pub next: Option<MemberId>,
}

impl AlreadyDto {
    pub(in crate::http) fn of(a: Already) -> Self {
        Self { looked: a.looked, done: a.done, members: a.members, next: a.next }
    }
}

/// A growth task that was done.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = GrowthDone)]
pub(in crate::http) struct DoneDto {
    /// `pkg_…`: what the reward's points, uses and redemptions name.
    pub id: String,
    /// Which task; `kind` is that of its goal.
    pub task: Brief,
    /// By whom.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// In which period: `once`, a month such as `2026-11`, or a year.
    pub period: String,
    /// By which version of the task.
    pub version: i64,
    /// When the reward was given.
    #[schema(value_type = String, format = DateTime)]
    pub done_at: Instant,
    /// Points.
    pub points: i64,
    /// Growth value.
    pub growth: i64,
    /// Uses of benefits.
    pub uses: Vec<PackGivenUses>,
    /// Rewards.
    pub rewards: Vec<PackGivenReward>,
    /// What could not be given.
    pub missing: Vec<PackMissing>,
}

impl DoneDto {
    pub(in crate::http) fn of(done: Done, names: &Names) -> Self {
        let (uses, rewards, missing) = parts(done.parts, &names.benefits, &names.rewards);
        Self {
            id: done.id.to_string(),
            task: Brief::named(&names.tasks, done.task),
            member: done.member,
            period: done.period,
            version: done.version,
            done_at: done.done_at,
            points: done.points,
            growth: done.growth,
            uses,
            rewards,
            missing,
        }
    }
}

/// A growth task of a member.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberGrowthTask)]
pub(in crate::http) struct MemberTaskDto {
    /// Which.
    pub task: Brief,
    /// The shop's own sentence about it; empty where there is none.
    pub says: String,
    /// `open`, `done` in this period, or `not`: it brings this member nothing, and `why` says why not.
    pub state: String,
    /// The period in which now lies: `once`, a month or a year.
    pub period: String,
    /// What is counted.
    pub kind: GoalKind,
    /// So much is done: facts, orders, minor units, acts, days or points.
    pub have: i64,
    /// So much is done and counts once its orders are final.
    pub waiting: i64,
    /// So much is needed.
    pub need: i64,
    /// Of a profile: the facts that are missing.
    pub open: Vec<Field>,
    /// What is to be done, in words.
    pub goal: SaidDto,
    /// What is missing, in words.
    pub missing: SaidDto,
    /// What is given, in words.
    pub reward: SaidDto,
    /// What is done until then counts.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// Pieces that are left; null without end.
    pub left: Option<i64>,
    /// When the reward was given.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Instant>,
    /// Why it brings nothing.
    pub why: Option<Why>,
}

impl MemberTaskDto {
    pub(in crate::http) fn of(standing: Standing, names: &Names, currency: Currency) -> Self {
        let Standing { task, period, progress, open, stand } = standing;
        let definition = &task.definition;
        let benefit = |id| Brief::named(&names.benefits, id).name;
        let reward = |id| Brief::named(&names.rewards, id).name;
        let shop = |id: &str| names.shops.get(id).cloned().unwrap_or_else(|| id.to_owned());
        let (state, done_at, why) = match stand {
            Stand::Open => ("open", None, None),
            Stand::Done(done) => ("done", Some(done.done_at), None),
            Stand::Not(why) => ("not", None, Some(why)),
        };
        Self {
            task: Brief::of(task.id, &definition.name, definition.goal.kind.word()),
            says: definition.says.clone(),
            state: state.to_owned(),
            period,
            kind: definition.goal.kind,
            have: progress.have,
            waiting: progress.waiting,
            need: progress.need,
            goal: SaidDto::of(|zh| said::goal(&definition.goal, currency, &shop, zh)),
            missing: SaidDto::of(|zh| said::missing(&definition.goal, progress, &open, currency, zh)),
            reward: SaidDto::of(|zh| said::gift(&definition.gift(), &benefit, &reward, zh)),
            until: definition.until,
            left: task.left(),
            open,
            done_at,
            why,
        }
    }
}
