//! The two engines and what they run.

mod postgres;
mod sqlite;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use shuke_kernel::{Error, Result};
use tokio::sync::Notify;

use crate::seal::KeyRing;
use crate::sql::Engine;
use crate::store::{Lane, StoreConfig};
use crate::tx::{Failure, Tx};

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
    Ok(attempt)
}

pub(crate) fn guarded_after(work: &mut Box<dyn Work>, tx: &mut Tx<'_>) -> Result<Attempt> {
    inside(|| work.after_undo(tx))
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

pub(crate) use sqlite::owner_only;

pub(crate) enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
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
