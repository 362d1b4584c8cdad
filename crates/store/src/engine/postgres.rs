//! PostgreSQL by its synchronous client on pools of threads, the same closures.
//!
//! READ COMMITTED everywhere. A deadlock or serialisation failure runs the closure again; a
//! connection that is lost before COMMIT is made anew and the closure runs again; one that is
//! lost *in* COMMIT leaves the outcome unknown, which only an idempotency key can settle. While
//! the server is known to be gone, work is answered after one try instead of many, so that the
//! queue does not grow.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use flume::{Receiver, Sender};
use postgres::Client;
use postgres::Statement as Prepared;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use shuke_kernel::{Error, Result};
use tokio::sync::Notify;

use super::{Attempt, Work, guarded, guarded_after};
use crate::migrations;
use crate::outage;
use crate::seal::KeyRing;
use crate::store::{Lane, StoreConfig};
use crate::tx::{Failure, Inner, Tx, postgres_failure};

const TRIES: u32 = 12;
const READ_LIMIT: Duration = Duration::from_secs(5);

pub(crate) struct Postgres {
    interactive: Option<Sender<Box<dyn Work>>>,
    bulk: Option<Sender<Box<dyn Work>>>,
    reads: Option<Sender<Box<dyn Work>>>,
    threads: Vec<JoinHandle<()>>,
}

/// A connection by `url`, over TLS where the URL asks for it.
pub(crate) fn connect(url: &str) -> Result<Client> {
    let unreachable = |e| Error::fault(format!("cannot reach PostgreSQL: {}", postgres_failure(e).1));
    let mut config: postgres::Config = url.parse().map_err(unreachable)?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    // A network that swallows packets must not hold a thread for hours.
    config.keepalives_idle(Duration::from_secs(30)).tcp_user_timeout(Duration::from_secs(20));
    let mut client = if config.get_ssl_mode() == postgres::config::SslMode::Require {
        config.connect(tokio_postgres_rustls::MakeRustlsConnect::new(tls()?)).map_err(unreachable)?
    } else {
        config.connect(postgres::NoTls).map_err(unreachable)?
    };
    client
        .batch_execute("SET client_min_messages = warning; SET timezone = 'UTC'; SET lock_timeout = '15s'; SET idle_in_transaction_session_timeout = '60s'; SET jit = off")
        .map_err(unreachable)?;
    Ok(client)
}

/// The authorities that may vouch for a server: those of the file in `PGSSLROOTCERT`, else those
/// of the system.
fn tls() -> Result<rustls::ClientConfig> {
    const SYSTEM: [&str; 3] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
    let named = std::env::var("PGSSLROOTCERT").ok();
    let path = named.or_else(|| SYSTEM.iter().find(|p| std::path::Path::new(p).exists()).map(|p| (*p).to_owned()));
    let path = path.ok_or_else(|| Error::fault("no file of certificate authorities was found: name one in PGSSLROOTCERT"))?;
    let unreadable = |e: &dyn std::fmt::Display| Error::fault(format!("cannot read the certificate authorities in {path}: {e}"));
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&path).map_err(|e| unreadable(&e))? {
        // A system's list may hold one that this library does not take; the others still serve.
        let _ = roots.add(certificate.map_err(|e| unreadable(&e))?);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|e| unreadable(&e))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

