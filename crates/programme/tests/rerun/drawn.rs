//! Random orders, refunds before and after: two programmes side by side, one re-run, the other of those rules from the start.

use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};
use shuke_kernel::{Clock, Instant};
use shuke_loyalty::Account;
use shuke_loyalty::event::{Act, Event};
use shuke_programme::Programme;
use shuke_programme::definition::service::{self as programmes, New};
use shuke_programme::rerun::Asked;
use shuke_programme::rerun::service::{self, Expected};
use shuke_store::jobs::JobRunner;
use shuke_testkit::TestStore;

use crate::world::{again, balance, both, completed, event, nobody, paid, post};

const DAY: i64 = 86_400;

fn draw(seed: &mut u64, below: u64) -> i64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*seed >> 33) % below) as i64
}

fn rules(seed: &mut u64) -> Value {
    let factor = ["1.5", "2", "3"][draw(seed, 3) as usize];
    let earn = json!([
        { "id": "base", "kind": "per_amount", "points": 1 + draw(seed, 3), "per_fen": 100 + draw(seed, 60) },
        { "id": "silver", "kind": "multiplier", "factor": factor, "tiers": ["银牌"] },
        { "id": "first", "kind": "first_order", "points": 10 * draw(seed, 5) },
    ]);
    let caps = json!([{ "id": "day", "per": "day", "points": 200 + draw(seed, 500) }, { "id": "month", "per": "month", "points": 900 }]);
    json!({ "earn": earn, "caps": caps, "settlement_days": 7, "check_in": { "points": 5 }, "ladder": { "tiers": [
        { "id": "普通" }, { "id": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": 30_000 }] }, "reward_points": 30 },
    ] } })
}

fn made(t: &TestStore, rules: &Value, begins: Instant) -> Programme {
    let (cx, rules, m) = (t.ctx(), rules.clone(), t.merchant);
    t.write(move |tx| {
        let new = New { name: "会员计划".to_owned(), shops: Vec::new(), rules: rules.clone(), begins_at: Some(begins) };
        let id = programmes::create(tx, &cx, &new)?;
        programmes::get(tx, m, id)
    })
}

fn refund(id: &str, order: &str, at: Instant, net_fen: i64) -> Event {
    event(id, at, Act::Refund { order: order.to_owned(), net_fen })
}

/// Orders of some months, most of them complete, some of them given back in part or whole; and check-ins.
fn history(seed: &mut u64, now: Instant) -> Vec<Event> {
    let mut events = Vec::new();
    for n in 0..2 + draw(seed, 6) {
        let (name, net) = (format!("o{n}"), 1_000 + draw(seed, 40_000));
        let at = now.plus_seconds(-(3 + draw(seed, 80)) * DAY + draw(seed, 40_000));
        events.push(paid(&name, at, net));
        if draw(seed, 4) > 0 {
            events.push(completed(&name, at.plus_seconds(3_600)));
        }
        if draw(seed, 3) == 0 {
            events.push(refund(
                &format!("r{n}"),
                &name,
                at.plus_seconds(7_200),
                if draw(seed, 4) == 0 { net } else { draw(seed, net as u64) },
            ));
        }
    }
    events.sort_by_key(|event| event.time);
    events
}

fn work(t: &TestStore) {
    let runner = shuke_programme::register_jobs(JobRunner::new(t.store.clone()));
    while runner.run_one().unwrap() {}
}

fn rerun(t: &TestStore, programme: &Programme, version: i64) {
    let (cx, id) = (t.ctx(), programme.id);
    let date = |days: i64| t.clock.now().plus_seconds(8 * 3_600 - days * DAY).to_string()[..10].parse().unwrap();
    let asked = Asked { version, from: date(120), to: date(1) };
    let of = cx.clone();
    let ready = t.read(move |tx| service::ready(tx, &of, id, asked, of.now));
    let found = service::summary(&t.store, &ready, &AtomicBool::new(false)).unwrap();
    let expected = Expected { corrections: found.corrections as i64, points: found.points() as i64 };
    if found.corrections == 0 {
        return;
    }
    service::agrees(&found, expected).unwrap();
    t.write(move |tx| service::begin(tx, &cx, &ready, &found, ""));
    work(t);
}

fn agree(t: &TestStore, seed: u64) {
    let mut draws = seed;
    let now = t.clock.now();
    let begins = now.plus_seconds(-200 * DAY);
    let (old, new) = (rules(&mut draws), rules(&mut draws));
    let (judged, straight) = (made(t, &old, begins), made(t, &new, begins));
    let (cx, id, other) = (t.ctx(), judged.id, new.clone());
    t.write(move |tx| programmes::post_version(tx, &cx, id, &other, None, ""));
    work(t);
    t.clock.advance_seconds(60);
    let judged = again(t, judged.id);
    let members: Vec<_> = (0..4).map(|_| (nobody(t), history(&mut draws, now))).collect();
    for (member, events) in &members {
        assert_eq!(post(t, &judged, *member, events.clone()), post(t, &straight, *member, events.clone()));
    }
    t.clock.advance_seconds(60);
    rerun(t, &judged, 2);
    let same = |when: &str| {
        for (member, events) in &members {
            for account in [Account::Pending, Account::Available] {
                let both = [&judged, &straight].map(|programme| balance(t, programme, *member, account));
                assert_eq!(both[0], both[1], "seed {seed}, {when}, {account:?}: {old} {new} {events:#?}");
            }
        }
    };
    same("re-run");
    t.clock.advance_seconds(60);
    // What goes back afterwards, in two parts.
    for part in 0..2 {
        for (member, events) in &members {
            let at = t.clock.now();
            let back = events.iter().filter_map(|e| match &e.act {
                Act::OrderPaid { order, net_fen, .. } => {
                    Some(refund(&format!("late{part}{order}"), order, at, (net_fen / 3 + part).min(*net_fen)))
                }
                _ => None,
            });
            let back: Vec<Event> = back.collect();
            assert_eq!(post(t, &judged, *member, back.clone()), post(t, &straight, *member, back));
        }
        same("after a refund");
    }
}

#[test]
fn a_re_run_leaves_what_the_version_would_have_given_from_the_start() {
    both("re-runs drawn", |t| {
        for seed in 0..25 {
            agree(t, 20_261_127 + seed * 7_919);
        }
    });
}
