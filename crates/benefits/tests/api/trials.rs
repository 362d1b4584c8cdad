//! A benefit tried on everybody: what is told is what happens when it is saved, and nothing is kept of the trial.

use serde_json::{Value, json};
use shuke_segments::SegmentId;
use shuke_store::args;

use crate::world::*;

const TRY: &str = "/benefits/trials";

/// Two silver members, a golden one and one of the lowest tier, with uses of free shipping: two, one, one and none.
struct Base {
    members: Vec<String>,
    shipping: String,
}

fn shipping(shop: &Shop<'_>, tiers: &[&str], uses: i64, fen: i64) -> Value {
    json!({
        "name": "每月包邮", "kind": "free_shipping", "who": { "programme": shop.programme, "tiers": tiers },
        "quota": { "uses": uses, "per": "month" }, "cost": yuan(fen), "funded": { "platform": 50 },
    })
}

fn base(shop: &Shop<'_>) -> Base {
    let shipping = shop.make("/benefits", shipping(shop, &["银牌", "金牌"], 2, 800));
    let members: Vec<String> = [("a", 12_000), ("b", 20_000), ("c", 60_000), ("d", 100)]
        .iter()
        .map(|(who, fen)| shop.buys(&format!("{who}1"), who, *fen))
        .collect();
    for (member, id) in [(0, "1"), (0, "2"), (1, "3"), (2, "4")] {
        let (status, used) = shop.uses(&members[member], &shipping, id);
        assert_eq!(status, 200, "{used}");
    }
    Base { members, shipping }
}

fn listed(shop: &Shop<'_>, body: &Value, which: &str) -> Vec<Value> {
    let mut asked = body.clone();
    asked["which"] = which.into();
    let page = shop.post(&format!("{TRY}/members"), asked);
    let mut items = page["items"].as_array().unwrap().clone();
    items.sort_by_key(|m| m["member"].as_str().unwrap().to_owned());
    items
}

fn reasons(told: &Value) -> Vec<(String, i64)> {
    told.as_array().unwrap().iter().map(|r| (r["why"].as_str().unwrap().to_owned(), r["count"].as_i64().unwrap())).collect()
}

#[test]
fn what_is_tried_is_what_happens_when_it_is_saved() {
    both("a benefit tried", |shop| {
        let Base { members, shipping: id } = base(shop);
        // Of gold alone, once a month, and dearer.
        let gold = json!({ "benefit": id, "definition": shipping(shop, &["金牌"], 1, 1_000) });
        let told = shop.post(TRY, gold.clone());
        let of = |what: &str| told[what].as_i64().unwrap_or_else(|| panic!("{what}: {told}"));
        assert_eq!([of("members"), of("had"), of("has"), of("losing_it"), of("gaining"), of("losing")], [4, 3, 1, 2, 0, 2], "{told}");
        assert_eq!(reasons(&told["lost_by"]), [("tier".to_owned(), 2)]);
        assert_eq!([of("uses"), of("refused"), of("users"), of("refused_users"), of("granted")], [4, 3, 3, 2, 0], "{told}");
        assert_eq!(reasons(&told["refused_by"]), [("tier".to_owned(), 3)]);
        // Four uses of 8 yuan in three months; one of 10 yuan would be left.
        assert_eq!((&told["before"], &told["after"]), (&json!({ "cost": 1_067, "shop": 534 }), &json!({ "cost": 333, "shop": 167 })));
        assert_eq!((of("booked"), &told["newcomers"]), (1_067, &Value::Null));
        let tier = |name: &str| told["tiers"].as_array().unwrap().iter().find(|t| t["id"] == name).cloned().unwrap();
        assert_eq!(
            (tier("银牌")["losing"].clone(), tier("金牌")["losing"].clone(), tier("普通")["members"].clone()),
            (json!(2), json!(0), json!(1))
        );
        assert_eq!(told["tiers"][0]["id"], "普通", "the lowest first");
        let losing = listed(shop, &gold, "losing");
        let mut expected = [members[0].as_str(), members[1].as_str()];
        expected.sort_unstable();
        assert_eq!(losing.iter().map(|m| m["member"].as_str().unwrap()).collect::<Vec<_>>(), expected);
        let first = losing.iter().find(|m| m["member"] == members[0].as_str()).unwrap();
        assert_eq!(
            (&first["refused"], &first["value"], &first["why"], &first["tier"]),
            (&json!(2), &json!(1_600), &json!("tier"), &json!("银牌"))
        );
        // Page by page, and as a file.
        let page = shop.post(&format!("{TRY}/members?limit=1"), gold.clone());
        let rest = shop.post(&format!("{TRY}/members?limit=1&cursor={}", page["next_cursor"].as_str().unwrap()), gold.clone());
        assert_ne!(page["items"][0]["member"], rest["items"][0]["member"]);
        assert_eq!(rest["next_cursor"], Value::Null);
        let (status, file) = shop.api.bytes("POST", &format!("{TRY}/file"), Some(gold.clone()));
        let file = String::from_utf8(file).unwrap();
        assert!(status == 200 && file.lines().count() == 3 && file.contains(&members[0]) && file.contains("16.00"), "{file}");
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'benefits.trial_exported'"), 1);
        // Nothing of it was kept; saved, it is what was told.
        let kept = shop.get(&format!("/benefits/{id}"));
        assert_eq!((&kept["quota"]["uses"], &kept["version"]), (&json!(2), &json!(1)));
        let mut change = gold["definition"].clone();
        change["version"] = 1.into();
        shop.api.ok(200, "PUT", &format!("/benefits/{id}"), Some(change));
        for (i, member) in members.iter().enumerate() {
            let verdict = shop.check(member, &id);
            let loses = losing.iter().any(|m| m["member"] == member.as_str());
            assert_eq!(verdict["why"]["code"] == "benefit.not_in_tier", loses || i == 3, "{member}: {verdict}");
        }
    });
}

