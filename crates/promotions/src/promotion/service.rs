//! Promotions made, changed, published, taken back, paused, put away.

use std::collections::HashMap;

use shuke_access::audit;
use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_pricing::Promotion as Offer;
use shuke_store::{Row, Tx, args};

use super::model::{self, Promotion, Rules, State};
use super::{CODES, PromotionId, sql};
use crate::catalogue;
use crate::evaluate::limits::{STEPS, steps_of};
use crate::versions::{self, Version};
use crate::words::{CHANGED, GROUP_CLASH, NEEDS_RULES, NO_DRAFT, NOT_FOUND, OVER, TOO_MANY, TOO_MANY_STEPS};

/// Promotions of a merchant at most, put-away ones not counted.
pub const MOST: i64 = 500;

fn read(mut r: Row) -> Result<Promotion> {
    Ok(Promotion {
        id: r.get(0)?,
        name: r.get(1)?,
        state: State::of(&r.get::<String>(2)?)?,
        draft: r.get(3)?,
        version: r.get(4)?,
        created_at: r.get(5)?,
        created_by: r.get(6)?,
        updated_at: r.get(7)?,
    })
}

/// One.
///
/// # Errors
/// Refuses where there is none.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: PromotionId) -> Result<Promotion> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: PromotionId) -> Result<Promotion> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// All of a merchant, the newest first.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Promotion>> {
    tx.rows(sql::LIST, args![merchant])?.into_iter().map(read).collect()
}

/// The columns of a version from its kind on.
fn version(r: &mut Row, no: i64, text: String, at: usize) -> Result<Version<Rules>> {
    let says = Rules { text, kind: r.get(at)?, begins: r.get(at + 1)?, ends: r.get(at + 2)? };
    Ok(Version {
        no,
        from: r.get(at + 3)?,
        note: r.get(at + 4)?,
        at: r.get(at + 5)?,
        by: r.get(at + 6)?,
        withdrawn_at: r.get(at + 7)?,
        says,
    })
}

/// All versions of one, in order.
pub fn versions(tx: &mut Tx<'_>, merchant: MerchantNo, id: PromotionId) -> Result<Vec<Version<Rules>>> {
    let read = |mut r: Row| {
        let (no, text) = (r.get(0)?, r.get(1)?);
        version(&mut r, no, text, 2)
    };
    tx.rows(sql::VERSIONS, args![merchant, id])?.into_iter().map(read).collect()
}

/// The versions of all promotions, without their rules' text.
pub fn heads(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<HashMap<PromotionId, Vec<Version<Rules>>>> {
    let mut out: HashMap<PromotionId, Vec<Version<Rules>>> = HashMap::new();
    for mut r in tx.rows(sql::HEADS, args![merchant])? {
        let (id, no): (PromotionId, i64) = (r.get(0)?, r.get(1)?);
        out.entry(id).or_default().push(version(&mut r, no, String::new(), 2)?);
    }
    Ok(out)
}

/// The text of a version's rules.
pub fn rules_of(tx: &mut Tx<'_>, merchant: MerchantNo, id: PromotionId, no: i64) -> Result<String> {
    tx.one(sql::RULES, args![merchant, id, no])?.get(0)
}

/// Makes one with a draft. Nothing is in force before it is published.
///
/// # Errors
/// Refuses a name that is none, rules that cannot be kept, and one more than there may be.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, name: &str, rules: &str) -> Result<PromotionId> {
    let (name, id): (String, PromotionId) = (model::name(name)?, cx.new_id());
    let offer = model::read(rules, id)?;
    catalogue::refers(tx, cx, &offer, cx.now)?;
    if tx.one(sql::COUNT, args![cx.merchant])?.get::<i64>(0)? >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    tx.exec(sql::ADD, args![cx.merchant, id, &name, rules, cx.now, cx.actor.label()])?;
    audit::record(tx, cx, "promotion.created", &id.to_string(), &name)?;
    Ok(id)
}

/// One that is still as `version` says, and not put away.
fn as_read(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId, version: i64) -> Result<Promotion> {
    let found = hold(tx, cx.merchant, id)?;
    if found.version != version {
        return Err(CHANGED.at("version").into());
    }
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    Ok(found)
}

/// Changes name and draft; without rules there is no draft any more. What is in force stays in force.
///
/// # Errors
/// As [`create`], and where it was changed since it was read, is put away, or would have no rules at all.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId, new_name: &str, rules: Option<&str>, version: i64) -> Result<()> {
    catalogue::restamp(tx, cx)?;
    as_read(tx, cx, id, version)?;
    let name = model::name(new_name)?;
    match rules {
        Some(rules) => {
            let offer = model::read(rules, id)?;
            catalogue::refers(tx, cx, &offer, cx.now)?;
        }
        None if versions(tx, cx.merchant, id)?.iter().all(|v| v.withdrawn_at.is_some()) => return Err(NEEDS_RULES.at("rules").into()),
        None => {}
    }
    tx.exec(sql::CHANGE, args![cx.merchant, id, &name, rules.map(str::to_owned), cx.now])?;
    audit::record(tx, cx, "promotion.changed", &id.to_string(), &name).map(|_| ())
}

