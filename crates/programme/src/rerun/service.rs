//! A re-run asked for, read, booked and thrown away.

use shuke_access::audit;
use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_loyalty::rerun::{Asked as Span, Found, reckons_by_months};
use shuke_members::MemberId;
use shuke_store::jobs::JobId;
use shuke_store::{Row, Tx, args};

use super::model::{Asked, Rerun, State, Summary};
use super::{NOT_BEGUN, NOT_FOUND, NOTHING, RerunId, UNDER_WAY, WRONG_STATE, jobs, sql};
use crate::definition::model::{State as Running, note};
use crate::definition::{NO_VERSION, Programme, ProgrammeId, WRONG_STATE as PROGRAMME_STATE, service};

/// Before every member.
pub(super) const FIRST: MemberId = MemberId::from_bytes([0; 16]);

/// The orders that a re-run judges.
///
/// # Errors
/// Refuses programmes that are put away.
pub(super) fn span(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, asked: Asked) -> Result<Span> {
    if programme.state == Running::Archived {
        return Err(PROGRAMME_STATE.with("state", programme.word(cx.now)).into());
    }
    let rules = service::rules(tx, cx.merchant, programme)?;
    Ok(asked.span(programme, rules.first()))
}

/// Refuses versions that are not there or have not begun, and days that cannot be judged.
fn check(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, asked: Asked) -> Result<()> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let version = match asked.judge {
        None => None,
        Some(no) => {
            // One that begins at this very instant can still be replaced by another before anything was judged by it.
            let begun = rules.numbered(no).filter(|version| no > 0 && version.from < cx.now);
            if begun.is_none() {
                let known = service::versions(tx, cx.merchant, programme.id)?.iter().any(|version| version.no == i64::from(no));
                let refusal = if known { NOT_BEGUN.with("no", no).at("version") } else { NO_VERSION.refuse() };
                return Err(refusal.into());
            }
            begun
        }
    };
    // A month that a version with caps of months has judged stays whole, whoever judges it next: a part of it that is taken out would
    // give what is left of it more room than its cap has.
    let mut whole = version.filter(|version| reckons_by_months(version));
    if whole.is_none() {
        let (first, last) = (asked.from.first_of_month().to_string(), asked.to.last_of_month().to_string());
        for mut row in tx.rows(sql::JUDGES, args![cx.merchant, programme.id, first, last])? {
            let judge = u32::try_from(row.get::<i64>(0)?).map_err(Error::fault)?;
            whole = whole.or(rules.numbered(judge).filter(|version| reckons_by_months(version)));
        }
    }
    asked.check(whole, rules.first(), cx.now)
}

/// Asks for a re-run: a task reckons what it comes to. One that was only shown before is thrown away.
///
/// # Errors
/// Refuses programmes that are put away, versions that are not there or have not begun, days that cannot be judged, and while another
/// of the programme is under way.
pub fn start(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, asked: Asked) -> Result<(RerunId, JobId)> {
    let programme = service::hold(tx, cx.merchant, id)?;
    span(tx, cx, &programme, asked)?;
    check(tx, cx, &programme, asked)?;
    for mut row in tx.rows(sql::OPEN, args![cx.merchant, id])? {
        let (open, state): (RerunId, String) = (row.get(0)?, row.get(1)?);
        if State::of(&state)? != State::Shown {
            return Err(UNDER_WAY.refuse().into());
        }
        drop_one(tx, cx, open)?;
    }
    let rerun: RerunId = cx.new_id();
    let job = jobs::look(tx, cx, &programme, rerun)?;
    let judge = asked.judge.map(i64::from);
    let (from, to, none) = (asked.from.to_string(), asked.to.to_string(), serde_json::to_string(&Summary::default())?);
    tx.exec(sql::INSERT, args![cx.merchant, rerun, id, judge, from, to, none, job, cx.now, cx.actor.label()])?;
    Ok((rerun, job))
}

/// What it came to for members goes with the next reckoning, some at a time.
fn drop_one(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId) -> Result<()> {
    let rerun = hold(tx, cx.merchant, id)?;
    set(tx, cx, id, State::Dropped, &rerun.summary)
}

/// Throws away a re-run that is shown, or still reckoned: its task then ends.
///
/// # Errors
/// Refuses one that is booked or was thrown away.
pub fn discard(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId) -> Result<()> {
    among(hold(tx, cx.merchant, id)?, &[State::Looking, State::Shown])?;
    drop_one(tx, cx, id)
}

fn among(rerun: Rerun, states: &[State]) -> Result<Rerun> {
    if states.contains(&rerun.state) { Ok(rerun) } else { Err(WRONG_STATE.with("state", rerun.state.word()).into()) }
}

