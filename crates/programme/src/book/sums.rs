//! Entries summed by month: what all books of a programme come to, and what is owed in points.
//!
//! What was booked before [`Programme::summed_at`] is kept summed, by the month of booking and the month of the lot;
//! what came since is added when somebody asks. So no question walks over all books, and a posting writes no sum that
//! others would wait for.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Instant, MerchantNo, Result, Zone};
use shuke_loyalty::{Account, calendar};
use shuke_store::{Lane, Store, Tx, args};

use super::entries::account_of;
use super::{due, post, sql};
use crate::definition::{Programme, service, sql as definition};

/// A transaction that began before may still be under way: what was booked in the last so many seconds is not summed yet,
/// and a month is closed so long after its end.
const SETTLES: i64 = 600;
/// Entries summed at a time.
const STEP: i64 = 20_000;

/// How much moved from one account to another, by month of the lot.
type Moves = BTreeMap<(i64, Account, Account), i128>;

/// Adds up the entries booked in `[from, to)` that are not summed yet.
fn tail(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, from: Instant, to: Instant, into: &mut Moves) -> Result<()> {
    let from = from.max(programme.summed_at);
    for mut r in tx.rows(sql::TAIL, args![cx.merchant, programme.id, from, to])? {
        let key = (r.get(0)?, account_of(&r.get::<String>(1)?)?, account_of(&r.get::<String>(2)?)?);
        *into.entry(key).or_default() += i128::from(r.get::<i64>(3)?);
    }
    Ok(())
}

/// All books together, by account.
pub fn totals(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<Vec<(&'static str, i64)>> {
    let mut moves = Moves::new();
    for mut r in tx.rows(sql::SUMMED, args![cx.merchant, programme.id])? {
        let key = (0, account_of(&r.get::<String>(0)?)?, account_of(&r.get::<String>(1)?)?);
        *moves.entry(key).or_default() += i128::from(r.get::<i64>(2)?);
    }
    tail(tx, cx, programme, Instant(i64::MIN), Instant(i64::MAX), &mut moves)?;
    let mut of = [0_i128; 8];
    for ((_, from, to), amount) in moves {
        of[from as usize] -= amount;
        of[to as usize] += amount;
    }
    Ok(Account::ALL.iter().map(|a| (a.name(), i64::try_from(of[*a as usize]).unwrap_or(i64::MAX))).collect())
}

/// What lots of one month come to in a month of booking.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Line {
    /// The month in which the lots were made, as 202611; 0 for what lies in no lot.
    pub lot_month: i64,
    /// What was owed before.
    pub opening: i64,
    /// What became free to spend.
    pub issued: i64,
    /// What was spent, less what was given back.
    pub redeemed: i64,
    /// What ended unspent.
    pub expired: i64,
    /// What was taken back.
    pub reversed: i64,
}

impl Line {
    /// What is owed after.
    pub fn closing(&self) -> i64 {
        self.opening + self.issued - self.redeemed - self.expired - self.reversed
    }
}

/// What a programme owes in points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Liability {
    /// The month of booking.
    pub month: i64,
    /// Whether nothing is booked into it any more.
    pub closed: bool,
    /// By month of lots.
    pub lines: Vec<Line>,
    /// Earned on orders that were not final at its end.
    pub pending: i64,
}

impl Liability {
    /// All lines together.
    pub fn totals(&self) -> Line {
        self.lines.iter().fold(Line::default(), |sum, l| Line {
            lot_month: 0,
            opening: sum.opening + l.opening,
            issued: sum.issued + l.issued,
            redeemed: sum.redeemed + l.redeemed,
            expired: sum.expired + l.expired,
            reversed: sum.reversed + l.reversed,
        })
    }
}

/// `2026-11` as 202611.
pub fn month_of(text: &str) -> Option<i64> {
    let (year, month) = text.split_once('-')?;
    let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    let (year, month): (i64, i64) = (digits(year, 4).then(|| year.parse().ok())??, digits(month, 2).then(|| month.parse().ok())??);
    ((1900..=2400).contains(&year) && (1..=12).contains(&month)).then_some(year * 100 + month)
}

/// When a month ends in a zone.
fn end_of(zone: &Zone, month: i64) -> Instant {
    let (year, number) = (i16::try_from(month / 100).unwrap_or(2400), i8::try_from(month % 100).unwrap_or(12));
    let first = jiff::civil::Date::new(year, number, 1).unwrap_or(jiff::civil::Date::MAX);
    calendar::start_of(zone, calendar::plus_months(first, 1))
}

