//! The child: writes in every way the store knows until it is killed, and says what was
//! acknowledged, a line each, on standard output.
//!
//! `W key n…` keyed write, alone or gathered with others, `R key` keyed refusal, `U id` write without a key, `B id` bulk batch,
//! `J id` job queued, `X text` something that must not happen. Keys are numbered by thread; a
//! child begins with the first that was not acknowledged, so what a kill left open is asked again
//! under its key, as a caller would.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use shuke_kernel::{Actor, Clock, Code, Ctx, Error, IdempotencyKey, Instant, Kind, MerchantNo, Result, SystemClock};
use shuke_store::feed::Subscriber;
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, JobRunner, NewJob};
use shuke_store::together::Together;
use shuke_store::{Event, FeedEvent, Lane, MasterKey, Store, StoreConfig, Tx, args, outage};

use super::Dice;
use crate::{MASTER, MERCHANT};

/// Members written to.
pub(super) const MEMBERS: u64 = 24;
/// Threads that write under keys.
const WRITERS: u64 = 4;
/// Callers whose keyed writes are gathered: what arrives while one is written is written together.
const GATHERED: u64 = 8;
/// Callers with a key sequence of their own: the threads, then the gathered ones.
pub(super) const CALLERS: u64 = WRITERS + GATHERED;
/// Rows of a bulk batch.
pub(super) const BULK: i64 = 40;
/// Steps of a job.
pub(super) const STEPS: i64 = 6;
/// Who listens.
pub(super) const LISTENERS: [&str; 2] = ["soak-alpha", "soak-beta"];

static NO: Code = Code { code: "soak.no", kind: Kind::Unprocessable, zh: "不行", en: "No" };

/// The machine's clock, so far ahead that the leases of those killed before have run out.
pub(super) struct Ahead(pub(super) i64);

impl Clock for Ahead {
    fn now(&self) -> Instant {
        SystemClock.now().plus_seconds(self.0)
    }
}

pub(super) fn open(url: &str, ahead: i64) -> Result<Store> {
    Store::open(StoreConfig { clock: Arc::new(Ahead(ahead)), writers: 4, readers: 2, ..StoreConfig::new(url, MasterKey::new(MASTER)) })
}

/// The campaign's tables and members, once.
pub(super) fn lay(store: &Store) -> Result<()> {
    store.write_now(Lane::Interactive, |tx| {
        tx.batch(
            "CREATE TABLE IF NOT EXISTS soak_member (merchant BIGINT NOT NULL, member BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, member)); \
             CREATE TABLE IF NOT EXISTS soak_row (merchant BIGINT NOT NULL, name TEXT NOT NULL, member BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, name, member)); \
             CREATE TABLE IF NOT EXISTS soak_bulk (merchant BIGINT NOT NULL, batch TEXT NOT NULL, line BIGINT NOT NULL, PRIMARY KEY (merchant, batch, line)); \
             CREATE TABLE IF NOT EXISTS soak_step (merchant BIGINT NOT NULL, job TEXT NOT NULL, step BIGINT NOT NULL, PRIMARY KEY (merchant, job, step)); \
             CREATE TABLE IF NOT EXISTS soak_heard (merchant BIGINT NOT NULL, who TEXT NOT NULL, position BIGINT NOT NULL, member BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, who, position))",
        )?;
        if tx.row("SELECT 1 FROM soak_member WHERE merchant = $1", args![MERCHANT])?.is_none() {
            tx.create_keys(MERCHANT, Instant(0))?;
            for member in 0..MEMBERS as i64 {
                tx.exec("INSERT INTO soak_member (merchant, member, n) VALUES ($1, $2, 0)", args![MERCHANT, member])?;
            }
        }
        Ok(())
    })
}

/// Says a line; a parent that is gone ends the child.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(3);
    }
}

