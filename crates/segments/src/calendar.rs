//! The shop's calendar at a time of reckoning: days and clock times of its zone, months and birthdays,
//! the ends of windows and waits.

use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, DateTime};
use shuke_kernel::civil::{date_of, day_of, month_length};
use shuke_kernel::{Instant, Zone};

use crate::literal::{DAY, SECOND};
use crate::tree::{Calendar, Cut, Edge, Period, Unit, Wait, Window, Within};

/// Microseconds in an hour.
const HOUR: i64 = 3_600 * SECOND;

/// The day so many months before `day`; one that the month lacks is its last.
fn months_before(day: i64, months: i64) -> i64 {
    let (y, m, d) = date_of(day);
    let count = y * 12 + m - 1 - months;
    let (y, m) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    day_of(y, m, d.min(month_length(y, m)))
}

/// The day in `year` on which a birthday is kept: 29 February on 28 February in common years.
fn kept_in(year: i64, (_, month, day): (i64, i64, i64)) -> i64 {
    day_of(year, month, day.min(month_length(year, month)))
}

/// A zone's days and hours, and the time of the question in it.
#[derive(Clone, Debug)]
pub struct Reckoning {
    /// The time of the question, microseconds.
    pub at: i64,
    /// Its day.
    pub today: i64,
    zone: Zone,
    offsets: Arc<OnceLock<Vec<(Instant, i64)>>>,
}

/// Stretches of one offset are listed from here …
const LISTED_FROM: i64 = -20 * 365 * DAY;
/// … to here: from 1950 to 2100. Times beyond are rare and looked up one by one.
const LISTED_TO: i64 = 130 * 365 * DAY;

impl Reckoning {
    /// At `at`, microseconds, in `zone`.
    pub fn new(at: i64, zone: &Zone) -> Self {
        let mut new = Self { at, today: 0, zone: zone.clone(), offsets: Arc::default() };
        new.today = new.day(at);
        new
    }

    /// At another time in the same zone.
    pub fn at(&self, at: i64) -> Self {
        let mut other = Self { at, ..self.clone() };
        other.today = other.day(at);
        other
    }

    /// Whether an instant lies on its day, and the clock of `zone` shows there what its own does.
    pub fn is_today(&self, at: i64, zone: &Zone) -> bool {
        self.day(at) == self.today && zone.offset_seconds(Instant(at)) * SECOND == self.ahead(at)
    }

    /// What the shop's clock is ahead of UTC, microseconds.
    fn ahead(&self, t: i64) -> i64 {
        if !(LISTED_FROM..LISTED_TO).contains(&t) {
            return self.zone.offset_seconds(Instant(t)) * SECOND;
        }
        let all = self.listed();
        // Nearly all times lie behind the last change of the clock.
        if let Some((_, offset)) = all.last().filter(|(from, _)| from.0 <= t) {
            return offset * SECOND;
        }
        let after = all.partition_point(|(from, _)| from.0 <= t);
        all[after.saturating_sub(1)].1 * SECOND
    }

    fn listed(&self) -> &[(Instant, i64)] {
        self.offsets.get_or_init(|| self.zone.offsets(Instant(LISTED_FROM), Instant(LISTED_TO)))
    }

    /// The day on which an instant falls.
    pub fn day(&self, t: i64) -> i64 {
        t.saturating_add(self.ahead(t)).div_euclid(DAY)
    }

    /// The day on which an instant falls, and the hour of it.
    #[inline]
    pub(crate) fn day_and_hour(&self, t: i64) -> (i64, i64) {
        let local = t.saturating_add(self.ahead(t));
        (local.div_euclid(DAY), local.rem_euclid(DAY) / HOUR)
    }

    /// The hour of the day in which an instant falls.
    fn hour(&self, t: i64) -> i64 {
        t.saturating_add(self.ahead(t)).rem_euclid(DAY) / HOUR
    }

    /// The first instant of a day; beyond the calendar's ends the least or greatest instant.
    pub fn start_of(&self, day: i64) -> i64 {
        self.instant(day, 0)
    }

