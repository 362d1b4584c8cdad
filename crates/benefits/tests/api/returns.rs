//! What came back of benefits and rewards, reckoned by hand beside what the API tells.

use serde_json::{Value, json};

use crate::world::*;

/// An order of that day, of goods in that currency.
fn ordered(shop: &Shop<'_>, no: &str, who: &str, day: &str, fen: i64, currency: &str) -> Value {
    let at = format!("{day}T04:00:00Z");
    let order = json!({
        "external": { "source": "taobao", "id": no }, "platform": "taobao", "state": "completed", "currency": currency,
        "paid": { "amount": fen, "currency": currency }, "created_at": at, "paid_at": at, "updated_at": at, "completed_at": at,
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    });
    let done = shop.api.done("POST", "/orders", Some(order));
    shop.follow();
    done
}

fn spent(shop: &Shop<'_>, no: &str, who: &str, day: &str, fen: i64) -> String {
    ordered(shop, no, who, day, fen, "CNY")["member"].as_str().unwrap().to_owned()
}

fn back(shop: &Shop<'_>, order: &str, fen: i64) {
    let body = json!({
        "external": { "source": "taobao", "id": "back" }, "order_external": { "source": "taobao", "id": order }, "amount": yuan(fen),
        "at": "2026-03-15T06:00:00Z",
    });
    let (status, answer) = shop.api.call("POST", "/refunds", Some(body));
    assert!(status < 300, "{answer}");
    shop.follow();
}

const DAYS: &str = "/benefits/return?from=2026-03-11&to=2026-03-20";

fn ask(shop: &Shop<'_>, more: &str) -> Value {
    shop.get(&format!("{DAYS}{more}"))
}

fn side(line: &Value, of: &str) -> [i64; 3] {
    ["members", "before", "during"].map(|part| line[of][part].as_i64().unwrap_or_else(|| panic!("{line}")))
}

fn told(line: &Value) -> Value {
    json!([line["added"], line["added_margin"], line["roi_permille"], line["untold"]])
}

