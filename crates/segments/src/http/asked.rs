//! An expression as a request brings it: a tree or a text.

use serde_json::value::RawValue;
use shuke_columns::Registry;
use shuke_http::{Lang, Problem};
use shuke_kernel::{Code, Kind};

use crate::calendar::Reckoning;
use crate::check::{Expression, check, check_text};
use crate::definitions::Segments;
use crate::refusal::Refusal;

/// The expression is refused.
pub static REFUSED: Code = Code { code: "segment.refused", kind: Kind::Unprocessable, zh: "{message}", en: "{message}" };

/// One of a tree and a text.
#[derive(Clone, Debug)]
pub enum Given {
    /// A tree, as it was sent: a parser in between would keep the last of two equal keys and round what is
    /// too long for it.
    Tree(Box<RawValue>),
    /// The text form.
    Text(String),
}

impl Given {
    /// Of what a request has.
    pub fn of(expr: Option<Box<RawValue>>, text: Option<String>) -> Result<Self, Problem> {
        match (expr, text) {
            (Some(tree), None) => Ok(Self::Tree(tree)),
            (None, Some(text)) => Ok(Self::Text(text)),
            _ => Err(Problem::invalid("body", "expr", "one of `expr` and `text` is needed")),
        }
    }

    /// The expression, judged.
    pub fn check(&self, registry: &Registry, segments: &Segments, reckoning: &Reckoning) -> Result<Expression, Refusal> {
        match self {
            Self::Tree(tree) => check(tree.get().as_bytes(), registry, segments, reckoning),
            Self::Text(text) => check_text(text, registry, segments, reckoning),
        }
    }
}

/// A refused expression as a problem, with its code and the path of the node at fault.
pub fn refused(refusal: &Refusal, lang: Lang) -> Problem {
    REFUSED
        .with("message", refusal.sentence(lang.is_zh()))
        .with("reason", refusal.code.name())
        .with("path", &refusal.path)
        .at("expr")
        .into()
}
