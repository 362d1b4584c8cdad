//! Columns through kills (-9) of the real program at any moment while they are written, joined or built
//! anew, on both engines: afterwards they are what the store says, and segments and reports answer as
//! over columns that were built from nothing. Digests are written beside the buckets meanwhile, since a program
//! that is built to be tested keeps them of buckets as small as these. `make soak columns` runs the same as often
//! as it is asked.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::process::{Server, binary};
use shuke_testkit::soak::Dice;
use shuke_testkit::{MASTER, cluster};

/// Kills an engine, and what they follow from.
const KILLS: u64 = 6;
const SEED: u64 = 20_261_126;
/// How often everything is compared.
const COMPARE_EVERY: u64 = 25;
const BUYERS: u64 = 120;
const ORDERS: u64 = 3_000;

const SEGMENTS: [&str; 5] = [
    "count(orders where purchase = true) >= 2",
    "sum(lines.amount where sku = \"S3\") >= ¥20.00 and not exists(refunds)",
    "exists(events where kind = \"cart\" and sku = \"S1\")",
    "has_any(\"标\") or last(orders.paid) > ¥15.00",
    "sequence(events where kind = \"cart\" then orders within 400 days)",
];
const REPORTS: [&str; 4] = [
    "/reports/dashboard?as_of=2026-01-01",
    "/reports/rfm?as_of=2026-01-01",
    "/reports/goods?as_of=2026-01-01",
    "/reports/lifecycle?as_of=2026-01-01",
];

struct Shop {
    home: tempfile::TempDir,
    store: Option<String>,
    key: String,
    dice: Dice,
}

/// What a campaign came to.
#[derive(Default)]
struct Told {
    serving: u64,
    building: u64,
    /// Kills after which there were files that no manifest names: something was under way.
    under_way: u64,
    compared: u64,
    acknowledged: u64,
}

