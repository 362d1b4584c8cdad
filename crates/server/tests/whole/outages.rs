//! The whole program through outages: killed under load, its database gone. What was answered is
//! there once; what was not is asked again under its key and comes out the same.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::process::{Server, binary};
use shuke_testkit::shop::with_password;
use shuke_testkit::{Cluster, Database, Durability, MASTER, cluster};

/// An installation with a merchant and a key that may write orders.
struct Shop {
    dir: tempfile::TempDir,
    store: Option<String>,
    secret: String,
}

impl Shop {
    fn new(store: Option<String>) -> Self {
        let mut shop = Self { dir: tempfile::tempdir().unwrap(), store, secret: String::new() };
        with_password(&mut shop.command(&["admin", "create-merchant", "--name", "店", "--owner", "owner@example.com"]));
        let made =
            shop.run(&["admin", "create-key", "--name", "test", "--scopes", "orders:write,orders:read,events:read,members:read", "--json"]);
        let made: Value = serde_json::from_str(&made).unwrap();
        shop.secret = made["secret"].as_str().unwrap().to_owned();
        shop
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary("shuke"));
        command
            .args(arguments)
            .arg("--data")
            .arg(self.dir.path().join("data"))
            .env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
        if let Some(store) = &self.store {
            command.args(["--store", store]);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> String {
        let out = self.command(arguments).output().unwrap();
        let (said, wrong) = (String::from_utf8_lossy(&out.stdout).into_owned(), String::from_utf8_lossy(&out.stderr).into_owned());
        assert!(out.status.success(), "{arguments:?}: {said}{wrong}");
        said
    }

    fn serve(&self) -> Server {
        Server::start_on(&self.dir.path().join("data"), self.store.as_deref())
    }

    fn put(&self, base: &str, caller: usize, number: usize) -> Result<(u16, Value), String> {
        let (bearer, key) = (format!("Bearer {}", self.secret), format!("order-{caller}-{number}"));
        let order = json!({
            "external": {"source": "own", "id": key},
            "state": "paid",
            "paid_at": "2026-03-01T10:00:00+08:00",
            "created_at": "2026-03-01T09:00:00+08:00",
            "paid": {"amount": 1000 + number, "currency": "CNY"},
            "buyer": {"keys": [{"kind": "phone", "value": format!("1380000{:04}", (caller * 31 + number) % 40), "verified": true}]}
        });
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", key.as_str())];
        Server::try_call(base, "POST", "/api/v1/orders", &headers, Some(&order)).map(|a| (a.status, a.json))
    }
}

/// Callers each send their orders, asking again until each is answered, while the server is
/// killed and started again.
fn killed_under_load(shop: &Shop, callers: usize, each: usize, kills: usize) {
    let mut server = shop.serve();
    let base = Arc::new(Mutex::new(server.base()));
    let answered = AtomicUsize::new(0);
    std::thread::scope(|s| {
        for caller in 0..callers {
            let (base, answered) = (base.clone(), &answered);
            s.spawn(move || {
                for number in 0..each {
                    loop {
                        let at = base.lock().unwrap().clone();
                        match shop.put(&at, caller, number) {
                            Ok((200 | 201, _)) => break,
                            // Not now, or the first still runs: ask again under the same key.
                            Ok((409 | 429 | 503, _)) | Err(_) => std::thread::sleep(Duration::from_millis(20)),
                            Ok((status, json)) => panic!("{status}: {json}"),
                        }
                    }
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for kill in 1..=kills {
            while answered.load(Ordering::SeqCst) < callers * each * kill / (kills + 1) {
                std::thread::sleep(Duration::from_millis(3));
            }
            server.kill();
            server = shop.serve();
            *base.lock().unwrap() = server.base();
        }
    });
    let bearer = format!("Bearer {}", shop.secret);
    let overview = server.call("GET", "/api/v1/overview", &[("authorization", &bearer)], None).json;
    assert_eq!(overview["orders"]["total"], json!(callers * each), "{overview}");
    // On PostgreSQL a position comes a moment after the commit.
    let until = std::time::Instant::now() + Duration::from_secs(10);
    let (mut since, mut paid) = (0, 0);
    while paid < callers * each && std::time::Instant::now() < until {
        let page = server.call("GET", &format!("/api/v1/changes?since={since}&limit=200"), &[("authorization", &bearer)], None).json;
        let items = page["items"].as_array().unwrap().clone();
        for (i, item) in items.iter().enumerate() {
            assert_eq!(item["position"], json!(since + 1 + i as i64), "a gap in the feed");
        }
        paid += items.iter().filter(|i| i["type"] == "order.paid").count();
        since += items.len() as i64;
        if items.is_empty() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    assert_eq!(paid, callers * each, "each order was paid once");
    shop.run(&["audit"]);
    server.stop();
}

#[test]
fn killed_under_load_every_order_is_there_once_on_both_engines() {
    let database: Database = cluster::shared().create_database("template0");
    let (file, server) = (Shop::new(None), Shop::new(Some(database.url())));
    killed_under_load(&file, 4, 30, 3);
    killed_under_load(&server, 4, 30, 3);
    assert_eq!(file.run(&["audit", "--dump"]), server.run(&["audit", "--dump"]));
}

#[test]
fn while_the_database_is_gone_the_server_says_so_and_goes_on_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Command::new("chmod").arg("755").arg(dir.path()).status().unwrap().success());
    let cluster = Cluster::create(&dir.path().join("own"), Durability::Full);
    let database = cluster.create_database("template0");
    let shop = Shop::new(Some(database.url()));
    let server = shop.serve();
    assert_eq!(shop.put(&server.base(), 0, 0).unwrap().0, 201);
    cluster.stop("immediate");
    let (status, json) = shop.put(&server.base(), 0, 1).unwrap();
    assert_eq!((status, json["code"].as_str()), (503, Some("store.unreachable")), "{json}");
    assert_eq!(Server::try_call(&server.base(), "GET", "/health/live", &[], None).unwrap().status, 200);
    assert_eq!(Server::try_call(&server.base(), "GET", "/health/ready", &[], None).unwrap().status, 503);
    cluster.start();
    // The same request again: nothing was kept of the outage.
    assert_eq!(shop.put(&server.base(), 0, 1).unwrap().0, 201);
    assert_eq!(Server::try_call(&server.base(), "GET", "/health/ready", &[], None).unwrap().status, 200);
    assert!(!server.output().contains("panicked"), "{}", server.output());
    drop(server);
    shop.run(&["audit"]);
    drop(database);
    cluster.stop("immediate");
}
