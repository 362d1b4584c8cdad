//! The Chinese lunar calendar (农历) of 1900 to 2100, as the Hong Kong Observatory publishes it in its
//! Gregorian-Lunar Calendar Conversion Tables (www.hko.gov.hk/en/gts/time/conversion.htm), which the
//! almanac of the Purple Mountain Observatory agrees with. Of three months far ahead (September 2057 and
//! 2089, August 2097) the observatory says itself that the new moon comes so close to midnight that
//! they may begin a day later.

use jiff::ToSpan;
use jiff::civil::Date;

/// The first lunar year.
pub const FIRST: i16 = 1900;
/// The last lunar year.
pub const LAST: i16 = 2100;
/// The first day of the first lunar year.
const BEGIN: Date = Date::constant(1900, 1, 31);

/// A year each: the lowest four bits say after which month the leap month comes (0: none), the next
/// twelve from the highest down which months have thirty days, the seventeenth whether the leap month
/// has.
const YEARS: [u32; 201] = [
    0x04bd8, 0x04ae0, 0x0a570, 0x054d5, 0x0d260, 0x0d950, 0x16554, 0x056a0, 0x09ad0, 0x055d2, 0x04ae0, 0x0a5b6, 0x0a4d0, 0x0d250, 0x1d255,
    0x0b540, 0x0d6a0, 0x0ada2, 0x095b0, 0x14977, 0x04970, 0x0a4b0, 0x0b4b5, 0x06a50, 0x06d40, 0x1ab54, 0x02b60, 0x09570, 0x052f2, 0x04970,
    0x06566, 0x0d4a0, 0x0ea50, 0x16a95, 0x05ad0, 0x02b60, 0x186e3, 0x092e0, 0x1c8d7, 0x0c950, 0x0d4a0, 0x1d8a6, 0x0b550, 0x056a0, 0x1a5b4,
    0x025d0, 0x092d0, 0x0d2b2, 0x0a950, 0x0b557, 0x06ca0, 0x0b550, 0x15355, 0x04da0, 0x0a5b0, 0x14573, 0x052b0, 0x0a9a8, 0x0e950, 0x06aa0,
    0x0aea6, 0x0ab50, 0x04b60, 0x0aae4, 0x0a570, 0x05260, 0x0f263, 0x0d950, 0x05b57, 0x056a0, 0x096d0, 0x04dd5, 0x04ad0, 0x0a4d0, 0x0d4d4,
    0x0d250, 0x0d558, 0x0b540, 0x0b6a0, 0x195a6, 0x095b0, 0x049b0, 0x0a974, 0x0a4b0, 0x0b27a, 0x06a50, 0x06d40, 0x0af46, 0x0ab60, 0x09570,
    0x04af5, 0x04970, 0x064b0, 0x074a3, 0x0ea50, 0x06b58, 0x05ac0, 0x0ab60, 0x096d5, 0x092e0, 0x0c960, 0x0d954, 0x0d4a0, 0x0da50, 0x07552,
    0x056a0, 0x0abb7, 0x025d0, 0x092d0, 0x0cab5, 0x0a950, 0x0b4a0, 0x0baa4, 0x0ad50, 0x055d9, 0x04ba0, 0x0a5b0, 0x15176, 0x052b0, 0x0a930,
    0x07954, 0x06aa0, 0x0ad50, 0x05b52, 0x04b60, 0x0a6e6, 0x0a4e0, 0x0d260, 0x0ea65, 0x0d530, 0x05aa0, 0x076a3, 0x096d0, 0x04afb, 0x04ad0,
    0x0a4d0, 0x1d0b6, 0x0d250, 0x0d520, 0x0dd45, 0x0b5a0, 0x056d0, 0x055b2, 0x049b0, 0x0a577, 0x0a4b0, 0x0aa50, 0x1b255, 0x06d20, 0x0ada0,
    0x14b63, 0x09370, 0x049f8, 0x04970, 0x064b0, 0x168a6, 0x0ea50, 0x06aa0, 0x1a6c4, 0x0aae0, 0x092e0, 0x0d2e3, 0x0c960, 0x0d557, 0x0d4a0,
    0x0da50, 0x05d55, 0x056a0, 0x0a6d0, 0x055d4, 0x052d0, 0x0a9b8, 0x0a950, 0x0b4a0, 0x0b6a6, 0x0ad50, 0x055a0, 0x0aba4, 0x0a5b0, 0x052b0,
    0x0b273, 0x06930, 0x07337, 0x06aa0, 0x0ad50, 0x14b55, 0x04b60, 0x0a570, 0x054e4, 0x0d160, 0x0e968, 0x0d520, 0x0daa0, 0x16aa6, 0x056d0,
    0x04ae0, 0x0a9d4, 0x0a2d0, 0x0d150, 0x0f252, 0x0d520,
];

fn year(year: i16) -> Option<u32> {
    YEARS.get(usize::try_from(year - FIRST).ok()?).copied()
}

