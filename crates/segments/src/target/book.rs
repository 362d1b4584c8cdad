//! Making, changing and putting away wished-for portraits, and the days that are kept of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Row, Tx, args};

use super::model::{ARCHIVED, BAD_NAME, CHANGED, NAME_TAKEN, NOT_FOUND, Subject, TOO_MANY, Target, TargetId};
use super::reckon::{Counted, Standing};
use super::wish::{self, Wish};
use super::{record, sql};
use crate::calendar::Reckoning;
use crate::living::SUBSCRIBER;
use crate::service::{self, blobs};

/// Wished-for portraits that a merchant may have, those put away too.
const MOST: i64 = 1_000;
const NAME: usize = 80;

/// What one is to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// As people read it.
    pub name: String,
    /// Whose.
    pub subject: Subject,
    /// What is wished.
    pub wishes: Vec<Wish>,
}

impl Said {
    /// Whether it can be kept, its subject apart.
    pub fn check(&self) -> Result<()> {
        let length = self.name.trim().chars().count();
        if length == 0 || length > NAME || self.name.chars().any(char::is_control) {
            return Err(BAD_NAME.with("max", NAME).at("name").into());
        }
        wish::check(&self.wishes)
    }

    fn subject(&self) -> Result<String> {
        serde_json::to_string(&self.subject).map_err(Error::fault)
    }

    fn wishes(&self) -> Result<String> {
        serde_json::to_string(&self.wishes).map_err(Error::fault)
    }
}

/// Names that differ only in case or space are one.
fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn read(mut row: Row) -> Result<Target> {
    let (subject, wishes): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Target {
        id: row.get(0)?,
        name: row.get(1)?,
        subject: serde_json::from_str(&subject).map_err(Error::fault)?,
        wishes: serde_json::from_str(&wishes).map_err(Error::fault)?,
        archived: row.get::<String>(4)? != "active",
        version: row.get(5)?,
        created_at: row.get(6)?,
        created_by: row.get(7)?,
        updated_at: row.get(8)?,
        updated_by: row.get(9)?,
    })
}

/// One.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId) -> Result<Target> {
    tx.row(sql::GET, args![cx.merchant, id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), read)
}

fn lock(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId) -> Result<Target> {
    tx.row(sql::LOCK, args![cx.merchant, id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), read)
}

/// Some, newest first, before an id; of a state where that is named.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, state: &str, before: TargetId, limit: i64) -> Result<Vec<Target>> {
    tx.rows(sql::LIST, args![cx.merchant, before, state, limit])?.into_iter().map(read).collect()
}

fn free(tx: &mut Tx<'_>, cx: &Ctx, name: &str, but: Option<TargetId>) -> Result<()> {
    let taken = tx.row(sql::NAMED, args![cx.merchant, key(name)])?.map(|mut r| r.get::<TargetId>(0)).transpose()?;
    if taken.is_some_and(|t| Some(t) != but) { Err(NAME_TAKEN.with("name", name.trim()).at("name").into()) } else { Ok(()) }
}

fn tell(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId, what: &str) -> Result<()> {
    audit::record(tx, cx, &format!("portrait_target.{what}"), &id.to_string(), "").map(drop)
}

/// Makes one; its first day is recorded by a task. The subject was judged.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, said: &Said) -> Result<Target> {
    said.check()?;
    let count: i64 = tx.one(sql::COUNT, args![cx.merchant])?.get(0)?;
    if count >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    free(tx, cx, &said.name, None)?;
    let (id, name): (TargetId, &str) = (cx.new_id(), said.name.trim());
    tx.exec(sql::ADD, args![cx.merchant, id, name, key(name), said.subject()?, said.wishes()?, cx.now, cx.actor.label()])?;
    // Who keeps segments up also records what is due each day.
    tx.exec(crate::sql::MAKE_WATCH, args![cx.merchant])?;
    let head = tx.feed_head(cx.merchant)?;
    tx.exec(shuke_store::feed::sql::MAKE_OFFSET, args![cx.merchant, SUBSCRIBER, head, cx.now])?;
    record::enqueue(tx, cx, id, name, 1)?;
    tell(tx, cx, id, "created")?;
    get(tx, cx, id)
}

