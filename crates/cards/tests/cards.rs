//! Paid membership through its API, the feed and the walk over orders of before, on both engines.

#[path = "cards/sold.rs"]
mod sold;

use std::sync::Arc;

use serde_json::{Value, json};
use shuke_cards::orders::follow::Follow;
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_cards::TABLES]);

fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        let routes = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_cards::router());
        follow(t);
        test(&Api::of(app(t), routes), t);
    });
}

/// Hands the subscriber everything that happened.
fn follow(t: &TestStore) {
    t.store.stamp_events().unwrap();
    while t.store.feed_subscriber(t.merchant, &Arc::new(Follow), 100).unwrap() > 0 {}
}

fn days(t: &TestStore, days: i64) {
    t.clock.advance_seconds(days * 86_400);
}

fn yuan(fen: i64) -> Value {
    json!({ "amount": fen, "currency": "CNY" })
}

fn plus() -> Value {
    json!({
        "name": "PLUS 会员", "description": "95 折，每月一张免邮券",
        "terms": [
            { "key": "month", "name": "月卡", "months": 1, "price": yuan(1_500), "skus": ["PLUS-M"] },
            { "key": "year", "name": "年卡", "months": 12, "price": yuan(36_500), "skus": ["PLUS-Y", "PLUS-Y2"] },
        ],
        "trial_days": 7, "notice_days": 7, "discounts": ["PLUS 会员价"],
    })
}

fn card(api: &Api) -> String {
    api.ok(201, "POST", "/cards", Some(plus()))["id"].as_str().unwrap().to_owned()
}

fn order(no: &str, who: &str, sku: &str, paid: i64, at: &str) -> Value {
    json!({
        "external": { "source": "taobao", "id": no }, "platform": "taobao", "state": "paid", "currency": "CNY", "paid": yuan(paid),
        "created_at": at, "paid_at": at, "updated_at": at,
        "lines": [{ "sku": sku, "title": sku, "quantity": 1, "paid": yuan(paid) }],
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    })
}

fn member(api: &Api, who: &str) -> String {
    let made = api.done("POST", "/orders", Some(order(&format!("first-{who}"), who, "TEA", 100, "2026-01-01T00:00:00Z")));
    made["member"].as_str().unwrap().to_owned()
}

fn at(member: &str, card: &str, what: &str) -> String {
    format!("/members/{member}/cards/{card}{what}")
}

fn span(standing: &Value) -> (&str, &str, &str) {
    let day = |name: &str| standing[name].as_str().map_or("", |text| &text[..10]);
    (standing["state"].as_str().unwrap(), day("since"), day("until"))
}

fn events(t: &TestStore, kind: &'static str) -> i64 {
    t.read(move |tx| tx.one("SELECT COUNT(*) FROM event WHERE kind = $1", shuke_store::args![kind])?.get(0))
}