fn month_days(bits: u32, month: i8) -> i32 {
    29 + (bits >> (16 - month) & 1) as i32
}

fn leap_days(bits: u32) -> i32 {
    if bits & 15 == 0 { 0 } else { 29 + (bits >> 16 & 1) as i32 }
}

/// After which month of a lunar year a leap month comes; `None` when there is none, or the year is
/// not in the tables.
pub fn leap_month(of: i16) -> Option<i8> {
    year(of).map(|bits| (bits & 15) as i8).filter(|month| *month > 0)
}

/// The day of a lunar date in its ordinary (not leap) month; `None` when there is none, or the year is
/// not in the tables.
pub fn day(of: i16, month: i8, day: i8) -> Option<Date> {
    let bits = year(of)?;
    if !(1..=12).contains(&month) || !(1..=month_days(bits, month)).contains(&i32::from(day)) {
        return None;
    }
    let year_days = |bits: u32| (1..=12).map(|m| month_days(bits, m)).sum::<i32>() + leap_days(bits);
    let years: i32 = YEARS.iter().take(usize::try_from(of - FIRST).ok()?).map(|bits| year_days(*bits)).sum();
    let leap = leap_month(of).is_some_and(|leap| leap < month);
    let months: i32 = (1..month).map(|m| month_days(bits, m)).sum::<i32>() + if leap { leap_days(bits) } else { 0 };
    BEGIN.checked_add((years + months + i32::from(day) - 1).days()).ok()
}