#[test]
fn what_is_new_opened_or_ended_is_told_too() {
    both("benefits opened and ended", |shop| {
        let Base { members, shipping: id } = base(shop);
        let all = json!({ "benefit": id, "definition": shipping(shop, &[], 2, 800) });
        let told = shop.post(TRY, all.clone());
        assert_eq!((&told["gaining"], &told["losing"], &told["refused"]), (&json!(1), &json!(0), &json!(0)), "{told}");
        // Three members used it four times in three months: one more would cost a third of that.
        assert_eq!(
            (&told["newcomers"], &told["before"], &told["after"]["cost"]),
            (&json!(356), &json!({ "cost": 1_067, "shop": 534 }), &json!(1_067))
        );
        assert_eq!(listed(shop, &all, "gaining").iter().map(|m| m["member"].clone()).collect::<Vec<_>>(), [json!(members[3])]);
        // A quota of one a month takes the second use of it.
        let once = json!({ "benefit": id, "definition": shipping(shop, &["银牌", "金牌"], 1, 800) });
        let told = shop.post(TRY, once.clone());
        assert_eq!(
            (&told["losing_it"], &told["losing"], reasons(&told["refused_by"])),
            (&json!(0), &json!(1), vec![("quota".to_owned(), 1)])
        );
        assert_eq!(listed(shop, &once, "refused").len(), 1);
        // Ended, it is nobody's.
        let ended = shop.post(TRY, json!({ "benefit": id }));
        assert_eq!(
            (&ended["has"], &ended["after"], reasons(&ended["lost_by"])),
            (&json!(0), &Value::Null, vec![("ended".to_owned(), 3)]),
            "{ended}"
        );
        assert_eq!(reasons(&ended["refused_by"]), [("ended".to_owned(), 4)]);
        // One that is not there yet.
        let new = shop.post(TRY, json!({ "definition": shipping(shop, &["银牌"], 1, 500) }));
        assert_eq!((&new["had"], &new["has"], &new["uses"], &new["before"]), (&json!(0), &json!(2), &json!(0), &Value::Null), "{new}");
        // Who is merged counts once, and what is taken back is no use.
        let (_, used) = shop.uses(&members[2], &id, "5");
        shop.post(&format!("/benefits/uses/{}/undo", used["use"]["id"].as_str().unwrap()), json!({ "reason": "x" }));
        shop.t.clock.advance_seconds(60);
        shop.api.done("POST", &format!("/members/{}/merge", members[0]), Some(json!({ "other": members[1], "reason": "same person" })));
        shop.follow();
        let told = shop.post(TRY, json!({ "benefit": id }));
        assert_eq!((&told["members"], &told["had"], &told["uses"]), (&json!(3), &json!(2), &json!(4)), "{told}");
        for (body, code) in [
            (json!({ "benefit": id, "months": 13 }), "benefit.invalid"),
            (json!({ "benefit": id, "definition": shipping(shop, &["白金"], 1, 1) }), "benefit.invalid"),
            (json!({ "benefit": id, "definition": shipping(shop, &["银牌"], 0, 1) }), "benefit.invalid"),
        ] {
            assert_eq!(shop.refused(400, "POST", TRY, body), code);
        }
        assert_eq!(shop.refused(404, "POST", TRY, json!({})), "benefit.not_found");
        assert_eq!(shop.refused(400, "POST", &format!("{TRY}/members"), json!({ "benefit": id, "which": "x" })), "request.invalid");
        shop.post(&format!("/benefits/{id}/pause"), json!({}));
        let paused = shop.post(TRY, all.clone());
        assert_eq!(paused["had"], json!(0), "paused, it is nobody's");
        assert!(paused["assumed"][0].as_str().is_some_and(|text| text.contains("暂停") || text.contains("paused")), "{paused}");
        shop.post(&format!("/benefits/{id}/archive"), json!({}));
        assert_eq!(shop.refused(409, "POST", TRY, all), "benefit.wrong_state");
    });
}

