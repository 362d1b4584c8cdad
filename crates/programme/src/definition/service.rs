//! Programmes made, changed, paused, put away; their versions posted and withdrawn; their rules read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use shuke_access::{ShopId, audit, merchants, shops};
use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_loyalty::Rules;
use shuke_loyalty::calendar::reckoned;
use shuke_store::{Row, Tx, args};

use super::model::{self, Programme, State, Version, read_rules};
use super::{
    BAD_TIME, BEGUN, CHANGED, FIRST, IN_THE_PAST, NO_SHOP, NO_VERSION, NOT_ACTIVE, NOT_AFTER, NOT_FOUND, OTHER_ZONE, ProgrammeId, TOO_MANY,
    WRONG_STATE, sql,
};

/// Programmes of a merchant at most, put-away ones not counted.
const MOST: usize = 50;

/// The zone of rules that name none.
const USUAL_ZONE: &str = "Asia/Shanghai";

/// Counters of books, so that members who join at once do not wait for each other.
pub(crate) const SHARDS: i64 = 16;

/// A programme to be made.
#[derive(Clone, Debug)]
pub struct New {
    /// As people call it.
    pub name: String,
    /// The shops it is of; none for all.
    pub shops: Vec<String>,
    /// Its first rules.
    pub rules: Json,
    /// When it begins; now unless given.
    pub begins_at: Option<Instant>,
}

fn read(mut r: Row) -> Result<Programme> {
    let (shops, state): (String, String) = (r.get(2)?, r.get(3)?);
    Ok(Programme {
        id: r.get(0)?,
        name: r.get(1)?,
        shops: serde_json::from_str(&shops)?,
        state: State::of(&state).ok_or_else(|| Error::fault(format!("a programme is {state}")))?,
        begins_at: r.get(4)?,
        version: r.get(5)?,
        stamp: r.get(6)?,
        job: r.get(7)?,
        summed_at: r.get(8)?,
        created_at: r.get(9)?,
    })
}

/// One programme. A transaction that asks again is answered from memory.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: ProgrammeId) -> Result<Programme> {
    let rows = tx.remembered(sql::GET, args![merchant, id], &["UPDATE programme ", "INTO programme "])?;
    rows.into_iter().next().map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// One programme, held until the transaction ends.
pub fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: ProgrammeId) -> Result<Programme> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// All programmes of a merchant, the oldest first.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Programme>> {
    tx.rows(sql::LIST, args![merchant])?.into_iter().map(read).collect()
}

/// How many members have a book in it.
pub fn books(tx: &mut Tx<'_>, merchant: MerchantNo, id: ProgrammeId) -> Result<i64> {
    tx.one(sql::BOOKS, args![merchant, id])?.get(0)
}

/// Days and months are the merchant's unless the rules name a zone.
fn in_zone(tx: &mut Tx<'_>, cx: &Ctx, rules: &Json) -> Result<Json> {
    let mut rules = rules.clone();
    let zone = match merchants::get(tx, cx.merchant) {
        Ok(merchant) => merchant.zone,
        Err(Error::Refused(_)) => USUAL_ZONE.to_owned(),
        Err(fault) => return Err(fault),
    };
    if zone != USUAL_ZONE
        && let Some(map) = rules.as_object_mut().filter(|map| map.get("zone").is_none_or(Json::is_null))
    {
        map.insert("zone".to_owned(), Json::String(zone));
    }
    Ok(rules)
}

fn known_shops(tx: &mut Tx<'_>, cx: &Ctx, named: &[String]) -> Result<Vec<String>> {
    let mut out: Vec<String> = Vec::with_capacity(named.len());
    for (i, text) in named.iter().enumerate() {
        let unknown = || Error::from(NO_SHOP.with("shop", text).at(format!("shops[{i}]")));
        let shop: ShopId = text.parse().map_err(|_| unknown())?;
        match shops::entity_of(tx, cx.merchant, shop) {
            Err(Error::Refused(_)) => return Err(unknown()),
            other => other.map(|_| ())?,
        }
        if !out.contains(text) {
            out.push(text.clone());
        }
    }
    Ok(out)
}

/// Makes a programme with its first version of rules.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, new: &New) -> Result<ProgrammeId> {
    let name = model::name(&new.name)?;
    let shops = known_shops(tx, cx, &new.shops)?;
    let begins_at = new.begins_at.unwrap_or(cx.now);
    if !reckoned(begins_at) {
        return Err(BAD_TIME.at("begins_at").into());
    }
    let rules = in_zone(tx, cx, &new.rules)?;
    read_rules(&rules)?;
    if list(tx, cx.merchant)?.iter().filter(|p| p.state != State::Archived).count() >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let (id, stamp): (ProgrammeId, ProgrammeId) = (cx.new_id(), cx.new_id());
    let by = cx.actor.label();
    tx.exec(sql::ADD, args![cx.merchant, id, &name, serde_json::to_string(&shops)?, begins_at, stamp, cx.now, &by])?;
    tx.exec(sql::ADD_VERSION, args![cx.merchant, id, 1_i64, rules.to_string(), begins_at, "", cx.now, &by])?;
    let made = get(tx, cx.merchant, id)?;
    let job = crate::orders::fill::enqueue(tx, cx, &made)?;
    tx.exec(sql::SET_JOB, args![cx.merchant, id, job])?;
    audit::record(tx, cx, "programme.created", &id.to_string(), &name)?;
    Ok(id)
}

