//! Times as exports write them, in the zone of the shop. A day that no calendar has is impossible,
//! any other unreadable text is a bad date; nothing is guessed.

mod order;
mod words;

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use shuke_kernel::Instant;
use shuke_kernel::civil::{day_of, month_length};

use crate::cell::fold_width;
pub use order::{DayOrder, Orders};

/// The zone in which a file's bare times are meant.
#[derive(Clone, Debug)]
pub enum Zone {
    /// A fixed offset in seconds east of Greenwich (China has had +08:00 all year since 1992).
    Fixed(i64),
    /// A zone with rules of its own.
    Named(TimeZone),
}

impl Zone {
    /// China.
    pub const SHANGHAI: Zone = Zone::Fixed(8 * 3600);

    /// The zone of this IANA name; unknown names read as China.
    pub fn named(name: &str) -> Zone {
        match name {
            "" | "Asia/Shanghai" | "PRC" | "Asia/Chongqing" => Zone::SHANGHAI,
            _ => TimeZone::get(name).map_or(Zone::SHANGHAI, Zone::Named),
        }
    }
}

/// A time that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct When {
    /// The instant.
    pub at: Instant,
    /// Only a day was given.
    pub day_only: bool,
    /// A spreadsheet has rewritten it: slashes, no leading zeros, no seconds.
    pub reformatted: bool,
    /// Its hours count to twelve: `下午3:04`, `3:04 PM`.
    pub twelve_hours: bool,
}

/// Why a time is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenError {
    /// No calendar has this day.
    Impossible,
    /// Not a time.
    Bad,
    /// A day that is another day when day and month change places.
    Ambiguous,
}

/// What a date allows whose digits leave a choice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The orders of day, month and year that the calendar allows.
    pub orders: Orders,
    /// The number at its beginning and that at its end, either of which may be the year.
    pub ends: (i64, i64),
}

/// The choice that a cell leaves; `None` where it is no date or leaves none.
pub fn choice(text: &str) -> Option<Choice> {
    let folded = fold_width(text);
    let mut c = Cursor { b: folded.trim().as_bytes(), i: 0 };
    let first = c.digits()?;
    let sep = c.date_sep()?;
    let second = c.digits()?;
    c.date_sep()?;
    let third = c.digits()?;
    let has_choice = first.1 <= 2 && second.1 <= 2 && (third.1 == 4 || (third.1 <= 2 && first.1.max(third.1) == 2)) && sep != b'y';
    has_choice.then(|| Choice { orders: order::orders_of([first, second, third], sep), ends: (first.0, third.0) })
}

struct Parts {
    y: i64,
    mo: i64,
    d: i64,
    h: i64,
    mi: i64,
    s: i64,
    micros: i64,
    offset: Option<i64>,
    day_only: bool,
}

fn instant(p: &Parts, zone: &Zone) -> Result<Instant, WhenError> {
    if p.y == 0 && p.mo == 0 {
        return Err(WhenError::Bad);
    }
    if !(1..=12).contains(&p.mo) || p.d < 1 || p.d > month_length(p.y, p.mo) || !(1900..=2200).contains(&p.y) {
        return Err(WhenError::Impossible);
    }
    if (p.h, p.mi, p.s) == (24, 0, 0) {
        // The end of a day is the beginning of the next.
        let start = instant(&Parts { h: 0, ..*p }, &Zone::Fixed(0))?;
        let (y, mo, d) = day_at(start, 86_400);
        return instant(&Parts { y, mo, d, h: 0, ..*p }, zone);
    }
    if p.h > 23 || p.mi > 59 || p.s > 59 {
        return Err(WhenError::Bad);
    }
    let local = day_of(p.y, p.mo, p.d) * 86_400 + p.h * 3600 + p.mi * 60 + p.s;
    let seconds = match (p.offset, zone) {
        (Some(o), _) => local - o,
        (None, Zone::Fixed(o)) => local - o,
        (None, Zone::Named(tz)) => {
            let dt =
                civil::DateTime::new(p.y as i16, p.mo as i8, p.d as i8, p.h as i8, p.mi as i8, p.s as i8, 0).map_err(|_| WhenError::Bad)?;
            return tz.to_timestamp(dt).map(|t: Timestamp| Instant(t.as_microsecond() + p.micros)).map_err(|_| WhenError::Bad);
        }
    };
    Ok(Instant(seconds * 1_000_000 + p.micros))
}

