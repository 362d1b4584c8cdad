//! How many orders there are and how much money they brought, and of how much of both nobody can
//! be named. Read from [counters](crate::counters), so it costs the same at any size.

use shuke_kernel::{Ctx, Currency, Result};
use shuke_store::Tx;

use crate::counters;

/// The figures of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overview {
    /// The merchant's currency; other currencies are not added to it.
    pub currency: Currency,
    /// Orders.
    pub orders: i64,
    /// Orders with a member.
    pub identified: i64,
    /// Orders of nobody.
    pub unidentified: i64,
    /// Orders that count as purchases.
    pub purchases: i64,
    /// Purchases of nobody.
    pub unidentified_purchases: i64,
    /// Net paid.
    pub net_paid: i64,
    /// Net paid by members.
    pub net_paid_identified: i64,
    /// Net paid by nobody.
    pub net_paid_unidentified: i64,
    /// What the merchant received.
    pub merchant_received: i64,
}

/// The figures in the merchant's currency first, then those in others by their code.
pub fn overview(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<Overview>> {
    let home = crate::order::service::terms(tx, cx)?.currency;
    let empty = |currency| Overview {
        currency,
        orders: 0,
        identified: 0,
        unidentified: 0,
        purchases: 0,
        unidentified_purchases: 0,
        net_paid: 0,
        net_paid_identified: 0,
        net_paid_unidentified: 0,
        merchant_received: 0,
    };
    let mut out = vec![empty(home)];
    for ((_, currency), s) in counters::sums(tx, cx)? {
        let Ok(currency) = currency.parse::<Currency>() else { continue };
        let at = out.iter().position(|o| o.currency == currency).unwrap_or_else(|| {
            out.push(empty(currency));
            out.len() - 1
        });
        let o = &mut out[at];
        o.orders += s.orders;
        o.unidentified += s.unnamed_orders;
        o.identified += s.orders - s.unnamed_orders;
        o.purchases += s.purchases;
        o.unidentified_purchases += s.unnamed_purchases;
        o.net_paid += s.net_paid;
        o.net_paid_unidentified += s.unnamed_net_paid;
        o.net_paid_identified += s.net_paid - s.unnamed_net_paid;
        o.merchant_received += s.received;
    }
    out[1..].sort_by_key(|o| o.currency);
    Ok(out)
}
