//! Claiming, in a rush: requests that arrive while one is being written are written together, and what is gone is told by a
//! reader, so that the many who come too late do not hold up the few who still get one.

use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Refusal, Result};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::together::Together;
use shuke_store::{Store, Tx, args};

use super::shown::{CouponDto, shown};
use super::take::{self, Answer, Taken, Want};
use super::{held, sql};
use crate::BatchId;
use crate::batch::{Way, service as batches, stock};
use crate::words::{SOLD_OUT, Told};

/// A claim.
#[derive(Clone, Debug)]
pub struct Ask {
    /// By whom; a merged id is the member it went into.
    pub member: MemberId,
    /// Out of which batch.
    pub batch: BatchId,
    /// What the caller calls it: the same again is the same coupon.
    pub request: String,
}

/// What came of it. A no is kept under the idempotency key as any other answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claimed {
    /// Whether the coupon was had now, not before.
    pub new: bool,
    /// The coupon.
    pub coupon: Option<CouponDto>,
    /// Why there is none.
    pub refused: Option<Told>,
}

impl Claimed {
    fn refused(refusal: &Refusal) -> Self {
        Self { new: false, coupon: None, refused: Some(Told::from(refusal)) }
    }

    /// The coupon and whether it is new, or why there is none.
    ///
    /// # Errors
    /// The refusal.
    pub fn answer(self) -> Result<(CouponDto, bool)> {
        match (self.coupon, self.refused) {
            (Some(coupon), _) => Ok((coupon, self.new)),
            (None, Some(told)) => Err(told.refusal().into()),
            (None, None) => Err(Error::fault("a claim had no answer")),
        }
    }
}

/// An answer as it is told.
///
/// # Errors
/// Where the store does not answer.
pub fn told(tx: &mut Tx<'_>, cx: &Ctx, answer: Answer) -> Result<Claimed> {
    match answer {
        Ok(Taken { coupon, new }) => Ok(Claimed { new, coupon: Some(shown(tx, cx, &coupon)?), refused: None }),
        Err(refusal) => Ok(Claimed::refused(&refusal)),
    }
}

/// What can be answered without writing: the coupon of a request that was made before, and that none is to be had. None
/// where it must be tried.
///
/// # Errors
/// Where the store does not answer.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<Option<Claimed>> {
    let Some(batch) = batches::find(tx, cx.merchant, ask.batch)? else { return Ok(None) };
    if let Some(row) = tx.row(sql::OF_REQUESTS, args![cx.merchant, vec![ask.batch.bytes().to_vec()], vec![ask.request.clone()]])? {
        let coupon = held::read(row)?;
        // An idempotency key has the answer that it was given, word for word.
        if cx.key.is_some() || coupon.member != identity::resolve(tx, cx, ask.member)? {
            return Ok(None);
        }
        return told(tx, cx, Ok(Taken { coupon, new: false })).map(Some);
    }
    let zone = merchants::zone_of(tx, cx.merchant)?;
    if let Err(refusal) = batch.judge(Way::Claim, cx.now, &zone) {
        return Ok(Some(Claimed::refused(&refusal)));
    }
    if stock::any_left(tx, cx, &batch)? {
        return Ok(None);
    }
    Ok(Some(Claimed::refused(&SOLD_OUT.with("name", &batch.definition.name))))
}

/// Claims one, once per idempotency key of `cx`. To be called inside the async runtime.
///
/// # Errors
/// Where the store fails; that none is to be had is an answer.
pub async fn claim(store: &Store, cx: &Ctx, ask: Ask) -> Result<Claimed> {
    let (inner, asked) = (cx.clone(), ask.clone());
    if let Some(known) = store.read(move |tx| look(tx, &inner, &asked)).await? {
        return Ok(known);
    }
    store.write_together::<Claims>(cx, ask).await
}

/// Claims that arrive at the same time.
pub struct Claims;

impl Together for Claims {
    type Item = Ask;
    type Answer = Claimed;

    fn subject(ask: &Ask) -> String {
        format!("{}/{}", ask.batch, ask.member)
    }

    fn write(tx: &mut Tx<'_>, cx: &Ctx, items: &[Ask]) -> Result<Vec<Claimed>> {
        let members: Vec<MemberId> = items.iter().map(|ask| ask.member).collect();
        let staying = identity::stay_many(tx, cx, &members)?;
        let want = |(member, ask): (&Option<MemberId>, &Ask)| {
            member.map(|member| Want { member: Some(member), batch: ask.batch, request: ask.request.clone(), way: Way::Claim, code: None })
        };
        let wants: Vec<Want> = staying.iter().zip(items).filter_map(want).collect();
        let mut answers = take::many(tx, cx, &wants)?.into_iter();
        let mut out = Vec::with_capacity(items.len());
        for member in staying {
            let answer = match member {
                None => Err(MEMBER_NOT_FOUND.refuse()),
                Some(_) => answers.next().ok_or_else(|| Error::fault("a claim had no answer"))?,
            };
            out.push(told(tx, cx, answer)?);
        }
        Ok(out)
    }
}
