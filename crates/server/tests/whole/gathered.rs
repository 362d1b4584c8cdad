//! Orders that arrive at the same time are written together; what comes of them is what would have
//! come of them one by one, on either engine: the same dump, the same audit, each answered for itself.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use shuke_testkit::process::{Answer, Server, binary};
use shuke_testkit::shop::Place;

const ORDERS: usize = 240;
const BUYERS: usize = 30;
/// Callers at a time.
const CALLERS: usize = 24;

/// A request of an order; `step` 1 tells a later state of the same one.
fn order(n: usize, step: usize) -> Value {
    let buyer = n * 7 % BUYERS;
    // One parcel in nine goes to somebody else's phone: two members share a contact.
    let phone = if n.is_multiple_of(9) { (buyer + 11) % BUYERS } else { buyer };
    let (state, day) = if step == 0 { ("paid", 4) } else { ("shipped", 6) };
    let mut order = json!({
        "external": {"source": "own", "id": format!("o{n}")}, "platform": "own", "state": state, "currency": "CNY",
        "paid": {"amount": 1000 + n, "currency": "CNY"}, "created_at": "2025-03-04T00:00:00Z", "paid_at": "2025-03-04T00:05:00Z",
        "updated_at": format!("2025-03-{day:02}T00:00:00Z"),
        "buyer": {"keys": [{"kind": "own_id", "namespace": "own", "value": format!("b{buyer}")}]},
        "receiver": {"name": format!("王{}", ["芳", "秀英", "伟"][buyer % 3]), "phone": format!("138{phone:08}"), "province": "浙江省", "city": "杭州市", "address": format!("文三路 {buyer} 号")},
        "lines": [{"id": "1", "sku": format!("S{}", n % 5), "title": "奶瓶", "quantity": 1, "paid": {"amount": 1000 + n, "currency": "CNY"}}],
    });
    if step == 1 {
        order["shipped_at"] = json!("2025-03-05T00:00:00Z");
    }
    if n % 17 == 3 {
        // Refused by what the store knows, in the midst of others that are not.
        order["shop"] = json!("shp_00000000000000000000000000");
    }
    order
}

struct Request {
    key: String,
    body: Value,
}

/// Every order, every fourth told twice, every sixth request sent twice under its key.
fn requests() -> Vec<Request> {
    let mut out = Vec::new();
    for n in 0..ORDERS {
        for step in 0..if n % 4 == 0 { 2 } else { 1 } {
            for _ in 0..if n % 6 == 1 { 2 } else { 1 } {
                out.push(Request { key: format!("k{n}-{step}"), body: order(n, step) });
            }
        }
    }
    out
}

fn send(server: &Server, key: &str, request: &Request) -> Answer {
    loop {
        let headers = [("authorization", key), ("idempotency-key", request.key.as_str())];
        let answer = server.call("POST", "/api/v1/orders", &headers, Some(&request.body));
        // The same key is under way elsewhere: its answer is to be had in a moment.
        if answer.json["code"] != "idempotency.in_flight" {
            return answer;
        }
    }
}

fn check(request: &Request, answer: &Answer) {
    if request.body["shop"].is_null() {
        assert!(answer.status < 300, "{}: {}", request.body, answer.json);
        assert_eq!(answer.json["external"], request.body["external"]);
        assert_eq!(answer.json["net_paid"]["amount"], request.body["paid"]["amount"]);
        assert_eq!(answer.json["identified"], true);
    } else {
        assert_eq!((answer.status, answer.json["code"].as_str()), (422, Some("order.unknown_shop")));
    }
}

/// Sends everything by so many callers; the dump of what came of it.
fn dump(postgres: bool, callers: usize) -> Vec<String> {
    let place = Place::new(postgres);
    let mut command = Command::new(binary("shuke"));
    command.env("SHUKE_RATE_LIMIT", "10000000");
    let mut server = Server::start_with(command, place.folder(), Some(place.store()));
    let key = server.key(&["orders:read", "orders:write"]);
    let (requests, next) = (requests(), AtomicUsize::new(0));
    let mut answers: Vec<(usize, Answer)> = std::thread::scope(|scope| {
        let caller = || {
            let mut mine = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = requests.get(i) else { return mine };
                mine.push((i, send(&server, &key, request)));
            }
        };
        let threads: Vec<_> = (0..callers).map(|_| scope.spawn(caller)).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    answers.sort_by_key(|a| a.0);
    let mut by_key: std::collections::HashMap<&str, &Value> = std::collections::HashMap::new();
    for (i, answer) in &answers {
        check(&requests[*i], answer);
        // Twice under one key is once: the very same answer, but for the id that a refusal's log line has.
        if answer.status < 300 {
            assert_eq!(by_key.entry(&requests[*i].key).or_insert(&answer.json), &&answer.json);
        }
    }
    let made = by_key.values().filter(|a| a["status"] == "created").count();
    assert_eq!(made, (0..ORDERS).filter(|n| n % 17 != 3).count(), "each order was made once");
    server.stop();
    place.run(&["audit"]);
    place.run(&["audit", "--dump"]).lines().map(str::to_owned).collect()
}

fn same(what: &str, a: &[String], b: &[String]) {
    let only = |x: &[String], y: &[String]| x.iter().filter(|l| !y.contains(l)).take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(a == b, "{what}: {} and {} lines\nonly in the first:\n{}\nonly in the second:\n{}", a.len(), b.len(), only(a, b), only(b, a));
}

#[test]
fn together_is_as_one_by_one() {
    let alone = dump(false, 1);
    assert!(alone.iter().any(|l| l.contains("order_line")), "an empty dump");
    same("SQLite", &alone, &dump(false, CALLERS));
    same("PostgreSQL", &alone, &dump(true, CALLERS));
}
