//! The smallest whole loop over HTTP on both engines: a group is frozen, handed over, answered for and
//! measured, while the program is killed on its way. Nobody is judged twice, no row is new twice, and
//! the sums come out to the person.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use shuke_testkit::process::{Server, binary};
use shuke_testkit::shop::{Place, Shop};

const MEMBERS: usize = 600;
const BROWSER: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

/// An answer as it came: status, head, body.
struct Raw {
    status: u16,
    head: String,
    body: String,
}

fn started(place: &Place) -> Server {
    let mut command = Command::new(binary("shuke"));
    command.env("SHUKE_RATE_LIMIT", "600000").env("SHUKE_PUBLIC_URL", "http://s.example.com");
    Server::start_with(command, place.folder(), Some(place.store()))
}

fn phone(i: usize) -> String {
    format!("139{i:08}")
}

fn raw(shop: &Shop, method: &str, path: &str, headers: &str, body: &[u8]) -> Raw {
    let host = shop.server.base().replace("http://", "");
    let mut stream = TcpStream::connect(&host).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let text = String::from_utf8_lossy(&all).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = if head.to_lowercase().contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_owned() };
    Raw { status, head: head.to_owned(), body }
}

/// The sheet of a batch: its name, and its rows as phone, link, whether a repeat.
fn sheet(shop: &Shop, id: &str) -> (String, Vec<(String, String, bool)>) {
    let headers = format!("Authorization: {}\r\nAccept-Language: en\r\n", shop.key);
    let answer = raw(shop, "GET", &format!("/api/v1/batches/{id}/file"), &headers, b"");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut lines = answer.body.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("phone,name,link,batch,repeat"));
    let row = |l: &str| {
        let cells: Vec<&str> = l.split(',').collect();
        (cells[0].to_owned(), cells[2].to_owned(), cells[4] == "true")
    };
    let name = answer.head.lines().find(|l| l.to_lowercase().starts_with("content-disposition")).unwrap().to_owned();
    (name, lines.map(row).collect())
}

fn results(shop: &Shop, id: &str, sheet: &str) -> Value {
    shop.upload(200, &format!("/batches/{id}/results"), "r.csv", sheet)
}

fn frozen(shop: &Shop, id: &str) -> Value {
    shop.until("the batch does not get on", &format!("/batches/{id}"), |b| b["state"] != "draft")
}

fn unchunked(mut body: &str) -> String {
    let mut out = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        out.push_str(&rest[..size]);
        body = &rest[size + 2..];
    }
    out
}

/// Losses and those handed over come to those matched; tells how many are handed over.
fn sums(batch: &Value) -> i64 {
    let (funnel, mut left) = (&batch["funnel"], batch["funnel"]["handed_over"].as_i64().unwrap());
    left += funnel["losses"].as_object().unwrap().values().filter_map(Value::as_i64).sum::<i64>();
    assert_eq!(left, funnel["matched"].as_i64().unwrap(), "{funnel}");
    funnel["handed_over"].as_i64().unwrap()
}

