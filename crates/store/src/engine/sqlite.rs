//! SQLite: one writer thread with group commit, a pool of readers, a checkpoint thread.
//!
//! One COMMIT (WAL, synchronous=FULL) serves all closures that are queued; answers go out after it.
//! While one commit waits for the disk the next batch gathers. A failed closure rolls back alone:
//! closures run without savepoints as long as none fails (a savepoint copies every page that its
//! closure touches); when one does, the batch is rolled back and run again with a savepoint around
//! each, and so are the batches after it for a while. Where SQLite itself rolled back the whole batch
//! (full disk, I/O error), or a savepoint could not be undone, the batch is rolled back and every
//! closure of it is run again, one transaction each. Bulk work gets one closure in every twentieth of
//! a second even while interactive work never pauses. The file has one owner, held by a lock beside it.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
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
use crate::outage;
use crate::seal::KeyRing;
use crate::store::{Lane, StoreConfig};
use crate::tx::{Tx, sqlite_failure};

const BATCH: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(6);
/// Batches that run with savepoints after a closure failed.
const CAREFUL: usize = 64;
/// While nobody else waits, steps of long work go on in one commit for this long: a page that many
/// steps touch is then written once.
const BULK_TIME: Duration = Duration::from_millis(600);
const READ_LIMIT: Duration = Duration::from_secs(5);
const STATEMENTS: usize = 512;
const BUSY: Duration = Duration::from_secs(10);
/// Past this size the writer itself empties the log: passive checkpoints cannot while writes never pause.
const LOG_LIMIT: u64 = 256 << 20;
/// The same after work that somebody waited for: a short log is emptied in a moment.
const LOG_LIMIT_BUSY: u64 = 32 << 20;
/// Below this size the log is left alone: a page that is written again soon is copied once.
const CHECKPOINT_AT: u64 = 128 << 20;
/// The same while somebody waits for answers: the more is copied at once, the longer a commit beside
/// it waits for the disk.
const CHECKPOINT_BUSY: u64 = 8 << 20;
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

/// How long bulk work waits at most behind interactive work.
const BULK_PATIENCE: Duration = Duration::from_millis(50);

fn fault(e: rusqlite::Error) -> Error {
    let (failure, what) = sqlite_failure(e);
    outage::answer(failure).unwrap_or_else(|| Error::fault(format!("store: {what}")))
}

pub(crate) fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.busy_timeout(BUSY)?;
    rusqlite::vtab::array::load_module(conn)?;
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
        let conn = Connection::open(path).map_err(fault)?;
        owner_only(path);
        prepare(&conn).map_err(fault)?;
        conn.pragma_update(None, "journal_mode", "WAL").map_err(fault)?;
        conn.pragma_update(None, "synchronous", "FULL").map_err(fault)?;
        conn.pragma_update(None, "wal_autocheckpoint", 0).map_err(fault)?;
        conn.pragma_update(None, "cache_size", -WRITER_CACHE).map_err(fault)?;
        let mut translated = HashMap::new();
        migrations::run_sqlite(&conn, path, &mut translated, &ring, config.clock.now())?;

        let stop = Arc::new(AtomicBool::new(false));
        let (interactive, interactive_in) = flume::unbounded();
        // Unbounded, for a sender must not block a thread of the async runtime; each waits for its answer anyway.
        let (bulk, bulk_in) = flume::unbounded();
        let (reads, reads_in) = flume::unbounded();
        let mut threads = Vec::new();
        let waited_for = Arc::new(AtomicBool::new(false));
        let writer = Writer {
            conn,
            translated,
            ring: ring.clone(),
            woken,
            log: log_of(path),
            bulk_at: Instant::now(),
            waited_for: waited_for.clone(),
            careful: 0,
        };
        threads.push(spawn("store-write", move || writer.run(&interactive_in, &bulk_in)));
        for _ in 0..config.readers.max(1) {
            let conn =
                Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(fault)?;
            prepare(&conn).map_err(fault)?;
            let (ring, reads_in) = (ring.clone(), reads_in.clone());
            threads.push(spawn("store-read", move || read_loop(conn, &ring, &reads_in)));
        }
        let (path, halt) = (path.to_owned(), stop.clone());
        threads.push(spawn("store-checkpoint", move || checkpoint_loop(&path, &halt, &waited_for)));
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

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
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

struct Writer {
    conn: Connection,
    translated: HashMap<String, String>,
    ring: Arc<KeyRing>,
    woken: Arc<Notify>,
    log: PathBuf,
    /// When bulk work last ran.
    bulk_at: Instant,
    /// Set when interactive work ran.
    waited_for: Arc<AtomicBool>,
    /// Batches that still run with savepoints, since a closure failed not long ago.
    careful: usize,
}

/// How one closure fared inside a batch.
enum Ran {
    /// Its writes are in the batch, or it rolled back alone and knows why.
    Done,
    /// It rolled back alone; this is the answer.
    Failed(Error),
    /// The batch cannot be trusted any more.
    BatchLost,
}

