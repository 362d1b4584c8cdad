//! Coupons through kills (-9) of the real program, on both engines, two instances on PostgreSQL: claimed, locked, used, let
//! go and given back. What was acknowledged is there once, exactly as many are handed out as there are, none is used twice,
//! and `shuke audit` is clean.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_testkit::process::{Answer, Server, binary};
use shuke_testkit::{MASTER, cluster};

const KILLS: usize = 2;
const MEMBERS: u64 = 40;
const PIECES: i64 = 400;
const EACH: i64 = 15;
/// Requests that are acknowledged between two kills.
const BETWEEN: u64 = 120;
/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

struct Shop {
    key: String,
    members: Vec<String>,
    batch: String,
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
        let key = server.key(&["members:read", "members:write", "coupons:read", "coupons:write", "coupons:use"]);
        let mut shop = Self { key, members: Vec::new(), batch: String::new() };
        let id = |made: Value| made["id"].as_str().unwrap().to_owned();
        let member = |n: u64| json!({ "external": { "source": "own", "id": format!("p{n}") }, "keys": [{ "kind": "own_id", "namespace": "shop", "value": format!("p{n}") }] });
        let made = shop.call(server, "POST", "/members/batch", Some(json!({ "items": (0..MEMBERS).map(member).collect::<Vec<_>>() })));
        shop.members = made["results"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        let template = json!({
            "name": "随机立减", "offer": { "kind": "no_threshold" }, "random": { "min": 100, "max": 900 }, "validity": { "days": 30 },
        });
        let template = id(shop.call(server, "POST", "/coupons/templates", Some(template)));
        let budget = json!({ "amount": PIECES * 300, "currency": "CNY" });
        let batch = json!({ "name": "抢券", "template": template, "pieces": PIECES, "budget": budget, "per_member": EACH });
        shop.batch = id(shop.call(server, "POST", "/coupons/batches", Some(batch)));
        shop
    }
}

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Done {
    /// It has a coupon, and its order did with it what it was to do.
    Had,
    /// None was to be had.
    None,
}

/// The `n`th request of a worker: a coupon is claimed and locked, and its order is paid, taken off, or paid and closed.
fn work(base: &str, shop: &Shop, worker: u64, n: u64) -> Result<Done, String> {
    let member = &shop.members[((worker * 7 + n) % MEMBERS) as usize];
    let name = format!("{worker}-{n}");
    let post = |path: &str, body: &Value, fine: &[&str]| {
        let answer = ask(base, &shop.key, "POST", path, Some(body))?;
        let code = answer.json["code"].as_str().unwrap_or_default();
        if answer.status == 200 || fine.contains(&code) {
            Ok(answer.json)
        } else {
            Err(format!("{path}: {} {}", answer.status, answer.json))
        }
    };
    let claim = json!({ "member": member, "id": name });
    let had = post(&format!("/coupons/batches/{}/claim", shop.batch), &claim, &["coupon.sold_out", "coupon.limit_reached"])?;
    let Some(coupon) = had["coupon"]["id"].as_str() else { return Ok(Done::None) };
    let order = json!({ "source": "shop", "id": name });
    let saving = json!({ "amount": had["coupon"]["amount"]["amount"], "currency": "CNY" });
    let lock = json!({ "order": order, "member": member, "coupons": [{ "coupon": coupon, "saving": saving }] });
    // Asked again after it was used on this very order, it cannot be locked, and is used.
    post("/coupons/lock", &lock, &["coupon.not_available"])?;
    let of = json!({ "order": order });
    match n % 3 {
        0 => drop(post("/coupons/release", &of, &[])?),
        1 => drop(post("/coupons/redeem", &of, &[])?),
        _ => {
            post("/coupons/redeem", &of, &[])?;
            post("/coupons/return", &of, &[])?;
        }
    }
    Ok(Done::Had)
}

