//! Merges: what people decide of two members, the record of every merge, and taking one back.
//!
//! A merge by hand is a decision about two key sets, fed into the same fold as keys; the record
//! of a merge keeps what each side was. Taking a merge back takes the decision back (or, where
//! keys had joined the two, puts their first key sets apart) and folds again: with nothing between,
//! that is the state before. What came meanwhile goes where its keys lead, and every difference to
//! the state before is listed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Ctx, Error, Instant, Kind, Result};
use shuke_store::{Row, Tx, args};

use super::fold::SetId;
use super::moves::{self, MovedRows};
use super::rows::{self, StoredSet};
use super::settle::{self, Cause};
use super::{resolve, rules, sql};
use crate::profile::{self, Profile};
use crate::{MEMBER_NOT_FOUND, MemberId, consent, tag};

shuke_kernel::ids! {
    /// A merge.
    MergeId = MergeKind "mrg";
}

/// The two are one already.
pub static SAME_MEMBER: Code = Code {
    code: "member.same",
    kind: Kind::Unprocessable,
    zh: "这两个编号已经是同一位会员。",
    en: "These two ids are the same member already.",
};
/// Decisions of people keep the two apart.
pub static KEPT_APART: Code = Code {
    code: "member.kept_apart",
    kind: Kind::Unprocessable,
    zh: "有人工决定要求这两位会员分开，无法合并。请先撤销该决定。",
    en: "People decided to keep these two apart through other records. Take that decision back first.",
};
/// Shops of two legal entities.
pub static OTHER_ENTITY: Code = Code {
    code: "member.other_entity",
    kind: Kind::Unprocessable,
    zh: "两位会员分属不同的法律主体，合并需要双方各自单独同意（用途 sharing）。",
    en: "The two belong to shops of different legal entities. Merging needs each one's separate consent (purpose sharing).",
};
/// No such merge.
pub static MERGE_NOT_FOUND: Code =
    Code { code: "merge.not_found", kind: Kind::NotFound, zh: "找不到这次合并。", en: "There is no such merge." };
/// It was taken back already.
pub static MERGE_UNDONE: Code =
    Code {
        code: "merge.undone", kind: Kind::Conflict, zh: "这次合并已经撤销过了。", en: "This merge has been taken back already."
    };

/// One side of a merge, as it was.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq, Debug)]
pub(crate) struct Side {
    id: MemberId,
    sets: Vec<SetId>,
    profile: Profile,
    consents: Vec<consent::State>,
    /// Tags that it had, giving by giving; `None` where the merge was recorded before these were noted.
    #[serde(default)]
    tags: Option<Vec<tag::give::Held>>,
}

/// What a merge found and moved.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq, Debug)]
pub(crate) struct Snapshot {
    survivor: Side,
    absorbed: Side,
    rows: Vec<MovedRows>,
    consent_rows: Vec<[u8; 16]>,
    /// In words; sealed with the rest, since people write names into reasons.
    reason: String,
    overrode: Vec<(i64, [u8; 16], SetId, SetId)>,
}

impl Snapshot {
    pub(crate) fn take(tx: &mut Tx<'_>, cx: &Ctx, sets: &[StoredSet], survivor: MemberId, absorbed: MemberId) -> Result<Self> {
        let mut side = |id: MemberId| -> Result<Side> {
            let mut sets: Vec<SetId> = sets.iter().filter(|s| s.member == Some(id)).map(|s| s.id).collect();
            sets.sort_unstable();
            Ok(Side {
                id,
                sets,
                profile: profile::get(tx, cx, id)?.unwrap_or_default(),
                consents: consent::effective(tx, cx, id)?,
                tags: Some(tag::give::held(tx, cx, id)?),
            })
        };
        Ok(Self {
            survivor: side(survivor)?,
            absorbed: side(absorbed)?,
            rows: Vec::new(),
            consent_rows: Vec::new(),
            reason: String::new(),
            overrode: Vec::new(),
        })
    }
}

