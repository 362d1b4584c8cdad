//! A promotion's life: drafted, published, scheduled, taken back, gone back to, paused, put away; what is refused on the way.

use serde_json::{Value, json};
use shuke_access::audit;
use shuke_promotions::PromotionId;
use shuke_promotions::promotion::service;
use shuke_store::Lane;

use crate::world::{ALL, Shop, both};

fn tenth_off() -> Value {
    json!({ "kind": "percent_off", "pay_rate": "0.9" })
}

fn fifth_off() -> Value {
    json!({ "kind": "percent_off", "pay_rate": "0.8" })
}

fn of(promotion: &Value) -> String {
    format!("/promotions/{}", promotion["id"].as_str().unwrap())
}

/// What was done to promotions, the oldest first.
fn done(shop: &Shop<'_>) -> Vec<String> {
    let cx = shop.t.ctx();
    shop.t.read(move |tx| {
        let rows = tx.rows(
            "SELECT action FROM audit_entry WHERE merchant = $1 AND action LIKE 'pro%' AND action NOT LIKE 'programme%' ORDER BY seq",
            shuke_store::args![cx.merchant],
        )?;
        rows.into_iter().map(|mut r| r.get(0)).collect::<shuke_kernel::Result<Vec<String>>>()
    })
}

#[test]
fn every_statement_is_good_on_both_engines() {
    shuke_testkit::prepare_all(ALL, shuke_promotions::STATEMENTS);
}