fn filled(shop: &Shop) -> Vec<String> {
    let mut ids = Vec::new();
    for part in 0..MEMBERS / 300 {
        let items: Vec<Value> = (part * 300..(part + 1) * 300)
            .map(|i| json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳", "keys": [{"kind": "phone", "value": phone(i), "verified": true}]}))
            .collect();
        let made = shop.call(200, "POST", "/members/batch", Some(json!({"items": items})));
        ids.extend(made["results"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()));
    }
    std::thread::scope(|scope| {
        for part in ids.chunks(ids.len() / 4 + 1) {
            scope.spawn(move || {
                for id in part {
                    let said = json!({"purpose": "marketing", "channel": "sms", "granted": true, "at": "2026-01-01T00:00:00Z"});
                    shop.done("POST", &format!("/members/{id}/consents"), Some(said));
                }
            });
        }
    });
    ids
}

fn the_loop(postgres: bool) {
    let place = Place::new(postgres);
    let scopes = [
        "members:read",
        "members:write",
        "orders:read",
        "orders:write",
        "batches:read",
        "batches:write",
        "batches:export",
        "segments:read",
    ];
    let mut shop = Shop::new(started(&place), &scopes);
    let ids = filled(&shop);
    let asked = json!({"name": "新品短信", "text": "everyone", "destination": "sms", "holdout_percent": 20,
        "target_url": "https://shop.example.com/new", "cost_per_thousand": 4500});

    // The preview tells what then happens, though the program is killed again and again on its way.
    let preview = shop.call(200, "POST", "/batches/preview", Some(asked.clone()));
    assert_eq!(preview["funnel"]["matched"], json!(MEMBERS));
    let mut wanted = asked.clone();
    wanted["batch"] = preview["batch"].clone();
    for pause in [5, 40, 90, 160] {
        let (base, key, body) = (shop.server.base(), shop.key.clone(), wanted.clone());
        let posted = std::thread::spawn(move || {
            let headers = [("authorization", key.as_str()), ("idempotency-key", "freeze-once")];
            let _ = Server::try_call(&base, "POST", "/api/v1/batches", &headers, Some(&body));
        });
        std::thread::sleep(Duration::from_millis(pause));
        shop.server.kill();
        posted.join().unwrap();
        shop.server = started(&place);
    }
    let headers = [("authorization", shop.key.as_str()), ("idempotency-key", "freeze-once")];
    let made = shop.server.call("POST", "/api/v1/batches", &headers, Some(&wanted));
    assert_eq!(made.status, 201, "{}", made.json);
    let id = made.json["id"].as_str().unwrap().to_owned();
    assert_eq!(json!(id), preview["batch"]);
    let batch = frozen(&shop, &id);
    assert_eq!((&batch["state"], &batch["funnel"]), (&json!("frozen"), &preview["funnel"]));
    let treated = sums(&batch);
    assert_eq!(shop.call(200, "GET", "/batches", None)["items"].as_array().unwrap().len(), 1);

    // The first download is broken off by a kill; nobody is new in two files.
    {
        let host = shop.server.base().replace("http://", "");
        let mut stream = TcpStream::connect(&host).unwrap();
        write!(stream, "GET /api/v1/batches/{id}/file HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\n\r\n", shop.key).unwrap();
        let mut some = [0_u8; 64];
        let _ = stream.read(&mut some);
        shop.server.kill();
        shop.server = started(&place);
    }
    let (name, rows) = sheet(&shop, &id);
    assert!(name.contains("-repeat2.csv"), "{name}");
    assert_eq!(rows.len() as i64, treated);
    let (_, again) = sheet(&shop, &id);
    assert!(again.iter().all(|r| r.2) && again.len() == rows.len(), "what went out once is a repeat");
    let links: BTreeMap<&str, &str> = rows.iter().map(|r| (r.0.as_str(), r.1.as_str())).collect();
    assert_eq!(links.len(), rows.len(), "one row a phone");
    let report = shop.call(200, "GET", &format!("/batches/{id}/report"), None);
    assert_eq!((&report["handed_over"], &report["treated"]["members"]), (&json!(treated), &json!(treated)));
    assert_eq!(report["held_out"]["members"].as_i64().unwrap() + treated, MEMBERS as i64);

    // Whoever was just written to is not reached twice: the columns know it, and so does the limit.
    let fresh = json!({"text": "not exists(events where kind = \"msg_sent\", last 14 days)", "destination": "sms"});
    let rested = json!({"text": "everyone", "destination": "sms", "fatigue": {"days": 14, "max": 1}});
    let held = MEMBERS as i64 - treated;
    assert_eq!(shop.call(200, "POST", "/batches/preview", Some(fresh))["funnel"]["matched"], json!(held));
    // The store's own word means the same, and what is offered is the word that rows have.
    let old = json!({"text": "not exists(events where kind in (\"message_sent\", \"msg_sent\"), last 14 days)", "destination": "sms"});
    assert_eq!(shop.call(200, "POST", "/batches/preview", Some(old))["funnel"]["matched"], json!(held));
    let registry = shop.call(200, "GET", "/segments/registry", None);
    let events = registry["tables"].as_array().unwrap().iter().find(|t| t["name"] == "events").unwrap().clone();
    let kinds = events["columns"].as_array().unwrap().iter().find(|c| c["name"] == "kind").unwrap()["values"].clone();
    let offered =
        |label: &str| kinds.as_array().unwrap().iter().filter(|w| w["label"] == label).map(|w| w["value"].clone()).collect::<Vec<_>>();
    assert_eq!(offered("收到消息"), [json!("msg_sent")]);
    let limited = shop.call(200, "POST", "/batches/preview", Some(rested));
    // Those who were held out are left alone while that batch compares, unless the next says otherwise.
    let losses = &limited["funnel"]["losses"];
    assert_eq!((&losses["fatigued"], &losses["held_by_other"]), (&json!(treated), &json!(held)));
    let by = &limited["held_by"];
    assert_eq!((&by[0]["batch"], &by[0]["members"], by[0]["until"].is_string(), &by[1]), (&json!(id), &json!(held), true, &json!(null)));
    let anyway = json!({"text": "everyone", "destination": "sms", "fatigue": {"days": 14, "max": 1}, "ignore_holdouts": true});
    let anyway = shop.call(200, "POST", "/batches/preview", Some(anyway));
    assert_eq!((&anyway["funnel"]["handed_over"], &anyway["held_by"]), (&json!(held), &json!([])));
    let members = shop.call(200, "GET", &format!("/batches/{id}/members?verdict=held_out"), None);
    assert!(members["items"].as_array().unwrap().iter().all(|m| m["phone_masked"].as_str().is_some_and(|p| p.contains('*'))));

    clicks_replies_and_orders(&shop, &id, &rows, &ids);

    // A question that cannot be answered is refused before anything is made; looking stamps nothing.
    let odd = json!({"name": "x", "text": "gender = 1", "destination": "sms"});
    assert_eq!(shop.call(422, "POST", "/batches", Some(odd))["code"], json!("segment.refused"));
    let none = json!({"name": "x", "segment": "seg_00000000000000000000000000", "destination": "sms"});
    assert_eq!(shop.call(422, "POST", "/batches", Some(none))["code"], json!("segment.refused"));
    let exports = shop.call(200, "GET", &format!("/batches/{id}"), None)["exports"].clone();
    let head = raw(&shop, "HEAD", &format!("/api/v1/batches/{id}/file"), &format!("Authorization: {}\r\n", shop.key), b"");
    assert_eq!((head.status, &shop.call(200, "GET", &format!("/batches/{id}"), None)["exports"]), (405, &exports));

    // Another merchant's or a made-up link leads nowhere.
    assert_eq!(raw(&shop, "GET", "/s/2222222222222222", "", b"").status, 404);
    shop.server.stop();
    audited(&place, &id, treated);
}

/// One follows the link, a program too; one ends the messages; two buy.
fn clicks_replies_and_orders(shop: &Shop, id: &str, rows: &[(String, String, bool)], ids: &[String]) {
    let path = rows[0].1.trim_start_matches("http://s.example.com");
    for agent in [BROWSER, BROWSER, "curl/8.0"] {
        let answer = raw(shop, "GET", path, &format!("User-Agent: {agent}\r\nAccept: text/html\r\n"), b"");
        assert_eq!(answer.status, 302);
        assert!(answer.head.to_lowercase().contains("location: https://shop.example.com/new"), "{}", answer.head);
    }
    let answered = format!("手机号码,回执状态,回复内容\r\n{},DELIVRD,\r\n=\"{}\",,ｔｄ\r\n无,成功,\r\n", rows[0].0, rows[1].0);
    let came = results(shop, id, &answered);
    assert_eq!((&came["delivered"], &came["unsubscribed"], &came["bad"]), (&json!(1), &json!(1), &json!(1)), "{came}");
    assert_eq!(came["bad_rows"][0]["row"], json!(4));
    let twice = results(shop, id, &answered);
    assert_eq!((&twice["delivered"], &twice["unsubscribed"]), (&json!(0), &json!(0)));
    let number = |phone: &str| phone[3..].parse::<usize>().unwrap();
    let left = &ids[number(&rows[1].0)];
    let consents = shop.call(200, "GET", &format!("/members/{left}/consents"), None).to_string();
    assert!(consents.contains("\"granted\":false"), "{consents}");
    let (_, without) = sheet(shop, id);
    assert_eq!(without.len(), rows.len() - 1, "who ended the messages is in no file any more");

    let soon = shop.call(200, "GET", &format!("/batches/{id}"), None)["handed_at"].as_str().unwrap().to_owned();
    for (n, row) in rows[..2].iter().enumerate() {
        let paid = json!({"amount": 10_000, "currency": "CNY"});
        let order = json!({"external": {"source": "own", "id": format!("o{n}")}, "platform": "own", "state": "paid", "currency": "CNY",
            "buyer": {"keys": [{"kind": "phone", "value": row.0, "verified": true}]},
            "lines": [{"sku": "S", "quantity": 1, "paid": paid}], "paid": paid, "created_at": soon, "paid_at": soon});
        shop.done("POST", "/orders", Some(order));
    }
    let report = shop.call(200, "GET", &format!("/batches/{id}/report"), None);
    assert_eq!(
        (&report["clicked"], &report["clicks"], &report["scans"], &report["replied"]),
        (&json!(1), &json!(2), &json!(1), &json!(1)),
        "{report}"
    );
    assert_eq!((&report["treated"]["buyers"], &report["treated"]["revenue"]["amount"]), (&json!(2), &json!(20_000)), "{report}");
    assert!(report["lift"]["low"].as_f64() < report["lift"]["value"].as_f64() && report["complete"] == json!(false));
}

/// The command line tells the same and hands out a repeat; the store's own audit finds nothing, and a copy dumps alike.
fn audited(place: &Place, id: &str, treated: i64) {
    let told = |arguments: &[&str]| serde_json::from_str::<Value>(&place.run(&[&["batch"], arguments, &["--json"]].concat())).unwrap();
    assert_eq!(told(&["list"])["batches"][0]["id"], json!(id));
    assert_eq!(told(&["show", id])["verdicts"]["treated"], json!(treated));
    assert_eq!((&told(&["report", id])["handed_over"], &told(&["report", id])["treated"]["revenue"]), (&json!(treated), &json!(20_000)));
    let beside = tempfile::tempdir().unwrap();
    let file = beside.path().join("sheet.xlsx").display().to_string();
    let out = told(&["export", id, "--out", &file, "--link-base", "https://s.example.com"]);
    assert_eq!((&out["rows"], &out["export"]), (&json!(treated - 1), &json!(5)));
    place.audited();
}

#[test]
fn the_loop_comes_round_on_the_embedded_store() {
    the_loop(false);
}

#[test]
fn the_loop_comes_round_on_postgres() {
    the_loop(true);
}