/// Moves what no key set binds, makes the stricter consent hold, and records the merge.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    survivor: MemberId,
    absorbed: MemberId,
    mut snapshot: Snapshot,
    cause: &Cause,
) -> Result<[u8; 16]> {
    let id: MergeId = cx.new_id();
    let tags = tag::holding(tx, cx, &[absorbed, survivor])?;
    snapshot.rows = moves::take_in(tx, cx, absorbed, survivor)?;
    tag::recount(tx, cx, &tags)?;
    snapshot.consent_rows =
        consent::take_in(tx, cx, absorbed, survivor, *id.bytes(), &snapshot.survivor.consents, &snapshot.absorbed.consents)?;
    snapshot.reason.clone_from(&cause.reason);
    snapshot.overrode = cause.overrode.iter().map(|d| (d.at, d.id, d.left, d.right)).collect();
    let sealed = tx.keys(cx.merchant)?.seal("member_merge", id.bytes(), &serde_json::to_vec(&snapshot)?)?;
    let by = cx.actor.label();
    tx.exec(sql::ADD_MERGE, args![cx.merchant, id, survivor, absorbed, cx.now, by, cause.word, cause.decision, sealed])?;
    Ok(*id.bytes())
}

fn open(tx: &mut Tx<'_>, cx: &Ctx, merge: &Merge) -> Result<Snapshot> {
    let sealed = merge.sealed.as_deref().ok_or_else(|| Error::from(MERGE_NOT_FOUND.refuse()))?;
    Ok(serde_json::from_slice(&tx.keys(cx.merchant)?.open("member_merge", merge.id.bytes(), sealed)?)?)
}

/// A member that stands for itself again gets back what its last merge took; tells from whom.
pub(crate) fn take_back(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Option<MemberId>> {
    let Some(row) = tx.row(sql::MERGE_OF, args![cx.merchant, id])? else { return Ok(None) };
    let merge = read(row)?;
    let snapshot = open(tx, cx, &merge)?;
    let now_with = resolve(tx, cx, merge.survivor)?.unwrap_or(merge.survivor);
    let from = [merge.survivor, now_with];
    let tags = tag::holding(tx, cx, &[merge.survivor, now_with, id])?;
    moves::give_back(tx, cx, &snapshot.rows, &from, id)?;
    tag::give::past_back(tx, cx, snapshot.absorbed.tags.as_deref().unwrap_or_default(), &from, id)?;
    tag::recount(tx, cx, &tags)?;
    consent::give_back(tx, cx, &snapshot.consent_rows, &from, id, *merge.id.bytes())?;
    for (at, decision, left, right) in &snapshot.overrode {
        tx.exec(sql::DECIDE, args![cx.merchant, *decision, "apart", *left, *right, *at, &merge.merged_by])?;
    }
    tx.exec(sql::UNDO_MERGE, args![cx.merchant, merge.id, cx.now, cx.actor.label()])?;
    Ok(Some(now_with))
}

/// What a merge did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Merged {
    /// Whose id goes on.
    pub survivor: MemberId,
    /// Whose id is an alias now.
    pub absorbed: MemberId,
    /// The record.
    pub merge: MergeId,
}

