//! Points, programmes and what is owed, asked at a shell: of a store that a server holds, and of a file without one.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::MASTER;
use shuke_testkit::process::{Server, binary};

fn shuke(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary("shuke"));
    command.args(arguments).arg("--data").arg(data).env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
    command.env_remove("SHUKE_STORE").output().unwrap()
}

fn object(out: &Output) -> Value {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn rules() -> Value {
    json!({ "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }], "ladder": { "tiers": [
        { "id": "普通" }, { "id": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": 50_000 }] } } ] } })
}

/// Waits until `done` says so: workers book behind the API.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !done() {
        assert!(std::time::Instant::now() < end, "{what} did not come");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn a_programme_is_made_seen_and_what_it_owes_told() {
    let server = Server::start();
    let key = server.key(&["orders:write", "points:read", "points:write"]);
    let (data, dir) = (server.data().to_owned(), tempfile::tempdir().unwrap());
    let file = dir.path().join("rules.json");
    std::fs::write(&file, json!({ "programme": rules() }).to_string()).unwrap();
    let file = file.to_str().unwrap();
    let made = object(&shuke(&data, &["programme", "add", file, "--name", "会员", "--json"]));
    let id = made["id"].as_str().unwrap().to_owned();
    let listed = object(&shuke(&data, &["programme", "list", "--json"]));
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["current"]["no"]), (&json!(id), &json!(1)));
    let at = "2026-01-05T02:00:00Z";
    let order = json!({
        "external": { "source": "own", "id": "1" }, "platform": "own", "state": "paid", "currency": "CNY",
        "paid": { "amount": 12_850, "currency": "CNY" }, "created_at": at, "paid_at": at, "updated_at": at,
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] },
    });
    let authorised = [("authorization", key.as_str())];
    let member = server.call("POST", "/api/v1/orders", &authorised, Some(&order)).json["member"].as_str().unwrap().to_owned();
    let points = format!("/api/v1/members/{member}/points");
    // Paid before the programme began: a book, and nothing earned.
    until("the book", || server.call("GET", &points, &authorised, None).json["items"][0]["accounts"].is_object());
    let given = server.call("POST", &format!("{points}/{id}/adjust"), &authorised, Some(&json!({ "points": 70, "reason": "开业" })));
    assert_eq!(given.status, 200, "{}", given.json);
    let held = server.call("POST", &format!("{points}/{id}/hold"), &authorised, Some(&json!({ "points": 20 })));
    assert_eq!(held.status, 200, "{}", held.json);
    let shown = object(&shuke(&data, &["points", "show", &member, "--json"]));
    let book = &shown["books"][0];
    assert_eq!((&book["accounts"]["available"], &book["accounts"]["frozen"]), (&json!(50), &json!(20)), "{shown}");
    assert_eq!((&book["tier"]["id"], &book["lots"][0]["left"]), (&json!("普通"), &json!(50)), "{shown}");
    assert_eq!(book["entries"].as_array().map(Vec::len), Some(2), "{shown}");
    assert_eq!(book["entries"][1]["cause"]["reason"], "开业", "{shown}");
    let text = String::from_utf8(shuke(&data, &["points", "show", &member]).stdout).unwrap();
    for word in ["available 50", "frozen 20", "tier 普通", "to reach 银牌", "adjust:"] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    let owed = object(&shuke(&data, &["report", "liability", "--json"]));
    let of = &owed["programmes"][0];
    assert_eq!((&of["programme"], &of["closed"], &of["totals"]["closing"]), (&json!(id), &json!(false), &json!(70)), "{owed}");
    assert_eq!((&of["available"], &of["frozen"], &of["debt"], &of["pending"]), (&json!(50), &json!(20), &json!(0), &json!(0)), "{owed}");
    let text = String::from_utf8(shuke(&data, &["report", "liability"]).stdout).unwrap();
    assert!(text.contains("owed at the end: 70 = available 50 + frozen 20 − debt 0"), "{text}");
    let csv = String::from_utf8(shuke(&data, &["report", "liability", "--csv", "liability"]).stdout).unwrap();
    assert!(csv.starts_with("month,lot_month,opening,issued,redeemed,expired,reversed,closing") && csv.contains(",0,70,0,0,0,70"), "{csv}");
    let ending = object(&shuke(&data, &["report", "ending", "--within", "400d", "--value", "0.01", "--json"]));
    let of = &ending["programmes"][0]["members"][0];
    assert_eq!((&of["member"], &of["points"], &of["worth"]["amount"]), (&json!(member), &json!(50), &json!(50)), "{ending}");
    assert_eq!(object(&shuke(&data, &["report", "ending", "--json"]))["programmes"][0]["members"], json!([]));
    let text = String::from_utf8(shuke(&data, &["report", "ending", "--within", "400"]).stdout).unwrap();
    assert!(text.contains(&member) && text.contains("first_day"), "{text}");
    let csv = String::from_utf8(shuke(&data, &["report", "ending", "--within", "400d", "--csv", "ending"]).stdout).unwrap();
    assert!(csv.starts_with("member,tier,available,points,day,day_points") && csv.contains(&format!("{member},普通,50,50,")), "{csv}");
    // Of a month in which there was no programme nothing is said, whatever was made since.
    assert_eq!(object(&shuke(&data, &["report", "liability", "--month", "2020-01", "--json"]))["programmes"], json!([]));
    for (arguments, code) in [
        (vec!["report", "liability", "--month", "2020", "--json"], "command.usage"),
        (vec!["report", "liability", "--programme", "keins", "--json"], "report.no_programme"),
        (vec!["report", "liability", "--ahead", "3", "--json"], "programme.month_open"),
        (vec!["report", "ending", "--within", "soon", "--json"], "command.usage"),
        (vec!["report", "ending", "--programme", "keins", "--json"], "report.no_programme"),
        (vec!["report", "liability", "--csv", "lots"], ""),
        (vec!["points", "show", "mem_00000000000000000000000000", "--json"], "member.not_found"),
    ] {
        let out = shuke(&data, &arguments);
        let said: Value = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
        assert!(!out.status.success() && said["error"]["code"].as_str().unwrap_or_default() == code, "{arguments:?}: {said}");
    }
}