/// Changes name and shops of a programme that is still as `version` says.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, new_name: &str, new_shops: &[String], version: i64) -> Result<Programme> {
    let found = hold(tx, cx.merchant, id)?;
    if found.version != version {
        return Err(CHANGED.at("version").into());
    }
    among(&found, cx.now, &[State::Active, State::Paused])?;
    let (name, shops) = (model::name(new_name)?, known_shops(tx, cx, new_shops)?);
    tx.exec(sql::CHANGE, args![cx.merchant, id, &name, serde_json::to_string(&shops)?, cx.now])?;
    audit::record(tx, cx, "programme.changed", &id.to_string(), &name)?;
    get(tx, cx.merchant, id)
}

fn among(found: &Programme, now: Instant, states: &[State]) -> Result<()> {
    if states.contains(&found.state) { Ok(()) } else { Err(WRONG_STATE.with("state", found.word(now)).into()) }
}

/// Pauses an active programme, sets a paused one going again, or puts one away for good.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, to: State) -> Result<Programme> {
    let found = hold(tx, cx.merchant, id)?;
    let from: &[State] = match to {
        State::Active => &[State::Paused],
        State::Paused => &[State::Active],
        State::Archived => &[State::Active, State::Paused],
    };
    among(&found, cx.now, from)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    audit::record(tx, cx, &format!("programme.{}", if to == State::Active { "resumed" } else { to.word() }), &id.to_string(), &found.name)?;
    get(tx, cx.merchant, id)
}

/// Refuses where points do not move by asking.
pub fn must_run(programme: &Programme, now: Instant) -> Result<()> {
    match programme.word(now) {
        "active" => Ok(()),
        state => Err(NOT_ACTIVE.with("state", state).into()),
    }
}

/// All versions, in order.
pub fn versions(tx: &mut Tx<'_>, merchant: MerchantNo, id: ProgrammeId) -> Result<Vec<Version>> {
    let read = |mut r: Row| {
        Ok(Version {
            no: r.get(0)?,
            rules: r.get(1)?,
            from: r.get(2)?,
            note: r.get(3)?,
            at: r.get(4)?,
            by: r.get(5)?,
            withdrawn_at: r.get(6)?,
        })
    };
    tx.rows(sql::VERSIONS, args![merchant, id])?.into_iter().map(read).collect()
}

/// How far back a trial may begin: what was answered to one is asked for again as a list and a file.
const TRIED_AGAIN: i64 = 900;

/// A version as it would be posted: its number, its rules and from when on they hold.
struct Following {
    no: i64,
    rules: Json,
    from: Instant,
}

/// Reads rules that are to follow on these versions, in force from an instant on that is not before `earliest`: now unless given.
fn following(
    found: &Programme,
    all: &[Version],
    now: Instant,
    rules: &Json,
    from: Option<Instant>,
    earliest: Instant,
) -> Result<Following> {
    among(found, now, &[State::Active, State::Paused])?;
    if from.is_some_and(|from| from < earliest) {
        return Err(IN_THE_PAST.at("from").into());
    }
    // Before it begins nothing is in force that could be replaced.
    let from = from.unwrap_or(now).max(found.begins_at);
    if !reckoned(from) {
        return Err(BAD_TIME.at("from").into());
    }
    let mut rules = rules.clone();
    one_zone(all, &mut rules)?;
    read_rules(&rules)?;
    if let Some(last) = all.iter().filter(|v| v.withdrawn_at.is_none()).map(|v| v.from).max().filter(|last| *last > from) {
        return Err(NOT_AFTER.with("from", last).at("from").into());
    }
    Ok(Following { no: all.last().map_or(1, |v| v.no + 1), rules, from })
}

/// Posts other rules, in force from an instant on: now unless given.
pub fn post_version(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, rules: &Json, from: Option<Instant>, note: &str) -> Result<Version> {
    let found = hold(tx, cx.merchant, id)?;
    let all = versions(tx, cx.merchant, id)?;
    let Following { no, rules, from } = following(&found, &all, cx.now, rules, from, cx.now)?;
    let note = model::note(note)?;
    let by = cx.actor.label();
    tx.exec(sql::ADD_VERSION, args![cx.merchant, id, no, rules.to_string(), from, &note, cx.now, &by])?;
    restamp(tx, cx, id)?;
    crate::jobs::turn(tx, cx, &found, no, from)?;
    audit::record(tx, cx, "programme.version_posted", &id.to_string(), &format!("{} {no}: {note}", found.name))?;
    Ok(Version { no, rules: rules.to_string(), from, note, at: cx.now, by, withdrawn_at: None })
}