/// Two ASCII digits.
fn two(b: &[u8]) -> Option<i64> {
    match b {
        [a @ b'0'..=b'9', c @ b'0'..=b'9'] => Some(i64::from(a - b'0') * 10 + i64::from(c - b'0')),
        _ => None,
    }
}

/// Reads a time. `text` is a cleaned, non-empty cell.
pub fn parse(text: &str, zone: &Zone, order: DayOrder) -> Result<When, WhenError> {
    let b = text.as_bytes();
    // `2026-08-06 22:16:20`, which nearly every cell is.
    if b.len() == 19
        && b[4] == b'-'
        && b[7] == b'-'
        && (b[10] == b' ' || b[10] == b'T')
        && b[13] == b':'
        && b[16] == b':'
        && let (Some(c), Some(yy), Some(mo), Some(d), Some(h), Some(mi), Some(s)) =
            (two(&b[..2]), two(&b[2..4]), two(&b[5..7]), two(&b[8..10]), two(&b[11..13]), two(&b[14..16]), two(&b[17..]))
    {
        let p = Parts { y: c * 100 + yy, mo, d, h, mi, s, micros: 0, offset: None, day_only: false };
        return Ok(When { at: instant(&p, zone)?, day_only: false, reformatted: false, twelve_hours: false });
    }
    slow(text, zone, order)
}

fn slow(text: &str, zone: &Zone, order: DayOrder) -> Result<When, WhenError> {
    let folded = fold_width(text);
    // A cell may have the day on one line and the hour on the next.
    let spaces = ['\u{202f}', '\n', '\r', '\t'];
    let folded = if folded.contains(spaces) { Cow::Owned(folded.replace(spaces, " ")) } else { folded };
    let s = words::in_digits(folded.trim());
    if s.bytes().all(|b| b.is_ascii_digit() || b == b'.') && s.bytes().filter(|b| *b == b'.').count() < 2 {
        return number(&s, zone);
    }
    let mut c = Cursor { b: s.as_bytes(), i: 0 };
    let (first, len) = c.digits().ok_or(WhenError::Bad)?;
    let sep = c.date_sep().ok_or(WhenError::Bad)?;
    let (second, len2) = c.digits().ok_or(WhenError::Bad)?;
    c.date_sep().ok_or(WhenError::Bad)?;
    let (third, len3) = c.digits().ok_or(WhenError::Bad)?;
    let _ = c.eat("日".as_bytes()) || c.eat("号".as_bytes());
    let (y, mo, d) = order::date_of([(first, len), (second, len2), (third, len3)], sep, order)?;
    let mut p = Parts { y, mo, d, h: 0, mi: 0, s: 0, micros: 0, offset: None, day_only: true };
    let mut seconds_given = true;
    let mut twelve_hours = false;
    c.eat(b",");
    c.spaces();
    c.eat(b"T");
    c.spaces();
    let mut short = len2 == 1 || len.min(len3) == 1;
    if !c.done() {
        let before = c.half();
        c.spaces();
        let (h, hl) = c.digits().filter(|(_, l)| *l <= 2).ok_or(WhenError::Bad)?;
        let mi = if c.eat(b":") {
            c.digits().filter(|(_, l)| *l <= 2).ok_or(WhenError::Bad)?.0
        } else if c.eat("时".as_bytes()) || c.eat("点".as_bytes()) {
            let half = c.eat("半".as_bytes());
            c.eat("整".as_bytes());
            let minutes = c.digits().unwrap_or((0, 0));
            if minutes.1 > 2 {
                return Err(WhenError::Bad);
            }
            if half { 30 } else { minutes.0 }
        } else if before.is_some() || c.half_follows() {
            0
        } else {
            return Err(WhenError::Bad);
        };
        p.h = h;
        p.mi = mi;
        p.day_only = false;
        short |= hl == 1;
        seconds_given = false;
        if (c.eat(b":") || c.eat("分".as_bytes()))
            && let Some((sec, l)) = c.digits()
        {
            if l > 2 {
                return Err(WhenError::Bad);
            }
            p.s = sec;
            seconds_given = true;
            c.eat("秒".as_bytes());
            if c.eat(b".") {
                let (f, l) = c.digits().ok_or(WhenError::Bad)?;
                let l = l.min(12) as u32;
                p.micros = if l <= 6 { f * 10_i64.pow(6 - l) } else { f / 10_i64.pow(l - 6) };
            }
        }
        c.spaces();
        if let Some(half) = before.or_else(|| c.half()) {
            p.h = half.hour(h).ok_or(WhenError::Bad)?;
            twelve_hours = true;
        }
        c.spaces();
        if c.eat(b"Z") || c.eat(b"UTC") || c.eat(b"GMT") {
            p.offset = Some(0);
        } else if let Some(sign) = c.sign() {
            let (oh, l) = c.digits().ok_or(WhenError::Bad)?;
            let (oh, om) = match l {
                4 => (oh / 100, oh % 100),
                1 | 2 => (oh, if c.eat(b":") { c.digits().ok_or(WhenError::Bad)?.0 } else { 0 }),
                _ => return Err(WhenError::Bad),
            };
            if oh > 15 || om > 59 {
                return Err(WhenError::Bad);
            }
            p.offset = Some(sign * (oh * 3600 + om * 60));
        }
        c.spaces();
        if !c.done() {
            return Err(WhenError::Bad);
        }
    }
    let at = instant(&p, zone)?;
    Ok(When { at, day_only: p.day_only, reformatted: sep == b'/' && !p.day_only && (short || !seconds_given), twelve_hours })
}

