//! A list is tagged by a task of the running program, which is killed on its way: everybody has the
//! tag once, is told of once, and the store and its copy on the other engine agree.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_testkit::cluster;
use shuke_testkit::process::{Server, binary};

const MEMBERS: usize = 2_000;

struct Shop {
    server: Server,
    key: String,
}

impl Shop {
    fn call(&self, status: u16, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.server.call(method, &format!("/api/v1{path}"), &[("authorization", self.key.as_str())], body.as_ref());
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.json);
        answer.json
    }

    /// Waits until a task is in a state that `enough` accepts.
    fn watch(&self, job: &str, enough: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let now = self.call(200, "GET", &format!("/jobs/{job}"), None);
            if enough(&now) {
                return now;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "the task does not get on: {now}");
            // Often at first, to meet the task on its way; then as seldom as a caller's limit wants.
            std::thread::sleep(Duration::from_millis(if begun.elapsed() < Duration::from_secs(3) { 5 } else { 100 }));
        }
    }

    /// How often each member was told to be tagged.
    fn told(&self) -> std::collections::BTreeMap<String, usize> {
        let (mut since, mut out) = (0, std::collections::BTreeMap::new());
        loop {
            let page = self.call(200, "GET", &format!("/changes?since={since}&limit=1000&types=member.tagged"), None);
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
}

fn shuke(arguments: &[&str]) -> Output {
    let key = shuke_store::MasterKey::new(shuke_testkit::MASTER).to_hex();
    let out = Command::new(binary("shuke")).args(arguments).env("SHUKE_MASTER_KEY", key.as_str()).output().unwrap();
    assert!(out.status.success(), "{arguments:?}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    out
}

fn tagged_through_a_kill(postgres: bool) {
    let home = tempfile::tempdir().unwrap();
    let database = postgres.then(|| cluster::shared().create_database("template0"));
    let store = database.as_ref().map_or_else(|| format!("sqlite:{}", home.path().join("shuke.db").display()), cluster::Database::url);
    let server = Server::start_on(home.path(), Some(&store));
    let key = server.key(&["members:read", "members:write", "imports:write", "events:read"]);
    let mut shop = Shop { server, key };
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
    shop.watch(&job, |j| j["progress"]["done"].as_i64().unwrap() > 0);
    shop.server.kill();
    shop.server = Server::start_on(home.path(), Some(&store));
    let done = shop.watch(&job, |j| j["state"] == "done");
    let all = i64::try_from(MEMBERS).unwrap();
    assert_eq!((&done["progress"]["done"], &done["progress"]["total"]), (&json!(all), &json!(all)));
    assert_eq!(done["result"], json!({"members": all, "changed": all, "unchanged": 0}));
    assert_eq!(shop.call(200, "GET", &format!("/tags/{vip}"), None)["members"], json!(all));
    // On PostgreSQL events get their place in the feed a moment after the commit.
    let mut told = shop.told();
    for _ in 0..100 {
        if told.len() == MEMBERS {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        told = shop.told();
    }
    assert!(told.len() == MEMBERS && told.values().all(|n| *n == 1), "{} were told of", told.len());

    // Stopped on its way and resumed: a list that is narrowed by a query.
    let asked = shop.call(202, "POST", "/members/tags", Some(json!({"add": [cold], "remove": [vip], "filter": {"query": "wf"}})));
    let job = asked["job"].as_str().unwrap().to_owned();
    let stopped = shop.server.call("POST", &format!("/api/v1/jobs/{job}/cancel"), &[("authorization", shop.key.as_str())], None);
    let ended = shop.watch(&job, |j| j["state"] == "cancelled" || j["state"] == "done");
    if stopped.status == 200 && ended["state"] == "cancelled" {
        shop.call(200, "POST", &format!("/jobs/{job}/resume"), None);
    }
    shop.watch(&job, |j| j["state"] == "done");
    let half = all / 2;
    assert_eq!(shop.call(200, "GET", &format!("/tags/{cold}"), None)["members"], json!(half));
    assert_eq!(shop.call(200, "GET", &format!("/tags/{vip}"), None)["members"], json!(all - half));
    shop.server.stop();

    let (folder, beside) = (home.path().display().to_string(), tempfile::tempdir().unwrap());
    shuke(&["audit", "--data", &folder, "--store", &store]);
    let other = if postgres { None } else { Some(cluster::shared().create_database("template0")) };
    let copy = other.as_ref().map_or_else(|| format!("sqlite:{}", beside.path().join("copy.db").display()), cluster::Database::url);
    shuke(&["copy", "--from", &store, "--to", &copy, "--data", &folder]);
    let dump = |store: &str| String::from_utf8(shuke(&["audit", "--dump", "--data", &folder, "--store", store]).stdout).unwrap();
    let (first, second) = (dump(&store), dump(&copy));
    assert!(first.lines().filter(|l| l.starts_with("member_tag")).count() == MEMBERS, "every tag is in the dump");
    assert!(first == second, "the copy tells of other tags");
}

#[test]
fn on_sqlite() {
    tagged_through_a_kill(false);
}

#[test]
fn on_postgresql() {
    tagged_through_a_kill(true);
}
