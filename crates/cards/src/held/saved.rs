//! What a card saved somebody so far: the discounts of their orders that the card names, of orders paid while it ran.

use shuke_commerce::order::Discount;
use shuke_kernel::{Ctx, Currency, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::sql;
use super::standing::Standing;
use crate::card::Card;

/// What was saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Saved {
    /// Minor units of the merchant's currency.
    pub amount: i64,
    /// On how many orders.
    pub orders: i64,
}

/// What a card saved this person, who has these ids.
///
/// # Errors
/// Where the store does not answer.
pub fn saved(tx: &mut Tx<'_>, cx: &Ctx, card: &Card, ids: &[MemberId], standing: &Standing, currency: Currency) -> Result<Saved> {
    let mut out = Saved::default();
    let Some(first) = standing.purchases.iter().find_map(|(_, stretch)| stretch.map(|s| s.from)) else { return Ok(out) };
    if card.discounts.is_empty() {
        return Ok(out);
    }
    // An order may be placed before the card began and paid after.
    let since = first.plus_seconds(-30 * 86_400);
    for member in ids {
        for mut row in tx.rows(sql::DISCOUNTED, args![cx.merchant, *member, since])? {
            let (paid, created, of, told): (Option<Instant>, Option<Instant>, Currency, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let ran = |at: Instant| standing.purchases.iter().any(|(_, stretch)| stretch.is_some_and(|s| s.runs(at)));
            if of != currency || !paid.or(created).is_some_and(ran) {
                continue;
            }
            let discounts: Vec<Discount> = serde_json::from_str(&told)?;
            let named = |d: &&Discount| card.discounts.iter().any(|n| n.eq_ignore_ascii_case(d.name.trim()));
            let sum: i64 = discounts.iter().filter(named).map(|d| d.amount.max(0)).sum();
            if sum > 0 {
                out.amount = out.amount.saturating_add(sum);
                out.orders += 1;
            }
        }
    }
    Ok(out)
}
