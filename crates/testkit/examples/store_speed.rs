//! How fast the store is beside the bare engine: `cargo run --release -p shuke-testkit --example store_speed`.
//!
//! One posting is a keyed request that writes a row and an event: final rows in four tables. Bare
//! is the same rows written straight by SQLite, one commit each and in groups.

use std::time::{Duration, Instant};

use shuke_kernel::IdempotencyKey;
use shuke_store::{Event, Store, args};
use shuke_testkit::{MERCHANT, TestStore, postgres, sqlite};

const ROW: &str = "INSERT INTO posting (merchant, name, n) VALUES ($1, $2, $3)";

fn table(t: &TestStore) {
    t.write(|tx| {
        tx.batch("CREATE TABLE posting (merchant BIGINT NOT NULL, name TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, name))")
    });
}

/// Keyed postings a second with that many callers.
fn keyed(t: &TestStore, callers: usize, each: usize, tag: &str, event: bool) -> f64 {
    let began = Instant::now();
    std::thread::scope(|s| {
        for caller in 0..callers {
            s.spawn(move || {
                for i in 0..each {
                    let name = format!("{tag}-{caller}-{i}");
                    let mut cx = t.ctx();
                    cx.key = Some(IdempotencyKey { key: name.clone(), request_hash: [7; 32] });
                    let within = cx.clone();
                    let done = t.store.write_once_now(&cx, move |tx| {
                        tx.exec(ROW, args![MERCHANT, &name, i as i64])?;
                        if event {
                            tx.emit(&within, posted(&within, i as i64))?;
                        }
                        Ok(i as i64)
                    });
                    done.unwrap_or_else(|e| panic!("{e}"));
                }
            });
        }
    });
    (callers * each) as f64 / began.elapsed().as_secs_f64()
}

fn posted(cx: &shuke_kernel::Ctx, n: i64) -> Event {
    Event {
        kind: "posting.made",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "pst",
        subject: [1; 16],
        member: Some([2; 16]),
        data: format!("{{\"n\":{n}}}"),
    }
}

/// The same rows by SQLite alone, `group` a commit.
fn bare(group: usize, total: usize) -> f64 {
    let t = sqlite();
    table(&t);
    let path = t.dir().join("bare.db");
    let conn = rusqlite::Connection::open(&path).unwrap_or_else(|e| panic!("{e}"));
    let schema: Vec<String> = t.read(|tx| {
        tx.rows("SELECT sql FROM sqlite_schema WHERE name IN ('idempotency', 'event', 'feed_head', 'posting')", args![])?
            .into_iter()
            .map(|mut r| r.get(0))
            .collect()
    });
    conn.pragma_update(None, "journal_mode", "WAL")
        .and_then(|()| conn.pragma_update(None, "synchronous", "FULL"))
        .unwrap_or_else(|e| panic!("{e}"));
    for sql in schema {
        conn.execute_batch(&sql).unwrap_or_else(|e| panic!("{e}"));
    }
    conn.execute_batch("INSERT INTO feed_head VALUES (1001, 0)").unwrap_or_else(|e| panic!("{e}"));
    let began = Instant::now();
    for first in (0..total).step_by(group) {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap_or_else(|e| panic!("{e}"));
        for i in first..first + group {
            let run = |sql: &str, binds: &[&dyn rusqlite::ToSql]| {
                conn.prepare_cached(sql).and_then(|mut s| s.execute(binds)).unwrap_or_else(|e| panic!("{e}"))
            };
            let (name, i, body) = (format!("k-{i}"), i as i64, [9_u8; 40]);
            run("INSERT INTO idempotency VALUES (1001, ?1, ?2, 'done', ?3, 0)", &[&name, &[7_u8; 32].as_slice(), &body.as_slice()]);
            run("INSERT INTO posting VALUES (1001, ?1, ?2)", &[&name, &i]);
            run("UPDATE feed_head SET position = position + 1 WHERE merchant = 1001", &[]);
            run(
                "INSERT INTO event VALUES (1001, ?1, ?2, 'posting.made', 1, 0, 0, 'pst', ?2, ?2, ?3)",
                &[&(i + 1), &[1_u8; 16].as_slice(), &format!("{{\"n\":{i}}}")],
            );
        }
        conn.execute_batch("COMMIT").unwrap_or_else(|e| panic!("{e}"));
    }
    total as f64 / began.elapsed().as_secs_f64()
}

/// Events a second that the sequencer stamps when many wait.
fn stamping(t: &TestStore, count: i64) -> f64 {
    for chunk in 0..count / 1_000 {
        let cx = t.ctx();
        t.write(move |tx| tx.emit_many(&cx, (0..1_000).map(|n| posted(&cx, chunk * 1_000 + n)).collect()));
    }
    let began = Instant::now();
    let mut stamped = 0;
    while let Ok(n) = t.store.stamp_events() {
        stamped += n;
        if n == 0 {
            break;
        }
    }
    stamped as f64 / began.elapsed().as_secs_f64()
}

fn stamp_until(store: &Store, stop: &std::sync::atomic::AtomicBool) {
    while !stop.load(std::sync::atomic::Ordering::SeqCst) {
        if store.stamp_events().is_ok_and(|n| n == 0) {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn main() {
    // `store_speed N sqlite`: the embedded store alone, for a profiler.
    if std::env::args().nth(2).is_some() {
        let t = sqlite();
        table(&t);
        println!("store, SQLite, 64 callers      {:>8.0}/s", keyed(&t, 64, 3_000, "k", true));
        return;
    }
    let scale: usize = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(1);
    println!("bare SQLite, one commit each   {:>8.0}/s", bare(1, 2_000 * scale));
    println!("bare SQLite, 64 a commit       {:>8.0}/s", bare(64, 12_800 * scale));
    for callers in [1, 16, 64, 256] {
        let t = sqlite();
        table(&t);
        println!("store, SQLite, {callers:>3} callers     {:>8.0}/s", keyed(&t, callers, 12_800 * scale / callers.max(8), "k", true));
    }
    let t = postgres();
    table(&t);
    let plain = keyed(&t, 32, 200 * scale, "warm", false).min(keyed(&t, 32, 400 * scale, "plain", false));
    println!("store, PostgreSQL, no events   {plain:>8.0}/s");
    println!("store, PostgreSQL, events      {:>8.0}/s", keyed(&t, 32, 400 * scale, "events", true));
    let stop = std::sync::atomic::AtomicBool::new(false);
    let stamped = std::thread::scope(|s| {
        s.spawn(|| stamp_until(&t.store, &stop));
        let rate = keyed(&t, 32, 400 * scale, "stamped", true);
        stop.store(true, std::sync::atomic::Ordering::SeqCst);
        rate
    });
    println!("  with a sequencer beside      {stamped:>8.0}/s");
    println!("sequencer alone                {:>8.0} events/s", stamping(&t, 20_000 * scale as i64));
}
