//! Wished-for portraits: made, measured, recorded day by day, put away; and whom their gaps are told of.

use serde_json::{Value, json};
use shuke_testkit::{TestStore, both_with};

use crate::world::{ALL, Shop};

#[test]
fn every_statement_is_understood_by_both_engines() {
    let all: Vec<(&'static str, &'static str)> = shuke_segments::statements().collect();
    shuke_testkit::prepare_all(ALL, &[("segments", &all[..])]);
}

/// Ten members: six women, of whom two have bought S1 and one S2; three men, of whom two have bought S1; one
/// of whom no gender is known, who has bought S1. Half of each are of Zhejiang.
fn filled(t: &TestStore) -> Shop<'_> {
    let shop = Shop::over(t);
    for i in 0..10 {
        let province = if i % 2 == 0 { "浙江省" } else { "广东省" };
        let mut more = json!({"region": {"province": province}});
        if i < 9 {
            more["gender"] = json!(if i < 6 { "female" } else { "male" });
        }
        shop.member(&format!("m{i}"), more);
    }
    for (i, fen) in [(0, 10_100), (1, 10_100), (2, 10_200), (6, 10_100), (7, 10_100), (9, 10_100)] {
        shop.order(&format!("o{i}"), &format!("m{i}"), 600, fen);
    }
    shop.later(1);
    shop
}

fn wanted(name: &str) -> Value {
    json!({"name": name, "subject": {"skus": ["S1"]}, "wishes": [
        {"attribute": "gender", "values": ["female"], "share": 0.6},
        {"attribute": "province", "values": ["浙江"], "share": 0.8},
    ]})
}

#[test]
fn what_is_wished_stands_beside_what_there_is() {
    both_with("target", ALL, |t| {
        let shop = filled(t);
        let made = shop.call("POST", "/portrait-targets", Some(wanted(" 运动鞋的理想买家 ")));
        assert_eq!((&made["name"], &made["version"], &made["last"]), (&json!("运动鞋的理想买家"), &json!(1), &Value::Null));
        assert_eq!(made["wishes"][0]["share"], json!(0.6));
        let path = format!("/portrait-targets/{}", made["id"].as_str().unwrap());

        // Five bought S1: two women and two men of four whose gender is known; m0 and m6 of Zhejiang.
        let told = shop.call("POST", &format!("{path}/measure"), None);
        assert_eq!((&told["members"], &told["base"]), (&json!(5), &json!(10)));
        let (women, zhejiang) = (&told["wishes"][0], &told["wishes"][1]);
        assert_eq!((&women["count"], &women["known"], &women["missing"]), (&json!(2), &json!(4), &json!(1)));
        assert_eq!((&women["share"], &women["wished"], &women["gap"]), (&json!(0.5), &json!(0.6), &json!(0.1)));
        // One of the four more; or one who joins: 3 of 5.
        assert_eq!((&women["people"], &women["to_join"], &women["short"]), (&json!(1), &json!(1), &json!(true)));
        assert_eq!(women["distinct"], false, "four people prove nothing");
        assert_eq!(women["base_share"], json!(0.6667));
        // 2 of 5, 4 are wished: two more of the five; or ten who join: 12 of 15.
        assert_eq!((&zhejiang["share"], &zhejiang["people"], &zhejiang["to_join"]), (&json!(0.4), &json!(2), &json!(10)));
        assert_eq!(told["shortfall"], json!(0.5));
        // Who has not bought S1: m2 and m4 are women of Zhejiang; m3 and m5 women; m8 of Zhejiang.
        let levels: Vec<(u64, u64)> =
            told["levels"].as_array().unwrap().iter().map(|l| (l["gaps"].as_u64().unwrap(), l["members"].as_u64().unwrap())).collect();
        assert_eq!(levels, [(2, 2), (1, 5)]);
        for level in told["levels"].as_array().unwrap() {
            let made = shop.call("POST", "/segments/check", Some(json!({"expr": level["expr"]})));
            assert_eq!(made["ok"], true, "{made}");
            let name = format!("差距 {}", level["gaps"]);
            let segment = shop.call("POST", "/segments", Some(json!({"name": name, "kind": "living", "expr": level["expr"]})));
            shop.tasks();
            let size = &shop.call("GET", &format!("/segments/{}", segment["id"].as_str().unwrap()), None)["size"];
            assert_eq!(*size, level["members"]);
        }
    });
}

