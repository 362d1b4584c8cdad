//! Segments that an expression may refer to: living ones are an expression, lists are ids of members.
//! None is checked before it is used.

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
pub struct Segments(BTreeMap<Box<str>, Definition>);

impl Segments {
    /// Reads `{id: {"name", "expr"} | {"name", "members"}}`. The error is a sentence.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let all = read(bytes)?;
        let Node::Object(entries) = all.node else { return Err("the segments are no object".to_owned()) };
        let mut new = Self::default();
        for (id, entry) in entries {
            let Node::Object(parts) = entry.node else { return Err(format!("the segment {id} is no object")) };
            let mut body = None;
            for (key, value) in parts {
                match &*key {
                    "expr" => body = Some(Definition::Living(Arc::new(value))),
                    "members" => body = Some(Definition::List(Arc::new(list(&id, &value)?))),
                    _ => {}
                }
            }
            new.0.insert(id.clone(), body.ok_or_else(|| format!("the segment {id} has neither expr nor members"))?);
        }
        Ok(new)
    }

    /// Adds a segment, or puts it in the place of the one of that id.
    pub fn set(&mut self, id: &str, definition: Definition) {
        self.0.insert(id.into(), definition);
    }

    /// The segment of that id.
    pub fn find(&self, id: &str) -> Option<&Definition> {
        self.0.get(id)
    }
}

fn list(id: &str, value: &Json) -> Result<Ids, String> {
    let Node::List(items) = &value.node else { return Err(format!("the members of the segment {id} are no list")) };
    let ids: Option<Vec<Box<str>>> = items.iter().map(|i| i.text().map(Box::from)).collect();
    ids.map(Ids::of).ok_or_else(|| format!("a member of the segment {id} is no text"))
}
