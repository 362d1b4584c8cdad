//! Members who are one, who are parted again, who are erased.

use serde_json::json;

use crate::world::*;

#[test]
fn uses_and_redemptions_go_with_whom_a_merge_makes_the_member() {
    both("merges", |shop| {
        let benefit = shop.make("/benefits", json!({ "name": "包邮", "kind": "free_shipping", "quota": { "uses": 2, "per": "ever" } }));
        let mug = shop.make(
            "/rewards",
            json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 40, "limit": { "uses": 2, "per": "ever" } }),
        );
        let (a, b) = (shop.member("a"), shop.member("b"));
        for (member, id) in [(&a, "1"), (&b, "2")] {
            shop.gets(member, 100);
            assert_eq!(shop.uses(member, &benefit, id).0, 200);
            assert_eq!(shop.redeems(member, &mug, id).0, 200);
        }
        shop.t.clock.advance_seconds(60);
        let merged = shop.api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
        shop.follow();
        for member in [&a, &b] {
            assert_eq!(shop.check(member, &benefit)["quota"]["used"], json!(2), "both uses count");
            assert_eq!(shop.redeems(member, &mug, "3").1["code"], "reward.limit_reached");
            assert_eq!(shop.get(&format!("/redemptions?member={member}"))["items"].as_array().unwrap().len(), 2);
        }
        assert_eq!(shop.available(&a), 120);
        // What the younger one redeemed is cancelled at the one they are now.
        let all = shop.get("/redemptions");
        let second = all["items"].as_array().unwrap().iter().find(|r| r["id"] != json!(null)).unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(shop.post(&format!("/redemptions/{second}/cancel"), json!({ "reason": "x" }))["state"], "cancelled");
        assert_eq!(shop.available(&a), 160);
        shop.t.clock.advance_seconds(60);
        let merge = merged["merge_id"].as_str().unwrap();
        shop.api.done("POST", &format!("/merges/{merge}/unmerge"), Some(json!({ "reason": "two persons" })));
        shop.follow();
        for member in [&a, &b] {
            assert_eq!(shop.check(member, &benefit)["quota"]["used"], json!(1), "each has their own again");
            assert_eq!(shop.get(&format!("/redemptions?member={member}"))["items"].as_array().unwrap().len(), 1);
        }
        assert_eq!(shop.available(&a) + shop.available(&b), 160);
    });
}

#[test]
fn erasure_takes_parcels_and_words_and_leaves_amounts() {
    both("erasure", |shop| {
        let mug = shop.make("/rewards", json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 40, "stock": 5 }));
        let benefit = shop.make("/benefits", json!({ "name": "包邮", "kind": "free_shipping" }));
        let member = shop.member("a");
        shop.gets(&member, 100);
        let (_, done) = shop.redeems(&member, &mug, "1");
        let id = done["redemption"]["id"].as_str().unwrap();
        shop.post(&format!("/redemptions/{id}/send"), json!({ "carrier": "顺丰", "number": "SF123456" }));
        let (_, used) = shop.uses(&member, &benefit, "1");
        shop.post(&format!("/benefits/uses/{}/undo", used["use"]["id"].as_str().unwrap()), json!({ "reason": "张三来电" }));
        let sealed = "SELECT COUNT(*) FROM redemption WHERE parcel IS NOT NULL";
        assert_eq!(shop.t.int(sealed), 1);
        let (cx, who) = (shop.t.ctx(), member.parse().unwrap());
        shop.t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, who));
        assert_eq!(shop.t.int(sealed) + shop.t.int("SELECT COUNT(*) FROM benefit_use WHERE reason IS NOT NULL"), 0);
        let left = shop.get(&format!("/redemptions/{id}"));
        assert_eq!((&left["points"], &left["number"]), (&json!(40), &json!(null)), "{left}");
        assert_eq!(shop.redeems(&member, &mug, "2").0, 404);
        assert_eq!(shop.uses(&member, &benefit, "2").0, 404);
    });
}

#[test]
fn what_is_still_open_of_who_was_erased_is_ended_and_nothing_new_is_kept_of_them() {
    both("after erasure", |shop| {
        let mug = shop.make("/rewards", json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 40, "stock": 2 }));
        let benefit = shop.make("/benefits", json!({ "name": "礼物", "kind": "birthday_gift", "by": "hand" }));
        let member = shop.member("a");
        shop.gets(&member, 100);
        let redeem = |id: &str| shop.redeems(&member, &mug, id).1["redemption"]["id"].as_str().unwrap().to_owned();
        let (sent, open) = (redeem("1"), redeem("2"));
        let used = shop.uses(&member, &benefit, "1").1["use"]["id"].as_str().unwrap().to_owned();
        let (cx, who) = (shop.t.ctx(), member.parse().unwrap());
        shop.t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, who));
        shop.follow();
        let gone = shop.post(&format!("/redemptions/{open}/cancel"), json!({ "reason": "张三注销了" }));
        assert_eq!(
            (&gone["state"], shop.get(&format!("/rewards/{mug}"))["stock"].clone()),
            (&json!("cancelled"), json!(1)),
            "the piece is back"
        );
        let went = shop.post(&format!("/redemptions/{sent}/send"), json!({ "carrier": "顺丰", "number": "SF123456" }));
        assert_eq!((&went["state"], &went["number"]), (&json!("sent"), &json!(null)), "{went}");
        shop.post(&format!("/benefits/uses/{used}/undo"), json!({ "reason": "张三来电" }));
        let kept = "SELECT (SELECT COUNT(*) FROM redemption WHERE parcel IS NOT NULL OR reason IS NOT NULL) + (SELECT COUNT(*) FROM benefit_use WHERE reason IS NOT NULL)";
        assert_eq!(shop.t.int(kept), 0);
        assert_eq!(shop.get("/benefits/tasks/counts")["open"], json!(0));
    });
}

#[test]
fn who_are_parted_cancel_each_their_own() {
    both("parted", |shop| {
        let mug = shop.make("/rewards", json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 40, "stock": 10 }));
        let (a, b) = (shop.member("a"), shop.member("b"));
        let redeem = |member: &str, id: &str| shop.redeems(member, &mug, id).1["redemption"]["id"].as_str().unwrap().to_owned();
        shop.gets(&a, 100);
        shop.gets(&b, 100);
        let (of_a, of_b) = (redeem(&a, "1"), redeem(&b, "2"));
        shop.t.clock.advance_seconds(60);
        let merged = shop.api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
        shop.follow();
        let of_both = redeem(&b, "3");
        assert_eq!(shop.redeems(&a, &mug, "2").1["result"], "duplicate", "it was asked for by the other id");
        shop.t.clock.advance_seconds(60);
        shop.api.done("POST", &format!("/merges/{}/unmerge", merged["merge_id"].as_str().unwrap()), Some(json!({ "reason": "two" })));
        // Before and after the books are parted: each piece and all points come back once.
        shop.follow();
        for redemption in [&of_a, &of_b, &of_both, &of_a] {
            assert_eq!(shop.post(&format!("/redemptions/{redemption}/cancel"), json!({ "reason": "x" }))["state"], "cancelled");
        }
        assert_eq!(shop.available(&a) + shop.available(&b), 200);
        assert_eq!(shop.get(&format!("/rewards/{mug}"))["stock"], json!(10));
    });
}
