//! An expression as JSON, judged before any row is read. Everything wrong with it is found, and of that
//! the first in reading order is told; what is accepted is accepted whole.

mod cond;
mod limits;
mod literal;
mod rows;
mod sequence;
mod top;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use shuke_columns::Registry;
use shuke_columns::slice::Ids;

use crate::calendar::Reckoning;
use crate::definitions::Segments;
use crate::json::{Json, Node};
use crate::refusal::{Code, Refusal};
use crate::tree::{Cond, Name};

pub use limits::{LEVELS, NODES};

/// An expression that was accepted, with the segments that it leads to.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The tree.
    pub root: Cond,
    /// Segments by id: those it refers to, and those that they do.
    pub segments: BTreeMap<Name, Segment>,
}

/// A segment that an expression leads to.
#[derive(Clone, Debug)]
pub enum Segment {
    /// Whoever this is true of.
    Living(Cond),
    /// Whoever is on it.
    List(Arc<Ids>),
}

/// Checks an expression that is JSON, to be asked at the time and in the zone of `reckoning`.
pub fn check(bytes: &[u8], registry: &Registry, segments: &Segments, reckoning: &Reckoning) -> Result<Expression, Refusal> {
    let json = crate::json::read(bytes).map_err(|message| Refusal { code: Code::BadJson, path: String::new(), message })?;
    check_read(&json, false, registry, segments, reckoning)
}

/// The same of an expression in the text form.
pub fn check_text(text: &str, registry: &Registry, segments: &Segments, reckoning: &Reckoning) -> Result<Expression, Refusal> {
    let json = crate::text::read(text).map_err(|message| Refusal { code: Code::BadText, path: String::new(), message })?;
    check_read(&json, true, registry, segments, reckoning)
}

fn check_read(json: &Json, is_text: bool, registry: &Registry, segments: &Segments, reckoning: &Reckoning) -> Result<Expression, Refusal> {
    let mut checker = Checker {
        registry,
        segments,
        reckoning: reckoning.clone(),
        is_text,
        first: None,
        referrers: Vec::new(),
        referrer: None,
        within: Vec::new(),
        found: BTreeMap::new(),
        beyond: None,
    };
    if let Some(limits::Beyond { place, path, code }) = limits::first_beyond(json, segments) {
        let message = match code {
            Code::TooDeep => format!("an expression has at most {LEVELS} levels, referenced segments included"),
            _ => format!("an expression has at most {NODES} nodes, referenced segments included"),
        };
        checker.beyond = Some(place.clone());
        checker.first = Some((place, Refusal { code, path, message }));
    }
    let root = checker.cond(json, "", Scope::Member);
    match (checker.first, root) {
        (Some((_, refusal)), _) => Err(refusal),
        (None, Some(root)) => Ok(Expression { root, segments: checker.found }),
        (None, None) => Err(Refusal { code: Code::UnknownNode, path: String::new(), message: "this is no condition".to_owned() }),
    }
}

/// What a node may speak of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    /// The member.
    Member,
    /// A row of the table of that number; none where the table is not known.
    Row(Option<usize>),
}

/// Where a node stands in reading order: its place in its document, and before that the places of the
/// nodes that refer to the segment in which it stands, the outermost first.
type Place = Vec<u32>;

pub(super) struct Checker<'a> {
    registry: &'a Registry,
    segments: &'a Segments,
    reckoning: Reckoning,
    /// Whether literals are written as in the text form.
    is_text: bool,
    /// The first error in reading order so far.
    first: Option<(Place, Refusal)>,
    /// The places of the nodes that refer to `within`.
    referrers: Vec<u32>,
    /// The path of the first of them, in the expression at hand.
    referrer: Option<String>,
    /// Segments being checked.
    within: Vec<Name>,
    found: BTreeMap<Name, Segment>,
    /// The first node beyond the limits: neither it nor what follows it is judged.
    beyond: Option<Place>,
}

impl Checker<'_> {
    fn place(&self, at: &Json) -> Place {
        self.referrers.iter().copied().chain([at.place]).collect()
    }

    /// Notes an error at a value; returns nothing, for the caller to hand on.
    fn fail<T>(&mut self, code: Code, at: &Json, path: impl Into<String>, message: impl Into<String>) -> Option<T> {
        let place = self.place(at);
        // Of errors at one place the one found first is told.
        if self.first.as_ref().is_some_and(|(first, _)| *first <= place) {
            return None;
        }
        let path = self.referrer.clone().unwrap_or_else(|| path.into());
        let message = match self.within.first() {
            Some(id) => format!("in the segment {id}: {}", message.into()),
            None => message.into(),
        };
        self.first = Some((place, Refusal { code, path, message }));
        None
    }

    /// Notes keys that a node does not have, and whether it has those it needs.
    fn keys(&mut self, node: &Json, path: &str, needed: &[&str], more: &[&str]) -> bool {
        for (key, value) in node.entries() {
            if !needed.contains(&&**key) && !more.contains(&&**key) {
                let known: Vec<_> = needed.iter().chain(more).copied().collect();
                self.fail::<()>(
                    Code::UnknownKey,
                    value,
                    child(path, key),
                    format!("there is no key `{key}` here; there is {}", known.join(", ")),
                );
            }
        }
        let missing: Vec<&str> = needed.iter().filter(|k| node.get(k).is_none()).copied().collect();
        if !missing.is_empty() {
            self.fail::<()>(Code::MissingKey, node, path, format!("the key `{}` is missing", missing.join("`, `")));
        }
        missing.is_empty()
    }

    /// A list with at least one item.
    fn list<'j>(&mut self, node: &'j Json, path: &str) -> Option<&'j [Json]> {
        match &node.node {
            Node::List(items) if !items.is_empty() => Some(items),
            _ => self.fail(Code::EmptyList, node, path, "a list of one or more is expected"),
        }
    }

    /// Whether a node lies beyond the limits, which was told already. It does where it stands behind the
    /// first that does: so what stands before that is judged, in whatever order its keys are looked at.
    fn is_beyond(&self, at: &Json) -> bool {
        self.beyond.as_ref().is_some_and(|beyond| self.place(at) >= *beyond)
    }
}

/// The path of a key or item below `path`.
fn child(path: &str, key: impl std::fmt::Display) -> String {
    format!("{path}/{}", escaped(&key.to_string()))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
