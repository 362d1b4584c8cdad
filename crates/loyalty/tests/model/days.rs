//! Days and dates, counted by hand: days since 1970-01-01, leap years by the rule of the calendar.

fn leaps(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if leaps(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day of a date.
pub fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = if year >= 1970 {
        (1970..year).map(|y| 365 + i64::from(leaps(y))).sum()
    } else {
        -(year..1970).map(|y| 365 + i64::from(leaps(y))).sum::<i64>()
    };
    years + (1..month).map(|m| month_length(year, m)).sum::<i64>() + day - 1
}

/// The date of a day.
pub fn date_of(day: i64) -> (i64, i64, i64) {
    let (mut year, mut left) = (1970 + day.div_euclid(366), day);
    left -= day_of(year, 1, 1);
    while left >= 365 + i64::from(leaps(year)) {
        left -= 365 + i64::from(leaps(year));
        year += 1;
    }
    let mut month = 1;
    while left >= month_length(year, month) {
        left -= month_length(year, month);
        month += 1;
    }
    (year, month, left + 1)
}
