//! Books by the million: some are made by the product's own services, the others are their rows again under other
//! members, written straight into the engine.

use std::time::Instant as Clock;

use anyhow::{Result, anyhow, bail};
use rusqlite::types::Value;
use serde_json::json;
use shuke_kernel::{Actor, Ctx, Instant};
use shuke_loyalty::Member;
use shuke_loyalty::event::{Act, Event, Line};
use shuke_members::MemberId;
use shuke_programme::book::post::{self, Request};
use shuke_programme::definition::service;
use shuke_store::Lane;

use super::raw::{Raw, Rows, int};
use super::{Place, member};

/// Books that the services make of each kind.
const MADE: u64 = 40;
/// Members written at a time.
const STEP: u64 = 20_000;
const DAY: i64 = 86_400;
/// Counters of books in a programme.
const SHARDS: u64 = 16;

/// Which books.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Kind {
    /// Of one, two or four orders that are final, one in ten with a spend, with points that do not end soon.
    Living,
    /// Whose lots ended a month ago and are not booked as ended yet.
    Ended,
}

/// What is filled.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// The member whose row is the others' pattern, `mem_…`.
    #[arg(long)]
    like: String,
    #[arg(long, value_enum)]
    kind: Kind,
    /// Lots a book that has ended.
    #[arg(long, default_value_t = 2)]
    lots: u64,
    /// The first member's number.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// One beyond the last.
    #[arg(long)]
    to: u64,
}

fn event(id: String, time: Instant, act: Act) -> Event {
    Event { time, id, act }
}

/// What happened to a member of that number.
fn history(kind: Kind, number: u64, lots: u64, now: Instant) -> Vec<Event> {
    let at = |days: i64, seconds: u64| Instant(now.micros() - (days * DAY - seconds as i64) * 1_000_000);
    let mut out = Vec::new();
    match kind {
        Kind::Living => {
            let orders = [1, 1, 1, 1, 1, 1, 1, 2, 2, 4][(number % 10) as usize];
            for n in 0..orders {
                let (order, net_fen) = (format!("ord_{number:04}{n}bench"), 100_000 + 1_234 * number as i64);
                let lines = vec![Line { line: "1".to_owned(), category: None, qty: 1, net_fen }];
                let day = 200 - 40 * n;
                out.push(event(order.clone(), at(day, number), Act::OrderPaid { order: order.clone(), net_fen, lines, judged_by: None }));
                out.push(event(order.clone(), at(day - 7, number), Act::OrderCompleted { order }));
            }
            if number % 10 == 9 {
                out.push(event(format!("spent-{number}"), at(20, number), Act::Spend { points: 50 }));
            }
        }
        Kind::Ended => {
            for n in 0..lots {
                out.push(event(format!("given-{n}"), at(396, 60 * n), Act::Adjust { points: 100 + n as i64 }));
            }
        }
    }
    out
}

/// Makes the first books by the services, as if it were then.
fn make(options: &Options, first: u64, last: u64) -> Result<()> {
    let (store, merchant, programme) = (options.place.open()?, options.place.merchant(), options.place.programme()?);
    let now = store.clock().now();
    let then = if options.kind == Kind::Ended { Instant(now.micros() - 395 * DAY * 1_000_000) } else { now };
    let (kind, lots) = (options.kind, options.lots);
    store
        .write_now(Lane::Interactive, move |tx| {
            let cx = Ctx::new(merchant, Actor::System("bench"), then);
            let of = service::get(tx, merchant, programme)?;
            let requests = (first..last).map(|number| Request {
                facts: Some(Member::default()),
                ..Request::of(member(number), history(kind, number - first, lots, now))
            });
            post::post_many(tx, &cx, &of, requests.collect()).map(|_| ())
        })
        .map_err(|e| anyhow!("{e}"))
}

/// The rows of a table, for each of the members that were made.
struct Pattern {
    table: &'static str,
    columns: Vec<String>,
    member: usize,
    of: Vec<Vec<Vec<Value>>>,
}

const TABLES: [(&str, &str); 5] =
    [("member", "id"), ("points_book", "member"), ("points_event", "member"), ("points_part", "member"), ("points_entry", "member")];

fn patterns(raw: &mut Raw, first: u64, last: u64) -> Result<Vec<Pattern>> {
    let mut out = Vec::new();
    for (table, column) in TABLES {
        let Rows { columns, rows } = of_members(raw, table, column, first, last)?;
        let mut pattern =
            Pattern { table, member: place(&columns, column)?, columns, of: vec![Vec::new(); usize::try_from(last - first)?] };
        for row in rows {
            let Value::Blob(id) = &row[pattern.member] else { bail!("a member is no bytes") };
            let number = u64::from_be_bytes(id[8..].try_into()?);
            pattern.of[usize::try_from(number - first)?].push(row);
        }
        out.push(pattern);
    }
    Ok(out)
}

