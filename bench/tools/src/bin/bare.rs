//! The bare engine: the rows of a finished store written straight into an empty schema with the
//! same indexes and durability, in bulk or in groups. What the product is measured against.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Parser;
use postgres::{Client, NoTls};
use rusqlite::Connection;
use rusqlite::types::Value;
use shuke_store::{MasterKey, Store, StoreConfig};

#[derive(Parser)]
struct Options {
    /// The finished store: a SQLite file or postgres://…
    #[arg(long)]
    from: String,
    /// An empty place of the same engine.
    #[arg(long)]
    to: String,
    /// Transactions to spread the rows over; none: in bulk.
    #[arg(long)]
    groups: Option<usize>,
    /// Concurrent connections (PostgreSQL, in groups).
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// In groups: rows of tables that lie in the order of random keys are taken in the order in which
    /// they were made, so that a group has the rows of the same orders as the product's transaction
    /// (SQLite). Without it each group has neighbours of the finished tables, which lie on few pages.
    #[arg(long)]
    as_they_came: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    drop(Store::open(StoreConfig::new(options.to.clone(), MasterKey::new([7; 32]))).map_err(|e| anyhow::anyhow!("{e}"))?);
    let (rows, seconds) = if options.to.starts_with("postgres") { postgres(&options)? } else { sqlite(&options)? };
    println!("{}", serde_json::json!({ "rows": rows, "seconds": seconds, "rows_per_second": rows as f64 / seconds }));
    Ok(())
}

/// By what the tables of random keys tell the order in which their rows were made: ids begin with their time.
const MADE: [(&str, &str); 3] = [("idempotency", "recorded_at, key"), ("identity_key", "holder, token"), ("member_name", "member, token")];

const SKIP: [&str; 2] = ["schema_version", "sqlite_stat1"];

fn sqlite(options: &Options) -> Result<(usize, f64)> {
    let conn = Connection::open(&options.to)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "cache_size", if options.as_they_came { -65_536 } else { -32_768 })?;
    if options.as_they_came {
        // Random pages come again and again: as the product, no smaller cache and no more copying of the log.
        conn.pragma_update(None, "wal_autocheckpoint", 8192)?;
    }
    conn.execute("ATTACH ?1 AS src", [&options.from])?;
    let names: Vec<String> =
        conn.prepare("SELECT name FROM src.sqlite_master WHERE type = 'table'")?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let names: Vec<_> = names.into_iter().filter(|n| !SKIP.contains(&n.as_str())).collect();
    for name in &names {
        conn.execute(&format!("DELETE FROM main.{name}"), [])?;
    }
    let Some(groups) = options.groups else {
        let begun = Instant::now();
        let mut rows = 0;
        conn.execute_batch("BEGIN IMMEDIATE")?;
        for name in &names {
            // Without a condition SQLite copies the pages of a table of the same schema: that loads no rows.
            rows += conn.execute(&format!("INSERT INTO main.{name} SELECT * FROM src.{name} WHERE true"), [])?;
        }
        conn.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?;
        return Ok((rows, begun.elapsed().as_secs_f64()));
    };
    let mut tables: Vec<(String, Vec<Vec<Value>>)> = Vec::new();
    for name in &names {
        let made = MADE.iter().find(|(table, _)| options.as_they_came && table == name);
        let order = made.map(|(_, columns)| format!(" ORDER BY {columns}")).unwrap_or_default();
        let mut select = conn.prepare(&format!("SELECT * FROM src.{name}{order}"))?;
        let width = select.column_count();
        let rows =
            select.query_map([], |r| (0..width).map(|i| r.get(i)).collect::<Result<Vec<Value>, _>>())?.collect::<Result<Vec<_>, _>>()?;
        let binds: Vec<_> = (1..=width).map(|i| format!("?{i}")).collect();
        tables.push((format!("INSERT INTO main.{name} VALUES ({})", binds.join(",")), rows));
    }
    let begun = Instant::now();
    let mut written = 0;
    for g in 0..groups {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        for (insert, rows) in &tables {
            let mut stmt = conn.prepare_cached(insert)?;
            for row in &rows[rows.len() * g / groups..rows.len() * (g + 1) / groups] {
                stmt.execute(rusqlite::params_from_iter(row))?;
                written += 1;
            }
        }
        conn.execute_batch("COMMIT")?;
    }
    Ok((written, begun.elapsed().as_secs_f64()))
}

