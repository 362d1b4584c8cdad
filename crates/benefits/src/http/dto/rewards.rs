//! What the API gives of packs, rewards and redemptions.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Instant};
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use utoipa::ToSchema;

use super::{Brief, money};
use crate::gift::give::Parts;
use crate::pack::give::Given;
use crate::pack::{self, Pack};
use crate::reward::address::Address;
use crate::reward::redeem::Redemption;
use crate::reward::{self, Reward};
use crate::words::Why;
use crate::{BenefitId, PackId, RedemptionId, RewardId};

/// A pack.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitPack)]
pub(in crate::http) struct PackDto {
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
    pub(in crate::http) fn of(p: Pack, now: Instant) -> Self {
        let state = p.told(now).to_owned();
        Self { id: p.id, state, given: p.given, version: p.version, created_at: p.created_at, definition: p.definition }
    }
}

/// Uses that a pack or a growth task gave.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct PackGivenUses {
    /// Of which benefit.
    pub benefit: Brief,
    /// How many.
    pub uses: i64,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Instant,
}

/// A reward that a pack or a growth task gave.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct PackGivenReward {
    /// `rdm_…`.
    #[schema(value_type = String)]
    pub redemption: RedemptionId,
    /// Which.
    pub reward: Brief,
}

/// What could not be given.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct PackMissing {
    /// `points`, or the id of the benefit or reward.
    pub what: String,
    /// Why not.
    pub why: Why,
}

/// A pack that was given.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PackGiven)]
pub(in crate::http) struct GivenDto {
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

/// What of a gift was given and what was not, with the names of it.
pub(super) fn parts(
    parts: Parts,
    benefits: &HashMap<BenefitId, Brief>,
    rewards: &HashMap<RewardId, Brief>,
) -> (Vec<PackGivenUses>, Vec<PackGivenReward>, Vec<PackMissing>) {
    let uses = parts.uses.into_iter();
    let uses = uses.map(|u| PackGivenUses { benefit: Brief::named(benefits, u.benefit), uses: u.uses, until: u.until }).collect();
    let of = parts.rewards.into_iter();
    let of = of.map(|r| PackGivenReward { redemption: r.redemption, reward: Brief::named(rewards, r.reward) }).collect();
    (uses, of, parts.missing.into_iter().map(|m| PackMissing { what: m.what, why: m.why }).collect())
}

impl GivenDto {
    pub(in crate::http) fn of(
        given: Given,
        packs: &HashMap<PackId, Brief>,
        benefits: &HashMap<BenefitId, Brief>,
        rewards: &HashMap<RewardId, Brief>,
    ) -> Self {
        let (uses, of, missing) = parts(given.parts, benefits, rewards);
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
            missing,
        }
    }
}

/// A reward.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Reward)]
pub(in crate::http) struct RewardDto {
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
    pub(in crate::http) fn of(r: Reward, now: Instant) -> Self {
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

/// Where something is sent, masked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MaskedAddress)]
pub(in crate::http) struct AddressDto {
    /// The receiver's first character.
    #[schema(example = "王**")]
    pub receiver: String,
    /// The ends of the phone.
    #[schema(example = "137****7000")]
    pub phone: String,
    /// Province and city.
    #[schema(example = "广东省深圳市****")]
    pub address: String,
}

impl AddressDto {
    pub(in crate::http) fn of(address: &Address) -> Self {
        let masked = address.masked();
        Self { receiver: masked.receiver, phone: masked.phone, address: masked.address }
    }
}

/// A redemption.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Redemption)]
pub(in crate::http) struct RedemptionDto {
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
    /// Where it is sent, masked; null where nobody said.
    pub address: Option<AddressDto>,
    /// By whom it is sent.
    pub carrier: Option<String>,
    /// Under which number.
    pub number: Option<String>,
    /// `pkg_…` where a pack gave it, or a growth task that was done.
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
    pub(in crate::http) fn of(r: Redemption, names: &HashMap<RewardId, Brief>, currency: Currency) -> Self {
        let address = r.address.as_ref().map(AddressDto::of);
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
            address,
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
