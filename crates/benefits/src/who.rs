//! Who may: members of tiers of a programme, of segments, or everybody; and what is known of a member for it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Ctx, Error, Instant, Refusal, Result};
use shuke_members::identity::{self, Birthday};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, profile};
use shuke_programme::book::show;
use shuke_programme::definition::model::State as ProgrammeState;
use shuke_programme::definition::service as programmes;
use shuke_programme::{Programme, ProgrammeId};
use shuke_segments::SegmentId;
use shuke_segments::model::PersonId;
use shuke_segments::{book as segments, inside};
use shuke_store::Tx;
use utoipa::ToSchema;

use crate::quota::Period;
use crate::words::{self, invalid};

/// Tiers that can be named at most.
const TIERS: usize = 50;
/// Segments that can be named at most.
const SEGMENTS: usize = 20;

/// All that is stated must hold; where nothing is, it is everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = BenefitWho)]
pub struct Who {
    /// The programme whose tiers are meant.
    #[schema(value_type = Option<String>, example = "prg_01kc…")]
    pub programme: Option<ProgrammeId>,
    /// The member's tier is one of these; any where none is named.
    #[schema(max_items = 50)]
    pub tiers: Vec<String>,
    /// The member is in one of these segments; in any or none where none is named.
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub segments: Vec<SegmentId>,
}

/// The tier that a member holds in a programme.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// Which programme.
    pub programme: ProgrammeId,
    /// Its name.
    pub tier: String,
    /// Its period.
    pub period: Period,
}

/// Whether a member is in a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inside {
    /// They are.
    Yes,
    /// They are not, or there is no such segment any more.
    No,
    /// Nobody knows yet: it is being reckoned.
    Unknown,
}

/// What keeps somebody out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Out {
    /// Another tier is held, or none.
    Tier,
    /// In none of the segments.
    Segment,
    /// A segment is being reckoned.
    Building,
}

/// How each [`Out`] is said of what it is about.
#[derive(Clone, Copy)]
pub struct Codes {
    tier: &'static Code,
    segment: &'static Code,
    building: &'static Code,
}

/// Said of a benefit.
pub const OF_BENEFITS: Codes = Codes { tier: &words::NOT_IN_TIER, segment: &words::NOT_IN_SEGMENT, building: &words::SEGMENT_BUILDING };
/// Said of a reward.
pub const OF_REWARDS: Codes =
    Codes { tier: &words::REWARD_NOT_IN_TIER, segment: &words::REWARD_NOT_IN_SEGMENT, building: &words::REWARD_SEGMENT_BUILDING };

impl Who {
    /// What keeps a member out who holds this tier and is in these segments, in the order in which they are named.
    pub fn out(&self, held: Option<&Held>, inside: &[Inside]) -> Option<Out> {
        if !self.tiers.is_empty() && !held.is_some_and(|held| self.tiers.contains(&held.tier)) {
            return Some(Out::Tier);
        }
        if self.segments.is_empty() || inside.contains(&Inside::Yes) {
            return None;
        }
        Some(if inside.contains(&Inside::Unknown) { Out::Building } else { Out::Segment })
    }

    /// [`Who::out`] as an answer about the thing of that name.
    ///
    /// # Errors
    /// A refusal where the member is kept out.
    pub fn lets(&self, codes: Codes, name: &str, held: Option<&Held>, inside: &[Inside]) -> Result<(), Refusal> {
        let Some(out) = self.out(held, inside) else { return Ok(()) };
        let refusal = match out {
            Out::Tier => {
                let (zh, en) = match held {
                    Some(held) => (format!("是{}", held.tier), format!("is {}", held.tier)),
                    None => ("没有等级".to_owned(), "has no tier".to_owned()),
                };
                codes.tier.with("tiers_zh", self.tiers.join("、")).with("tiers", self.tiers.join(", ")).with("held_zh", zh).with("held", en)
            }
            Out::Segment => codes.segment.refuse(),
            Out::Building => codes.building.refuse(),
        };
        Err(refusal.with("name", name))
    }

