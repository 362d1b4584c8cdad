//! Rows of whole tables on their way out of one store and into another: what copy, backup,
//! restore and audit have in common.
//!
//! Tables and columns come from the register, rows in the order of their key, pages of a few
//! megabytes at most. What differs between the engines is put right here: on PostgreSQL an event
//! may not have its position yet; on its way out it gets the one that the sequencer would give.
//! A target is filled in one transaction, whole or not at all.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use shuke_kernel::{Error, Instant, MerchantNo, Result};

use crate::args;
use crate::engine::{connect, make_private, own, owner_only, prepare_sqlite};
use crate::feed;
use crate::migrations;
use crate::register::{Register, Table};
use crate::seal::KeyRing;
use crate::sql::{Column, Engine};
use crate::store::StoreConfig;
use crate::tx::{Inner, Tx, postgres_failure, sqlite_failure};
use crate::value::Value;

/// Pages are cut to about this many bytes.
const PAGE_BYTES: usize = 4 << 20;
const PAGE_ROWS: usize = 4_000;

/// Tables that a store has before anybody used it, and that a target may hold rows in.
const OF_ITS_OWN: &[&str] = &["schema_version", "data_key", "store_flag", "installation"];

/// The tables whose rows travel; a target lays its own schema.
pub(crate) fn travelling(register: Register) -> impl Iterator<Item = &'static Table> {
    register.tables().filter(|t| t.name != "schema_version")
}

/// The columns of a table that travel: PostgreSQL's sequence of events is its own.
pub(crate) fn columns(table: &Table) -> Vec<&'static str> {
    table.column_names().filter(|c| !(table.name == "event" && *c == "number")).collect()
}

/// The kinds of a table's columns, as the store has them.
pub(crate) fn kinds(tx: &mut Tx<'_>, table: &Table) -> Result<Vec<Column>> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT name, type FROM pragma_table_info($1)",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let mut declared = HashMap::new();
    let sql =
        if tx.engine() == Engine::Postgres { sql.replace("table_name = $1", "CAST(table_name AS TEXT) = $1") } else { sql.to_owned() };
    for mut row in tx.rows(&sql, args![table.name])? {
        declared.insert(row.get::<String>(0)?, row.get::<String>(1)?.to_ascii_lowercase());
    }
    columns(table)
        .into_iter()
        .map(|name| match declared.get(name).map(String::as_str) {
            Some("bigint" | "integer") => Ok(Column::Int(name)),
            Some("text") => Ok(Column::Text(name)),
            Some("blob" | "bytea") => Ok(Column::Bytes(name)),
            Some(other) => Err(Error::fault(format!("{}.{name} is of kind {other}, which does not travel", table.name))),
            None => Err(Error::fault(format!("the register names {}.{name}, which the store does not have", table.name))),
        })
        .collect()
}

/// Walks a table in the order of its key, page by page, the values in the order of [`columns`].
pub(crate) fn each_page(tx: &mut Tx<'_>, table: &Table, mut page: impl FnMut(&mut Tx<'_>, Vec<Vec<Value>>) -> Result<()>) -> Result<u64> {
    let unstamped = table.name == "event" && tx.engine() == Engine::Postgres;
    let names: Vec<String> =
        columns(table).iter().map(|c| if unstamped && *c == "position" { POSITION.to_owned() } else { (*c).to_owned() }).collect();
    let width = names.len();
    let key: &[&str] = if unstamped { &["merchant", "number"] } else { table.key };
    // The key is selected once more behind the row: where the next page begins.
    let select = format!("SELECT {}, {} FROM {}", names.join(", "), key.join(", "), table.name);
    let order = key.join(", ");
    let binds: Vec<String> = (2..key.len() + 2).map(|i| format!("${i}")).collect();
    let first = format!("{select} ORDER BY {order} LIMIT $1");
    let next = format!("{select} WHERE ({order}) > ({}) ORDER BY {order} LIMIT $1", binds.join(", "));
    let (mut limit, mut after, mut total) = (16_usize, Vec::new(), 0);
    loop {
        let mut bound = vec![Value::Int(limit as i64)];
        bound.append(&mut after);
        let rows = tx.rows(if bound.len() == 1 { &first } else { &next }, &bound)?;
        let Some(last) = rows.last() else { return Ok(total) };
        after = last.0[width..].to_vec();
        let (count, full) = (rows.len(), rows.len() == limit);
        let rows: Vec<Vec<Value>> = rows
            .into_iter()
            .map(|mut r| {
                r.0.truncate(width);
                r.0
            })
            .collect();
        let bytes: usize = rows.iter().flatten().map(size).sum();
        limit = (PAGE_BYTES / (bytes / count + 1)).clamp(1, PAGE_ROWS);
        total += count as u64;
        page(tx, rows)?;
        if !full {
            return Ok(total);
        }
    }
}

