//! What is to be done for a task: pure rules.

use serde::{Deserialize, Serialize};
use shuke_commerce::behaviour::KINDS;
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Refusal};
use shuke_loyalty::json::MOST_POINTS;
use utoipa::ToSchema;

use crate::benefit::model::money;
use crate::words::invalid;

/// Orders, acts or days that can be asked for at most.
const MOST_TIMES: i64 = 10_000;
/// Categories, shops or codes of goods that can be named at most.
const NAMED: usize = 100;
/// Characters of one of them at most.
const NAMED_CHARS: usize = 200;

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GrowthGoalKind)]
pub enum GoalKind {
    /// The facts named in `fields` are known.
    Profile,
    /// So many orders that are final and of which something is left.
    Orders,
    /// So much spent on orders that are final, less what went back.
    Spend,
    /// So many acts of one kind.
    Acts,
    /// Check-ins on so many days.
    CheckIn,
    /// So many points that became free to spend.
    Points,
}

impl GoalKind {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Orders => "orders",
            Self::Spend => "spend",
            Self::Acts => "acts",
            Self::CheckIn => "check_in",
            Self::Points => "points",
        }
    }

    /// Whether orders come into it, and so become more of it by the clock alone.
    pub const fn of_orders(self) -> bool {
        matches!(self, Self::Orders | Self::Spend | Self::Points)
    }
}

/// A fact of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GrowthField)]
pub enum Field {
    /// The name.
    Name,
    /// The gender.
    Gender,
    /// The birthday.
    Birthday,
    /// The province or city.
    Region,
}

/// A goal. What its sort does not ask for is left out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrowthGoal)]
pub struct Goal {
    /// What is to be done.
    pub kind: GoalKind,
    /// Of a profile: the facts that are to be known.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub fields: Vec<Field>,
    /// How many orders, acts, days or points.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub times: i64,
    /// Of spending: how much.
    #[serde(default)]
    pub amount: Option<MoneyDto>,
    /// Of orders and spending: only goods of these categories; of any where none is named.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub categories: Vec<String>,
    /// Of orders and spending: only orders of these shops; of any where none is named.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub shops: Vec<String>,
    /// Of acts: `share`, `review` or another kind of act.
    #[serde(default)]
    pub act: Option<String>,
    /// Of acts: only on these goods; on any or none where none is named.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub skus: Vec<String>,
}

impl Goal {
    /// How much is needed: facts, orders, minor units, acts, days or points.
    pub fn need(&self) -> i64 {
        match self.kind {
            GoalKind::Profile => i64::try_from(self.fields.len()).unwrap_or(i64::MAX),
            GoalKind::Spend => self.amount.as_ref().map_or(i64::MAX, |amount| amount.amount),
            _ => self.times,
        }
    }

    /// Refuses what is none.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn check(&self, currency: Currency) -> Result<(), Refusal> {
        let kind = self.kind;
        let is = |kinds: &[GoalKind]| kinds.contains(&kind);
        let not_asked = (!self.fields.is_empty() && kind != GoalKind::Profile).then_some("goal.fields");
        let not_asked = not_asked.or((self.times != 0 && is(&[GoalKind::Profile, GoalKind::Spend])).then_some("goal.times"));
        let not_asked = not_asked.or((self.amount.is_some() && kind != GoalKind::Spend).then_some("goal.amount"));
        let bought = is(&[GoalKind::Orders, GoalKind::Spend]);
        let not_asked = not_asked.or((!self.categories.is_empty() && !bought).then_some("goal.categories"));
        let not_asked = not_asked.or((!self.shops.is_empty() && !bought).then_some("goal.shops"));
        let not_asked = not_asked.or((self.act.is_some() && kind != GoalKind::Acts).then_some("goal.act"));
        let not_asked = not_asked.or((!self.skus.is_empty() && kind != GoalKind::Acts).then_some("goal.skus"));
        if let Some(field) = not_asked {
            return Err(invalid(field, "这种目标不需要这一项。", "A goal of this sort does not ask for this."));
        }
        for (field, named) in [("goal.categories", &self.categories), ("goal.shops", &self.shops), ("goal.skus", &self.skus)] {
            let odd = |one: &String| !(1..=NAMED_CHARS).contains(&one.chars().count());
            if named.len() > NAMED || named.iter().any(odd) {
                return Err(invalid(field, "最多 100 项，每项 1 到 200 个字。", "100 at most, each of 1 to 200 characters."));
            }
        }
        match kind {
            GoalKind::Profile => {
                let twice = self.fields.iter().enumerate().any(|(i, field)| self.fields[..i].contains(field));
                if self.fields.is_empty() || twice {
                    return Err(invalid("goal.fields", "请选要完善的资料，每项一次。", "Name the facts to be known, each once."));
                }
            }
            GoalKind::Spend => {
                if money(self.amount.as_ref(), currency, "goal.amount")? == 0 {
                    return Err(invalid("goal.amount", "请写消费金额，要大于 0。", "State an amount above nothing."));
                }
            }
            GoalKind::Points if (1..=MOST_POINTS).contains(&self.times) => {}
            GoalKind::Points => return Err(invalid("goal.times", "积分数超出范围。", "The number of points is out of range.")),
            GoalKind::Orders | GoalKind::CheckIn | GoalKind::Acts => {
                if !(1..=MOST_TIMES).contains(&self.times) {
                    return Err(invalid("goal.times", "次数为 1 到 10000。", "A number of times is 1 to 10000."));
                }
                let known = self.act.as_deref().is_some_and(|act| KINDS.contains(&act));
                if kind == GoalKind::Acts && !known {
                    let en = format!("The kind of act is one of {}.", KINDS.join(", "));
                    return Err(invalid("goal.act", "请选一种行为。", &en));
                }
            }
        }
        Ok(())
    }
}