fn campaign(folders: &[PathBuf], store: Option<&str>) {
    let start = || -> Vec<Server> { folders.iter().map(|data| Server::start_on(data, store)).collect() };
    // Set up by one of them before the other begins.
    let mut servers = vec![Server::start_on(&folders[0], store)];
    let shop = Arc::new(Shop::open(&servers[0]));
    servers.extend(folders[1..].iter().map(|data| Server::start_on(data, store)));
    // What each worker was told: everything before that number.
    let done: Arc<Mutex<HashMap<u64, Vec<Done>>>> = Arc::default();
    for kill in 0..=KILLS {
        let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let workers: Vec<_> = (0..8_u64)
            .map(|worker| {
                let base = servers[worker as usize % servers.len()].base();
                let (shop, done, stop, count) = (shop.clone(), done.clone(), stop.clone(), count.clone());
                std::thread::spawn(move || {
                    let mut n = done.lock().unwrap().get(&worker).map_or(0, |told| told.len() as u64);
                    while !stop.load(Ordering::SeqCst) {
                        match work(&base, &shop, worker, n) {
                            Ok(told) => {
                                n += 1;
                                done.lock().unwrap().entry(worker).or_default().push(told);
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
        let last = kill == KILLS;
        // The last time until everything is handed out.
        let gone = || done.lock().unwrap().values().flatten().any(|told| *told == Done::None);
        while (count.load(Ordering::SeqCst) < BETWEEN || last && !gone()) && workers.iter().any(|w| !w.is_finished()) {
            assert!(Instant::now() < until, "nothing was done");
            std::thread::sleep(Duration::from_millis(5));
        }
        if last {
            stop.store(true, Ordering::SeqCst);
        } else {
            servers.iter_mut().for_each(Server::kill);
        }
        workers.into_iter().for_each(|w| w.join().unwrap());
        if !last {
            servers = start();
        }
    }
    // Everything that was acknowledged is there once, whoever asks again is told so.
    let told = done.lock().unwrap().clone();
    let mut used = 0_i64;
    for (worker, all) in &told {
        for (n, was) in all.iter().enumerate() {
            let n = n as u64;
            if *was == Done::Had {
                assert_eq!(work(&servers[0].base(), &shop, *worker, n).unwrap(), Done::Had, "{worker}-{n}");
                used += i64::from(n % 3 == 1);
            }
        }
    }
    // Whatever is left is claimed, by members who may have more.
    let mut n = 0_u64;
    loop {
        let member = &shop.members[(n % MEMBERS) as usize];
        let claim = json!({ "member": member, "id": format!("rest-{n}") });
        let answer = ask(&servers[0].base(), &shop.key, "POST", &format!("/coupons/batches/{}/claim", shop.batch), Some(&claim)).unwrap();
        if answer.json["code"] == "coupon.sold_out" {
            break;
        }
        assert!(answer.status == 200 || answer.json["code"] == "coupon.limit_reached", "{}", answer.json);
        n += 1;
        assert!(n < MEMBERS * 100, "it does not end");
    }
    let batch = shop.call(&servers[0], "GET", &format!("/coupons/batches/{}", shop.batch), None);
    assert_eq!((&batch["batch"]["left"], &batch["batch"]["taken"]), (&json!(0), &json!(PIECES)), "{batch}");
    assert_eq!(batch["batch"]["spent"]["amount"], json!(PIECES * 300), "the budget, to the fen");
    let kept = batch["states"]["used"].as_i64().unwrap_or(0);
    // A request of each worker may have been done and not acknowledged.
    assert!((used..=used + 8 * (KILLS as i64 + 1)).contains(&kept), "{used} acknowledged, {kept} used");
    let open = shop.call(&servers[0], "GET", "/coupons/exceptions?state=open", None);
    assert_eq!(open["items"].as_array().unwrap().len(), 0, "nobody's hold was over: {open}");
    servers.iter_mut().for_each(Server::stop);
    let mut audit = Command::new(binary("shuke"));
    audit.env("SHUKE_MASTER_KEY", shuke_store::MasterKey::new(MASTER).to_hex().as_str());
    audit.arg("audit").arg("--data").arg(&folders[0]);
    if let Some(store) = store {
        audit.args(["--store", store]);
    }
    let audit = audit.output().unwrap();
    assert!(audit.status.success(), "{}{}", String::from_utf8_lossy(&audit.stdout), String::from_utf8_lossy(&audit.stderr));
}

#[test]
fn killed_while_members_take_coupons_on_sqlite() {
    let home = tempfile::tempdir().unwrap();
    campaign(&[home.path().to_owned()], None);
}

#[test]
fn killed_while_members_take_coupons_on_postgres() {
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let database = cluster::shared().create_database("template0");
    campaign(&homes.each_ref().map(|home| home.path().to_owned()), Some(&database.url()));
}
