//! Tags that no person gives follow the feed. Rules: whoever came into a segment or left it is looked at, and
//! whoever an unmerge gave back their tags. A merge needs no look of its own: the segment tells that whom it
//! took in left. Files: whoever was merged or parted has what is said of them. A segment
//! that was reckoned anew has everybody looked at: its first members are not told of one by one.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_store::feed::{FeedEvent, Subscriber};
use shuke_store::{Tx, args};

use super::{ACTOR, GroupId, jobs, list, look, sql};
use crate::MemberId;
use crate::hooks::{Standing, standing};
use crate::tag::said;

/// The subscriber.
pub struct Follow;

/// The kinds of events that rules follow.
const OF_RULES: [&str; 4] = ["segment.entered", "segment.left", "segment.changed", "member.unmerged"];

/// The kinds of events that what files say follows.
const OF_FILES: [&str; 2] = ["member.merged", "member.unmerged"];

/// Ids of a sort in an event's data.
fn named<'a>(data: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    data.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(move |w| w.starts_with(prefix))
}

/// Members whom events speak of, and segments that were reckoned.
#[derive(Default)]
struct Spoken {
    by_segment: BTreeMap<GroupId, BTreeSet<MemberId>>,
    /// Those whom every rule is to look at.
    by_all: BTreeSet<MemberId>,
    /// Reckoned segments, with the position that tells one reckoning from another.
    reckoned: BTreeMap<GroupId, i64>,
    /// Who was merged or parted.
    moved: BTreeSet<MemberId>,
}

impl Spoken {
    fn of(events: &[FeedEvent]) -> Self {
        let mut all = Self::default();
        for event in events {
            let member = event.member.map(MemberId::from_bytes);
            match &*event.kind {
                "segment.entered" | "segment.left" => {
                    for segment in named(&event.data, "seg_").filter_map(|w| w.parse().ok()) {
                        all.by_segment.entry(segment).or_default().extend(member);
                    }
                }
                "segment.changed" if event.data.contains("\"reckoned\"") => {
                    all.reckoned.insert(GroupId::from_bytes(event.subject), event.position);
                }
                "member.merged" | "member.unmerged" => {
                    let both: BTreeSet<MemberId> =
                        named(&event.data, "mem_").filter_map(|w| w.parse::<MemberId>().ok()).chain(member).collect();
                    if event.kind == "member.unmerged" {
                        all.by_all.extend(both.iter().copied());
                    }
                    all.moved.extend(both);
                }
                _ => {}
            }
        }
        all
    }
}

impl Subscriber for Follow {
    fn name(&self) -> &'static str {
        "tag_rules"
    }

    fn from_the_start(&self) -> bool {
        // What was before a rule, its task looks at.
        false
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, after: i64, upto: i64) -> Result<bool> {
        let mut kinds: Vec<&str> = Vec::new();
        if tx.row(sql::ANY, args![merchant])?.is_some() {
            kinds.extend(OF_RULES);
        }
        if said::any(tx, merchant)? {
            kinds.extend(OF_FILES);
        }
        for kind in kinds {
            if tx.any_event(merchant, kind, after, upto)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        let spoken = Spoken::of(events);
        if !spoken.moved.is_empty() {
            said::moved(tx, cx, &spoken.moved.iter().copied().collect::<Vec<_>>())?;
        }
        let cx = Ctx { actor: ACTOR, ..cx.clone() };
        for rule in list(tx, &cx)?.into_iter().filter(|r| !r.archived) {
            if let Some(position) = spoken.reckoned.get(&rule.segment) {
                jobs::enqueue(tx, &cx, &rule, Some(*position))?;
            }
            let mut members = spoken.by_all.clone();
            members.extend(spoken.by_segment.get(&rule.segment).into_iter().flatten());
            if !members.is_empty() && standing(tx, &cx, rule.segment)? != Standing::None {
                let members: Vec<MemberId> = members.into_iter().collect();
                look(tx, &cx, &rule, &members)?;
            }
        }
        Ok(())
    }
}
