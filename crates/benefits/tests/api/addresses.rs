//! Where goods go: asked for, offered again, changed until they are sent, seen in clear by whom it is shown to, erased.

use serde_json::{Value, json};
use shuke_store::Value as Kept;

use crate::world::*;

/// What lies nowhere in clear.
const NEEDLES: &[&str] = &["王小明", "13700137000", "桃源路", "李大山", "13600136000", "银杏街", "王小明要的"];

fn address() -> Value {
    json!({
        "receiver": "王小明", "phone": "13700137000", "province": "广东省", "city": "深圳市", "district": "南山区", "street": "桃源路 8 号",
    })
}

fn masked() -> Value {
    json!({ "receiver": "王**", "phone": "137****7000", "address": "广东省深圳市****" })
}

fn redeems(shop: &Shop<'_>, member: &str, reward: &str, body: Value) -> (u16, Value) {
    shop.api.call("POST", &format!("/members/{member}/rewards/{reward}/redeem"), Some(body))
}

fn audited(shop: &Shop<'_>, action: &str, subject: &str) -> i64 {
    shop.t.int(&format!("SELECT COUNT(*) FROM audit_entry WHERE action = '{action}' AND subject = '{subject}'"))
}

/// Tables and files in which one of the needles lies as it is.
fn in_clear(shop: &Shop<'_>) -> Vec<String> {
    let holds = |bytes: &[u8]| NEEDLES.iter().any(|needle| bytes.windows(needle.len()).any(|w| w == needle.as_bytes()));
    let mut found = shop.t.read(move |tx| {
        let mut found = Vec::new();
        let tables: Vec<_> = tx.register().tables().collect();
        for table in tables {
            for row in tx.rows(format!("SELECT * FROM {}", table.name), &[])? {
                let told = row.0.iter().any(|value| match value {
                    Kept::Text(text) => holds(text.as_bytes()),
                    Kept::Bytes(bytes) => holds(bytes),
                    _ => false,
                });
                found.extend(told.then(|| table.name.to_owned()));
            }
        }
        Ok(found)
    });
    if !shop.t.url.starts_with("postgres") {
        for file in std::fs::read_dir(shop.t.dir()).expect("a folder").flatten().filter(|f| f.path().is_file()) {
            if holds(&std::fs::read(file.path()).expect("a file")) {
                found.push(file.path().display().to_string());
            }
        }
    }
    found
}

fn mug(shop: &Shop<'_>) -> String {
    shop.make("/rewards", json!({ "name": "马克杯", "kind": "goods", "programme": shop.programme, "points": 10, "needs_address": true }))
}

#[test]
fn goods_that_are_sent_ask_where_to() {
    both("asked", |shop| {
        let mug = mug(shop);
        let member = shop.member("a");
        shop.gets(&member, 1_000);
        assert_eq!(shop.get(&format!("/rewards/{mug}"))["needs_address"], json!(true));
        let (status, no) = redeems(shop, &member, &mug, json!({ "id": "1" }));
        assert_eq!((status, &no["code"], &no["field"]), (400, &json!("reward.address_missing"), &json!("address")), "{no}");
        for (part, value) in [("receiver", "  "), ("phone", "见备注"), ("province", ""), ("city", "深\n圳"), ("street", "")] {
            let mut spoilt = address();
            spoilt[part] = json!(value);
            let (status, no) = redeems(shop, &member, &mug, json!({ "id": "1", "address": spoilt }));
            assert_eq!((status, &no["field"]), (400, &json!(format!("address.{part}"))), "{no}");
        }
        let both = json!({ "id": "1", "address": address(), "address_of": "rdm_00000000000000000000000000" });
        assert_eq!(redeems(shop, &member, &mug, both).0, 400);
        assert_eq!((shop.available(&member), shop.get("/redemptions")["items"].clone()), (1_000, json!([])), "nothing was spent");
        let (status, done) = redeems(shop, &member, &mug, json!({ "id": "1", "address": address() }));
        assert_eq!((status, &done["redemption"]["address"]), (200, &masked()), "{done}");
        assert_eq!(redeems(shop, &member, &mug, json!({ "id": "1" })).1["result"], "duplicate", "the same request again");
        let (status, along) = redeems(shop, &member, &mug, json!({ "id": "2", "order": "3891" }));
        assert_eq!((status, &along["redemption"]["address"]), (200, &json!(null)), "it goes in the parcel of an order");
        let massage = shop.make("/rewards", json!({ "name": "护理", "kind": "service", "programme": shop.programme, "points": 1 }));
        assert_eq!(redeems(shop, &member, &massage, json!({ "address": address() })).1["code"], "reward.not_sent");
        let odd = json!({ "name": "护理", "kind": "service", "programme": shop.programme, "points": 1, "needs_address": true });
        assert_eq!(shop.refused(400, "POST", "/rewards", odd), "benefit.invalid");
        // Where it is not needed it may be said.
        let bag = shop.make("/rewards", json!({ "name": "帆布袋", "kind": "goods", "programme": shop.programme, "points": 1 }));
        assert_eq!(redeems(shop, &member, &bag, json!({ "id": "b1" })).1["redemption"]["address"], json!(null));
        assert_eq!(redeems(shop, &member, &bag, json!({ "id": "b2", "address": address() })).1["redemption"]["address"], masked());
        assert_eq!(in_clear(shop), Vec::<String>::new());
    });
}

