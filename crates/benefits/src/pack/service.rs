//! Packs made, changed, paused, put away.

use shuke_access::{audit, merchants};
use shuke_kernel::{Ctx, Error, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::model::{Definition, Pack};
use super::sql;
use crate::PackId;
use crate::state::State;
use crate::words::{CHANGED, NO_PACK, TOO_MANY, invalid};

/// Packs of a merchant at most, those that are put away not counted.
pub const MOST: usize = 100;

pub(super) fn read(mut r: Row) -> Result<Pack> {
    let (body, state): (String, String) = (r.get(1)?, r.get(2)?);
    Ok(Pack {
        id: r.get(0)?,
        definition: serde_json::from_str(&body)?,
        state: State::of(&state)?,
        given: r.get(3)?,
        walked: r.get(4)?,
        version: r.get(5)?,
        created_at: r.get(6)?,
    })
}

/// One.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: PackId) -> Result<Pack> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_PACK.refuse().into())
}

pub(super) fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: PackId) -> Result<Pack> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_PACK.refuse().into())
}

/// All of a merchant, the oldest first.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Pack>> {
    tx.rows(sql::LIST, args![merchant])?.into_iter().map(read).collect()
}

/// Those that are active.
pub fn active(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Pack>> {
    tx.rows(sql::ACTIVE, args![merchant])?.into_iter().map(read).collect()
}

fn checked(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Definition> {
    let definition = definition.checked()?;
    definition.who.check(tx, cx)?;
    definition.gift().known(tx, cx)?;
    Ok(definition)
}

/// The day before today: today's occasions are still to come.
fn yesterday(tx: &mut Tx<'_>, cx: &Ctx) -> Result<String> {
    let today = merchants::zone_of(tx, cx.merchant)?.day(cx.now);
    Ok(today.yesterday().map_err(Error::fault)?.to_string())
}

/// Makes one. Occasions of before are none.
///
/// # Errors
/// Refuses a definition that cannot be.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Pack> {
    let definition = checked(tx, cx, definition)?;
    if list(tx, cx.merchant)?.iter().filter(|p| p.state != State::Archived).count() >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let (id, body, walked): (PackId, _, _) = (cx.new_id(), serde_json::to_string(&definition)?, yesterday(tx, cx)?);
    let by = cx.actor.label();
    tx.exec(sql::ADD, args![cx.merchant, id, &definition.name, definition.occasion.word(), body, walked, cx.now, by])?;
    audit::record(tx, cx, "benefit_pack.created", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

/// Says something else of one that is still as the definition's `version` says. Its occasion stays.
///
/// # Errors
/// Refuses a definition that cannot be, and one of a pack that was changed since or put away.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: PackId, definition: Definition) -> Result<Pack> {
    let found = hold(tx, cx.merchant, id)?;
    if definition.version != Some(found.version) {
        return Err(CHANGED.at("version").into());
    }
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    if definition.occasion != found.definition.occasion {
        return Err(invalid("occasion", "时机不能更改，请新建一个礼包。", "The occasion stays: make another pack.").into());
    }
    let definition = checked(tx, cx, definition)?;
    let body = serde_json::to_string(&definition)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &definition.name, body, cx.now])?;
    audit::record(tx, cx, "benefit_pack.changed", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

/// Pauses it, sets it going again, or puts it away for good. Days of the year that passed meanwhile are not made up for.
///
/// # Errors
/// Refuses where its state does not allow it.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: PackId, to: State) -> Result<Pack> {
    let found = hold(tx, cx.merchant, id)?;
    found.state.may_become(to)?;
    let walked = yesterday(tx, cx)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), walked, cx.now])?;
    audit::record(tx, cx, &format!("benefit_pack.set_{}", to.word()), &id.to_string(), &found.definition.name)?;
    get(tx, cx.merchant, id)
}
