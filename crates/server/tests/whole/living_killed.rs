//! Living segments through kills (-9) of the real program while it follows the feed under load, on both
//! engines, on PostgreSQL with two instances: afterwards who is in a segment is who its expression is true of,
//! and every coming and going was recorded once. `make soak living` runs the same as often as it is asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_columns::{Keepers, Registry};
use shuke_kernel::{Actor, Clock, Ctx, MerchantNo, SystemClock};
use shuke_segments::living::ready::judged;
use shuke_segments::model::PersonId;
use shuke_segments::service::zone;
use shuke_segments::{Reckoning, SegmentId, book, count};
use shuke_store::{MasterKey, Store, StoreConfig, Tx, args};
use shuke_testkit::process::{Server, binary};
use shuke_testkit::soak::Dice;
use shuke_testkit::{MASTER, cluster};

/// Kills an engine, segments, and what they follow from.
const KILLS: u64 = 2;
const SEGMENTS: u64 = 60;
const SEED: u64 = 20_261_127;
/// How often everything is compared.
const COMPARE_EVERY: u64 = 25;
const PEOPLE: u64 = 200;
const GOODS: u64 = 10;
const TAGS: u64 = 4;
/// Batches that each at work sends before anybody is seen to follow.
const FIRST: u64 = 20;
/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// Who is in which segment.
type Inside = BTreeMap<SegmentId, BTreeSet<PersonId>>;

/// A segment, and whether what happens here brings members only in, or only out.
fn segment(n: u64) -> (String, bool) {
    let (sort, n, sku) = (n % 5, n / 5, n / 5 % GOODS);
    match sort {
        0 => (format!("has_any(\"t{}\") and not has_any(\"t{}\")", n % TAGS, (n + 1 + n / TAGS % (TAGS - 1)) % TAGS), false),
        1 => (format!("count(orders where purchase = true) >= {}", 1 + n), true),
        2 => (format!("sum(lines.amount where sku = \"S{sku}\" and purchase = true) >= ¥{}.00", 10 + 7 * n), true),
        3 => (format!("count(events where kind = \"cart\" and sku = \"S{sku}\") >= {}", 1 + n / 4), true),
        _ => (format!("not count(events where kind = \"view\" and sku = \"S{sku}\") >= {}", 1 + n / 4), true),
    }
}

/// How those at work are told to go on freely, and to stop.
#[derive(Default)]
struct Work {
    freely: AtomicBool,
    over: AtomicBool,
}

/// What a campaign came to.
#[derive(Default)]
struct Told {
    /// Kills of a program that had followed since it was started.
    following: u64,
    acknowledged: Arc<AtomicU64>,
    moves: usize,
    compared: u64,
}

struct Shop {
    home: tempfile::TempDir,
    store: Option<String>,
    key: String,
    people: Vec<String>,
    tags: Vec<String>,
    segments: Vec<SegmentId>,
    one_way: BTreeSet<SegmentId>,
    /// Who was in before the first kill, and where the feed was.
    first: Inside,
    from: i64,
    /// How many comings and goings there were then.
    before: i64,
}

/// What is in the store, read while no program runs.
struct There {
    store: Store,
    merchant: MerchantNo,
}

impl There {
    fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx<'_>) -> shuke_kernel::Result<T> + Send + 'static) -> T {
        self.store.read_now(f).unwrap()
    }

    fn int(&self, sql: &'static str) -> i64 {
        let merchant = self.merchant;
        self.read(move |tx| tx.one(sql, args![merchant])?.get(0))
    }

    fn head(&self) -> i64 {
        self.store.stamp_events().unwrap();
        let merchant = self.merchant;
        self.read(move |tx| tx.feed_head(merchant))
    }

    fn inside(&self) -> Inside {
        let merchant = self.merchant;
        let rows: Vec<(SegmentId, PersonId)> = self.read(move |tx| {
            let rows = tx.rows("SELECT segment, member FROM segment_member WHERE merchant = $1", args![merchant])?;
            rows.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect()
        });
        let mut all = Inside::new();
        for (segment, member) in rows {
            all.entry(segment).or_default().insert(member);
        }
        all
    }

    /// Whom each segment's expression is true of, by evaluation over everybody.
    fn true_of(&self, segments: &[SegmentId]) -> Inside {
        let folder = tempfile::tempdir().unwrap();
        let keepers = Keepers::new(self.store.clone(), folder.path().to_owned());
        let people = keepers.of(self.merchant).unwrap().people().unwrap();
        let cx = Ctx::new(self.merchant, Actor::System("test"), SystemClock.now());
        let mut all = Inside::new();
        for id in segments {
            let (cx, id) = (cx.clone(), *id);
            let (expression, zone) = self.read(move |tx| {
                let segment = book::get(tx, &cx, id)?;
                let expr = segment.expr.unwrap_or_default();
                Ok((judged(tx, &cx, &expr, &Registry::of_store())?, zone(tx, cx.merchant)?))
            });
            let reckoning = Reckoning::new(SystemClock.now().micros(), &zone);
            let found = count::matches(&people, &expression.unwrap(), &reckoning, &|| false).unwrap().unwrap();
            let mut of = BTreeSet::new();
            for (slice, places) in people.slices.iter().zip(found) {
                of.extend(places.iter().map(|p| slice.members.get(p).parse::<PersonId>().unwrap()));
            }
            if !of.is_empty() {
                all.insert(id, of);
            }
        }
        all
    }

    /// Comings and goings since a place in the feed, in its order.
    fn told(&self, from: i64) -> Vec<(SegmentId, PersonId, bool)> {
        let (merchant, mut after, mut all) = (self.merchant, from, Vec::new());
        loop {
            let events = self.read(move |tx| tx.events_after(merchant, after, 10_000));
            let Some(last) = events.last() else { return all };
            after = last.position;
            for event in events.iter().filter(|e| ["segment.entered", "segment.left"].contains(&e.kind.as_str())) {
                let data: Value = serde_json::from_str(&event.data).unwrap();
                let segment = data["segment"].as_str().unwrap().parse().unwrap();
                all.push((segment, PersonId::from_bytes(event.subject), event.kind == "segment.entered"));
            }
        }
    }
}

