//! A whole installation from one store into another, empty one, on either engine.
//!
//! The source may go on being written: the copy is of one moment. The target is filled in one
//! transaction (PostgreSQL) or as a new file that is renamed when it is whole (SQLite), so a copy
//! that breaks off leaves nothing behind and is begun again. Sealed values stay sealed under the
//! same keys: the target opens with the source's master key.

use shuke_kernel::{Error, Result};

use crate::engine;
use crate::migrations;
use crate::store::{Store, StoreConfig};
use crate::transfer;

/// What was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Each table with its rows.
    pub tables: Vec<(&'static str, u64)>,
}

impl Copied {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, n)| n).sum()
    }
}

impl Store {
    /// Copies everything of the register into `to`, which must be empty. `progress` hears of each
    /// page: the table and its rows so far.
    pub fn copy_to(&self, to: &StoreConfig, mut progress: impl FnMut(&str, u64)) -> Result<Copied> {
        let same = match (self.config().sqlite_path(), to.sqlite_path()) {
            (Some(a), Some(b)) => a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b)),
            (None, None) => self.config().url == to.url,
            _ => false,
        };
        if same {
            return Err(Error::fault("source and target are the same store"));
        }
        self.stamp_events()?;
        let now = self.clock().now();
        engine::snapshot(self.config(), self.ring(), |from| {
            transfer::fill(to, migrations::newest(), false, now, |target| {
                let mut copied = Copied::default();
                for table in transfer::travelling(self.config().register) {
                    let named: Vec<String> = transfer::columns(table).into_iter().map(str::to_owned).collect();
                    let mut rows = 0;
                    let total = transfer::each_page(from, table, |_, page| {
                        rows += page.len() as u64;
                        target.add(table, &named, page)?;
                        progress(table.name, rows);
                        Ok(())
                    })?;
                    copied.tables.push((table.name, total));
                }
                Ok(copied)
            })
        })
    }
}
