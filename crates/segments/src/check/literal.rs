//! Literals take their type from what they stand beside.

use shuke_columns::Type;

use super::Checker;
use crate::json::{Json, Node};
use crate::literal::{date, decimal, instant};
use crate::refusal::Code;
use crate::tree::{Literal, Name};

/// What is expected of a literal of each type, for people.
fn wanted(kind: Type, is_text: bool) -> &'static str {
    match (kind, is_text) {
        (Type::Int, _) => "a whole number of at most 64 bits",
        (Type::Fen, false) => "a whole number of minor units",
        (Type::Fen, true) => "an amount such as ¥128.50",
        (Type::Dec, false) => "a decimal such as \"0.25\", with at most 12 digits before and 6 after the point",
        (Type::Dec, true) => "a decimal such as 0.25, with at most 12 digits before and 6 after the point",
        (Type::Text, _) => "a text that is not empty, in quotes",
        (Type::Date, false) => "a day such as \"2024-02-29\"",
        (Type::Date, true) => "a day such as 2024-02-29",
        (Type::Instant, false) => "an instant in UTC such as \"2024-02-29T16:00:00Z\"",
        (Type::Instant, true) => "an instant in UTC such as 2024-02-29T16:00:00Z",
        (Type::Bool, _) => "true or false",
        (Type::Tags, _) => "no literal",
    }
}

/// What is expected of every number.
const NUMBERS: &str = "a whole number of at most 64 bits, or a decimal such as \"0.25\", is expected";

impl Checker<'_> {
    /// The literal that stands beside a value of type `kind`. Where that is not known, what suits no type
    /// is told all the same.
    pub(super) fn literal(&mut self, json: &Json, path: &str, kind: Option<Type>) -> Option<Literal> {
        let Some(kind) = kind else {
            return match &json.node {
                Node::Number(_) if whole(json).is_none() => self.fail(Code::BadLiteral, json, path, NUMBERS),
                Node::Null | Node::List(_) | Node::Object(_) => self.fail(Code::TypeMismatch, json, path, "a literal is expected"),
                _ => None,
            };
        };
        let wanted = wanted(kind, self.is_text);
        let read = match (&json.node, kind) {
            // A float suits nothing, whatever it stands beside.
            (Node::Number(digits), _) if digits.contains(['.', 'e', 'E']) => Err(()),
            (Node::Number(digits), Type::Int) => digits.parse().map(Literal::Int).map_err(|_| ()),
            (Node::Number(digits), Type::Fen) if !self.is_text => digits.parse().map(Literal::Fen).map_err(|_| ()),
            (Node::Number(digits), Type::Dec) => decimal(digits).map(Literal::Dec).ok_or(()),
            (Node::Number(digits), _) if digits.parse::<i64>().is_err() => Err(()),
            (Node::Fen(digits), Type::Fen) => digits.parse().map(Literal::Fen).map_err(|_| ()),
            (Node::Decimal(digits), Type::Dec) => decimal(digits).map(Literal::Dec).ok_or(()),
            (Node::Text(text), Type::Dec) if !self.is_text => decimal(text).map(Literal::Dec).ok_or(()),
            (Node::Text(text), Type::Date) if !self.is_text => date(text).map(Literal::Date).ok_or(()),
            (Node::Date(text), Type::Date) => date(text).map(Literal::Date).ok_or(()),
            (Node::Text(text), Type::Instant) if !self.is_text => instant(text).map(Literal::Instant).ok_or(()),
            (Node::Instant(text), Type::Instant) => instant(text).map(Literal::Instant).ok_or(()),
            (Node::Text(text), Type::Text) if text.is_empty() => Err(()),
            (Node::Text(text), Type::Text) => Ok(Literal::Text(text.clone())),
            (Node::Bool(value), Type::Bool) => Ok(Literal::Bool(*value)),
            _ => {
                return self.fail(
                    Code::TypeMismatch,
                    json,
                    path,
                    format!("{wanted} is expected: what it stands beside is {}", kind.name()),
                );
            }
        };
        match read {
            Ok(literal) => Some(literal),
            Err(()) => self.fail(Code::BadLiteral, json, path, format!("{wanted} is expected")),
        }
    }

    /// A text literal.
    pub(super) fn word(&mut self, json: &Json, path: &str) -> Option<Name> {
        match self.literal(json, path, Some(Type::Text))? {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Texts of a list.
    pub(super) fn words(&mut self, json: &Json, path: &str) -> Option<Vec<Name>> {
        let items = self.list(json, path)?;
        let words: Vec<Option<Name>> = items.iter().enumerate().map(|(i, item)| self.word(item, &super::child(path, i))).collect();
        words.into_iter().collect()
    }
}

/// A whole number that is written as one.
pub(super) fn whole(json: &Json) -> Option<i64> {
    match &json.node {
        Node::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}
