//! The cap of memory: what of it the columns take that answer meanwhile, and what becomes of a build that it refuses.

use std::sync::Arc;

use shuke_kernel::{Error, Result};

use super::{Keeper, locked};
use crate::budget;
use crate::shelf::Loaded;

/// What is held of a mapped file, bytes, about: where its columns lie. And who of it is hidden, for so many members a byte.
const FILE: usize = 12 << 10;
const HIDDEN: usize = 4;
/// After the cap of memory has refused a build nobody tries again for so long, microseconds.
const REFUSED: i64 = 3_600_000_000;

/// What is held of a mapped file of so many members, bytes.
pub(super) fn file(members: usize) -> usize {
    FILE + members / HIDDEN
}

impl Keeper {
    /// What the columns that answer meanwhile take: words, and what is known of mapped files.
    pub(super) fn standing(&self) -> usize {
        let loaded = locked(&self.loaded).clone();
        let loaded = loaded.map_or(0, |l| l.columns.words.bytes() + l.columns.buckets.iter().map(|b| file(b.len())).sum::<usize>());
        loaded + locked(&self.people).bytes(&self.registry)
    }

    /// Builds in full, unless the cap has refused it within the last hour: it would read the whole store again, and
    /// be refused again.
    pub(super) fn build_unless_refused(&self) -> Result<Arc<Loaded>> {
        let now = self.store.clock().now().micros();
        if let Some((_, refusal)) = locked(&self.refused).as_ref().filter(|(at, _)| now - at < REFUSED) {
            return Err(refusal.clone().into());
        }
        self.build_now()
    }

    /// Remembers that the cap refused a build.
    pub(super) fn remember_refusal(&self, error: &Error) {
        if let Some(refusal) = budget::too_small(error) {
            *locked(&self.refused) = Some((self.store.clock().now().micros(), refusal.clone()));
        }
    }

    /// The same, once nobody else writes.
    pub(super) fn rebuild_unless_refused(&self) -> Result<()> {
        let _mine = locked(&self.writing);
        let _lock = self.wait_for_lock()?;
        self.build_unless_refused().map(|_| ())
    }
}
