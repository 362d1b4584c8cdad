//! The feed: its places given, its subscribers handed what is next, its events followed for the segments that are kept up.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shuke_store::Store;
use shuke_store::feed::Subscriber;

use crate::erasures::ErasureLog;

/// How often a failing subscriber is tried before the event is set aside as a dead letter.
const FEED_TRIES: u32 = 8;

/// How many events a subscriber is handed at a time.
const FEED_STEP: i64 = 256;
/// How long the feed rests where nobody has more than that to take.
const FEED_EVERY: Duration = Duration::from_millis(50);

/// How often events of other processes are looked for that have no place in the feed yet.
const PLACES_EVERY: Duration = Duration::from_millis(10);

/// How long what comes right behind an event is waited for before segments are asked.
const GATHER: Duration = Duration::from_millis(5);

/// Every subscriber of the feed.
pub(super) fn subscribers(data: &Path) -> Vec<Arc<dyn Subscriber>> {
    vec![
        Arc::new(shuke_access::webhooks::Feed),
        Arc::new(ErasureLog { data: data.to_owned() }),
        Arc::new(shuke_members::tag::rule::follow::Follow),
        Arc::new(shuke_programme::orders::follow::Follow),
        Arc::new(shuke_cards::orders::follow::Follow),
        Arc::new(shuke_benefits::pack::follow::Follow),
        Arc::new(shuke_benefits::growth::follow::Follow),
        Arc::new(shuke_coupons::orders::Follow),
    ]
}

pub(super) fn feed_loop(store: &Store, stop: &AtomicBool, data: &Path) {
    let subscribers = subscribers(data);
    let mut failures: std::collections::HashMap<(i64, &'static str), u32> = std::collections::HashMap::new();
    while !stop.load(Ordering::SeqCst) {
        match feed_round(store, &subscribers, &mut failures) {
            // Also after something was handed over: each round costs commits, and the next takes what came meanwhile.
            Ok(false) => std::thread::sleep(FEED_EVERY),
            Ok(true) => {}
            Err(e) => {
                tracing::warn!(error = %e, "feed: the store did not answer");
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
}

/// Hands every subscriber its next events. Whether more may wait already.
fn feed_round(
    store: &Store,
    subscribers: &[Arc<dyn Subscriber>],
    failures: &mut std::collections::HashMap<(i64, &'static str), u32>,
) -> shuke_kernel::Result<bool> {
    let mut more = false;
    for merchant in store.feed_merchants()? {
        // Where that cannot be told, each is asked by itself: what ails one must not keep the others.
        let ahead = store.feed_ahead(merchant, subscribers).unwrap_or_else(|_| vec![true; subscribers.len()]);
        for subscriber in subscribers.iter().zip(ahead).filter_map(|(s, events)| events.then_some(s)) {
            let key = (merchant.0, subscriber.name());
            // After a failure one event at a time, so that only the bad one is set aside.
            let failed = failures.get(&key).copied().unwrap_or(0);
            let limit = if failed > 0 { 1 } else { FEED_STEP };
            match store.feed_subscriber(merchant, subscriber, limit) {
                Ok(n) => {
                    failures.remove(&key);
                    more |= n as i64 >= limit;
                }
                Err(e) if failed >= FEED_TRIES => {
                    match store.bury_next(merchant, subscriber, &e.to_string()) {
                        Ok(true) => tracing::error!(subscriber = key.1, error = %e, "an event was set aside"),
                        Ok(false) => {}
                        // Others must have their turn whatever ails this one.
                        Err(again) => {
                            tracing::warn!(subscriber = key.1, error = %again, "a subscriber failed, and its event could not be set aside");
                            continue;
                        }
                    }
                    failures.remove(&key);
                }
                Err(e) => {
                    tracing::warn!(subscriber = key.1, error = %e, "a subscriber failed");
                    failures.insert(key, failed + 1);
                }
            }
        }
    }
    Ok(more)
}

/// Follows the feed for the segments that are kept up, and reckons them as time passes. What this process
/// writes wakes it; what others write it sees at its next look.
pub(super) fn segments_loop(store: &Store, living: &shuke_segments::Living, stop: &AtomicBool) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let stopped = || stop.load(Ordering::SeqCst);
    if let Err(e) = living.begin() {
        tracing::warn!(error = %e, "segments: the turn of who kept them up before was not ended");
    }
    while !stopped() {
        let woken = store.woken();
        match living.round(&stopped) {
            Ok(0) => {
                let waited = runtime.block_on(async { tokio::time::timeout(FEED_EVERY, woken).await });
                // What comes right behind it is taken with it: each step costs a commit.
                if waited.is_ok() {
                    std::thread::sleep(GATHER);
                }
            }
            Ok(_) => {}
            Err(e) => {
                tracing::warn!(error = %e, "segments: the store did not answer");
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
    if let Err(e) = living.end() {
        tracing::warn!(error = %e, "segments: the turn was not given back, and ends by itself");
    }
    Ok(())
}

/// Gives events their places in the feed as they come, where that is done after they were written: whoever
/// follows the feed waits for it. What other processes write it sees at its next look.
pub(super) fn places_loop(store: &Store, stop: &AtomicBool) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    while !stop.load(Ordering::SeqCst) {
        let woken = store.woken();
        match store.stamp_events() {
            Ok(0) => {
                let _ = runtime.block_on(async { tokio::time::timeout(PLACES_EVERY, woken).await });
            }
            Ok(_) => store.wake(),
            Err(e) => {
                tracing::warn!(error = %e, "feed: the store did not answer");
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
    Ok(())
}
