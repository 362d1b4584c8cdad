//! Benefits made, changed, paused, put away.

use shuke_access::{audit, merchants};
use shuke_kernel::{Ctx, Currency, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::model::{Benefit, Definition};
use super::sql;
use crate::BenefitId;
use crate::state::State;
use crate::words::{CHANGED, NO_BENEFIT, TOO_MANY};

/// Benefits of a merchant at most, those that are put away not counted.
pub const MOST: usize = 500;

fn read(mut r: Row) -> Result<Benefit> {
    let (body, state): (String, String) = (r.get(1)?, r.get(2)?);
    Ok(Benefit {
        id: r.get(0)?,
        definition: serde_json::from_str(&body)?,
        state: State::of(&state)?,
        version: r.get(3)?,
        created_at: r.get(4)?,
    })
}

/// The merchant's currency; renminbi, where no such merchant is entered.
pub fn currency(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Currency> {
    Ok(merchants::as_kept(tx, merchant)?.map_or(Currency::CNY, |(currency, _)| currency))
}

/// One.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: BenefitId) -> Result<Benefit> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_BENEFIT.refuse().into())
}

fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: BenefitId) -> Result<Benefit> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_BENEFIT.refuse().into())
}

/// All of a merchant, the oldest first.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Benefit>> {
    tx.rows(sql::LIST, args![merchant])?.into_iter().map(read).collect()
}

/// Makes one.
///
/// # Errors
/// Refuses a definition that cannot be.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Benefit> {
    let definition = definition.checked(currency(tx, cx.merchant)?)?;
    definition.who.check(tx, cx)?;
    if list(tx, cx.merchant)?.iter().filter(|b| b.state != State::Archived).count() >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let (id, body): (BenefitId, _) = (cx.new_id(), serde_json::to_string(&definition)?);
    tx.exec(sql::ADD, args![cx.merchant, id, &definition.name, definition.kind.word(), body, cx.now, cx.actor.label()])?;
    audit::record(tx, cx, "benefit.created", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

/// Says something else of one that is still as the definition's `version` says.
///
/// # Errors
/// Refuses a definition that cannot be, and one of a benefit that was changed since or put away.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: BenefitId, definition: Definition) -> Result<Benefit> {
    let found = hold(tx, cx.merchant, id)?;
    if definition.version != Some(found.version) {
        return Err(CHANGED.at("version").into());
    }
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    let definition = definition.checked(currency(tx, cx.merchant)?)?;
    definition.who.check(tx, cx)?;
    let body = serde_json::to_string(&definition)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &definition.name, definition.kind.word(), body, cx.now])?;
    audit::record(tx, cx, "benefit.changed", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

/// Pauses it, sets it going again, or puts it away for good.
///
/// # Errors
/// Refuses where its state does not allow it.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: BenefitId, to: State) -> Result<Benefit> {
    let found = hold(tx, cx.merchant, id)?;
    found.state.may_become(to)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    audit::record(tx, cx, &format!("benefit.set_{}", to.word()), &id.to_string(), &found.definition.name)?;
    get(tx, cx.merchant, id)
}
