//! Giving tags to members and taking them off.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Row, Tx, Value, args};

use super::model::{Change, Label};
use super::{ARCHIVED, CategoryId, GivenId, TAG_NOT_FOUND, Tag, TagId, counts, rule, said, service, sql};
use crate::identity::rows;
use crate::identity::service::member_event;
use crate::{MEMBER_NOT_FOUND, MemberId, identity};

/// What a change came to for one member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Who.
    pub member: MemberId,
    /// Tags that they have since.
    pub given: Vec<TagId>,
    /// Tags that they had until now.
    pub taken: Vec<TagId>,
}

impl Outcome {
    /// Whether anything changed.
    pub fn changed(&self) -> bool {
        !self.given.is_empty() || !self.taken.is_empty()
    }
}

/// The tags of a change, held so that none is dropped or archived meanwhile; refused where one is not
/// there, or is to be given and archived.
pub fn check(tx: &mut Tx<'_>, cx: &Ctx, change: &Change) -> Result<Vec<Tag>> {
    let named = change.add.iter().chain(&change.remove).map(|t| *t.bytes());
    tx.rows(sql::SHARE, &[cx.merchant.into(), rows::blobs(named)])?;
    self::named(tx, cx, change)
}

/// The tags of a change, refused as [`check`] does and held by nobody: for who only looks.
pub fn named(tx: &mut Tx<'_>, cx: &Ctx, change: &Change) -> Result<Vec<Tag>> {
    let mut found = Vec::new();
    for (list, field) in [(&change.add, "add"), (&change.remove, "remove")] {
        let tags = service::by_ids(tx, cx, list)?;
        if let Some(at) = list.iter().position(|t| !tags.iter().any(|f| f.id == *t)) {
            return Err(TAG_NOT_FOUND.at(format!("{field}[{at}]")).into());
        }
        if let Some(archived) = tags.iter().find(|t| field == "add" && t.archived_at.is_some()) {
            return Err(ARCHIVED.with("name", &archived.name).at(field).into());
        }
        found.extend(tags);
    }
    Ok(found)
}

/// Holds tags, so that none is dropped or archived while a rule or a file gives it: those of them that are
/// there, and whether they are archived. To be called before members are locked: who drops a tag holds it first.
pub(super) fn hold(tx: &mut Tx<'_>, cx: &Ctx, tags: &BTreeSet<TagId>) -> Result<BTreeMap<TagId, bool>> {
    if tags.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<TagId> = tags.iter().copied().collect();
    tx.rows(sql::SHARE, &[cx.merchant.into(), rows::blobs(ids.iter().map(|t| *t.bytes()))])?;
    Ok(service::by_ids(tx, cx, &ids)?.into_iter().map(|t| (t.id, t.archived_at.is_some())).collect())
}

/// Gives tags to living members and takes tags off, `by` somebody. One answer each, in the order of
/// ids; who does not live is left out. The change was [checked](check).
///
/// A person gives what no person gave yet, and takes off whatever anybody gave; a rule or a file gives and
/// ends its own givings. What somebody has since, or has no more, is told once, however many givings there are.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], change: &Change, by: &str) -> Result<Vec<Outcome>> {
    change_each(tx, cx, &members.iter().map(|m| (*m, change.clone())).collect(), by)
}

