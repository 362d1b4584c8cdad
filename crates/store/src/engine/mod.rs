//! The two engines and what they run.

mod postgres;
mod sqlite;

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use shuke_kernel::{Error, Result};
use tokio::sync::Notify;

use crate::seal::KeyRing;
use crate::sql::Engine;
use crate::store::{Lane, StoreConfig};
use crate::tx::{Failure, Tx};

/// Transactions that this process committed: on SQLite one serves many closures.
pub(crate) static COMMITS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// What a run of a closure asks of its engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Attempt {
    /// Commit what it wrote.
    Keep,
    /// Roll it back.
    Undo,
    /// Roll it back, then run `after_undo` and commit that: a refusal to be remembered.
    UndoThenRecord,
}

/// A type-erased closure with its waiting caller.
pub(crate) trait Work: Send {
    /// Runs the closure; may be called again after a rollback.
    fn attempt(&mut self, tx: &mut Tx<'_>) -> Attempt;
    /// Writes what must stay although the closure's own writes were rolled back.
    fn after_undo(&mut self, tx: &mut Tx<'_>) -> Attempt;
    /// Whether running it again settles an unknown outcome: only keyed work knows itself again.
    fn settles_unknown(&self) -> bool {
        false
    }
    /// Tells the caller. `failed` is set where the engine could not keep the result.
    fn settle(self: Box<Self>, failed: Option<Error>);
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread runs a closure of the store just now. To wait there for another
/// transaction would wait for oneself.
pub(crate) fn inside_a_transaction() -> bool {
    INSIDE.get()
}

/// Runs one attempt; a panic is an undo and is reported as a fault. A closure that went on after a
/// statement had failed is not kept: one engine has given its transaction up by then.
pub(crate) fn guarded(work: &mut Box<dyn Work>, tx: &mut Tx<'_>) -> Result<Attempt> {
    let attempt = inside(|| work.attempt(tx))?;
    if attempt == Attempt::Keep && tx.failure == Some(Failure::Other) {
        return Err(Error::fault("a closure went on after a statement had failed; it was rolled back"));
    }
    if attempt == Attempt::Keep {
        tx.write_events()?;
    }
    Ok(attempt)
}

pub(crate) fn guarded_after(work: &mut Box<dyn Work>, tx: &mut Tx<'_>) -> Result<Attempt> {
    let attempt = inside(|| work.after_undo(tx))?;
    if attempt == Attempt::Keep {
        tx.write_events()?;
    }
    Ok(attempt)
}

fn inside(f: impl FnOnce() -> Attempt) -> Result<Attempt> {
    INSIDE.set(true);
    let done = catch_unwind(AssertUnwindSafe(f)).map_err(panic_fault);
    INSIDE.set(false);
    done
}

fn panic_fault(_: Box<dyn std::any::Any + Send>) -> Error {
    Error::fault("a panic inside a transaction; it was rolled back")
}

pub(crate) use postgres::connect;
pub(crate) use sqlite::{Alone, make_private, own, owner_only, prepare as prepare_sqlite};

pub(crate) enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// Runs `f` on a consistent snapshot of the store, for as long as it takes: backup, copy, audit.
pub(crate) fn snapshot<T>(config: &StoreConfig, ring: &KeyRing, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    if let Some(path) = config.sqlite_path() {
        let fault = |e: rusqlite::Error| Error::fault(format!("store: {}", crate::tx::sqlite_failure(e).1));
        let conn = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(fault)?;
        prepare_sqlite(&conn).map_err(fault)?;
        conn.execute_batch("BEGIN").map_err(fault)?;
        let mut translated = HashMap::new();
        return f(&mut Tx::sqlite(&conn, &mut translated, ring));
    }
    let fault = |e| Error::fault(format!("store: {}", crate::tx::postgres_failure(e).1));
    let mut client = connect(&config.url)?;
    client.batch_execute("SET idle_in_transaction_session_timeout = 0").map_err(fault)?;
    let builder = client.build_transaction().read_only(true).isolation_level(::postgres::IsolationLevel::RepeatableRead);
    let mut cache = HashMap::new();
    f(&mut Tx::postgres(builder.start().map_err(fault)?, &mut cache, ring))
}

impl Alone {
    /// Over the embedded store; a database server has none.
    pub(crate) fn open(config: &StoreConfig, ring: Arc<KeyRing>, pages: usize) -> Result<Option<Self>> {
        config.sqlite_path().map(|path| Self::over(&path, ring, pages)).transpose()
    }
}

impl Backend {
    pub(crate) fn open(config: &StoreConfig, ring: Arc<KeyRing>, woken: Arc<Notify>) -> Result<Self> {
        match config.sqlite_path() {
            Some(path) => sqlite::Sqlite::open(&path, config, ring, woken).map(Self::Sqlite),
            None => postgres::Postgres::open(config, ring, woken).map(Self::Postgres),
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub(crate) fn write(&self, lane: Lane, work: Box<dyn Work>) {
        match self {
            Self::Sqlite(s) => s.write(lane, work),
            Self::Postgres(p) => p.write(lane, work),
        }
    }

    pub(crate) fn read(&self, work: Box<dyn Work>) {
        match self {
            Self::Sqlite(s) => s.read(work),
            Self::Postgres(p) => p.read(work),
        }
    }
}