/// Posts the rules of a version again, in force from an instant on: now unless given.
pub fn restore(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, no: i64, from: Option<Instant>, note: &str) -> Result<Version> {
    get(tx, cx.merchant, id)?;
    let all = versions(tx, cx.merchant, id)?;
    let version = all.iter().find(|v| v.no == no).ok_or_else(|| Error::from(NO_VERSION.refuse()))?;
    post_version(tx, cx, id, &serde_json::from_str(&version.rules)?, from, note)
}

/// The rules of a programme as they are, those that other rules would make of them, and from when on these would hold. Refuses
/// what [`post_version`] would.
pub fn with_version(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Json,
    from: Option<Instant>,
) -> Result<(Arc<Rules>, Rules, Instant)> {
    let mut all = versions(tx, cx.merchant, programme.id)?;
    let Following { no, rules, from } = following(programme, &all, cx.now, rules, from, cx.now.plus_seconds(-TRIED_AGAIN))?;
    let before = self::rules(tx, cx.merchant, programme)?;
    let (note, by) = (String::new(), String::new());
    all.push(Version { no, rules: rules.to_string(), from, note, at: cx.now, by, withdrawn_at: None });
    Ok((before, in_force(all)?, from))
}

/// Withdraws a version that has not begun.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, no: i64) -> Result<()> {
    let found = hold(tx, cx.merchant, id)?;
    let all = versions(tx, cx.merchant, id)?;
    let version = all.iter().find(|v| v.no == no).ok_or_else(|| Error::from(NO_VERSION.refuse()))?;
    if version.no == 1 {
        return Err(FIRST.refuse().into());
    }
    if version.from <= cx.now {
        return Err(BEGUN.refuse().into());
    }
    if tx.exec(sql::WITHDRAW, args![cx.merchant, id, no, cx.now])? == 0 {
        return Ok(());
    }
    restamp(tx, cx, id)?;
    audit::record(tx, cx, "programme.version_withdrawn", &id.to_string(), &format!("{} {no}", found.name)).map(|_| ())
}

/// A programme has one zone: rules that name none have it, and cannot name another.
fn one_zone(all: &[Version], rules: &mut Json) -> Result<()> {
    let first: Json = all.first().map_or(Ok(Json::Null), |v| serde_json::from_str(&v.rules))?;
    let zone = first.get("zone").and_then(Json::as_str).unwrap_or(USUAL_ZONE).to_owned();
    let Some(map) = rules.as_object_mut() else { return Ok(()) };
    match map.get("zone").and_then(Json::as_str) {
        Some(other) if other != zone => Err(OTHER_ZONE.with("zone", zone).at("rules.zone").into()),
        None if zone != USUAL_ZONE => {
            map.insert("zone".to_owned(), Json::String(zone));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn restamp(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId) -> Result<()> {
    let stamp: ProgrammeId = cx.new_id();
    tx.exec(sql::STAMP, args![cx.merchant, id, stamp, cx.now]).map(|_| ())
}

/// The versions that were not withdrawn, as rules.
fn in_force(versions: Vec<Version>) -> Result<Rules> {
    let mut in_force: Vec<shuke_loyalty::Programme> = Vec::new();
    for version in versions.into_iter().filter(|v| v.withdrawn_at.is_none()) {
        let mut rules = read_rules(&serde_json::from_str(&version.rules)?)?;
        (rules.version, rules.from) = (u32::try_from(version.no).map_err(Error::fault)?, version.from);
        // One that was replaced before it began was never in force.
        in_force.retain(|before| before.version == 0 || before.from < version.from);
        if in_force.is_empty() {
            in_force.push(model::before(&rules));
        }
        in_force.push(rules);
    }
    Ok(Rules::new(in_force)?)
}

/// Rules as they were read, by the stamp of their programme.
static READ: Mutex<Option<HashMap<[u8; 16], Arc<Rules>>>> = Mutex::new(None);
/// Beyond so many, memory is emptied.
const KEPT: usize = 1_000;

/// The rules of a programme. They are read once a stamp: a transaction sees the stamp, so it never goes on
/// with rules that were replaced.
pub fn rules(tx: &mut Tx<'_>, merchant: MerchantNo, programme: &Programme) -> Result<Arc<Rules>> {
    let known = READ.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|kept| kept.get(&programme.stamp).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    let rules = Arc::new(in_force(versions(tx, merchant, programme.id)?)?);
    let mut kept = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.get_or_insert_default();
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(programme.stamp, rules.clone());
    Ok(rules)
}