    /// The instant before which every instant falls on an earlier day, and from which on none does; `None`
    /// where the zone's clock was once put back over a midnight, or the day is far off.
    pub(crate) fn boundary(&self, day: i64) -> Option<i64> {
        let goes_back = |pair: &[(Instant, i64)]| {
            let [(_, before), (at, after)] = pair else { return false };
            (at.0 - 1 + before * SECOND).div_euclid(DAY) > (at.0 + after * SECOND).div_euclid(DAY)
        };
        let start = self.start_of(day);
        let is_listed = (LISTED_FROM + 2 * DAY..LISTED_TO - 2 * DAY).contains(&start);
        (is_listed && self.day(start - 1) < day && self.day(start) >= day && !self.listed().windows(2).any(goes_back)).then_some(start)
    }

    /// The instant of a civil time, its clock in microseconds of the day.
    pub(crate) fn instant(&self, day: i64, clock: i64) -> i64 {
        let (y, m, d) = date_of(day);
        let beyond = if day < 0 { i64::MIN } else { i64::MAX };
        let date = i16::try_from(y).ok().and_then(|y| Date::new(y, m as i8, d as i8).ok());
        let time = date.and_then(|date| {
            let (seconds, micros) = (clock / SECOND, clock % SECOND);
            let parts = ((seconds / 3600) as i8, (seconds / 60 % 60) as i8, (seconds % 60) as i8, micros as i32 * 1000);
            DateTime::new(date.year(), date.month(), date.day(), parts.0, parts.1, parts.2, parts.3).ok()
        });
        time.and_then(|time| self.zone.instant(time)).map_or(beyond, Instant::micros)
    }

    /// The same clock time so many months before.
    fn months_rolling(&self, months: i64) -> i64 {
        let clock = self.at.saturating_add(self.ahead(self.at)).rem_euclid(DAY);
        self.instant(months_before(self.today, months), clock)
    }

    /// `[from, to)` of a window.
    pub fn window(&self, window: &Window) -> (i64, i64) {
        let (from, to) = match window {
            Window::Between(from, to) => (from.map_or(i64::MIN, |e| self.edge(e)), to.map_or(i64::MAX, |e| self.edge(e))),
            Window::Last { n, unit, until, cut } => {
                let to = match (until, cut) {
                    (Some(until), cut) => self.last(*until, *unit, *cut),
                    (None, Cut::Complete) => self.start_of(self.today),
                    (None, _) => self.at,
                };
                (self.last(*n, *unit, *cut), to)
            }
            Window::Current(period) => (self.start_of(self.period(*period, 0)), self.at),
            Window::Previous(period) => (self.start_of(self.period(*period, 1)), self.start_of(self.period(*period, 0))),
        };
        (from, to.min(self.at))
    }

    /// A window as it moves with the time of the question while that is of the same day; `None` where it
    /// moves otherwise.
    pub(crate) fn stretch(&self, window: &Window) -> Option<Stretch> {
        let (from, to) = self.window(window);
        let fixed = Stretch { from: End::Fixed(from), to: End::Fixed(if to == self.at { i64::MAX } else { to }) };
        let Window::Last { n, unit, until, cut } = window else { return Some(fixed) };
        let back = |n: i64| match (unit, cut) {
            (Unit::Hours, _) => Some(End::Back(n.saturating_mul(HOUR))),
            (Unit::Days, Cut::Rolling) => Some(End::Back(n.saturating_mul(DAY))),
            _ => None,
        };
        match (unit, cut) {
            (Unit::Months, Cut::Rolling) => None,
            (Unit::Hours, _) | (_, Cut::Rolling) => Some(Stretch { from: back(*n)?, to: until.map_or(Some(End::Fixed(i64::MAX)), back)? }),
            _ => Some(fixed),
        }
    }

    /// An edge as an instant.
    pub fn edge(&self, edge: Edge) -> i64 {
        match edge {
            Edge::Date(day) => self.start_of(day),
            Edge::Instant(t) => t,
        }
    }

    fn last(&self, n: i64, unit: Unit, cut: Cut) -> i64 {
        match (unit, cut) {
            (Unit::Hours, _) => self.at.saturating_sub(n.saturating_mul(HOUR)),
            (Unit::Days, Cut::Rolling) => self.at.saturating_sub(n.saturating_mul(DAY)),
            (Unit::Months, Cut::Rolling) => self.months_rolling(n),
            (Unit::Days, _) => self.start_of(self.today - n),
            (Unit::Months, _) => self.start_of(months_before(self.today, n)),
        }
    }

