//! Packs: each by its occasion, once, and never by what was before them.

use serde_json::{Value, json};

use crate::world::*;

fn given(shop: &Shop<'_>, member: &str) -> Vec<Value> {
    shop.get(&format!("/benefits/given?member={member}"))["items"].as_array().unwrap().clone()
}

fn walk(shop: &Shop<'_>) -> usize {
    shuke_benefits::pack::due::run(&shop.t.store, shop.t.merchant, &|| false).unwrap()
}

#[test]
fn newcomers_and_who_rises_are_given_packs_once() {
    both("events", |shop| {
        let old = shop.member("old");
        shop.follow();
        let benefit = shop.make("/benefits", json!({ "name": "包邮", "kind": "free_shipping", "who": { "programme": shop.programme, "tiers": ["金牌"] }, "quota": { "uses": 1, "per": "ever" } }));
        let mug = shop.make("/rewards", json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 100, "stock": 1 }));
        shop.days(1);
        let pack = shop.make(
            "/benefits/packs",
            json!({
                "name": "新人礼", "occasion": "newcomer", "who": { "programme": shop.programme }, "points": 50,
                "uses": [{ "benefit": benefit, "uses": 2, "days": 30 }], "rewards": [mug],
            }),
        );
        let rise = shop.make(
            "/benefits/packs",
            json!({ "name": "升级礼", "occasion": "upgrade", "who": { "programme": shop.programme, "tiers": ["银牌"] }, "points": 20 }),
        );
        shop.follow();
        let (a, b) = (shop.member("a"), shop.member("b"));
        shop.follow();
        shop.follow();
        assert_eq!((shop.available(&a), shop.available(&b)), (50, 50));
        let (mine, theirs) = (given(shop, &a), given(shop, &b));
        assert_eq!((mine.len(), theirs.len()), (1, 1), "{mine:?}");
        let all = [mine[0].clone(), theirs[0].clone()];
        assert_eq!(all.iter().filter(|g| g["rewards"].as_array().unwrap().len() == 1).count(), 1, "one piece, one of the two: {all:?}");
        assert_eq!(all.iter().filter(|g| g["missing"][0]["why"]["code"] == "reward.out_of_stock").count(), 1, "{all:?}");
        assert!(given(shop, &old).is_empty(), "who was there before is no newcomer");
        assert_eq!(shop.get(&format!("/benefits/packs/{pack}"))["given"], json!(2));
        // Uses that were given need no tier, and are used up.
        let verdict = shop.check(&a, &benefit);
        assert_eq!((&verdict["may"], &verdict["granted"]["left"]), (&json!(true), &json!(2)), "{verdict}");
        assert_eq!(shop.uses(&a, &benefit, "1").1["use"]["granted"], json!(true));
        assert_eq!(shop.uses(&a, &benefit, "2").0, 200);
        assert_eq!(shop.uses(&a, &benefit, "3").1["code"], "benefit.not_in_tier");
        // And end.
        shop.days(31);
        assert_eq!(shop.check(&b, &benefit)["granted"], json!(null));
        // A rise, down by a refund and up again: the pack of the tier once a period.
        shop.buys("1", "a", 12_000);
        shop.follow();
        assert_eq!(given(shop, &a).len(), 2, "{:?}", given(shop, &a));
        assert_eq!(given(shop, &a)[0]["occasion"], "银牌");
        let back = json!({ "external": { "source": "taobao", "id": "r" }, "amount": yuan(12_000), "at": shop.now() });
        let order = shop.get("/orders?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
        shop.api.done("POST", &format!("/orders/{order}/refund"), Some(back));
        shop.follow();
        assert_eq!(shop.get(&format!("/members/{a}/points"))["items"][0]["tier"]["id"], "普通");
        shop.days(1);
        shop.buys("2", "a", 12_000);
        shop.follow();
        assert_eq!(given(shop, &a).len(), 2, "once a tier and period");
        assert_eq!(shop.get(&format!("/benefits/packs/{rise}"))["given"], json!(1));
    });
}

