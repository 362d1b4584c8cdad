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
    /// From then on days begin where the clock's readings say.
    plain: i64,
}

/// Up to when changes of clock are laid out, seconds.
const LAST: i64 = 4_102_444_800;

impl Days {
    /// The days of the zone with that IANA name.
    pub fn named(name: &str) -> Option<Self> {
        let zone = TimeZone::get(name).ok()?;
        let (first, last) = (Timestamp::from_second(-2_208_988_800).ok()?, Timestamp::from_second(LAST).ok()?);
        let mut from = vec![i64::MIN];
        let mut offset = vec![i64::from(zone.to_offset(first).seconds()) * 1_000_000];
        let mut plain = first.as_microsecond() + 2 * DAY;
        for change in zone.following(first).take_while(|c| c.timestamp() < last) {
            let (at, before, after) =
                (change.timestamp().as_microsecond(), offset[offset.len() - 1], i64::from(change.offset().seconds()) * 1_000_000);
            let (day_before, day_after) = (day_of(at - 1 + before), day_of(at + after));
            // A clock that is put on from a midnight begins the day there; one that leaps over it, or is put back
            // over it, does not.
            if day_after < day_before || day_after > day_before && (at + before).rem_euclid(DAY) != 0 {
                plain = plain.max(at + 2 * DAY);
            }
            from.push(at);
            offset.push(after);
        }
        Some(Self { zone, from, offset, plain })
    }

    /// The zone's name.
    pub fn name(&self) -> &str {
        self.zone.iana_name().unwrap_or_default()
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

    /// The day of an instant by the beginnings of days: the last that begins no later. `day` is what the clock
    /// reads, which is another where it is put back over midnight.
    #[inline]
    pub fn lies_on(&self, micros: i64, day: i32) -> i32 {
        if micros >= self.plain && micros < LAST * 1_000_000 - 2 * DAY { day } else { self.found(micros, day) }
    }

    #[cold]
    fn found(&self, micros: i64, day: i32) -> i32 {
        let begins = |day: i32| self.midnight(date(day));
        // Clocks differ from each other by little more than a day.
        let mut found = day;
        while found > day.saturating_sub(3) && begins(found).is_some_and(|at| at > micros) {
            found -= 1;
        }
        while found < day.saturating_add(3) && begins(found + 1).is_some_and(|at| at <= micros) {
            found += 1;
        }
        found
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
    fn an_instant_lies_between_the_beginnings_of_its_day_and_the_next() {
        let zones = [
            "Asia/Shanghai",
            "Europe/London",
            "America/New_York",
            "America/St_Johns",
            "America/Sao_Paulo",
            "America/Havana",
            "Africa/Cairo",
            "Asia/Beirut",
            "Asia/Amman",
            "Asia/Gaza",
            "Pacific/Apia",
            "Asia/Tehran",
        ];
        let mut otherwise = 0;
        for zone in zones {
            let days = Days::named(zone).unwrap();
            let changes = days.from.iter().skip(1).flat_map(|at| (-60..=60).map(move |step| at + step * 1_800_000_000));
            let others = (0..2_000).map(|i| i * 2_399_123_456_789 - 2_300_000_000_000_000);
            let mut before = (i64::MIN, i32::MIN);
            let mut all: Vec<i64> = changes.chain(others).collect();
            all.sort_unstable();
            for micros in all {
                let read = days.of(micros);
                let lies = days.lies_on(micros, read);
                let begins = |day| days.midnight(date(day)).unwrap();
                assert!(begins(lies) <= micros && micros < begins(lies + 1), "{zone} {micros}");
                assert!(before.0 <= micros && before.1 <= lies, "{zone} {micros}");
                before = (micros, lies);
                otherwise += i32::from(read != lies);
            }
        }
        assert!(otherwise > 0, "some clocks are put back over midnight");
    }

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