#[test]
fn each_day_is_recorded_once_and_on_demand() {
    both_with("days", ALL, |t| {
        let shop = filled(t);
        let path = format!("/portrait-targets/{}", shop.call("POST", "/portrait-targets", Some(wanted("目标")))["id"].as_str().unwrap());
        let days = || shop.call("GET", &format!("{path}/days"), None)["items"].as_array().unwrap().clone();
        assert!(days().is_empty());
        shop.tasks();
        assert_eq!(days().len(), 1, "it is recorded when it is new");
        assert_eq!((&days()[0]["members"], &days()[0]["wishes"][0]["share"]), (&json!(5), &json!(0.5)));
        let last = &shop.call("GET", &path, None)["last"];
        assert_eq!((&last["members"], &last["short"], &last["shortfall"]), (&json!(5), &json!(2), &json!(0.5)));

        // Another woman of Zhejiang buys: today's is what was reckoned last.
        shop.order("o2b", "m2", 60, 10_100);
        shop.later(1);
        let told = shop.call("POST", &format!("{path}/record"), None);
        assert_eq!((&told["wishes"][0]["share"], &told["wishes"][0]["short"]), (&json!(0.6), &json!(false)));
        assert_eq!((days().len(), &days()[0]["wishes"][0]["share"]), (1, &json!(0.6)));
        assert_eq!(shop.call("GET", "/portrait-targets", None)["items"][0]["last"]["short"], 1);

        // The day after it is due again, once.
        let cx = || shuke_kernel::Ctx { now: shuke_kernel::Clock::now(&t.clock), ..t.ctx() };
        shop.later(86_400);
        shop.living.schedule(&cx()).unwrap();
        shop.living.schedule(&cx()).unwrap();
        shop.tasks();
        assert_eq!(days().len(), 2);
        assert_eq!(days()[1]["members"], json!(6));
        shop.living.schedule(&cx()).unwrap();
        shop.tasks();
        assert_eq!(days().len(), 2);

        // Other wishes: what was recorded before keeps those of then. Put away, nothing is recorded.
        let mut other = wanted("目标");
        other["version"] = json!(1);
        other["wishes"] = json!([{"attribute": "gender", "values": ["male"], "share": 1}]);
        shop.call("PUT", &path, Some(other));
        shop.tasks();
        assert_eq!((&days()[0]["wishes"][0]["wished"], &days()[1]["wishes"][0]["wished"]), (&json!(0.6), &json!(1.0)));
        assert_eq!(shop.call("POST", &format!("{path}/measure"), None)["wishes"][0]["to_join"], Value::Null);
        assert_eq!(shop.call("POST", &format!("{path}/archive"), None)["state"], "archived");
        let (status, told) = shop.answer("POST", &format!("{path}/record"), None);
        assert_eq!((status, &told["code"]), (409, &json!("portrait_target.archived")), "put away, no day is recorded");
        shop.call("POST", &format!("{path}/measure"), None);
        shop.later(86_400);
        shop.living.schedule(&cx()).unwrap();
        shop.tasks();
        assert_eq!(days().len(), 2);
        assert!(shop.call("GET", "/portrait-targets", None)["items"].as_array().unwrap().is_empty());
        assert_eq!(shop.call("POST", &format!("{path}/restore"), None)["state"], "active");
    });
}

