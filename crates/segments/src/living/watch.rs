//! Whose turn it is, and what is due: one process of several keeps a merchant's segments up, as long as
//! it renews its lease. That only saves work: what is written is right whoever writes it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Moment};

use shuke_access::merchants;
use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::{Engine, Lane, Tx, args};

use super::Living;
use super::pass::last_due;
use crate::calendar::Reckoning;
use crate::jobs;
use crate::model::{Cause, Every, SegmentId};
use crate::service;
use crate::sql;
use crate::target::record;

/// How often all living segments are reckoned because time passes, where the merchant has not set it.
pub const PASS_EVERY: u16 = 60;

/// How long a lease lasts, seconds: so long nobody keeps segments up after a process was killed.
const LEASE: i64 = 10;
/// It is renewed from here on, seconds before its end.
const RENEW: i64 = 5;
/// How long one merchant's feed is followed before the next has their turn.
const AT_A_TIME: Duration = Duration::from_secs(1);

/// What there is to do for a merchant.
struct Due {
    /// Whether this process keeps its segments up.
    mine: bool,
    /// Whether the lease is to be taken, or renewed.
    renew: bool,
    /// Whether all living segments are to be reckoned.
    pass: bool,
}

fn due(tx: &mut Tx<'_>, cx: &Ctx, holder: &str) -> Result<Option<Due>> {
    let Some(mut row) = tx.row(sql::WATCH, args![cx.merchant])? else { return Ok(None) };
    let (held_by, until): (String, Instant) = (row.get(0)?, row.get(1)?);
    let (passed_at, passed_day): (Instant, i64) = (row.get(3)?, row.get(4)?);
    let every = i64::from(merchants::settings(tx, cx.merchant)?.segment_pass_minutes.unwrap_or(PASS_EVERY)) * 60;
    let today = Reckoning::new(cx.now.micros(), &service::zone(tx, cx.merchant)?).today;
    // A lease that ends later than any that is taken now is of a clock that was put back since.
    let free = until <= cx.now || until > cx.now.plus_seconds(2 * LEASE);
    let mine = held_by == holder || free;
    let is_long_ago = passed_at.plus_seconds(every) <= cx.now || passed_at.plus_seconds(-every) >= cx.now;
    let renew = mine && (free || held_by != holder || until.plus_seconds(-RENEW) <= cx.now);
    Ok(Some(Due { mine, renew, pass: today != passed_day || is_long_ago }))
}

impl Living {
    /// Before the first round. A store of one file has one process: whoever had the turn is gone.
    pub fn begin(&self) -> Result<()> {
        if self.store.engine() == Engine::Sqlite { self.lease(sql::FREE_TURN) } else { Ok(()) }
    }

    /// After the last round: whoever comes next need not wait for the lease to end.
    pub fn end(&self) -> Result<()> {
        self.lease(sql::END_TURN)
    }

    fn lease(&self, statement: &'static str) -> Result<()> {
        for merchant in self.store.feed_merchants()? {
            let holder = self.holder.clone();
            self.store.write_now(Lane::Bulk, move |tx| tx.exec(statement, args![merchant, &holder]))?;
        }
        Ok(())
    }

    /// Keeps up the segments of every merchant whose turn this process has. Returns how many events were
    /// taken; who fails is told in the log and keeps nobody else waiting.
    pub fn round(&self, stop: &(dyn Fn() -> bool + Sync)) -> Result<usize> {
        let mut all = 0;
        for merchant in self.store.feed_merchants()? {
            if stop() {
                break;
            }
            match self.round_of(merchant, stop) {
                Ok(count) => all += count,
                Err(e) => tracing::warn!(merchant = merchant.0, error = %e, "segments were not kept up"),
            }
        }
        Ok(all)
    }

