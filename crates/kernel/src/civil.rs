//! Days as numbers: the Gregorian calendar carried on without end, counted from 1970-01-01.
//!
//! After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013): eras of 400 years that begin on
//! 1 March, so that the leap day is a year's last. For loops over many rows and for years that a
//! calendar library does not reach; a zone's days are [`crate::Zone`]'s.

/// Year, month (1 to 12) and day of the month of a count of days since 1970-01-01.
#[inline]
pub fn date_of(day: i64) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01 of a year, month (1 to 12) and day of the month.
#[inline]
pub fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// How many days a month has.
#[inline]
pub fn month_length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)),
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;

    #[test]
    fn every_day_of_the_librarys_calendar_is_the_same() {
        let mut date = Date::constant(1969, 1, 1);
        let mut day = -365;
        while date.year() < 2105 {
            let told = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
            assert_eq!((date_of(day), day_of(told.0, told.1, told.2)), (told, day));
            assert_eq!(month_length(told.0, told.1), i64::from(date.days_in_month()));
            (date, day) = (date.tomorrow().expect("a day follows"), day + 1);
        }
    }

    #[test]
    fn days_far_away_come_back() {
        for day in (-800_000_000..800_000_000).step_by(99_991) {
            let (y, m, d) = date_of(day);
            assert_eq!(day_of(y, m, d), day);
        }
    }
}
