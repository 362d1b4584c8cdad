//! The count at the end: what was acknowledged is there once, what was refused is not, every
//! subscriber heard every change once and in each member's order, and the audit is clean.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shuke_kernel::Result;
use shuke_store::jobs::JobRunner;
use shuke_store::{FeedEvent, Row, Store, args};

use super::ledger::Ledger;
use super::worker::{BULK, LISTENERS, Listener, STEPS, Steps, pump};
use crate::MERCHANT;

/// What was counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub(super) rows: usize,
    pub(super) events: usize,
    pub(super) jobs: usize,
}

/// Lets everything come to rest: events handed out, jobs run to their end.
fn settle(store: &Store) -> Result<()> {
    let listeners = LISTENERS.map(|name| Arc::new(Listener(name)));
    while pump(store, &listeners, 500)? {}
    let runner = JobRunner::new(store.clone()).with(Steps);
    while runner.run_one()? {}
    Ok(())
}

/// All rows of a query that pages by a text key: `$2` is the key after which to go on.
fn all(store: &Store, sql: &'static str, mut each: impl FnMut(&mut Row) -> Result<String>) -> Result<()> {
    let mut after = String::new();
    loop {
        let from = after.clone();
        let rows = store.read_now(move |tx| tx.rows(sql, args![MERCHANT, &from]))?;
        if rows.is_empty() {
            return Ok(());
        }
        for mut row in rows {
            after = each(&mut row)?;
        }
    }
}

/// Compares the store with the ledger. The findings; none is good.
pub(super) fn check(store: &Store, ledger: &Ledger) -> Result<(Counted, Vec<String>)> {
    settle(store)?;
    let mut found = ledger.faults.clone();
    let mut counted = Counted::default();

    // Rows: each acknowledged write with the counts that it was answered; refused ones absent.
    let mut rows: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut by_member: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    all(
        store,
        "SELECT name, member, n FROM soak_row WHERE merchant = $1 AND name > $2 AND name <= COALESCE((SELECT name FROM soak_row WHERE merchant = $1 AND name > $2 ORDER BY name LIMIT 1 OFFSET 9999), (SELECT MAX(name) FROM soak_row WHERE merchant = $1)) ORDER BY name, member",
        |row| {
            let (name, member, n): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            rows.entry(name.clone()).or_default().push(n);
            by_member.entry(member).or_default().push(n);
            counted.rows += 1;
            Ok(name)
        },
    )?;
    for (name, counts) in &ledger.writes {
        if rows.get(name) != Some(counts) {
            found.push(format!("write {name} was acknowledged with {counts:?}, the store has {:?}", rows.get(name)));
        }
    }
    found.extend(ledger.unkeyed.iter().filter(|n| !rows.contains_key(*n)).map(|n| format!("write {n} was acknowledged and is not there")));
    found.extend(ledger.refused.iter().filter(|n| rows.contains_key(*n)).map(|n| format!("write {n} was refused and is there")));
    // Each count of a member once: nothing doubled, nothing half.
    for (member, counts) in &mut by_member {
        counts.sort_unstable();
        let member = *member;
        let kept: i64 = store
            .read_now(move |tx| tx.one("SELECT n FROM soak_member WHERE merchant = $1 AND member = $2", args![MERCHANT, member])?.get(0))?;
        if !counts.iter().copied().eq(1..=kept) {
            found.push(format!("member {member} stands at {kept} with {} rows", counts.len()));
        }
    }

    // Bulk batches: whole or not there.
    let mut batches: BTreeMap<String, i64> = BTreeMap::new();
    all(
        store,
        "SELECT batch, COUNT(*) FROM soak_bulk WHERE merchant = $1 AND batch > $2 GROUP BY batch ORDER BY batch LIMIT 10000",
        |row| {
            let (batch, lines): (String, i64) = (row.get(0)?, row.get(1)?);
            batches.insert(batch.clone(), lines);
            Ok(batch)
        },
    )?;
    found.extend(batches.iter().filter(|(_, n)| **n != BULK).map(|(b, n)| format!("batch {b} has {n} of {BULK} lines")));
    found.extend(ledger.bulk.iter().filter(|b| !batches.contains_key(*b)).map(|b| format!("batch {b} was acknowledged and is not there")));

    counted.jobs = jobs(store, ledger, &mut found)?;
    counted.events = feed(store, &by_member, &mut found)?;
    found.extend(store.audit(&[])?.lines());
    found.truncate(40);
    Ok((counted, found))
}

/// Every queued job is done, each of its steps once.
fn jobs(store: &Store, ledger: &Ledger, found: &mut Vec<String>) -> Result<usize> {
    let mut steps: BTreeMap<String, i64> = BTreeMap::new();
    all(store, "SELECT job, COUNT(*) FROM soak_step WHERE merchant = $1 AND job > $2 GROUP BY job ORDER BY job LIMIT 10000", |row| {
        let (job, n): (String, i64) = (row.get(0)?, row.get(1)?);
        steps.insert(job.clone(), n);
        Ok(job)
    })?;
    found.extend(steps.iter().filter(|(_, n)| **n != STEPS).map(|(job, n)| format!("{job} ran {n} of {STEPS} steps")));
    found.extend(ledger.jobs.iter().filter(|j| !steps.contains_key(*j)).map(|j| format!("{j} was queued and never ran")));
    let open: i64 = store.read_now(|tx| tx.one("SELECT COUNT(*) FROM job WHERE state <> 'done'", args![])?.get(0))?;
    if open > 0 {
        found.push(format!("{open} jobs did not come to their end"));
    }
    Ok(steps.len())
}

/// One event for each count of each member, gapless, in each member's order, heard once by each.
fn feed(store: &Store, by_member: &BTreeMap<i64, Vec<i64>>, found: &mut Vec<String>) -> Result<usize> {
    let mut events: Vec<(i64, i64, i64)> = Vec::new();
    loop {
        let after = events.last().map_or(0, |e| e.0);
        let page: Vec<FeedEvent> = store.read_now(move |tx| tx.events_after(MERCHANT, after, 10_000))?;
        if page.is_empty() {
            break;
        }
        for e in page {
            let data: serde_json::Value = serde_json::from_str(&e.data)?;
            events.push((e.position, data["member"].as_i64().unwrap_or(-1), data["n"].as_i64().unwrap_or(-1)));
        }
    }
    if !events.iter().map(|e| e.0).eq(1..=events.len() as i64) {
        found.push("the feed has a gap".to_owned());
    }
    let mut told: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (_, member, n) in &events {
        told.entry(*member).or_default().push(*n);
    }
    if told != *by_member {
        let off: BTreeSet<i64> = told.keys().chain(by_member.keys()).copied().filter(|m| told.get(m) != by_member.get(m)).collect();
        found.push(format!("the events of members {off:?} are not their counts in order"));
    }
    for who in LISTENERS {
        let mut heard: Vec<(i64, i64, i64)> = Vec::new();
        loop {
            let after = heard.last().map_or(0, |e| e.0);
            let sql = "SELECT position, member, n FROM soak_heard WHERE merchant = $1 AND who = $2 AND position > $3 ORDER BY position LIMIT 10000";
            let page = store.read_now(move |tx| tx.rows(sql, args![MERCHANT, who, after]))?;
            if page.is_empty() {
                break;
            }
            for mut row in page {
                heard.push((row.get(0)?, row.get(1)?, row.get(2)?));
            }
        }
        if heard != events {
            found.push(format!("{who} heard {} of {} events, or others", heard.len(), events.len()));
        }
    }
    Ok(events.len())
}
