//! Finance's reports through the API: the guide's worked example of deferred revenue by the real ledger, the forecast, the files.

mod shop;

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_programme::book::due;
use shuke_testkit::TestStore;
use shuke_testkit::web::Api;

use shop::{DAY, both};

fn follow(t: &TestStore) {
    t.store.stamp_events().unwrap();
    while t.store.feed_subscriber(t.merchant, &std::sync::Arc::new(shuke_programme::orders::follow::Follow), 100).unwrap() > 0 {}
}

/// An order of that many yuan, paid and received now; whose it is.
fn sold(api: &Api, t: &TestStore, yuan: i64) -> String {
    let at = t.clock.now().to_string();
    let order = json!({
        "external": { "source": "own", "id": "1" }, "platform": "own", "state": "completed", "currency": "CNY",
        "paid": { "amount": yuan * 100, "currency": "CNY" }, "created_at": at, "paid_at": at, "completed_at": at, "updated_at": at,
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] },
    });
    let made = api.done("POST", "/orders", Some(order));
    follow(t);
    made["member"].as_str().expect("a member").to_owned()
}

/// Lets the clock go on to some days after the first of that month, with what is due.
fn until(t: &TestStore, month: &str, day: i64) {
    let first: shuke_kernel::Instant = format!("{month}-01T04:00:00Z").parse().expect("a time");
    let seconds = (first.micros() - t.clock.now().micros()) / 1_000_000 + (day - 1) * DAY;
    t.clock.advance_seconds(seconds);
    due::run(&t.store, t.merchant, &|| false).expect("what is due");
}

fn with_commas(n: i64) -> String {
    let text = n.to_string();
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i > 0 && (text.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// The worked example of the chapter for finance: its table is what the ledger says.
#[test]
fn the_guides_deferred_revenue_is_what_the_ledger_says() {
    let chapters: Vec<String> = ["en", "zh"]
        .map(|language| format!("{}/../../docs/guide/{language}/27-finance.md", env!("CARGO_MANIFEST_DIR")))
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}")))
        .collect();
    both("deferred revenue", |api, t| {
        let rules = json!({ "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }], "lot_expiry": { "days": 365 } });
        let made = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules })));
        let id = made["id"].as_str().expect("an id").to_owned();
        let member = sold(api, t, 10_000);
        let spend = |points: i64| {
            api.ok(200, "POST", &format!("/members/{member}/points/{id}/spend"), Some(json!({ "points": points })));
        };
        let mut before = 0;
        // The month, what is used in it, how many of a hundred points are expected to be used by then.
        for (month, used, now) in [("2026-03", 0, "0.8"), ("2026-05", 4_000, "0.8"), ("2026-09", 2_000, "0.9"), ("2027-03", 0, "0.9")] {
            until(t, month, 10);
            if used > 0 {
                spend(used);
            }
            let next = if month == "2027-03" {
                "2027-04".to_owned()
            } else {
                format!("{}{:02}", &month[..5], month[5..].parse::<i64>().unwrap() + 1)
            };
            until(t, &next, 2);
            let asked = format!("/programmes/{id}/forecast?month={month}&value=0.01&per_yuan=1&use_at_issue=0.8&use_now={now}");
            let told = api.ok(200, "GET", &asked, None);
            let lots = &told["lots"][0];
            assert_eq!(told["lots"].as_array().map(Vec::len), Some(1), "{told}");
            assert_eq!(lots["allocated"], json!({ "amount": 7_937, "currency": "CNY" }), "{told}");
            let owed = api.ok(200, "GET", &format!("/programmes/{id}/liability?month={month}"), None);
            assert_eq!((&owed["closed"], &owed["totals"]["closing"]), (&json!(true), &lots["left"]), "{owed}");
            assert!(owed["worth"].is_null() && owed["totals"]["worth"].is_null(), "no worth is guessed: {owed}");
            let valued = api.ok(200, "GET", &format!("/programmes/{id}/liability?month={month}&value=0.015"), None);
            let fen = |points: &Value| json!((points.as_i64().expect("points") * 15 + 5).div_euclid(10));
            for line in valued["lines"].as_array().expect("lines").iter().chain([&valued["totals"]]) {
                for figure in ["opening", "issued", "redeemed", "expired", "reversed", "closing"] {
                    let money = &line["worth"][figure];
                    assert_eq!((&money["amount"], &money["currency"]), (&fen(&line[figure]), &json!("CNY")), "{figure}: {valued}");
                }
            }
            for part in ["available", "frozen", "debt", "pending"] {
                assert_eq!(valued["worth"][part]["amount"], fen(&valued[part]), "{part}: {valued}");
            }
            let waits = told["deferred"]["amount"].as_i64().expect("an amount");
            let revenue = if month == "2026-03" { 0 } else { before - waits };
            let n = |key: &str| with_commas(owed["totals"][key].as_i64().expect("a number"));
            let share = format!("{} %", now.replace("0.", "").parse::<i64>().unwrap() * 10);
            let row = format!(
                "| {month} | {} | {} | {} | {} | {share} | {} | {} |",
                n("issued"),
                n("redeemed"),
                n("expired"),
                n("closing"),
                yuan(waits),
                yuan(revenue)
            );
            for chapter in &chapters {
                assert!(chapter.contains(&row), "the guide has no line {row}");
            }
            before = waits;
        }
        assert_eq!(before, 0, "what ended unused waits no more");
    });
}

