//! Growth tasks of members who are one, who are parted again, who are erased; and the last piece of a budget.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use shuke_benefits::GrowthTaskId;
use shuke_benefits::growth::{evaluate, service};
use shuke_kernel::{Actor, Clock, Ctx};
use shuke_members::MemberId;
use shuke_store::{Engine, Lane, Store};

use crate::growth::{done, task};
use crate::world::*;

fn once(members: &[&String]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = members.iter().map(|m| ((*m).clone(), "once".to_owned())).collect();
    all.sort();
    all
}

#[test]
fn who_are_one_are_given_it_once_and_parting_gives_nothing_again() {
    both("merges", |shop| {
        let two = task(shop, json!({ "kind": "orders", "times": 2 }), json!({}));
        let (a, b) = (shop.buys("1", "a", 1_000), shop.buys("2", "b", 1_000));
        let one = task(shop, json!({ "kind": "orders", "times": 1 }), json!({ "past": "count", "from": "2026-03-01T00:00:00Z" }));
        assert_eq!((done(shop, &two), done(shop, &one)), (vec![], once(&[&a, &b])), "each for itself");
        shop.t.clock.advance_seconds(60);
        let merged = shop.api.done("POST", &format!("/members/{a}/merge"), Some(json!({ "other": b, "reason": "same person" })));
        shop.follow();
        let survivor = merged["member"]["id"].as_str().or_else(|| merged["survivor"].as_str()).unwrap_or(&a).to_owned();
        assert_eq!(done(shop, &two), once(&[&survivor]), "their orders are of one person now");
        shop.buys("3", "b", 1_000);
        assert_eq!((done(shop, &two).len(), done(shop, &one).len()), (1, 2), "nobody has it again");
        for member in [&a, &b] {
            assert_eq!(shop.get(&format!("/members/{member}/growth-tasks"))["items"][0]["state"], "done");
        }
        shop.t.clock.advance_seconds(60);
        let merge = merged["merge_id"].as_str().unwrap();
        shop.api.done("POST", &format!("/merges/{merge}/unmerge"), Some(json!({ "reason": "two persons" })));
        shop.follow();
        // The one of them has two orders of their own, and had the reward while they were one person.
        shop.buys("4", "a", 1_000);
        shop.buys("5", "b", 1_000);
        assert_eq!(done(shop, &two).len(), 1, "what was given is not given again");
        assert_eq!(done(shop, &one), once(&[&a, &b]), "each has their own again");
    });
}

#[test]
fn parting_gives_nothing_again_however_far_the_merges_went() {
    both("chains", |shop| {
        let merge = |into: &str, other: &str| {
            shop.t.clock.advance_seconds(60);
            let done = shop.api.done("POST", &format!("/members/{into}/merge"), Some(json!({ "other": other, "reason": "same person" })));
            assert_eq!(done["member"]["id"], json!(into), "the older stays");
            done["merge_id"].as_str().unwrap().to_owned()
        };
        let part = |merge: &str| {
            shop.t.clock.advance_seconds(60);
            shop.api.done("POST", &format!("/merges/{merge}/unmerge"), Some(json!({ "reason": "two persons" })));
            shop.follow();
        };
        let id = task(shop, json!({ "kind": "orders", "times": 2 }), json!({}));
        for round in ["x", "y"] {
            let name = |who: &str| format!("{who}{round}");
            let oldest = shop.member(&name("c"));
            shop.t.clock.advance_seconds(60);
            let a = shop.buys(&name("1"), &name("a"), 1_000);
            shop.t.clock.advance_seconds(60);
            let b = shop.buys(&name("2"), &name("b"), 1_000);
            let before = done(shop, &id).len();
            // The one round they part before the survivor goes into another, the other round after it.
            let parted = merge(&a, &b);
            if round == "x" {
                shop.follow();
                part(&parted);
                merge(&oldest, &a);
                shop.follow();
            } else {
                merge(&oldest, &a);
                shop.follow();
                part(&parted);
            }
            assert_eq!(done(shop, &id).len(), before + 1, "{round}: as one person");
            shop.buys(&name("3"), &name("b"), 1_000);
            assert_eq!(done(shop, &id).len(), before + 1, "{round}: what was given is not given again");
        }
    });
}

