//! Literals as they are written: days, instants, decimals, money.

use shuke_columns::dataset;
use shuke_columns::registry::MILLION;

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a day of 24 hours.
pub const DAY: i64 = 86_400 * SECOND;

pub use dataset::{date, decimal};

/// An instant in UTC, exactly `2024-02-29T12:00:00[.123456]Z`, as microseconds. `None` where it is none.
pub fn instant(text: &str) -> Option<i64> {
    let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let (clock, part) = clock.split_once('.').map_or((clock, ""), |(c, p)| (c, p));
    let fraction = text.contains('.');
    let shaped = clock.len() == 8 && clock.bytes().enumerate().all(|(i, c)| if i == 2 || i == 5 { c == b':' } else { c.is_ascii_digit() });
    let good_part = part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit()) && fraction != part.is_empty();
    if !shaped || !good_part {
        return None;
    }
    let number = |range: std::ops::Range<usize>| clock.get(range).and_then(|t| t.parse::<i64>().ok());
    let (h, m, s) = (number(0..2)?, number(3..5)?, number(6..8)?);
    let micros: i64 = format!("{part:0<6}").parse().ok()?;
    (h < 24 && m < 60 && s < 60).then_some(())?;
    Some(date(day)? * DAY + ((h * 60 + m) * 60 + s) * SECOND + micros)
}

/// Millionths as the shortest decimal: 250,000 is `0.25`, 2,000,000 is `2`.
pub fn show_decimal(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, part) = (millionths.unsigned_abs() / MILLION as u64, millionths.unsigned_abs() % MILLION as u64);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let part = format!("{part:06}");
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

/// Minor units as yuan: 12,850 is `¥128.50`.
pub fn show_fen(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("¥{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// A day as `2024-02-29`.
pub fn show_date(days: i64) -> String {
    let (y, m, d) = shuke_kernel::civil::date_of(days);
    format!("{y:04}-{m:02}-{d:02}")
}

/// An instant as `2024-02-29T12:00:00Z`, with as many decimals as it needs.
pub fn show_instant(micros: i64) -> String {
    let (day, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (seconds, part) = (rest / SECOND, rest % SECOND);
    let part = if part == 0 { String::new() } else { format!(".{}", format!("{part:06}").trim_end_matches('0')) };
    format!("{}T{:02}:{:02}:{:02}{part}Z", show_date(day), seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_exact_or_none() {
        for bad in [
            "2024-02-30T00:00:00Z",
            "2024-02-29",
            "2024-02-29T24:00:00Z",
            "2024-02-29T00:00:60Z",
            "2024-02-29T00:00:00.Z",
            "2024-02-29T00:00:00.1234567Z",
            "2024-02-29T00:00:00+00:00",
            "2024-02-29t00:00:00z",
            "2024-2-29T00:00:00Z",
        ] {
            assert_eq!(instant(bad), None, "{bad}");
        }
        for (text, shown) in [
            ("2024-02-29T16:00:00.000001Z", None),
            ("1969-12-31T23:59:59.5Z", None),
            ("2024-02-29T16:00:00.10Z", Some("2024-02-29T16:00:00.1Z")),
        ] {
            let micros = instant(text).unwrap();
            assert_eq!(show_instant(micros), shown.unwrap_or(text));
            assert_eq!(text.parse::<shuke_kernel::Instant>().unwrap().micros(), micros);
        }
        for bad in ["", "-", ".5", "1.", "1.0000001", "1234567890123", "+1", "1e3", "1,5", "--1"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
        assert_eq!(
            ["0.25", "-0.25", "2", "2.50", "-0", "999999999999.999999"].map(|t| show_decimal(decimal(t).unwrap())),
            ["0.25", "-0.25", "2", "2.5", "0", "999999999999.999999"]
        );
        assert_eq!([12_850, 5, -5, i64::MIN].map(show_fen), ["¥128.50", "¥0.05", "¥-0.05", "¥-92233720368547758.08"]);
        assert_eq!(show_date(date("2024-02-29").unwrap()), "2024-02-29");
        assert_eq!(date("1999-02-29"), None);
    }
}
