//! SQLite: one writer thread with group commit ([`writer`]), a pool of readers and a checkpoint
//! thread ([`reader`]).
//!
//! One COMMIT (WAL, synchronous=FULL) serves all closures that are queued; answers go out after it.
//! While one commit waits for the disk the next batch gathers. A failed closure rolls back alone.
//! The file has one owner, held by a lock beside it.

mod log;
mod plans;
mod reader;
mod rest;
mod writer;

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use flume::Sender;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use shuke_kernel::{Error, Result};
use tokio::sync::Notify;

use self::log::Log;
pub(crate) use self::reader::Alone;
use self::writer::Writer;
use super::Work;
use crate::migrations;
use crate::outage;
use crate::seal::KeyRing;
use crate::store::{Lane, StoreConfig};
use crate::tx::sqlite_failure;

const STATEMENTS: usize = 512;
const BUSY: Duration = Duration::from_secs(10);
/// The writer's page cache in KiB. Pages of random keys (tokens, key sets) are what it must hold.
const WRITER_CACHE: i64 = 65_536;

pub(crate) struct Sqlite {
    interactive: Option<Sender<Box<dyn Work>>>,
    bulk: Option<Sender<Box<dyn Work>>>,
    reads: Option<Sender<Box<dyn Work>>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    /// Last, so that the file is given up after every thread has let go of it.
    _owner: File,
}

fn fault(e: rusqlite::Error) -> Error {
    let (failure, what) = sqlite_failure(e);
    outage::answer(failure).unwrap_or_else(|| Error::fault(format!("store: {what}")))
}

pub(crate) fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.busy_timeout(BUSY)?;
    rusqlite::vtab::array::load_module(conn)?;
    // A plan is made once: where statistics are kept, each new bind would have it made anew.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // As on PostgreSQL.
    conn.pragma_update(None, "case_sensitive_like", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -32_768)
}

impl Sqlite {
    pub(crate) fn open(path: &Path, config: &StoreConfig, ring: Arc<KeyRing>, woken: Arc<Notify>) -> Result<Self> {
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            make_private(dir).map_err(|e| Error::fault(format!("cannot make the data directory {}: {e}", dir.display())))?;
        }
        let owner = own(path)?;
        let mut conn = Connection::open(path).map_err(fault)?;
        owner_only(path);
        prepare(&conn).map_err(fault)?;
        conn.pragma_update(None, "journal_mode", "WAL").map_err(fault)?;
        conn.pragma_update(None, "synchronous", "FULL").map_err(fault)?;
        // What a long work or a long reader made of the log is given back when it begins anew by itself.
        conn.pragma_update(None, "journal_size_limit", 64 << 20).map_err(fault)?;
        conn.pragma_update(None, "wal_autocheckpoint", 0).map_err(fault)?;
        conn.pragma_update(None, "cache_size", -WRITER_CACHE).map_err(fault)?;
        let log = Arc::new(Log::of(path, &mut conn).map_err(fault)?);
        let mut translated = HashMap::new();
        migrations::run_sqlite(&conn, path, &mut translated, &ring, config.clock.now())?;
        plans::tell(&conn)?;

        let stop = Arc::new(AtomicBool::new(false));
        let (interactive, interactive_in) = flume::unbounded();
        // Unbounded, for a sender must not block a thread of the async runtime; each waits for its answer anyway.
        let (bulk, bulk_in) = flume::unbounded();
        let (reads, reads_in) = flume::unbounded();
        let mut threads = Vec::new();
        let waited_for = Arc::new(AtomicBool::new(false));
        let writer = Writer::new(conn, translated, ring.clone(), woken, log.clone(), waited_for.clone());
        threads.push(spawn("store-write", move || writer.run(&interactive_in, &bulk_in)));
        for _ in 0..config.readers.max(1) {
            let conn = reader::open(path).map_err(fault)?;
            let (ring, reads_in) = (ring.clone(), reads_in.clone());
            threads.push(spawn("store-read", move || reader::serve(conn, &ring, &reads_in)));
        }
        let (path, halt) = (path.to_owned(), stop.clone());
        threads.push(spawn("store-checkpoint", move || reader::checkpoint(&path, &log, &halt, &waited_for)));
        Ok(Self { interactive: Some(interactive), bulk: Some(bulk), reads: Some(reads), stop, threads, _owner: owner })
    }

    pub(crate) fn write(&self, lane: Lane, work: Box<dyn Work>) {
        let queue = if lane == Lane::Bulk { &self.bulk } else { &self.interactive };
        if let Some(queue) = queue {
            let _ = queue.send(work);
        }
    }

    pub(crate) fn read(&self, work: Box<dyn Work>) {
        if let Some(queue) = &self.reads {
            let _ = queue.send(work);
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.interactive = None;
        self.bulk = None;
        self.reads = None;
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // The last handle may be dropped by a closure that runs on one of these very threads.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

fn spawn(name: &str, f: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(f).unwrap_or_else(|e| panic!("cannot start a thread: {e}"))
}

/// Takes the file for this process as long as the lock lives; the operating system gives it back
/// however the process ends.
pub(crate) fn own(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let cannot = |e: std::io::Error| Error::fault(format!("cannot lock {}: {e}", path.display()));
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&name).map_err(cannot)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(Error::fault(format!("the store {} is in use by another process: stop it first, or ask it to do this", path.display())))
        }
        Err(TryLockError::Error(e)) => Err(cannot(e)),
    }
}

/// Makes a folder that only its owner may look into; one that exists stays as it is.
pub(crate) fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

pub(crate) fn owner_only(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
}