#[test]
fn a_card_is_tried_bought_renewed_and_given_up() {
    both("a card's life", |api, t| {
        let id = card(api);
        let m = member(api, "a");
        let fresh = api.ok(200, "GET", &at(&m, &id, ""), None);
        assert_eq!((span(&fresh), &fresh["may_try"]), (("none", "", ""), &json!(true)));
        let tried = api.ok(200, "POST", &at(&m, &id, "/try"), Some(json!({ "id": "t1" })));
        assert_eq!((&tried["result"], span(&tried["standing"])), (&json!("ok"), ("trial", "2026-03-01", "2026-03-08")));
        assert_eq!(api.ok(200, "POST", &at(&m, &id, "/try"), Some(json!({ "id": "t1" })))["result"], "duplicate");
        assert_eq!(api.ok(409, "POST", &at(&m, &id, "/try"), Some(json!({})))["code"], "card.trial_used");
        days(t, 2);
        // Bought while it is tried, it begins when the trial ends; told twice under one id, once.
        let bought = api.ok(200, "POST", &at(&m, &id, "/buy"), Some(json!({ "id": "o1", "term": "year", "till": "wx-1" })));
        assert_eq!(span(&bought["standing"]), ("trial", "2026-03-01", "2027-03-08"));
        assert_eq!(bought["standing"]["purchases"][1]["paid"], yuan(36_500), "the price, unless told otherwise");
        assert_eq!(api.ok(200, "POST", &at(&m, &id, "/buy"), Some(json!({ "id": "o1", "term": "year" })))["result"], "duplicate");
        for other in [json!({ "id": "o1", "term": "month" }), json!({ "id": "o1", "term": "year", "count": 2 })] {
            assert_eq!(api.ok(409, "POST", &at(&m, &id, "/buy"), Some(other))["code"], "card.id_used");
        }
        assert_eq!((events(t, "card.started"), events(t, "card.renewed")), (1, 1));
        days(t, 10);
        let renewed = api.ok(200, "POST", &at(&m, &id, "/buy"), Some(json!({ "term": "month", "count": 2, "paid": yuan(2_000) })));
        assert_eq!(span(&renewed["standing"]), ("active", "2026-03-01", "2027-05-08"));
        t.clock.advance_seconds(1);
        let given = api.ok(200, "POST", &at(&m, &id, "/give"), Some(json!({ "term": "month", "reason": "客服补偿" })));
        assert_eq!(given["standing"]["purchases"][3]["reason"], "客服补偿");
        // Of the year six days are begun; the two months have not begun; what was given is worth nothing back.
        let standing = &given["standing"];
        assert_eq!((&standing["refund"], &standing["refund_most"]), (&yuan(36_500 - 600 + 2_000), &yuan(38_500)), "{standing}");
        assert_eq!(
            api.ok(409, "POST", &at(&m, &id, "/give-up"), Some(json!({ "reason": "x", "amount": yuan(38_501) })))["code"],
            "card.more_than_paid"
        );
        let gone = api.ok(200, "POST", &at(&m, &id, "/give-up"), Some(json!({ "reason": "不想要了" })));
        assert_eq!((&gone["returned"], span(&gone["standing"])), (&yuan(37_900), ("ended", "2026-03-01", "2026-03-13")));
        assert_eq!(api.ok(409, "POST", &at(&m, &id, "/give-up"), Some(json!({ "reason": "x" })))["code"], "card.nothing_left");
        assert_eq!((events(t, "card.given_up"), events(t, "card.ended")), (1, 1));
        let shown = api.ok(200, "GET", &format!("/cards/{id}"), None);
        assert_eq!(
            (&shown["holders"], &shown["sold"], &shown["returned"]),
            (&json!(0), &json!({ "count": 2, "amount": yuan(38_500) }), &json!({ "count": 2, "amount": yuan(37_900) }))
        );
        // Back again after a day, from then on.
        days(t, 1);
        let again = api.ok(200, "POST", &at(&m, &id, "/buy"), Some(json!({ "term": "month" })));
        assert_eq!(span(&again["standing"]), ("active", "2026-03-14", "2026-04-14"));
    });
}

#[test]
fn what_will_end_and_has_ended_is_told_once() {
    both("told", |api, t| {
        let id = card(api);
        let m = member(api, "a");
        api.done("POST", &at(&m, &id, "/buy"), Some(json!({ "term": "month" })));
        let run = || shuke_cards::due::run(&t.store, t.merchant, &|| false).unwrap();
        assert_eq!(run(), 0);
        days(t, 24);
        assert_eq!((run(), run(), events(t, "card.ending")), (1, 0, 1));
        let soon = api.ok(200, "GET", &format!("/cards/{id}/holders?within_days=7"), None);
        assert_eq!(soon["items"][0]["member"], json!(m));
        assert_eq!(api.ok(200, "GET", &format!("/cards/{id}/holders?within_days=3"), None)["items"], json!([]));
        days(t, 8);
        assert_eq!((run(), run(), events(t, "card.ended")), (1, 0, 1));
        assert_eq!(api.ok(200, "GET", &format!("/cards/{id}/holders?state=ended"), None)["items"][0]["member"], json!(m));
        assert_eq!(span(&api.ok(200, "GET", &at(&m, &id, ""), None)), ("ended", "2026-03-01", "2026-04-01"));
    });
}