impl Writer {
    fn run(mut self, interactive: &Receiver<Box<dyn Work>>, bulk: &Receiver<Box<dyn Work>>) {
        loop {
            let first = match self.waiting(interactive, bulk) {
                Some(work) => work,
                None => {
                    let next = flume::Selector::new()
                        .recv(interactive, |r| r.ok().map(|w| (Lane::Interactive, w)))
                        .recv(bulk, |r| r.ok().map(|w| (Lane::Bulk, w)))
                        .wait();
                    match next {
                        Some(work) => work,
                        None if interactive.is_disconnected() && bulk.is_disconnected() => break,
                        None => match interactive
                            .recv_timeout(Duration::from_millis(20))
                            .map(|w| (Lane::Interactive, w))
                            .or_else(|_| bulk.recv_timeout(Duration::from_millis(1)).map(|w| (Lane::Bulk, w)))
                        {
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

    /// What waits: interactive work first, unless bulk work has waited too long.
    fn waiting(&mut self, interactive: &Receiver<Box<dyn Work>>, bulk: &Receiver<Box<dyn Work>>) -> Option<(Lane, Box<dyn Work>)> {
        let starved = self.bulk_at.elapsed() > BULK_PATIENCE;
        if !starved && let Ok(work) = interactive.try_recv() {
            return Some((Lane::Interactive, work));
        }
        if let Ok(work) = bulk.try_recv() {
            self.bulk_at = Instant::now();
            return Some((Lane::Bulk, work));
        }
        interactive.try_recv().ok().map(|work| (Lane::Interactive, work))
    }

    fn batch(&mut self, first: (Lane, Box<dyn Work>), interactive: &Receiver<Box<dyn Work>>, bulk: &Receiver<Box<dyn Work>>) {
        if let Err(e) = self.conn.execute_batch("BEGIN IMMEDIATE") {
            first.1.settle(Some(fault(e)));
            return;
        }
        let started = Instant::now();
        let trusting = self.careful == 0;
        self.careful = self.careful.saturating_sub(1);
        let mut kept: Vec<Box<dyn Work>> = Vec::new();
        let mut next = Some(first);
        let mut after = After::default();
        let mut limit = BULK_TIME;
        while let Some((lane, mut work)) = next.take() {
            if lane == Lane::Interactive {
                limit = BATCH_TIME;
                self.waited_for.store(true, Ordering::Relaxed);
            }
            match if trusting { self.trusted(&mut work, &mut after) } else { self.one(&mut work, &mut after) } {
                Ran::Done => kept.push(work),
                Ran::Failed(e) => work.settle(Some(e)),
                Ran::BatchLost => {
                    kept.push(work);
                    self.roll_back();
                    return if trusting { self.again(kept) } else { self.one_by_one(kept) };
                }
            }
            if kept.len() < BATCH && started.elapsed() < limit {
                next = self.waiting(interactive, bulk);
            }
        }
        self.commit(kept, &after);
    }

    /// Runs a batch in which something failed once more, each closure in a savepoint.
    fn again(&mut self, works: Vec<Box<dyn Work>>) {
        self.careful = CAREFUL;
        if self.conn.execute_batch("BEGIN IMMEDIATE").is_err() {
            return self.one_by_one(works);
        }
        let mut after = After::default();
        let (mut kept, mut left) = (Vec::new(), works.into_iter());
        while let Some(mut work) = left.next() {
            match self.one(&mut work, &mut after) {
                Ran::Done => kept.push(work),
                Ran::Failed(e) => work.settle(Some(e)),
                Ran::BatchLost => {
                    kept.push(work);
                    self.roll_back();
                    kept.extend(left);
                    return self.one_by_one(kept);
                }
            }
        }
        self.commit(kept, &after);
    }

    fn commit(&mut self, kept: Vec<Box<dyn Work>>, after: &After) {
        match self.conn.execute_batch("COMMIT") {
            Ok(()) => {
                self.committed(after);
                for work in kept {
                    work.settle(None);
                }
                if after.wake {
                    self.woken.notify_waiters();
                }
            }
            Err(_) => {
                self.roll_back();
                self.one_by_one(kept);
            }
        }
    }

    /// Runs one closure that is expected to succeed; with one that does not the batch is lost.
    fn trusted(&mut self, work: &mut Box<dyn Work>, after: &mut After) -> Ran {
        let mut tx = Tx::sqlite(&self.conn, &mut self.translated, &self.ring);
        let verdict = guarded(work, &mut tx);
        let (wake, rekeyed, failed) = (tx.wake, tx.rekeyed, tx.failure.is_some());
        drop(tx);
        if failed || self.conn.is_autocommit() || !matches!(verdict, Ok(Attempt::Keep)) {
            return Ran::BatchLost;
        }
        after.wake |= wake;
        after.rekeyed |= rekeyed;
        Ran::Done
    }

    fn roll_back(&self) {
        if !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
        // What the batch showed of keys may not exist.
        self.ring.forget();
    }

    fn committed(&self, after: &After) {
        super::COMMITS.fetch_add(1, Ordering::Relaxed);
        if after.rekeyed {
            self.ring.forget();
        }
    }

    /// Runs one closure in a savepoint.
    fn one(&mut self, work: &mut Box<dyn Work>, after: &mut After) -> Ran {
        let savepoint = |sql: &str| self.conn.prepare_cached(sql).and_then(|mut s| s.raw_execute()).is_ok();
        for again in [true, false] {
            if !savepoint("SAVEPOINT work") {
                return Ran::BatchLost;
            }
            let mut tx = Tx::sqlite(&self.conn, &mut self.translated, &self.ring);
            let mut verdict = guarded(work, &mut tx);
            let mut left = After { wake: tx.wake, rekeyed: tx.rekeyed };
            let (failure, stale) = (tx.failure, tx.met_stale_keys());
            drop(tx);
            if self.conn.is_autocommit() {
                return Ran::BatchLost;
            }
            let kept = matches!(verdict, Ok(Attempt::Keep));
            if !kept && !savepoint("ROLLBACK TO work") {
                return Ran::BatchLost;
            }
            if let Some(answer) = failure.and_then(outage::answer) {
                let undone = (!kept || savepoint("ROLLBACK TO work")) && savepoint("RELEASE work");
                return if undone { Ran::Failed(answer) } else { Ran::BatchLost };
            }
            if !kept && again && stale {
                if !savepoint("RELEASE work") {
                    return Ran::BatchLost;
                }
                continue;
            }
            if matches!(verdict, Ok(Attempt::UndoThenRecord)) {
                let mut tx = Tx::sqlite(&self.conn, &mut self.translated, &self.ring);
                verdict = guarded_after(work, &mut tx);
                left = After { wake: tx.wake, rekeyed: tx.rekeyed };
                drop(tx);
                if self.conn.is_autocommit() || (!matches!(verdict, Ok(Attempt::Keep)) && !savepoint("ROLLBACK TO work")) {
                    return Ran::BatchLost;
                }
            }
            if !savepoint("RELEASE work") {
                return Ran::BatchLost;
            }
            return match verdict {
                Ok(Attempt::Keep) => {
                    after.wake |= left.wake;
                    after.rekeyed |= left.rekeyed;
                    Ran::Done
                }
                Ok(_) => Ran::Done,
                Err(e) => Ran::Failed(e),
            };
        }
        Ran::BatchLost
    }

    fn one_by_one(&mut self, works: Vec<Box<dyn Work>>) {
        for mut work in works {
            let failed = self.alone(&mut work).err();
            if failed.is_some() {
                self.roll_back();
            }
            work.settle(failed);
        }
    }

    fn alone(&mut self, work: &mut Box<dyn Work>) -> Result<()> {
        self.conn.execute_batch("BEGIN IMMEDIATE").map_err(fault)?;
        let mut after = After::default();
        match self.one(work, &mut after) {
            Ran::Done => {}
            Ran::Failed(e) => return Err(e),
            // SQLite gives a transaction up for want of room, memory or a working disk.
            Ran::BatchLost => return Err(outage::DISK_FULL.refuse().into()),
        }
        self.conn.execute_batch("COMMIT").map_err(fault)?;
        self.committed(&after);
        if after.wake {
            self.woken.notify_waiters();
        }
        Ok(())
    }

    fn bound_log(&self) {
        let size = std::fs::metadata(&self.log).map(|m| m.len()).unwrap_or(0);
        let limit = if self.waited_for.load(Ordering::Relaxed) { LOG_LIMIT_BUSY } else { LOG_LIMIT };
        if size > limit {
            // Wait for readers a moment only: everybody waits for this thread.
            let _ = self.conn.busy_timeout(Duration::from_millis(100));
            let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = self.conn.busy_timeout(BUSY);
        }
    }
}

/// What is to be done once a batch is committed.
#[derive(Default)]
struct After {
    wake: bool,
    rekeyed: bool,
}

fn read_loop(mut conn: Connection, ring: &KeyRing, reads: &Receiver<Box<dyn Work>>) {
    let mut translated = HashMap::new();
    while let Ok(mut work) = reads.recv() {
        let deadline = Instant::now() + READ_LIMIT;
        let _ = conn.progress_handler(20_000, Some(move || Instant::now() > deadline));
        let failed = read_once(&conn, &mut translated, ring, &mut work, deadline).err();
        work.settle(failed);
    }
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

fn checkpoint_loop(path: &Path, stop: &AtomicBool, waited_for: &AtomicBool) {
    let Ok(conn) = Connection::open(path) else { return };
    let _ = conn.busy_timeout(Duration::from_millis(50));
    let _ = conn.pragma_update(None, "wal_autocheckpoint", 0);
    let log = log_of(path);
    while !stop.load(Ordering::SeqCst) {
        std::thread::park_timeout(Duration::from_millis(100));
        let enough = if waited_for.swap(false, Ordering::Relaxed) { CHECKPOINT_BUSY } else { CHECKPOINT_AT };
        if std::fs::metadata(&log).map(|m| m.len()).unwrap_or(0) > enough {
            let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
    let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}
