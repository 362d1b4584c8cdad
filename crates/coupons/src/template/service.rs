//! Templates made, changed in versions, paused, put away. A batch keeps the version that it was made by.

use shuke_access::{audit, merchants};
use shuke_kernel::{Ctx, Currency, Instant, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::model::{Definition, Template};
use super::sql;
use crate::TemplateId;
use crate::state::State;
use crate::who;
use crate::words::{CHANGED, NO_TEMPLATE, TOO_MANY, invalid};

/// Templates of a merchant at most, those that are put away not counted.
pub const MOST: usize = 1_000;

fn read(mut r: Row) -> Result<Template> {
    let (body, state): (String, String) = (r.get(1)?, r.get(2)?);
    Ok(Template {
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

/// One, as it is now.
///
/// # Errors
/// Refuses where there is none.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: TemplateId) -> Result<Template> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_TEMPLATE.refuse().into())
}

/// One, as a version of it has it.
///
/// # Errors
/// Refuses where there is none.
pub fn version(tx: &mut Tx<'_>, merchant: MerchantNo, id: TemplateId, no: i64) -> Result<Template> {
    // Read again and again by whoever claims many: a version never changes, only the template's state does.
    let rows = tx.remembered(sql::GET_VERSION, args![merchant, id, no], &["coupon_template"])?;
    rows.into_iter().next().map(read).transpose()?.ok_or_else(|| NO_TEMPLATE.refuse().into())
}

/// All of a merchant, the oldest first.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Template>> {
    tx.rows(sql::LIST, args![merchant])?.into_iter().map(read).collect()
}

/// One that is held until the transaction ends.
fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: TemplateId) -> Result<Template> {
    tx.row(sql::HOLD, args![merchant, id])?;
    get(tx, merchant, id)
}

/// Makes one.
///
/// # Errors
/// Refuses a definition that cannot be.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Template> {
    let definition = definition.checked()?;
    who::check(tx, cx, &definition)?;
    if list(tx, cx.merchant)?.iter().filter(|t| t.state != State::Archived).count() >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let id: TemplateId = cx.new_id();
    tx.exec(sql::ADD, args![cx.merchant, id, &definition.name, definition.offer.kind.word(), cx.now, cx.actor.label()])?;
    put_version(tx, cx, id, 1, &definition)?;
    audit::record(tx, cx, "coupon_template.created", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

fn put_version(tx: &mut Tx<'_>, cx: &Ctx, id: TemplateId, no: i64, definition: &Definition) -> Result<()> {
    let body = serde_json::to_string(definition)?;
    tx.exec(sql::ADD_VERSION, args![cx.merchant, id, no, body, cx.now, cx.actor.label()]).map(|_| ())
}

/// Says something else of one that is still as the definition's `version` says. Batches that are there keep what they were
/// made by; its kind stays.
///
/// # Errors
/// Refuses a definition that cannot be, and one of a template that was changed since or put away.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: TemplateId, definition: Definition) -> Result<Template> {
    let found = hold(tx, cx.merchant, id)?;
    if definition.version != Some(found.version) {
        return Err(CHANGED.at("version").into());
    }
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    if definition.offer.kind != found.definition.offer.kind {
        return Err(invalid("offer.kind", "种类不能更改，请新建一个模板。", "The kind stays: make another template.").into());
    }
    let definition = definition.checked()?;
    who::check(tx, cx, &definition)?;
    let no = found.version + 1;
    put_version(tx, cx, id, no, &definition)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &definition.name, definition.offer.kind.word(), no, cx.now])?;
    audit::record(tx, cx, "coupon_template.changed", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

/// Pauses it, sets it going again, or puts it away for good: then nothing is handed out of its batches any more, and what
/// members have stays good.
///
/// # Errors
/// Refuses where its state does not allow it.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: TemplateId, to: State) -> Result<Template> {
    let found = hold(tx, cx.merchant, id)?;
    found.state.may_become(to)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    audit::record(tx, cx, &format!("coupon_template.set_{}", to.word()), &id.to_string(), &found.definition.name)?;
    get(tx, cx.merchant, id)
}

/// A version of a template.
#[derive(Clone, Debug)]
pub struct Version {
    /// The how-many-eth.
    pub no: i64,
    /// What it says.
    pub definition: Definition,
    /// When it was made.
    pub made_at: Instant,
    /// By whom.
    pub made_by: String,
}

/// The versions of a template, the newest first.
///
/// # Errors
/// Refuses where there is no such template.
pub fn versions(tx: &mut Tx<'_>, merchant: MerchantNo, id: TemplateId) -> Result<Vec<Version>> {
    get(tx, merchant, id)?;
    let read = |mut r: Row| {
        let body: String = r.get(1)?;
        Ok(Version { no: r.get(0)?, definition: serde_json::from_str(&body)?, made_at: r.get(2)?, made_by: r.get(3)? })
    };
    tx.rows(sql::VERSIONS, args![merchant, id])?.into_iter().map(read).collect()
}
