//! What was acknowledged: kept by the parent, in memory and in a file, so that a campaign that is
//! broken off can go on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Everything the children were told.
#[derive(Default)]
pub(super) struct Ledger {
    /// Keyed writes with the counts they were answered.
    pub(super) writes: BTreeMap<String, Vec<i64>>,
    /// Keyed refusals.
    pub(super) refused: BTreeSet<String>,
    /// Writes without a key.
    pub(super) unkeyed: BTreeSet<String>,
    /// Bulk batches.
    pub(super) bulk: BTreeSet<String>,
    /// Jobs.
    pub(super) jobs: BTreeSet<String>,
    /// What must not happen and did.
    pub(super) faults: Vec<String>,
    /// The next key of each instance's threads.
    next: BTreeMap<(u64, u64), u64>,
    file: Option<BufWriter<File>>,
}

impl Ledger {
    /// The ledger in that file, with what it holds already.
    pub(super) fn at(path: &Path) -> Self {
        let mut ledger = Self::default();
        let before = std::fs::read_to_string(path).unwrap_or_default();
        // A torn last line was not taken.
        for line in before.lines().take(before.matches('\n').count()) {
            ledger.take(line);
        }
        let file = File::options().create(true).append(true).open(path);
        ledger.file = Some(BufWriter::new(file.unwrap_or_else(|e| panic!("cannot keep the ledger {}: {e}", path.display()))));
        ledger
    }

    /// Takes a line of a child.
    pub(super) fn hear(&mut self, line: &str) {
        if let Some(file) = &mut self.file {
            writeln!(file, "{line}").unwrap_or_else(|e| panic!("cannot keep the ledger: {e}"));
        }
        self.take(line);
    }

    /// Puts it on the disk.
    pub(super) fn keep(&mut self) {
        if let Some(file) = &mut self.file {
            file.flush().unwrap_or_else(|e| panic!("cannot keep the ledger: {e}"));
        }
    }

    fn take(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let name = rest.split(' ').next().unwrap_or_default().to_owned();
        match word {
            "W" => {
                let counts: Vec<i64> = rest.split(' ').skip(1).filter_map(|n| n.parse().ok()).collect();
                self.passed(&name);
                if let Some(before) = self.writes.insert(name.clone(), counts.clone())
                    && before != counts
                {
                    self.faults.push(format!("the key {name} was answered {before:?} and then {counts:?}"));
                }
            }
            "R" => {
                self.passed(&name);
                self.refused.insert(name);
            }
            "U" => drop(self.unkeyed.insert(name)),
            "B" => drop(self.bulk.insert(name)),
            "J" => drop(self.jobs.insert(name)),
            "X" => self.faults.push(rest.to_owned()),
            _ => {}
        }
    }

    fn passed(&mut self, name: &str) {
        let mut parts = name.split('-').filter_map(|p| p.parse::<u64>().ok());
        if let (Some(instance), Some(thread), Some(number)) = (parts.next(), parts.next(), parts.next()) {
            let next = self.next.entry((instance, thread)).or_default();
            *next = (*next).max(number + 1);
        }
    }

    /// The first key of a thread that was not acknowledged.
    pub(super) fn next(&self, instance: u64, thread: u64) -> u64 {
        self.next.get(&(instance, thread)).copied().unwrap_or(0)
    }

    /// How many writes were acknowledged.
    pub(super) fn acknowledged(&self) -> usize {
        self.writes.len() + self.unkeyed.len() + self.bulk.len() + self.jobs.len()
    }
}
