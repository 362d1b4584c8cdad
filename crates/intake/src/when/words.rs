//! Times with words in them: names of months and days of the week. They come out as digits.

use std::borrow::Cow;

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn month(word: &str) -> Option<usize> {
    let word = word.trim_end_matches('.').to_lowercase();
    let is = |m: &str| word == m || (m.starts_with(&word) && (word.len() == 3 || word == "sept"));
    MONTHS.iter().position(|m| is(m)).map(|i| i + 1)
}

fn is_day(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',']).to_lowercase();
    word.len() >= 3 && DAYS.iter().any(|d| *d == word || (word.len() <= 4 && d.starts_with(&word)))
}

/// The text without the day of the week, and with its month as digits. Text without such words is as it was.
pub(super) fn in_digits(text: &str) -> Cow<'_, str> {
    let text = without_day(text);
    if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return text;
    }
    named_month(&text).map_or(text, Cow::Owned)
}

/// `2026-03-05 星期四 15:04`, `(周四)`, `Thu, 5 Mar 2026`.
fn without_day(text: &str) -> Cow<'_, str> {
    for week in ["星期", "周", "礼拜"] {
        if let Some(at) = text.find(week) {
            let rest = &text[at + week.len()..];
            let Some(day) = rest.chars().next().filter(|c| "一二三四五六日天".contains(*c)) else { continue };
            let before = text[..at].trim_end_matches(['(', '（', ' ']);
            let after = rest[day.len_utf8()..].trim_start_matches([')', '）', ',', '，', ' ']);
            return Cow::Owned(format!("{before} {after}").trim().to_owned());
        }
    }
    match text.split_once([' ', ',']) {
        Some((first, rest)) if is_day(first) => Cow::Owned(rest.trim_start_matches([' ', ',']).to_owned()),
        _ => Cow::Borrowed(text),
    }
}

/// `5 Mar 2026 15:04`, `05-Mar-26`, `March 5, 2026, 3:04 PM`, `Mar 05 15:04:05 CST 2026`.
fn named_month(text: &str) -> Option<String> {
    let mut parts = text.split([' ', ',']).filter(|p| !p.is_empty());
    let first = parts.next()?;
    // A date in one piece: `05-Mar-2026`, `05/Mar/2026`.
    if let [d, m, y] = first.split(['-', '/', '.']).filter(|p| !p.is_empty()).collect::<Vec<_>>()[..] {
        let rest: Vec<&str> = parts.collect();
        return Some(format!("{} {}", date(d, month(m)?, y)?, rest.join(" ")).trim().to_owned());
    }
    let second = parts.next()?;
    let (m, d) = match (month(first), month(second)) {
        (Some(m), _) => (m, second),
        (None, Some(m)) => (m, first),
        _ => return None,
    };
    let mut rest: Vec<&str> = parts.collect();
    let is_year = |p: &&str| p.len() == 4 && p.bytes().all(|b| b.is_ascii_digit());
    let y = rest.remove(rest.iter().position(is_year).or((rest.first()?.len() == 2).then_some(0))?);
    // The clock of China, in the words of Java.
    rest.retain(|p| *p != "CST" && *p != "at");
    Some(format!("{} {}", date(d, m, y)?, rest.join(" ")).trim().to_owned())
}

fn date(day: &str, month: usize, year: &str) -> Option<String> {
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !(1..=2).contains(&day.len()) || !digits(day) || !digits(year) {
        return None;
    }
    let year = match year.len() {
        4 => year.to_owned(),
        2 => format!("20{year}"),
        _ => return None,
    };
    Some(format!("{year}-{month:02}-{day:0>2}"))
}
