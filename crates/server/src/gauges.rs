//! What waits in the store, for whoever watches the machine: jobs, what each subscriber has yet to
//! hear, records in quarantine. Read from indexes when somebody asks, and at most once in five
//! seconds, since anybody on the network may ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use shuke_http::Metrics;
use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Store, Tx, args};

/// How long a reading serves.
const FRESH: Duration = Duration::from_secs(5);

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Jobs that wait, run or were given up.
        JOBS = "SELECT state, COUNT(*) FROM job WHERE state IN ('queued', 'running', 'dead') GROUP BY state ORDER BY state";
        /// How far each merchant's feed is.
        HEADS = "SELECT merchant, position FROM feed_head ORDER BY merchant";
        /// How far each subscriber is.
        OFFSETS = "SELECT merchant, subscriber, position FROM feed_offset ORDER BY merchant, subscriber";
        /// Events that were set aside.
        DEAD_LETTERS = "SELECT COUNT(*) FROM dead_letter";
        /// Records that wait for a person.
        QUARANTINE = "SELECT COUNT(*) FROM quarantine WHERE merchant = $1 AND state = 'open'";
    }
}

/// Who hears of the feed.
#[derive(Clone)]
pub struct Subscribers {
    /// Everything that any merchant's feed tells.
    pub all: Vec<&'static str>,
    /// Of merchants only for whom they have begun: segments, of who has any.
    pub begun: Vec<&'static str>,
}

/// One reading of everything.
#[derive(Clone, Default)]
struct Waiting {
    jobs: Vec<(String, i64)>,
    lag: Vec<(String, i64)>,
    dead_letters: i64,
    quarantine: i64,
}

fn read(tx: &mut Tx<'_>, subscribers: &Subscribers) -> Result<Waiting> {
    let mut jobs: Vec<(String, i64)> = ["queued", "running", "dead"].map(|s| (s.to_owned(), 0)).into();
    for mut row in tx.rows(sql::JOBS, args![])? {
        let (state, n): (String, i64) = (row.get(0)?, row.get(1)?);
        if let Some(job) = jobs.iter_mut().find(|j| j.0 == state) {
            job.1 = n;
        }
    }
    let mut offsets: HashMap<(i64, String), i64> = HashMap::new();
    for mut row in tx.rows(sql::OFFSETS, args![])? {
        offsets.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    let mut lag: Vec<(String, i64)> = subscribers.all.iter().chain(&subscribers.begun).map(|s| ((*s).to_owned(), 0)).collect();
    let mut quarantine = 0;
    for mut row in tx.rows(sql::HEADS, args![])? {
        let (merchant, head): (MerchantNo, i64) = (row.get(0)?, row.get(1)?);
        for (subscriber, behind) in &mut lag {
            let otherwise = if subscribers.begun.contains(&&**subscriber) { head } else { 0 };
            let at = offsets.get(&(merchant.0, subscriber.clone())).copied().unwrap_or(otherwise);
            *behind += (head - at).max(0);
        }
        quarantine += tx.one(sql::QUARANTINE, args![merchant])?.get::<i64>(0)?;
    }
    let dead_letters = tx.one(sql::DEAD_LETTERS, args![])?.get(0)?;
    Ok(Waiting { jobs, lag, dead_letters, quarantine })
}

struct Source {
    store: Store,
    subscribers: Subscribers,
    last: Mutex<Option<(Instant, Waiting)>>,
}

impl Source {
    /// The latest reading; none while the store does not answer.
    fn now(&self) -> Option<Waiting> {
        let mut last = self.last.lock().ok()?;
        if let Some((at, waiting)) = &*last
            && at.elapsed() < FRESH
        {
            return Some(waiting.clone());
        }
        let subscribers = self.subscribers.clone();
        let read = self.store.read_now(move |tx| read(tx, &subscribers));
        *last = read.inspect_err(|e| tracing::warn!(error = %e, "the gauges could not be read")).ok().map(|w| (Instant::now(), w));
        last.as_ref().map(|l| l.1.clone())
    }
}

/// Registers the gauges of this store; `subscribers` are those of the feed, by name.
pub fn register(metrics: &Metrics, store: &Store, subscribers: Subscribers) {
    let source = Arc::new(Source { store: store.clone(), subscribers, last: Mutex::default() });
    let of = source.clone();
    metrics.family("shuke_jobs", "state", move || of.now().map(|w| w.jobs).unwrap_or_default());
    let of = source.clone();
    metrics.family("shuke_feed_lag_events", "subscriber", move || of.now().map(|w| w.lag).unwrap_or_default());
    let of = source.clone();
    metrics.gauge("shuke_feed_dead_letters", move || of.now().map(|w| w.dead_letters));
    metrics.gauge("shuke_quarantine_open", move || source.now().map(|w| w.quarantine));
}

#[cfg(test)]
mod tests {
    use shuke_kernel::Ctx;
    use shuke_store::Event;

    use super::*;

    #[test]
    fn every_statement_prepares_and_counts_what_waits() {
        shuke_testkit::prepare_all(crate::place::REGISTER, &[("gauges", sql::ALL)]);
        shuke_testkit::both_with("gauges", crate::place::REGISTER, |t| {
            let cx: Ctx = t.ctx();
            t.write(move |tx| {
                let event = || Event {
                    kind: "order.paid",
                    version: 1,
                    occurred_at: cx.now,
                    subject_kind: "ord",
                    subject: [7; 16],
                    member: None,
                    data: "{}".to_owned(),
                };
                tx.emit_many(&cx, vec![event(), event()])
            });
            t.store.stamp_events().unwrap();
            let metrics = Metrics::default();
            let subscribers = || Subscribers { all: vec!["webhooks"], begun: vec!["segments"] };
            register(&metrics, &t.store, subscribers());
            let text = metrics.render();
            for line in [
                "shuke_feed_lag_events{subscriber=\"webhooks\"} 2",
                // There are no segments: nobody has anything to hear.
                "shuke_feed_lag_events{subscriber=\"segments\"} 0",
                "shuke_jobs{state=\"queued\"} 0",
                "shuke_jobs{state=\"dead\"} 0",
                "shuke_quarantine_open 0",
                "shuke_feed_dead_letters 0",
            ] {
                assert!(text.contains(line), "{line} is not in\n{text}");
            }
            let sql = "INSERT INTO feed_offset (merchant, subscriber, position, updated_at) VALUES ($1, 'segments', 1, 0)";
            t.write(move |tx| tx.exec(sql, args![shuke_testkit::MERCHANT]).map(drop));
            let metrics = Metrics::default();
            register(&metrics, &t.store, subscribers());
            let line = "shuke_feed_lag_events{subscriber=\"segments\"} 1";
            assert!(metrics.render().contains(line), "{line} is not in\n{}", metrics.render());
        });
    }
}
