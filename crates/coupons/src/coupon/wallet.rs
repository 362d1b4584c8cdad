//! A member's coupons as the member's own page shows them: those that can be used or that an order has, the first to end
//! first, in the shopper's words.

use std::collections::HashMap;

use serde::Serialize;
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::model::State;
use super::{held, said, sql};
use crate::template::service::{self as templates, currency};
use crate::{CouponId, TemplateId, who};

/// A coupon for its owner.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Held {
    /// Which.
    pub id: CouponId,
    /// What it is called.
    pub name: String,
    /// The shop's own words; empty where there are none.
    pub says: String,
    /// What it gives.
    pub gives: String,
    /// What it needs, one by one; empty where it needs nothing.
    pub needs: Vec<String>,
    /// Not good before, where that is still to come.
    pub from: Option<Instant>,
    /// Not good at this instant any more.
    pub until: Instant,
    /// Whether an order holds it now.
    pub in_order: bool,
    /// Whether its owner is in none of the tiers and segments that it is for, now.
    pub kept_out: bool,
}

/// The coupons of a member who stays, in one language.
///
/// # Errors
/// Where the store does not answer.
pub fn of(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, zh: bool) -> Result<Vec<Held>> {
    let rows = tx.rows(sql::LIVE_OF, args![cx.merchant, member])?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let currency = currency(tx, cx.merchant)?;
    // Of one template a member may hold many: whom it is for is asked once.
    let mut judged: HashMap<(TemplateId, i64), bool> = HashMap::new();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut coupon = held::read(row)?;
        coupon.life.pass(cx.now);
        let life = &coupon.life;
        if !life.state.is_free() && life.state != State::Locked {
            continue;
        }
        let of = templates::version(tx, cx.merchant, coupon.template, coupon.version)?.definition;
        let version = (coupon.template, coupon.version);
        let kept_out = match judged.get(&version) {
            Some(known) => *known,
            None => {
                let found = who::kept_out(tx, cx, &of, &of.name, member)?.is_some();
                judged.insert(version, found);
                found
            }
        };
        out.push(Held {
            id: coupon.id,
            gives: said::gives(&of.offer, coupon.amount, currency, zh),
            needs: said::needs(&of.offer, currency, zh),
            from: life.from.filter(|from| cx.now < *from),
            until: life.expires,
            in_order: life.state == State::Locked,
            kept_out,
            name: of.name,
            says: of.description,
        });
    }
    Ok(out)
}
