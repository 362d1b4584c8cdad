//! What a member has, as it is at an instant: balances, lots, tier, what ends soon.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_loyalty::calendar::plus_days;
use shuke_loyalty::event::Outcome;
use shuke_loyalty::missing::{Missing, missing};
use shuke_loyalty::scenario::{Shown, show};
use shuke_loyalty::{Account, Rules, State};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::fold::{self, Apart};
use super::rows::{self, Book, Standing};
use super::{post, sql};
use crate::definition::{Programme, ProgrammeId, State as ProgrammeState, service};

/// Days ahead in which what ends is told.
const SOON: i64 = 90;

/// A lot with something left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LotView {
    /// Its name, after what made it.
    pub id: String,
    /// What is left.
    pub left: i64,
    /// The last day on which it can be spent.
    pub last_day: Date,
}

/// The tier held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TierView {
    /// Its name.
    pub id: String,
    /// When its period, or its grace, ends; the lowest has no end.
    pub until: Option<Instant>,
    /// Whether it is only kept by grace.
    pub in_grace: bool,
}

/// A member's book for people.
#[derive(Clone, Debug)]
pub struct BookView {
    /// Of which programme.
    pub programme: Programme,
    /// Balances by account.
    pub accounts: Vec<(&'static str, i64)>,
    /// Points owed: taken back after they were spent.
    pub debt: i64,
    /// Lots, in the order in which they are spent.
    pub lots: Vec<LotView>,
    /// The tier, where there is a ladder.
    pub tier: Option<TierView>,
    /// What ends within ninety days, by its last day.
    pub expiring: Vec<(Date, i64)>,
    /// How active: 6 the most; none without a visit.
    pub activity_grade: Option<usize>,
    /// The last check-in and the run of days it ends.
    pub check_in: Option<(Date, i64)>,
    /// What is missing to the next tier.
    pub missing: Option<Missing>,
    /// The heart it was read of, as it is at `known_at`.
    pub heart: State,
    /// Up to when it knows.
    pub known_at: Instant,
}

/// A book as it is at an instant.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn view(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, book: &Book) -> Result<BookView> {
    let heart = now(tx, cx, programme, rules, book)?;
    let (at, in_force) = (cx.now, rules.held(&heart));
    let today = in_force.zone.day(at);
    let lots: Vec<LotView> =
        heart.lots.in_order().map(|lot| LotView { id: lot.id.clone(), left: lot.left, last_day: lot.last_day }).collect();
    let mut expiring: Vec<(Date, i64)> = Vec::new();
    for lot in lots.iter().filter(|lot| lot.last_day < plus_days(today, SOON)) {
        match expiring.last_mut().filter(|(day, _)| *day == lot.last_day) {
            Some((_, points)) => *points = points.saturating_add(lot.left),
            None => expiring.push((lot.last_day, lot.left)),
        }
    }
    let tier = tier(rules, &heart);
    Ok(BookView {
        programme: programme.clone(),
        accounts: Account::ALL.iter().map(|a| (a.name(), heart.accounts.of(*a))).collect(),
        debt: heart.owed.iter().fold(0_i64, |sum, owed| sum.saturating_add(owed.points)),
        lots,
        tier,
        expiring,
        activity_grade: heart.activity_grade(in_force),
        check_in: heart.check_in,
        missing: missing(rules, &heart, at),
        heart,
        known_at: at,
    })
}

/// The tier that a heart holds, where there is a ladder.
pub(crate) fn tier(rules: &Rules, heart: &State) -> Option<TierView> {
    let in_force = rules.held(heart);
    let held = in_force.ladder.as_ref()?.tiers.get(heart.standing.tier)?;
    Some(TierView { id: held.id.clone(), until: heart.standing.until(&in_force.zone), in_grace: heart.standing.grace.is_some() })
}

/// What others ask of a member's place in a programme.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rank {
    /// The tier held: the lowest where nothing is booked yet, none where there is no ladder.
    pub tier: Option<String>,
    /// When its period was entered; none for who never rose.
    pub entered: Option<Instant>,
    /// When its period, or its grace, ends; the lowest has no end.
    pub until: Option<Instant>,
    /// Points free to spend.
    pub available: i64,
}

/// A member's place in a programme now; none where it is put away.
///
/// # Errors
/// Refuses where there is no such programme.
pub fn rank(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, member: MemberId) -> Result<Rank> {
    let programme = service::get(tx, cx.merchant, id)?;
    if programme.state == ProgrammeState::Archived {
        return Ok(Rank::default());
    }
    let rules = service::rules(tx, cx.merchant, &programme)?;
    let Some(book) = find(tx, cx, id, member)?.filter(|book| book.standing == Standing::Open) else {
        let lowest = rules.at(cx.now).ladder.as_ref().and_then(|ladder| ladder.tiers.first());
        return Ok(Rank { tier: lowest.map(|tier| tier.id.clone()), ..Rank::default() });
    };
    let heart = now(tx, cx, &programme, &rules, &book)?;
    let entered = Some(heart.standing.entered).filter(|at| at.micros() > 0);
    let (tier, until) = tier(&rules, &heart).map(|tier| (tier.id, tier.until)).unzip();
    Ok(Rank { tier, entered, until: until.flatten(), available: heart.available() })
}

/// The heart as it is now, with what it needs for that of what lies apart.
pub(crate) fn now(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, book: &Book) -> Result<State> {
    let mut heart = book.heart.clone();
    let place = (cx.merchant, programme.id, book.member, book.parts);
    post::fetch_into(tx, place, rules, &mut heart, &mut Apart::default(), cx.now, &[])?;
    Ok(fold::as_of(rules, &heart, cx.now)?)
}

/// A book as a scenario shows it after a step that was answered so.
///
/// # Errors
/// Where numbers become too large to reckon.
pub fn shown(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, book: &Book, result: Outcome) -> Result<Shown> {
    let heart = now(tx, cx, programme, rules, book)?;
    Ok(show(rules.held(&heart), &heart, result))
}

/// The book of a member that a merge may have moved; none where nothing is booked.
pub fn find(tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId, member: MemberId) -> Result<Option<Book>> {
    let mut at = member;
    for _ in 0..16 {
        match rows::get(tx, cx.merchant, programme, at)? {
            Some(Book { standing: Standing::Moved, moved_to: Some(to), .. }) => at = to,
            other => return Ok(other),
        }
    }
    Ok(None)
}

/// The programmes in which a member has a book.
pub fn programmes_of(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<ProgrammeId>> {
    tx.rows(sql::OF_MEMBERS, args![cx.merchant, vec![member.bytes().to_vec()]])?.into_iter().map(|mut r| r.get(0)).collect()
}

/// All of a member's books, as they are now.
pub fn books_of(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<BookView>> {
    let mut out = Vec::new();
    for id in programmes_of(tx, cx, member)? {
        let programme = service::get(tx, cx.merchant, id)?;
        let rules = service::rules(tx, cx.merchant, &programme)?;
        if let Some(book) = find(tx, cx, id, member)?.filter(|book| book.standing == Standing::Open) {
            out.push(view(tx, cx, &programme, &rules, &book)?);
        }
    }
    Ok(out)
}
