//! Bookings that are stopped, taken over, asked for twice and run while orders come: each member is booked once, and what it was.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use shuke_programme::rerun::{RerunId, service};
use shuke_store::Engine;
use shuke_store::jobs::JobRunner;
use shuke_testkit::TestStore;
use shuke_testkit::web::Api;

use crate::words::*;

/// More than a task takes in a few steps.
const MANY: usize = 100;

fn begun(api: &Api, t: &TestStore) -> (String, Vec<String>) {
    let id = programme(api, t, rules(1, 5_000));
    let members = (0..MANY).map(|i| buys(api, order(t, &format!("m{i}"), &format!("o{i}"), 100, 1 + (i % 20) as u8, 0))).collect();
    version(api, t, &id, rules(2, 5_000));
    (id, members)
}

fn booked(t: &TestStore) -> i64 {
    t.int("SELECT COUNT(*) FROM points_rerun_member WHERE state = 'booked'")
}

/// Waits until some are booked.
fn until_some(t: &TestStore) {
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while booked(t) == 0 {
        assert!(std::time::Instant::now() < end, "nothing is booked");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_booking_that_was_stopped_goes_on_and_books_nothing_twice() {
    both("a re-run stopped", |api, t| {
        let (id, all) = begun(api, t);
        let shown = look(api, t, &id, Some(2), (1, 28));
        assert_eq!((&shown["changed"], &shown["more"]["points"]), (&json!(MANY), &json!(100 * MANY)), "{shown}");
        asked_to_book(api, &shown);
        // The process ends before the first step, and in between; another goes on.
        let first = runner(t);
        first.halt_flag().store(true, Ordering::SeqCst);
        first.run_one().unwrap();
        assert_eq!(booked(t), 0);
        let second = runner(t);
        let halt = second.halt_flag();
        std::thread::scope(|scope| {
            scope.spawn(|| second.run_one().unwrap());
            until_some(t);
            halt.store(true, Ordering::SeqCst);
        });
        work(t);
        let told = told(api, &shown);
        assert_eq!((&told["state"], &told["booked"], &told["stale"]), (&json!("booked"), &json!(MANY), &json!(0)), "{told}");
        assert!(all.iter().all(|member| points(api, member) == 200), "each once");
    });
}

#[test]
fn a_task_that_another_process_takes_over_books_each_member_once() {
    both("a re-run taken over", |api, t| {
        let (id, all) = begun(api, t);
        let shown = look(api, t, &id, Some(2), (1, 28));
        asked_to_book(api, &shown);
        let slow = runner(t);
        std::thread::scope(|scope| {
            // It loses its lease in between, as one that hangs does, and what it writes from then on rolls back.
            let lost = scope.spawn(|| slow.run_one());
            until_some(t);
            t.clock.advance_seconds(600);
            work(t);
            drop(lost.join().unwrap());
        });
        t.clock.advance_seconds(600);
        work(t);
        let told = told(api, &shown);
        assert_eq!((&told["state"], &told["booked"], &told["stale"]), (&json!("booked"), &json!(MANY), &json!(0)), "{told}");
        assert!(all.iter().all(|member| points(api, member) == 200), "each once");
        let side =
            |side: &str| t.int(&format!("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM points_entry WHERE {side} = 'issued'"));
        assert_eq!(side("from_account") - side("to_account"), 200 * MANY as i64, "the corrections take back what the first version gave");
    });
}

#[test]
fn two_who_ask_at_once_begin_one() {
    both("two re-runs", |api, t| {
        let (id, all) = begun(api, t);
        let shown = look(api, t, &id, Some(2), (1, 28));
        let rerun: RerunId = shown["id"].as_str().unwrap().parse().unwrap();
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let done = &done;
                scope.spawn(move || {
                    let cx = t.ctx();
                    if t.try_write(move |tx| service::book(tx, &cx, rerun, "")).is_ok() {
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(done.load(Ordering::SeqCst), 1);
        let programme = id.parse().unwrap();
        let asked =
            shuke_programme::rerun::Asked { judge: Some(1), from: "2026-02-01".parse().unwrap(), to: "2026-02-28".parse().unwrap() };
        let cx = t.ctx();
        assert!(t.try_write(move |tx| service::start(tx, &cx, programme, asked)).is_err(), "while it is booked no other begins");
        work(t);
        assert!(all.iter().all(|member| points(api, member) == 200), "each once");
    });
}

#[test]
fn orders_that_come_while_it_is_booked_lose_nothing() {
    both("orders beside a re-run", |api, t| {
        let (id, all) = begun(api, t);
        let shown = look(api, t, &id, Some(2), (1, 28));
        // Every third is told otherwise, every fourth goes back in part; the feed hears of it while the task books.
        for i in 0..MANY {
            let (who, no, day) = (format!("m{i}"), format!("o{i}"), 1 + (i % 20) as u8);
            match i % 12 {
                0 | 3 | 6 | 9 => drop(buys(api, order(t, &who, &no, 90, day, 0))),
                4 | 8 => drop(buys(api, order(t, &who, &no, 100, day, 50))),
                _ => {}
            }
        }
        asked_to_book(api, &shown);
        let other = (t.store.engine() == Engine::Postgres).then(|| t.another());
        let tasks = shuke_programme::register_jobs(JobRunner::new(other.unwrap_or_else(|| t.store.clone())));
        std::thread::scope(|scope| {
            scope.spawn(|| while tasks.run_one().unwrap() {});
            follow(t);
        });
        follow(t);
        let told = told(api, &shown);
        let counted = told["booked"].as_u64().unwrap() + told["stale"].as_u64().unwrap();
        assert_eq!((&told["state"], counted), (&json!("booked"), MANY as u64), "{told}");
        // Whoever was left out is shown now; then everybody has what the second version gives, whatever came first.
        let again = look(api, t, &id, Some(2), (1, 28));
        assert_eq!(again["changed"], told["stale"], "{again}");
        if again["changed"] != json!(0) {
            assert_eq!(book(api, t, &again)["stale"], json!(0));
        }
        let wanted = |i: usize| match i % 12 {
            0 | 3 | 6 | 9 => 180,
            4 | 8 => 100,
            _ => 200,
        };
        for (i, member) in all.iter().enumerate() {
            assert_eq!(points(api, member), wanted(i), "{i}");
        }
    });
}