impl Postgres {
    pub(crate) fn open(config: &StoreConfig, ring: Arc<KeyRing>, woken: Arc<Notify>) -> Result<Self> {
        let mut first = connect(&config.url)?;
        migrations::run_postgres(&mut first, &ring, config.clock.now())?;
        drop(first);
        let (interactive, interactive_in) = flume::unbounded();
        let (bulk, bulk_in) = flume::unbounded();
        let (reads, reads_in) = flume::unbounded();
        let mut threads = Vec::new();
        let (down, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut start = |name: &str, queue: &Receiver<Box<dyn Work>>, kind: Mode| {
            let worker = Worker {
                url: config.url.clone(),
                ring: ring.clone(),
                woken: woken.clone(),
                mode: kind,
                down: down.clone(),
                written: written.clone(),
            };
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
    /// Whether the server was gone when a worker last tried long enough.
    down: Arc<AtomicBool>,
    /// Closures that wrote, of all workers.
    written: Arc<AtomicU64>,
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
            let wrote = self.mode == Mode::Write && failed.is_none();
            work.settle(failed);
            if wrote && self.time_to_look_again() {
                look_again(&mut connection);
            }
        }
    }

    /// Runs one closure to its end, connecting and retrying as needed.
    fn serve(&self, work: &mut Box<dyn Work>, connection: &mut Option<Connection>) -> Result<()> {
        let mut last = Failure::Connection;
        let mut tries = Tries::default();
        for attempt in 0..TRIES {
            if attempt > 0 {
                std::thread::sleep(Duration::from_millis(5 << attempt.min(8)));
            }
            if connection.as_ref().is_none_or(|c| c.client.is_closed()) {
                *connection = None;
                match self.connect() {
                    Ok(made) => *connection = Some(made),
                    Err(e) => {
                        last = Failure::Connection;
                        tracing::warn!(attempt, error = %e, "the database does not answer");
                        if self.down.load(Ordering::Relaxed) {
                            break;
                        }
                        continue;
                    }
                }
            }
            let Some(conn) = connection.as_mut() else { continue };
            match self.once(work, conn, &mut tries) {
                Ok(()) => return Ok(()),
                Err(Trouble::Final(e)) => return Err(e),
                Err(Trouble::Again(what, failure)) => {
                    tracing::debug!(attempt, ?failure, what, "a transaction runs again");
                    // Each of these has waited for its whole lock timeout.
                    if failure == Failure::Busy && last == Failure::Busy {
                        break;
                    }
                    last = failure;
                    if failure == Failure::Connection {
                        *connection = None;
                    }
                }
            }
        }
        if last == Failure::Connection {
            self.down.store(true, Ordering::Relaxed);
        }
        Err(outage::answer(last)
            .unwrap_or_else(|| Error::fault("PostgreSQL did not take the transaction: rows are there that it does not find")))
    }

    /// After 16, 64, 256 … closures.
    fn time_to_look_again(&self) -> bool {
        let written = self.written.fetch_add(1, Ordering::Relaxed) + 1;
        (16..=1 << 18).contains(&written) && written.is_power_of_two() && written.trailing_zeros().is_multiple_of(2)
    }

    fn connect(&self) -> Result<Connection> {
        let mut client = connect(&self.url)?;
        let of_mode = match self.mode {
            Mode::Read => "SET statement_timeout = '5s'",
            // What writes finds its rows by an index, however small or large the table is just now. Plans
            // made anew for each list, or while a table was empty, cost more than the work. And the
            // statistics it refreshes (see [`look_again`]) are rough: the server makes fine ones later.
            Mode::Write => "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET default_statistics_target = 10",
        };
        client.batch_execute(of_mode).map_err(|e| Error::fault(postgres_failure(e).1))?;
        self.down.store(false, Ordering::Relaxed);
        Ok(Connection { client, cache: HashMap::new() })
    }

    fn once(&self, work: &mut Box<dyn Work>, conn: &mut Connection, tries: &mut Tries) -> Result<(), Trouble> {
        let mut tx = Tx::postgres(self.begin(&mut conn.client)?, &mut conn.cache, &self.ring);
        if self.mode == Mode::Read {
            tx.deadline = Some(Instant::now() + READ_LIMIT);
        }
        tx.locks.crowded = tries.crowded;
        let verdict = guarded(work, &mut tx);
        let failure = tx.failure;
        match failure {
            Some(Failure::Crowded) if !std::mem::replace(&mut tries.crowded, true) => {
                return Err(Trouble::Again("too many locks".to_owned(), Failure::Crowded));
            }
            Some(failure @ (Failure::Retry | Failure::Double | Failure::Busy | Failure::Connection)) => {
                return Err(Trouble::Again("a statement asked for another try".to_owned(), failure));
            }
            Some(failure @ (Failure::Full | Failure::Io | Failure::Slow)) => {
                return Err(Trouble::Final(outage::answer(failure).unwrap_or_else(|| Error::fault("no answer"))));
            }
            Some(Failure::Crowded | Failure::Other) | None => {}
        }
        let verdict = verdict.map_err(Trouble::Final)?;
        if verdict == Attempt::Keep {
            return self.commit(tx, work.settles_unknown());
        }
        let stale = tx.met_stale_keys();
        drop(tx);
        if stale && !std::mem::replace(&mut tries.keys_read_anew, true) {
            return Err(Trouble::Again("keys were changed elsewhere".to_owned(), Failure::Retry));
        }
        if verdict == Attempt::Undo {
            return Ok(());
        }
        let mut tx = Tx::postgres(self.begin(&mut conn.client)?, &mut conn.cache, &self.ring);
        match guarded_after(work, &mut tx).map_err(Trouble::Final)? {
            Attempt::Keep => self.commit(tx, true),
            _ if tx.failure.is_none() => Ok(()),
            _ => Err(Trouble::Again("a refusal could not be recorded".to_owned(), tx.failure.unwrap_or(Failure::Other))),
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
        let (wake, rekeyed) = (tx.wake, tx.rekeyed);
        if let Inner::Postgres(inner, _) = tx.inner {
            inner.commit().map_err(|e| match postgres_failure(e) {
                (Failure::Connection, what) if settles_unknown => Trouble::Again(what, Failure::Connection),
                (Failure::Connection, what) => {
                    tracing::warn!(error = what, "the connection was lost in COMMIT");
                    Trouble::Final(outage::OUTCOME_UNKNOWN.refuse().into())
                }
                (failure @ (Failure::Retry | Failure::Busy), what) => Trouble::Again(what, failure),
                (failure, what) => Trouble::Final(outage::answer(failure).unwrap_or_else(|| Error::fault(what))),
            })?;
            super::COMMITS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        if rekeyed {
            self.ring.forget();
        }
        if wake {
            self.woken.notify_waiters();
        }
        Ok(())
    }
}

/// The tables that are looked at again. What is large already has statistics, and finer ones than these.
const LOOK_AGAIN: &str = "SELECT quote_ident(t.tablename) FROM pg_tables t JOIN pg_class c ON c.oid = to_regclass(quote_ident(t.schemaname) || '.' || quote_ident(t.tablename)) WHERE t.schemaname = current_schema() AND c.reltuples < 1000000 ORDER BY t.tablename";

/// Refreshes the planner's statistics. A plan that is made while a table is nearly empty reads all
/// of it, and is kept while an import fills it; the server itself looks again only after a minute.
/// Should it fail, the server still does.
fn look_again(connection: &mut Option<Connection>) {
    let Some(connection) = connection else { return };
    let refreshed = connection.client.query(LOOK_AGAIN, &[]).and_then(|rows| {
        let tables: Vec<String> = rows.iter().map(|r| r.get(0)).collect();
        if tables.is_empty() { Ok(()) } else { connection.client.batch_execute(&format!("ANALYZE {}", tables.join(", "))) }
    });
    if let Err(e) = refreshed {
        tracing::debug!(error = postgres_failure(e).1, "statistics were not refreshed");
    }
}

/// What the next run of a closure does otherwise.
#[derive(Default)]
struct Tries {
    keys_read_anew: bool,
    /// The server had no room for its locks.
    crowded: bool,
}

enum Trouble {
    /// The answer.
    Final(Error),
    /// Run the closure again, for this reason.
    Again(String, Failure),
}

impl Trouble {
    fn before_commit((failure, what): (Failure, String)) -> Self {
        Self::Again(what, failure)
    }
}