#[test]
fn a_draft_prices_nothing_before_it_is_published() {
    both("a promotion's life", |shop| {
        let made = shop.draft("九折", tenth_off());
        assert_eq!((&made["state"], &made["current"], &made["draft"]["kind"]), (&json!("draft"), &Value::Null, &json!("percent_off")));
        assert_eq!(made["draft"]["sentence"], json!({ "zh": "全场商品打 9 折。", "en": "10% off on all goods." }));
        assert_eq!(shop.total(None, 1_000), 1_000);
        let published = shop.publish(&made, json!({ "note": "开业" }));
        assert_eq!((&published["state"], &published["current"]["no"], &published["draft"]), (&json!("running"), &json!(1), &Value::Null));
        assert_eq!((&published["current"]["note"], &published["current"]["rules"]), (&json!("开业"), &tenth_off()));
        let priced = shop.price(None, 1_000, json!({}));
        assert_eq!((&priced["order"]["total"], &priced["applied"][0]["id"]), (&json!(900), &made["id"]), "{priced}");
        assert_eq!(priced["promotions"][made["id"].as_str().unwrap()], "九折");
        // Another draft changes nothing until it is published, tomorrow.
        let path = of(&made);
        let changed =
            shop.api.ok(200, "PUT", &path, Some(json!({ "name": "八折", "rules": fifth_off(), "version": published["version"] })));
        assert_eq!((&changed["name"], shop.total(None, 1_000)), (&json!("八折"), 900));
        let from = shop.after(86_400);
        let scheduled = shop.publish(&changed, json!({ "from": from }));
        assert_eq!((&scheduled["state"], &scheduled["current"]["no"], &scheduled["next"]["no"]), (&json!("running"), &json!(1), &json!(2)));
        assert_eq!(shop.total(None, 1_000), 900);
        assert_eq!(
            shop.price(None, 1_000, json!({ "time": from }))["order"]["total"],
            800,
            "a cart of tomorrow is priced by tomorrow's rules"
        );
        // Taken back, its rules are the draft again; posted again, they begin by themselves.
        let back = shop.post(&format!("{path}/versions/2/withdraw"), json!({}));
        assert_eq!((&back["next"], &back["draft"]["rules"]), (&Value::Null, &fifth_off()), "{back}");
        shop.publish(&back, json!({ "from": shop.after(3_600) }));
        shop.passes(3_600);
        assert_eq!(shop.total(None, 1_000), 800);
        // Gone back to the first.
        let restored = shop.post(&format!("{path}/versions/1/restore"), json!({ "note": "太贵" }));
        assert_eq!((&restored["current"]["no"], &restored["current"]["rules"]), (&json!(4), &tenth_off()));
        assert_eq!(shop.total(None, 1_000), 900);
        let states: Vec<_> =
            shop.get(&format!("{path}/versions"))["items"].as_array().unwrap().iter().map(|v| v["state"].clone()).collect();
        assert_eq!(states, ["past", "withdrawn", "past", "current"]);
        for (verb, state, total) in [("pause", "paused", 1_000), ("resume", "running", 900), ("archive", "archived", 1_000)] {
            assert_eq!((shop.post(&format!("{path}/{verb}"), json!({}))["state"].as_str(), shop.total(None, 1_000)), (Some(state), total));
        }
        assert_eq!(shop.get("/promotions")["items"], json!([]));
        assert_eq!(shop.get("/promotions?state=archived")["items"][0]["id"], made["id"]);
        let acts = done(shop);
        let want = [
            "created",
            "published",
            "changed",
            "published",
            "version_withdrawn",
            "published",
            "published",
            "paused",
            "resumed",
            "archived",
        ];
        assert_eq!(acts, want.map(|act| format!("promotion.{act}")));
        let cx = shop.t.ctx();
        let checked = shop.t.read(move |tx| audit::verify(tx, cx.merchant).map(|v| v.first_bad));
        assert_eq!(checked, None);
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    both("refusals", |shop| {
        let make = |rules: Value| shop.refused(400, "POST", "/promotions", json!({ "name": "x", "rules": rules }));
        let malformed = |at: &str| ("promotion.malformed".to_owned(), format!("rules{at}"));
        assert_eq!(make(json!({ "kind": "percent_off" })), malformed(".pay_rate"));
        assert_eq!(make(json!({ "kind": "percent_off", "pay_rate": 0.9 })), malformed(".pay_rate"));
        assert_eq!(
            make(json!({ "kind": "stepped_threshold", "steps": [{ "min_amount": 1, "amount_off": 1, "pay_rate": "0.9" }] })),
            malformed(".steps[0]")
        );
        assert_eq!(make(json!({ "id": "mine", "kind": "percent_off", "pay_rate": "0.9" })), malformed(".id"));
        assert_eq!(
            make(json!({ "kind": "gift", "gifts": [{ "sku": "G", "qty": 1, "value": 1 }], "group": "g", "exclusive": "line" })),
            malformed(".exclusive")
        );
        let uncounted = shop.refused(
            422,
            "POST",
            "/promotions",
            json!({ "name": "x", "rules": { "kind": "percent_off", "pay_rate": "0.9", "quota_left": 3 } }),
        );
        assert_eq!(uncounted, ("promotion.limit_not_kept".to_owned(), "rules.quota_left".to_owned()));
        let tiers = json!({ "kind": "percent_off", "pay_rate": "0.9", "tiers": ["银牌", "钻石"] });
        let of_tiers = json!({ "name": "x", "rules": tiers });
        assert_eq!(shop.refused(422, "POST", "/promotions", of_tiers.clone()).0, "promotion.no_programme");
        shop.settings(json!({}));
        assert_eq!(shop.refused(400, "POST", "/promotions", of_tiers), ("promotion.unknown_tier".to_owned(), "rules.tiers[1]".to_owned()));
        let segment = json!({ "name": "x", "rules": { "kind": "percent_off", "pay_rate": "0.9", "segments": ["first_order", "seg_00000000000000000000000000"] } });
        assert_eq!(
            shop.refused(400, "POST", "/promotions", segment),
            ("promotion.unknown_segment".to_owned(), "rules.segments[1]".to_owned())
        );
        assert_eq!(shop.refused(400, "POST", "/promotions", json!({ "name": " ", "rules": tenth_off() })).0, "promotion.bad_name");
        // A check tells the same without refusing.
        let checked = shop.post("/promotions/check", json!({ "rules": { "kind": "percent_off", "pay_rate": "9" } }));
        assert_eq!((&checked["ok"], &checked["error"]["path"]), (&json!(false), &json!("rules.pay_rate")), "{checked}");
        let checked = shop.post("/promotions/check", json!({ "rules": tenth_off() }));
        assert_eq!((&checked["ok"], &checked["sentence"]["en"]), (&json!(true), &json!("10% off on all goods.")));

        let made = shop.draft("九折", tenth_off());
        let (path, version) = (of(&made), made["version"].as_i64().unwrap());
        let publish = |status, more: Value| {
            let mut body = json!({ "version": version });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            shop.refused(status, "POST", &format!("{path}/publish"), body)
        };
        assert_eq!(publish(400, json!({ "from": shop.after(-1) })), ("promotion.from_in_the_past".to_owned(), "from".to_owned()));
        assert_eq!(publish(409, json!({ "version": version + 1 })).0, "promotion.changed_meanwhile");
        assert_eq!(publish(400, json!({ "note": "长".repeat(501) })).0, "promotion.bad_note");
        assert_eq!(shop.refused(400, "PUT", &path, json!({ "name": "x", "version": version })).0, "promotion.needs_rules");
        let published = shop.publish(&made, json!({}));
        assert_eq!(
            shop.refused(409, "POST", &format!("{path}/publish"), json!({ "version": published["version"] })).0,
            "promotion.no_draft"
        );
        assert_eq!(shop.refused(409, "POST", &format!("{path}/versions/1/withdraw"), json!({})).0, "promotion.version_begun");
        assert_eq!(shop.refused(404, "POST", &format!("{path}/versions/7/restore"), json!({})).0, "promotion.version_not_found");
        assert_eq!(shop.refused(409, "POST", &format!("{path}/resume"), json!({})).0, "promotion.wrong_state");
        let over = shop.draft("过去", json!({ "kind": "percent_off", "pay_rate": "0.9", "to": shop.after(-5) }));
        let over = shop.refused(400, "POST", &format!("{}/publish", of(&over)), json!({ "version": 1 }));
        assert_eq!(over, ("promotion.over".to_owned(), "rules.to".to_owned()));
        let nobody = "/promotions/pro_00000000000000000000000000";
        assert_eq!(shop.api.call("GET", nobody, None).1["code"], "promotion.not_found");
    });
}

#[test]
fn what_excludes_line_by_line_has_a_group_of_its_kind() {
    both("groups", |shop| {
        let in_group = |kind: Value| {
            let mut rules = json!({ "group": "g" });
            rules.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
            rules
        };
        let gift = in_group(json!({ "kind": "gift", "gifts": [{ "sku": "G", "qty": 1, "value": 100 }] }));
        let given = shop.runs("赠品", gift.clone());
        let line = shop.draft("逐行", in_group(json!({ "kind": "amount_off", "amount": 100, "exclusive": "line" })));
        let clash = shop.refused(409, "POST", &format!("{}/publish", of(&line)), json!({ "version": 1 }));
        assert_eq!(clash, ("promotion.group_clash".to_owned(), "rules.group".to_owned()));
        // Paused it may come back, so it still stands in the way; put away it does not.
        shop.post(&format!("/promotions/{given}/pause"), json!({}));
        assert_eq!(shop.refused(409, "POST", &format!("{}/publish", of(&line)), json!({ "version": 1 })).0, "promotion.group_clash");
        shop.post(&format!("/promotions/{given}/archive"), json!({}));
        shop.publish(&line, json!({}));
        let again = shop.draft("赠品", gift);
        assert_eq!(shop.refused(409, "POST", &format!("{}/publish", of(&again)), json!({ "version": 1 })).0, "promotion.group_clash");
    });
}

#[test]
fn two_publishers_at_once_see_each_other() {
    both("publishers", |shop| {
        let gift = shop.draft("赠品", json!({ "kind": "gift", "gifts": [{ "sku": "G", "qty": 1, "value": 100 }], "group": "g" }));
        let line = shop.draft("逐行", json!({ "kind": "amount_off", "amount": 100, "group": "g", "exclusive": "line" }));
        let publish = |made: &Value| {
            let id: PromotionId = made["id"].as_str().unwrap().parse().unwrap();
            let (store, cx) = (shop.t.store.clone(), shop.t.ctx());
            std::thread::spawn(move || store.write_now(Lane::Interactive, move |tx| service::publish(tx, &cx, id, 1, None, "")).is_ok())
        };
        let at_once = [publish(&gift), publish(&line)];
        let published = at_once.into_iter().map(|done| done.join().unwrap()).filter(|ok| *ok).count();
        assert_eq!(published, 1, "the two cannot stand in one catalogue");
        assert_eq!(shop.get("/promotions/catalogue")["promotions"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn the_catalogue_is_a_file_that_prices_the_same() {
    both("the catalogue", |shop| {
        shop.settings(json!({ "max_coupons": { "shop": 2 }, "floors": { "A": 850 } }));
        let nine = shop.runs("九折", tenth_off());
        // Ids of one instant are in no order.
        shop.passes(1);
        shop.runs("明天结束", json!({ "kind": "amount_off", "amount": 100, "to": shop.after(86_400) }));
        let file = shop.get("/promotions/catalogue");
        assert_eq!((&file["format"], &file["currency"], &file["zone"]), (&json!(1), &json!("CNY"), &json!("Asia/Shanghai")));
        assert_eq!((&file["promotions"][0]["id"], &file["settings"]["floors"]["A"]), (&json!(nine), &json!(850)));
        let cart = json!({ "format": 1, "time": shop.after(0), "lines": [{ "line": "1", "sku": "A", "unit_price": 1_000, "qty": 1 }] });
        let told = shop.post("/pricing/evaluate", json!({ "promotions": file, "cart": cart }));
        let kept = shop.post("/carts/price", cart);
        assert_eq!(told["order"], kept["order"]);
        assert_eq!((&told["applied"], &told["not_applied"]), (&kept["applied"], &kept["not_applied"]));
        assert_eq!(kept["order"]["total"], 850, "never below the lowest price");
        // What ends by itself is not told any more, and prices nothing, though nobody changed anything.
        let later = shop.get(&format!("/promotions/catalogue?at={}", shop.after(86_400)));
        assert_eq!(later["promotions"].as_array().map(Vec::len), Some(1), "{later}");
        shop.passes(86_400);
        assert_eq!(shop.total(None, 2_000), 1_800);
    });
}

#[test]
fn a_list_is_paged_and_tells_of_each_what_it_does() {
    both("lists", |shop| {
        for i in 0..5 {
            shop.draft(&format!("第 {i} 个"), tenth_off());
            shop.passes(1);
        }
        shop.runs("在用", fifth_off());
        let page = shop.get("/promotions?limit=4");
        let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["在用", "第 4 个", "第 3 个", "第 2 个"]);
        let rest = shop.get(&format!("/promotions?limit=4&cursor={}", page["next_cursor"].as_str().unwrap()));
        assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(2), &Value::Null));
        let running = shop.get("/promotions?state=running");
        assert_eq!(
            (running["items"].as_array().map(Vec::len), &running["items"][0]["sentence"]["zh"]),
            (Some(1), &json!("全场商品打 8 折。"))
        );
        assert_eq!(shop.get("/promotions?state=draft")["items"].as_array().map(Vec::len), Some(5));
        assert_eq!(shop.api.call("GET", "/promotions?state=gone", None).0, 400);
    });
}
