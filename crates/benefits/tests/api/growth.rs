//! Growth tasks: each goal by what the store has, once a period, whatever comes twice, late, or goes back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shuke_kernel::Clock;
use shuke_segments::SegmentId;
use shuke_store::{Event, args};

use crate::world::*;

/// A task of the shop's programme that gives ten points.
pub fn task(shop: &Shop<'_>, goal: Value, more: Value) -> String {
    let mut body = json!({ "name": "任务", "goal": goal, "who": { "programme": shop.programme }, "points": 10 });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = shop.make("/growth-tasks", body);
    shop.jobs();
    id
}

/// Who has done a task, and in which periods.
pub fn done(shop: &Shop<'_>, task: &str) -> Vec<(String, String)> {
    let items = shop.get(&format!("/growth-tasks/completions?task={task}&limit=200"))["items"].as_array().unwrap().clone();
    let mut all: Vec<(String, String)> =
        items.iter().map(|d| (d["member"].as_str().unwrap().to_owned(), d["period"].as_str().unwrap().to_owned())).collect();
    all.sort();
    all
}

/// How a member's first task stands: state, have, waiting, need.
fn stands(shop: &Shop<'_>, member: &str) -> (String, i64, i64, i64) {
    let line = shop.get(&format!("/members/{member}/growth-tasks"))["items"][0].clone();
    let number = |name: &str| line[name].as_i64().unwrap_or_else(|| panic!("{line}"));
    (line["state"].as_str().unwrap().to_owned(), number("have"), number("waiting"), number("need"))
}

/// An order of an own shop, which is final a week after it is complete.
fn own(shop: &Shop<'_>, no: &str, who: &str, fen: i64, more: Value) -> Value {
    let now = shop.now();
    let mut order = json!({
        "external": { "source": "own", "id": no }, "platform": "own", "state": "completed", "currency": "CNY", "paid": yuan(fen),
        "created_at": now, "paid_at": now, "updated_at": now, "completed_at": now,
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    });
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let done = shop.api.done("POST", "/orders", Some(order));
    shop.follow();
    done
}

fn look(shop: &Shop<'_>) -> usize {
    shuke_programme::book::due::run(&shop.t.store, shop.t.merchant, &|| false).unwrap();
    let given = shuke_benefits::growth::look::run(&shop.t.store, shop.t.merchant, &|| false).unwrap();
    shop.follow();
    given
}

fn acts(shop: &Shop<'_>, member: &str, kind: &str, ids: &[(&str, String)]) {
    let items = ids.iter().map(|(id, at)| json!({ "source": "shop", "id": id, "type": kind, "at": at, "member": member, "sku": "a" }));
    shop.api.post("/events/batch", items.collect());
    shop.follow();
}

#[test]
fn orders_count_once_they_are_final_and_money_that_goes_back_before_that_does_not() {
    both("spend", |shop| {
        let id = task(shop, json!({ "kind": "spend", "amount": yuan(10_000) }), json!({}));
        let member = shop.member("a");
        let first = own(shop, "1", "a", 6_000, json!({}));
        own(shop, "2", "a", 6_000, json!({}));
        assert_eq!(stands(shop, &member), ("open".to_owned(), 0, 12_000, 10_000));
        let line = shop.get(&format!("/members/{member}/growth-tasks"))["items"][0].clone();
        assert_eq!(line["missing"]["zh"], "消费 100 元（另有 120 元待订单完成后计入）", "{line}");
        assert_eq!((&line["goal"]["en"], &line["reward"]["zh"]), (&json!("Spend 100 yuan"), &json!("10 积分")));
        // Money of the first goes back before it is final.
        shop.days(1);
        let back = json!({ "external": { "source": "own", "id": "r" }, "amount": yuan(3_000), "at": shop.now() });
        shop.api.done("POST", &format!("/orders/{}/refund", first["id"].as_str().unwrap()), Some(back));
        shop.follow();
        shop.days(8);
        assert_eq!(look(shop), 0, "ninety yuan are left");
        assert_eq!(stands(shop, &member), ("open".to_owned(), 9_000, 0, 10_000));
        own(shop, "3", "a", 1_000, json!({}));
        shop.days(6);
        assert_eq!(look(shop), 0, "not before its day");
        shop.days(1);
        assert_eq!(look(shop), 1, "the clock alone makes it final");
        assert_eq!((look(shop), done(shop, &id)), (0, vec![(member.clone(), "once".to_owned())]));
        assert_eq!(shop.t.int("SELECT COUNT(*) FROM growth_look"), 0);
        let points = shop.available(&member);
        // What goes back after that leaves the reward with the member, and nothing is given again.
        let back = json!({ "external": { "source": "own", "id": "r2" }, "amount": yuan(6_000), "at": shop.now() });
        let order = shop.get("/orders/by-external/own/2");
        shop.api.done("POST", &format!("/orders/{}/refund", order["id"].as_str().unwrap()), Some(back));
        shop.follow();
        assert_eq!(shop.available(&member), points - 60, "the order's own points went back, the task's stay");
        shop.buys("4", "a", 90_000);
        assert_eq!(done(shop, &id).len(), 1);
        assert_eq!(stands(shop, &member).0, "done");
    });
}