/// The day of 清明 (the sun at 15°) of a year, 1900 to 2099; `None` of others.
pub fn pure_brightness(year: i16) -> Option<Date> {
    // In ten-thousandths of a day of April; the sun loses 0.2422 days a year against the calendar.
    let offset = match year {
        1900..2000 => 55_900,
        2000..2100 => 48_100,
        _ => return None,
    };
    let of = i32::from(year % 100);
    let day = (of * 2_422 + offset) / 10_000 - of / 4;
    Date::new(year, 4, day as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spring Festival, Lantern, Dragon Boat, Qixi, Mid-Autumn, Double Ninth, Laba, as published.
    const PUBLISHED: &[&str] = &[
        "1901-02-19 03-05 06-20 08-20 09-27 10-20 1902-01-17",
        "1912-02-18 03-03 06-19 08-19 09-25 10-18 1913-01-14",
        "1922-01-28 02-11 05-31 08-29 10-05 10-28 1923-01-24",
        "1933-01-26 02-09 05-28 08-27 10-04 10-27 1934-01-22",
        "1949-01-29 02-12 06-01 08-01 10-06 10-30 1950-01-25",
        "1954-02-03 02-17 06-05 08-05 09-11 10-05 1955-01-01",
        "1963-01-25 02-08 06-25 08-25 10-02 10-25 1964-01-22",
        "1976-01-31 02-14 06-02 08-02 09-08 10-31 1977-01-26",
        "1984-02-02 02-16 06-04 08-03 09-10 10-03 1985-01-28",
        "1987-01-29 02-12 05-31 08-30 10-07 10-31 1988-01-26",
        "1995-01-31 02-14 06-02 08-02 09-09 11-01 1996-01-27",
        "2001-01-24 02-07 06-25 08-25 10-01 10-25 2002-01-20",
        "2004-01-22 02-05 06-22 08-22 09-28 10-22 2005-01-17",
        "2006-01-29 02-12 05-31 07-31 10-06 10-30 2007-01-26",
        "2009-01-26 02-09 05-28 08-26 10-03 10-26 2010-01-22",
        "2012-01-23 02-06 06-23 08-23 09-30 10-23 2013-01-19",
        "2014-01-31 02-14 06-02 08-02 09-08 10-02 2015-01-27",
        "2017-01-28 02-11 05-30 08-28 10-04 10-28 2018-01-24",
        "2018-02-16 03-02 06-18 08-17 09-24 10-17 2019-01-13",
        "2020-01-25 02-08 06-25 08-25 10-01 10-25 2021-01-20",
        "2021-02-12 02-26 06-14 08-14 09-21 10-14 2022-01-10",
        "2022-02-01 02-15 06-03 08-04 09-10 10-04 2022-12-30",
        "2023-01-22 02-05 06-22 08-22 09-29 10-23 2024-01-18",
        "2024-02-10 02-24 06-10 08-10 09-17 10-11 2025-01-07",
        "2025-01-29 02-12 05-31 08-29 10-06 10-29 2026-01-26",
        "2026-02-17 03-03 06-19 08-19 09-25 10-18 2027-01-15",
        "2027-02-06 02-20 06-09 08-08 09-15 10-08 2028-01-04",
        "2028-01-26 02-09 05-28 08-26 10-03 10-26 2029-01-22",
        "2030-02-03 02-17 06-05 08-05 09-12 10-05 2031-01-01",
        "2033-01-31 02-14 06-01 08-01 09-08 10-01 2034-01-27",
        "2034-02-19 03-05 06-20 08-20 09-27 10-20 2035-01-16",
        "2044-01-30 02-13 05-31 07-31 10-05 10-29 2045-01-25",
        "2057-02-04 02-18 06-06 08-06 09-13 10-06 2058-01-02",
        "2070-02-11 02-25 06-13 08-12 09-19 10-12 2071-01-08",
        "2089-02-10 02-24 06-13 08-12 09-18 10-12 2090-01-08",
        "2097-02-12 02-26 06-14 08-13 09-20 10-13 2098-01-09",
    ];

    /// Years with a leap month, and after which it comes.
    const LEAPS: &[(i16, i8)] = &[
        (1900, 8),
        (1903, 5),
        (1906, 4),
        (1909, 2),
        (1911, 6),
        (1914, 5),
        (1917, 2),
        (1919, 7),
        (1922, 5),
        (1925, 4),
        (1928, 2),
        (1930, 6),
        (1933, 5),
        (1936, 3),
        (1938, 7),
        (1941, 6),
        (1944, 4),
        (1947, 2),
        (1949, 7),
        (1952, 5),
        (1955, 3),
        (1957, 8),
        (1960, 6),
        (1963, 4),
        (1966, 3),
        (1968, 7),
        (1971, 5),
        (1974, 4),
        (1976, 8),
        (1979, 6),
        (1982, 4),
        (1984, 10),
        (1987, 6),
        (1990, 5),
        (1993, 3),
        (1995, 8),
        (1998, 5),
        (2001, 4),
        (2004, 2),
        (2006, 7),
        (2009, 5),
        (2012, 4),
        (2014, 9),
        (2017, 6),
        (2020, 4),
        (2023, 2),
        (2025, 6),
        (2028, 5),
        (2031, 3),
        (2033, 11),
        (2036, 6),
        (2039, 5),
        (2042, 2),
        (2044, 7),
        (2047, 5),
        (2050, 3),
        (2052, 8),
        (2055, 6),
        (2058, 4),
        (2061, 3),
        (2063, 7),
        (2066, 5),
        (2069, 4),
        (2071, 8),
        (2074, 6),
        (2077, 4),
        (2080, 3),
        (2082, 7),
        (2085, 5),
        (2088, 4),
        (2090, 8),
        (2093, 6),
        (2096, 4),
        (2099, 2),
    ];

    #[test]
    fn festivals_fall_on_the_published_days() {
        for line in PUBLISHED {
            let mut words = line.split(' ');
            let spring: Date = words.next().unwrap().parse().unwrap();
            let mut days = vec![spring];
            days.extend(
                words.map(|w| if w.len() == 5 { format!("{}-{w}", spring.year()).parse().unwrap() } else { w.parse::<Date>().unwrap() }),
            );
            let got: Vec<Date> = [(1, 1), (1, 15), (5, 5), (7, 7), (8, 15), (9, 9), (12, 8)]
                .iter()
                .map(|(m, d)| day(spring.year(), *m, *d).unwrap())
                .collect();
            assert_eq!(got, days);
        }
    }

    #[test]
    fn leap_months_are_the_published_ones() {
        let got: Vec<(i16, i8)> = (FIRST..=LAST).filter_map(|y| leap_month(y).map(|m| (y, m))).collect();
        assert_eq!(got, LEAPS);
    }

    #[test]
    fn years_follow_one_another_and_months_have_their_days() {
        for y in FIRST..LAST {
            let last = day(y, 12, 30).or_else(|| day(y, 12, 29)).unwrap();
            assert_eq!(last.tomorrow().unwrap(), day(y + 1, 1, 1).unwrap(), "the year after {y}");
            let spring = day(y, 1, 1).unwrap();
            assert!((Date::constant(y, 1, 21)..=Date::constant(y, 2, 21)).contains(&spring), "{spring}");
        }
        assert_eq!(day(2100, 12, 29), Some(Date::constant(2101, 1, 28)));
        assert_eq!((day(1899, 1, 1), day(2101, 1, 1), day(2026, 13, 1), day(2026, 0, 1), day(2026, 1, 31)), (None, None, None, None, None));
    }

    #[test]
    fn pure_brightness_falls_on_the_published_days() {
        for (y, d) in [
            (1901, 5),
            (1912, 5),
            (1949, 5),
            (1976, 4),
            (1999, 5),
            (2000, 4),
            (2008, 4),
            (2015, 5),
            (2016, 4),
            (2019, 5),
            (2020, 4),
            (2023, 5),
            (2024, 4),
            (2025, 4),
            (2026, 5),
            (2027, 5),
            (2028, 4),
            (2099, 4),
        ] {
            assert_eq!(pure_brightness(y), Some(Date::constant(y, 4, d)), "{y}");
        }
        assert_eq!((pure_brightness(1899), pure_brightness(2100)), (None, None));
    }
}
