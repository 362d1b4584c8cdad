//! Whom a template is for: tiers of a programme, segments. Asked where its coupons are handed out, and told to the pricing
//! engine when one is used.

use shuke_kernel::{Ctx, Error, Refusal, Result};
use shuke_members::{MemberId, identity};
use shuke_programme::book::show;
use shuke_programme::definition::model::State as ProgrammeState;
use shuke_programme::definition::service as programmes;
use shuke_segments::model::PersonId;
use shuke_segments::{SegmentId, book as segments, inside};
use shuke_store::Tx;

use crate::template::Definition;
use crate::words::{NOT_IN_SEGMENT, NOT_IN_TIER, SEGMENT_BUILDING, invalid};

/// Tiers and segments that can be named at most.
const MOST: (usize, usize) = (50, 20);

/// Refuses programmes, tiers and segments that are not there.
///
/// # Errors
/// The first of them.
pub fn check(tx: &mut Tx<'_>, cx: &Ctx, of: &Definition) -> Result<()> {
    let (tiers, named) = (of.offer.tiers.as_deref().unwrap_or_default(), of.offer.segments.as_deref().unwrap_or_default());
    if tiers.len() > MOST.0 || named.len() > MOST.1 {
        return Err(invalid("offer", "最多 50 个等级、20 个人群。", "50 tiers and 20 segments at most.").into());
    }
    if let Some(id) = of.programme {
        let programme = match programmes::get(tx, cx.merchant, id) {
            Ok(found) if found.state != ProgrammeState::Archived => found,
            Ok(_) | Err(Error::Refused(_)) => {
                return Err(
                    invalid("programme", "找不到这个会员计划，或它已归档。", "There is no such programme, or it is put away.").into()
                );
            }
            Err(fault) => return Err(fault),
        };
        let rules = programmes::rules(tx, cx.merchant, &programme)?;
        let present = rules.at(cx.now).version;
        let ladders: Vec<_> = rules.versions().skip_while(|v| v.version != present).filter_map(|v| v.ladder.as_ref()).collect();
        for (i, tier) in tiers.iter().enumerate() {
            if !ladders.iter().any(|ladder| ladder.place(tier).is_some()) {
                let (zh, en) = (format!("会员计划里没有等级“{tier}”。"), format!("The programme has no tier {tier}."));
                return Err(invalid(format!("offer.tiers[{i}]"), &zh, &en).into());
            }
        }
    }
    for (i, text) in named.iter().enumerate() {
        let known = match text.parse::<SegmentId>() {
            Ok(id) => match segments::get(tx, cx, id) {
                Ok(found) => !found.archived,
                Err(Error::Refused(_)) => false,
                Err(fault) => return Err(fault),
            },
            Err(_) => false,
        };
        if !known {
            let (zh, en) = ("找不到这个人群，或它已归档。", "There is no such segment, or it is put away.");
            return Err(invalid(format!("offer.segments[{i}]"), zh, en).into());
        }
    }
    Ok(())
}

/// What keeps a member from coupons of a template; nothing where it is for them.
///
/// # Errors
/// Where the store does not answer.
pub fn kept_out(tx: &mut Tx<'_>, cx: &Ctx, of: &Definition, name: &str, member: MemberId) -> Result<Option<Refusal>> {
    if let Some(tiers) = &of.offer.tiers {
        let held = match of.programme {
            Some(id) => show::rank(tx, cx, id, member)?.tier,
            None => None,
        };
        if !held.as_ref().is_some_and(|held| tiers.contains(held)) {
            let (zh, en) = match held {
                Some(held) => (format!("是{held}"), format!("is {held}")),
                None => ("没有等级".to_owned(), "has no tier".to_owned()),
            };
            let told = NOT_IN_TIER.with("tiers_zh", tiers.join("、")).with("tiers", tiers.join(", "));
            return Ok(Some(told.with("held_zh", zh).with("held", en).with("name", name)));
        }
    }
    let Some(named) = &of.offer.segments else { return Ok(None) };
    let mut building = false;
    for text in named {
        let Ok(id) = text.parse::<SegmentId>() else { continue };
        match is_in(tx, cx, id, member)? {
            Some(true) => return Ok(None),
            Some(false) => {}
            None => building = true,
        }
    }
    let code = if building { &SEGMENT_BUILDING } else { &NOT_IN_SEGMENT };
    Ok(Some(code.with("name", name)))
}

/// Whether a member is in a segment; none where it is still being reckoned.
fn is_in(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, member: MemberId) -> Result<Option<bool>> {
    let person = |id: MemberId| PersonId::from_bytes(*id.bytes());
    inside::has(tx, cx, id, person(member), |tx| Ok(identity::with_aliases(tx, cx, member)?.into_iter().map(person).collect()))
}
