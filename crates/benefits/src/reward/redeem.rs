//! Redeeming: points out of the ledger and a piece off the stock in one transaction.
//!
//! The spend's id in the ledger is made of the reward and the request, so that the ledger itself knows a request that
//! comes again. The book is held from the spend on, which makes the limit of a member exact; the piece is taken by one
//! statement that takes none below nothing. Whatever is refused rolls everything back: nothing is ever half.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_coupons::coupon::take as coupons;
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result};
use shuke_loyalty::event::{Act, Event as Posting, Outcome};
use shuke_members::{MEMBER_NOT_FOUND, MemberId};
use shuke_programme::book::post::{self, Request, Written};
use shuke_programme::definition::service as programmes;
use shuke_programme::{ProgrammeId, book};
use shuke_store::register::row_name;
use shuke_store::{Event, Row, Tx, Value, args};

use super::address::{self, Address, To};
use super::model::{Facts, Kind, Reward};
use super::{service, sql};
use crate::benefit::model::money;
use crate::benefit::service::currency;
use crate::quota::Stretch;
use crate::share::Shares;
use crate::who::Person;
use crate::words::{NO_REDEMPTION, OTHER_MEMBER, OUT_OF_STOCK};
use crate::{GivenId, RedemptionId, RewardId};

/// How it is sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parcel {
    /// By whom.
    pub carrier: String,
    /// Under which number.
    pub number: String,
}

/// A redemption.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// Which.
    pub id: RedemptionId,
    /// Of which reward.
    pub reward: RewardId,
    /// By whom.
    pub member: MemberId,
    /// With points of which programme.
    pub programme: ProgrammeId,
    /// The caller's id of it.
    pub request: String,
    /// What it cost the member.
    pub points: i64,
    /// What it costs the merchant.
    pub shares: Shares,
    /// `requested`, `sent`, `delivered` or `cancelled`.
    pub state: String,
    /// The order in whose parcel it goes: our id of it, or the shop's number.
    pub order: Option<String>,
    /// Where it is sent.
    pub address: Option<Address>,
    /// How it is sent.
    pub parcel: Option<Parcel>,
    /// The pack that was given with it, or the task that was done for it, where there was one.
    pub given: Option<GivenId>,
    /// Who asked for it.
    pub made_by: String,
    /// When it was redeemed,
    pub redeemed_at: Instant,
    /// sent,
    pub sent_at: Option<Instant>,
    /// delivered,
    pub delivered_at: Option<Instant>,
    /// or cancelled.
    pub cancelled_at: Option<Instant>,
}

/// What a redemption keeps sealed, opened.
fn opened<T: DeserializeOwned>(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId, sealed: Option<Vec<u8>>) -> Result<Option<T>> {
    let Some(sealed) = sealed else { return Ok(None) };
    Ok(Some(serde_json::from_slice(&tx.keys(cx.merchant)?.open("redemption", &row_name(&[id.into()]), &sealed)?)?))
}

pub(super) fn read(tx: &mut Tx<'_>, cx: &Ctx, mut r: Row) -> Result<Redemption> {
    let id: RedemptionId = r.get(0)?;
    let (parcel, address) = (opened(tx, cx, id, r.get(11)?)?, opened(tx, cx, id, r.get(18)?)?);
    Ok(Redemption {
        id,
        reward: r.get(1)?,
        member: r.get(2)?,
        programme: r.get(3)?,
        request: r.get(4)?,
        points: r.get(5)?,
        shares: Shares { cost: r.get(6)?, supplier: r.get(7)?, platform: r.get(8)? },
        state: r.get(9)?,
        order: r.get(10)?,
        address,
        parcel,
        given: r.get(12)?,
        made_by: r.get(13)?,
        redeemed_at: r.get(14)?,
        sent_at: r.get(15)?,
        delivered_at: r.get(16)?,
        cancelled_at: r.get(17)?,
    })
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// For whom.
    pub member: MemberId,
    /// Which reward.
    pub reward: RewardId,
    /// The caller's id of it.
    pub request: String,
    /// The order in whose parcel it goes.
    pub order: Option<String>,
    /// Where it is to go.
    pub to: Option<To>,
}

/// What the spend of a request is called in the ledger.
pub(super) fn spend_id(reward: RewardId, request: &str) -> String {
    format!("{reward}/{request}")
}

/// What is known of a member for a reward, and what it costs them.
pub struct Standing {
    /// What it costs them, points.
    pub price: i64,
    /// The tier that they hold.
    pub tier: Option<String>,
    /// Whether they may redeem it, but for their points.
    pub judged: Result<(), Refusal>,
}