/// The position of an event, or the one that it will get.
const POSITION: &str = "COALESCE(position, COALESCE((SELECT h.position FROM feed_head h WHERE h.merchant = event.merchant), 0) \
    + (SELECT COUNT(*) FROM event u WHERE u.merchant = event.merchant AND u.position IS NULL AND u.number <= event.number))";

fn size(v: &Value) -> usize {
    8 + match v {
        Value::Text(t) => t.len(),
        Value::Bytes(b) => b.len(),
        _ => 0,
    }
}

/// A target being filled.
pub(crate) struct Target<'t> {
    /// Its transaction.
    pub(crate) tx: Tx<'t>,
    register: Register,
    kinds: HashMap<&'static str, Vec<Column>>,
}

impl Target<'_> {
    /// Adds rows to a table, the values in the order of `named`.
    pub(crate) fn add(&mut self, table: &'static Table, named: &[String], rows: Vec<Vec<Value>>) -> Result<()> {
        if !self.kinds.contains_key(table.name) {
            let kinds = kinds(&mut self.tx, table)?;
            self.kinds.insert(table.name, kinds);
        }
        let kinds = &self.kinds[table.name];
        let columns: Vec<Column> = named
            .iter()
            .map(|n| {
                kinds
                    .iter()
                    .find(|k| k.name() == n)
                    .copied()
                    .ok_or_else(|| Error::fault(format!("the data has a column {}.{n} that this program does not know", table.name)))
            })
            .collect::<Result<_>>()?;
        self.tx.insert_rows(table.name, &columns, "", rows).map(|_| ())
    }

    /// Once every row is in: heads follow the events, for those that had no position were counted on.
    fn finish(&mut self) -> Result<()> {
        if !self.register.tables().any(|t| t.name == "event") {
            return Ok(());
        }
        let sql = "SELECT merchant, MAX(position) FROM event GROUP BY merchant ORDER BY merchant";
        for mut row in self.tx.rows(sql, args![])? {
            let (merchant, last): (MerchantNo, i64) = (row.get(0)?, row.get(1)?);
            self.tx.exec(feed::sql::MAKE_HEAD, args![merchant])?;
            self.tx.exec("UPDATE feed_head SET position = $2 WHERE merchant = $1 AND position < $2", args![merchant, last])?;
        }
        Ok(())
    }
}

