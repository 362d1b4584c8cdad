//! What tests stand on: fresh stores on both engines, a clock that is moved by hand, the real
//! program as a child process, and the outages it must live through.
//!
//! `both("name", |t| …)` runs a test on SQLite and on PostgreSQL. A machine without PostgreSQL
//! fails; nothing is skipped. Helpers panic with what went wrong: that is how a test fails.

#![allow(clippy::missing_panics_doc)]

pub mod cluster;
pub mod disk;
pub mod process;
pub mod proxy;
pub mod schema;
pub mod shop;
pub mod soak;
pub mod web;

use std::sync::Arc;

use shuke_kernel::{Actor, Ctx, IdempotencyKey, Instant, MerchantNo, Result, TestClock};
use shuke_store::register::{GROUND, Register};
use shuke_store::{Engine, Lane, MasterKey, Store, StoreConfig, Tx};
use tempfile::TempDir;

pub use cluster::{Cluster, Database, Durability};

/// The master key of every test store.
pub const MASTER: [u8; 32] = [42; 32];

/// The merchant of every test store; its keys are made.
pub const MERCHANT: MerchantNo = MerchantNo(1001);

/// The tables of the ground alone, for tests of crates that need no others.
pub const GROUND_ONLY: Register = Register(&[GROUND]);

/// Where a test's clock begins: 2026-03-01T00:00:00Z.
pub const START: Instant = Instant(1_772_323_200_000_000);

/// A fresh store with a merchant, gone when this value is.
pub struct TestStore {
    /// The store.
    pub store: Store,
    /// Its clock, and that of [`TestStore::ctx`].
    pub clock: TestClock,
    /// How it was opened.
    pub url: String,
    /// A merchant whose keys are made.
    pub merchant: MerchantNo,
    home: Home,
}

enum Home {
    Dir(TempDir),
    Database(Database),
}

impl TestStore {
    fn open(url: String, home: Home, register: Register) -> Self {
        let clock = TestClock::at(START);
        let store = Store::open(config(&url, &clock, register)).unwrap_or_else(|e| panic!("the test store does not open: {e}"));
        let made = store.write_now(Lane::Interactive, |tx| tx.create_keys(MERCHANT, START));
        made.unwrap_or_else(|e| panic!("the test merchant's keys cannot be made: {e}"));
        Self { store, clock, url, merchant: MERCHANT, home }
    }

    /// A context of the test merchant at the clock's present, without an idempotency key.
    pub fn ctx(&self) -> Ctx {
        use shuke_kernel::Clock;
        Ctx::new(self.merchant, Actor::System("test"), self.clock.now())
    }

    /// A context with an idempotency key; `request` stands for the request's content.
    pub fn keyed(&self, key: &str, request: &str) -> Ctx {
        use sha2::Digest;
        let request_hash = sha2::Sha256::digest(request).into();
        Ctx { key: Some(IdempotencyKey { key: key.to_owned(), request_hash }), ..self.ctx() }
    }

