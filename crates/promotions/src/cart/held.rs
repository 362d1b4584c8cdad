//! What members hold of coupons, asked of whoever keeps them. Where nobody does, carts are priced without coupons, and answers
//! say so: `coupons_known` is false, and a cart that names coupons is refused.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_pricing::{Coupon, Template};
use shuke_store::Tx;

/// What a member holds.
#[derive(Clone, Default, Debug)]
pub struct Held {
    /// What the coupons are of, each once. None excludes line by line: only promotions can.
    pub templates: Vec<Template>,
    /// The coupons that can be used or that an order has; each names its template by place. Their ids are no promotion's.
    pub coupons: Vec<Coupon>,
    /// How often the member used each of the templates that limit it, by the template's id. What an order has is used.
    pub usage: BTreeMap<String, i64>,
    /// What people call the coupons, by id.
    pub names: BTreeMap<String, String>,
}

/// Who keeps coupons.
pub trait HeldCoupons: Send + Sync {
    /// What a member holds, as it is for a price at an instant. The member is living, never an alias.
    ///
    /// # Errors
    /// Where the store does not answer.
    fn held(&self, tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, at: Instant) -> Result<Held>;
}

static SOURCE: OnceLock<Arc<dyn HeldCoupons>> = OnceLock::new();

/// Wires who keeps coupons; the first call counts.
pub fn install(source: Arc<dyn HeldCoupons>) {
    let _ = SOURCE.set(source);
}

/// What a member holds; none where nobody keeps coupons.
///
/// # Errors
/// Where the store does not answer.
pub(super) fn of(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, at: Instant) -> Result<Option<Held>> {
    SOURCE.get().map(|source| source.held(tx, cx, member, at)).transpose()
}

/// Whether somebody keeps coupons.
pub(super) fn are_kept() -> bool {
    SOURCE.get().is_some()
}
