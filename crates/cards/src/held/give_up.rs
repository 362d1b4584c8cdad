//! A card given up midway: what goes back of it, and that nothing goes back twice.

use shuke_access::{audit, merchants};
use shuke_kernel::money::allocate;
use shuke_kernel::{Ctx, Currency, Instant, Result, Zone};
use shuke_members::MemberId;
use shuke_store::register::row_name;
use shuke_store::{Tx, args};

use super::model::Purchase;
use super::service::{lock, refresh, standings_of, staying, told};
use super::standing::Standing;
use super::{FOREIGN, NO_REFUND, NOTHING_LEFT, TOO_MUCH, sql};
use crate::card::{Card, CardId, Refund, service as cards};
use crate::lay::Unused;
use crate::orders;

/// What goes back if a card is given up now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quote {
    /// In all, minor units.
    pub amount: i64,
    /// At most, if somebody decides otherwise: what was paid for all of it and has not gone back.
    pub most: i64,
    /// Of each purchase that is not used up.
    pub parts: Vec<(Purchase, Unused)>,
}

/// What goes back if a person gives a card up now. By the card's rule; a card of which nothing goes back quotes nothing.
/// The sums are of what was paid in `currency`.
pub fn quote(zone: &Zone, card: &Card, standing: &Standing, currency: Currency, now: Instant) -> Quote {
    let keeps = card.refund == Refund::Never;
    let parts: Vec<(Purchase, Unused)> = standing
        .left(zone, now)
        .into_iter()
        .map(|(purchase, unused)| (purchase.clone(), if keeps { Unused { amount: 0, ..unused } } else { unused }))
        .collect();
    let ours = || parts.iter().filter(|(purchase, _)| purchase.currency == currency);
    Quote { amount: ours().map(|(_, unused)| unused.amount).sum(), most: ours().map(|(purchase, _)| purchase.open()).sum(), parts }
}

/// Gives up everything of a card that is not used up. The money itself goes back by the shop's till.
///
/// # Errors
/// Where nothing is left, more is to go back than was paid, or something was paid in another currency.
pub fn give_up(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, card: CardId, amount: Option<i64>, reason: &str) -> Result<Quote> {
    let (living, ids) = staying(tx, cx, member)?;
    lock(tx, cx, [living])?;
    let card = cards::get(tx, cx.merchant, card)?;
    // What an order gave back already, and the feed has still to tell, does not go back twice.
    orders::look_again(tx, cx, &ids)?;
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let standing = Standing::of(&zone, standings_of(tx, cx, &ids, card.id)?);
    let currency = cards::currency(tx, cx.merchant)?;
    let mut quote = quote(&zone, &card, &standing, currency, cx.now);
    if quote.parts.is_empty() {
        return Err(NOTHING_LEFT.refuse().into());
    }
    if let Some((foreign, _)) = quote.parts.iter().find(|(purchase, _)| purchase.open() > 0 && purchase.currency != currency) {
        return Err(FOREIGN.with("currency", foreign.currency).into());
    }
    if let Some(amount) = amount {
        if amount > quote.most {
            return Err(TOO_MUCH.with("most", shown(quote.most, currency)).at("amount").into());
        }
        let weights: Vec<i64> = quote.parts.iter().map(|(purchase, _)| purchase.open()).collect();
        for ((_, unused), share) in quote.parts.iter_mut().zip(allocate(amount, &weights)) {
            unused.amount = share;
        }
        quote.amount = amount;
    } else if card.refund == Refund::Never && quote.most > 0 {
        return Err(NO_REFUND.refuse().into());
    }
    let keys = tx.keys(cx.merchant)?;
    for (purchase, unused) in &quote.parts {
        let sealed = keys.seal("card_purchase", &row_name(&[purchase.id.into()]), reason.as_bytes())?;
        tx.exec(sql::GIVE_UP, args![cx.merchant, purchase.id, cx.now, purchase.back() + unused.amount, sealed])?;
    }
    let data = serde_json::json!({ "card": card.id, "returned": quote.amount });
    tx.emit(cx, told(cx, "card.given_up", living, &data))?;
    audit::record(tx, cx, "card.given_up", &living.to_string(), &format!("{} · {}", card.name, shown(quote.amount, currency)))?;
    refresh(tx, cx, &[living])?;
    Ok(quote)
}

/// Minor units as people read them: two places for yuan, none for yen.
fn shown(amount: i64, currency: Currency) -> String {
    let digits = currency.digits();
    let (unit, places) = (10_i64.pow(digits), digits as usize);
    if places == 0 { amount.to_string() } else { format!("{}.{:0places$}", amount / unit, amount % unit) }
}
