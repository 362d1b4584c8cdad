//! An expression as a request brings it: a tree or a text.

use std::path::Path;
use std::sync::Arc;

use serde_json::value::RawValue;
use shuke_columns::Registry;
use shuke_http::{Lang, Problem};
use shuke_kernel::{Code, Ctx, Error, Kind, Result};
use shuke_store::Tx;

use crate::book::direct_uses;
use crate::calendar::Reckoning;
use crate::check::{Expression, check, check_text};
use crate::definitions::{Definition, Segments};
use crate::json::{self, Json};
use crate::model::SegmentId;
use crate::refusal::Refusal;
use crate::service::{self, Known, Lists};
use crate::{text, write};

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

/// An expression that was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// It, as it was given.
    pub expression: Expression,
    /// Its canonical form.
    pub canonical: String,
    /// What it was judged with.
    pub known: Known,
}

impl Given {
    /// Of a file: the text form where its name ends in `.seg`, else JSON.
    pub fn read(file: &Path) -> Result<Self> {
        let unreadable = |problem: String| crate::files::UNREADABLE.with("file", file.display()).with("problem", problem);
        let text = std::fs::read_to_string(file).map_err(|e| unreadable(e.to_string()))?;
        if file.extension().is_some_and(|e| e == "seg") {
            return Ok(Self::Text(text));
        }
        Ok(Self::Tree(RawValue::from_string(text).map_err(|e| unreadable(e.to_string()))?))
    }

    /// Of what a request has; none where it has neither.
    pub fn maybe(expr: Option<Box<RawValue>>, text: Option<String>) -> Result<Option<Self>, Problem> {
        match (expr, text) {
            (Some(tree), None) => Ok(Some(Self::Tree(tree))),
            (None, Some(text)) => Ok(Some(Self::Text(text))),
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(Problem::invalid("body", "expr", "only one of `expr` and `text` is taken")),
        }
    }

    /// Of what a request has.
    pub fn of(expr: Option<Box<RawValue>>, text: Option<String>) -> Result<Self, Problem> {
        Self::maybe(expr, text)?.ok_or_else(|| Problem::invalid("body", "expr", "one of `expr` and `text` is needed"))
    }

    /// The expression as it was read; none where it cannot be.
    pub fn json(&self) -> Option<Json> {
        match self {
            Self::Tree(tree) => json::read(tree.get().as_bytes()).ok(),
            Self::Text(text) => text::read(text).ok(),
        }
    }

    /// The expression, judged.
    pub fn check(&self, registry: &Registry, segments: &Segments, reckoning: &Reckoning) -> Result<Expression, Refusal> {
        match self {
            Self::Tree(tree) => check(tree.get().as_bytes(), registry, segments, reckoning),
            Self::Text(text) => check_text(text, registry, segments, reckoning),
        }
    }

    /// The expression, judged with the merchant's segments; as that of the segment that is `edited`, which
    /// it must not lead back to.
    pub fn accept(
        &self,
        tx: &mut Tx<'_>,
        cx: &Ctx,
        registry: &Registry,
        edited: Option<SegmentId>,
        lists: Lists,
    ) -> Result<Result<Accepted, (Refusal, Known)>> {
        let known = service::known(tx, cx, self.json().as_ref(), lists)?;
        let reckoning = Reckoning::new(cx.now.micros(), &known.zone);
        let expression = match self.check(registry, &known.segments, &reckoning) {
            Ok(expression) => expression,
            Err(refusal) => return Ok(Err((refusal, known))),
        };
        let canonical = write::cond(&expression.root.clone().canonical()).to_string();
        if let Some(edited) = edited {
            let json = json::read(canonical.as_bytes()).map_err(Error::fault)?;
            let mut with_it = known.segments.clone();
            with_it.set(&edited.to_string(), Definition::Living(Arc::new(json)));
            if let Err(refusal) = check(canonical.as_bytes(), registry, &with_it, &reckoning) {
                return Ok(Err((refusal, known)));
            }
        }
        Ok(Ok(Accepted { expression, canonical, known }))
    }
}

impl Accepted {
    /// What is kept of it: its canonical form, and the segments that it names itself.
    pub fn kept(&self) -> Result<(String, Vec<SegmentId>)> {
        Ok((self.canonical.clone(), direct_uses(&self.canonical)?))
    }
}

/// A refused expression, with its code and the path of the node at fault.
pub fn refusal(of: &Refusal, lang: Lang) -> shuke_kernel::Refusal {
    REFUSED.with("message", of.sentence(lang.is_zh())).with("reason", of.code.name()).with("path", &of.path).at("expr")
}

/// The same as a problem.
pub fn refused(of: &Refusal, lang: Lang) -> Problem {
    refusal(of, lang).into()
}
