//! The invariants of the store, checked: what must hold whatever crashed.
//!
//! Runs on a snapshot while the store goes on. Other crates add their own checks. A finding names
//! table, merchant and position, never what a row says of a person.

use shuke_kernel::{MerchantNo, Result};

use crate::args;
use crate::engine;
use crate::register::{Table, row_name};
use crate::sql::Engine;
use crate::store::Store;
use crate::transfer;
use crate::tx::Tx;
use crate::value::Value;

/// A check of another crate: its name, and a function that returns what it found wrong.
pub type Check = (&'static str, fn(&mut Tx<'_>) -> Result<Vec<String>>);

/// At most this many findings of one check are listed.
const LISTED: usize = 20;

/// What an audit found.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Findings {
    /// Each check with what it found; none is good.
    pub checks: Vec<(String, Vec<String>)>,
}

impl Findings {
    /// Whether nothing was wrong.
    pub fn clean(&self) -> bool {
        self.checks.iter().all(|(_, found)| found.is_empty())
    }

    /// Every finding on a line.
    pub fn lines(&self) -> Vec<String> {
        self.checks.iter().flat_map(|(check, found)| found.iter().map(move |f| format!("{check}: {f}"))).collect()
    }
}

impl Store {
    /// Checks every invariant of the ground and those of `more`.
    pub fn audit(&self, more: &[Check]) -> Result<Findings> {
        let ground: [Check; 7] = [
            ("feed", feed),
            ("offsets", offsets),
            ("idempotency", idempotency),
            ("jobs", jobs),
            ("keys", keys),
            ("ids", ids),
            ("sealed", sealed),
        ];
        engine::snapshot(self.config(), self.ring(), |tx| {
            let mut findings = Findings::default();
            for (name, check) in ground.iter().chain(more) {
                let mut found = check(tx)?;
                if found.len() > LISTED {
                    let rest = found.len() - LISTED;
                    found.truncate(LISTED);
                    found.push(format!("and {rest} more"));
                }
                findings.checks.push(((*name).to_owned(), found));
            }
            Ok(findings)
        })
    }
}

