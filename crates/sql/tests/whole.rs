//! The whole with both real programs: a shop over HTTP, its questions by API and by command, compared with
//! the store's own SQL; refusals, limits, and an end when whoever asked has left.

mod real;

use std::io::Write;
use std::net::TcpStream;
use std::process::Output;

use serde_json::{Value, json};
use shuke_store::{MasterKey, Store, StoreConfig, args};

use crate::real::{MASTER, Server, shuke};

struct Shop {
    server: Server,
    key: String,
}

const SCOPES: [&str; 8] =
    ["members:read", "members:write", "orders:read", "orders:write", "segments:read", "sql:run", "audit:read", "export:clear"];

impl Shop {
    fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, json) = self.raw(method, path, body);
        assert!(status < 300, "{method} {path}: {status} {json}");
        json
    }

    fn raw(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let headers = [("authorization", self.key.as_str()), ("accept-language", "en")];
        let body = (method != "GET").then_some(&body);
        let (status, json, _) = self.server.call(method, path, &headers, body);
        (status, json)
    }

    fn sql(&self, statement: &str) -> Value {
        self.call("POST", "/sql", json!({ "statement": statement }))
    }

    fn rows(&self, statement: &str) -> Value {
        self.sql(statement)["rows"].clone()
    }

    fn member(&self, i: usize) -> Value {
        let place = if i < 20 { ("浙江省", "杭州市") } else { ("广东省", "广州市") };
        json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳", "birthday": "1990-05-17",
            "keys": [{"kind": "phone", "value": format!("138001380{i:02}"), "verified": true}], "region": {"province": place.0, "city": place.1}})
    }

    fn order(&self, n: usize, buyer: usize, fen: i64) {
        let paid = json!({"amount": fen, "currency": "CNY"});
        let buyer = json!({"keys": [{"kind": "phone", "value": format!("138001380{buyer:02}"), "verified": true}]});
        self.call(
            "POST",
            "/orders",
            json!({"external": {"source": "own", "id": format!("o{n}")}, "platform": "own", "state": "paid", "currency": "CNY",
                "buyer": buyer, "lines": [{"sku": "MILK", "category": "母婴/奶粉", "quantity": 2, "paid": paid}], "paid": paid,
                "created_at": "2025-11-11T02:00:00Z", "paid_at": "2025-11-11T02:01:00Z"}),
        );
    }

    /// Forty members, thirty of whom bought.
    fn filled() -> Self {
        let server = Server::start();
        let key = server.key(&SCOPES);
        let shop = Self { server, key };
        let items: Vec<Value> = (0..40).map(|i| shop.member(i)).collect();
        shop.call("POST", "/members/batch", json!({ "items": items }));
        for i in 0..30 {
            shop.order(i, i, 10_000 + i as i64);
        }
        shop
    }

    fn shuke(&self, arguments: &[&str]) -> Output {
        shuke().args(arguments).arg("--data").arg(self.server.data()).output().unwrap()
    }
}

#[test]
fn columns_say_what_the_store_says() {
    let mut shop = Shop::filled();
    let questions = [
        ("SELECT count(*) FROM members", "SELECT count(*) FROM member WHERE state = 'live'"),
        (
            "SELECT count(*), sum(paid) FROM orders WHERE purchase",
            "SELECT count(*), CAST(sum(paid) AS BIGINT) FROM orders WHERE purchase = 1 AND member IS NOT NULL",
        ),
        ("SELECT count(*), sum(qty) FROM lines", "SELECT count(*), CAST(sum(quantity) AS BIGINT) FROM order_line"),
    ];
    let ask = |shop: &Shop| questions.map(|(q, _)| shop.rows(q)[0].clone());
    assert_eq!(ask(&shop), [json!([40]), json!([30, 300_435]), json!([30, 60])]);
    assert_eq!(shop.rows("SELECT province, count(*) FROM members GROUP BY 1 ORDER BY 1 DESC"), json!([["浙江", 20], ["广东", 20]]));
    // Facts that are reckoned over everybody are there though they lie in no file.
    let stages = shop.rows("SELECT count(*) FROM members WHERE stage IS NOT NULL AND rfm_m IS NOT NULL");
    let by_segment =
        shop.call("POST", "/segments/count", json!({"text": "not (stage is missing) and not (rfm_m is missing)"}))["count"].clone();
    assert_eq!(stages[0][0], by_segment);
    assert!(by_segment.as_u64().unwrap() > 0);
    assert_eq!(shop.rows("SELECT DISTINCT birthday FROM members"), json!([["1990-01-01"]]));
    let clear = json!({"statement": "SELECT DISTINCT birthday FROM members", "clear": true});
    assert_eq!(shop.call("POST", "/sql", clear)["rows"], json!([["1990-05-17"]]));
    let audit = shop.call("GET", "/audit?action=sql.asked", Value::Null);
    assert!(audit["items"][0]["summary"].as_str().unwrap().contains("[clear] SELECT DISTINCT birthday"), "{audit}");

    // Whoever changes is told once, as they are now.
    shop.order(30, 3, 55);
    shop.order(31, 39, 45);
    let member = shop.member(5);
    let moved = json!({"items": [{"external": member["external"], "keys": member["keys"], "region": {"province": "上海市"}}]});
    shop.call("POST", "/members/batch", moved);
    let now = ask(&shop);
    assert_eq!(now, [json!([40]), json!([32, 300_535]), json!([32, 64])]);
    assert_eq!(shop.rows("SELECT count(*) FROM members WHERE province = '上海'"), json!([[1]]));
    assert_eq!(shop.rows("SELECT count(DISTINCT member_id) FROM orders"), json!([[31]]));

    shop.server.stop();
    let url = format!("sqlite:{}", shop.server.store().display());
    let store = Store::open(StoreConfig::new(url, MasterKey::from_hex(MASTER).unwrap())).unwrap();
    for ((_, own), columns) in questions.iter().zip(&now) {
        let own = (*own).to_owned();
        let width = columns.as_array().unwrap().len();
        let mut row = store.read_now(move |tx| tx.one(&own, args![])).unwrap();
        let told: Vec<i64> = (0..width).map(|i| row.get(i).unwrap()).collect();
        assert_eq!(json!(told), *columns);
    }
}

