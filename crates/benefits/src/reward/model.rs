//! What a reward is, what it costs whom, and whether a member may redeem it: pure rules.

use serde::{Deserialize, Serialize};
use shuke_coupons::BatchId;
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Instant, Refusal, Zone};
use shuke_loyalty::json::MOST_POINTS;
use shuke_programme::ProgrammeId;
use utoipa::ToSchema;

use crate::RewardId;
use crate::benefit::judge::used_up;
use crate::benefit::model::{money, said, times};
use crate::quota::{Quota, Stretch};
use crate::share::Funded;
use crate::state::State;
use crate::who::{Held, Inside, OF_REWARDS, Who, day};
use crate::words::{self, invalid};

/// Pieces at most.
pub const MOST_STOCK: i64 = 1_000_000_000;

/// Tiers with a price of their own at most.
const TIERS: usize = 50;

/// What sort of reward.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RewardKind)]
pub enum Kind {
    /// Something that is sent.
    Goods,
    /// Something that is done.
    Service,
    /// Growth value, at once.
    Growth,
    /// A coupon out of a batch, at once.
    Coupon,
}

impl Kind {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Service => "service",
            Self::Growth => "growth",
            Self::Coupon => "coupon",
        }
    }

    /// Whether the member has it as soon as it is redeemed, so that nothing is left to be sent or done.
    pub const fn is_at_once(self) -> bool {
        matches!(self, Self::Growth | Self::Coupon)
    }
}

/// What members of a tier pay.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TierPoints {
    /// The tier's name.
    pub tier: String,
    /// Points.
    #[schema(minimum = 1)]
    pub points: i64,
}

/// What a merchant says of a reward.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RewardInput)]
pub struct Definition {
    /// As people read it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// What sort of reward.
    pub kind: Kind,
    /// In the words of the shop.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// The programme whose points it costs. It stays what it is.
    #[schema(value_type = String, example = "prg_01kc…")]
    pub programme: ProgrammeId,
    /// What it costs, points.
    #[schema(minimum = 1)]
    pub points: i64,
    /// What it costs members of these tiers instead.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub tier_points: Vec<TierPoints>,
    /// Of growth value: how much.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub growth: i64,
    /// Of a coupon: out of which batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "cpb_01kc…")]
    pub coupons: Option<BatchId>,
    /// Who may redeem it; tiers are those of its programme.
    #[serde(default)]
    pub who: Who,
    /// How often a member may.
    #[serde(default)]
    pub limit: Option<Quota>,
    /// Of goods: redeeming it takes an address to send it to, or an order in whose parcel it goes.
    #[serde(default)]
    pub needs_address: bool,
    /// From when on.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// When it ends.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// What a piece costs the merchant.
    #[serde(default)]
    pub cost: Option<MoneyDto>,
    /// Who else bears it.
    #[serde(default)]
    pub funded: Funded,
    /// To make one: how many pieces there are; without end where it is left out. Changed by itself later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub stock: Option<i64>,
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
        (self.name, self.description) = said(&self.name, &self.description)?;
        (self.version, self.stock) = (None, None);
        self.who.programme = Some(self.programme);
        let price = |points: i64, field: &str| {
            if (1..=MOST_POINTS).contains(&points) {
                return Ok(());
            }
            Err(invalid(field, "积分至少 1 分。", "It costs 1 point at least."))
        };
        price(self.points, "points")?;
        if self.tier_points.len() > TIERS {
            return Err(invalid("tier_points", "最多 50 个等级。", "50 tiers at most."));
        }
        for (i, tier) in self.tier_points.iter().enumerate() {
            price(tier.points, &format!("tier_points[{i}].points"))?;
            if self.tier_points[..i].iter().any(|other| other.tier == tier.tier) {
                return Err(invalid(format!("tier_points[{i}].tier"), "同一等级写了两次。", "The tier is named twice."));
            }
        }
        let growth_fits = if self.kind == Kind::Growth { (1..=MOST_POINTS).contains(&self.growth) } else { self.growth == 0 };
        if !growth_fits {
            return Err(invalid(
                "growth",
                "成长值奖品要写成长值，其他奖品不写。",
                "Growth value is stated for a reward of growth, and for no other.",
            ));
        }
        if self.coupons.is_some() != (self.kind == Kind::Coupon) {
            return Err(invalid(
                "coupons",
                "优惠券奖品要选一批券，其他奖品不选。",
                "A batch is stated for a reward that is a coupon, and for no other.",
            ));
        }
        if self.needs_address && self.kind != Kind::Goods {
            return Err(invalid("needs_address", "只有实物需要收货地址。", "Only goods are sent to an address."));
        }
        if let Some(limit) = &self.limit {
            limit.check("limit")?;
        }
        times(self.from, self.until)?;
        money(self.cost.as_ref(), currency, "cost")?;
        self.funded.check()?;
        Ok(self)
    }

    /// What it costs somebody who holds this tier.
    pub fn price(&self, held: Option<&Held>) -> i64 {
        let own = held.and_then(|held| self.tier_points.iter().find(|tier| tier.tier == held.tier));
        own.map_or(self.points, |tier| tier.points)
    }
}