    /// Refuses what names nothing that is there. The programme that it is read with, where it names one.
    ///
    /// # Errors
    /// Where a programme, tier or segment is not there, or tiers are named without their programme.
    pub fn check(&self, tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<Programme>> {
        let programme = match self.programme {
            Some(id) => Some(running(tx, cx, id, "who.programme")?),
            None if self.tiers.is_empty() => None,
            None => return Err(invalid("who.programme", "限等级时要选会员计划。", "Tiers need the programme that they are of.").into()),
        };
        if self.tiers.len() > TIERS || self.segments.len() > SEGMENTS {
            return Err(invalid("who", "最多 50 个等级、20 个人群。", "50 tiers and 20 segments at most.").into());
        }
        if let Some(programme) = &programme {
            known_tiers(tx, cx, programme, &self.tiers, "who.tiers")?;
        }
        for (i, id) in self.segments.iter().enumerate() {
            match segments::get(tx, cx, *id) {
                Ok(found) if !found.archived => {}
                Ok(_) | Err(Error::Refused(_)) => {
                    return Err(invalid(
                        format!("who.segments[{i}]"),
                        "找不到这个人群，或它已归档。",
                        "There is no such segment, or it is put away.",
                    )
                    .into());
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(programme)
    }
}

/// A programme that is not put away.
pub fn running(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, field: &str) -> Result<Programme> {
    match programmes::get(tx, cx.merchant, id) {
        Ok(found) if found.state != ProgrammeState::Archived => Ok(found),
        Ok(_) | Err(Error::Refused(_)) => {
            Err(invalid(field, "找不到这个会员计划，或它已归档。", "There is no such programme, or it is put away.").into())
        }
        Err(fault) => Err(fault),
    }
}

/// Refuses a tier that no version of the programme's ladder has that is or will be in force.
pub fn known_tiers(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, named: &[String], field: &str) -> Result<()> {
    let rules = programmes::rules(tx, cx.merchant, programme)?;
    let present = rules.at(cx.now).version;
    let ladders: Vec<_> = rules.versions().skip_while(|v| v.version != present).filter_map(|v| v.ladder.as_ref()).collect();
    for (i, tier) in named.iter().enumerate() {
        if !ladders.iter().any(|ladder| ladder.place(tier).is_some()) {
            let (zh, en) = (format!("会员计划里没有等级“{tier}”。"), format!("The programme has no tier {tier}."));
            return Err(invalid(format!("{field}[{i}]"), &zh, &en).into());
        }
    }
    Ok(())
}

/// What is known of a member, looked up when it is asked first.
pub struct Person {
    /// Who: never an alias.
    pub member: MemberId,
    tiers: HashMap<ProgrammeId, Option<Held>>,
    segments: HashMap<SegmentId, Inside>,
    birthday: Option<Option<Birthday>>,
}

impl Person {
    /// The living member behind an id.
    ///
    /// # Errors
    /// Refuses where there is none.
    pub fn living(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Self> {
        Self::find(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse().into())
    }

    /// [`Person::living`], or none.
    pub fn find(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Option<Self>> {
        let member = identity::resolve(tx, cx, id)?;
        Ok(member.map(|member| Self { member, tiers: HashMap::new(), segments: HashMap::new(), birthday: None }))
    }

    /// [`Person::find`] for rows that are about to be written: nobody merges or erases them until the transaction ends.
    pub fn staying(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Option<Self>> {
        let member = identity::stay(tx, cx, id)?;
        Ok(member.map(|member| Self { member, tiers: HashMap::new(), segments: HashMap::new(), birthday: None }))
    }

    /// The tier held in a programme; the lowest where nothing is booked yet.
    pub fn tier(&mut self, tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId) -> Result<Option<Held>> {
        if let Some(known) = self.tiers.get(&programme) {
            return Ok(known.clone());
        }
        let held = held(tx, cx, programme, self.member)?;
        self.tiers.insert(programme, held.clone());
        Ok(held)
    }

    /// The tier that a condition speaks of.
    pub fn tier_of(&mut self, tx: &mut Tx<'_>, cx: &Ctx, who: &Who) -> Result<Option<Held>> {
        who.programme.map_or(Ok(None), |programme| self.tier(tx, cx, programme))
    }

    /// Whether they are in each of these segments.
    pub fn inside(&mut self, tx: &mut Tx<'_>, cx: &Ctx, named: &[SegmentId]) -> Result<Vec<Inside>> {
        let mut out = Vec::with_capacity(named.len());
        for id in named {
            let known = match self.segments.get(id) {
                Some(known) => *known,
                None => is_in(tx, cx, *id, self.member)?,
            };
            self.segments.insert(*id, known);
            out.push(known);
        }
        Ok(out)
    }

    /// Their birthday, where it is known.
    pub fn birthday(&mut self, tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<Birthday>> {
        if let Some(known) = self.birthday {
            return Ok(known);
        }
        let birthday = profile::born(tx, cx, &[self.member])?.first().and_then(|born| born.birthday);
        self.birthday = Some(birthday);
        Ok(birthday)
    }
}

fn held(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, member: MemberId) -> Result<Option<Held>> {
    let rank = show::rank(tx, cx, id, member)?;
    let period = Period { entered: rank.entered, until: rank.until };
    Ok(rank.tier.map(|tier| Held { programme: id, tier, period }))
}

fn is_in(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, member: MemberId) -> Result<Inside> {
    let person = |id: MemberId| PersonId::from_bytes(*id.bytes());
    let found =
        inside::has(tx, cx, id, person(member), |tx| Ok(identity::with_aliases(tx, cx, member)?.into_iter().map(person).collect()))?;
    Ok(match found {
        Some(true) => Inside::Yes,
        Some(false) => Inside::No,
        None => Inside::Unknown,
    })
}

/// Where a member's tier is in its ladder now, and the period; none where the ladder does not have it.
pub fn place(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, tier: &str) -> Result<Option<usize>> {
    let rules = programmes::rules(tx, cx.merchant, programme)?;
    Ok(rules.at(cx.now).ladder.as_ref().and_then(|ladder| ladder.place(tier)))
}

/// The day of an instant in the merchant's zone, for sentences.
pub fn day(zone: &shuke_kernel::Zone, at: Instant) -> String {
    zone.day(at).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_stated_must_hold() {
        let programme = ProgrammeId::from_bytes([1; 16]);
        let segment = SegmentId::from_bytes([2; 16]);
        let held = |tier: &str| Held { programme, tier: tier.to_owned(), period: Period::default() };
        let everybody = Who::default();
        let gold = Who { programme: Some(programme), tiers: vec!["金牌".to_owned(), "钻石".to_owned()], segments: Vec::new() };
        let few = Who { segments: vec![segment, segment], ..Who::default() };
        let both = Who { segments: vec![segment], ..gold.clone() };
        let (gold_held, silver) = (held("金牌"), held("银牌"));
        for (who, held, inside, out) in [
            (&everybody, None, vec![], None),
            (&gold, Some(&gold_held), vec![], None),
            (&gold, Some(&silver), vec![], Some(Out::Tier)),
            (&gold, None, vec![], Some(Out::Tier)),
            (&few, None, vec![Inside::No, Inside::Yes], None),
            (&few, None, vec![Inside::Unknown, Inside::Yes], None),
            (&few, None, vec![Inside::No, Inside::No], Some(Out::Segment)),
            (&few, None, vec![Inside::No, Inside::Unknown], Some(Out::Building)),
            (&both, Some(&gold_held), vec![Inside::No], Some(Out::Segment)),
            (&both, Some(&silver), vec![Inside::Yes], Some(Out::Tier)),
            (&both, Some(&gold_held), vec![Inside::Yes], None),
        ] {
            assert_eq!(who.out(held, &inside), out, "{who:?} {held:?} {inside:?}");
        }
        let said = gold.lets(OF_BENEFITS, "包邮", Some(&silver), &[]).expect_err("another tier");
        assert_eq!(said.text(true), "“包邮”限金牌、钻石使用，该会员现在是银牌。");
        assert_eq!(said.text(false), "包邮 is for 金牌, 钻石; this member is 银牌.");
    }
}
