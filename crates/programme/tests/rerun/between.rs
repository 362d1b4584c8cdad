//! What changes between the look and the booking is not booked silently but told; and members who are one, or two again, after it.

use serde_json::{Value, json};
use shuke_testkit::TestStore;
use shuke_testkit::web::Api;

use crate::words::*;

fn merge(api: &Api, t: &TestStore, a: &str, b: &str) -> String {
    t.clock.advance_seconds(60);
    let merged = api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
    follow(t);
    merged["merge_id"].as_str().unwrap().to_owned()
}

fn unmerge(api: &Api, t: &TestStore, merge: &str) {
    t.clock.advance_seconds(60);
    api.done("POST", &format!("/merges/{merge}/unmerge"), Some(json!({ "reason": "two persons" })));
    follow(t);
}

#[test]
fn what_changed_since_it_was_shown_is_left_as_it_is_and_told() {
    both("between", |api, t| {
        let id = programme(api, t, rules(1, 5_000));
        let who = ["still", "late", "refunded", "older", "younger", "spends", "otherwise"];
        let all: Vec<String> = who.iter().enumerate().map(|(i, who)| buys(api, order(t, who, who, 100, 10 + i as u8, 0))).collect();
        let [still, late, refunded, older, younger, spends, otherwise] = &all[..] else { panic!("seven") };
        version(api, t, &id, rules(2, 5_000));
        let shown = look(api, t, &id, Some(2), (1, 28));
        assert_eq!((&shown["changed"], &shown["more"]["points"]), (&json!(7), &json!(700)), "{shown}");
        buys(api, order(t, "late", "late too", 30, 20, 0));
        buys(api, order(t, "refunded", "refunded", 100, 12, 50));
        buys(api, order(t, "otherwise", "otherwise", 90, 16, 0));
        follow(t);
        merge(api, t, older, younger);
        api.ok(200, "POST", &format!("/members/{spends}/points/{id}/spend"), Some(json!({ "id": "s", "points": 10 })));
        let have = || [still, late, refunded, older, spends, otherwise].map(|member| points(api, member));
        assert_eq!(have(), [100, 130, 50, 200, 90, 90]);
        let booked = book(api, t, &shown);
        assert_eq!((&booked["booked"], &booked["stale"]), (&json!(1), &json!(6)), "{booked}");
        assert_eq!(have(), [200, 130, 50, 200, 90, 90], "only of whom nothing had changed");
        let stale = members(api, &shown, "state=stale&limit=200");
        assert!(stale.len() == 6 && stale.iter().all(|member| member["member"] != json!(still)), "{stale:?}");
        // Asked for again, the others are shown as they are now. What a merge brought nobody judges again; that is told.
        let again = look(api, t, &id, Some(2), (1, 28));
        assert_eq!((&again["changed"], &again["orders"], &again["left"]), (&json!(5), &json!(6), &json!(2)), "{again}");
        let booked = book(api, t, &again);
        assert_eq!((&booked["booked"], &booked["stale"]), (&json!(5), &json!(0)), "{booked}");
        assert_eq!(have(), [200, 260, 100, 300, 190, 180]);
    });
}

