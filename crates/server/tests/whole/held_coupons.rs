//! The coupons that a member holds in the price of their cart, by the real program on both engines: there while they are free,
//! not there while an order has them or has used them, there again when it lets them go.

use serde_json::{Value, json};
use shuke_testkit::shop::{Place, Shop};

/// The entry of that offer in a list of the answer.
fn one<'a>(priced: &'a Value, list: &str, id: &str) -> &'a Value {
    let found = priced[list].as_array().and_then(|all| all.iter().find(|offer| offer["id"] == id));
    found.unwrap_or_else(|| panic!("{id} is not in {list} of {priced}"))
}

fn held(postgres: bool) {
    let place = Place::new(postgres);
    let scopes = ["members:write", "coupons:read", "coupons:write", "coupons:use", "carts:price", "promotions:read", "promotions:write"];
    let mut shop = Shop::new(place.start(), &scopes);
    let id = |made: &Value| made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let made = |path: &str, body: Value| id(&shop.call(201, "POST", path, Some(body)));
    let post = |path: &str, body: Value| shop.call(200, "POST", path, Some(body));

    let member = json!({ "external": { "source": "own", "id": "a" }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] });
    let member = shop.done("POST", "/members", Some(member));
    let member = member["id"].as_str().or_else(|| member["member"]["id"].as_str()).unwrap().to_owned();
    let tenth_off = made("/promotions", json!({ "name": "九折", "rules": { "kind": "percent_off", "pay_rate": "0.9" } }));
    post(&format!("/promotions/{tenth_off}/publish"), json!({ "version": 1 }));
    let template =
        |name: &str, offer: Value| made("/coupons/templates", json!({ "name": name, "offer": offer, "validity": { "days": 30 } }));
    let claimed = |batch: &str, request: &str| {
        let had = post(&format!("/coupons/batches/{batch}/claim"), json!({ "member": member, "id": request }));
        id(&had["coupon"])
    };
    let batch = |template: &str| made("/coupons/batches", json!({ "name": "一批券", "template": template, "pieces": 10 }));
    let priced = |more: Value| {
        let mut cart = json!({ "member": member, "lines": [{ "line": "1", "sku": "A", "unit_price": 12_000, "qty": 1 }] });
        cart.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post("/carts/price", cart)
    };
    let order = |no: &str| json!({ "source": "own", "id": no });
    let lock = |no: &str, coupon: &str, saving: i64| {
        let coupons = json!([{ "coupon": coupon, "saving": { "amount": saving, "currency": "CNY" } }]);
        post("/coupons/lock", json!({ "order": order(no), "member": member, "coupons": coupons }))
    };
    let turns = |what: &str, no: &str| post(&format!("/coupons/{what}"), json!({ "order": order(no) }));

    let ten = template("满 100 减 10", json!({ "kind": "amount_off", "amount": 1_000, "min_amount": 10_000 }));
    let ten = claimed(&batch(&ten), "1");
    let free = priced(json!({}));
    assert_eq!((&free["order"]["total"], &free["coupons_known"]), (&json!(12_000 - 1_200 - 1_000), &json!(true)), "{free}");
    let saving = one(&free, "applied", &ten)["saving"].as_i64().unwrap();
    assert_eq!((saving, &free["coupons"][&ten]), (1_000, &json!("满 100 减 10")), "{free}");
    assert_eq!(priced(json!({ "coupons": [ten] }))["order"], free["order"]);
    let without = priced(json!({ "coupons": [] }));
    assert_eq!((&without["order"]["total"], &one(&without, "not_applied", &ten)["code"]), (&json!(10_800), &json!("not_selected")));

    lock("1", &ten, saving);
    let locked = priced(json!({}));
    assert_eq!((&locked["order"]["total"], &one(&locked, "not_applied", &ten)["code"]), (&json!(10_800), &json!("not_available")));
    turns("release", "1");
    assert_eq!(priced(json!({}))["order"], free["order"], "the order let it go");

    lock("2", &ten, saving);
    turns("redeem", "2");
    let used = priced(json!({}));
    assert_eq!((&used["order"]["total"], &used["coupons"]), (&json!(10_800), &json!({})), "{used}");
    turns("return", "2");
    assert_eq!(priced(json!({}))["order"], free["order"], "it came back with its order");

    // Of two that may be used once, the other goes when an order has the one.
    let limited = template("限用一次", json!({ "kind": "no_threshold", "amount": 1_500, "per_member": 1 }));
    let once = batch(&limited);
    let (one_of_two, other) = (claimed(&once, "2"), claimed(&once, "3"));
    assert_eq!(priced(json!({}))["order"]["total"], 10_800 - 1_500, "one coupon of the shop an order, the larger one");
    lock("3", &one_of_two, 1_500);
    let counted = priced(json!({}));
    assert_eq!((&counted["order"]["total"], &one(&counted, "not_applied", &other)["code"]), (&json!(9_800), &json!("quota_exhausted")));
    assert_eq!(counted["member"]["usage"], json!({ (format!("{limited}/1")): 1 }));

    let guest = priced(json!({ "member": null }));
    assert_eq!((&guest["order"]["total"], &guest["coupons"]), (&json!(10_800), &json!({})), "{guest}");
    shop.server.stop();
    let dump = place.audited();
    for table in ["promotion(", "promotion_version", "coupon~", "coupon_use"] {
        assert!(dump.lines().any(|line| line.starts_with(table)), "{table} is in the dump");
    }
}

#[test]
fn a_members_coupons_are_in_the_price_of_their_cart() {
    held(false);
    held(true);
}
