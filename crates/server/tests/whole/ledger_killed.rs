//! The books through kills (-9) of the real program while sixty-four clients spend, earn, hold, give back and refund on
//! shared members over HTTP and lots and holds end by themselves, on both engines, on PostgreSQL with two instances: no
//! balance below zero by spending, all accounts sum to nothing, every acknowledged request is there once, and
//! `shuke audit --deep` is clean. `make soak ledger` runs the same as often as it is asked.

#[path = "ledger/check.rs"]
mod check;
#[path = "ledger/clients.rs"]
mod clients;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clients::{Client, PATIENCE, Shop, keys};
use serde_json::{Value, json};
use shuke_kernel::{Actor, Clock, Ctx, SystemClock};
use shuke_loyalty::Member;
use shuke_loyalty::event::{Act, Event};
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use shuke_programme::book::post::{self, Request};
use shuke_programme::definition::service;
use shuke_store::{Lane, MasterKey, Store, StoreConfig};
use shuke_testkit::process::{Server, binary};
use shuke_testkit::soak::Dice;
use shuke_testkit::{MASTER, cluster};

/// Kills an engine, and what they follow from.
const KILLS: u64 = 2;
const SEED: u64 = 20_261_127;
const CLIENTS: u64 = 64;
/// Requests that are answered between two kills at most.
const MOST: u64 = 1_500;
const MEMBERS: usize = 1_000;
/// Members who are there before the first kill; the others come between the kills, each with lots that have ended.
const FIRST: usize = 400;
/// Lots of a member that ended a month ago and are not booked as ended yet.
pub const ENDED_LOTS: usize = 4;
/// Points in each of them.
pub const ENDED_POINTS: i64 = 50;
const DAY: i64 = 86_400;

struct Ground {
    home: tempfile::TempDir,
    store: Option<String>,
    shop: Arc<Shop>,
    ids: Vec<MemberId>,
}

/// The program, for callers who ask more often than people do.
fn command() -> Command {
    let mut command = Command::new(binary("shuke"));
    command.env("SHUKE_RATE_LIMIT", "1000000");
    command
}

fn made(server: &Server, key: &str, path: &str, body: &Value) -> Value {
    let answer = server.call("POST", &format!("/api/v1{path}"), &[("authorization", key)], Some(body));
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.json);
    answer.json
}