impl Shop {
    fn new(store: Option<String>, segments: u64) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut server = serve(&home.path().join("0"), store.as_deref());
        let key = server.key(&["orders:write", "members:read", "members:write", "events:read", "segments:read", "segments:write"]);
        let call = |method: &str, path: &str, body: Option<Value>| {
            let answer = server.call(method, &format!("/api/v1{path}"), &[("authorization", key.as_str())], body.as_ref());
            assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.json);
            answer.json
        };
        let member = |n: u64| json!({"external": {"source": "own", "id": format!("p{n}")}, "keys": who(n)});
        let made = call("POST", "/members/batch", Some(json!({"items": (0..PEOPLE).map(member).collect::<Vec<_>>()})));
        let people = made["results"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        let tag = |n: u64| call("POST", "/tags", Some(json!({"name": format!("t{n}")})))["id"].as_str().unwrap().to_owned();
        let tags = (0..TAGS).map(tag).collect();
        let (mut ids, mut one_way) = (Vec::new(), BTreeSet::new());
        for n in 0..segments {
            let (text, is_one_way) = segment(n);
            let made = call("POST", "/segments", Some(json!({"name": format!("s{n}"), "kind": "living", "text": text})));
            let id: SegmentId = made["id"].as_str().unwrap().parse().unwrap();
            ids.push(id);
            if is_one_way {
                one_way.insert(id);
            }
        }
        let until = Instant::now() + PATIENCE;
        for id in &ids {
            while call("GET", &format!("/segments/{id}"), None)["building"] == json!(true) {
                assert!(Instant::now() < until, "the segments were not reckoned");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        let mut shop = Self { home, store, key, people, tags, segments: ids, one_way, first: Inside::new(), from: 0, before: 0 };
        shop.followed(&server);
        server.stop();
        let there = shop.open();
        (shop.first, shop.from, shop.before) = (there.inside(), there.head(), there.int(MOVES));
        shop
    }

    fn folder(&self, instance: usize) -> PathBuf {
        self.home.path().join(instance.to_string())
    }

    fn serve(&self, instance: usize) -> Server {
        serve(&self.folder(instance), self.store.as_deref())
    }

    /// The store itself, as long as no program has it.
    fn open(&self) -> There {
        let url = self.store.clone().unwrap_or_else(|| format!("sqlite:{}", self.folder(0).join("shuke.db").display()));
        let store = Store::open(StoreConfig::new(url, MasterKey::new(MASTER))).unwrap();
        let merchant = store.feed_merchants().unwrap()[0];
        There { store, merchant }
    }

    /// Waits until everything that was written by now is followed.
    fn followed(&self, server: &Server) {
        let (now, until) = (SystemClock.now(), Instant::now() + PATIENCE);
        let path = format!("/api/v1/segments/{}", self.segments[0]);
        loop {
            let told = server.call("GET", &path, &[("authorization", self.key.as_str())], None).json;
            let known = told["size_at"].as_str().and_then(|at| at.parse::<shuke_kernel::Instant>().ok());
            if known.is_some_and(|at| at > now) {
                return;
            }
            assert!(Instant::now() < until, "segments are known up to {known:?}, {now} is waited for");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Who works while the programs run: acts, orders and tags, until these are killed; at first so much only
    /// that who follows has something to follow, since nobody may for a while and all of it must be followed.
    fn at_work(&self, base: &str, seed: u64, work: &Arc<Work>, acknowledged: &Arc<AtomicU64>) -> std::thread::JoinHandle<()> {
        let (base, key, work, acknowledged) = (base.to_owned(), self.key.clone(), work.clone(), acknowledged.clone());
        let (people, tags, mut dice) = (self.people.clone(), self.tags.clone(), Dice(seed));
        std::thread::spawn(move || {
            let mut done = 0;
            while !work.over.load(Ordering::Relaxed) {
                if done >= FIRST && !work.freely.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                }
                done += 1;
                let (path, body) = match dice.below(6) {
                    0 | 1 => ("/api/v1/orders/batch", orders(&mut dice)),
                    2 => ("/api/v1/members/tags", tagging(&mut dice, &people, &tags)),
                    _ => ("/api/v1/events/batch", acts(&mut dice)),
                };
                match Server::try_call(&base, "POST", path, &[("authorization", key.as_str())], Some(&body)) {
                    Ok(answer) if answer.status < 300 => drop(acknowledged.fetch_add(1, Ordering::Relaxed)),
                    Ok(answer) if [409, 429, 503].contains(&answer.status) => {}
                    Ok(answer) => panic!("{path}: {} {}", answer.status, answer.json),
                    Err(_) => return,
                }
            }
        })
    }

    /// A stretch of the feed; asked again where too many ask.
    fn page(&self, base: &str, since: i64, types: &str) -> Value {
        let path = format!("/api/v1/changes?since={since}&limit=1000&types={types}");
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let answer = Server::try_call(base, "GET", &path, &[("authorization", self.key.as_str())], None).unwrap();
            match answer.status {
                200 => return answer.json,
                429 | 503 if Instant::now() < until => std::thread::sleep(Duration::from_millis(50)),
                status => panic!("{path}: {status} {}", answer.json),
            }
        }
    }

    /// Whether somebody came or went after a place in the feed, looked for as long as `patience`; and where it was.
    fn moved(&self, base: &str, mut since: i64, patience: Duration) -> Option<i64> {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            let page = self.page(base, since, "segment.entered,segment.left");
            let next = page["next_position"].as_i64().unwrap();
            if let Some(first) = page["items"].as_array().and_then(|items| items.first()) {
                return first["position"].as_i64();
            }
            if next == since {
                std::thread::sleep(Duration::from_millis(5));
            }
            since = next;
        }
        None
    }

    /// Where the feed ends.
    fn end(&self, base: &str, mut since: i64) -> i64 {
        loop {
            let page = self.page(base, since, "none.such");
            let next = page["next_position"].as_i64().unwrap();
            if next == since {
                return since;
            }
            since = next;
        }
    }

    /// Everybody is where they belong, and came or went as often as they must.
    fn compare(&self, told: &mut Told) {
        let mut server = self.serve(0);
        self.followed(&server);
        server.stop();
        let there = self.open();
        let (inside, meant) = (there.inside(), there.true_of(&self.segments));
        for id in &self.segments {
            assert_eq!(inside.get(id), meant.get(id), "{id}: who is in it, and whom its expression is true of");
        }
        let moves = there.told(self.from);
        let mut by_events = self.first.clone();
        let mut times: HashMap<(SegmentId, PersonId), usize> = HashMap::new();
        for (segment, member, came) in &moves {
            let of = by_events.entry(*segment).or_default();
            let changed = if *came { of.insert(*member) } else { of.remove(member) };
            assert!(changed, "{member} came to or left {segment} a second time");
            *times.entry((*segment, *member)).or_default() += 1;
        }
        by_events.retain(|_, members| !members.is_empty());
        assert_eq!(by_events, inside, "what the feed tells, and who is in");
        let twice = times.iter().find(|((segment, _), times)| self.one_way.contains(segment) && **times > 1);
        assert_eq!(twice, None, "came and went where nobody can go back");
        assert_eq!(there.int(MOVES) - self.before, moves.len() as i64, "what is recorded, and what the feed tells");
        let cx = Ctx::new(there.merchant, Actor::System("test"), SystemClock.now());
        assert_eq!(there.read(move |tx| book::audit(tx, &cx)), Vec::<String>::new());
        assert!(moves.len() > told.moves, "somebody came or went since it was compared before");
        told.moves = moves.len();
        told.compared += 1;
    }
}

