//! The feed: gapless, in each member's order, to every subscriber once; what cannot be taken is set aside.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use shuke_kernel::{Ctx, Error, MerchantNo, Result};
use shuke_store::feed::Subscriber;
use shuke_store::{Event, FeedEvent, Lane, Store, Tx, args};
use shuke_testkit::{MERCHANT, TestStore, both};

use crate::{NO, note, notes, why};

fn event(cx: &Ctx, member: u8, n: i64) -> Event {
    Event {
        kind: "note.counted",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mem",
        subject: [member; 16],
        member: Some([member; 16]),
        data: format!("{{\"n\":{n}}}"),
    }
}

fn n_of(e: &FeedEvent) -> i64 {
    serde_json::from_str::<serde_json::Value>(&e.data).unwrap()["n"].as_i64().unwrap()
}

/// Counts a member's note up under its lock and says so.
fn count_up(tx: &mut Tx<'_>, cx: &Ctx, member: u8) -> Result<()> {
    let name = format!("m{member}");
    let n: i64 = tx.one("SELECT n FROM note WHERE merchant = $1 AND name = $2 FOR UPDATE", args![cx.merchant, &name])?.get(0)?;
    tx.exec("UPDATE note SET n = n + 1 WHERE merchant = $1 AND name = $2", args![cx.merchant, &name])?;
    tx.emit(cx, event(cx, member, n + 1))
}

fn members(t: &TestStore, count: u8) {
    notes(t);
    t.write(move |tx| (0..count).try_for_each(|m| note(tx, &format!("m{m}"), 0).map(|_| ())));
    // Where subscribers write down what they heard.
    t.write(|tx| tx.batch("CREATE TABLE heard (merchant BIGINT NOT NULL, who TEXT NOT NULL, position BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, who, position))"));
}

struct Listener {
    name: &'static str,
    trips_on: AtomicI64,
}

impl Listener {
    fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self { name, trips_on: AtomicI64::new(0) })
    }
}

