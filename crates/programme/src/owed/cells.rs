//! Entries summed by month of booking and month of lot: the one thing that finance's reports read.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Instant, Result, Zone};
use shuke_loyalty::{Account, calendar};
use shuke_store::{Tx, args};

use crate::book::entries::account_of;
use crate::book::{post, sql, sums};
use crate::definition::Programme;

/// How much moved from one account to another, by month of the lot as 202611; 0 for what lies in no lot.
pub type Moves = BTreeMap<(i64, Account, Account), i128>;

/// What became of lots, or of lots of one month, in a month of booking.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Cell {
    /// What became free to spend.
    pub issued: i128,
    /// What was spent, less what was given back.
    pub redeemed: i128,
    /// What ended unspent.
    pub expired: i128,
    /// What was taken back.
    pub reversed: i128,
}

impl Cell {
    /// By how much it changes what is owed.
    pub fn change(&self) -> i128 {
        self.issued - self.redeemed - self.expired - self.reversed
    }

    /// Adds a move between two accounts, where it changes what is owed.
    pub fn add(&mut self, from: Account, to: Account, amount: i128) {
        let sign = i128::from(owed(to)) - i128::from(owed(from));
        match if owed(to) { from } else { to } {
            Account::Redeemed => self.redeemed -= sign * amount,
            Account::Expired => self.expired -= sign * amount,
            Account::Reversed => self.reversed -= sign * amount,
            // From pending, given by hand, or come with a merge: over both books the last sums to none.
            _ => self.issued += sign * amount,
        }
    }
}

/// The points that are owed: free to spend, or set aside for somebody.
fn owed(account: Account) -> bool {
    matches!(account, Account::Available | Account::Frozen)
}

/// The place of a month in the row of all months.
pub fn index(month: i64) -> i64 {
    month.div_euclid(100) * 12 + month.rem_euclid(100) - 1
}

/// The month of a place: as 202611.
pub fn month_at(index: i64) -> i64 {
    index.div_euclid(12) * 100 + index.rem_euclid(12) + 1
}

/// A month for people: `2026-11`.
pub fn shown(month: i64) -> String {
    format!("{:04}-{:02}", month / 100, month % 100)
}

/// `2026-11` as 202611.
pub fn month_of(text: &str) -> Option<i64> {
    let (year, month) = text.split_once('-')?;
    let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    let (year, month): (i64, i64) = (digits(year, 4).then(|| year.parse().ok())??, digits(month, 2).then(|| month.parse().ok())??);
    ((1900..=2400).contains(&year) && (1..=12).contains(&month)).then_some(year * 100 + month)
}

/// When a month begins in a zone.
pub fn begin_of(zone: &Zone, month: i64) -> Instant {
    let (year, number) = (i16::try_from(month / 100).unwrap_or(2400), i8::try_from(month % 100).unwrap_or(12));
    calendar::start_of(zone, jiff::civil::Date::new(year, number, 1).unwrap_or(jiff::civil::Date::MAX))
}

/// When a month ends in a zone.
pub fn end_of(zone: &Zone, month: i64) -> Instant {
    begin_of(zone, month_at(index(month) + 1))
}

/// Whether nothing is booked into a month any more.
pub fn closed(zone: &Zone, month: i64, now: Instant) -> bool {
    now >= end_of(zone, month).plus_seconds(sums::SETTLES)
}

/// The last month into which nothing is booked any more.
pub fn last_closed(zone: &Zone, now: Instant) -> i64 {
    let present = post::month(zone, now);
    let before = |months| month_at(index(present) - months);
    if closed(zone, before(1), now) { before(1) } else { before(2) }
}

/// What moved, month by month of booking, up to and with a month.
pub fn by_month(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, zone: &Zone, upto: i64) -> Result<BTreeMap<i64, Moves>> {
    let mut months: BTreeMap<i64, Moves> = BTreeMap::new();
    for mut r in tx.rows(sql::SUMMED_UPTO, args![cx.merchant, programme.id, upto])? {
        let month: i64 = r.get(0)?;
        let key = (r.get(1)?, account_of(&r.get::<String>(2)?)?, account_of(&r.get::<String>(3)?)?);
        *months.entry(month).or_default().entry(key).or_default() += i128::from(r.get::<i64>(4)?);
    }
    let present = post::month(zone, cx.now);
    let mut month = post::month(zone, programme.summed_at);
    while month <= upto.min(present) {
        let (from, to) = (begin_of(zone, month), end_of(zone, month));
        sums::tail(tx, cx, programme, from, to, months.entry(month).or_default())?;
        month = month_at(index(month) + 1);
    }
    Ok(months)
}

/// The first month with entries; none where nothing was booked yet.
pub fn books_from(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, zone: &Zone) -> Result<Option<i64>> {
    let summed: Option<i64> = tx.one(sql::FIRST_SUMMED, args![cx.merchant, programme.id])?.get(0)?;
    if summed.is_some() {
        return Ok(summed);
    }
    // Entries of the last hours are not summed yet.
    let first = tx.row(sql::NEXT_BOOKED, args![cx.merchant, programme.id, Instant(i64::MIN), 0_i64])?;
    first.map(|mut r| Ok(post::month(zone, r.get(0)?))).transpose()
}

/// A number of points as it is told.
pub fn narrow(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_counted_on() {
        assert_eq!((month_of("2026-11"), month_of("2026-13"), month_of("26-11"), month_of("2026-1")), (Some(202_611), None, None, None));
        assert_eq!((month_at(index(202_612) + 1), month_at(index(202_601) - 1), shown(202_603).as_str()), (202_701, 202_512, "2026-03"));
        let zone = Zone::shanghai();
        assert_eq!(post::month(&zone, begin_of(&zone, 202_611)), 202_611);
        assert_eq!(end_of(&zone, 202_612), begin_of(&zone, 202_701));
        let end = end_of(&zone, 202_611);
        assert!(!closed(&zone, 202_611, end) && closed(&zone, 202_611, end.plus_seconds(sums::SETTLES)));
        assert_eq!((last_closed(&zone, end), last_closed(&zone, end.plus_seconds(sums::SETTLES))), (202_610, 202_611));
    }

    #[test]
    fn what_only_moves_between_owed_accounts_changes_nothing() {
        let mut cell = Cell::default();
        cell.add(Account::Pending, Account::Available, 100);
        cell.add(Account::Available, Account::Frozen, 30);
        cell.add(Account::Frozen, Account::Redeemed, 20);
        cell.add(Account::Redeemed, Account::Available, 5);
        cell.add(Account::Available, Account::Expired, 7);
        cell.add(Account::Available, Account::Reversed, 3);
        cell.add(Account::Pending, Account::Reversed, 50);
        assert_eq!(cell, Cell { issued: 100, redeemed: 15, expired: 7, reversed: 3 });
        assert_eq!(cell.change(), 75);
    }
}
