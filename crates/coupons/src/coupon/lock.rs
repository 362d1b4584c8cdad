//! Locking coupons for an order, on a cart that was priced: all that are asked for, or none.
//!
//! Members stay first, then names and stock where a code is shown, then the names of what a member may use so often, then
//! coupons in the order of their ids. A coupon whose hold is over is free at that instant, whether anybody has looked since.

use std::collections::{BTreeSet, HashMap};

use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result, Zone};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::{Tx, args};

use super::held::{self, Coupon};
use super::model::{Done, Not, OrderName};
use super::sql;
use crate::code::enter;
use crate::template::Definition;
use crate::template::service::{self as templates, currency};
use crate::words::{ALREADY_USED, LOCKED, NO_COUPON, NOT_AVAILABLE, NOT_LOCKED, NOT_STARTED, NOT_YOURS, USED_UP, invalid};
use crate::{CouponId, TemplateId, orders};

/// Coupons of one order at most.
pub const MOST: usize = 50;
/// Seconds at most for which a stated hold lasts: a year.
const LONGEST: i64 = 366 * 86_400;

/// Which coupon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Which {
    /// This one.
    Id(CouponId),
    /// The one of a code, as [`parse`](crate::code::parse) reads it.
    Code(String),
}

/// One that an order takes.
#[derive(Clone, Debug)]
pub struct Item {
    /// Which.
    pub which: Which,
    /// What it takes off, minor units, as the cart was priced: the money at stake.
    pub saving: i64,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// By which order.
    pub order: OrderName,
    /// Whose; nobody, where codes are shown by who is no member.
    pub member: Option<MemberId>,
    /// Until when, such as the order's payment deadline; as each template says unless given.
    pub until: Option<Instant>,
    /// What.
    pub items: Vec<Item>,
}

/// One that an order has.
#[derive(Clone, Debug)]
pub struct Locked {
    /// The coupon.
    pub coupon: Coupon,
    /// Whether the order has it from now on, not from before.
    pub new: bool,
}

/// Why a step cannot be, for people.
pub(crate) fn refusal(not: Not, zone: &Zone) -> Refusal {
    match not {
        Not::Started(from) => NOT_STARTED.with("from", zone.show(from)),
        Not::Free => LOCKED.refuse(),
        Not::Available(state) => NOT_AVAILABLE.with("state", state.word()).with("state_zh", state.said()),
        Not::Locked => NOT_LOCKED.refuse(),
        Not::Unused => ALREADY_USED.refuse(),
    }
}

fn checked(cx: &Ctx, ask: &Ask) -> Result<(), Refusal> {
    if ask.items.is_empty() || ask.items.len() > MOST {
        return Err(invalid("coupons", "一次占用 1 到 50 张券。", "1 to 50 coupons are locked at a time."));
    }
    if ask.until.is_some_and(|until| until <= cx.now || cx.now.plus_seconds(LONGEST) < until) {
        return Err(invalid("until", "占用截止时间应在现在之后、一年之内。", "Until when lies ahead, within a year."));
    }
    for (i, item) in ask.items.iter().enumerate() {
        if !(0..=crate::template::offer::MOST_AMOUNT).contains(&item.saving) {
            return Err(invalid(format!("coupons[{i}].saving"), "金额超出范围。", "The amount is out of range."));
        }
    }
    Ok(())
}

