//! Members who are one and two again while orders are told, told late and told otherwise, and requests come twice.

use serde_json::{Value, json};
use shuke_testkit::TestStore;
use shuke_testkit::web::Api;

use crate::{both, follow, order, points, programme};

fn free(api: &Api, of: &str) -> i64 {
    points(api, of)["accounts"]["available"].as_i64().unwrap_or(0)
}

/// An order that is final; whose it is.
fn bought(api: &Api, no: &str, who: &str, paid: i64, day: u8) -> String {
    let at = format!("2026-02-{day:02}T00:00:00Z");
    let done = api.done("POST", "/orders", Some(order(no, who, "completed", paid, &at, &at)));
    done["member"].as_str().unwrap().to_owned()
}

/// An order told otherwise.
fn otherwise(api: &Api, no: &str, who: &str, paid: i64, day: u8) {
    let at = format!("2026-02-{day:02}T00:00:00Z");
    api.done("POST", "/orders", Some(order(no, who, "completed", paid, &at, "2026-02-28T00:00:00Z")));
}

fn merge(api: &Api, t: &TestStore, a: &str, b: &str) -> String {
    t.clock.advance_seconds(60);
    let merged = api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
    merged["merge_id"].as_str().unwrap().to_owned()
}

fn unmerge(api: &Api, t: &TestStore, merge: &str) {
    t.clock.advance_seconds(60);
    api.done("POST", &format!("/merges/{merge}/unmerge"), Some(json!({ "reason": "two persons" })));
    follow(t);
}

#[test]
fn what_was_told_after_a_merge_goes_to_whom_it_came_by_and_can_be_told_otherwise_afterwards() {
    both("told after", |api, t| {
        programme(api, "会员", "2026-01-01T00:00:00Z");
        let (a, b) = (bought(api, "1", "a", 12_000, 2), bought(api, "2", "b", 8_000, 3));
        follow(t);
        let merged = merge(api, t, &a, &b);
        follow(t);
        // Of before the merge, and told after it.
        bought(api, "3", "b", 1_000, 10);
        follow(t);
        assert_eq!(free(api, &a), 310);
        unmerge(api, t, &merged);
        assert_eq!((free(api, &a), free(api, &b)), (170, 140));
        otherwise(api, "3", "b", 500, 10);
        follow(t);
        assert_eq!((free(api, &a), free(api, &b)), (170, 135));
        otherwise(api, "2", "b", 4_000, 3);
        follow(t);
        assert_eq!((free(api, &a), free(api, &b)), (170, 70), "half of 130 points");
        otherwise(api, "1", "a", 6_000, 2);
        follow(t);
        assert_eq!((free(api, &a), free(api, &b)), (85, 70));
        // One again, and two.
        let again = merge(api, t, &a, &b);
        follow(t);
        bought(api, "4", "b", 700, 11);
        follow(t);
        assert_eq!(free(api, &b), 162);
        unmerge(api, t, &again);
        assert_eq!((free(api, &a), free(api, &b)), (85, 77));
    });
}

#[test]
fn a_chain_of_merges_is_taken_back_from_its_middle() {
    both("chain", |api, t| {
        programme(api, "会员", "2026-01-01T00:00:00Z");
        let c = bought(api, "1", "c", 3_000, 1);
        let (a, b) = (bought(api, "2", "a", 12_000, 2), bought(api, "3", "b", 8_000, 3));
        follow(t);
        let first = merge(api, t, &a, &b);
        follow(t);
        let second = merge(api, t, &c, &a);
        follow(t);
        assert_eq!(free(api, &b), 380);
        bought(api, "4", "b", 1_000, 10);
        follow(t);
        unmerge(api, t, &first);
        assert_eq!((free(api, &c), free(api, &a), free(api, &b)), (250, 250, 140));
        unmerge(api, t, &second);
        assert_eq!((free(api, &c), free(api, &a), free(api, &b)), (80, 170, 140));
        otherwise(api, "4", "b", 500, 10);
        otherwise(api, "2", "a", 6_000, 2);
        follow(t);
        assert_eq!((free(api, &c), free(api, &a), free(api, &b)), (80, 85, 135));
    });
}

#[test]
fn orders_of_a_member_without_a_book_go_with_them() {
    both("no book", |api, t| {
        programme(api, "会员", "2026-01-01T00:00:00Z");
        let a = bought(api, "1", "a", 12_000, 2);
        let keys = json!([{ "kind": "own_id", "namespace": "shop", "value": "b" }]);
        let made = api.post("/members/batch", vec![json!({ "external": { "source": "own", "id": "b" }, "keys": keys })]);
        let b = made["results"][0]["id"].as_str().unwrap().to_owned();
        follow(t);
        let merged = merge(api, t, &a, &b);
        follow(t);
        bought(api, "2", "b", 1_000, 10);
        follow(t);
        assert_eq!(free(api, &a), 180);
        unmerge(api, t, &merged);
        assert_eq!((free(api, &a), free(api, &b)), (170, 60), "it is their first order");
    });
}

#[test]
fn a_request_that_comes_twice_counts_once_through_a_merge() {
    both("twice", |api, t| {
        let id = programme(api, "会员", "2026-01-01T00:00:00Z")["id"].as_str().unwrap().to_owned();
        let (a, b) = (bought(api, "1", "a", 12_000, 2), bought(api, "2", "b", 8_000, 3));
        follow(t);
        let spend = |whose: &str, name: &str, points: i64| -> Value {
            let path = format!("/members/{whose}/points/{id}/spend");
            api.ok(200, "POST", &path, Some(json!({ "id": name, "points": points })))["result"].clone()
        };
        assert_eq!(spend(&b, "s", 30), "ok");
        let merged = merge(api, t, &a, &b);
        assert_eq!(spend(&b, "s", 30), "duplicate", "before the feed told of the merge");
        follow(t);
        assert_eq!(spend(&b, "s", 30), "duplicate", "after it");
        assert_eq!(free(api, &a), 270);
        assert_eq!(spend(&b, "t", 20), "ok");
        unmerge(api, t, &merged);
        assert_eq!(spend(&b, "t", 20), "duplicate", "after it was taken back");
        assert_eq!(free(api, &a) + free(api, &b), 250);
    });
}
