//! Webhooks over a real socket: signed, tried again, disabled, replayed; private addresses refused.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use common::{OWNER, PASSWORD, REGISTER, Web};
use serde_json::{Value, json};
use shuke_access::testing::{Founded, found};
use shuke_access::webhooks::{Courier, Feed, PAUSES, Policy, Replay, sign};
use shuke_kernel::{Actor, Clock, Ctx};
use shuke_store::jobs::JobRunner;
use shuke_store::{Event, Lane};
use shuke_testkit::{TestStore, both_with};

/// Headers and body.
type Message = (Vec<(String, String)>, String);

/// A receiver that keeps what it gets and answers with the status it is told to.
struct Receiver {
    url: String,
    got: Arc<Mutex<Vec<Message>>>,
    status: Arc<AtomicU16>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (got, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU16::new(200)));
        let (kept, answer) = (got.clone(), status.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                let (mut headers, mut line) = (Vec::new(), String::new());
                while reader.read_line(&mut line).is_ok_and(|n| n > 0) && line != "\r\n" {
                    if let Some((name, value)) = line.trim_end().split_once(": ") {
                        headers.push((name.to_ascii_lowercase(), value.to_owned()));
                    }
                    line.clear();
                }
                let length = headers.iter().find(|(n, _)| n == "content-length").and_then(|(_, v)| v.parse().ok()).unwrap_or(0);
                let mut body = vec![0; length];
                let _ = reader.read_exact(&mut body);
                kept.lock().expect("a lock").push((headers, String::from_utf8(body).expect("text")));
                let status = answer.load(Ordering::SeqCst);
                let _ = write!(
                    reader.get_mut(),
                    "HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
            }
        });
        Self { url, got, status }
    }

    fn count(&self) -> usize {
        self.got.lock().expect("a lock").len()
    }

    fn last(&self) -> (impl Fn(&str) -> String, String) {
        let (headers, body) = self.got.lock().expect("a lock").last().expect("a message").clone();
        (move |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default(), body)
    }
}

fn emit(t: &TestStore, shop: &Founded, kind: &'static str) {
    let cx = Ctx::new(shop.no, Actor::Cli, t.clock.now());
    t.write(move |tx| {
        let event = Event {
            kind,
            version: 1,
            occurred_at: cx.now,
            subject_kind: "ord",
            subject: [7; 16],
            member: None,
            data: r#"{"amount":12850}"#.to_owned(),
        };
        tx.emit(&cx, event)
    });
    feed(t, shop);
}

fn feed(t: &TestStore, shop: &Founded) {
    t.store.stamp_events().expect("stamped");
    t.store.feed_subscriber(shop.no, &Arc::new(Feed), 100).expect("fed");
}

