//! Cards made, changed, paused, put away.

use shuke_access::{audit, merchants};
use shuke_kernel::{Ctx, Currency, Error, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::model::{self, Card, Draft, Refund, State, Term};
use super::{CHANGED, CardId, NOT_FOUND, SKU_TAKEN, TERM_GONE, TOO_MANY, WRONG_STATE, sql};
use crate::held::sql as held;
use crate::orders::fill;

/// Cards of a merchant at most, put-away ones not counted.
const MOST: usize = 50;

fn read(mut r: Row) -> Result<Card> {
    let (state, terms, refund, discounts): (String, String, String, String) = (r.get(3)?, r.get(4)?, r.get(6)?, r.get(8)?);
    Ok(Card {
        id: r.get(0)?,
        name: r.get(1)?,
        description: r.get(2)?,
        state: State::of(&state).ok_or_else(|| Error::fault(format!("a card is {state}")))?,
        terms: serde_json::from_str(&terms)?,
        trial_days: r.get(5)?,
        refund: Refund::of(&refund).ok_or_else(|| Error::fault(format!("a card's refund is {refund}")))?,
        notice_days: r.get(7)?,
        discounts: serde_json::from_str(&discounts)?,
        counts_from: r.get(9)?,
        job: r.get(10)?,
        version: r.get(11)?,
        created_at: r.get(12)?,
    })
}

/// One card.
///
/// # Errors
/// Where there is none of the id.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: CardId) -> Result<Card> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// One card, held until the transaction ends: nobody changes it meanwhile.
///
/// # Errors
/// Where there is none of the id.
pub fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: CardId) -> Result<Card> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// All cards of a merchant, the oldest first. A transaction that asks again is answered from memory.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Card>> {
    tx.remembered(sql::LIST, args![merchant], &["UPDATE card ", "INTO card "])?.into_iter().map(read).collect()
}

/// The merchant's currency, in which cards are sold.
pub fn currency(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Currency> {
    Ok(merchants::as_kept(tx, merchant)?.map_or(Currency::CNY, |(currency, _)| currency))
}

/// What stands for all cards of a merchant among locked names: which goods sell what is settled one after the other.
const ALL: [u8; 16] = *b"cards of a shop.";

/// Goods sell one term: none of these is another's.
fn goods_free(tx: &mut Tx<'_>, cx: &Ctx, of: Option<CardId>, terms: &[Term]) -> Result<()> {
    tx.lock_names(cx.merchant, [ALL])?;
    let mut taken: Vec<(String, String)> = Vec::new();
    for card in list(tx, cx.merchant)?.into_iter().filter(|c| c.state != State::Archived && Some(c.id) != of) {
        taken.extend(card.terms.iter().flat_map(|t| t.skus.iter().cloned()).map(|sku| (sku, card.name.clone())));
    }
    for (i, term) in terms.iter().enumerate() {
        let mine = terms[..i].iter().find_map(|before| term.skus.iter().find(|s| before.skus.contains(s)).map(|sku| (sku, &before.name)));
        let theirs = term.skus.iter().find_map(|sku| taken.iter().find(|(t, _)| t == sku).map(|(sku, card)| (sku, card)));
        if let Some((sku, card)) = mine.or(theirs) {
            return Err(SKU_TAKEN.with("sku", sku).with("card", card).at(format!("terms[{i}].skus")).into());
        }
    }
    Ok(())
}

/// Makes a card.
///
/// # Errors
/// Where something of it cannot be, with the field.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, draft: &Draft) -> Result<CardId> {
    let draft = model::checked(draft)?;
    goods_free(tx, cx, None, &draft.terms)?;
    if list(tx, cx.merchant)?.iter().filter(|c| c.state != State::Archived).count() >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let id: CardId = cx.new_id();
    let (terms, discounts) = (serde_json::to_string(&draft.terms)?, serde_json::to_string(&draft.discounts)?);
    let from = draft.counts_from.unwrap_or(cx.now);
    tx.exec(
        sql::ADD,
        args![
            cx.merchant,
            id,
            &draft.name,
            &draft.description,
            terms,
            draft.trial_days,
            draft.refund.word(),
            draft.notice_days,
            discounts,
            from,
            cx.now,
            cx.actor.label()
        ],
    )?;
    let made = get(tx, cx.merchant, id)?;
    if made.has_goods() && from < cx.now {
        fill_up(tx, cx, &made)?;
    }
    audit::record(tx, cx, "card.created", &id.to_string(), &draft.name)?;
    Ok(id)
}