impl Ground {
    fn new(store: Option<String>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut server = Server::start_with(command(), &home.path().join("0"), store.as_deref());
        let key = server.key(&["members:write", "orders:write", "points:read", "points:write", "programmes:write"]);
        let rules = json!({ "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }], "lot_expiry": { "days": 365 } });
        let programme = json!({ "name": "会员", "rules": rules, "begins_at": SystemClock.now().plus_seconds(-800 * DAY) });
        let programme = made(&server, &key, "/programmes", &programme)["id"].as_str().unwrap().to_owned();
        let mut members: Vec<String> = Vec::new();
        for first in (0..MEMBERS).step_by(500) {
            let member = |n: usize| json!({ "external": { "source": "own", "id": format!("p{n}") }, "keys": keys(n) });
            let items: Vec<Value> = (first..first + 500).map(member).collect();
            let done = made(&server, &key, "/members/batch", &json!({ "items": items }));
            members.extend(done["results"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()));
        }
        server.stop();
        let ids = members.iter().map(|id| id.parse().unwrap()).collect();
        let shop =
            Arc::new(Shop { key, programme, members, open: AtomicUsize::new(0), newest: AtomicUsize::new(0), answered: AtomicU64::new(0) });
        Self { home, store, shop, ids }
    }

    fn folder(&self, instance: usize) -> PathBuf {
        self.home.path().join(instance.to_string())
    }

    fn serve(&self, instance: usize) -> Server {
        Server::start_with(command(), &self.folder(instance), self.store.as_deref())
    }

    /// The store itself; the embedded one as long as no program has it.
    fn open(&self) -> Store {
        let url = self.store.clone().unwrap_or_else(|| format!("sqlite:{}", self.folder(0).join("shuke.db").display()));
        Store::open(StoreConfig::new(url, MasterKey::new(MASTER))).unwrap()
    }

    /// More members come: the first with points to spend, all with lots that ended a month ago, as if nobody had looked since.
    fn come(&self, upto: usize) {
        let from = self.shop.open.load(Ordering::SeqCst);
        let (store, now) = (self.open(), SystemClock.now());
        let merchant = store.read_now(shuke_access::merchants::every).unwrap()[0].no;
        let programme: ProgrammeId = self.shop.programme.parse().unwrap();
        let ids = self.ids[from..upto].to_vec();
        let given = move |n: usize| Event {
            id: format!("past-{n}"),
            time: now.plus_seconds(-396 * DAY + 60 * n as i64),
            act: Act::Adjust { points: ENDED_POINTS },
        };
        let written = store.write_now(Lane::Interactive, move |tx| {
            let cx = Ctx::new(merchant, Actor::System("test"), now.plus_seconds(-395 * DAY));
            let of = service::get(tx, merchant, programme)?;
            let request =
                |id: &MemberId| Request { facts: Some(Member::default()), ..Request::of(*id, (0..ENDED_LOTS).map(given).collect()) };
            post::post_many(tx, &cx, &of, ids.iter().map(request).collect()).map(|_| ())
        });
        written.unwrap();
        self.shop.newest.store(from, Ordering::SeqCst);
        self.shop.open.store(upto, Ordering::SeqCst);
    }

    /// Killed while it starts, somewhere before or behind the first look at what is due.
    fn kill_starting(&self, instance: usize, dice: &mut Dice) {
        let mut command = command();
        command.arg("serve").arg("--data").arg(self.folder(instance)).args(["--listen", "127.0.0.1:0"]);
        if let Some(store) = &self.store {
            command.args(["--store", store]);
        }
        command.env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(dice.below(900_000)));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn audit(&self, folder: &Path) {
        let mut audit = Command::new(binary("shuke"));
        audit.env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
        audit.args(["audit", "--deep"]).arg("--data").arg(folder);
        if let Some(store) = &self.store {
            audit.args(["--store", store]);
        }
        let audit = audit.output().unwrap();
        assert!(audit.status.success(), "{}{}", String::from_utf8_lossy(&audit.stdout), String::from_utf8_lossy(&audit.stderr));
    }
}

/// All clients work at these addresses until they are told that it is over.
fn at_work(clients: &mut [Client], bases: &[String], over: &AtomicBool, meanwhile: impl FnOnce()) {
    std::thread::scope(|scope| {
        let threads: Vec<_> = clients.iter_mut().map(|client| scope.spawn(move || client.work(bases, over))).collect();
        meanwhile();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

fn campaign(engine: &str, store: Option<String>, instances: usize, kills: u64, seed: u64) {
    let begun = Instant::now();
    let (ground, mut dice) = (Ground::new(store), Dice(seed));
    let mut clients: Vec<Client> = (0..CLIENTS).map(|n| Client::new(ground.shop.clone(), n, dice.roll())).collect();
    let mut servers: Vec<Option<Server>> = (0..instances).map(|_| None).collect();
    let (mut working, mut starting) = (0, 0);
    for round in 1..=kills {
        // The embedded store has one owner: whoever comes, comes while no program runs.
        ground.come(FIRST + (MEMBERS - FIRST) * round as usize / kills as usize);
        if round.is_multiple_of(4) {
            let instance = servers.iter().position(Option::is_none).unwrap_or(instances);
            ground.kill_starting(instance, &mut dice);
            starting += 1;
            continue;
        }
        for (instance, server) in servers.iter_mut().enumerate() {
            if server.is_none() {
                *server = Some(ground.serve(instance));
            }
        }
        let bases: Vec<String> = servers.iter().flatten().map(Server::base).collect();
        let over = AtomicBool::new(false);
        let whom = dice.below(2 * instances as u64 - 1) as usize;
        at_work(&mut clients, &bases, &over, || {
            let (from, wanted) = (ground.shop.answered.load(Ordering::Relaxed), dice.below(MOST));
            let until = Instant::now() + PATIENCE;
            while ground.shop.answered.load(Ordering::Relaxed) < from + wanted {
                assert!(Instant::now() < until, "nobody answers");
                std::thread::sleep(Duration::from_millis(2));
            }
            std::thread::sleep(Duration::from_micros(dice.below(20_000)));
            for (instance, server) in servers.iter_mut().enumerate() {
                // One of them, or all.
                if (whom == instance || whom >= instances)
                    && let Some(mut server) = server.take()
                {
                    server.kill();
                }
            }
            // Whoever is left goes on for a while.
            std::thread::sleep(Duration::from_millis(if whom >= instances { 0 } else { dice.below(300) }));
            over.store(true, Ordering::SeqCst);
        });
        working += 1;
    }
    // Everybody is answered; then what is to happen by itself happens.
    drop(servers);
    let mut server = ground.serve(0);
    for client in &mut clients {
        client.finish(&[server.base()]);
    }
    let until = Instant::now() + PATIENCE;
    let store = loop {
        std::thread::sleep(Duration::from_millis(1_500));
        server.stop();
        let store = ground.open();
        let left = check::left(&store);
        if left == (0, 0) {
            break store;
        }
        assert!(Instant::now() < until, "merchants who wait for the subscriber, and books in which something is held: {left:?}");
        drop(store);
        server = ground.serve(0);
    };
    let ids: Vec<[u8; 16]> = ground.ids.iter().map(|id| *id.bytes()).collect();
    let logs: Vec<&[clients::Sent]> = clients.iter().map(|client| client.log.as_slice()).collect();
    let told = check::compare(&store, &ids, ground.shop.open.load(Ordering::SeqCst), &logs);
    drop(store);
    ground.audit(&ground.folder(0));
    assert!(told.done > 0 && told.holds_ended > 0, "{told:?}");
    println!(
        "SOAK | {engine} | {seed} | {kills} | {working} | {starting} | {} | {} | {} | {} | {} | {} s | nothing |",
        told.done,
        told.refused,
        told.unknown,
        told.lots_ended,
        told.holds_ended,
        begun.elapsed().as_secs()
    );
}

/// A number that `make soak ledger` sets.
fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text} is no number")))
}

fn asked_on(engine: &str, store: Option<String>, instances: usize) {
    campaign(engine, store, instances, asked("SHUKE_SOAK_KILLS", KILLS), asked("SHUKE_SOAK_SEED", SEED));
}

#[test]
fn books_are_whole_through_kills_on_sqlite() {
    asked_on("SQLite", None, 1);
}

#[test]
fn books_are_whole_through_kills_on_postgresql() {
    let database = cluster::shared().create_database("template0");
    asked_on("PostgreSQL, two instances", Some(database.url()), 2);
}