/// The same with a change for each.
pub(crate) fn change_each(tx: &mut Tx<'_>, cx: &Ctx, changes: &BTreeMap<MemberId, Change>, by: &str) -> Result<Vec<Outcome>> {
    let locked = rows::lock_members(tx, cx, changes.keys().copied())?;
    let living: BTreeSet<MemberId> = locked.into_iter().filter(|(_, r)| r.state == "live").map(|(m, _)| m).collect();
    if living.is_empty() {
        return Ok(Vec::new());
    }
    let tags: BTreeSet<TagId> = changes.values().flat_map(|c| c.add.iter().chain(&c.remove)).copied().collect();
    let tags = rows::blobs(tags.iter().map(|t| *t.bytes()));
    let found = tx.rows(sql::GIVEN, &[cx.merchant.into(), rows::members(living.iter().copied()), tags])?;
    let found = found.into_iter().map(given).collect::<Result<Vec<_>>>()?;
    let had: BTreeSet<(MemberId, TagId)> = found.iter().map(|g| (g.member, g.tag)).collect();
    let is_machine = said::is_machine(by);
    let goes = |g: &Given| changes[&g.member].remove.contains(&g.tag) && (!is_machine || g.by == by);
    let (ended, stays): (Vec<Given>, Vec<Given>) = found.into_iter().partition(goes);
    let is_own = |g: &&Given| if is_machine { g.by == by } else { !said::is_machine(&g.by) };
    let own: BTreeSet<(MemberId, TagId)> = stays.iter().filter(is_own).map(|g| (g.member, g.tag)).collect();
    let mut has: BTreeSet<(MemberId, TagId)> = stays.iter().map(|g| (g.member, g.tag)).collect();
    take(tx, cx, ended, by)?;
    let mut put: Vec<Vec<Value>> = Vec::new();
    for member in &living {
        for tag in changes[member].add.iter().filter(|t| !own.contains(&(*member, **t))) {
            let id = cx.new_id::<super::GivenKind>();
            put.push(vec![cx.merchant.into(), id.into(), (*member).into(), (*tag).into(), cx.now.into(), by.into()]);
            has.insert((*member, *tag));
        }
    }
    tx.insert_many(&sql::GIVE, put)?;
    let moves = has.difference(&had).map(|x| (*x, 1)).chain(had.difference(&has).map(|x| (*x, -1)));
    counts::add(tx, cx, moves)?;
    let of = |member: MemberId, tags: &[TagId], now: &BTreeSet<(MemberId, TagId)>, then: &BTreeSet<(MemberId, TagId)>| {
        tags.iter().copied().filter(|t| now.contains(&(member, *t)) && !then.contains(&(member, *t))).collect()
    };
    let outcome = |member: MemberId| {
        let Change { add, remove } = &changes[&member];
        Outcome { member, given: of(member, add, &has, &had), taken: of(member, remove, &had, &has) }
    };
    let out: Vec<Outcome> = living.into_iter().map(outcome).collect();
    tell(tx, cx, &out)?;
    Ok(out)
}

fn tell(tx: &mut Tx<'_>, cx: &Ctx, outcomes: &[Outcome]) -> Result<()> {
    let mut events = Vec::new();
    for o in outcomes {
        for (kind, tags) in [("member.tagged", &o.given), ("member.untagged", &o.taken)] {
            if !tags.is_empty() {
                events.push(member_event(kind, o.member, cx.now, serde_json::json!({ "tags": tags }).to_string()));
            }
        }
    }
    tx.emit_many(cx, events)
}

/// One giving.
struct Given {
    id: GivenId,
    member: MemberId,
    tag: TagId,
    since: Instant,
    by: String,
}

fn given(mut r: Row) -> Result<Given> {
    Ok(Given { id: r.get(0)?, member: r.get(1)?, tag: r.get(2)?, since: r.get(3)?, by: r.get(4)? })
}

/// Ends givings; they stay as the member's past.
fn take(tx: &mut Tx<'_>, cx: &Ctx, ended: Vec<Given>, by: &str) -> Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    tx.exec(sql::DROP_GIVEN, &[cx.merchant.into(), rows::blobs(ended.iter().map(|g| *g.id.bytes()))])?;
    let rows = ended.into_iter().map(|g| {
        vec![cx.merchant.into(), g.id.into(), g.member.into(), g.tag.into(), g.since.into(), g.by.into(), cx.now.into(), by.into()]
    });
    tx.insert_many(&sql::END, rows.collect()).map(|_| ())
}

/// Takes a tag that is to be dropped off some of its members. Returns how many; 0 at the end.
pub(super) fn strip(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId, limit: i64) -> Result<usize> {
    let found = tx.rows(sql::GIVEN_OF_TAG, args![cx.merchant, tag, limit])?.into_iter().map(given).collect::<Result<Vec<_>>>()?;
    let members: Vec<MemberId> = found.iter().map(|g| g.member).collect();
    rows::lock_members(tx, cx, members.iter().copied())?;
    let before = counts::holding(tx, cx, &members)?;
    // The tag goes, and with it what its past would be called.
    tx.exec(sql::DROP_GIVEN, &[cx.merchant.into(), rows::blobs(found.iter().map(|g| *g.id.bytes()))])?;
    counts::recount(tx, cx, &before)?;
    let outcomes: BTreeSet<MemberId> = members.into_iter().collect();
    let outcomes: Vec<Outcome> = outcomes.into_iter().map(|member| Outcome { member, given: Vec::new(), taken: vec![tag] }).collect();
    tell(tx, cx, &outcomes)?;
    Ok(found.len())
}

