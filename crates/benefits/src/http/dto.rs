//! What the API gives of benefits, uses, tasks, packs, rewards and redemptions.

use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Instant};
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use utoipa::ToSchema;

use crate::benefit::judge::Right;
use crate::benefit::model::{self as benefit, Benefit, By, Terms};
use crate::pack::give::Given;
use crate::pack::model::{self as pack, Pack};
use crate::quota::Per;
use crate::reward::model::{self as reward, Reward};
use crate::reward::redeem::Redemption;
use crate::share::Shares;
use crate::task::Task;
use crate::usage::{Used, Verdict};
use crate::words::Why;
use crate::{BenefitId, PackId, RedemptionId, RewardId, TaskId, UseId};

/// What a benefit, reward or pack is called.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitBrief)]
pub(super) struct Brief {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its sort; of a pack its occasion.
    pub kind: String,
}

impl Brief {
    pub(super) fn of(id: impl ToString, name: &str, kind: &str) -> Self {
        Self { id: id.to_string(), name: name.to_owned(), kind: kind.to_owned() }
    }

    /// The one of that id; one without a name where there is none.
    pub(super) fn named<K: Copy + Eq + Hash + ToString>(names: &HashMap<K, Self>, id: K) -> Self {
        names.get(&id).cloned().unwrap_or_else(|| Self::of(id.to_string(), "", ""))
    }
}

/// A tier of a programme.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitTier)]
pub(super) struct TierDto {
    /// `prg_…`.
    #[schema(value_type = String)]
    pub programme: ProgrammeId,
    /// Its name.
    pub id: String,
}

impl TierDto {
    pub(super) fn of(tier: (ProgrammeId, String)) -> Self {
        Self { programme: tier.0, id: tier.1 }
    }
}

pub(super) fn money(amount: i64, currency: Currency) -> MoneyDto {
    MoneyDto { amount, currency: currency.to_string() }
}

/// A benefit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Benefit)]
pub(super) struct BenefitDto {
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
    pub definition: benefit::Definition,
}

impl BenefitDto {
    pub(super) fn of(b: Benefit, now: Instant) -> Self {
        Self { id: b.id, state: b.told(now).to_owned(), version: b.version, created_at: b.created_at, definition: b.definition }
    }
}

