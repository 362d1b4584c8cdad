//! What a person is told before deciding: why a search found somebody and whose phone it is, for how many a tag would be,
//! both sides of a review in clear.

use serde_json::{Value, json};

use super::{both, found, made, person};

#[test]
fn a_review_is_uncovered_on_both_sides_alike() {
    both("uncover", |api, t| {
        let with = |id: &str, phone: &str, day: u8, more: Value| {
            let mut body = person(id, phone);
            body["source_time"] = json!(format!("2026-01-{day:02}T00:00:00Z"));
            body["keys"].as_array_mut().expect("keys").extend(more.as_array().cloned().unwrap_or_default());
            body
        };
        let name = |value: &str| json!({"kind": "receiver_name", "value": value});
        let (a, _) = made(
            api,
            with("1", "13800000001", 1, json!([name("李小红"), {"kind": "receiver_address", "value": "李小红|文三路 88 号、后门"}])),
        );
        let (b, _) = made(api, with("2", "13800000001", 2, json!([name("李小兰")])));
        let review = api.ok(200, "GET", "/reviews", None)["items"][0].clone();
        let path = format!("/reviews/{}/unmask", review["id"].as_str().expect("an id"));
        let clear = api.ok(200, "POST", &path, Some(json!({"fields": ["name", "address"], "reason": "compare"})));
        for (side, id, named) in [("left", &a, "李小红"), ("right", &b, "李小兰")] {
            assert_eq!((&clear[side]["id"], &clear[side]["name"], &clear[side]["phone"]), (&json!(id), &json!(named), &Value::Null));
            let keys = clear[side]["keys"].as_array().expect("keys");
            let masked: Vec<&Value> = review[side]["keys"].as_array().expect("keys").iter().map(|k| &k["value_masked"]).collect();
            assert_eq!(keys.iter().map(|k| &k["value_masked"]).collect::<Vec<_>>(), masked, "the same keys in the same order");
            for key in keys {
                let asked = ["receiver_name", "receiver_address"].contains(&key["kind"].as_str().unwrap_or_default());
                assert_eq!(key["value"].is_string(), asked, "{key}");
            }
        }
        // What joins values in one text elsewhere may stand inside of an address.
        assert!(clear["left"].to_string().contains("88号、后门") || clear["left"].to_string().contains("88 号、后门"), "{clear}");
        assert_eq!(t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'member.unmasked'"), 2, "one entry for each side");
        let (status, _) = api.call("POST", &path, Some(json!({"fields": ["name"], "reason": " "})));
        assert_eq!(status, 400);
        let (status, problem) = api.call("POST", &path, Some(json!({"fields": ["name", "shoe"], "reason": "compare"})));
        assert_eq!((status, &problem["field"]), (400, &json!("fields")));
        assert_eq!(t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'member.unmasked'"), 2, "nothing was shown");
    });
}

#[test]
fn reviews_are_found_by_a_member() {
    both("reviews_of", |api, _| {
        let since = |day: u8, mut body: Value| {
            body["source_time"] = json!(format!("2026-01-{day:02}T00:00:00Z"));
            body
        };
        let (a, _) = made(api, since(1, person("1", "13800000001")));
        let (b, _) = made(api, since(2, person("2", "13800000001")));
        let (c, _) = made(api, since(3, person("3", "13800000003")));
        let (d, _) = made(api, since(4, person("4", "13800000003")));
        let (alone, _) = made(api, person("5", "13800000005"));
        let of = |query: &str| {
            let page = api.ok(200, "GET", &format!("/reviews?{query}"), None);
            let sides = |r: &Value| (r["left"]["id"].clone(), r["right"]["id"].clone());
            page["items"].as_array().expect("items").iter().map(sides).collect::<Vec<_>>()
        };
        let pair = |x: &str, y: &str| vec![(json!(x), json!(y))];
        assert_eq!(of("").len(), 2);
        assert_eq!((of(&format!("member={a}")), of(&format!("member={b}"))), (pair(&a, &b), pair(&a, &b)), "by either side");
        assert_eq!(of(&format!("member={d}&state=open")), pair(&c, &d));
        assert_eq!(of(&format!("member={alone}")), vec![]);
        assert_eq!(of("member=mem_00000000000000000000000001"), vec![], "of nobody there is none");
        assert_eq!(api.call("GET", "/reviews?member=nobody", None).0, 400);
        // What was decided is found by whoever was a side, under the number of then as well.
        let id = |member: &str| {
            let page = api.ok(200, "GET", &format!("/reviews?member={member}"), None);
            page["items"][0]["id"].as_str().expect("an id").to_owned()
        };
        api.ok(200, "POST", &format!("/reviews/{}/merge", id(&b)), None);
        for member in [&a, &b] {
            assert_eq!(of(&format!("member={member}&state=merged")), pair(&a, &a));
            assert_eq!(of(&format!("member={member}")), vec![]);
        }
        api.ok(200, "POST", &format!("/reviews/{}/keep-apart", id(&d)), None);
        assert_eq!(of(&format!("member={d}&state=kept_apart")), pair(&c, &d));
        // One who shares with two, on pages of one. Of the key of three the pair to decide is no longer the fourth's.
        let mut third = since(5, person("6", "13800000006"));
        let keys = json!([{"kind": "receiver_phone", "value": "13800000001"}, {"kind": "receiver_phone", "value": "13800000003"}]);
        third["keys"].as_array_mut().expect("keys").extend(keys.as_array().cloned().unwrap_or_default());
        let (third, _) = made(api, third);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = api.ok(200, "GET", &format!("/reviews?member={third}&limit=1{cursor}"), None);
            seen.extend(page["items"].as_array().expect("items").iter().map(|r| r["left"]["id"].as_str().unwrap_or_default().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        seen.sort();
        assert_eq!(seen, if a < c { [a.clone(), c] } else { [c, a.clone()] });
        assert_eq!(of(&format!("member={d}")), vec![]);
    });
}

#[test]
fn whose_own_phone_it_is_stands_first_on_the_first_page() {
    both("owner", |api, _| {
        let (own, _) = made(api, person("own", "13811112377"));
        let mut others = Vec::new();
        for i in 0..5 {
            let mut body = person(&format!("p{i}"), &format!("1371111000{i}"));
            body["keys"].as_array_mut().expect("keys").push(json!({"kind": "receiver_phone", "value": "13811112377"}));
            others.push(made(api, body).0);
        }
        others.sort();
        others.reverse();
        let want: Vec<String> = std::iter::once(own.clone()).chain(others).collect();
        for limit in [1, 2, 3, 6, 50] {
            let (mut cursor, mut all) = (String::new(), Vec::new());
            loop {
                let page = api.ok(200, "GET", &format!("/members?query=138%201111%202377&limit={limit}{cursor}"), None);
                let items = page["items"].as_array().expect("items");
                assert!(items.len() <= limit);
                all.extend(items.iter().filter_map(|m| Some(m["id"].as_str()?.to_owned())));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(all, want, "{limit} a page");
        }
        assert_eq!(found(api, "query=13811112377&has_phone=true")[0], own);
        assert_eq!(found(api, "query=13811112377&gender=male"), Vec::<String>::new(), "the filters hold for the owner too");
        // Two phones may look the same when masked: which of them answered is said, not guessed.
        let twin = json!({"keys": [{"kind": "receiver_phone", "value": "13899992377"}]});
        api.ok(200, "PATCH", &format!("/members/{own}"), Some(twin));
        let matched = |query: &str| {
            let list = api.ok(200, "GET", &format!("/members?query={query}"), None);
            let mine = list["items"].as_array().expect("items").iter().find(|m| m["id"] == json!(own)).expect("the member").clone();
            (mine["phone_masked"].clone(), mine["matched"][0].clone())
        };
        let (shown, one) = matched("13899992377");
        assert_eq!((&one["value_masked"], &one["other"]), (&shown, &json!(true)));
        assert_eq!(matched("13811112377").1["other"], json!(false));
    });
}

#[test]
fn owners_of_a_phone_that_many_own_come_once_each_on_as_many_pages_as_they_take() {
    both("owners", |api, _| {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for i in 0..5 {
            own.push(made(api, person(&format!("own{i}"), "13811112377")).0);
            let mut body = person(&format!("p{i}"), &format!("1371111000{i}"));
            body["keys"].as_array_mut().expect("keys").push(json!({"kind": "receiver_phone", "value": "13811112377"}));
            others.push(made(api, body).0);
        }
        own.sort();
        others.sort();
        others.reverse();
        let want = [own, others].concat();
        for limit in [1, 2, 3, 4, 5, 6, 10, 50] {
            let (mut cursor, mut all, mut pages) = (String::new(), Vec::new(), 0);
            loop {
                let page = api.ok(200, "GET", &format!("/members?query=13811112377&limit={limit}{cursor}"), None);
                let ids: Vec<String> =
                    page["items"].as_array().expect("items").iter().filter_map(|m| Some(m["id"].as_str()?.to_owned())).collect();
                assert!(!ids.is_empty() && ids.len() <= limit, "{limit} a page");
                (all, pages) = ([all, ids].concat(), pages + 1);
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(all, want, "{limit} a page");
            assert_eq!(pages, want.len().div_ceil(limit), "{limit} a page");
        }
    });
}

#[test]
fn who_would_get_a_tag_is_counted_before_and_comes_true() {
    both("tag_preview", |api, t| {
        let ids: Vec<String> = (1..=5).map(|i| made(api, person(&i.to_string(), &format!("1380000000{i}"))).0).collect();
        let vip = api.ok(201, "POST", "/tags", Some(json!({"name": "VIP"})))["id"].as_str().expect("an id").to_owned();
        let cold = api.ok(201, "POST", "/tags", Some(json!({"name": "怕冷"})))["id"].as_str().expect("an id").to_owned();
        let nobody = "mem_00000000000000000000000000";
        api.ok(200, "POST", "/members/tags", Some(json!({"add": [vip], "members": [ids[0], ids[1]]})));
        let counted = |body: Value| api.ok(200, "POST", "/members/tags/preview", Some(body));
        let all = counted(json!({"add": [vip], "filter": {"all": true}}));
        assert_eq!(all["add"], json!([{"tag": vip, "name": "VIP", "having": 2, "lacking": 3}]));
        assert_eq!((&all["members"], &all["changed"], &all["unchanged"]), (&json!(5), &json!(3), &json!(2)));
        assert_eq!(all["next_cursor"], Value::Null);
        // Who changes nothing is counted once, whatever of several tags they have.
        let mixed = counted(json!({"add": [cold], "remove": [vip], "members": [ids[0], ids[2], nobody]}));
        assert_eq!((&mixed["changed"], &mixed["unchanged"], &mixed["not_found"]), (&json!(2), &json!(0), &json!(1)));
        let off = json!({"remove": [vip], "members": [ids[0], ids[2], nobody]});
        let before = counted(off.clone());
        assert_eq!(t.int("SELECT COUNT(*) FROM member_tag"), 2, "to count is not to do");
        let done = api.ok(200, "POST", "/members/tags", Some(off));
        for number in ["changed", "unchanged", "not_found"] {
            assert_eq!(done[number], before[number], "{number}");
        }
        for (body, code) in [
            (json!({"add": [vip]}), "tag.whom"),
            (json!({"add": [vip], "filter": {}}), "tag.whom"),
            (json!({"members": [ids[0]]}), "tag.nothing_to_do"),
            (json!({"add": ["tag_00000000000000000000000000"], "members": [ids[0]]}), "tag.not_found"),
            (json!({"add": [vip], "members": vec![ids[0].clone(); 1001]}), "tag.whom"),
        ] {
            assert_eq!(api.call("POST", "/members/tags/preview", Some(body.clone())).1["code"], json!(code), "{body}");
        }
        api.ok(200, "PATCH", &format!("/tags/{vip}"), Some(json!({"archived": true})));
        let refused = api.call("POST", "/members/tags/preview", Some(json!({"add": [vip], "members": [ids[0]]}))).1;
        assert_eq!(refused["code"], json!("tag.archived"), "what would be refused is refused before");
    });
}

#[test]
fn a_search_says_why_it_found_and_puts_a_proven_own_phone_first() {
    both("matched", |api, _| {
        let by = |query: &str| {
            let list = api.ok(200, "GET", &format!("/members?query={query}"), None);
            let told = |m: &Value| {
                let why = m["matched"].as_array().expect("why").iter();
                let why = why.map(|w| format!("{} {}", w["kind"].as_str().unwrap_or(""), w["value_masked"].as_str().unwrap_or("")));
                (m["external"]["id"].as_str().unwrap_or_default().to_owned(), why.collect::<Vec<_>>().join(", "))
            };
            list["items"].as_array().expect("items").iter().map(told).collect::<Vec<_>>()
        };
        let is = |found: &[(&str, &str)]| found.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        let mut own = person("own", "13811112377");
        own["name"] = json!("张三丰");
        made(api, own);
        // Its shown phone is another one.
        let mut second = person("second", "13911110000");
        second["source_time"] = json!("2025-01-01T00:00:00Z");
        let (id, _) = made(api, second);
        let more = json!({"keys": [{"kind": "phone", "value": "13922222377", "verified": true}]});
        let shown = api.ok(200, "PATCH", &format!("/members/{id}"), Some(more));
        assert_eq!((&shown["phone_masked"], &shown["matched"]), (&json!("139****0000"), &json!([])), "nothing was looked for");
        let mut parcel = person("parcel", "13711110000");
        parcel["keys"].as_array_mut().expect("keys").push(json!({"kind": "receiver_phone", "value": "13733332377"}));
        parcel["keys"].as_array_mut().expect("keys").push(json!({"kind": "receiver_name", "value": "张小明"}));
        made(api, parcel);
        let order = [("own", "phone 138****2377"), ("second", "phone 139****2377"), ("parcel", "receiver_phone 137****2377")];
        assert_eq!(by("2377"), is(&order));
        assert_eq!(by("13922222377"), is(&order[1..2]));
        assert_eq!(by("zsf"), is(&[("own", "name 张**")]));
        assert_eq!(by("second"), is(&[("second", "own_id s**d")]));
        let mut named = by("%E5%BC%A0");
        named.sort();
        assert_eq!(named, is(&[("own", "name 张**"), ("parcel", "receiver_name 张**")]));
        let both_words = by("2377%20zsf");
        assert_eq!(both_words, is(&[("own", "phone 138****2377, name 张**")]));
        assert!(!both_words[0].1.contains("三丰"));
        // However few a page holds, everybody comes once.
        let (mut cursor, mut all) = (String::new(), Vec::new());
        loop {
            let page = api.ok(200, "GET", &format!("/members?query=2377&limit=1{cursor}"), None);
            all.extend(page["items"].as_array().expect("items").iter().map(|m| m["external"]["id"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        all.sort_by_key(Value::to_string);
        assert_eq!(all, [json!("own"), json!("parcel"), json!("second")]);
        // A province and a phone together, as one list.
        let mut near = person("near", "13644440001");
        near["region"] = json!({"province": "浙江省"});
        made(api, near);
        made(api, json!({"external": {"source": "erp", "id": "mute"}, "keys": [], "region": {"province": "浙江"}}));
        let filter = "province=%E6%B5%99%E6%B1%9F&has_phone=true";
        assert_eq!((found(api, filter).len(), found(api, "province=%E6%B5%99%E6%B1%9F").len()), (1, 2));
        let tag = api.ok(201, "POST", "/tags", Some(json!({"name": "浙江有手机"})))["id"].clone();
        let given = api.ok(200, "POST", "/members/tags", Some(json!({"add": [tag], "members": found(api, filter)})));
        assert_eq!(given["changed"], json!(1));
        let tagged = by("%E6%B5%99%E6%B1%9F%E6%9C%89%E6%89%8B%E6%9C%BA");
        assert_eq!(tagged, is(&[("near", "tag 浙江有手机")]));
    });
}