    fn round_of(&self, merchant: MerchantNo, stop: &(dyn Fn() -> bool + Sync)) -> Result<usize> {
        let (cx, holder) = (self.cx(merchant), self.holder.clone());
        let due = {
            let (cx, holder) = (cx.clone(), holder.clone());
            self.store.read_now(move |tx| due(tx, &cx, &holder))?
        };
        let Some(due) = due.filter(|d| d.mine) else { return Ok(0) };
        if due.renew && !self.take_turn(&cx)? {
            return Ok(0);
        }
        if due.renew
            && let Err(e) = self.schedule(&cx)
        {
            // What is due by the clock waits; what somebody did does not wait for it.
            tracing::warn!(merchant = merchant.0, error = %e, "scheduled segments and wished-for portraits were not queued");
        }
        let mut count = self.follow_awhile(merchant, stop)?;
        // What waits in the feed comes first: it is what somebody just did. So it does on the way, too.
        if due.pass && !stop() {
            let (followed, lost) = (std::cell::Cell::new(0), AtomicBool::new(false));
            let between = || {
                if !self.renew(merchant)? {
                    lost.store(true, Ordering::Relaxed);
                    return Ok(());
                }
                followed.set(followed.get() + self.follow_awhile(merchant, stop)?);
                Ok(())
            };
            self.pass_beside(merchant, &|| stop() || lost.load(Ordering::Relaxed), &between)?;
            count += followed.get();
        }
        Ok(count)
    }

    /// Follows the feed to its end, but not longer than others can wait.
    fn follow_awhile(&self, merchant: MerchantNo, stop: &(dyn Fn() -> bool + Sync)) -> Result<usize> {
        let begun = Moment::now();
        self.follow_until(merchant, &|| stop() || begun.elapsed() >= AT_A_TIME)
    }

    /// Renews the lease where its end is near. Whether this process still has the turn.
    fn renew(&self, merchant: MerchantNo) -> Result<bool> {
        let (cx, holder) = (self.cx(merchant), self.holder.clone());
        let due = {
            let cx = cx.clone();
            self.store.read_now(move |tx| due(tx, &cx, &holder))?
        };
        match due.filter(|d| d.mine) {
            Some(due) if due.renew => self.take_turn(&cx),
            due => Ok(due.is_some()),
        }
    }

    fn take_turn(&self, cx: &Ctx) -> Result<bool> {
        let (merchant, now, holder) = (cx.merchant, cx.now, self.holder.clone());
        let (until, never) = (now.plus_seconds(LEASE), now.plus_seconds(2 * LEASE));
        Ok(self.store.write_now(Lane::Bulk, move |tx| tx.exec(sql::TAKE_TURN, args![merchant, &holder, until, now, never]))? == 1)
    }

    /// Has scheduled segments whose hour came reckoned by a task, and today of wished-for portraits recorded.
    pub fn schedule(&self, cx: &Ctx) -> Result<()> {
        self.record_targets(cx)?;
        let of = cx.clone();
        let due: Vec<(SegmentId, String)> = self.store.read_now(move |tx| {
            let reckoning = Reckoning::new(of.now.micros(), &service::zone(tx, of.merchant)?);
            let mut due = Vec::new();
            for mut row in tx.rows(sql::SCHEDULED, args![of.merchant])? {
                let (every, clock, sized_at): (Option<String>, i64, Option<Instant>) = (row.get(2)?, row.get(3)?, row.get(4)?);
                let Some(every) = every.and_then(|e| Every::named(&e)) else { continue };
                let (id, last) = (row.get(0)?, last_due(every, clock, &reckoning));
                // One that was never reckoned has its task already, unless that was given up.
                let is_due = match sized_at {
                    Some(at) => at < last,
                    None => jobs::is_given_up(tx, &of, id)?,
                };
                if is_due {
                    due.push((id, row.get(1)?));
                }
            }
            Ok(due)
        })?;
        if due.is_empty() {
            return Ok(());
        }
        let of = cx.clone();
        self.store.write_now(Lane::Bulk, move |tx| {
            due.iter().try_for_each(|(id, name)| jobs::enqueue(tx, &of, *id, name, Cause::Refresh, of.now))
        })
    }

    fn record_targets(&self, cx: &Ctx) -> Result<()> {
        let of = cx.clone();
        let due = self.store.read_now(move |tx| record::due(tx, &of))?;
        if due.is_empty() {
            return Ok(());
        }
        let of = cx.clone();
        self.store
            .write_now(Lane::Bulk, move |tx| due.iter().try_for_each(|(id, name, version)| record::enqueue(tx, &of, *id, name, *version)))
    }
}
