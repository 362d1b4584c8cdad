//! Entries read back: a member's, and those of a whole programme by when they were booked.

use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_loyalty::{Account, Cause, Entry};
use shuke_members::MemberId;
use shuke_store::{Row, Tx, args};

use super::sql;
use crate::definition::ProgrammeId;

/// An entry with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Whose.
    pub member: MemberId,
    /// Its number in the member's book, from 1.
    pub seq: i64,
    /// What it says.
    pub entry: Entry,
    /// The number of the event that it was booked for; none where a job did it.
    pub event: Option<i64>,
}

impl Kept {
    /// By how much it changed the points free to spend.
    pub fn change(&self) -> i64 {
        let free = |account| i64::from(account == Account::Available);
        (free(self.entry.to) - free(self.entry.from)) * self.entry.amount
    }
}

/// An account by its word.
pub fn account(word: &str) -> Option<Account> {
    Account::ALL.into_iter().find(|a| a.name() == word)
}

pub(crate) fn account_of(word: &str) -> Result<Account> {
    account(word).ok_or_else(|| Error::fault(format!("an entry names the account {word}")))
}

fn read(mut r: Row) -> Result<Kept> {
    let entry = Entry {
        from: account_of(&r.get::<String>(2)?)?,
        to: account_of(&r.get::<String>(3)?)?,
        amount: r.get(4)?,
        lot: r.get(5)?,
        lot_made: r.get(6)?,
        cause: Cause { kind: r.get(7)?, id: r.get(8)? },
        version: u32::try_from(r.get::<i64>(9)?).map_err(Error::fault)?,
        happened: r.get(10)?,
        booked: r.get(11)?,
        corrects: r.get(12)?,
    };
    Ok(Kept { member: r.get(0)?, seq: r.get(1)?, entry, event: r.get(13)? })
}

/// A member's entries, newest first, before a number.
pub fn of_member(tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId, member: MemberId, before: i64, limit: i64) -> Result<Vec<Kept>> {
    tx.rows(sql::ENTRIES, args![cx.merchant, programme, member, before, limit])?.into_iter().map(read).collect()
}

/// All of a member's entries, in order.
pub fn all(tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId, member: MemberId) -> Result<Vec<Kept>> {
    tx.rows(sql::ALL_ENTRIES, args![cx.merchant, programme, member])?.into_iter().map(read).collect()
}

/// A place among a programme's entries: when booked, whose, which.
pub type Place = (Instant, [u8; 16], i64);

/// Entries of a programme booked at `from` or later, newest first, before a place.
pub fn booked(tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId, before: Place, from: Instant, limit: i64) -> Result<Vec<Kept>> {
    let rows = tx.rows(sql::BOOKED, args![cx.merchant, programme, before.0, before.1, before.2, from, limit])?;
    rows.into_iter().map(read).collect()
}