#[test]
fn acts_days_and_points_are_counted_and_what_comes_twice_counts_once() {
    both("acts", |shop| {
        let share = task(shop, json!({ "kind": "acts", "act": "share", "times": 2, "skus": ["a"] }), json!({}));
        let sign_in = task(shop, json!({ "kind": "check_in", "times": 2 }), json!({}));
        let earn = task(shop, json!({ "kind": "points", "times": 100 }), json!({}));
        let member = shop.member("a");
        let (now, before) = (shop.now(), "2026-02-01T00:00:00Z".to_owned());
        acts(shop, &member, "share", &[("1", now.clone()), ("old", before)]);
        acts(shop, &member, "share", &[("1", now.clone())]);
        assert_eq!(done(shop, &share), vec![], "one act, told twice, and one of before the task");
        acts(shop, &member, "share", &[("2", now.clone())]);
        assert_eq!(done(shop, &share).len(), 1);
        // A check-in by the programme, which gives no points for it, and one that is told as an act.
        let path = format!("/members/{member}/points/{}/check-in", shop.programme);
        shop.post(&path, json!({ "id": "c1" }));
        shop.post(&path, json!({ "id": "c2" }));
        shop.follow();
        acts(shop, &member, "check_in", &[("c", now)]);
        assert_eq!(done(shop, &sign_in), vec![], "one day, however often");
        shop.days(1);
        shop.post(&path, json!({ "id": "c3" }));
        shop.follow();
        assert_eq!(done(shop, &sign_in).len(), 1);
        // Points by hand and of tasks do not count as earned.
        shop.gets(&member, 500);
        shop.follow();
        assert_eq!(done(shop, &earn), vec![]);
        shop.buys("1", "a", 9_900);
        assert_eq!(done(shop, &earn), vec![]);
        shop.buys("2", "a", 100);
        assert_eq!(done(shop, &earn).len(), 1);
    });
}

#[test]
fn a_profile_is_completed_once_and_who_is_complete_already_is_told_of_before() {
    both("profile", |shop| {
        let full = json!({ "birthday": "1990-05-01", "gender": "female" });
        let early = shop.member_with("early", full.clone());
        let late = shop.member("late");
        let goal = json!({ "kind": "profile", "fields": ["name", "gender", "birthday"] });
        let ask = json!({ "name": "x", "goal": goal, "past": "count", "who": { "programme": shop.programme }, "points": 10 });
        let told = shop.post("/growth-tasks/preview", ask.clone());
        assert_eq!((&told["done"], &told["looked"], &told["members"], &told["next"]), (&json!(1), &json!(2), &json!(2), &json!(null)));
        let mut only = ask;
        only["past"] = json!("ignore");
        assert_eq!(shop.refused(400, "POST", "/growth-tasks", only), "benefit.invalid");
        let id = task(shop, goal, json!({ "past": "count" }));
        assert_eq!(done(shop, &id), vec![(early.clone(), "once".to_owned())], "as was told");
        let line = shop.get(&format!("/members/{late}/growth-tasks"))["items"][0].clone();
        assert_eq!((&line["missing"]["zh"], &line["open"]), (&json!("还差性别、生日"), &json!(["gender", "birthday"])));
        shop.member_with("late", full.clone());
        shop.member_with("early", full);
        shop.follow();
        assert_eq!(done(shop, &id).len(), 2);
        assert_eq!((shop.available(&early), shop.available(&late)), (10, 10));
    });
}

