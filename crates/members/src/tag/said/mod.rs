//! Imported tags: what files say of members, source by source.
//!
//! A statement names a source, a member and a tag. What holds of a source is what that import said whose load
//! ended last, and what says already one that began after it and is not at its end: it is being loaded, or it
//! corrects rows of the other and replaces nothing, or so much of it was refused that it ends nobody's tags
//! ([`finish`]). A statement whose time is over holds no more. Of whom a refused row speaks, what held goes on
//! into the new import ([`keep`]). From that the source's own givings follow ([`look`]): what it says no
//! longer ends as a spell, what others gave is left alone. Statements stay with the id of whom they were
//! made, so that an unmerge has them where they were; of a member those of its aliases hold too.

pub mod jobs;
pub mod sql;
mod take;
mod who;

pub use take::{Of, Said, Took, keep, take};
pub use who::Sought;

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Tx, args};

use super::give::{self, Outcome};
use super::model::{self, Change};
use super::{TagId, rule};
use crate::MemberId;
use crate::identity::{self, rows};

/// What the label of who gave begins with, where a file did.
pub const PREFIX: &str = "import:";

/// What a source is called as who gave.
pub(crate) fn label(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// A source.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Source {
    /// As sources are told apart.
    pub key: String,
    /// As people read it.
    pub name: String,
}

impl Source {
    fn of(name: &str) -> Self {
        Self { key: model::key(name), name: name.to_owned() }
    }

    /// Who gives: one name for all spellings.
    fn by(&self) -> String {
        label(&self.key)
    }
}

/// The import that holds for a source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Current {
    /// When its load ended.
    since: Instant,
    /// Its number; 0 where there is none.
    import: i64,
}

impl Current {
    fn of(tx: &mut Tx<'_>, cx: &Ctx, source: &str) -> Result<Self> {
        match tx.row(sql::CURRENT, args![cx.merchant, source])? {
            Some(mut r) => Ok(Self { since: r.get(0)?, import: r.get(1)? }),
            None => Ok(Self { since: Instant(0), import: 0 }),
        }
    }
}

/// Which tags a look at members may be about.
fn concerned(tx: &mut Tx<'_>, cx: &Ctx, source: &Source, living: &[MemberId]) -> Result<BTreeSet<TagId>> {
    let from = Current::of(tx, cx, &source.key)?;
    let family = families(tx, cx, living)?;
    let spoken = rows::members(family.keys().copied());
    let mut tags = BTreeSet::new();
    for mut row in tx
        .rows(sql::HOLDS, &[cx.merchant.into(), source.key.as_str().into(), spoken, from.since.into(), from.import.into(), cx.now.into()])?
    {
        tags.insert(row.get(1)?);
    }
    for mut row in tx.rows(sql::HELD, &[cx.merchant.into(), source.by().into(), rows::members(living.iter().copied())])? {
        tags.insert(row.get(1)?);
    }
    Ok(tags)
}

/// Members with all whom merges made their aliases: for each id, whose it is now.
fn families(tx: &mut Tx<'_>, cx: &Ctx, living: &[MemberId]) -> Result<BTreeMap<MemberId, MemberId>> {
    let mut all: BTreeMap<MemberId, MemberId> = living.iter().map(|m| (*m, *m)).collect();
    let mut open: Vec<MemberId> = living.to_vec();
    while !open.is_empty() {
        let found = tx.rows(sql::ALIASES, &[cx.merchant.into(), rows::members(open.iter().copied())])?;
        open.clear();
        for mut row in found {
            let (alias, of): (MemberId, MemberId) = (row.get(0)?, row.get(1)?);
            if let Some(head) = all.get(&of).copied()
                && all.insert(alias, head).is_none()
            {
                open.push(alias);
            }
        }
    }
    Ok(all)
}