    /// Runs `f` in a write transaction; panics if it fails.
    pub fn write<T: Send + 'static>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
        self.store.write_now(Lane::Interactive, f).unwrap_or_else(|e| panic!("write failed: {e}"))
    }

    /// Runs `f` in a write transaction and hands back what came of it.
    pub fn try_write<T: Send + 'static>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.store.write_now(Lane::Interactive, f)
    }

    /// Runs `f` in a read transaction; panics if it fails.
    pub fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
        self.store.read_now(f).unwrap_or_else(|e| panic!("read failed: {e}"))
    }

    /// The first integer of a query's first row; panics without one.
    pub fn int(&self, sql: &str) -> i64 {
        let sql = sql.to_owned();
        self.read(move |tx| tx.one(&sql, &[])?.get(0))
    }

    /// Another instance on the same PostgreSQL database, with the same clock.
    pub fn another(&self) -> Store {
        assert_eq!(self.store.engine(), Engine::Postgres, "the embedded store has one owner");
        Store::open(config(&self.url, &self.clock, self.store.config().register))
            .unwrap_or_else(|e| panic!("a second instance does not open: {e}"))
    }

    /// Closes the store and opens it again, as a restart would.
    pub fn reopen(self) -> Self {
        let Self { store, clock, url, merchant, home } = self;
        let register = store.config().register;
        drop(store);
        let store = Store::open(config(&url, &clock, register)).unwrap_or_else(|e| panic!("the test store does not open again: {e}"));
        Self { store, clock, url, merchant, home }
    }

    /// Closes the store and keeps its file or database as long as the answer lives.
    pub fn close(self) -> impl Sized {
        drop(self.store);
        self.home
    }

    /// The PostgreSQL database, for tests of outages.
    pub fn database(&self) -> &Database {
        match &self.home {
            Home::Database(db) => db,
            Home::Dir(_) => panic!("this store is a file"),
        }
    }

    /// The folder of the embedded store.
    pub fn dir(&self) -> &std::path::Path {
        match &self.home {
            Home::Dir(dir) => dir.path(),
            Home::Database(_) => panic!("this store is a database"),
        }
    }

    /// Fails if jobs are queued or running, dead letters lie about, or one of `subscribers` has
    /// not seen every event.
    pub fn nothing_left(&self, subscribers: &[&str]) {
        let subscribers: Vec<String> = subscribers.iter().map(|s| (*s).to_owned()).collect();
        self.store.stamp_events().unwrap_or_else(|e| panic!("stamping failed: {e}"));
        let left = self.read(move |tx| {
            let mut left = Vec::new();
            for mut row in tx.rows("SELECT kind, state FROM job WHERE state IN ('queued', 'running') ORDER BY id", &[])? {
                left.push(format!("job {} is {}", row.get::<String>(0)?, row.get::<String>(1)?));
            }
            for mut row in tx.rows("SELECT subscriber, position FROM dead_letter ORDER BY subscriber, position", &[])? {
                left.push(format!("dead letter {} of {}", row.get::<i64>(1)?, row.get::<String>(0)?));
            }
            for mut row in tx.rows("SELECT merchant, position FROM feed_head ORDER BY merchant", &[])? {
                let (merchant, head) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
                for subscriber in &subscribers {
                    let seen = tx.row(
                        "SELECT position FROM feed_offset WHERE merchant = $1 AND subscriber = $2",
                        shuke_store::args![merchant, subscriber],
                    )?;
                    let seen = seen.map_or(Ok(0), |mut r| r.get::<i64>(0))?;
                    if seen != head {
                        left.push(format!("{subscriber} has seen {seen} of {head} events of merchant {merchant}"));
                    }
                }
            }
            Ok(left)
        });
        assert!(left.is_empty(), "left over at the end of the test: {left:#?}");
    }
}

fn config(url: &str, clock: &TestClock, register: Register) -> StoreConfig {
    StoreConfig { clock: Arc::new(clock.clone()), register, ..StoreConfig::new(url, MasterKey::new(MASTER)) }
}

/// Brings the schema of an empty database up to date.
pub(crate) fn migrate(url: &str) {
    let store = Store::open(config(url, &TestClock::at(START), GROUND_ONLY));
    drop(store.unwrap_or_else(|e| panic!("the template does not migrate: {e}")));
}

/// A fresh SQLite store whose register holds the ground alone.
pub fn sqlite() -> TestStore {
    sqlite_with(GROUND_ONLY)
}

/// A fresh SQLite store with that register.
pub fn sqlite_with(register: Register) -> TestStore {
    let dir = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
    let url = format!("sqlite:{}", dir.path().join("shuke.db").display());
    TestStore::open(url, Home::Dir(dir), register)
}

/// A fresh PostgreSQL store whose register holds the ground alone.
pub fn postgres() -> TestStore {
    postgres_with(GROUND_ONLY)
}

/// A fresh PostgreSQL store with that register.
pub fn postgres_with(register: Register) -> TestStore {
    let database = cluster::shared().create_database(cluster::template());
    TestStore::open(database.url(), Home::Database(database), register)
}

/// Runs a test on a fresh SQLite store and on a fresh PostgreSQL store.
pub fn both(name: &str, test: impl Fn(&TestStore)) {
    both_with(name, GROUND_ONLY, test);
}

/// [`both`] with the tables of more crates in the register.
pub fn both_with(name: &str, register: Register, test: impl Fn(&TestStore)) {
    println!("{name}: on SQLite");
    test(&sqlite_with(register));
    println!("{name}: on PostgreSQL");
    test(&postgres_with(register));
}

/// Prepares every statement of these lists (`("members::sql", members::sql::ALL)`) on both
/// engines and fails with all that do not, named.
pub fn prepare_all(register: Register, lists: &[(&str, &[(&str, &str)])]) {
    let mut wrong = Vec::new();
    for t in [sqlite_with(register), postgres_with(register)] {
        for (module, list) in lists {
            for (name, sql) in *list {
                let sql = (*sql).to_owned();
                if let Err(e) = t.try_write(move |tx| tx.prepare_only(&sql)) {
                    wrong.push(format!("{module}::{name} on {:?}: {e}", t.store.engine()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "statements that an engine does not take:\n{}", wrong.join("\n"));
}
