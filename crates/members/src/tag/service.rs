//! The merchant's vocabulary: categories and tags made, changed, archived, dropped.

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Event, Row, Tx, args};

use super::give::category;
use super::{
    CATEGORY_IN_USE, CATEGORY_NOT_FOUND, Category, CategoryId, IN_USE, NAME_TAKEN, TAG_NOT_FOUND, TOO_MANY, Tag, TagId, jobs, model, rule,
    said, sql,
};
use crate::identity::rows;
use shuke_store::jobs::JobId;

/// Tags and categories that a merchant can have: a list of them is read whole.
const MOST: i64 = 5_000;

fn read_category(mut r: Row) -> Result<Category> {
    Ok(Category { id: r.get(0)?, name: r.get(1)?, tags: r.get(2)?, created_at: r.get(3)?, created_by: r.get(4)? })
}

fn read_tag(mut r: Row) -> Result<Tag> {
    Ok(Tag {
        id: r.get(0)?,
        name: r.get(1)?,
        category: category(r.get(2)?, r.get(3)?),
        color: r.get(4)?,
        archived_at: r.get(5)?,
        created_at: r.get(6)?,
        created_by: r.get(7)?,
        members: r.get(8)?,
    })
}

/// All categories, by name.
pub fn categories(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<Category>> {
    tx.rows(sql::CATEGORIES, args![cx.merchant])?.into_iter().map(read_category).collect()
}

/// One category.
pub fn category_of(tx: &mut Tx<'_>, cx: &Ctx, id: CategoryId) -> Result<Category> {
    tx.row(sql::CATEGORY, args![cx.merchant, id])?.map(read_category).transpose()?.ok_or_else(|| CATEGORY_NOT_FOUND.refuse().into())
}

/// Makes a category.
pub fn add_category(tx: &mut Tx<'_>, cx: &Ctx, name: &str) -> Result<Category> {
    let (name, key) = model::name(name)?;
    if tx.one(sql::CATEGORY_COUNT, args![cx.merchant])?.get::<i64>(0)? >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let id: CategoryId = cx.new_id();
    if tx.exec(sql::ADD_CATEGORY, args![cx.merchant, id, &name, key, cx.now, cx.actor.label()])? == 0 {
        return Err(NAME_TAKEN.with("name", name).at("name").into());
    }
    category_of(tx, cx, id)
}

/// Renames a category.
pub fn rename_category(tx: &mut Tx<'_>, cx: &Ctx, id: CategoryId, name: &str) -> Result<Category> {
    let (name, key) = model::name(name)?;
    category_of(tx, cx, id)?;
    let other = tx.row(sql::CATEGORY_NAMED, args![cx.merchant, &key])?.map(|mut r| r.get::<CategoryId>(0)).transpose()?;
    if other.is_some_and(|o| o != id) {
        return Err(NAME_TAKEN.with("name", name).at("name").into());
    }
    tx.exec(sql::RENAME_CATEGORY, args![cx.merchant, id, name, key])?;
    category_of(tx, cx, id)
}

/// Drops a category that holds no tags. Tells what it was.
pub fn drop_category(tx: &mut Tx<'_>, cx: &Ctx, id: CategoryId) -> Result<Category> {
    tx.row(sql::LOCK_CATEGORY, args![cx.merchant, id])?;
    let category = category_of(tx, cx, id)?;
    if category.tags > 0 {
        return Err(CATEGORY_IN_USE.with("tags", category.tags).into());
    }
    tx.exec(sql::DROP_CATEGORY, args![cx.merchant, id])?;
    Ok(category)
}

/// Tags in a state (`active`, `archived`, `all`), of one category or of all, by category and name.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, state: &str, category: Option<CategoryId>) -> Result<Vec<Tag>> {
    let (some, id) = category.map_or((0, Vec::new()), |c| (1, c.bytes().to_vec()));
    tx.rows(sql::TAGS, args![cx.merchant, state, some, id])?.into_iter().map(read_tag).collect()
}

/// Tags by id, in no order; what is not there is left out.
pub fn by_ids(tx: &mut Tx<'_>, cx: &Ctx, ids: &[TagId]) -> Result<Vec<Tag>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.rows(sql::BY_IDS, &[cx.merchant.into(), rows::blobs(ids.iter().map(|t| *t.bytes()))])?.into_iter().map(read_tag).collect()
}

/// One tag.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: TagId) -> Result<Tag> {
    by_ids(tx, cx, &[id])?.pop().ok_or_else(|| TAG_NOT_FOUND.refuse().into())
}

/// Tags of a name, whatever their category and case.
pub fn named(tx: &mut Tx<'_>, cx: &Ctx, name: &str) -> Result<Vec<TagId>> {
    tx.rows(sql::NAMED, args![cx.merchant, model::key(name)])?.into_iter().map(|mut r| r.get(0)).collect()
}

fn category_bytes(tx: &mut Tx<'_>, cx: &Ctx, category: Option<CategoryId>) -> Result<Vec<u8>> {
    let Some(id) = category else { return Ok(Vec::new()) };
    match tx.row(sql::LOCK_CATEGORY, args![cx.merchant, id])? {
        Some(_) => Ok(id.bytes().to_vec()),
        None => Err(CATEGORY_NOT_FOUND.at("category").into()),
    }
}

/// Makes a tag. Two tags of one name stand in two categories.
pub fn add(tx: &mut Tx<'_>, cx: &Ctx, name: &str, category: Option<CategoryId>, color: Option<&str>) -> Result<Tag> {
    let (name, key) = model::name(name)?;
    model::color(color)?;
    if tx.one(sql::TAG_COUNT, args![cx.merchant])?.get::<i64>(0)? >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let category = category_bytes(tx, cx, category)?;
    let id: TagId = cx.new_id();
    if tx.exec(sql::ADD, args![cx.merchant, id, category, &name, key, color, cx.now, cx.actor.label()])? == 0 {
        return Err(NAME_TAKEN.with("name", name).at("name").into());
    }
    get(tx, cx, id)
}

