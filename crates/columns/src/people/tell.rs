//! What a slice tells of a member, in words: for comparing two slices whose codes and places differ.

use serde_json::{Map, Value, json};

use crate::Ints;
use crate::registry::{Registry, TAG, Type};
use crate::slice::{Slice, Spells};

/// Everything that `slice` tells of the member at `member`: facts, histories, tags and rows by table, as
/// the registry names them. What is missing is left out; instants are microseconds, days are days
/// since 1970, yes is 1.
pub fn tell(registry: &Registry, slice: &Slice, member: usize) -> Value {
    let value = |column: &Ints, row: usize, kind: Type, words: Option<usize>| -> Option<Value> {
        let value = column.get(row)?;
        Some(match (kind, words) {
            (Type::Text, Some(words)) => json!(slice.word(registry, words, value as u32)),
            _ => json!(value),
        })
    };
    let spells = |spells: &Spells, kind: Type, words: Option<usize>| -> Value {
        let mut all: Vec<(i64, Option<i64>, String)> = spells
            .of
            .of(member)
            .map(|i| {
                let what = value(&spells.value, i, kind, words).unwrap_or_default();
                (spells.from.value(i), spells.to.get(i), what.to_string())
            })
            .collect();
        all.sort();
        json!(all)
    };
    let mut told = Map::new();
    told.insert("id".to_owned(), json!(slice.members.get(member as u32)));
    for (i, fact) in registry.current().enumerate() {
        told.extend(value(&slice.facts[i], member, fact.kind, fact.words).map(|v| (fact.name.to_string(), v)));
    }
    for (i, fact) in registry.histories().enumerate() {
        told.insert(fact.name.to_string(), spells(&slice.histories[i], fact.kind, fact.words));
    }
    told.insert("tags".to_owned(), spells(&slice.tags, Type::Text, Some(TAG)));
    for (t, table) in registry.tables().iter().enumerate() {
        let rows = slice.tables[t].of.of(member).map(|row| {
            let cells = table.columns.iter().enumerate();
            let cells = cells.filter_map(|(c, column)| {
                let cell = value(&slice.tables[t].columns[c], row, column.kind, column.words)?;
                Some((column.name.to_string(), cell))
            });
            Value::Object(cells.collect())
        });
        told.insert(table.name.to_string(), rows.collect());
    }
    Value::Object(told)
}
