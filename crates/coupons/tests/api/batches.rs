//! Templates and batches: versions, budgets, limits, claiming times, stock.

use serde_json::json;
use shuke_kernel::Clock;
use shuke_store::args;

use crate::world::*;

#[test]
fn statements_stand() {
    shuke_testkit::prepare_all(ALL, shuke_coupons::STATEMENTS);
}

#[test]
fn a_template_changes_in_versions_and_coupons_keep_theirs() {
    both("versions", |shop| {
        let template = shop.template(ten_off());
        let before = shop.batch(&template, json!({ "pieces": 10 }));
        let member = shop.member("a");
        let mine = shop.claimed(&before, &member, "1");
        let mut body = ten_off();
        (body["offer"]["amount"], body["version"]) = (json!(2_000), json!(1));
        let path = format!("/coupons/templates/{template}");
        let changed = shop.api.ok(200, "PUT", &path, Some(body.clone()));
        assert_eq!((&changed["version"], &changed["offer"]["amount"]), (&json!(2), &json!(2_000)));
        assert_eq!(shop.refused(409, "PUT", &path, body.clone()), "coupon.changed");
        let versions = shop.get(&format!("{path}/versions"));
        assert_eq!((&versions["items"][0]["no"], &versions["items"][1]["definition"]["offer"]["amount"]), (&json!(2), &json!(1_000)));
        assert_eq!(shop.coupon(&mine)["amount"], yuan(1_000));
        let later = shop.claimed(&before, &member, "2");
        assert_eq!(shop.coupon(&later)["amount"], yuan(1_000), "the batch was made by the first version");
        let after = shop.batch(&template, json!({ "pieces": 10 }));
        assert_eq!(shop.coupon(&shop.claimed(&after, &member, "3"))["amount"], yuan(2_000));
        (body["offer"], body["version"]) = (json!({ "kind": "free_shipping" }), json!(2));
        assert_eq!(shop.refused(400, "PUT", &path, body), "coupon.invalid");
        shop.post(&format!("{path}/archive"), json!({}));
        assert_eq!(shop.claims(&after, &member, "4").1["code"], "coupon.not_active");
        assert_eq!(shop.state(&mine), "available", "what members have stays good");
        shop.post(&format!("/coupons/batches/{after}/pause"), json!({}));
        for (state, batches) in [("", vec![&after, &before]), ("active", vec![&before]), ("paused", vec![&after]), ("archived", vec![])] {
            let told = shop.get(&format!("/coupons/batches?template={template}&state={state}"));
            let ids: Vec<_> = told["items"].as_array().unwrap().iter().map(|batch| batch["id"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), batches.len(), "{state}: {told}");
            assert!(batches.iter().all(|batch| ids.contains(&batch.as_str())), "{state}: {told}");
        }
        assert_eq!(shop.refused(400, "GET", "/coupons/batches?state=scheduled", json!({})), "request.invalid");
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    both("refusals", |shop| {
        let path = "/coupons/templates";
        for (more, field) in [
            (json!({ "offer": { "kind": "percent_off", "pay_rate": "8.5" } }), "offer.pay_rate"),
            (json!({ "offer": { "kind": "amount_off", "amount": -1 } }), "offer.amount"),
            (json!({ "validity": {} }), "validity"),
            (json!({ "offer": { "kind": "no_threshold", "amount": 1, "segments": ["seg_1"] } }), "offer.segments[0]"),
        ] {
            let mut body = ten_off();
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let (status, answer) = shop.api.call("POST", path, Some(body));
            assert_eq!((status, &answer["field"]), (400, &json!(field)), "{answer}");
        }
        let template = shop.template(ten_off());
        let refused = |more: serde_json::Value| {
            let mut body = json!({ "name": "x", "template": template });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            shop.api.call("POST", "/coupons/batches", Some(body)).1["field"].clone()
        };
        assert_eq!(refused(json!({ "pieces": 0 })), "pieces");
        assert_eq!(refused(json!({ "budget": yuan(999) })), "budget");
        assert_eq!(refused(json!({ "budget": { "amount": 5_000, "currency": "USD" } })), "budget.currency");
        assert_eq!(refused(json!({ "codes": true })), "pieces");
        assert_eq!(refused(json!({ "claim_from": "2026-03-02T00:00:00Z", "claim_to": "2026-03-01T00:00:00Z" })), "claim_to");
        shop.batch(&template, json!({ "word": "hello" }));
        assert_eq!(refused(json!({ "word": " HELLO " })), "word", "another batch has it");
    });
}

#[test]
fn a_claim_is_kept_to_time_stock_limit_and_answered_again() {
    both("claims", |shop| {
        let template = shop.template(ten_off());
        let (a, b) = (shop.member("a"), shop.member("b"));
        let batch = shop.batch(
            &template,
            json!({ "pieces": 3, "per_member": 2, "claim_from": "2026-03-01T01:00:00Z", "claim_to": "2026-03-01T02:00:00Z" }),
        );
        assert_eq!(shop.claims(&batch, &a, "1").1["code"], "coupon.not_begun");
        shop.minutes(60);
        let first = shop.claimed(&batch, &a, "1");
        let (_, again) = shop.claims(&batch, &a, "1");
        assert_eq!((&again["result"], &again["coupon"]["id"]), (&json!("duplicate"), &json!(first)));
        assert_eq!(shop.claims(&batch, &b, "1").1["code"], "coupon.id_of_another");
        shop.claimed(&batch, &a, "2");
        let (_, no) = shop.claims(&batch, &a, "3");
        assert_eq!((&no["code"], &no["params"]["has"]), (&json!("coupon.limit_reached"), &json!("2")), "{no}");
        shop.claimed(&batch, &b, "4");
        assert_eq!(shop.claims(&batch, &b, "5").1["code"], "coupon.sold_out");
        assert_eq!(shop.claims(&batch, &a, "1").1["result"], "duplicate", "who has one is told so when all are gone");
        let told = shop.get(&format!("/coupons/batches/{batch}"));
        assert_eq!(
            (&told["batch"]["left"], &told["batch"]["taken"], &told["states"]["available"]),
            (&json!(0), &json!(3), &json!(3)),
            "{told}"
        );
        assert_eq!(told["batch"]["spent"], yuan(3_000));
        shop.post(&format!("/coupons/batches/{batch}/stock"), json!({ "pieces": 2 }));
        shop.claimed(&batch, &b, "6");
        assert_eq!(
            shop.refused(409, "POST", &format!("/coupons/batches/{batch}/stock"), json!({ "pieces": -2 })),
            "coupon.stock_below_zero"
        );
        shop.minutes(60);
        assert_eq!(shop.claims(&batch, &b, "7").1["code"], "coupon.over");
        let grants = shop.post(
            &format!("/coupons/batches/{batch}/grants"),
            json!({ "items": [{ "member": a, "id": "g1" }, { "member": shop.member("c"), "id": "g2" }, { "member": shop.member("d"), "id": "g3" }] }),
        );
        let results: Vec<&str> = grants["items"].as_array().unwrap().iter().map(|g| g["result"].as_str().unwrap()).collect();
        assert_eq!(results, ["coupon.limit_reached", "ok", "coupon.sold_out"], "the merchant gives whatever the claiming time");
        let (status, nobody) = shop.claims(&batch, "mem_00000000000000000000000000", "8");
        assert_eq!((status, &nobody["code"]), (409, &json!("coupon.over")), "that it is over is told first");
    });
}

#[test]
fn pausing_and_words() {
    both("states", |shop| {
        let template = shop.template(ten_off());
        let member = shop.member("a");
        let batch = shop.batch(&template, json!({ "word": "hello10", "per_member": 1 }));
        let path = format!("/coupons/batches/{batch}");
        let had = shop.post("/coupons/codes/enter", json!({ "code": "Hello10", "member": member, "id": "w1" }));
        assert_eq!((&had["result"], &had["coupon"]["batch"]), (&json!("ok"), &json!(batch)));
        let again = shop.post("/coupons/codes/enter", json!({ "code": "hello10", "member": member, "id": "w1" }));
        assert_eq!(again["coupon"]["id"], had["coupon"]["id"]);
        assert_eq!(
            shop.refused(409, "POST", "/coupons/codes/enter", json!({ "code": "hello10", "member": member, "id": "w2" })),
            "coupon.limit_reached"
        );
        shop.post(&format!("{path}/pause"), json!({}));
        let other = shop.member("b");
        assert_eq!(shop.claims(&batch, &other, "1").1["code"], "coupon.not_active");
        shop.post(&format!("{path}/resume"), json!({}));
        shop.claimed(&batch, &other, "1");
        let version = shop.get(&path)["batch"]["version"].clone();
        let stricter = json!({ "name": "x", "word": "hello10", "version": version });
        shop.api.ok(200, "PUT", &path, Some(stricter));
        let version = shop.get(&path)["batch"]["version"].clone();
        let (status, no) = shop.api.call("PUT", &path, Some(json!({ "name": "x", "per_member": 1, "version": version })));
        assert_eq!((status, &no["field"]), (400, &json!("per_member")), "{no}");
        assert_eq!(shop.get(&path)["batch"]["left"], json!(null), "no end");
        assert_eq!(shop.get(&path)["batch"]["taken"], json!(2));
    });
}

#[test]
fn drawn_amounts_come_to_their_budget_and_are_drawn_once() {
    both("draws", |shop| {
        let body = json!({ "name": "随机立减", "offer": { "kind": "no_threshold" }, "random": { "min": 100, "max": 900 }, "validity": { "days": 1 } });
        let template = shop.template(body);
        let batch = shop.batch(&template, json!({ "pieces": 20, "budget": yuan(8_000) }));
        let member = shop.member("a");
        let mut drawn = Vec::new();
        for n in 0..20 {
            let had = shop.claims(&batch, &member, &n.to_string()).1;
            let again = shop.claims(&batch, &member, &n.to_string()).1;
            assert_eq!(had["coupon"]["amount"], again["coupon"]["amount"]);
            drawn.push(had["coupon"]["amount"]["amount"].as_i64().unwrap());
        }
        assert_eq!(drawn.iter().sum::<i64>(), 8_000, "{drawn:?}");
        assert!(drawn.iter().all(|amount| (100..=900).contains(amount)));
        assert!(drawn.iter().collect::<std::collections::BTreeSet<_>>().len() > 3, "{drawn:?}");
        let stock = format!("/coupons/batches/{batch}/stock");
        assert_eq!(shop.refused(400, "POST", &stock, json!({ "pieces": 10 })), "coupon.invalid");
        shop.post(&stock, json!({ "pieces": 10, "budget": yuan(1_500) }));
        let more: i64 =
            (20..30).map(|n| shop.claims(&batch, &member, &n.to_string()).1["coupon"]["amount"]["amount"].as_i64().unwrap()).sum();
        assert_eq!(more, 1_500);
        let merchant = shop.t.merchant;
        let spent: i64 = shop
            .t
            .read(move |tx| tx.one("SELECT CAST(SUM(spent) AS BIGINT) FROM coupon_stock WHERE merchant = $1", args![merchant])?.get(0));
        assert_eq!(spent, 9_500);
    });
}

#[test]
fn what_would_end_before_it_begins_is_not_given_out() {
    both("over before it begins", |shop| {
        let from = shop.t.clock.now().plus_seconds(30 * 86_400).to_string();
        let mut of = ten_off();
        of["validity"] = json!({ "from": from, "days": 7 });
        let template = shop.template(of);
        let batch = shop.batch(&template, json!({ "pieces": 5 }));
        let member = shop.member("a");
        let (status, no) = shop.claims(&batch, &member, "1");
        assert_eq!((status, &no["code"]), (409, &json!("coupon.ends_before_it_begins")), "{no}");
        shop.days(25);
        assert_eq!(shop.claims(&batch, &member, "2").0, 200, "from then on its days reach into the time");
    });
}
