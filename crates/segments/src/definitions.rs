//! Segments that an expression may refer to: living ones are an expression, lists are ids of members.
//! None is checked before it is used, so that a wrong one harms no question but those that use it.

use std::collections::BTreeMap;
use std::sync::Arc;

use shuke_columns::slice::Ids;

use crate::json::{Json, Node, read};

/// A segment by its id.
#[derive(Clone, Debug)]
pub enum Definition {
    /// Whoever its expression is true of.
    Living(Arc<Json>),
    /// Whoever is on it.
    List(Arc<Ids>),
}

/// Segments by id.
#[derive(Clone, Default, Debug)]
pub struct Segments {
    good: BTreeMap<Box<str>, Definition>,
    /// What is wrong with those that are neither living nor a list.
    bad: BTreeMap<Box<str>, String>,
}

impl Segments {
    /// Reads `{id: {"name", "expr"} | {"name", "members"}}`. The error is a sentence; what is wrong with
    /// one of them is told where it is used.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let all = read(bytes)?;
        let Node::Object(entries) = all.node else { return Err("the segments are no object".to_owned()) };
        let mut new = Self::default();
        for (id, entry) in entries {
            match definition(&id, entry) {
                Ok(definition) => drop(new.good.insert(id, definition)),
                Err(problem) => drop(new.bad.insert(id, problem)),
            }
        }
        Ok(new)
    }

    /// Adds a segment, or puts it in the place of the one of that id.
    pub fn set(&mut self, id: &str, definition: Definition) {
        self.bad.remove(id);
        self.good.insert(id.into(), definition);
    }

    /// Says of a segment that it is there and cannot be used, and why.
    pub fn spoil(&mut self, id: &str, problem: String) {
        self.good.remove(id);
        self.bad.insert(id.into(), problem);
    }

    /// The segment of that id.
    pub fn find(&self, id: &str) -> Option<&Definition> {
        self.good.get(id)
    }

    /// What is wrong with the segment of that id, if it is there and cannot be used.
    pub fn problem(&self, id: &str) -> Option<&str> {
        self.bad.get(id).map(String::as_str)
    }
}

fn definition(id: &str, entry: Json) -> Result<Definition, String> {
    let Node::Object(parts) = entry.node else { return Err(format!("the segment {id} is no object")) };
    let mut body = None;
    for (key, value) in parts {
        match &*key {
            "expr" => body = Some(Definition::Living(Arc::new(value))),
            "members" => body = Some(Definition::List(Arc::new(list(id, &value)?))),
            _ => {}
        }
    }
    body.ok_or_else(|| format!("the segment {id} has neither expr nor members"))
}

fn list(id: &str, value: &Json) -> Result<Ids, String> {
    let Node::List(items) = &value.node else { return Err(format!("the members of the segment {id} are no list")) };
    let ids: Option<Vec<Box<str>>> = items.iter().map(|i| i.text().map(Box::from)).collect();
    ids.map(Ids::of).ok_or_else(|| format!("a member of the segment {id} is no text"))
}

/// The segments that an expression refers to, without those that they do.
pub fn references(of: &Json, into: &mut Vec<Box<str>>) {
    match &of.node {
        Node::Object(entries) => {
            if of.get("op").and_then(Json::text) == Some("in_segment") {
                into.extend(of.get("id").and_then(Json::text).map(Box::from));
            }
            entries.iter().for_each(|(_, value)| references(value, into));
        }
        Node::List(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}

/// The tags that an expression asks for, by name, without those of the segments that it refers to.
pub fn tags(of: &Json, into: &mut Vec<Box<str>>) {
    match &of.node {
        Node::Object(entries) => {
            if matches!(of.get("op").and_then(Json::text), Some("has_any" | "has_all"))
                && let Some(Node::List(names)) = of.get("tags").map(|t| &t.node)
            {
                into.extend(names.iter().filter_map(Json::text).map(Box::from));
            }
            entries.iter().for_each(|(_, value)| tags(value, into));
        }
        Node::List(items) => items.iter().for_each(|item| tags(item, into)),
        _ => {}
    }
}
