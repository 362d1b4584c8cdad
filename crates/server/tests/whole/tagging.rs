//! A list is tagged by a task of the running program, which is killed on its way: everybody has the
//! tag once, is told of once, and the store and its copy on the other engine agree.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shuke_testkit::shop::{Place, Shop};

const MEMBERS: usize = 2_000;

/// Waits until a task is in a state that `enough` accepts.
fn watch(shop: &Shop, job: &str, enough: impl Fn(&Value) -> bool) -> Value {
    shop.until("the task does not get on", &format!("/jobs/{job}"), enough)
}

/// How often each member was told to be tagged.
fn told(shop: &Shop) -> BTreeMap<String, usize> {
    let (mut since, mut out) = (0, BTreeMap::new());
    loop {
        let page = shop.call(200, "GET", &format!("/changes?since={since}&limit=1000&types=member.tagged"), None);
        for e in page["items"].as_array().unwrap() {
            *out.entry(e["member"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let next = page["next_position"].as_i64().unwrap();
        if next == since {
            return out;
        }
        since = next;
    }
}

fn tagged_through_a_kill(postgres: bool) {
    let place = Place::new(postgres);
    let mut shop = Shop::new(place.start(), &["members:read", "members:write", "imports:write", "events:read"]);
    for part in 0..MEMBERS / 200 {
        let items: Vec<Value> = (0..200)
            .map(|i| json!({"external": {"source": "own", "id": format!("{part}-{i}")}, "name": if i % 2 == 0 { "王芳" } else { "李雷" }}))
            .collect();
        shop.call(200, "POST", "/members/batch", Some(json!({"items": items})));
    }
    let tag = |name: &str| shop.call(201, "POST", "/tags", Some(json!({"name": name})))["id"].as_str().unwrap().to_owned();
    let (vip, cold) = (tag("VIP"), tag("怕冷"));
    let asked = shop.call(202, "POST", "/members/tags", Some(json!({"add": [vip], "filter": {"all": true}})));
    let job = asked["job"].as_str().unwrap().to_owned();
    watch(&shop, &job, |j| j["progress"]["done"].as_i64().unwrap() > 0);
    shop.server.kill();
    shop.server = place.start();
    let done = watch(&shop, &job, |j| j["state"] == "done");
    let all = i64::try_from(MEMBERS).unwrap();
    assert_eq!((&done["progress"]["done"], &done["progress"]["total"]), (&json!(all), &json!(all)));
    assert_eq!(done["result"], json!({"members": all, "changed": all, "unchanged": 0}));
    assert_eq!(shop.call(200, "GET", &format!("/tags/{vip}"), None)["members"], json!(all));
    // On PostgreSQL events get their place in the feed a moment after the commit.
    let mut tagged = told(&shop);
    for _ in 0..100 {
        if tagged.len() == MEMBERS {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        tagged = told(&shop);
    }
    assert!(tagged.len() == MEMBERS && tagged.values().all(|n| *n == 1), "{} were told of", tagged.len());

    // Stopped on its way and resumed: a list that is narrowed by a query.
    let asked = shop.call(202, "POST", "/members/tags", Some(json!({"add": [cold], "remove": [vip], "filter": {"query": "wf"}})));
    let job = asked["job"].as_str().unwrap().to_owned();
    let stopped = shop.answer("POST", &format!("/jobs/{job}/cancel"), None);
    let ended = watch(&shop, &job, |j| j["state"] == "cancelled" || j["state"] == "done");
    if stopped.status == 200 && ended["state"] == "cancelled" {
        shop.call(200, "POST", &format!("/jobs/{job}/resume"), None);
    }
    watch(&shop, &job, |j| j["state"] == "done");
    let half = all / 2;
    assert_eq!(shop.call(200, "GET", &format!("/tags/{cold}"), None)["members"], json!(half));
    assert_eq!(shop.call(200, "GET", &format!("/tags/{vip}"), None)["members"], json!(all - half));
    shop.server.stop();

    let dump = place.audited();
    assert!(dump.lines().filter(|l| l.starts_with("member_tag")).count() == MEMBERS, "every tag is in the dump");
}

#[test]
fn on_sqlite() {
    tagged_through_a_kill(false);
}

#[test]
fn on_postgresql() {
    tagged_through_a_kill(true);
}
