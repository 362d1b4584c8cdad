//! Making, changing, copying and putting away segments.

use std::collections::BTreeMap;

use shuke_access::audit;
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Event, Row, Tx, args};

use crate::inside;
use crate::jobs;
use crate::living::{SUBSCRIBER, apply};
use crate::model::{
    ARCHIVED, BAD_NAME, CHANGED, Cause, Every, Kept, MISFIT, NAME_TAKEN, NO_EXPRESSION, NOT_FOUND, PersonId, Segment, SegmentId, TOO_MANY,
    UNKNOWN_MEMBERS, USED,
};
use crate::service::{self, blobs};
use crate::sql;

/// Segments that a merchant may have, archived ones too.
const MOST: i64 = 5_000;
const NAME: usize = 80;

/// What a segment is to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// As people read it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How it is kept.
    pub kept: Kept,
    /// The expression in canonical JSON, with the segments that it names itself.
    pub expr: Option<(String, Vec<SegmentId>)>,
    /// Of a list that is given by ids.
    pub members: Option<Vec<PersonId>>,
    /// Of a scheduled one.
    pub every: Option<Every>,
    /// Minutes after midnight at which a scheduled one is reckoned.
    pub clock: i64,
}

impl Said {
    /// Of a list that is there already its members may stay as they are.
    fn check(&self, has_list: bool) -> Result<()> {
        let length = self.name.trim().chars().count();
        if length == 0 || length > NAME || self.name.chars().any(char::is_control) {
            return Err(BAD_NAME.with("max", NAME).at("name").into());
        }
        let fits = match self.kept {
            Kept::Static => self.expr.is_some() != (self.members.is_some() || has_list) && self.every.is_none(),
            Kept::Living => self.expr.is_some() && self.members.is_none() && self.every.is_none(),
            Kept::Scheduled => self.expr.is_some() && self.members.is_none() && self.every.is_some(),
        };
        if fits { Ok(()) } else { Err(MISFIT.at("kind").into()) }
    }
}

/// Names that differ only in case or space are one.
fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn read(mut row: Row) -> Result<Segment> {
    let (kind, every): (String, Option<String>) = (row.get(3)?, row.get(6)?);
    Ok(Segment {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        kept: Kept::named(&kind).ok_or_else(|| Error::fault(format!("a segment is kept as {kind}")))?,
        archived: row.get::<String>(4)? != "active",
        expr: row.get(5)?,
        every: every.and_then(|e| Every::named(&e)),
        clock: row.get(7)?,
        version: row.get(8)?,
        built: row.get(9)?,
        size: row.get(10)?,
        sized_at: row.get(11)?,
        created_at: row.get(12)?,
        created_by: row.get(13)?,
        updated_at: row.get(14)?,
        updated_by: row.get(15)?,
    })
}

/// One.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Segment> {
    tx.row(sql::GET, args![cx.merchant, id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), read)
}

fn lock(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Segment> {
    tx.row(sql::LOCK, args![cx.merchant, id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), read)
}

/// Some, newest first, before an id; of a state and kind where those are named.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, state: &str, kind: &str, before: SegmentId, limit: i64) -> Result<Vec<Segment>> {
    tx.rows(sql::LIST, args![cx.merchant, before, state, kind, limit])?.into_iter().map(read).collect()
}

