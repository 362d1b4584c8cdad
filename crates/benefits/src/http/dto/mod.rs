//! What the API gives: names and tiers here, the rest in its rooms.

mod benefits;
mod growth;
mod rewards;

use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::Currency;
use shuke_programme::ProgrammeId;
use utoipa::ToSchema;

use crate::{BenefitId, GrowthTaskId, RewardId};

pub(super) use benefits::{BenefitDto, TaskDto, UseDto, VerdictDto};
pub(super) use growth::{AlreadyDto, DoneDto, GrowthTaskDto, MemberTaskDto, VersionDto};
pub(super) use rewards::{AddressDto, GivenDto, PackDto, RedemptionDto, RewardDto};

/// What a benefit, reward, pack or growth task is called.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitBrief)]
pub(super) struct Brief {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its sort; of a pack its occasion, of a growth task its goal.
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

/// What everything is called that growth tasks speak of.
pub(super) struct Names {
    /// Benefits.
    pub benefits: HashMap<BenefitId, Brief>,
    /// Rewards.
    pub rewards: HashMap<RewardId, Brief>,
    /// The tasks themselves.
    pub tasks: HashMap<GrowthTaskId, Brief>,
    /// Shops, by how orders name them.
    pub shops: HashMap<String, String>,
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
