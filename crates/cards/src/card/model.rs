//! What a card is, and what may be written of it.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Result};
use shuke_store::jobs::JobId;

use super::{BAD_KEY, BAD_LENGTH, BAD_NUMBER, BAD_TERMS, BAD_TEXT, CardId};
use crate::lay::Length;

/// Terms of a card at most.
pub const TERMS: usize = 12;
/// Goods of a term at most.
pub const SKUS: usize = 50;
/// Names of discounts at most.
pub const DISCOUNTS: usize = 50;
/// A price at most, minor units.
const MOST_PRICE: i64 = 100_000_000;
/// Characters of goods' codes and of names of discounts at most.
const WORD: usize = 120;

/// Whether a card is sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It can be bought, tried and given.
    Active,
    /// Nobody buys it by asking; who has it keeps it, and orders that have its goods still count.
    Paused,
    /// Neither; who has it keeps it until it ends.
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

    /// As a Chinese sentence says it.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Active => "在售",
            Self::Paused => "已暂停",
            Self::Archived => "已归档",
        }
    }

    /// The state of that word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Archived].into_iter().find(|s| s.word() == word)
    }
}

/// What goes back when somebody gives a card up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refund {
    /// The share of days that have not begun.
    Unused,
    /// Nothing, unless somebody says how much.
    Never,
}

impl Refund {
    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Never => "never",
        }
    }

    /// The rule of that word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Unused, Self::Never].into_iter().find(|r| r.word() == word)
    }
}

/// What a card is sold for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Term {
    /// What programs call it, such as `year`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Calendar months that it runs, or…
    pub months: i64,
    /// …calendar days; the other is 0.
    pub days: i64,
    /// What it costs, minor units.
    pub price: i64,
    /// The goods by which it is sold in orders.
    pub skus: Vec<String>,
}

impl Term {
    /// How long it runs.
    pub const fn length(&self) -> Length {
        if self.months > 0 { Length::Months(self.months) } else { Length::Days(self.days) }
    }
}

/// A card.
#[derive(Clone, Debug)]
pub struct Card {
    /// Which.
    pub id: CardId,
    /// What people call it.
    pub name: String,
    /// What it is good for, in the shop's words.
    pub description: String,
    /// Whether it is sold.
    pub state: State,
    /// What it is sold for.
    pub terms: Vec<Term>,
    /// Days that it may be tried for nothing, once a member; 0 for not at all.
    pub trial_days: i64,
    /// What goes back.
    pub refund: Refund,
    /// So many days before it ends it is told that it will.
    pub notice_days: i64,
    /// Names of discounts in orders that are this card's doing, as the orders' source writes them.
    pub discounts: Vec<String>,
    /// Orders paid before have sold nothing of it.
    pub counts_from: Instant,
    /// The walk over orders of before, where one was begun.
    pub job: Option<JobId>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
}

impl Card {
    /// Its term of that key.
    pub fn term(&self, key: &str) -> Option<&Term> {
        self.terms.iter().find(|t| t.key == key)
    }

    /// Whether anything in orders sells it.
    pub fn has_goods(&self) -> bool {
        self.terms.iter().any(|t| !t.skus.is_empty())
    }
}

/// What is written of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// See [`Card`].
    pub name: String,
    /// See [`Card`].
    pub description: String,
    /// See [`Card`].
    pub terms: Vec<Term>,
    /// See [`Card`].
    pub trial_days: i64,
    /// See [`Card`].
    pub refund: Refund,
    /// See [`Card`].
    pub notice_days: i64,
    /// See [`Card`].
    pub discounts: Vec<String>,
    /// See [`Card`]; when it is made unless given.
    pub counts_from: Option<Instant>,
}

/// A text of so many characters, trimmed.
///
/// # Errors
/// Where it is shorter or longer, or has control characters.
pub fn text(value: &str, field: &str, least: usize, limit: usize) -> Result<String> {
    let value = value.trim();
    let fits = (least..=limit).contains(&value.chars().count()) && !value.chars().any(|c| c.is_control() && c != '\n');
    if fits { Ok(value.to_owned()) } else { Err(BAD_TEXT.with("least", least).with("limit", limit).at(field.to_owned()).into()) }
}

/// A whole number within bounds.
///
/// # Errors
/// Where it is not.
pub fn number(value: i64, field: &str, least: i64, limit: i64) -> Result<i64> {
    if (least..=limit).contains(&value) {
        Ok(value)
    } else {
        Err(BAD_NUMBER.with("least", least).with("limit", limit).at(field.to_owned()).into())
    }
}

fn words(list: &[String], field: &str, limit: usize) -> Result<Vec<String>> {
    number(list.len() as i64, field, 0, limit as i64)?;
    let mut out: Vec<String> = Vec::with_capacity(list.len());
    for (i, word) in list.iter().enumerate() {
        let word = text(word, &format!("{field}[{i}]"), 1, WORD)?;
        if !out.contains(&word) {
            out.push(word);
        }
    }
    Ok(out)
}

fn term(term: &Term, i: usize, before: &[Term]) -> Result<Term> {
    let at = |field: &str| format!("terms[{i}].{field}");
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if term.key.is_empty() || term.key.len() > 40 || !term.key.chars().all(word) || before.iter().any(|t| t.key == term.key) {
        return Err(BAD_KEY.at(at("key")).into());
    }
    let fits = match (term.months, term.days) {
        (months, 0) => (1..=60).contains(&months),
        (0, days) => (1..=1830).contains(&days),
        _ => false,
    };
    if !fits {
        return Err(BAD_LENGTH.at(at("months")).into());
    }
    Ok(Term {
        key: term.key.clone(),
        name: text(&term.name, &at("name"), 1, 30)?,
        price: number(term.price, &at("price"), 0, MOST_PRICE)?,
        skus: words(&term.skus, &at("skus"), SKUS)?,
        ..*term
    })
}

/// The draft with its texts trimmed and everything looked at.
///
/// # Errors
/// The first thing that cannot be, with its field.
pub fn checked(draft: &Draft) -> Result<Draft> {
    if draft.terms.is_empty() || draft.terms.len() > TERMS {
        return Err(BAD_TERMS.with("limit", TERMS).at("terms").into());
    }
    let mut terms: Vec<Term> = Vec::with_capacity(draft.terms.len());
    for (i, of) in draft.terms.iter().enumerate() {
        let term = term(of, i, &terms)?;
        terms.push(term);
    }
    Ok(Draft {
        name: text(&draft.name, "name", 1, 60)?,
        description: text(&draft.description, "description", 0, 1_000)?,
        terms,
        trial_days: number(draft.trial_days, "trial_days", 0, 366)?,
        refund: draft.refund,
        notice_days: number(draft.notice_days, "notice_days", 0, 90)?,
        discounts: words(&draft.discounts, "discounts", DISCOUNTS)?,
        counts_from: draft.counts_from,
    })
}