impl Shop {
    fn new(store: Option<String>, seed: u64) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut server = Server::start_on(home.path(), store.as_deref());
        let key = server.key(&["orders:read", "orders:write", "members:read", "members:write", "segments:read"]);
        server.stop();
        Self { home, store, key, dice: Dice(seed) }
    }

    fn serve(&self) -> Server {
        Server::start_on(self.home.path(), self.store.as_deref())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary("shuke"));
        command.args(arguments).arg("--data").arg(self.home.path()).env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
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

    /// Files of columns that no manifest names, the lock left out; digests count with their buckets.
    fn unnamed(&self) -> usize {
        let files = files(&self.home.path().join("columns"));
        let is_manifest = |p: &&PathBuf| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("manifest"));
        let named: String = files.iter().filter(is_manifest).filter_map(|p| std::fs::read_to_string(p).ok()).collect();
        let is_unnamed = |p: &&PathBuf| {
            let name = p.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let of = name.split('+').next().unwrap_or_default();
            name != "lock" && !name.starts_with("manifest") && !named.contains(of)
        };
        files.iter().filter(is_unnamed).count()
    }

    /// Killed while orders and acts come in and others ask, so that the columns take in and join.
    fn kill_serving(&mut self, told: &mut Told) {
        let mut server = self.serve();
        let (base, key, done) = (server.base(), self.key.clone(), Arc::new(AtomicBool::new(false)));
        let acknowledged = Arc::new(Mutex::new(0));
        let mut threads = Vec::new();
        let mut dice = Dice(self.dice.roll());
        let (to, auth, over, count) = (base.clone(), key.clone(), done.clone(), acknowledged.clone());
        threads.push(std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let headers = [("authorization", auth.as_str())];
                let (path, body) = if dice.below(3) == 0 {
                    ("/api/v1/events/batch", acts(&mut dice))
                } else {
                    ("/api/v1/orders/batch", orders(&mut dice))
                };
                match Server::try_call(&to, "POST", path, &headers, Some(&body)) {
                    Ok(answer) if answer.status < 300 => *count.lock().unwrap() += 1,
                    // Too many at once, or its columns are being built.
                    Ok(answer) if [409, 429, 503].contains(&answer.status) => {}
                    Ok(answer) => panic!("{path}: {} {}", answer.status, answer.json),
                    Err(_) => return,
                }
            }
        }));
        for way in [0, 1] {
            let (to, auth, over) = (base.clone(), key.clone(), done.clone());
            threads.push(std::thread::spawn(move || {
                let headers = [("authorization", auth.as_str())];
                for n in 0.. {
                    let asked = if way == 0 {
                        let body = json!({"text": SEGMENTS[n % SEGMENTS.len()]});
                        Server::try_call(&to, "POST", "/api/v1/segments/count", &headers, Some(&body))
                    } else {
                        Server::try_call(&to, "GET", &format!("/api/v1{}", REPORTS[n % REPORTS.len()]), &headers, None)
                    };
                    if asked.is_err() || over.load(Ordering::Relaxed) {
                        return;
                    }
                }
            }));
        }
        std::thread::sleep(Duration::from_millis(20 + self.dice.below(700)));
        server.kill();
        done.store(true, Ordering::Relaxed);
        threads.into_iter().for_each(|t| t.join().unwrap());
        told.serving += 1;
        told.acknowledged += *acknowledged.lock().unwrap();
    }

    /// Killed while they are built in full, somewhere in the time that it takes.
    fn kill_building(&mut self, takes: Duration, told: &mut Told) {
        let mut child = self.command(&["columns", "rebuild"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(self.dice.below(takes.as_micros() as u64)));
        child.kill().unwrap();
        child.wait().unwrap();
        told.building += 1;
    }

    /// What segments and reports answer, without when and how fast.
    fn answers(&self) -> Vec<Value> {
        let mut server = self.serve();
        let headers = [("authorization", self.key.as_str())];
        let mut all = Vec::new();
        let mut ask = |method: &str, path: &str, body: Option<Value>| {
            let answer = server.call(method, &format!("/api/v1{path}"), &headers, body.as_ref());
            assert_eq!(answer.status, 200, "{path}: {}", answer.json);
            let mut json = answer.json;
            if let Some(map) = json.as_object_mut() {
                ["took_ms", "known_at", "at"].iter().for_each(|name| drop(map.remove(*name)));
                map.get_mut("known").and_then(Value::as_object_mut).and_then(|known| known.remove("at"));
            }
            all.push(json);
        };
        // At a stated time, so that none passes between this and the next.
        SEGMENTS.iter().for_each(|text| ask("POST", "/segments/count", Some(json!({"text": text, "at": "2026-02-01T00:00:00Z"}))));
        REPORTS.iter().for_each(|path| ask("GET", path, None));
        server.stop();
        all
    }

    fn compare(&self, told: &mut Told) {
        let verified = self.command(&["columns", "verify"]).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        let before = self.answers();
        std::fs::remove_dir_all(self.home.path().join("columns")).unwrap();
        self.run(&["columns", "rebuild"]);
        let anew = self.answers();
        assert_eq!(before, anew, "over columns that went through kills, and over those built from nothing");
        assert!(before.iter().take(SEGMENTS.len()).any(|a| a["count"].as_i64().is_some_and(|n| n > 0)), "somebody is found");
        told.compared += 1;
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

fn buyer(n: u64) -> Value {
    json!([{"kind": "own_id", "value": format!("p{n}"), "verified": true}])
}

/// Twenty orders, new ones and others as they are now.
fn orders(dice: &mut Dice) -> Value {
    let order = |dice: &mut Dice| {
        let (number, at) = (dice.below(ORDERS), dice.below(336));
        let paid = json!({"amount": 500 + dice.below(3_000), "currency": "CNY"});
        let when = format!("2025-{:02}-{:02}T04:00:00Z", 1 + at % 12, 1 + at % 28);
        let who = if number % 7 == 0 { json!({}) } else { json!({"keys": buyer(number % BUYERS)}) };
        let state = ["paid", "completed", "closed"][dice.below(3) as usize];
        json!({
            "external": {"source": "own", "id": format!("o{number}")}, "platform": "own", "state": state, "currency": "CNY", "created_at": when,
            "paid_at": when, "paid": paid, "buyer": who,
            "lines": [{"id": "1", "sku": format!("S{}", number % 9), "title": format!("奶瓶 {}", number % 4), "quantity": 1, "paid": paid}],
        })
    };
    json!({"items": (0..20).map(|_| order(dice)).collect::<Vec<_>>()})
}

fn acts(dice: &mut Dice) -> Value {
    let act = |dice: &mut Dice| {
        let id = format!("e{}", dice.roll());
        json!({"source": "own", "id": id, "type": "cart", "sku": format!("S{}", dice.below(9)), "at": "2024-12-01T00:00:00Z", "keys": buyer(dice.below(BUYERS))})
    };
    json!({"items": (0..20).map(|_| act(dice)).collect::<Vec<_>>()})
}

fn campaign(engine: &str, store: Option<String>, kills: u64, seed: u64) {
    let begun = Instant::now();
    let (mut shop, mut told) = (Shop::new(store, seed), Told::default());
    let mut dice = Dice(seed ^ 1);
    // Somebody is there before the first kill.
    let mut server = shop.serve();
    for _ in 0..10 {
        for (path, body) in [("/api/v1/orders/batch", orders(&mut dice)), ("/api/v1/events/batch", acts(&mut dice))] {
            let done = server.call("POST", path, &[("authorization", shop.key.as_str())], Some(&body));
            assert!(done.status < 300, "{}", done.json);
        }
    }
    server.stop();
    shop.run(&["columns", "rebuild"]);
    let mut takes = Duration::ZERO;
    for round in 1..=kills {
        if round % COMPARE_EVERY == 1 {
            let begun = Instant::now();
            shop.run(&["columns", "rebuild"]);
            takes = begun.elapsed();
        }
        if round % 2 == 0 {
            shop.kill_building(takes, &mut told)
        } else {
            shop.kill_serving(&mut told)
        }
        told.under_way += u64::from(shop.unnamed() > 0);
        if round % COMPARE_EVERY == 0 || round == kills {
            shop.compare(&mut told);
        }
    }
    println!(
        "SOAK | {engine} | {seed} | {kills} | {} | {} | {} | {} | {} | {} s | nothing |",
        told.serving,
        told.building,
        told.under_way,
        told.acknowledged,
        told.compared,
        begun.elapsed().as_secs()
    );
}

/// A number that `make soak columns` sets.
fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text} is no number")))
}

#[test]
fn columns_killed_at_any_moment_are_what_the_store_says_on_sqlite() {
    campaign("SQLite", None, asked("SHUKE_SOAK_KILLS", KILLS), asked("SHUKE_SOAK_SEED", SEED));
}

#[test]
fn columns_killed_at_any_moment_are_what_the_store_says_on_postgresql() {
    let database = cluster::shared().create_database("template0");
    campaign("PostgreSQL", Some(database.url()), asked("SHUKE_SOAK_KILLS", KILLS), asked("SHUKE_SOAK_SEED", SEED));
}
