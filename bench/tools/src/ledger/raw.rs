//! The engine itself: rows out of one store and into another, without the product between.

use std::collections::HashMap;

use anyhow::{Result, bail};
use postgres::types::ToSql;
use postgres::{Client, NoTls};
use rusqlite::types::Value;

/// An insert, and the kinds of its columns.
pub struct Prepared {
    kinds: Vec<String>,
    statement: postgres::Statement,
}

/// A connection to either engine.
pub enum Raw {
    /// SQLite.
    Sqlite(rusqlite::Connection),
    /// PostgreSQL, and what is prepared there.
    Postgres(Box<Client>, HashMap<String, Prepared>),
}

/// Rows with the names of their columns.
#[derive(Clone, Default)]
pub struct Rows {
    /// By name, in their order.
    pub columns: Vec<String>,
    /// Cell by cell.
    pub rows: Vec<Vec<Value>>,
}

impl Rows {
    /// The place of a column.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn place(&self, column: &str) -> Result<usize> {
        match self.columns.iter().position(|name| name == column) {
            Some(place) => Ok(place),
            None => bail!("there is no column {column}"),
        }
    }
}

/// A whole number of a cell.
pub fn int(cell: &Value) -> i64 {
    if let Value::Integer(n) = cell { *n } else { 0 }
}

/// A text of a cell.
pub fn text(cell: &Value) -> &str {
    if let Value::Text(text) = cell { text } else { "" }
}

/// The SQL of an insert of one row.
fn one_row(table: &str, columns: &[String], then: &str) -> String {
    let binds: Vec<String> = (1..=columns.len()).map(|i| format!("?{i}")).collect();
    format!("INSERT INTO {table} ({}) VALUES ({}) {then}", columns.join(", "), binds.join(", "))
}

impl Raw {
    /// With the product's durability and cache.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub fn open(url: &str) -> Result<Self> {
        if url.starts_with("postgres") {
            return Ok(Self::Postgres(Box::new(Client::connect(url, NoTls)?), HashMap::new()));
        }
        let conn = rusqlite::Connection::open(url.strip_prefix("sqlite:").unwrap_or(url))?;
        conn.set_prepared_statement_cache_capacity(512);
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "cache_size", -65_536)?;
        conn.pragma_update(None, "wal_autocheckpoint", 8192)?;
        Ok(Self::Sqlite(conn))
    }

    /// Runs statements.
    ///
    /// # Errors
    /// The engine's.
    pub fn run(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(conn) => conn.execute_batch(sql)?,
            Self::Postgres(client, _) => client.batch_execute(sql)?,
        }
        Ok(())
    }

    /// Reads rows.
    ///
    /// # Errors
    /// The engine's.
    pub fn rows(&mut self, sql: &str) -> Result<Rows> {
        match self {
            Self::Sqlite(conn) => {
                let mut statement = conn.prepare(sql)?;
                let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
                let width = columns.len();
                let rows = statement.query_map([], |r| (0..width).map(|i| r.get(i)).collect::<rusqlite::Result<Vec<Value>>>())?;
                Ok(Rows { columns, rows: rows.collect::<rusqlite::Result<_>>()? })
            }
            Self::Postgres(client, _) => {
                let statement = client.prepare(sql)?;
                let columns = statement.columns().iter().map(|c| c.name().to_owned()).collect();
                let rows = client.query(&statement, &[])?.iter().map(cells).collect::<Result<_>>()?;
                Ok(Rows { columns, rows })
            }
        }
    }

    /// Inserts rows: on SQLite one by one by a statement that is prepared once, on PostgreSQL all by one statement.
    ///
    /// # Errors
    /// The engine's.
    pub fn insert<'a>(&mut self, table: &str, columns: &[String], then: &str, rows: impl Iterator<Item = Vec<&'a Value>>) -> Result<usize> {
        match self {
            Self::Sqlite(conn) => {
                let mut statement = conn.prepare_cached(&one_row(table, columns, then))?;
                let mut count = 0;
                for row in rows {
                    count += statement.execute(rusqlite::params_from_iter(row))?;
                }
                Ok(count)
            }
            Self::Postgres(client, prepared) => many(client, prepared, (table, columns, then), rows),
        }
    }
}

fn cells(row: &postgres::Row) -> Result<Vec<Value>> {
    let cell = |i: usize, kind: &str| -> Result<Value> {
        Ok(match kind {
            "int8" => row.try_get::<_, Option<i64>>(i)?.map_or(Value::Null, Value::Integer),
            "bytea" => row.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Value::Null, Value::Blob),
            _ => row.try_get::<_, Option<String>>(i)?.map_or(Value::Null, Value::Text),
        })
    };
    row.columns().iter().enumerate().map(|(i, column)| cell(i, column.type_().name())).collect()
}

fn many<'a>(
    client: &mut Client,
    known: &mut HashMap<String, Prepared>,
    (table, columns, then): (&str, &[String], &str),
    rows: impl Iterator<Item = Vec<&'a Value>>,
) -> Result<usize> {
    let mut arrays: Vec<Vec<&Value>> = vec![Vec::new(); columns.len()];
    for row in rows {
        arrays.iter_mut().zip(row).for_each(|(array, cell)| array.push(cell));
    }
    if arrays.first().is_none_or(Vec::is_empty) {
        return Ok(0);
    }
    if !known.contains_key(table) {
        let shape = client.prepare(&format!("SELECT {} FROM {table}", columns.join(", ")))?;
        let kinds: Vec<String> = shape.columns().iter().map(|c| c.type_().name().to_owned()).collect();
        let casts: Vec<String> = kinds.iter().enumerate().map(|(i, kind)| format!("${}::{kind}[]", i + 1)).collect();
        let sql = format!("INSERT INTO {table} ({}) SELECT * FROM unnest({}) {then}", columns.join(", "), casts.join(", "));
        known.insert(table.to_owned(), Prepared { kinds, statement: client.prepare(&sql)? });
    }
    let Some(Prepared { kinds, statement }) = known.get(table) else { bail!("{table} is not prepared") };
    let binds: Vec<Box<dyn ToSql + Sync>> = kinds.iter().zip(&arrays).map(|(kind, array)| bind(kind, array)).collect();
    let refs: Vec<&(dyn ToSql + Sync)> = binds.iter().map(|b| &**b).collect();
    Ok(usize::try_from(client.execute(statement, &refs)?)?)
}

fn bind(kind: &str, array: &[&Value]) -> Box<dyn ToSql + Sync> {
    match kind {
        "int8" => Box::new(array.iter().map(|v| if let Value::Integer(n) = v { Some(*n) } else { None }).collect::<Vec<Option<i64>>>()),
        "bytea" => {
            Box::new(array.iter().map(|v| if let Value::Blob(b) = v { Some(b.clone()) } else { None }).collect::<Vec<Option<Vec<u8>>>>())
        }
        _ => Box::new(array.iter().map(|v| if let Value::Text(t) = v { Some(t.clone()) } else { None }).collect::<Vec<Option<String>>>()),
    }
}
