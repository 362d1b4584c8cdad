//! Versions that follow one another, each in force from an instant on: the same for promotions and for settings.

use shuke_kernel::{Code, Instant, Result};

/// Characters of a note at most.
const NOTE: usize = 500;
/// The years 1900 to 2400, in microseconds.
const RECKONED: std::ops::Range<i64> = -2_208_988_800_000_000..13_569_465_600_000_000;

/// One version.
#[derive(Clone, Debug)]
pub struct Version<T> {
    /// Counts from 1.
    pub no: i64,
    /// From when on it is in force.
    pub from: Instant,
    /// Why, in words.
    pub note: String,
    /// When it was made.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// When it was withdrawn, before it began.
    pub withdrawn_at: Option<Instant>,
    /// What it says.
    pub says: T,
}

/// What is answered where a version cannot be.
#[derive(Clone, Copy, Debug)]
pub struct Codes {
    /// No such version.
    pub none: &'static Code,
    /// A version cannot begin in the past.
    pub in_the_past: &'static Code,
    /// Nor before one that stands.
    pub not_after: &'static Code,
    /// What has begun cannot be withdrawn.
    pub begun: &'static Code,
    /// A time that cannot be reckoned with.
    pub bad_time: &'static Code,
    /// A note that is too long.
    pub bad_note: &'static Code,
}

/// The version in force at an instant: the newest that had begun and was not withdrawn.
pub fn in_force<T>(all: &[Version<T>], at: Instant) -> Option<&Version<T>> {
    all.iter().rev().find(|v| v.withdrawn_at.is_none() && v.from <= at)
}

/// The next that will be in force after an instant.
pub fn next<T>(all: &[Version<T>], at: Instant) -> Option<&Version<T>> {
    all.iter().find(|v| v.withdrawn_at.is_none() && v.from > at)
}

/// What people are told of a version: `past`, `current`, `scheduled` or `withdrawn`.
pub fn word<T>(all: &[Version<T>], version: &Version<T>, now: Instant) -> &'static str {
    match version.withdrawn_at {
        Some(_) => "withdrawn",
        None if version.from > now => "scheduled",
        None if in_force(all, now).is_some_and(|v| v.no == version.no) => "current",
        None => "past",
    }
}

/// The number of a version that is to follow, and from when on it holds: now unless given.
///
/// # Errors
/// Refuses one in the past, one before a version that stands, and a time that cannot be reckoned with.
pub fn following<T>(codes: Codes, all: &[Version<T>], now: Instant, from: Option<Instant>) -> Result<(i64, Instant)> {
    if from.is_some_and(|from| from < now) {
        return Err(codes.in_the_past.at("from").into());
    }
    let from = from.unwrap_or(now);
    if !RECKONED.contains(&from.micros()) {
        return Err(codes.bad_time.at("from").into());
    }
    if let Some(last) = all.iter().filter(|v| v.withdrawn_at.is_none()).map(|v| v.from).max().filter(|last| *last > from) {
        return Err(codes.not_after.with("from", last).at("from").into());
    }
    Ok((all.last().map_or(1, |v| v.no + 1), from))
}

/// The version of that number.
///
/// # Errors
/// Refuses where there is none.
pub fn numbered<T>(codes: Codes, all: &[Version<T>], no: i64) -> Result<&Version<T>> {
    all.iter().find(|v| v.no == no).ok_or_else(|| codes.none.refuse().into())
}

/// The version of that number, which may be withdrawn.
///
/// # Errors
/// Refuses where there is none, or it has begun.
pub fn withdrawable<T>(codes: Codes, all: &[Version<T>], no: i64, now: Instant) -> Result<&Version<T>> {
    let version = numbered(codes, all, no)?;
    if version.from <= now { Err(codes.begun.refuse().into()) } else { Ok(version) }
}

/// The note, trimmed.
///
/// # Errors
/// Refuses one that is too long.
pub fn note(codes: Codes, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() <= NOTE { Ok(text.to_owned()) } else { Err(codes.bad_note.with("limit", NOTE).at("note").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::CODES;

    fn version(no: i64, from: i64, withdrawn: bool) -> Version<()> {
        let (note, by) = (String::new(), String::new());
        Version { no, from: Instant(from), note, at: Instant(0), by, withdrawn_at: withdrawn.then_some(Instant(0)), says: () }
    }

    #[test]
    fn versions_follow_one_another() {
        let all = [version(1, 10, false), version(2, 20, true), version(3, 30, false)];
        let at = |t| (in_force(&all, Instant(t)).map(|v| v.no), next(&all, Instant(t)).map(|v| v.no));
        assert_eq!((at(5), at(10), at(25), at(30)), ((None, Some(1)), (Some(1), Some(3)), (Some(1), Some(3)), (Some(3), None)));
        let words: Vec<_> = all.iter().map(|v| word(&all, v, Instant(25))).collect();
        assert_eq!(words, ["current", "withdrawn", "scheduled"]);
        let code = |from, now| following(CODES, &all, Instant(now), from).map_err(|e| e.refusal().map(|r| r.code.code));
        assert_eq!(code(Some(Instant(30)), 25).ok(), Some((4, Instant(30))), "at the same instant the newer holds");
        assert_eq!(code(None, 40).ok(), Some((4, Instant(40))));
        assert_eq!(code(Some(Instant(24)), 25).err().flatten(), Some("promotion.from_in_the_past"));
        assert_eq!(code(None, 25).err().flatten(), Some("promotion.not_after_the_last"));
        assert_eq!(code(Some(Instant(i64::MAX)), 25).err().flatten(), Some("promotion.bad_time"));
        assert!(withdrawable(CODES, &all, 3, Instant(25)).is_ok() && withdrawable(CODES, &all, 1, Instant(25)).is_err());
    }
}