#[test]
fn orders_sell_cards_in_any_order_of_arrival() {
    both("sold as goods", |api, t| {
        // An order of before the card was made counts where the card says so, by a walk.
        let early = api.done("POST", "/orders", Some(order("1", "a", "PLUS-Y", 36_500, "2026-02-01T00:00:00Z")));
        let m = early["member"].as_str().unwrap().to_owned();
        let made = api.ok(
            201,
            "POST",
            "/cards",
            Some({
                let mut body = plus();
                body["counts_from"] = json!("2026-01-01T00:00:00Z");
                body
            }),
        );
        let id = made["id"].as_str().unwrap().to_owned();
        let runner = shuke_cards::register_jobs(JobRunner::new(t.store.clone()));
        while runner.run_one().unwrap() {}
        let standing = || api.ok(200, "GET", &at(&m, &id, ""), None);
        assert_eq!(span(&standing()), ("active", "2026-02-01", "2027-02-01"));
        // Told again nothing changes; a second one follows the first.
        api.done("POST", "/orders", Some(order("1", "a", "PLUS-Y", 36_500, "2026-02-01T00:00:00Z")));
        let month = api.done("POST", "/orders", Some(order("2", "a", "PLUS-M", 1_500, "2026-02-10T00:00:00Z")));
        follow(t);
        assert_eq!(span(&standing()), ("active", "2026-02-01", "2027-03-01"));
        // The year goes back on 20 February: the month runs from there.
        let back = json!({ "external": { "source": "taobao", "id": "r1" }, "amount": yuan(36_500), "at": "2026-02-20T00:00:00Z" });
        api.done("POST", &format!("/orders/{}/refund", early["id"].as_str().unwrap()), Some(back));
        follow(t);
        let now = standing();
        assert_eq!(span(&now), ("active", "2026-02-01", "2026-03-20"), "{now}");
        assert_eq!(now["purchases"][0]["returned"], yuan(36_500));
        // Given up, it stays so whatever else is told of its order.
        let gone = api.ok(200, "POST", &at(&m, &id, "/give-up"), Some(json!({ "reason": "不要了" })));
        assert_eq!(span(&gone["standing"]), ("ended", "2026-02-01", "2026-03-01"), "{gone}");
        let mut shipped = order("2", "a", "PLUS-M", 1_500, "2026-02-10T00:00:00Z");
        (shipped["state"], shipped["updated_at"]) = (json!("shipped"), json!("2026-02-20T00:00:00Z"));
        api.done("POST", "/orders", Some(shipped));
        follow(t);
        assert_eq!(span(&standing()), ("ended", "2026-02-01", "2026-03-01"));
        // What the card saved: discounts by its name on orders paid while it ran.
        let discounted = |no: &str, at: &str, name: &str| {
            let mut o = order(no, "a", "TEA", 900, at);
            o["discounts"] = json!([{ "payer": "shop", "name": name, "amount": yuan(100) }]);
            o
        };
        api.done("POST", "/orders", Some(discounted("3", "2026-02-11T00:00:00Z", "PLUS 会员价")));
        api.done("POST", "/orders", Some(discounted("4", "2026-02-12T00:00:00Z", "满减")));
        api.done("POST", "/orders", Some(discounted("5", "2026-01-12T00:00:00Z", "PLUS 会员价")));
        assert_eq!(standing()["saved"], json!({ "amount": yuan(100), "orders": 1 }));
        // The order turns out to be another's.
        let mut other = order("2", "b", "PLUS-M", 1_500, "2026-02-10T00:00:00Z");
        other["updated_at"] = json!("2026-02-25T00:00:00Z");
        let moved = api.done("POST", "/orders", Some(other));
        follow(t);
        if moved["member"] != json!(m) {
            let theirs = api.ok(200, "GET", &at(moved["member"].as_str().unwrap(), &id, ""), None);
            assert_eq!(span(&theirs), ("ended", "2026-02-10", "2026-03-01"));
        }
        assert_eq!(month["id"], moved["id"]);
        assert_eq!(t.int("SELECT COUNT(*) FROM card_purchase"), 2);
    });
}

