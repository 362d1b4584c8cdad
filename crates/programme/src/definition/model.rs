//! What a programme is, and what its rules are at an instant.

use serde_json::Value as Json;
use shuke_kernel::{Instant, Result};
use shuke_loyalty::json::Node;
use shuke_store::jobs::JobId;

use super::{BAD_NAME, BAD_NOTE, ProgrammeId};

/// Characters of a name at most.
pub const NAME_LIMIT: usize = 60;
/// Characters of a note at most.
pub const NOTE_LIMIT: usize = 500;

/// Whether books are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Points are earned and spent.
    Active,
    /// Orders and jobs are booked; nobody earns or spends by asking.
    Paused,
    /// Nothing is booked any more.
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

    /// The state of that word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Archived].into_iter().find(|s| s.word() == word)
    }
}

/// A programme.
#[derive(Clone, Debug)]
pub struct Programme {
    /// Which.
    pub id: ProgrammeId,
    /// As people call it.
    pub name: String,
    /// The shops whose orders count; all of the merchant's where none is named.
    pub shops: Vec<String>,
    /// Whether books are kept.
    pub state: State,
    /// Orders paid before earn nothing and count for tiers.
    pub begins_at: Instant,
    /// Counts its changes.
    pub version: i64,
    /// Another with every change of rules, so that what was read of them before is known to be old.
    pub stamp: [u8; 16],
    /// The walk over all members that fills its books, where one was begun.
    pub job: Option<JobId>,
    /// Up to here entries are summed by month.
    pub summed_at: Instant,
    /// When it was made.
    pub created_at: Instant,
}

impl Programme {
    /// What people are told of its state: `scheduled`, `active`, `paused` or `archived`.
    pub fn word(&self, now: Instant) -> &'static str {
        if self.state == State::Active && now < self.begins_at { "scheduled" } else { self.state.word() }
    }

    /// Whether it is about orders of that shop.
    pub fn is_of(&self, shop: Option<&str>) -> bool {
        self.shops.is_empty() || shop.is_some_and(|shop| self.shops.iter().any(|s| s == shop))
    }
}

/// A version of a programme's rules.
#[derive(Clone, Debug)]
pub struct Version {
    /// Counts from 1.
    pub no: i64,
    /// As they were posted.
    pub rules: String,
    /// From when on they are in force.
    pub from: Instant,
    /// Why, in words.
    pub note: String,
    /// When it was made.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// When it was withdrawn, before it began.
    pub withdrawn_at: Option<Instant>,
}

/// Reads and checks rules as they are posted.
///
/// # Errors
/// The first place at which they cannot be understood, contradict themselves or cannot be reckoned.
pub fn read_rules(rules: &Json) -> Result<shuke_loyalty::Programme> {
    Ok(shuke_loyalty::programme::read(&Node::root("rules", rules))?)
}

/// The rules that hold before a programme begins: orders count for tiers and earn nothing. Birthdays count from its beginning in any case.
pub fn before(first: &shuke_loyalty::Programme) -> shuke_loyalty::Programme {
    let mut rules =
        shuke_loyalty::Programme { version: 0, earn: Vec::new(), caps: Vec::new(), check_in: None, coupons: None, ..first.clone() };
    if let Some(ladder) = &mut rules.ladder {
        ladder.tiers.iter_mut().for_each(|tier| tier.reward_points = 0);
    }
    rules
}

/// The name, trimmed, or why it is none.
pub fn name(text: &str) -> Result<String> {
    let text = text.trim();
    let good = (1..=NAME_LIMIT).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err(BAD_NAME.with("limit", NAME_LIMIT).at("name").into()) }
}

/// The note, trimmed, or why it is none.
pub fn note(text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() <= NOTE_LIMIT { Ok(text.to_owned()) } else { Err(BAD_NOTE.with("limit", NOTE_LIMIT).at("note").into()) }
}
