//! Spending, setting aside and giving back. What was taken goes back to the lots it came from, the last taken first.

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::calendar;
use crate::compact::usual;
use crate::event::Outcome;
use crate::jobs::Due;
use crate::json::Read;
use crate::ledger::Account;
use crate::lots::LotNo;
use crate::turn::Turn;

/// Points taken by a spend or a hold, and from where.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Taking {
    /// From which lots, in the order of taking, less what went back.
    pub from: Vec<(LotNo, i64)>,
    /// What no lot had: accepted before something came late.
    #[serde(default, skip_serializing_if = "usual")]
    pub unfunded: i64,
    /// Whether it is over: a hold captured or released.
    #[serde(default, skip_serializing_if = "usual")]
    pub over: bool,
}

impl Taking {
    /// What has not gone back.
    pub fn left(&self) -> i64 {
        self.from.iter().map(|(_, points)| points).sum::<i64>().saturating_add(self.unfunded)
    }

    /// A lot pays for what was unfunded.
    pub fn fund(&mut self, lot: LotNo, points: i64) {
        self.unfunded -= points;
        self.from.push((lot, points));
    }
}

/// Points that were taken and not there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Owed {
    /// By what.
    pub by: Owing,
    /// How many.
    pub points: i64,
}

/// What owes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Owing {
    /// Points of orders taken back after they were spent.
    TakenBack,
    /// A spend that stands.
    Spend(String),
    /// A hold that stands.
    Hold(String),
}

