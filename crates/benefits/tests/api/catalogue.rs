//! The catalogue: prices by tier, limits, stock, delivery, cancellation back into the same lots.

use serde_json::json;

use crate::world::*;

#[test]
fn a_reward_is_redeemed_sent_delivered_or_cancelled() {
    both("a reward's life", |shop| {
        let mug = shop.make(
            "/rewards",
            json!({
                "name": "马克杯", "kind": "goods", "programme": shop.programme, "points": 100, "tier_points": [{ "tier": "银牌", "points": 80 }],
                "stock": 2, "limit": { "uses": 2, "per": "ever" }, "cost": yuan(1_500), "funded": { "supplier": 100 },
            }),
        );
        let member = shop.member("a");
        let (status, no) = shop.redeems(&member, &mug, "r1");
        assert_eq!((status, &no["code"]), (409, &json!("points.insufficient")), "{no}");
        shop.gets(&member, 150);
        let (status, first) = shop.redeems(&member, &mug, "r1");
        assert_eq!((status, &first["result"], &first["available"]), (200, &json!("ok"), &json!(50)), "{first}");
        assert_eq!((&first["redemption"]["state"], &first["redemption"]["points"]), (&json!("requested"), &json!(100)));
        let (_, again) = shop.redeems(&member, &mug, "r1");
        assert_eq!((&again["result"], &again["redemption"]["id"]), (&json!("duplicate"), &first["redemption"]["id"]));
        assert_eq!(shop.available(&member), 50);
        assert_eq!(
            (shop.get(&format!("/rewards/{mug}"))["stock"].clone(), shop.get(&format!("/rewards/{mug}"))["taken"].clone()),
            (json!(1), json!(1))
        );
        // Silver pays less.
        shop.buys("1", "a", 12_000);
        let mine = shop.get(&format!("/members/{member}/rewards"));
        assert_eq!((&mine["items"][0]["points"], &mine["items"][0]["may"]), (&json!(80), &json!(true)), "{mine}");
        let (_, second) = shop.redeems(&member, &mug, "r2");
        assert_eq!(second["redemption"]["points"], json!(80), "{second}");
        assert_eq!(shop.redeems(&member, &mug, "r3").1["code"], "reward.limit_reached");
        let other = shop.member("b");
        shop.gets(&other, 500);
        assert_eq!(shop.redeems(&other, &mug, "r4").1["code"], "reward.out_of_stock");
        assert_eq!(shop.available(&other), 500, "nothing was spent");
        let of = |answer: &serde_json::Value, what: &str| format!("/redemptions/{}{what}", answer["redemption"]["id"].as_str().unwrap());
        let before = shop.available(&member);
        let lots = shop.get(&format!("/members/{member}/points"))["items"][0]["lots"].clone();
        let cancelled = shop.post(&of(&second, "/cancel"), json!({ "reason": "改主意" }));
        assert_eq!(cancelled["state"], "cancelled");
        assert_eq!(shop.post(&of(&second, "/cancel"), json!({ "reason": "again" }))["cancelled_at"], cancelled["cancelled_at"]);
        assert_eq!(shop.available(&member), before + 80);
        let back = shop.get(&format!("/members/{member}/points"))["items"][0]["lots"].clone();
        let left = |lots: &serde_json::Value| lots.as_array().unwrap().iter().map(|l| l["left"].as_i64().unwrap()).sum::<i64>();
        assert_eq!(left(&back), left(&lots) + 80, "into lots: {lots} {back}");
        assert!(back.as_array().unwrap().len() <= 2, "no lot was made: {back}");
        assert_eq!(shop.get(&format!("/rewards/{mug}"))["stock"], json!(1));
        assert_eq!(shop.redeems(&other, &mug, "r4").0, 200, "the piece is there again");
        let sent = shop.post(&of(&first, "/send"), json!({ "carrier": "顺丰", "number": "SF123" }));
        assert_eq!((&sent["state"], &sent["carrier"], &sent["number"]), (&json!("sent"), &json!("顺丰"), &json!("SF123")));
        assert_eq!(shop.refused(400, "POST", &of(&first, "/send"), json!({ "carrier": " ", "number": "1" })), "benefit.invalid");
        assert_eq!(shop.post(&of(&first, "/deliver"), json!({}))["state"], "delivered");
        assert_eq!(shop.post(&of(&first, "/deliver"), json!({}))["state"], "delivered");
        assert_eq!(shop.refused(409, "POST", &of(&first, "/cancel"), json!({ "reason": "x" })), "reward.wrong_delivery");
        assert_eq!(shop.get("/redemptions?state=delivered")["items"].as_array().unwrap().len(), 1);
        assert_eq!(shop.get(&format!("/redemptions?member={member}"))["items"].as_array().unwrap().len(), 2);
        let (status, file) = shop.api.bytes("GET", "/redemptions/export?state=delivered", None);
        let file = String::from_utf8(file).unwrap();
        assert!(status == 200 && file.contains("SF123") && !file.contains(second["redemption"]["id"].as_str().unwrap()), "{file}");
        let told = |action: &str| shop.t.int(&format!("SELECT COUNT(*) FROM audit_entry WHERE action = '{action}'"));
        assert_eq!((told("redemptions.exported"), told("benefit_tasks.exported")), (1, 0));
        assert_eq!(shop.api.bytes("GET", "/benefits/tasks/export", None).0, 200);
        assert_eq!(told("benefit_tasks.exported"), 1);
        let cost = shop.get("/benefits/cost?from=2026-03-01&to=2026-03-01");
        assert_eq!(
            (&cost["rewards"][0]["redeemed"], &cost["rewards"][0]["points"], &cost["rewards"][0]["shop"]),
            (&json!(2), &json!(200), &json!(0)),
            "{cost}"
        );
    });
}

