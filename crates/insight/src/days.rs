//! Calendar days of a zone as whole numbers since 1970-01-01, reckoned fast: the zone's changes of
//! clock are laid out once, so that a loop over millions of instants looks them up by bisection.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use shuke_kernel::civil::date_of;

const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;

/// A zone's days.
#[derive(Clone, Debug)]
pub struct Days {
    zone: TimeZone,
    /// Instants from which an offset holds, ascending, and the offsets, in microseconds.
    from: Vec<i64>,
    offset: Vec<i64>,
}

impl Days {
    /// The days of the zone with that IANA name.
    pub fn named(name: &str) -> Option<Self> {
        let zone = TimeZone::get(name).ok()?;
        let (first, last) = (Timestamp::from_second(-2_208_988_800).ok()?, Timestamp::from_second(4_102_444_800).ok()?);
        let mut from = vec![i64::MIN];
        let mut offset = vec![i64::from(zone.to_offset(first).seconds()) * 1_000_000];
        for change in zone.following(first).take_while(|c| c.timestamp() < last) {
            from.push(change.timestamp().as_microsecond());
            offset.push(i64::from(change.offset().seconds()) * 1_000_000);
        }
        Some(Self { zone, from, offset })
    }

    /// A number that another rule of the zone's clock gives another.
    pub fn print(&self) -> u64 {
        let numbers = self.from.iter().chain(&self.offset);
        numbers.fold(0xcbf2_9ce4_8422_2325, |print, n| (print ^ *n as u64).wrapping_mul(0x0100_0000_01b3))
    }

    /// The clock's reading at an instant, in microseconds since the local 1970-01-01T00:00.
    #[inline]
    pub fn local(&self, micros: i64) -> i64 {
        let last = self.from.len() - 1;
        let at = if micros >= self.from[last] { last } else { self.from.partition_point(|f| *f <= micros) - 1 };
        micros.saturating_add(self.offset[at])
    }

    /// The day of an instant.
    #[inline]
    pub fn of(&self, micros: i64) -> i32 {
        day_of(self.local(micros))
    }

    /// The first instant of a day.
    pub fn midnight(&self, day: Date) -> Option<i64> {
        self.zone.to_timestamp(day.at(0, 0, 0, 0)).ok().map(Timestamp::as_microsecond)
    }
}

/// The day of a local reading.
#[inline]
pub fn day_of(local: i64) -> i32 {
    local.div_euclid(DAY) as i32
}

/// The hour of a local reading, 0 to 23.
#[inline]
pub fn hour_of(local: i64) -> usize {
    (local.rem_euclid(DAY) / HOUR) as usize
}

/// The weekday of a day, Monday 0 to Sunday 6.
#[inline]
pub fn weekday_of(day: i32) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// The number of a date.
pub fn number(day: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    (day - epoch).get_days()
}

/// The date of a number, clamped to the calendar's ends.
pub fn date(number: i32) -> Date {
    Date::constant(1970, 1, 1).checked_add(number.days()).unwrap_or(if number < 0 { Date::MIN } else { Date::MAX })
}

/// A month as a whole number: twelve times the year, and January 0.
#[inline]
pub fn month_of(day: i32) -> i32 {
    match usize::try_from(day).ok().and_then(|day| MONTHS.get(day)) {
        Some(month) => EPOCH + i32::from(*month),
        None => reckoned_month(day),
    }
}

fn reckoned_month(day: i32) -> i32 {
    let (year, month, _) = date_of(i64::from(day));
    (year * 12 + month - 1) as i32
}

/// The month of 1970-01-01.
const EPOCH: i32 = 1970 * 12;
/// The days whose months lie ready: a hundred years.
const READY: i32 = 36_525;

/// The months of days since 1970-01-01: loops over millions of days look them up.
static MONTHS: LazyLock<Vec<u16>> = LazyLock::new(|| (0..READY).map(|day| (reckoned_month(day) - EPOCH) as u16).collect());

/// The first day of a month.
pub fn first_of(month: i32) -> Date {
    Date::new(month.div_euclid(12) as i16, (month.rem_euclid(12) + 1) as i8, 1).unwrap_or(Date::MIN)
}

/// `2025-01`.
pub fn month_word(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_agree_with_the_calendar() {
        for zone in ["Asia/Shanghai", "Europe/London", "America/New_York", "Pacific/Apia", "UTC"] {
            let days = Days::named(zone).unwrap();
            let tz = TimeZone::get(zone).unwrap();
            for i in 0..40_000_i64 {
                let micros = i * 86_399_123_457 - 600_000_000_000_000;
                let civil = tz.to_datetime(Timestamp::from_microsecond(micros).unwrap());
                let local = days.local(micros);
                assert_eq!(date(day_of(local)), civil.date(), "{zone} {micros}");
                assert_eq!(hour_of(local), civil.hour() as usize);
                assert_eq!(month_of(day_of(local)), i32::from(civil.year()) * 12 + i32::from(civil.month()) - 1);
                assert_eq!(weekday_of(day_of(local)), civil.date().weekday().to_monday_zero_offset() as usize);
                assert_eq!(number(civil.date()), day_of(local));
            }
        }
    }
}
