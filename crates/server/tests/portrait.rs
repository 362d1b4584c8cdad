//! A portrait over HTTP with the real program: shares, lift, missing, figures, the bar as a segment, and
//! what is refused.

use std::process::Command;

use serde_json::{Value, json};
use shuke_testkit::process::Server;

struct Shop {
    server: Server,
    key: String,
}

impl Shop {
    fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.raw("zh", method, path, &body);
        assert!(answer.0 < 300, "{method} {path}: {} {}", answer.0, answer.1);
        answer.1
    }

    fn raw(&self, lang: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let headers = [("authorization", self.key.as_str()), ("accept-language", lang)];
        let answer = self.server.call(method, &format!("/api/v1{path}"), &headers, Some(body));
        (answer.status, answer.json)
    }

    /// Forty members: the first twenty women of Zhejiang but two of whom no gender is known, the others men
    /// of Guangdong. The women bought milk for 200 yuan, half of the men shoes for 50.
    fn filled() -> Self {
        let server = Server::start();
        let scopes = ["members:read", "members:write", "orders:read", "orders:write", "segments:read", "segments:write"];
        let key = server.key(&scopes);
        let shop = Self { server, key };
        let phone = |i: usize| json!([{"kind": "phone", "value": format!("138001380{i:02}"), "verified": true}]);
        let items: Vec<Value> = (0..40)
            .map(|i| {
                let woman = i < 20;
                let mut member = json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳", "keys": phone(i),
                    "region": {"province": if woman { "浙江省" } else { "广东省" }, "city": if woman { "杭州市" } else { "广州市" }}});
                if i >= 2 {
                    member["gender"] = json!(if woman { "female" } else { "male" });
                }
                member
            })
            .collect();
        shop.call("POST", "/members/batch", json!({"items": items}));
        for i in 0..30 {
            let milk = ("MILK", "母婴/奶粉", 20_000, "2025-11-11");
            let (sku, category, fen, day) = if i < 20 { milk } else { ("SHOE", "运动/鞋", 5_000, "2025-07-15") };
            let paid = json!({"amount": fen, "currency": "CNY"});
            shop.call(
                "POST",
                "/orders",
                json!({"external": {"source": "own", "id": format!("o{i}")}, "platform": "own", "state": "paid", "currency": "CNY",
                    "buyer": {"keys": phone(i)}, "lines": [{"sku": sku, "category": category, "quantity": 1, "paid": paid}],
                    "paid": paid, "created_at": format!("{day}T02:00:00Z"), "paid_at": format!("{day}T02:01:00Z")}),
            );
        }
        shop
    }
}

fn attribute<'a>(told: &'a Value, key: &str) -> &'a Value {
    told["attributes"].as_array().unwrap().iter().find(|a| a["key"] == key).unwrap_or_else(|| panic!("no {key}"))
}

fn bar<'a>(told: &'a Value, key: &str, label: &str) -> &'a Value {
    let bars = attribute(told, key)["bars"].as_array().unwrap();
    bars.iter().find(|b| b["label"] == label).unwrap_or_else(|| panic!("no {label} in {bars:?}"))
}

#[test]
fn a_group_is_told_apart_by_what_it_is_and_buys() {
    let shop = Shop::filled();
    let told = shop.call("POST", "/segments/portrait", json!({"text": "province = \"浙江\""}));
    assert_eq!((&told["group"]["members"], &told["against"]["members"], &told["both"]), (&json!(20), &json!(40), &json!(20)));
    assert_eq!(told["group"]["sales"], json!({"amount": 400_000, "currency": "CNY"}));
    assert_eq!(told["against"]["orders"], 30);
    let women = bar(&told, "gender", "女");
    assert_eq!(women["group"], json!({"count": 18, "share": 1.0}));
    assert_eq!(women["against"], json!({"count": 18, "share": 0.4737}));
    assert_eq!(women["lift"]["distinct"], true);
    assert_eq!(attribute(&told, "gender")["group"], json!({"known": 18, "missing": 2}));
    // 20 of 20 beside 20 of 30 buyers.
    let milk = bar(&told, "category", "母婴");
    assert_eq!((&milk["group"]["count"], &milk["lift"]["ratio"]), (&json!(20), &json!(1.5)));
    let shoes = bar(&told, "category", "运动");
    assert_eq!((&shoes["group"]["count"], &shoes["lift"]["ratio"]), (&json!(0), &json!(0.0)));
    assert_eq!(bar(&told, "occasion", "双11")["group"]["count"], 20);
    assert_eq!(bar(&told, "season", "夏季（6–8 月）")["against"]["count"], 10);
    assert_eq!(bar(&told, "region", "华东")["against"]["count"], 20);
    assert_eq!(bar(&told, "orders", "0")["against"]["count"], 10);
    assert_eq!(bar(&told, "order_value", "¥200–¥500")["group"]["count"], 20);
    let metric = |key: &str| told["metrics"].as_array().unwrap().iter().find(|m| m["key"] == key).unwrap().clone();
    assert_eq!(metric("buyer_share")["against"], json!({"members": 40, "value": 0.75}));
    assert_eq!(metric("sales_per_member")["group"], json!({"members": 20, "value": 20000.0}));
    assert_eq!(metric("cart_share")["group"]["value"], Value::Null, "nobody reports carts");
    assert_eq!(told["method"]["control"], "benjamini_hochberg");

    // The bar opens as a segment, and that segment has as many members.
    let both = json!({"op": "and", "args": [told["group_expr"], women["expr"]]});
    assert_eq!(shop.call("POST", "/segments/count", json!({"expr": both}))["count"], 18);
    let missing = json!({"op": "and", "args": [told["group_expr"], attribute(&told, "gender")["missing_expr"]]});
    assert_eq!(shop.call("POST", "/segments/count", json!({"expr": missing}))["count"], 2);
}

