//! What SQLite takes and gives: its form of a statement, values bound and read, and what its failures mean.

use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::types::{ToSqlOutput, ValueRef};

use super::{Failure, TEXTS};
use crate::sql::for_sqlite;
use crate::value::Value;

pub(super) fn translate<'t>(translated: &'t mut HashMap<String, String>, text: &str) -> &'t str {
    if !translated.contains_key(text) {
        if translated.len() >= TEXTS {
            translated.clear();
        }
        translated.insert(text.to_owned(), for_sqlite(text).into_owned());
    }
    &translated[text]
}

pub(super) fn bind(stmt: &mut rusqlite::CachedStatement<'_>, args: &[Value]) -> rusqlite::Result<()> {
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
pub(super) fn sqlite_value(i: usize, value: ValueRef<'_>) -> rusqlite::Result<Value> {
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