#[test]
fn the_past_counts_where_it_is_asked_to_and_months_are_each_their_own() {
    both("months", |shop| {
        let member = shop.buys("1", "a", 5_000);
        shop.days(40);
        shop.buys("2", "a", 5_000);
        shop.t.clock.advance_seconds(60);
        let monthly = json!({ "kind": "orders", "times": 1 });
        let now_on = task(shop, monthly.clone(), json!({ "repeat": "month" }));
        let month = task(shop, monthly.clone(), json!({ "repeat": "month", "past": "count" }));
        let all = task(shop, monthly, json!({ "repeat": "month", "past": "count", "from": "2026-03-01T00:00:00Z" }));
        let names = |id: &str| done(shop, id).into_iter().map(|(_, period)| period).collect::<Vec<_>>();
        assert_eq!(
            (names(&now_on), names(&month), names(&all)),
            (vec![], vec!["2026-04".to_owned()], vec!["2026-03".to_owned(), "2026-04".to_owned()])
        );
        shop.days(30);
        shop.buys("3", "a", 5_000);
        shop.buys("4", "a", 5_000);
        assert_eq!(names(&now_on), vec!["2026-05".to_owned()]);
        assert_eq!(names(&all).len(), 3);
        assert_eq!(shop.get(&format!("/growth-tasks/{all}"))["given"], json!(3));
        // An order of a month that is over arrives late, and is of that month.
        let late = "2026-04-20T00:00:00Z";
        let order = json!({
            "external": { "source": "taobao", "id": "5" }, "platform": "taobao", "state": "completed", "currency": "CNY", "paid": yuan(100),
            "created_at": late, "paid_at": late, "updated_at": late, "completed_at": late,
            "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": "a" }] },
        });
        shop.api.done("POST", "/orders", Some(order.clone()));
        shop.api.done("POST", "/orders", Some(order));
        shop.follow();
        assert_eq!(names(&now_on), vec!["2026-04".to_owned(), "2026-05".to_owned()]);
        assert_eq!(done(shop, &all).iter().map(|(m, _)| m).collect::<BTreeSet<_>>(), BTreeSet::from([&member]));
    });
}