#[test]
fn wrong_questions_are_refused_with_their_place() {
    let shop = Shop::filled();
    let (status, problem) = shop.raw("POST", "/sql", json!({"statement": "SELECT gender,\n  nothing\nFROM members"}));
    assert_eq!((status, problem["code"].as_str()), (422, Some("sql.unknown_column")), "{problem}");
    assert_eq!(
        (&problem["field"], &problem["params"]["line"], &problem["params"]["column"]),
        (&json!("statement"), &json!("2"), &json!("3"))
    );
    for (statement, status, code) in [
        ("SELEC 1", 400, "sql.syntax"),
        ("DELETE FROM members", 422, "sql.read_only"),
        ("COPY members TO '/tmp/x.csv'", 422, "sql.read_only"),
        ("SELECT 1; SELECT 2", 422, "sql.read_only"),
        ("SELECT * FROM nothing", 422, "sql.unknown_table"),
    ] {
        let answer = shop.raw("POST", "/sql", json!({ "statement": statement }));
        assert_eq!((answer.0, answer.1["code"].as_str()), (status, Some(code)), "{statement}: {}", answer.1);
    }
    assert_eq!(shop.raw("POST", "/sql", json!({"statement": "SELECT 1", "limit": 0})).0, 400);
    let cut = shop.call("POST", "/sql", json!({"statement": "SELECT member_id FROM members", "limit": 7}));
    assert_eq!((cut["rows"].as_array().unwrap().len(), &cut["cut"]), (7, &json!(true)));
    let tables = shop.call("GET", "/sql/tables", Value::Null);
    assert_eq!(tables["installed"], true);
    // What the page lists is what can be asked.
    for table in tables["tables"].as_array().unwrap() {
        let names: Vec<&str> = table["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        let answer = shop.sql(&format!("SELECT * FROM {} LIMIT 0", table["name"].as_str().unwrap()));
        let told: Vec<&str> = answer["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(told, names);
    }
}

#[test]
fn whoever_leaves_ends_the_question() {
    let shop = Shop::filled();
    shop.rows("SELECT 1");
    let address = shop.server.base().strip_prefix("http://").unwrap().to_owned();
    let endless = json!({"statement": "SELECT count(*) FROM generate_series(1, 1000000000000)"}).to_string();
    // As many as are answered at a time, and each leaves without waiting.
    for _ in 0..2 {
        let mut stream = TcpStream::connect(&address).unwrap();
        let (key, length) = (&shop.key, endless.len());
        write!(stream, "POST /api/v1/sql HTTP/1.1\r\nhost: x\r\nauthorization: {key}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{endless}").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    assert_eq!(shop.rows("SELECT count(*) FROM members"), json!([[40]]));
}

#[test]
fn the_command_asks_beside_a_server_and_without_one() {
    let mut shop = Shop::filled();
    for _ in 0..2 {
        let out = shop.shuke(&["sql", "--json", "SELECT province, count(*) AS n FROM members GROUP BY 1 ORDER BY 1"]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let told: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!((&told["rows"], &told["cut"]), (&json!([["广东", 20], ["浙江", 20]]), &json!(false)));
        let out = shop.shuke(&["sql", "--csv", "SELECT '=1+1' AS a, -5 AS b"]);
        assert_eq!(String::from_utf8(out.stdout).unwrap(), "\u{feff}a,b\r\n'=1+1,-5\r\n");
        let out = shop.shuke(&["sql", "--jsonl", "--limit", "2", "SELECT member_id FROM members"]);
        assert_eq!(out.stdout.iter().filter(|b| **b == b'\n').count(), 2);
        assert!(String::from_utf8_lossy(&out.stderr).contains("cut at 2 rows"));
        let out = shop.shuke(&["sql", "SELECT 中文, nothing FROM members"]);
        assert_eq!(out.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&out.stderr).contains("^ line 1, column 8"), "{}", String::from_utf8_lossy(&out.stderr));
        shop.server.stop();
    }
}
