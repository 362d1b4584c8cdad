//! Days and hours of a Chinese shop: days as counted from 1970, seconds as the shop's clock shows
//! them, the peaks (6.18, 11.11, 12.12, 年货节) and the quiet week of Spring Festival.

use std::fmt::Write;

use shuke_kernel::civil::{date_of, day_of};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Spring Festival's first day, month and day, from 2018 on.
const SPRING: &[(u8, u8)] = &[
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 15),
    (2, 4),
];

/// `2026-11-11`.
pub fn show_day(day: i64) -> String {
    let (y, m, d) = date_of(day);
    format!("{y:04}-{m:02}-{d:02}")
}

/// `2026-11-11 20:00:13`, appended.
pub fn write_time(out: &mut String, at: i64) {
    let ((y, m, d), s) = (date_of(at.div_euclid(DAY)), at.rem_euclid(DAY));
    let _ = write!(out, "{y:04}-{m:02}-{d:02} {:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

/// `2026-11-11 20:00:13`.
pub fn show_time(at: i64) -> String {
    let mut out = String::with_capacity(19);
    write_time(&mut out, at);
    out
}

/// Days until Spring Festival's first day (negative: after it), of the nearest one.
fn to_spring(day: i64) -> i64 {
    let (year, _, _) = date_of(day);
    [year, year + 1]
        .iter()
        .map(|y| {
            let (m, d) = SPRING.get((y - 2018).clamp(0, SPRING.len() as i64 - 1) as usize).copied().unwrap_or((2, 5));
            day_of(*y, m.into(), d.into()) - day
        })
        .min_by_key(|n| n.abs())
        .unwrap_or(i64::MAX)
}

/// The peaks by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peak {
    /// 6.18
    June,
    /// 11.11
    Eleven,
    /// 12.12
    Twelve,
    /// 年货节: the fourth week before Spring Festival.
    NewYear,
}

/// The peak whose first hours this day is.
pub fn peak(day: i64) -> Option<Peak> {
    match date_of(day) {
        (_, 6, 18) => Some(Peak::June),
        (_, 11, 11) => Some(Peak::Eleven),
        (_, 12, 12) => Some(Peak::Twelve),
        _ if to_spring(day) == 24 => Some(Peak::NewYear),
        _ => None,
    }
}

/// Whether the day is in a sale's run-up, on which discounts are deeper.
pub fn on_sale(day: i64) -> bool {
    let (_, m, d) = date_of(day);
    matches!((m, d), (6, 1..=20) | (11, 1..=11) | (12, 12) | (3, 8)) || (14..=26).contains(&to_spring(day))
}

/// How many people come for the first time on this day, beside an ordinary one.
pub fn weight(day: i64) -> f64 {
    let (_, m, d) = date_of(day);
    let weekday = [1.0, 0.97, 0.96, 0.98, 1.0, 1.08, 1.1][(day + 3).rem_euclid(7) as usize];
    let season = [0.95, 0.85, 1.0, 0.98, 1.05, 1.1, 0.9, 0.92, 1.02, 1.05, 1.15, 1.05][(m - 1) as usize];
    let spring = to_spring(day);
    let sale = match (m, d) {
        (6, 18) => 6.0,
        (11, 11) => 9.0,
        (6, 1) | (11, 1) => 2.8,
        (12, 12) => 2.6,
        (3, 8) => 1.8,
        (6, 2..=20) => 1.5,
        (11, 2..=10) => 1.4,
        (11, 12..=20) | (6, 21..=28) => 0.7,
        _ if spring == 24 => 2.6,
        _ if (14..=26).contains(&spring) => 1.6,
        _ if (-6..=3).contains(&spring) => 0.3,
        _ => 1.0,
    };
    weekday * season * sale
}

/// The next day within `reach` for which a buyer might wait: a peak, or the end of the holidays.
pub fn worth_waiting(day: i64, reach: i64) -> Option<i64> {
    (day + 1..=day + reach).find(|d| peak(*d).is_some())
}

/// Whether couriers rest: nobody orders much then.
pub fn holidays(day: i64) -> bool {
    (-5..=2).contains(&to_spring(day))
}

/// How many orders fall into each hour, beside each other.
pub fn hours(day: i64) -> [f64; 24] {
    let mut h = [1.6, 0.7, 0.35, 0.2, 0.2, 0.35, 0.9, 1.8, 3.0, 4.6, 5.6, 5.2, 5.0, 5.2, 5.0, 4.9, 4.9, 4.6, 4.4, 5.2, 7.0, 8.0, 7.0, 4.0];
    if peak(day).is_some() {
        h[0] *= 9.0;
        h[1] *= 4.0;
        h[20] *= 2.2;
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_as_the_platforms_write_it() {
        assert_eq!(show_time(20_768 * DAY + 72_013), "2026-11-11 20:00:13");
    }

    #[test]
    fn peaks_of_the_year() {
        assert_eq!(peak(day_of(2026, 11, 11)), Some(Peak::Eleven));
        assert_eq!(peak(day_of(2026, 1, 24)), Some(Peak::NewYear));
        assert_eq!(worth_waiting(day_of(2026, 11, 5), 10), Some(day_of(2026, 11, 11)));
        assert!(holidays(day_of(2026, 2, 17)) && !holidays(day_of(2026, 3, 17)));
        assert!(weight(day_of(2026, 11, 11)) > 6.0 * weight(day_of(2026, 10, 14)));
    }
}