/// Orders of before are looked at for what now sells the card.
fn fill_up(tx: &mut Tx<'_>, cx: &Ctx, card: &Card) -> Result<()> {
    let job = fill::enqueue(tx, cx, card)?;
    tx.exec(sql::SET_JOB, args![cx.merchant, card.id, job]).map(|_| ())
}

/// Changes a card that is still as `version` says. Terms that were sold keep their length.
///
/// # Errors
/// Where somebody changed it since, or something of it cannot be.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: CardId, draft: &Draft, version: i64) -> Result<()> {
    let found = hold(tx, cx.merchant, id)?;
    if found.version != version {
        return Err(CHANGED.at("version").into());
    }
    among(&found, &[State::Active, State::Paused])?;
    let draft = model::checked(draft)?;
    goods_free(tx, cx, Some(id), &draft.terms)?;
    for old in &found.terms {
        let same = draft.terms.iter().any(|t| t.key == old.key && t.length() == old.length());
        if !same && tx.row(sql::SOLD, args![cx.merchant, id, &old.key])?.is_some() {
            return Err(TERM_GONE.with("term", &old.name).at("terms").into());
        }
    }
    let (terms, discounts) = (serde_json::to_string(&draft.terms)?, serde_json::to_string(&draft.discounts)?);
    let from = draft.counts_from.unwrap_or(found.counts_from);
    tx.exec(
        sql::CHANGE,
        args![
            cx.merchant,
            id,
            &draft.name,
            &draft.description,
            terms,
            draft.trial_days,
            draft.refund.word(),
            draft.notice_days,
            discounts,
            from,
            cx.now
        ],
    )?;
    if draft.notice_days != found.notice_days {
        tx.exec(held::NOTICE, args![cx.merchant, id, cx.now, draft.notice_days * 86_400_000_000])?;
    }
    let goods = |terms: &[Term]| terms.iter().flat_map(|t| t.skus.iter().map(|s| (t.key.clone(), s.clone()))).collect::<Vec<_>>();
    if goods(&draft.terms) != goods(&found.terms) || from != found.counts_from {
        let now = get(tx, cx.merchant, id)?;
        fill_up(tx, cx, &now)?;
    }
    audit::record(tx, cx, "card.changed", &id.to_string(), &draft.name).map(|_| ())
}

/// Refuses where the card is in none of these states.
///
/// # Errors
/// Saying which it is in.
pub fn among(found: &Card, states: &[State]) -> Result<()> {
    if states.contains(&found.state) {
        Ok(())
    } else {
        Err(WRONG_STATE.with("state", found.state.word()).with("state_zh", found.state.said()).into())
    }
}

/// Pauses a card, sells it again, or puts it away for good.
///
/// # Errors
/// Where it is not in a state from which that can be.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: CardId, to: State) -> Result<()> {
    let found = hold(tx, cx.merchant, id)?;
    let from: &[State] = match to {
        State::Active => &[State::Paused],
        State::Paused => &[State::Active],
        State::Archived => &[State::Active, State::Paused],
    };
    among(&found, from)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    let what = if to == State::Active { "resumed" } else { to.word() };
    audit::record(tx, cx, &format!("card.{what}"), &id.to_string(), &found.name).map(|_| ())
}