/// Looks at a reward for a member at the time of `cx`.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, reward: &Reward, person: &mut Person) -> Result<Standing> {
    let definition = &reward.definition;
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let held = person.tier(tx, cx, definition.programme)?;
    let inside = person.inside(tx, cx, &definition.who.segments)?;
    let period = held.as_ref().map_or_else(Default::default, |held| held.period);
    let stretch = definition.limit.map_or_else(Stretch::default, |limit| limit.per.stretch(&zone, cx.now, period));
    let redeemed = match definition.limit {
        Some(_) => {
            let (from, until) = (stretch.from.map_or(i64::MIN, Instant::micros), stretch.until.map_or(i64::MAX, Instant::micros));
            tx.one(sql::REDEEMED, args![cx.merchant, person.member, reward.id, from, until])?.get(0)?
        }
        None => 0,
    };
    let facts = Facts { now: cx.now, zone: &zone, held: held.as_ref(), inside: &inside, stretch, redeemed };
    let programme = programmes::get(tx, cx.merchant, definition.programme)?;
    let runs = match programmes::must_run(&programme, cx.now) {
        Ok(()) => Ok(()),
        Err(Error::Refused(refusal)) => Err(*refusal),
        Err(fault) => return Err(fault),
    };
    let judged = runs.and_then(|()| reward.judge(&facts));
    Ok(Standing { price: definition.price(held.as_ref()), judged, tier: held.map(|held| held.tier) })
}

/// What came of a request.
pub struct Made {
    /// The redemption.
    pub redemption: Redemption,
    /// Whether this request made it.
    pub new: bool,
    /// Points that the member has left.
    pub available: i64,
}

/// Redeems a reward, if the member may and has the points; the same request again answers with the same redemption.
///
/// # Errors
/// Refuses with the reason for which it may not be; the caller's transaction must then be given up.
pub fn make(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<Made> {
    let person = Person::staying(tx, cx, ask.member)?;
    let Some(mut person) = person else { return Err(MEMBER_NOT_FOUND.refuse().into()) };
    let reward = service::get(tx, cx.merchant, ask.reward)?;
    let programme = programmes::get(tx, cx.merchant, reward.definition.programme)?;
    if let Some(known) = of_request(tx, cx, ask)? {
        return again(tx, cx, known, person.member);
    }
    let before = look(tx, cx, &reward, &mut person)?;
    before.judged?;
    let address = address::asked(tx, cx, &reward, person.member, ask.to.as_ref(), ask.order.is_some())?;
    let mut acts = vec![Act::Spend { points: before.price }];
    if reward.definition.kind == Kind::Growth {
        acts.push(Act::Growth { value: reward.definition.growth });
    }
    let id = spend_id(reward.id, &ask.request);
    let events = acts.into_iter().map(|act| Posting { time: cx.now, id: id.clone(), act }).collect();
    let written = post::post(tx, cx, &programme, Request::of(person.member, events))?;
    match outcome(&written) {
        Outcome::Ok => {}
        // It was asked for at the same time; the other is done by now.
        Outcome::Duplicate => {
            let known = of_request(tx, cx, ask)?.ok_or_else(|| Error::from(book::REFUSED.with("outcome", "duplicate")))?;
            return again(tx, cx, known, person.member);
        }
        Outcome::InsufficientPoints => {
            let available = written.book.heart.available();
            return Err(book::INSUFFICIENT.with("available", available).with("points", before.price).into());
        }
        other => return Err(refused(other)),
    }
    // The book is held from here on: what this member redeemed meanwhile is counted.
    look(tx, cx, &reward, &mut person)?.judged?;
    take(tx, cx, &reward)?;
    let (tier, order) = (before.tier, ask.order.clone());
    let asked = Asked { request: &ask.request, points: before.price, order, address, tier, given: None };
    let redemption = add(tx, cx, &reward, person.member, asked)?;
    let redemption = redemption.ok_or_else(|| Error::from(OTHER_MEMBER.at("id")))?;
    coupon(tx, cx, &reward, person.member, redemption.id.to_string())?.map_err(Error::from)?;
    Ok(Made { redemption, new: true, available: written.book.heart.available() })
}

fn again(tx: &mut Tx<'_>, cx: &Ctx, known: Redemption, member: MemberId) -> Result<Made> {
    if known.member != member {
        return Err(OTHER_MEMBER.at("id").into());
    }
    let found = book::show::find(tx, cx, known.programme, member)?;
    Ok(Made { redemption: known, new: false, available: found.map_or(0, |book| book.heart.available()) })
}

/// The worst of what was answered to what belongs together.
pub(super) fn outcome(written: &Written) -> Outcome {
    written.posted.iter().map(|p| p.outcome).find(|o| *o != Outcome::Ok).unwrap_or(Outcome::Ok)
}

/// The ledger's answer in its own word.
pub(super) fn refused(outcome: Outcome) -> Error {
    match serde_json::to_value(outcome) {
        Ok(word) => book::REFUSED.with("outcome", word.as_str().unwrap_or_default()).into(),
        Err(fault) => fault.into(),
    }
}

fn take(tx: &mut Tx<'_>, cx: &Ctx, reward: &Reward) -> Result<()> {
    if tx.exec(sql::TAKE, args![cx.merchant, reward.id])? == 1 {
        return Ok(());
    }
    Err(OUT_OF_STOCK.with("name", &reward.definition.name).into())
}

/// Gives the coupon that a reward is, under a name that is used once; of another reward there is nothing to give.
fn coupon(tx: &mut Tx<'_>, cx: &Ctx, reward: &Reward, member: MemberId, request: String) -> Result<Result<(), Refusal>> {
    let Some(batch) = reward.definition.coupons else { return Ok(Ok(())) };
    Ok(coupons::grant(tx, cx, member, batch, request)?.map(|_| ()))
}

/// How a redemption comes about.
struct Asked<'a> {
    request: &'a str,
    points: i64,
    order: Option<String>,
    address: Option<Address>,
    tier: Option<String>,
    given: Option<GivenId>,
}

