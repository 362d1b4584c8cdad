//! Giving a pack to a member: everything in it in one transaction, once for its occasion.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result};
use shuke_loyalty::event::{Act, Event as Posting};
use shuke_members::MemberId;
use shuke_programme::book::post::{self, Request};
use shuke_programme::definition::service as programmes;
use shuke_programme::{Programme, ProgrammeId};
use shuke_store::{Event, Row, Tx, Value, args};

use super::model::Pack;
use super::{service, sql};
use crate::benefit::service as benefits;
use crate::reward::{redeem, service as rewards};
use crate::state::State;
use crate::usage;
use crate::who::{OF_BENEFITS, Person};
use crate::words::{NOT_ACTIVE, Why};
use crate::{BenefitId, GivenId, PackId, RedemptionId, RewardId};

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

/// What of a pack was given, beside points and growth.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Parts {
    /// Uses.
    pub uses: Vec<GivenUses>,
    /// Rewards.
    pub rewards: Vec<GivenReward>,
    /// What could not be given.
    pub missing: Vec<Missing>,
}

/// A pack that was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Which.
    pub id: GivenId,
    /// Of which pack.
    pub pack: PackId,
    /// To whom.
    pub member: MemberId,
    /// What makes it once.
    pub occasion: String,
    /// Points.
    pub points: i64,
    /// Growth value.
    pub growth: i64,
    /// The rest.
    pub parts: Parts,
    /// When.
    pub given_at: Instant,
}

/// An occasion for a pack.
#[derive(Clone, Debug)]
pub struct Reason {
    /// What makes it once: the same again is the same occasion.
    pub name: String,
    /// When it was.
    pub at: Instant,
    /// Until when another of the same name is the same; none for ever.
    pub until: Option<Instant>,
}

/// Gives a pack to a member by an occasion. Whether it was given: not twice, not to whom it is not for, not to who is erased.
///
/// # Errors
/// Where the store fails. What of the pack cannot be given is kept with what was.
pub fn give(tx: &mut Tx<'_>, cx: &Ctx, id: PackId, member: MemberId, by: &Reason) -> Result<bool> {
    // One pack is given by one hand at a time, so that nobody has it twice.
    let pack = service::hold(tx, cx.merchant, id)?;
    let Some(mut person) = Person::staying(tx, cx, member)? else { return Ok(false) };
    if !pack.takes(by.at) || tx.row(sql::HAD, args![cx.merchant, person.member, id, &by.name, by.at])?.is_some() {
        return Ok(false);
    }
    let definition = &pack.definition;
    let held = person.tier_of(tx, cx, &definition.who)?;
    let inside = person.inside(tx, cx, &definition.who.segments)?;
    if definition.who.lets(OF_BENEFITS, &definition.name, held.as_ref(), &inside).is_err() {
        return Ok(false);
    }
    let given: GivenId = cx.new_id();
    let mut parts = Parts::default();
    let (points, growth) = match book(tx, cx, &pack, person.member, given)? {
        Ok(()) => (definition.points, definition.growth),
        Err(refusal) => {
            parts.missing.push(Missing { what: "points".to_owned(), why: Why::from(&refusal) });
            (0, 0)
        }
    };
    for part in &definition.uses {
        let benefit = benefits::get(tx, cx.merchant, part.benefit)?;
        if benefit.state == State::Archived {
            let why = Why::from(&NOT_ACTIVE.with("name", &benefit.definition.name));
            parts.missing.push(Missing { what: benefit.id.to_string(), why });
            continue;
        }
        let until = cx.now.plus_seconds(part.days.saturating_mul(86_400));
        usage::grant(tx, cx, (part.benefit, person.member), part.uses, until, given)?;
        parts.uses.push(GivenUses { benefit: part.benefit, uses: part.uses, until });
    }
    for (no, reward) in definition.rewards.iter().enumerate() {
        let reward = rewards::get(tx, cx.merchant, *reward)?;
        match redeem::give(tx, cx, person.member, &reward, given, no)? {
            Ok(made) => parts.rewards.push(GivenReward { reward: reward.id, redemption: made.id }),
            Err(refusal) => parts.missing.push(Missing { what: reward.id.to_string(), why: Why::from(&refusal) }),
        }
    }
    let body = serde_json::to_string(&parts)?;
    tx.exec(sql::ADD_GIVEN, args![cx.merchant, given, id, person.member, &by.name, by.until, points, growth, body, cx.now])?;
    tx.exec(sql::MORE, args![cx.merchant, id])?;
    let data =
        serde_json::json!({ "pack": id, "given": given, "occasion": definition.occasion.word(), "points": points, "growth": growth });
    let subject = *person.member.bytes();
    let event = Event {
        kind: "pack.given",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mem",
        subject,
        member: Some(subject),
        data: data.to_string(),
    };
    tx.emit(cx, event)?;
    Ok(true)
}

/// Books points and growth of a pack, under an id of its own.
fn book(tx: &mut Tx<'_>, cx: &Ctx, pack: &Pack, member: MemberId, given: GivenId) -> Result<Result<(), Refusal>> {
    let definition = &pack.definition;
    let Some(id) = definition.who.programme.filter(|_| definition.points > 0 || definition.growth > 0) else { return Ok(Ok(())) };
    match post_to(tx, cx, id, pack, member, given) {
        Ok(()) => Ok(Ok(())),
        Err(Error::Refused(refusal)) => Ok(Err(*refusal)),
        Err(fault) => Err(fault),
    }
}

fn post_to(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, pack: &Pack, member: MemberId, given: GivenId) -> Result<()> {
    let programme: Programme = programmes::get(tx, cx.merchant, id)?;
    programmes::must_run(&programme, cx.now)?;
    let definition = &pack.definition;
    let acts = [
        (definition.points > 0).then_some(Act::Adjust { points: definition.points }),
        (definition.growth > 0).then_some(Act::Growth { value: definition.growth }),
    ];
    let events = acts.into_iter().flatten().map(|act| Posting { time: cx.now, id: given.to_string(), act }).collect();
    let request = Request { reason: Some(definition.name.clone()), ..Request::of(member, events) };
    post::post(tx, cx, &programme, request).map(|_| ())
}

fn read(mut r: Row) -> Result<Given> {
    let body: String = r.get(6)?;
    Ok(Given {
        id: r.get(0)?,
        pack: r.get(1)?,
        member: r.get(2)?,
        occasion: r.get(3)?,
        points: r.get(4)?,
        growth: r.get(5)?,
        parts: serde_json::from_str(&body)?,
        given_at: r.get(7)?,
    })
}

/// What was given before a place, newest first; of a pack or to a member where those are named.
pub fn list(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    pack: Option<PackId>,
    member: Option<MemberId>,
    before: (i64, [u8; 16]),
    limit: i64,
) -> Result<Vec<Given>> {
    let mut binds: Vec<Value> = vec![cx.merchant.into(), before.0.into(), before.1.into(), pack.into(), limit.into()];
    let text = match member {
        Some(member) => {
            binds.push(member.into());
            sql::GIVEN_TO
        }
        None => sql::GIVEN,
    };
    tx.rows(text, &binds)?.into_iter().map(read).collect()
}
