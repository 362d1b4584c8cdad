//! The store that everybody holds: opens an engine, migrates it, and runs closures in transactions.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shuke_kernel::{Clock, Ctx, Error, MerchantNo, Result, SystemClock};
use tokio::sync::{Notify, oneshot};

use crate::engine::{Attempt, Backend, Work, inside_a_transaction};
use crate::flags::RESTORE_UNFINISHED;
use crate::idempotency;
use crate::register::{self, Register};
use crate::seal::{KeyRing, MasterKey};
use crate::sql::Engine;
use crate::tx::Tx;

/// Which queue a closure waits in. Interactive work always goes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    /// Somebody waits for it.
    Interactive,
    /// Imports, expiry, rebuilding: at most about 10 ms of work per closure.
    Bulk,
}

/// How to open a store.
#[derive(Clone)]
pub struct StoreConfig {
    /// `sqlite:PATH` (or a plain path) or `postgres://…`.
    pub url: String,
    /// The key over all keys.
    pub master: MasterKey,
    /// Writer connections on PostgreSQL; SQLite has one writer.
    pub writers: usize,
    /// Reader threads.
    pub readers: usize,
    /// The clock of workers.
    pub clock: Arc<dyn Clock>,
    /// Every table with its columns' classes.
    pub register: Register,
}

impl StoreConfig {
    /// The defaults for that URL.
    pub fn new(url: impl Into<String>, master: MasterKey) -> Self {
        Self { url: url.into(), master, writers: 8, readers: 4, clock: Arc::new(SystemClock), register: Register(&[register::GROUND]) }
    }

    /// The path of the file, if the URL names the embedded store.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let is_postgres = self.url.starts_with("postgres://") || self.url.starts_with("postgresql://");
        (!is_postgres).then(|| PathBuf::from(self.url.strip_prefix("sqlite:").unwrap_or(&self.url)))
    }
}

/// A handle to the store; clones share it. The engine stops when the last one is dropped.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    backend: Backend,
    ring: Arc<KeyRing>,
    woken: Arc<Notify>,
    clock: Arc<dyn Clock>,
    in_flight: idempotency::InFlight,
    desks: crate::together::Desks,
    config: StoreConfig,
}

impl Store {
    /// Opens the store and brings its schema up to date. A store newer than this binary is refused.
    pub fn open(config: StoreConfig) -> Result<Self> {
        let store = Self::open_restored(config)?;
        if store.read_now(|tx| tx.flag(MerchantNo::SYSTEM, RESTORE_UNFINISHED))?.is_some() {
            return Err(Error::fault(
                "the restore of this store broke off before erasures were applied again: run `restore --force` once more",
            ));
        }
        Ok(store)
    }

    /// [`Store::open`] for the restore itself.
    pub(crate) fn open_restored(config: StoreConfig) -> Result<Self> {
        let ring = Arc::new(KeyRing::new(config.master.clone(), config.register));
        let woken = Arc::new(Notify::new());
        let backend = Backend::open(&config, ring.clone(), woken.clone())?;
        let store = Self {
            shared: Arc::new(Shared {
                backend,
                ring,
                woken,
                clock: config.clock.clone(),
                in_flight: Default::default(),
                desks: Default::default(),
                config,
            }),
        };
        store.ensure_system_keys()?;
        Ok(store)
    }

    /// The installation's own keys. Opening them proves that the master key is this store's.
    fn ensure_system_keys(&self) -> Result<()> {
        if self.read_now(|tx| tx.row(crate::keys::sql::LIST, crate::args![MerchantNo::SYSTEM]).map(|r| r.is_some()))? {
            return self.read_now(|tx| tx.keys(MerchantNo::SYSTEM).map(|_| ()));
        }
        let clock = self.shared.clock.clone();
        let made = self.write_now(Lane::Interactive, move |tx| tx.create_keys(MerchantNo::SYSTEM, clock.now()));
        // Another instance may have made them in the same moment.
        made.or_else(|e| self.read_now(|tx| tx.keys(MerchantNo::SYSTEM).map(|_| ())).map_err(|_| e))
    }

    /// Transactions committed by this process so far; on SQLite one serves many closures.
    pub fn commits(&self) -> u64 {
        crate::engine::COMMITS.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The engine it runs on.
    pub fn engine(&self) -> Engine {
        self.shared.backend.engine()
    }

    /// How it was opened.
    pub fn config(&self) -> &StoreConfig {
        &self.shared.config
    }

    /// The clock of workers.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    pub(crate) fn desks(&self) -> &crate::together::Desks {
        &self.shared.desks
    }

    pub(crate) fn in_flight(&self) -> &idempotency::InFlight {
        &self.shared.in_flight
    }

    pub(crate) fn ring(&self) -> &KeyRing {
        &self.shared.ring
    }

    pub(crate) fn ring_shared(&self) -> Arc<KeyRing> {
        self.shared.ring.clone()
    }