/// The points that are owed: free to spend, or set aside for somebody.
fn owed(account: Account) -> bool {
    matches!(account, Account::Available | Account::Frozen)
}

/// What is owed in points at the end of a month, the present one unless named.
pub fn liability(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, month: Option<i64>) -> Result<Liability> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let zone = &rules.first().zone;
    let month = month.unwrap_or_else(|| post::month(zone, cx.now));
    let end = end_of(zone, month);
    let begins = end_of(zone, if month % 100 == 1 { month - 89 } else { month - 1 });
    let (mut before, mut within) = (Moves::new(), Moves::new());
    for mut r in tx.rows(sql::SUMMED_UPTO, args![cx.merchant, programme.id, month])? {
        let booked: i64 = r.get(0)?;
        let key = (r.get(1)?, account_of(&r.get::<String>(2)?)?, account_of(&r.get::<String>(3)?)?);
        let moves = if booked < month { &mut before } else { &mut within };
        *moves.entry(key).or_default() += i128::from(r.get::<i64>(4)?);
    }
    tail(tx, cx, programme, Instant(i64::MIN), begins, &mut before)?;
    tail(tx, cx, programme, begins, end, &mut within)?;
    let mut lines: BTreeMap<i64, [i128; 5]> = BTreeMap::new();
    let mut pending = 0_i128;
    for (moves, now) in [(&before, false), (&within, true)] {
        for ((lot, from, to), amount) in moves {
            pending += amount * (i128::from(*to == Account::Pending) - i128::from(*from == Account::Pending));
            let sign = i128::from(owed(*to)) - i128::from(owed(*from));
            let line = lines.entry(*lot).or_default();
            let (other, place) = (if owed(*to) { *from } else { *to }, if now { 1 } else { 0 });
            let place = match (place, other) {
                (0, _) => 0,
                (_, Account::Redeemed) => 2,
                (_, Account::Expired) => 3,
                (_, Account::Reversed) => 4,
                _ => 1,
            };
            line[place] += if place < 2 { sign * amount } else { -sign * amount };
        }
    }
    let narrow = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
    let lines = lines.into_iter().filter(|(_, of)| of.iter().any(|n| *n != 0)).map(|(lot_month, of)| {
        let [opening, issued, redeemed, expired, reversed] = of.map(narrow);
        Line { lot_month, opening, issued, redeemed, expired, reversed }
    });
    Ok(Liability { month, closed: cx.now >= end.plus_seconds(SETTLES), lines: lines.collect(), pending: narrow(pending) })
}

/// Sums some more of what was booked. Whether there is more to sum.
pub fn advance(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme) -> Result<bool> {
    let held = service::hold(tx, cx.merchant, programme.id)?;
    let rules = service::rules(tx, cx.merchant, programme)?;
    let zone = &rules.first().zone;
    let upto = cx.now.plus_seconds(-SETTLES);
    let Some(mut next) = tx.row(sql::NEXT_BOOKED, args![cx.merchant, held.id, held.summed_at, 0_i64])? else { return Ok(false) };
    let first: Instant = next.get(0)?;
    if first >= upto {
        return Ok(false);
    }
    let month = post::month(zone, first);
    let far = tx.row(sql::NEXT_BOOKED, args![cx.merchant, held.id, first, STEP])?.map(|mut r| r.get::<Instant>(0)).transpose()?;
    // A posting books all its entries at one instant: the stretch goes at least beyond the first.
    let to = far.map_or(upto, |far| far.max(Instant(first.micros() + 1))).min(upto).min(end_of(zone, month));
    tx.exec(sql::ADD_SUMS, args![cx.merchant, held.id, month, first, to])?;
    tx.exec(definition::SUMMED, args![cx.merchant, held.id, to])?;
    Ok(true)
}

/// Sums what was booked at a merchant, until `stop` says otherwise.
pub fn run(store: &Store, merchant: MerchantNo, stop: &dyn Fn() -> bool) -> Result<()> {
    for programme in store.read_now(move |tx| service::list(tx, merchant))? {
        while !stop() {
            let (cx, of) = (Ctx::new(merchant, due::ACTOR, store.clock().now()), programme.clone());
            if !store.write_now(Lane::Bulk, move |tx| advance(tx, &cx, &of))? {
                break;
            }
        }
    }
    Ok(())
}