/// Digits alone: `20260806`, `20260806221620`, Unix seconds or milliseconds, or a spreadsheet's serial.
fn number(s: &str, zone: &Zone) -> Result<When, WhenError> {
    let (whole, fraction) = s.split_once('.').unwrap_or((s, ""));
    if fraction.contains('.') || whole.is_empty() || whole.len() > 14 {
        return Err(WhenError::Bad);
    }
    let n: i64 = whole.parse().map_err(|_| WhenError::Bad)?;
    let civil = |n: i64, t: i64, day_only: bool| {
        let p = Parts {
            y: n / 10_000,
            mo: n / 100 % 100,
            d: n % 100,
            h: t / 10_000,
            mi: t / 100 % 100,
            s: t % 100,
            micros: 0,
            offset: None,
            day_only,
        };
        instant(&p, zone).map(|at| When { at, day_only, reformatted: false, twelve_hours: false })
    };
    match (whole.len(), fraction.is_empty()) {
        (8, true) => civil(n, 0, true),
        (12, true) => civil(n / 10_000, n % 10_000 * 100, false),
        (14, true) => civil(n / 1_000_000, n % 1_000_000, false),
        // `2026080610` is an hour; as Unix seconds it would lie in the 2030s.
        (10, true) if civil(n / 100, n % 100 * 10_000, false).is_ok_and(|_| (1990..2100).contains(&(n / 1_000_000))) => {
            civil(n / 100, n % 100 * 10_000, false)
        }
        (10, true) => Ok(When { at: Instant(n * 1_000_000), day_only: false, reformatted: false, twelve_hours: false }),
        (13, true) => Ok(When { at: Instant(n * 1_000), day_only: false, reformatted: false, twelve_hours: false }),
        (5, _) if (20_000..=90_000).contains(&n) => {
            // A serial counts days from 1899-12-30; its fraction is exact to the second after rounding.
            let mut seconds = 0_i64;
            if !fraction.is_empty() {
                let digits: String = fraction.chars().chain(std::iter::repeat('0')).take(12).collect();
                let f: i128 = digits.parse().map_err(|_| WhenError::Bad)?;
                seconds = ((f * 86_400 + 500_000_000_000) / 1_000_000_000_000) as i64;
            }
            let days = n - 25_569 + seconds / 86_400;
            serial(days, seconds % 86_400, zone).map(|at| When {
                at,
                day_only: fraction.is_empty(),
                reformatted: false,
                twelve_hours: false,
            })
        }
        _ => Err(WhenError::Bad),
    }
}