#[test]
fn segments_birthdays_and_tiers_that_nobody_booked_are_read() {
    both("benefits tried by segment", |shop| {
        let born = shop.member_with("a", json!({ "birthday": "1990-03-01" }));
        let (plain, gone) = (shop.member("b"), shop.member("c"));
        let anybody = shop.make("/benefits", json!({ "name": "礼物", "kind": "custom", "cost": yuan(300) }));
        for (member, id) in [(&born, "1"), (&plain, "2"), (&gone, "3")] {
            assert_eq!(shop.uses(member, &anybody, id).0, 200);
        }
        let (segment, listed_one): (SegmentId, shuke_members::MemberId) = (shop.t.ctx().new_id(), gone.parse().unwrap());
        let merchant = shop.t.merchant;
        shop.t.write(move |tx| {
            let text = "INSERT INTO segment (merchant, id, name, name_key, kind, state, refresh_clock, version, built, size, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, '名单', '名单', 'static', 'active', 0, 1, 1, 1, 0, 'x', 0, 'x')";
            tx.exec(text, args![merchant, segment])?;
            tx.exec("INSERT INTO segment_member (merchant, segment, member, entered_at) VALUES ($1, $2, $3, 0)", args![merchant, segment, listed_one])
        });
        let of_segment = json!({ "benefit": anybody, "definition": { "name": "礼物", "kind": "custom", "cost": yuan(300), "who": { "segments": [segment] } } });
        let told = shop.post(TRY, of_segment.clone());
        assert_eq!(
            (&told["has"], reasons(&told["lost_by"]), &told["tiers"]),
            (&json!(1), vec![("segment".to_owned(), 2)], &json!([])),
            "{told}"
        );
        // On a list, whoever was merged counts as who took them in.
        shop.t.clock.advance_seconds(60);
        shop.api.done("POST", &format!("/members/{plain}/merge"), Some(json!({ "other": gone, "reason": "same person" })));
        shop.follow();
        let told = shop.post(TRY, of_segment);
        assert_eq!((&told["members"], &told["has"], &told["losing"]), (&json!(2), &json!(1), &json!(1)), "{told}");
        let birthday = json!({ "benefit": anybody, "definition": { "name": "礼物", "kind": "custom", "cost": yuan(300), "when": { "birthday": "month" } } });
        let told = shop.post(TRY, birthday);
        assert_eq!((&told["losing_it"], reasons(&told["refused_by"])), (&json!(0), vec![("birthday".to_owned(), 2)]), "{told}");
        // Nobody bought anything: all hold the lowest tier.
        let lowest = json!({ "benefit": anybody, "definition": shipping(shop, &["普通"], 9, 300) });
        assert_eq!(shop.post(TRY, lowest)["has"], json!(2));
    });
}
