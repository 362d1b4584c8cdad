//! What comes with days: check-ins and their runs, visits and the grade of activity, birthdays.

use jiff::civil::Date;
use shuke_kernel::calendar::birthday_in;
use shuke_kernel::{Instant, Zone};

use crate::calendar;
use crate::earn::{Earning, book, within_caps};
use crate::event::Outcome;
use crate::jobs::{Due, Job};
use crate::json::Read;
use crate::programme::Programme;
use crate::state::State;
use crate::turn::Turn;

impl Turn<'_> {
    /// The member was here. An order, a check-in or a visit says so.
    pub fn visited(&mut self) {
        self.state.last_visit = Some(self.today());
    }

    /// The member checks in: once a day.
    pub fn check_in(&mut self) -> Read<Outcome> {
        let today = self.today();
        self.visited();
        let run = match self.state.check_in {
            Some((last, _)) if last == today => return Ok(Outcome::AlreadyToday),
            Some((last, run)) if calendar::plus_days(last, 1) == today => run + 1,
            _ => 1,
        };
        self.state.check_in = Some((today, run));
        let Some(rules) = &self.programme.check_in else { return Ok(Outcome::Ok) };
        let bonus = rules.streak.iter().filter(|(days, _)| run % days == 0).map(|(_, bonus)| bonus);
        let points = bonus.fold(rules.points, |sum, bonus| sum.saturating_add(*bonus));
        let points = within_caps(self.programme, self.state, today, points);
        book(self.programme, self.state, today, &Earning { points, parts: Vec::new() });
        self.grant(format!("check_in:{today}"), points)?;
        Ok(Outcome::Ok)
    }

    /// Somebody gives or takes points by hand.
    pub fn adjust(&mut self, id: &str, points: i64) -> Read<Outcome> {
        if points >= 0 {
            self.grant(format!("adjust:{id}"), points)?;
        } else {
            self.take_back(points.saturating_neg(), None)?;
        }
        Ok(Outcome::Ok)
    }

    /// The day of birth is told: birthdays that begin from now on count.
    pub fn known(&mut self, birthday: Option<Date>) {
        self.state.member.birthday = birthday;
        self.state.agenda.retain(|job| job.what != Due::Birthday);
        if self.programme.birthday_points > 0 {
            self.state.expect_birthday(self.now, &self.programme.zone);
        }
    }

    /// A birthday begins: its points, and the next is awaited.
    pub fn birthday(&mut self) -> Read<()> {
        let today = self.today();
        let points = self.programme.birthday_points;
        // Once a year, also where the day of birth was told otherwise since.
        if points > 0 && self.state.birthday_given != Some(today.year()) {
            self.state.birthday_given = Some(today.year());
            self.grant(format!("birthday:{}", today.year()), points)?;
        }
        self.state.expect_birthday(calendar::end_of(&self.programme.zone, today), &self.programme.zone);
        Ok(())
    }
}

/// Points for birthdays begin at the clock of a state, or when the member joins.
pub(crate) fn begins_birthdays(state: &mut State, zone: &Zone) {
    let awaited = state.agenda.iter().any(|job| job.what == Due::Birthday);
    if !awaited {
        state.expect_birthday(state.member.joined.unwrap_or(state.origin).max(state.clock), zone);
    }
}

impl State {
    /// Puts the first birthday that begins at `from` or later onto the agenda.
    pub fn expect_birthday(&mut self, from: Instant, zone: &Zone) {
        // A book that went into another one awaits nothing.
        let Some(born) = self.member.birthday.filter(|_| self.into.is_none()) else { return };
        let year = zone.day(from).year();
        let begins = |year: i16| Some(calendar::start_of(zone, birthday_in(year, born.month(), born.day())?));
        let next = (year..=year.saturating_add(1)).filter_map(begins).find(|t| *t >= from);
        if let Some(due) = next {
            let seq = self.jobs;
            self.jobs += 1;
            self.agenda.insert(Job { due, what: Due::Birthday, seq });
        }
    }

    /// The grade of activity at the clock: 1 and one more for each cut that the days since the last visit do not exceed. None without a visit.
    pub fn activity_grade(&self, programme: &Programme) -> Option<usize> {
        let (cuts, last): (_, Date) = (programme.activity_cuts.as_ref()?, self.last_visit?);
        let days = i64::from((programme.zone.day(self.clock) - last).get_days());
        Some(1 + cuts.iter().filter(|cut| days <= **cut).count())
    }
}