/// Queues the booking of a re-run as it was shown, and writes it into the audit.
///
/// # Errors
/// Refuses one that was not shown or comes to nothing, and a note that is none.
pub fn book(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId, text: &str) -> Result<JobId> {
    // The programme first, as whoever asks for another holds it first.
    let of = get(tx, cx.merchant, id)?.programme;
    let programme = service::hold(tx, cx.merchant, of)?;
    let rerun = among(hold(tx, cx.merchant, id)?, &[State::Shown])?;
    if rerun.summary.changed == 0 && rerun.summary.orders == 0 {
        return Err(NOTHING.refuse().into());
    }
    span(tx, cx, &programme, rerun.asked)?;
    let (job, why) = (jobs::book(tx, cx, &programme, id)?, note(text)?);
    tx.exec(sql::BEGIN, args![cx.merchant, id, &why, job, cx.now, cx.actor.label()])?;
    let Asked { judge, from, to } = rerun.asked;
    let by = judge.map_or_else(|| "their own".to_owned(), |no| no.to_string());
    let (more, less) = (rerun.summary.more.1, rerun.summary.less.1);
    let told = format!("{} by version {by}, {from} to {to}: {more} more, {less} fewer; {why}", programme.name);
    audit::record(tx, cx, "programme.rerun", &programme.id.to_string(), &told)?;
    Ok(job)
}

/// One re-run.
///
/// # Errors
/// Where there is none.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: RerunId) -> Result<Rerun> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

pub(super) fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: RerunId) -> Result<Rerun> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// A programme's re-runs, the newest first, after a place.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, after: (Instant, [u8; 16]), limit: i64) -> Result<Vec<Rerun>> {
    tx.rows(sql::PAGE, args![merchant, programme, after.0, after.1, limit])?.into_iter().map(read).collect()
}

fn read(mut r: Row) -> Result<Rerun> {
    let day = |text: String| text.parse().map_err(Error::fault);
    let judge: Option<i64> = r.get(2)?;
    Ok(Rerun {
        id: r.get(0)?,
        programme: r.get(1)?,
        asked: Asked { judge: judge.map(u32::try_from).transpose().map_err(Error::fault)?, from: day(r.get(3)?)?, to: day(r.get(4)?)? },
        state: State::of(&r.get::<String>(5)?)?,
        summary: serde_json::from_str(&r.get::<String>(6)?)?,
        note: r.get(7)?,
        job: r.get(8)?,
        made_at: r.get(9)?,
        made_by: r.get(10)?,
        booked_at: r.get(11)?,
        booked_by: r.get(12)?,
    })
}

pub(super) fn set(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId, state: State, summary: &Summary) -> Result<()> {
    tx.exec(sql::SET, args![cx.merchant, id, state.word(), serde_json::to_string(summary)?]).map(|_| ())
}

/// [`rows`] for who reads; none of one that was thrown away, whatever is still kept of it.
///
/// # Errors
/// Where there is none.
pub fn listed(tx: &mut Tx<'_>, merchant: MerchantNo, id: RerunId, after: MemberId, state: &str, limit: i64) -> Result<Vec<Shown>> {
    match get(tx, merchant, id)?.state {
        State::Dropped => Ok(Vec::new()),
        State::Looking | State::Shown | State::Booking | State::Booked => rows(tx, merchant, id, after, state, limit),
    }
}

/// How a member of a re-run can stand: as it was shown, booked, or left as it is because the history was another by then.
pub const SHOWN: [&str; 3] = ["shown", "booked", "stale"];

/// What a re-run comes to for a member, as it was shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Who.
    pub member: MemberId,
    /// One of [`SHOWN`].
    pub state: String,
    /// What it comes to.
    pub found: Found,
}

/// What a re-run comes to for members after one, in their order; of one state, or of any where it is empty.
///
/// # Errors
/// What the store says.
pub fn rows(tx: &mut Tx<'_>, merchant: MerchantNo, id: RerunId, after: MemberId, state: &str, limit: i64) -> Result<Vec<Shown>> {
    tx.rows(sql::ROWS, args![merchant, id, after, state, limit])?.into_iter().map(shown).collect()
}

/// Members after one for whom it is to be booked: also those who have the same by it, whose orders are then judged by that version
/// whatever is told of them since.
pub(super) fn to_book(tx: &mut Tx<'_>, merchant: MerchantNo, id: RerunId, after: MemberId, limit: i64) -> Result<Vec<Shown>> {
    tx.rows(sql::TO_BOOK, args![merchant, id, after, limit])?.into_iter().map(shown).collect()
}

fn shown(mut r: Row) -> Result<Shown> {
    Ok(Shown { member: r.get(0)?, state: r.get(1)?, found: serde_json::from_str(&r.get::<String>(2)?)? })
}

/// Writes into the audit who took the list as a file.
///
/// # Errors
/// What the store says.
pub fn taken(tx: &mut Tx<'_>, cx: &Ctx, rerun: &Rerun, format: &str) -> Result<()> {
    let Asked { from, to, .. } = rerun.asked;
    let summary = format!("corrections of {from} to {to} as {format}");
    audit::record(tx, cx, "points.rerun_exported", &rerun.programme.to_string(), &summary).map(|_| ())
}

/// What was kept of erased people goes.
///
/// # Errors
/// What the store says.
pub fn erased(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<()> {
    tx.exec(sql::ERASE, &[cx.merchant.into(), crate::book::rows::ids(members)]).map(|_| ())
}