impl Subscriber for Listener {
    fn name(&self) -> &'static str {
        self.name
    }

    fn from_the_start(&self) -> bool {
        self.name != "latecomer"
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        for e in events {
            tx.exec(
                "INSERT INTO heard (merchant, who, position, n) VALUES ($1, $2, $3, $4)",
                args![cx.merchant, self.name, e.position, n_of(e)],
            )?;
            match self.trips_on.load(Ordering::SeqCst) {
                p if p == e.position => return Err(NO.with("why", "tripped").into()),
                p if p == -e.position => return Err(Error::fault("tripped")),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Stamps and feeds until told to stop and nothing is left.
fn pump(store: &Store, listeners: &[Arc<Listener>], stop: &AtomicBool) {
    loop {
        let stopping = stop.load(Ordering::SeqCst);
        let mut moved = store.stamp_events().unwrap();
        for merchant in store.feed_merchants().unwrap() {
            for l in listeners {
                moved += store.feed_subscriber(merchant, l, 7).unwrap() as u64;
            }
        }
        if moved == 0 && stopping {
            return;
        }
    }
}

#[test]
fn positions_are_gapless_in_each_members_order_and_every_subscriber_hears_all_once() {
    both("feed under concurrency", |t| {
        const MEMBERS: u8 = 5;
        members(t, MEMBERS);
        let second = if t.store.engine() == shuke_store::Engine::Postgres { t.another() } else { t.store.clone() };
        let stores = [t.store.clone(), second];
        let listeners = [Listener::new("alpha"), Listener::new("beta")];
        let stop = AtomicBool::new(false);
        std::thread::scope(|s| {
            let pumps: Vec<_> = stores.iter().map(|store| s.spawn(|| pump(store, &listeners, &stop))).collect();
            let writers: Vec<_> = (0..8_u64)
                .map(|w| {
                    let (store, cx) = (stores[w as usize % 2].clone(), t.ctx());
                    s.spawn(move || {
                        for i in 0..40_u64 {
                            let (member, other) = (((w + i * 3) % u64::from(MEMBERS)) as u8, ((w + i) % u64::from(MEMBERS)) as u8);
                            let cx = cx.clone();
                            let done = store.write_now(Lane::Interactive, move |tx| {
                                // Locks in one order, as the contract of writers asks.
                                for m in [member.min(other), member.max(other)] {
                                    count_up(tx, &cx, m)?;
                                }
                                if i % 7 == 0 { Err(NO.refuse().into()) } else { Ok(()) }
                            });
                            assert_eq!(done.is_err(), i % 7 == 0, "{done:?}");
                        }
                    })
                })
                .collect();
            writers.into_iter().for_each(|w| w.join().unwrap());
            stop.store(true, Ordering::SeqCst);
            pumps.into_iter().for_each(|p| p.join().unwrap());
        });
        let events = t.read(|tx| tx.events_after(MERCHANT, 0, 10_000));
        assert_eq!(events.len(), 8 * 34 * 2);
        let mut last: HashMap<Option<[u8; 16]>, i64> = HashMap::new();
        for (i, e) in events.iter().enumerate() {
            assert_eq!(e.position, i as i64 + 1, "a gap");
            let seen = last.entry(e.member).or_default();
            assert_eq!(n_of(e), *seen + 1, "a member's events out of order");
            *seen = n_of(e);
        }
        t.nothing_left(&["alpha", "beta"]);
        for who in ["alpha", "beta"] {
            let heard: Vec<(i64, i64)> = t.read(move |tx| {
                tx.rows("SELECT position, n FROM heard WHERE who = $1 ORDER BY position", args![who])?
                    .into_iter()
                    .map(|mut r| Ok((r.get(0)?, r.get(1)?)))
                    .collect()
            });
            assert_eq!(heard, events.iter().map(|e| (e.position, n_of(e))).collect::<Vec<_>>());
        }
        assert_eq!(t.read(|tx| tx.feed_head(MERCHANT)), events.len() as i64);
    });
}

#[test]
fn merchants_have_feeds_of_their_own() {
    both("two feeds", |t| {
        for merchant in [MERCHANT, MerchantNo(7), MERCHANT] {
            let cx = Ctx { merchant, ..t.ctx() };
            t.write(move |tx| tx.emit_many(&cx, vec![event(&cx, 1, 1), event(&cx, 1, 2)]));
        }
        t.store.stamp_events().unwrap();
        let heads = t.read(|tx| Ok((tx.feed_head(MERCHANT)?, tx.feed_head(MerchantNo(7))?, tx.feed_head(MerchantNo(8))?)));
        assert_eq!(heads, (4, 2, 0));
        let order: Vec<i64> = t.read(|tx| tx.events_after(MerchantNo(7), 0, 10)).iter().map(n_of).collect();
        assert_eq!(order, [1, 2]);
    });
}

#[test]
fn an_event_that_cannot_be_taken_is_set_aside_and_can_be_taken_later() {
    both("dead letters", |t| {
        members(t, 1);
        let cx = t.ctx();
        t.write(move |tx| (1..=5).try_for_each(|n| tx.emit(&cx, event(&cx, 1, n))));
        t.store.stamp_events().unwrap();
        let alpha = Listener::new("alpha");
        alpha.trips_on.store(3, Ordering::SeqCst);
        assert_eq!(why(t.store.feed_subscriber(MERCHANT, &alpha, 10)), "test.no");
        assert_eq!(t.int("SELECT COUNT(*) FROM heard"), 0, "a failed hand-over leaves nothing");
        assert_eq!(t.store.feed_subscriber(MERCHANT, &alpha, 2).unwrap(), 2);
        assert!(t.store.bury_next(MERCHANT, &alpha, "test.no: tripped").unwrap());
        assert_eq!(t.store.feed_subscriber(MERCHANT, &alpha, 10).unwrap(), 2);
        let dead = t.read(|tx| tx.dead_letters(MERCHANT, "", 10));
        assert_eq!(dead.iter().map(|d| (d.subscriber.as_str(), d.position)).collect::<Vec<_>>(), [("alpha", 3)]);
        assert!(t.store.retry_dead_letter(MERCHANT, &alpha, 3).is_err());
        alpha.trips_on.store(0, Ordering::SeqCst);
        t.store.retry_dead_letter(MERCHANT, &alpha, 3).unwrap();
        assert_eq!(why(t.store.retry_dead_letter(MERCHANT, &alpha, 3)), "feed.no_dead_letter");
        assert_eq!(t.int("SELECT COUNT(*) FROM heard"), 5);
        t.nothing_left(&["alpha"]);
    });
}

#[test]
fn an_event_that_goes_through_at_the_last_try_is_not_buried() {
    both("not buried", |t| {
        members(t, 1);
        let cx = t.ctx();
        t.write(move |tx| tx.emit(&cx, event(&cx, 1, 1)));
        t.store.stamp_events().unwrap();
        let alpha = Listener::new("alpha");
        assert!(!t.store.bury_next(MERCHANT, &alpha, "it had failed before").unwrap());
        assert!(!t.store.bury_next(MERCHANT, &alpha, "nothing is next").unwrap());
        assert_eq!(t.int("SELECT COUNT(*) FROM heard"), 1);
        t.nothing_left(&["alpha"]);
    });
}

#[test]
fn a_latecomer_begins_with_the_next_event() {
    both("latecomer", |t| {
        members(t, 1);
        let cx = t.ctx();
        t.write({
            let cx = cx.clone();
            move |tx| tx.emit(&cx, event(&cx, 1, 1))
        });
        t.store.stamp_events().unwrap();
        let late = Listener::new("latecomer");
        assert_eq!(t.store.feed_subscriber(MERCHANT, &late, 10).unwrap(), 0);
        t.write(move |tx| tx.emit(&cx, event(&cx, 1, 2)));
        t.store.stamp_events().unwrap();
        assert_eq!(t.store.feed_subscriber(MERCHANT, &late, 10).unwrap(), 1);
        assert_eq!(t.int("SELECT n FROM heard"), 2);
    });
}

/// Wants only what was picked.
struct Picky;

impl Subscriber for Picky {
    fn name(&self) -> &'static str {
        "picky"
    }

    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, after: i64, upto: i64) -> Result<bool> {
        Ok(!tx.any_event(merchant, "note.picked", after, upto)?)
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        events.iter().try_for_each(|e| {
            let heard = args![cx.merchant, "picky", e.position, n_of(e)];
            tx.exec("INSERT INTO heard (merchant, who, position, n) VALUES ($1, $2, $3, $4)", heard).map(|_| ())
        })
    }
}

#[test]
fn what_concerns_nobody_is_stepped_over_and_nothing_else() {
    both("picky", |t| {
        members(t, 1);
        let emit = |kinds: &'static [&'static str]| {
            let cx = t.ctx();
            t.write(move |tx| tx.emit_many(&cx, kinds.iter().map(|kind| Event { kind, ..event(&cx, 1, 1) }).collect()));
            t.store.stamp_events().unwrap();
        };
        let (picky, at) = (Arc::new(Picky), || t.int("SELECT position FROM feed_offset"));
        emit(&["note.counted"; 3]);
        // Whom nobody knows yet is handed what there is.
        assert_eq!((t.store.feed_subscriber(MERCHANT, &picky, 2).unwrap(), at()), (2, 2));
        assert_eq!((t.store.feed_subscriber(MERCHANT, &picky, 2).unwrap(), at()), (0, 3));
        emit(&["note.counted"; 50]);
        assert_eq!((t.store.feed_subscriber(MERCHANT, &picky, 2).unwrap(), at()), (0, 53));
        // One that concerns it, wherever it stands: everything up to it is handed over, in order.
        emit(&["note.counted", "note.counted", "note.picked", "note.counted"]);
        assert_eq!((t.store.feed_subscriber(MERCHANT, &picky, 2).unwrap(), at()), (2, 55));
        assert_eq!((t.store.feed_subscriber(MERCHANT, &picky, 2).unwrap(), at()), (2, 57));
        assert_eq!(t.store.feed_subscriber(MERCHANT, &picky, 2).unwrap(), 0);
        assert_eq!(t.int("SELECT COUNT(*) FROM heard"), 6);
        assert_eq!(t.int("SELECT COUNT(*) FROM heard WHERE position = 56"), 1);
        t.nothing_left(&["picky"]);
    });
}