fn serial(days: i64, seconds: i64, zone: &Zone) -> Result<Instant, WhenError> {
    let (y, mo, d) = civil_from_days(days);
    instant(&Parts { y, mo, d, h: seconds / 3600, mi: seconds / 60 % 60, s: seconds % 60, micros: 0, offset: None, day_only: false }, zone)
}

/// The day of the Gregorian calendar that lies `z` days after 1970-01-01.
pub fn civil_from_days(z: i64) -> (i64, i64, i64) {
    let z = z + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(m <= 2), m, d)
}

/// The calendar day of an instant at an offset from Greenwich.
pub fn day_at(at: Instant, offset: i64) -> (i64, i64, i64) {
    civil_from_days((at.0.div_euclid(1_000_000) + offset).div_euclid(86_400))
}

/// The day on which an instant falls, since 1970-01-01.
pub fn day(at: Instant, zone: &Zone) -> i64 {
    let ahead = match zone {
        Zone::Fixed(seconds) => *seconds,
        Zone::Named(tz) => Timestamp::from_microsecond(at.0).map_or(0, |t| i64::from(tz.to_offset(t).seconds())),
    };
    (at.0.div_euclid(1_000_000) + ahead).div_euclid(86_400)
}

/// A day as people and programs write it: `2026-03-05`.
pub fn day_text(day: i64) -> String {
    let (year, month, day) = civil_from_days(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The same time a day later, by the zone's calendar.
pub fn next_day(at: Instant, zone: &Zone) -> Instant {
    let plain = Instant(at.0.saturating_add(86_400_000_000));
    match zone {
        Zone::Fixed(_) => plain,
        Zone::Named(tz) => {
            let then = Timestamp::from_microsecond(at.0).ok().and_then(|t| tz.to_datetime(t).tomorrow().ok());
            then.and_then(|t| tz.to_timestamp(t).ok()).map_or(plain, |t| Instant(t.as_microsecond()))
        }
    }
}

/// RFC 3339 at +08:00, without a fraction.
pub fn rfc3339_china(at: Instant) -> String {
    let t = at.0.div_euclid(1_000_000) + 8 * 3600;
    let (y, m, d) = civil_from_days(t.div_euclid(86_400));
    let s = t.rem_euclid(86_400);
    format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}+08:00", s / 3600, s / 60 % 60, s % 60)
}

/// RFC 3339 in UTC, without a fraction.
pub fn rfc3339_utc(at: Instant) -> String {
    let t = at.0.div_euclid(1_000_000);
    let (y, m, d) = civil_from_days(t.div_euclid(86_400));
    let s = t.rem_euclid(86_400);
    format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}Z", s / 3600, s / 60 % 60, s % 60)
}

/// A birthday as people write it: year (0: not told), month, day, and whether by the lunar calendar.
pub type Born = ((i16, i8, i8), bool);

/// Reads a birthday of either calendar: `农历1990-03-05`, `1990年三月初五` and `3月5日(农历)` are lunar.
pub fn born(text: &str, order: DayOrder) -> Result<Born, WhenError> {
    let folded = fold_width(text);
    let (mut rest, mut lunar) = (folded.trim().to_owned(), false);
    for word in ["(农历)", "(阴历)", "(旧历)", "农历", "阴历", "旧历", "(公历)", "(阳历)", "公历", "阳历", "新历"] {
        if rest.contains(word) {
            lunar |= word.contains(['农', '阴', '旧']);
            rest = rest.replace(word, "");
        }
    }
    let rest = rest.trim().trim_matches([':', ' ']);
    match lunar_names(rest) {
        Some(day) => Ok((day, true)),
        None if lunar => lunar_digits(rest).map(|day| (day, true)),
        None => birthday(rest, order).map(|day| (day, false)),
    }
}