    /// The first day of the period in which today lies, or of the one so many before.
    fn period(&self, period: Period, before: i64) -> i64 {
        let (y, m, _) = date_of(self.today);
        let month = |count: i64| day_of(count.div_euclid(12), count.rem_euclid(12) + 1, 1);
        match period {
            Period::Day => self.today - before,
            Period::Week => self.today - (weekday(self.today) - 1) - 7 * before,
            Period::Month => month(y * 12 + m - 1 - before),
            Period::Quarter => month(y * 12 + (m - 1) / 3 * 3 - 3 * before),
            Period::Year => day_of(y - before, 1, 1),
        }
    }

    /// The end of a wait that is counted from `t`.
    pub fn end_of(&self, wait: Within, t: i64) -> i64 {
        match wait.of {
            Wait::Hours => t.saturating_add(wait.n.saturating_mul(HOUR)),
            Wait::Days => t.saturating_add(wait.n.saturating_mul(DAY)),
            Wait::BusinessDays => self.start_of(self.day(t) + wait.n + 1),
        }
    }

    /// What is read off a day, or off an instant where `is_instant`.
    pub fn read(&self, reading: Calendar, v: i64, is_instant: bool) -> Option<i64> {
        let day = if is_instant && reading != Calendar::HourOf { self.day(v) } else { v };
        Some(match reading {
            Calendar::DaysSince => self.today - day,
            Calendar::DaysUntilNext => self.until_next(day),
            Calendar::Age => return self.age(day),
            Calendar::MonthOf => date_of(day).1,
            Calendar::DayOf => date_of(day).2,
            Calendar::WeekdayOf => weekday(day),
            Calendar::HourOf => self.hour(v),
            Calendar::DateOf => day,
        })
    }

    /// Days until the next keeping of each day of a year.
    pub(crate) fn keepings(&self) -> Keepings {
        // A leap year has them all.
        let mut until = [[0; 32]; 13];
        for day in day_of(2000, 1, 1)..=day_of(2000, 12, 31) {
            let (_, month, of_month) = date_of(day);
            until[month as usize][of_month as usize] = self.until_next(day);
        }
        Keepings::new(until)
    }

    fn until_next(&self, day: i64) -> i64 {
        let year = date_of(self.today).0;
        let this = kept_in(year, date_of(day));
        let next = if this >= self.today { this } else { kept_in(year + 1, date_of(day)) };
        next - self.today
    }

    /// The first and the last day of birth of whoever is of an age from `low` to `high`; `None` for ages that
    /// nobody has.
    pub(crate) fn born(&self, low: i64, high: i64) -> Option<(i64, i64)> {
        const OLDEST: i64 = 300;
        // Of those born later none is older: the first day on which one is at most so old.
        let first = |age: i64| {
            let (mut before, mut after) = (self.today - (OLDEST + 2) * 366, self.today);
            while before < after {
                let middle = before + (after - before) / 2;
                if self.age(middle).is_some_and(|a| a <= age) { after = middle } else { before = middle + 1 }
            }
            before
        };
        let from = if high == i64::MAX { i64::MIN } else { first(high) };
        let to = if low <= 0 { self.today } else { first(low - 1) - 1 };
        let known = |age: i64| (0..=OLDEST).contains(&age);
        ((low <= 0 || known(low)) && (high == i64::MAX || known(high))).then_some((from, to))
    }

    fn age(&self, day: i64) -> Option<i64> {
        let (year, born) = (date_of(self.today).0, date_of(day));
        let had = kept_in(year, born) <= self.today;
        (day <= self.today).then(|| year - born.0 - i64::from(!had))
    }
}

/// Days until the next keeping of each day of a year.
pub(crate) struct Keepings {
    /// By month and day.
    until: [[i64; 32]; 13],
    /// By the day of a cycle of four years.
    cycle: Vec<i64>,
}

/// Days of four years, one of them a leap year.
const CYCLE: i64 = 4 * 365 + 1;

