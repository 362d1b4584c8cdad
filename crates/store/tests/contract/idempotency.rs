//! A key makes many requests one: the answer is given again, a refusal included, whatever crashed between.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use shuke_kernel::Error;
use shuke_store::{Engine, args};
use shuke_testkit::{both, postgres};

use crate::write::block_on;
use crate::{NO, count, note, notes, why};

#[test]
fn the_answer_is_given_again_and_the_work_done_once() {
    both("replay", |t| {
        notes(t);
        let runs = Arc::new(AtomicI64::new(0));
        for _ in 0..3 {
            let runs = runs.clone();
            let done = t.store.write_once(&t.keyed("k1", "POST /x {}"), move |tx| {
                note(tx, "once", 1)?;
                Ok(runs.fetch_add(1, Ordering::SeqCst))
            });
            assert_eq!(block_on(done).unwrap(), 0);
        }
        assert_eq!((count(t), runs.load(Ordering::SeqCst)), (1, 1));
        let other = t.store.write_once(&t.keyed("k1", "POST /x {\"other\":1}"), |tx| note(tx, "other", 1));
        assert_eq!(why(block_on(other)), "idempotency.key_reused");
        assert_eq!(count(t), 1);
        assert_eq!(block_on(t.store.write_once(&t.ctx(), |tx| note(tx, "without a key", 1))).unwrap(), 1);
    });
}

#[test]
fn a_refusal_is_given_again_word_for_word_and_a_fault_is_not() {
    both("refusal replay", |t| {
        notes(t);
        let refusals: Vec<_> = (0..3)
            .map(|i| {
                let done = t.store.write_once(&t.keyed("k1", "r"), move |tx| {
                    note(tx, "refused", 1)?;
                    Err::<(), _>(NO.with("why", format!("try {i}")).at("lines[2].quantity").into())
                });
                let refusal = block_on(done).unwrap_err().refusal().unwrap().clone();
                (refusal.code.code, refusal.code.kind, refusal.text(true), refusal.text(false), refusal.field)
            })
            .collect();
        assert_eq!(refusals[0].2, "不行：try 0");
        assert!(refusals.iter().all(|r| *r == refusals[0]), "{refusals:?}");
        assert_eq!(count(t), 0);
        let faulted = t.store.write_once(&t.keyed("k2", "r"), |tx| {
            note(tx, "faulted", 1)?;
            Err::<u64, _>(Error::fault("broken"))
        });
        assert_eq!(why(block_on(faulted)), "broken");
        assert_eq!(block_on(t.store.write_once(&t.keyed("k2", "r"), |tx| note(tx, "now it works", 1))).unwrap(), 1);
    });
}

#[test]
fn while_the_first_runs_the_second_is_told_so() {
    both("in flight", |t| {
        notes(t);
        let (open, gate) = mpsc::channel::<()>();
        let gate = std::sync::Mutex::new(gate);
        let first = t.store.write_once(&t.keyed("k1", "r"), move |tx| {
            if let Ok(gate) = gate.lock() {
                let _ = gate.recv_timeout(Duration::from_secs(5));
            }
            note(tx, "first", 1)
        });
        let second = t.store.write_once(&t.keyed("k1", "r"), |tx| note(tx, "second", 1));
        assert_eq!(why(block_on(second)), "idempotency.in_flight");
        open.send(()).unwrap();
        assert_eq!(block_on(first).unwrap(), 1);
        assert_eq!(block_on(t.store.write_once(&t.keyed("k1", "r"), |tx| note(tx, "third", 1))).unwrap(), 1);
        assert_eq!(count(t), 1);
    });
}

#[test]
fn two_instances_with_one_key_are_one_request() {
    let t = postgres();
    notes(&t);
    let stores = [t.store.clone(), t.another()];
    for round in 0..10 {
        let answers: Vec<i64> = std::thread::scope(|s| {
            let asked: Vec<_> = stores
                .iter()
                .enumerate()
                .map(|(i, store)| {
                    let cx = t.keyed(&format!("k{round}"), "r");
                    s.spawn(move || {
                        block_on(store.write_once(&cx, move |tx| {
                            note(tx, &format!("r{round}"), i as i64)?;
                            std::thread::sleep(Duration::from_millis(5));
                            Ok(i as i64)
                        }))
                        .unwrap()
                    })
                })
                .collect();
            asked.into_iter().map(|a| a.join().unwrap()).collect()
        });
        assert_eq!(answers[0], answers[1]);
    }
    assert_eq!(count(&t), 10);
}

#[test]
fn keys_are_the_merchants_own_and_survive_a_restart() {
    for t in [shuke_testkit::sqlite(), postgres()] {
        notes(&t);
        assert_eq!(block_on(t.store.write_once(&t.keyed("k1", "r"), |tx| note(tx, "a", 1).map(|_| "first".to_owned()))).unwrap(), "first");
        let mut elsewhere = t.keyed("k1", "r");
        elsewhere.merchant = shuke_kernel::MerchantNo::SYSTEM;
        assert_eq!(
            block_on(t.store.write_once(&elsewhere, |tx| note(tx, "b", 1).map(|_| "other merchant".to_owned()))).unwrap(),
            "other merchant"
        );
        let t = t.reopen();
        assert_eq!(block_on(t.store.write_once(&t.keyed("k1", "r"), |tx| note(tx, "c", 1).map(|_| "again".to_owned()))).unwrap(), "first");
        assert_eq!(count(&t), 2);
    }
}

#[test]
fn a_connection_lost_before_the_commit_runs_it_again_once() {
    let t = postgres();
    notes(&t);
    let runs = Arc::new(AtomicI64::new(0));
    let (counted, pid) = (runs.clone(), mpsc::channel::<i64>());
    let (send, receive) = pid;
    let done = t.store.write_once(&t.keyed("k1", "r"), move |tx| {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        note(tx, "a", n)?;
        if n == 0 {
            let _ = send.send(tx.one("SELECT CAST(pg_backend_pid() AS BIGINT)", args![])?.get(0)?);
            std::thread::sleep(Duration::from_millis(300));
        }
        Ok(n)
    });
    let pid = receive.recv_timeout(Duration::from_secs(5)).unwrap();
    t.database().client().execute("SELECT pg_terminate_backend($1::bigint::int)", &[&pid]).unwrap();
    assert_eq!(block_on(done).unwrap(), 1);
    assert_eq!((count(&t), t.int("SELECT n FROM note")), (1, 1));
}

#[test]
fn a_stored_answer_is_sealed() {
    both("sealed answers", |t| {
        const SECRET: &str = "13912345678-in-an-answer";
        let done = t.store.write_once(&t.keyed("k1", "r"), |_| Ok(SECRET.to_owned()));
        assert_eq!(block_on(done).unwrap(), SECRET);
        let body: Vec<u8> = t.read(|tx| tx.one("SELECT body FROM idempotency", args![])?.get(0));
        assert!(!body.windows(SECRET.len()).any(|w| w == SECRET.as_bytes()));
        if t.store.engine() == Engine::Sqlite {
            for file in std::fs::read_dir(t.dir()).unwrap().flatten() {
                let bytes = std::fs::read(file.path()).unwrap();
                assert!(!bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes()), "{}", file.path().display());
            }
        }
    });
}
