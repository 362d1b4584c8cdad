//! The bare engine: the rows that a run of requests left, written again into the store as it was before, in groups of
//! the size that the product committed in. What the product's service is measured against.

use std::collections::HashMap;
use std::time::Instant as Clock;

use anyhow::{Result, bail};
use rusqlite::types::Value;
use serde_json::json;

use super::raw::{Raw, Rows, int, text};

/// From where to where.
#[derive(clap::Args)]
pub struct Options {
    /// The store after the run.
    #[arg(long)]
    from: String,
    /// A copy of it as it was before.
    #[arg(long)]
    to: String,
    /// When the run began, microseconds.
    #[arg(long)]
    at: i64,
    /// Transactions to spread the rows over.
    #[arg(long)]
    groups: usize,
    /// Connections at a time, on PostgreSQL.
    #[arg(long, default_value_t = 2)]
    connections: usize,
}

/// Tables that a request adds rows to, in the order of writing. A member's book is written again with each.
const TABLES: [&str; 5] = ["points_event", "points_book", "points_part", "points_entry", "event"];

/// The rows of each request, by table.
struct Told {
    tables: [Rows; 5],
    /// Of each request, the places of its rows.
    requests: Vec<[Vec<usize>; 5]>,
}

fn read(options: &Options) -> Result<Told> {
    let mut raw = Raw::open(&options.from)?;
    let at = options.at;
    let events = raw.rows(&format!("SELECT * FROM points_event WHERE booked_at >= {at} ORDER BY booked_at, member, seq"))?;
    let entries =
        raw.rows(&format!("SELECT * FROM points_entry WHERE booked_at >= {at} AND event_seq IS NOT NULL ORDER BY booked_at, member, seq"))?;
    let books = raw.rows(&format!("SELECT * FROM points_book WHERE updated_at >= {at}"))?;
    let all_parts = raw.rows("SELECT * FROM points_part WHERE part LIKE 'spend:%'")?;
    let place = if matches!(raw, Raw::Sqlite(_)) { "position" } else { "number" };
    let feed = raw.rows(&format!("SELECT * FROM event WHERE recorded_at >= {at} AND kind LIKE 'points.%' ORDER BY {place}"))?;
    let member = books.place("member")?;
    let book_of: HashMap<Key, usize> = books.rows.iter().enumerate().map(|(i, row)| (key(&row[member], 0, ""), i)).collect();
    let mut entries_of: HashMap<Key, Vec<usize>> = HashMap::new();
    let (member, of) = (entries.place("member")?, entries.place("event_seq")?);
    for (i, row) in entries.rows.iter().enumerate() {
        entries_of.entry(key(&row[member], int(&row[of]), "")).or_default().push(i);
    }
    let (member, name) = (all_parts.place("member")?, all_parts.place("part")?);
    let part_of: HashMap<Key, usize> =
        all_parts.rows.iter().enumerate().map(|(i, row)| (key(&row[member], 0, text(&row[name])), i)).collect();
    let (member, seq, id) = (events.place("member")?, events.place("seq")?, events.place("event_id")?);
    let mut requests = Vec::with_capacity(events.rows.len());
    for (i, row) in events.rows.iter().enumerate() {
        let whose = &row[member];
        let part = part_of.get(&key(whose, 0, &format!("spend:{}", text(&row[id])))).copied();
        let more = entries_of.remove(&key(whose, int(&row[seq]), "")).unwrap_or_default();
        // As many rows of the feed as there were, spread over the requests.
        let told = (i * feed.rows.len() / events.rows.len()..(i + 1) * feed.rows.len() / events.rows.len()).collect();
        requests.push([vec![i], book_of.get(&key(whose, 0, "")).copied().into_iter().collect(), part.into_iter().collect(), more, told]);
    }
    Ok(Told { tables: [events, books, all_parts, entries, feed], requests })
}

/// A member, with a number or a name of something of theirs.
type Key = (Vec<u8>, i64, String);

fn key(member: &Value, number: i64, name: &str) -> Key {
    let id = if let Value::Blob(id) = member { id.clone() } else { Vec::new() };
    (id, number, name.to_owned())
}

/// What a book's insert does where the book is there: every column but its key is written.
fn again(columns: &[String]) -> String {
    let others = columns.iter().filter(|c| !["merchant", "programme", "member"].contains(&c.as_str()));
    let set: Vec<String> = others.map(|c| format!("{c} = excluded.{c}")).collect();
    format!("ON CONFLICT (merchant, programme, member) DO UPDATE SET {}", set.join(", "))
}

fn group(raw: &mut Raw, told: &Told, requests: &[[Vec<usize>; 5]], then: &str) -> Result<usize> {
    let mut count = 0;
    let begin = if matches!(raw, Raw::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
    raw.run(begin)?;
    for (i, (table, rows)) in TABLES.iter().zip(&told.tables).enumerate() {
        let mut places: Vec<usize> = requests.iter().flat_map(|request| request[i].iter().copied()).collect();
        if *table == "points_book" {
            // Written once a group, as the product does.
            places.sort_unstable();
            places.dedup();
        }
        let then = if *table == "points_book" { then } else { "" };
        count += raw.insert(table, &rows.columns, then, places.iter().map(|place| rows.rows[*place].iter().collect()))?;
    }
    raw.run("COMMIT")?;
    Ok(count)
}

/// Writes the rows, and tells how fast.
///
/// # Errors
/// What an engine says.
pub fn run(options: &Options) -> Result<()> {
    let told = read(options)?;
    let then = again(&told.tables[1].columns);
    let (total, groups) = (told.requests.len(), options.groups.clamp(1, told.requests.len().max(1)));
    let slice = |g: usize| &told.requests[total * g / groups..total * (g + 1) / groups];
    let connections = if options.to.starts_with("postgres") { options.connections } else { 1 };
    let mut open = (0..connections).map(|_| Raw::open(&options.to)).collect::<Result<Vec<_>>>()?;
    let begun = Clock::now();
    let rows = std::thread::scope(|scope| -> Result<usize> {
        let (told, then, slice) = (&told, &then, &slice);
        let each = open.iter_mut().enumerate().map(|(c, raw)| {
            scope.spawn(move || -> Result<usize> {
                let mut rows = 0;
                for g in (c..groups).step_by(connections) {
                    rows += group(raw, told, slice(g), then)?;
                }
                Ok(rows)
            })
        });
        let each: Vec<_> = each.collect();
        each.into_iter().try_fold(0, |sum, thread| Ok(sum + thread.join().unwrap_or_else(|_| bail!("a thread broke off"))?))
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{}", json!({ "requests": total, "rows": rows, "seconds": seconds, "per_second": total as f64 / seconds }));
    Ok(())
}