#[test]
fn the_last_address_is_offered_and_used_without_being_seen() {
    both("offered", |shop| {
        let mug = mug(shop);
        let (member, other) = (shop.member("a"), shop.member("b"));
        shop.gets(&member, 100);
        shop.gets(&other, 100);
        let offered = |member: &str| shop.get(&format!("/members/{member}/delivery-address"))["last"].clone();
        assert_eq!(offered(&member), json!(null));
        let ordered = |no: &str, name: &str, street: &str| {
            let now = shop.now();
            let order = json!({
                "external": { "source": "taobao", "id": no }, "platform": "taobao", "state": "paid", "currency": "CNY", "paid": yuan(100),
                "created_at": now, "paid_at": now, "updated_at": now,
                "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] },
                "receiver": { "name": name, "phone": "13600136000", "province": "浙江省", "city": "杭州市", "district": "西湖区", "address": street },
            });
            assert_eq!(shop.api.done("POST", "/orders", Some(order))["member"], json!(member));
            shop.follow();
        };
        ordered("1", "李大山", "浙江省杭州市西湖区银杏街 5 号");
        shop.t.clock.advance_seconds(60);
        ordered("2", "李**", "银杏街****");
        let of_order = offered(&member);
        assert_eq!(of_order["address"], json!({ "receiver": "李**", "phone": "136****6000", "address": "浙江省杭州市****" }), "{of_order}");
        let first = redeems(shop, &member, &mug, json!({ "id": "1", "address_of": of_order["of"] })).1["redemption"].clone();
        assert_eq!(first["address"], of_order["address"], "{first}");
        let unmasked = |id: &Value| {
            let path = format!("/redemptions/{}/unmask", id.as_str().unwrap());
            shop.post(&path, json!({ "reason": "王小明要的" }))
        };
        assert_eq!(unmasked(&first["id"])["street"], "银杏街 5 号", "the region stands once");
        shop.t.clock.advance_seconds(60);
        let second = redeems(shop, &member, &mug, json!({ "id": "2", "address": address() })).1["redemption"].clone();
        let of_second = offered(&member);
        assert_eq!((&of_second["of"], &of_second["address"]), (&second["id"], &masked()), "the newest of both");
        let third = redeems(shop, &member, &mug, json!({ "id": "3", "address_of": second["id"] })).1["redemption"].clone();
        assert_eq!(unmasked(&third["id"]), address());
        // Another's, and what is none.
        for of in [second["id"].as_str().unwrap(), of_order["of"].as_str().unwrap(), "rdm_00000000000000000000000000", "x"] {
            let (status, no) = redeems(shop, &other, &mug, json!({ "id": "9", "address_of": of }));
            assert_eq!((status, &no["code"]), (400, &json!("reward.no_earlier_address")), "{of}: {no}");
        }
        assert_eq!(shop.available(&other), 100);
        assert_eq!(in_clear(shop), Vec::<String>::new());
    });
}

