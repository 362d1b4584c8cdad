//! Segments over HTTP with the real program: what may be asked, expressions judged in both languages, counts
//! while an expression is written.

use serde_json::{Value, json};
use shuke_testkit::process::{Answer, Server};

struct Shop {
    server: Server,
    key: String,
}

impl Shop {
    fn new() -> Self {
        let server = Server::start();
        let key = server.key(&["members:read", "members:write", "orders:write", "products:write", "segments:read", "segments:write"]);
        Self { server, key }
    }

    fn answer(&self, lang: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let headers = [("authorization", self.key.as_str()), ("accept-language", lang)];
        self.server.call(method, &format!("/api/v1{path}"), &headers, body)
    }

    fn call(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.answer("zh", method, path, body.as_ref());
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.json);
        answer.json
    }

    /// Ten members: five women in Zhejiang, five men in Jiangsu, each with an order of a hundred yuan a member.
    fn filled() -> Self {
        let shop = Self::new();
        let items: Vec<Value> = (0..10)
            .map(|i| {
                let woman = i < 5;
                json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳",
                    "keys": [{"kind": "phone", "value": format!("1380013800{i}"), "verified": true}],
                    "gender": if woman { "female" } else { "male" },
                    "region": {"province": if woman { "浙江省" } else { "江苏" }, "city": "某市"}})
            })
            .collect();
        shop.call("POST", "/members/batch", Some(json!({"items": items})));
        for i in 0..10 {
            let paid = json!({"amount": 10_000 * (i + 1), "currency": "CNY"});
            shop.call(
                "POST",
                "/orders",
                Some(json!({"external": {"source": "own", "id": format!("o{i}")}, "platform": "own", "state": "paid", "currency": "CNY",
                    "buyer": {"keys": [{"kind": "phone", "value": format!("1380013800{i}"), "verified": true}]},
                    "lines": [{"sku": format!("S{}", i % 2), "quantity": 1, "paid": paid}],
                    "paid": paid, "created_at": "2026-01-05T00:00:00Z", "paid_at": "2026-01-05T00:01:00Z"})),
            );
        }
        shop
    }
}