#[test]
fn messages_are_signed_tried_again_disabled_and_replayed() {
    both_with("webhooks", REGISTER, |t| {
        let shop = found(&t.store, OWNER, PASSWORD).expect("a merchant");
        let (web, receiver) = (Web::over(t), Receiver::start());
        emit(t, &shop, "order.created");
        t.clock.advance_seconds(1);
        let made = web.keyed(&shop.key, "POST", "/webhooks", Some(json!({"url": receiver.url, "types": ["order.*"]})));
        assert_eq!(made.status, 201, "{}", made.body);
        let (id, secret) =
            (made.body["id"].as_str().expect("an id").to_owned(), made.body["secret"].as_str().expect("a secret").to_owned());
        assert_eq!(web.keyed(&shop.key, "GET", &format!("/webhooks/{id}"), None).body["secret"], Value::Null);
        let courier = Courier::new(t.store.clone(), Policy { allow_private: true });
        let deliveries = || web.keyed(&shop.key, "GET", &format!("/webhooks/{id}/deliveries"), None).body["items"].clone();

        emit(t, &shop, "order.paid");
        emit(t, &shop, "member.created");
        assert_eq!(courier.run_due().expect("sent"), 1, "only what it wants, only what is new");
        let (header, body) = receiver.last();
        let stamp: i64 = header("webhook-timestamp").parse().expect("a number");
        assert_eq!(header("webhook-signature"), sign(&secret, &header("webhook-id"), stamp, &body).expect("a signature"));
        let message: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(
            (message["type"].as_str(), message["position"].as_i64(), message["data"]["amount"].as_i64()),
            (Some("order.paid"), Some(2), Some(12850))
        );
        assert_eq!(message["id"], header("webhook-id").as_str());
        assert!(message["timestamp"].is_string());
        assert_eq!(deliveries()[0]["state"], "delivered");
        assert_eq!(courier.run_due().expect("nothing"), 0);

        // While a secret is rotated both sign.
        let new =
            web.keyed(&shop.key, "POST", &format!("/webhooks/{id}/rotate"), None).body["secret"].as_str().expect("a secret").to_owned();
        assert_eq!(web.keyed(&shop.key, "POST", &format!("/webhooks/{id}/test"), None).body["delivered"], true);
        let (header, body) = receiver.last();
        let stamp: i64 = header("webhook-timestamp").parse().expect("a number");
        let both: Vec<_> = [&new, &secret].iter().map(|s| sign(s, &header("webhook-id"), stamp, &body).expect("a signature")).collect();
        assert_eq!(header("webhook-signature"), both.join(" "));

        // Failing: pauses grow, a redirect is a failure, and after three days it is disabled.
        receiver.status.store(302, Ordering::SeqCst);
        emit(t, &shop, "order.shipped");
        let before = receiver.count();
        for (i, pause) in PAUSES.iter().enumerate() {
            assert_eq!(courier.run_due().expect("tried"), 1, "attempt {i}");
            assert_eq!(courier.run_due().expect("waits"), 0, "attempt {i}");
            t.clock.advance_seconds(*pause);
        }
        assert_eq!(courier.run_due().expect("tried"), 1);
        assert_eq!(receiver.count() - before, PAUSES.len() + 1);
        assert_eq!((deliveries()[0]["state"].as_str(), deliveries()[0]["status"].as_i64()), (Some("failed"), Some(302)));
        emit(t, &shop, "order.completed");
        t.clock.advance_seconds(6 * 3600);
        courier.run_due().expect("tried");
        let shown = web.keyed(&shop.key, "GET", &format!("/webhooks/{id}"), None).body;
        assert_eq!(shown["state"], "disabled", "{shown}");
        assert_eq!(deliveries()[0]["state"], "paused");
        assert_eq!(courier.run_due().expect("rests"), 0);

        // Mended and switched on: what waited goes out, the rest by replay, under the same ids.
        receiver.status.store(204, Ordering::SeqCst);
        assert_eq!(web.keyed(&shop.key, "PATCH", &format!("/webhooks/{id}"), Some(json!({"disabled": false}))).body["state"], "active");
        assert_eq!(courier.run_due().expect("sent"), 1);
        let replay = web.keyed(&shop.key, "POST", &format!("/webhooks/{id}/replay"), Some(json!({"from_position": 1})));
        assert_eq!(replay.status, 202, "{}", replay.body);
        assert!(JobRunner::new(t.store.clone()).with(Replay).run_one().expect("run"));
        assert_eq!(courier.run_due().expect("sent"), 4, "created, paid, shipped, completed");
        assert!(deliveries().as_array().is_some_and(|d| d.len() == 4 && d.iter().all(|d| d["state"] == "delivered")));

        let changes = web.keyed(&shop.key, "GET", "/changes?since=1&limit=2&types=order.*", None).body;
        assert_eq!((changes["items"].as_array().map(Vec::len), changes["next_position"].as_i64()), (Some(1), Some(3)), "{changes}");
        assert_eq!(changes["items"][0]["subject"]["kind"], "ord");
        // Beyond the newest: a subscriber that waited there would never hear of anything.
        let ahead = web.keyed(&shop.key, "GET", &format!("/changes?since={}", i64::MAX), None);
        assert_eq!((ahead.status, ahead.code()), (422, "changes.position_ahead"), "{}", ahead.body);
        let head = web.keyed(&shop.key, "GET", "/changes?since=0&limit=1000", None).body["next_position"].clone();
        assert!(ahead.body["detail"].as_str().is_some_and(|d| d.contains(&head.to_string())), "{} {head}", ahead.body);
        assert_eq!(web.keyed(&shop.key, "GET", &format!("/changes?since={head}"), None).status, 200);

        // 410 disables at once.
        receiver.status.store(410, Ordering::SeqCst);
        emit(t, &shop, "order.closed");
        courier.run_due().expect("tried");
        assert_eq!(web.keyed(&shop.key, "GET", &format!("/webhooks/{id}"), None).body["state"], "disabled");
        assert_eq!(web.keyed(&shop.key, "DELETE", &format!("/webhooks/{id}"), None).status, 204);
        assert_eq!(web.keyed(&shop.key, "GET", &format!("/webhooks/{id}/deliveries"), None).status, 404);
        t.nothing_left(&["webhooks"]);
    });
}

