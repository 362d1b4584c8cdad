//! A member's cart by the shop's own promotions: tier and points from the programme's book, segments, birthday, first order, how
//! often something was had; the reasons of what does not apply.

use serde_json::{Value, json};
use shuke_members::MemberId;
use shuke_programme::book::due;
use shuke_segments::SegmentId;
use shuke_store::args;

use crate::world::{Shop, both};

/// Why something was not applied.
fn why_not(priced: &Value, id: &str) -> Value {
    let all = priced["not_applied"].as_array().unwrap();
    all.iter().find(|n| n["id"] == id).unwrap_or_else(|| panic!("{id} is not in {priced}"))["code"].clone()
}

#[test]
fn tier_and_points_are_those_of_the_programme() {
    both("tier and points", |shop| {
        shop.settings(json!({ "points_cash": { "points": 100, "fen": 100, "max_share": "0.5" } }));
        let gold = shop.runs("金牌价", json!({ "kind": "percent_off", "pay_rate": "0.8", "tiers": ["金牌"] }));
        let new = shop.member("new", json!({}));
        let old = shop.buys("1", "old", 60_000, &[]);
        // Until the order is settled its points wait.
        shop.passes(8 * 86_400);
        due::run(&shop.t.store, shop.t.merchant, &|| false).unwrap();
        let priced = shop.price(Some(&new), 10_000, json!({}));
        assert_eq!((&priced["member"]["tier"], &priced["member"]["points"]), (&json!("普通"), &json!(0)), "{priced}");
        assert_eq!((&priced["order"]["total"], why_not(&priced, &gold)), (&json!(10_000), json!("not_entitled")));
        let priced = shop.price(Some(&old), 10_000, json!({ "points_to_use": "max" }));
        assert_eq!((&priced["member"]["tier"], &priced["member"]["points"]), (&json!("金牌"), &json!(600)), "{priced}");
        // A fifth off, then six hundred points.
        assert_eq!((&priced["order"]["points_used"], &priced["order"]["total"]), (&json!(600), &json!(8_000 - 600)));
        assert_eq!(
            priced["lines"][0]["reductions"],
            json!([{ "cause": gold, "amount": 2_000 }, { "cause": "points_cash", "amount": 600 }])
        );
        let guest = shop.price(None, 10_000, json!({}));
        assert_eq!((&guest["member"], why_not(&guest, &gold)), (&Value::Null, json!("not_entitled")));
        // Without a programme nobody has a tier.
        shop.api.ok(201, "POST", "/pricing/settings/versions", Some(json!({ "settings": {} })));
        let priced = shop.price(Some(&old), 10_000, json!({}));
        assert_eq!((&priced["member"]["tier"], why_not(&priced, &gold)), (&Value::Null, json!("not_entitled")));
    });
}

#[test]
fn first_orders_birthdays_and_segments_bind() {
    both("groups", |shop| {
        let rules = |groups: Value, rate: &str| json!({ "kind": "percent_off", "pay_rate": rate, "segments": groups });
        shop.runs("首单", rules(json!(["first_order"]), "0.5"));
        let (a, b) = (shop.member("a", json!({ "birthday": "1990-03-15" })), shop.member("b", json!({})));
        assert_eq!((shop.total(Some(&a), 1_000), shop.total(None, 1_000)), (500, 1_000), "who bought nothing yet; a guest is nobody");
        shop.buys("1", "a", 1_000, &[]);
        assert_eq!((shop.total(Some(&a), 1_000), shop.total(Some(&b), 1_000)), (1_000, 500), "the next order is no first one");
        let month = shop.runs("生日月", rules(json!(["birthday_month"]), "0.8"));
        let day = shop.runs("生日", rules(json!(["birthday"]), "0.6"));
        let priced = shop.price(Some(&a), 1_000, json!({}));
        assert_eq!((&priced["order"]["total"], why_not(&priced, &day)), (&json!(800), json!("not_entitled")), "{priced}");
        assert_eq!(priced["member"]["segments"], json!(["birthday_month"]));
        // The fifteenth in Shanghai begins on the fourteenth in UTC; both promotions stack then.
        assert_eq!(shop.price(Some(&a), 1_000, json!({ "time": "2026-03-14T16:00:00Z" }))["order"]["total"], 480);
        assert_eq!(shop.price(Some(&a), 1_000, json!({ "time": "2026-04-01T00:00:00Z" }))["order"]["total"], 1_000);
        assert_eq!(why_not(&shop.price(Some(&b), 1_000, json!({})), &month), "not_entitled");
        listed(shop, &b);
        let few = shop.draft("名单", rules(json!([segment(shop)]), "0.9"));
        assert_eq!(few["draft"]["sentence"]["zh"], "限人群「名单」，全场商品打 9 折。");
        shop.publish(&few, json!({}));
        assert_eq!(shop.total(Some(&b), 1_000), 450, "first order and the list");
        assert_eq!(shop.total(Some(&a), 1_000), 800);
    });
}

