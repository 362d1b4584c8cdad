//! A re-run through the API: an example reckoned by hand, refusals, booking, stopping in between and going on, refunds after it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_programme::orders::follow::Follow;
use shuke_store::jobs::JobRunner;
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

use crate::world::{ALL, sound};

fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_programme::router());
        test(&Api::of(app(t), routes), t);
        sound(t);
    });
}

const BEGAN: &str = "2026-01-01T00:00:00Z";

/// So many points a yuan, and no more than so many a day.
fn rules(points: i64, a_day: i64) -> Value {
    json!({
        "earn": [{ "id": "base", "kind": "per_amount", "points": points, "per_fen": 100 }],
        "caps": [{ "id": "day", "per": "day", "points": a_day }],
        "settlement_days": 0,
    })
}

fn follow(t: &TestStore) {
    t.store.stamp_events().unwrap();
    while t.store.feed_subscriber(t.merchant, &Arc::new(Follow), 100).unwrap() > 0 {}
}

fn runner(t: &TestStore) -> JobRunner {
    shuke_programme::register_jobs(JobRunner::new(t.store.clone()))
}

fn work(t: &TestStore) {
    let runner = runner(t);
    while runner.run_one().unwrap() {}
}

/// An order of so many yuan, a while ago, of which so many went back.
fn order(t: &TestStore, who: &str, id: &str, yuan: i64, back: i64) -> Value {
    let days = |days: i64| t.clock.now().plus_seconds(-days * 86_400).to_string();
    let money = |yuan: i64| json!({ "amount": yuan * 100, "currency": "CNY" });
    let mut order = json!({
        "external": { "source": "own", "id": id }, "platform": "own", "state": "completed", "currency": "CNY",
        "paid": money(yuan), "created_at": days(20), "paid_at": days(20), "completed_at": days(20), "updated_at": t.clock.now().to_string(),
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    });
    if back > 0 {
        order["refunded"] = money(back);
    }
    order
}

fn buys(api: &Api, order: Value) -> String {
    api.done("POST", "/orders", Some(order))["member"].as_str().unwrap().to_owned()
}

fn points(api: &Api, member: &str) -> i64 {
    api.ok(200, "GET", &format!("/members/{member}/points"), None)["items"][0]["accounts"]["available"].as_i64().unwrap()
}

fn day(t: &TestStore, back: i64) -> String {
    t.clock.now().plus_seconds(8 * 3_600 - back * 86_400).to_string()[..10].to_owned()
}

/// A programme of one point a yuan, and a second version of two that begins now.
fn begun(api: &Api, t: &TestStore) -> String {
    let made = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules(1, 500), "begins_at": BEGAN })));
    let id = made["id"].as_str().unwrap().to_owned();
    work(t);
    t.clock.advance_seconds(60);
    id
}

fn second(api: &Api, t: &TestStore, id: &str) {
    api.ok(201, "POST", &format!("/programmes/{id}/versions"), Some(json!({ "rules": rules(2, 500), "note": "双倍" })));
    t.clock.advance_seconds(60);
    work(t);
}

