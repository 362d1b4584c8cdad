//! What happens between looking at members and writing who they are: somebody is erased, another process
//! overtakes, the clock is put back, a day has an hour less.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use shuke_kernel::{Instant, Zone};
use shuke_segments::Reckoning;
use shuke_segments::living::pass::last_due;
use shuke_segments::model::Every;
use shuke_testkit::{MERCHANT, both_with};

use crate::world::{ALL, Shop};

#[test]
fn whoever_was_erased_after_the_columns_were_read_does_not_come_and_leaves_nothing() {
    both_with("gone", ALL, |t| {
        let shop = Shop::over(t);
        let all: Vec<String> = (0..4).map(|i| shop.member(&format!("p{i}"), json!({"gender": "female"}))).collect();
        shop.later(1);
        let held = shop.old_columns();
        let women = shop.segment("女士", "gender = \"female\"");
        shop.call("DELETE", &format!("/members/{}", all[1]), None);
        let turn = t.int("SELECT turn FROM segment_watch");
        shop.later(1);
        shop.tasks();
        drop(held);
        let rest: BTreeSet<String> = [&all[0], &all[2], &all[3]].into_iter().cloned().collect();
        assert_eq!(shop.members(women), rest);
        shop.follow();
        shop.adds_up(women, &rest);
        assert!(shop.told(women).is_empty(), "{:?}", shop.told(women));
        assert_eq!(t.int("SELECT COUNT(*) FROM segment_change"), 0);
        // What was judged of somebody before they were erased is judged again.
        let before = t.int("SELECT turn FROM segment_watch");
        assert!(before > turn);
        shop.call("DELETE", &format!("/members/{}", all[2]), None);
        assert!(t.int("SELECT turn FROM segment_watch") > before);
        shop.follow();
        assert_eq!(shop.get(women)["size"], 2);
        t.nothing_left(&["segments"]);
    });
}

#[test]
fn a_pass_that_another_overtook_writes_nothing_of_before() {
    both_with("overtaken", ALL, |t| {
        let shop = Shop::over(t);
        shop.people(2);
        shop.order("o1", "p0", 60, 10_100);
        shop.later(1);
        let recent = shop.segment("近 30 天下单", "exists(orders, last 30 days)");
        shop.tasks();
        shop.follow();
        assert_eq!(shop.members(recent).len(), 1);
        shop.later(29 * 86_400);
        let (other, is_first) = (shop.another("other"), AtomicBool::new(true));
        let overtaken = || {
            if is_first.swap(false, Ordering::SeqCst) {
                shop.later(3 * 86_400);
                other.pass(MERCHANT, &|| false).unwrap();
            }
            false
        };
        shop.living.pass(MERCHANT, &overtaken).unwrap();
        assert!(!is_first.load(Ordering::SeqCst));
        assert_eq!(shop.members(recent), shop.true_of(recent));
        assert!(shop.members(recent).is_empty());
        assert_eq!(shop.told(recent).into_values().map(|moves| moves.len()).collect::<Vec<_>>(), [1]);
        shop.follow();
        t.nothing_left(&["segments"]);
    });
}

#[test]
fn a_turn_that_was_taken_before_the_clock_was_put_back_is_taken_over() {
    both_with("back", ALL, |t| {
        let shop = Shop::over(t);
        shop.people(3);
        shop.later(1);
        let cart = shop.segment("加购", "exists(events where kind = \"cart\")");
        shop.tasks();
        let round = |living: &shuke_segments::Living| {
            t.store.stamp_events().unwrap();
            living.round(&|| false).unwrap()
        };
        while round(&shop.living) > 0 {}
        // Its holder is killed, and the clock of the machine was an hour fast.
        let second = shop.another("second");
        shop.later(-3_600);
        shop.acts(&[(1, "p1".to_owned(), "cart")]);
        shop.later(1);
        assert!(round(&second) > 0);
        while round(&second) > 0 {}
        assert_eq!(shop.members(cart).len(), 1);
        // Of two clocks that differ a little each knows the other's turn.
        shop.acts(&[(2, "p2".to_owned(), "cart")]);
        shop.later(-2);
        assert_eq!(round(&shop.living), 0);
        shop.later(4);
        while round(&second) > 0 {}
        assert_eq!(shop.members(cart).len(), 2);
    });
}

#[test]
fn a_segment_is_due_at_its_hour_of_days_that_are_longer_or_shorter() {
    let zone = Zone::named("America/New_York").unwrap();
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let due = |every: Every, minutes: i64, now: &str| last_due(every, minutes, &Reckoning::new(at(now).micros(), &zone));
    // 8 March 2026 has 23 hours, 1 November 25.
    for (every, minutes, now, must) in [
        (Every::Day, 23 * 60 + 59, "2026-03-09T04:30:00Z", "2026-03-09T03:59:00Z"),
        (Every::Day, 6 * 60, "2026-03-08T16:00:00Z", "2026-03-08T10:00:00Z"),
        (Every::Day, 2 * 60 + 30, "2026-03-08T16:00:00Z", "2026-03-08T07:30:00Z"),
        (Every::Day, 6 * 60, "2026-11-01T16:00:00Z", "2026-11-01T11:00:00Z"),
        (Every::Week, 6 * 60, "2026-03-09T09:00:00Z", "2026-03-02T11:00:00Z"),
        (Every::Week, 6 * 60, "2026-03-09T10:00:00Z", "2026-03-09T10:00:00Z"),
        (Every::Month, 6 * 60, "2026-04-01T09:00:00Z", "2026-03-01T11:00:00Z"),
    ] {
        assert_eq!(due(every, minutes, now), at(must), "{every:?} {minutes} {now}");
    }
}

#[test]
fn a_segment_whose_task_was_given_up_is_reckoned_all_the_same() {
    both_with("given", ALL, |t| {
        let shop = Shop::over(t);
        shop.people(3);
        shop.later(1);
        let body = |name: &str, kind: &str| json!({"name": name, "kind": kind, "text": "everyone", "every": if kind == "scheduled" { json!("day") } else { json!(null) }});
        let all =
            ["living", "scheduled"].map(|kind| shop.call("POST", "/segments", Some(body(kind, kind)))["id"].as_str().unwrap().to_owned());
        // A person stopped one task: it stays stopped.
        let stopped = shop.call("POST", "/segments", Some(body("stopped", "living")))["id"].as_str().unwrap().to_owned();
        t.write(|tx| tx.exec("UPDATE job SET state = 'stopped' WHERE title LIKE '%stopped'", &[]).map(|_| ()));
        t.write(|tx| tx.exec("UPDATE job SET state = 'dead', unique_key = NULL WHERE state = 'queued'", &[]).map(|_| ()));
        shop.tasks();
        for _ in 0..2 {
            shop.living.schedule(&t.ctx()).unwrap();
            shop.living.pass(MERCHANT, &|| false).unwrap();
        }
        assert_eq!(t.int("SELECT COUNT(*) FROM job WHERE state = 'queued'"), 2);
        shop.tasks();
        for id in &all {
            let told = shop.call("GET", &format!("/segments/{id}"), None);
            assert_eq!((&told["building"], &told["size"]), (&json!(false), &json!(3)), "{told}");
        }
        assert_eq!(shop.call("GET", &format!("/segments/{stopped}"), None)["building"], true);
    });
}
