//! What a growth task is: pure rules.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Currency, Instant, Refusal};
use utoipa::ToSchema;

use super::goal::{Goal, GoalKind};
use crate::benefit::model::{said, times};
use crate::gift::{Gift, PackUses};
use crate::state::State;
use crate::who::Who;
use crate::words::invalid;
use crate::{GrowthTaskId, RewardId};

/// Characters of the sentence for the shopper at most.
const SAYS: usize = 200;
/// Pieces of a budget at most.
const MOST_PIECES: i64 = 100_000_000;

/// How often a member may do it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GrowthRepeat)]
pub enum Repeat {
    /// Once.
    #[default]
    Once,
    /// Once in each of the merchant's months.
    Month,
    /// Once in each of the merchant's years.
    Year,
}

/// What is made of what members did before the task was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GrowthPast)]
pub enum Past {
    /// Nothing: it counts from when the task is made. Not of profiles, which tell of no time.
    #[default]
    Ignore,
    /// It counts from `from` on; without that from ever, of a task that repeats from the month or year in which it was made.
    Count,
}

/// What a merchant says of a growth task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrowthTaskInput)]
pub struct Definition {
    /// As people read it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// A sentence for the shopper, in the words of the shop.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub says: String,
    /// Who may. Points and growth go into the programme that is named here, and points that are to be earned are of it.
    #[serde(default)]
    pub who: Who,
    /// What is done from then on counts.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// What is done until then counts.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// What is to be done.
    pub goal: Goal,
    /// How often.
    #[serde(default)]
    pub repeat: Repeat,
    /// What is made of what was before the task.
    #[serde(default)]
    pub past: Past,
    /// Points.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub points: i64,
    /// Growth value.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub growth: i64,
    /// Uses of benefits.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub uses: Vec<PackUses>,
    /// Rewards, a piece of each.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub rewards: Vec<RewardId>,
    /// So often it is given in all, whoever comes first; without end where none is stated.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000_000)]
    pub pieces: Option<i64>,
    /// To change one: the `version` that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl Definition {
    /// The definition as it is kept, or what is wrong with it by itself.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn checked(mut self, currency: Currency) -> Result<Self, Refusal> {
        (self.name, _) = said(&self.name, "")?;
        self.says = self.says.trim().to_owned();
        self.version = None;
        if self.says.chars().count() > SAYS || self.says.chars().any(char::is_control) {
            return Err(invalid(
                "says",
                "给会员看的话最多 200 个字，不能换行。",
                "The sentence is 200 characters at most, without line breaks.",
            ));
        }
        self.goal.check(currency)?;
        if self.goal.kind == GoalKind::Points && self.who.programme.is_none() {
            return Err(invalid("who.programme", "以积分为目标时要选会员计划。", "Points that are to be earned need their programme."));
        }
        if self.goal.kind == GoalKind::Profile && self.repeat != Repeat::Once {
            return Err(invalid("repeat", "完善资料只能做一次。", "A profile is completed once."));
        }
        if self.goal.kind == GoalKind::Profile && self.past != Past::Count {
            let (zh, en) = (
                "完善资料的任务总是计入过去（count）：已经完善的会员也算完成。要排除他们，请选一个静态人群。",
                "A task about profiles counts the past: whoever is complete has done it. To leave them out name a segment that is a list.",
            );
            return Err(invalid("past", zh, en));
        }
        self.gift().check()?;
        if self.pieces.is_some_and(|pieces| !(1..=MOST_PIECES).contains(&pieces)) {
            return Err(invalid("pieces", "份数为 1 到 1 亿。", "Pieces are 1 to 100,000,000."));
        }
        times(self.from, self.until)?;
        Ok(self)
    }

    /// What it is done for.
    pub fn gift(&self) -> Gift<'_> {
        let Self { name, who, points, growth, uses, rewards, .. } = self;
        Gift { name, programme: who.programme, points: *points, growth: *growth, uses, rewards }
    }
}

/// A task as it is kept.
#[derive(Clone, Debug)]
pub struct Task {
    /// Which.
    pub id: GrowthTaskId,
    /// What the merchant says of it.
    pub definition: Definition,
    /// What people set it to.
    pub state: State,
    /// How often its reward was given.
    pub given: i64,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
}

impl Task {
    /// What people are told of its state.
    pub fn told(&self, now: Instant) -> &'static str {
        self.state.told(now, self.definition.from, self.definition.until)
    }

    /// Pieces that are left; none where there is no end to them.
    pub fn left(&self) -> Option<i64> {
        self.definition.pieces.map(|pieces| (pieces - self.given).max(0))
    }
}

#[cfg(test)]
mod tests {
    use shuke_http::MoneyDto;

    use super::super::goal::Field;
    use super::*;

    fn good() -> Definition {
        let text = r#"{"name": "x", "goal": {"kind": "orders", "times": 2}, "rewards": ["rwd_00000000000000000000000000"]}"#;
        serde_json::from_str(text).expect("one")
    }

    /// What is changed of a good one, and the refusal's place.
    type Spoilt = (fn(&mut Definition), &'static str);

    #[test]
    fn what_cannot_be_is_refused_with_its_place() {
        assert!(good().checked(Currency::CNY).is_ok());
        let yuan = |amount| Some(MoneyDto { amount, currency: "CNY".to_owned() });
        assert_eq!(Goal { kind: GoalKind::Spend, times: 0, amount: yuan(5), ..good().goal }.need(), 5);
        let cases: [Spoilt; 17] = [
            (|d| d.name = " ".to_owned(), "name"),
            (|d| d.says = "x".repeat(201), "says"),
            (|d| d.rewards = Vec::new(), "points"),
            (|d| d.points = 1, "who.programme"),
            (|d| d.goal.times = 0, "goal.times"),
            (|d| d.goal.times = 10_001, "goal.times"),
            (|d| d.goal.fields = vec![Field::Name], "goal.fields"),
            (|d| d.goal.act = Some("share".to_owned()), "goal.act"),
            (|d| d.goal.skus = vec!["a".to_owned()], "goal.skus"),
            (|d| d.goal.categories = vec![String::new()], "goal.categories"),
            (|d| d.goal.kind = GoalKind::Acts, "goal.act"),
            (|d| d.goal.kind = GoalKind::Points, "who.programme"),
            (|d| (d.goal.kind, d.goal.times) = (GoalKind::Spend, 0), "goal.amount"),
            (|d| (d.goal.kind, d.goal.times) = (GoalKind::Profile, 0), "goal.fields"),
            (
                |d| {
                    (d.goal.kind, d.goal.times, d.goal.fields) = (GoalKind::Profile, 0, vec![Field::Region]);
                    d.repeat = Repeat::Month;
                },
                "repeat",
            ),
            (|d| (d.goal.kind, d.goal.times, d.goal.fields) = (GoalKind::Profile, 0, vec![Field::Region]), "past"),
            (|d| d.pieces = Some(0), "pieces"),
        ];
        for (i, (spoil, field)) in cases.into_iter().enumerate() {
            let mut definition = good();
            spoil(&mut definition);
            assert_eq!(definition.checked(Currency::CNY).expect_err(field).field.as_deref(), Some(field), "case {i}");
        }
        let mut foreign = good();
        foreign.goal =
            Goal { kind: GoalKind::Spend, times: 0, amount: Some(MoneyDto { amount: 1, currency: "USD".to_owned() }), ..foreign.goal };
        assert_eq!(foreign.checked(Currency::CNY).expect_err("dollars").field.as_deref(), Some("goal.amount.currency"));
    }
}
