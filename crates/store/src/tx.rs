//! A transaction over either engine: what domain code gets to see of the store.

mod postgresql;
mod sqlite;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use postgres::Statement as Prepared;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use shuke_kernel::{Error, MerchantNo, Result};

pub(crate) use self::postgresql::postgres_failure;
use self::postgresql::{columns_of, postgres_row, prepared, refs};
pub(crate) use self::sqlite::sqlite_failure;
use self::sqlite::{bind, sqlite_value, translate};
use crate::locks::Locks;
use crate::outage;
use crate::seal::{KeyRing, MerchantKeys};
use crate::sql::{Column, Engine, InsertMany, Statement, insert_one, insert_set};
use crate::value::{Row, Value};

/// An open transaction. Services take `&mut Tx`; the caller commits.
pub struct Tx<'a> {
    pub(crate) inner: Inner<'a>,
    pub(crate) ring: &'a KeyRing,
    pub(crate) local_keys: HashMap<i64, Arc<MerchantKeys>>,
    /// Keys that this transaction was handed from memory.
    handed: Vec<Arc<MerchantKeys>>,
    /// Answers that hold until a statement that contains one of their words runs.
    memo: Vec<Remembered>,
    /// Events to be written before the transaction ends; see [`crate::feed`].
    pub(crate) events: Vec<(MerchantNo, Vec<Value>)>,
    /// Set when something was emitted or enqueued, so that workers are woken after the commit.
    pub(crate) wake: bool,
    /// Set when keys were changed, so that nobody goes on with the old ones after the commit.
    pub(crate) rekeyed: bool,
    /// What the engine said of the last failure, for the decision to retry. A transaction in
    /// which a statement failed is never committed, on either engine.
    pub(crate) failure: Option<Failure>,
    /// When a read must end.
    pub(crate) deadline: Option<Instant>,
    /// What this transaction keeps others from by name.
    pub(crate) locks: Locks,
    /// While rows are inserted that were not there: one that is was made by somebody else since.
    doubles_mean_again: bool,
}

struct Remembered {
    sql: &'static str,
    args: Vec<Value>,
    until: &'static [&'static str],
    rows: Vec<Row>,
}

pub(crate) enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection, &'a mut HashMap<String, String>),
    Postgres(postgres::Transaction<'a>, &'a mut HashMap<String, Prepared>),
}

