//! What of an order counts, and when, where the rules leave it to the shop: whether net paid has in
//! it what the platform paid, and at which time an order counts whose source tells no pay time.

use shuke_kernel::Instant;
use shuke_kernel::money::allocate;

use super::observation::Payer;
use super::state::{OrderState, PayTime, Terms};

/// Applies the shop's choices to an order whose amounts are settled.
pub(super) fn count(terms: &Terms, order: &mut OrderState) {
    if terms.platform_counts {
        platform(order);
    }
    order.counts_at = counts_at(terms.pay_time, order.purchase, order.paid_at, order.created_at);
}

/// The platform's part counts as far as the goods were kept: what goes back takes its share of it
/// along, so that an order that went back whole counts nothing.
fn platform(order: &mut OrderState) {
    let (Some(goods), Some(net)) = (order.goods_paid.filter(|_| order.purchase), order.net_paid) else { return };
    let part = order.discount_of(Payer::Platform).max(0);
    let kept = if goods > 0 { allocate(part, &[net, goods - net])[0] } else { part };
    order.net_paid = Some(net.saturating_add(kept));
}

/// When a purchase counts for points and windows: when it was paid; where its source does not tell,
/// when it was placed, or at no time, as the shop has chosen.
pub fn counts_at(policy: PayTime, purchase: bool, paid_at: Option<Instant>, created_at: Option<Instant>) -> Option<Instant> {
    let placed = created_at.filter(|_| policy == PayTime::CreatedAt);
    if purchase { paid_at.or(placed) } else { None }
}