#[test]
fn what_is_shown_is_booked_once_and_refunds_follow_it() {
    both("a re-run", |api, t| {
        let id = begun(api, t);
        let a = buys(api, order(t, "a", "a1", 100, 0));
        // Once points are double, the first order of that day leaves a hundred points of the cap to the second.
        let b = buys(api, order(t, "b", "b1", 200, 0));
        buys(api, order(t, "b", "b2", 200, 0));
        follow(t);
        second(api, t, &id);
        assert_eq!((points(api, &a), points(api, &b)), (100, 400), "a change of rules rewrites nothing");
        let path = format!("/programmes/{id}/reruns");
        let span = json!({ "version": 2, "from": day(t, 25), "to": day(t, 15) });
        let told = api.ok(200, "POST", &format!("{path}/preview"), Some(span.clone()));
        assert_eq!((&told["members"], &told["orders"], &told["corrections"]), (&json!(2), &json!(3), &json!(3)), "{told}");
        assert_eq!((&told["booked"]["points"], &told["would_be"]["points"]), (&json!(500), &json!(700)), "{told}");
        assert_eq!((&told["total"]["points"], &told["total"]["value"]["amount"]), (&json!(200), &json!(200)));
        assert_eq!((&told["members_more"], &told["members_less"]), (&json!(2), &json!(0)), "{told}");
        // One by one, page by page.
        let page = api.ok(200, "POST", &format!("{path}/corrections?limit=2"), Some(span.clone()));
        let next = format!("{path}/corrections?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
        let rest = api.ok(200, "POST", &next, Some(span.clone()));
        let of = |page: &Value| page["items"].as_array().unwrap().iter().map(|item| item["difference"].as_i64().unwrap()).sum::<i64>();
        assert_eq!((of(&page) + of(&rest), &rest["next_cursor"]), (200, &Value::Null), "{page} {rest}");
        assert_eq!((points(api, &a), points(api, &b)), (100, 400), "nothing was booked");
        // Booked only as it was told.
        let book = |corrections: i64, points: i64| {
            let mut body = span.clone();
            let more = json!({ "expected_corrections": corrections, "expected_points": points, "note": "补发双倍" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            Some(body)
        };
        let refused = api.ok(409, "POST", &path, book(3, 199));
        assert_eq!(refused["code"], "rerun.changed", "{refused}");
        let begun = api.ok(202, "POST", &path, book(3, 200));
        assert_eq!(api.ok(409, "POST", &path, book(3, 200))["code"], "rerun.under_way");
        work(t);
        assert_eq!((points(api, &a), points(api, &b)), (200, 500));
        let entries = api.ok(200, "GET", &format!("/members/{a}/points/{id}/entries"), None);
        let entry = &entries["items"][0];
        assert_eq!(
            (&entry["cause"]["kind"], &entry["amount"], &entry["cause"]["reason"]),
            (&json!("rerun"), &json!(100), &json!("补发双倍"))
        );
        assert!(entry["cause"]["id"].as_str().unwrap().starts_with(begun["id"].as_str().unwrap()), "{entry}");
        assert_eq!(entry["lot"], entries["items"][1]["lot"], "points more lie in the order's own lot");
        // Nothing is left to correct.
        let after = api.ok(200, "POST", &format!("{path}/preview"), Some(span.clone()));
        assert_eq!((&after["corrections"], &after["total"]["points"]), (&json!(0), &json!(0)), "{after}");
        assert_eq!(api.ok(409, "POST", &path, book(0, 0))["code"], "rerun.nothing");
        // Half of the order goes back, and half of what it earned with the correction.
        t.clock.advance_seconds(60);
        buys(api, order(t, "a", "a1", 100, 50));
        follow(t);
        assert_eq!(points(api, &a), 100);
        // Back to the first version: what is booked net of the refund is halved.
        let back = json!({ "version": 1, "from": day(t, 25), "to": day(t, 15) });
        let told = api.ok(200, "POST", &format!("{path}/preview"), Some(back));
        assert_eq!((&told["total"]["points"], &told["members_less"]), (&json!(-150), &json!(2)), "{told}");
    });
}

#[test]
fn a_booking_that_was_stopped_goes_on_and_books_nothing_twice() {
    both("a re-run stopped", |api, t| {
        let id = begun(api, t);
        let members: Vec<String> = (0..90).map(|i| buys(api, order(t, &format!("m{i}"), &format!("o{i}"), 100, 0))).collect();
        follow(t);
        second(api, t, &id);
        let body = json!({ "version": 2, "from": day(t, 25), "to": day(t, 15), "expected_corrections": 90, "expected_points": 9_000 });
        api.ok(202, "POST", &format!("/programmes/{id}/reruns"), Some(body));
        // The process ends before the first step and after it; another takes the task over.
        let runner = runner(t);
        runner.halt_flag().store(true, Ordering::SeqCst);
        runner.run_one().unwrap();
        work(t);
        t.clock.advance_seconds(600);
        work(t);
        assert!(members.iter().all(|member| points(api, member) == 200));
    });
}

#[test]
fn what_cannot_be_judged_is_refused() {
    both("re-runs refused", |api, t| {
        let id = begun(api, t);
        let path = format!("/programmes/{id}/reruns/preview");
        let refused = |status: u16, version: i64, from: i64, to: i64| {
            let body = json!({ "version": version, "from": day(t, from), "to": day(t, to) });
            api.ok(status, "POST", &path, Some(body))["code"].as_str().unwrap().to_owned()
        };
        assert_eq!(refused(404, 2, 5, 1), "programme.version_not_found");
        assert_eq!(refused(400, 1, 1, 5), "rerun.bad_span");
        assert_eq!(refused(400, 1, 5, 0), "rerun.bad_span");
        assert_eq!(refused(400, 1, 2_000, 1), "rerun.bad_span");
        let later = json!({ "rules": rules(2, 9), "from": t.clock.now().plus_seconds(3_600).to_string() });
        api.ok(201, "POST", &format!("/programmes/{id}/versions"), Some(later));
        assert_eq!(refused(409, 2, 5, 1), "rerun.not_begun");
        api.ok(200, "POST", &format!("/programmes/{id}/archive"), None);
        assert_eq!(refused(409, 1, 5, 1), "programme.wrong_state");
    });
}
