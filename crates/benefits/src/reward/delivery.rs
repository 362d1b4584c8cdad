//! How a redemption reaches the member: sent, delivered, or cancelled with everything given back.

use shuke_kernel::{Ctx, Refusal, Result};
use shuke_loyalty::event::{Act, Event as Posting, Outcome};
use shuke_programme::book::post::{self, Request};
use shuke_programme::definition::model::State as ProgrammeState;
use shuke_programme::definition::service as programmes;
use shuke_programme::{book, definition};
use shuke_store::register::row_name;
use shuke_store::{Tx, args};

use super::model::Kind;
use super::redeem::{Parcel, Redemption, get, hold, outcome, refused, spend_id, tell};
use super::{service, sql};
use crate::RedemptionId;
use crate::usage::reason_of;
use crate::who::Person;
use crate::words::{WRONG_DELIVERY, invalid};

/// Characters of a carrier's name and of a parcel's number at most.
const PARCEL: usize = 60;

pub(super) fn among(found: &Redemption, states: &[&str]) -> Result<(), Refusal> {
    if states.contains(&found.state.as_str()) { Ok(()) } else { Err(wrong(found)) }
}

fn wrong(found: &Redemption) -> Refusal {
    let said = match found.state.as_str() {
        "requested" => "待处理",
        "sent" => "已发出",
        "delivered" => "已送达",
        _ => "已取消",
    };
    WRONG_DELIVERY.with("state", &found.state).with("state_zh", said)
}

/// It is on its way, or goes under another number.
///
/// # Errors
/// Refuses where it is not goods that are asked for or sent, or carrier or number are not stated.
pub fn send(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId, parcel: &Parcel) -> Result<Redemption> {
    let trimmed = Parcel { carrier: parcel.carrier.trim().to_owned(), number: parcel.number.trim().to_owned() };
    for (field, text) in [("carrier", &trimmed.carrier), ("number", &trimmed.number)] {
        if !(1..=PARCEL).contains(&text.chars().count()) || text.chars().any(char::is_control) {
            return Err(invalid(field, "请填写，最多 60 个字，不能换行。", "State it, 60 characters at most, without line breaks.").into());
        }
    }
    let whose = get(tx, cx, id)?.member;
    let person = Person::staying(tx, cx, whose)?;
    let found = hold(tx, cx, id)?;
    among(&found, &["requested", "sent"])?;
    if service::get(tx, cx.merchant, found.reward)?.definition.kind != Kind::Goods {
        return Err(wrong(&found).into());
    }
    // Of who was erased it is not kept which way it went.
    let sealed = match person {
        Some(_) => Some(tx.keys(cx.merchant)?.seal("redemption", &row_name(&[id.into()]), &serde_json::to_vec(&trimmed)?)?),
        None => None,
    };
    tx.exec(sql::SENT, args![cx.merchant, id, sealed, found.sent_at.unwrap_or(cx.now)])?;
    let now = get(tx, cx, id)?;
    tell(tx, cx, "reward.sent", &now)?;
    Ok(now)
}

/// It has arrived, or was done. Said again, it stays as it was said first.
///
/// # Errors
/// Refuses where it was cancelled.
pub fn deliver(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId) -> Result<Redemption> {
    let found = hold(tx, cx, id)?;
    if found.state == "delivered" {
        return Ok(found);
    }
    among(&found, &["requested", "sent"])?;
    tx.exec(sql::DELIVERED, args![cx.merchant, id, cx.now])?;
    let now = get(tx, cx, id)?;
    tell(tx, cx, "reward.delivered", &now)?;
    Ok(now)
}

/// It is not to be: the points go back into the lots they were taken from, the piece into the stock. A second time changes
/// nothing. Of who was erased there is no book left for points to go back to: the piece goes back alone.
///
/// # Errors
/// Refuses what was delivered, and where the points cannot go back.
pub fn cancel(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId, reason: &str) -> Result<Redemption> {
    let reason = reason_of(reason)?;
    let whose = get(tx, cx, id)?.member;
    let person = Person::staying(tx, cx, whose)?;
    let found = hold(tx, cx, id)?;
    if found.state == "cancelled" {
        return Ok(found);
    }
    among(&found, &["requested", "sent"])?;
    if found.points > 0 && person.is_some() {
        give_back(tx, cx, &found)?;
    }
    tx.exec(sql::GIVE_BACK, args![cx.merchant, found.reward])?;
    let sealed = match person {
        Some(_) => Some(tx.keys(cx.merchant)?.seal("redemption", &row_name(&[id.into()]), reason.as_bytes())?),
        None => None,
    };
    tx.exec(sql::CANCELLED, args![cx.merchant, id, cx.now, sealed])?;
    let now = get(tx, cx, id)?;
    tell(tx, cx, "reward.cancelled", &now)?;
    Ok(now)
}

fn give_back(tx: &mut Tx<'_>, cx: &Ctx, found: &Redemption) -> Result<()> {
    let programme = programmes::get(tx, cx.merchant, found.programme)?;
    if programme.state == ProgrammeState::Archived {
        return Err(definition::NOT_ACTIVE.with("state", programme.word(cx.now)).into());
    }
    let spend = spend_id(found.reward, &found.request);
    let event = Posting { time: cx.now, id: spend.clone(), act: Act::SpendReverse { spend, points: None } };
    let written = post::post(tx, cx, &programme, Request::of(found.member, vec![event]))?;
    match outcome(&written) {
        // That nothing is left of it to give back was somebody's doing at the ledger.
        Outcome::Ok | Outcome::Duplicate | Outcome::ExceedsSpend => Ok(()),
        Outcome::Unknown => Err(book::UNKNOWN_SPEND.refuse().into()),
        other => Err(refused(other)),
    }
}