/// Which segments refer to these.
pub fn used_by(tx: &mut Tx<'_>, cx: &Ctx, ids: &[SegmentId]) -> Result<BTreeMap<SegmentId, Vec<(SegmentId, String)>>> {
    let mut all: BTreeMap<SegmentId, Vec<(SegmentId, String)>> = BTreeMap::new();
    for mut row in tx.rows(sql::USED_BY, &[cx.merchant.into(), blobs(ids.iter().map(|id| *id.bytes()))])? {
        all.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    Ok(all)
}

fn free(tx: &mut Tx<'_>, cx: &Ctx, name: &str, but: Option<SegmentId>) -> Result<()> {
    let taken = tx.row(sql::NAMED, args![cx.merchant, key(name)])?.map(|mut r| r.get::<SegmentId>(0)).transpose()?;
    if taken.is_some_and(|t| Some(t) != but) { Err(NAME_TAKEN.with("name", name.trim()).at("name").into()) } else { Ok(()) }
}

fn put_uses(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, uses: &[SegmentId]) -> Result<()> {
    tx.exec(sql::DROP_USES, args![cx.merchant, id])?;
    let rows = uses.iter().map(|of| vec![cx.merchant.into(), id.into(), (*of).into()]).collect();
    tx.insert_many(&sql::PUT_USES, rows).map(|_| ())
}

fn tell(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, what: &str) -> Result<()> {
    audit::record(tx, cx, &format!("segment.{what}"), &id.to_string(), "")?;
    tx.emit(cx, changed(cx.now, id, what))
}

/// Something about a segment changed.
pub(crate) fn changed(at: Instant, id: SegmentId, what: &str) -> Event {
    let data = serde_json::json!({ "what": what }).to_string();
    Event { kind: "segment.changed", version: 1, occurred_at: at, subject_kind: "seg", subject: *id.bytes(), member: None, data }
}

/// The members that a list names, as they are now: all of them must be there.
fn members(tx: &mut Tx<'_>, cx: &Ctx, ids: &[PersonId]) -> Result<Vec<PersonId>> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for some in ids.chunks(1_000) {
        let now = service::living(tx, cx.merchant, some.to_vec())?;
        missing.extend(some.iter().filter(|id| !now.contains_key(id)).copied());
        found.extend(now.into_values());
    }
    if let Some(example) = missing.first() {
        return Err(UNKNOWN_MEMBERS.with("count", missing.len()).with("example", example).at("members").into());
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn put_list(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, list: &[PersonId]) -> Result<()> {
    tx.exec(sql::EMPTY, args![cx.merchant, id])?;
    let rows = list.iter().map(|m| vec![cx.merchant.into(), id.into(), (*m).into(), cx.now.into()]).collect();
    tx.insert_many(&sql::PUT_IN, rows)?;
    apply::set_size(tx, cx, id, list.len() as i64)
}

/// Makes a segment. The expression was judged; members of one that has an expression are found by a task.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, said: &Said) -> Result<Segment> {
    said.check(false)?;
    let count: i64 = tx.one(sql::COUNT, args![cx.merchant])?.get(0)?;
    if count >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    free(tx, cx, &said.name, None)?;
    let list = said.members.as_ref().map(|ids| members(tx, cx, ids)).transpose()?;
    let id: SegmentId = cx.new_id();
    let expr = said.expr.as_ref().map(|(expr, _)| expr.as_str());
    let built = i64::from(list.is_some());
    let (every, by) = (said.every.map(Every::word), cx.actor.label());
    let name = said.name.trim();
    tx.exec(
        sql::ADD,
        args![cx.merchant, id, name, key(name), said.description.as_deref(), said.kept.word(), expr, every, said.clock, built, cx.now, by],
    )?;
    tx.exec(sql::MAKE_WATCH, args![cx.merchant])?;
    // What happens from now on is followed.
    let head = tx.feed_head(cx.merchant)?;
    tx.exec(shuke_store::feed::sql::MAKE_OFFSET, args![cx.merchant, SUBSCRIBER, head, cx.now])?;
    put_uses(tx, cx, id, said.expr.as_ref().map_or(&[], |(_, uses)| uses))?;
    match list {
        Some(list) => put_list(tx, cx, id, &list)?,
        None => jobs::enqueue(tx, cx, id, name, Cause::Edit, cx.now)?,
    }
    tell(tx, cx, id, "created")?;
    get(tx, cx, id)
}

/// Puts other words in a segment's place; `version` is the one that was read. How it is kept never
/// changes: its past would tell of something else.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, said: &Said, version: i64) -> Result<Segment> {
    // A reckoning under way writes its members before this change, or looks again after it.
    tx.row(sql::LOCK_TURN, args![cx.merchant])?;
    let before = lock(tx, cx, id)?;
    said.check(before.kept == Kept::Static && before.expr.is_none())?;
    if before.version != version {
        return Err(CHANGED.with("version", before.version).at("version").into());
    }
    if before.archived {
        return Err(ARCHIVED.refuse().into());
    }
    if before.kept != said.kept {
        return Err(MISFIT.at("kind").into());
    }
    free(tx, cx, &said.name, Some(id))?;
    let list = said.members.as_ref().map(|ids| members(tx, cx, ids)).transpose()?;
    let expr = said.expr.as_ref().map(|(expr, _)| expr.as_str());
    let (every, by, name) = (said.every.map(Every::word), cx.actor.label(), said.name.trim());
    tx.exec(sql::CHANGE, args![cx.merchant, id, name, key(name), said.description.as_deref(), expr, every, said.clock, cx.now, by])?;
    put_uses(tx, cx, id, said.expr.as_ref().map_or(&[], |(_, uses)| uses))?;
    if before.expr.as_deref() != expr {
        inside::guard(tx, cx, id)?;
    }
    let same = before.expr.as_deref() == expr && before.built == before.version;
    match list {
        Some(list) => {
            put_list(tx, cx, id, &list)?;
            tx.exec(sql::BUILT, args![cx.merchant, id, version + 1, cx.now])?;
            reckon_users(tx, cx, id)?;
        }
        // Another name changes nobody's membership.
        None if same => drop(tx.exec(sql::BUILT, args![cx.merchant, id, version + 1, before.sized_at])?),
        None => {
            jobs::enqueue(tx, cx, id, name, Cause::Edit, cx.now)?;
            reckon_users(tx, cx, id)?;
        }
    }
    tell(tx, cx, id, "changed")?;
    get(tx, cx, id)
}

