//! Segments made, changed, copied, put away; lists; scheduled ones.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use shuke_kernel::Clock as _;
use shuke_segments::SegmentId;
use shuke_segments::living::pass::Passed;
use shuke_segments::model::Cause;
use shuke_segments::service::{Lists, known};
use shuke_testkit::{MERCHANT, both_with};

use crate::world::{ALL, Shop};

fn id(of: &Value) -> SegmentId {
    of["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    shuke_testkit::prepare_all(ALL, &[("segments", shuke_segments::sql::ALL)]);
}

#[test]
fn a_segment_is_made_changed_copied_and_put_away() {
    both_with("made", ALL, |t| {
        let shop = Shop::over(t);
        let women: Vec<String> = (0..3).map(|i| shop.member(&format!("w{i}"), json!({"gender": "female"}))).collect();
        let man = shop.member("m", json!({"gender": "male"}));
        shop.later(1);
        let made = shop.call("POST", "/segments", Some(json!({"name": " 女士 ", "kind": "living", "text": "gender = \"female\""})));
        let seg = id(&made);
        assert_eq!((&made["name"], &made["building"], &made["size"]), (&json!("女士"), &json!(true), &json!(0)));
        assert_eq!((&made["sentence"], &made["version"]), (&json!("gender is female"), &json!(1)));
        shop.tasks();
        let built = shop.get(seg);
        assert_eq!((&built["building"], &built["size"], &built["entered_today"]), (&json!(false), &json!(3), &json!(0)));
        assert_eq!(shop.members(seg), women.iter().cloned().collect());
        assert!(shop.told(seg).is_empty(), "who was there from the beginning did not come");

        let body = |version: i64, text: &str| json!({"name": "女士", "kind": "living", "text": text, "version": version});
        let (status, told) = shop.answer("PUT", &format!("/segments/{seg}"), Some(body(7, "everyone")));
        assert_eq!((status, &told["code"]), (409, &json!("segment.changed_meanwhile")));
        let (status, told) = shop.answer("POST", "/segments", Some(json!({"name": "女士", "kind": "living", "text": "everyone"})));
        assert_eq!((status, &told["code"]), (409, &json!("segment.name_taken")));
        shop.call("PUT", &format!("/segments/{seg}"), Some(body(1, "gender = \"male\"")));
        shop.later(1);
        shop.tasks();
        assert_eq!(shop.members(seg), BTreeSet::from([man.clone()]));
        assert_eq!(shop.told(seg)[&man], [(true, Cause::Edit)]);
        shop.adds_up(seg, &women.iter().cloned().collect());
        assert_eq!((&shop.get(seg)["entered_today"], &shop.get(seg)["left_today"]), (&json!(1), &json!(3)));

        // References: used while they stand, and never in a circle.
        let user = shop.call(
            "POST",
            "/segments",
            Some(json!({"name": "其他", "kind": "living", "expr": {"op": "not", "arg": {"op": "in_segment", "id": seg}}})),
        );
        shop.later(1);
        shop.tasks();
        assert_eq!(shop.members(id(&user)), women.iter().cloned().collect());
        assert_eq!(shop.get(seg)["used_by"], json!([{"kind": "segment", "id": user["id"], "name": "其他"}]));
        assert_eq!(user["sentence"], "is not in the segment “女士”");
        let circle = json!({"name": "女士", "kind": "living", "version": 2, "expr": {"op": "in_segment", "id": user["id"]}});
        let (status, told) = shop.answer("PUT", &format!("/segments/{seg}"), Some(circle));
        assert_eq!((status, &told["code"], &told["params"]["reason"]), (422, &json!("segment.refused"), &json!("cycle")));
        let (status, told) = shop.answer("POST", &format!("/segments/{seg}/archive"), None);
        assert_eq!((status, &told["code"]), (409, &json!("segment.used")));
        shop.call("PUT", &format!("/segments/{seg}"), Some(body(2, "everyone")));
        shop.later(1);
        shop.tasks();
        assert!(shop.members(id(&user)).is_empty(), "who refers to it is reckoned too");

        let copy = shop.call("POST", &format!("/segments/{seg}/duplicate"), Some(json!({})));
        assert_eq!((&copy["name"], &copy["text"]), (&json!("女士 (2)"), &json!("everyone")));
        shop.call("POST", &format!("/segments/{}/archive", user["id"].as_str().unwrap()), None);
        assert_eq!(shop.call("GET", "/segments", None)["items"].as_array().unwrap().len(), 2);
        assert_eq!(shop.call("GET", "/segments?state=archived", None)["items"][0]["id"], user["id"]);
        let (status, told) =
            shop.answer("POST", "/segments", Some(json!({"name": "x", "kind": "living", "expr": {"op": "in_segment", "id": user["id"]}})));
        assert_eq!((status, &told["params"]["reason"]), (422, &json!("unknown_segment")), "what is put away is referred to no more");
        let back = shop.call("POST", &format!("/segments/{}/restore", user["id"].as_str().unwrap()), None);
        assert_eq!(back["state"], "active");
        shop.later(1);
        shop.tasks();
        assert_eq!(shop.get(id(&user))["building"], false);
    });
}

#[test]
fn a_list_follows_its_members_through_merges_and_forgets_who_is_erased() {
    both_with("list", ALL, |t| {
        let shop = Shop::over(t);
        let people: Vec<String> = (0..4).map(|i| shop.member(&format!("p{i}"), json!({}))).collect();
        shop.later(1);
        let nobody = "mem_00000000000000000000000000";
        let (status, told) =
            shop.answer("POST", "/segments", Some(json!({"name": "名单", "kind": "static", "members": [people[0], nobody]})));
        assert_eq!((status, &told["code"]), (422, &json!("segment.unknown_members")));
        let list = id(&shop.call("POST", "/segments", Some(json!({"name": "名单", "kind": "static", "members": people[..3]}))));
        let on_it = shop.segment("在名单上", &format!("segment(\"{list}\")"));
        shop.later(1);
        shop.tasks();
        assert_eq!((shop.get(list)["size"].clone(), shop.members(on_it).len()), (json!(3), 3));
        let (status, _) = shop.answer("POST", &format!("/segments/{list}/refresh"), None);
        assert_eq!(status, 422, "a list has nothing to be reckoned by");

        // Somebody off the list takes in somebody on it, and they are parted again.
        let merged = shop.call("POST", &format!("/members/{}/merge", people[3]), Some(json!({"other": people[0], "reason": "同一人"})));
        shop.later(1);
        shop.follow();
        assert_eq!(shop.true_of(on_it), shop.members(on_it));
        assert_eq!(shop.get(list)["size"], 3);
        let merge = shop.call("GET", "/merges", None)["items"][0]["id"].as_str().unwrap().to_owned();
        shop.call("POST", &format!("/merges/{merge}/unmerge"), Some(json!({"reason": "不是同一人"})));
        shop.later(1);
        shop.follow();
        assert_eq!(shop.members(on_it), people[..3].iter().cloned().collect(), "{merged}");
        assert_eq!(shop.true_of(on_it), shop.members(on_it));

        shop.call("DELETE", &format!("/members/{}", people[1]), None);
        shop.later(1);
        shop.follow();
        assert_eq!((shop.get(list)["size"].clone(), shop.get(on_it)["size"].clone()), (json!(2), json!(2)));
        let erased = people[1].parse::<shuke_members::MemberId>().unwrap();
        let left = t.read(move |tx| {
            let sql =
                "SELECT (SELECT COUNT(*) FROM segment_member WHERE member = $1) + (SELECT COUNT(*) FROM segment_change WHERE member = $1)";
            tx.one(sql, &[erased.into()])?.get::<i64>(0)
        });
        assert_eq!(left, 0, "nothing is kept of who was erased");
        t.nothing_left(&["segments"]);
    });
}

#[test]
fn a_scheduled_segment_is_reckoned_at_its_hour_and_not_before() {
    both_with("scheduled", ALL, |t| {
        let shop = Shop::over(t);
        shop.member("a", json!({"gender": "female"}));
        shop.later(1);
        let body = json!({"name": "每天", "kind": "scheduled", "text": "gender = \"female\"", "every": "day", "at": "03:00"});
        let daily = id(&shop.call("POST", "/segments", Some(body)));
        shop.tasks();
        assert_eq!(shop.get(daily)["size"], 1);
        shop.member("b", json!({"gender": "female"}));
        shop.later(60);
        shop.follow();
        shop.living.schedule(&t.ctx()).unwrap();
        shop.tasks();
        assert_eq!(shop.get(daily)["size"], 1, "its hour has not come");
        shop.later(86_400);
        shop.living.schedule(&t.ctx()).unwrap();
        shop.living.schedule(&t.ctx()).unwrap();
        shop.tasks();
        assert_eq!(shop.get(daily)["size"], 2);
        assert_eq!(shop.told(daily).values().flatten().collect::<Vec<_>>(), [&(true, Cause::Refresh)]);
        let sizes = shop.call("GET", &format!("/segments/{daily}/sizes"), None)["items"].clone();
        let sizes: Vec<(i64, i64)> =
            sizes.as_array().unwrap().iter().map(|d| (d["size"].as_i64().unwrap(), d["entered"].as_i64().unwrap())).collect();
        assert_eq!(sizes, [(1, 0), (2, 1)]);
        shop.follow();
        t.nothing_left(&["segments"]);
    });
}

#[test]
fn time_brings_members_in_and_takes_them_out() {
    both_with("time", ALL, |t| {
        let shop = Shop::over(t);
        let who = shop.member("a", json!({}));
        shop.later(1);
        let recent = shop.segment("三天内买过", "exists(orders, last 3 days)");
        let quiet = shop.segment("买过又走了", "exists(orders) and not exists(orders, last 3 days)");
        shop.tasks();
        shop.order("o1", "a", 0, 100);
        shop.later(1);
        shop.follow();
        assert_eq!((shop.members(recent).len(), shop.members(quiet).len()), (1, 0));
        shop.later(5 * 86_400);
        shop.follow();
        assert_eq!(shop.members(recent).len(), 1, "nothing happened");
        assert_eq!(shop.living.pass(MERCHANT, &|| false).unwrap(), Some(2));
        assert_eq!((shop.members(recent).len(), shop.members(quiet).len()), (0, 1));
        assert_eq!(shop.told(recent)[&who], [(true, Cause::Event), (false, Cause::Time)]);
        assert_eq!(shop.living.pass(MERCHANT, &|| false).unwrap(), Some(0), "once");
        // What is due is done by whoever has the turn.
        shop.later(86_400);
        shop.living.round(&|| false).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let keepers = std::sync::Arc::new(shuke_columns::Keepers::new(t.store.clone(), folder.path().to_owned()));
        let other = shuke_segments::Living::new(t.store.clone(), keepers, "other");
        shop.order("o2", "a", 0, 100);
        t.store.stamp_events().unwrap();
        assert_eq!(other.round(&|| false).unwrap(), 0, "another has the lease");
        shop.later(1);
        while shop.living.round(&|| false).unwrap() > 0 {}
        assert_eq!(shop.members(recent).len(), 1);
    });
}

#[test]
fn a_pass_over_old_columns_judges_singly_whom_something_happened_to_since() {
    both_with("old", ALL, |t| {
        let shop = Shop::over(t);
        let people: Vec<String> = ["a", "b", "c"].iter().map(|name| shop.member(name, json!({}))).collect();
        let tag = shop.call("POST", "/tags", Some(json!({"name": "甲"})))["id"].as_str().unwrap().to_owned();
        shop.order("o1", "a", 0, 100);
        shop.order("o2", "b", 0, 100);
        shop.later(1);
        let recent = shop.segment("三天内买过", "exists(orders, last 3 days)");
        shop.tasks();
        shop.follow();
        assert_eq!(shop.members(recent), people[..2].iter().cloned().collect());
        shop.later(5 * 86_400);
        let held = shop.old_columns();
        // It says nothing of orders: the steps ask other segments of it.
        shop.call("PUT", &format!("/members/{}/tags/{tag}", people[0]), None);
        // What the columns do not know yet brought them in, or keeps them in.
        shop.order("o3", "b", 0, 100);
        shop.order("o4", "c", 0, 100);
        shop.later(1);
        shop.follow();
        assert_eq!(shop.members(recent).len(), 3);
        assert!(shop.true_of(recent).is_empty(), "the columns know of no new order");
        assert_eq!(shop.living.pass(MERCHANT, &|| false).unwrap(), Some(1));
        assert_eq!(shop.members(recent), people[1..].iter().cloned().collect());
        assert_eq!(shop.told(recent)[&people[0]], [(false, Cause::Time)]);
        drop(held);
        assert_eq!(shop.members(recent), shop.true_of(recent));
        assert_eq!(shop.living.pass(MERCHANT, &|| false).unwrap(), Some(0));
        shop.adds_up(recent, &people[..2].iter().cloned().collect());
    });
}

#[test]
fn a_list_whose_members_are_being_reckoned_is_told_apart_from_one_that_is_whole() {
    both_with("unfinished", ALL, |t| {
        let shop = Shop::over(t);
        shop.member("a", json!({}));
        let made = shop.call("POST", "/segments", Some(json!({"name": "名单", "kind": "static", "text": "count(orders) >= 0"})));
        let list = id(&made);
        // Also where another segment leads to it.
        let user = json!({"name": "在名单里", "kind": "living", "expr": {"op": "in_segment", "id": list}});
        let user = id(&shop.call("POST", "/segments", Some(user)));
        let unfinished = |of: SegmentId| {
            let cx = shuke_kernel::Ctx::new(MERCHANT, shuke_kernel::Actor::System("test"), t.clock.now());
            let expr = shuke_segments::json::read(json!({"op": "in_segment", "id": of.to_string()}).to_string().as_bytes()).unwrap();
            t.store.read_now(move |tx| known(tx, &cx, Some(&expr), Lists::Empty)).unwrap().unfinished
        };
        assert_eq!((unfinished(list), unfinished(user)), (vec!["名单".to_owned()], vec!["名单".to_owned()]));
        shop.tasks();
        assert_eq!((unfinished(list), unfinished(user)), (Vec::new(), Vec::new()));
    });
}

#[test]
fn a_list_that_is_changed_while_its_user_is_reckoned_is_noticed() {
    both_with("noticed", ALL, |t| {
        let shop = Shop::over(t);
        let people: Vec<String> = (0..3).map(|i| shop.member(&format!("p{i}"), json!({}))).collect();
        shop.later(1);
        let list = id(&shop.call("POST", "/segments", Some(json!({"name": "名单", "kind": "static", "members": people[..1]}))));
        let change = |version: i64, members: &[String]| {
            let body = json!({"name": "名单", "kind": "static", "version": version, "members": members});
            shop.call("PUT", &format!("/segments/{list}"), Some(body));
        };
        let on_it = shop.segment("在名单上", &format!("segment(\"{list}\")"));
        let through = shop.segment("间接", &format!("not segment(\"{on_it}\")"));
        shop.tasks();
        assert_eq!(shop.members(on_it), people[..1].iter().cloned().collect());

        // In the midst of its reckoning, after the list was read.
        let changed = AtomicBool::new(false);
        let stop = || {
            if !changed.swap(true, Ordering::Relaxed) {
                change(1, &people);
            }
            false
        };
        assert_eq!(shop.living.reckon(MERCHANT, on_it, Cause::Refresh, &stop).unwrap(), Passed::Superseded);
        assert!(changed.load(Ordering::Relaxed));
        shop.tasks();
        assert_eq!(shop.members(on_it), people.iter().cloned().collect());
        assert!(shop.members(through).is_empty());

        // A task that runs is no task for what is changed meanwhile; several that wait are one.
        change(2, &people[..2]);
        t.write(|tx| {
            tx.exec("UPDATE job SET state = 'running', lease_until = 9000000000000000000 WHERE state = 'queued'", &[]).map(|_| ())
        });
        change(3, &people[..1]);
        change(4, &people[1..]);
        assert_eq!(t.int("SELECT COUNT(*) FROM job WHERE state = 'queued'"), 4);
        shop.tasks();
        assert_eq!(shop.members(on_it), people[1..].iter().cloned().collect());
        assert_eq!(shop.members(through), people[..1].iter().cloned().collect());
        // Another name in between loses nothing.
        change(5, &people);
        let named = json!({"name": "在单", "kind": "living", "version": 1, "text": format!("segment(\"{list}\")")});
        shop.call("PUT", &format!("/segments/{on_it}"), Some(named));
        shop.tasks();
        assert_eq!(shop.members(on_it), people.iter().cloned().collect());
        assert_eq!(shop.get(on_it)["building"], false);
        assert_eq!(shop.members(on_it), shop.true_of(on_it));
    });
}
