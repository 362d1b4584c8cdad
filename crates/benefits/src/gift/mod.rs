//! Gifts: points, growth value, uses of benefits and rewards that are given together, by a pack or for a task that was done.

pub mod give;

use serde::{Deserialize, Serialize};
use shuke_kernel::Refusal;
use shuke_loyalty::json::MOST_POINTS;
use shuke_programme::ProgrammeId;
use utoipa::ToSchema;

use crate::words::invalid;
use crate::{BenefitId, RewardId};

/// Sorts of benefits and rewards in a gift at most.
const PARTS: usize = 20;
/// Days for which uses are given at most.
pub const DAYS: i64 = 3_650;

/// Uses of a benefit in a pack, or in the reward of a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackUses {
    /// Of which benefit.
    #[schema(value_type = String, example = "ben_01kc…")]
    pub benefit: BenefitId,
    /// How many.
    #[schema(minimum = 1, maximum = 100)]
    pub uses: i64,
    /// Days after which they end.
    #[schema(minimum = 1, maximum = 3650)]
    pub days: i64,
}

/// What is given together.
#[derive(Clone, Copy, Debug)]
pub struct Gift<'a> {
    /// What the ledger is told as the reason.
    pub name: &'a str,
    /// Into which programme points and growth go.
    pub programme: Option<ProgrammeId>,
    /// Points.
    pub points: i64,
    /// Growth value.
    pub growth: i64,
    /// Uses of benefits.
    pub uses: &'a [PackUses],
    /// Rewards, a piece of each.
    pub rewards: &'a [RewardId],
}

impl Gift<'_> {
    /// Refuses what is none by itself.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn check(&self) -> Result<(), Refusal> {
        for (field, value) in [("points", self.points), ("growth", self.growth)] {
            if !(0..=MOST_POINTS).contains(&value) {
                return Err(invalid(field, "数值超出范围。", "It is out of range."));
            }
        }
        if self.programme.is_none() && (self.points > 0 || self.growth > 0) {
            return Err(invalid("who.programme", "送积分、成长值要选会员计划。", "Points and growth value need a programme."));
        }
        if self.uses.len() > PARTS || self.rewards.len() > PARTS {
            return Err(invalid("uses", "权益和奖品各最多 20 项。", "20 benefits and 20 rewards at most."));
        }
        for (i, part) in self.uses.iter().enumerate() {
            if !(1..=100).contains(&part.uses) || !(1..=DAYS).contains(&part.days) {
                return Err(invalid(format!("uses[{i}]"), "次数为 1 到 100，天数为 1 到 3650。", "Uses are 1 to 100, days 1 to 3650."));
            }
        }
        if self.points == 0 && self.growth == 0 && self.uses.is_empty() && self.rewards.is_empty() {
            let (zh, en) = (
                "还是空的：积分、成长值、权益次数、奖品至少放一样。",
                "It is empty: put points, growth value, uses of benefits or rewards in.",
            );
            return Err(invalid("points", zh, en));
        }
        Ok(())
    }
}
