//! Orders into books: through the API of orders, the feed, the walk that fills a programme, and the API of points.

#[path = "orders/merged.rs"]
mod merged;

use std::sync::Arc;

use serde_json::{Value, json};
use shuke_programme::orders::follow::Follow;
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_programme::TABLES]);

fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_programme::router());
        follow(t);
        test(&Api::of(app(t), routes), t);
        let cx = t.ctx();
        let found = t.read(move |tx| shuke_programme::book::audit::audit(tx, &cx, true));
        assert_eq!(found, Vec::<String>::new());
    });
}

/// Hands the subscriber everything that happened.
fn follow(t: &TestStore) {
    t.store.stamp_events().unwrap();
    while t.store.feed_subscriber(t.merchant, &Arc::new(Follow), 100).unwrap() > 0 {}
}

fn work(t: &TestStore) {
    let runner = shuke_programme::register_jobs(JobRunner::new(t.store.clone()));
    while runner.run_one().unwrap() {}
}

fn rules() -> Value {
    json!({
        "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }, { "id": "first", "kind": "first_order", "points": 50 }],
        "ladder": { "tiers": [
            { "id": "普通" },
            { "id": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": 10_000 }] } },
            { "id": "金牌", "entry": { "all": [{ "metric": "net_spend", "min": 50_000 }] } },
        ] },
    })
}

fn programme(api: &Api, name: &str, begins_at: &str) -> Value {
    api.ok(201, "POST", "/programmes", Some(json!({ "name": name, "rules": rules(), "begins_at": begins_at })))
}

fn yuan(fen: i64) -> Value {
    json!({ "amount": fen, "currency": "CNY" })
}

fn order(no: &str, who: &str, state: &str, paid: i64, at: &str, updated: &str) -> Value {
    json!({
        "external": { "source": "taobao", "id": no }, "platform": "taobao", "state": state, "currency": "CNY", "paid": yuan(paid),
        "created_at": at, "paid_at": at, "updated_at": updated, "completed_at": if state == "completed" { json!(updated) } else { Value::Null },
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    })
}

fn points(api: &Api, member: &str) -> Value {
    api.ok(200, "GET", &format!("/members/{member}/points"), None)["items"][0].clone()
}

#[test]
fn an_order_earns_is_final_goes_back_and_moves() {
    both("an order's life", |api, t| {
        let made = programme(api, "会员", "2026-01-01T00:00:00Z");
        assert_eq!((made["state"].as_str(), made["current"]["no"].as_i64(), made["members"].as_i64()), (Some("active"), Some(1), Some(0)));
        let told = |key: &str| api.ok(200, "GET", "/programmes", None)["items"][0][key].clone();
        assert_eq!((&made["filling"], told("job").is_string()), (&json!({ "done": 0, "total": null, "running": true }), true), "{made}");
        work(t);
        assert_eq!((told("filling"), told("job")), (Value::Null, Value::Null), "nothing is told of a walk that is over");
        let first = api.done("POST", "/orders", Some(order("1", "a", "paid", 12_000, "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z")));
        let member = first["member"].as_str().unwrap().to_owned();
        follow(t);
        let book = points(api, &member);
        assert_eq!((&book["accounts"]["pending"], &book["accounts"]["available"]), (&json!(170), &json!(0)), "{book}");
        assert_eq!(book["next"]["sentence"], "Spend 100 yuan more to reach 银牌");
        api.done("POST", "/orders", Some(order("1", "a", "completed", 12_000, "2026-02-01T00:00:00Z", "2026-02-05T00:00:00Z")));
        follow(t);
        let book = points(api, &member);
        assert_eq!((&book["accounts"]["available"], &book["tier"]["id"]), (&json!(170), &json!("银牌")), "{book}");
        assert_eq!(book["lots"][0]["id"], format!("order:{}", first["id"].as_str().unwrap()));
        // Told twice, nothing changes; told otherwise, everything follows.
        let entries = t.int("SELECT COUNT(*) FROM points_entry");
        api.done("POST", "/orders", Some(order("1", "a", "completed", 12_000, "2026-02-01T00:00:00Z", "2026-02-05T00:00:00Z")));
        follow(t);
        assert_eq!(t.int("SELECT COUNT(*) FROM points_entry"), entries);
        api.done("POST", "/orders", Some(order("1", "a", "completed", 9_000, "2026-02-01T00:00:00Z", "2026-02-06T00:00:00Z")));
        follow(t);
        let book = points(api, &member);
        assert_eq!((&book["accounts"]["available"], &book["tier"]["id"]), (&json!(140), &json!("普通")), "{book}");
        // An earlier order arrives late: it is the first now.
        api.done("POST", "/orders", Some(order("0", "a", "completed", 1_000, "2026-01-15T00:00:00Z", "2026-01-20T00:00:00Z")));
        follow(t);
        let book = points(api, &member);
        assert_eq!(book["accounts"]["available"], json!(150), "{book}");
        assert_eq!(book["lots"][0]["left"], json!(60));
        // Money goes back.
        let back = json!({ "external": { "source": "taobao", "id": "r" }, "amount": yuan(4_500), "at": "2026-02-10T00:00:00Z" });
        api.done("POST", &format!("/orders/{}/refund", first["id"].as_str().unwrap()), Some(back));
        follow(t);
        assert_eq!(points(api, &member)["accounts"]["available"], json!(105));
        let listed = api.ok(200, "GET", &format!("/members/{member}/points/{}/entries?limit=3", made["id"].as_str().unwrap()), None);
        assert_eq!(listed["items"].as_array().unwrap().len(), 3, "{listed}");
        assert!(listed["next_cursor"].is_string());
    });
}

#[test]
fn what_is_asked_by_the_api_is_answered_once() {
    both("asked", |api, t| {
        let id = programme(api, "会员", "2026-01-01T00:00:00Z")["id"].as_str().unwrap().to_owned();
        let first = api.done("POST", "/orders", Some(order("1", "a", "paid", 100, "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z")));
        let member = first["member"].as_str().unwrap();
        let at = |what: &str| format!("/members/{member}/points/{id}/{what}");
        let (status, no) = api.call("POST", &at("spend"), Some(json!({ "id": "s0", "points": 10 })));
        assert_eq!((status, &no["code"]), (409, &json!("points.insufficient")), "{no}");
        let given = api.ok(200, "POST", &at("adjust"), Some(json!({ "id": "a1", "points": 100, "reason": "开业赠送 张三" })));
        assert_eq!((&given["result"], &given["accounts"]["available"]), (&json!("ok"), &json!(100)));
        let again = api.ok(200, "POST", &at("adjust"), Some(json!({ "id": "a1", "points": 100, "reason": "开业赠送" })));
        assert_eq!((&again["result"], &again["accounts"]["available"]), (&json!("duplicate"), &json!(100)));
        // A refusal is kept under its id.
        let (status, no) = api.call("POST", &at("spend"), Some(json!({ "id": "s0", "points": 10 })));
        assert_eq!((status, &no["code"]), (409, &json!("points.insufficient")), "{no}");
        assert_eq!(api.ok(200, "POST", &at("spend"), Some(json!({ "id": "s1", "points": 30 })))["accounts"]["redeemed"], json!(30));
        assert_eq!(api.ok(200, "POST", &at("spends/s1/reverse"), Some(json!({ "points": 10 })))["accounts"]["available"], json!(80));
        assert_eq!(api.call("POST", &at("spends/s1/reverse"), Some(json!({ "points": 21 }))).1["code"], "points.exceeds_spend");
        assert_eq!(api.call("POST", &at("spends/nothing/reverse"), Some(json!({}))).1["code"], "points.unknown_spend");
        assert_eq!(api.ok(200, "POST", &at("hold"), Some(json!({ "id": "h1", "points": 50 })))["accounts"]["frozen"], json!(50));
        assert_eq!(api.ok(200, "POST", &at("holds/h1/capture"), Some(json!({})))["accounts"]["frozen"], json!(0));
        assert_eq!(api.call("POST", &at("holds/h1/release"), Some(json!({}))).1["code"], "points.unknown_hold");
        // A hold that nobody ends ends by itself.
        api.ok(200, "POST", &at("hold"), Some(json!({ "id": "h2", "points": 20 })));
        t.clock.advance_seconds(16 * 60);
        assert_eq!(points(api, member)["accounts"]["available"], json!(30));
        shuke_programme::book::due::run(&t.store, t.merchant, &|| false).unwrap();
        assert_eq!(api.ok(200, "POST", &at("check-in"), Some(json!({ "id": "c1" })))["result"], "ok");
        assert_eq!(api.ok(200, "POST", &at("check-in"), Some(json!({ "id": "c2" })))["result"], "already_today");
        assert_eq!(api.ok(200, "POST", &at("visit"), Some(json!({})))["result"], "ok");
        assert_eq!(api.ok(200, "POST", &at("growth"), Some(json!({ "value": 10, "reason": "x" })))["result"], "ok");
        for (what, body, code) in [
            ("spend", json!({ "points": 0 }), "request.invalid"),
            ("spend", json!({ "points": -5 }), "request.invalid"),
            ("spend", json!({ "points": 1.5 }), "request.invalid"),
            ("spend", json!({ "points": 9_000_000_000_000_000_000_i64 }), "request.invalid"),
            ("adjust", json!({ "points": 5 }), "request.invalid"),
            ("adjust", json!({ "points": 5, "reason": " " }), "request.invalid"),
            ("hold", json!({ "points": 5, "until": "2020-01-01T00:00:00Z" }), "request.invalid"),
        ] {
            let (status, no) = api.call("POST", &at(what), Some(body.clone()));
            assert_eq!((status, no["code"].as_str()), (400, Some(code)), "{what} {body}: {no}");
        }
        let quoted = json!({ "member": member, "net_paid": yuan(10_050), "lines": [{ "category": "奶粉", "quantity": 1, "net_paid": yuan(10_050) }] });
        let quoted = api.ok(200, "POST", &format!("/programmes/{id}/quote"), Some(quoted));
        assert_eq!((&quoted["points"], quoted["rules"].as_array().map(Vec::len)), (&json!(150), Some(2)), "{quoted}");
        let ledger = api.ok(200, "GET", &format!("/programmes/{id}/entries?cause=adjust"), None);
        assert_eq!(ledger["items"][0]["cause"]["reason"], "开业赠送 张三", "{ledger}");
        assert_eq!(ledger["items"][0]["member"], member);
        let seen = api.ok(200, "GET", &format!("/programmes/{id}"), None);
        assert_eq!((&seen["points"]["available"], &seen["members"]), (&json!(30), &json!(1)), "{seen}");
        let owed = api.ok(200, "GET", &format!("/programmes/{id}/liability"), None);
        assert_eq!((&owed["totals"]["closing"], &owed["closed"]), (&json!(30), &json!(false)), "{owed}");
        api.ok(200, "POST", &format!("/programmes/{id}/pause"), Some(json!({})));
        assert_eq!(api.call("POST", &at("spend"), Some(json!({ "points": 1 }))).1["code"], "programme.not_active");
    });
}

#[test]
fn rules_are_checked_tried_and_taken_from_templates() {
    both("rules", |api, _| {
        let good = api.ok(200, "POST", "/programmes/check", Some(json!({ "rules": rules() })));
        assert_eq!((&good["ok"], good["sentences"].as_array().is_some_and(|s| !s.is_empty())), (&json!(true), true), "{good}");
        let bad = api.ok(
            200,
            "POST",
            "/programmes/check",
            Some(json!({ "rules": { "earn": [{ "id": "a", "kind": "per_amount", "points": 1 }] } })),
        );
        assert_eq!((&bad["ok"], &bad["error"]["code"]), (&json!(false), &json!("loyalty.missing_key")), "{bad}");
        let steps = json!([{ "at": "2026-11-01T00:00:00Z", "do": { "kind": "order_paid", "id": "1", "order": "o", "net_fen": 12_000 } }]);
        let tried = api.ok(200, "POST", "/programmes/try", Some(json!({ "rules": rules(), "steps": steps })));
        assert_eq!(tried["steps"][0]["accounts"]["pending"], json!(170), "{tried}");
        let templates = api.ok(200, "GET", "/programmes/templates", None);
        for template in templates["items"].as_array().unwrap() {
            let made = json!({ "name": template["name"], "rules": template["rules"] });
            api.ok(201, "POST", "/programmes", Some(made));
        }
        assert_eq!(
            api.ok(200, "GET", "/programmes", None)["items"].as_array().unwrap().len(),
            templates["items"].as_array().unwrap().len()
        );
    });
}

#[test]
fn statements_stand() {
    shuke_testkit::prepare_all(ALL, shuke_programme::STATEMENTS);
}

/// A merge moves a book whole; taken back, both stand as they would alone, and what was spent between is not lost.
#[test]
fn members_who_are_one_have_one_book_until_they_are_parted() {
    for spent in [0, 200] {
        both("one person", |api, t| {
            let id = programme(api, "会员", "2026-01-01T00:00:00Z")["id"].as_str().unwrap().to_owned();
            let member = |no: &str, who: &str, paid: i64| {
                let done =
                    api.done("POST", "/orders", Some(order(no, who, "completed", paid, "2026-02-01T00:00:00Z", "2026-02-05T00:00:00Z")));
                done["member"].as_str().unwrap().to_owned()
            };
            let (a, b) = (member("1", "a", 12_000), member("2", "b", 8_000));
            follow(t);
            let free = |of: &str| points(api, of)["accounts"]["available"].as_i64().unwrap();
            assert_eq!((free(&a), free(&b)), (170, 130));
            let merged = api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
            follow(t);
            assert_eq!((free(&a), free(&b)), (300, 300), "one book, by either id");
            if spent > 0 {
                api.ok(200, "POST", &format!("/members/{a}/points/{id}/spend"), Some(json!({ "id": "s", "points": spent })));
            }
            t.clock.advance_seconds(60);
            let now = serde_json::to_value(shuke_kernel::Clock::now(&t.clock)).unwrap();
            let now = now.as_str().unwrap();
            api.done("POST", "/orders", Some(order("3", "b", "completed", 1_000, now, now)));
            follow(t);
            t.clock.advance_seconds(60);
            assert_eq!(free(&b), 310 - spent);
            let merge = merged["merge_id"].as_str().unwrap();
            api.done("POST", &format!("/merges/{merge}/unmerge"), Some(json!({ "reason": "two persons" })));
            follow(t);
            assert_eq!(free(&a) + free(&b), 310 - spent);
            if spent == 0 {
                assert_eq!((free(&a), free(&b)), (170, 140));
            }
            follow(t);
            member("4", "b", 500);
            follow(t);
            assert_eq!(free(&a) + free(&b), 315 - spent);
        });
    }
}

/// The same orders told in many steps and as they stand at the end: the books are the same, member by member.
#[test]
fn the_order_of_arrival_makes_no_difference() {
    both("arrival", |api, t| {
        programme(api, "先", "2026-01-10T00:00:00Z");
        let mut seed = 7_u64;
        let mut draw = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for step in 0..160_u32 {
            let no = draw(30);
            let at = format!("2026-01-{:02}T{:02}:00:00Z", 1 + no % 28, no % 24);
            let who = ["a", "b", "c", "d", "e"][(no % 5) as usize];
            let updated = format!("2026-02-{:02}T{:02}:{:02}:00Z", 1 + draw(27), draw(24), step % 60);
            match draw(5) {
                0 => {
                    let id = format!("R{}", draw(40));
                    let back = json!({ "external": { "source": "taobao", "id": id }, "order_external": { "source": "taobao", "id": no.to_string() }, "amount": yuan(1 + draw(9_000) as i64), "at": updated });
                    api.call("POST", "/refunds", Some(back));
                }
                1 => drop(api.done(
                    "POST",
                    "/orders",
                    Some(order(&no.to_string(), who, "completed", 1_000 + 700 * no as i64, &at, &updated)),
                )),
                2 => drop(api.done("POST", "/orders", Some(order(&no.to_string(), who, "closed", 1_000 + 700 * no as i64, &at, &updated)))),
                _ => drop(api.done(
                    "POST",
                    "/orders",
                    Some(order(&no.to_string(), who, "paid", 1_000 + 700 * no as i64 + draw(3) as i64, &at, &updated)),
                )),
            }
            if draw(3) == 0 {
                follow(t);
            }
        }
        follow(t);
        programme(api, "后", "2026-01-10T00:00:00Z");
        work(t);
        let sums = "SELECT COUNT(*) FROM points_book a JOIN points_book b ON b.merchant = a.merchant AND b.member = a.member AND b.programme <> a.programme WHERE a.pending <> b.pending OR a.available <> b.available OR a.issued <> b.issued OR a.expired <> b.expired OR a.reversed <> b.reversed OR a.tier <> b.tier OR a.tier_until <> b.tier_until";
        assert_eq!(t.int("SELECT COUNT(*) FROM points_book"), 10);
        assert_eq!(t.int(sums), 0);
        assert!(t.int("SELECT COUNT(*) FROM points_entry WHERE corrects = 1") > 0, "something was told otherwise");
    });
}
