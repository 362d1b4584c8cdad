//! Exceptions: orders that were paid as if a coupon had been theirs when it was not there any more. Each with the money at
//! stake, for a person to settle.

use shuke_access::audit;
use shuke_kernel::{Ctx, Result};
use shuke_members::identity;
use shuke_store::register::row_name;
use shuke_store::{Tx, Value, args};

use super::course::{self, Use};
use super::model::OrderName;
use super::{held, sql};
use crate::words::{NO_EXCEPTION, invalid};
use crate::{BatchId, CouponId};

/// Characters of a note at most.
const NOTE: usize = 500;

/// Exceptions before a place, the newest first: `open`, `settled`, or all where `state` is empty; of one batch, where one is
/// named.
///
/// # Errors
/// Where the store does not answer.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, state: &str, batch: Option<BatchId>, before: (i64, [u8; 16]), limit: i64) -> Result<Vec<Use>> {
    tx.rows(sql::EXCEPTIONS, args![cx.merchant, before.0, before.1, state, batch, limit])?.into_iter().map(course::read).collect()
}

/// How many are open, and what they come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    /// Of which currency.
    pub currency: String,
    /// How many.
    pub count: i64,
    /// The money at stake, minor units.
    pub money: i64,
}

/// Counts what is open, by currency.
///
/// # Errors
/// Where the store does not answer.
pub fn open(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<Open>> {
    let read = |mut r: shuke_store::Row| Ok(Open { currency: r.get(0)?, count: r.get(1)?, money: r.get(2)? });
    tx.rows(sql::OPEN, args![cx.merchant])?.into_iter().map(read).collect()
}

fn row(coupon: CouponId, order: &OrderName) -> Vec<u8> {
    let named: [Value; 3] = [coupon.into(), (&order.source).into(), (&order.no).into()];
    row_name(&named)
}

/// How an exception was settled, in somebody's words.
///
/// # Errors
/// Where the store does not answer.
pub fn note(tx: &mut Tx<'_>, cx: &Ctx, of: &Use) -> Result<Option<String>> {
    let Some(sealed) = &of.note else { return Ok(None) };
    let clear = tx.keys(cx.merchant)?.open("coupon_use", &row(of.coupon, &of.order), sealed)?;
    Ok(Some(String::from_utf8_lossy(&clear).into_owned()))
}

/// Settles an exception. Settled again it stays as it was settled first.
///
/// # Errors
/// Refuses where there is none, and without a note.
pub fn settle(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId, order: &OrderName, text: &str) -> Result<Use> {
    let text = text.trim();
    if !(1..=NOTE).contains(&text.chars().count()) {
        return Err(invalid("note", "请写明怎么处理的，最多 500 个字。", "State how it was settled, 500 characters at most.").into());
    }
    let coupon = held::hold(tx, cx, id)?;
    let found = tx.row(sql::ONE_USE, args![cx.merchant, id, &order.source, &order.no])?.map(course::read).transpose()?;
    let Some(mut found) = found.filter(|found| found.missed_at.is_some()) else { return Err(NO_EXCEPTION.refuse().into()) };
    if found.settled_at.is_some() {
        return Ok(found);
    }
    // Of who was erased no words are kept.
    let keeps = match coupon.member {
        Some(member) => identity::resolve(tx, cx, member)?.is_some(),
        None => true,
    };
    let sealed = if keeps { Some(tx.keys(cx.merchant)?.seal("coupon_use", &row(id, order), text.as_bytes())?) } else { None };
    course::settle(tx, cx, &mut found, sealed)?;
    audit::record(tx, cx, "coupon_exception.settled", &id.to_string(), "")?;
    Ok(found)
}
