//! Exports of the running program: over HTTP with scopes and links, by the command line beside a
//! serving process and without one, through a kill, on both engines.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};
use shuke_testkit::cluster;
use shuke_testkit::process::{Answer, Owner, Server, binary};

struct Shop {
    server: Server,
    owner: Owner,
}

impl Shop {
    fn new(server: Server) -> Self {
        let owner = server.owner();
        Self { server, owner }
    }

    fn staff(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.server.call(method, &format!("/api/v1{path}"), &self.owner.headers(), body)
    }

    fn key(&self, scopes: &[&str]) -> String {
        self.server.key_of(&self.owner, scopes)
    }

    fn by(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.server.call(method, &format!("/api/v1{path}"), &[("authorization", key)], body)
    }

    /// Orders of so many members, a thousand a batch.
    fn fill(&self, many: i64) {
        for from in (0..many).step_by(1000) {
            let order = |n: i64| {
                json!({
                    "external": {"source": "own", "id": format!("o{n:07}")}, "state": "completed", "created_at": "2026-09-01T04:00:00Z", "paid_at": "2026-09-01T04:05:00Z",
                    "paid": {"amount": 1000 + n, "currency": "CNY"}, "merchant_received": {"amount": 990 + n, "currency": "CNY"},
                    "buyer": {"keys": [{"kind": "own_id", "value": format!("p{n}"), "verified": true}, {"kind": "phone", "value": format!("139{n:08}"), "verified": true}]},
                    "receiver": {"name": "张三丰", "phone": format!("139{n:08}"), "province": "浙江省", "address": "文三路1号"},
                    "lines": [{"id": "1", "sku": format!("S{}", n % 30), "title": "=奶瓶", "quantity": 1, "paid": {"amount": 1000 + n, "currency": "CNY"}}],
                })
            };
            let items: Vec<_> = (from..many.min(from + 1000)).map(order).collect();
            let done = self.staff("POST", "/orders/batch", Some(&json!({ "items": items })));
            assert_eq!(done.status, 200, "{}", done.json);
        }
    }

    /// A file's bytes, by the link that a browser would follow.
    fn follow(&self, path: &str) -> (u16, Vec<u8>) {
        let url = format!("{}/api/v1{path}", self.server.base());
        let file = tempfile::NamedTempFile::new().unwrap();
        let cookie = format!("cookie: {}", self.owner.cookie);
        let to = file.path().to_str().unwrap();
        let out = Command::new("curl").args(["-s", "-H", &cookie, "-o", to, "-w", "%{http_code}", &url]).output().expect("curl");
        assert!(out.status.success(), "the file broke off");
        (String::from_utf8_lossy(&out.stdout).parse().unwrap(), std::fs::read(file.path()).unwrap())
    }