/// What a POST answers, as bytes.
fn file(shop: &Shop, format: &str, body: &Value) -> Vec<u8> {
    let url = format!("{}/api/v1/segments/portrait/export?format={format}", shop.server.base());
    let key = format!("authorization: {}", shop.key);
    let (head, lang) = ("content-type: application/json", "accept-language: zh");
    let out = Command::new("curl").args(["-sf", "-H", &key, "-H", head, "-H", lang, "-d", &body.to_string(), &url]).output().expect("curl");
    assert!(out.status.success(), "{format}");
    out.stdout
}

#[test]
fn the_whole_of_it_is_a_file() {
    let shop = Shop::filled();
    let asked = json!({"text": "province = \"浙江\""});
    let csv = String::from_utf8(file(&shop, "csv", &asked)).unwrap();
    let row = |begin: &str| {
        csv.lines()
            .find(|l| l.trim_start_matches('\u{feff}').starts_with(begin))
            .unwrap_or_else(|| panic!("no {begin} in {csv}"))
            .to_owned()
    };
    assert!(row("维度,属性,值").contains("人群占比或均值"));
    // 18 of 18 beside 18 of 38.
    assert!(row("买家属性,性别,女,").starts_with("买家属性,性别,女,18,18,1,18,38,0.4737,share,2.11"), "{}", row("买家属性,性别,女,"));
    assert!(row("经营指标,人均净销售额（全部会员）").contains(",20,20,200.00,40,40,112.50,CNY,"), "{csv}");
    let told = shop.call("POST", "/segments/portrait", json!({"text": "province = \"浙江\"", "bars": 1000}));
    let bars: usize = told["attributes"].as_array().unwrap().iter().map(|a| a["bars"].as_array().unwrap().len()).sum();
    assert_eq!(csv.lines().count(), 1 + told["metrics"].as_array().unwrap().len() + bars);
    let book = file(&shop, "xlsx", &asked);
    assert!(book.starts_with(b"PK"), "a workbook");

    for (query, body) in [("format=pdf", &asked), ("format=csv", &json!({"text": "everyone", "bars": 3}))] {
        assert_eq!(shop.raw("zh", "POST", &format!("/segments/portrait/export?{query}"), body).0, 400);
    }
}

#[test]
fn it_is_told_in_the_callers_language_in_a_window_beside_another_group() {
    let shop = Shop::filled();
    let asked = json!({"text": "gender = \"female\"", "against": {"text": "gender = \"male\""}, "from": "2025-07-01", "to": "2025-08-01", "bars": 1});
    let (status, told) = shop.raw("en", "POST", "/segments/portrait", &asked);
    assert_eq!(status, 200, "{told}");
    assert_eq!((&told["both"], &told["group"]["orders"], &told["against"]["orders"]), (&json!(0), &json!(0), &json!(10)));
    assert_eq!(attribute(&told, "gender")["left_out"], 1);
    assert_eq!(attribute(&told, "gender")["label"], "Gender");
    let shoes = bar(&told, "category", "运动");
    assert_eq!(shoes["group"], json!({"count": 0, "share": null}), "none of them bought in the window");
    assert_eq!(shoes["lift"], Value::Null);

    for (wrong, code) in [
        (json!({}), 400),
        (json!({"text": "everyone", "segment": "seg_x"}), 400),
        (json!({"text": "everyone", "bars": 0}), 400),
        (json!({"text": "everyone", "from": "2025-07-01", "to": "2025-07-01"}), 400),
        (json!({"text": "everyone", "against": {"text": "height = 1"}}), 422),
        (json!({"segment": "seg_00000000000000000000000000"}), 422),
    ] {
        assert_eq!(shop.raw("zh", "POST", "/segments/portrait", &wrong).0, code, "{wrong}");
    }
}
