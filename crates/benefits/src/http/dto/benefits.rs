//! What the API gives of benefits, their uses and tasks.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Instant};
use shuke_members::MemberId;
use utoipa::ToSchema;

use super::{Brief, TierDto, money};
use crate::benefit::judge::Right;
use crate::benefit::model::{Benefit, By, Definition, Terms};
use crate::quota::Per;
use crate::share::Shares;
use crate::task::Task;
use crate::usage::{Used, Verdict};
use crate::words::Why;
use crate::{BenefitId, TaskId, UseId};

/// A benefit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Benefit)]
pub(in crate::http) struct BenefitDto {
    /// `ben_…`.
    #[schema(value_type = String, example = "ben_01kc…")]
    pub id: BenefitId,
    /// `scheduled`, `active`, `ended`, `paused` or `archived`.
    pub state: String,
    /// Counts its changes: what a change names.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// What the merchant says of it.
    #[serde(flatten)]
    pub definition: Definition,
}

impl BenefitDto {
    pub(in crate::http) fn of(b: Benefit, now: Instant) -> Self {
        Self { id: b.id, state: b.told(now).to_owned(), version: b.version, created_at: b.created_at, definition: b.definition }
    }
}

/// How much of a quota is used.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitQuotaUsed)]
pub(in crate::http) struct QuotaDto {
    /// So many times.
    pub uses: i64,
    /// Used so far.
    pub used: i64,
    /// What is left.
    pub left: i64,
    /// In which stretch of time.
    pub per: Per,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// When it ends, and all can be had again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
}

/// Uses that packs gave, beside tier and quota.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitGranted)]
pub(in crate::http) struct GrantedDto {
    /// How many are left.
    pub left: i64,
    /// When the first of them end.
    #[schema(value_type = String, format = DateTime)]
    pub until: Instant,
}

/// Whether a member may use a benefit now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitVerdict)]
pub(in crate::http) struct VerdictDto {
    /// Whether they may.
    pub may: bool,
    /// Why not.
    pub why: Option<Why>,
    /// The quota, where it has one.
    pub quota: Option<QuotaDto>,
    /// Uses that packs gave.
    pub granted: Option<GrantedDto>,
    /// The tier held in its programme.
    pub tier: Option<TierDto>,
    /// What it is worth to the member.
    pub terms: Terms,
    /// Who sees to it.
    pub by: By,
}

impl VerdictDto {
    pub(in crate::http) fn of(benefit: &Benefit, verdict: Verdict) -> Self {
        let (may, why) = match &verdict.judged {
            Ok(Right::Own | Right::Granted) => (true, None),
            Err(refusal) => (false, Some(Why::from(refusal))),
        };
        let quota = verdict.quota.map(|(quota, used, stretch)| QuotaDto {
            uses: quota.uses,
            used,
            left: (quota.uses - used).max(0),
            per: quota.per,
            from: stretch.from,
            until: stretch.until,
        });
        let granted =
            verdict.granted.first().map(|first| GrantedDto { left: verdict.granted.iter().map(|g| g.left).sum(), until: first.ends_at });
        Self {
            may,
            why,
            quota,
            granted,
            tier: verdict.held.map(|held| TierDto { programme: held.programme, id: held.tier }),
            terms: benefit.definition.terms.clone(),
            by: benefit.definition.by,
        }
    }
}

/// The task of a use.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitUseTask)]
pub(in crate::http) struct TaskBrief {
    /// `bnt_…`.
    #[schema(value_type = String)]
    pub id: TaskId,
    /// `open`, `done` or `cancelled`.
    pub state: String,
    /// The day on which it is due.
    pub due_on: String,
}

/// A use of a benefit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitUse)]
pub(in crate::http) struct UseDto {
    /// `bnu_…`.
    #[schema(value_type = String)]
    pub id: UseId,
    /// Of which benefit.
    pub benefit: Brief,
    /// By whom.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// For which order: our id of it, or the shop's number.
    pub order: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub used_at: Instant,
    /// The tier held then.
    pub tier: Option<TierDto>,
    /// What it cost.
    pub cost: MoneyDto,
    /// Of which the supplier bears,
    pub supplier: MoneyDto,
    /// and the platform.
    pub platform: MoneyDto,
    /// Whether it was one of those that a pack gave.
    pub granted: bool,
    /// Who asked for it.
    pub made_by: String,
    /// What is to be done for it.
    pub task: Option<TaskBrief>,
    /// When it was taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undone_at: Option<Instant>,
}

impl UseDto {
    pub(in crate::http) fn of(used: Used, task: Option<Task>, names: &HashMap<BenefitId, Brief>, currency: Currency) -> Self {
        let Shares { cost, supplier, platform } = used.shares;
        Self {
            id: used.id,
            benefit: Brief::named(names, used.benefit),
            member: used.member,
            order: used.order,
            used_at: used.used_at,
            tier: used.tier.map(TierDto::of),
            cost: money(cost, currency),
            supplier: money(supplier, currency),
            platform: money(platform, currency),
            granted: used.grant.is_some(),
            made_by: used.made_by,
            task: task.map(|t| TaskBrief { id: t.id, state: t.state, due_on: t.due_on }),
            undone_at: used.undone_at,
        }
    }
}

/// Something to be done for a use.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitTask)]
pub(in crate::http) struct TaskDto {
    /// `bnt_…`.
    #[schema(value_type = String)]
    pub id: TaskId,
    /// Of which benefit.
    pub benefit: Brief,
    /// `bnu_…`.
    #[serde(rename = "use")]
    #[schema(value_type = String)]
    pub used: UseId,
    /// For whom.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// For which order.
    pub order: Option<String>,
    /// `hand` or `erp`.
    pub by: String,
    /// The day on which it is due.
    pub due_on: String,
    /// Whether it should be done by now.
    pub overdue: bool,
    /// `open`, `done` or `cancelled`.
    pub state: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Instant>,
    /// Who said so.
    pub done_by: Option<String>,
}

impl TaskDto {
    pub(in crate::http) fn of(task: Task, names: &HashMap<BenefitId, Brief>, today: &str) -> Self {
        Self {
            overdue: task.overdue(today),
            id: task.id,
            benefit: Brief::named(names, task.benefit),
            used: task.used,
            member: task.member,
            order: task.order,
            by: task.by,
            due_on: task.due_on,
            state: task.state,
            created_at: task.made_at,
            done_at: task.done_at,
            done_by: task.done_by,
        }
    }
}
