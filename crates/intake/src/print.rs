//! What a row is known by when it comes again: its cells as they stand, under what its file was read as. The order of
//! rows and of columns does not matter; rows that are alike are told apart by how many came before.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::layout::Layout;
use crate::load::places::Places;

/// The prints of one file's rows.
pub(crate) struct Prints {
    /// What the file is read as.
    reading: Sha256,
    /// Columns that number rows or tell of the export: they say nothing of the row.
    counters: BTreeSet<String>,
    seen: Places,
}

impl Prints {
    /// For a file of that layout.
    pub fn of(layout: &Layout) -> Self {
        let mapping = layout.mapping();
        let mut reading = Sha256::new();
        let mut columns: Vec<(&str, &str)> =
            mapping.columns.iter().map(|c| (c.column.as_str(), c.field.map_or("", |f| f.word()))).collect();
        columns.sort_unstable();
        let shape = serde_json::to_string(&mapping.shape).unwrap_or_default();
        let day_order = mapping.day_order.as_deref().unwrap_or_default();
        for word in [layout.format.id, &shape, &mapping.platform, &mapping.currency, &mapping.zone, day_order] {
            put(&mut reading, word);
        }
        columns.iter().flat_map(|(c, f)| [c, f]).for_each(|word| put(&mut reading, word));
        let counters = layout.counters.iter().filter_map(|i| layout.headers.get(*i).cloned()).collect();
        Self { reading, counters, seen: Places::default() }
    }

    /// The print of the next row, which has these cells.
    pub fn next(&mut self, cells: &[(String, String)]) -> String {
        let mut sorted: Vec<&(String, String)> = cells.iter().filter(|(column, _)| !self.counters.contains(column)).collect();
        sorted.sort();
        let mut of = self.reading.clone();
        sorted.iter().flat_map(|(c, t)| [c, t]).for_each(|word| put(&mut of, word));
        let place = self.seen.next(crate::source::hash(&sorted));
        let hex: String = of.finalize().iter().map(|b| format!("{b:02x}")).collect();
        format!("{hex}.{place}")
    }
}

/// Words one after the other that cannot run into each other.
fn put(hash: &mut Sha256, word: &str) {
    hash.update((word.len() as u64).to_be_bytes());
    hash.update(word.as_bytes());
}