/// Why a statement failed, as far as the decision to run the closure again needs it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// Deadlock or serialisation: run it again.
    Retry,
    /// A row is there that was not found: another made it meanwhile, and the next run finds it. If it does
    /// not, the rows contradict each other and no waiting helps.
    Double,
    /// Waited too long for a lock.
    Busy,
    /// No room for so many locks, or one that it must not wait for: run it again with one in their stead.
    Crowded,
    /// No room on the disk.
    Full,
    /// The disk failed.
    Io,
    /// A read took too long.
    Slow,
    /// The connection is gone.
    Connection,
    /// Anything else.
    Other,
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(conn: &'a rusqlite::Connection, translated: &'a mut HashMap<String, String>, ring: &'a KeyRing) -> Self {
        Self {
            inner: Inner::Sqlite(conn, translated),
            ring,
            local_keys: HashMap::new(),
            handed: Vec::new(),
            memo: Vec::new(),
            events: Vec::new(),
            wake: false,
            rekeyed: false,
            failure: None,
            deadline: None,
            locks: Locks::default(),
            doubles_mean_again: false,
        }
    }

    pub(crate) fn postgres(tx: postgres::Transaction<'a>, cache: &'a mut HashMap<String, Prepared>, ring: &'a KeyRing) -> Self {
        Self {
            inner: Inner::Postgres(tx, cache),
            ring,
            local_keys: HashMap::new(),
            handed: Vec::new(),
            memo: Vec::new(),
            events: Vec::new(),
            wake: false,
            rekeyed: false,
            failure: None,
            deadline: None,
            locks: Locks::default(),
            doubles_mean_again: false,
        }
    }

    /// The engine, for the few statements that differ.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(..) => Engine::Sqlite,
            Inner::Postgres(..) => Engine::Postgres,
        }
    }

    /// The privacy register: every table of this installation.
    pub fn register(&self) -> crate::register::Register {
        self.ring.register
    }

    /// Runs a statement and returns the number of rows it changed.
    pub fn exec(&mut self, sql: impl Statement, args: &[Value]) -> Result<u64> {
        let text = sql.text(self.engine());
        self.admit(args)?;
        self.forget_what_changes(text);
        let done = match &mut self.inner {
            Inner::Sqlite(conn, translated) => {
                let mut run = || -> rusqlite::Result<u64> {
                    let mut stmt = conn.prepare_cached(translate(translated, text))?;
                    bind(&mut stmt, args)?;
                    stmt.raw_execute().map(|n| n as u64)
                };
                run().map_err(sqlite_failure)
            }
            Inner::Postgres(tx, cache) => {
                let mut run = || -> Result<u64, postgres::Error> {
                    let stmt = prepared(tx, cache, text)?;
                    tx.execute(&stmt, &refs(args))
                };
                run().map_err(postgres_failure)
            }
        };
        self.judge(done, text)
    }

    /// All rows of a query, read into memory: page what may be long.
    pub fn rows(&mut self, sql: impl Statement, args: &[Value]) -> Result<Vec<Row>> {
        Ok(self.rows_up_to(sql, args, usize::MAX)?.unwrap_or_default())
    }

    /// All rows of a query; `None` where there are more than `most`: no more than that are ever in memory.
    pub fn rows_up_to(&mut self, sql: impl Statement, args: &[Value], most: usize) -> Result<Option<Vec<Row>>> {
        let text = sql.text(self.engine());
        self.admit(args)?;
        let done = match &mut self.inner {
            Inner::Sqlite(conn, translated) => {
                let mut run = || -> rusqlite::Result<Option<Vec<Row>>> {
                    let mut stmt = conn.prepare_cached(translate(translated, text))?;
                    let width = stmt.column_count();
                    bind(&mut stmt, args)?;
                    let mut rows = stmt.raw_query();
                    let mut out = Vec::new();
                    while let Some(row) = rows.next()? {
                        if out.len() == most {
                            return Ok(None);
                        }
                        let mut values = Vec::with_capacity(width);
                        for i in 0..width {
                            values.push(sqlite_value(i, row.get_ref(i)?)?);
                        }
                        out.push(Row(values));
                    }
                    Ok(Some(out))
                };
                run().map_err(sqlite_failure)
            }
            Inner::Postgres(tx, cache) => {
                let mut run = || -> Result<Option<Vec<Row>>, postgres::Error> {
                    let stmt = prepared(tx, cache, text)?;
                    // Row by row costs a turn of the runtime each: only where there may be too many.
                    if most == usize::MAX {
                        return tx.query(&stmt, &refs(args))?.iter().map(postgres_row).collect::<Result<_, _>>().map(Some);
                    }
                    let (mut rows, mut out) = (tx.query_raw(&stmt, refs(args))?, Vec::new());
                    while let Some(row) = rows.next()? {
                        if out.len() == most {
                            return Ok(None);
                        }
                        out.push(postgres_row(&row)?);
                    }
                    Ok(Some(out))
                };
                run().map_err(postgres_failure)
            }
        };
        self.judge(done, text)
    }

    /// The first row of a query, if there is one.
    pub fn row(&mut self, sql: impl Statement, args: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(sql, args)?.into_iter().next())
    }

    /// The rows of a query that a transaction asks often: asked once, until a statement runs whose
    /// text contains a word of `until` (the tables that the answer is of).
    pub fn remembered(&mut self, sql: &'static str, args: &[Value], until: &'static [&'static str]) -> Result<Vec<Row>> {
        if let Some(known) = self.memo.iter().find(|m| m.sql == sql && m.args == args) {
            return Ok(known.rows.clone());
        }
        let rows = self.rows(sql, args)?;
        self.memo.push(Remembered { sql, args: args.to_vec(), until, rows: rows.clone() });
        Ok(rows)
    }

    fn forget_what_changes(&mut self, text: &str) {
        self.memo.retain(|m| !m.until.iter().any(|word| text.contains(word)));
    }

    /// Whether no other transaction can write meanwhile, so that there is nobody to lock out.
    pub fn alone(&self) -> bool {
        self.engine() == Engine::Sqlite
    }

    /// The single row of a query that always has one, such as a count.
    pub fn one(&mut self, sql: impl Statement, args: &[Value]) -> Result<Row> {
        self.row(sql, args)?.ok_or_else(|| Error::fault("a query that always has a row had none"))
    }

    /// Inserts many rows in one go; see [`InsertMany`]. Returns the number of rows inserted or
    /// updated.
    pub fn insert_many(&mut self, into: &InsertMany, rows: Vec<Vec<Value>>) -> Result<u64> {
        self.insert_rows(into.table, into.columns, into.then, rows)
    }

    /// Inserts rows that this transaction looked for and did not find, whatever the statement says
    /// of rows that are there: the engine need not look for each once more, which is a third of an
    /// insert's cost. Where another transaction made one of them meanwhile, this one runs again from
    /// its beginning and finds it.
    pub fn insert_fresh(&mut self, into: &InsertMany, rows: Vec<Vec<Value>>) -> Result<u64> {
        self.doubles_mean_again = true;
        let done = self.insert_rows(into.table, into.columns, "", rows);
        self.doubles_mean_again = false;
        done
    }

    pub(crate) fn insert_rows(&mut self, table: &str, columns: &[Column], then: &str, rows: Vec<Vec<Value>>) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        for row in &rows {
            self.admit(row)?;
        }
        self.forget_what_changes(table);
        if self.engine() == Engine::Sqlite {
            let text = insert_one(table, columns, then);
            let done = match &mut self.inner {
                Inner::Sqlite(conn, translated) => {
                    // Found by its text once, not once a row: the texts are long.
                    let mut run = || -> rusqlite::Result<u64> {
                        let mut stmt = conn.prepare_cached(translate(translated, &text))?;
                        let mut changed = 0;
                        for row in &rows {
                            bind(&mut stmt, row)?;
                            changed += stmt.raw_execute()? as u64;
                        }
                        Ok(changed)
                    };
                    run().map_err(sqlite_failure)
                }
                Inner::Postgres(..) => Ok(0),
            };
            return self.judge(done, &text);
        }
        let text = insert_set(table, columns, then);
        let arrays = columns_of(table, columns, rows)?;
        let done = match &mut self.inner {
            Inner::Postgres(tx, cache) => {
                let mut run = || -> Result<u64, postgres::Error> {
                    let stmt = prepared(tx, cache, &text)?;
                    let binds: Vec<&(dyn ToSql + Sync)> = arrays.iter().map(|c| &**c as &(dyn ToSql + Sync)).collect();
                    tx.execute(&stmt, &binds)
                };
                let doubles_mean_again = self.doubles_mean_again;
                run().map_err(|e| {
                    let double = e.code() == Some(&postgres::error::SqlState::UNIQUE_VIOLATION);
                    let (failure, what) = postgres_failure(e);
                    (if double && doubles_mean_again { Failure::Double } else { failure }, what)
                })
            }
            Inner::Sqlite(..) => Ok(0),
        };
        self.judge(done, &text)
    }

    /// Only parses and plans a statement, for the test that prepares them all.
    pub fn prepare_only(&mut self, sql: impl Statement) -> Result<()> {
        let text = sql.text(self.engine());
        let done = match &mut self.inner {
            Inner::Sqlite(conn, translated) => conn.prepare(translate(translated, text)).map(|_| ()).map_err(sqlite_failure),
            Inner::Postgres(tx, _) => tx.prepare(text).map(|_| ()).map_err(postgres_failure),
        };
        self.judge(done, text)
    }

    /// Runs a script of several statements without binds: migrations and tests.
    pub fn batch(&mut self, script: &str) -> Result<()> {
        self.memo.clear();
        let done = match &mut self.inner {
            Inner::Sqlite(conn, _) => conn.execute_batch(script).map_err(sqlite_failure),
            Inner::Postgres(tx, _) => tx.batch_execute(script).map_err(postgres_failure),
        };
        self.judge(done, "script")
    }

    /// The opened keys of a merchant.
    pub fn keys(&mut self, merchant: MerchantNo) -> Result<Arc<MerchantKeys>> {
        if let Some(keys) = self.local_keys.get(&merchant.0) {
            return Ok(keys.clone());
        }
        if let Some(keys) = self.ring.cached(merchant) {
            if !self.handed.iter().any(|h| Arc::ptr_eq(h, &keys)) {
                self.handed.push(keys.clone());
            }
            return Ok(keys);
        }
        let keys = crate::keys::load(self, merchant)?;
        self.ring.keep(keys.clone());
        Ok(keys)
    }

    /// Refuses what one engine would take and the other not, and ends a read that is over time.
    fn admit(&mut self, args: &[Value]) -> Result<()> {
        if self.deadline.is_some_and(|d| Instant::now() > d) {
            self.failure = Some(Failure::Slow);
            return Err(outage::READ_TOO_LONG.refuse().into());
        }
        let nul = args.iter().any(|a| match a {
            Value::Text(t) => t.contains('\0'),
            Value::Texts(ts) => ts.iter().any(|t| t.contains('\0')),
            _ => false,
        });
        if nul { Err(outage::TEXT_NUL.refuse().into()) } else { Ok(()) }
    }

    /// Whether keys from memory met a blob of a key that they do not have: worth another run with
    /// keys read anew.
    pub(crate) fn met_stale_keys(&self) -> bool {
        let stale = self.handed.iter().any(|k| k.stale());
        if stale {
            self.ring.forget();
        }
        stale
    }

    fn judge<T>(&mut self, done: Result<T, (Failure, String)>, sql: &str) -> Result<T> {
        done.map_err(|(failure, what)| {
            self.failure = Some(failure);
            let head: String = sql.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
            Error::fault(format!("store: {what} in `{head} …`"))
        })
    }
}

/// Texts kept per connection; beyond it the memory is emptied, not the program's.
const TEXTS: usize = 2_000;
