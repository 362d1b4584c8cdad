//! Benefits at the moment of use: by tier, day, birthday and segment, within their quota; what is to be done; what it costs.

use serde_json::{Value, json};
use shuke_kernel::Id;
use shuke_segments::SegmentId;
use shuke_store::args;

use crate::world::*;

#[test]
fn statements_stand() {
    shuke_testkit::prepare_all(ALL, shuke_benefits::STATEMENTS);
}

fn free_shipping(shop: &Shop<'_>) -> Value {
    json!({
        "name": "每月包邮", "kind": "free_shipping", "who": { "programme": shop.programme, "tiers": ["银牌", "金牌"] },
        "quota": { "uses": 2, "per": "month" }, "cost": yuan(1_001), "funded": { "supplier": 50, "platform": 0 }, "by": "hand", "due_days": 2,
    })
}

#[test]
fn a_benefit_is_checked_used_taken_back_and_done_for() {
    both("a benefit's life", |shop| {
        let benefit = shop.make("/benefits", free_shipping(shop));
        let member = shop.member("a");
        let verdict = shop.check(&member, &benefit);
        assert_eq!((&verdict["may"], &verdict["why"]["code"]), (&json!(false), &json!("benefit.not_in_tier")), "{verdict}");
        assert_eq!(verdict["why"]["zh"], "“每月包邮”限银牌、金牌使用，该会员现在是普通。");
        assert_eq!(shop.uses(&member, &benefit, "u0").1["code"], "benefit.not_in_tier");
        shop.buys("1", "a", 12_000);
        let verdict = shop.check(&member, &benefit);
        assert_eq!(
            (&verdict["may"], &verdict["quota"]["left"], &verdict["tier"]["id"]),
            (&json!(true), &json!(2), &json!("银牌")),
            "{verdict}"
        );
        let (status, first) = shop.uses(&member, &benefit, "u1");
        assert_eq!((status, &first["result"]), (200, &json!("ok")), "{first}");
        assert_eq!((&first["use"]["cost"]["amount"], &first["use"]["supplier"]["amount"]), (&json!(1_001), &json!(500)));
        assert_eq!((&first["use"]["task"]["due_on"], &first["use"]["task"]["state"]), (&json!("2026-03-03"), &json!("open")));
        let (_, again) = shop.uses(&member, &benefit, "u1");
        assert_eq!((&again["result"], &again["use"]["id"]), (&json!("duplicate"), &first["use"]["id"]));
        shop.uses(&member, &benefit, "u2");
        let (status, no) = shop.uses(&member, &benefit, "u3");
        assert_eq!((status, &no["code"]), (409, &json!("benefit.quota_used")), "{no}");
        let verdict = shop.check(&member, &benefit);
        assert_eq!(verdict["why"]["zh"], "“每月包邮”的次数已用完（每月 2 次），2026-04-01 起可再用。");
        // A use of another member under the same id is another's.
        let other = shop.buys("2", "b", 12_000);
        assert_eq!(shop.uses(&other, &benefit, "u1").1["code"], "benefit.id_of_another");
        let undo = format!("/benefits/uses/{}/undo", first["use"]["id"].as_str().unwrap());
        assert_eq!(shop.refused(400, "POST", &undo, json!({ "reason": " " })), "benefit.invalid");
        let undone = shop.post(&undo, json!({ "reason": "订单取消" }));
        assert_eq!((undone["undone_at"].is_string(), &undone["task"]["state"]), (true, &json!("cancelled")), "{undone}");
        assert_eq!(shop.post(&undo, json!({ "reason": "again" }))["undone_at"], undone["undone_at"]);
        assert_eq!(shop.uses(&member, &benefit, "u3").0, 200, "the quota is free again");
        // The month after it begins anew.
        shop.days(31);
        assert_eq!(shop.check(&member, &benefit)["quota"]["used"], json!(0));
        let counts = shop.get("/benefits/tasks/counts");
        assert_eq!((&counts["open"], &counts["overdue"], &counts["today"]), (&json!(2), &json!(2), &json!(0)), "{counts}");
        let tasks = shop.get("/benefits/tasks?due=2026-03-03&by=hand");
        assert_eq!(tasks["items"].as_array().unwrap().len(), 2, "{tasks}");
        assert_eq!((&tasks["items"][0]["overdue"], &tasks["items"][0]["benefit"]["name"]), (&json!(true), &json!("每月包邮")));
        let done = format!("/benefits/tasks/{}/done", tasks["items"][0]["id"].as_str().unwrap());
        assert_eq!(shop.post(&done, json!({}))["state"], "done");
        assert_eq!(shop.post(&done, json!({}))["state"], "done");
        assert_eq!(shop.get("/benefits/tasks")["items"].as_array().unwrap().len(), 1);
        let cancelled = shop.get("/benefits/tasks?state=cancelled");
        let gone = format!("/benefits/tasks/{}/done", cancelled["items"][0]["id"].as_str().unwrap());
        assert_eq!(shop.refused(409, "POST", &gone, json!({})), "benefit.task_cancelled");
        let page = shop.get(&format!("/benefits/uses?member={member}&limit=2"));
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
        let next = page["next_cursor"].as_str().unwrap();
        assert_eq!(shop.get(&format!("/benefits/uses?member={member}&limit=2&cursor={next}"))["items"].as_array().unwrap().len(), 1);
        let cost = shop.get("/benefits/cost?from=2026-03-01&to=2026-03-31");
        assert_eq!(
            (&cost["totals"]["uses"], &cost["totals"]["cost"], &cost["totals"]["shop"]),
            (&json!(2), &json!(2_002), &json!(1_002)),
            "{cost}"
        );
        assert_eq!((&cost["lines"][0]["tier"]["id"], &cost["lines"][0]["members"]), (&json!("银牌"), &json!(1)));
        assert!(cost["assumed"].as_array().is_some_and(|a| a.len() == 5));
        assert_eq!(shop.get("/benefits/cost?from=2026-04-01&to=2026-04-30")["totals"]["uses"], json!(0));
        for stretch in ["from=2026-04-01&to=2026-03-30", "from=9999-12-31&to=9999-12-31"] {
            assert_eq!(shop.refused(400, "GET", &format!("/benefits/cost?{stretch}"), json!({})), "benefit.invalid");
        }
    });
}