#[test]
fn a_task_is_changed_as_a_version_and_who_may_is_minded() {
    both("versions", |shop| {
        let gold = json!({ "who": { "programme": shop.programme, "tiers": ["银牌"] }, "pieces": 5 });
        let id = task(shop, json!({ "kind": "orders", "times": 3 }), gold);
        let member = shop.buys("1", "a", 1_000);
        shop.buys("2", "a", 1_000);
        let line = shop.get(&format!("/members/{member}/growth-tasks"))["items"][0].clone();
        assert_eq!((&line["state"], &line["why"]["code"]), (&json!("not"), &json!("benefit.not_in_tier")));
        let mut body = shop.get(&format!("/growth-tasks/{id}"));
        for name in ["id", "state", "given", "left", "created_at"] {
            body.as_object_mut().unwrap().remove(name);
        }
        for (field, value) in [("repeat", json!("month")), ("past", json!("count"))] {
            let mut other = body.clone();
            other[field] = value;
            assert_eq!(shop.refused(400, "PUT", &format!("/growth-tasks/{id}"), other), "benefit.invalid");
        }
        body["goal"]["times"] = json!(2);
        let made = shop.api.ok(200, "PUT", &format!("/growth-tasks/{id}"), Some(body.clone()));
        assert_eq!((&made["version"], &made["left"]), (&json!(2), &json!(5)));
        assert_eq!(shop.refused(409, "PUT", &format!("/growth-tasks/{id}"), body), "benefit.changed");
        shop.jobs();
        assert_eq!(done(shop, &id), vec![], "done, but not by who may");
        let versions = shop.get(&format!("/growth-tasks/{id}/versions"))["items"].clone();
        assert_eq!((&versions[0]["task"]["goal"]["times"], &versions[1]["task"]["goal"]["times"]), (&json!(2), &json!(3)));
        // Paused, nothing is given; what happened meanwhile counts when it goes on.
        shop.post(&format!("/growth-tasks/{id}/pause"), json!({}));
        shop.buys("3", "a", 20_000);
        assert_eq!(done(shop, &id), vec![]);
        shop.post(&format!("/growth-tasks/{id}/resume"), json!({}));
        shop.jobs();
        assert_eq!(done(shop, &id), vec![(member.clone(), "once".to_owned())]);
        let given = shop.get(&format!("/growth-tasks/completions?member={member}"))["items"][0].clone();
        assert_eq!((&given["version"], &given["points"], &given["task"]["kind"]), (&json!(4), &json!(10), &json!("orders")));
        shop.post(&format!("/growth-tasks/{id}/archive"), json!({}));
        assert_eq!(shop.get(&format!("/members/{member}/growth-tasks"))["items"], json!([]));
        assert_eq!(shop.refused(404, "GET", "/growth-tasks/gtk_00000000000000000000000000", json!({})), "growth_task.not_found");
    });
}

#[test]
fn tasks_that_cannot_be_are_refused_before_and_when_they_are_saved() {
    both("definitions", |shop| {
        for (body, field) in [
            (json!({ "name": "x", "goal": { "kind": "orders", "times": 1 } }), "points"),
            (json!({ "name": "x", "goal": { "kind": "orders", "times": 1 }, "points": 1 }), "who.programme"),
            (json!({ "name": "x", "goal": { "kind": "orders" }, "who": { "programme": shop.programme }, "points": 1 }), "goal.times"),
            (
                json!({ "name": "x", "goal": { "kind": "acts", "times": 1, "act": "dance" }, "who": { "programme": shop.programme }, "points": 1 }),
                "goal.act",
            ),
            (json!({ "name": "x", "goal": { "kind": "orders", "times": 1 }, "rewards": ["rwd_00000000000000000000000000"] }), "rewards[0]"),
            (
                json!({ "name": "x", "goal": { "kind": "orders", "times": 1 }, "who": { "programme": shop.programme }, "points": 1, "pieces": 0 }),
                "pieces",
            ),
        ] {
            for path in ["/growth-tasks", "/growth-tasks/preview"] {
                let (status, answer) = shop.api.call("POST", path, Some(body.clone()));
                assert_eq!((status, &answer["code"]), (400, &json!("benefit.invalid")), "{body}: {answer}");
                assert!(answer.to_string().contains(field), "{body}: {answer}");
            }
        }
        let (status, _) = shop.api.call(
            "POST",
            "/growth-tasks",
            Some(json!({ "name": "x", "goal": { "kind": "orders", "times": 1, "sort": 2 }, "points": 1 })),
        );
        assert_eq!(status, 400, "a word that no goal has");
    });
}

#[test]
fn points_that_can_be_spent_only_later_count_when_they_can() {
    both("freed", |shop| {
        // The programme waits longer than the shop: when its points are free nothing becomes of the order itself.
        let mut slow = rules();
        slow["settlement_days"] = json!(3);
        let slow = shop.make("/programmes", json!({ "name": "慢", "rules": slow, "begins_at": "2026-01-01T00:00:00Z" }));
        shop.follow();
        let before = own(shop, "1", "a", 10_000, json!({}))["member"].as_str().unwrap().to_owned();
        shop.t.clock.advance_seconds(60);
        let points = json!({ "kind": "points", "times": 100 });
        let (quick, late) = (task(shop, points.clone(), json!({})), task(shop, points, json!({ "who": { "programme": slow } })));
        let after = shop.buys("2", "b", 10_000);
        assert_eq!((done(shop, &quick).len(), done(shop, &late)), (1, vec![]), "the one waits, and so do those of an own shop");
        shop.days(4);
        look(shop);
        assert_eq!(done(shop, &late), vec![(after, "once".to_owned())]);
        shop.days(8);
        look(shop);
        assert!(done(shop, &quick).iter().any(|(member, _)| *member == before), "pending when the task was made, free since");
        assert_eq!((done(shop, &quick).len(), done(shop, &late).len()), (2, 2));
    });
}