/// Fills an empty store at schema `schema` by `fill`, whole or not at all. With `force` what is
/// there is replaced.
pub(crate) fn fill<T>(
    to: &StoreConfig,
    schema: i64,
    force: bool,
    now: Instant,
    fill: impl FnOnce(&mut Target<'_>) -> Result<T>,
) -> Result<T> {
    if schema > migrations::newest() {
        return Err(migrations::too_new(schema));
    }
    let ring = KeyRing::new(to.master.clone(), to.register);
    match to.sqlite_path() {
        Some(path) => fill_sqlite(&path, to.register, &ring, schema, force, now, fill),
        None => fill_postgres(&to.url, to.register, &ring, schema, force, now, fill),
    }
}

fn not_empty(what: &str) -> Error {
    Error::fault(format!("the target is not empty: its table {what} has rows. Choose an empty one; nothing was changed"))
}

/// The first table that holds more than a store has before anybody used it.
fn used(tx: &mut Tx<'_>, register: Register) -> Result<Option<&'static str>> {
    for table in register.tables().filter(|t| !OF_ITS_OWN.contains(&t.name)) {
        if exists(tx, table.name)? && tx.row(format!("SELECT 1 FROM {} LIMIT 1", table.name), args![])?.is_some() {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

fn exists(tx: &mut Tx<'_>, table: &str) -> Result<bool> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1",
        Engine::Postgres => {
            "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND CAST(table_name AS TEXT) = $1"
        }
    };
    Ok(tx.row(sql, args![table])?.is_some())
}

/// A new file beside the target, renamed over it when it is whole and on the disk.
fn fill_sqlite<T>(
    path: &Path,
    register: Register,
    ring: &KeyRing,
    schema: i64,
    force: bool,
    now: Instant,
    fill: impl FnOnce(&mut Target<'_>) -> Result<T>,
) -> Result<T> {
    let fault = |e: rusqlite::Error| Error::fault(format!("the target: {}", sqlite_failure(e).1));
    let cannot = |e: std::io::Error| Error::fault(format!("cannot write {}: {e}", path.display()));
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        make_private(dir).map_err(cannot)?;
    }
    let _owner = own(path)?;
    if !force && path.exists() {
        let there = rusqlite::Connection::open(path).map_err(fault)?;
        prepare_sqlite(&there).map_err(fault)?;
        let mut translated = HashMap::new();
        if let Some(table) = used(&mut Tx::sqlite(&there, &mut translated, ring), register)? {
            return Err(not_empty(table));
        }
    }
    let half = beside(path, "-filling");
    remove(&half).map_err(cannot)?;
    let conn = rusqlite::Connection::open(&half).map_err(fault)?;
    owner_only(&half);
    prepare_sqlite(&conn).map_err(fault)?;
    conn.pragma_update(None, "journal_mode", "OFF").map_err(fault)?;
    conn.pragma_update(None, "synchronous", "OFF").map_err(fault)?;
    conn.execute_batch("BEGIN IMMEDIATE").map_err(fault)?;
    let mut translated = HashMap::new();
    let mut tx = Tx::sqlite(&conn, &mut translated, ring);
    migrations::lay(&mut tx, schema, now)?;
    let mut target = Target { tx, register, kinds: HashMap::new() };
    let done = fill(&mut target).and_then(|answer| target.finish().map(|()| answer));
    drop(target);
    let done = done.and_then(|answer| conn.execute_batch("COMMIT").map_err(fault).map(|()| answer));
    conn.close().map_err(|(_, e)| fault(e))?;
    let answer = done.inspect_err(|_| drop(remove(&half)))?;
    std::fs::File::open(&half).and_then(|f| f.sync_all()).map_err(cannot)?;
    for tail in ["-wal", "-shm"] {
        remove(&beside(path, tail)).map_err(cannot)?;
    }
    std::fs::rename(&half, path).map_err(cannot)?;
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::File::open(dir).and_then(|d| d.sync_all()).map_err(cannot)?;
    }
    Ok(answer)
}

fn beside(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// One transaction of the target's.
fn fill_postgres<T>(
    url: &str,
    register: Register,
    ring: &KeyRing,
    schema: i64,
    force: bool,
    now: Instant,
    fill: impl FnOnce(&mut Target<'_>) -> Result<T>,
) -> Result<T> {
    let fault = |e| Error::fault(format!("the target: {}", postgres_failure(e).1));
    let mut client = connect(url)?;
    client.batch_execute("SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = on").map_err(fault)?;
    let mut cache = HashMap::new();
    let mut tx = Tx::postgres(client.transaction().map_err(fault)?, &mut cache, ring);
    if !force && let Some(table) = used(&mut tx, register)? {
        return Err(not_empty(table));
    }
    // A target that was only opened once has keys of its own, perhaps under another schema; the
    // data brings the keys that it is sealed under.
    for table in migrations::tables() {
        tx.batch(&format!("DROP TABLE IF EXISTS {table}"))?;
    }
    migrations::lay(&mut tx, schema, now)?;
    let mut target = Target { tx, register, kinds: HashMap::new() };
    let answer = fill(&mut target)?;
    target.finish()?;
    match target.tx.inner {
        Inner::Postgres(inner, _) => inner.commit().map_err(fault)?,
        Inner::Sqlite(..) => {}
    }
    Ok(answer)
}
