//! How deep and how large an expression may be. Conditions and values are nodes; a referenced expression
//! counts in place.

use super::Place;
use crate::definitions::{Definition, Segments};
use crate::json::{Json, Node};
use crate::refusal::Code;

/// Levels that an expression may have.
pub const LEVELS: usize = 32;
/// Nodes that an expression may have.
pub const NODES: usize = 1_000;

/// The first node beyond a limit.
pub struct Beyond {
    /// Where it stands in reading order.
    pub place: Place,
    /// Where that is told: inside a referenced segment at the node that refers to it.
    pub path: String,
    /// Which limit.
    pub code: Code,
}

/// The first node beyond a limit, in reading order.
pub fn first_beyond(root: &Json, segments: &Segments) -> Option<Beyond> {
    let mut count = Count { segments, nodes: 0, within: Vec::new(), referrers: Vec::new(), path: Vec::new() };
    count.value(root, 1)
}

struct Count<'a> {
    segments: &'a Segments,
    nodes: usize,
    within: Vec<&'a str>,
    /// The places of the nodes that refer to `within`.
    referrers: Vec<u32>,
    /// The way to the node at hand in the expression at hand. It is made a path only where one is told.
    path: Vec<Way<'a>>,
}

/// A step on the way to a node.
enum Way<'a> {
    Key(&'a str),
    Item(usize),
}

impl<'a> Count<'a> {
    fn value(&mut self, json: &'a Json, level: usize) -> Option<Beyond> {
        match &json.node {
            Node::Object(entries) => {
                self.nodes += 1;
                if level > LEVELS {
                    return Some(self.beyond(json, Code::TooDeep));
                }
                if self.nodes > NODES {
                    return Some(self.beyond(json, Code::TooLarge));
                }
                entries.iter().find_map(|(key, of)| self.entry(key, of, level)).or_else(|| self.referenced(json, level))
            }
            Node::List(items) => items.iter().enumerate().find_map(|(i, of)| self.below(Way::Item(i), |s| s.value(of, level))),
            _ => None,
        }
    }

    fn beyond(&self, at: &Json, code: Code) -> Beyond {
        let mut path = String::new();
        for way in &self.path {
            path = match way {
                Way::Key(key) => super::child(&path, key),
                Way::Item(i) => super::child(&path, i),
            };
        }
        Beyond { place: self.referrers.iter().copied().chain([at.place]).collect(), path, code }
    }

    fn below(&mut self, way: Way<'a>, then: impl FnOnce(&mut Self) -> Option<Beyond>) -> Option<Beyond> {
        // Inside a referenced segment the way ends at the node that refers to it.
        if !self.referrers.is_empty() {
            return then(self);
        }
        self.path.push(way);
        let found = then(self);
        self.path.pop();
        found
    }

    fn entry(&mut self, key: &'a str, of: &'a Json, level: usize) -> Option<Beyond> {
        self.below(Way::Key(key), |s| match (key, &of.node) {
            ("window" | "added" | "within", _) => None,
            ("steps", Node::List(steps)) => steps
                .iter()
                .enumerate()
                .find_map(|(i, step)| s.below(Way::Item(i), |s| step.entries().iter().find_map(|(key, of)| s.entry(key, of, level)))),
            _ => s.value(of, level + 1),
        })
    }

    fn referenced(&mut self, json: &'a Json, level: usize) -> Option<Beyond> {
        if json.get("op").and_then(Json::text) != Some("in_segment") {
            return None;
        }
        let id = json.get("id").and_then(Json::text)?;
        let Some(Definition::Living(expression)) = self.segments.find(id) else { return None };
        if self.within.contains(&id) {
            return None;
        }
        self.within.push(id);
        self.referrers.push(json.place);
        let found = self.value(expression, level + 1);
        self.referrers.pop();
        self.within.pop();
        found
    }
}
