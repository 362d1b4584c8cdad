//! Whether something that was defined is in force: set by people, and by its own time.

use shuke_kernel::{Error, Instant, Refusal, Result};

use crate::words::WRONG_STATE;

/// What people set it to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// In force between its times.
    Active,
    /// Not for now.
    Paused,
    /// Put away for good.
    Archived,
}

impl State {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Archived => "archived",
        }
    }

    /// That something cannot be done in it.
    pub fn wrong(self) -> Refusal {
        let said = match self {
            Self::Active => "在用",
            Self::Paused => "已暂停",
            Self::Archived => "已归档",
        };
        WRONG_STATE.with("state", self.word()).with("state_zh", said)
    }

    /// The one of that word.
    ///
    /// # Errors
    /// Where there is none: the store holds another.
    pub fn of(word: &str) -> Result<Self> {
        [Self::Active, Self::Paused, Self::Archived]
            .into_iter()
            .find(|s| s.word() == word)
            .ok_or_else(|| Error::fault(format!("something is {word}")))
    }

    /// What people are told of it: `scheduled`, `active`, `ended`, `paused` or `archived`.
    pub fn told(self, now: Instant, from: Option<Instant>, until: Option<Instant>) -> &'static str {
        match self {
            Self::Active if from.is_some_and(|from| now < from) => "scheduled",
            Self::Active if until.is_some_and(|until| until <= now) => "ended",
            other => other.word(),
        }
    }

    /// Whether `to` can follow on it.
    ///
    /// # Errors
    /// A refusal where it cannot.
    pub fn may_become(self, to: Self) -> Result<(), Refusal> {
        let may = match to {
            Self::Active => self == Self::Paused,
            Self::Paused => self == Self::Active,
            Self::Archived => self != Self::Archived,
        };
        if may { Ok(()) } else { Err(self.wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_follows_from_what_was_set_and_from_the_time() {
        let at = |s: i64| Some(Instant(s));
        for (state, from, until, told) in [
            (State::Active, None, None, "active"),
            (State::Active, at(11), None, "scheduled"),
            (State::Active, at(10), at(11), "active"),
            (State::Active, None, at(10), "ended"),
            (State::Paused, at(11), None, "paused"),
            (State::Archived, None, at(10), "archived"),
        ] {
            assert_eq!(state.told(Instant(10), from, until), told);
        }
        assert!(State::Paused.may_become(State::Active).is_ok() && State::Active.may_become(State::Active).is_err());
        assert!(State::Archived.may_become(State::Active).is_err() && State::Archived.may_become(State::Archived).is_err());
    }
}