fn living(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<MemberId> {
    resolve(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse().into())
}

fn anchor(sets: &[StoredSet], of: MemberId) -> Result<SetId> {
    let theirs = sets.iter().filter(|s| s.member == Some(of));
    theirs.min_by_key(|s| (s.home != Some(of), s.first_seen, s.id)).map(|s| s.id).ok_or_else(|| MEMBER_NOT_FOUND.refuse().into())
}

/// Decides that two members are one person.
pub fn merge(tx: &mut Tx<'_>, cx: &Ctx, a: MemberId, b: MemberId, cause: &'static str, reason: &str) -> Result<Merged> {
    let (a, b) = (living(tx, cx, a)?, living(tx, cx, b)?);
    if a == b {
        return Err(SAME_MEMBER.refuse().into());
    }
    let sets = rows::sets_of(tx, cx, [a, b])?;
    // The empty word is an entity as well: the merchant's first.
    let entities: BTreeSet<&str> = sets.iter().map(|s| s.entity.as_str()).collect();
    if entities.len() > 1 && !(consent::allows(tx, cx, a, "sharing", "any")? && consent::allows(tx, cx, b, "sharing", "any")?) {
        return Err(OTHER_ENTITY.refuse().into());
    }
    let owner: BTreeMap<SetId, MemberId> = sets.iter().filter_map(|s| Some((s.id, s.member?))).collect();
    let ids: Vec<SetId> = owner.keys().copied().collect();
    let mut overrode = rows::decisions(tx, cx, &ids)?;
    overrode.retain(|d| !d.together && matches!((owner.get(&d.left), owner.get(&d.right)), (Some(x), Some(y)) if x != y));
    for d in &overrode {
        tx.exec(sql::UNDECIDE_PAIR, args![cx.merchant, d.id, d.left, d.right])?;
    }
    let (left, right) = (anchor(&sets, a)?, anchor(&sets, b)?);
    // All that is known of the two is one person's, also what keys alone would part.
    let all: Vec<SetId> = ids.into_iter().filter(|id| *id != left).collect();
    let decision = decide(tx, cx, "together", left, &all)?;
    let cause = Cause { reason: reason.to_owned(), decision: Some(decision), overrode, ..Cause::of(cause) };
    let rules = rules(tx, cx)?;
    let settled = settle::settle(tx, cx, rules, &[left, right], &cause)?;
    let (x, y) = (living(tx, cx, a)?, living(tx, cx, b)?);
    match settled.merges.last() {
        Some(id) if x == y => Ok(Merged { survivor: x, absorbed: if x == a { b } else { a }, merge: MergeId::from_bytes(*id) }),
        _ => Err(KEPT_APART.refuse().into()),
    }
}

fn decide(tx: &mut Tx<'_>, cx: &Ctx, verdict: &str, left: SetId, right: &[SetId]) -> Result<[u8; 16]> {
    let id: MergeId = cx.new_id();
    for other in right {
        tx.exec(sql::DECIDE, args![cx.merchant, id, verdict, left, *other, cx.now, cx.actor.label()])?;
    }
    Ok(*id.bytes())
}

/// Decides that two members are two people.
pub(super) fn put_apart(tx: &mut Tx<'_>, cx: &Ctx, a: MemberId, b: MemberId) -> Result<()> {
    let sets = rows::sets_of(tx, cx, [a, b])?;
    let (left, right) = (anchor(&sets, a)?, anchor(&sets, b)?);
    decide(tx, cx, "apart", left, &[right])?;
    let rules = rules(tx, cx)?;
    settle::settle(tx, cx, rules, &[left, right], &Cause::of("review")).map(|_| ())
}

/// A merge as people see it.
#[derive(Clone, Debug)]
pub struct Merge {
    /// Which.
    pub id: MergeId,
    /// Whose id went on.
    pub survivor: MemberId,
    /// Whose became an alias.
    pub absorbed: MemberId,
    /// When.
    pub merged_at: Instant,
    /// By whom.
    pub merged_by: String,
    /// `keys`, `review`, `manual`.
    pub cause: String,
    /// In words.
    pub reason: String,
    /// When it was taken back.
    pub undone_at: Option<Instant>,
    /// By whom.
    pub undone_by: Option<String>,
    decision: Option<[u8; 16]>,
    sealed: Option<Vec<u8>>,
}

fn read(mut r: Row) -> Result<Merge> {
    Ok(Merge {
        id: r.get(0)?,
        survivor: r.get(1)?,
        absorbed: r.get(2)?,
        merged_at: r.get(3)?,
        merged_by: r.get(4)?,
        cause: r.get(5)?,
        reason: String::new(),
        undone_at: r.get(6)?,
        undone_by: r.get(7)?,
        decision: r.get(8)?,
        sealed: r.get(9)?,
    })
}

/// Merges of a member, either side, newest first; of everybody where none is named.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, member: Option<MemberId>, before: Option<MergeId>, limit: i64) -> Result<Vec<Merge>> {
    let found = match member {
        Some(id) => tx.rows(sql::MERGES, args![cx.merchant, id])?,
        None => tx.rows(sql::ALL_MERGES, args![cx.merchant, before.unwrap_or(MergeId::from_bytes([255; 16])), limit])?,
    };
    let mut out = found.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    for merge in out.iter_mut().filter(|m| m.sealed.is_some()) {
        merge.reason = open(tx, cx, merge)?.reason;
    }
    Ok(out)
}

/// Something that an unmerge could not put back as it was, in Chinese and English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What it concerns: `keys`, `profile`, `consent`, `tags`, `merge`.
    pub what: &'static str,
    /// For the console.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// What taking a merge back came to.
#[derive(Clone, Debug)]
pub struct Unmerged {
    /// The two members.
    pub members: (MemberId, MemberId),
    /// What is not as it was before the merge.
    pub differences: Vec<Difference>,
}

