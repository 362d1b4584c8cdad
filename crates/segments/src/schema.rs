//! The language as JSON Schema (2020-12), made from the registry, for editors and other programs. It says
//! which nodes there are and what they hold; that types suit each other is the checker's to judge.

use serde_json::{Map, Value, json};
use shuke_columns::{Registry, Type};

use crate::tree::{Calendar, Compare, Fold, Period, Unit};

/// The schema of an expression over a registry.
pub fn schema(registry: &Registry) -> Value {
    let tables: Vec<&str> = registry.tables().iter().map(|t| &*t.name).collect();
    let mut columns: Vec<&str> = registry.tables().iter().flat_map(|t| &t.columns).map(|c| &*c.name).collect();
    columns.sort_unstable();
    columns.dedup();
    let facts: Vec<&str> = registry.facts().iter().map(|f| &*f.name).collect();
    let of_type = |kind: Type| registry.tables().iter().flat_map(|t| &t.columns).filter(move |c| c.kind == kind).map(|c| &*c.name);
    let mut instants: Vec<&str> = of_type(Type::Instant).collect();
    instants.sort_unstable();
    instants.dedup();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Segment expression",
        "$ref": "#/$defs/condition",
        "$defs": {
            "fact": { "enum": facts },
            "table": { "enum": tables },
            "column": { "enum": columns },
            "instant_column": { "enum": instants },
            "text": { "type": "string", "minLength": 1 },
            "literal": { "anyOf": [{ "type": "integer" }, { "type": "boolean" }, { "$ref": "#/$defs/text" }] },
            "condition": one_of(conditions("#/$defs/condition", "#/$defs/value", true)),
            "row_condition": one_of(conditions("#/$defs/row_condition", "#/$defs/row_value", false)),
            "value": one_of(values("#/$defs/value", false)),
            "row_value": one_of(values("#/$defs/row_value", true)),
            "window": one_of(windows()),
            "instant": { "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$" },
            "edge": { "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z)?$" },
            "within": object(&[("n", count()), ("unit", json!({ "enum": ["hours", "days"] }))], &[("business", json!({ "type": "boolean" }))]),
            "step": object(&[("table", r("table"))], &[("where", r("row_condition")), ("within", r("within")), ("absent", json!({ "type": "boolean" }))]),
        }
    })
}

fn r(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn one_of(of: Vec<Value>) -> Value {
    json!({ "oneOf": of })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 10_000 })
}

fn list(of: Value, least: usize) -> Value {
    json!({ "type": "array", "items": of, "minItems": least })
}