fn place(columns: &[String], name: &str) -> Result<usize> {
    columns.iter().position(|column| column == name).ok_or_else(|| anyhow!("there is no column {name}"))
}

/// An id as the engine writes it.
fn literal(raw: &Raw, id: &MemberId) -> String {
    let hex: String = id.bytes().iter().map(|b| format!("{b:02x}")).collect();
    if matches!(raw, Raw::Sqlite(_)) { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") }
}

fn of_members(raw: &mut Raw, table: &str, column: &str, first: u64, last: u64) -> Result<Rows> {
    let (from, to) = (literal(raw, &member(first)), literal(raw, &member(last)));
    raw.rows(&format!("SELECT * FROM {table} WHERE {column} >= {from} AND {column} < {to} ORDER BY {column}"))
}

/// Gives the first members rows of their own, which books need not have and requests do.
fn members(raw: &mut Raw, like: &str, first: u64, last: u64) -> Result<()> {
    let like: MemberId = like.parse().map_err(|_| anyhow!("{like} is no member"))?;
    let found = raw.rows(&format!("SELECT * FROM member WHERE id = {}", literal(raw, &like)))?;
    let id = found.place("id")?;
    let row = found.rows.first().ok_or_else(|| anyhow!("there is no such member"))?;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for number in first..last {
        let mut row = row.clone();
        row[id] = Value::Blob(member(number).bytes().to_vec());
        rows.push(row);
    }
    raw.insert("member", &found.columns, "", rows.iter().map(|row| row.iter().collect()))?;
    Ok(())
}

/// Writes the rows of these members.
fn write(raw: &mut Raw, patterns: &[Pattern], numbers: std::ops::Range<u64>, first: u64) -> Result<usize> {
    let ids: Vec<Value> = numbers.clone().map(|n| Value::Blob(member(n).bytes().to_vec())).collect();
    let mut count = 0;
    raw.run("BEGIN")?;
    for pattern in patterns {
        let rows = numbers.clone().zip(&ids).flat_map(|(number, id)| {
            let of = usize::try_from((number - first) % MADE).unwrap_or(0);
            pattern.of[of].iter().map(move |row| {
                let mut row: Vec<&Value> = row.iter().collect();
                row[pattern.member] = id;
                row
            })
        });
        count += raw.insert(pattern.table, &pattern.columns, "", rows)?;
    }
    raw.run("COMMIT")?;
    Ok(count)
}

/// The counters of books as the books are.
fn count(raw: &mut Raw, numbers: std::ops::Range<u64>) -> Result<()> {
    let sizes = raw.rows("SELECT * FROM programme_size")?;
    let Some(row) = sizes.rows.first() else { bail!("no book was made") };
    let (shard, books) = (sizes.place("shard")?, sizes.place("books")?);
    for of in 0..SHARDS {
        let more = numbers.clone().filter(|n| n.to_be_bytes()[7] as u64 % SHARDS == of).count();
        let (mut row, number) = (row.clone(), i64::try_from(of)?);
        row[shard] = Value::Integer(number);
        row[books] = Value::Integer(i64::try_from(more)?);
        let then = "ON CONFLICT (merchant, programme, shard) DO UPDATE SET books = programme_size.books + excluded.books";
        raw.insert("programme_size", &sizes.columns, then, std::iter::once(row.iter().collect()))?;
    }
    Ok(())
}

/// Fills a store that nobody has open.
///
/// # Errors
/// What an engine says.
pub fn run(options: &Options) -> Result<()> {
    let begun = Clock::now();
    let (first, last) = (options.from, (options.from + MADE).min(options.to));
    let mut raw = Raw::open(&options.place.over.store)?;
    members(&mut raw, &options.like, first, last)?;
    drop(raw);
    make(options, first, last)?;
    let mut raw = Raw::open(&options.place.over.store)?;
    let sqlite = matches!(raw, Raw::Sqlite(_));
    if sqlite {
        // Nobody waits for it, and who breaks it off begins again.
        raw.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -400000")?;
    }
    let patterns = patterns(&mut raw, first, last)?;
    let mut rows = 0;
    let mut at = last;
    while at < options.to {
        let next = (at + STEP).min(options.to);
        rows += write(&mut raw, &patterns, at..next, first)?;
        at = next;
    }
    count(&mut raw, last..options.to)?;
    let books = raw.rows("SELECT CAST(SUM(books) AS BIGINT) FROM programme_size")?;
    if sqlite {
        raw.run("PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL")?;
    } else {
        raw.run("VACUUM ANALYZE")?;
    }
    let books = books.rows.first().map_or(0, |row| int(&row[0]));
    println!("{}", json!({ "books": books, "rows": rows, "seconds": begun.elapsed().as_secs_f64() }));
    Ok(())
}