#[test]
fn who_comes_back_after_a_pause_is_given_a_pack_once_for_it() {
    both("comeback", |shop| {
        shop.make(
            "/benefits/packs",
            json!({ "name": "回归礼", "occasion": "comeback", "days": 90, "who": { "programme": shop.programme }, "points": 30 }),
        );
        let member = shop.buys("1", "a", 1_000);
        shop.days(60);
        shop.buys("2", "a", 1_000);
        assert!(given(shop, &member).is_empty(), "sixty days are no pause");
        shop.days(90);
        shop.buys("3", "a", 1_000);
        shop.buys("4", "a", 1_000);
        let all = given(shop, &member);
        assert_eq!((all.len(), &all[0]["occasion"]), (1, &json!("2026-04-30")), "{all:?}");
        // An old order that arrives late is no coming back.
        let old = "2026-01-05T00:00:00Z";
        let order = json!({
            "external": { "source": "taobao", "id": "5" }, "platform": "taobao", "state": "completed", "currency": "CNY", "paid": yuan(100),
            "created_at": old, "paid_at": old, "updated_at": old, "completed_at": old,
            "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] },
        });
        shop.api.done("POST", "/orders", Some(order));
        shop.follow();
        assert_eq!(given(shop, &member).len(), 1);
    });
}

#[test]
fn birthdays_and_days_of_joining_are_walked_once_a_year() {
    both("yearly", |shop| {
        let today = shop.member_with("a", json!({ "birthday": "1990-03-01" }));
        let later = shop.member_with("b", json!({ "birthday": "1990-03-05" }));
        let december = shop.member_with("c", json!({ "birthday": "1990-12-31" }));
        shop.make(
            "/benefits/packs",
            json!({ "name": "生日礼", "occasion": "birthday", "who": { "programme": shop.programme }, "points": 10 }),
        );
        shop.make(
            "/benefits/packs",
            json!({ "name": "周年礼", "occasion": "anniversary", "who": { "programme": shop.programme }, "points": 1 }),
        );
        assert_eq!(walk(shop), 1);
        assert_eq!(walk(shop), 0, "nobody is looked at twice a day");
        // Nothing ran for some days: they are made up for.
        shop.days(6);
        assert_eq!(walk(shop), 1);
        assert_eq!((given(shop, &today).len(), given(shop, &later).len(), given(shop, &december).len()), (1, 1, 0));
        assert_eq!(given(shop, &today)[0]["occasion"], "2026");
        shop.days(360);
        walk(shop);
        let names: Vec<String> = given(shop, &today).iter().map(|g| format!("{} {}", g["pack"]["kind"], g["occasion"])).collect();
        assert_eq!(names.len(), 3, "{names:?}");
    });
}

#[test]
fn packs_that_cannot_be_are_refused() {
    both("definitions", |shop| {
        for (body, field) in [
            (json!({ "name": "x", "occasion": "newcomer" }), "points"),
            (json!({ "name": "x", "occasion": "newcomer", "points": 1 }), "who.programme"),
            (json!({ "name": "x", "occasion": "comeback", "who": { "programme": shop.programme }, "points": 1 }), "days"),
            (json!({ "name": "x", "occasion": "newcomer", "rewards": ["rwd_00000000000000000000000000"] }), "rewards[0]"),
            (
                json!({ "name": "x", "occasion": "newcomer", "uses": [{ "benefit": "ben_00000000000000000000000000", "uses": 1, "days": 1 }] }),
                "uses[0]",
            ),
        ] {
            let (status, answer) = shop.api.call("POST", "/benefits/packs", Some(body.clone()));
            assert_eq!((status, &answer["code"]), (400, &json!("benefit.invalid")), "{body}: {answer}");
            assert!(answer.to_string().contains(field), "{body}: {answer}");
        }
        let id = shop
            .make("/benefits/packs", json!({ "name": "x", "occasion": "newcomer", "who": { "programme": shop.programme }, "points": 1 }));
        assert_eq!(shop.post(&format!("/benefits/packs/{id}/pause"), json!({}))["state"], "paused");
        let member = shop.member("a");
        shop.follow();
        assert!(given(shop, &member).is_empty());
        let change = json!({ "name": "x", "occasion": "birthday", "who": { "programme": shop.programme }, "points": 1, "version": 2 });
        assert_eq!(shop.refused(400, "PUT", &format!("/benefits/packs/{id}"), change), "benefit.invalid");
    });
}
