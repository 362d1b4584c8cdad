//! One turn of the fold: the state that is changed, the rules in force, and the entries that come of it.

use jiff::civil::Date;
use shuke_kernel::Instant;

use crate::calendar;
use crate::json::Read;
use crate::ledger::{Account, Cause, Entry};
use crate::lots::LotNo;
use crate::programme::{Programme, Shortfall};
use crate::rules::Rules;
use crate::spend::{Owed, Owing, Taking};
use crate::state::State;
use crate::words::{PART_MISSING, TOO_LARGE};

/// The state in the hands of one event or job.
pub struct Turn<'a> {
    /// All versions of the rules.
    pub rules: &'a Rules,
    /// The one in force.
    pub programme: &'a Programme,
    /// What is changed.
    pub state: &'a mut State,
    /// When it happens.
    pub now: Instant,
    /// Why entries are posted.
    pub cause: Cause,
    /// Where they go.
    pub entries: &'a mut Vec<Entry>,
    /// Whether this was accepted before, and stands.
    pub stands: bool,
}

impl Turn<'_> {
    /// The day of the zone.
    pub fn today(&self) -> Date {
        self.programme.zone.day(self.now)
    }

    /// Whether a lot's last day is over.
    pub fn has_ended(&self, lot: LotNo) -> bool {
        self.state.lots.get(lot).is_some_and(|lot| calendar::end_of(&self.programme.zone, lot.last_day) <= self.now)
    }

    /// Posts an entry; nothing where the amount is nothing.
    pub fn post(&mut self, from: Account, to: Account, amount: i64, lot: Option<LotNo>) -> Read<()> {
        if amount <= 0 {
            return Ok(());
        }
        if !self.state.accounts.post(from, to, amount) {
            return Err(TOO_LARGE.with("path", &self.cause.id));
        }
        let lot = match lot {
            None => None,
            Some(no) => Some(self.state.lots.get(no).ok_or_else(|| PART_MISSING.with("what", format!("lot {no}")))?),
        };
        self.entries.push(Entry {
            from,
            to,
            amount,
            lot: lot.map(|lot| lot.id.clone()),
            lot_made: lot.map(|lot| lot.made),
            cause: self.cause.clone(),
            version: self.programme.version,
            happened: self.now,
            booked: self.now,
            corrects: false,
        });
        Ok(())
    }

    /// Points out of nothing become available as a new lot.
    pub fn grant(&mut self, id: String, points: i64) -> Read<()> {
        if points > 0 {
            let lot = self.open_lot(id);
            self.make_available(Account::Issued, lot, points)?;
        }
        Ok(())
    }

    /// A new lot that lives as the programme says.
    pub fn open_lot(&mut self, id: String) -> LotNo {
        let last_day = self.programme.lot_expiry.last_day(self.today());
        let lot = self.state.lots.open(id, self.now, last_day);
        self.expect_lot_end(lot);
        lot
    }

    /// What took points that were not there.
    pub(crate) fn owing(&mut self, by: &Owing) -> Option<&mut Taking> {
        match by {
            Owing::TakenBack => None,
            Owing::Spend(id) => self.state.spends.get_mut(id),
            Owing::Hold(id) => self.state.holds.get_mut(id),
        }
    }

    /// Points of a lot become available: they fill what is owed first.
    pub fn make_available(&mut self, from: Account, lot: LotNo, points: i64) -> Read<()> {
        let mut rest = points;
        while rest > 0 && !self.state.owed.is_empty() {
            let owed = &mut self.state.owed[0];
            let filled = owed.points.min(rest);
            owed.points -= filled;
            rest -= filled;
            let by = owed.by.clone();
            if owed.points == 0 {
                self.state.owed.remove(0);
            }
            if let Some(taking) = self.owing(&by) {
                taking.fund(lot, filled);
            }
        }
        self.post(from, Account::Available, points - rest, None)?;
        self.state.lots.give(lot, rest)?;
        self.post(from, Account::Available, rest, Some(lot))
    }

    /// Takes points back: from one lot first, then what of it ended unspent counts, then other lots in order of spending, then as the programme says.
    pub fn take_back(&mut self, points: i64, lot: Option<LotNo>) -> Read<()> {
        let mut rest = points;
        if let Some(lot) = lot {
            let taken = self.state.lots.take(lot, rest)?;
            self.post(Account::Available, Account::Reversed, taken, Some(lot))?;
            rest -= taken;
            rest -= self.state.lots.count_ended(lot, rest)?;
        }
        while rest > 0
            && let Some(lot) = self.state.lots.next()
        {
            let taken = self.state.lots.take(lot, rest)?;
            self.post(Account::Available, Account::Reversed, taken, Some(lot))?;
            rest -= taken;
        }
        if self.programme.shortfall == Shortfall::Negative && rest > 0 {
            self.post(Account::Available, Account::Reversed, rest, None)?;
            self.state.owed.push(Owed { by: Owing::TakenBack, points: rest });
        }
        Ok(())
    }
}