/// The number of pieces, as it is said for one that is made.
///
/// # Errors
/// Where it is below nothing or beyond reckoning.
pub fn stock(pieces: Option<i64>) -> Result<Option<i64>, Refusal> {
    if pieces.is_some_and(|pieces| !(0..=MOST_STOCK).contains(&pieces)) {
        return Err(invalid("stock", "库存为 0 到 10 亿的整数；不填为不限。", "Stock is 0 to 1000000000; left out, it has no end."));
    }
    Ok(pieces)
}

/// A reward as it is kept.
#[derive(Clone, Debug)]
pub struct Reward {
    /// Which.
    pub id: RewardId,
    /// What the merchant says of it.
    pub definition: Definition,
    /// What people set it to.
    pub state: State,
    /// Pieces left; none for no end.
    pub stock: Option<i64>,
    /// Redemptions that were not cancelled.
    pub taken: i64,
    /// What its picture's bytes come to; none without one.
    pub picture: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
}

/// What is known of a member for a reward.
pub struct Facts<'a> {
    /// The instant of the question.
    pub now: Instant,
    /// The merchant's zone.
    pub zone: &'a Zone,
    /// The tier held in its programme.
    pub held: Option<&'a Held>,
    /// Whether they are in each of its segments.
    pub inside: &'a [Inside],
    /// The stretch in which redemptions are counted.
    pub stretch: Stretch,
    /// Redemptions in it.
    pub redeemed: i64,
}