/// The program, for callers who ask more often than people do.
fn serve(folder: &Path, store: Option<&str>) -> Server {
    let mut command = Command::new(binary("shuke"));
    command.env("SHUKE_RATE_LIMIT", "1000000");
    Server::start_with(command, folder, store)
}

const MOVES: &str = "SELECT COUNT(*) FROM segment_change WHERE merchant = $1";

fn who(n: u64) -> Value {
    json!([{"kind": "own_id", "value": format!("p{n}"), "verified": true}])
}

fn acts(dice: &mut Dice) -> Value {
    let act = |dice: &mut Dice| {
        let kind = if dice.below(3) == 0 { "browse" } else { "cart" };
        json!({"source": "own", "id": format!("e{}", dice.roll()), "type": kind, "sku": format!("S{}", dice.below(GOODS)), "at": "2025-12-01T00:00:00Z", "keys": who(dice.below(PEOPLE))})
    };
    json!({"items": (0..20).map(|_| act(dice)).collect::<Vec<_>>()})
}

fn orders(dice: &mut Dice) -> Value {
    let order = |dice: &mut Dice| {
        let paid = json!({"amount": 500 + dice.below(3_000), "currency": "CNY"});
        json!({
            "external": {"source": "own", "id": format!("o{}", dice.roll())}, "platform": "own", "state": "paid", "currency": "CNY",
            "created_at": "2025-12-01T00:00:00Z", "paid_at": "2025-12-01T00:00:00Z", "paid": paid, "buyer": {"keys": who(dice.below(PEOPLE))},
            "lines": [{"id": "1", "sku": format!("S{}", dice.below(GOODS)), "quantity": 1, "paid": paid}],
        })
    };
    json!({"items": (0..10).map(|_| order(dice)).collect::<Vec<_>>()})
}