#[test]
fn those_whom_nothing_concerns_step_over_it_together_and_the_others_are_named() {
    both("together", |t| {
        members(t, 1);
        let emit = |kinds: &'static [&'static str]| {
            let cx = t.ctx();
            t.write(move |tx| tx.emit_many(&cx, kinds.iter().map(|kind| Event { kind, ..event(&cx, 1, 1) }).collect()));
            t.store.stamp_events().unwrap();
        };
        let alpha: Arc<dyn Subscriber> = Listener::new("alpha");
        let all = [alpha, Arc::new(Picky)];
        let at = |who: &str| t.int(&format!("SELECT position FROM feed_offset WHERE subscriber = '{who}'"));
        emit(&["note.counted"; 3]);
        // Whom nobody knows yet begins by being handed what there is.
        assert_eq!(t.store.feed_ahead(MERCHANT, &all).unwrap(), [true, true]);
        for subscriber in &all {
            assert_eq!(t.store.feed_subscriber(MERCHANT, subscriber, 10).unwrap(), 3);
        }
        assert_eq!(t.store.feed_ahead(MERCHANT, &all).unwrap(), [false, false]);
        emit(&["note.counted"; 5]);
        assert_eq!(t.store.feed_ahead(MERCHANT, &all).unwrap(), [true, false]);
        assert_eq!((at("alpha"), at("picky")), (3, 8));
        emit(&["note.counted", "note.picked", "note.counted"]);
        assert_eq!(t.store.feed_ahead(MERCHANT, &all).unwrap(), [true, true]);
        assert_eq!((at("alpha"), at("picky")), (3, 8));
        assert_eq!(t.store.feed_subscriber(MERCHANT, &all[1], 10).unwrap(), 3);
        assert_eq!((at("alpha"), at("picky")), (3, 11));
        assert_eq!(t.store.feed_subscriber(MERCHANT, &all[0], 10).unwrap(), 8);
        t.nothing_left(&["alpha", "picky"]);
    });
}

#[test]
fn a_commit_with_events_wakes_who_waits() {
    both("woken", |t| {
        let cx = t.ctx();
        let store = t.store.clone();
        let woken = store.woken();
        t.write(move |tx| tx.emit(&cx, event(&cx, 1, 1)));
        let woke = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(async { tokio::time::timeout(std::time::Duration::from_secs(2), woken).await.is_ok() });
        assert!(woke);
    });
}
