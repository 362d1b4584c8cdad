//! Whether templates and batches are in force, as people set it.

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
        let all = [Self::Active, Self::Paused, Self::Archived];
        all.into_iter().find(|s| s.word() == word).ok_or_else(|| Error::fault(format!("something of coupons is {word}")))
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
