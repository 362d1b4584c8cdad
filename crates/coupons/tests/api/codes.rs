//! Codes: made as a task, written as a sheet, entered once, mistyped ones told from unknown ones.

use serde_json::json;
use shuke_coupons::BatchId;
use shuke_coupons::code::{self, made};

use crate::world::*;

/// The codes of a sheet, as printed.
fn sheet(shop: &Shop<'_>, batch: &str) -> Vec<String> {
    let (status, bytes) = shop.api.bytes("GET", &format!("/coupons/batches/{batch}/codes"), None);
    assert_eq!(status, 200);
    let text = String::from_utf8(bytes).unwrap();
    text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn a_sheet_of_codes_is_made_once_and_written_whenever() {
    both("sheets", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({ "pieces": 2_500, "codes": true, "per_member": 2 }));
        let path = format!("/coupons/batches/{batch}/codes");
        let (status, not_yet) = shop.api.call("GET", &path, None);
        assert_eq!((status, &not_yet["code"]), (409, &json!("coupon.codes_not_ready")), "{not_yet}");
        shop.jobs();
        let told = shop.get(&format!("/coupons/batches/{batch}"));
        assert_eq!((&told["batch"]["codes"]["made"], &told["batch"]["codes"]["of"]), (&json!(2_500), &json!(2_500)), "{told}");
        let codes = sheet(shop, &batch);
        assert_eq!(codes.len(), 2_500);
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 2_500);
        assert!(codes.iter().all(|printed| printed.len() == 19 && code::parse(printed).is_ok()));
        assert_eq!(sheet(shop, &batch), codes, "the same whenever it is written");
        let kept = shop.t.int("SELECT COUNT(*) FROM coupon_code");
        assert_eq!(kept, 2_500);
        let other = shop.batch(&template, json!({ "pieces": 10 }));
        assert_eq!(shop.refused(404, "GET", &format!("/coupons/batches/{other}/codes"), json!({})), "coupon.no_codes");

        let (a, b) = (shop.member("a"), shop.member("b"));
        assert_eq!(shop.claims(&batch, &a, "1").1["code"], "coupon.by_code_only");
        let enter =
            |code: &str, member: &str| shop.api.call("POST", "/coupons/codes/enter", Some(json!({ "code": code, "member": member })));
        let typed = codes[7].to_lowercase().replace('-', " ");
        let (status, had) = enter(&typed, &a);
        assert_eq!((status, &had["result"], &had["coupon"]["how"]), (200, &json!("ok"), &json!("code")), "{had}");
        assert_eq!(enter(&codes[7], &a).1["result"], "duplicate");
        assert_eq!(enter(&codes[7], &b).1["code"], "coupon.code_taken");
        let mut wrong: Vec<char> = codes[8].chars().collect();
        wrong.swap(0, 18);
        let wrong: String = wrong.into_iter().collect();
        if wrong != codes[8] {
            let (status, no) = enter(&wrong, &a);
            assert_eq!((status, &no["code"], &no["field"]), (400, &json!("coupon.code_mistyped"), &json!("code")), "{no}");
        }
        let (status, unknown) = enter(&code::written(1), &a);
        assert_eq!((status, &unknown["code"]), (404, &json!("coupon.code_unknown")), "it could be one, and nobody has it: {unknown}");
        let find = |code: &str| shop.api.call("POST", "/coupons/codes/find", Some(json!({ "code": code })));
        let (status, found) = find(&typed);
        assert_eq!((status, &found["batch"], &found["no"]), (200, &json!(batch), &json!(8)), "{found}");
        assert_eq!(found["found"]["coupon"]["member"], json!(a), "who has it");
        assert_eq!(find(&codes[10]).1["found"], json!(null), "nobody entered it, and looking changed nothing");
        assert_eq!((find(&code::written(1)).0, find("AAAA").1["code"].clone()), (404, json!("coupon.code_mistyped")));
        assert_eq!(enter(&codes[8], &a).0, 200);
        assert_eq!(enter(&codes[9], &a).1["code"], "coupon.limit_reached");
        shop.post(&format!("/coupons/batches/{batch}/archive"), json!({}));
        assert_eq!(enter(&codes[9], &b).1["code"], "coupon.not_active");
        assert_eq!(enter(&codes[7], &a).1["result"], "duplicate", "who has one has it still");
    });
}

#[test]
fn a_code_is_shown_by_who_is_no_member_and_is_somebodys_later() {
    both("bearers", |shop| {
        let template = shop.template(ten_off());
        let batch = shop.batch(&template, json!({ "pieces": 20, "codes": true }));
        let (id, cx): (BatchId, _) = (batch.parse().unwrap(), shop.t.ctx());
        let mut steps = 0;
        made::all(&shop.t.store, &cx, id, &mut |progress| {
            assert_eq!((progress.made, progress.of), (20, 20));
            steps += 1;
        })
        .unwrap();
        assert_eq!(steps, 1);
        let codes = sheet(shop, &batch);
        let lock = |order: &str, code: &str, member: Option<&str>| {
            let body = json!({ "order": { "source": "own", "id": order }, "member": member, "coupons": [{ "code": code, "saving": yuan(1_000) }] });
            shop.api.call("POST", "/coupons/lock", Some(body))
        };
        let (status, held) = lock("1", &codes[0], None);
        assert_eq!((status, &held["items"][0]["coupon"]["member"]), (200, &json!(null)), "{held}");
        assert_eq!(lock("1", &codes[0], None).1["items"][0]["result"], "duplicate");
        assert_eq!(lock("2", &codes[0], None).1["code"], "coupon.locked");
        let member = shop.member("a");
        let (status, no) = lock("2", &codes[0], Some(&member));
        assert_eq!((status, &no["code"], &no["field"]), (409, &json!("coupon.code_taken"), &json!("coupons[0].code")), "an order holds it");
        assert_eq!(shop.turns("release", "1"), "ok");
        let (status, theirs) = lock("2", &codes[0], Some(&member));
        assert_eq!((status, &theirs["items"][0]["coupon"]["member"]), (200, &json!(member)), "{theirs}");
        assert_eq!(lock("3", &codes[0], None).1["code"], "coupon.code_taken", "it is somebody's now");
        assert_eq!(shop.turns("redeem", "2"), "ok");
        let (status, mistyped) = lock("4", "AAAA-BBBB", None);
        assert_eq!((status, &mistyped["code"], &mistyped["field"]), (400, &json!("coupon.code_mistyped"), &json!("coupons[0].code")));
    });
}

#[test]
fn a_code_for_members_is_not_had_by_a_guest() {
    both("members only", |shop| {
        let mut of = ten_off();
        of["offer"]["members_only"] = json!(true);
        let template = shop.template(of);
        let batch = shop.batch(&template, json!({ "pieces": 2, "codes": true }));
        shop.jobs();
        let codes = sheet(shop, &batch);
        let shown = json!({ "order": { "source": "own", "id": "1" }, "coupons": [{ "code": codes[0], "saving": yuan(1_000) }] });
        assert_eq!(shop.refused(409, "POST", "/coupons/lock", shown), "coupon.of_another");
        let member = shop.member("a");
        let (status, had) = shop.api.call("POST", "/coupons/codes/enter", Some(json!({ "code": codes[0], "member": member })));
        assert_eq!((status, &had["result"]), (200, &json!("ok")), "{had}");
    });
}
