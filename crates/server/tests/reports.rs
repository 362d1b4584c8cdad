//! Reports of the running program: figures, their members page by page, CSV, refusals; and columns
//! through kills at any moment while they are written.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use shuke_testkit::process::{Answer, Server, binary};

struct Shop {
    server: Server,
    key: String,
}

const SCOPES: [&str; 3] = ["orders:read", "orders:write", "members:read"];

impl Shop {
    fn get(&self, path: &str) -> Answer {
        self.server.call("GET", &format!("/api/v1{path}"), &[("authorization", self.key.as_str()), ("accept-language", "en")], None)
    }

    fn orders(&self, numbers: std::ops::Range<i64>) {
        let done = self.server.call("POST", "/api/v1/orders/batch", &[("authorization", self.key.as_str())], Some(&orders(numbers)));
        assert_eq!(done.status, 200, "{}", done.json);
    }
}

fn orders(numbers: std::ops::Range<i64>) -> Value {
    let order = |n: i64| {
        let buyer =
            if n % 5 == 0 { json!({}) } else { json!({"keys": [{"kind": "own_id", "value": format!("p{}", n % 40), "verified": true}]}) };
        json!({
            "external": {"source": "own", "id": format!("o{n}")}, "state": "paid", "created_at": format!("2025-{:02}-{:02}T04:00:00Z", 1 + n % 12, 1 + n % 28),
            "paid_at": format!("2025-{:02}-{:02}T04:05:00Z", 1 + n % 12, 1 + n % 28), "paid": {"amount": 1000 + n, "currency": "CNY"}, "buyer": buyer,
            "lines": [{"id": "1", "sku": format!("S{}", n % 7), "title": "奶瓶", "quantity": 1, "paid": {"amount": 1000 + n, "currency": "CNY"}}],
        })
    };
    json!({"items": numbers.map(order).collect::<Vec<_>>()})
}

