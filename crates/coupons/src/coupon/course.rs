//! What becomes of the coupons of an order: it is paid, it lets them go, it is gone. Told by what the order itself became, in
//! any sequence, since that is compared as it stands; or by the shop, any number of times.
//!
//! A payment that arrives after its hold is over takes the coupon where it is still there. Where it is not, that is kept as
//! an exception with the money at stake, for a person to settle: the order was priced with it and paid.

use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Row, Tx, args};

use super::held::{self, Coupon};
use super::lock::refusal;
use super::model::{Done, Late, Not, OrderName, State};
use super::sql;
use crate::template::model::end_after;
use crate::template::service as templates;
use crate::words::{NO_COUPON, NOT_LOCKED};
use crate::{BatchId, CouponId};

/// What an order did with a coupon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Use {
    /// Which coupon.
    pub coupon: CouponId,
    /// Which order.
    pub order: OrderName,
    /// Out of which batch.
    pub batch: BatchId,
    /// Whose.
    pub member: Option<MemberId>,
    /// `held`, `used`, `let_go`, `given_back` or `missed`.
    pub state: String,
    /// What it took off, minor units, as the cart was priced.
    pub saving: i64,
    /// Of which currency.
    pub currency: String,
    /// When it was locked,
    pub locked_at: Instant,
    /// until when it would have been held,
    pub lock_until: Instant,
    /// and when it was let go or given back.
    pub ended_at: Option<Instant>,
    /// How it was let go: `timeout`, `order` or `shop`.
    pub how: Option<String>,
    /// When it was used.
    pub used_at: Option<Instant>,
    /// When the order was found paid without it,
    pub missed_at: Option<Instant>,
    /// because it was in this state,
    pub missed_why: Option<String>,
    /// and when somebody settled that,
    pub settled_at: Option<Instant>,
    /// and who.
    pub settled_by: Option<String>,
    /// How, in their words, sealed.
    pub note: Option<Vec<u8>>,
}

pub(super) fn read(mut r: Row) -> Result<Use> {
    Ok(Use {
        coupon: r.get(0)?,
        order: OrderName { source: r.get(1)?, no: r.get(2)? },
        batch: r.get(3)?,
        member: r.get(4)?,
        state: r.get(5)?,
        saving: r.get(6)?,
        currency: r.get(7)?,
        locked_at: r.get(8)?,
        lock_until: r.get(9)?,
        ended_at: r.get(10)?,
        how: r.get(11)?,
        used_at: r.get(12)?,
        missed_at: r.get(13)?,
        missed_why: r.get(14)?,
        settled_at: r.get(15)?,
        settled_by: r.get(16)?,
        note: r.get(17)?,
    })
}

/// What an order did with coupons, as it stands.
///
/// # Errors
/// Where the store does not answer.
pub fn of_order(tx: &mut Tx<'_>, cx: &Ctx, order: &OrderName) -> Result<Vec<Use>> {
    tx.rows(sql::OF_ORDER, args![cx.merchant, &order.source, &order.no])?.into_iter().map(read).collect()
}

/// What orders did with a coupon, the latest first.
///
/// # Errors
/// Where the store does not answer.
pub fn of_coupon(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId) -> Result<Vec<Use>> {
    tx.rows(sql::OF_COUPON, args![cx.merchant, id])?.into_iter().map(read).collect()
}

/// What an order does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// It is paid.
    Paid {
        /// When, where that is known.
        at: Option<Instant>,
        /// The shop says so of these coupons, not the order of itself.
        asked: bool,
    },
    /// The shop takes the coupons off it.
    LetGo,
    /// It is closed, or all of it went back.
    Gone,
}

/// What came of a coupon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Came {
    /// It was used, let go or given back now.
    Now,
    /// It had been before, or there was nothing to do.
    Before,
    /// The order is paid, and the coupon is not there any more.
    Missed,
}

/// A coupon of an order, and what came of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// As it stands now.
    pub coupon: Coupon,
    /// What the order did with it.
    pub used: Use,
    /// What came of it.
    pub came: Came,
}