#[test]
fn an_act_told_by_a_clock_that_is_ahead_counts_when_it_is_told() {
    both("ahead", |shop| {
        let id = task(shop, json!({ "kind": "acts", "act": "share", "times": 1 }), json!({}));
        let member = shop.member("a");
        acts(shop, &member, "share", &[("1", shop.t.clock.now().plus_seconds(5).to_string())]);
        assert_eq!(done(shop, &id).len(), 1);
    });
}

#[test]
fn whoever_a_segment_has_once_it_is_reckoned_is_looked_at_though_a_walk_has_passed_them() {
    both("reckoned", |shop| {
        let (segment, merchant, now): (SegmentId, _, _) = (shop.t.ctx().new_id(), shop.t.merchant, shop.t.ctx());
        shop.t.write(move |tx| {
            let text = "INSERT INTO segment (merchant, id, name, name_key, kind, state, refresh_clock, version, built, size, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, '人群', '人群', 'living', 'active', 0, 1, 0, 0, 0, 'x', 0, 'x')";
            tx.exec(text, args![merchant, segment])
        });
        let member = shop.buys("1", "a", 1_000);
        let who = json!({ "programme": shop.programme, "segments": [segment] });
        let id =
            task(shop, json!({ "kind": "orders", "times": 1 }), json!({ "who": who, "past": "count", "from": "2026-03-01T00:00:00Z" }));
        assert_eq!(done(shop, &id), vec![], "nobody knows yet who is in it");
        // Another walk is under way, and has passed the member.
        for to in ["pause", "resume"] {
            shop.post(&format!("/growth-tasks/{id}/{to}"), json!({}));
        }
        let listed: shuke_members::MemberId = member.parse().unwrap();
        shop.t.write(move |tx| {
            tx.exec(
                "UPDATE job SET state = 'running', lease_until = 9000000000000000000 WHERE kind = 'growth_tasks.walk' AND state = 'queued'",
                &[],
            )?;
            tx.exec("UPDATE segment SET built = version WHERE merchant = $1", args![merchant])?;
            tx.exec(
                "INSERT INTO segment_member (merchant, segment, member, entered_at) VALUES ($1, $2, $3, 0)",
                args![merchant, segment, listed],
            )?;
            let (kind, data) = ("segment.changed", json!({ "what": "reckoned" }).to_string());
            let event =
                Event { kind, version: 1, occurred_at: now.now, subject_kind: "seg", subject: *segment.bytes(), member: None, data };
            tx.emit(&now, event)
        });
        shop.follow();
        shop.jobs();
        assert_eq!(done(shop, &id), vec![(member, "once".to_owned())]);
    });
}

#[test]
fn a_reward_that_cannot_be_told_in_money_is_missing_and_holds_nobody_up() {
    both("money", |shop| {
        let mug = json!({ "name": "杯子", "kind": "goods", "programme": shop.programme, "points": 100, "stock": 5, "cost": yuan(1_000) });
        let mug = shop.make("/rewards", mug);
        let id = task(shop, json!({ "kind": "orders", "times": 1 }), json!({ "rewards": [mug] }));
        // Made before the merchant's currency was set to what it is.
        shop.t.write(|tx| tx.exec("UPDATE reward SET body = REPLACE(body, 'CNY', 'USD')", &[]));
        let member = shop.buys("1", "a", 1_000);
        let given = shop.get(&format!("/growth-tasks/completions?member={member}"))["items"][0].clone();
        assert_eq!((done(shop, &id).len(), &given["points"], &given["missing"][0]["what"]), (1, &json!(10), &json!(mug)), "{given}");
        assert_eq!(shop.get(&format!("/rewards/{mug}"))["stock"], json!(5), "no piece is taken for what is not given");
    });
}