#[test]
fn forecasts_say_what_they_cannot_and_files_hold_the_same() {
    both("forecasts", |api, t| {
        let rules = json!({ "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }] });
        let id = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules })))["id"].as_str().unwrap().to_owned();
        sold(api, t, 1_000);
        // An order of one's own shop is final a week later.
        until(t, "2026-03", 10);
        until(t, "2026-04", 3);
        let at = |rest: &str| format!("/programmes/{id}{rest}");
        let told = api.ok(200, "GET", &at("/forecast?value=0.01"), None);
        assert_eq!((&told["month"], &told["too_little"], &told["ahead"]), (&json!("2026-03"), &json!("few_months"), &json!([])), "{told}");
        assert_eq!(told["lots"][0]["will_use"], json!({ "estimate": null, "low": 0, "high": 1_000, "worth": null }));
        assert_eq!((&told["history_months"], &told["needed_months"]), (&json!(1), &json!(6)), "{told}");
        assert_eq!(
            (&told["lots"][0]["deferred"], &told["deferred"]),
            (&Value::Null, &Value::Null),
            "nothing is expected, so nothing is told"
        );
        assert_eq!(told["breakage"], json!({ "estimate": null, "low": "0.0000", "high": "1.0000" }));
        for (query, status, code) in [
            ("/forecast?month=2026-04", 409, "programme.month_open"),
            ("/forecast?month=April", 400, "request.invalid"),
            ("/forecast?months=0", 400, "request.invalid"),
            ("/forecast?value=1e-2", 400, "request.invalid"),
            ("/forecast?value=0.01&use_now=1.1", 400, "request.invalid"),
            ("/liability?value=0", 400, "request.invalid"),
            ("/liability?value=-1", 400, "request.invalid"),
            ("/liability/export?table=nothing", 400, "request.invalid"),
            ("/liability/export?format=pdf", 400, "request.invalid"),
        ] {
            let (got, answer) = api.call("GET", &at(query), None);
            assert_eq!((got, answer["code"].as_str()), (status, Some(code)), "{query}: {answer}");
        }
        let file = |value: &str| {
            let (status, bytes) = api.bytes("GET", &at(&format!("/liability/export?month=2026-03{value}")), None);
            assert_eq!(status, 200);
            String::from_utf8(bytes).expect("text")
        };
        assert!(!file("").contains("价值") && !file("").contains("worth"), "a file as it was: {}", file(""));
        let valued = file("&value=0.01");
        let last = valued.trim_end().lines().last().expect("a line");
        assert!(valued.contains("价值") || valued.contains("closing_worth"), "{valued}");
        assert!(last.ends_with(",1000,0.00,10.00,0.00,0.00,0.00,10.00,CNY"), "{valued}");
        for table in ["liability", "lots", "ahead"] {
            for format in ["csv", "xlsx", "parquet"] {
                let asked = at(&format!("/liability/export?month=2026-03&table={table}&format={format}&value=0.01&use_now=0.8"));
                assert_eq!(api.call("GET", &asked, None).0, 200, "{asked}");
            }
        }
    });
}

#[test]
fn books_begin_with_the_first_entry() {
    both("books from", |api, t| {
        let rules = json!({ "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }] });
        let id = api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules })))["id"].as_str().unwrap().to_owned();
        let from = |month: &str| api.ok(200, "GET", &format!("/programmes/{id}/liability?month={month}"), None)["books_from"].clone();
        assert_eq!(from("2026-03"), Value::Null, "nothing was booked yet");
        until(t, "2026-04", 10);
        sold(api, t, 1_000);
        // First told by an entry that is not summed yet, later by the sums; whichever month is asked about.
        assert_eq!((from("2026-03"), from("2026-04")), (json!("2026-04"), json!("2026-04")));
        until(t, "2026-06", 3);
        assert_eq!((from("2026-04"), from("2026-06")), (json!("2026-04"), json!("2026-04")));
    });
}
