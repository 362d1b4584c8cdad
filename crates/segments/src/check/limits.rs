//! How deep and how large an expression may be. Conditions and values are nodes; a referenced expression
//! counts in place.

use crate::definitions::{Definition, Segments};
use crate::json::{Json, Node};
use crate::refusal::Code;

/// Levels that an expression may have.
pub const LEVELS: usize = 32;
/// Nodes that an expression may have.
pub const NODES: usize = 1_000;

/// The first node beyond a limit: its place in the expression at hand, its path, and which limit.
pub fn first_beyond(root: &Json, segments: &Segments) -> Option<(u32, String, Code)> {
    let mut count = Count { segments, nodes: 0, within: Vec::new() };
    count.value(root, &Spot { place: root.place, path: String::new(), is_fixed: false }, 1)
}

struct Count<'a> {
    segments: &'a Segments,
    nodes: usize,
    within: Vec<&'a str>,
}

/// Where an error would be told: inside a referenced segment that is the node that refers to it.
struct Spot {
    place: u32,
    path: String,
    is_fixed: bool,
}

impl Spot {
    fn child(&self, key: &str, of: &Json) -> Self {
        if self.is_fixed {
            return Self { path: self.path.clone(), ..*self };
        }
        Self { place: of.place, path: format!("{}/{}", self.path, super::escaped(key)), is_fixed: false }
    }
}

impl<'a> Count<'a> {
    fn value(&mut self, json: &'a Json, spot: &Spot, level: usize) -> Option<(u32, String, Code)> {
        match &json.node {
            Node::Object(entries) => {
                self.nodes += 1;
                let beyond = if level > LEVELS {
                    Some(Code::TooDeep)
                } else if self.nodes > NODES {
                    Some(Code::TooLarge)
                } else {
                    None
                };
                if let Some(code) = beyond {
                    return Some((spot.place, spot.path.clone(), code));
                }
                entries.iter().find_map(|(key, of)| self.entry(key, of, spot, level)).or_else(|| self.referenced(json, spot, level))
            }
            Node::List(items) => items.iter().enumerate().find_map(|(i, of)| self.value(of, &spot.child(&i.to_string(), of), level)),
            _ => None,
        }
    }

    fn entry(&mut self, key: &str, of: &'a Json, spot: &Spot, level: usize) -> Option<(u32, String, Code)> {
        let here = spot.child(key, of);
        match (key, &of.node) {
            ("window" | "added" | "within", _) => None,
            ("steps", Node::List(steps)) => steps.iter().enumerate().find_map(|(i, step)| {
                let here = here.child(&i.to_string(), step);
                step.entries().iter().find_map(|(key, of)| self.entry(key, of, &here, level))
            }),
            _ => self.value(of, &here, level + 1),
        }
    }

    fn referenced(&mut self, json: &'a Json, spot: &Spot, level: usize) -> Option<(u32, String, Code)> {
        if json.get("op").and_then(Json::text) != Some("in_segment") {
            return None;
        }
        let id = json.get("id").and_then(Json::text)?;
        let Some(Definition::Living(expression)) = self.segments.find(id) else { return None };
        if self.within.contains(&id) {
            return None;
        }
        self.within.push(id);
        let found = self.value(expression, &Spot { path: spot.path.clone(), is_fixed: true, ..*spot }, level + 1);
        self.within.pop();
        found
    }
}