/// Takes a merge back.
pub fn unmerge(tx: &mut Tx<'_>, cx: &Ctx, id: MergeId) -> Result<Unmerged> {
    let merge = tx.row(sql::MERGE, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| Error::from(MERGE_NOT_FOUND.refuse()))?;
    if merge.undone_at.is_some() {
        return Err(MERGE_UNDONE.refuse().into());
    }
    let snapshot = open(tx, cx, &merge)?;
    let rules = rules(tx, cx)?;
    let held_by = living(tx, cx, merge.absorbed)?;
    let sets = rows::sets_of(tx, cx, [held_by])?;
    let home = |of: MemberId| sets.iter().filter(|s| s.home == Some(of)).min_by_key(|s| (s.first_seen, s.id)).map(|s| s.id);
    let (Some(left), Some(right)) = (home(merge.survivor), home(merge.absorbed)) else { return Err(MEMBER_NOT_FOUND.refuse().into()) };
    let cause = Cause::of("unmerge");
    let_go(tx, cx, &merge, &sets)?;
    if let Some(decision) = merge.decision {
        tx.exec(sql::UNDECIDE, args![cx.merchant, decision])?;
        settle::settle(tx, cx, rules, &[left, right], &cause)?;
    }
    if resolve(tx, cx, merge.absorbed)? != Some(merge.absorbed) {
        decide(tx, cx, "apart", left, &[right])?;
        settle::settle(tx, cx, rules, &[left, right], &cause)?;
    }
    if resolve(tx, cx, merge.absorbed)? != Some(merge.absorbed) {
        return Err(KEPT_APART.refuse().into());
    }
    // An overridden decision that came back is part of the fold again.
    if !snapshot.overrode.is_empty() {
        settle::settle(tx, cx, rules, &[left, right], &cause)?;
    }
    let differences = differences(tx, cx, merge.id, &snapshot)?;
    Ok(Unmerged { members: (merge.survivor, merge.absorbed), differences })
}

/// Takes back what later merges decided of the absorbed only because it was the survivor's then: of the
/// two they meant the survivor. Left standing, such a pair would draw the absorbed in again as soon as
/// the others are decided anew.
fn let_go(tx: &mut Tx<'_>, cx: &Ctx, merge: &Merge, sets: &[StoredSet]) -> Result<()> {
    let (mut theirs, mut through) = (BTreeSet::new(), BTreeMap::new());
    for set in sets {
        let Some(home) = set.home else { continue };
        let by = match through.get(&home) {
            Some(by) => *by,
            None => leads_through(tx, cx, home, merge.absorbed)?,
        };
        through.insert(home, by);
        if by {
            theirs.insert(set.id);
        }
    }
    let ids: Vec<SetId> = sets.iter().map(|s| s.id).collect();
    for d in rows::decisions(tx, cx, &ids)? {
        let across = theirs.contains(&d.left) != theirs.contains(&d.right);
        if d.together && across && Instant(d.at) >= merge.merged_at && Some(d.id) != merge.decision {
            tx.exec(sql::UNDECIDE_PAIR, args![cx.merchant, d.id, d.left, d.right])?;
        }
    }
    Ok(())
}

/// Whether a member is another, or went into it and with it further.
fn leads_through(tx: &mut Tx<'_>, cx: &Ctx, from: MemberId, through: MemberId) -> Result<bool> {
    let mut at = from;
    for _ in 0..64 {
        if at == through {
            return Ok(true);
        }
        let Some(mut row) = tx.row(sql::STATE, args![cx.merchant, at])? else { return Ok(false) };
        match (row.get::<String>(0)?.as_str(), row.get::<Option<MemberId>>(1)?) {
            ("alias", Some(next)) => at = next,
            _ => return Ok(false),
        }
    }
    Err(Error::fault("a chain of aliases does not end"))
}

/// The givings that later merges, still standing, brought to a member: those of whom it took in, or of
/// whoever took it in.
fn brought(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, since: MergeId) -> Result<BTreeSet<[u8; 16]>> {
    let (mut out, mut at, mut seen) = (BTreeSet::new(), Some(member), BTreeSet::new());
    while let Some(one) = at.take() {
        for row in tx.rows(sql::MERGES, args![cx.merchant, one])? {
            let merge = read(row)?;
            // The one that leads up from a member tells of that member from above.
            if merge.undone_at.is_some() || merge.id <= since || merge.sealed.is_none() || !seen.insert(merge.id) {
                continue;
            }
            let told = open(tx, cx, &merge)?;
            let other = if merge.survivor == one { told.absorbed } else { told.survivor };
            out.extend(other.tags.into_iter().flatten().map(|giving| giving.0));
            at = at.or((merge.absorbed == one).then_some(merge.survivor));
        }
    }
    Ok(out)
}

