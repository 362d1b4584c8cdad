//! A trial made ready, told as a whole, and told member by member.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use shuke_access::merchants;
use shuke_kernel::{Ctx, Currency, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_members::identity;
use shuke_programme::ProgrammeId;
use shuke_programme::definition::model::State as ProgrammeState;
use shuke_programme::definition::service as programmes;
use shuke_segments::SegmentId;
use shuke_segments::book as segments;
use shuke_segments::model::Kept;
use shuke_store::{Store, Tx, args};

use super::model::{Compared, MONTHS, Row, Rules, Summary, Which, reads_from};
use super::sql;
use super::walk::{FIRST, Walk};
use crate::BenefitId;
use crate::benefit::model::{Definition, money};
use crate::benefit::service;
use crate::benefit::when::OnBirthday;
use crate::state::State;
use crate::words::{NO_BENEFIT, SEGMENT_BUILDING, invalid};

/// What is tried.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which benefit; none for one that would be new.
    pub benefit: Option<BenefitId>,
    /// What it would say; none where nobody could use it any more.
    pub definition: Option<Definition>,
    /// Months of real uses that are judged again.
    pub months: i64,
}

/// A programme whose tiers are asked for, and the tier of who has no book in it.
pub(super) type Ladder = (ProgrammeId, Option<String>);

/// Who is in a segment: those that are read of it, and those besides who took in somebody on the list.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Which; none where nobody is in it any more.
    pub(super) id: Option<SegmentId>,
    pub(super) besides: BTreeSet<MemberId>,
}

/// What is read of members.
#[derive(Clone, Debug)]
pub(super) struct Reads {
    pub(super) cx: Ctx,
    pub(super) programmes: Vec<Ladder>,
    pub(super) groups: Vec<Group>,
    pub(super) benefit: Option<BenefitId>,
    pub(super) uses_from: Instant,
    pub(super) birthdays: bool,
}

/// A trial that can be walked.
#[derive(Clone, Debug)]
pub struct Ready {
    /// What is compared.
    pub compared: Compared,
    pub(super) reads: Arc<Reads>,
    /// Until when uses are looked at: now.
    pub to: Instant,
    /// Of how many months.
    pub months: i64,
    /// The programme by whose tiers members are told, and its ladder's tiers, the lowest first: id and name.
    pub ladder: Option<(ProgrammeId, Vec<(String, String)>)>,
    /// Of which currency the amounts are.
    pub currency: Currency,
    /// Whether it is paused: whatever it would say, nobody may use it before it goes on.
    pub paused: bool,
}

impl Ready {
    /// What a member's uses that could not have been are said to cost: by the benefit as it is, or would be where it is not.
    pub fn value_of(&self, row: &Row) -> i64 {
        let said = self.compared.before.as_ref().or(self.compared.after.as_ref());
        row.lost().saturating_mul(said.map_or(0, |rules| rules.cost))
    }
}

/// What is read of members, while it is gathered.
#[derive(Default)]
struct Gathered {
    programmes: Vec<Ladder>,
    names: Vec<SegmentId>,
    groups: Vec<Group>,
}

/// Reads what is asked.
///
/// # Errors
/// Refuses what a change of the benefit would be refused for, months that nothing can be tried with, and segments that are
/// being reckoned.
pub fn ready(tx: &mut Tx<'_>, cx: &Ctx, asked: &Asked) -> Result<Ready> {
    if !(1..=MONTHS).contains(&asked.months) {
        return Err(invalid("months", "试算的使用记录为 1 到 12 个月。", "Uses of 1 to 12 months are looked at.").into());
    }
    let found = asked.benefit.map(|id| service::get(tx, cx.merchant, id)).transpose()?;
    if let Some(found) = found.as_ref().filter(|found| found.state == State::Archived) {
        return Err(found.state.wrong().into());
    }
    let paused = found.as_ref().is_some_and(|found| found.state == State::Paused);
    if found.is_none() && asked.definition.is_none() {
        return Err(NO_BENEFIT.at("benefit").into());
    }
    let currency = service::currency(tx, cx.merchant)?;
    let after = match &asked.definition {
        Some(definition) => {
            let definition = definition.clone().checked(currency)?;
            definition.who.check(tx, cx)?;
            Some(definition).filter(|d| d.until.is_none_or(|until| until > cx.now))
        }
        None => None,
    };
    let before = found.filter(|b| ["active", "scheduled"].contains(&b.told(cx.now))).map(|b| b.definition);
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let months = jiff::Span::new().months(asked.months);
    let first = zone.day(cx.now).checked_sub(months).ok().and_then(|day| zone.start_of(day));
    let Some(from) = first else { return Err(Error::fault("no such months in the calendar")) };
    let mut gathered = Gathered::default();
    let told_by = after.as_ref().or(before.as_ref()).and_then(|d| d.who.programme);
    let before = before.map(|d| rules(tx, cx, &d, currency, &mut gathered)).transpose()?;
    let after = after.map(|d| rules(tx, cx, &d, currency, &mut gathered)).transpose()?;
    let ladder = match told_by {
        Some(id) => Some((id, tiers(tx, cx, id)?)),
        None => None,
    };
    let reads = Reads {
        cx: Ctx { key: None, ..cx.clone() },
        programmes: gathered.programmes,
        groups: gathered.groups,
        benefit: asked.benefit,
        uses_from: reads_from(after.as_ref(), &zone, from),
        birthdays: after.as_ref().is_some_and(|rules| rules.when.birthday != OnBirthday::Any),
    };
    let compared = Compared { before, after, from, zone };
    Ok(Ready { compared, reads: Arc::new(reads), to: cx.now, months: asked.months, ladder, currency, paused })
}