#[test]
fn what_may_be_asked_is_told_with_its_words_in_both_languages() {
    let shop = Shop::filled();
    let fact = |registry: &Value, name: &str| registry["facts"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap().clone();
    let zh = shop.answer("zh", "GET", "/segments/registry", None).json;
    let en = shop.answer("en", "GET", "/segments/registry", None).json;
    assert_eq!((&fact(&zh, "gender")["label"], &fact(&en, "gender")["label"]), (&json!("性别"), &json!("gender")));
    assert_eq!(fact(&zh, "gender")["values"][0], json!({"value": "female", "label": "女"}));
    assert_eq!((&fact(&zh, "clv")["filled"], &fact(&zh, "birthday")["filled"]), (&json!(false), &json!(true)));
    let provinces = fact(&zh, "province")["values"].clone();
    assert_eq!(provinces, json!([{"value": "江苏", "label": "江苏"}, {"value": "浙江", "label": "浙江"}]));
    let orders = zh["tables"].as_array().unwrap().iter().find(|t| t["name"] == "orders").unwrap();
    assert_eq!(orders["label"], "订单");
    assert!(orders["columns"].as_array().unwrap().iter().any(|c| c["name"] == "paid" && c["type"] == "fen"));

    shop.call("POST", "/tags", Some(json!({"name": "VIP"})));
    let words = |query: &str| shop.call("GET", &format!("/segments/words?{query}"), None)["items"].clone();
    assert_eq!(words("vocabulary=sku"), json!([{"value": "S0", "label": "S0"}, {"value": "S1", "label": "S1"}]));
    assert_eq!(words("vocabulary=tag&contains=vi"), json!([{"value": "VIP", "label": "VIP", "count": 0}]));
    assert_eq!(shop.answer("zh", "GET", "/segments/words?vocabulary=member_id", None).status, 400);
}

#[test]
fn an_expression_is_judged_and_said_in_words() {
    let shop = Shop::filled();
    let expr = json!({"op": "and", "args": [{"op": "eq", "left": {"fact": "gender"}, "right": "female"}]});
    let told = shop.call("POST", "/segments/check", Some(json!({"expr": expr})));
    assert_eq!(told["ok"], true);
    assert_eq!(told["expr"], json!({"op": "eq", "left": {"fact": "gender"}, "right": "female"}));
    assert_eq!((&told["text"], &told["sentence"]), (&json!("gender = \"female\""), &json!("性别是女")));
    assert_eq!(told["uses"], json!({"facts": ["gender"], "tables": [], "segments": [], "current_facts": ["gender"]}));
    let same = shop.call("POST", "/segments/check", Some(json!({"text": "gender = \"female\""})));
    assert_eq!(same, told);

    let wrong = json!({"expr": {"op": "not", "arg": {"op": "eq", "left": {"fact": "height"}, "right": 1}}});
    let zh = shop.answer("zh", "POST", "/segments/check", Some(&wrong)).json;
    assert_eq!(zh["error"], json!({"code": "unknown_field", "path": "/arg/left", "message": "没有名为“height”的会员属性"}));
    let en = shop.answer("en", "POST", "/segments/check", Some(&wrong)).json;
    assert_eq!(en["error"]["message"], "there is no fact `height`");
    assert_eq!(en["ok"], false);
    // What a general parser would have mended on the way is refused all the same.
    assert_eq!(shop.answer("zh", "POST", "/segments/check", Some(&json!({}))).status, 400);
    let both = json!({"expr": {"op": "all"}, "text": "everyone"});
    assert_eq!(shop.answer("zh", "POST", "/segments/check", Some(&both)).status, 400);
}

#[test]
fn members_are_counted_with_each_condition_by_itself_and_some_of_them_shown_masked() {
    let shop = Shop::filled();
    let text = r#"gender = "female" and not sum(lines.amount where purchase = true) < ¥300.00"#;
    let told = shop.call("POST", "/segments/count", Some(json!({"text": text, "parts": true, "sample": 2})));
    assert_eq!((&told["count"], &told["base"]), (&json!(3), &json!(10)));
    let parts: Vec<(&str, i64)> =
        told["parts"].as_array().unwrap().iter().map(|p| (p["path"].as_str().unwrap(), p["count"].as_i64().unwrap())).collect();
    assert_eq!(parts, [("/args/0", 5), ("/args/1", 8), ("/args/1/arg", 2)]);
    assert_eq!(told["current_facts"], json!(["gender"]));
    let sample = told["sample"].as_array().unwrap();
    assert_eq!(sample.len(), 2);
    assert!(sample.iter().all(|m| m["display_name"] == "王*" && m["phone_masked"].as_str().unwrap().contains("****")));

    let before = json!({"expr": {"op": "exists", "table": "orders"}, "at": "2026-01-04T00:00:00Z"});
    assert_eq!(shop.call("POST", "/segments/count", Some(before))["count"], 0);
    let refused = shop.answer("zh", "POST", "/segments/count", Some(&json!({"text": "gender = 1"})));
    assert_eq!((refused.status, &refused.json["code"]), (422, &json!("segment.refused")));
    assert_eq!((&refused.json["params"]["reason"], &refused.json["params"]["path"]), (&json!("type_mismatch"), &json!("/right")));
    assert_eq!(shop.answer("zh", "POST", "/segments/count", Some(&json!({"text": "everyone", "sample": 51}))).status, 400);
}

impl Shop {
    /// A segment, once its task has found its members.
    fn built(&self, body: Value) -> Value {
        let id = self.call("POST", "/segments", Some(body))["id"].as_str().unwrap().to_owned();
        let begun = std::time::Instant::now();
        loop {
            let now = self.call("GET", &format!("/segments/{id}"), None);
            if now["building"] == false {
                return now;
            }
            assert!(begun.elapsed() < std::time::Duration::from_secs(60), "the segment is not reckoned: {now}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// Waits until `enough` accepts what is told.
    fn until(&self, path: &str, enough: impl Fn(&Value) -> bool) -> Value {
        let begun = std::time::Instant::now();
        loop {
            let now = self.call("GET", path, None);
            if enough(&now) {
                return now;
            }
            assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{path} does not get there: {now}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

#[test]
fn a_living_segment_follows_what_happens_and_tells_who_came_and_why() {
    let shop = Shop::filled();
    let women = shop.built(json!({"name": "女", "kind": "living", "text": "gender = \"female\""}));
    let came = format!("/segments/{}/members?entered_since=2020-01-01T00:00:00Z", women["id"].as_str().unwrap());
    assert_eq!(
        (&women["entered_today"], shop.call("GET", &came, None)["items"].as_array().unwrap().len()),
        (&json!(0), 0),
        "the first did not come"
    );
    let rich = shop.built(json!({"name": "大单", "kind": "living", "text": "sum(lines.amount where purchase = true) >= ¥400.00"}));
    assert_eq!((&women["size"], &rich["size"]), (&json!(5), &json!(7)));
    let (of, rich_of) = (format!("/segments/{}", women["id"].as_str().unwrap()), format!("/segments/{}", rich["id"].as_str().unwrap()));

    let keys = json!([{"kind": "phone", "value": "13800138009", "verified": true}]);
    let changed = shop.call(
        "POST",
        "/members",
        Some(json!({"external": {"source": "own", "id": "m9"}, "name": "王芳", "keys": keys, "gender": "female"})),
    );
    let grown = shop.until(&of, |s| s["size"] == 6);
    assert_eq!((&grown["entered_today"], &grown["left_today"]), (&json!(1), &json!(0)));
    let change = shop.call("GET", &format!("{of}/changes"), None)["items"][0].clone();
    assert_eq!((&change["member"], &change["kind"], &change["cause"]), (&changed["id"], &json!("entered"), &json!("event")));
    let newest = shop.call("GET", &format!("{of}/members?limit=1"), None);
    assert_eq!(newest["items"][0]["id"], changed["id"]);
    assert_eq!(newest["items"][0]["display_name"], "王*");
    let all = shop.call("GET", &format!("{of}/members"), None);
    let first: Vec<bool> = all["items"].as_array().unwrap().iter().map(|m| m["at_first"].as_bool().unwrap()).collect();
    assert_eq!(first, [false, true, true, true, true, true], "whoever was there when it was made did not come");
    assert!(newest["next_cursor"].is_string());
    let since = newest["items"][0]["entered_at"].as_str().unwrap();
    assert_eq!(shop.call("GET", &came, None)["items"].as_array().unwrap().len(), 1, "as many as the day tells");
    assert_eq!(shop.call("GET", &format!("{of}/members?entered_since={since}"), None)["items"].as_array().unwrap().len(), 1);

    let why = shop.call("GET", &format!("{rich_of}/why?member={}", changed["id"].as_str().unwrap()), None);
    assert_eq!(why["matches"], true);
    assert_eq!(why["tree"][0]["values"][0]["value"], "¥1000.00");
    let asked = json!({"text": "not birthday < 2000-01-01 and gender = \"male\"", "member": changed["id"]});
    let why = shop.call("POST", "/segments/why", Some(asked));
    let results: Vec<(&str, &Value)> =
        why["tree"].as_array().unwrap().iter().map(|n| (n["path"].as_str().unwrap(), &n["result"])).collect();
    let (no, unknown) = (json!(false), Value::Null);
    assert_eq!(results, [("", &no), ("/args/0", &unknown), ("/args/0/arg", &unknown), ("/args/1", &no)]);
    assert_eq!(why["tree"][3]["values"], json!([{"text": "性别", "value": "女"}]));
    assert_eq!(why["tree"][2]["values"], json!([{"text": "生日", "value": null}]));

    let overlap = shop.call("POST", "/segments/overlap", Some(json!({"ids": [women["id"], rich["id"]]})));
    let counts: Vec<i64> = overlap["sizes"].as_array().unwrap().iter().map(|s| s["count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [6, 7, 3], "each, and both");
    let ready = shop.call("GET", "/segments/ready", None);
    for one in ready["items"].as_array().unwrap() {
        let told = shop.call("POST", "/segments/count", Some(json!({"expr": one["expr"]})));
        assert!(told["count"].is_i64(), "{}", one["key"]);
    }
    let renamed = shop.call("PUT", &of, Some(json!({"version": 1, "name": "女会员"})));
    assert_eq!((&renamed["name"], &renamed["size"], &renamed["building"]), (&json!("女会员"), &json!(6), &json!(false)));

    // The command line asks the store, through the process that serves it.
    let run = |arguments: &[&str]| {
        let out = std::process::Command::new(shuke_testkit::process::binary("shuke"))
            .args(arguments)
            .args(["--data", &shop.server.data().display().to_string(), "--json"])
            .env("SHUKE_MASTER_KEY", shuke_store::MasterKey::new(shuke_testkit::MASTER).to_hex().as_str())
            .output()
            .unwrap();
        serde_json::from_slice::<Value>(&out.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", String::from_utf8_lossy(&out.stderr)))
    };
    assert_eq!(run(&["segment", "count", "--id", women["id"].as_str().unwrap()])["count"], 6);
    assert_eq!(run(&["segment", "explain", "--id", women["id"].as_str().unwrap()])["text"], "gender = \"female\"");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("men.seg");
    std::fs::write(&file, "gender = \"male\"").unwrap();
    assert_eq!(run(&["segment", "list", &file.display().to_string()])["members"].as_array().unwrap().len(), 4);
}
