//! PostgreSQL by its synchronous client on pools of threads, the same closures.
//!
//! READ COMMITTED everywhere. A deadlock or serialisation failure runs the closure again; a
//! connection that is lost before COMMIT is made anew and the closure runs again; one that is
//! lost *in* COMMIT leaves the outcome unknown, which only an idempotency key can settle.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use flume::{Receiver, Sender};
use postgres::Client;
use postgres::Statement as Prepared;
use shuke_kernel::{Error, Result};
use tokio::sync::Notify;

use super::{Attempt, Work, guarded, guarded_after};
use crate::migrations;
use crate::seal::KeyRing;
use crate::store::{Lane, StoreConfig};
use crate::tx::{Failure, Inner, Tx, postgres_failure};

const TRIES: u32 = 12;

pub(crate) struct Postgres {
    interactive: Option<Sender<Box<dyn Work>>>,
    bulk: Option<Sender<Box<dyn Work>>>,
    reads: Option<Sender<Box<dyn Work>>>,
    threads: Vec<JoinHandle<()>>,
}

/// A connection by `url`, over TLS where the URL asks for it.
pub(crate) fn connect(url: &str) -> Result<Client, postgres::Error> {
    let config: postgres::Config = url.parse()?;
    let mut client = if config.get_ssl_mode() == postgres::config::SslMode::Require {
        let roots = rustls::RootCertStore::empty();
        let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.connect(tokio_postgres_rustls::MakeRustlsConnect::new(tls))?
    } else {
        config.connect(postgres::NoTls)?
    };
    client.batch_execute("SET client_min_messages = warning; SET timezone = 'UTC'; SET lock_timeout = '15s'; SET jit = off")?;
    Ok(client)
}