/// Writes the redemption; none where the reward has one of that request.
fn add(tx: &mut Tx<'_>, cx: &Ctx, reward: &Reward, member: MemberId, asked: Asked<'_>) -> Result<Option<Redemption>> {
    let definition = &reward.definition;
    let cost = money(definition.cost.as_ref(), currency(tx, cx.merchant)?, "cost")?;
    let (id, shares): (RedemptionId, Shares) = (cx.new_id(), definition.funded.of(cost));
    let sealed = asked.address.map(|address| address::seal(tx, cx, id, &address)).transpose()?;
    let at_once = definition.kind.is_at_once();
    let state = if at_once { "delivered" } else { "requested" };
    let added = tx.exec(
        sql::ADD_REDEMPTION,
        args![
            cx.merchant,
            id,
            reward.id,
            member,
            definition.programme,
            asked.request,
            asked.points,
            shares.cost,
            shares.supplier,
            shares.platform,
            state,
            asked.order,
            asked.given,
            cx.actor.label(),
            cx.now,
            at_once.then_some(cx.now),
            sealed,
            asked.tier
        ],
    )?;
    if added == 0 {
        return Ok(None);
    }
    let made = get(tx, cx, id)?;
    tell(tx, cx, "reward.redeemed", &made)?;
    Ok(Some(made))
}

/// Gives a reward without points, as a part of a gift. Whoever gives it answers for giving it once.
///
/// # Errors
/// Where the store fails; that none is left, or it is not active, is an answer.
pub fn give(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    member: MemberId,
    reward: &Reward,
    given: GivenId,
    no: usize,
) -> Result<Result<Redemption, Refusal>> {
    // Asked before a piece is taken: an answer rolls nothing back.
    if let Err(refusal) = money(reward.definition.cost.as_ref(), currency(tx, cx.merchant)?, "cost") {
        return Ok(Err(refusal));
    }
    match take(tx, cx, reward) {
        Ok(()) => {}
        Err(Error::Refused(refusal)) => return Ok(Err(*refusal)),
        Err(fault) => return Err(fault),
    }
    if let Err(refusal) = coupon(tx, cx, reward, member, format!("{given}/{no}"))? {
        tx.exec(sql::GIVE_BACK, args![cx.merchant, reward.id])?;
        return Ok(Err(refusal));
    }
    let asked = Asked { request: &format!("{given}/{no}"), points: 0, order: None, address: None, tier: None, given: Some(given) };
    add(tx, cx, reward, member, asked)?.map(Ok).ok_or_else(|| Error::fault("a gift gave a reward twice"))
}

fn of_request(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<Option<Redemption>> {
    tx.row(sql::OF_REQUEST, args![cx.merchant, ask.reward, &ask.request])?.map(|r| read(tx, cx, r)).transpose()
}

/// One.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId) -> Result<Redemption> {
    let row = tx.row(sql::GET_REDEMPTION, args![cx.merchant, id])?;
    row.map(|r| read(tx, cx, r)).transpose()?.ok_or_else(|| NO_REDEMPTION.refuse().into())
}

pub(super) fn hold(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId) -> Result<Redemption> {
    let row = tx.row(sql::HOLD_REDEMPTION, args![cx.merchant, id])?;
    row.map(|r| read(tx, cx, r)).transpose()?.ok_or_else(|| NO_REDEMPTION.refuse().into())
}

pub(super) fn tell(tx: &mut Tx<'_>, cx: &Ctx, kind: &'static str, of: &Redemption) -> Result<()> {
    let event = Event {
        kind,
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mem",
        subject: *of.member.bytes(),
        member: Some(*of.member.bytes()),
        data: serde_json::json!({ "redemption": of.id, "reward": of.reward, "points": of.points, "order": of.order }).to_string(),
    };
    tx.emit(cx, event)
}

/// Which redemptions are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in this state.
    pub state: Option<String>,
    /// Only of this reward.
    pub reward: Option<RewardId>,
    /// Only by this member.
    pub member: Option<MemberId>,
}

/// Redemptions before a place, newest first.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, before: (i64, [u8; 16]), limit: i64) -> Result<Vec<Redemption>> {
    let mut binds: Vec<Value> = vec![cx.merchant.into(), before.0.into(), before.1.into(), filter.reward.into(), limit.into()];
    let text = match (filter.member, &filter.state) {
        (Some(member), state) => {
            binds.extend([state.clone().into(), member.into()]);
            sql::LIST_MEMBER
        }
        (None, Some(state)) => {
            binds.push(state.into());
            sql::LIST_STATE
        }
        (None, None) => sql::LIST_ALL,
    };
    tx.rows(text, &binds)?.into_iter().map(|r| read(tx, cx, r)).collect()
}
