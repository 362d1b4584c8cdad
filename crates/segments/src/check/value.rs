//! Values: exactly one head each, with the type that they have.

use shuke_columns::Type;

use super::{Checker, Scope, child};
use crate::json::{Json, Node};
use crate::refusal::Code;
use crate::tree::{Agg, Calendar, Fold, Name, Value};

/// A value with its type.
pub(super) type Typed = (Value, Type);

const HEADS: [&str; 6] = ["fact", "col", "agg", "ratio", "add", "sub"];

/// The type that two numbers have together; none where they do not go together.
fn together(a: Type, b: Type) -> Option<Type> {
    match (a, b) {
        (Type::Int | Type::Dec, Type::Int | Type::Dec) => Some(if a == b { a } else { Type::Dec }),
        (Type::Fen, Type::Fen) => Some(Type::Fen),
        _ => None,
    }
}

/// Whether two values can be compared.
pub(super) fn comparable(a: Type, b: Type) -> bool {
    a == b || together(a, b).is_some()
}

impl Checker<'_> {
    /// A value.
    pub(super) fn value(&mut self, json: &Json, path: &str, scope: Scope) -> Option<Typed> {
        if !matches!(json.node, Node::Object(_)) {
            return self.fail(Code::TypeMismatch, json, path, "a value such as {\"fact\": …} is expected, not a literal");
        }
        if self.is_beyond(json) {
            return None;
        }
        let heads: Vec<&str> = json.entries().iter().map(|(key, _)| &**key).filter(|k| is_head(k)).collect();
        let [head] = heads[..] else {
            let told = if heads.is_empty() { "this is no value: it has no head" } else { "a value has one head, this has more" };
            return self.fail(Code::UnknownNode, json, path, format!("{told} of fact, col, agg, ratio, add, sub or a function of dates"));
        };
        let of = json.get(head)?;
        match head {
            "fact" => self.fact(json, of, path, scope),
            "col" => self.column(json, of, path, scope),
            "agg" => self.agg(json, of, path, scope),
            "ratio" | "sub" | "add" => self.sum(head, json, of, path, scope),
            _ => self.reading(head, json, of, path, scope),
        }
    }

    fn fact(&mut self, json: &Json, of: &Json, path: &str, scope: Scope) -> Option<Typed> {
        let name = of.text().unwrap_or("");
        if scope != Scope::Member && name != "now" {
            return self.fail(Code::NotHere, json, path, "inside a row there is no fact of the member but `now`");
        }
        self.keys(json, path, &["fact"], &[]);
        match self.registry.find_fact(name) {
            Some(fact) => Some((Value::Fact(name.into()), fact.kind)),
            None => self.fail(Code::UnknownField, json, path, format!("there is no fact `{name}`")),
        }
    }

    fn column(&mut self, json: &Json, of: &Json, path: &str, scope: Scope) -> Option<Typed> {
        let Scope::Row(table) = scope else {
            return self.fail(Code::NotHere, json, path, "a column stands only in the `where` of rows");
        };
        self.keys(json, path, &["col"], &[]);
        let (name, kind) = self.column_named(table?, of, json, path)?;
        Some((Value::Col(name), kind))
    }

    /// The column that `of` names; an error is told at `at`.
    pub(super) fn column_named(&mut self, table: usize, of: &Json, at: &Json, path: &str) -> Option<(Name, Type)> {
        let table = &self.registry.tables()[table];
        let name = of.text().unwrap_or("");
        match table.find(name) {
            Some(c) => Some((name.into(), table.columns[c].kind)),
            None => self.fail(Code::UnknownField, at, path, format!("the table {} has no column `{name}`", table.name)),
        }
    }

    fn agg(&mut self, json: &Json, of: &Json, path: &str, scope: Scope) -> Option<Typed> {
        if scope != Scope::Member {
            return self.fail(Code::NotHere, json, path, "inside a row there is no aggregate");
        }
        let name = of.text().unwrap_or("");
        let Some(fold) = Fold::ALL.into_iter().find(|(_, n)| *n == name).map(|(f, _)| f) else {
            return self.fail(Code::UnknownNode, json, path, format!("there is no aggregate `{name}`"));
        };
        let whole = if fold == Fold::Count {
            self.keys(json, path, &["agg", "table"], &["where", "window", "on"])
        } else {
            self.keys(json, path, &["agg", "table", "of"], &["where", "window", "on"])
        };
        let table = self.table(json, path);
        let column = (fold != Fold::Count).then(|| json.get("of")).flatten();
        let of_path = child(path, "of");
        let of = column.and_then(|of| self.column_named(table?, of, of, &of_path));
        let unsuited = of.as_ref().zip(column).filter(|((_, kind), _)| !fold.takes(*kind)).map(|((_, kind), at)| (*kind, at));
        if let Some((kind, at)) = unsuited {
            self.fail::<()>(Code::TypeMismatch, at, of_path, format!("{name} takes no column of type {}", kind.name()));
        }
        let rows = self.rows(json, path, table)?;
        if unsuited.is_some() {
            return None;
        }
        let kind = fold.makes(of.as_ref().map(|(_, kind)| *kind));
        let of = of.map(|(name, _)| name);
        (whole && of.is_some() == (fold != Fold::Count)).then(|| (Value::Agg(Box::new(Agg { fold, of, rows })), kind))
    }

    fn sum(&mut self, head: &str, json: &Json, of: &Json, path: &str, scope: Scope) -> Option<Typed> {
        self.keys(json, path, &[head], &[]);
        let items: &[Json] = match &of.node {
            Node::List(items) if items.len() == 2 || head == "add" && items.len() > 2 => items,
            _ => {
                let count = if head == "add" { "two or more values" } else { "exactly two values" };
                return self.fail(Code::UnknownNode, json, path, format!("{head} takes {count}"));
            }
        };
        let paths: Vec<String> = (0..items.len()).map(|i| child(&child(path, head), i)).collect();
        let typed: Vec<Option<Typed>> = items.iter().zip(&paths).map(|(item, path)| self.value(item, path, scope)).collect();
        let mut kind: Option<Type> = None;
        for ((item, path), value) in items.iter().zip(&paths).zip(&typed) {
            let Some((_, of)) = value else { continue };
            let sum = match kind {
                _ if !of.is_number() => None,
                None => Some(*of),
                Some(_) if head == "ratio" => Some(Type::Dec),
                Some(kind) => together(kind, *of),
            };
            let Some(sum) = sum else {
                return self.fail(Code::TypeMismatch, item, path.as_str(), format!("{} does not suit here", of.name()));
            };
            kind = Some(sum);
        }
        let values: Vec<Value> = typed.into_iter().map(|t| t.map(|(v, _)| v)).collect::<Option<_>>()?;
        if head == "add" {
            return Some((Value::Add(values), kind?));
        }
        let pair: Box<[Value; 2]> = Box::new(values.try_into().ok()?);
        Some(if head == "ratio" { (Value::Ratio(pair), Type::Dec) } else { (Value::Sub(pair), kind?) })
    }

    fn reading(&mut self, head: &str, json: &Json, of: &Json, path: &str, scope: Scope) -> Option<Typed> {
        self.keys(json, path, &[head], &[]);
        let reading = Calendar::ALL.into_iter().find(|(_, n)| *n == head).map(|(r, _)| r)?;
        let below = child(path, head);
        let (value, kind) = self.value(of, &below, scope)?;
        if !reading.reads(kind) {
            return self.fail(Code::TypeMismatch, of, below, format!("{head} reads no {}", kind.name()));
        }
        Some((Value::Calendar(reading, Box::new(value)), reading.tells()))
    }
}

fn is_head(key: &str) -> bool {
    HEADS.contains(&key) || Calendar::ALL.iter().any(|(_, name)| *name == key)
}