/// A segment that is a list of one.
fn listed(shop: &Shop<'_>, member: &str) {
    let (segment, member): (SegmentId, MemberId) = (segment(shop), member.parse().unwrap());
    let merchant = shop.t.merchant;
    shop.t.write(move |tx| {
        let text = "INSERT INTO segment (merchant, id, name, name_key, kind, state, refresh_clock, version, built, size, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, '名单', '名单', 'static', 'active', 0, 1, 1, 1, 0, 'x', 0, 'x')";
        tx.exec(text, args![merchant, segment])?;
        tx.exec("INSERT INTO segment_member (merchant, segment, member, entered_at) VALUES ($1, $2, $3, 0)", args![merchant, segment, member])
    });
}

fn segment(_: &Shop<'_>) -> SegmentId {
    SegmentId::from_bytes([3; 16])
}

#[test]
fn what_may_be_had_so_often_is_counted_from_orders() {
    both("limits", |shop| {
        let twice = shop.runs("限两次", json!({ "kind": "amount_off", "amount": 100, "per_member": 2 }));
        let member = shop.member("a", json!({}));
        assert_eq!(shop.total(Some(&member), 1_000), 900);
        shop.buys("1", "a", 900, &[&twice, "别的优惠"]);
        shop.buys("2", "a", 900, &["别的优惠"]);
        let priced = shop.price(Some(&member), 1_000, json!({}));
        assert_eq!((&priced["order"]["total"], &priced["member"]["usage"]), (&json!(900), &json!({ twice.clone(): 1 })), "{priced}");
        shop.buys("3", "a", 900, &[&twice]);
        let priced = shop.price(Some(&member), 1_000, json!({}));
        assert_eq!((&priced["order"]["total"], why_not(&priced, &twice)), (&json!(1_000), json!("quota_exhausted")));
        assert_eq!(shop.total(Some(&shop.member("b", json!({}))), 1_000), 900, "another has their own");
        assert_eq!(why_not(&shop.price(None, 1_000, json!({})), &twice), "not_entitled", "nobody counts for a guest");
    });
}

#[test]
fn member_days_and_scopes_bind_and_say_what_is_missing() {
    both("reasons", |shop| {
        let day = shop
            .runs("会员日", json!({ "kind": "percent_off", "pay_rate": "0.9", "members_only": true, "calendar": { "month_days": [8] } }));
        let steps = shop.runs("满减", json!({ "kind": "stepped_threshold", "steps": [{ "min_amount": 20_000, "amount_off": 3_000 }], "scope": { "categories": ["home"] } }));
        let member = shop.member("a", json!({}));
        let priced = shop.price(Some(&member), 18_000, json!({}));
        assert_eq!((why_not(&priced, &day), &priced["coupons_known"]), (json!("outside_calendar"), &json!(false)), "{priced}");
        let missing = priced["not_applied"].as_array().unwrap().iter().find(|n| n["id"] == steps).unwrap();
        assert_eq!((&missing["missing"]["amount"], &missing["message"]["zh"]), (&json!(2_000), &json!("再买 20.00 元减 30.00 元")));
        assert_eq!(shop.price(Some(&member), 18_000, json!({ "time": "2026-03-08T02:00:00Z" }))["order"]["total"], 16_200);
    });
}

#[test]
fn what_cannot_be_priced_is_refused() {
    both("refused carts", |shop| {
        let line = json!({ "line": "1", "sku": "A", "unit_price": 100, "qty": 1 });
        let price = |status, cart: Value| shop.refused(status, "POST", "/carts/price", cart);
        assert_eq!(
            price(400, json!({ "lines": [{ "line": "1", "sku": "A", "unit_price": -1, "qty": 1 }] })),
            ("price.malformed".to_owned(), "lines[0].unit_price".to_owned())
        );
        assert_eq!(price(400, json!({ "lines": [line], "basket": 1 })), ("price.malformed".to_owned(), "basket".to_owned()));
        assert_eq!(price(400, json!({ "lines": [line], "member": "somebody" })), ("price.malformed".to_owned(), "member".to_owned()));
        assert_eq!(price(404, json!({ "lines": [line], "member": "mem_00000000000000000000000000" })).0, "member.not_found");
        assert_eq!(price(422, json!({ "lines": [line], "coupons": ["c1"] })), ("price.coupons_not_kept".to_owned(), "coupons".to_owned()));
        assert_eq!(price(400, json!([])).0, "price.malformed");
        let many: Vec<Value> = (0..2_001).map(|i| json!({ "line": i.to_string(), "sku": "A", "unit_price": 1, "qty": 1 })).collect();
        assert_eq!(price(422, json!({ "lines": many })), ("price.too_large".to_owned(), "lines".to_owned()));
        assert_eq!(shop.post("/carts/price", json!({ "lines": [line], "coupons": [] }))["order"]["total"], 100);
    });
}
