//! What the pricing engine reads of a member's coupons is what it prices by.

use serde_json::json;
use shuke_pricing::{Cart, Offers, price};

use crate::world::*;

#[test]
fn held_coupons_are_priced_as_they_are() {
    both("engine", |shop| {
        let plain = shop.template(ten_off());
        let mut twice = ten_off();
        (twice["offer"]["amount"], twice["offer"]["per_member"], twice["offer"]["min_amount"]) = (json!(3_000), json!(1), json!(0));
        let limited = shop.template(twice);
        let drawn = shop.template(json!({
            "name": "随机", "offer": { "kind": "no_threshold" }, "random": { "min": 700, "max": 700 }, "validity": { "days": 3 },
        }));
        let member = shop.member("a");
        let claim = |template: &str, id: &str| shop.claimed(&shop.batch(template, json!({})), &member, id);
        let (ten, thirty, seven) = (claim(&plain, "1"), claim(&limited, "2"), claim(&drawn, "3"));
        let path = format!("/members/{member}/coupons/offers");
        let priced = || {
            let told = shop.get(&path);
            let offers = Offers::read(&told.to_string()).unwrap_or_else(|e| panic!("{e}: {told}"));
            let cart = json!({
                "format": 1, "member": member, "time": shop.now(), "shipping_fee": 0,
                "lines": [{ "line": "1", "sku": "A", "category": "home", "unit_price": 12_000, "qty": 1, "weight_g": 0 }],
            });
            let cart = Cart::read(&cart.to_string()).unwrap_or_else(|e| panic!("{e}"));
            let answer = serde_json::to_value(price(&offers, &cart).unwrap_or_else(|e| panic!("{e}"))).unwrap();
            let id = answer["applied"][0]["id"].as_str().unwrap_or_default().to_owned();
            (id, answer["order"]["total"].as_i64().unwrap())
        };
        assert_eq!(priced(), (thirty.clone(), 9_000));
        shop.locked("1", &member, &thirty);
        assert_eq!(priced(), (ten.clone(), 11_000), "what an order holds is not there");
        shop.turns("redeem", "1");
        let another = claim(&limited, "4");
        assert_eq!(priced(), (ten.clone(), 11_000), "{another} would be a second use");
        shop.post(&format!("/coupons/{ten}/revoke"), json!({ "reason": "x" }));
        assert_eq!(priced(), (seven, 11_300), "the amount is the one that was drawn");
        shop.days(5);
        assert_eq!(priced().1, 12_000, "all have ended");
    });
}

#[test]
fn whom_a_template_is_for_is_asked_when_it_is_claimed_and_when_it_is_priced() {
    both("whom", |shop| {
        let rules = json!({
            "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }],
            "ladder": { "tiers": [{ "id": "普通" }, { "id": "金牌", "entry": { "all": [{ "metric": "net_spend", "min": 50_000 }] } }] },
        });
        let made = json!({ "name": "会员计划", "rules": rules, "begins_at": "2026-01-01T00:00:00Z" });
        let programme = shop.api.ok(201, "POST", "/programmes", Some(made))["id"].as_str().unwrap().to_owned();
        let of = |tier: &str| {
            let mut body = ten_off();
            (body["offer"]["tiers"], body["programme"]) = (json!([tier]), json!(programme));
            body
        };
        assert_eq!(shop.api.call("POST", "/coupons/templates", Some(of("钻石"))).1["field"], "offer.tiers[0]");
        let (low, high) = (shop.template(of("普通")), shop.template(of("金牌")));
        let member = shop.member("a");
        shop.claimed(&shop.batch(&low, json!({})), &member, "1");
        let gold = shop.batch(&high, json!({}));
        let (status, no) = shop.claims(&gold, &member, "2");
        assert_eq!((status, &no["code"]), (409, &json!("coupon.not_in_tier")), "{no}");
        assert_eq!(no["detail"], "一批券 is for 金牌; this member is 普通.");
        let granted = shop.post(&format!("/coupons/batches/{gold}/grants"), json!({ "items": [{ "member": member }] }));
        assert_eq!(granted["items"][0]["result"], "ok", "the merchant gives to whom it likes");
        let told = shop.get(&format!("/members/{member}/coupons/offers"));
        let tiers: Vec<_> = told["coupon_templates"].as_array().unwrap().iter().map(|t| t["tiers"].clone()).collect();
        assert_eq!(tiers.iter().filter(|tiers| **tiers == json!([])).count(), 1, "and the engine keeps them from using it: {told}");
    });
}
