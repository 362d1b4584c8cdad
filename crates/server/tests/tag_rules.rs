//! Tags by rule with the real program on both engines: a segment gives and takes a tag as its members come
//! and go; people go before rules; no rule leads back to itself; store and copy agree.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_testkit::cluster;
use shuke_testkit::process::{Server, binary};

struct Shop {
    server: Server,
    key: String,
}

impl Shop {
    fn answer(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let headers = [("authorization", self.key.as_str()), ("accept-language", "en")];
        let answer = self.server.call(method, &format!("/api/v1{path}"), &headers, body.as_ref());
        (answer.status, answer.json)
    }

    fn call(&self, status: u16, method: &str, path: &str, body: Option<Value>) -> Value {
        let (found, answer) = self.answer(method, path, body);
        assert_eq!(found, status, "{method} {path}: {answer}");
        answer
    }

    /// Asks until it is so.
    fn until(&self, what: &str, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let now = self.call(200, "GET", path, None);
            if is_so(&now) {
                return now;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{what}: {now}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn segment(&self, name: &str, text: &str) -> String {
        let made = self.call(201, "POST", "/segments", Some(json!({"name": name, "kind": "living", "text": text})));
        made["id"].as_str().unwrap().to_owned()
    }

    fn tag(&self, name: &str) -> String {
        self.call(201, "POST", "/tags", Some(json!({"name": name})))["id"].as_str().unwrap().to_owned()
    }

    fn has(&self, member: &str, tag: &str) -> bool {
        let told = self.call(200, "GET", &format!("/members/{member}/tags"), None);
        told["items"].as_array().unwrap().iter().any(|t| t["id"] == tag)
    }
}

fn shuke(arguments: &[&str]) -> Output {
    let key = shuke_store::MasterKey::new(shuke_testkit::MASTER).to_hex();
    let out = Command::new(binary("shuke")).args(arguments).env("SHUKE_MASTER_KEY", key.as_str()).output().unwrap();
    assert!(out.status.success(), "{arguments:?}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    out
}

fn member(i: usize, gender: &str) -> Value {
    json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳", "gender": gender,
        "keys": [{"kind": "phone", "value": format!("138001380{i:02}"), "verified": true}]})
}

fn ruled(postgres: bool) {
    let home = tempfile::tempdir().unwrap();
    let database = postgres.then(|| cluster::shared().create_database("template0"));
    let store = database.as_ref().map_or_else(|| format!("sqlite:{}", home.path().join("shuke.db").display()), cluster::Database::url);
    let server = Server::start_on(home.path(), Some(&store));
    let key = server.key(&["members:read", "members:write", "segments:read", "segments:write"]);
    let mut shop = Shop { server, key };
    let items: Vec<Value> = (0..20).map(|i| member(i, if i < 8 { "female" } else { "male" })).collect();
    shop.call(200, "POST", "/members/batch", Some(json!({"items": items})));
    let women = shop.segment("女会员", "gender = \"female\"");
    let vip = shop.tag("女性");
    let rule = format!("/tags/{vip}/rule");
    assert_eq!(shop.call(404, "GET", &rule, None)["code"], "tag.no_rule");
    let put = shop.call(200, "PUT", &rule, Some(json!({"segment": women})));
    assert_eq!((&put["segment"]["name"], &put["tag"]["name"]), (&json!("女会员"), &json!("女性")));
    shop.until("the rule is not applied", &rule, |r| r["state"] == "applied" && r["members"] == 8);
    assert_eq!(shop.call(200, "GET", "/tag-rules", None)["items"][0]["state"], "applied");

    // Who leaves loses it, who comes gets it; by hand goes before the rule.
    let listed = shop.call(200, "GET", &format!("/members?tag={vip}"), None)["items"].clone();
    let held: Vec<String> = listed.as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
    let (kept, leaves, taken) = (&held[0], &held[1], &held[2]);
    shop.call(200, "POST", "/members/tags", Some(json!({"members": [kept], "add": [vip]})));
    shop.call(200, "POST", "/members/tags", Some(json!({"members": [taken], "remove": [vip]})));
    for id in [kept, leaves] {
        shop.call(200, "PATCH", &format!("/members/{id}"), Some(json!({"gender": "male", "reason": "typed wrong"})));
    }
    shop.call(200, "POST", "/members/batch", Some(json!({"items": [member(20, "female")]})));
    shop.until("who left keeps it", &format!("/members/{leaves}/tags"), |l| l["items"] == json!([]));
    shop.until("comings and goings are not followed", &rule, |r| r["members"] == 6);
    assert_eq!((shop.has(kept, &vip), shop.has(leaves, &vip), shop.has(taken, &vip)), (true, false, false));
    shop.call(200, "POST", &format!("/segments/{women}/refresh"), None);
    shop.call(200, "PUT", &rule, Some(json!({"segment": women})));
    shop.until("it is not applied again", &rule, |r| r["state"] == "applied");
    assert!(!shop.has(taken, &vip), "what a person took off stays off");
    let today = shop.call(200, "GET", &format!("/tags/{vip}/days?from=2000-01-01&to=2000-02-01"), None);
    assert_eq!(today["items"].as_array().unwrap().len(), 31);
    assert_eq!(shop.call(400, "GET", &format!("/tags/{vip}/days?from=2000-01-01&to=2010-01-01"), None)["code"], "request.invalid");

    circles(&shop, &vip, &women);

    // A list rules nothing, nor does what is put away.
    let list = shop.call(201, "POST", "/segments", Some(json!({"name": "名单", "kind": "static", "members": [kept]})));
    let refused = shop.call(422, "PUT", &rule, Some(json!({"segment": list["id"]})));
    assert_eq!(refused["code"], "tag.segment_cannot_rule");
    shop.call(204, "DELETE", &rule, None);
    assert!(shop.has(kept, &vip));
    shop.call(200, "PUT", &rule, Some(json!({"segment": women})));
    shop.until("the rule is not applied anew", &rule, |r| r["state"] == "applied");
    shop.server.stop();

    let (folder, beside) = (home.path().display().to_string(), tempfile::tempdir().unwrap());
    shuke(&["audit", "--data", &folder, "--store", &store]);
    let other = if postgres { None } else { Some(cluster::shared().create_database("template0")) };
    let copy = other.as_ref().map_or_else(|| format!("sqlite:{}", beside.path().join("copy.db").display()), cluster::Database::url);
    shuke(&["copy", "--from", &store, "--to", &copy, "--data", &folder]);
    let dump = |store: &str| String::from_utf8(shuke(&["audit", "--dump", "--data", &folder, "--store", store]).stdout).unwrap();
    let (first, second) = (dump(&store), dump(&copy));
    assert!(first.lines().any(|l| l.starts_with("tag_rule")), "rules are in the dump");
    assert!(first == second, "the copy tells of other rules");
}

/// A segment that asks for a tag, or for a segment that does, cannot rule it; nor can it come to.
fn circles(shop: &Shop, vip: &str, women: &str) {
    let by_tag = shop.segment("带女性标签", "has_any(\"女性\")");
    let refused = shop.call(409, "PUT", &format!("/tags/{vip}/rule"), Some(json!({"segment": by_tag})));
    assert_eq!(refused["code"], "tag.rule_circle");
    assert!(refused["detail"].as_str().unwrap().contains("带女性标签"), "{refused}");
    // Over another tag: women → 女性 → 带女性标签 → 二级.
    let second = shop.tag("二级");
    shop.call(200, "PUT", &format!("/tags/{second}/rule"), Some(json!({"segment": by_tag})));
    let over = shop.segment("带二级标签", "has_all(\"二级\")");
    let refused = shop.call(409, "PUT", &format!("/tags/{vip}/rule"), Some(json!({"segment": over})));
    assert_eq!(refused["code"], "tag.rule_circle");
    let now = shop.call(200, "GET", &format!("/segments/{women}"), None);
    let to = |text: &str| json!({"version": now["version"], "text": text});
    let (status, refused) = shop.answer("PUT", &format!("/segments/{women}"), Some(to("has_any(\"二级\")")));
    assert_eq!((status, &refused["code"]), (409, &json!("tag.rule_circle")), "{refused}");
    // A name that a segment asks for already.
    let third = shop.tag("三级");
    let asks = shop.segment("等四级", "has_any(\"四级\")");
    shop.call(200, "PUT", &format!("/tags/{third}/rule"), Some(json!({"segment": asks})));
    let (status, refused) = shop.answer("PATCH", &format!("/tags/{third}"), Some(json!({"name": "四级"})));
    assert_eq!((status, &refused["code"]), (409, &json!("tag.rule_circle")), "{refused}");
    shop.call(200, "PATCH", &format!("/tags/{third}"), Some(json!({"name": "五级"})));
}

#[test]
fn on_sqlite() {
    ruled(false);
}

#[test]
fn on_postgresql() {
    ruled(true);
}
