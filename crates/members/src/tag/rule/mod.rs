//! Tags by rule: whoever is in a segment has the tag, whoever leaves it loses it.
//!
//! What is wanted of a member is read from who is in the segment *now*; an event that somebody came or went,
//! and a merge, only says whom to look at. So neither order nor repetition of events matters, and a change
//! of the rule is the same look at everybody ([`jobs`]).
//!
//! A rule gives and takes rows of its own: what a person or a file gave stays when its holder leaves the
//! segment. What a person took off is not given again until the member has left the segment and comes anew.
//! Taking the rule away changes nobody's tags.

pub mod follow;
pub mod jobs;
pub mod sql;

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Actor, Code, Ctx, Error, Instant, Kind, Result};
use shuke_store::{Row, Tx, args};

use super::model::Change;
use super::{ARCHIVED, TAG_NOT_FOUND, TagId, give, service};
use crate::hooks::{self, Standing};
use crate::identity::rows;
use crate::{MemberId, identity};

/// Who gives and takes by a rule.
pub const ACTOR: Actor = Actor::System("tag_rule");

/// The tag has no rule.
pub static NO_RULE: Code =
    Code { code: "tag.no_rule", kind: Kind::NotFound, zh: "这个标签没有自动规则。", en: "This tag has no rule." };
/// The segment does not give tags.
pub static NO_GROUP: Code = Code {
    code: "tag.segment_cannot_rule",
    kind: Kind::Unprocessable,
    zh: "自动规则要用未归档的动态人群或定时人群。固定名单请用批量打标签。",
    en: "A rule needs a living or scheduled segment that is not archived. Tag the members of a list in bulk instead.",
};

shuke_kernel::ids! {
    /// The segment of a rule: an id of the crate that keeps segments.
    GroupId = GroupKind "seg";
}

/// A rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Which tag.
    pub tag: TagId,
    /// Whose members have it.
    pub segment: GroupId,
    /// Counts its changes.
    pub version: i64,
    /// The version that everybody was looked at for.
    pub applied: i64,
    /// When that was.
    pub applied_at: Option<Instant>,
    /// When it was set.
    pub set_at: Instant,
    /// By whom.
    pub set_by: String,
    /// Whether its tag is archived: then it rests.
    pub archived: bool,
}

fn rule(mut r: Row) -> Result<Rule> {
    Ok(Rule {
        tag: r.get(0)?,
        segment: r.get(1)?,
        version: r.get(2)?,
        applied: r.get(3)?,
        applied_at: r.get(4)?,
        set_at: r.get(5)?,
        set_by: r.get(6)?,
        archived: r.get::<Option<Instant>>(7)?.is_some(),
    })
}

/// All rules.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<Rule>> {
    tx.rows(sql::LIST, args![cx.merchant])?.into_iter().map(rule).collect()
}

/// The rule of a tag, if it has one.
fn find(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<Option<Rule>> {
    tx.row(sql::GET, args![cx.merchant, tag])?.map(rule).transpose()
}

/// The rule of a tag.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<Rule> {
    service::get(tx, cx, tag)?;
    find(tx, cx, tag)?.ok_or_else(|| NO_RULE.refuse().into())
}

/// How many members have a tag by its rule now.
pub fn holding(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<i64> {
    tx.one(sql::HOLDING, args![cx.merchant, tag, ACTOR.label()])?.get(0)
}

/// Gives a tag the rule that whoever is in `segment` has it, and queues the look at everybody. Refused where
/// the segment depends on the tag: it would rule itself.
pub fn put(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId, segment: GroupId) -> Result<Rule> {
    let found = service::locked(tx, cx, tag)?.ok_or_else(|| Error::from(TAG_NOT_FOUND.refuse()))?;
    if found.archived_at.is_some() {
        return Err(ARCHIVED.with("name", &found.name).into());
    }
    if hooks::standing(tx, cx, segment)? == Standing::None {
        return Err(NO_GROUP.at("segment").into());
    }
    if let Some(same) = find(tx, cx, tag)?.filter(|r| r.segment == segment) {
        return Ok(same);
    }
    tx.exec(sql::PUT, args![cx.merchant, tag, segment, cx.now, cx.actor.label()])?;
    hooks::check_rules(tx, cx, segment)?;
    let rule = get(tx, cx, tag)?;
    jobs::enqueue(tx, cx, &rule, None)?;
    Ok(rule)
}

/// Takes the rule away. Whoever has the tag keeps it.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<Rule> {
    let was = get(tx, cx, tag)?;
    tx.exec(sql::DROP, args![cx.merchant, tag])?;
    Ok(was)
}

