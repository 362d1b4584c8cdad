//! Tags by rule meet segments here: who is in one, and that no rule leads back to itself.
//!
//! A segment may ask for tags, and a tag may be ruled by a segment. Where that closes a circle, somebody
//! could come and go for ever: what would close it is refused, whether it is a rule, another expression of a
//! segment, or another name of a tag.

pub mod http;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};

use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_members::MemberId;
use shuke_members::hooks::{Groups, Standing};
use shuke_members::tag::rule::{self, GroupId};
use shuke_members::tag::service;
use shuke_segments::model::PersonId;
use shuke_segments::{SegmentId, inside};
use shuke_store::Tx;

/// A rule that would rule itself.
pub static CIRCLE: Code = Code {
    code: "tag.rule_circle",
    kind: Kind::Conflict,
    zh: "这样会绕回自己：{path}。人群的条件不能用到由它自己决定的标签。",
    en: "That leads back to itself: {path}. A segment cannot ask for a tag that it decides itself.",
};

/// Wires segments and rules to each other.
pub fn wire() {
    shuke_members::hooks::install_groups(Groups { standing, inside: who, page, check: |tx, cx, group| check(tx, cx, segment(group)) });
    inside::install_guard(check);
}

fn segment(group: GroupId) -> SegmentId {
    SegmentId::from_bytes(*group.bytes())
}

fn member(person: PersonId) -> MemberId {
    MemberId::from_bytes(*person.bytes())
}

fn standing(tx: &mut Tx<'_>, cx: &Ctx, group: GroupId) -> Result<Standing> {
    Ok(match inside::standing(tx, cx, segment(group))? {
        inside::Standing::Ready => Standing::Ready,
        inside::Standing::Building => Standing::Building,
        inside::Standing::None => Standing::None,
    })
}

fn who(tx: &mut Tx<'_>, cx: &Ctx, group: GroupId, of: &[MemberId]) -> Result<BTreeMap<MemberId, Instant>> {
    let people: Vec<PersonId> = of.iter().map(|m| PersonId::from_bytes(*m.bytes())).collect();
    Ok(inside::since(tx, cx, segment(group), &people)?.into_iter().map(|(p, at)| (member(p), at)).collect())
}

fn page(tx: &mut Tx<'_>, cx: &Ctx, group: GroupId, after: MemberId, limit: i64) -> Result<Vec<MemberId>> {
    let after = PersonId::from_bytes(*after.bytes());
    Ok(inside::in_order(tx, cx, segment(group), after, limit)?.into_iter().map(member).collect())
}

/// The name under which two who change what might close a circle wait for each other.
const LOCK: [u8; 16] = *b"tag-rules-circle";

/// Refuses where rules lead from a segment back to itself.
fn check(tx: &mut Tx<'_>, cx: &Ctx, from: SegmentId) -> Result<()> {
    tx.lock_names(cx.merchant, [LOCK])?;
    let rules = rule::list(tx, cx)?;
    if rules.is_empty() {
        return Ok(());
    }
    // Segments ask for tags by name: of two of one name either is meant.
    let tags = service::by_ids(tx, cx, &rules.iter().map(|r| r.tag).collect::<Vec<_>>())?;
    let mut ruled: HashMap<&str, Vec<SegmentId>> = HashMap::new();
    for rule in &rules {
        if let Some(tag) = tags.iter().find(|t| t.id == rule.tag) {
            ruled.entry(&tag.name).or_default().push(segment(rule.segment));
        }
    }
    match circle(tx, cx, from, &ruled)? {
        Some(path) => Err(CIRCLE.with("path", path.join(" → ")).at("segment").into()),
        None => Ok(()),
    }
}

/// The shortest way from a segment back to it, as names.
fn circle(tx: &mut Tx<'_>, cx: &Ctx, from: SegmentId, ruled: &HashMap<&str, Vec<SegmentId>>) -> Result<Option<Vec<String>>> {
    let mut ways: HashMap<SegmentId, Vec<String>> = HashMap::from([(from, Vec::new())]);
    let mut open = VecDeque::from([from]);
    while let Some(at) = open.pop_front() {
        let asks = inside::asks(tx, cx, at)?;
        let mut way = ways.get(&at).cloned().unwrap_or_default();
        way.push(format!("「{}」", asks.name));
        let by_tag = asks.tags.iter().flat_map(|tag| ruled.get(&**tag).into_iter().flatten().map(move |next| (Some(tag), *next)));
        for (tag, next) in by_tag.chain(asks.segments.iter().map(|next| (None, *next))).collect::<Vec<_>>() {
            let mut way = way.clone();
            way.extend(tag.map(|t| format!("#{t}")));
            if next == from {
                way.push(way[0].clone());
                return Ok(Some(way));
            }
            if let Entry::Vacant(free) = ways.entry(next) {
                free.insert(way);
                open.push_back(next);
            }
        }
    }
    Ok(None)
}
