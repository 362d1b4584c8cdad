//! Why an expression is refused: a stable code, the node at fault as a JSON Pointer, and a sentence.

use std::fmt;

/// What is wrong. The codes are those of the language and are never renamed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Code {
    /// Not JSON.
    BadJson,
    /// Not the text form.
    BadText,
    /// No or unknown `op`, no or two heads of a value, an unknown function.
    UnknownNode,
    /// A key that the node does not have.
    UnknownKey,
    /// A key that the node needs.
    MissingKey,
    /// A list without an item.
    EmptyList,
    /// No such table.
    UnknownTable,
    /// No such fact or column.
    UnknownField,
    /// No such segment.
    UnknownSegment,
    /// A type that does not suit.
    TypeMismatch,
    /// A literal that is none.
    BadLiteral,
    /// A band that holds nothing.
    BadRange,
    /// A window or wait that cannot be.
    BadWindow,
    /// A sequence that cannot be.
    BadSequence,
    /// A ranking that cannot be.
    BadRank,
    /// A node where it may not stand.
    NotHere,
    /// A segment that leads back to itself.
    Cycle,
    /// More than 32 levels.
    TooDeep,
    /// More than 1,000 nodes.
    TooLarge,
}

impl Code {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadJson => "bad_json",
            Self::BadText => "bad_text",
            Self::UnknownNode => "unknown_node",
            Self::UnknownKey => "unknown_key",
            Self::MissingKey => "missing_key",
            Self::EmptyList => "empty_list",
            Self::UnknownTable => "unknown_table",
            Self::UnknownField => "unknown_field",
            Self::UnknownSegment => "unknown_segment",
            Self::TypeMismatch => "type_mismatch",
            Self::BadLiteral => "bad_literal",
            Self::BadRange => "bad_range",
            Self::BadWindow => "bad_window",
            Self::BadSequence => "bad_sequence",
            Self::BadRank => "bad_rank",
            Self::NotHere => "not_here",
            Self::Cycle => "cycle",
            Self::TooDeep => "too_deep",
            Self::TooLarge => "too_large",
        }
    }
}

/// An expression that is not accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub code: Code,
    /// Where: a JSON Pointer to the node, the root is empty.
    pub path: String,
    /// What is wrong and what would be right, in a sentence.
    pub message: String,
}

impl Refusal {
    /// The sentence in Chinese (`zh`) or English.
    pub fn sentence(&self, zh: bool) -> String {
        if zh { crate::chinese::chinese(&self.message) } else { self.message.clone() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.path.is_empty() { "the expression" } else { &self.path };
        write!(f, "{} at {at}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for Refusal {}