/// The tag has another name: segments ask for tags by name, so that its rule may have become a circle.
pub(super) fn renamed(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<()> {
    match find(tx, cx, tag)? {
        Some(rule) => hooks::check_rules(tx, cx, rule.segment),
        None => Ok(()),
    }
}

/// The tag is back from the archive: who came and went meanwhile is looked at.
pub(super) fn woken(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId) -> Result<()> {
    if tx.exec(sql::ANEW, args![cx.merchant, tag])? > 0 {
        let rule = get(tx, cx, tag)?;
        jobs::enqueue(tx, cx, &rule, None)?;
    }
    Ok(())
}

/// What a look came to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Came {
    /// Members who got it.
    pub given: i64,
    /// Members who lost it.
    pub taken: i64,
}

/// Looks at some members: who is in the segment has the tag by the rule, who is not has it not.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, rule: &Rule, members: &[MemberId]) -> Result<Came> {
    let mut living = BTreeSet::new();
    for member in members {
        living.extend(identity::resolve(tx, cx, *member)?);
    }
    let living: Vec<MemberId> = living.into_iter().collect();
    if living.is_empty() {
        return Ok(Came::default());
    }
    // Gone or archived meanwhile: the rule rests.
    if give::hold(tx, cx, &[rule.tag].into())?.get(&rule.tag) != Some(&false) {
        return Ok(Came::default());
    }
    // Who is in is read under the members' locks: the tag follows what holds when it is written.
    rows::lock_members(tx, cx, living.iter().copied())?;
    let inside = hooks::inside(tx, cx, rule.segment, &living)?;
    let (ids, by) = (rows::members(living.iter().copied()), ACTOR.label());
    let mut taken_off: BTreeMap<MemberId, Instant> = BTreeMap::new();
    for mut row in tx.rows(sql::TAKEN_OFF, &[cx.merchant.into(), rule.tag.into(), ids, by.as_str().into()])? {
        taken_off.insert(row.get(0)?, row.get(1)?);
    }
    let wants = |m: &&MemberId| inside.get(*m).is_some_and(|came| taken_off.get(*m).is_none_or(|off| off < came));
    let give: Vec<MemberId> = living.iter().filter(wants).copied().collect();
    let take: Vec<MemberId> = living.into_iter().filter(|m| !inside.contains_key(m)).collect();
    let given = give::change(tx, cx, &give, &Change { add: vec![rule.tag], remove: Vec::new() }, &by)?;
    let taken = give::change(tx, cx, &take, &Change { add: Vec::new(), remove: vec![rule.tag] }, &by)?;
    let changed = |outcomes: Vec<give::Outcome>| outcomes.iter().filter(|o| o.changed()).count() as i64;
    Ok(Came { given: changed(given), taken: changed(taken) })
}

/// To how many members a tag was given between two instants, and from how many it was taken.
pub fn between(tx: &mut Tx<'_>, cx: &Ctx, tag: TagId, from: Instant, to: Instant) -> Result<(i64, i64)> {
    let given = tx.one(sql::GIVEN_BETWEEN, args![cx.merchant, tag, from, to])?.get(0)?;
    let taken = tx.one(sql::TAKEN_BETWEEN, args![cx.merchant, tag, from, to])?.get(0)?;
    Ok((given, taken))
}