#[test]
fn an_order_that_earns_the_same_is_judged_by_that_version_from_then_on() {
    both("the same, and then otherwise", |api, t| {
        // Double from 200 yuan on.
        let stepped = || {
            let band = |from: i64, points: i64| json!({ "from_fen": from, "points": points, "per_fen": 100 });
            let mut rules = rules(1, 5_000);
            rules["earn"] = json!([{ "id": "base", "kind": "stepped", "mode": "whole", "bands": [band(0, 1), band(20_000, 2)] }]);
            rules
        };
        let id = programme(api, t, rules(1, 5_000));
        let (small, large) = (buys(api, order(t, "small", "1", 100, 10, 0)), buys(api, order(t, "large", "2", 300, 10, 0)));
        version(api, t, &id, stepped());
        let shown = look(api, t, &id, Some(2), (1, 28));
        assert_eq!((&shown["changed"], &shown["orders"]), (&json!(1), &json!(2)), "{shown}");
        assert_eq!(members(api, &shown, "limit=200").len(), 1);
        let booked = book(api, t, &shown);
        assert_eq!((&booked["booked"], &booked["stale"]), (&json!(1), &json!(0)), "{booked}");
        assert_eq!((points(api, &small), points(api, &large)), (100, 600));
        // Both are told to be of 250 yuan: one version judged both.
        buys(api, order(t, "small", "1", 250, 10, 0));
        buys(api, order(t, "large", "2", 250, 10, 0));
        follow(t);
        assert_eq!((points(api, &small), points(api, &large)), (500, 500));
        // Told to be of 100 again they earn the same by either; taken back, they are judged by their own from then on.
        buys(api, order(t, "small", "1", 100, 10, 0));
        buys(api, order(t, "large", "2", 100, 10, 0));
        follow(t);
        let back = look(api, t, &id, None, (1, 28));
        assert_eq!((&back["changed"], &back["orders"]), (&json!(0), &json!(2)), "{back}");
        book(api, t, &back);
        buys(api, order(t, "large", "2", 300, 10, 0));
        follow(t);
        assert_eq!(points(api, &large), 300, "as if it had never been");
    });
}

#[test]
fn members_who_are_one_or_two_again_keep_what_was_booked() {
    both("merged after", |api, t| {
        let id = programme(api, t, rules(1, 5_000));
        let (a, b) = (buys(api, order(t, "a", "1", 100, 10, 0)), buys(api, order(t, "b", "2", 40, 11, 0)));
        version(api, t, &id, rules(2, 5_000));
        let shown = look(api, t, &id, Some(2), (1, 28));
        book(api, t, &shown);
        assert_eq!((points(api, &a), points(api, &b)), (200, 80));
        let one = merge(api, t, &a, &b);
        assert_eq!(points(api, &a), 280);
        // An order that came with the merge counts less: its share of what it earned with the correction goes back.
        buys(api, order(t, "b", "2", 40, 11, 10));
        follow(t);
        assert_eq!(points(api, &a), 260);
        buys(api, order(t, "a", "1", 110, 10, 0));
        follow(t);
        assert_eq!(points(api, &a), 280, "judged by that version again");
        let all = |told: &Value| ["changed", "orders", "left"].map(|key| told[key].as_i64().unwrap());
        let none = look(api, t, &id, Some(2), (1, 28));
        assert_eq!(all(&none), [0, 0, 2], "{none}");
        unmerge(api, t, &one);
        assert_eq!((points(api, &a), points(api, &b)), (220, 60));
        // Told after the parting that they count less, each loses its share of what the correction made it.
        buys(api, order(t, "b", "2", 30, 11, 10));
        buys(api, order(t, "a", "1", 100, 10, 0));
        follow(t);
        assert_eq!((points(api, &a), points(api, &b)), (200, 40));
    });
}

#[test]
fn what_arrives_late_is_judged_by_its_own_version_and_who_is_erased_is_not_booked() {
    both("late and erased", |api, t| {
        let id = programme(api, t, rules(1, 5_000));
        let a = buys(api, order(t, "a", "1", 100, 10, 0));
        version(api, t, &id, rules(2, 5_000));
        let shown = look(api, t, &id, Some(2), (1, 28));
        book(api, t, &shown);
        assert_eq!(points(api, &a), 200);
        // One that arrives late is judged by the version of its own time until somebody asks again.
        let b = buys(api, order(t, "b", "2", 70, 12, 0));
        follow(t);
        assert_eq!(points(api, &b), 70);
        let erased = look(api, t, &id, Some(2), (1, 28));
        assert_eq!((&erased["changed"], &erased["left"]), (&json!(1), &json!(1)), "{erased}");
        // What was kept of somebody who is erased goes, and is not booked.
        let member = b.parse().unwrap();
        let cx = t.ctx();
        t.write(move |tx| shuke_programme::book::erase::erased(tx, &cx, &[member]));
        assert_eq!(members(api, &erased, "limit=200"), Vec::<Value>::new());
        let booked = book(api, t, &erased);
        assert_eq!((&booked["booked"], &booked["stale"]), (&json!(0), &json!(0)), "{booked}");
    });
}