/// An object with keys that it needs and keys that it may have, and no other.
fn object(needed: &[(&str, Value)], more: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> = needed.iter().chain(more).map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let names: Vec<&str> = needed.iter().map(|(k, _)| *k).collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

fn conditions(inner: &str, value: &str, of_members: bool) -> Vec<Value> {
    let (inner, value) = (json!({ "$ref": inner }), json!({ "$ref": value }));
    let op = |names: &[&str]| ("op", json!({ "enum": names }));
    let compare: Vec<&str> = Compare::ALL.iter().map(|(_, name, _)| *name).collect();
    let either = json!({ "anyOf": [value.clone(), r("literal")] });
    let mut all = vec![
        object(&[op(&["and", "or"]), ("args", list(inner.clone(), 1))], &[]),
        object(&[op(&["not"]), ("arg", inner)], &[]),
        object(&[op(&["all"])], &[]),
        object(&[op(&compare), ("left", value.clone()), ("right", either)], &[]),
        object(&[op(&["between"]), ("value", value.clone()), ("from", r("literal")), ("to", r("literal"))], &[]),
        object(&[op(&["in"]), ("value", value.clone()), ("list", list(r("literal"), 1))], &[]),
        object(&[op(&["is_missing"]), ("value", value.clone())], &[]),
        object(&[op(&["under"]), ("value", value.clone()), ("paths", list(r("text"), 1))], &[]),
        object(&[op(&["contains"]), ("value", value.clone()), ("text", r("text"))], &[]),
    ];
    if of_members {
        let rows = [("where", r("row_condition")), ("window", r("window")), ("on", r("instant_column"))];
        let steps = json!({ "type": "array", "items": r("step"), "minItems": 2, "maxItems": 10 });
        let top = [
            ("n", json!({ "type": "integer", "minimum": 1 })),
            ("percent", json!({ "type": "string", "pattern": r"^\d{1,3}(\.\d{1,6})?$" })),
            ("of", r("condition")),
            ("as_of", json!({ "anyOf": [{ "const": "day_start" }, r("instant")] })),
            ("end", json!({ "enum": ["high", "low"] })),
        ];
        all.extend([
            object(&[op(&["has_any", "has_all"]), ("tags", list(r("text"), 1))], &[("added", r("window"))]),
            object(&[op(&["exists"]), ("table", r("table"))], &rows),
            object(&[op(&["sequence"]), ("steps", steps)], &[("same", r("column")), ("window", r("window"))]),
            object(&[op(&["in_segment"]), ("id", r("text"))], &[]),
            object(&[op(&["top"]), ("by", value)], &top),
        ]);
    }
    all
}

fn values(inner: &str, of_rows: bool) -> Vec<Value> {
    let inner = json!({ "$ref": inner });
    let pair = json!({ "type": "array", "items": inner, "minItems": 2, "maxItems": 2 });
    let fact = if of_rows { json!({ "const": "now" }) } else { r("fact") };
    let mut all = vec![
        object(&[("fact", fact)], &[]),
        object(&[("ratio", pair.clone())], &[]),
        object(&[("sub", pair)], &[]),
        object(&[("add", list(inner.clone(), 2))], &[]),
    ];
    all.extend(Calendar::ALL.iter().map(|(_, name)| object(&[(name, inner.clone())], &[])));
    if of_rows {
        all.push(object(&[("col", r("column"))], &[]));
    } else {
        let rows = [("where", r("row_condition")), ("window", r("window")), ("on", r("instant_column"))];
        let folds: Vec<&str> = Fold::ALL.iter().filter(|(fold, _)| *fold != Fold::Count).map(|(_, name)| *name).collect();
        all.push(object(&[("agg", json!({ "const": "count" })), ("table", r("table"))], &rows));
        all.push(object(&[("agg", json!({ "enum": folds })), ("table", r("table")), ("of", r("column"))], &rows));
    }
    all
}

fn windows() -> Vec<Value> {
    let units: Vec<&str> = Unit::ALL.iter().filter(|(unit, _)| *unit != Unit::Hours).map(|(_, name)| *name).collect();
    let periods: Vec<&str> = Period::ALL.iter().map(|(_, name)| *name).collect();
    let yes = json!({ "type": "boolean" });
    vec![
        object(&[("from", r("edge"))], &[("to", r("edge"))]),
        object(&[("to", r("edge"))], &[]),
        object(&[("last", count()), ("unit", json!({ "const": "hours" }))], &[]),
        object(
            &[("last", count()), ("unit", json!({ "enum": units }))],
            &[("until", count()), ("complete", yes.clone()), ("rolling", yes)],
        ),
        object(&[("current", json!({ "enum": periods }))], &[]),
        object(&[("previous", json!({ "enum": periods }))], &[]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference leads to a definition.
    fn references(of: &Value, all: &mut Vec<String>) {
        match of {
            Value::Object(entries) => {
                for (key, value) in entries {
                    match (key.as_str(), value) {
                        ("$ref", Value::String(to)) => all.push(to.clone()),
                        _ => references(value, all),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|i| references(i, all)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_is_whole() {
        let schema = schema(&Registry::standard());
        let mut all = Vec::new();
        references(&schema, &mut all);
        for to in all {
            assert!(schema.pointer(to.trim_start_matches('#')).is_some(), "{to}");
        }
        let top = schema["$defs"]["condition"]["oneOf"].as_array().unwrap().last().unwrap();
        assert_eq!(top["properties"]["as_of"]["anyOf"], json!([{ "const": "day_start" }, { "$ref": "#/$defs/instant" }]));
        assert!(!schema["$defs"]["instant"]["pattern"].as_str().unwrap().contains("(T"), "a day is no instant");
        assert!(schema["$defs"]["fact"]["enum"].as_array().unwrap().contains(&json!("p_alive")));
    }
}