/// Counts members up under their locks, in one order, and says so by events.
fn count_up(tx: &mut Tx<'_>, cx: &Ctx, name: &str, members: &[i64]) -> Result<Vec<i64>> {
    let mut counts = Vec::new();
    for member in members {
        let n: i64 =
            tx.one("SELECT n FROM soak_member WHERE merchant = $1 AND member = $2 FOR UPDATE", args![cx.merchant, *member])?.get(0)?;
        let n = n + 1;
        tx.exec("UPDATE soak_member SET n = $3 WHERE merchant = $1 AND member = $2", args![cx.merchant, *member, n])?;
        tx.exec("INSERT INTO soak_row (merchant, name, member, n) VALUES ($1, $2, $3, $4)", args![cx.merchant, name, *member, n])?;
        let mut id = [0; 16];
        id[8..].copy_from_slice(&member.to_be_bytes());
        tx.emit(
            cx,
            Event {
                kind: "soak.counted",
                version: 1,
                occurred_at: cx.now,
                subject_kind: "mem",
                subject: id,
                member: Some(id),
                data: format!("{{\"member\":{member},\"n\":{n}}}"),
            },
        )?;
        counts.push(n);
    }
    Ok(counts)
}

/// One or two members, ascending; the same for the same dice.
fn choose(dice: &mut Dice) -> Vec<i64> {
    let mut members = vec![dice.below(MEMBERS) as i64];
    if dice.below(4) == 0 {
        members.push(dice.below(MEMBERS) as i64);
    }
    members.sort_unstable();
    members.dedup();
    members
}

fn cx(store: &Store, key: Option<IdempotencyKey>) -> Ctx {
    Ctx { key, ..Ctx::new(MERCHANT, Actor::System("soak"), store.clock().now()) }
}