/// The silver members, fen: A 10 000 then 25 000 of which 5 000 went back; B 6 000 then 14 000; both used it. C 11 000
/// then 13 000; D 6 000 then 8 000 (and dollars, which are not counted); neither did. E is of the lowest tier.
#[test]
fn users_are_put_beside_the_others_of_their_tier() {
    both("what came back", |shop| {
        let tiers = json!({ "programme": shop.programme, "tiers": ["银牌", "金牌"] });
        let shipping = json!({
            "name": "包邮", "kind": "free_shipping", "who": tiers, "cost": yuan(1_001), "funded": { "supplier": 50, "platform": 0 },
        });
        let shipping = shop.make("/benefits", shipping);
        let free = shop.make("/benefits", json!({ "name": "客服", "kind": "custom", "who": tiers }));
        let anybody = shop.make("/benefits", json!({ "name": "会员日", "kind": "custom" }));
        let empty = ask(shop, "&margin=350");
        assert_eq!((&empty["tiers"], &empty["lines"], &empty["least"]), (&json!([]), &json!([]), &json!(30)), "nobody used anything");
        assert_eq!((&empty["before_from"], &empty["margin"]), (&json!("2026-03-01"), &json!(350)));
        assert!(empty["assumed"].as_array().is_some_and(|a| a.len() == 7));
        assert_eq!(empty["rewards"], json!([]));
        shop.days(15);
        let early = "2026-03-05";
        let (a, b) = (spent(shop, "a1", "a", early, 10_000), spent(shop, "b1", "b", early, 6_000));
        spent(shop, "c1", "c", early, 11_000);
        spent(shop, "d1", "d", early, 6_000);
        spent(shop, "old", "c", "2026-02-28", 3_000);
        let late = "2026-03-15";
        spent(shop, "a2", "a", late, 25_000);
        back(shop, "a2", 5_000);
        spent(shop, "b2", "b", late, 14_000);
        spent(shop, "c2", "c", late, 13_000);
        spent(shop, "d2", "d", late, 8_000);
        ordered(shop, "d3", "d", late, 9_000, "USD");
        let e = spent(shop, "e1", "e", late, 500);
        for (who, id) in [(&a, "1"), (&a, "2"), (&b, "3")] {
            assert_eq!(shop.uses(who, &shipping, id).0, 200);
            assert_eq!(shop.uses(who, &free, id).0, 200);
        }
        let undone = shop.uses(&b, &shipping, "4").1;
        shop.post(&format!("/benefits/uses/{}/undo", undone["use"]["id"].as_str().unwrap()), json!({ "reason": "x" }));
        assert_eq!(shop.uses(&e, &anybody, "5").0, 200);

        let got = ask(shop, "&margin=350&least=2");
        let of = |got: &Value, id: &str| got["lines"].as_array().unwrap().iter().find(|l| l["benefit"]["id"] == id).cloned().unwrap();
        let line = of(&got, &shipping);
        assert_eq!((&line["tier"]["id"], &line["uses"], &line["cost"]), (&json!("银牌"), &json!(3), &json!(3_003)), "{got}");
        assert_eq!((side(&line, "used"), side(&line, "others")), ([2, 16_000, 34_000], [2, 17_000, 21_000]), "{got}");
        // 18 000 more, less two heads of 2 000: 14 000; 35 % are 4 900; (4 900 − 3 003) / 3 003 = 0.6317.
        assert_eq!(told(&line), json!([14_000, 4_900, 632, null]));
        assert_eq!(told(&of(&got, &free)), json!([14_000, 4_900, null, "no_cost"]));
        assert_eq!(told(&of(&got, &anybody)), json!([null, null, null, "no_tier"]));
        assert_eq!(of(&got, &anybody)["used"], json!(null));
        let tier = &got["tiers"][0];
        assert_eq!((&tier["benefit"], &tier["uses"], &tier["cost"]), (&json!(null), &json!(6), &json!(3_003)));
        assert_eq!((side(tier, "used"), side(tier, "others")), ([2, 16_000, 34_000], [2, 17_000, 21_000]));
        assert_eq!(told(tier), json!([14_000, 4_900, 632, null]));
        assert_eq!(got["tiers"].as_array().unwrap().len(), 1, "only of tiers something was used in");
        assert_eq!(told(&of(&ask(shop, "&least=2"), &shipping)), json!([14_000, null, null, "no_margin"]));
        for few in ["&margin=350", "&margin=350&least=3"] {
            assert_eq!(told(&of(&ask(shop, few), &shipping)), json!([null, null, null, "too_few"]));
        }
        let later = shop.get("/benefits/return?from=2026-03-21&to=2026-03-30&least=1");
        assert_eq!(later["lines"], json!([]));

        // F, who used it once and bought for 12 000, is found to be A.
        let f = spent(shop, "f1", "f", late, 12_000);
        assert_eq!(shop.uses(&f, &shipping, "6").0, 200);
        let line = of(&ask(shop, "&margin=350&least=2"), &shipping);
        assert_eq!((side(&line, "used"), &line["cost"]), ([3, 16_000, 46_000], &json!(4_004)));
        assert_eq!(told(&line), json!([24_000, 8_400, 1_098, null]));
        shop.t.clock.advance_seconds(60);
        shop.api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": f, "reason": "same person" })));
        shop.follow();
        let line = of(&ask(shop, "&margin=350&least=2"), &shipping);
        assert_eq!((side(&line, "used"), side(&line, "others")), ([2, 16_000, 46_000], [2, 17_000, 21_000]));
        assert_eq!((&line["uses"], told(&line)), (&json!(4), json!([26_000, 9_100, 1_273, null])));

        // Who holds another tier by now is a user of the tier they held, and nobody's other.
        spent(shop, "b3", "b", "2026-03-16", 40_000);
        let line = of(&ask(shop, "&margin=350&least=2"), &shipping);
        assert_eq!((side(&line, "used"), side(&line, "others")), ([2, 16_000, 86_000], [2, 17_000, 21_000]));
        for bad in ["&margin=1001", "&margin=-1", "&least=0"] {
            assert_eq!(shop.refused(400, "GET", &format!("{DAYS}{bad}"), json!({})), "benefit.invalid");
        }
        for stretch in ["from=2026-04-01&to=2026-03-30", "from=9999-12-31&to=9999-12-31"] {
            assert_eq!(shop.refused(400, "GET", &format!("/benefits/return?{stretch}"), json!({})), "benefit.invalid", "{stretch}");
        }
    });
}