/// An order does something with coupons that it holds or held: with all, or with those that are named.
///
/// # Errors
/// Refuses a coupon that is named and that the order never held, and to let go what it used.
pub fn turn(tx: &mut Tx<'_>, cx: &Ctx, order: &OrderName, only: Option<&[CouponId]>, turn: Turn) -> Result<Vec<Step>> {
    let spoken = of_order(tx, cx, order)?;
    let named = |id: CouponId| only.is_none_or(|only| only.contains(&id));
    if let Some(stranger) = only.unwrap_or_default().iter().find(|id| !spoken.iter().any(|known| known.coupon == **id)) {
        return Err(strange(tx, cx, *stranger)?);
    }
    let held = held::hold_some(tx, cx, spoken.iter().map(|known| known.coupon).filter(|id| named(*id)))?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    // What was read before the coupons were held may have changed.
    let mut uses = of_order(tx, cx, order)?;
    let mut out = Vec::with_capacity(held.len());
    for coupon in held {
        let Some(at) = uses.iter().position(|used| used.coupon == coupon.id) else { continue };
        let step = step(tx, cx, coupon, uses.swap_remove(at), turn)?;
        out.push(step);
    }
    Ok(out)
}

/// Why a coupon that an order never held cannot be named.
fn strange(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId) -> Result<Error> {
    match held::get(tx, cx, id) {
        Ok(_) => Ok(NOT_LOCKED.at("coupons").into()),
        Err(Error::Refused(_)) => Ok(NO_COUPON.at("coupons").into()),
        Err(fault) => Err(fault),
    }
}

fn step(tx: &mut Tx<'_>, cx: &Ctx, mut coupon: Coupon, mut used: Use, turn: Turn) -> Result<Step> {
    held::settle(tx, cx, &mut coupon)?;
    let holds = coupon.life.state == State::Locked && coupon.life.order.as_ref() == Some(&used.order);
    if used.state == "held" && !holds && coupon.life.state != State::Used {
        (used.state, used.how, used.ended_at) = ("let_go".to_owned(), Some("timeout".to_owned()), Some(used.lock_until));
    }
    let came = match turn {
        Turn::Paid { at, asked } => paid(tx, cx, &mut coupon, &mut used, at, asked)?,
        Turn::LetGo => let_go(tx, cx, &mut coupon, &mut used)?,
        Turn::Gone => gone(tx, cx, &mut coupon, &mut used)?,
    };
    Ok(Step { coupon, used, came })
}

fn paid(tx: &mut Tx<'_>, cx: &Ctx, coupon: &mut Coupon, used: &mut Use, at: Option<Instant>, asked: bool) -> Result<Came> {
    // What was missed and settled, by money or otherwise, is not had as well.
    if used.state == "missed" && used.settled_at.is_some() {
        return Ok(Came::Missed);
    }
    // What the shop took off an order is no part of it, whatever it comes to; what was missed, a person settles.
    if !asked && (used.how.as_deref() == Some("shop") || used.state == "missed") {
        return Ok(if used.state == "missed" { Came::Missed } else { Came::Before });
    }
    // A payment that is told once more after its order went back. Where the order itself is paid again, it says so.
    if asked && used.state == "given_back" {
        return Ok(Came::Before);
    }
    let late = match used.state.as_str() {
        "held" | "used" => Late::Never,
        "let_go" if at.is_some_and(|at| at < used.lock_until) && used.how.as_deref() == Some("timeout") => Late::InTime,
        _ => Late::After,
    };
    match coupon.life.redeem(&used.order, late) {
        Ok(Done::Before) => Ok(Came::Before),
        Ok(Done::Now) => {
            held::save(tx, cx, coupon)?;
            let (order, when) = (&used.order, at.unwrap_or(cx.now));
            tx.exec(sql::WAS_USED, args![cx.merchant, coupon.id, &order.source, &order.no, when, cx.now, cx.actor.label()])?;
            held::tell(tx, cx, "coupon.used", coupon)?;
            (used.state, used.used_at, used.ended_at, used.how) = ("used".to_owned(), Some(when), None, None);
            Ok(Came::Now)
        }
        Err(_) if used.state == "missed" => Ok(Came::Missed),
        Err(not) => {
            let why = match not {
                Not::Available(state) => state.word(),
                _ => State::Locked.word(),
            };
            let order = &used.order;
            tx.exec(sql::MISSED, args![cx.merchant, coupon.id, &order.source, &order.no, cx.now, why])?;
            held::tell(tx, cx, "coupon.missed", coupon)?;
            (used.state, used.missed_at, used.missed_why) = ("missed".to_owned(), Some(cx.now), Some(why.to_owned()));
            (used.settled_at, used.settled_by, used.note) = (None, None, None);
            Ok(Came::Missed)
        }
    }
}

