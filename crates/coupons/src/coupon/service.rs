//! Coupons looked at, listed, and taken away.

use shuke_access::{audit, merchants};
use shuke_kernel::{Ctx, Result};
use shuke_members::{MemberId, identity};
use shuke_store::register::row_name;
use shuke_store::{Tx, Value, args};

use super::held::{self, Coupon};
use super::lock::refusal;
use super::model::{Done, State};
use super::sql;
use crate::words::invalid;
use crate::{BatchId, CouponId};

/// Characters of a reason at most.
const REASON: usize = 500;

/// The words of states, as lists are asked for: those named, or all.
fn words(states: &[State]) -> Value {
    let all = if states.is_empty() { &State::ALL[..] } else { states };
    Value::Texts(all.iter().map(|state| state.word().to_owned()).collect())
}

/// A member's coupons before a place, the newest first; in some states as written, or all.
///
/// # Errors
/// Where the store does not answer.
pub fn of_member(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    member: MemberId,
    states: &[State],
    before: (i64, [u8; 16]),
    limit: i64,
) -> Result<Vec<Coupon>> {
    let binds = [cx.merchant.into(), member.into(), before.0.into(), before.1.into(), words(states), limit.into()];
    tx.rows(sql::OF_MEMBER, &binds)?.into_iter().map(held::read).collect()
}

/// A batch's coupons after a place, by id; in some states as written, or all.
///
/// # Errors
/// Where the store does not answer.
pub fn of_batch(tx: &mut Tx<'_>, cx: &Ctx, batch: BatchId, states: &[State], after: [u8; 16], limit: i64) -> Result<Vec<Coupon>> {
    let binds = [cx.merchant.into(), batch.into(), words(states), after.into(), limit.into()];
    tx.rows(sql::OF_BATCH, &binds)?.into_iter().map(held::read).collect()
}

/// Why a coupon was taken away, in somebody's words; nothing where it was not, or where its owner was erased.
///
/// # Errors
/// Where the store does not answer.
pub fn reason(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId) -> Result<Option<String>> {
    let Some(mut row) = tx.row(sql::WHY_TAKEN, args![cx.merchant, id])? else { return Ok(None) };
    let kept: Option<Vec<u8>> = row.get(0)?;
    let Some(sealed) = kept else { return Ok(None) };
    let clear = tx.keys(cx.merchant)?.open("coupon", &row_name(&[id.into()]), &sealed)?;
    Ok(Some(String::from_utf8_lossy(&clear).into_owned()))
}

/// Takes a coupon away from its owner. A second time changes nothing.
///
/// # Errors
/// Refuses one that an order holds or that cannot be used any more, and without a reason.
pub fn revoke(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId, reason: &str) -> Result<Coupon> {
    let reason = reason.trim();
    if !(1..=REASON).contains(&reason.chars().count()) {
        return Err(invalid("reason", "请写明原因，最多 500 个字。", "State a reason of 500 characters at most.").into());
    }
    let mut coupon = held::hold(tx, cx, id)?;
    held::settle(tx, cx, &mut coupon)?;
    let zone = merchants::zone_of(tx, cx.merchant)?;
    if coupon.life.revoke().map_err(|not| refusal(not, &zone))? == Done::Before {
        return Ok(coupon);
    }
    held::save(tx, cx, &mut coupon)?;
    // Of who was erased no words are kept.
    let keeps = match coupon.member {
        Some(member) => identity::resolve(tx, cx, member)?.is_some(),
        None => true,
    };
    if keeps {
        let sealed = tx.keys(cx.merchant)?.seal("coupon", &row_name(&[id.into()]), reason.as_bytes())?;
        tx.exec(sql::REASON, args![cx.merchant, id, sealed])?;
    }
    held::tell(tx, cx, "coupon.revoked", &coupon)?;
    audit::record(tx, cx, "coupon.revoked", &id.to_string(), "")?;
    Ok(coupon)
}