#[test]
fn birthdays_days_segments_and_tier_periods_bind() {
    both("conditions", |shop| {
        let born = shop.member_with("a", json!({ "birthday": "1990-03-15" }));
        let unknown = shop.member("b");
        let gift = shop.make(
            "/benefits",
            json!({ "name": "生日礼", "kind": "birthday_gift", "when": { "birthday": "month" }, "quota": { "uses": 1, "per": "year" } }),
        );
        assert_eq!(shop.check(&born, &gift)["may"], json!(true));
        assert_eq!(shop.check(&unknown, &gift)["why"]["code"], "benefit.birthday_unknown");
        shop.uses(&born, &gift, "g");
        assert_eq!(shop.check(&born, &gift)["why"]["code"], "benefit.quota_used");
        let day = shop.make("/benefits", json!({ "name": "会员日", "kind": "member_day", "when": { "month_days": [8] } }));
        let verdict = shop.check(&born, &day);
        assert_eq!(
            (&verdict["why"]["code"], &verdict["why"]["en"]),
            (&json!("benefit.not_the_day"), &json!("会员日 is for the member day; the next is 2026-03-08."))
        );
        // A list of members.
        let (segment, listed): (SegmentId, shuke_members::MemberId) = (shop.t.ctx().new_id(), born.parse().unwrap());
        let merchant = shop.t.merchant;
        shop.t.write(move |tx| {
            let text = "INSERT INTO segment (merchant, id, name, name_key, kind, state, refresh_clock, version, built, size, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, '名单', '名单', 'static', 'active', 0, 1, 1, 1, 0, 'x', 0, 'x')";
            tx.exec(text, args![merchant, segment])?;
            tx.exec("INSERT INTO segment_member (merchant, segment, member, entered_at) VALUES ($1, $2, $3, 0)", args![merchant, segment, listed])
        });
        let trial = shop.make("/benefits", json!({ "name": "试用", "kind": "product_trial", "who": { "segments": [segment] } }));
        assert_eq!(shop.check(&born, &trial)["may"], json!(true));
        assert_eq!(shop.check(&unknown, &trial)["why"]["code"], "benefit.not_in_segment");
        let nowhere: SegmentId = Id::from_bytes([9; 16]);
        let bad = json!({ "name": "x", "kind": "custom", "who": { "segments": [nowhere] } });
        assert_eq!(shop.refused(400, "POST", "/benefits", bad), "benefit.invalid");
        // A period of the tier: what was used in the one before does not count.
        let per = json!({ "name": "周期", "kind": "custom", "who": { "programme": shop.programme, "tiers": ["银牌"] }, "quota": { "uses": 1, "per": "tier_period" } });
        let per = shop.make("/benefits", per);
        let silver = shop.buys("1", "c", 12_000);
        assert_eq!(shop.uses(&silver, &per, "p1").0, 200);
        assert_eq!(shop.uses(&silver, &per, "p2").1["code"], "benefit.quota_used");
        let all = shop.get(&format!("/members/{silver}/benefits"));
        let names: Vec<&str> = all["items"].as_array().unwrap().iter().map(|i| i["benefit"]["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), 4, "{all}");
        assert!(all["items"].as_array().unwrap().windows(2).all(|w| w[0]["verdict"]["may"].as_bool() >= w[1]["verdict"]["may"].as_bool()));
        assert_eq!(
            shop.refused(404, "POST", &format!("/members/mem_00000000000000000000000000/benefits/{per}/check"), json!({})),
            "member.not_found"
        );
    });
}

#[test]
fn definitions_are_refused_changed_paused_and_taken_from_sets() {
    both("definitions", |shop| {
        for (body, code, field) in [
            (json!({ "name": "", "kind": "custom" }), "benefit.invalid", "name"),
            (json!({ "name": "x", "kind": "member_discount" }), "benefit.invalid", "terms"),
            (json!({ "name": "x", "kind": "custom", "who": { "tiers": ["金牌"] } }), "benefit.invalid", "who.programme"),
            (
                json!({ "name": "x", "kind": "custom", "who": { "programme": shop.programme, "tiers": ["白金"] } }),
                "benefit.invalid",
                "who.tiers[0]",
            ),
            (json!({ "name": "x", "kind": "custom", "cost": { "amount": -1, "currency": "CNY" } }), "benefit.invalid", "cost.amount"),
            (json!({ "name": "x", "kind": "custom", "quota": { "uses": 0, "per": "day" } }), "benefit.invalid", "quota.uses"),
            (json!({ "name": "x", "kind": "gold" }), "request.invalid", "kind"),
            (json!({ "name": "x", "kind": "custom", "colour": 1 }), "request.invalid", "colour"),
        ] {
            let (status, answer) = shop.api.call("POST", "/benefits", Some(body.clone()));
            assert_eq!((status, answer["code"].as_str()), (400, Some(code)), "{body}: {answer}");
            assert!(answer.to_string().contains(field), "{body}: {answer}");
        }
        let id = shop.make("/benefits", free_shipping(shop));
        let at = |what: &str| format!("/benefits/{id}{what}");
        let mut body = free_shipping(shop);
        (body["name"], body["version"]) = (json!("包邮"), json!(1));
        assert_eq!(shop.api.ok(200, "PUT", &at(""), Some(body.clone()))["name"], "包邮");
        assert_eq!(shop.refused(409, "PUT", &at(""), body), "benefit.changed");
        let member = shop.buys("1", "a", 12_000);
        assert_eq!(shop.post(&at("/pause"), json!({}))["state"], "paused");
        assert_eq!(shop.check(&member, &id)["why"]["code"], "benefit.not_active");
        assert_eq!(shop.refused(409, "POST", &at("/pause"), json!({})), "benefit.wrong_state");
        assert_eq!(shop.post(&at("/resume"), json!({}))["state"], "active");
        assert_eq!(shop.post(&at("/archive"), json!({}))["state"], "archived");
        assert_eq!(shop.refused(409, "POST", &at("/resume"), json!({})), "benefit.wrong_state");
        let sets = shop.get("/benefits/templates");
        assert_eq!(sets["items"].as_array().unwrap().len(), 4);
        let take = "/benefits/templates/spend_six/take";
        assert_eq!(shop.refused(409, "POST", take, json!({ "programme": shop.programme })), "benefit.ladder_too_short");
        let ladders = shop.get("/programmes/templates");
        let six = ladders["items"].as_array().unwrap().iter().find(|p| p["key"] == "spend_six").unwrap();
        let six = shop.make("/programmes", json!({ "name": "六级", "rules": six["rules"] }));
        let taken = shop.api.ok(201, "POST", take, Some(json!({ "programme": six })));
        assert_eq!(taken["items"].as_array().unwrap().len(), sets["items"][0]["benefits"].as_array().unwrap().len());
        assert!(taken["items"].as_array().unwrap().iter().all(|b| !b["who"]["tiers"].as_array().unwrap().is_empty()));
        assert_eq!(
            shop.refused(404, "POST", "/benefits/templates/nothing/take", json!({ "programme": six })),
            "benefit.template_not_found"
        );
        let shown = shop.get("/benefits?state=active&kind=free_shipping");
        assert!(shown["items"].as_array().unwrap().iter().all(|b| b["kind"] == "free_shipping"), "{shown}");
    });
}