impl Postgres {
    pub(crate) fn open(config: &StoreConfig, ring: Arc<KeyRing>, woken: Arc<Notify>) -> Result<Self> {
        let mut first = connect(&config.url).map_err(|e| Error::fault(format!("cannot reach PostgreSQL: {}", postgres_failure(e).1)))?;
        migrations::run_postgres(&mut first, &ring, config.clock.now())?;
        drop(first);
        let (interactive, interactive_in) = flume::unbounded();
        let (bulk, bulk_in) = flume::bounded(64);
        let (reads, reads_in) = flume::unbounded();
        let mut threads = Vec::new();
        let mut start = |name: &str, queue: &Receiver<Box<dyn Work>>, kind: Mode| {
            let worker = Worker { url: config.url.clone(), ring: ring.clone(), woken: woken.clone(), mode: kind };
            let queue = queue.clone();
            let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || worker.run(&queue));
            thread.map(|t| threads.push(t)).map_err(|e| Error::fault(format!("cannot start a thread: {e}")))
        };
        for _ in 0..config.writers.max(1) {
            start("store-write", &interactive_in, Mode::Write)?;
        }
        for _ in 0..2 {
            start("store-bulk", &bulk_in, Mode::Write)?;
        }
        for _ in 0..config.readers.max(1) {
            start("store-read", &reads_in, Mode::Read)?;
        }
        Ok(Self { interactive: Some(interactive), bulk: Some(bulk), reads: Some(reads), threads })
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

impl Drop for Postgres {
    fn drop(&mut self) {
        self.interactive = None;
        self.bulk = None;
        self.reads = None;
        for thread in self.threads.drain(..) {
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Read,
}

struct Worker {
    url: String,
    ring: Arc<KeyRing>,
    woken: Arc<Notify>,
    mode: Mode,
}

struct Connection {
    client: Client,
    cache: HashMap<String, Prepared>,
}

impl Worker {
    fn run(self, queue: &Receiver<Box<dyn Work>>) {
        let mut connection = None;
        while let Ok(mut work) = queue.recv() {
            let failed = self.serve(&mut work, &mut connection).err();
            work.settle(failed);
        }
    }

    /// Runs one closure to its end, connecting and retrying as needed.
    fn serve(&self, work: &mut Box<dyn Work>, connection: &mut Option<Connection>) -> Result<()> {
        let mut last = Error::fault("PostgreSQL did not answer");
        for attempt in 0..TRIES {
            if attempt > 0 {
                std::thread::sleep(Duration::from_millis(5 << attempt.min(8)));
            }
            if connection.as_ref().is_none_or(|c| c.client.is_closed()) {
                match connect(&self.url) {
                    Ok(client) => *connection = Some(Connection { client, cache: HashMap::new() }),
                    Err(e) => {
                        last = Error::fault(format!("cannot reach PostgreSQL: {}", postgres_failure(e).1));
                        continue;
                    }
                }
            }
            let Some(conn) = connection.as_mut() else { continue };
            match self.once(work, conn) {
                Ok(()) => return Ok(()),
                Err(Trouble::Final(e)) => return Err(e),
                Err(Trouble::Again(e, failure)) => {
                    last = e;
                    if failure == Failure::Connection {
                        *connection = None;
                    }
                }
            }
        }
        Err(last)
    }

    fn once(&self, work: &mut Box<dyn Work>, conn: &mut Connection) -> Result<(), Trouble> {
        let mut tx = Tx::postgres(self.begin(&mut conn.client)?, &mut conn.cache, &self.ring);
        let verdict = guarded(work, &mut tx).map_err(Trouble::Final)?;
        let failure = tx.failure;
        if verdict == Attempt::Keep {
            return self.commit(tx, work.settles_unknown());
        }
        drop(tx);
        match (verdict, failure) {
            (_, Some(failure @ (Failure::Retry | Failure::Connection))) => Err(Trouble::Again(Error::fault("PostgreSQL asked for another try"), failure)),
            (Attempt::Keep | Attempt::Undo, _) => Ok(()),
            (Attempt::UndoThenRecord, _) => {
                let mut tx = Tx::postgres(self.begin(&mut conn.client)?, &mut conn.cache, &self.ring);
                match guarded_after(work, &mut tx).map_err(Trouble::Final)? {
                    Attempt::Keep => self.commit(tx, true),
                    _ => Err(Trouble::Again(Error::fault("a refusal could not be recorded"), tx.failure.unwrap_or(Failure::Other))),
                }
            }
        }
    }

    fn begin<'c>(&self, client: &'c mut Client) -> Result<postgres::Transaction<'c>, Trouble> {
        let builder = client.build_transaction();
        let read = self.mode == Mode::Read;
        let builder = if read { builder.read_only(true).isolation_level(postgres::IsolationLevel::RepeatableRead) } else { builder };
        builder.start().map_err(|e| Trouble::before_commit(postgres_failure(e)))
    }

    fn commit(&self, tx: Tx<'_>, settles_unknown: bool) -> Result<(), Trouble> {
        if self.mode == Mode::Read {
            return Ok(());
        }
        let wake = tx.wake;
        if let Inner::Postgres(inner, _) = tx.inner {
            inner.commit().map_err(|e| match postgres_failure(e) {
                (Failure::Retry, what) => Trouble::Again(Error::fault(what), Failure::Retry),
                (Failure::Connection, what) if settles_unknown => Trouble::Again(Error::fault(what), Failure::Connection),
                (Failure::Connection, what) => Trouble::Final(Error::fault(format!("outcome unknown, the connection was lost in COMMIT: {what}"))),
                (Failure::Other, what) => Trouble::Final(Error::fault(what)),
            })?;
        }
        if wake {
            self.woken.notify_waiters();
        }
        Ok(())
    }
}

enum Trouble {
    Final(Error),
    Again(Error, Failure),
}

impl Trouble {
    fn before_commit((failure, what): (Failure, String)) -> Self {
        Self::Again(Error::fault(what), failure)
    }
}
