//! What members hold of coupons, told to whoever prices their carts: promotions know no coupons, coupons no promotions.

use std::sync::Arc;

use shuke_coupons::coupon::engine;
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_pricing::Offers;
use shuke_promotions::cart::{Held, HeldCoupons, held};
use shuke_store::Tx;

/// Wires the shop's coupons to its prices.
pub fn wire() {
    held::install(Arc::new(Kept));
}

/// The coupons that the shop keeps.
struct Kept;

impl HeldCoupons for Kept {
    /// Whatever the price is for, they are told as they stand now, as all that is known of a member is; the engine reckons from
    /// when to when each is good by the time of the cart.
    fn held(&self, tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, _: Instant) -> Result<Held> {
        let engine::Told { offers, names } = engine::told(tx, cx, member)?;
        // The engine's own reader, so that what is told to a shop's checkout and what is priced here cannot be two things.
        let read = Offers::read(&serde_json::to_string(&offers)?).map_err(|e| Error::fault(format!("coupons as offers: {e}")))?;
        let mut one = read.members.into_values().next().unwrap_or_default();
        one.usage.retain(|id, _| read.templates.iter().any(|t| t.id == *id && t.terms.per_member.is_some()));
        Ok(Held { templates: read.templates, coupons: one.coupons, usage: one.usage, names })
    }
}