/// What is to change of a tag; what is `None` stays.
#[derive(Clone, Default, Debug)]
pub struct TagChange {
    /// Its name.
    pub name: Option<String>,
    /// Its category; `Some(None)` is none.
    pub category: Option<Option<CategoryId>>,
    /// Its colour; `Some(None)` is none.
    pub color: Option<Option<String>>,
    /// Whether it is archived.
    pub archived: Option<bool>,
}

/// One tag, held until the transaction ends: nobody changes or drops it, or is given it, meanwhile.
pub(super) fn locked(tx: &mut Tx<'_>, cx: &Ctx, id: TagId) -> Result<Option<Tag>> {
    tx.row(sql::LOCK, args![cx.merchant, id])?;
    Ok(by_ids(tx, cx, &[id])?.pop())
}

fn held(tx: &mut Tx<'_>, cx: &Ctx, id: TagId) -> Result<Tag> {
    locked(tx, cx, id)?.ok_or_else(|| TAG_NOT_FOUND.refuse().into())
}

/// Changes a tag.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: TagId, what: &TagChange) -> Result<Tag> {
    let old = held(tx, cx, id)?;
    let (name, key) = model::name(what.name.as_deref().unwrap_or(&old.name))?;
    let color = what.color.clone().unwrap_or(old.color);
    model::color(color.as_deref())?;
    let category = category_bytes(tx, cx, what.category.unwrap_or(old.category.map(|c| c.0)))?;
    for mut r in tx.rows(sql::NAMED, args![cx.merchant, &key])? {
        if r.get::<TagId>(0)? != id && r.get::<Vec<u8>>(1)? == category {
            return Err(NAME_TAKEN.with("name", name).at("name").into());
        }
    }
    let archived: Option<Instant> = match what.archived {
        Some(true) => old.archived_at.or(Some(cx.now)),
        Some(false) => None,
        None => old.archived_at,
    };
    tx.exec(sql::CHANGE, args![cx.merchant, id, category, &name, key, color, archived])?;
    if name != old.name {
        rule::renamed(tx, cx, id)?;
        told(tx, cx, "tag.renamed", id, serde_json::json!({ "name": name, "previous": old.name }))?;
    }
    if old.archived_at.is_some() && archived.is_none() {
        rule::woken(tx, cx, id)?;
        said::woken(tx, cx, id)?;
    }
    get(tx, cx, id)
}

fn told(tx: &mut Tx<'_>, cx: &Ctx, kind: &'static str, id: TagId, data: serde_json::Value) -> Result<()> {
    let (subject, data) = (*id.bytes(), data.to_string());
    tx.emit(cx, Event { kind, version: 1, occurred_at: cx.now, subject_kind: "tag", subject, member: None, data })
}

/// What dropping a tag came to.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// What it was.
    pub tag: Tag,
    /// The task that takes it off its members and then drops it; `None` where it is gone already.
    pub job: Option<JobId>,
}

/// Givings of the past that are dropped in one transaction; who had more than so many is a task's.
const AT_ONCE: i64 = 1_000;

/// Drops a tag. One that members have is refused, or with `force` archived at once and taken off
/// them by a task, which then drops it.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, id: TagId, force: bool) -> Result<Dropped> {
    let tag = held(tx, cx, id)?;
    if tag.members > 0 && !force {
        return Err(IN_USE.with("members", tag.members).into());
    }
    if tag.members == 0 && drop_now(tx, cx, id)? {
        return Ok(Dropped { tag, job: None });
    }
    let tag = change(tx, cx, id, &TagChange { archived: Some(true), ..TagChange::default() })?;
    let job = jobs::enqueue_drop(tx, cx, &tag)?;
    Ok(Dropped { tag, job: Some(job) })
}

/// Drops a tag with what is left of it. Returns whether it is gone: `false` while much of its past
/// is still there.
pub(super) fn drop_now(tx: &mut Tx<'_>, cx: &Ctx, id: TagId) -> Result<bool> {
    let past = tx.rows(sql::PAST_OF_TAG, args![cx.merchant, id, AT_ONCE])?;
    let ids = past.into_iter().map(|mut r| r.get::<[u8; 16]>(0)).collect::<Result<Vec<_>, Error>>()?;
    let more = ids.len() as i64 == AT_ONCE;
    tx.exec(sql::DROP_PAST, &[cx.merchant.into(), rows::blobs(ids)])?;
    if more || !said::drop_tag(tx, cx, id, AT_ONCE)? {
        return Ok(false);
    }
    tx.exec(rule::sql::DROP, args![cx.merchant, id])?;
    tx.exec(sql::DROP_COUNTS, args![cx.merchant, id])?;
    let name = by_ids(tx, cx, &[id])?.pop().map(|tag| tag.name);
    tx.exec(sql::DROP, args![cx.merchant, id])?;
    if let Some(name) = name {
        told(tx, cx, "tag.removed", id, serde_json::json!({ "name": name }))?;
    }
    Ok(true)
}

/// Refuses at `field` where one of these is not there.
pub fn known(tx: &mut Tx<'_>, cx: &Ctx, ids: &[TagId], field: &str) -> Result<()> {
    let found = by_ids(tx, cx, ids)?;
    match ids.iter().find(|t| !found.iter().any(|f| f.id == **t)) {
        Some(_) => Err(TAG_NOT_FOUND.at(field).into()),
        None => Ok(()),
    }
}
