//! Writes: whole or not at all, alone in their failure, fair between lanes; reads: one snapshot, five seconds.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use shuke_kernel::Error;
use shuke_store::{Apart, Column, InsertMany, Lane, args};
use shuke_testkit::both;

use crate::{NO, count, note, notes, why};

#[test]
fn what_fails_leaves_nothing() {
    both("what fails leaves nothing", |t| {
        notes(t);
        let refused = t.try_write(|tx| {
            note(tx, "refused", 1)?;
            Err::<(), _>(NO.with("why", "rule").into())
        });
        assert_eq!(why(refused), "test.no");
        let faulted = t.try_write(|tx| {
            note(tx, "faulted", 1)?;
            Err::<(), _>(Error::fault("broken"))
        });
        assert_eq!(why(faulted), "broken");
        let panicked = t.try_write(|tx| {
            note(tx, "panicked", 1)?;
            #[allow(clippy::panic)]
            if count_in(tx) > 0 {
                panic!("on purpose");
            }
            Ok(())
        });
        assert!(why(panicked).contains("panic"));
        assert_eq!(count(t), 0);
        t.write(|tx| note(tx, "kept", 1));
        assert_eq!(count(t), 1);
    });
}

fn count_in(tx: &mut shuke_store::Tx<'_>) -> i64 {
    tx.one("SELECT COUNT(*) FROM note", &[]).and_then(|mut r| r.get(0)).unwrap_or(0)
}

#[test]
fn a_closure_that_swallows_a_failed_statement_is_not_kept() {
    both("swallowed failure", |t| {
        notes(t);
        t.write(|tx| note(tx, "a", 1));
        let done = t.try_write(|tx| {
            note(tx, "b", 1)?;
            let _ = note(tx, "a", 2);
            Ok(())
        });
        assert!(why(done).contains("went on after a statement had failed"));
        assert_eq!(count(t), 1);
        // To turn the failure into a refusal is fine.
        let refused = t.try_write(|tx| note(tx, "a", 2).map_err(|_| Error::from(NO.with("why", "taken"))));
        assert_eq!(why(refused), "test.no");
    });
}

/// Waiting helps against another who was faster, not against rows that contradict each other.
#[test]
fn a_row_that_is_there_and_never_found_is_a_fault_and_no_reason_to_wait() {
    const NOTE: InsertMany = InsertMany {
        table: "note",
        columns: &[Column::Int("merchant"), Column::Text("name"), Column::Int("n")],
        then: "ON CONFLICT DO NOTHING",
    };
    both("a double that is no race", |t| {
        notes(t);
        t.write(|tx| note(tx, "a", 1));
        let done = t.try_write(|tx| tx.insert_fresh(&NOTE, vec![vec![shuke_testkit::MERCHANT.into(), "a".into(), 2_i64.into()]]));
        assert!(done.is_err_and(|e| e.refusal().is_none()));
        assert_eq!(count(t), 1);
    });
}

#[test]
fn a_transaction_inside_a_transaction_is_refused_and_not_a_deadlock() {
    both("nested", |t| {
        let store = t.store.clone();
        let nested = t.try_write(move |_| store.write_now(Lane::Interactive, |_| Ok(())));
        assert!(why(nested).contains("inside a transaction"));
        let store = t.store.clone();
        assert!(why(t.try_write(move |_| store.read_now(|_| Ok(())))).contains("inside a transaction"));
    });
}

#[test]
fn in_a_batch_each_fails_alone() {
    both("group commit isolation", |t| {
        notes(t);
        t.write(|tx| note(tx, "taken", 1));
        let (open, gate) = mpsc::channel::<()>();
        let gate = std::sync::Mutex::new(gate);
        // While this one holds the writer, the others gather into one batch.
        let holding = t.store.write(Lane::Interactive, move |tx| {
            note(tx, "gate", 0)?;
            if let Ok(gate) = gate.lock() {
                let _ = gate.recv_timeout(Duration::from_secs(5));
            }
            Ok(())
        });
        let waiting: Vec<_> = (0..60_i64)
            .map(|i| {
                t.store.write(Lane::Interactive, move |tx| {
                    note(tx, &format!("n{i}"), i)?;
                    match i % 3 {
                        0 => Ok(i),
                        1 => Err(NO.with("why", i).into()),
                        _ => note(tx, "taken", i).map(|_| i),
                    }
                })
            })
            .collect();
        open.send(()).unwrap();
        drop(open);
        block_on(holding).unwrap();
        for (i, done) in waiting.into_iter().enumerate() {
            match i % 3 {
                0 => assert_eq!(block_on(done).unwrap(), i as i64),
                1 => assert_eq!(why(block_on(done)), "test.no"),
                _ => assert!(block_on(done).is_err()),
            }
        }
        assert_eq!(count(t), 22);
    });
}

pub(crate) fn block_on<F: Future>(f: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(f)
}

