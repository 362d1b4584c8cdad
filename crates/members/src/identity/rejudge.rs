//! When the merchant changes whether contacts join by themselves, a job judges anew who is one
//! person: with the setting on, whoever shares a contact; with it off, whoever has several key sets,
//! since a contact may have been all that held them together. What people decided stays.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Lane, Tx, args};

use super::fold::SetId;
use super::model::KeyKind;
use super::settle::{self, Cause};
use super::{rows, rules, sql};
use crate::MemberId;

/// The kind of the job.
pub const KIND: &str = "members.rejudge";

/// Rows that one look takes in.
const LOOK: i64 = 5_000;
/// Key sets that are settled in one transaction.
const STEP: usize = 50;

/// What one look found.
#[derive(Debug)]
pub struct Found {
    /// Key sets that may hang together otherwise now.
    pub seeds: Vec<SetId>,
    /// Where to look next; `None` at the end.
    pub next: Option<[u8; 16]>,
    /// Rows that were looked at.
    pub rows: i64,
}

/// Key sets worth judging anew, from behind `after` on.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, after: Option<[u8; 16]>) -> Result<Found> {
    let from = after.map_or_else(Vec::new, |a| a.to_vec());
    if rules(tx, cx)?.merge_on_contact { shared(tx, cx, from) } else { joined(tx, cx, from) }
}

/// A key with what stands under it.
type Group<T> = ([u8; 16], Vec<T>);

/// Groups of rows that share their first column, whole ones only: the last may go on behind the look.
struct Groups<T> {
    of: Vec<Group<T>>,
    rows: i64,
}

impl<T> Groups<T> {
    fn end(mut self, full: bool) -> (Vec<Group<T>>, Option<[u8; 16]>, i64) {
        if !full {
            return (self.of, None, self.rows);
        }
        // One group that fills the look is judged by what is seen of it: its closure finds the rest.
        let cut = if self.of.len() > 1 { self.of.pop() } else { None };
        self.rows -= cut.map_or(0, |g| g.1.len() as i64);
        let next = self.of.last().map(|g| g.0);
        (self.of, next, self.rows)
    }

    fn push(&mut self, key: [u8; 16], item: T) {
        self.rows += 1;
        match self.of.last_mut() {
            Some((last, items)) if *last == key => items.push(item),
            _ => self.of.push((key, vec![item])),
        }
    }
}

fn shared(tx: &mut Tx<'_>, cx: &Ctx, from: Vec<u8>) -> Result<Found> {
    let mut groups = Groups { of: Vec::new(), rows: 0 };
    for mut r in tx.rows(sql::HOLDINGS, args![cx.merchant, from, LOOK])? {
        groups.push(r.get(0)?, (r.get::<[u8; 16]>(1)?, r.get::<bool>(2)?, r.get::<i64>(3)?));
    }
    let full = groups.rows == LOOK;
    let (groups, next, rows) = groups.end(full);
    let mut seeds: BTreeSet<SetId> = BTreeSet::new();
    let mut members: BTreeSet<MemberId> = BTreeSet::new();
    for (_, holders) in groups.iter().filter(|(_, h)| h.len() > 1) {
        for (holder, held, kind) in holders {
            match held {
                _ if *kind == KeyKind::ReceiverName as i64 => {}
                true => drop(members.insert(MemberId::from_bytes(*holder))),
                false => drop(seeds.insert(*holder)),
            }
        }
    }
    let mut seen = BTreeSet::new();
    if !members.is_empty() {
        for mut r in tx.rows(sql::SET_IDS_OF, &[cx.merchant.into(), rows::members(members)])? {
            let (set, member): (SetId, MemberId) = (r.get(0)?, r.get(1)?);
            if seen.insert(member) {
                seeds.insert(set);
            }
        }
    }
    Ok(Found { seeds: seeds.into_iter().collect(), next, rows })
}

fn joined(tx: &mut Tx<'_>, cx: &Ctx, from: Vec<u8>) -> Result<Found> {
    let mut groups = Groups { of: Vec::new(), rows: 0 };
    for mut r in tx.rows(sql::SETS_BY_MEMBER, args![cx.merchant, from, LOOK])? {
        groups.push(r.get(0)?, r.get::<SetId>(1)?);
    }
    let full = groups.rows == LOOK;
    let (groups, next, rows) = groups.end(full);
    let seeds = groups.into_iter().filter(|(_, sets)| sets.len() > 1).map(|(_, sets)| sets[0]).collect();
    Ok(Found { seeds, next, rows })
}

/// Judges some key sets anew. Answers how many merges that made.
pub fn judge(tx: &mut Tx<'_>, cx: &Ctx, seeds: &[SetId]) -> Result<usize> {
    let rules = rules(tx, cx)?;
    let sets = rows::sets_by_id(tx, cx, seeds.iter().copied())?;
    rows::lock_keys(tx, cx, sets.iter().flat_map(|s| &s.keys))?;
    Ok(settle::settle(tx, cx, rules, seeds, &Cause::of("setting"))?.merges.len())
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Place {
    after: Option<[u8; 16]>,
    seen: i64,
    merged: usize,
}

/// Runs it as a job.
pub struct Rejudge;

impl JobHandler for Rejudge {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        let m = run.merchant;
        let total = run.store.read_now(move |tx| rows_to_see(tx, m))?;
        loop {
            let (cx, after) = (run.cx(), place.after);
            let found = run.store.read_now(move |tx| look(tx, &cx, after))?;
            for seeds in found.seeds.chunks(STEP) {
                if run.should_stop()? {
                    return Ok(JobEnd::Stopped);
                }
                let (cx, fence, seeds, at) = (run.cx(), run.fence(), seeds.to_vec(), place);
                // What is judged twice stays as it is, so the place moves on once a look.
                place.merged = run.store.write_now(Lane::Bulk, move |tx| {
                    let merged = at.merged + judge(tx, &cx, &seeds)?;
                    fence.save(tx, cx.now, &Place { merged, ..at }, at.seen.min(total), Some(total))?;
                    Ok(merged)
                })?;
            }
            let Some(next) = found.next else { return Ok(JobEnd::Done(serde_json::json!({ "merged": place.merged }))) };
            place = Place { after: Some(next), seen: place.seen + found.rows, ..place };
            let (cx, fence, at) = (run.cx(), run.fence(), place);
            run.store.write_now(Lane::Bulk, move |tx| fence.save(tx, cx.now, &at, at.seen.min(total), Some(total)))?;
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
        }
    }
}

fn rows_to_see(tx: &mut Tx<'_>, m: MerchantNo) -> Result<i64> {
    let cx = Ctx::new(m, shuke_kernel::Actor::System("job"), shuke_kernel::Instant::default());
    let statement = if rules(tx, &cx)?.merge_on_contact { sql::HOLDING_COUNT } else { sql::SET_COUNT };
    tx.one(statement, args![m])?.get(0)
}