#[test]
fn who_is_erased_gets_nothing_more_and_what_they_had_is_counted_on() {
    both("erasure", |shop| {
        let id = task(shop, json!({ "kind": "orders", "times": 1 }), json!({ "repeat": "month" }));
        let member = shop.buys("1", "a", 1_000);
        assert_eq!(done(shop, &id).len(), 1);
        shop.days(31);
        let (cx, who) = (shop.t.ctx(), member.parse().unwrap());
        shop.t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, who));
        shop.follow();
        let (cx, who, task) = (shop.t.ctx(), member.parse::<MemberId>().unwrap(), id.parse::<GrowthTaskId>().unwrap());
        let given = shop.t.write(move |tx| {
            let task = service::get(tx, cx.merchant, task)?;
            evaluate::evaluate(tx, &cx, &[who], &[task])
        });
        assert_eq!((given, done(shop, &id).len()), (0, 1));
        assert_eq!(shop.get(&format!("/growth-tasks/{id}"))["given"], json!(1));
        assert_eq!(shop.refused(404, "GET", &format!("/members/{member}/growth-tasks"), json!({})), "member.not_found");
    });
}

#[test]
fn many_reach_for_the_last_pieces_and_just_so_many_are_given() {
    both("budget", |shop| {
        let mug = shop.make("/rewards", json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 100, "stock": 5 }));
        let more = json!({ "past": "count", "from": "2026-03-01T00:00:00Z", "pieces": 7, "rewards": [mug] });
        let id: GrowthTaskId = task(shop, json!({ "kind": "orders", "times": 1 }), more).parse().unwrap();
        let pause = |to: &str| shop.post(&format!("/growth-tasks/{id}/{to}"), json!({}));
        pause("pause");
        let members: Vec<MemberId> = (0..40).map(|n| shop.buys(&format!("{n}"), &format!("m{n}"), 1_000).parse().unwrap()).collect();
        pause("resume");
        // On PostgreSQL by two instances; each member is looked at by two threads.
        let other = (shop.t.store.engine() == Engine::Postgres).then(|| shop.t.another());
        let stores: Vec<Store> = [Some(shop.t.store.clone()), other].into_iter().flatten().collect();
        let (given, next) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for thread in 0..8_usize {
                let (stores, members, given, next) = (&stores, &members, &given, &next);
                scope.spawn(move || {
                    loop {
                        let at = next.fetch_add(1, Ordering::SeqCst);
                        let Some(member) = members.get(at / 2).copied() else { break };
                        let cx = Ctx::new(shop.t.merchant, Actor::System("test"), shop.t.clock.now());
                        let done = stores[thread % stores.len()].write_now(Lane::Interactive, move |tx| {
                            let task = service::get(tx, cx.merchant, id)?;
                            evaluate::evaluate(tx, &cx, &[member], &[task])
                        });
                        given.fetch_add(done.unwrap(), Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(given.load(Ordering::SeqCst), 7);
        assert_eq!(shop.t.int("SELECT COUNT(DISTINCT member) FROM growth_done"), 7);
        assert_eq!(shop.t.int("SELECT given FROM growth_task"), 7);
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM redemption"), 5, "the mugs went to five, the points to seven");
        assert_eq!(shop.t.int("SELECT stock FROM reward"), 0);
        // The walk that was queued finds nobody more; a larger budget does.
        shop.jobs();
        assert_eq!(done(shop, &id.to_string()).len(), 7);
        let without = members.iter().find(|m| !done(shop, &id.to_string()).iter().any(|(had, _)| *had == m.to_string())).unwrap();
        let line = shop.get(&format!("/members/{without}/growth-tasks"))["items"][0].clone();
        assert_eq!((&line["state"], &line["why"]["code"], &line["left"]), (&json!("not"), &json!("growth_task.gone"), &json!(0)));
        let mut body = shop.get(&format!("/growth-tasks/{id}"));
        for name in ["id", "state", "given", "left", "created_at"] {
            body.as_object_mut().unwrap().remove(name);
        }
        body["pieces"] = json!(9);
        shop.api.ok(200, "PUT", &format!("/growth-tasks/{id}"), Some(body));
        shop.jobs();
        assert_eq!(done(shop, &id.to_string()).len(), 9);
    });
}