fn rules(tx: &mut Tx<'_>, cx: &Ctx, definition: &Definition, currency: Currency, gathered: &mut Gathered) -> Result<Rules> {
    if let Some(id) = definition.who.programme
        && !gathered.programmes.iter().any(|(known, _)| *known == id)
    {
        let lowest = tiers(tx, cx, id)?.into_iter().next().map(|(tier, _)| tier);
        gathered.programmes.push((id, lowest));
    }
    let mut of = Vec::with_capacity(definition.who.segments.len());
    for id in &definition.who.segments {
        let known = gathered.names.iter().position(|known| known == id);
        let at = match known {
            Some(at) => at,
            None => {
                gathered.groups.push(group(tx, cx, *id, &definition.name)?);
                gathered.names.push(*id);
                gathered.groups.len() - 1
            }
        };
        of.push(at);
    }
    let cost = money(definition.cost.as_ref(), currency, "cost")?;
    let Definition { who, when, quota, funded, .. } = definition.clone();
    Ok(Rules { who, segments: of, when, quota, cost, funded })
}

/// The tiers of a programme's present ladder, the lowest first; none of one that is put away, in which nobody holds any.
fn tiers(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId) -> Result<Vec<(String, String)>> {
    let programme = programmes::get(tx, cx.merchant, id)?;
    if programme.state == ProgrammeState::Archived {
        return Ok(Vec::new());
    }
    let rules = programmes::rules(tx, cx.merchant, &programme)?;
    let ladder = rules.at(cx.now).ladder.as_ref();
    Ok(ladder.map(|l| l.tiers.iter().map(|tier| (tier.id.clone(), tier.shown().to_owned())).collect()).unwrap_or_default())
}

fn group(tx: &mut Tx<'_>, cx: &Ctx, id: SegmentId, name: &str) -> Result<Group> {
    let segment = match segments::get(tx, cx, id) {
        Ok(segment) if !segment.archived => segment,
        Ok(_) | Err(Error::Refused(_)) => return Ok(Group { id: None, besides: BTreeSet::new() }),
        Err(fault) => return Err(fault),
    };
    let listed = segment.kept == Kept::Static;
    if !listed && segment.version != segment.built {
        return Err(SEGMENT_BUILDING.with("name", name).into());
    }
    let mut besides = BTreeSet::new();
    if listed {
        // Whoever was merged counts as who took them in.
        for mut r in tx.rows(sql::MERGED, args![cx.merchant, id])? {
            besides.extend(identity::resolve(tx, cx, r.get(0)?)?);
        }
    }
    Ok(Group { id: Some(id), besides })
}

/// Walks all members.
///
/// # Errors
/// What the store says; where `stop` says that nobody waits.
pub fn summary(store: &Store, ready: &Ready, stop: &AtomicBool) -> Result<Summary> {
    let mut all = Summary::default();
    Walk { store, ready, stop }.each(FIRST, &mut |row| {
        all.add(&row);
        Ok(true)
    })?;
    Ok(all)
}

/// Tells the members that are chosen after one, in the order of their ids, until told that it is enough. Whether all were told.
///
/// # Errors
/// What the store says; where `stop` says that nobody waits.
pub fn rows(
    store: &Store,
    ready: &Ready,
    which: Which,
    after: Option<MemberId>,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Row) -> Result<bool>,
) -> Result<bool> {
    let mut chosen = |row: Row| if which.meets(&row) { each(row) } else { Ok(true) };
    Walk { store, ready, stop }.each(after.unwrap_or(FIRST), &mut chosen)
}
