//! A bad file that comes twice, with the real program on both engines: what was repaired or set aside does not wait
//! again, the preview says so before, and the store is the one that it was.

use serde_json::{Value, json};
use shuke_testkit::shop::{Place, Shop};

fn stage(shop: &Shop, name: &str, text: &str) -> String {
    shop.upload(201, "/imports", name, text)["id"].as_str().unwrap().to_owned()
}

fn until(shop: &Shop, id: &str, state: &str) -> Value {
    shop.until(&format!("the import is {state}"), &format!("/imports/{id}"), |now| now["state"] == state)
}

fn run(shop: &Shop, id: &str) -> Value {
    shop.call(200, "POST", &format!("/imports/{id}/run"), None);
    until(shop, id, "done")
}

const HEAD: &str = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间";
const ROWS: [&str; 4] = [
    "6900000000000000001,甲,abc,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00",
    "6900000000000000002,乙,2.00,交易成功,2026-09-31 10:00:00,2026-09-01 10:05:00",
    "6900000000000000003,丙,3.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00",
    "6900000000000000004,丁,xyz,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00",
];

fn twice(postgres: bool) {
    let place = Place::new(postgres);
    let shop = Shop::new(place.start(), &["members:read", "orders:read", "imports:read", "imports:write"]);
    let dump = || place.run(&["audit", "--dump"]);

    let first = stage(&shop, "订单.csv", &format!("{HEAD}\r\n{}\r\n", ROWS.join("\r\n")));
    assert_eq!(run(&shop, &first)["waiting"], 3);
    let held = shop.call(200, "GET", "/quarantine?state=open", None)["items"].as_array().unwrap().clone();
    let at = |row: i64| held.iter().find(|h| h["row"] == row).map(|h| h["id"].as_str().unwrap().to_owned()).unwrap();
    let fixed = shop.call(200, "PATCH", &format!("/quarantine/{}", at(2)), Some(json!({"cells": {"买家实际支付金额": "1.00"}})));
    assert_eq!((fixed["state"].as_str(), fixed["order_no"].as_str()), (Some("repaired"), Some("6900000000000000001")), "{fixed}");
    assert_eq!(fixed["changed"], json!([{"column": "买家实际支付金额", "from": "abc", "to": "1.00"}]));
    assert_eq!(fixed["reasons"][0]["code"], "bad_amount", "what was wrong stays");
    shop.call(200, "POST", &format!("/quarantine/{}/discard", at(5)), Some(json!({"reason": "测试单"})));
    let want = dump();

    let backwards: Vec<&str> = ROWS.iter().rev().copied().collect();
    let second = stage(&shop, "又一次.csv", &format!("{HEAD}\r\n{}\r\n", backwards.join("\r\n")));
    let preview = shop.call(200, "GET", &format!("/imports/{second}/preview"), None);
    let before: Vec<_> =
        preview["not_good"].as_array().unwrap().iter().map(|n| (n["row"].as_i64().unwrap(), n["before"]["id"].as_str())).collect();
    let (repaired, aside) = (at(2), at(5));
    assert_eq!(before, [(2, Some(aside.as_str())), (4, None), (5, Some(repaired.as_str()))]);
    let foreseen = shop.call(200, "GET", &format!("/imports/{second}/foreseen"), None);
    assert_eq!(foreseen["orders"], json!({"new": 0, "known": 1, "whole": true}));
    let done = run(&shop, &second);
    assert_eq!([&done["waiting"], &done["repaired_before"], &done["set_aside_before"]], [1, 1, 1]);
    assert_eq!(dump(), want, "loaded again, the store is the one that it was");
    shop.call(409, "GET", &format!("/imports/{second}/foreseen"), None);

    // Whoever set a row aside by mistake lets it wait again, and with it the same row of the other import.
    shop.call(409, "POST", &format!("/quarantine/{repaired}/reopen"), None);
    assert_eq!(shop.call(200, "POST", &format!("/quarantine/{aside}/reopen"), None)["state"], "open");
    assert_eq!(shop.call(200, "GET", &format!("/imports/{second}"), None)["waiting"], 2);
    shop.call(409, "POST", &format!("/quarantine/{aside}/reopen"), None);
    shop.call(200, "POST", &format!("/quarantine/{aside}/discard"), Some(json!({"reason": "测试单"})));
    assert_eq!(shop.call(200, "GET", &format!("/imports/{second}"), None)["set_aside_before"], 1);

    shop.call(200, "POST", &format!("/imports/{first}/undo"), None);
    until(&shop, &first, "undone");
    assert_eq!(shop.call(200, "GET", &format!("/imports/{second}"), None)["waiting"], 3, "nothing stands that had settled them");
}

#[test]
fn a_bad_file_twice_on_sqlite() {
    twice(false);
}

#[test]
fn a_bad_file_twice_on_postgres() {
    twice(true);
}
