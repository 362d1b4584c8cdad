//! Short words for the tests: a shop with a programme of two versions, orders of February, re-runs asked for and booked.

use std::sync::Arc;

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_programme::orders::follow::Follow;
use shuke_store::jobs::JobRunner;
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

use crate::world::{ALL, sound};

pub fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_programme::router());
        test(&Api::of(app(t), routes), t);
        sound(t);
    });
}

pub const BEGAN: &str = "2026-01-01T00:00:00Z";

/// So many points a yuan, and no more than so many a day.
pub fn rules(points: i64, a_day: i64) -> Value {
    json!({
        "earn": [{ "id": "base", "kind": "per_amount", "points": points, "per_fen": 100 }],
        "caps": [{ "id": "day", "per": "day", "points": a_day }],
        "settlement_days": 0,
    })
}

pub fn follow(t: &TestStore) {
    t.store.stamp_events().unwrap();
    while t.store.feed_subscriber(t.merchant, &Arc::new(Follow), 100).unwrap() > 0 {}
}

pub fn runner(t: &TestStore) -> JobRunner {
    shuke_programme::register_jobs(JobRunner::new(t.store.clone()))
}

pub fn work(t: &TestStore) {
    let runner = runner(t);
    while runner.run_one().unwrap() {}
}

/// A complete order of so many yuan, paid on a day of February before the 21st (so that it is final), of which so many went back. What
/// is said later holds.
pub fn order(t: &TestStore, who: &str, no: &str, yuan: i64, day: u8, back: i64) -> Value {
    t.clock.advance_seconds(1);
    let money = |yuan: i64| json!({ "amount": yuan * 100, "currency": "CNY" });
    let at = format!("2026-02-{day:02}T04:00:00Z");
    let mut order = json!({
        "external": { "source": "own", "id": no }, "platform": "own", "state": "completed", "currency": "CNY",
        "paid": money(yuan), "created_at": at, "paid_at": at, "completed_at": at, "updated_at": t.clock.now().to_string(),
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    });
    if back > 0 {
        order["refunded"] = money(back);
    }
    order
}

/// Whose it is.
pub fn buys(api: &Api, order: Value) -> String {
    api.done("POST", "/orders", Some(order))["member"].as_str().unwrap().to_owned()
}

pub fn account(api: &Api, member: &str, account: &str) -> i64 {
    api.ok(200, "GET", &format!("/members/{member}/points"), None)["items"][0]["accounts"][account].as_i64().unwrap_or(0)
}

pub fn points(api: &Api, member: &str) -> i64 {
    account(api, member, "available")
}

/// A programme of these rules.
pub fn programme(api: &Api, t: &TestStore, rules: Value) -> String {
    let made = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules, "begins_at": BEGAN })));
    work(t);
    t.clock.advance_seconds(60);
    made["id"].as_str().unwrap().to_owned()
}

/// Other rules, in force from now on.
pub fn version(api: &Api, t: &TestStore, id: &str, rules: Value) {
    follow(t);
    t.clock.advance_seconds(60);
    api.ok(201, "POST", &format!("/programmes/{id}/versions"), Some(json!({ "rules": rules, "note": "双倍" })));
    t.clock.advance_seconds(60);
    work(t);
}

/// A re-run of orders paid from one day of February to another, reckoned.
pub fn look(api: &Api, t: &TestStore, id: &str, version: Option<u32>, days: (u8, u8)) -> Value {
    t.clock.advance_seconds(60);
    let body = json!({ "version": version, "from": format!("2026-02-{:02}", days.0), "to": format!("2026-02-{:02}", days.1) });
    let begun = api.ok(202, "POST", &format!("/programmes/{id}/reruns"), Some(body));
    assert_eq!(told(api, &begun)["state"], "looking");
    work(t);
    let told = told(api, &begun);
    assert_eq!((&told["state"], &told["progress"]), (&json!("shown"), &Value::Null), "{told}");
    told
}

pub fn told(api: &Api, rerun: &Value) -> Value {
    api.ok(200, "GET", &format!("/reruns/{}?value=0.01", rerun["id"].as_str().unwrap()), None)
}

pub fn members(api: &Api, rerun: &Value, query: &str) -> Vec<Value> {
    let page = api.ok(200, "GET", &format!("/reruns/{}/members?{query}", rerun["id"].as_str().unwrap()), None);
    page["items"].as_array().unwrap().clone()
}

pub fn asked_to_book(api: &Api, rerun: &Value) {
    api.ok(202, "POST", &format!("/reruns/{}/book", rerun["id"].as_str().unwrap()), Some(json!({ "note": "补发双倍" })));
}

/// Books it; what came of that.
pub fn book(api: &Api, t: &TestStore, rerun: &Value) -> Value {
    t.clock.advance_seconds(60);
    asked_to_book(api, rerun);
    work(t);
    let told = told(api, rerun);
    assert_eq!(told["state"], "booked", "{told}");
    told
}