#[test]
fn two_who_are_one_have_both_ones_days_and_each_their_own_when_parted() {
    both("merged", |api, t| {
        let id = card(api);
        let (a, b) = (member(api, "a"), member(api, "b"));
        api.done("POST", &at(&a, &id, "/buy"), Some(json!({ "term": "month" })));
        days(t, 10);
        api.done("POST", &at(&b, &id, "/buy"), Some(json!({ "term": "month" })));
        let own = |m: &str| api.ok(200, "GET", &at(m, &id, ""), None);
        let before = (own(&a), own(&b));
        assert_eq!((span(&before.0), span(&before.1)), (("active", "2026-03-01", "2026-04-01"), ("active", "2026-03-11", "2026-04-11")));
        let merged = api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
        follow(t);
        assert_eq!(span(&own(&a)), ("active", "2026-03-01", "2026-05-01"), "no day is lost");
        assert_eq!(own(&b), own(&a), "the alias answers for the person");
        assert_eq!(t.int("SELECT COUNT(*) FROM card_holder"), 1);
        api.done("POST", &format!("/merges/{}/unmerge", merged["merge_id"].as_str().unwrap()), Some(json!({ "reason": "two persons" })));
        follow(t);
        assert_eq!((own(&a), own(&b)), before);
        assert_eq!(t.int("SELECT COUNT(*) FROM card_holder"), 2);
    });
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    both("refused", |api, t| {
        let id = card(api);
        let m = member(api, "a");
        let with = |change: &dyn Fn(&mut Value)| {
            let mut body = plus();
            change(&mut body);
            let (status, answer) = api.call("POST", "/cards", Some(body));
            (
                status,
                answer["code"].as_str().unwrap_or("").to_owned(),
                answer["errors"][0]["field"].as_str().or(answer["field"].as_str()).unwrap_or("").to_owned(),
            )
        };
        assert_eq!(with(&|b| b["name"] = json!("  ")).1, "card.bad_text");
        assert_eq!(with(&|b| b["terms"] = json!([])).1, "card.bad_terms");
        assert_eq!(with(&|b| b["terms"][1]["key"] = json!("month")).1, "card.bad_term_key");
        assert_eq!(with(&|b| b["terms"][0]["days"] = json!(3)).1, "card.bad_length");
        assert_eq!(with(&|b| b["terms"][0]["price"]["currency"] = json!("USD")).1, "card.other_currency");
        assert_eq!(with(&|b| b["terms"][0]["price"]["amount"] = json!(-1)).1, "card.bad_number");
        assert_eq!(with(&|_| ()).1, "card.sku_taken", "its goods sell the first card");
        for (what, body, code) in [
            ("/buy", json!({ "term": "week" }), "card.term_not_found"),
            ("/buy", json!({ "term": "month", "at": "2027-01-01T00:00:00Z" }), "card.in_the_future"),
            ("/buy", json!({ "term": "month", "at": "1999-01-01T00:00:00Z" }), "card.too_early"),
            ("/buy", json!({ "term": "month", "paid": { "amount": 1, "currency": "USD" } }), "card.other_currency_paid"),
            ("/buy", json!({ "term": "month", "paid": yuan(-1) }), "card.bad_number"),
            ("/buy", json!({ "term": "year", "count": 100, "id": "long" }), ""),
            ("/buy", json!({ "term": "year", "count": 1 }), "card.runs_too_long"),
        ] {
            let (status, answer) = api.call("POST", &at(&m, &id, what), Some(body));
            assert_eq!(answer["code"].as_str().unwrap_or(""), code, "{status} {answer}");
        }
        assert_eq!(t.int("SELECT COUNT(*) FROM card_purchase"), 1);
        // A term that was sold keeps its length; a card that somebody changed is read again.
        let mut body = plus();
        body["terms"][1]["months"] = json!(6);
        assert_eq!(api.ok(409, "PUT", &format!("/cards/{id}"), Some(json!({ "card": body, "version": 1 })))["code"], "card.term_sold");
        body["terms"][1]["months"] = json!(12);
        body["terms"][1]["price"] = yuan(40_000);
        api.ok(200, "PUT", &format!("/cards/{id}"), Some(json!({ "card": body, "version": 1 })));
        assert_eq!(
            api.ok(409, "PUT", &format!("/cards/{id}"), Some(json!({ "card": body, "version": 1 })))["code"],
            "card.changed_meanwhile"
        );
        api.ok(200, "POST", &format!("/cards/{id}/pause"), None);
        assert_eq!(api.ok(409, "POST", &at(&m, &id, "/buy"), Some(json!({ "term": "month" })))["code"], "card.wrong_state");
    });
}

#[test]
fn a_notice_that_is_changed_holds_for_who_has_the_card() {
    both("notice", |api, t| {
        let id = card(api);
        let (m, n) = (member(api, "a"), member(api, "b"));
        api.done("POST", &at(&m, &id, "/buy"), Some(json!({ "term": "month" })));
        days(t, 25);
        let run = || shuke_cards::due::run(&t.store, t.merchant, &|| false).unwrap();
        assert_eq!((run(), events(t, "card.ending")), (1, 1));
        api.done("POST", &at(&n, &id, "/buy"), Some(json!({ "term": "month" })));
        let mut body = plus();
        body["notice_days"] = json!(30);
        api.ok(200, "PUT", &format!("/cards/{id}"), Some(json!({ "card": body, "version": 1 })));
        // A month from 26 March has 31 days: tomorrow. Who was told is not told again.
        assert_eq!((run(), events(t, "card.ending")), (0, 1));
        days(t, 1);
        assert_eq!((run(), events(t, "card.ending")), (1, 2));
        body["notice_days"] = json!(0);
        api.ok(200, "PUT", &format!("/cards/{id}"), Some(json!({ "card": body, "version": 2 })));
        days(t, 31);
        assert_eq!((run(), events(t, "card.ended")), (2, 2));
    });
}

#[test]
fn statements_stand() {
    shuke_testkit::prepare_all(ALL, shuke_cards::STATEMENTS);
}