#[test]
fn growth_services_stock_windows_and_states() {
    both("kinds", |shop| {
        let member = shop.member("a");
        shop.gets(&member, 1_000);
        let growth = shop
            .make("/rewards", json!({ "name": "成长值", "kind": "growth", "programme": shop.programme, "points": 200, "growth": 1_000 }));
        let (status, done) = shop.redeems(&member, &growth, "g1");
        assert_eq!((status, &done["redemption"]["state"]), (200, &json!("delivered")), "{done}");
        let tier = shop.get(&format!("/members/{member}/points"))["items"][0]["tier"]["id"].clone();
        assert_eq!(tier, "金牌", "growth value counts at once");
        assert_eq!(shop.get(&format!("/rewards/{growth}"))["stock"], json!(null), "without end");
        let massage = shop.make("/rewards", json!({ "name": "护理", "kind": "service", "programme": shop.programme, "points": 10, "stock": 0, "who": { "tiers": ["金牌"] } }));
        assert_eq!(shop.redeems(&member, &massage, "s1").1["code"], "reward.out_of_stock");
        let stock = format!("/rewards/{massage}/stock");
        assert_eq!(shop.refused(409, "POST", &stock, json!({ "change": -1 })), "reward.stock_below_zero");
        assert_eq!(shop.refused(400, "POST", &stock, json!({})), "request.invalid");
        assert_eq!(shop.post(&stock, json!({ "change": 3 }))["stock"], json!(3));
        let (_, done) = shop.redeems(&member, &massage, "s1");
        let redemption = done["redemption"]["id"].as_str().unwrap();
        assert_eq!(
            shop.refused(409, "POST", &format!("/redemptions/{redemption}/send"), json!({ "carrier": "x", "number": "1" })),
            "reward.wrong_delivery"
        );
        assert_eq!(shop.post(&format!("/redemptions/{redemption}/deliver"), json!({}))["state"], "delivered");
        assert_eq!(shop.post(&stock, json!({ "unlimited": true }))["stock"], json!(null));
        assert_eq!(shop.refused(409, "POST", &stock, json!({ "change": -1 })), "reward.stock_unlimited");
        let plain = shop.member("b");
        shop.gets(&plain, 100);
        assert_eq!(shop.redeems(&plain, &massage, "s2").1["code"], "reward.not_in_tier");
        let soon = shop.make("/rewards", json!({ "name": "限时", "kind": "goods", "programme": shop.programme, "points": 1, "from": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z" }));
        assert_eq!(shop.get(&format!("/rewards/{soon}"))["state"], "scheduled");
        assert_eq!(shop.redeems(&member, &soon, "l1").1["code"], "reward.not_begun");
        shop.days(1);
        assert_eq!(shop.redeems(&member, &soon, "l1").0, 200);
        shop.days(1);
        assert_eq!(shop.redeems(&member, &soon, "l2").1["code"], "reward.over");
        assert_eq!(shop.redeems(&member, &soon, "l1").1["result"], "duplicate", "what was redeemed stays redeemed");
        assert_eq!(shop.post(&format!("/rewards/{massage}/pause"), json!({}))["state"], "paused");
        assert_eq!(shop.redeems(&member, &massage, "s3").1["code"], "reward.not_active");
        let picture = format!("/rewards/{massage}/picture");
        assert_eq!(shop.refused(404, "GET", &picture, json!({})), "reward.no_picture");
        assert_eq!(shop.refused(400, "PUT", &picture, json!({ "data": "PHN2Zz4=" })), "reward.bad_picture");
        assert_eq!(shop.refused(400, "PUT", &picture, json!({ "data": "???" })), "reward.bad_picture");
        let put = shop.api.ok(200, "PUT", &picture, Some(json!({ "data": "iVBORw0KGgoAAAANSUhEUg==" })));
        let link = put["picture"].as_str().unwrap().trim_start_matches("/api/v1").to_owned();
        assert_eq!(shop.api.call("GET", &link, None).0, 200);
        assert_eq!(shop.api.ok(200, "DELETE", &picture, None)["picture"], json!(null));
        for (body, field) in [
            (json!({ "name": "x", "kind": "goods", "programme": shop.programme, "points": 0 }), "points"),
            (json!({ "name": "x", "kind": "goods", "programme": shop.programme, "points": 1, "stock": -1 }), "stock"),
            (json!({ "name": "x", "kind": "goods", "programme": shop.programme, "points": 1, "growth": 1 }), "growth"),
            (json!({ "name": "x", "kind": "goods", "programme": "prg_00000000000000000000000000", "points": 1 }), "who.programme"),
            (
                json!({ "name": "x", "kind": "goods", "programme": shop.programme, "points": 1, "tier_points": [{ "tier": "白金", "points": 1 }] }),
                "tier_points[0]",
            ),
        ] {
            let (status, answer) = shop.api.call("POST", "/rewards", Some(body.clone()));
            assert_eq!((status, &answer["code"]), (400, &json!("benefit.invalid")), "{body}: {answer}");
            assert!(answer.to_string().contains(field), "{body}: {answer}");
        }
        shop.post(&format!("/programmes/{}/pause", shop.programme), json!({}));
        assert_eq!(shop.redeems(&member, &growth, "g2").1["code"], "programme.not_active");
    });
}

#[test]
fn a_reward_may_be_a_coupon_out_of_a_batch() {
    both("coupons", |shop| {
        let template = shop.make(
            "/coupons/templates",
            json!({ "name": "减 10", "offer": { "kind": "no_threshold", "amount": 1_000 }, "validity": { "days": 7 } }),
        );
        let batch = shop.make("/coupons/batches", json!({ "name": "积分券", "template": template, "pieces": 2, "per_member": 1 }));
        let reward = |more: serde_json::Value| {
            let mut body =
                json!({ "name": "兑换券", "kind": "coupon", "programme": shop.programme, "points": 30, "coupons": batch, "stock": 5 });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let refused = |body: serde_json::Value| shop.api.call("POST", "/rewards", Some(body)).1["field"].clone();
        assert_eq!(refused(reward(json!({ "coupons": null }))), "coupons");
        assert_eq!(refused(reward(json!({ "kind": "service" }))), "coupons");
        assert_eq!(refused(reward(json!({ "coupons": "cpb_00000000000000000000000000" }))), "coupons");
        let id = shop.make("/rewards", reward(json!({})));
        let (a, b, c) = (shop.member("a"), shop.member("b"), shop.member("c"));
        for member in [&a, &b, &c] {
            shop.gets(member, 100);
        }
        let (status, first) = shop.redeems(&a, &id, "1");
        assert_eq!((status, &first["redemption"]["state"], &first["available"]), (200, &json!("delivered"), &json!(70)), "{first}");
        let mine = shop.get(&format!("/members/{a}/coupons"));
        assert_eq!((&mine["items"][0]["how"], &mine["items"][0]["state"]), (&json!("granted"), &json!("available")), "{mine}");
        assert_eq!(shop.redeems(&a, &id, "1").1["result"], "duplicate");
        assert_eq!(shop.redeems(&a, &id, "2").1["code"], "coupon.limit_reached");
        assert_eq!(shop.available(&a), 70, "nothing was spent");
        // A pack gives the other piece; the next who would be given one is told that there is none.
        shop.follow();
        let pack = shop.make("/benefits/packs", json!({ "name": "欢迎", "occasion": "newcomer", "rewards": [id] }));
        shop.days(1);
        let (d, e) = (shop.member("d"), shop.member("e"));
        shop.follow();
        let given = shop.get(&format!("/benefits/given?pack={pack}"));
        let missing: usize = given["items"].as_array().unwrap().iter().map(|g| g["missing"].as_array().unwrap().len()).sum();
        assert_eq!((given["items"].as_array().unwrap().len(), missing), (2, 1), "{given}");
        let coupons: usize = [&d, &e].iter().map(|m| shop.get(&format!("/members/{m}/coupons"))["items"].as_array().unwrap().len()).sum();
        assert_eq!(coupons, 1);
        assert_eq!(shop.get(&format!("/rewards/{id}"))["stock"], json!(3), "what could not be given is not taken");
        assert_eq!(shop.redeems(&b, &id, "3").1["code"], "coupon.sold_out");
    });
}
