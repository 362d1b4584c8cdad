//! Members who are one, who are parted again, who are erased.

use serde_json::json;

use crate::world::*;

#[test]
fn coupons_go_with_whom_a_merge_makes_the_member_and_come_back() {
    both("merges", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({ "pieces": 10, "per_member": 2 }));
        let (a, b) = (shop.member("a"), shop.member("b"));
        let (of_a, of_b) = (shop.claimed(&batch, &a, "1"), shop.claimed(&batch, &b, "2"));
        shop.locked("1", &b, &of_b);
        shop.minutes(1);
        let merged = shop.api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
        for member in [&a, &b] {
            assert_eq!(shop.get(&format!("/members/{member}/coupons"))["items"].as_array().unwrap().len(), 2, "both are theirs");
            assert_eq!(shop.claims(&batch, member, "3").1["code"], "coupon.limit_reached", "both count");
        }
        assert_eq!(shop.turns("redeem", "1"), "ok", "what the younger one's order held it uses");
        shop.locked("2", &b, &of_a);
        shop.turns("release", "2");
        shop.minutes(1);
        let merge = merged["merge_id"].as_str().unwrap();
        shop.api.done("POST", &format!("/merges/{merge}/unmerge"), Some(json!({ "reason": "two persons" })));
        for (member, coupon) in [(&a, &of_a), (&b, &of_b)] {
            let theirs = shop.get(&format!("/members/{member}/coupons"));
            assert_eq!((theirs["items"].as_array().unwrap().len(), &theirs["items"][0]["id"]), (1, &json!(coupon)), "{theirs}");
        }
        assert_eq!(shop.lock("3", &b, &of_a, json!({})).1["code"], "coupon.of_another");
        shop.claimed(&batch, &b, "4");
    });
}

#[test]
fn erasure_takes_words_and_leaves_amounts() {
    both("erasure", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({ "pieces": 10 }));
        let member = shop.member("a");
        let (one, two, three) =
            (shop.claimed(&batch, &member, "1"), shop.claimed(&batch, &member, "2"), shop.claimed(&batch, &member, "3"));
        shop.post(&format!("/coupons/{one}/revoke"), json!({ "reason": "张三来电" }));
        shop.locked("1", &member, &two);
        shop.minutes(20);
        shop.locked("2", &member, &two);
        assert_eq!(shop.turns("redeem", "1"), "exception");
        shop.post(&format!("/coupons/{two}/exceptions/settle"), json!({ "order": { "source": "own", "id": "1" }, "note": "张三补了差价" }));
        let words =
            "SELECT (SELECT COUNT(*) FROM coupon WHERE reason IS NOT NULL) + (SELECT COUNT(*) FROM coupon_use WHERE note IS NOT NULL)";
        assert_eq!(shop.t.int(words), 2);
        let (cx, who) = (shop.t.ctx(), member.parse().unwrap());
        shop.t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, who));
        assert_eq!(shop.t.int(words), 0);
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM coupon WHERE member IS NOT NULL"), 3, "the rows stay, under the id");
        assert_eq!(shop.claims(&batch, &member, "4").0, 404);
        assert_eq!(shop.lock("3", &member, &three, json!({})).0, 404);
        assert_eq!(shop.turns("redeem", "2"), "ok", "an order that was placed goes on");
        shop.post(&format!("/coupons/{three}/revoke"), json!({ "reason": "张三注销了" }));
        assert_eq!(shop.t.int(words), 0, "nothing new is kept of them");
    });
}
