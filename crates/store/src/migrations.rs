//! The schema, one number at a time, forward only.
//!
//! `migrations/NNNN_name/{sqlite,postgres}.sql`, embedded. A number has one meaning on both
//! engines; a test compares the two schemas. Before an existing embedded store is changed it is
//! copied beside itself; PostgreSQL changes its schema in one transaction, whole or not at all. A
//! store that is newer than this binary is refused.

use std::collections::HashMap;
use std::path::Path;

use postgres::Client;
use shuke_kernel::{Error, Instant, Result};

use crate::args;
use crate::engine::owner_only;
use crate::seal::KeyRing;
use crate::sql::Engine;
use crate::tx::{Tx, postgres_failure};

/// One migration.
pub struct Migration {
    /// 1, 2, 3 …, ascending.
    pub number: i64,
    /// What it brings.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal $dir:literal;)*) => {
        /// All of them, in order.
        pub const ALL: &[Migration] = &[$(Migration {
            number: $number,
            name: $dir,
            sqlite: include_str!(concat!("../../../migrations/", $dir, "/sqlite.sql")),
            postgres: include_str!(concat!("../../../migrations/", $dir, "/postgres.sql")),
        }),*];
    };
}

migrations! {
    1 "0001_ground";
    2 "0002_access";
    3 "0003_members";
    4 "0004_commerce";
    5 "0005_intake";
    6 "0006_repairs";
    7 "0007_tags";
    8 "0008_exports";
    9 "0009_occasions";
    10 "0010_timeline";
    11 "0011_lookups";
    12 "0012_segments";
    13 "0013_batches";
    14 "0014_batch_lists";
    15 "0015_rule_tags";
    16 "0016_imported_tags";
    17 "0017_portrait_targets";
    19 "0019_programme";
    20 "0020_weather";
    21 "0021_benefits";
    22 "0022_due";
    24 "0024_shopper";
    25 "0025_cards";
    26 "0026_same_rows";
    27 "0027_reruns";
    28 "0028_growth_tasks";
    29 "0029_address";
    30 "0030_coupons";
    31 "0031_promotions";
}

const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/// The number of the newest migration of this binary.
pub fn newest() -> i64 {
    ALL.last().map_or(0, |m| m.number)
}

/// The tables that the migrations make and leave.
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    let named = |script: &'static str, verb: &'static str| script.split(verb).skip(1).filter_map(|rest| rest.split([' ', '(', ';']).next());
    let gone: Vec<_> = ALL.iter().flat_map(|m| named(m.postgres, "DROP TABLE ")).collect();
    let made = ALL.iter().flat_map(move |m| named(m.postgres, "CREATE TABLE ")).filter(move |table| !gone.contains(table));
    made.chain(["schema_version"])
}

pub(crate) fn too_new(found: i64) -> Error {
    Error::fault(format!(
        "this store is at schema {found}, newer than this program's {}: start the newer program, or restore a backup made before the upgrade",
        newest()
    ))
}

/// Lays the schema of number `upto` into an empty store, in the transaction that is open.
pub(crate) fn lay(tx: &mut Tx<'_>, upto: i64, now: Instant) -> Result<()> {
    tx.batch(VERSION_TABLE)?;
    let at: i64 = tx.one("SELECT COALESCE(MAX(number), 0) FROM schema_version", args![])?.get(0)?;
    if at > upto {
        return Err(Error::fault(format!("the target is at schema {at} already, the data at {upto}: use an empty target")));
    }
    for m in ALL.iter().filter(|m| m.number > at && m.number <= upto) {
        let script = match tx.engine() {
            Engine::Sqlite => m.sqlite,
            Engine::Postgres => m.postgres,
        };
        apply(tx, m, script, now)?;
    }
    Ok(())
}

pub(crate) fn run_sqlite(
    conn: &rusqlite::Connection,
    path: &Path,
    translated: &mut HashMap<String, String>,
    ring: &KeyRing,
    now: Instant,
) -> Result<()> {
    let fault = |e: rusqlite::Error| Error::fault(format!("migration: {e}"));
    conn.execute_batch(VERSION_TABLE).map_err(fault)?;
    let at: i64 = conn.query_row("SELECT COALESCE(MAX(number), 0) FROM schema_version", [], |r| r.get(0)).map_err(fault)?;
    if at > newest() {
        return Err(too_new(at));
    }
    if at > 0 && at < newest() {
        copy_beside(conn, path, at)?;
    }
    for m in ALL.iter().filter(|m| m.number > at) {
        conn.execute_batch("BEGIN IMMEDIATE").map_err(fault)?;
        let mut tx = Tx::sqlite(conn, translated, ring);
        let done = apply(&mut tx, m, m.sqlite, now);
        match done {
            Ok(()) => conn.execute_batch("COMMIT").map_err(fault)?,
            Err(e) => {
                let _ = conn.execute_batch("ROLLBACK");
                return Err(e);
            }
        }
    }
    Ok(())
}

/// Copies the store beside itself, whole or not at all, as it was at schema `at`.
fn copy_beside(conn: &rusqlite::Connection, path: &Path, at: i64) -> Result<()> {
    let copy = path.with_extension(format!("at-schema-{at:04}.db"));
    if copy.exists() {
        return Ok(());
    }
    let cannot = |e: &dyn std::fmt::Display| Error::fault(format!("cannot copy the store to {} before the upgrade: {e}", copy.display()));
    let half = copy.with_extension("half");
    if half.exists() {
        std::fs::remove_file(&half).map_err(|e| cannot(&e))?;
    }
    conn.execute("VACUUM INTO ?1", [half.to_string_lossy()]).map_err(|e| cannot(&e))?;
    owner_only(&half);
    std::fs::File::open(&half).and_then(|f| f.sync_all()).map_err(|e| cannot(&e))?;
    std::fs::rename(&half, &copy).map_err(|e| cannot(&e))
}

pub(crate) fn run_postgres(client: &mut Client, ring: &KeyRing, now: Instant) -> Result<()> {
    let fault = |e| Error::fault(format!("migration: {}", postgres_failure(e).1));
    // Two instances that start at once: creating the table itself may collide, the lock after it orders them.
    let _ = client.batch_execute(VERSION_TABLE);
    let mut cache = HashMap::new();
    let mut tx = Tx::postgres(client.transaction().map_err(fault)?, &mut cache, ring);
    tx.exec("LOCK TABLE schema_version IN EXCLUSIVE MODE", args![])?;
    let at: i64 = tx.one("SELECT COALESCE(MAX(number), 0)::bigint FROM schema_version", args![])?.get(0)?;
    if at > newest() {
        return Err(too_new(at));
    }
    for m in ALL.iter().filter(|m| m.number > at) {
        apply(&mut tx, m, m.postgres, now)?;
    }
    match tx.inner {
        crate::tx::Inner::Postgres(inner, _) => inner.commit().map_err(fault),
        crate::tx::Inner::Sqlite(..) => Ok(()),
    }
}

fn apply(tx: &mut Tx<'_>, m: &Migration, script: &str, now: Instant) -> Result<()> {
    tx.batch(script).map_err(|e| Error::fault(format!("migration {}: {e}", m.name)))?;
    tx.exec("INSERT INTO schema_version (number, name, applied_at) VALUES ($1, $2, $3)", args![m.number, m.name, now]).map(|_| ())
}