fn tagging(dice: &mut Dice, people: &[String], tags: &[String]) -> Value {
    let some: BTreeSet<&String> = (0..15).map(|_| &people[dice.below(people.len() as u64) as usize]).collect();
    let tag = &tags[dice.below(TAGS) as usize];
    let (add, remove) = if dice.below(2) == 0 { (vec![tag], Vec::new()) } else { (Vec::new(), vec![tag]) };
    json!({"members": some, "add": add, "remove": remove})
}

fn campaign(engine: &str, store: Option<String>, instances: usize, kills: u64, segments: u64, seed: u64) {
    let begun = Instant::now();
    let (shop, mut told, mut dice) = (Shop::new(store, segments), Told::default(), Dice(seed));
    let mut servers: Vec<Option<Server>> = (0..instances).map(|_| None).collect();
    let mut seen = shop.from;
    for round in 1..=kills {
        for (instance, server) in servers.iter_mut().enumerate() {
            if server.is_none() {
                *server = Some(shop.serve(instance));
            }
        }
        let bases: Vec<String> = servers.iter().flatten().map(Server::base).collect();
        seen = shop.end(&bases[0], seen);
        let work = Arc::new(Work::default());
        let at_work: Vec<_> = bases.iter().map(|base| shop.at_work(base, dice.roll(), &work, &told.acknowledged)).collect();
        // Mostly killed once it follows; else at any moment, so also while it begins.
        if dice.below(4) > 0 {
            seen = shop.moved(&bases[0], seen, PATIENCE).expect("nobody follows");
            told.following += 1;
        }
        work.freely.store(true, Ordering::Relaxed);
        std::thread::sleep(Duration::from_micros(dice.below(400_000)));
        let whom = dice.below(2 * instances as u64 - 1) as usize;
        for (instance, server) in servers.iter_mut().enumerate() {
            // One of them, or all.
            if (whom == instance || whom >= instances)
                && let Some(mut server) = server.take()
            {
                server.kill();
            }
        }
        work.over.store(true, Ordering::Relaxed);
        at_work.into_iter().for_each(|thread| thread.join().unwrap());
        if round % COMPARE_EVERY == 0 || round == kills {
            servers.iter_mut().filter_map(Option::take).for_each(|mut server| server.stop());
            shop.compare(&mut told);
            println!("{engine}: {round} kills, {} comings and goings", told.moves);
        }
    }
    println!(
        "SOAK | {engine} | {seed} | {segments} | {kills} | {} | {} | {} | {} | {} s | nothing |",
        told.following,
        told.acknowledged.load(Ordering::Relaxed),
        told.moves,
        told.compared,
        begun.elapsed().as_secs()
    );
}

/// A number that `make soak living` sets.
fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text} is no number")))
}

fn asked_on(engine: &str, store: Option<String>, instances: usize) {
    let (kills, segments) = (asked("SHUKE_SOAK_KILLS", KILLS), asked("SHUKE_SOAK_SEGMENTS", SEGMENTS));
    campaign(engine, store, instances, kills, segments, asked("SHUKE_SOAK_SEED", SEED));
}

#[test]
fn comings_and_goings_are_recorded_once_through_kills_on_sqlite() {
    asked_on("SQLite", None, 1);
}

#[test]
fn comings_and_goings_are_recorded_once_through_kills_on_postgresql() {
    let database = cluster::shared().create_database("template0");
    asked_on("PostgreSQL, two instances", Some(database.url()), 2);
}
