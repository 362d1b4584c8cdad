//! A transaction over either engine: what domain code gets to see of the store.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use postgres::Statement as Prepared;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use rusqlite::types::{ToSqlOutput, ValueRef};
use shuke_kernel::{Error, MerchantNo, Result};

use crate::locks::Locks;
use crate::outage;
use crate::seal::{KeyRing, MerchantKeys};
use crate::sql::{Column, Engine, InsertMany, Statement, for_sqlite, insert_one, insert_set};
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

fn translate<'t>(translated: &'t mut HashMap<String, String>, text: &str) -> &'t str {
    if !translated.contains_key(text) {
        if translated.len() >= TEXTS {
            translated.clear();
        }
        translated.insert(text.to_owned(), for_sqlite(text).into_owned());
    }
    &translated[text]
}

fn bind(stmt: &mut rusqlite::CachedStatement<'_>, args: &[Value]) -> rusqlite::Result<()> {
    // A bind too few would be NULL here and an error on PostgreSQL.
    if stmt.parameter_count() != args.len() {
        return Err(rusqlite::Error::InvalidParameterCount(args.len(), stmt.parameter_count()));
    }
    for (i, arg) in args.iter().enumerate() {
        stmt.raw_bind_parameter(i + 1, SqliteArg(arg))?;
    }
    Ok(())
}

struct SqliteArg<'a>(&'a Value);

impl rusqlite::ToSql for SqliteArg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as V;
        let list = |values: Vec<V>| ToSqlOutput::from_rc(Rc::new(values), c"rarray");
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Int(x) => ToSqlOutput::Borrowed(ValueRef::Integer(*x)),
            Value::Text(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
            Value::Bytes(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Value::Ints(xs) => list(xs.iter().map(|x| V::Integer(*x)).collect()),
            Value::Texts(xs) => list(xs.iter().map(|x| V::Text(x.clone())).collect()),
            Value::Blobs(xs) => list(xs.iter().map(|x| V::Blob(x.clone())).collect()),
        })
    }
}

/// The store keeps no floating point and no broken text: where one appears, something is wrong
/// with the statement (an integer overflow becomes a float), and a fault is better than a number.
fn sqlite_value(i: usize, value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(x) => Value::Int(x),
        ValueRef::Real(_) => {
            return Err(rusqlite::Error::InvalidColumnType(i, "a number beyond 64 bits".to_owned(), rusqlite::types::Type::Real));
        }
        ValueRef::Text(t) => Value::Text(std::str::from_utf8(t).map_err(|e| rusqlite::Error::Utf8Error(i, e))?.to_owned()),
        ValueRef::Blob(b) => Value::Bytes(b.to_vec()),
    })
}

pub(crate) fn sqlite_failure(e: rusqlite::Error) -> (Failure, String) {
    use rusqlite::ErrorCode;
    let failure = match e.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Failure::Full,
        // A full disk shows as this too, where it is the log's index that does not fit.
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Failure::Io,
        Some(ErrorCode::OperationInterrupted) => Failure::Slow,
        Some(ErrorCode::DatabaseBusy) => Failure::Busy,
        _ => Failure::Other,
    };
    // Messages of a constraint name the columns, never the values.
    (failure, e.to_string())
}

fn prepared(tx: &mut postgres::Transaction<'_>, cache: &mut HashMap<String, Prepared>, text: &str) -> Result<Prepared, postgres::Error> {
    if let Some(stmt) = cache.get(text) {
        return Ok(stmt.clone());
    }
    let stmt = tx.prepare(text)?;
    if cache.len() >= TEXTS {
        cache.clear();
    }
    cache.insert(text.to_owned(), stmt.clone());
    Ok(stmt)
}