impl Keepings {
    fn new(until: [[i64; 32]; 13]) -> Self {
        let first = day_of(2000, 1, 1);
        let cycle = (0..CYCLE).map(|i| date_of(first + (i - first).rem_euclid(CYCLE)));
        Self { cycle: cycle.map(|(_, month, day)| until[month as usize][day as usize]).collect(), until }
    }

    pub(crate) fn until(&self, day: i64) -> i64 {
        // From 1901 to 2099 every fourth year is a leap year; in these days since 1970.
        if (-25_202..47_482).contains(&day) {
            return self.cycle[day.rem_euclid(CYCLE) as usize];
        }
        let (_, month, of_month) = date_of(day);
        self.until[month as usize][of_month as usize]
    }
}

/// An end of a window while the time of the question moves within its day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum End {
    /// Stays.
    Fixed(i64),
    /// So long before the time of the question.
    Back(i64),
}

impl End {
    fn at(self, at: i64) -> i64 {
        match self {
            Self::Fixed(t) => t,
            Self::Back(back) => at.saturating_sub(back),
        }
    }
}

/// A window while the time of the question moves within its day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Stretch {
    pub(crate) from: End,
    pub(crate) to: End,
}

impl Stretch {
    /// Everything before the time of the question.
    pub(crate) const ALL: Self = Self { from: End::Fixed(i64::MIN), to: End::Fixed(i64::MAX) };

    /// `[from, to)` at a time.
    pub(crate) fn at(self, at: i64) -> (i64, i64) {
        (self.from.at(at), self.to.at(at).min(at))
    }
}

/// Monday is 1.
fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_birth_are_those_of_the_age() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        for today in ["2024-02-29", "2025-02-28", "2025-03-01", "2025-06-18"] {
            let day: Date = today.parse().unwrap();
            let reckoning = Reckoning::new(zone.instant(day.at(12, 0, 0, 0)).unwrap().micros(), &zone);
            for (low, high) in [(0, 0), (25, 34), (1, i64::MAX), (i64::MIN, 17), (24, 25)] {
                let (from, to) = reckoning.born(low, high).unwrap();
                for born in reckoning.today - 40 * 366..reckoning.today {
                    let age = reckoning.age(born).unwrap();
                    assert_eq!((from..=to).contains(&born), (low..=high).contains(&age), "{today} {low} {high} {born}");
                }
            }
        }
    }

    #[test]
    fn keepings_are_those_of_every_day_of_birth() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        for today in ["2024-02-29", "2025-02-28", "2025-12-31"] {
            let day: Date = today.parse().unwrap();
            let reckoning = Reckoning::new(zone.instant(day.at(12, 0, 0, 0)).unwrap().micros(), &zone);
            let keepings = reckoning.keepings();
            assert!((-80_000..80_000).all(|born| keepings.until(born) == reckoning.until_next(born)), "{today}");
        }
    }

    #[test]
    fn boundaries_part_the_days() {
        for name in ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Asuncion", "Pacific/Apia"] {
            let reckoning = Reckoning::new(0, &Zone::named(name).unwrap());
            for (day, start) in (-7_000..30_000).step_by(7).filter_map(|day| Some((day, reckoning.boundary(day)?))) {
                for t in (-30..30).map(|h| start + h * HOUR).chain([start - 1, start]) {
                    assert_eq!(t >= start, reckoning.day(t) >= day, "{name} {day} {t}");
                }
            }
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for day in (-800_000..800_000).step_by(13) {
            let (y, m, d) = date_of(day);
            assert_eq!(day_of(y, m, d), day);
            if let Ok(date) = Date::new(y as i16, m as i8, d as i8) {
                let since = date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).unwrap();
                assert_eq!(i64::from(since.get_days()), day);
                assert_eq!(i64::from(date.weekday().to_monday_one_offset()), weekday(day));
            }
        }
    }

    #[test]
    fn clocks_are_those_of_the_zone() {
        for name in ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"] {
            let zone = Zone::named(name).unwrap();
            let reckoning = Reckoning::new(0, &zone);
            for t in (-40 * 365..140 * 365).map(|d| d * DAY + d % 24 * HOUR + 59 * 60 * SECOND) {
                assert_eq!(reckoning.ahead(t), zone.offset_seconds(Instant(t)) * SECOND, "{name} {t}");
            }
        }
    }
}