/// `1990年三月初五`, `腊月廿三`: the names that the lunar calendar alone has for days.
fn lunar_names(text: &str) -> Option<(i16, i8, i8)> {
    const DIGITS: &str = "〇一二三四五六七八九十";
    let digit = |c: char| DIGITS.chars().position(|d| d == c).and_then(|i| i8::try_from(i).ok());
    let (year, rest) = match text.split_once('年') {
        Some((y, rest)) => (y.trim().parse::<i16>().ok().filter(|y| (1850..=2200).contains(y))?, rest),
        None => (0, text),
    };
    let (month, day) = rest.trim().split_once('月')?;
    let month = match month.trim().trim_start_matches('闰') {
        "正" => 1,
        "冬" | "十一" => 11,
        "腊" | "十二" => 12,
        one if one.chars().count() == 1 => digit(one.chars().next()?).filter(|m| *m > 0)?,
        digits => digits.parse().ok().filter(|m| (1..=12).contains(m))?,
    };
    let day: Vec<char> = day.trim().trim_end_matches('日').chars().collect();
    let day = match day[..] {
        ['初', d] => digit(d).filter(|d| *d > 0)?,
        ['十', d] => 10 + digit(d).filter(|d| (1..=9).contains(d))?,
        ['廿', d] => 20 + digit(d).filter(|d| (1..=9).contains(d))?,
        ['二', '十'] => 20,
        ['三', '十'] => 30,
        ['二', '十', d] => 20 + digit(d).filter(|d| (1..=9).contains(d))?,
        _ => return None,
    };
    Some((year, month, day))
}

/// A lunar day in digits: year first, or month and day alone.
fn lunar_digits(text: &str) -> Result<(i16, i8, i8), WhenError> {
    let n = |s: &str| s.parse::<i64>().map_err(|_| WhenError::Bad);
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let (y, m, d) = match parts[..] {
        [one] if one.len() == 8 => (n(&one[..4])?, n(&one[4..6])?, n(&one[6..])?),
        [m, d] => (0, n(m)?, n(d)?),
        [y, m, d, ..] if y.len() == 4 => (n(y)?, n(m)?, n(d)?),
        _ => return Err(WhenError::Bad),
    };
    // A lunar month has thirty days at most.
    if !(1..=12).contains(&m) || !(1..=30).contains(&d) || (y != 0 && !(1850..=2200).contains(&y)) {
        return Err(WhenError::Impossible);
    }
    Ok((y as i16, m as i8, d as i8))
}

/// Reads a birthday: `1990-02-03`, `1990/2/3`, `1990年2月3日`, `19900203`, or a month and day
/// without a year (`02-03`, year 0).
pub fn birthday(text: &str, order: DayOrder) -> Result<(i16, i8, i8), WhenError> {
    let folded = fold_width(text);
    let s = folded.trim();
    let parts: Vec<&str> = s.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let n = |s: &str| s.parse::<i64>().map_err(|_| WhenError::Bad);
    let (y, m, d) = match parts.as_slice() {
        [one] if one.len() == 8 && one.len() == s.len() => (n(&one[..4])?, n(&one[4..6])?, n(&one[6..])?),
        [one] if one.len() == 5 && one.len() == s.len() => civil_from_days(n(one)? - 25_569),
        [m, d] if m.len() <= 2 && d.len() <= 2 => (0, n(m)?, n(d)?),
        [a, b, y, ..] if y.len() == 4 && a.len() <= 2 && b.len() <= 2 => {
            let (a, b, y) = (n(a)?, n(b)?, n(y)?);
            match order {
                DayOrder::MonthFirst => (y, a, b),
                DayOrder::DayFirst => (y, b, a),
                _ if a == b || a > 12 => (y, b, a),
                _ if b > 12 => (y, a, b),
                _ => return Err(WhenError::Ambiguous),
            }
        }
        [y, m, d, ..] if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => (n(y)?, n(m)?, n(d)?),
        _ => return Err(WhenError::Bad),
    };
    if y == 0 && (m == 0 || d == 0) {
        return Err(WhenError::Bad);
    }
    let leap = if y == 0 { 2000 } else { y };
    if !(1..=12).contains(&m) || d < 1 || d > month_length(leap, m) || (y != 0 && !(1850..=2200).contains(&y)) {
        return Err(WhenError::Impossible);
    }
    Ok((y as i16, m as i8, d as i8))
}