impl Reward {
    /// What people are told of its state.
    pub fn told(&self, now: Instant) -> &'static str {
        self.state.told(now, self.definition.from, self.definition.until)
    }

    /// Whether a member may redeem it, but for their points.
    ///
    /// # Errors
    /// The first reason for which they may not: active, begun, over, tier, segment, limit, stock.
    pub fn judge(&self, facts: &Facts<'_>) -> Result<(), Refusal> {
        let (definition, name) = (&self.definition, &self.definition.name);
        if self.state != State::Active {
            return Err(words::REWARD_NOT_ACTIVE.with("name", name));
        }
        if let Some(from) = definition.from.filter(|from| facts.now < *from) {
            return Err(words::REWARD_NOT_BEGUN.with("name", name).with("from", day(facts.zone, from)));
        }
        if let Some(until) = definition.until.filter(|until| *until <= facts.now) {
            return Err(words::REWARD_OVER.with("name", name).with("until", day(facts.zone, until)));
        }
        definition.who.lets(OF_REWARDS, name, facts.held, facts.inside)?;
        if let Some(limit) = definition.limit.filter(|limit| facts.redeemed >= limit.uses) {
            return Err(used_up(&words::LIMIT_REACHED, name, limit, facts.zone, facts.stretch));
        }
        if self.stock == Some(0) {
            return Err(words::OUT_OF_STOCK.with("name", name));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is changed of a good one, and the refusal.
    type Spoilt = (fn(&mut Definition), &'static str);
    use crate::quota::{Per, Period};

    fn reward(change: impl FnOnce(&mut Definition)) -> Reward {
        let programme = ProgrammeId::from_bytes([1; 16]);
        let mut definition: Definition =
            serde_json::from_value(serde_json::json!({ "name": "杯子", "kind": "goods", "programme": programme, "points": 100 }))
                .expect("one");
        change(&mut definition);
        let id = RewardId::from_bytes([2; 16]);
        Reward { id, definition, state: State::Active, stock: Some(1), taken: 0, picture: None, version: 1, created_at: Instant(0) }
    }

    fn held(tier: &str) -> Held {
        Held { programme: ProgrammeId::from_bytes([1; 16]), tier: tier.to_owned(), period: Period::default() }
    }

    #[test]
    fn a_price_may_differ_by_tier() {
        let reward = reward(|d| d.tier_points = vec![TierPoints { tier: "金牌".to_owned(), points: 80 }]);
        assert_eq!(reward.definition.price(None), 100);
        assert_eq!(reward.definition.price(Some(&held("银牌"))), 100);
        assert_eq!(reward.definition.price(Some(&held("金牌"))), 80);
    }

    #[test]
    fn each_reason_has_its_code() {
        let (zone, now) = (Zone::shanghai(), Instant(1_772_323_200_000_000));
        let ever = Quota { uses: 1, per: Per::Ever };
        let judged = |reward: &Reward, held: Option<&Held>, redeemed: i64| {
            let facts = Facts { now, zone: &zone, held, inside: &[], stretch: Stretch::default(), redeemed };
            reward.judge(&facts).map_err(|refusal| {
                assert!(!refusal.text(true).contains('{') && !refusal.text(false).contains('{'), "{}", refusal.text(false));
                refusal.code.code
            })
        };
        let plain = reward(|_| {});
        assert_eq!(judged(&plain, None, 5), Ok(()));
        assert_eq!(judged(&Reward { state: State::Paused, ..plain.clone() }, None, 0), Err("reward.not_active"));
        assert_eq!(judged(&Reward { stock: Some(0), ..plain.clone() }, None, 0), Err("reward.out_of_stock"));
        assert_eq!(judged(&Reward { stock: None, ..plain }, None, 0), Ok(()));
        assert_eq!(judged(&reward(|d| d.from = Some(now.plus_seconds(1))), None, 0), Err("reward.not_begun"));
        assert_eq!(judged(&reward(|d| d.until = Some(now)), None, 0), Err("reward.over"));
        let limited = reward(|d| d.limit = Some(ever));
        assert_eq!((judged(&limited, None, 0), judged(&limited, None, 1)), (Ok(()), Err("reward.limit_reached")));
        let gold = reward(|d| d.who.tiers = vec!["金牌".to_owned()]);
        assert_eq!(judged(&gold, Some(&held("银牌")), 0), Err("reward.not_in_tier"));
        assert_eq!(judged(&gold, Some(&held("金牌")), 0), Ok(()));
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_place() {
        let cases: [Spoilt; 8] = [
            (|d| d.points = 0, "points"),
            (|d| d.tier_points = vec![TierPoints { tier: "a".to_owned(), points: -1 }], "tier_points[0].points"),
            (|d| d.growth = 5, "growth"),
            (|d| d.kind = Kind::Growth, "growth"),
            (|d| d.kind = Kind::Coupon, "coupons"),
            (|d| d.coupons = Some(BatchId::from_bytes([3; 16])), "coupons"),
            (|d| (d.kind, d.needs_address) = (Kind::Service, true), "needs_address"),
            (|d| d.limit = Some(Quota { uses: 10_001, per: Per::Ever }), "limit.uses"),
        ];
        for (spoil, field) in cases {
            let refusal = reward(spoil).definition.checked(Currency::CNY).expect_err(field);
            assert_eq!(refusal.field.as_deref(), Some(field));
        }
        assert!(stock(Some(-1)).is_err() && stock(Some(0)).is_ok());
    }
}
