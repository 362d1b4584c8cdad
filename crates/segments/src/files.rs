//! A question about the members in the files of a folder: the expression from a file, the base and its
//! segments from the folder, the answer as one object.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use shuke_columns::Registry;
use shuke_columns::dataset::{self, Wanted};
use shuke_kernel::{Code, Error, Instant, Kind, Zone};

use crate::calendar::Reckoning;
use crate::check::{Expression, check, check_text};
use crate::definitions::Segments;
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::tree::Name;
use crate::uses::Uses;

/// A file cannot be read as what it should be.
pub static UNREADABLE: Code =
    Code { code: "segment.file_unreadable", kind: Kind::Invalid, zh: "{file}:{problem}", en: "{file}: {problem}" };

/// What is asked of an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// How many it is true of.
    Count,
    /// Whom it is true of.
    List,
    /// What it says and what it speaks of.
    Explain,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Inquiry<'a> {
    /// What is asked.
    pub verb: Verb,
    /// The file of the expression: the text form where its name ends in `.seg`, else JSON.
    pub expression: &'a Path,
    /// The folder of the base.
    pub on: &'a Path,
    /// The time of the question.
    pub at: Instant,
    /// The shop's zone.
    pub zone: &'a Zone,
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To `count` and `list`.
    Members {
        /// How many.
        count: usize,
        /// The time of the question.
        at: Instant,
        /// Facts that are told as they are now, whatever the time.
        current_facts: Vec<Name>,
        /// Their ids, sorted by bytes; none where only the count was asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        members: Option<Vec<Name>>,
    },
    /// To `explain`.
    Explained {
        /// The canonical text form.
        text: String,
        /// Tables of rows that it speaks of.
        tables: Vec<Name>,
        /// Facts that it speaks of.
        facts: Vec<Name>,
        /// Those of them that are told as they are now.
        current_facts: Vec<Name>,
        /// Segments that it leads to.
        segments: Vec<Name>,
    },
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The expression is refused.
    Refused(Refusal),
    /// The files cannot be read.
    Files(Error),
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Self::Files(e)
    }
}

fn unreadable(file: &Path, problem: impl std::fmt::Display) -> Error {
    UNREADABLE.with("file", file.display()).with("problem", problem).into()
}

fn bytes(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|e| unreadable(file, e))
}

/// Answers a question. The expression is judged before any row is read.
pub fn answer(inquiry: &Inquiry<'_>) -> Result<Answer, Failure> {
    let registry = Arc::new(Registry::standard());
    let reckoning = Reckoning::new(inquiry.at.micros(), inquiry.zone);
    let definitions = inquiry.on.join("segments.json");
    let segments = match definitions.exists() {
        true => Segments::read(&bytes(&definitions)?).map_err(|problem| unreadable(&definitions, problem))?,
        false => Segments::default(),
    };
    let source = bytes(inquiry.expression)?;
    let expression = if inquiry.expression.extension().is_some_and(|e| e == "seg") {
        let text = String::from_utf8(source).map_err(|_| unreadable(inquiry.expression, "the text is not UTF-8"))?;
        check_text(&text, &registry, &segments, &reckoning)
    } else {
        check(&source, &registry, &segments, &reckoning)
    };
    let expression = expression.map_err(Failure::Refused)?;
    let uses = Uses::of(&expression);
    let current_facts = uses.current_facts(&registry);
    if inquiry.verb == Verb::Explain {
        let list = |of: std::collections::BTreeSet<Name>| of.into_iter().collect();
        return Ok(Answer::Explained {
            text: crate::text::show(&expression.root),
            tables: list(uses.tables),
            facts: list(uses.facts),
            current_facts,
            segments: list(uses.segments),
        });
    }
    let members = members(inquiry.on, &registry, &expression, &uses, &reckoning)?;
    Ok(Answer::Members { count: members.len(), at: inquiry.at, current_facts, members: (inquiry.verb == Verb::List).then_some(members) })
}

/// Whom an expression is true of, by id.
fn members(on: &Path, registry: &Arc<Registry>, expression: &Expression, uses: &Uses, reckoning: &Reckoning) -> Result<Vec<Name>, Error> {
    let mut wanted: Vec<&str> = uses.tables.iter().map(|t| &**t).collect();
    wanted.extend(uses.facts.contains("tags").then_some("tags"));
    wanted.extend(uses.has_history(registry).then_some("history"));
    let base = dataset::read(on, registry, Wanted::These(&wanted))?;
    let plan = Plan::of(expression, registry, reckoning)?;
    let stopped = || Error::fault("the question was cancelled");
    let (found, _) = plan.found(&base.slices, &|| false).ok_or_else(stopped)?;
    let ids = base.slices.iter().zip(&found).flat_map(|(slice, places)| places.iter().map(|p| Name::from(&*slice.members.get(p))));
    Ok(ids.collect())
}
