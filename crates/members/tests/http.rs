//! Members through HTTP, on both engines: upserts, batches answered item by item, search, masking
//! and unmasking, reviews, merges, consents, suppressions, privacy requests.

use serde_json::{Value, json};
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{MERCHANT, TestStore, both_with};

#[path = "http/judging.rs"]
mod judging;

fn both(name: &str, test: impl Fn(&Api, &TestStore)) {
    both_with(name, Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES]), |t| {
        test(&Api::of(app(t), shuke_members::router()), t);
    });
}

fn made(api: &Api, body: Value) -> (String, Value) {
    let member = api.ok(201, "POST", "/members", Some(body));
    (member["id"].as_str().expect("an id").to_owned(), member)
}

fn found(api: &Api, query: &str) -> Vec<String> {
    let list = api.ok(200, "GET", &format!("/members?{query}"), None);
    list["items"].as_array().expect("items").iter().filter_map(|m| Some(m["id"].as_str()?.to_owned())).collect()
}

fn person(id: &str, phone: &str) -> Value {
    json!({"external": {"source": "erp", "id": id}, "keys": [{"kind": "phone", "value": phone, "verified": true}]})
}

#[test]
fn a_member_is_made_found_changed_and_unmasked() {
    both("member", |api, t| {
        let mut body = person("C-1", "138 1234 5678");
        for (k, v) in [
            ("name", json!("张三丰")),
            ("gender", json!("male")),
            ("birthday", json!("1990-05-01")),
            ("region", json!({"province": "浙江省", "city": "杭州市"})),
            (
                "consents",
                json!([{"purpose": "marketing", "channel": "sms", "granted": true, "source": "form", "at": "2026-01-01T00:00:00Z"}]),
            ),
        ] {
            body[k] = v;
        }
        let (id, made) = made(api, body.clone());
        let shown = (&made["display_name"], &made["phone_masked"], &made["birthday"]);
        assert_eq!(shown, (&json!("张**"), &json!("138****5678"), &json!("1990-05-01")));
        assert!(!made.to_string().contains("13812345678") && !made.to_string().contains("三丰"));
        body["consents"] = json!([]);
        let again = api.ok(200, "PUT", "/members/by-external/erp/C-1", Some(body));
        assert_eq!(again["id"], json!(id));
        for (query, count) in [
            ("query=13812345678", 1),
            ("query=5678", 1),
            ("query=C-1", 1),
            ("query=zsf", 1),
            ("query=%E5%BC%A0%E4%B8%89", 1),
            ("query=nobody", 0),
            ("has_phone=true", 1),
            ("has_phone=false", 0),
            ("gender=male&province=%E6%B5%99%E6%B1%9F%E7%9C%81", 1),
            ("gender=female&province=%E6%B5%99%E6%B1%9F", 0),
            ("province=%E6%B5%99%E6%B1%9F", 1),
            ("gender=female", 0),
            ("sort=-created", 1),
            ("platform=erp", 1),
            ("platform=jd", 0),
        ] {
            assert_eq!(found(api, query).len(), count, "{query}");
        }
        // Words that mean nothing are refused: an empty page would say that there is nobody.
        for (query, field) in [("gender=nonsense", "gender"), ("sort=created_at", "sort"), ("platform=erq", "platform")] {
            let (status, said) = api.call("GET", &format!("/members?{query}"), None);
            assert_eq!((status, &said["field"]), (400, &json!(field)), "{said}");
        }
        let path = format!("/members/{id}");
        let changed = api.ok(200, "PATCH", &path, Some(json!({"gender": null, "birthday": "--02-29", "tags": ["母婴"]})));
        let shown = (&changed["gender"], &changed["birthday"], &changed["tags"][0]);
        assert_eq!(shown, (&Value::Null, &json!("--02-29"), &json!("母婴")));
        for (body, field) in [
            (json!({"phone": "1"}), "phone"),
            (json!({"birthday": "1990-02-30"}), "birthday"),
            (json!({"gender": 3}), "gender"),
            (json!({"keys": [{"kind": "phone", "value": "138****0000"}]}), "keys[0].value"),
        ] {
            let (status, problem) = api.call("PATCH", &path, Some(body));
            assert_eq!((status, problem["field"].as_str()), (400, Some(field)), "{problem}");
        }
        let one = api.ok(200, "GET", &path, None);
        assert_eq!(one["consents"][0]["granted"], json!(true));
        let (status, _) = api.call("POST", &format!("{path}/unmask"), Some(json!({"fields": ["phone"], "reason": " "})));
        assert_eq!(status, 400);
        let asked = json!({"fields": ["phone", "name", "email"], "reason": "called back"});
        let clear = api.ok(200, "POST", &format!("{path}/unmask"), Some(asked));
        assert_eq!(clear, json!({"phone": "13812345678", "name": "张三丰", "email": null}));
        assert_eq!(t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'member.unmasked'"), 1);
        assert_eq!(api.call("GET", "/members/by-external/erp/none", None).0, 404);
        let no = json!({"purpose": "marketing", "channel": "any", "granted": false, "source": "call", "at": "2026-02-01T00:00:00Z"});
        api.ok(201, "POST", &format!("{path}/consents"), Some(no));
        let said = api.ok(200, "GET", &format!("{path}/consents"), None);
        assert_eq!((said["items"].as_array().map(Vec::len), &said["items"][0]["granted"]), (Some(2), &json!(false)));
    });
}

#[test]
fn a_batch_is_answered_item_by_item() {
    both("batch", |api, _| {
        let mut items: Vec<Value> = (0..120).map(|i| person(&format!("n{i}"), &format!("1390000{i:04}"))).collect();
        items[7]["keys"][0]["value"] = json!("139****0007");
        items[8]["birthday"] = json!("yesterday");
        let done = api.ok(200, "POST", "/members/batch", Some(json!({"items": items})));
        let results = done["results"].as_array().expect("results");
        assert_eq!(results.len(), 120);
        let problem = &results[7]["problem"];
        assert_eq!((&problem["code"], &problem["field"]), (&json!("member.bad_key"), &json!("items[7].keys[0].value")));
        assert_eq!(results[8]["problem"]["code"], json!("member.bad_birthday"));
        let right = |(i, r): (usize, &Value)| r["index"] == json!(i) && (r["status"] == "refused") == (i == 7 || i == 8);
        assert!(results.iter().enumerate().all(right), "{done}");
        items.truncate(5);
        items[1]["keys"][0]["value"] = json!("13911110001");
        let again = api.ok(200, "POST", "/members/batch", Some(json!({"items": items})));
        let states: Vec<&str> = again["results"].as_array().expect("results").iter().filter_map(|r| r["status"].as_str()).collect();
        assert_eq!(states, ["unchanged", "updated", "unchanged", "unchanged", "unchanged"]);
        // Pages hold everybody once.
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = api.ok(200, "GET", &format!("/members?limit=50{cursor}"), None);
            seen.extend(page["items"].as_array().expect("items").iter().map(|m| m["id"].to_string()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 118);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 118);
        assert_eq!(api.call("POST", "/members/batch", Some(json!({"items": vec![json!({}); 1001]}))).0, 400);
    });
}

#[test]
fn reviews_and_merges_are_decided_and_taken_back() {
    both("reviews", |api, _| {
        let since = |day: u8, mut person: Value| {
            person["source_time"] = json!(format!("2026-01-{day:02}T00:00:00Z"));
            person
        };
        let (a, _) = made(api, since(1, person("1", "13800000001")));
        let (b, _) = made(api, since(2, person("2", "13800000001")));
        let (c, _) = made(api, since(3, person("3", "13800000003")));
        let open = api.ok(200, "GET", "/reviews", None);
        let review = &open["items"][0];
        assert_eq!(review["reason"], json!("conflict"));
        assert_eq!((&review["left"]["id"], &review["right"]["id"]), (&json!(a), &json!(b)));
        assert_eq!(review["evidence"], json!([{"kind": "phone", "value_masked": "138****0001"}]));
        let id = review["id"].as_str().expect("an id");
        let done = api.ok(200, "POST", &format!("/reviews/{id}/merge"), None);
        assert_eq!((&done["review"]["state"], &done["member"]["id"]), (&json!("merged"), &json!(a)));
        assert_eq!(api.call("POST", &format!("/reviews/{id}/keep-apart"), None).1["code"], json!("review.decided"));
        assert_eq!(api.ok(200, "GET", "/reviews?state=merged", None)["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(api.ok(200, "GET", &format!("/members/{b}"), None)["id"], json!(a), "an alias answers with who took it in");
        let identity = api.ok(200, "GET", &format!("/members/{a}/identity"), None);
        assert_eq!((&identity["aliases"][0], &identity["merges"][0]["cause"]), (&json!(b), &json!("review")));
        let merge = identity["merges"][0]["id"].as_str().expect("an id");
        let back = api.ok(200, "POST", &format!("/merges/{merge}/unmerge"), Some(json!({"reason": "two sisters"})));
        assert_eq!(back, json!({"differences": [], "members": [a, b]}));
        let kept = api.ok(200, "POST", &format!("/reviews/{id}/keep-apart"), Some(json!({})));
        assert_eq!(kept["review"]["state"], json!("kept_apart"));
        // By hand, with its reason shown to those who look.
        let done = api.ok(200, "POST", &format!("/members/{c}/merge"), Some(json!({"other": a, "reason": "the same person"})));
        assert_eq!(done["member"]["id"], json!(a));
        let merges = api.ok(200, "GET", &format!("/merges?member={c}"), None);
        assert_eq!((&merges["items"][0]["id"], &merges["items"][0]["reason"]), (&done["merge_id"], &json!("the same person")));
        assert_eq!(api.ok(200, "GET", "/merges?limit=1", None)["items"].as_array().map(Vec::len), Some(1));
        let (status, problem) = api.call("POST", &format!("/members/{c}/merge"), Some(json!({"other": a, "reason": "again"})));
        assert_eq!((status, &problem["code"]), (422, &json!("member.same")));
    });
}

#[test]
fn suppressions_and_privacy_requests() {
    both("privacy", |api, t| {
        let items = json!({"items": [{"channel": "sms", "value": "13800000001"}, {"channel": "sms", "value": "138****1"}]});
        let done = api.ok(200, "POST", "/suppressions/import", Some(items));
        assert_eq!((&done["added"], &done["refused"][0]["index"]), (&json!(1), &json!(1)));
        api.ok(201, "POST", "/suppressions", Some(json!({"channel": "email", "value": "a@x.com", "reason": "bounced"})));
        let list = api.ok(200, "GET", "/suppressions", None);
        let mut shown: Vec<&str> = list["items"].as_array().expect("items").iter().filter_map(|s| s["value_masked"].as_str()).collect();
        shown.sort_unstable();
        assert_eq!(shown, ["138****0001", "a***@x.com"]);
        let id = list["items"][0]["id"].as_str().expect("an id");
        api.ok(204, "DELETE", &format!("/suppressions/{id}"), None);

        let (a, _) = made(api, person("1", "13812345678"));
        let request = api.ok(201, "POST", "/privacy/requests", Some(json!({"member": a, "kind": "copy"})));
        assert!(request["due_at"].as_str() > request["created_at"].as_str());
        let copy = api.ok(200, "GET", &format!("/privacy/requests/{}/copy", request["id"].as_str().expect("an id")), None);
        assert!(copy.to_string().contains("13812345678"));
        let request = api.ok(201, "POST", "/privacy/requests", Some(json!({"member": a, "kind": "erasure"})));
        let done = api.ok(200, "POST", &format!("/privacy/requests/{}/complete", request["id"].as_str().expect("an id")), None);
        assert_eq!(done["state"], json!("done"));
        assert_eq!(api.call("GET", &format!("/members/{a}"), None).0, 404);
        assert_eq!(found(api, "query=13812345678"), Vec::<String>::new());
        assert_eq!(found(api, "query=5678"), Vec::<String>::new());
        let (b, _) = made(api, person("9", "13900000009"));
        assert_eq!(api.ok(200, "DELETE", &format!("/members/{b}"), None)["kind"], json!("erasure"));
        assert_eq!(t.int("SELECT COUNT(*) FROM erasure"), 2);
    });
}

#[test]
fn tags_are_made_given_searched_by_and_dropped() {
    both("tags", |api, t| {
        let (a, _) = made(api, person("1", "13800000001"));
        let (b, _) = made(api, person("2", "13800000002"));
        let hobby = api.ok(201, "POST", "/tag-categories", Some(json!({"name": "兴趣"})));
        let vip = api.ok(201, "POST", "/tags", Some(json!({"name": "VIP", "color": "amber"})));
        let baby = api.ok(201, "POST", "/tags", Some(json!({"name": "母婴", "category": hobby["id"]})));
        let (vip, baby) = (vip["id"].as_str().expect("an id").to_owned(), baby["id"].as_str().expect("an id").to_owned());
        let (status, problem) = api.call("POST", "/tags", Some(json!({"name": "vip"})));
        assert_eq!((status, &problem["code"], &problem["field"]), (409, &json!("tag.name_taken"), &json!("name")));
        let labels = api.ok(200, "PUT", &format!("/members/{a}/tags/{vip}"), Some(json!({"reason": "called"})));
        assert_eq!(labels["items"][0]["name"], json!("VIP"));
        assert!(labels["items"][0]["by"].as_str().is_some_and(|by| by.starts_with("key_")));
        api.ok(200, "PUT", &format!("/members/{a}/tags/{vip}"), None);
        assert_eq!(t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'member.tagged'"), 1, "nothing changed, nothing is noted");
        let nobody = "mem_00000000000000000000000000";
        let done = api.ok(200, "POST", "/members/tags", Some(json!({"add": [baby], "remove": [vip], "members": [a, b, nobody]})));
        let states: Vec<&str> = done["results"].as_array().expect("results").iter().filter_map(|r| r["status"].as_str()).collect();
        assert_eq!((states, &done["changed"], &done["job"]), (vec!["changed", "changed", "not_found"], &json!(2), &Value::Null));
        let list = api.ok(200, "GET", "/members?query=%E6%AF%8D%E5%A9%B4", None);
        assert_eq!(list["items"][0]["assigned_tags"][0]["category"]["name"], json!("兴趣"));
        let mut both = found(api, &format!("tag={baby}"));
        both.sort();
        let mut all = vec![a.clone(), b.clone()];
        all.sort();
        assert_eq!(both, all);
        assert_eq!(found(api, &format!("tag={baby},{vip}")), Vec::<String>::new());
        assert_eq!(api.call("GET", "/members?tag=tag_00000000000000000000000000", None).1["code"], json!("tag.not_found"));
        assert_eq!(api.ok(200, "GET", &format!("/members/{a}"), None)["assigned_tags"][0]["name"], json!("母婴"));
        let tags = api.ok(200, "GET", "/tags", None);
        let counts: Vec<(&str, i64)> =
            tags["items"].as_array().expect("items").iter().filter_map(|t| Some((t["name"].as_str()?, t["members"].as_i64()?))).collect();
        assert_eq!(counts, [("母婴", 2), ("VIP", 0)]);
        let numbered = |i: i32| format!("tag_{i:026}");
        for (body, code) in [
            (json!({"add": [baby]}), "tag.whom"),
            (json!({"add": [baby], "filter": {}}), "tag.whom"),
            (json!({"add": [baby], "filter": {"all": true, "gender": "male"}}), "tag.whom"),
            (json!({"add": [baby], "remove": [baby], "members": [a]}), "tag.nothing_to_do"),
            (json!({"add": [], "members": [a]}), "tag.nothing_to_do"),
            (json!({"add": ["tag_00000000000000000000000000"], "members": [a]}), "tag.not_found"),
            (json!({"add": [baby], "members": vec![a.clone(); 1001]}), "tag.whom"),
            (json!({"add": (0..21).map(numbered).collect::<Vec<_>>(), "members": [a]}), "tag.too_many_named"),
            (json!({"add": [baby], "filter": {"tags": (0..21).map(numbered).collect::<Vec<_>>()}}), "tag.too_many_named"),
            (json!({"add": [baby], "filter": {"gender": "nonsense"}}), "member.unknown_gender"),
        ] {
            assert_eq!(api.call("POST", "/members/tags", Some(body.clone())).1["code"], json!(code), "{body}");
        }
        let before = api.ok(200, "POST", "/members/tags/preview", Some(json!({"add": [vip], "remove": [baby], "filter": {"all": true}})));
        assert_eq!(before["remove"], json!([{"tag": baby, "name": "母婴", "having": 2, "lacking": 0}]));
        let asked = api.ok(202, "POST", "/members/tags", Some(json!({"add": [vip], "filter": {"all": true}, "reason": "spring"})));
        assert!(asked["job"].as_str().is_some_and(|j| j.starts_with("job_")));
        // A title is read at a glance, however many tags there are.
        let many: Vec<Value> = (1..6).map(|i| api.ok(201, "POST", "/tags", Some(json!({"name": format!("T{i}")})))["id"].clone()).collect();
        let job = api.ok(202, "POST", "/members/tags", Some(json!({"remove": many, "filter": {"all": true}})))["job"].clone();
        let id: shuke_store::jobs::JobId = job.as_str().and_then(|j| j.parse().ok()).expect("a job's id");
        assert_eq!(t.read(move |tx| tx.job(MERCHANT, id)).title, "批量标签 −T1、T2、T3 … +2");
        let (status, problem) = api.call("DELETE", &format!("/tags/{baby}"), None);
        assert_eq!((status, &problem["code"]), (409, &json!("tag.in_use")));
        assert!(problem["detail"].as_str().is_some_and(|d| d.starts_with("2 members")), "{problem}");
        let archived = api.ok(200, "PATCH", &format!("/tags/{baby}"), Some(json!({"archived": true, "category": null})));
        assert!(archived["archived_at"].is_string() && archived["category"].is_null());
        assert_eq!(api.call("PUT", &format!("/members/{a}/tags/{baby}"), None).1["code"], json!("tag.archived"));
        api.ok(200, "DELETE", &format!("/members/{a}/tags/{baby}"), None);
        assert!(api.ok(202, "DELETE", &format!("/tags/{baby}?force=true"), None)["job"].is_string());
        api.ok(204, "DELETE", &format!("/tags/{vip}"), None);
        api.ok(204, "DELETE", &format!("/tag-categories/{}", hobby["id"].as_str().expect("an id")), None);
        let kinds = t.int("SELECT COUNT(DISTINCT action) FROM audit_entry WHERE action LIKE '%tag%'");
        assert_eq!(kinds, 8, "every change is in the audit");
    });
}