#[test]
fn groups_of_nobody_and_of_whom_nothing_is_known_and_wishes_for_one_value_twice() {
    both_with("edges", ALL, |t| {
        let shop = filled(t);
        let measured = |subject: Value, wishes: Value| {
            let body = json!({"name": subject.to_string(), "subject": subject, "wishes": wishes});
            let id = shop.call("POST", "/portrait-targets", Some(body))["id"].as_str().unwrap().to_owned();
            (format!("/portrait-targets/{id}"), shop.call("POST", &format!("/portrait-targets/{id}/measure"), None))
        };
        let levels = |told: &Value| told["levels"].as_array().unwrap().iter().map(|l| l["members"].as_u64().unwrap()).collect::<Vec<_>>();
        let wishes = wanted("")["wishes"].clone();
        // Nobody has bought it: all is wanting, and any of all members would be nearer.
        let (path, told) = measured(json!({"skus": ["S9"]}), wishes.clone());
        assert_eq!((&told["members"], &told["shortfall"], levels(&told)), (&json!(0), &json!(1.4), vec![3, 8]));
        for wish in told["wishes"].as_array().unwrap() {
            assert_eq!((&wish["share"], &wish["gap"], &wish["low"]), (&Value::Null, &Value::Null, &Value::Null));
            assert_eq!(
                (&wish["short"], &wish["distinct"], &wish["people"], &wish["to_join"]),
                (&json!(true), &json!(false), &json!(0), &Value::Null)
            );
        }
        shop.tasks();
        assert_eq!(shop.call("GET", &path, None)["last"]["short"], 2);
        // Of everybody in it the gender is unknown.
        let unknown = shop.segment("性别不详", "gender is missing");
        shop.tasks();
        let (_, told) = measured(json!({"segment": unknown}), json!([wishes[0]]));
        assert_eq!((&told["members"], &told["wishes"][0]["known"], &told["wishes"][0]["missing"]), (&json!(1), &json!(0), &json!(1)));
        assert_eq!(levels(&told), [6]);
        // Kept by an earlier release: whoever has the value closes one gap.
        let two = |a: &str, b: &str| json!([{"attribute": "province", "values": [a], "share": 0.5}, {"attribute": "province", "values": [b], "share": 0.5}]);
        let (path, _) = measured(json!({"skus": ["S9"], "days": 7}), two("浙江", "广东"));
        t.write(|tx| tx.exec("UPDATE portrait_target SET wishes = REPLACE(wishes, '广东', '浙江省')", &[]).map(|_| ()));
        assert_eq!(levels(&shop.call("POST", &format!("{path}/measure"), None)), [5]);
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    both_with("refused", ALL, |t| {
        let shop = filled(t);
        let made = shop.call("POST", "/portrait-targets", Some(wanted("目标")));
        let wish = |attribute: &str, values: Value, share: f64| json!({"attribute": attribute, "values": values, "share": share});
        let refused = |wishes: Value| {
            let (status, told) =
                shop.answer("POST", "/portrait-targets", Some(json!({"name": "六项", "subject": {"skus": ["S1"]}, "wishes": wishes})));
            (status, told["code"].as_str().unwrap_or_default().to_owned(), told["field"].as_str().unwrap_or_default().to_owned())
        };
        let bad = |wishes: Value, at: usize| {
            assert_eq!(refused(wishes.clone()), (400, "portrait_target.bad_wish".into(), format!("wishes[{at}]")), "{wishes}");
        };
        bad(json!([]), 0);
        bad(json!([wish("height", json!(["1"]), 0.5)]), 0);
        bad(json!([wish("spend", json!(["1"]), 0.5)]), 0);
        bad(json!([wish("gender", json!([]), 0.5)]), 0);
        bad(json!([wish("age", json!(["8"]), 0.5)]), 0);
        bad(json!([wish("gender", json!(["female"]), 0.0)]), 0);
        bad(json!([wish("gender", json!(["female"]), 0.6), wish("gender", json!(["male"]), 0.5)]), 1);
        bad(json!([wish("gender", json!(["female"]), 0.2), wish("gender", json!(["female"]), 0.2)]), 1);
        bad(json!([wish("category", json!(["a", "b"]), 0.2)]), 0);
        // Two names of one place.
        bad(json!([wish("province", json!(["浙江"]), 0.2), wish("province", json!(["浙江省"]), 0.2)]), 1);
        bad(json!([wish("city", json!(["杭州", "杭州市"]), 0.2)]), 0);
        let tags: Vec<Value> = (0..7).map(|i| wish("tags", json!([format!("t{i}")]), 0.5)).collect();
        assert_eq!(refused(json!(tags)).1, "portrait_target.too_many_wishes");
        // Six of them with goods between are within what an expression may be.
        let tags: Vec<Value> = (0..6).map(|i| wish("category", json!([format!("t{i}")]), 0.5)).collect();
        assert_eq!(refused(json!(tags)).0, 201);

        let subject = |subject: Value| {
            shop.answer("POST", "/portrait-targets", Some(json!({"name": "另一个", "subject": subject, "wishes": wanted("")["wishes"]})))
        };
        for wrong in [json!({}), json!({"skus": []}), json!({"skus": ["S1"], "category": "a"}), json!({"skus": ["S1"], "days": 0})] {
            assert_eq!(subject(wrong.clone()).0, 400, "{wrong}");
        }
        assert_eq!(subject(json!({"segment": "seg_00000000000000000000000000"})).1["code"], "segment.refused");
        let (status, told) = shop.answer("POST", "/portrait-targets", Some(wanted("目标")));
        assert_eq!((status, &told["code"]), (409, &json!("portrait_target.name_taken")));
        let path = format!("/portrait-targets/{}", made["id"].as_str().unwrap());
        let mut change = wanted("目标");
        change["version"] = json!(7);
        assert_eq!(shop.answer("PUT", &path, Some(change)).1["code"], "portrait_target.changed_meanwhile");

        // A segment that is put away leaves its target without a group, and says so.
        let segment = shop.segment("女士", "gender = \"female\"");
        let (_, made) = subject(json!({"segment": segment}));
        let path = format!("/portrait-targets/{}", made["id"].as_str().unwrap());
        assert_eq!(shop.call("POST", &format!("{path}/measure"), None)["members"], 6);
        shop.call("POST", &format!("/segments/{segment}/archive"), None);
        assert_eq!(shop.answer("POST", &format!("{path}/measure"), None).1["code"], "segment.refused");
        assert_eq!(shop.call("GET", &path, None)["sentence"], Value::Null);
        shop.tasks();
    });
}