    fn ready(&self, id: &str) -> Value {
        for _ in 0..600 {
            let now = self.staff("GET", &format!("/exports/{id}"), None).json;
            if !["queued", "running"].contains(&now["state"].as_str().unwrap_or_default()) {
                return now;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{id} did not come to its end");
    }
}

#[test]
fn what_goods_cost_is_for_who_may_see_it() {
    let shop = Shop::new(Server::start());
    let money = |amount: i64| json!({"amount": amount, "currency": "CNY"});
    let product = json!({"external": {"source": "own", "id": "A"}, "sku": "A", "price": money(9_900), "cost": money(3_100)});
    assert_eq!(shop.staff("POST", "/products", Some(&product)).status, 201);
    let file = shop.staff("POST", "/products/export", Some(&json!({"format": "csv"})));
    assert_eq!(file.status, 201, "{}", file.json);
    let file = format!("/exports/{}", file.json["id"].as_str().unwrap());

    let (agent, finance) = (shop.key(&["products:read"]), shop.key(&["products:read", "products:cost"]));
    for (key, cost, taken, seen) in [(&agent, Value::Null, 403, 403), (&finance, money(3_100), 201, 200)] {
        for path in ["/products", "/products/by-external/own/A"] {
            let told = shop.by(key, "GET", path, None).json;
            let told = if told["items"].is_array() { told["items"][0].clone() } else { told };
            assert_eq!((&told["price"], &told["cost"]), (&money(9_900), &cost), "{path}");
        }
        assert_eq!(shop.by(key, "POST", "/products/export", Some(&json!({"format": "csv"}))).status, taken);
        assert_eq!(shop.by(key, "GET", &file, None).status, seen);
    }
}

#[test]
fn a_small_list_is_ready_in_the_answer_and_a_link_fetches_it() {
    let shop = Shop::new(Server::start());
    shop.fill(30);
    let made = shop.staff("POST", "/members/export", Some(&json!({"format": "csv", "language": "en"})));
    assert_eq!((made.status, made.json["state"].as_str()), (201, Some("ready")), "{}", made.json);
    assert_eq!((made.json["row_count"].as_i64(), made.json["sheets"].as_i64()), (Some(30), Some(1)));
    let id = made.json["id"].as_str().unwrap();
    let (status, bytes) = shop.follow(&format!("/exports/{id}/file?merchant={}", shop.owner.merchant));
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!((status, text.lines().count()), (200, 31));
    assert!(text.starts_with("\u{feff}id,name,phone") && text.contains("139****0007") && !text.contains("13900000007"), "{text}");
    assert_eq!(shop.staff("GET", "/exports", None).json["items"][0]["id"], made.json["id"]);

    // In clear: a permission, a reason, an entry.
    let wanted =
        |reason: &str| json!({"format": "csv", "language": "en", "clear": true, "reason": reason, "filter": {"query": "13900000007"}});
    assert_eq!(shop.staff("POST", "/members/export", Some(&wanted(""))).json["code"], "export.reason_needed");
    let clear = shop.staff("POST", "/members/export", Some(&wanted("回访")));
    assert_eq!(clear.json["state"], "ready", "{}", clear.json);
    let clear_id = clear.json["id"].as_str().unwrap();
    let (_, bytes) = shop.follow(&format!("/exports/{clear_id}/file"));
    assert!(String::from_utf8(bytes).unwrap().contains("13900000007"));
    let narrow = shop.key(&["members:read"]);
    assert_eq!(shop.by(&narrow, "POST", "/members/export", Some(&wanted("回访"))).status, 403);
    assert_eq!(shop.by(&narrow, "GET", &format!("/exports/{clear_id}/file"), None).status, 403);
    assert_eq!(shop.by(&narrow, "GET", &format!("/exports/{id}"), None).status, 200);
    assert_eq!(shop.by(&narrow, "DELETE", &format!("/exports/{id}"), None).status, 403, "somebody else's");
    let orders = shop.key(&["orders:read"]);
    assert_eq!(shop.by(&orders, "GET", &format!("/exports/{id}"), None).status, 403);
    assert_eq!(shop.by(&orders, "GET", "/exports", None).json["items"].as_array().unwrap().len(), 0);
    let said = shop.staff("GET", "/audit", None).json.to_string();
    assert!(said.contains("export.requested") && said.contains("export.downloaded") && said.contains("回访"), "{said}");

    for (path, body) in [
        ("/orders/export", json!({"format": "xlsx", "rows": "both"})),
        ("/refunds/export", json!({"format": "parquet"})),
        ("/products/export", json!({"format": "csv"})),
        (
            "/reports/settlement/orders/export",
            json!({"format": "csv", "language": "en", "filter": {"from": "2026-01-01", "to": "2027-01-01", "part": "differs"}}),
        ),
    ] {
        let made = shop.staff("POST", path, Some(&body));
        assert_eq!((made.status, made.json["state"].as_str()), (201, Some("ready")), "{path}: {}", made.json);
        let (status, bytes) = shop.follow(&format!("/exports/{}/file", made.json["id"].as_str().unwrap()));
        assert!(status == 200 && !bytes.is_empty());
    }
    for (path, body, code) in [
        ("/orders/export", json!({"format": "pdf"}), "export.unknown_word"),
        ("/orders/export", json!({"format": "csv", "rows": "both"}), "export.one_table"),
        ("/orders/export", json!({"format": "csv", "filter": {"state": "lost"}}), "export.unknown_word"),
        ("/members/export", json!({"format": "csv", "filter": {"nosuch": 1}}), "request.invalid"),
        ("/reports/settlement/orders/export", json!({"format": "csv", "filter": {"part": "lost"}}), "export.unknown_word"),
    ] {
        let made = shop.staff("POST", path, Some(&body));
        assert_eq!((made.status, made.json["code"].as_str()), (400, Some(code)), "{path} {body}: {}", made.json);
    }
    assert_eq!(shop.staff("DELETE", &format!("/exports/{id}"), None).status, 204);
    assert_eq!(shop.staff("GET", &format!("/exports/{id}"), None).status, 404);

    // An erasure withdraws what members stand in.
    let gone = shop.staff("GET", "/members?query=13900000007", None).json["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(shop.staff("DELETE", &format!("/members/{gone}"), None).status, 200);
    assert_eq!(shop.staff("GET", &format!("/exports/{clear_id}"), None).json["state"], "withdrawn");
    assert_eq!(shop.follow(&format!("/exports/{clear_id}/file")).0, 404);
}

#[test]
fn the_settlement_report_answers_with_sums_orders_and_tables() {
    let shop = Shop::new(Server::start());
    shop.fill(60);
    let answer = shop.staff("GET", "/reports/settlement?from=2026-01-01&to=2027-01-01", None);
    assert_eq!(answer.status, 200, "{}", answer.json);
    let total = &answer.json["total"];
    assert_eq!((total["orders"].as_i64(), total["differing"].as_i64(), total["difference"].as_i64()), (Some(60), Some(60), Some(-600)));
    assert_eq!(answer.json["by_month"][0]["month"], "2026-09");
    assert_eq!((answer.json["reasons"][0]["reason"].as_str(), answer.json["reasons"][0]["orders"].as_i64()), (Some("deducted"), Some(60)));
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page =
            shop.staff("GET", &format!("/reports/settlement/orders?from=2026-01-01&to=2027-01-01&reason=deducted&limit=25{cursor}"), None);
        assert_eq!(page.status, 200, "{}", page.json);
        for order in page.json["items"].as_array().unwrap() {
            assert_eq!(order["difference"], json!({"amount": -10, "currency": "CNY"}));
            assert_eq!(order["reasons"][0]["amount"]["amount"], -10);
            seen.push(order["order_no"].as_str().unwrap().to_owned());
        }
        match page.json["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60);
    let table = shop.follow("/reports/settlement/export?table=by_month&from=2026-01-01&to=2027-01-01");
    assert!(String::from_utf8(table.1).unwrap().contains("2026-09,CNY,60,0,60,0,"));
    let wrong = shop.staff("GET", "/reports/settlement?from=2027-01-01&to=2026-01-01", None);
    assert_eq!((wrong.status, wrong.json["code"].as_str()), (400, Some("settlement.window")));
    let platforms = shop.follow("/reports/settlement/export?table=platforms&from=2026-01-01&to=2027-01-01");
    assert_eq!(String::from_utf8(platforms.1).unwrap().lines().count(), 2, "one platform, one total");
    let untold = shop.staff("GET", "/reports/settlement/orders?from=2026-01-01&to=2027-01-01&part=untold", None);
    assert_eq!((untold.status, untold.json["items"].as_array().map(Vec::len)), (200, Some(0)), "all of them are told");
    let xlsx = shop.follow("/reports/dashboard/export?format=xlsx&table=trend");
    assert!(xlsx.0 == 200 && xlsx.1.starts_with(b"PK"), "any report's table in any format");
    let goods = shop.follow("/reports/goods/export?format=csv&top=5");
    assert_eq!(String::from_utf8(goods.1).unwrap().lines().count(), 31, "every good, whatever `top` says");
    let parquet = shop.follow("/reports/goods/export?format=parquet");
    assert!(parquet.0 == 200 && parquet.1.starts_with(b"PAR1") && parquet.1.ends_with(b"PAR1"));
}

fn shuke(data: &Path, store: Option<&str>, directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary("shuke"));
    command.args(arguments).arg("--data").arg(data).current_dir(directory);
    command.env("SHUKE_MASTER_KEY", shuke_store::MasterKey::new(shuke_testkit::MASTER).to_hex().as_str());
    if let Some(store) = store {
        command.arg("--store").arg(store);
    }
    command.output().unwrap()
}

fn told(out: &Output) -> Value {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn the_command_line_writes_files_beside_a_serving_process_and_without_one() {
    for postgres in [false, true] {
        let folder = tempfile::TempDir::new().unwrap();
        let data = tempfile::TempDir::new().unwrap();
        let database = postgres.then(|| cluster::shared().create_database("template0"));
        let url = database.as_ref().map(|d| d.url());
        let shop = Shop::new(Server::start_on(data.path(), url.as_deref()));
        shop.fill(40);
        let run = |arguments: &[&str]| shuke(data.path(), url.as_deref(), folder.path(), arguments);
        let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();

        let one = told(&run(&["export", "members", "--out", "members.csv", "--json", "--headings", "en"]));
        assert_eq!((one["rows"].as_i64(), one["format"].as_str(), one["clear"].as_bool()), (Some(40), Some("csv"), Some(false)));
        assert!(String::from_utf8(read("members.csv")).unwrap().contains("139****0007"));
        let again = run(&["export", "members", "--out", "members.csv", "--json"]);
        assert_eq!(again.status.code(), Some(2), "a file that is there is not replaced unasked");
        assert_eq!(run(&["export", "members", "--out", "m.csv", "--clear"]).status.code(), Some(2), "clear needs a reason");
        told(&run(&["export", "members", "--out", "clear.csv", "--clear", "--reason", "迁移核对", "--query", "13900000007", "--json"]));
        assert!(String::from_utf8(read("clear.csv")).unwrap().contains("13900000007"));
        assert_eq!(run(&["export", "orders", "--out", "o.pdf"]).status.code(), Some(2));
        let lines = told(&run(&["export", "orders", "--rows", "lines", "--out", "lines.parquet", "--json"]));
        assert_eq!(lines["rows"], 40);
        let from = told(&run(&["export", "orders", "--from", "2026-10-01T00:00:00+08:00", "--out", "none.xlsx", "--json"]));
        assert_eq!((from["rows"].as_i64(), from["sheets"].as_i64()), (Some(0), Some(1)));
        told(&run(&["export", "refunds", "--state", "succeeded", "--out", "refunds.csv", "--json"]));
        told(&run(&["export", "products", "--out", "products.csv", "--json"]));
        let table = told(&run(&["export", "report", "dashboard", "--table", "trend", "--out", "trend.xlsx", "--json"]));
        assert_eq!(table["what"], "dashboard trend");
        let goods = told(&run(&["export", "report", "goods", "--out", "goods.csv", "--json"]));
        assert_eq!(goods["rows"], 30, "every good, not the first twenty");
        assert!(read("trend.xlsx").starts_with(b"PK"));
        let window = ["--from", "2026-01-01", "--to", "2027-01-01"];
        let settled =
            run(&[&["export", "report", "settlement", "--table", "by_month", "--out", "months.csv", "--json"], &window[..]].concat());
        assert_eq!(told(&settled)["rows"], 1);
        let report = told(&run(&[&["report", "settlement", "--json"], &window[..]].concat()));
        assert_eq!(report["total"]["difference"], -400);
        let told_orders = run(&[&["export", "settlement", "--out", "differing.csv", "--json"], &window[..]].concat());
        assert_eq!(told(&told_orders)["rows"], 40);
        // What was fetched is not kept.
        assert_eq!(shop.staff("GET", "/exports", None).json["items"].as_array().unwrap().len(), 0);
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder.path().join("clear.csv")).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);

        // The same without a serving process.
        let mut shop = shop;
        shop.server.stop();
        assert_eq!(told(&run(&["export", "members", "--out", "later.xlsx", "--json"]))["rows"], 40);
        // One that fails after it was gathered leaves nothing to be downloaded either.
        let long = format!("{}.csv", "n".repeat(250));
        let failed = run(&["export", "members", "--out", &long, "--clear", "--reason", "核对", "--json"]);
        assert_ne!(failed.status.code(), Some(0), "the unfinished file's name would be too long");
        let said = String::from_utf8_lossy(&failed.stderr).into_owned();
        shop.server = Server::start_on(data.path(), url.as_deref());
        let kept = shop.staff("GET", "/exports", None).json;
        assert_eq!(kept["items"].as_array().unwrap().len(), 0, "{said} {kept}");
        shop.server.stop();
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert!(!left.iter().any(|n| n.to_string_lossy().ends_with(".part")), "{left:?}");
    }
}

#[test]
fn an_export_that_was_killed_with_its_process_goes_on() {
    let data = tempfile::TempDir::new().unwrap();
    let mut shop = Shop::new(Server::start_on(data.path(), None));
    shop.fill(3_000);
    let made = shop.staff("POST", "/orders/export", Some(&json!({"format": "csv", "rows": "lines", "language": "en"})));
    let id = made.json["id"].as_str().unwrap().to_owned();
    let second = shop.staff("POST", "/members/export", Some(&json!({"format": "parquet"}))).json["id"].as_str().unwrap().to_owned();
    shop.server.kill();
    shop.server = Server::start_on(data.path(), None);
    for (id, rows) in [(id, 3_000), (second, 3_000)] {
        let done = shop.ready(&id);
        assert_eq!((done["state"].as_str(), done["row_count"].as_i64()), (Some("ready"), Some(rows)), "{done}");
        let (status, bytes) = shop.follow(&format!("/exports/{id}/file"));
        assert_eq!(status, 200);
        if done["format"] == "csv" {
            let mut numbers: Vec<String> =
                String::from_utf8(bytes).unwrap().lines().skip(1).map(|l| l.split(',').nth(1).unwrap().to_owned()).collect();
            numbers.sort();
            numbers.dedup();
            assert_eq!(numbers.len(), 3_000);
        }
    }
}