/// Whoever refers to a segment may have other members now.
pub(crate) fn reckon_users(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<()> {
    users_of(tx, cx, id)?.into_iter().try_for_each(|(user, name)| jobs::enqueue(tx, cx, user, &name, Cause::Edit, cx.now))
}

/// Segments that refer to one, directly or by others.
fn users_of(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Vec<(SegmentId, String)>> {
    let (mut all, mut next): (Vec<(SegmentId, String)>, Vec<SegmentId>) = (Vec::new(), vec![id]);
    while !next.is_empty() {
        let found: Vec<(SegmentId, String)> = used_by(tx, cx, &next)?.into_values().flatten().collect();
        let new: Vec<_> = found.into_iter().filter(|(id, _)| !all.iter().any(|(a, _)| a == id)).collect();
        next = new.iter().map(|(id, _)| *id).collect();
        all.extend(new);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// A copy under another name. Of a list, its members as they are now.
pub fn duplicate(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, name: Option<&str>) -> Result<Segment> {
    let of = get(tx, cx, id)?;
    let name = match name {
        Some(name) => name.to_owned(),
        None => copy_name(tx, cx, &of.name)?,
    };
    let uses = match &of.expr {
        Some(expr) => Some((expr.clone(), direct_uses(expr)?)),
        None => None,
    };
    let by_ids = of.expr.is_none();
    let members = if by_ids { Some(service::on_list(tx, cx.merchant, id)?.into_iter().collect()) } else { None };
    create(tx, cx, &Said { name, description: of.description, kept: of.kept, expr: uses, members, every: of.every, clock: of.clock })
}

/// The segments that an expression names itself.
pub fn direct_uses(expr: &str) -> Result<Vec<SegmentId>> {
    let json = crate::json::read(expr.as_bytes()).map_err(Error::fault)?;
    let mut ids = Vec::new();
    crate::definitions::references(&json, &mut ids);
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

fn copy_name(tx: &mut Tx<'_>, cx: &Ctx, of: &str) -> Result<String> {
    let short: String = of.chars().take(NAME - 8).collect();
    for n in 2..1_000 {
        let name = format!("{short} ({n})");
        if tx.row(sql::NAMED, args![cx.merchant, key(&name)])?.is_none() {
            return Ok(name);
        }
    }
    Err(NAME_TAKEN.with("name", of).at("name").into())
}

/// Puts a segment away: it is kept up no longer, who was in it stays on record.
pub fn archive(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Segment> {
    let before = lock(tx, cx, id)?;
    if before.archived {
        return Ok(before);
    }
    let users = used_by(tx, cx, &[id])?.remove(&id).unwrap_or_default();
    if !users.is_empty() {
        let names: Vec<&str> = users.iter().take(5).map(|(_, name)| name.as_str()).collect();
        return Err(USED.with("count", users.len()).with("names", names.join("、")).into());
    }
    tx.exec(sql::SET_STATE, args![cx.merchant, id, "archived", cx.now, cx.actor.label()])?;
    tell(tx, cx, id, "archived")?;
    get(tx, cx, id)
}

/// Takes a segment back; one with an expression is reckoned anew.
pub fn restore(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Segment> {
    let before = lock(tx, cx, id)?;
    if !before.archived {
        return Ok(before);
    }
    free(tx, cx, &before.name, Some(id))?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, "active", cx.now, cx.actor.label()])?;
    if before.kept != Kept::Static {
        jobs::enqueue(tx, cx, id, &before.name, Cause::Refresh, cx.now)?;
    }
    tell(tx, cx, id, "restored")?;
    get(tx, cx, id)
}

/// Has a segment reckoned anew, by a task.
pub fn refresh(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId) -> Result<Segment> {
    let segment = get(tx, cx, id)?;
    if segment.archived {
        return Err(ARCHIVED.refuse().into());
    }
    if segment.expr.is_none() {
        return Err(NO_EXPRESSION.refuse().into());
    }
    jobs::enqueue(tx, cx, id, &segment.name, Cause::Refresh, cx.now)?;
    get(tx, cx, id)
}

/// Compares the sizes that are kept with who is there; each difference in words. Reads every row.
pub fn audit(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for segment in list(tx, cx, "", "", SegmentId::from_bytes([255; 16]), i64::MAX)? {
        let there: i64 = match segment.kept {
            Kept::Static => service::on_list(tx, cx.merchant, segment.id)?.len() as i64,
            Kept::Living | Kept::Scheduled => tx.one(sql::SIZE, args![cx.merchant, segment.id])?.get(0)?,
        };
        if there != segment.size {
            found.push(format!("segment {}: {} members are there, {} are counted", segment.id, there, segment.size));
        }
    }
    Ok(found)
}
