//! A trial through the API: what moves, who loses, the file; saved, it is what was told; gone back from.

use std::sync::Arc;

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_programme::orders::follow::Follow;
use shuke_store::jobs::JobRunner;
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, crate::ALL, |t| {
        let routes = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_programme::router());
        test(&Api::of(app(t), routes), t);
    });
}

/// Before anybody bought.
const BEGAN: &str = "2026-01-01T00:00:00Z";

/// Silver from so many yuan, gold from so many.
fn rules(silver: i64, gold: i64) -> Value {
    json!({
        "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }],
        "settlement_days": 0,
        "ladder": { "tiers": [
            { "id": "普通" },
            { "id": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": silver * 100 }] }, "reward_points": 50 },
            { "id": "金牌", "entry": { "all": [{ "metric": "net_spend", "min": gold * 100 }] }, "reward_points": 200 },
        ] },
    })
}

fn follow(t: &TestStore) {
    t.store.stamp_events().unwrap();
    while t.store.feed_subscriber(t.merchant, &Arc::new(Follow), 100).unwrap() > 0 {}
}

fn work(t: &TestStore) {
    let runner = shuke_programme::register_jobs(JobRunner::new(t.store.clone()));
    while runner.run_one().unwrap() {}
}

/// Whoever bought for so many yuan, a while ago.
fn buys(api: &Api, t: &TestStore, who: &str, yuan: i64) -> String {
    let at = t.clock.now().plus_seconds(-20 * 86_400).to_string();
    let order = json!({
        "external": { "source": "own", "id": who }, "platform": "own", "state": "completed", "currency": "CNY",
        "paid": { "amount": yuan * 100, "currency": "CNY" }, "created_at": at, "paid_at": at, "completed_at": at, "updated_at": at,
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    });
    let made = api.done("POST", "/orders", Some(order));
    made["member"].as_str().unwrap().to_owned()
}

/// The code of a refusal.
fn refused(api: &Api, status: u16, path: &str, body: Value) -> String {
    api.ok(status, "POST", path, Some(body))["code"].as_str().unwrap().to_owned()
}

/// Rules that only the tests below are about.
fn with(more: &Value) -> Value {
    let mut body = json!({ "rules": rules(1, 2) });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn tier(api: &Api, member: &str) -> Value {
    api.ok(200, "GET", &format!("/members/{member}/points"), None)["items"][0]["tier"]["id"].clone()
}

#[test]
fn what_was_tried_is_what_is_saved_and_can_be_gone_back_from() {
    both("a trial", |api, t| {
        let made = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules(100, 500), "begins_at": BEGAN })));
        let id = made["id"].as_str().unwrap().to_owned();
        let (none, silver, gold) = (buys(api, t, "a", 50), buys(api, t, "b", 300), buys(api, t, "c", 600));
        follow(t);
        work(t);
        assert_eq!((tier(api, &none), tier(api, &silver), tier(api, &gold)), (json!("普通"), json!("银牌"), json!("金牌")));
        t.clock.advance_seconds(60);
        // Gold becomes dearer, silver cheaper.
        let asked = json!({ "rules": rules(50, 1_000), "point_value": "0.02", "used": "0.5", "margin": "0.4" });
        let told = api.ok(200, "POST", &format!("/programmes/{id}/trials"), Some(asked.clone()));
        assert_eq!((&told["members"], &told["losing"], &told["unreckoned"]), (&json!(3), &json!(1), &json!(0)), "{told}");
        let cell = |of: &str, from: &str, to: &str| {
            let cells = told[of]["cells"].as_array().unwrap().iter();
            cells
                .filter(|c| c["from"] == from && c["to"] == to)
                .map(|c| (c["members"].as_i64().unwrap(), c["change"].as_str().unwrap()))
                .next()
        };
        assert_eq!(cell("held", "普通", "银牌"), Some((1, "up")), "{told}");
        assert_eq!(
            (cell("held", "金牌", "金牌"), cell("held", "银牌", "银牌")),
            (Some((1, "same")), Some((1, "same"))),
            "nobody falls at once"
        );
        assert_eq!((cell("judged", "金牌", "银牌"), &told["judged"]["down"]), (Some((1, "down")), &json!(1)), "{told}");
        // Fifty points of two fen each; half of them are used, at three fifths of the price.
        assert_eq!((&told["issued"]["before"]["points"], &told["issued"]["after"]["points"]), (&json!(0), &json!(50)), "{told}");
        assert_eq!((&told["issued"]["after"]["value"]["amount"], &told["issued"]["after"]["cost"]["amount"]), (&json!(100), &json!(30)));
        assert_eq!((&told["ladder_after"][1]["name"], &told["from"]), (&json!("银牌"), &told["as_of"]));
        assert!(told["assumed"].as_array().is_some_and(|all| all.len() >= 4), "{told}");
        // Who loses, and the same as a file.
        let listed = api.ok(200, "POST", &format!("/programmes/{id}/trials/members"), Some(asked.clone()));
        assert_eq!((listed["items"].as_array().map(Vec::len), &listed["items"][0]["member"]), (Some(1), &json!(gold)), "{listed}");
        assert_eq!((&listed["items"][0]["held"]["after"], &listed["items"][0]["judged"]["after"]), (&json!("金牌"), &json!("银牌")));
        let mut all = asked.clone();
        all["which"] = "all".into();
        let page = api.ok(200, "POST", &format!("/programmes/{id}/trials/members?limit=2"), Some(all.clone()));
        let rest = format!("/programmes/{id}/trials/members?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
        let rest = api.ok(200, "POST", &rest, Some(all.clone()));
        assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(1), &Value::Null), "{rest}");
        all["tier_after"] = "银牌".into();
        let risen = api.ok(200, "POST", &format!("/programmes/{id}/trials/members"), Some(all));
        assert_eq!(risen["items"].as_array().map(Vec::len), Some(2), "{risen}");
        let (status, file) = api.bytes("POST", &format!("/programmes/{id}/trials/file"), Some(asked.clone()));
        let file = String::from_utf8(file).unwrap();
        assert_eq!(status, 200, "{file}");
        assert!(file.lines().count() == 2 && file.contains(&gold), "{file}");
        assert_eq!(t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'points.trial_exported'"), 1);
        // Nothing of it was kept; saved, it is what was told.
        assert_eq!(tier(api, &none), json!("普通"));
        let saved = api.ok(201, "POST", &format!("/programmes/{id}/versions"), Some(json!({ "rules": rules(50, 1_000), "note": "更难" })));
        assert_eq!(saved["no"], 2);
        work(t);
        assert_eq!((tier(api, &none), tier(api, &gold)), (json!("银牌"), json!("金牌")));
        // Gone back from, and as a trial says nothing moves by that.
        t.clock.advance_seconds(60);
        let back = api.ok(200, "POST", &format!("/programmes/{id}/trials"), Some(json!({ "rules": rules(100, 500) })));
        assert_eq!((&back["held"]["down"], &back["judged"]["down"]), (&json!(0), &json!(1)), "{back}");
        let restored = api.ok(201, "POST", &format!("/programmes/{id}/versions/1/restore"), Some(json!({ "note": "还原" })));
        assert_eq!((&restored["no"], &restored["rules"], &restored["state"]), (&json!(3), &made["current"]["rules"], &json!("current")));
        work(t);
        assert_eq!(tier(api, &none), json!("银牌"), "nobody falls before a period ends");
        assert_eq!(refused(api, 404, &format!("/programmes/{id}/versions/9/restore"), json!({})), "programme.version_not_found");
    });
}

