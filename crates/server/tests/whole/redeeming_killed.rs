//! Redemptions and uses through kills (-9) of the real program, on both engines: what was acknowledged is there once,
//! nothing is half, no piece and no point is lost, and `shuke audit` is clean.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_testkit::process::{Answer, Server, binary};
use shuke_testkit::{MASTER, cluster};

const KILLS: usize = 2;
const MEMBERS: u64 = 30;
const STOCK: i64 = 2_000;
/// Requests that are acknowledged between two kills.
const BETWEEN: u64 = 150;
/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

struct Shop {
    key: String,
    members: Vec<String>,
    programme: String,
    reward: String,
    benefit: String,
}

fn ask(base: &str, key: &str, method: &str, path: &str, body: Option<&Value>) -> Result<Answer, String> {
    let until = Instant::now() + PATIENCE;
    loop {
        let answer = Server::try_call(base, method, &format!("/api/v1{path}"), &[("authorization", key)], body)?;
        // Asked too often, or while the first of the same name still runs.
        if ![429, 503].contains(&answer.status) || Instant::now() > until {
            return Ok(answer);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Shop {
    fn call(&self, server: &Server, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = ask(&server.base(), &self.key, method, path, body.as_ref()).unwrap();
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.json);
        answer.json
    }

    fn open(server: &Server) -> Self {
        let scopes = [
            "members:read",
            "members:write",
            "points:read",
            "points:write",
            "programmes:write",
            "benefits:read",
            "benefits:write",
            "benefits:use",
        ];
        let key = server.key(&scopes);
        let mut shop = Self { key, members: Vec::new(), programme: String::new(), reward: String::new(), benefit: String::new() };
        let id = |made: Value| made["id"].as_str().unwrap().to_owned();
        let rules = json!({ "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }] });
        shop.programme = id(shop.call(server, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules }))));
        let member = |n: u64| json!({ "external": { "source": "own", "id": format!("p{n}") }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": format!("p{n}") }] });
        let made = shop.call(server, "POST", "/members/batch", Some(json!({ "items": (0..MEMBERS).map(member).collect::<Vec<_>>() })));
        shop.members = made["results"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        for member in &shop.members {
            let path = format!("/members/{member}/points/{}/adjust", shop.programme);
            shop.call(server, "POST", &path, Some(json!({ "id": "start", "points": 100_000, "reason": "x" })));
        }
        let reward = json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 10, "stock": STOCK });
        shop.reward = id(shop.call(server, "POST", "/rewards", Some(reward)));
        shop.benefit = id(shop.call(server, "POST", "/benefits", Some(json!({ "name": "礼物", "kind": "custom", "by": "hand" }))));
        shop
    }
}

/// The `n`th request of a worker: a redemption, a use, or a redemption that is cancelled at once.
fn work(base: &str, shop: &Shop, worker: u64, n: u64) -> Result<(), String> {
    let member = &shop.members[((worker * 7 + n) % MEMBERS) as usize];
    let body = json!({ "id": format!("{worker}-{n}") });
    let post = |path: &str, body: &Value| {
        let answer = ask(base, &shop.key, "POST", path, Some(body))?;
        if answer.status == 200 { Ok(answer.json) } else { Err(format!("{path}: {} {}", answer.status, answer.json)) }
    };
    if n.is_multiple_of(3) {
        post(&format!("/members/{member}/benefits/{}/use", shop.benefit), &body)?;
        return Ok(());
    }
    let made = post(&format!("/members/{member}/rewards/{}/redeem", shop.reward), &body)?;
    if n % 3 == 2 {
        let id = made["redemption"]["id"].as_str().unwrap_or_default();
        post(&format!("/redemptions/{id}/cancel"), &json!({ "reason": "x" }))?;
    }
    Ok(())
}

fn campaign(data: &Path, store: Option<&str>) {
    let mut server = Server::start_on(data, store);
    let shop = Arc::new(Shop::open(&server));
    // What each worker was told is done: everything before that number.
    let done: Arc<Mutex<HashMap<u64, u64>>> = Arc::default();
    for kill in 0..=KILLS {
        let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let workers: Vec<_> = (0..6_u64)
            .map(|worker| {
                let (base, shop, done, stop, count) = (server.base(), shop.clone(), done.clone(), stop.clone(), count.clone());
                std::thread::spawn(move || {
                    let mut n = done.lock().unwrap().get(&worker).copied().unwrap_or(0);
                    while !stop.load(Ordering::SeqCst) {
                        match work(&base, &shop, worker, n) {
                            Ok(()) => {
                                n += 1;
                                done.lock().unwrap().insert(worker, n);
                                count.fetch_add(1, Ordering::SeqCst);
                            }
                            // The program is gone; anything else is a fault.
                            Err(why) => {
                                assert!(!why.starts_with('/'), "{why}");
                                return;
                            }
                        }
                    }
                })
            })
            .collect();
        let until = Instant::now() + PATIENCE;
        while count.load(Ordering::SeqCst) < BETWEEN && workers.iter().any(|w| !w.is_finished()) {
            assert!(Instant::now() < until, "nothing was done");
            std::thread::sleep(Duration::from_millis(5));
        }
        if kill < KILLS {
            server.kill();
        } else {
            stop.store(true, Ordering::SeqCst);
        }
        workers.into_iter().for_each(|w| w.join().unwrap());
        if kill < KILLS {
            server = Server::start_on(data, store);
        }
    }
    // Everything that was acknowledged is there once, whoever asks again is told so.
    let done = done.lock().unwrap().clone();
    let (mut uses, mut redeemed, mut cancelled) = (0_i64, 0_i64, 0_i64);
    for (worker, upto) in &done {
        for n in 0..*upto {
            work(&server.base(), &shop, *worker, n).unwrap();
            match n % 3 {
                0 => uses += 1,
                1 => redeemed += 1,
                _ => cancelled += 1,
            }
        }
    }
    assert!(uses > 0 && redeemed > 0 && cancelled > 0);
    let reward = shop.call(&server, "GET", &format!("/rewards/{}", shop.reward), None);
    let (stock, taken) = (reward["stock"].as_i64().unwrap(), reward["taken"].as_i64().unwrap());
    assert_eq!(stock + taken, STOCK);
    // A request of each worker may have been done and not acknowledged.
    assert!((redeemed..=redeemed + 6).contains(&taken), "{redeemed} acknowledged, {taken} taken");
    let tasks = shop.call(&server, "GET", "/benefits/tasks/counts", None);
    assert!((uses..=uses + 6).contains(&tasks["open"].as_i64().unwrap()), "{uses} acknowledged, {tasks}");
    let points: i64 = shop
        .members
        .iter()
        .map(|m| shop.call(&server, "GET", &format!("/members/{m}/points"), None)["items"][0]["accounts"]["available"].as_i64().unwrap())
        .sum();
    assert_eq!(points, MEMBERS as i64 * 100_000 - taken * 10, "every piece was paid for, and nothing else was");
    server.stop();
    let mut audit = Command::new(binary("shuke"));
    audit.env("SHUKE_MASTER_KEY", shuke_store::MasterKey::new(MASTER).to_hex().as_str());
    audit.args(["audit", "--deep"]).arg("--data").arg(data);
    if let Some(store) = store {
        audit.args(["--store", store]);
    }
    let audit = audit.output().unwrap();
    assert!(audit.status.success(), "{}{}", String::from_utf8_lossy(&audit.stdout), String::from_utf8_lossy(&audit.stderr));
}

#[test]
fn killed_while_members_redeem_on_sqlite() {
    let home = tempfile::tempdir().unwrap();
    campaign(home.path(), None);
}

#[test]
fn killed_while_members_redeem_on_postgres() {
    let home = tempfile::tempdir().unwrap();
    let database = cluster::shared().create_database("template0");
    campaign(home.path(), Some(&database.url()));
}