#[test]
fn interactive_work_goes_first_and_bulk_work_still_gets_on() {
    both("fairness", |t| {
        notes(t);
        let slow: Vec<_> = (0..150_i64)
            .map(|i| {
                t.store.write(Lane::Bulk, move |tx| {
                    std::thread::sleep(Duration::from_millis(4));
                    note(tx, &format!("bulk{i}"), i)
                })
            })
            .collect();
        let began = Instant::now();
        t.write(|tx| note(tx, "somebody waits", 1));
        let waited = began.elapsed();
        assert!(waited < Duration::from_millis(250), "interactive work waited {waited:?} behind bulk work");
        drop(slow);

        let stop = Arc::new(AtomicBool::new(false));
        let busy: Vec<_> = (0..4)
            .map(|w| {
                let (store, stop) = (t.store.clone(), stop.clone());
                std::thread::spawn(move || {
                    let mut i = 0;
                    while !stop.load(Ordering::SeqCst) {
                        i += 1;
                        let name = format!("w{w}-{i}");
                        store.write_now(Lane::Interactive, move |tx| note(tx, &name, i)).unwrap();
                    }
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(100));
        let began = Instant::now();
        for i in 0..5_i64 {
            t.store.write_now(Lane::Bulk, move |tx| note(tx, &format!("patient{i}"), i)).unwrap();
        }
        let waited = began.elapsed();
        stop.store(true, Ordering::SeqCst);
        busy.into_iter().for_each(|b| b.join().unwrap());
        assert!(waited < Duration::from_secs(4), "bulk work starved for {waited:?}");
    });
}

#[test]
fn a_read_sees_one_snapshot() {
    both("snapshot", |t| {
        notes(t);
        t.write(|tx| note(tx, "a", 1));
        let (store, seen) = (t.store.clone(), Arc::new(AtomicI64::new(0)));
        let (first, wait) = mpsc::channel();
        let reading = t.store.read(move |tx| {
            let before: i64 = tx.one("SELECT COUNT(*) FROM note", args![])?.get(0)?;
            let _ = first.send(());
            while seen.load(Ordering::SeqCst) < 20 {
                seen.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(10));
            }
            let after: i64 = tx.one("SELECT COUNT(*) FROM note", args![])?.get(0)?;
            Ok((before, after))
        });
        wait.recv_timeout(Duration::from_secs(5)).unwrap();
        store.write_now(Lane::Interactive, |tx| note(tx, "b", 1)).unwrap();
        assert_eq!(block_on(reading).unwrap(), (1, 1));
        assert_eq!(count(t), 2);
    });
}

#[test]
fn a_read_cannot_write() {
    both("read only", |t| {
        notes(t);
        assert!(t.store.read_now(|tx| note(tx, "a", 1)).is_err());
        assert_eq!(count(t), 0);
    });
}

#[test]
fn a_read_apart_is_as_any_other_and_stops_at_its_most_rows() {
    both("apart", |t| {
        notes(t);
        for apart in [Apart::shared(&t.store), Apart::keeping(&t.store, 1 << 20).unwrap()] {
            let names = |most: usize| apart.read_now(move |tx| tx.rows_up_to("SELECT name FROM note ORDER BY name", &[], most)).unwrap();
            let before = count(t) as usize;
            assert_eq!(names(before).unwrap().len(), before);
            t.write(move |tx| (0..20).try_for_each(|i| note(tx, &format!("{before}-{i:02}"), i).map(|_| ())));
            // It sees what others wrote since; where there is more than it takes, it takes none and goes on.
            assert!(names(before + 19).is_none());
            assert_eq!(names(before + 20).unwrap().len(), before + 20);
            assert!(apart.read_now(|tx| note(tx, "a", 1)).is_err());
            let within = Apart::shared(&t.store);
            assert!(why(t.try_write(move |_| within.read_now(|_| Ok(())))).contains("inside a transaction"));
            assert_eq!(count(t) as usize, before + 20);
        }
    });
}

const ENDLESS: &str =
    "WITH RECURSIVE c(x) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT x + 1 FROM c WHERE x < 100000000000) SELECT COUNT(*) FROM c";

#[test]
fn a_read_ends_after_five_seconds() {
    both("five seconds", |t| {
        let one_statement = t.store.read(|tx| tx.one(ENDLESS, args![]).map(|_| ()));
        let many_statements = t.store.read(|tx| {
            for _ in 0..1_000 {
                std::thread::sleep(Duration::from_millis(20));
                tx.one("SELECT COUNT(*) FROM feed_head", args![])?;
            }
            Ok(())
        });
        let began = Instant::now();
        assert_eq!(why(block_on(one_statement)), "store.read_too_long");
        assert_eq!(why(block_on(many_statements)), "store.read_too_long");
        let took = began.elapsed();
        assert!(took > Duration::from_secs(4) && took < Duration::from_secs(9), "{took:?}");
        t.read(|tx| tx.one("SELECT COUNT(*) FROM feed_head", args![]).map(|_| ()));
    });
}

#[test]
fn the_log_of_the_embedded_store_is_written_over_and_not_without_end() {
    let t = shuke_testkit::sqlite();
    t.write(|tx| {
        tx.batch("CREATE TABLE page (merchant BIGINT NOT NULL, n BIGINT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (merchant, n))")
    });
    for n in 0..60_i64 {
        let put = "INSERT INTO page (merchant, n, body) VALUES ($1, $2, $3) ON CONFLICT (merchant, n) DO UPDATE SET body = excluded.body";
        t.write(move |tx| tx.exec(put, args![shuke_testkit::MERCHANT, n % 20, vec![n as u8; 2 << 20]]));
    }
    let logs: Vec<u64> = std::fs::read_dir(t.dir())
        .unwrap()
        .map(|f| f.unwrap())
        .filter(|f| f.file_name().to_string_lossy().ends_with("-wal"))
        .map(|f| f.metadata().unwrap().len())
        .collect();
    // 120 MB went through it; how often it could be begun anew depends on the checkpoints beside.
    assert!(matches!(logs[..], [bytes] if bytes > 0 && bytes < 90 << 20), "{logs:?}");
    let t = t.reopen();
    assert_eq!(t.int("SELECT COUNT(*) FROM page"), 20);
    for n in 40..60_i64 {
        let whole = t.read(move |tx| {
            let mut row = tx.one("SELECT body FROM page WHERE merchant = $1 AND n = $2", args![shuke_testkit::MERCHANT, n % 20])?;
            row.get::<Vec<u8>>(0)
        });
        assert!(whole.len() == 2 << 20 && whole.iter().all(|b| *b == n as u8), "page {n}");
    }
}