/// How much of a quota is used.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitQuotaUsed)]
pub(super) struct QuotaDto {
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
pub(super) struct GrantedDto {
    /// How many are left.
    pub left: i64,
    /// When the first of them end.
    #[schema(value_type = String, format = DateTime)]
    pub until: Instant,
}

/// Whether a member may use a benefit now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitVerdict)]
pub(super) struct VerdictDto {
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
    pub(super) fn of(benefit: &Benefit, verdict: Verdict) -> Self {
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
pub(super) struct TaskBrief {
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
pub(super) struct UseDto {
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
    pub(super) fn of(used: Used, task: Option<Task>, names: &HashMap<BenefitId, Brief>, currency: Currency) -> Self {
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
pub(super) struct TaskDto {
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
    pub(super) fn of(task: Task, names: &HashMap<BenefitId, Brief>, today: &str) -> Self {
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

/// A pack.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitPack)]
pub(super) struct PackDto {
    /// `pck_…`.
    #[schema(value_type = String, example = "pck_01kc…")]
    pub id: PackId,
    /// `scheduled`, `active`, `ended`, `paused` or `archived`.
    pub state: String,
    /// How often it was given.
    pub given: i64,
    /// Counts its changes: what a change names.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// What the merchant says of it.
    #[serde(flatten)]
    pub definition: pack::Definition,
}

impl PackDto {
    pub(super) fn of(p: Pack, now: Instant) -> Self {
        let state = p.told(now).to_owned();
        Self { id: p.id, state, given: p.given, version: p.version, created_at: p.created_at, definition: p.definition }
    }
}

/// Uses that a pack gave.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct PackGivenUses {
    /// Of which benefit.
    pub benefit: Brief,
    /// How many.
    pub uses: i64,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Instant,
}

/// A reward that a pack gave.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct PackGivenReward {
    /// `rdm_…`.
    #[schema(value_type = String)]
    pub redemption: RedemptionId,
    /// Which.
    pub reward: Brief,
}

/// What of a pack could not be given.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct PackMissing {
    /// `points`, or the id of the benefit or reward.
    pub what: String,
    /// Why not.
    pub why: Why,
}

/// A pack that was given.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PackGiven)]
pub(super) struct GivenDto {
    /// `pkg_…`.
    pub id: String,
    /// Of which pack; `kind` is its occasion.
    pub pack: Brief,
    /// To whom.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// What makes it once: `newcomer`, a year, a tier, the day of the purchase before a pause.
    pub occasion: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub given_at: Instant,
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

impl GivenDto {
    pub(super) fn of(
        given: Given,
        packs: &HashMap<PackId, Brief>,
        benefits: &HashMap<BenefitId, Brief>,
        rewards: &HashMap<RewardId, Brief>,
    ) -> Self {
        let uses = given.parts.uses.into_iter();
        let uses = uses.map(|u| PackGivenUses { benefit: Brief::named(benefits, u.benefit), uses: u.uses, until: u.until }).collect();
        let of = given.parts.rewards.into_iter();
        let of = of.map(|r| PackGivenReward { redemption: r.redemption, reward: Brief::named(rewards, r.reward) }).collect();
        Self {
            id: given.id.to_string(),
            pack: Brief::named(packs, given.pack),
            member: given.member,
            occasion: given.occasion,
            given_at: given.given_at,
            points: given.points,
            growth: given.growth,
            uses,
            rewards: of,
            missing: given.parts.missing.into_iter().map(|m| PackMissing { what: m.what, why: m.why }).collect(),
        }
    }
}

/// A reward.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Reward)]
pub(super) struct RewardDto {
    /// `rwd_…`.
    #[schema(value_type = String, example = "rwd_01kc…")]
    pub id: RewardId,
    /// `scheduled`, `active`, `ended`, `paused` or `archived`.
    pub state: String,
    /// Pieces left; null without end.
    pub stock: Option<i64>,
    /// Redemptions that were not cancelled.
    pub taken: i64,
    /// Where its picture is; null without one.
    pub picture: Option<String>,
    /// Counts its changes: what a change names.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// What the merchant says of it.
    #[serde(flatten)]
    pub definition: reward::Definition,
}

impl RewardDto {
    pub(super) fn of(r: Reward, now: Instant) -> Self {
        Self {
            state: r.told(now).to_owned(),
            stock: r.stock,
            taken: r.taken,
            picture: r.picture.as_ref().map(|hash| format!("/api/v1/rewards/{}/picture?v={hash}", r.id)),
            version: r.version,
            created_at: r.created_at,
            id: r.id,
            definition: r.definition,
        }
    }
}

/// A redemption.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Redemption)]
pub(super) struct RedemptionDto {
    /// `rdm_…`.
    #[schema(value_type = String)]
    pub id: RedemptionId,
    /// Of which reward.
    pub reward: Brief,
    /// By whom.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// With points of which programme.
    #[schema(value_type = String)]
    pub programme: ProgrammeId,
    /// What it cost the member.
    pub points: i64,
    /// What it costs the merchant.
    pub cost: MoneyDto,
    /// `requested`, `sent`, `delivered` or `cancelled`.
    pub state: String,
    /// The order in whose parcel it goes.
    pub order: Option<String>,
    /// By whom it is sent.
    pub carrier: Option<String>,
    /// Under which number.
    pub number: Option<String>,
    /// `pkg_…` where a pack gave it.
    pub given: Option<String>,
    /// When it was redeemed.
    #[schema(value_type = String, format = DateTime)]
    pub redeemed_at: Instant,
    /// When it was sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Instant>,
    /// When it arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Instant>,
    /// When it was cancelled.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cancelled_at: Option<Instant>,
    /// Who asked for it.
    pub made_by: String,
}

impl RedemptionDto {
    pub(super) fn of(r: Redemption, names: &HashMap<RewardId, Brief>, currency: Currency) -> Self {
        let (carrier, number) = r.parcel.map(|parcel| (parcel.carrier, parcel.number)).unzip();
        Self {
            id: r.id,
            reward: Brief::named(names, r.reward),
            member: r.member,
            programme: r.programme,
            points: r.points,
            cost: money(r.shares.cost, currency),
            state: r.state,
            order: r.order,
            carrier,
            number,
            given: r.given.map(|given| given.to_string()),
            redeemed_at: r.redeemed_at,
            sent_at: r.sent_at,
            delivered_at: r.delivered_at,
            cancelled_at: r.cancelled_at,
            made_by: r.made_by,
        }
    }
}