/// The order has it no more: noted with how.
fn ended(tx: &mut Tx<'_>, cx: &Ctx, used: &mut Use, state: &'static str, how: &'static str) -> Result<()> {
    tx.exec(sql::ENDED, args![cx.merchant, used.coupon, &used.order.source, &used.order.no, state, how, cx.now])?;
    (used.state, used.how, used.ended_at) = (state.to_owned(), Some(how.to_owned()), Some(cx.now));
    Ok(())
}

fn let_go(tx: &mut Tx<'_>, cx: &Ctx, coupon: &mut Coupon, used: &mut Use) -> Result<Came> {
    let zone = merchants::zone_of(tx, cx.merchant)?;
    match coupon.life.release(&used.order, cx.now).map_err(|not| refusal(not, &zone))? {
        Done::Now => {
            held::save(tx, cx, coupon)?;
            ended(tx, cx, used, "let_go", "shop")?;
            tell_free(tx, cx, coupon)?;
            Ok(Came::Now)
        }
        Done::Before => {
            // It timed out, and now the shop says that the order is to be without it.
            if used.state == "let_go" && used.how.as_deref() != Some("shop") {
                ended(tx, cx, used, "let_go", "shop")?;
            }
            Ok(Came::Before)
        }
    }
}

fn tell_free(tx: &mut Tx<'_>, cx: &Ctx, coupon: &Coupon) -> Result<()> {
    held::tell(tx, cx, "coupon.released", coupon)?;
    if coupon.life.state == State::Expired { held::tell(tx, cx, "coupon.expired", coupon) } else { Ok(()) }
}

fn gone(tx: &mut Tx<'_>, cx: &Ctx, coupon: &mut Coupon, used: &mut Use) -> Result<Came> {
    let of = templates::version(tx, cx.merchant, coupon.template, coupon.version)?.definition;
    let zone = merchants::zone_of(tx, cx.merchant)?;
    // Nothing is at stake any more where the order itself is gone.
    if used.missed_at.is_some() && used.settled_at.is_none() {
        settle(tx, cx, used, None)?;
    }
    let (before, grace) = (coupon.life.state, end_after(&zone, cx.now, of.restore_grace_days));
    match coupon.life.order_gone(&used.order, cx.now, of.restore, grace) {
        Done::Before => {
            // An order that is opened and paid again asks anew.
            if used.state == "missed" {
                ended(tx, cx, used, "let_go", "order")?;
            }
            Ok(Came::Before)
        }
        Done::Now if before == State::Locked => {
            held::save(tx, cx, coupon)?;
            ended(tx, cx, used, "let_go", "order")?;
            tell_free(tx, cx, coupon)?;
            Ok(Came::Now)
        }
        Done::Now => {
            held::save(tx, cx, coupon)?;
            ended(tx, cx, used, "given_back", "order")?;
            let kind = if coupon.life.state == State::Restored { "coupon.restored" } else { "coupon.closed" };
            held::tell(tx, cx, kind, coupon)?;
            Ok(Came::Now)
        }
    }
}

/// An exception is settled.
pub(super) fn settle(tx: &mut Tx<'_>, cx: &Ctx, used: &mut Use, note: Option<Vec<u8>>) -> Result<()> {
    let by = cx.actor.label();
    let order = &used.order;
    tx.exec(sql::SETTLED, args![cx.merchant, used.coupon, &order.source, &order.no, cx.now, &by, note.clone()])?;
    (used.settled_at, used.settled_by, used.note) = (Some(cx.now), Some(by), note);
    Ok(())
}
