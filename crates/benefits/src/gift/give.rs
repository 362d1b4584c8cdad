//! Giving to a member all that belongs together, in the caller's transaction. What of it cannot be given is told, and keeps
//! nothing else back. The caller answers for giving it once.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result};
use shuke_loyalty::event::{Act, Event as Posting};
use shuke_members::MemberId;
use shuke_programme::book::post::{self, Request};
use shuke_programme::definition::service as programmes;
use shuke_programme::{Programme, ProgrammeId};
use shuke_store::Tx;

use super::Gift;
use crate::benefit::service as benefits;
use crate::reward::{Kind, redeem, service as rewards};
use crate::state::State;
use crate::usage;
use crate::words::{NOT_ACTIVE, Why, invalid};
use crate::{BenefitId, GivenId, RedemptionId, RewardId};

/// Uses that were given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GivenUses {
    /// Of which benefit.
    pub benefit: BenefitId,
    /// How many.
    pub uses: i64,
    /// Until when.
    pub until: Instant,
}

/// A reward that was given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GivenReward {
    /// Which.
    pub reward: RewardId,
    /// What it is called among redemptions.
    pub redemption: RedemptionId,
}

/// What could not be given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Missing {
    /// `points`, or the id of the benefit or reward.
    pub what: String,
    /// Why not.
    pub why: Why,
}

/// What was given, beside points and growth.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Parts {
    /// Uses.
    pub uses: Vec<GivenUses>,
    /// Rewards.
    pub rewards: Vec<GivenReward>,
    /// What could not be given.
    pub missing: Vec<Missing>,
}

/// What was given.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Handed {
    /// Points.
    pub points: i64,
    /// Growth value.
    pub growth: i64,
    /// The rest, and what could not be given.
    pub parts: Parts,
}

impl Gift<'_> {
    /// Refuses benefits and rewards that are not there, and rewards that cannot be a part.
    ///
    /// # Errors
    /// The first that cannot be given.
    pub fn known(&self, tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
        for (i, part) in self.uses.iter().enumerate() {
            match benefits::get(tx, cx.merchant, part.benefit) {
                Ok(found) if found.state != State::Archived => {}
                Ok(_) | Err(Error::Refused(_)) => {
                    return Err(invalid(
                        format!("uses[{i}].benefit"),
                        "找不到这项权益，或它已归档。",
                        "There is no such benefit, or it is put away.",
                    )
                    .into());
                }
                Err(fault) => return Err(fault),
            }
        }
        for (i, id) in self.rewards.iter().enumerate() {
            match rewards::get(tx, cx.merchant, *id) {
                Ok(found) if found.state != State::Archived && found.definition.kind != Kind::Growth => {}
                Ok(_) | Err(Error::Refused(_)) => {
                    let (zh, en) = (
                        "找不到这个奖品，或它已归档；成长值请直接填写，不从商城选。",
                        "There is no such reward, or it is put away; state growth value itself, not as a reward.",
                    );
                    return Err(invalid(format!("rewards[{i}]"), zh, en).into());
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

/// Gives all of a gift to a member who stays, under an id that is used once.
///
/// # Errors
/// Where the store fails. What of the gift cannot be given is told with what was.
pub fn hand_over(tx: &mut Tx<'_>, cx: &Ctx, gift: &Gift<'_>, member: MemberId, given: GivenId) -> Result<Handed> {
    let mut parts = Parts::default();
    let (points, growth) = match book(tx, cx, gift, member, given)? {
        Ok(()) => (gift.points, gift.growth),
        Err(refusal) => {
            parts.missing.push(Missing { what: "points".to_owned(), why: Why::from(&refusal) });
            (0, 0)
        }
    };
    for part in gift.uses {
        let benefit = benefits::get(tx, cx.merchant, part.benefit)?;
        if benefit.state == State::Archived {
            let why = Why::from(&NOT_ACTIVE.with("name", &benefit.definition.name));
            parts.missing.push(Missing { what: benefit.id.to_string(), why });
            continue;
        }
        let until = cx.now.plus_seconds(part.days.saturating_mul(86_400));
        usage::grant(tx, cx, (part.benefit, member), part.uses, until, given)?;
        parts.uses.push(GivenUses { benefit: part.benefit, uses: part.uses, until });
    }
    for (no, reward) in gift.rewards.iter().enumerate() {
        let reward = rewards::get(tx, cx.merchant, *reward)?;
        match redeem::give(tx, cx, member, &reward, given, no)? {
            Ok(made) => parts.rewards.push(GivenReward { reward: reward.id, redemption: made.id }),
            Err(refusal) => parts.missing.push(Missing { what: reward.id.to_string(), why: Why::from(&refusal) }),
        }
    }
    Ok(Handed { points, growth, parts })
}

/// Books points and growth of a gift, under an id of its own.
fn book(tx: &mut Tx<'_>, cx: &Ctx, gift: &Gift<'_>, member: MemberId, given: GivenId) -> Result<Result<(), Refusal>> {
    let Some(id) = gift.programme.filter(|_| gift.points > 0 || gift.growth > 0) else { return Ok(Ok(())) };
    match post_to(tx, cx, id, gift, member, given) {
        Ok(()) => Ok(Ok(())),
        Err(Error::Refused(refusal)) => Ok(Err(*refusal)),
        Err(fault) => Err(fault),
    }
}

fn post_to(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, gift: &Gift<'_>, member: MemberId, given: GivenId) -> Result<()> {
    let programme: Programme = programmes::get(tx, cx.merchant, id)?;
    programmes::must_run(&programme, cx.now)?;
    let acts =
        [(gift.points > 0).then_some(Act::Adjust { points: gift.points }), (gift.growth > 0).then_some(Act::Growth { value: gift.growth })];
    let events = acts.into_iter().flatten().map(|act| Posting { time: cx.now, id: given.to_string(), act }).collect();
    let request = Request { reason: Some(gift.name.to_owned()), ..Request::of(member, events) };
    post::post(tx, cx, &programme, request).map(|_| ())
}
