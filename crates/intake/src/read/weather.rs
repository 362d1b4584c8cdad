//! The weather of a day in a region.

use shuke_commerce::weather::{Condition, Said};
use shuke_kernel::place::{self, Meant, Place};

use super::Cells;
use crate::field::Field as F;
use crate::record::Canonical;
use crate::when::{self, day_text};

/// Beyond these no place was ever so hot or cold, tenths of a degree.
const TEMPERATURES: std::ops::RangeInclusive<i64> = -700..=600;
/// Nor so wet in a day, tenths of a millimetre.
const RAIN: std::ops::RangeInclusive<i64> = 0..=20_000;

pub(super) fn read(c: &mut Cells<'_>) -> Option<(String, Canonical)> {
    let mut r = Said::default();
    day(c, &mut r);
    if let Some(place) = region(c) {
        (r.province, r.city) = (place.province.to_owned(), place.city.to_owned());
    }
    temperatures(c, &mut r);
    if let Some(text) = c.text(F::WeatherRain) {
        match rain(&text) {
            Some(tenths) => r.rain = Some(tenths),
            None => c.blame("bad_rain", F::WeatherRain),
        }
    }
    let said = c.text(F::WeatherWords);
    let words = said.as_deref().and_then(Condition::of_words);
    if said.is_some() && words.is_none() {
        c.blame("bad_weather", F::WeatherWords);
    }
    // As bad as either tells.
    r.condition = words.max(r.rain.and_then(|mm| Condition::of_rain(mm, r.high)));
    if r.condition.is_none() && r.high.is_none() && r.low.is_none() && r.rain.is_none() && c.reasons.is_empty() {
        c.blame("missing_weather", F::WeatherWords);
    }
    let day = if c.reasons.is_empty() { day_text(r.day) } else { c.text(F::WeatherDay).unwrap_or_default() };
    Some((format!("{day} {} {}", r.province, r.city).trim().to_owned(), Canonical::Weather(Box::new(r))))
}

fn day(c: &mut Cells<'_>, r: &mut Said) {
    match c.time(F::WeatherDay) {
        Some(when) => {
            r.day = when::day(when.at, &c.layout.zone);
            // What is not over yet is a forecast.
            if r.day > when::day(c.now, &c.layout.zone) {
                c.blame("future_weather", F::WeatherDay);
            }
        }
        None if c.text(F::WeatherDay).is_none() => c.blame("missing_weather_day", F::WeatherDay),
        // What is wrong with it is said already, but of the day on which computers begin to count.
        None if c.reasons.is_empty() => c.blame("impossible_date", F::WeatherDay),
        None => {}
    }
}

/// The region of a row, in one cell or in two. A city that is not known is not taken for its province.
fn region(c: &mut Cells<'_>) -> Option<Place> {
    let (wide, narrow) = (c.text(F::Province), c.text(F::City));
    let (found, field) = match (&wide, &narrow) {
        (None, None) => {
            c.blame("missing_region", if c.layout.has(F::Province) { F::Province } else { F::City });
            return None;
        }
        (Some(wide), None) => (place::find(wide), F::Province),
        (None, Some(narrow)) => (place::find(narrow), F::City),
        (Some(wide), Some(narrow)) => match place::find(wide) {
            Meant::One(province) if province.is_whole() => (place::find_in(province, narrow), F::City),
            // A city twice is that city, and no other.
            Meant::One(city) => match place::find_in(city.whole(), narrow) {
                Meant::One(again) if again == city => (Meant::One(city), F::City),
                _ => (Meant::None, F::City),
            },
            other => (other, F::Province),
        },
    };
    match found {
        Meant::One(place) => return Some(place),
        Meant::Several => c.blame("ambiguous_region", field),
        Meant::None => c.blame("bad_region", field),
    }
    None
}

fn temperatures(c: &mut Cells<'_>, r: &mut Said) {
    for (field, into) in [(F::WeatherHigh, &mut r.high), (F::WeatherLow, &mut r.low)] {
        let Some(text) = c.text(field) else { continue };
        match degrees(&text, c.layout.name_of(field)) {
            Some(tenths) => *into = Some(tenths),
            None => c.blame("bad_temperature", field),
        }
    }
    if let Some(text) = c.text(F::WeatherBoth).filter(|_| r.high.is_none() && r.low.is_none()) {
        match both(&text, c.layout.name_of(F::WeatherBoth)) {
            Some((high, low)) => (r.high, r.low) = (Some(high), Some(low)),
            None => c.blame("bad_temperature", F::WeatherBoth),
        }
    }
    if r.high.zip(r.low).is_some_and(|(high, low)| high < low) {
        c.blame("high_below_low", F::WeatherHigh);
    }
}

