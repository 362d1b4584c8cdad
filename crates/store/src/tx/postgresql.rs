//! What PostgreSQL takes and gives: prepared statements, values bound and read, and what its failures mean.

use std::collections::HashMap;

use postgres::Statement as Prepared;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use shuke_kernel::{Error, Result};

use super::{Failure, TEXTS};
use crate::sql::Column;
use crate::value::{Row, Value};

pub(super) fn prepared(
    tx: &mut postgres::Transaction<'_>,
    cache: &mut HashMap<String, Prepared>,
    text: &str,
) -> Result<Prepared, postgres::Error> {
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

pub(super) fn refs(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
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

pub(super) fn postgres_row(row: &postgres::Row) -> Result<Row, postgres::Error> {
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

pub(super) fn columns_of(table: &str, columns: &[Column], rows: Vec<Vec<Value>>) -> Result<Vec<Box<dyn ToSql + Sync>>> {
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
