//! Gives the pages that a connection holds back when it has next to nothing to do: what an import or a
//! busy hour left there would stay for good otherwise, and the system keeps the file at hand anyway.

use std::time::{Duration, Instant};

use rusqlite::Connection;

/// How long little was done before the pages go.
pub(super) const WHILE: Duration = Duration::from_secs(30);
/// Little is less than a hundredth of that.
const LITTLE: Duration = Duration::from_millis(300);

/// How much a connection worked of late.
pub(super) struct Rest {
    since: Instant,
    busy: Duration,
}

impl Rest {
    pub fn new() -> Self {
        Self { since: Instant::now(), busy: Duration::ZERO }
    }

    /// It worked for so long just now.
    pub fn worked(&mut self, conn: &Connection, took: Duration) {
        self.busy += took;
        if self.since.elapsed() < WHILE {
            return;
        }
        if self.busy < LITTLE {
            let _ = conn.execute_batch("PRAGMA shrink_memory");
        }
        *self = Self::new();
    }
}