/// A number in ten-thousandths.
fn number(text: &str) -> Option<i64> {
    crate::amount::signed(text.trim(), 4).ok().map(|(number, _)| number)
}

/// Rounded half away from nought.
fn rounded(number: i64, by: i64) -> i64 {
    (number.abs() + by / 2) / by * number.signum()
}

/// Tenths of a degree Celsius: `35`, `-3.5`, `35℃`, `95°F`; `header` may name the unit.
fn degrees(text: &str, header: &str) -> Option<i64> {
    let is_fahrenheit = |of: &str| ["℉", "°F", "° F", "(F)", "（F）", "华氏", "ahrenheit"].iter().any(|unit| of.contains(unit));
    let text = text.trim();
    let bare = text.trim_end_matches(['℃', '℉', '度', 'C', 'c', 'F', 'f', '°', 'º', '摄', '氏', '华', ' ']);
    let fahrenheit = is_fahrenheit(text) || (!text.ends_with(['℃', 'C', 'c']) && (is_fahrenheit(header) || text.ends_with(['F', 'f'])));
    let exact = number(&bare.replace(['−', '—', '–'], "-").replace("零下", "-"))?;
    let exact = if fahrenheit { (exact - 320_000) * 5 / 9 } else { exact };
    Some(rounded(exact, 1_000)).filter(|t| TEMPERATURES.contains(t))
}

/// The higher and the lower of two temperatures in one cell: `32℃ / 24℃`, `24~32`, `-3℃～5℃`.
fn both(text: &str, header: &str) -> Option<(i64, i64)> {
    let divides = |c: char| matches!(c, '/' | '／' | '~' | '～' | '至' | '到' | '|' | ',' | '，' | ';');
    let (one, other) = text.split_once(divides).or_else(|| {
        // `24-32`: a sign that follows a number stands between two.
        let at = text
            .char_indices()
            .skip(1)
            .find(|(at, c)| *c == '-' && text[..*at].trim_end().ends_with(|c: char| c.is_ascii_digit() || matches!(c, '℃' | 'C' | '°')));
        at.map(|(at, _)| (&text[..at], &text[at + 1..]))
    })?;
    let (one, other) = (degrees(one, header)?, degrees(other, header)?);
    Some((one.max(other), one.min(other)))
}

/// Tenths of a millimetre: `12.5`, `12.5mm`; a trace is none.
fn rain(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase();
    let bare = text.trim_end_matches(['m', '毫', '米', ' ']);
    if matches!(bare, "无" | "微量" | "t" | "trace" | "none" | "无降水" | "") {
        return Some(0);
    }
    Some(rounded(number(bare)?, 1_000)).filter(|t| RAIN.contains(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperatures_are_read_as_people_write_them() {
        for (text, header, tenths) in [
            ("35", "最高气温", Some(350)),
            ("-3.5℃", "", Some(-35)),
            ("零下3度", "", Some(-30)),
            ("35°C", "", Some(350)),
            ("35.25", "", Some(353)),
            ("95°F", "", Some(350)),
            ("95", "Max Temp (°F)", Some(350)),
            ("35℃", "Max Temp (°F)", Some(350)),
            ("热", "", None),
            ("99", "", None),
            ("", "", None),
        ] {
            assert_eq!(degrees(text, header), tenths, "{text} {header}");
        }
        assert_eq!(both("32℃ / 24℃", ""), Some((320, 240)));
        assert_eq!(both("24~32", ""), Some((320, 240)));
        assert_eq!(both("24-32", ""), Some((320, 240)));
        assert_eq!(both("-3℃-5℃", ""), Some((50, -30)));
        assert_eq!(both("-10/-3", ""), Some((-30, -100)));
        assert_eq!(both("32", ""), None);
        assert_eq!(["12.5mm", "0", "微量", "0.04", "-1", "大"].map(rain), [Some(125), Some(0), Some(0), Some(0), None, None]);
    }
}
