//! Tags by rule with the real program on both engines: a segment gives and takes a tag as its members come
//! and go; people go before rules; no rule leads back to itself; store and copy agree.

use serde_json::{Value, json};
use shuke_testkit::shop::{Place, Shop};

fn segment(shop: &Shop, name: &str, text: &str) -> String {
    let made = shop.call(201, "POST", "/segments", Some(json!({"name": name, "kind": "living", "text": text})));
    made["id"].as_str().unwrap().to_owned()
}

fn tag(shop: &Shop, name: &str) -> String {
    shop.call(201, "POST", "/tags", Some(json!({"name": name})))["id"].as_str().unwrap().to_owned()
}

fn has(shop: &Shop, member: &str, tag: &str) -> bool {
    let told = shop.call(200, "GET", &format!("/members/{member}/tags"), None);
    told["items"].as_array().unwrap().iter().any(|t| t["id"] == tag)
}

fn member(i: usize, gender: &str) -> Value {
    json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳", "gender": gender,
        "keys": [{"kind": "phone", "value": format!("138001380{i:02}"), "verified": true}]})
}

fn ruled(postgres: bool) {
    let place = Place::new(postgres);
    let mut shop = Shop::new(place.start(), &["members:read", "members:write", "segments:read", "segments:write"]);
    let items: Vec<Value> = (0..20).map(|i| member(i, if i < 8 { "female" } else { "male" })).collect();
    shop.call(200, "POST", "/members/batch", Some(json!({"items": items})));
    let women = segment(&shop, "女会员", "gender = \"female\"");
    let vip = tag(&shop, "女性");
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
    assert_eq!((has(&shop, kept, &vip), has(&shop, leaves, &vip), has(&shop, taken, &vip)), (true, false, false));
    shop.call(200, "POST", &format!("/segments/{women}/refresh"), None);
    shop.call(200, "PUT", &rule, Some(json!({"segment": women})));
    shop.until("it is not applied again", &rule, |r| r["state"] == "applied");
    assert!(!has(&shop, taken, &vip), "what a person took off stays off");
    let today = shop.call(200, "GET", &format!("/tags/{vip}/days?from=2000-01-01&to=2000-02-01"), None);
    assert_eq!(today["items"].as_array().unwrap().len(), 31);
    assert_eq!(shop.call(400, "GET", &format!("/tags/{vip}/days?from=2000-01-01&to=2010-01-01"), None)["code"], "request.invalid");

    circles(&shop, &vip, &women);

    // A list rules nothing, nor does what is put away.
    let list = shop.call(201, "POST", "/segments", Some(json!({"name": "名单", "kind": "static", "members": [kept]})));
    let refused = shop.call(422, "PUT", &rule, Some(json!({"segment": list["id"]})));
    assert_eq!(refused["code"], "tag.segment_cannot_rule");
    shop.call(204, "DELETE", &rule, None);
    assert!(has(&shop, kept, &vip));
    shop.call(200, "PUT", &rule, Some(json!({"segment": women})));
    shop.until("the rule is not applied anew", &rule, |r| r["state"] == "applied");
    shop.server.stop();

    assert!(place.audited().lines().any(|l| l.starts_with("tag_rule")), "rules are in the dump");
}

/// A segment that asks for a tag, or for a segment that does, cannot rule it; nor can it come to.
fn circles(shop: &Shop, vip: &str, women: &str) {
    let by_tag = segment(shop, "带女性标签", "has_any(\"女性\")");
    let refused = shop.call(409, "PUT", &format!("/tags/{vip}/rule"), Some(json!({"segment": by_tag})));
    assert_eq!(refused["code"], "tag.rule_circle");
    assert!(refused["detail"].as_str().unwrap().contains("带女性标签"), "{refused}");
    // Over another tag: women → 女性 → 带女性标签 → 二级.
    let second = tag(shop, "二级");
    shop.call(200, "PUT", &format!("/tags/{second}/rule"), Some(json!({"segment": by_tag})));
    let over = segment(shop, "带二级标签", "has_all(\"二级\")");
    let refused = shop.call(409, "PUT", &format!("/tags/{vip}/rule"), Some(json!({"segment": over})));
    assert_eq!(refused["code"], "tag.rule_circle");
    let now = shop.call(200, "GET", &format!("/segments/{women}"), None);
    let to = |text: &str| json!({"version": now["version"], "text": text});
    let refused = shop.call(409, "PUT", &format!("/segments/{women}"), Some(to("has_any(\"二级\")")));
    assert_eq!(refused["code"], "tag.rule_circle");
    // A name that a segment asks for already.
    let third = tag(shop, "三级");
    let asks = segment(shop, "等四级", "has_any(\"四级\")");
    shop.call(200, "PUT", &format!("/tags/{third}/rule"), Some(json!({"segment": asks})));
    let refused = shop.call(409, "PATCH", &format!("/tags/{third}"), Some(json!({"name": "四级"})));
    assert_eq!(refused["code"], "tag.rule_circle");
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