impl Turn<'_> {
    /// Spends points.
    pub fn spend(&mut self, id: &str, points: i64) -> Read<Outcome> {
        if self.state.spends.contains_key(id) {
            return Ok(Outcome::Duplicate);
        }
        let Some(taking) = self.take(Account::Redeemed, points, Owing::Spend(id.to_owned()))? else {
            return Ok(Outcome::InsufficientPoints);
        };
        self.state.spends.insert(id.to_owned(), taking);
        Ok(Outcome::Ok)
    }

    /// Sets points aside, `until` then unless they are captured or released before.
    pub fn hold(&mut self, id: &str, points: i64, until: Option<Instant>) -> Read<Outcome> {
        if self.state.holds.contains_key(id) {
            return Ok(Outcome::Duplicate);
        }
        let Some(taking) = self.take(Account::Frozen, points, Owing::Hold(id.to_owned()))? else {
            return Ok(Outcome::InsufficientPoints);
        };
        self.state.holds.insert(id.to_owned(), taking);
        if let Some(until) = until {
            self.expect(until, Due::HoldEnd(id.to_owned()));
        }
        Ok(Outcome::Ok)
    }

    /// Takes points in order of spending; none where there are not so many, unless the taking stands.
    fn take(&mut self, to: Account, points: i64, by: Owing) -> Read<Option<Taking>> {
        if self.state.available() < points && !self.stands {
            return Ok(None);
        }
        let mut taking = Taking::default();
        let mut rest = points;
        while rest > 0
            && let Some(lot) = self.state.lots.next()
        {
            let taken = self.state.lots.take(lot, rest)?;
            self.post(Account::Available, to, taken, Some(lot))?;
            taking.from.push((lot, taken));
            rest -= taken;
        }
        if rest > 0 {
            self.post(Account::Available, to, rest, None)?;
            taking.unfunded = rest;
            self.state.owed.push(Owed { by, points: rest });
            self.state.strain = self.state.strain.saturating_add(rest);
        }
        Ok(Some(taking))
    }

    /// Takes a spend, or a captured hold, back: so many points, or all that is left.
    pub fn reverse(&mut self, spend: &str, points: Option<i64>) -> Read<Outcome> {
        let captured = || self.state.holds.get(spend).filter(|hold| hold.over);
        let Some(left) = self.state.spends.get(spend).or_else(captured).map(Taking::left) else {
            return Ok(Outcome::Unknown);
        };
        let points = points.unwrap_or(left);
        if points > left || points == 0 {
            if !self.stands {
                return Ok(Outcome::ExceedsSpend);
            }
            self.state.strain = self.state.strain.saturating_add(points - left);
        }
        let (owner, taking) = match self.state.spends.remove(spend) {
            Some(taking) => (Owing::Spend(spend.to_owned()), taking),
            None => (Owing::Hold(spend.to_owned()), self.state.holds.remove(spend).unwrap_or_default()),
        };
        self.give_back(Account::Redeemed, owner, taking, points.min(left))?;
        Ok(Outcome::Ok)
    }

    /// Spends what a hold set aside.
    pub fn capture(&mut self, hold: &str) -> Read<Outcome> {
        let Some(taking) = self.state.holds.get_mut(hold).filter(|hold| !hold.over) else {
            return Ok(self.no_hold());
        };
        taking.over = true;
        let (from, unfunded) = (taking.from.clone(), taking.unfunded);
        for (lot, points) in from {
            self.post(Account::Frozen, Account::Redeemed, points, Some(lot))?;
        }
        self.post(Account::Frozen, Account::Redeemed, unfunded, None)?;
        Ok(Outcome::Ok)
    }

    /// Gives back what a hold set aside.
    pub fn release_hold(&mut self, hold: &str) -> Read<Outcome> {
        if self.state.holds.get(hold).is_none_or(|hold| hold.over) {
            return Ok(self.no_hold());
        }
        self.let_go(hold)?;
        Ok(Outcome::Ok)
    }

    /// The time of a hold is over: what is still set aside is given back.
    pub fn hold_ends(&mut self, hold: &str) -> Read<()> {
        if self.state.holds.get(hold).is_some_and(|hold| !hold.over) { self.let_go(hold) } else { Ok(()) }
    }

    fn let_go(&mut self, hold: &str) -> Read<()> {
        let taking = self.state.holds.remove(hold).unwrap_or_default();
        let points = taking.left();
        self.give_back(Account::Frozen, Owing::Hold(hold.to_owned()), taking, points)?;
        self.state.holds.remove(hold);
        Ok(())
    }

    fn no_hold(&mut self) -> Outcome {
        self.state.strain = self.state.strain.saturating_add(i64::from(self.stands));
        Outcome::Unknown
    }

    /// Gives points back and puts the taking, less them, where it belongs.
    fn give_back(&mut self, from: Account, owner: Owing, mut taking: Taking, points: i64) -> Read<()> {
        let mut rest = points;
        // What no lot paid for was taken last, so it is what is given back first.
        let unpaid = rest.min(taking.unfunded);
        if unpaid > 0 {
            taking.unfunded -= unpaid;
            rest -= unpaid;
            self.forgive(&owner, unpaid);
            self.post(from, Account::Available, unpaid, None)?;
        }
        let mut back = Vec::new();
        while rest > 0
            && let Some((lot, held)) = taking.from.pop()
        {
            let given = held.min(rest);
            rest -= given;
            if held > given {
                taking.from.push((lot, held - given));
            }
            back.push((lot, given));
        }
        match owner {
            Owing::Spend(id) => drop(self.state.spends.insert(id, taking)),
            Owing::Hold(id) => drop(self.state.holds.insert(id, taking)),
            Owing::TakenBack => {}
        }
        for (lot, given) in back {
            if self.has_ended(lot) {
                let last_day = calendar::plus_days(self.today(), self.programme.reversal_min_days);
                self.state.lots.live_to(lot, last_day)?;
                self.expect_lot_end(lot);
            }
            self.make_available(from, lot, given)?;
        }
        Ok(())
    }

    /// Takes what `owner` owes off the list of what is owed.
    fn forgive(&mut self, owner: &Owing, points: i64) {
        let mut rest = points;
        self.state.owed.retain_mut(|owed| {
            if owed.by == *owner {
                let off = owed.points.min(rest);
                owed.points -= off;
                rest -= off;
            }
            owed.points > 0
        });
    }
}