fn refs(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut postgres_types::private::BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        // The wire is binary: a value of another kind would be read as garbage, not refused.
        let fits = match self {
            Self::Null => true,
            Self::Int(_) => matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2),
            Self::Text(_) => matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN),
            Self::Bytes(_) => *ty == Type::BYTEA,
            Self::Ints(_) => *ty == Type::INT8_ARRAY,
            Self::Texts(_) => matches!(*ty, Type::TEXT_ARRAY | Type::VARCHAR_ARRAY),
            Self::Blobs(_) => *ty == Type::BYTEA_ARRAY,
        };
        if !fits {
            return Err(format!("a bind of another kind than {ty}").into());
        }
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(x) => match *ty {
                Type::INT4 => i32::try_from(*x)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*x)?.to_sql(ty, out),
                _ => x.to_sql(ty, out),
            },
            Self::Text(t) => t.to_sql(ty, out),
            Self::Bytes(b) => b.to_sql(ty, out),
            Self::Ints(xs) => xs.to_sql(ty, out),
            Self::Texts(xs) => xs.to_sql(ty, out),
            Self::Blobs(xs) => xs.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn postgres_row(row: &postgres::Row) -> Result<Row, postgres::Error> {
    let mut values = Vec::with_capacity(row.len());
    for (i, column) in row.columns().iter().enumerate() {
        values.push(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(i)?.map_or(Value::Null, Value::Int),
            Type::INT4 => row.try_get::<_, Option<i32>>(i)?.map_or(Value::Null, |x| Value::Int(i64::from(x))),
            Type::BOOL => row.try_get::<_, Option<bool>>(i)?.map_or(Value::Null, |x| Value::Int(i64::from(x))),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Value::Null, Value::Bytes),
            _ => row.try_get::<_, Option<String>>(i)?.map_or(Value::Null, Value::Text),
        });
    }
    Ok(Row(values))
}

pub(crate) fn postgres_failure(e: postgres::Error) -> (Failure, String) {
    let failure = match e.code().map(postgres::error::SqlState::code) {
        Some("40001" | "40P01") => Failure::Retry,
        Some("55P03") => Failure::Busy,
        Some("53200") => Failure::Crowded,
        Some("57014") => Failure::Slow,
        Some("53100") => Failure::Full,
        Some("58030") => Failure::Io,
        // Gone, going, not yet there; or a prepared statement that the other side no longer knows
        // or whose table changed under it: a new connection has neither.
        Some(code) if code.starts_with("57P") || code.starts_with("08") || ["53300", "26000", "0A000"].contains(&code) => {
            Failure::Connection
        }
        Some(_) => Failure::Other,
        None if is_ours(&e) => Failure::Other,
        None => Failure::Connection,
    };
    let what = match e.as_db_error() {
        // The detail of a constraint error, and the message of a data error, quote values: they
        // stay out of messages and logs.
        Some(db) if db.code().code().starts_with("22") => db.code().code().to_owned(),
        Some(db) => format!("{} {}{}", db.code().code(), db.message(), db.constraint().map(|c| format!(" ({c})")).unwrap_or_default()),
        None if is_ours(&e) => e.to_string(),
        None => format!("connection: {e}"),
    };
    (failure, what)
}

/// Whether the client itself refused: a bind or a column of the wrong kind, a wrong count. The
/// client tells these apart from a lost connection by its words only.
fn is_ours(e: &postgres::Error) -> bool {
    let text = e.to_string();
    !e.is_closed()
        && [
            "error serializing parameter",
            "error deserializing column",
            "invalid column",
            "expected ",
            "query returned an unexpected number",
            "invalid connection string",
            "invalid configuration",
        ]
        .iter()
        .any(|start| text.starts_with(start))
}

fn columns_of(table: &str, columns: &[Column], rows: Vec<Vec<Value>>) -> Result<Vec<Box<dyn ToSql + Sync>>> {
    let height = rows.len();
    let mut by_column: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(height)).collect();
    for row in rows {
        if row.len() != by_column.len() {
            return Err(Error::fault(format!("a row for {table} has {} values for {} columns", row.len(), by_column.len())));
        }
        for (column, value) in by_column.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let wrong = |c: &Column| Error::fault(format!("a value for {table}.{} is of another kind", c.name()));
    columns
        .iter()
        .zip(by_column)
        .map(|(column, values)| -> Result<Box<dyn ToSql + Sync>> {
            macro_rules! array {
                ($v:ident) => {
                    Box::new(
                        values
                            .into_iter()
                            .map(|v| match v {
                                Value::Null => Ok(None),
                                Value::$v(x) => Ok(Some(x)),
                                _ => Err(wrong(column)),
                            })
                            .collect::<Result<Vec<_>>>()?,
                    )
                };
            }
            Ok(match column {
                Column::Int(_) => array!(Int),
                Column::Text(_) => array!(Text),
                Column::Bytes(_) => array!(Bytes),
            })
        })
        .collect()
}