/// Brings what members have by a source to what holds of it. Returns what changed.
pub(crate) fn look(tx: &mut Tx<'_>, cx: &Ctx, source: &Source, members: &[MemberId]) -> Result<Vec<Outcome>> {
    let mut living = BTreeSet::new();
    for member in members {
        living.extend(identity::resolve(tx, cx, *member)?);
    }
    let living: Vec<MemberId> = living.into_iter().collect();
    if living.is_empty() {
        return Ok(Vec::new());
    }
    let tags = concerned(tx, cx, source, &living)?;
    let tags = give::hold(tx, cx, &tags)?;
    rows::lock_members(tx, cx, living.iter().copied())?;
    let (by, from) = (source.by(), Current::of(tx, cx, &source.key)?);
    let family = families(tx, cx, &living)?;
    let ids = rows::members(living.iter().copied());
    let mut taken_off: BTreeMap<(MemberId, TagId), Instant> = BTreeMap::new();
    for mut row in tx.rows(sql::TAKEN_OFF, &[cx.merchant.into(), ids.clone(), by.as_str().into()])? {
        taken_off.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    let mut held: BTreeSet<(MemberId, TagId)> = BTreeSet::new();
    for mut row in tx.rows(sql::HELD, &[cx.merchant.into(), by.as_str().into(), ids])? {
        held.insert((row.get(0)?, row.get(1)?));
    }
    let (mut holds, mut wanted) = (BTreeSet::new(), BTreeSet::new());
    let spoken = rows::members(family.keys().copied());
    for mut row in tx
        .rows(sql::HOLDS, &[cx.merchant.into(), source.key.as_str().into(), spoken, from.since.into(), from.import.into(), cx.now.into()])?
    {
        let (of, tag, said_at): (MemberId, TagId, Instant) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(member) = family.get(&of) else { continue };
        holds.insert((*member, tag));
        // A tag that is gone, archived, or named only since the look began is not given here.
        let is_ready = tags.get(&tag) == Some(&false);
        // What a person took off stays off until a file says it again.
        if is_ready && taken_off.get(&(*member, tag)).is_none_or(|off| *off < said_at) {
            wanted.insert((*member, tag));
        }
    }
    let mut changes: BTreeMap<MemberId, Change> = BTreeMap::new();
    for (member, tag) in wanted.difference(&held) {
        changes.entry(*member).or_default().add.push(*tag);
    }
    for (member, tag) in held.difference(&holds).filter(|(_, tag)| tags.contains_key(tag)) {
        changes.entry(*member).or_default().remove.push(*tag);
    }
    give::change_each(tx, cx, &changes, &by)
}

/// An import was loaded to its end `at`: from now on it is what holds of its sources, and what they say no
/// longer ends, by a task. Where it does not replace what held (its rows correct another's, or too many of them
/// were refused), or a source came into it only after its end, it holds beside what held, until the source's
/// next import. Returns how many sources that keeps.
pub fn finish(tx: &mut Tx<'_>, cx: &Ctx, import: i64, at: Instant, replaces: bool) -> Result<i64> {
    let mut beside = 0;
    for mut row in tx.rows(sql::OPEN_OF, args![cx.merchant, import])? {
        let (source, begun): (Source, Instant) = (Source { key: row.get(0)?, name: row.get(1)? }, row.get(2)?);
        let before = Current::of(tx, cx, &source.key)?;
        // What ended while this one was being loaded kept its first rows from holding: they are looked at again.
        let is_overtaken = before > Current { since: begun, import };
        if before.import != 0 && (!replaces || begun > at) {
            beside += 1;
            continue;
        }
        tx.exec(sql::FINISH, args![cx.merchant, &source.key, import, at])?;
        jobs::enqueue(tx, cx, &source, &format!("{import}/finish"), is_overtaken)?;
    }
    Ok(beside)
}

fn of_import(tx: &mut Tx<'_>, cx: &Ctx, import: i64) -> Result<Vec<Source>> {
    let rows = tx.rows(sql::OF_IMPORT, args![cx.merchant, import])?;
    rows.into_iter().map(|mut r| Ok(Source { key: r.get(0)?, name: r.get(1)? })).collect()
}

/// Forgets some of what an import said. Returns how much; 0 at the end.
pub fn unsay(tx: &mut Tx<'_>, cx: &Ctx, import: i64, limit: i64) -> Result<i64> {
    let mut by_source: BTreeMap<String, BTreeSet<MemberId>> = BTreeMap::new();
    for mut row in tx.rows(sql::SOME_OF, args![cx.merchant, import, limit])? {
        by_source.entry(row.get(0)?).or_default().insert(row.get(1)?);
    }
    let mut gone = 0;
    for (source, members) in by_source {
        gone += tx.exec(sql::UNSAY, &[cx.merchant.into(), source.as_str().into(), import.into(), rows::members(members)])? as i64;
    }
    Ok(gone)
}

/// An import is taken back whole: what held of its sources before holds again, by a task.
pub fn undone(tx: &mut Tx<'_>, cx: &Ctx, import: i64) -> Result<()> {
    let sources = of_import(tx, cx, import)?;
    tx.exec(sql::DROP_SOURCES, args![cx.merchant, import])?;
    tx.exec(sql::DROP_SOURCE_TAGS, args![cx.merchant, import])?;
    sources.iter().try_for_each(|source| jobs::enqueue(tx, cx, source, &format!("{import}/undo"), true))
}

/// Members were merged or parted: what files say of them is brought to whom it is of now.
pub(super) fn moved(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<()> {
    let found = tx.rows(sql::EVERY, args![cx.merchant])?;
    for mut row in found {
        look(tx, cx, &Source { key: row.get(0)?, name: row.get(1)? }, members)?;
    }
    Ok(())
}

/// Whether files ever said anything.
pub(super) fn any(tx: &mut Tx<'_>, merchant: shuke_kernel::MerchantNo) -> Result<bool> {
    Ok(tx.row(sql::ANY, args![merchant])?.is_some())
}

/// The tag is back from the archive: what files say of it is given.
pub(super) fn woken(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<()> {
    let mut seen = BTreeSet::new();
    for mut row in tx.rows(sql::OF_TAG, args![cx.merchant, tag])? {
        let source = Source { key: row.get(0)?, name: row.get(1)? };
        if seen.insert(source.key.clone()) {
            jobs::enqueue(tx, cx, &source, &format!("{tag}"), true)?;
        }
    }
    Ok(())
}

/// Forgets some of what is said of a tag that goes. Returns whether all of it is gone.
pub(super) fn drop_tag(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId, limit: i64) -> Result<bool> {
    let gone = tx.exec(sql::FORGET_TAG, args![cx.merchant, tag, limit])? as i64;
    if gone >= limit {
        return Ok(false);
    }
    tx.exec(sql::FORGET_TAG_OF, args![cx.merchant, tag])?;
    Ok(true)
}

/// Ends what is valid no more, some of it. Returns how much; 0 at the end.
pub fn expire(tx: &mut Tx<'_>, cx: &Ctx, limit: i64) -> Result<usize> {
    let mut by_source: BTreeMap<String, Vec<MemberId>> = BTreeMap::new();
    let overdue = tx.rows(sql::OVERDUE, args![cx.merchant, cx.now, limit])?;
    let count = overdue.len();
    for mut row in overdue {
        let (source, member, tag, import): (String, MemberId, TagId, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        tx.exec(sql::ENDED, args![cx.merchant, &source, import, member, tag])?;
        by_source.entry(source).or_default().push(member);
    }
    for (key, members) in by_source {
        let name = tx.row(sql::NAME, args![cx.merchant, &key])?.map_or(Ok(key.clone()), |mut r| r.get(0))?;
        look(tx, cx, &Source { key, name }, &members)?;
    }
    Ok(count)
}

/// What a file says of a member's tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stated {
    /// The source's name.
    pub source: String,
    /// How sure or how strong, in millionths of what the file wrote.
    pub score: Option<i64>,
    /// Until when it holds.
    pub valid_until: Option<Instant>,
}

/// What sources say of a member now, by tag.
pub fn of_member(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<BTreeMap<TagId, Vec<Stated>>> {
    let family = families(tx, cx, &[member])?;
    let mut out: BTreeMap<TagId, Vec<Stated>> = BTreeMap::new();
    for mut row in tx.rows(sql::OF_MEMBERS, &[cx.merchant.into(), rows::members(family.keys().copied()), cx.now.into()])? {
        let tag: TagId = row.get(0)?;
        let stated = Stated { source: row.get(2)?, score: row.get(3)?, valid_until: row.get(4)? };
        let list = out.entry(tag).or_default();
        if !list.iter().any(|s| s.source == stated.source) {
            list.push(stated);
        }
    }
    Ok(out)
}

/// A source with what holds of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// The number of the import that holds, or that is the first one to.
    pub import: i64,
    /// When that began.
    pub begun_at: Instant,
    /// When it was loaded to its end.
    pub finished_at: Option<Instant>,
    /// How many members had tags by it when everybody was last looked at.
    pub members: Option<i64>,
    /// The tags that it says.
    pub tags: Vec<(TagId, String)>,
}

/// All sources, the newest first.
pub fn sources(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<Standing>> {
    let mut tags: BTreeMap<(String, i64), Vec<(TagId, String)>> = BTreeMap::new();
    for mut row in tx.rows(sql::TAGS_OF, args![cx.merchant])? {
        tags.entry((row.get(0)?, row.get(1)?)).or_default().push((row.get(2)?, row.get(3)?));
    }
    let rows = tx.rows(sql::SOURCES, args![cx.merchant])?;
    rows.into_iter()
        .map(|mut r| {
            let (key, import): (String, i64) = (r.get(0)?, r.get(2)?);
            let tags = tags.remove(&(key, import)).unwrap_or_default();
            Ok(Standing { name: r.get(1)?, import, begun_at: r.get(3)?, finished_at: r.get(4)?, members: r.get(5)?, tags })
        })
        .collect()
}

/// Whether it is no person who gives: such a giver has givings of its own, and ends only those.
pub(super) fn is_machine(by: &str) -> bool {
    by.starts_with(PREFIX) || by == rule::ACTOR.label()
}