#[test]
fn a_dead_receiver_with_a_long_queue_is_probed_and_then_caught_up() {
    both_with("probe", REGISTER, |t| {
        let shop = found(&t.store, OWNER, PASSWORD).expect("a merchant");
        let (web, receiver) = (Web::over(t), Receiver::start());
        web.keyed(&shop.key, "POST", "/webhooks", Some(json!({"url": receiver.url})));
        let courier = Courier::new(t.store.clone(), Policy { allow_private: true });
        receiver.status.store(500, Ordering::SeqCst);
        emit(t, &shop, "order.created");
        assert_eq!(courier.run_due().expect("tried"), 1);
        for _ in 0..40 {
            emit(t, &shop, "order.paid");
        }
        assert_eq!(courier.run_due().expect("tried"), 1, "one for all");
        assert_eq!(courier.run_due().expect("waits"), 0);
        receiver.status.store(200, Ordering::SeqCst);
        t.clock.advance_seconds(5);
        assert_eq!(courier.run_due().expect("tried"), 1);
        while courier.run_due().expect("sent") > 0 {}
        assert_eq!(receiver.count(), 3 + 39, "what waited untried went out at once");
        t.clock.advance_seconds(60);
        courier.run_due().expect("the other that failed");
        assert_eq!(t.int("SELECT COUNT(*) FROM webhook_delivery WHERE state <> 'delivered'"), 0);
        t.nothing_left(&["webhooks"]);
    });
}

#[test]
fn private_addresses_are_refused_when_set_and_when_connected() {
    let t = shuke_testkit::sqlite_with(REGISTER);
    let shop = found(&t.store, OWNER, PASSWORD).expect("a merchant");
    let receiver = Receiver::start();
    let cx = Ctx::new(shop.no, Actor::Cli, t.clock.now());
    let url = receiver.url.clone();
    let strict = t.try_write({
        let (cx, url) = (cx.clone(), url.clone());
        move |tx| shuke_access::webhooks::create(tx, &cx, &url, &[], Policy::default())
    });
    assert_eq!(strict.expect_err("refused").refusal().map(|r| r.code.code), Some("access.invalid_webhook_url"));
    // Set while it was allowed, or by a name that now points inside: the connection itself is refused.
    let https = url.replace("http://127.0.0.1", "https://localhost");
    let hook = t
        .store
        .write_now(Lane::Interactive, move |tx| shuke_access::webhooks::create(tx, &cx, &https, &[], Policy { allow_private: true }))
        .expect("made");
    let courier = Courier::new(t.store.clone(), Policy::default());
    let sent = courier.send(&hook, "evt_x", t.clock.now(), "{}").expect("tried");
    assert_eq!((sent.status, sent.error), (None, Some("private address refused")));
    assert_eq!(receiver.count(), 0);
}