#[test]
fn older_orders_are_judged_by_another_version_at_a_shell() {
    let server = Server::start();
    let key = server.key(&["orders:write", "points:read", "programmes:write"]);
    let (data, dir) = (server.data().to_owned(), tempfile::tempdir().unwrap());
    let file = dir.path().join("rules.json");
    std::fs::write(&file, rules().to_string()).unwrap();
    let add = ["programme", "add", file.to_str().unwrap(), "--name", "会员", "--begins-at", "2026-01-01T00:00:00Z", "--json"];
    let id = object(&shuke(&data, &add))["id"].as_str().unwrap().to_owned();
    let (at, authorised) = ("2026-01-05T02:00:00Z", [("authorization", key.as_str())]);
    let order = json!({
        "external": { "source": "own", "id": "1" }, "platform": "own", "state": "completed", "currency": "CNY",
        "paid": { "amount": 12_850, "currency": "CNY" }, "created_at": at, "paid_at": at, "completed_at": at, "updated_at": at,
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] },
    });
    let member = server.call("POST", "/api/v1/orders", &authorised, Some(&order)).json["member"].as_str().unwrap().to_owned();
    let available = || {
        let told = server.call("GET", &format!("/api/v1/members/{member}/points"), &authorised, None).json;
        told["items"][0]["accounts"]["available"].as_i64()
    };
    until("the points", || available() == Some(128));
    let mut double = rules();
    double["earn"][0]["points"] = json!(2);
    let made =
        server.call("POST", &format!("/api/v1/programmes/{id}/versions"), &authorised, Some(&json!({ "rules": double, "note": "" })));
    assert_eq!(made.status, 201, "{}", made.json);
    let look = ["programme", "rerun", "look", "--version", "2", "--from", "2026-01-01", "--to", "2026-01-31", "--value", "0.01", "--json"];
    let told = object(&shuke(&data, &look));
    assert_eq!(
        (&told["state"], &told["more"]["points"], &told["more"]["worth"]["amount"]),
        (&json!("shown"), &json!(129), &json!(129)),
        "{told}"
    );
    assert_eq!((&told["items"][0]["member"], &told["items"][0]["corrections"][0]["earns"]), (&json!(member), &json!(257)), "{told}");
    assert_eq!(available(), Some(128), "nothing is booked by looking");
    let rerun = told["id"].as_str().unwrap();
    let text = String::from_utf8(shuke(&data, &["programme", "rerun", "show", rerun]).stdout).unwrap();
    assert!(text.contains("by version 2") && text.contains("1 members have 129 points more") && text.contains(&member), "{text}");
    let csv = String::from_utf8(shuke(&data, &["programme", "rerun", "show", rerun, "--csv"]).stdout).unwrap();
    assert!(csv.starts_with("member,state,order,paid_at,paid,earned,earns") && csv.lines().count() == 2, "{csv}");
    let text = String::from_utf8(shuke(&data, &["programme", "rerun", "book", rerun, "--note", "补发"]).stdout).unwrap();
    assert!(text.contains("booked for 1 members"), "{text}");
    assert_eq!(available(), Some(257));
    let back = ["programme", "rerun", "look", "--own", "--from", "2026-01-01", "--to", "2026-01-31", "--json"];
    let back = object(&shuke(&data, &back));
    assert_eq!((&back["version"], &back["less"]["points"]), (&Value::Null, &json!(129)), "{back}");
    object(&shuke(&data, &["programme", "rerun", "discard", back["id"].as_str().unwrap(), "--json"]));
    let listed = object(&shuke(&data, &["programme", "rerun", "list", "--json"]));
    assert_eq!((&listed["items"][0]["state"], &listed["items"][1]["state"]), (&json!("dropped"), &json!("booked")), "{listed}");
    for (arguments, code) in [
        (vec!["look", "--version", "9", "--from", "2026-01-01", "--to", "2026-01-31"], "programme.version_not_found"),
        (vec!["look", "--version", "2", "--from", "2026-01-31", "--to", "2026-01-01"], "rerun.bad_span"),
        (vec!["look", "--version", "2", "--from", "2026-01-01", "--to", "2026-01-31", "--value", "much"], "command.usage"),
        (vec!["book", rerun], "rerun.wrong_state"),
        (vec!["show", "rrn_00000000000000000000000000"], "rerun.not_found"),
    ] {
        let out = shuke(&data, &[&["programme", "rerun"], &arguments[..], &["--json"]].concat());
        let said: Value = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
        assert!(!out.status.success() && said["error"]["code"].as_str().unwrap_or_default() == code, "{arguments:?}: {said}");
    }
}

#[test]
fn a_file_of_rules_is_read_without_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = dir.path().join("none");
    let write = |name: &str, text: &str| {
        let file = dir.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (good, bad, odd) = (
        write("good.json", &rules().to_string()),
        write("bad.json", r#"{"earn":[{"id":"a","kind":"per_amount","points":1}]}"#),
        write("odd.json", "{"),
    );
    let told = object(&shuke(&nowhere, &["programme", "check", &good, "--json"]));
    assert_eq!(told["ok"], json!(true));
    assert!(told["sentences"].as_array().unwrap().len() >= 2, "{told}");
    let chinese = String::from_utf8(shuke(&nowhere, &["programme", "check", &good, "--zh"]).stdout).unwrap();
    assert!(chinese.contains('元'), "{chinese}");
    let out = shuke(&nowhere, &["programme", "check", &bad, "--json"]);
    let said: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), &said["ok"], &said["error"]["code"]), (Some(2), &json!(false), &json!("loyalty.missing_key")), "{said}");
    let out = shuke(&nowhere, &["programme", "check", &odd, "--json"]);
    let said: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), &said["error"]["code"]), (Some(2), &json!("programme.no_json")));
    assert!(!nowhere.exists(), "nothing was made");
}
