//! SQLite: one writer thread with group commit, a pool of readers, a checkpoint thread.
//!
//! Queued closures run each in a savepoint and one COMMIT (WAL, synchronous=FULL) serves the
//! batch; answers go out after it. While one commit waits for the disk the next batch gathers.
//! A failed closure rolls back alone. Where SQLite itself rolled back the whole batch (full disk,
//! I/O error) every closure of the batch is run again, one transaction each.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use flume::{Receiver, RecvTimeoutError, Sender};
use rusqlite::{Connection, OpenFlags};
use shuke_kernel::{Error, Result};
use tokio::sync::Notify;

use super::{Attempt, Work, guarded, guarded_after};
use crate::migrations;
use crate::seal::KeyRing;
use crate::store::{Lane, StoreConfig};
use crate::tx::Tx;

const BATCH: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(6);
const READ_LIMIT: Duration = Duration::from_secs(5);
const STATEMENTS: usize = 512;
/// Past this size the writer itself empties the log: passive checkpoints cannot while writes never pause.
const LOG_LIMIT: u64 = 192 << 20;

pub(crate) struct Sqlite {
    interactive: Option<Sender<Box<dyn Work>>>,
    bulk: Option<Sender<Box<dyn Work>>>,
    reads: Option<Sender<Box<dyn Work>>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

fn fault(e: rusqlite::Error) -> Error {
    Error::fault(format!("store: {e}"))
}

fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.busy_timeout(Duration::from_secs(10))?;
    rusqlite::vtab::array::load_module(conn)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -32_768)
}

impl Sqlite {
    pub(crate) fn open(path: &Path, config: &StoreConfig, ring: Arc<KeyRing>, woken: Arc<Notify>) -> Result<Self> {
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            std::fs::create_dir_all(dir).map_err(|e| Error::fault(format!("cannot make the data directory {}: {e}", dir.display())))?;
        }
        let conn = Connection::open(path).map_err(fault)?;
        owner_only(path);
        prepare(&conn).map_err(fault)?;
        conn.pragma_update(None, "journal_mode", "WAL").map_err(fault)?;
        conn.pragma_update(None, "synchronous", "FULL").map_err(fault)?;
        conn.pragma_update(None, "wal_autocheckpoint", 0).map_err(fault)?;
        let mut translated = HashMap::new();
        migrations::run_sqlite(&conn, path, &mut translated, &ring, config.clock.now())?;

        let stop = Arc::new(AtomicBool::new(false));
        let (interactive, interactive_in) = flume::unbounded();
        let (bulk, bulk_in) = flume::bounded(64);
        let (reads, reads_in) = flume::unbounded();
        let mut threads = Vec::new();
        let writer = Writer { conn, translated, ring: ring.clone(), woken, log: log_of(path) };
        threads.push(spawn("store-write", move || writer.run(&interactive_in, &bulk_in)));
        for _ in 0..config.readers.max(1) {
            let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(fault)?;
            prepare(&conn).map_err(fault)?;
            let (ring, reads_in) = (ring.clone(), reads_in.clone());
            threads.push(spawn("store-read", move || read_loop(conn, &ring, &reads_in)));
        }
        let (path, halt) = (path.to_owned(), stop.clone());
        threads.push(spawn("store-checkpoint", move || checkpoint_loop(&path, &halt)));
        Ok(Self { interactive: Some(interactive), bulk: Some(bulk), reads: Some(reads), stop, threads })
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

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn owner_only(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
}

struct Writer {
    conn: Connection,
    translated: HashMap<String, String>,
    ring: Arc<KeyRing>,
    woken: Arc<Notify>,
    log: PathBuf,
}

impl Writer {
    fn run(mut self, interactive: &Receiver<Box<dyn Work>>, bulk: &Receiver<Box<dyn Work>>) {
        loop {
            let first = match interactive.try_recv().or_else(|_| bulk.try_recv()) {
                Ok(work) => work,
                Err(_) => {
                    let next = flume::Selector::new().recv(interactive, |r| r.ok()).recv(bulk, |r| r.ok()).wait();
                    match next {
                        Some(work) => work,
                        None if interactive.is_disconnected() && bulk.is_disconnected() => break,
                        None => match interactive.recv_timeout(Duration::from_millis(20)).or_else(|_| bulk.recv_timeout(Duration::from_millis(1))) {
                            Ok(work) => work,
                            Err(RecvTimeoutError::Timeout) => continue,
                            Err(RecvTimeoutError::Disconnected) => break,
                        },
                    }
                }
            };
            self.batch(first, interactive, bulk);
            self.bound_log();
        }
        let _ = self.conn.execute_batch("PRAGMA optimize");
    }