fn differences(tx: &mut Tx<'_>, cx: &Ctx, undone: MergeId, before: &Snapshot) -> Result<Vec<Difference>> {
    let mut out = Vec::new();
    let known: BTreeSet<SetId> = before.survivor.sets.iter().chain(&before.absorbed.sets).copied().collect();
    for side in [&before.survivor, &before.absorbed] {
        let holder = living(tx, cx, side.id)?;
        if let Some(then) = &side.tags {
            let (held, brought) = (tag::give::held(tx, cx, holder)?, brought(tx, cx, side.id, undone)?);
            let now: Vec<_> = held.into_iter().filter(|g| !brought.contains(&g.0)).collect();
            out.extend(tag_differences(side.id, then, &now));
        }
        if holder != side.id {
            // What it has is the other's too since, and no longer told apart.
            out.push(Difference {
                what: "merge",
                zh: format!("{}：之后又并入了 {holder}，资料和授权在那里", side.id),
                en: format!("{}: was merged into {holder} since, which has its profile and consents", side.id),
            });
            continue;
        }
        let now: BTreeSet<SetId> = rows::sets_of(tx, cx, [side.id])?.iter().map(|s| s.id).collect();
        let then: BTreeSet<SetId> = side.sets.iter().copied().collect();
        let id = side.id;
        let mut tell = |count: usize, zh: &str, en: &str| {
            if count > 0 {
                out.push(Difference { what: "keys", zh: format!("{id}：{count} {zh}"), en: format!("{id}: {count} {en}") });
            }
        };
        tell(
            now.iter().filter(|s| !known.contains(*s)).count(),
            "组标识在合并之后到达，按其标识归到这位会员",
            "key sets arrived after the merge and came here by their keys",
        );
        tell(
            now.intersection(&known).filter(|s| !then.contains(*s)).count(),
            "组标识原属另一方，按其标识现归这位会员",
            "key sets were the other side's and lead here now",
        );
        tell(then.difference(&now).count(), "组标识不再属于这位会员", "key sets are no longer here");
        let profile = profile::get(tx, cx, id)?.unwrap_or_default();
        for field in profile.differing(&side.profile) {
            out.push(Difference {
                what: "profile",
                zh: format!("{id}：资料“{field}”与合并前不同"),
                en: format!("{id}: `{field}` of the profile is not what it was"),
            });
        }
        let consents = consent::effective(tx, cx, id)?;
        for state in consents.iter().filter(|c| !side.consents.contains(c)) {
            out.push(Difference {
                what: "consent",
                zh: format!("{id}：{}/{} 的同意状态在合并之后变更", state.purpose, state.channel),
                en: format!("{id}: consent {}/{} changed after the merge", state.purpose, state.channel),
            });
        }
        for state in side.consents.iter().filter(|c| !consents.iter().any(|d| d.purpose == c.purpose && d.channel == c.channel)) {
            out.push(Difference {
                what: "consent",
                zh: format!("{id}：{}/{} 的同意记录不在了", state.purpose, state.channel),
                en: format!("{id}: consent {}/{} is gone", state.purpose, state.channel),
            });
        }
    }
    Ok(out)
}

/// Givings that a side had and has no more, or has and had not.
fn tag_differences(id: MemberId, then: &[tag::give::Held], now: &[tag::give::Held]) -> Vec<Difference> {
    let beside = |a: &[tag::give::Held], b: &[tag::give::Held]| -> Vec<String> {
        a.iter().filter(|x| !b.iter().any(|y| y.0 == x.0)).map(|x| x.1.clone()).collect()
    };
    let tell = |zh: String, en: String| Difference { what: "tags", zh: format!("{id}：{zh}"), en: format!("{id}: {en}") };
    let mut out = Vec::new();
    for name in beside(then, now) {
        out.push(tell(format!("标签“{name}”在合并之后被取下"), format!("the tag “{name}” was taken off after the merge")));
    }
    for name in beside(now, then) {
        out.push(tell(format!("标签“{name}”是合并之后打上的"), format!("the tag “{name}” was given after the merge")));
    }
    out
}
