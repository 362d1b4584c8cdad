//! A coupon as it is shown: to the shop's own pages, and kept as the answer of who asked for it.

use serde::{Deserialize, Serialize};
use shuke_commerce::wire::External;
use shuke_http::MoneyDto;
use shuke_kernel::{Ctx, Currency, Instant, Result};
use shuke_members::MemberId;
use shuke_store::Tx;
use utoipa::ToSchema;

use super::held::Coupon;
use super::model::State;
use crate::template::Offer;
use crate::template::service::{self as templates, currency};
use crate::{BatchId, CouponId, TemplateId};

/// A coupon.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Coupon)]
pub struct CouponDto {
    /// `cpn_…`.
    #[schema(value_type = String, example = "cpn_01kc…")]
    pub id: CouponId,
    /// What it is called.
    pub name: String,
    /// In the words of the shop.
    pub description: String,
    /// `cpt_…`.
    #[schema(value_type = String)]
    pub template: TemplateId,
    /// `cpb_…`.
    #[schema(value_type = String)]
    pub batch: BatchId,
    /// Whose; null where a code was shown by who is no member.
    #[schema(value_type = Option<String>)]
    pub member: Option<MemberId>,
    /// Where it stands now.
    pub state: State,
    /// `claimed`, `granted` or `code`.
    pub how: String,
    /// What it gives and under which conditions, as the pricing engine reads it.
    pub offer: Offer,
    /// What it takes off, where that is an amount: the template's, or as drawn for this one.
    pub amount: Option<MoneyDto>,
    /// Not good before.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Not good at this instant any more.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Instant,
    /// The order that holds it, or used it.
    pub order: Option<External>,
    /// Until when that order holds it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lock_until: Option<Instant>,
    /// When it was had.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Instant,
}

/// As it stands at the time of `cx`, whether that is written yet or not.
///
/// # Errors
/// Where the store does not answer.
pub fn shown(tx: &mut Tx<'_>, cx: &Ctx, coupon: &Coupon) -> Result<CouponDto> {
    let currency = currency(tx, cx.merchant)?;
    let of = templates::version(tx, cx.merchant, coupon.template, coupon.version)?.definition;
    let mut life = coupon.life.clone();
    life.pass(cx.now);
    let amount = coupon.amount.or(of.offer.amount);
    Ok(CouponDto {
        id: coupon.id,
        name: of.name,
        description: of.description,
        template: coupon.template,
        batch: coupon.batch,
        member: coupon.member,
        state: life.state,
        how: coupon.how.clone(),
        offer: of.offer,
        amount: amount.map(|amount| money(amount, currency)),
        from: life.from,
        expires_at: life.expires,
        order: life.order.map(|order| External { source: order.source, id: order.no }),
        lock_until: life.hold.map(|hold| hold.until),
        made_at: coupon.made_at,
    })
}

/// An amount of minor units.
pub(crate) fn money(amount: i64, currency: Currency) -> MoneyDto {
    MoneyDto { amount, currency: currency.to_string() }
}
