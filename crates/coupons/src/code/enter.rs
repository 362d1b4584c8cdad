//! Entering a code: whoever enters it first has the coupon. A word that everybody may know claims one of its batch. And
//! looking at what became of one, which changes nothing.

use shuke_kernel::{Ctx, Error, Result};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::{Tx, args};

use super::{parse, sql, token};
use crate::batch::model::word;
use crate::batch::{Way, service as batches};
use crate::coupon::held::{self, Coupon};
use crate::coupon::take::{self, Taken, Want};
use crate::template::service as templates;
use crate::words::{CODE_TAKEN, CODE_UNKNOWN};
use crate::{BatchId, CouponId, who};

/// Enters a code, or a word, for a member. `request` is what the caller calls this, for a word that may be entered again.
///
/// # Errors
/// Refuses what is mistyped or nobody's code, what somebody else has, and what its batch does not let the member have.
pub fn enter(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, text: &str, request: &str) -> Result<Taken> {
    let Some(member) = identity::stay(tx, cx, member)? else { return Err(MEMBER_NOT_FOUND.refuse().into()) };
    match parse(text) {
        Ok(code) => have(tx, cx, Some(member), &code),
        Err(mistyped) => {
            let Some(batch) = batches::of_word(tx, cx.merchant, &word(text))? else { return Err(mistyped.at("code").into()) };
            let want = Want { member: Some(member), batch: batch.id, request: request.to_owned(), way: Way::Claim, code: None };
            take::one(tx, cx, want)
        }
    }
}

/// The coupon of a code, for a member who stays, or for whoever shows it.
///
/// # Errors
/// As [`enter`].
pub fn have(tx: &mut Tx<'_>, cx: &Ctx, member: Option<MemberId>, code: &str) -> Result<Taken> {
    let keys = tx.keys(cx.merchant)?;
    let token = token(&keys, code);
    let Some(mut row) = tx.row(sql::HOLD, args![cx.merchant, token])? else { return Err(CODE_UNKNOWN.at("code").into()) };
    let (batch, no, coupon): (BatchId, i64, Option<CouponId>) = (row.get(0)?, row.get(1)?, row.get(2)?);
    match coupon {
        Some(id) => again(tx, cx, member, id),
        None => {
            let want = Want { member, batch, request: format!("code/{no}"), way: Way::Code, code: Some(no) };
            let taken = take::one(tx, cx, want)?;
            tx.exec(sql::TAKE, args![cx.merchant, token, taken.coupon.id])?;
            Ok(taken)
        }
    }
}

/// What a code or a word is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Of which batch.
    pub batch: BatchId,
    /// Of a code: its place in the batch, from 0.
    pub no: Option<i64>,
    /// The coupon that it has become.
    pub coupon: Option<CouponId>,
}

/// What a typed code or word is, and what became of it.
///
/// # Errors
/// Refuses what is mistyped or nobody's code.
pub fn find(tx: &mut Tx<'_>, cx: &Ctx, text: &str) -> Result<Found> {
    match parse(text) {
        Ok(code) => {
            let keys = tx.keys(cx.merchant)?;
            let token = token(&keys, &code);
            let Some(mut row) = tx.row(sql::FIND, args![cx.merchant, token])? else { return Err(CODE_UNKNOWN.at("code").into()) };
            Ok(Found { batch: row.get(0)?, no: Some(row.get(1)?), coupon: row.get(2)? })
        }
        Err(mistyped) => {
            let Some(batch) = batches::of_word(tx, cx.merchant, &word(text))? else { return Err(mistyped.at("code").into()) };
            Ok(Found { batch: batch.id, no: None, coupon: None })
        }
    }
}

/// A code that is a coupon already: its owner's, or nobody's yet.
fn again(tx: &mut Tx<'_>, cx: &Ctx, member: Option<MemberId>, id: CouponId) -> Result<Taken> {
    let mut coupon: Coupon = held::hold(tx, cx, id)?;
    match (coupon.member, member) {
        (whose, who) if whose == who => Ok(Taken { coupon, new: false }),
        (None, Some(member)) => {
            let of = templates::version(tx, cx.merchant, coupon.template, coupon.version)?.definition;
            if let Some(refusal) = who::kept_out(tx, cx, &of, &of.name, member)? {
                return Err(refusal.into());
            }
            take::may_have_more(tx, cx, coupon.batch, member)?;
            held::give(tx, cx, &mut coupon, member)?;
            Ok(Taken { coupon, new: false })
        }
        _ => Err(Error::from(CODE_TAKEN.at("code"))),
    }
}
