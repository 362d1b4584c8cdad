//! Readers, each with a connection of its own, and the thread that copies the log into the file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flume::Receiver;
use rusqlite::{Connection, OpenFlags};
use shuke_kernel::Result;

use super::log::Log;
use super::rest::Rest;
use super::{fault, prepare};
use crate::engine::{Attempt, Work, guarded};
use crate::outage;
use crate::seal::KeyRing;
use crate::tx::Tx;

const READ_LIMIT: Duration = Duration::from_secs(5);
/// Below this size the log is left alone: a page that is written again soon is copied once.
const CHECKPOINT_AT: u64 = 128 << 20;
/// The same while somebody waits for answers: the more is copied at once, the longer a commit beside
/// it waits for the disk.
const CHECKPOINT_BUSY: u64 = 8 << 20;
/// Runs reads until nobody asks for any more.
pub(super) fn serve(mut conn: Connection, ring: &KeyRing, reads: &Receiver<Box<dyn Work>>) {
    let (mut translated, mut rest) = (HashMap::new(), Rest::new());
    while let Ok(work) = reads.recv() {
        let begun = Instant::now();
        serve_one(&mut conn, &mut translated, ring, work);
        rest.worked(&conn, begun.elapsed());
    }
}

fn serve_one(conn: &mut Connection, translated: &mut HashMap<String, String>, ring: &KeyRing, mut work: Box<dyn Work>) {
    let deadline = Instant::now() + READ_LIMIT;
    let _ = conn.progress_handler(20_000, Some(move || Instant::now() > deadline));
    let failed = read_once(conn, translated, ring, &mut work, deadline).err();
    work.settle(failed);
}

/// A reader without a thread: its own connection, for as long as it lives.
pub(crate) struct Alone {
    conn: Connection,
    translated: HashMap<String, String>,
    ring: Arc<KeyRing>,
}

impl Alone {
    /// Over a file, keeping pages of so many bytes.
    pub(in crate::engine) fn over(path: &Path, ring: Arc<KeyRing>, pages: usize) -> Result<Self> {
        let conn = open(path).map_err(fault)?;
        conn.pragma_update(None, "cache_size", -i64::try_from(pages / 1024).unwrap_or(i64::MAX)).map_err(fault)?;
        Ok(Self { conn, translated: HashMap::new(), ring })
    }

    /// Runs one read.
    pub(crate) fn serve(&mut self, work: Box<dyn Work>) {
        serve_one(&mut self.conn, &mut self.translated, &self.ring, work);
    }
}

/// A connection that only reads.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&conn)?;
    Ok(conn)
}

fn read_once(
    conn: &Connection,
    translated: &mut HashMap<String, String>,
    ring: &KeyRing,
    work: &mut Box<dyn Work>,
    deadline: Instant,
) -> Result<()> {
    for again in [true, false] {
        conn.execute_batch("BEGIN").map_err(fault)?;
        let mut tx = Tx::sqlite(conn, translated, ring);
        tx.deadline = Some(deadline);
        let verdict = guarded(work, &mut tx);
        let (failure, stale) = (tx.failure, tx.met_stale_keys());
        drop(tx);
        if !conn.is_autocommit() {
            let _ = conn.execute_batch("ROLLBACK");
        }
        if let Some(answer) = failure.and_then(outage::answer) {
            return Err(answer);
        }
        if verdict? != Attempt::Keep && again && stale {
            continue;
        }
        break;
    }
    Ok(())
}

/// Copies the log into the file, in the background.
pub(super) fn checkpoint(path: &Path, log: &Log, stop: &AtomicBool, waited_for: &AtomicBool) {
    let Ok(conn) = Connection::open(path) else { return };
    let _ = conn.busy_timeout(Duration::from_millis(50));
    let _ = conn.pragma_update(None, "wal_autocheckpoint", 0);
    while !stop.load(Ordering::SeqCst) {
        std::thread::park_timeout(Duration::from_millis(100));
        let enough = if waited_for.swap(false, Ordering::Relaxed) { CHECKPOINT_BUSY } else { CHECKPOINT_AT };
        if log.bytes() > enough {
            let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
    let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}
