//! The days that are asked about, and what of a book ends in them.

use jiff::civil::Date;
use shuke_kernel::{Instant, Zone};
use shuke_loyalty::calendar::{plus_days, start_of};
use shuke_loyalty::{Account, State};
use shuke_members::MemberId;

use crate::book::show::TierView;

/// Days that may be asked about.
pub const MOST_DAYS: i64 = 3_660;

/// A place in the list: when something is due in the book, and whose it is.
pub type Place = (Instant, MemberId);

/// Before everybody.
pub const START: Place = (Instant(i64::MIN), MemberId::from_bytes([0; 16]));

/// Last days of points, from one up to and without another, in the programme's zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// The first.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

impl Window {
    /// So many days, the first of which is today.
    pub fn within(today: Date, days: i64) -> Self {
        Self { from: today, to: plus_days(today, days) }
    }

    /// Whether points whose last day this is are asked about.
    pub fn has(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// By when whatever ends in it is due. Versions of the rules may reckon in several zones, which lie at most 26 hours apart.
    pub(super) fn due_by(&self, zone: &Zone) -> Instant {
        start_of(zone, self.to).plus_seconds(26 * 3_600)
    }
}

/// What of a member's points ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ending {
    /// Whose.
    pub member: MemberId,
    /// Where in the list.
    pub place: Place,
    /// How many end in all.
    pub points: i64,
    /// How many on which last day, the earliest first; never empty.
    pub days: Vec<(Date, i64)>,
    /// What is free to spend, those that end included; less than `points` where points are owed.
    pub available: i64,
    /// The tier held, where there is a ladder.
    pub tier: Option<TierView>,
}

impl Ending {
    /// The first and the last of the days.
    pub fn bounds(&self) -> Option<(Date, Date)> {
        Some((self.days.first()?.0, self.days.last()?.0))
    }

    /// Of a heart as it is now; none where nothing of it ends in the window.
    pub(super) fn of(place: Place, heart: &State, window: &Window, tier: Option<TierView>) -> Option<Self> {
        let mut days: Vec<(Date, i64)> = Vec::new();
        for lot in heart.lots.in_order().filter(|lot| lot.left > 0 && window.has(lot.last_day)) {
            match days.iter_mut().find(|(day, _)| *day == lot.last_day) {
                Some((_, points)) => *points = points.saturating_add(lot.left),
                None => days.push((lot.last_day, lot.left)),
            }
        }
        days.sort_unstable();
        let points = days.iter().fold(0_i64, |sum, (_, points)| sum.saturating_add(*points));
        (points > 0).then(|| Self { member: place.1, place, points, days, available: heart.accounts.of(Account::Available), tier })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_its_first_day_and_not_the_day_after_its_last() {
        let day = |d: i8| Date::new(2026, 3, d).expect("a day");
        let window = Window::within(day(10), 5);
        assert_eq!((9..=15).filter(|d| window.has(day(*d))).collect::<Vec<_>>(), [10, 11, 12, 13, 14]);
        assert!(window.due_by(&Zone::shanghai()) > start_of(&Zone::shanghai(), day(15)));
    }
}
