//! Days and months of a shop's zone, as rules count them. Steps beyond the calendar stop at its ends.

use jiff::Span;
use jiff::civil::Date;
use shuke_kernel::{Instant, Zone};

/// Microseconds of a day of 24 hours.
pub const DAY: i64 = 86_400_000_000;
/// Microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;

/// Whether an instant lies in the years that are reckoned with: 1900 to 2400. Every length a programme may name
/// then stays within the calendar.
pub fn reckoned(t: Instant) -> bool {
    (-2_208_988_800_000_000..13_569_465_600_000_000).contains(&t.micros())
}

/// The instant so many microseconds later.
pub fn later(t: Instant, micros: i64) -> Instant {
    Instant::from_micros(t.micros().saturating_add(micros))
}

/// The day so many days later.
pub fn plus_days(day: Date, days: i64) -> Date {
    Span::new().try_days(days).map_or(Date::MAX, |span| day.saturating_add(span))
}

/// The day so many months later; a day that the month lacks is its last.
pub fn plus_months(day: Date, months: i64) -> Date {
    Span::new().try_months(months).map_or(Date::MAX, |span| day.saturating_add(span))
}

/// 31 December so many years after the year of `day`.
pub fn year_end(day: Date, years: i64) -> Date {
    let year = i64::from(day.year()).saturating_add(years);
    i16::try_from(year).ok().and_then(|y| Date::new(y, 12, 31).ok()).unwrap_or(Date::MAX)
}

/// When `day` is over: 00:00 of the day after it.
pub fn end_of(zone: &Zone, day: Date) -> Instant {
    start_of(zone, plus_days(day, 1))
}

/// 00:00 of `day`, or the first instant of it where a change of clocks skips that.
pub fn start_of(zone: &Zone, day: Date) -> Instant {
    zone.start_of(day).unwrap_or(Instant::from_micros(i64::MAX))
}

/// The same wall time so many months before.
pub fn months_before(zone: &Zone, t: Instant, months: i64) -> Instant {
    let wall = zone.wall(t);
    let earlier = Span::new().try_months(months).map_or(jiff::civil::DateTime::MIN, |span| wall.saturating_sub(span));
    zone.instant(earlier).unwrap_or(Instant::from_micros(i64::MIN))
}