    /// Resolves when something was emitted or enqueued by this process since the call.
    pub fn woken(&self) -> impl Future<Output = ()> + Send + '_ {
        self.shared.woken.notified()
    }

    /// Wakes whoever waits in [`Store::woken`].
    pub fn wake(&self) {
        self.shared.woken.notify_waiters();
    }

    /// Runs `f` in a transaction and commits it. `f` may run more than once. A refusal or fault
    /// rolls back everything `f` wrote.
    pub fn write<T, F>(&self, lane: Lane, f: F) -> impl Future<Output = Result<T>> + Send + 'static
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let reply = self.submit(lane, f);
        async move { reply.await.unwrap_or_else(|_| Err(stopped())) }
    }

    /// [`Store::write`] for a thread that may block: the command line, workers, tests.
    pub fn write_now<T, F>(&self, lane: Lane, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        if inside_a_transaction() {
            return Err(nested());
        }
        self.submit(lane, f).blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }

    /// [`Store::write`] that does not wait: several steps of long work share a commit.
    pub fn write_soon<T, F>(&self, lane: Lane, f: F) -> Pending<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        Pending(self.submit(lane, f))
    }

    /// Runs `f` once per idempotency key of `cx`: the answer, a refusal included, is kept sealed
    /// in the same transaction and given again for the same request. The same key with another
    /// request, or while the first still runs, is refused. Without a key it is [`Store::write`].
    pub fn write_once<T, F>(&self, cx: &Ctx, f: F) -> impl Future<Output = Result<T>> + Send + 'static
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let reply = self.submit_once(cx, f);
        async move { reply?.await.unwrap_or_else(|_| Err(stopped())) }
    }

    /// [`Store::write_once`] for a thread that may block.
    pub fn write_once_now<T, F>(&self, cx: &Ctx, f: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        if inside_a_transaction() {
            return Err(nested());
        }
        self.submit_once(cx, f)?.blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }

    fn submit_once<T, F>(&self, cx: &Ctx, f: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let Some(key) = &cx.key else { return Ok(self.submit(Lane::Interactive, f)) };
        let guard = self.shared.in_flight.enter(cx.merchant, key)?;
        let (send, receive) = oneshot::channel();
        let work = idempotency::Once::new(cx.clone(), f, guard, send);
        self.shared.backend.write(Lane::Interactive, Box::new(work));
        Ok(receive)
    }

    /// Runs `f` in a read-only transaction on a consistent snapshot, for at most five seconds.
    pub fn read<T, F>(&self, f: F) -> impl Future<Output = Result<T>> + Send + 'static
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        self.shared.backend.read(Box::new(Plain::new(f, send)));
        async move { receive.await.unwrap_or_else(|_| Err(stopped())) }
    }

    /// [`Store::read`] for a thread that may block.
    pub fn read_now<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        if inside_a_transaction() {
            return Err(nested());
        }
        let (send, receive) = oneshot::channel();
        self.shared.backend.read(Box::new(Plain::new(f, send)));
        receive.blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }

    fn submit<T, F>(&self, lane: Lane, f: F) -> oneshot::Receiver<Result<T>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        self.shared.backend.write(lane, Box::new(Plain::new(f, send)));
        receive
    }
}

/// A write that is under way; it happens whether or not anybody waits.
#[must_use = "whether it was written is known only by waiting"]
pub struct Pending<T>(oneshot::Receiver<Result<T>>);

impl<T> Pending<T> {
    /// What came of it.
    pub fn wait(self) -> Result<T> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }
}

pub(crate) fn nested() -> Error {
    Error::fault("a transaction was asked for inside a transaction: use the one that is open")
}

pub(crate) fn stopped() -> Error {
    Error::fault("the store is stopping")
}

/// A closure without an idempotency key.
pub(crate) struct Plain<T, F> {
    f: F,
    done: Option<Result<T>>,
    send: Option<oneshot::Sender<Result<T>>>,
}

impl<T, F> Plain<T, F> {
    pub(crate) fn new(f: F, send: oneshot::Sender<Result<T>>) -> Self {
        Self { f, done: None, send: Some(send) }
    }
}

impl<T, F> Work for Plain<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send,
{
    fn attempt(&mut self, tx: &mut Tx<'_>) -> Attempt {
        let done = (self.f)(tx);
        let attempt = if done.is_ok() { Attempt::Keep } else { Attempt::Undo };
        self.done = Some(done);
        attempt
    }

    fn after_undo(&mut self, _: &mut Tx<'_>) -> Attempt {
        Attempt::Undo
    }

    fn settle(mut self: Box<Self>, failed: Option<Error>) {
        let answer = match (failed, self.done.take()) {
            (Some(e), _) => Err(e),
            (None, Some(done)) => done,
            (None, None) => Err(Error::fault("the closure panicked")),
        };
        if let Some(send) = self.send.take() {
            let _ = send.send(answer);
        }
    }
}