#[test]
fn what_cannot_be_tried_is_refused() {
    both("trials refused", |api, t| {
        let made = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules(100, 500) })));
        let id = made["id"].as_str().unwrap().to_owned();
        let at = |seconds: i64| t.clock.now().plus_seconds(seconds).to_string();
        let refused = |more: Value| refused(api, 400, &format!("/programmes/{id}/trials"), with(&more));
        assert_eq!(refused(json!({ "rules": { "earn": [{ "id": "x", "kind": "nothing" }] } })), "loyalty.not_one_of");
        assert_eq!(refused(json!({ "from": at(-3_600) })), "programme.from_in_the_past");
        assert_eq!(refused(json!({ "as_of": at(-60) })), "trial.bad_as_of");
        assert_eq!(refused(json!({ "as_of": at(4 * 366 * 86_400) })), "trial.bad_as_of");
        assert_eq!(refused(json!({ "months": 13 })), "trial.bad_months");
        assert_eq!(refused(json!({ "point_value": "0" })), "trial.bad_value");
        assert_eq!(refused(json!({ "used": "1.5" })), "trial.bad_value");
        assert_eq!(refused(json!({ "margin": "much" })), "trial.bad_value");
        let members = |more: Value| self::refused(api, 400, &format!("/programmes/{id}/trials/members"), with(&more));
        assert_eq!(
            (members(json!({ "which": "some" })), members(json!({ "by": "x" }))),
            ("trial.unknown_word".into(), "trial.unknown_word".into())
        );
        let later = json!({ "rules": rules(1, 2), "from": at(3_600) });
        api.ok(201, "POST", &format!("/programmes/{id}/versions"), Some(later));
        assert_eq!(self::refused(api, 409, &format!("/programmes/{id}/trials"), with(&json!({}))), "programme.not_after_the_last");
        api.ok(200, "POST", &format!("/programmes/{id}/archive"), None);
        assert_eq!(self::refused(api, 409, &format!("/programmes/{id}/trials"), with(&json!({}))), "programme.wrong_state");
    });
}