/// Half of a day, where hours count to twelve.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    Evening,
}

const HALVES: &[(&str, Half)] = &[
    ("上午", Half::Morning),
    ("早上", Half::Morning),
    ("凌晨", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Evening),
    ("晚上", Half::Evening),
    ("a.m.", Half::Morning),
    ("p.m.", Half::Afternoon),
    ("am", Half::Morning),
    ("pm", Half::Afternoon),
];

impl Half {
    /// The hour of the day; `None` where the two contradict each other.
    fn hour(self, h: i64) -> Option<i64> {
        match (self, h) {
            (Half::Morning, 12) => Some(0),
            (Half::Morning, 0..=11) | (Half::Noon, 11..=14) => Some(h),
            (Half::Noon, 0..=2) => Some(h + 12),
            (Half::Afternoon, 12..=23) | (Half::Evening, 13..=23) => Some(h),
            (Half::Afternoon, 0..=11) | (Half::Evening, 1..=11) => Some(h + 12),
            // Twelve in the evening is midnight of which day?
            _ => None,
        }
    }
}

struct Cursor<'a> {
    b: &'a [u8],
    i: usize,
}

impl Cursor<'_> {
    fn done(&self) -> bool {
        self.i >= self.b.len()
    }
    fn digits(&mut self) -> Option<(i64, usize)> {
        let start = self.i;
        let mut v = 0_i64;
        while let Some(d @ b'0'..=b'9') = self.b.get(self.i) {
            v = v.checked_mul(10)?.checked_add(i64::from(d - b'0'))?;
            self.i += 1;
        }
        (self.i > start).then_some((v, self.i - start))
    }
    fn eat(&mut self, word: &[u8]) -> bool {
        let hit = self.b[self.i.min(self.b.len())..].starts_with(word);
        if hit {
            self.i += word.len();
        }
        hit
    }
    fn spaces(&mut self) {
        while self.b.get(self.i) == Some(&b' ') {
            self.i += 1;
        }
    }
    fn sign(&mut self) -> Option<i64> {
        if self.eat(b"+") {
            Some(1)
        } else if self.eat(b"-") {
            Some(-1)
        } else {
            None
        }
    }
    fn half(&mut self) -> Option<Half> {
        let rest = &self.b[self.i.min(self.b.len())..];
        let is = |w: &str| rest.get(..w.len()).is_some_and(|r| r.eq_ignore_ascii_case(w.as_bytes()));
        let (word, half) = HALVES.iter().find(|(w, _)| is(w))?;
        self.i += word.len();
        Some(*half)
    }
    fn half_follows(&self) -> bool {
        let mut c = Cursor { b: self.b, i: self.i };
        c.spaces();
        c.half().is_some()
    }
    fn date_sep(&mut self) -> Option<u8> {
        for (word, kind) in [("-", b'-'), ("/", b'/'), (".", b'.'), ("年", b'y'), ("月", b'y')] {
            if self.eat(word.as_bytes()) {
                return Some(kind);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(s: &str) -> Result<String, WhenError> {
        parse(s, &Zone::SHANGHAI, DayOrder::Refuse).map(|w| rfc3339_china(w.at))
    }

    #[test]
    fn spellings_of_the_same_time() {
        for s in [
            "2026-08-06 22:16:20",
            "2026/8/6 22:16:20",
            "2026-08-06T22:16:20+08:00",
            "2026-08-06T14:16:20Z",
            "2026-08-06 22:16:20 +0800",
            "2026年8月6日 22:16:20",
            "2026年08月06日22时16分20秒",
            "20260806221620",
            "2026.08.06 22:16:20",
            "2026-08-06 22:16:20.000",
            "2026-08-06\n22:16:20",
            "1786025780",
        ] {
            assert_eq!(read(s).as_deref(), Ok("2026-08-06T22:16:20+08:00"), "{s}");
        }
        assert_eq!(read("46240.927"), Ok("2026-08-06T22:14:53+08:00".into()));
        assert_eq!(read("2026080610"), Ok("2026-08-06T10:00:00+08:00".into()));
        assert_eq!(read("2026/8/6"), Ok("2026-08-06T00:00:00+08:00".into()));
        assert!(parse("2026/9/1 8:00", &Zone::SHANGHAI, DayOrder::Refuse).is_ok_and(|w| w.reformatted));
        assert!(parse("2026/09/01 08:00:00", &Zone::SHANGHAI, DayOrder::Refuse).is_ok_and(|w| !w.reformatted));
    }

    #[test]
    fn impossible_and_bad() {
        for s in ["2026-02-30 10:00:00", "2026-13-01 00:00:00", "2026-06-31 12:00:00", "2025-02-29"] {
            assert_eq!(read(s), Err(WhenError::Impossible), "{s}");
        }
        for s in [
            "2026-06-01T25:00:00",
            "0000-00-00 00:00:00",
            "2026/9/1 13:00 AM",
            "2026/9/1 晚上12:30",
            "2026-9-1 8",
            "soon",
            "13/14/2026",
            "2026-08-06 22:61:00",
            "2026-09-01 24:00:01",
        ] {
            assert_eq!(read(s), Err(WhenError::Bad), "{s}");
        }
        assert_eq!((read("01/02/2026"), read("1/9/2026 10:00")), (Err(WhenError::Ambiguous), Err(WhenError::Ambiguous)));
        assert_eq!(read("9/9/2026 10:00"), Ok("2026-09-09T10:00:00+08:00".into()));
    }

    #[test]
    fn hours_that_count_to_twelve() {
        for s in [
            "2026年3月5日 下午3:04",
            "2026/3/5 下午 3:04:00",
            "2026-03-05 3:04 PM",
            "2026-03-05 03:04:00pm",
            "2026-03-05 15:04 PM",
            "2026年3月5日下午3点04分",
            "2026-03-05, 3:04\u{202f}p.m.",
            "２０２６／０３／０５　１５：０４",
            "2026-03-05 星期四 15:04",
            "2026/03/05 (周四) 15:04:00",
            "5 Mar 2026 15:04",
            "05-Mar-2026 15:04:00",
            "Mar 5, 2026 3:04 PM",
            "March 5, 2026, 3:04 PM",
            "Thu, 05 Mar 2026 15:04:00 +0800",
            "Thu Mar 05 15:04:00 CST 2026",
            "26年3月5日 15:04",
            "13/05/2026 15:04",
        ] {
            let must = if s.starts_with("13") { "2026-05-13T15:04:00+08:00" } else { "2026-03-05T15:04:00+08:00" };
            assert_eq!(read(s).as_deref(), Ok(must), "{s}");
        }
        for (s, hour) in
            [("上午12:30", 0), ("下午12:30", 12), ("12:30 AM", 0), ("12:30 PM", 12), ("中午12:30", 12), ("晚上8:30", 20), ("凌晨1:30", 1)]
        {
            assert_eq!(read(&format!("2026-03-05 {s}")), Ok(format!("2026-03-05T{hour:02}:30:00+08:00")), "{s}");
        }
        assert_eq!(read("2026-03-05 3 PM"), Ok("2026-03-05T15:00:00+08:00".into()));
        assert_eq!(read("2026年3月5日 15点半"), Ok("2026-03-05T15:30:00+08:00".into()));
    }

    #[test]
    fn years_of_two_digits() {
        assert_eq!(read("26-03-05 15:04:05"), Ok("2026-03-05T15:04:05+08:00".into()));
        assert_eq!(read("26-03-12"), Err(WhenError::Ambiguous));
        assert_eq!(read("3/25/26 15:04"), Ok("2026-03-25T15:04:00+08:00".into()));
        assert_eq!(read("3/5/26"), Err(WhenError::Ambiguous));
        let by = |s, order| parse(s, &Zone::SHANGHAI, order).map(|w| rfc3339_china(w.at)[..10].to_owned());
        assert_eq!(by("3/5/26", DayOrder::MonthFirst).as_deref(), Ok("2026-03-05"));
        assert_eq!(by("3/5/26", DayOrder::DayFirst).as_deref(), Ok("2026-05-03"));
        assert_eq!(by("26/3/12", DayOrder::YearFirst).as_deref(), Ok("2026-03-12"));
        assert_eq!(by("31.2.2026", DayOrder::DayFirst), Err(WhenError::Impossible));
        assert_eq!(by("5.3.2026", DayOrder::Refuse).as_deref(), Ok("2026-03-05"), "points: day first");
    }

    #[test]
    fn the_end_of_a_day_is_the_beginning_of_the_next() {
        for (s, at) in [
            ("2026-09-01 24:00:00", "2026-09-02T00:00:00+08:00"),
            ("2026/12/31 24:00", "2027-01-01T00:00:00+08:00"),
            ("2026-02-28T24:00:00Z", "2026-03-01T08:00:00+08:00"),
        ] {
            assert_eq!(read(s).as_deref(), Ok(at), "{s}");
        }
    }

    #[test]
    fn a_zone_with_rules() {
        let london = Zone::named("Europe/London");
        let at = |s| parse(s, &london, DayOrder::MonthFirst).map(|w| rfc3339_utc(w.at));
        assert_eq!(at("2011-07-01 08:26:00"), Ok("2011-07-01T07:26:00Z".into()));
        assert_eq!(at("12/1/2010 8:26"), Ok("2010-12-01T08:26:00Z".into()));
    }

    #[test]
    fn birthdays() {
        assert_eq!(birthday("1976-04-17", DayOrder::Refuse), Ok((1976, 4, 17)));
        assert_eq!(birthday("1976年4月17日", DayOrder::Refuse), Ok((1976, 4, 17)));
        assert_eq!(birthday("02-29", DayOrder::Refuse), Ok((0, 2, 29)));
        assert_eq!(birthday("1990-02-30", DayOrder::Refuse), Err(WhenError::Impossible));
        assert_eq!(birthday("x", DayOrder::Refuse), Err(WhenError::Bad));
        for (text, must) in [
            ("农历1990-03-05", ((1990, 3, 5), true)),
            ("农历3月5日", ((0, 3, 5), true)),
            ("1990-02-30(农历)", ((1990, 2, 30), true)),
            ("农历三月初五", ((0, 3, 5), true)),
            ("1990年腊月廿三", ((1990, 12, 23), true)),
            ("公历 1990-03-05", ((1990, 3, 5), false)),
            ("1990年3月5日", ((1990, 3, 5), false)),
        ] {
            assert_eq!(born(text, DayOrder::Refuse), Ok(must), "{text}");
        }
        assert_eq!(born("农历1990-03-31", DayOrder::Refuse), Err(WhenError::Impossible));
        assert_eq!(
            (birthday("3/2/1990", DayOrder::Refuse), birthday("3/2/1990", DayOrder::DayFirst)),
            (Err(WhenError::Ambiguous), Ok((1990, 2, 3)))
        );
    }
}