/// Gives a tag to one member or takes it off; an alias stands for who took it in. Tells whose tags
/// these are now, and whether anything changed.
pub fn change_one(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, asked: &Change, by: &str) -> Result<(MemberId, bool)> {
    let member = identity::resolve(tx, cx, member)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    let done = change(tx, cx, &[member], asked, by)?;
    // Merged or erased between the two looks.
    let done = done.first().ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    Ok((member, done.changed()))
}

/// The tags of members, each once, the longest held first.
pub fn labels(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<BTreeMap<MemberId, Vec<Label>>> {
    let mut out: BTreeMap<MemberId, Vec<Label>> = BTreeMap::new();
    for mut r in tx.rows(sql::OF_MEMBERS, &[cx.merchant.into(), rows::members(members.iter().copied())])? {
        let labels = out.entry(r.get(0)?).or_default();
        let id: TagId = r.get(1)?;
        // Two rows after a merge are one tag.
        if labels.iter().any(|l| l.id == id) {
            continue;
        }
        labels.push(Label {
            id,
            name: r.get(2)?,
            category: category(r.get(3)?, r.get(4)?),
            color: r.get(5)?,
            archived: r.get::<Option<Instant>>(6)?.is_some(),
            since: r.get(7)?,
            by: r.get(8)?,
        });
    }
    Ok(out)
}

/// A category as rows tell it: an empty id is none.
pub(super) fn category(id: Vec<u8>, name: Option<String>) -> Option<(CategoryId, String)> {
    Some((CategoryId::from_slice(&id)?, name?))
}

/// A tag that a member had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Past {
    /// The giving.
    pub id: GivenId,
    /// Which tag.
    pub tag: TagId,
    /// Its name.
    pub name: String,
    /// Since when they had it.
    pub since: Instant,
    /// Who gave it.
    pub by: String,
    /// Until when.
    pub taken_at: Instant,
    /// Who took it off.
    pub taken_by: String,
}

/// Tags that a member had and has no more, before a time and id: the last taken first, or the last given.
/// `limit` at most.
pub fn past(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, by_giving: bool, before: (Instant, [u8; 16]), limit: i64) -> Result<Vec<Past>> {
    let statement = if by_giving { sql::PAST_BY_GIVING } else { sql::PAST_OF };
    tx.rows(statement, args![cx.merchant, member, before.0, before.1, limit])?
        .into_iter()
        .map(|mut r| {
            Ok(Past {
                id: r.get(0)?,
                tag: r.get(1)?,
                name: r.get(2)?,
                since: r.get(3)?,
                by: r.get(4)?,
                taken_at: r.get(5)?,
                taken_by: r.get(6)?,
            })
        })
        .collect()
}

/// A giving as a merge notes it: which, and the tag's name then.
pub(crate) type Held = ([u8; 16], String);

/// What a member has, giving by giving.
pub(crate) fn held(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<Held>> {
    tx.rows(sql::HELD, args![cx.merchant, member])?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect()
}

/// Gives `to` the past of givings that were its own and ended while one of `from` had them.
pub(crate) fn past_back(tx: &mut Tx<'_>, cx: &Ctx, givings: &[Held], from: &[MemberId], to: MemberId) -> Result<()> {
    let ids = rows::blobs(givings.iter().map(|g| g.0));
    tx.exec(sql::PAST_BACK, &[cx.merchant.into(), ids, rows::members(from.iter().copied()), to.into()]).map(|_| ())
}

/// Who of these has any tag that a person gave: a rule or a file says nothing that would be lost with its member.
pub(crate) fn tagged(tx: &mut Tx<'_>, cx: &Ctx, members: &BTreeSet<MemberId>) -> Result<BTreeSet<MemberId>> {
    if members.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids = rows::members(members.iter().copied());
    tx.rows(sql::TAGGED, &[cx.merchant.into(), ids, rule::ACTOR.label().into()])?.into_iter().map(|mut r| r.get(0)).collect()
}

/// Forgets what members have and had: they are erased, or nothing speaks of them any more.
pub(crate) fn forget(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<()> {
    let before = counts::holding(tx, cx, members)?;
    let ids = rows::members(members.iter().copied());
    tx.exec(sql::FORGET, &[cx.merchant.into(), ids.clone()])?;
    tx.exec(sql::FORGET_PAST, &[cx.merchant.into(), ids.clone()])?;
    tx.exec(said::sql::FORGET, &[cx.merchant.into(), ids])?;
    counts::recount(tx, cx, &before)
}