#[test]
fn orders_are_earned_again_where_rules_make_a_difference() {
    both("earned again", |api, t| {
        let doubled = |gold: i64| {
            let mut rules = rules(100, gold);
            let earn = rules["earn"].as_array_mut().unwrap();
            earn.push(json!({ "id": "gold", "kind": "multiplier", "factor": "2", "tiers": ["金牌"] }));
            rules
        };
        let made = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": doubled(500), "begins_at": BEGAN })));
        let path = format!("/programmes/{}/trials", made["id"].as_str().unwrap());
        let (_, gold) = (buys(api, t, "a", 50), buys(api, t, "b", 600));
        follow(t);
        work(t);
        t.clock.advance_seconds(60);
        // Who has gold once judged earns double; with gold at 1000 yuan nobody has.
        let asked = json!({ "rules": doubled(1_000), "months": 2, "used": "0.5" });
        let told = api.ok(200, "POST", &path, Some(asked.clone()));
        let earning = &told["earning"];
        assert_eq!((&earning["orders"], &earning["months"]), (&json!(2), &json!(2)), "{told}");
        assert_eq!((&earning["before"]["points"], &earning["after"]["points"]), (&json!(625), &json!(325)), "{told}");
        assert_eq!(
            (&earning["before"]["value"]["amount"], &earning["before"]["cost"]["amount"]),
            (&json!(625), &json!(313)),
            "half a fen up"
        );
        assert_eq!((&earning["members_less"], &earning["points_less"], &earning["members_more"]), (&json!(1), &json!(300), &json!(0)));
        let listed =
            api.ok(200, "POST", &format!("{path}/members"), Some(json!({ "rules": doubled(1_000), "months": 2, "which": "points_less" })));
        assert_eq!((listed["items"].as_array().map(Vec::len), &listed["items"][0]["member"]), (Some(1), &json!(gold)), "{listed}");
        assert_eq!((&listed["items"][0]["earning"]["before"], &listed["items"][0]["points"]), (&json!(1_200), &json!(-600)), "{listed}");
        // A rule of its own for the first order, and another rate.
        let mut first = doubled(500);
        first["earn"][0]["points"] = 3.into();
        first["earn"].as_array_mut().unwrap().push(json!({ "id": "first", "kind": "first_order", "points": 10 }));
        let told = api.ok(200, "POST", &path, Some(json!({ "rules": first, "months": 1 })));
        assert_eq!(
            (&told["earning"]["before"]["points"], &told["earning"]["after"]["points"]),
            (&json!(1_250), &json!(3 * 1_250 + 20)),
            "{told}"
        );
        // What makes no difference to orders is not reckoned.
        for same in [json!({ "rules": doubled(500), "months": 2 }), json!({ "rules": doubled(1_000), "months": 0 })] {
            assert_eq!(api.ok(200, "POST", &path, Some(same))["earning"], Value::Null);
        }
    });
}
