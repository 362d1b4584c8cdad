//! From a cart to what the engine takes.

use std::sync::Arc;

use shuke_kernel::{Ctx, Instant, Refusal, Result};
use shuke_members::MemberId;
use shuke_pricing::{Cart, Effort, Known as Buyer, Priced, Template, price_for};
use shuke_store::Tx;

use super::held;
use super::known::{Known, gather};
use crate::catalogue::{self, Catalogue};
use crate::evaluate::{limits, malformed};
use crate::words::{COUPONS_NOT_KEPT, MALFORMED};

/// A cart that was read, and whose.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As the engine takes it.
    pub cart: Cart,
    /// Whose; none is a guest.
    pub member: Option<MemberId>,
}

/// All that a price needs: nothing of the store is read any more.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The cart.
    pub cart: Cart,
    /// What holds at its time.
    pub catalogue: Arc<Catalogue>,
    /// Whose; none is a guest.
    pub known: Option<Known>,
}

/// Reads a cart, to be priced at `now` unless it says when.
///
/// # Errors
/// A refusal that names the place which breaks the format, and of a cart that names coupons where nobody keeps any.
pub fn read(text: &str, now: Instant) -> Result<Asked, Refusal> {
    let cart = Cart::read_at(text, now).map_err(|e| malformed("", &e))?;
    if cart.coupons.as_ref().is_some_and(|named| !named.is_empty()) && !held::are_kept() {
        return Err(COUPONS_NOT_KEPT.at("coupons"));
    }
    let no_id = |_| {
        let (zh, en) = ("应为会员编号 mem_…", "expected a member's id, mem_…");
        MALFORMED.with("path", "member").with("reason", "wrong_form").with("why_zh", zh).with("why", en).at("member")
    };
    let member = cart.member.as_deref().map(|id| id.parse::<MemberId>().map_err(no_id)).transpose()?;
    Ok(Asked { cart, member })
}

/// Gathers what a price needs.
///
/// # Errors
/// Refuses where there is no such member, or too much to price at once.
pub fn prepare(tx: &mut Tx<'_>, cx: &Ctx, asked: &Asked) -> Result<Ready> {
    let catalogue = catalogue::at(tx, cx.merchant, asked.cart.time)?;
    let known = asked.member.map(|id| gather(tx, cx, &catalogue, id, asked.cart.time)).transpose()?;
    let (held, templates) = known.as_ref().map_or((0, &[] as &[Template]), |k| (k.member.coupons.len(), &k.templates[..]));
    limits::check_for(&catalogue.offers, held, templates, &asked.cart, ("lines", "lines"))?;
    Ok(Ready { cart: asked.cart.clone(), catalogue, known })
}

impl Ready {
    /// Whether it takes its turn with large ones.
    pub fn is_large(&self) -> bool {
        let held = self.known.as_ref().map_or(0, |k| k.member.coupons.len());
        (self.catalogue.offers.promotions.len() + held).saturating_mul(self.cart.lines.len()) > limits::LARGE_OFFERS_BY_LINES
    }

    /// The price.
    pub fn price(&self) -> Priced {
        let buyer = self.known.as_ref().map(|known| Buyer { member: &known.member, templates: &known.templates });
        price_for(&self.catalogue.offers, buyer, &self.cart, Effort::SERVED)
    }
}
