//! Tags out of files with the real program on both engines: staged, loaded, said again, taken back; whose key
//! is nobody's waits in quarantine and is repaired there.

use serde_json::{Value, json};
use shuke_testkit::shop::{Place, Shop};

/// Loads a sheet to its end, and waits until its sources are settled.
fn load(shop: &Shop, name: &str, text: &str) -> Value {
    let staged = shop.upload(201, "/imports", name, text);
    assert_eq!(staged["files"][0]["format"], "tag_list", "{staged}");
    let id = staged["id"].as_str().unwrap().to_owned();
    shop.call(200, "POST", &format!("/imports/{id}/run"), None);
    let done = shop.until("the load does not end", &format!("/imports/{id}"), |i| i["state"] == "done");
    quiet(shop);
    done
}

fn quiet(shop: &Shop) {
    shop.until("tasks do not end", "/jobs?limit=50", |jobs| {
        jobs["items"].as_array().unwrap().iter().all(|j| j["state"] != "queued" && j["state"] != "running")
    });
}

fn tags(shop: &Shop, member: &str) -> Vec<String> {
    let told = shop.call(200, "GET", &format!("/members/{member}/tags"), None);
    let mut names: Vec<String> = told["items"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn imported(postgres: bool) {
    let place = Place::new(postgres);
    let mut shop = Shop::new(place.start(), &["members:read", "members:write", "imports:read", "imports:write"]);
    let items: Vec<Value> = (0..3)
        .map(|i| json!({"external": {"source": "own", "id": format!("m{i}")}, "name": "王芳", "keys": [{"kind": "phone", "value": format!("1380013800{i}"), "verified": true}]}))
        .collect();
    let made = shop.call(200, "POST", "/members/batch", Some(json!({"items": items})));
    let ids: Vec<String> = made["results"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();

    let first = "手机号,会员编号,标签,分类,来源,得分,有效期至\n\
        13800138000,,母婴、运动,兴趣,巨量云图,87%,\n\
        ,m1,运动,兴趣,巨量云图,,\n\
        13900139000,,运动,兴趣,巨量云图,,\n\
        ,m2,露营,,友盟,0.5,2099-12-31\n";
    let done = load(&shop, "人群.csv", first);
    let counts = &done["counts"];
    let open = shop.call(200, "GET", "/quarantine?state=open", None);
    assert_eq!(
        (&counts["tags"], &counts["tagged"], &counts["quarantined"], &counts["members_new"]),
        (&json!(3), &json!(3), &json!(1), &json!(0)),
        "{open}"
    );
    assert_eq!(
        (tags(&shop, &ids[0]), tags(&shop, &ids[1]), tags(&shop, &ids[2])),
        (vec!["母婴".to_owned(), "运动".to_owned()], vec!["运动".to_owned()], vec!["露营".to_owned()])
    );
    let told = shop.call(200, "GET", &format!("/members/{}/tags", ids[2]), None);
    assert_eq!((&told["items"][0]["said"][0]["source"], &told["items"][0]["said"][0]["score"]), (&json!("友盟"), &json!(0.5)));
    assert_eq!(told["items"][0]["category"]["name"], "友盟");

    // The row that found nobody: its member comes, the row is repaired.
    let held = shop.call(200, "GET", "/quarantine?state=open", None)["items"][0].clone();
    assert_eq!(held["reasons"][0]["code"], "member_not_found", "{held}");
    let repair = format!("/quarantine/{}", held["id"].as_str().unwrap());
    let still = shop.call(200, "PATCH", &repair, Some(json!({"cells": {"手机号": "13900139001"}})));
    assert_eq!(still["state"], "open", "{still}");
    let now = shop.call(200, "PATCH", &repair, Some(json!({"cells": {"手机号": "13800138002"}})));
    assert_eq!(now["state"], "repaired", "{now}");
    assert_eq!(tags(&shop, &ids[2]), ["运动", "露营"]);

    // The same source again: what it says no longer ends; the other source stays.
    let again = load(&shop, "人群2.csv", "手机号,标签,分类,来源\n13800138001,母婴,兴趣,巨量云图\n");
    assert_eq!(
        (tags(&shop, &ids[0]), tags(&shop, &ids[1]), tags(&shop, &ids[2])),
        (vec![], vec!["母婴".to_owned()], vec!["露营".to_owned()])
    );
    let sources = shop.call(200, "GET", "/tag-sources", None)["items"].clone();
    let of = |name: &str| sources.as_array().unwrap().iter().find(|s| s["name"] == name).unwrap().clone();
    assert_eq!((&of("巨量云图")["import"], &of("巨量云图")["members"], &of("友盟")["members"]), (&again["id"], &json!(1), &json!(1)));

    // Taken back: what held before holds again.
    let id = again["id"].as_str().unwrap();
    shop.call(200, "POST", &format!("/imports/{id}/undo"), None);
    shop.until("the undo does not end", &format!("/imports/{id}"), |i| i["state"] == "undone");
    quiet(&shop);
    assert_eq!((tags(&shop, &ids[0]).len(), tags(&shop, &ids[1]), tags(&shop, &ids[2]).len()), (2, vec!["运动".to_owned()], 2));
    shop.server.stop();
}

#[test]
fn on_sqlite() {
    imported(false);
}

#[test]
fn on_postgresql() {
    imported(true);
}