/// Puts other words in its place; `version` is the one that was read. Days that were kept stay as they were.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId, said: &Said, version: i64) -> Result<Target> {
    let before = lock(tx, cx, id)?;
    said.check()?;
    if before.version != version {
        return Err(CHANGED.with("version", before.version).at("version").into());
    }
    if before.archived {
        return Err(ARCHIVED.refuse().into());
    }
    free(tx, cx, &said.name, Some(id))?;
    let name = said.name.trim();
    tx.exec(sql::CHANGE, args![cx.merchant, id, name, key(name), said.subject()?, said.wishes()?, cx.now, cx.actor.label()])?;
    record::enqueue(tx, cx, id, name, version + 1)?;
    tell(tx, cx, id, "changed")?;
    get(tx, cx, id)
}

/// Puts one away: no day is recorded any more, those that are stay.
pub fn archive(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId) -> Result<Target> {
    set_state(tx, cx, id, true)
}

/// Takes one back.
pub fn restore(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId) -> Result<Target> {
    set_state(tx, cx, id, false)
}

fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId, archived: bool) -> Result<Target> {
    let before = lock(tx, cx, id)?;
    if before.archived == archived {
        return Ok(before);
    }
    if !archived {
        free(tx, cx, &before.name, Some(id))?;
    }
    let (state, what) = if archived { ("archived", "archived") } else { ("active", "restored") };
    tx.exec(sql::SET_STATE, args![cx.merchant, id, state, cx.now, cx.actor.label()])?;
    tell(tx, cx, id, what)?;
    get(tx, cx, id)
}

/// What there was of a wish on a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DayWish {
    /// What was wished then.
    #[serde(flatten)]
    pub wish: Wish,
    /// What there was.
    #[serde(flatten)]
    pub counted: Counted,
}

/// A day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Day {
    /// Since 1970-01-01, by the shop's clock.
    pub day: i64,
    /// Of which version the wishes are.
    pub version: i64,
    /// Up to when everything was in.
    pub known_at: Instant,
    /// When it was reckoned.
    pub recorded_at: Instant,
    /// Members of the group.
    pub members: i64,
    /// The wishes.
    pub wishes: Vec<DayWish>,
}

/// Keeps a reckoning as that of its day.
pub fn record(tx: &mut Tx<'_>, cx: &Ctx, of: &Target, day: i64, known_at: Instant, standing: &Standing) -> Result<()> {
    let wishes = standing.wishes.iter().map(|w| DayWish { wish: w.wish.clone(), counted: w.counted });
    let told = serde_json::to_string(&wishes.collect::<Vec<_>>()).map_err(Error::fault)?;
    let members = i64::try_from(standing.members).map_err(Error::fault)?;
    tx.exec(sql::PUT_DAY, args![cx.merchant, of.id, day, of.version, known_at, cx.now, members, told])?;
    tx.exec(sql::RECORDED, args![cx.merchant, of.id, day]).map(|_: u64| ())
}

/// Today cannot be reckoned: it is not asked again before tomorrow.
pub fn passed(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId) -> Result<()> {
    let today = Reckoning::new(cx.now.micros(), &service::zone(tx, cx.merchant)?).today;
    tx.exec(sql::RECORDED, args![cx.merchant, id, today]).map(|_: u64| ())
}

fn day(row: &mut Row, from: usize) -> Result<Day> {
    let told: String = row.get(from + 5)?;
    Ok(Day {
        day: row.get(from)?,
        version: row.get(from + 1)?,
        known_at: row.get(from + 2)?,
        recorded_at: row.get(from + 3)?,
        members: row.get(from + 4)?,
        wishes: serde_json::from_str(&told).map_err(Error::fault)?,
    })
}

/// Its days in `[from, to)`.
pub fn days(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId, from: i64, to: i64) -> Result<Vec<Day>> {
    tx.rows(sql::DAYS, args![cx.merchant, id, from, to])?.into_iter().map(|mut row| day(&mut row, 0)).collect()
}

/// The last day of each of these.
pub fn last(tx: &mut Tx<'_>, cx: &Ctx, ids: &[TargetId]) -> Result<BTreeMap<TargetId, Day>> {
    let rows = tx.rows(sql::LAST, &[cx.merchant.into(), blobs(ids.iter().map(|id| *id.bytes()))])?;
    rows.into_iter().map(|mut row| Ok((row.get(0)?, day(&mut row, 1)?))).collect()
}