    fn batch(&mut self, first: Box<dyn Work>, interactive: &Receiver<Box<dyn Work>>, bulk: &Receiver<Box<dyn Work>>) {
        if let Err(e) = self.conn.execute_batch("BEGIN IMMEDIATE") {
            first.settle(Some(fault(e)));
            return;
        }
        let started = Instant::now();
        let mut kept: Vec<Box<dyn Work>> = Vec::new();
        let mut next = Some(first);
        let mut wake = false;
        while let Some(mut work) = next.take() {
            match self.one(&mut work, &mut wake) {
                Ok(()) => kept.push(work),
                Err(Some(e)) => work.settle(Some(e)),
                // SQLite gave the batch up: all of it runs again alone, this one included.
                Err(None) => {
                    kept.push(work);
                    return self.one_by_one(kept);
                }
            }
            if kept.len() < BATCH && started.elapsed() < BATCH_TIME {
                next = interactive.try_recv().or_else(|_| bulk.try_recv()).ok();
            }
        }
        match self.conn.execute_batch("COMMIT") {
            Ok(()) => {
                for work in kept {
                    work.settle(None);
                }
                if wake {
                    self.woken.notify_waiters();
                }
            }
            Err(_) => {
                if !self.conn.is_autocommit() {
                    let _ = self.conn.execute_batch("ROLLBACK");
                }
                self.one_by_one(kept);
            }
        }
    }

    /// Runs one closure in a savepoint. `Err(None)`: the engine rolled back the whole batch.
    fn one(&mut self, work: &mut Box<dyn Work>, wake: &mut bool) -> Result<(), Option<Error>> {
        let savepoint = |sql: &str| self.conn.prepare_cached(sql).and_then(|mut s| s.raw_execute()).map_err(fault);
        savepoint("SAVEPOINT work").map_err(Some)?;
        let mut tx = Tx::sqlite(&self.conn, &mut self.translated, &self.ring);
        let mut verdict = guarded(work, &mut tx);
        let mut woke = tx.wake;
        drop(tx);
        if self.conn.is_autocommit() {
            return Err(None);
        }
        if matches!(verdict, Ok(Attempt::UndoThenRecord)) {
            savepoint("ROLLBACK TO work").map_err(Some)?;
            let mut tx = Tx::sqlite(&self.conn, &mut self.translated, &self.ring);
            verdict = guarded_after(work, &mut tx);
            woke = tx.wake;
        }
        if self.conn.is_autocommit() {
            return Err(None);
        }
        match verdict {
            Ok(Attempt::Keep) => *wake |= woke,
            Ok(_) => {
                savepoint("ROLLBACK TO work").map_err(Some)?;
            }
            Err(e) => {
                savepoint("ROLLBACK TO work").map_err(Some)?;
                savepoint("RELEASE work").map_err(Some)?;
                return Err(Some(e));
            }
        }
        savepoint("RELEASE work").map(|_| ()).map_err(Some)
    }

    fn one_by_one(&mut self, works: Vec<Box<dyn Work>>) {
        self.ring.forget();
        for mut work in works {
            let mut wake = false;
            let done = self.conn.execute_batch("BEGIN IMMEDIATE").map_err(fault).and_then(|()| {
                let ran = self.one(&mut work, &mut wake).map_err(|e| e.unwrap_or_else(|| Error::fault("the engine gave the transaction up: is the disk full?")));
                match ran.and_then(|()| self.conn.execute_batch("COMMIT").map_err(fault)) {
                    Ok(()) => Ok(()),
                    Err(e) => {
                        if !self.conn.is_autocommit() {
                            let _ = self.conn.execute_batch("ROLLBACK");
                        }
                        self.ring.forget();
                        Err(e)
                    }
                }
            });
            work.settle(done.err());
            if wake {
                self.woken.notify_waiters();
            }
        }
    }

    fn bound_log(&self) {
        let size = std::fs::metadata(&self.log).map(|m| m.len()).unwrap_or(0);
        if size > LOG_LIMIT {
            let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }
}

fn read_loop(mut conn: Connection, ring: &KeyRing, reads: &Receiver<Box<dyn Work>>) {
    let mut translated = HashMap::new();
    while let Ok(mut work) = reads.recv() {
        let deadline = Instant::now() + READ_LIMIT;
        let _ = conn.progress_handler(20_000, Some(move || Instant::now() > deadline));
        let failed = match conn.execute_batch("BEGIN") {
            Err(e) => Some(fault(e)),
            Ok(()) => {
                let mut tx = Tx::sqlite(&conn, &mut translated, ring);
                let verdict = guarded(&mut work, &mut tx);
                if !conn.is_autocommit() {
                    let _ = conn.execute_batch("ROLLBACK");
                }
                verdict.err()
            }
        };
        work.settle(failed);
    }
}

fn checkpoint_loop(path: &Path, stop: &AtomicBool) {
    let Ok(conn) = Connection::open(path) else { return };
    let _ = conn.busy_timeout(Duration::from_millis(50));
    let _ = conn.pragma_update(None, "wal_autocheckpoint", 0);
    let log = log_of(path);
    while !stop.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(100));
        if std::fs::metadata(&log).map(|m| m.len()).unwrap_or(0) > 4 << 20 {
            let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
    let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}