/// A number below `below`, drawn after a seed.
fn draw(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

#[test]
fn whatever_the_order_of_arrival_the_same_months_are_done_as_a_plain_count_says() {
    both("arrival", |shop| {
        let id = task(
            shop,
            json!({ "kind": "spend", "amount": yuan(3_000) }),
            json!({ "repeat": "month", "past": "count", "from": "2026-03-01T00:00:00Z" }),
        );
        shop.days(150);
        let mut seed = 20_261_128;
        // Whose, on which day after the first of March, how much, and how much of it went back.
        let mut orders: Vec<(u64, i64, i64, i64)> = Vec::new();
        for _ in 0..40 {
            let fen = 500 + i64::try_from(draw(&mut seed, 2_000)).unwrap();
            let back = if draw(&mut seed, 4) == 0 { fen / 2 } else { 0 };
            orders.push((draw(&mut seed, 4), i64::try_from(draw(&mut seed, 120)).unwrap(), fen, back));
        }
        // Each is told twice, as paid and as completed, all mixed.
        let mut told: Vec<(usize, &str)> = (0..orders.len()).flat_map(|i| [(i, "paid"), (i, "completed"), (i, "completed")]).collect();
        for i in (1..told.len()).rev() {
            told.swap(i, usize::try_from(draw(&mut seed, i as u64 + 1)).unwrap());
        }
        let at = |day: i64| shuke_kernel::Instant(shuke_testkit::START.micros()).plus_seconds(day * 86_400 + 3_600).to_string();
        let (mut seen, mut members) = (BTreeSet::new(), BTreeMap::new());
        for (i, state) in told {
            let (who, day, fen, back) = orders[i];
            let tell = |state: &str| {
                let mut order = json!({
                    "external": { "source": "taobao", "id": format!("{i}") }, "platform": "taobao", "state": state, "currency": "CNY", "paid": yuan(fen),
                    "created_at": at(day), "paid_at": at(day), "updated_at": at(if state == "paid" { day } else { day + 1 }),
                    "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": format!("m{who}") }] },
                });
                if state == "completed" {
                    order["completed_at"] = json!(at(day + 1));
                }
                shop.api.done("POST", "/orders", Some(order))
            };
            if seen.insert(i) && back > 0 {
                // What goes back does so before the order is final, so that it never counted.
                let order = tell("paid")["id"].clone();
                let refund = json!({ "external": { "source": "taobao", "id": format!("r{i}") }, "amount": yuan(back), "at": at(day) });
                shop.api.done("POST", &format!("/orders/{}/refund", order.as_str().unwrap()), Some(refund));
            }
            members.insert(who, tell(state)["member"].as_str().unwrap().to_owned());
            if draw(&mut seed, 3) == 0 {
                shop.follow();
            }
        }
        shop.follow();
        let zone = shuke_kernel::Zone::shanghai();
        let mut want: BTreeSet<(String, String)> = BTreeSet::new();
        for (who, member) in members {
            for month in ["2026-03", "2026-04", "2026-05", "2026-06"] {
                let of = |o: &&(u64, i64, i64, i64)| o.0 == who && zone.day(at(o.1).parse().unwrap()).to_string().starts_with(month);
                if orders.iter().filter(of).map(|o| o.2 - o.3).sum::<i64>() >= 3_000 {
                    want.insert((member.clone(), month.to_owned()));
                }
            }
        }
        let got: BTreeSet<(String, String)> = done(shop, &id).into_iter().collect();
        assert_eq!(got, want);
        assert_eq!(done(shop, &id).len(), want.len(), "each once");
        assert!(want.len() > 3 && want.len() < 16, "some are done and some are not: {}", want.len());
    });
}
