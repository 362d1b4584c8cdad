//! The one writer: batches of closures, each batch one commit.
//!
//! Closures run without savepoints as long as none fails (a savepoint copies every page that its
//! closure touches); when one does, the batch is rolled back and run again with a savepoint around
//! each, and so are the batches after it for a while. Where SQLite itself rolled back the whole batch
//! (full disk, I/O error), or a savepoint could not be undone, the batch is rolled back and every
//! closure of it is run again, one transaction each. Bulk work gets one closure in every twentieth of
//! a second even while interactive work never pauses.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flume::{Receiver, RecvTimeoutError};
use rusqlite::Connection;
use shuke_kernel::{Error, Result};
use tokio::sync::Notify;

use super::log::Log;
use super::rest::{self, Rest};
use super::{BUSY, fault};
use crate::engine::{Attempt, COMMITS, Work, guarded, guarded_after};
use crate::outage;
use crate::seal::KeyRing;
use crate::store::Lane;
use crate::tx::Tx;

const BATCH: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(6);
/// Batches that run with savepoints after a closure failed.
const CAREFUL: usize = 64;
/// While nobody else waits, steps of long work go on in one commit for this long: a page that many
/// steps touch is then written once. Shorter commits were slower also where a commit outgrew the cache.
const BULK_TIME: Duration = Duration::from_millis(600);
/// Past this size the writer itself begins the log anew: passive checkpoints cannot while writes never pause.
const LOG_LIMIT: u64 = 256 << 20;
/// The same after work that somebody waited for: a short log is emptied in a moment.
const LOG_LIMIT_BUSY: u64 = 32 << 20;
/// How long bulk work waits at most behind interactive work.
const BULK_PATIENCE: Duration = Duration::from_millis(50);

pub(super) struct Writer {
    conn: Connection,
    translated: HashMap<String, String>,
    ring: Arc<KeyRing>,
    woken: Arc<Notify>,
    log: Arc<Log>,
    /// When bulk work last ran.
    bulk_at: Instant,
    /// Set when interactive work ran.
    waited_for: Arc<AtomicBool>,
    /// Batches that still run with savepoints, since a closure failed not long ago.
    careful: usize,
    /// A reader kept the log from being begun anew: not tried again before it is that long.
    log_wait: u64,
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
    pub(super) fn new(
        conn: Connection,
        translated: HashMap<String, String>,
        ring: Arc<KeyRing>,
        woken: Arc<Notify>,
        log: Arc<Log>,
        waited_for: Arc<AtomicBool>,
    ) -> Self {
        Self { conn, translated, ring, woken, log, bulk_at: Instant::now(), waited_for, careful: 0, log_wait: 0 }
    }

    pub(super) fn run(mut self, interactive: &Receiver<Box<dyn Work>>, bulk: &Receiver<Box<dyn Work>>) {
        let mut rest = Rest::new();
        loop {
            let first = match self.waiting(interactive, bulk) {
                Some(work) => work,
                None => {
                    let next = flume::Selector::new()
                        .recv(interactive, |r| r.ok().map(|w| (Lane::Interactive, w)))
                        .recv(bulk, |r| r.ok().map(|w| (Lane::Bulk, w)))
                        .wait_timeout(rest::WHILE);
                    let Ok(next) = next else {
                        rest.worked(&self.conn, Duration::ZERO);
                        continue;
                    };
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
            let begun = Instant::now();
            self.batch(first, interactive, bulk);
            self.bound_log();
            rest.worked(&self.conn, begun.elapsed());
        }
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
        COMMITS.fetch_add(1, Ordering::Relaxed);
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

    fn bound_log(&mut self) {
        let limit = if self.waited_for.load(Ordering::Relaxed) { LOG_LIMIT_BUSY } else { LOG_LIMIT };
        let bytes = self.log.bytes();
        if bytes <= limit {
            self.log_wait = 0;
        } else if bytes > self.log_wait {
            // Wait for readers a moment only: everybody waits for this thread.
            let _ = self.conn.busy_timeout(Duration::from_millis(100));
            // Written over, its blocks stay where they are; only what long work left is given back.
            let how = if self.log.file_bytes() > 2 * LOG_LIMIT_BUSY { "TRUNCATE" } else { "RESTART" };
            let busy = self.conn.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |r| r.get::<_, i64>(0));
            if busy == Ok(0) {
                self.log.begun_anew();
                self.log_wait = 0;
            } else {
                self.log_wait = bytes + LOG_LIMIT_BUSY / 4;
            }
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