#[test]
fn an_address_is_changed_until_it_is_sent_and_shown_in_clear_only_with_a_reason() {
    both("changed", |shop| {
        let mug = mug(shop);
        let member = shop.member("a");
        shop.gets(&member, 100);
        let made = redeems(shop, &member, &mug, json!({ "id": "1", "order": "3891" })).1["redemption"].clone();
        let path = |what: &str| format!("/redemptions/{}{what}", made["id"].as_str().unwrap());
        assert_eq!(shop.refused(404, "POST", &path("/unmask"), json!({ "reason": "x" })), "reward.no_address");
        assert_eq!(shop.refused(400, "PUT", &path("/address"), json!({})), "request.invalid");
        let put = shop.api.ok(200, "PUT", &path("/address"), Some(json!({ "address": address() })));
        assert_eq!(put["address"], masked());
        let moved =
            json!({ "receiver": "李大山", "phone": "0571-8700 0000", "province": "浙江省", "city": "杭州市", "street": "银杏街 5 号" });
        let put = shop.api.ok(200, "PUT", &path("/address"), Some(json!({ "address": moved })));
        assert_eq!(put["address"]["address"], "浙江省杭州市****");
        assert_eq!(audited(shop, "redemption.address_changed", &member), 2);
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM event WHERE kind = 'reward.address_changed'"), 2);
        assert_eq!(shop.refused(400, "POST", &path("/unmask"), json!({ "reason": " " })), "benefit.invalid");
        assert_eq!(audited(shop, "redemption.unmasked", &member), 0, "nothing was shown");
        let clear = shop.post(&path("/unmask"), json!({ "reason": "王小明要的" }));
        assert_eq!((&clear["receiver"], &clear["district"]), (&json!("李大山"), &json!("")));
        assert_eq!(audited(shop, "redemption.unmasked", &member), 1);
        // Lists and the file that is masked name nobody.
        let list = shop.get("/redemptions?state=requested").to_string();
        let (_, file) = shop.api.bytes("GET", "/redemptions/export", None);
        let file = String::from_utf8(file).unwrap();
        assert!(list.contains("李**") && file.contains("李**"), "{list} {file}");
        assert!(!NEEDLES.iter().any(|needle| list.contains(needle) || file.contains(needle)));
        // The list for the warehouse is in clear, with a reason, and each taking of it is in the audit.
        assert_eq!(shop.refused(400, "POST", "/redemptions/addresses", json!({ "reason": "" })), "benefit.invalid");
        let asked = || Some(json!({ "reason": "今天发货" }));
        for taken in 1..=2 {
            let (status, file) = shop.api.bytes("POST", "/redemptions/addresses", asked());
            let file = String::from_utf8(file).unwrap();
            assert!(status == 200 && file.contains("李大山") && file.contains("银杏街 5 号") && file.contains("3891"), "{file}");
            assert_eq!(audited(shop, "redemptions.addresses_exported", ""), taken);
        }
        shop.post(&path("/send"), json!({ "carrier": "顺丰", "number": "SF1" }));
        assert_eq!(shop.refused(409, "PUT", &path("/address"), json!({ "address": address() })), "reward.wrong_delivery");
        let (_, file) = shop.api.bytes("POST", "/redemptions/addresses", asked());
        assert!(!String::from_utf8(file).unwrap().contains("李大山"), "what is sent is not on the list");
        let (_, sent) = shop.api.bytes("POST", "/redemptions/addresses", Some(json!({ "reason": "x", "state": "sent", "reward": mug })));
        assert!(String::from_utf8(sent).unwrap().contains("李大山"));
        assert_eq!(shop.refused(400, "POST", "/redemptions/addresses", json!({ "reason": "x", "format": "pdf" })), "request.invalid");
        assert_eq!(in_clear(shop), Vec::<String>::new());
    });
}

#[test]
fn it_is_in_the_copy_goes_with_a_merge_and_is_erased() {
    both("erased", |shop| {
        let mug = mug(shop);
        let (a, b) = (shop.member("a"), shop.member("b"));
        shop.gets(&b, 100);
        let made = redeems(shop, &b, &mug, json!({ "id": "1", "address": address() })).1["redemption"]["id"].clone();
        let copy = |member: &str| {
            let (cx, id) = (shop.t.ctx(), member.parse().unwrap());
            shop.t.read(move |tx| shuke_members::privacy::copy::copy(tx, &cx, id))
        };
        assert_eq!(copy(&b)["records"]["redemption"][0]["address"], address());
        shop.t.clock.advance_seconds(60);
        shop.api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
        shop.follow();
        assert_eq!(copy(&a)["records"]["redemption"][0]["address"], address());
        assert_eq!(shop.get(&format!("/members/{a}/delivery-address"))["last"]["of"], made);
        shop.post(&format!("/redemptions/{}/unmask", made.as_str().unwrap()), json!({ "reason": "王小明要的" }));
        let (cx, who) = (shop.t.ctx(), a.parse().unwrap());
        shop.t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, who));
        shop.follow();
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM redemption WHERE address IS NOT NULL"), 0);
        let path = format!("/redemptions/{}", made.as_str().unwrap());
        assert_eq!(shop.get(&path)["address"], json!(null));
        assert_eq!(shop.refused(404, "POST", &format!("{path}/unmask"), json!({ "reason": "x" })), "reward.no_address");
        assert_eq!(shop.api.call("PUT", &format!("{path}/address"), Some(json!({ "address": address() }))).0, 404, "nothing new is kept");
        assert_eq!(shop.api.call("GET", &format!("/members/{a}/delivery-address"), None).0, 404);
        let said = "SELECT COUNT(*) FROM audit_entry WHERE action = 'redemption.unmasked' AND payload IS NOT NULL";
        assert_eq!(shop.t.int(said), 0, "nor what the log said of it");
        let (_, file) = shop.api.bytes("POST", "/redemptions/addresses", Some(json!({ "reason": "x" })));
        assert!(!NEEDLES.iter().any(|needle| String::from_utf8_lossy(&file).contains(needle)));
        assert_eq!(in_clear(shop), Vec::<String>::new());
    });
}