/// Positions run without a gap from the oldest event that is kept to the head.
fn feed(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let sql = "SELECT e.merchant, MIN(e.position), MAX(e.position), COUNT(e.position), COUNT(DISTINCT e.position), COALESCE(MAX(h.position), -1) FROM event e LEFT JOIN feed_head h ON h.merchant = e.merchant WHERE e.position IS NOT NULL GROUP BY e.merchant ORDER BY e.merchant";
    for mut row in tx.rows(sql, args![])? {
        let (merchant, first, last, count, distinct, head): (i64, i64, i64, i64, i64, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        if last - first + 1 != count || distinct != count || first < 1 {
            found.push(format!("merchant {merchant}: {count} events between positions {first} and {last}"));
        }
        if head != last {
            found.push(format!("merchant {merchant}: the head is {head}, the newest event {last}"));
        }
    }
    Ok(found)
}

/// Nobody has heard of what has not happened, and what was set aside was passed.
fn offsets(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let sql = "SELECT o.merchant, o.subscriber, o.position FROM feed_offset o LEFT JOIN feed_head h ON h.merchant = o.merchant WHERE o.position > COALESCE(h.position, 0) OR o.position < 0 ORDER BY o.merchant, o.subscriber";
    for mut row in tx.rows(sql, args![])? {
        found.push(format!("merchant {}: {} is at {}, beyond the head", row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?));
    }
    let sql = "SELECT d.merchant, d.subscriber, d.position FROM dead_letter d LEFT JOIN feed_offset o ON o.merchant = d.merchant AND o.subscriber = d.subscriber WHERE d.position > COALESCE(o.position, 0) ORDER BY d.merchant, d.subscriber, d.position";
    for mut row in tx.rows(sql, args![])? {
        found.push(format!(
            "merchant {}: {} set {} aside but has not passed it",
            row.get::<i64>(0)?,
            row.get::<String>(1)?,
            row.get::<i64>(2)?
        ));
    }
    Ok(found)
}

/// A committed key has its answer.
fn idempotency(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let sql = "SELECT merchant, COUNT(*) FROM idempotency WHERE body IS NULL OR outcome NOT IN ('done', 'refused') GROUP BY merchant ORDER BY merchant";
    let rows = tx.rows(sql, args![])?;
    rows.into_iter().map(|mut r| Ok(format!("merchant {}: {} keys without their answer", r.get::<i64>(0)?, r.get::<i64>(1)?))).collect()
}

/// Every job is in a state that exists, and one that ended says when.
fn jobs(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let sql = "SELECT merchant, kind, state FROM job WHERE state NOT IN ('queued', 'running', 'stopped', 'done', 'failed', 'dead') OR (state IN ('done', 'failed', 'dead') AND finished_at IS NULL) OR (state = 'running' AND (lease_token < 1 OR started_at IS NULL)) OR progress < 0 ORDER BY merchant, id";
    let rows = tx.rows(sql, args![])?;
    rows.into_iter()
        .map(|mut r| Ok(format!("merchant {}: a job of kind {} is {}", r.get::<i64>(0)?, r.get::<String>(1)?, r.get::<String>(2)?)))
        .collect()
}

/// Every merchant's keys open under the master key.
fn keys(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for mut row in tx.rows("SELECT DISTINCT merchant FROM data_key ORDER BY merchant", args![])? {
        let merchant: MerchantNo = row.get(0)?;
        if let Err(e) = crate::keys::load(tx, merchant) {
            found.push(format!("merchant {}: {e}", merchant.0));
        }
    }
    Ok(found)
}

/// Ids are sixteen bytes.
fn ids(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for table in tx.register().tables().filter(|t| t.key.contains(&"id")) {
        let length = if tx.engine() == Engine::Sqlite { "length(id)" } else { "octet_length(id)" };
        let wrong: i64 = tx.one(format!("SELECT COUNT(*) FROM {} WHERE {length} <> 16", table.name), args![])?.get(0)?;
        if wrong > 0 {
            found.push(format!("{}: {wrong} ids are not sixteen bytes", table.name));
        }
    }
    Ok(found)
}

/// Every sealed value opens in its own row under its merchant's keys.
fn sealed(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for table in tx.register().tables().filter(|t| !t.sealed.is_empty()) {
        let places = places(table);
        let mut wrong = 0_u64;
        transfer::each_page(tx, table, |tx, page| {
            for row in &page {
                let Some(Value::Int(merchant)) = row.get(places.merchant) else { continue };
                for (blob, named) in &places.blobs {
                    let Some(Value::Bytes(sealed)) = row.get(*blob) else { continue };
                    let name = row_name(named.iter().filter_map(|i| row.get(*i)));
                    let opened = tx.keys(MerchantNo(*merchant)).and_then(|k| k.open(table.name, &name, sealed));
                    wrong += u64::from(opened.is_err());
                }
            }
            Ok(())
        })?;
        if wrong > 0 {
            found.push(format!("{}: {wrong} sealed values do not open in their rows", table.name));
        }
    }
    Ok(found)
}

/// Where a table's merchant and sealed values stand in the order of [`transfer::columns`].
pub(crate) struct Places {
    pub(crate) merchant: usize,
    /// Each blob with the columns that name its row.
    pub(crate) blobs: Vec<(usize, Vec<usize>)>,
}

pub(crate) fn places(table: &Table) -> Places {
    let columns = transfer::columns(table);
    let at = |name: &str| columns.iter().position(|c| *c == name).unwrap_or(usize::MAX);
    Places {
        merchant: at("merchant"),
        blobs: table.sealed.iter().map(|(blob, named)| (at(blob), named.iter().map(|n| at(n)).collect())).collect(),
    }
}