/// Locks coupons for an order. What the order holds already it goes on holding, as long as is asked now if that is longer.
///
/// # Errors
/// Refuses the whole where one is not the member's, not good, held by another order, or used as often as it may be.
pub fn lock(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<Vec<Locked>> {
    checked(cx, ask)?;
    let member = match ask.member {
        None => None,
        Some(id) => Some(identity::stay(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?),
    };
    let mut wanted = Vec::with_capacity(ask.items.len());
    for (i, item) in ask.items.iter().enumerate() {
        let id = match &item.which {
            Which::Id(id) => *id,
            Which::Code(code) => enter::have(tx, cx, member, code).map_err(|e| at(e, format!("coupons[{i}].code")))?.coupon.id,
        };
        if wanted.contains(&id) {
            return Err(invalid(format!("coupons[{i}]"), "同一张券写了两次。", "The coupon is named twice.").into());
        }
        wanted.push(id);
    }
    let terms = terms(tx, cx, member, &wanted)?;
    let held = held::hold_some(tx, cx, wanted.iter().copied())?;
    let mut held: HashMap<CouponId, Coupon> = held.into_iter().map(|coupon| (coupon.id, coupon)).collect();
    let (zone, currency) = (merchants::zone_of(tx, cx.merchant)?, currency(tx, cx.merchant)?);
    let mut out = Vec::with_capacity(wanted.len());
    for (i, (id, item)) in wanted.into_iter().zip(&ask.items).enumerate() {
        let place = || format!("coupons[{i}]");
        let Some(mut coupon) = held.remove(&id) else { return Err(NO_COUPON.at(place()).into()) };
        if coupon.member != member {
            return Err(NOT_YOURS.at(place()).into());
        }
        held::settle(tx, cx, &mut coupon)?;
        let Some(of) = terms.get(&(coupon.template, coupon.version)) else { return Err(Error::fault("a coupon changed its template")) };
        let until = ask.until.unwrap_or(cx.now.plus_seconds(of.lock_minutes.saturating_mul(60)));
        let done = coupon.life.lock(&ask.order, until, cx.now).map_err(|not| refusal(not, &zone).at(place()))?;
        if done == Done::Now {
            may_use(tx, cx, &coupon, of).map_err(|e| at(e, place()))?;
            held::save(tx, cx, &mut coupon)?;
            let order = &ask.order;
            tx.exec(
                sql::HELD,
                args![cx.merchant, id, &order.source, &order.no, coupon.batch, coupon.member, item.saving, currency, cx.now, until],
            )?;
            held::tell(tx, cx, "coupon.locked", &coupon)?;
        } else if let Some(hold) = coupon.life.hold.as_mut() {
            // The cart was priced anew, or the order knows by now until when it waits to be paid.
            hold.until = hold.until.max(ask.until.unwrap_or(hold.until));
            let until = hold.until;
            held::save(tx, cx, &mut coupon)?;
            tx.exec(sql::HELD_ON, args![cx.merchant, id, &ask.order.source, &ask.order.no, item.saving, until])?;
        }
        out.push(Locked { coupon, new: done == Done::Now });
    }
    // The order may have come here before its lock: paid, or closed.
    orders::again(tx, cx, &ask.order)?;
    for locked in &mut out {
        locked.coupon = held::get(tx, cx, locked.coupon.id)?;
    }
    Ok(out)
}

/// A refusal that names a place of this request.
fn at(error: Error, place: String) -> Error {
    match error {
        Error::Refused(refusal) => refusal.at(place).into(),
        fault => fault,
    }
}

/// The templates of coupons, by version; of those that a member may use so often, names are locked until the transaction ends.
fn terms(tx: &mut Tx<'_>, cx: &Ctx, member: Option<MemberId>, of: &[CouponId]) -> Result<HashMap<(TemplateId, i64), Definition>> {
    let (mut out, mut names) = (HashMap::new(), BTreeSet::new());
    for row in tx.rows(sql::SOME, &[cx.merchant.into(), held::ids(of.iter().copied())])? {
        let coupon = held::read(row)?;
        let definition = templates::version(tx, cx.merchant, coupon.template, coupon.version)?.definition;
        if let Some(member) = member
            && definition.offer.per_member.is_some()
        {
            names.insert(tx.keys(cx.merchant)?.token("coupon_usage", &format!("{}/{member}", coupon.template)));
        }
        out.insert((coupon.template, coupon.version), definition);
    }
    tx.lock_names(cx.merchant, names)?;
    Ok(out)
}

/// Whether a member may use one more of a template; those that orders have count as used.
fn may_use(tx: &mut Tx<'_>, cx: &Ctx, coupon: &Coupon, of: &Definition) -> Result<()> {
    let (Some(member), Some(limit)) = (coupon.member, of.offer.per_member) else { return Ok(()) };
    let used: i64 = tx.one(sql::USED, args![cx.merchant, member, coupon.template, cx.now])?.get(0)?;
    if used < limit {
        return Ok(());
    }
    Err(USED_UP.with("name", &of.name).with("limit", limit).into())
}