#[test]
fn reports_answer_with_their_members_and_their_tables() {
    let server = Server::start();
    let key = server.key(&SCOPES);
    let shop = Shop { server, key };
    shop.orders(0..200);
    let dashboard = shop.get("/reports/dashboard?as_of=2026-01-01&from=2025-07-01");
    assert_eq!(dashboard.status, 200, "{}", dashboard.json);
    assert_eq!(dashboard.json["coverage"]["orders_unidentified"], 19, "{}", dashboard.json);
    assert_eq!(
        dashboard.json["orders"]["count"],
        dashboard.json["orders"]["first"].as_i64().unwrap() + dashboard.json["orders"]["repeat"].as_i64().unwrap() + 19
    );
    assert_eq!(dashboard.json["previous"]["to"], "2025-07-01");
    assert!(dashboard.json["known"]["position"].as_i64().unwrap() > 0 && dashboard.json["zone"] == "Asia/Shanghai");

    // Every report answers, and what is new is in at once.
    for name in ["dashboard", "rfm", "lifecycle", "cohort", "interval", "calendar", "goods", "region"] {
        assert_eq!(shop.get(&format!("/reports/{name}?as_of=2026-01-01")).json["coverage"]["orders_identified"], 160, "{name}");
    }
    shop.orders(200..210);
    assert_eq!(shop.get("/reports/rfm?as_of=2026-01-01").json["coverage"]["orders_identified"], 168);

    // The members behind a number, page by page, are as many as it says.
    let buyers = shop.get("/reports/dashboard?as_of=2026-01-01").json["members"]["buyers"].as_u64().unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.get(&format!("/reports/dashboard/members?of=buyers&as_of=2026-01-01&limit=7{cursor}"));
        assert_eq!(page.status, 200, "{}", page.json);
        seen.extend(page.json["items"].as_array().unwrap().iter().map(|m| m["member"].as_str().unwrap().to_owned()));
        match page.json["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len() as u64, buyers);
    assert!(seen.windows(2).all(|w| w[0] < w[1]) && seen.iter().all(|m| m.starts_with("mem_")));

    for (path, status, code) in [
        ("/reports/dashboard?as_of=2026-01-01&to=2026-02-01", 400, "report.to_after_as_of"),
        ("/reports/cohort?as_of=9998-12-31", 400, "report.as_of_too_far"),
        ("/reports/lifecycle/members?of=lost&as_of=2999-01-01", 400, "report.as_of_too_far"),
        ("/reports/dashboard?as_of=2026-01-01&from=2026-01-01", 400, "report.from_not_before_to"),
        ("/reports/rfm?cuts=odd", 400, "request.invalid"),
        ("/reports/rfm?zone=Nowhere", 400, "report.unknown_zone"),
        ("/reports/rfm?as_of=yesterday", 400, "request.invalid"),
        ("/reports/rfm/members?of=best", 400, "report.no_such_number"),
        ("/reports/odd/export", 404, "report.unknown"),
        ("/reports/goods/export?table=odd", 400, "report.unknown_table"),
    ] {
        let answer = shop.get(path);
        assert_eq!((answer.status, answer.json["code"].as_str()), (status, Some(code)), "{path}: {}", answer.json);
    }
    let csv = ureq_text(&shop, "/reports/goods/export?as_of=2026-01-01");
    assert!(csv.starts_with("\u{feff}商品编码,名称,类目,订单数,购买人数,件数,净实付,"), "{csv}");
    assert_eq!(csv.lines().count(), 8, "{csv}");
    // A file says which days it is of, in its name and, as goods have no day, in each row.
    let narrow = "/reports/goods/export?as_of=2026-01-01&from=2025-07-01";
    assert_eq!(file_name(&shop, narrow), "goods-rows-2025-07-01-2025-12-31.csv");
    assert_eq!(file_name(&shop, "/reports/goods/export?as_of=2026-01-01&format=xlsx"), "goods-rows-until-2025-12-31.xlsx");
    let dated = ureq_text(&shop, narrow);
    assert!(dated.lines().next().unwrap().ends_with(",起始,截至（不含）,币种"), "{dated}");
    assert!(dated.lines().skip(1).all(|line| line.ends_with(",2025-07-01,2026-01-01,CNY")), "{dated}");
    // Orders of 10.00 to 12.09 yuan; a person reads yuan, a program minor units.
    let goods = shop.get("/reports/goods?as_of=2026-01-01&top=1").json["rows"][0].clone();
    let paid = goods["paid"].as_i64().unwrap();
    let first = csv.lines().nth(1).unwrap();
    assert_eq!(first.split(',').nth(6), Some(format!("{}.{:02}", paid / 100, paid % 100).as_str()), "{first}");
    assert!(first.ends_with(",CNY"), "{first}");
    let figures = ureq_text(&shop, "/reports/dashboard/export?table=figures&as_of=2026-01-01");
    let mean = shop.get("/reports/dashboard?as_of=2026-01-01").json["average_order_value"].clone();
    let (num, den) = (mean["num"].as_i64().unwrap(), mean["den"].as_i64().unwrap());
    let fen = (2 * num + den) / (2 * den);
    assert!(figures.contains(&format!("客单价,{}.{:02},CNY", fen / 100, fen % 100)), "{figures}");
    assert!(figures.contains("会员数 · 会员总数,"), "{figures}");

    // The command line, while the server holds the store.
    let said = shuke(&shop.server, &["report", "rfm", "--as-of", "2026-01-01", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["coverage"]["orders_identified"], 168);
    assert!(shuke(&shop.server, &["columns", "verify"]).contains("agree"));
}

#[test]
fn a_member_stands_where_the_reports_say_and_the_calendar_marks_them() {
    let server = Server::start();
    let key = server.key(&SCOPES);
    let shop = Shop { server, key };
    shop.orders(0..200);
    let ask = "as_of=2026-02-01";
    let group = shop.get(&format!("/reports/rfm?{ask}")).json["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|g| g["members"].as_i64() > Some(0))
        .cloned()
        .unwrap();
    let of = group["group"].as_str().unwrap().replace('+', "%2B");
    let member = shop.get(&format!("/reports/rfm/members?of={of}&{ask}")).json["items"][0]["member"].as_str().unwrap().to_owned();
    let standing = shop.get(&format!("/members/{member}/standing?{ask}"));
    assert_eq!(standing.status, 200, "{}", standing.json);
    let it = &standing.json;
    assert_eq!((&it["member"], &it["rfm"]["group"], &it["rfm"]["zh"]), (&json!(member), &group["group"], &group["zh"]));
    let stage = it["lifecycle"]["stage"].as_str().unwrap();
    let there = shop.get(&format!("/reports/lifecycle/members?of={stage}&limit=200&{ask}"));
    assert!(there.json["items"].as_array().unwrap().iter().any(|m| m["member"] == member.as_str()), "{it}");
    assert_eq!(it["known"], it["compared_with"]);
    assert!(it["reasons"][0]["zh"].as_str().unwrap().contains("故为"), "{it}");
    // What is new is in at once.
    let before = it["rfm"]["f"].as_i64().unwrap();
    shop.orders(200..240);
    assert_eq!(shop.get(&format!("/members/{member}/standing?{ask}")).json["rfm"]["f"].as_i64().unwrap(), before + 1);
    assert_eq!(shop.get("/members/mem_00000000000000000000000000/standing").json["code"], "report.member_unknown");

    let year = shop.get("/calendar/occasions?from=2025-01-01&to=2026-01-01");
    assert!(year.json["items"].as_array().unwrap().iter().any(|o| o["code"] == "double_11" && o["day"] == "2025-11-11"), "{}", year.json);
    let own = json!({"name": "店庆", "from": "2025-07-01", "to": "2025-07-04"});
    let auth = [("authorization", shop.key.as_str())];
    let made = shop.server.call("POST", "/api/v1/calendar/occasions", &auth, Some(&own));
    assert_eq!((made.status, &made.json["kind"]), (201, &json!("own")), "{}", made.json);
    let path = format!("/api/v1/calendar/occasions/{}", made.json["id"].as_str().unwrap());
    let moved = shop.server.call("PUT", &path, &auth, Some(&json!({"name": "店庆", "from": "2025-07-02", "to": "2025-07-05"})));
    assert_eq!((moved.status, &moved.json["day"]), (200, &json!("2025-07-02")), "{}", moved.json);
    for report in ["dashboard", "calendar"] {
        let marked = shop.get(&format!("/reports/{report}?{ask}"));
        let names: Vec<_> =
            marked.json["occasions"].as_array().unwrap().iter().map(|o| o["name"]["zh"].as_str().unwrap().to_owned()).collect();
        assert!(["店庆", "双11", "春节"].iter().all(|n| names.iter().any(|m| m == n)), "{names:?}");
    }
    assert!(shop.get(&format!("/reports/goods?{ask}")).json["occasions"].is_null());
    assert_eq!(shop.server.call("DELETE", &path, &auth, None).status, 204);
    assert_eq!(shop.server.call("GET", &path, &auth, None).status, 404);

    // Day by day, and beside the year before.
    let daily = shop.get("/reports/dashboard?as_of=2026-01-01&from=2025-12-01&grain=day&compare=last_year");
    let points = daily.json["series"]["points"].as_array().unwrap();
    assert_eq!((points.len(), &points[0]["from"], &points[30]["to"]), (31, &json!("2025-12-01"), &json!("2026-01-01")));
    let sum: i64 = points.iter().map(|p| p["orders"].as_i64().unwrap()).sum();
    assert_eq!(sum, daily.json["orders"]["count"].as_i64().unwrap());
    assert_eq!((&daily.json["compared"]["from"], &daily.json["compared"]["orders"]["count"]), (&json!("2024-12-01"), &json!(0)));
    let refunded = shop.get("/reports/dashboard/members?of=repeat_orders&as_of=2026-01-01");
    assert_eq!(refunded.status, 200, "{}", refunded.json);
    for (path, code) in [
        ("/reports/dashboard?compare=last_year", "report.compare_needs_from"),
        ("/reports/dashboard?grain=hour", "request.invalid"),
        ("/reports/dashboard?grain=day&from=1950-01-01", "report.too_many_points"),
        ("/reports/rfm?grain=day", "request.invalid"),
        ("/calendar/occasions?from=2025-01-01&to=2025-01-01", "request.invalid"),
    ] {
        let answer = shop.get(path);
        assert_eq!((answer.status, answer.json["code"].as_str()), (400, Some(code)), "{path}: {}", answer.json);
    }
}

fn ureq_text(shop: &Shop, path: &str) -> String {
    let out = Command::new("curl")
        .args(["-s", "-H", &format!("authorization: {}", shop.key), &format!("{}/api/v1{path}", shop.server.base())])
        .output()
        .expect("curl");
    String::from_utf8(out.stdout).unwrap()
}

/// What a file is to be called, by the answer's head.
fn file_name(shop: &Shop, path: &str) -> String {
    let url = format!("{}/api/v1{path}", shop.server.base());
    let key = format!("authorization: {}", shop.key);
    let out = Command::new("curl").args(["-s", "-D", "-", "-o", "/dev/null", "-H", &key, &url]).output().expect("curl");
    let head = String::from_utf8(out.stdout).unwrap();
    let name = head.lines().find_map(|l| l.split_once("filename=\"")).unwrap_or_else(|| panic!("{head}")).1;
    name.split('"').next().unwrap().to_owned()
}

fn shuke(server: &Server, arguments: &[&str]) -> String {
    let mut command = Command::new(binary("shuke"));
    command.env("SHUKE_MASTER_KEY", shuke_store::MasterKey::new(shuke_testkit::MASTER).to_hex().as_str());
    let out = command.args(arguments).arg("--data").arg(server.data()).output().unwrap();
    assert!(out.status.success(), "{arguments:?}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn columns_killed_at_any_moment_say_what_the_store_says() {
    let home = tempfile::tempdir().unwrap();
    let mut server = Server::start_on(home.path(), None);
    let key = server.key(&SCOPES);
    let mut written = 0;
    for round in 0..10_u64 {
        let base = server.base();
        let auth = key.clone();
        // One writes orders and one asks for reports, until the program is killed under them.
        let writer = std::thread::spawn(move || {
            let mut done = written;
            while Server::try_call(&base, "POST", "/api/v1/orders/batch", &[("authorization", &auth)], Some(&orders(done..done + 20)))
                .is_ok_and(|a| a.status == 200)
            {
                done += 20;
            }
            done
        });
        let (base, auth) = (server.base(), key.clone());
        let reader = std::thread::spawn(move || {
            while Server::try_call(&base, "GET", "/api/v1/reports/dashboard?as_of=2026-01-01", &[("authorization", &auth)], None).is_ok() {}
        });
        std::thread::sleep(Duration::from_millis(60 + 37 * (round * 7 % 10)));
        server.kill();
        written = writer.join().unwrap();
        reader.join().unwrap();
        if round % 4 == 3 {
            // Deleted under way: built anew.
            let _ = std::fs::remove_dir_all(home.path().join("columns"));
        }
        server = Server::start_on(home.path(), None);
        let shop = Shop { server, key: key.clone() };
        let told = shop.get("/reports/dashboard?as_of=2026-01-01");
        assert_eq!(told.status, 200, "{}", told.json);
        let orders = told.json["orders"]["count"].as_i64().unwrap();
        let stored: i64 = shop.get("/overview").json["orders"]["total"].as_i64().unwrap();
        assert_eq!(orders, stored, "round {round}");
        assert!(orders >= written, "round {round}: {orders} of {written}");
        assert!(shuke(&shop.server, &["columns", "verify"]).contains("agree"), "round {round}");
        server = shop.server;
    }
    assert!(written > 0);
}