/// Publishes the draft, in force from an instant on: now unless given. There is no draft then.
///
/// # Errors
/// Refuses where there is no draft, or it cannot follow on the versions there are, names what is not there, or would clash
/// with others.
pub fn publish(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId, version: i64, from: Option<Instant>, note: &str) -> Result<i64> {
    catalogue::restamp(tx, cx)?;
    let found = as_read(tx, cx, id, version)?;
    let Some(draft) = &found.draft else { return Err(NO_DRAFT.refuse().into()) };
    let no = post(tx, cx, &found, draft, from, note)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &found.name, None::<String>, cx.now])?;
    Ok(no)
}

/// Publishes the rules of a version again, in force from an instant on: now unless given. The draft stays.
///
/// # Errors
/// As [`publish`].
pub fn restore(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId, no: i64, from: Option<Instant>, note: &str) -> Result<i64> {
    catalogue::restamp(tx, cx)?;
    let found = hold(tx, cx.merchant, id)?;
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    let all = versions(tx, cx.merchant, id)?;
    let rules = versions::numbered(CODES, &all, no)?.says.text.clone();
    let made = post(tx, cx, &found, &rules, from, note)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &found.name, found.draft.clone(), cx.now])?;
    Ok(made)
}

fn post(tx: &mut Tx<'_>, cx: &Ctx, found: &Promotion, rules: &str, from: Option<Instant>, note: &str) -> Result<i64> {
    let all = versions(tx, cx.merchant, found.id)?;
    let (no, from) = versions::following(CODES, &all, cx.now, from)?;
    let note = versions::note(CODES, note)?;
    let offer = model::read(rules, found.id)?;
    if let Some(to) = offer.terms.to.filter(|to| *to <= from) {
        return Err(OVER.with("to", to).at("rules.to").into());
    }
    catalogue::refers(tx, cx, &offer, from)?;
    stands_beside(tx, cx, &offer)?;
    let (kind, by) = (offer.rule.kind(), cx.actor.label());
    let (begins, ends) = (offer.terms.from, offer.terms.to);
    tx.exec(sql::ADD_VERSION, args![cx.merchant, found.id, no, kind, rules, begins, ends, from, &note, cx.now, by])?;
    audit::record(tx, cx, "promotion.published", &found.id.to_string(), &format!("{} {no}: {note}", found.name))?;
    Ok(no)
}

/// Refuses rules that cannot stand in one catalogue with what others say now or will say.
fn stands_beside(tx: &mut Tx<'_>, cx: &Ctx, offer: &Offer) -> Result<()> {
    let living = catalogue::living(tx, cx)?;
    let others = || living.iter().filter(|other| other.offer.id != offer.id);
    if let (Some(group), Some(other)) = (&offer.terms.group, others().find(|other| model::clash(&other.offer, offer))) {
        return Err(GROUP_CLASH.with("group", group).with("other", &other.name).at("rules.group").into());
    }
    let own = steps_of(&offer.rule);
    let found = own + others().map(|other| steps_of(&other.offer.rule)).sum::<usize>();
    if own > 0 && found > STEPS {
        return Err(TOO_MANY_STEPS.with("limit", STEPS).with("found", found).at("rules.steps").into());
    }
    Ok(())
}

/// Withdraws a version that has not begun. Where there is no draft, its rules are one again.
///
/// # Errors
/// Refuses where there is no such version, or it has begun.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId, no: i64) -> Result<()> {
    catalogue::restamp(tx, cx)?;
    let found = hold(tx, cx.merchant, id)?;
    let all = versions(tx, cx.merchant, id)?;
    let version = versions::withdrawable(CODES, &all, no, cx.now)?;
    if tx.exec(sql::WITHDRAW, args![cx.merchant, id, no, cx.now])? == 0 {
        return Ok(());
    }
    let draft = found.draft.clone().unwrap_or_else(|| version.says.text.clone());
    tx.exec(sql::CHANGE, args![cx.merchant, id, &found.name, draft, cx.now])?;
    audit::record(tx, cx, "promotion.version_withdrawn", &id.to_string(), &format!("{} {no}", found.name)).map(|_| ())
}

/// Pauses one, sets it going again, or puts it away for good.
///
/// # Errors
/// Refuses where its state does not allow it.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId, to: State) -> Result<()> {
    catalogue::restamp(tx, cx)?;
    let found = hold(tx, cx.merchant, id)?;
    let may = match to {
        State::Active => found.state == State::Paused,
        State::Paused => found.state == State::Active,
        State::Archived => found.state != State::Archived,
    };
    if !may {
        return Err(found.state.wrong().into());
    }
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    let subject = id.to_string();
    match to {
        State::Active => audit::record(tx, cx, "promotion.resumed", &subject, &found.name),
        State::Paused => audit::record(tx, cx, "promotion.paused", &subject, &found.name),
        State::Archived => audit::record(tx, cx, "promotion.archived", &subject, &found.name),
    }
    .map(|_| ())
}
