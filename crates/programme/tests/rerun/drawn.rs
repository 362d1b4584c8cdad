//! Random orders, refunds before and after: beside a programme that is re-run, one of those rules from the start, and one that is never
//! asked for anything.

use serde_json::{Value, json};
use shuke_kernel::{Clock, Instant};
use shuke_loyalty::Account;
use shuke_loyalty::event::{Act, Event};
use shuke_members::MemberId;
use shuke_programme::Programme;
use shuke_programme::definition::service::{self as programmes, New};
use shuke_programme::rerun::{Asked, State, service};
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

/// Orders of some months, most of them complete, some of them given back in part or whole.
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
            let part = if draw(seed, 4) == 0 { net } else { draw(seed, net as u64) };
            events.push(refund(&format!("r{n}"), &name, at.plus_seconds(7_200), part));
        }
    }
    events.sort_by_key(|event| event.time);
    events
}

fn work(t: &TestStore) {
    let runner = shuke_programme::register_jobs(JobRunner::new(t.store.clone()));
    while runner.run_one().unwrap() {}
}

/// Looks and books; what was shown is what then is booked.
fn rerun(t: &TestStore, programme: &Programme, judge: Option<u32>) {
    let (cx, id) = (t.ctx(), programme.id);
    let asked = Asked { judge, from: "2025-11-01".parse().unwrap(), to: "2026-02-28".parse().unwrap() };
    let (rerun, _) = t.write(move |tx| service::start(tx, &cx, id, asked));
    work(t);
    let merchant = t.merchant;
    let told = || t.read(move |tx| service::get(tx, merchant, rerun));
    let shown = told();
    assert_eq!(shown.state, State::Shown);
    if shown.summary.changed == 0 {
        return;
    }
    let held = || -> i64 {
        let of = |account: &str| format!("SELECT CAST(COALESCE(SUM({account}), 0) AS BIGINT) FROM points_book");
        ["pending", "available", "frozen"].map(|account| t.int(&of(account))).iter().sum()
    };
    let before = held();
    let cx = t.ctx();
    t.write(move |tx| service::book(tx, &cx, rerun, ""));
    work(t);
    let booked = told();
    assert_eq!((booked.state, booked.summary.booked, booked.summary.stale), (State::Booked, shown.summary.changed, 0));
    assert_eq!(held() - before, shown.summary.more.1 - shown.summary.less.1, "what was shown is what was booked");
}

fn agree(t: &TestStore, seed: u64) {
    let mut draws = seed;
    let now = t.clock.now();
    let begins = now.plus_seconds(-200 * DAY);
    let (old, new) = (rules(&mut draws), rules(&mut draws));
    let (judged, straight, plain) = (made(t, &old, begins), made(t, &new, begins), made(t, &old, begins));
    let (cx, id, other) = (t.ctx(), judged.id, new.clone());
    t.write(move |tx| programmes::post_version(tx, &cx, id, &other, None, ""));
    work(t);
    t.clock.advance_seconds(60);
    let judged = again(t, judged.id);
    let members: Vec<(MemberId, Vec<Event>)> = (0..4).map(|_| (nobody(t), history(&mut draws, now))).collect();
    for (member, events) in &members {
        let first = post(t, &judged, *member, events.clone());
        for programme in [&straight, &plain] {
            assert_eq!(first, post(t, programme, *member, events.clone()));
        }
    }
    t.clock.advance_seconds(60);
    let same = |as_in: &Programme, when: &str| {
        for (member, events) in &members {
            for account in [Account::Pending, Account::Available] {
                let both = [&judged, as_in].map(|programme| balance(t, programme, *member, account));
                assert_eq!(both[0], both[1], "seed {seed}, {when}, {account:?}: {old} {new} {events:#?}");
            }
        }
    };
    same(&plain, "before");
    rerun(t, &judged, Some(2));
    same(&straight, "re-run");
    // What goes back afterwards, in two parts.
    for part in 0..2 {
        t.clock.advance_seconds(60);
        for (member, events) in &members {
            let at = t.clock.now();
            let back = events.iter().filter_map(|e| match &e.act {
                Act::OrderPaid { order, net_fen, .. } => {
                    Some(refund(&format!("late{part}{order}"), order, at, (net_fen / 3 + part).min(*net_fen)))
                }
                _ => None,
            });
            let back: Vec<Event> = back.collect();
            let first = post(t, &judged, *member, back.clone());
            for programme in [&straight, &plain] {
                assert_eq!(first, post(t, programme, *member, back.clone()));
            }
        }
        same(&straight, "after a refund");
    }
    rerun(t, &judged, None);
    same(&plain, "and back");
}

#[test]
fn a_re_run_leaves_what_the_version_would_have_given_from_the_start() {
    both("re-runs drawn", |t| {
        for seed in 0..12 {
            agree(t, 20_261_127 + seed * 7_919);
        }
    });
}
