//! Codes of coupons written at a shell: of a store that a server holds, and of one that nobody does; one of them entered.
//! And a store with coupons copied to the other engine.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::MASTER;
use shuke_testkit::process::{Server, binary};
use shuke_testkit::shop::{Place, Shop};

fn shuke(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary("shuke"));
    command.args(arguments).arg("--data").arg(data).env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
    command.env_remove("SHUKE_STORE").output().unwrap()
}

fn object(out: &Output) -> Value {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// The codes of a sheet, as printed.
fn codes(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn a_sheet_of_codes_is_written_and_one_of_them_used() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let mut server = Server::start_on(&data, None);
    let key = server.key(&["members:write", "coupons:read", "coupons:write", "coupons:use"]);
    let call = |server: &Server, method: &str, path: &str, body: Value| {
        let answer = server.call(method, &format!("/api/v1{path}"), &[("authorization", key.as_str())], Some(&body));
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.json);
        answer.json
    };
    let template = json!({ "name": "减 10", "offer": { "kind": "no_threshold", "amount": 1_000 }, "validity": { "days": 30 } });
    let template = call(&server, "POST", "/coupons/templates", template)["id"].as_str().unwrap().to_owned();
    let batch = json!({ "name": "印刷券", "template": template, "pieces": 3_000, "codes": true });
    let batch = call(&server, "POST", "/coupons/batches", batch)["id"].as_str().unwrap().to_owned();
    let member = json!({ "external": { "source": "own", "id": "a" }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] });
    let member = call(&server, "POST", "/members", member);
    let member = member["id"].as_str().or_else(|| member["member"]["id"].as_str()).unwrap().to_owned();

    let (first, second) = (home.path().join("first.csv"), home.path().join("second.csv"));
    let told = object(&shuke(&data, &["coupon", "codes", &batch, "--out", first.to_str().unwrap(), "--json"]));
    assert_eq!((&told["codes"], &told["entropy_bits"]), (&json!(3_000), &json!(72)), "{told}");
    let again = shuke(&data, &["coupon", "codes", &batch, "--out", first.to_str().unwrap(), "--json"]);
    assert_eq!(again.status.code(), Some(2), "a file that is there is not written over");
    let printed = codes(&first);
    let had = call(&server, "POST", "/coupons/codes/enter", json!({ "code": printed[2_999], "member": member }));
    assert_eq!((&had["result"], &had["coupon"]["state"]), (&json!("ok"), &json!("available")), "{had}");
    server.stop();

    object(&shuke(&data, &["coupon", "codes", &batch, "--out", second.to_str().unwrap(), "--json"]));
    assert_eq!(codes(&second), printed, "the same codes, whenever they are written");
    let listed = object(&shuke(&data, &["coupon", "list", "--json"]));
    let one = &listed["batches"][0];
    assert_eq!((&one["id"], &one["codes_made"], &one["taken"], &one["left"]), (&json!(batch), &json!(3_000), &json!(1), &json!(2_999)));
    let unknown = shuke(&data, &["coupon", "codes", "cpb_00000000000000000000000000", "--out", "x.csv"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", String::from_utf8_lossy(&unknown.stderr));
    object(&shuke(&data, &["audit", "--json"]));
}

/// Coupons in every state, with words that are sealed, so that a copy has something to tell otherwise.
fn kept(postgres: bool) {
    let place = Place::new(postgres);
    let mut shop = Shop::new(place.start(), &["members:write", "orders:write", "coupons:read", "coupons:write", "coupons:use"]);
    let id = |made: &Value| made["id"].as_str().unwrap().to_owned();
    let template =
        json!({ "name": "随机", "offer": { "kind": "no_threshold" }, "random": { "min": 100, "max": 900 }, "validity": { "days": 30 } });
    let template = id(&shop.call(201, "POST", "/coupons/templates", Some(template)));
    let budget = json!({ "amount": 4_000, "currency": "CNY" });
    let batch = json!({ "name": "一批", "template": template, "pieces": 10, "budget": budget, "word": "HELLO" });
    let batch = id(&shop.call(201, "POST", "/coupons/batches", Some(batch)));
    let codes = json!({ "name": "印刷", "template": template, "pieces": 50, "codes": true });
    let codes = id(&shop.call(201, "POST", "/coupons/batches", Some(codes)));
    shop.until("the codes were not made", &format!("/coupons/batches/{codes}"), |told| told["batch"]["codes"]["made"] == 50);
    let member = json!({ "external": { "source": "own", "id": "a" }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] });
    let member = shop.done("POST", "/members", Some(member));
    let member = member["id"].as_str().or_else(|| member["member"]["id"].as_str()).unwrap().to_owned();
    let coupons: Vec<String> = (0..6)
        .map(|n| {
            let claim = json!({ "member": member, "id": n.to_string() });
            let had = shop.call(200, "POST", &format!("/coupons/batches/{batch}/claim"), Some(claim));
            had["coupon"]["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let of = |no: &str| json!({ "source": "own", "id": no });
    for (no, coupon) in coupons.iter().take(4).enumerate() {
        let saving = json!({ "amount": 100, "currency": "CNY" });
        let lock = json!({ "order": of(&no.to_string()), "member": member, "coupons": [{ "coupon": coupon, "saving": saving }] });
        shop.call(200, "POST", "/coupons/lock", Some(lock));
    }
    for (what, no) in [("redeem", "0"), ("redeem", "1"), ("return", "1"), ("release", "2")] {
        shop.call(200, "POST", &format!("/coupons/{what}"), Some(json!({ "order": of(no) })));
    }
    shop.call(200, "POST", &format!("/coupons/{}/revoke", coupons[4]), Some(json!({ "reason": "发错了" })));
    // An order that is sent here is followed.
    let at = "2026-11-01T02:00:00Z";
    let order = json!({
        "external": of("3"), "platform": "own", "state": "paid", "currency": "CNY", "paid": { "amount": 5_000, "currency": "CNY" },
        "created_at": at, "paid_at": at, "updated_at": at,
    });
    shop.done("POST", "/orders", Some(order));
    shop.until("the order was not followed", &format!("/coupons/{}", coupons[3]), |told| told["coupon"]["state"] == "used");
    shop.server.stop();
    let dump = place.audited();
    for table in ["coupon_template", "coupon_batch", "coupon_stock", "coupon_code", "coupon~", "coupon_use"] {
        assert!(dump.lines().any(|line| line.starts_with(table)), "{table} is in the dump");
    }
}

#[test]
fn coupons_are_the_same_in_a_copy_on_the_other_engine() {
    kept(false);
    kept(true);
}
