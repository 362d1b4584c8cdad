//! A coupon as its row has it: read, held, written.

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Event, Row, Tx, Value, args};

use super::model::{Hold, Life, OrderName, State};
use super::sql;
use crate::words::{CODE_TAKEN, NO_COUPON};
use crate::{BatchId, CouponId, TemplateId};

/// A coupon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coupon {
    /// Which.
    pub id: CouponId,
    /// Of which template,
    pub template: TemplateId,
    /// in which version.
    pub version: i64,
    /// Out of which batch.
    pub batch: BatchId,
    /// Whose; nobody's, where a code was shown by who is no member.
    pub member: Option<MemberId>,
    /// The caller's id of how it was had.
    pub request: String,
    /// `claimed`, `granted` or `code`.
    pub how: String,
    /// Where it stands.
    pub life: Life,
    /// The amount that was drawn for it, minor units.
    pub amount: Option<i64>,
    /// The most that it takes off, minor units.
    pub face: Option<i64>,
    /// From which part of the stock it came,
    pub part: i64,
    /// and as the how-many-eth.
    pub draw: i64,
    /// The place of its code in its batch.
    pub code: Option<i64>,
    /// When it was had,
    pub made_at: Instant,
    /// by whose doing,
    pub made_by: String,
    /// and when something last became of it.
    pub changed_at: Instant,
}

pub(super) fn read(mut r: Row) -> Result<Coupon> {
    let state: String = r.get(7)?;
    let (source, no): (Option<String>, Option<String>) = (r.get(12)?, r.get(13)?);
    let (until, restored): (Option<Instant>, bool) = (r.get(14)?, r.get(15)?);
    let life = Life {
        state: State::of(&state).ok_or_else(|| Error::fault(format!("a coupon is {state}")))?,
        from: r.get(10)?,
        expires: r.get(11)?,
        order: source.zip(no).map(|(source, no)| OrderName { source, no }),
        hold: until.map(|until| Hold { until, restored }),
        extended: r.get(16)?,
    };
    Ok(Coupon {
        id: r.get(0)?,
        template: r.get(1)?,
        version: r.get(2)?,
        batch: r.get(3)?,
        member: r.get(4)?,
        request: r.get(5)?,
        how: r.get(6)?,
        life,
        amount: r.get(8)?,
        face: r.get(9)?,
        part: r.get(17)?,
        draw: r.get(18)?,
        code: r.get(19)?,
        made_at: r.get(20)?,
        made_by: r.get(21)?,
        changed_at: r.get(22)?,
    })
}

impl Coupon {
    /// Its row, as [`sql::PUT`] has it.
    pub(super) fn row(&self, cx: &Ctx) -> Vec<Value> {
        let life = &self.life;
        let hold = life.hold;
        vec![
            cx.merchant.into(),
            self.id.into(),
            self.template.into(),
            self.version.into(),
            self.batch.into(),
            self.member.into(),
            (&self.request).into(),
            (&self.how).into(),
            life.state.word().into(),
            self.amount.into(),
            self.face.into(),
            life.from.into(),
            life.expires.into(),
            life.order.as_ref().map(|order| order.source.clone()).into(),
            life.order.as_ref().map(|order| order.no.clone()).into(),
            hold.map(|hold| hold.until).into(),
            hold.is_some_and(|hold| hold.restored).into(),
            life.extended.into(),
            self.part.into(),
            self.draw.into(),
            self.code.into(),
            life.due().into(),
            self.made_at.into(),
            (&self.made_by).into(),
            self.changed_at.into(),
        ]
    }
}

/// One.
///
/// # Errors
/// Refuses where there is none.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId) -> Result<Coupon> {
    tx.row(sql::GET, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_COUPON.refuse().into())
}

/// One that nobody else changes until the transaction ends.
///
/// # Errors
/// Refuses where there is none.
pub fn hold(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId) -> Result<Coupon> {
    tx.row(sql::HOLD, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_COUPON.refuse().into())
}

pub(super) fn ids(of: impl Iterator<Item = CouponId>) -> Value {
    Value::Blobs(of.map(|id| id.bytes().to_vec()).collect())
}

/// Several, held in the order of their ids; those that are not there are left out.
pub(super) fn hold_some(tx: &mut Tx<'_>, cx: &Ctx, of: impl Iterator<Item = CouponId>) -> Result<Vec<Coupon>> {
    tx.rows(sql::HOLD_SOME, &[cx.merchant.into(), ids(of)])?.into_iter().map(read).collect()
}

/// Writes where a coupon stands.
pub(super) fn save(tx: &mut Tx<'_>, cx: &Ctx, coupon: &mut Coupon) -> Result<()> {
    coupon.changed_at = cx.now;
    let (life, hold) = (&coupon.life, coupon.life.hold);
    let order = life.order.clone();
    tx.exec(
        sql::SAVE,
        args![
            cx.merchant,
            coupon.id,
            life.state.word(),
            life.expires,
            order.as_ref().map(|order| order.source.clone()),
            order.as_ref().map(|order| order.no.clone()),
            hold.map(|hold| hold.until),
            hold.is_some_and(|hold| hold.restored),
            life.extended,
            life.due(),
            cx.now
        ],
    )
    .map(|_| ())
}

/// What time has done to a coupon that is held, written. Whether it has done anything.
///
/// # Errors
/// Where the store does not answer.
pub(super) fn settle(tx: &mut Tx<'_>, cx: &Ctx, coupon: &mut Coupon) -> Result<bool> {
    let passed = coupon.life.pass(cx.now);
    if passed.let_go.is_none() && !passed.expired {
        return Ok(false);
    }
    save(tx, cx, coupon)?;
    if let Some((order, at)) = &passed.let_go {
        tx.exec(sql::ENDED, args![cx.merchant, coupon.id, &order.source, &order.no, "let_go", "timeout", *at])?;
        tell(tx, cx, "coupon.released", coupon)?;
    }
    if passed.expired {
        tell(tx, cx, "coupon.expired", coupon)?;
    }
    Ok(true)
}

/// A coupon that was nobody's is a member's from now on, who has shown its code.
///
/// # Errors
/// Refuses one that cannot be used any more, or that an order holds.
pub(crate) fn give(tx: &mut Tx<'_>, cx: &Ctx, coupon: &mut Coupon, member: MemberId) -> Result<()> {
    settle(tx, cx, coupon)?;
    if !coupon.life.state.is_free() {
        return Err(CODE_TAKEN.at("code").into());
    }
    (coupon.member, coupon.changed_at) = (Some(member), cx.now);
    tx.exec(sql::GIVE, args![cx.merchant, coupon.id, member, cx.now])?;
    tell(tx, cx, "coupon.claimed", coupon)
}

/// What is told of a coupon.
pub(super) fn event(cx: &Ctx, kind: &'static str, coupon: &Coupon) -> Event {
    Event {
        kind,
        version: 1,
        occurred_at: cx.now,
        subject_kind: "cpn",
        subject: *coupon.id.bytes(),
        member: coupon.member.map(|member| *member.bytes()),
        data: serde_json::json!({
            "coupon": coupon.id, "template": coupon.template, "batch": coupon.batch, "amount": coupon.amount, "expires_at": coupon.life.expires,
        })
        .to_string(),
    }
}

pub(super) fn tell(tx: &mut Tx<'_>, cx: &Ctx, kind: &'static str, coupon: &Coupon) -> Result<()> {
    tx.emit(cx, event(cx, kind, coupon))
}