fn postgres(options: &Options) -> Result<(usize, f64)> {
    let mut from = Client::connect(&options.from, NoTls)?;
    let mut to = Client::connect(&options.to, NoTls)?;
    let names: Vec<String> = from
        .query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename", &[])?
        .iter()
        .map(|r| r.get(0))
        .filter(|n: &String| !SKIP.contains(&n.as_str()))
        .collect();
    let mut tables = Vec::new();
    for name in &names {
        to.execute(&format!("DELETE FROM {name}"), &[])?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut from.copy_out(&format!("COPY {name} TO STDOUT (FORMAT text)"))?, &mut bytes)?;
        tables.push((name.clone(), bytes));
    }
    let groups = options.groups.unwrap_or(1);
    let split: Vec<(String, Vec<&[u8]>)> = tables.iter().map(|(n, b)| (n.clone(), b.split_inclusive(|c| *c == b'\n').collect())).collect();
    let rows: usize = split.iter().map(|(_, l)| l.len()).sum();
    if groups == 1 {
        let begun = Instant::now();
        let mut tx = to.transaction()?;
        for (name, bytes) in &tables {
            let mut copy = tx.copy_in(&format!("COPY {name} FROM STDIN (FORMAT text)"))?;
            // One write becomes one message, whose length has 31 bits.
            bytes.chunks(1 << 20).try_for_each(|piece| std::io::Write::write_all(&mut copy, piece))?;
            copy.finish()?;
        }
        tx.commit()?;
        return Ok((rows, begun.elapsed().as_secs_f64()));
    }
    // In groups: each transaction inserts its rows statement by statement, as a program would.
    let begun = Instant::now();
    let (split, connections) = (&split, options.connections);
    std::thread::scope(|scope| -> Result<()> {
        let handles: Vec<_> = (0..connections)
            .map(|c| {
                scope.spawn(move || -> Result<()> {
                    let mut client = Client::connect(&options.to, NoTls)?;
                    let inserts = prepare(&mut client, split)?;
                    for g in (c..groups).step_by(connections) {
                        let mut tx = client.transaction()?;
                        for ((_, lines), (stmt, kinds)) in split.iter().zip(&inserts) {
                            for line in &lines[lines.len() * g / groups..lines.len() * (g + 1) / groups] {
                                let cells = cells(line, kinds)?;
                                let binds: Vec<&(dyn postgres::types::ToSql + Sync)> = cells.iter().map(|b| &**b as _).collect();
                                tx.execute(stmt, &binds)?;
                            }
                        }
                        tx.commit()?;
                    }
                    Ok(())
                })
            })
            .collect();
        handles.into_iter().try_for_each(|h| h.join().unwrap_or_else(|_| bail!("a connection's thread panicked")))
    })?;
    Ok((rows, begun.elapsed().as_secs_f64()))
}

type Prepared = (postgres::Statement, Vec<postgres::types::Type>);

fn prepare(client: &mut Client, tables: &[(String, Vec<&[u8]>)]) -> Result<Vec<Prepared>> {
    tables
        .iter()
        .map(|(name, _)| {
            let shape = client.prepare(&format!("SELECT * FROM {name}"))?;
            let kinds: Vec<_> = shape.columns().iter().map(|c| c.type_().clone()).collect();
            let binds: Vec<_> = (1..=kinds.len()).map(|i| format!("${i}")).collect();
            Ok((client.prepare(&format!("INSERT INTO {name} VALUES ({})", binds.join(",")))?, kinds))
        })
        .collect()
}

/// A line of COPY's text form as binds.
fn cells(line: &[u8], kinds: &[postgres::types::Type]) -> Result<Vec<Box<dyn postgres::types::ToSql + Sync>>> {
    let text = std::str::from_utf8(line)?.trim_end_matches('\n');
    text.split('\t')
        .zip(kinds)
        .map(|(cell, kind)| -> Result<Box<dyn postgres::types::ToSql + Sync>> {
            let null = cell == "\\N";
            Ok(match kind.name() {
                "int8" => Box::new(if null { None } else { Some(cell.parse::<i64>()?) }),
                "bytea" => Box::new(if null { None } else { Some(unhex(cell.strip_prefix("\\\\x").context("bytea in hex")?)?) }),
                _ => Box::new((!null).then(|| cell.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\"))),
            })
        })
        .collect()
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    (0..text.len() / 2).map(|i| Ok(u8::from_str_radix(&text[2 * i..2 * i + 2], 16)?)).collect()
}