fn dice_of(seed: u64, name: &str) -> Dice {
    Dice(name.bytes().fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
}

/// Whether to ask again: nothing final was said.
fn again(e: &Error) -> bool {
    outage::is_outage(e) || e.refusal().is_some_and(|r| r.code.code == "idempotency.in_flight")
}

/// Keyed writes, one after another; a quarter of a tenth is refused by a rule.
fn keyed(store: &Store, seed: u64, instance: u64, thread: u64, from: u64) {
    for number in from.. {
        let name = format!("{instance}-{thread}-{number}");
        loop {
            let mut dice = dice_of(seed, &name);
            let (members, refuse) = (choose(&mut dice), dice.below(20) == 0);
            let key = IdempotencyKey { key: name.clone(), request_hash: [refuse as u8; 32] };
            let (cx, inside) = (cx(store, Some(key)), name.clone());
            let within = cx.clone();
            let done = store.write_once_now(&cx, move |tx| {
                let counts = count_up(tx, &within, &inside, &members)?;
                if refuse { Err(NO.refuse().into()) } else { Ok(counts) }
            });
            match done {
                Ok(counts) => say(&format!("W {name} {}", counts.iter().map(i64::to_string).collect::<Vec<_>>().join(" "))),
                Err(e) if e.refusal().is_some_and(|r| r.code.code == "soak.no") => say(&format!("R {name}")),
                Err(e) if again(&e) => {
                    std::thread::sleep(Duration::from_millis(20));
                    continue;
                }
                Err(e) => say(&format!("X keyed write {name}: {e}")),
            }
            break;
        }
        std::thread::sleep(Duration::from_micros(500 * (number % 4)));
    }
}

/// A write that is gathered with others.
#[derive(Clone)]
struct Single {
    name: String,
    members: Vec<i64>,
    refuse: bool,
}

/// Single writes as the orders' service takes them: many of them by one run, each answered for itself.
struct Singles;

impl Together for Singles {
    type Item = Single;
    type Answer = Vec<i64>;

    fn subject(item: &Single) -> String {
        item.name.clone()
    }

    fn write(tx: &mut Tx<'_>, cx: &Ctx, items: &[Single]) -> Result<Vec<Vec<i64>>> {
        // Two runs may be under way: all that is written is locked first, in one order.
        let all: std::collections::BTreeSet<i64> = items.iter().flat_map(|i| i.members.iter().copied()).collect();
        for member in all {
            tx.one("SELECT n FROM soak_member WHERE merchant = $1 AND member = $2 FOR UPDATE", args![cx.merchant, member])?;
        }
        let mut answers = Vec::with_capacity(items.len());
        for item in items {
            answers.push(count_up(tx, cx, &item.name, &item.members)?);
            if item.refuse {
                return Err(NO.refuse().into());
            }
        }
        Ok(answers)
    }
}

/// Keyed writes that are gathered, one caller after another's heels.
async fn gathered(store: Store, seed: u64, instance: u64, caller: u64, from: u64) {
    for number in from.. {
        let name = format!("{instance}-{caller}-{number}");
        loop {
            let mut dice = dice_of(seed, &name);
            let (members, refuse) = (choose(&mut dice), dice.below(40) == 0);
            let key = IdempotencyKey { key: name.clone(), request_hash: [refuse as u8; 32] };
            let cx = cx(&store, Some(key));
            match store.write_together::<Singles>(&cx, Single { name: name.clone(), members, refuse }).await {
                Ok(counts) => say(&format!("W {name} {}", counts.iter().map(i64::to_string).collect::<Vec<_>>().join(" "))),
                Err(e) if e.refusal().is_some_and(|r| r.code.code == "soak.no") => say(&format!("R {name}")),
                Err(e) if again(&e) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
                Err(e) => say(&format!("X gathered write {name}: {e}")),
            }
            break;
        }
    }
}

/// Gathered writes without a key: what an outage leaves open is not asked again.
async fn gathered_unkeyed(store: Store, seed: u64, tag: String) {
    for number in 0_u64.. {
        let name = format!("g{tag}-{number}");
        let members = choose(&mut dice_of(seed, &name));
        let cx = cx(&store, None);
        match store.write_together::<Singles>(&cx, Single { name: name.clone(), members, refuse: false }).await {
            Ok(_) => say(&format!("U {name}")),
            Err(e) if again(&e) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(e) => say(&format!("X gathered write {name}: {e}")),
        }
    }
}

fn gather_all(store: &Store, seed: u64, instance: u64, tag: &str, from: impl Fn(u64) -> u64) {
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build() else {
        return say("X no runtime for gathered writes");
    };
    runtime.block_on(async {
        let unkeyed = tokio::spawn(gathered_unkeyed(store.clone(), seed, tag.to_owned()));
        for caller in WRITERS..CALLERS {
            tokio::spawn(gathered(store.clone(), seed, instance, caller, from(caller)));
        }
        let _ = unkeyed.await;
    });
}

/// Writes without a key: what an outage leaves open is not asked again.
fn unkeyed(store: &Store, seed: u64, tag: &str) {
    for number in 0_u64.. {
        let name = format!("u{tag}-{number}");
        let (members, cx, inside) = (choose(&mut dice_of(seed, &name)), cx(store, None), name.clone());
        match store.write_now(Lane::Interactive, move |tx| count_up(tx, &cx, &inside, &members)) {
            Ok(_) => say(&format!("U {name}")),
            Err(e) if again(&e) => std::thread::sleep(Duration::from_millis(20)),
            Err(e) => say(&format!("X write {name}: {e}")),
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn bulk(store: &Store, tag: &str) {
    for number in 0_u64.. {
        let name = format!("b{tag}-{number}");
        let inside = name.clone();
        let done = store.write_now(Lane::Bulk, move |tx| {
            (0..BULK).try_for_each(|line| {
                tx.exec("INSERT INTO soak_bulk (merchant, batch, line) VALUES ($1, $2, $3)", args![MERCHANT, &inside, line]).map(|_| ())
            })
        });
        match done {
            Ok(()) => say(&format!("B {name}")),
            Err(e) if again(&e) => std::thread::sleep(Duration::from_millis(20)),
            Err(e) => say(&format!("X bulk {name}: {e}")),
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn queue_jobs(store: &Store) {
    loop {
        let cx = cx(store, None);
        let done = store.write_now(Lane::Interactive, move |tx| {
            tx.enqueue(&cx, NewJob { kind: "soak.steps", title: "six steps", args: &(), unique_key: None, run_at: cx.now, unit: "steps" })
        });
        match done {
            Ok(id) => say(&format!("J {id}")),
            Err(e) if again(&e) => {}
            Err(e) => say(&format!("X queue: {e}")),
        }
        std::thread::sleep(Duration::from_millis(60));
    }
}

/// A job of a few steps; a step that ran twice would clash.
pub(super) struct Steps;

impl JobHandler for Steps {
    fn kind(&self) -> &'static str {
        "soak.steps"
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let from: i64 = run.checkpoint()?.unwrap_or(0);
        for step in from..STEPS {
            let (fence, cx, job) = (run.fence(), run.cx(), run.id.to_string());
            run.store.write_now(Lane::Bulk, move |tx| {
                tx.exec("INSERT INTO soak_step (merchant, job, step) VALUES ($1, $2, $3)", args![cx.merchant, &job, step])?;
                fence.save(tx, cx.now, &(step + 1), step + 1, Some(STEPS))
            })?;
        }
        Ok(JobEnd::Done(serde_json::json!({ "steps": STEPS })))
    }
}

/// Writes down what it heard, in the transaction of its offset.
pub(super) struct Listener(pub(super) &'static str);

impl Subscriber for Listener {
    fn name(&self) -> &'static str {
        self.0
    }

    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()> {
        for e in events {
            let data: serde_json::Value = serde_json::from_str(&e.data)?;
            let number = |name: &str| data[name].as_i64().ok_or_else(|| Error::fault("an event without its number"));
            tx.exec(
                "INSERT INTO soak_heard (merchant, who, position, member, n) VALUES ($1, $2, $3, $4, $5)",
                args![cx.merchant, self.0, e.position, number("member")?, number("n")?],
            )?;
        }
        Ok(())
    }
}

/// Stamps and hands out once. Returns whether anything moved.
pub(super) fn pump(store: &Store, listeners: &[Arc<Listener>], limit: i64) -> Result<bool> {
    let mut moved = store.stamp_events()? > 0;
    for listener in listeners {
        moved |= store.feed_subscriber(MerchantNo(MERCHANT.0), listener, limit)? > 0;
    }
    Ok(moved)
}

fn listen(store: &Store, seed: u64) {
    let listeners = LISTENERS.map(|name| Arc::new(Listener(name)));
    let mut dice = Dice(seed);
    loop {
        match pump(store, &listeners, 1 + dice.below(100) as i64) {
            Ok(true) => {}
            Ok(false) => std::thread::sleep(Duration::from_millis(5)),
            Err(e) if again(&e) => std::thread::sleep(Duration::from_millis(20)),
            Err(e) => {
                say(&format!("X listening: {e}"));
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

/// The child's whole life: `worker URL SEED INSTANCE ROUND AHEAD FROM…`.
pub fn work(arguments: &[String]) -> Result<(), String> {
    let number = |i: usize| arguments.get(i).and_then(|a| a.parse::<u64>().ok()).ok_or_else(|| format!("argument {i} must be a number"));
    let url = arguments.first().ok_or("the store's URL is missing")?;
    let (seed, instance, round, ahead) = (number(1)?, number(2)?, number(3)?, number(4)? as i64);
    let mut store = open(url, ahead);
    for _ in 0..50 {
        // A full disk or a cut network may keep it from opening at first; the campaign goes on.
        if store.is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        store = open(url, ahead);
    }
    let store = store.map_err(|e| e.to_string())?;
    say("ready");
    // A parent that was killed itself cannot kill its children.
    let parent = std::os::unix::process::parent_id();
    std::thread::spawn(move || {
        while std::os::unix::process::parent_id() == parent {
            std::thread::sleep(Duration::from_millis(500));
        }
        std::process::exit(3);
    });
    // A round that was broken off with its parent is run again: names must not come again.
    let tag = format!("{instance}-{round}-{}", SystemClock.now().micros());
    std::thread::scope(|s| {
        for thread in 0..WRITERS {
            let (store, from) = (store.clone(), number(5 + thread as usize).unwrap_or(0));
            s.spawn(move || keyed(&store, seed, instance, thread, from));
        }
        s.spawn(|| gather_all(&store, seed, instance, &tag, |caller| number(5 + caller as usize).unwrap_or(0)));
        s.spawn(|| unkeyed(&store, seed, &tag));
        s.spawn(|| bulk(&store, &tag));
        s.spawn(|| queue_jobs(&store));
        s.spawn(|| listen(&store, seed ^ round));
        s.spawn(|| JobRunner::new(store.clone()).with(Steps).run());
    });
    Ok(())
}