/// The same members and the same spending: A redeemed the mug twice, B once (and once more, cancelled). A fifth of the
/// tier was given one by a pack: they neither redeemed it nor count among the others.
#[test]
fn those_who_redeemed_are_put_beside_the_others_of_their_tier() {
    both("what came back of rewards", |shop| {
        let mug = json!({ "name": "马克杯", "kind": "goods", "programme": shop.programme, "points": 10, "cost": yuan(1_001), "funded": { "supplier": 50 } });
        let mug = shop.make("/rewards", mug);
        let free = shop.make("/rewards", json!({ "name": "贴纸", "kind": "goods", "programme": shop.programme, "points": 1 }));
        shop.days(15);
        let (early, late) = ("2026-03-05", "2026-03-15");
        let mut members = Vec::new();
        for (who, first, second) in [("a", 10_000, 20_000), ("b", 6_000, 14_000), ("c", 11_000, 13_000), ("d", 6_000, 8_000)] {
            members.push(spent(shop, &format!("{who}1"), who, early, first));
            spent(shop, &format!("{who}2"), who, late, second);
            shop.gets(&members[members.len() - 1], 100);
        }
        shop.make("/benefits/packs", json!({ "name": "新人", "occasion": "newcomer", "rewards": [mug] }));
        shop.t.clock.advance_seconds(60);
        shop.member("e");
        shop.follow();
        spent(shop, "e1", "e", late, 45_000);
        assert_eq!(shop.get("/redemptions")["items"].as_array().unwrap().len(), 1, "the pack gave one");
        let redeemed = |member: &str, reward: &str, id: &str| {
            let (status, done) = shop.redeems(member, reward, id);
            assert_eq!(status, 200, "{done}");
            done["redemption"]["id"].as_str().unwrap().to_owned()
        };
        for (member, id) in [(0, "1"), (0, "2"), (1, "3")] {
            redeemed(&members[member], &mug, id);
            redeemed(&members[member], &free, id);
        }
        let cancelled = redeemed(&members[1], &mug, "4");
        shop.post(&format!("/redemptions/{cancelled}/cancel"), json!({ "reason": "x" }));
        let got = ask(shop, "&margin=350&least=2");
        let of = |got: &Value, id: &str| got["rewards"].as_array().unwrap().iter().find(|l| l["reward"]["id"] == id).cloned().unwrap();
        let line = of(&got, &mug);
        assert_eq!(
            (&line["tier"]["id"], &line["redeemed"], &line["points"], &line["cost"]),
            (&json!("银牌"), &json!(3), &json!(30), &json!(3_003))
        );
        assert_eq!((side(&line, "used"), side(&line, "others")), ([2, 16_000, 34_000], [2, 17_000, 21_000]), "{got}");
        assert_eq!(told(&line), json!([14_000, 4_900, 632, null]));
        // Of what the pack gave, the one is among the others.
        assert_eq!(side(&of(&got, &free), "others"), [3, 17_000, 66_000]);
        assert_eq!(of(&got, &free)["untold"], json!("no_cost"));
        assert_eq!(told(&of(&ask(shop, "&margin=350&least=3"), &mug)), json!([null, null, null, "too_few"]));
        assert_eq!(told(&of(&ask(shop, "&least=2"), &mug)), json!([14_000, null, null, "no_margin"]));
        assert_eq!((&got["lines"], &got["tiers"]), (&json!([]), &json!([])), "no benefit was used");
        let m = shop.t.merchant;
        shop.t.write(move |tx| tx.exec("UPDATE redemption SET tier = NULL WHERE merchant = $1", shuke_store::args![m]));
        let line = of(&ask(shop, "&margin=350&least=2"), &mug);
        assert_eq!((told(&line), &line["used"], &line["cost"]), (json!([null, null, null, "no_tier"]), &json!(null), &json!(3_003)));
    });
}
