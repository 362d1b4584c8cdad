//! A trial made ready, told as a whole, and told member by member.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result, Zone};
use shuke_loyalty::Rules;
use shuke_loyalty::again::Again;
use shuke_loyalty::calendar::{DAY, later, months_before};
use shuke_loyalty::trial::{Both, Trial};
use shuke_members::MemberId;
use shuke_store::{Store, Tx};

use super::model::{Asked, EarnedByAll, Earning, Filter, Ladders, MONTHS, Moves, Row, Stated, Summary, YEARS};
use super::walk::{FIRST, Walk};
use super::{BAD_AS_OF, BAD_MONTHS};
use crate::definition::{ProgrammeId, service};
use crate::owed::TOO_LARGE;

/// A trial that can be walked.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Of whose books.
    pub merchant: MerchantNo,
    /// Of which programme.
    pub programme: ProgrammeId,
    /// What is compared, and when.
    pub trial: Trial,
    /// The ladders at that time.
    pub ladders: Ladders,
    /// What points are worth.
    pub stated: Stated,
    /// The orders that are earned again; none where the rules make no difference to them, or none were asked for.
    pub earning: Option<Earning>,
    /// The zone of the programme's days.
    pub zone: Zone,
}

/// Reads what is asked.
///
/// # Errors
/// Refuses what a new version would be refused for, and times and numbers that nothing can be tried with.
pub fn ready(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, asked: &Asked) -> Result<Ready> {
    let programme = service::get(tx, cx.merchant, id)?;
    let (before, after, from) = service::with_version(tx, cx, &programme, &asked.rules, asked.from)?;
    let as_of = asked.as_of.unwrap_or(from);
    if as_of < from || as_of > later(from, YEARS * 366 * DAY) {
        return Err(BAD_AS_OF.with("years", YEARS).at("as_of").into());
    }
    if !(0..=MONTHS).contains(&asked.months) {
        return Err(BAD_MONTHS.with("limit", MONTHS).at("months").into());
    }
    let ladders = Ladders { before: before.at(as_of).ladder.clone(), after: after.at(as_of).ladder.clone() };
    let zone = before.first().zone.clone();
    Ok(Ready {
        merchant: cx.merchant,
        programme: id,
        earning: earning(&before, &after, from, asked.months),
        trial: Trial { before: before.as_ref().clone(), after, from, as_of },
        ladders,
        stated: asked.stated,
        zone,
    })
}

/// The orders of so many months, where it makes a difference by which rules they earn.
fn earning(before: &Rules, after: &Rules, from: Instant, months: i64) -> Option<Earning> {
    let (old, new) = (before.at(from), after.at(from));
    let rules = Both { before: Again::of(old, from), after: Again::of(new, from) };
    let by_tier = (rules.before.asks_for_tier() || rules.after.asks_for_tier()) && old.ladder != new.ladder;
    let since = months_before(&old.zone, from, months);
    (months > 0 && (by_tier || !rules.before.same(&rules.after))).then_some(Earning { rules, from: since, to: from, months })
}

fn walk<'a>(store: &'a Store, ready: &'a Ready, stop: &'a AtomicBool) -> Walk<'a> {
    let Ready { merchant, programme, trial, earning, .. } = ready;
    Walk { store, merchant: *merchant, programme: *programme, trial, earning: earning.as_ref(), stop, reaches_far: AtomicBool::new(false) }
}

/// What a trial comes to, over all books. For a thread that may block.
///
/// # Errors
/// What the store says; where all together is too large to reckon; where `stop` says that nobody waits.
pub fn summary(store: &Store, ready: &Ready, stop: &AtomicBool) -> Result<Summary> {
    type Cells = BTreeMap<(Option<usize>, Option<usize>), u64>;
    let (mut held, mut judged) = (Cells::new(), Cells::new());
    let (mut members, mut unreckoned, mut losing, mut issued) = (0, 0, 0, (0_i128, 0_i128));
    let mut earned = ready.earning.as_ref().map(|_| EarnedByAll::default());
    walk(store, ready, stop).each(FIRST, &mut |row| {
        members += 1;
        let Some(row) = row else {
            unreckoned += 1;
            return Ok(true);
        };
        let tried = row.tried;
        *held.entry((tried.held.before, tried.held.after)).or_default() += 1;
        *judged.entry((tried.judged.before, tried.judged.after)).or_default() += 1;
        issued = (issued.0 + i128::from(tried.issued.before), issued.1 + i128::from(tried.issued.after));
        if let (Some(all), Some(one)) = (&mut earned, row.earned) {
            all.add(one);
        }
        losing += u64::from(ready.ladders.loses(&row));
        Ok(true)
    })?;
    let moves = |cells: Cells| {
        let cell = |((before, after), members)| {
            let tiers = Both { before, after };
            (tiers, ready.ladders.change(tiers), members)
        };
        Moves { cells: cells.into_iter().map(cell).collect() }
    };
    let sum = |n: i128| i64::try_from(n).map_err(|_| Error::from(TOO_LARGE.refuse()));
    let issued = Both { before: sum(issued.0)?, after: sum(issued.1)? };
    Ok(Summary { members, unreckoned, held: moves(held), judged: moves(judged), issued, earned, losing })
}

/// Tells the members of a filter after one, in order, until told that it is enough. Whether all were told.
///
/// # Errors
/// What the store says; where `stop` says that nobody waits.
pub fn rows(
    store: &Store,
    ready: &Ready,
    filter: &Filter,
    after: Option<MemberId>,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Row) -> Result<bool>,
) -> Result<bool> {
    walk(store, ready, stop).each(after.unwrap_or(FIRST), &mut |row| match row.filter(|row| ready.ladders.meets(filter, row)) {
        Some(row) => each(row),
        None => Ok(true),
    })
}
