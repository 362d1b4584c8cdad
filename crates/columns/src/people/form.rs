//! Columns of the registry by name: where a source puts what it reads. A name that a registry lacks
//! is passed over, so that a source serves every registry.

use crate::registry::{Origin, Registry};
use crate::slice::{Draft, Lexicon};

/// A value as the store tells it.
#[derive(Clone, Copy)]
pub(super) enum Cell<'a> {
    /// A number, an instant, money, a day, yes or no.
    Int(Option<i64>),
    /// A text; an empty one is missing.
    Text(Option<&'a str>),
}

/// The columns of a table in the order in which a source tells them.
pub(super) struct Form<const N: usize> {
    table: Option<usize>,
    width: usize,
    at: [Option<(usize, Option<usize>)>; N],
}

impl<const N: usize> Form<N> {
    pub fn of(registry: &Registry, table: &str, names: [&str; N]) -> Self {
        let found = registry.find_table(table);
        let at = names.map(|name| {
            let (_, table) = found?;
            let column = table.find(name)?;
            Some((column, table.columns[column].words))
        });
        Self { table: found.map(|(t, _)| t), width: found.map_or(0, |(_, t)| t.columns.len()), at }
    }

    /// Adds a row to a member.
    pub fn add(&self, draft: &mut Draft, lexicon: &mut Lexicon, cells: [Cell<'_>; N]) {
        let Some(table) = self.table else { return };
        let mut row = vec![None; self.width];
        for (at, cell) in self.at.iter().zip(cells) {
            if let Some((column, words)) = at {
                row[*column] = value(lexicon, *words, cell);
            }
        }
        draft.rows[table].push(row);
    }
}

/// Facts in the order in which a source tells them.
pub(super) struct Facts<const N: usize>([Option<(usize, Option<usize>)>; N]);

impl<const N: usize> Facts<N> {
    pub fn of(registry: &Registry, names: [&str; N]) -> Self {
        Self(names.map(|name| {
            let fact = registry.find_fact(name)?;
            match fact.origin {
                Origin::Current(at) => Some((at, fact.words)),
                _ => None,
            }
        }))
    }

    /// Sets a member's facts.
    pub fn set(&self, draft: &mut Draft, lexicon: &mut Lexicon, cells: [Cell<'_>; N]) {
        for (at, cell) in self.0.iter().zip(cells) {
            if let Some((fact, words)) = at {
                draft.facts[*fact] = value(lexicon, *words, cell);
            }
        }
    }
}

fn value(lexicon: &mut Lexicon, words: Option<usize>, cell: Cell<'_>) -> Option<i64> {
    match (cell, words) {
        (Cell::Int(value), _) => value,
        (Cell::Text(text), Some(words)) => text.and_then(|t| lexicon.words_mut(words).code(t)).map(i64::from),
        (Cell::Text(_), None) => None,
    }
}
