//! Business days: a shop reckons days, months and birthdays in its own zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::Instant;

/// A shop's IANA time zone. The default of a new shop is `Asia/Shanghai`.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of that IANA name, or `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// `Asia/Shanghai`.
    pub fn shanghai() -> Self {
        Self(TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8))))
    }

    /// The calendar day on which `t` falls here.
    pub fn day(&self, t: Instant) -> Date {
        self.0.to_datetime(t.timestamp()).date()
    }

    /// What this zone's clock and calendar show at `t`.
    pub fn wall(&self, t: Instant) -> DateTime {
        self.0.to_datetime(t.timestamp())
    }

    /// The instant as this zone's clock shows it, with its offset: `2026-11-11T00:00:00+08:00`.
    pub fn show(&self, t: Instant) -> String {
        t.timestamp().display_with_offset(self.0.to_offset(t.timestamp())).to_string()
    }

    /// How far this zone's clock is ahead of UTC at `t`, in seconds.
    pub fn offset_seconds(&self, t: Instant) -> i64 {
        i64::from(self.0.to_offset(t.timestamp()).seconds())
    }

    /// How far this zone's clock is ahead of UTC, in seconds, in each stretch of `[from, to)` in which
    /// that stays the same: when the stretch begins, and how far. The first begins at `from`.
    pub fn offsets(&self, from: Instant, to: Instant) -> Vec<(Instant, i64)> {
        let changes =
            self.0.following(from.timestamp()).map(|change| (Instant::from(change.timestamp()), i64::from(change.offset().seconds())));
        std::iter::once((from, self.offset_seconds(from))).chain(changes.take_while(|(at, _)| *at < to)).collect()
    }

    /// The instant of a civil time here. A time that a clock change skips moves forward past the
    /// gap, one that occurs twice is the earlier.
    pub fn instant(&self, civil: DateTime) -> Option<Instant> {
        self.0.to_timestamp(civil).ok().map(Instant::from)
    }

    /// The first instant of `day` here.
    pub fn start_of(&self, day: Date) -> Option<Instant> {
        self.instant(day.at(0, 0, 0, 0))
    }
}

/// The day in `year` on which a birthday of `month`/`day` is kept: 29 February is kept on
/// 28 February in common years.
pub fn birthday_in(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().or_else(|| (month == 2 && day == 29).then(|| Date::new(year, 2, 28).ok()).flatten())
}
