//! Whose points end when: a table over HTTP, and the list against a slow reading of everybody's lots.

mod shop;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};
use shuke_kernel::{Clock, Zone};
use shuke_loyalty::calendar::plus_days;
use shuke_programme::book::due;
use shuke_testkit::TestStore;
use shuke_testkit::web::Api;

use shop::{DAY, both};

fn programme(api: &Api, days: i64) -> String {
    let rules = json!({
        "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }],
        "lot_expiry": { "days": days },
        "ladder": { "tiers": [{ "id": "普通" }, { "id": "银牌", "entry": { "all": [{ "metric": "net_spend", "min": 50_000 }] } }] },
    });
    api.ok(201, "POST", "/programmes", Some(json!({ "name": "会员", "rules": rules })))["id"].as_str().unwrap().to_owned()
}

/// Somebody who bought too little to earn a point.
fn member(api: &Api, t: &TestStore, who: &str) -> String {
    let at = t.clock.now().to_string();
    let order = json!({
        "external": { "source": "own", "id": who }, "platform": "own", "state": "paid", "currency": "CNY",
        "paid": { "amount": 50, "currency": "CNY" }, "created_at": at, "paid_at": at, "updated_at": at,
        "buyer": { "keys": [{ "kind": "own_id", "namespace": "shop", "value": who }] },
    });
    api.done("POST", "/orders", Some(order))["member"].as_str().unwrap().to_owned()
}

fn give(api: &Api, programme: &str, member: &str, points: i64) {
    let path = format!("/members/{member}/points/{programme}/adjust");
    api.ok(200, "POST", &path, Some(json!({ "points": points, "reason": "活动" })));
}

fn today(t: &TestStore) -> Date {
    Zone::shanghai().day(t.clock.now())
}

/// The whole list, page by page.
fn listed(api: &Api, programme: &str, query: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.ok(200, "GET", &format!("/programmes/{programme}/ending?{query}&limit={limit}{cursor}"), None);
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= limit);
        all.extend(items.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn short(items: &[Value]) -> BTreeMap<String, BTreeMap<String, i64>> {
    let days = |item: &Value| {
        let days = item["days"].as_array().expect("days").iter();
        let days: BTreeMap<String, i64> = days.map(|d| (d["day"].as_str().unwrap().to_owned(), d["points"].as_i64().unwrap())).collect();
        assert_eq!(Some(days.values().sum::<i64>()), item["points"].as_i64(), "{item}");
        assert_eq!(
            (days.keys().next().map(String::as_str), days.keys().last().map(String::as_str)),
            (item["first_day"].as_str(), item["last_day"].as_str())
        );
        days
    };
    let out: BTreeMap<_, _> = items.iter().map(|item| (item["member"].as_str().unwrap().to_owned(), days(item))).collect();
    assert_eq!(out.len(), items.len(), "each member once");
    out
}

/// Every member's lots, one by one.
fn all_lots(api: &Api, members: &[String]) -> Vec<(String, Date, i64)> {
    let mut out = Vec::new();
    for member in members {
        let books = api.ok(200, "GET", &format!("/members/{member}/points"), None);
        for lot in books["items"].as_array().into_iter().flatten().flat_map(|book| book["lots"].as_array().cloned().unwrap_or_default()) {
            out.push((member.clone(), lot["last_day"].as_str().unwrap().parse().unwrap(), lot["left"].as_i64().unwrap()));
        }
    }
    out
}

/// What of them ends in a window.
fn slowly(lots: &[(String, Date, i64)], from: Date, to: Date) -> BTreeMap<String, BTreeMap<String, i64>> {
    let mut out: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for (member, day, left) in lots.iter().filter(|(_, day, _)| from <= *day && *day < to) {
        *out.entry(member.clone()).or_default().entry(day.to_string()).or_default() += left;
    }
    out
}

#[test]
fn who_is_to_be_reminded_of_how_many_by_which_day() {
    both("ending", |api, t| {
        let id = programme(api, 30);
        let (an, bo, chi) = (member(api, t, "an"), member(api, t, "bo"), member(api, t, "chi"));
        // Day by day: who is given how many. They end thirty days on.
        let given = [(0, &an, 100), (0, &bo, 40), (10, &an, 50), (20, &chi, 7), (25, &bo, 60)];
        let mut at = 0;
        for (day, who, points) in given {
            t.clock.advance_seconds((day - at) * DAY);
            at = day;
            give(api, &id, who, points);
        }
        // What is spent goes off the lot that ends first; what a hold has set aside ends on no day.
        api.ok(200, "POST", &format!("/members/{an}/points/{id}/spend"), Some(json!({ "points": 30 })));
        let until = t.clock.now().plus_seconds(400 * DAY).to_string();
        api.ok(200, "POST", &format!("/members/{bo}/points/{id}/hold"), Some(json!({ "points": 40, "until": until })));
        let last = |given: i64| {
            let lots = api.ok(200, "GET", &format!("/members/{chi}/points"), None);
            let of_chi: Date = lots["items"][0]["lots"][0]["last_day"].as_str().unwrap().parse().unwrap();
            plus_days(of_chi, given - 20)
        };
        let (d0, d10, d20, d25) = (last(0), last(10), last(20), last(25));
        let ahead = |day: Date| (day - today(t)).get_days() + 1;
        let expected = [
            (ahead(d0) - 1, vec![]),
            (ahead(d0), vec![(&an, 70, d0, d0)]),
            (ahead(d10), vec![(&an, 120, d0, d10)]),
            (ahead(d20) - 1, vec![(&an, 120, d0, d10)]),
            (ahead(d20), vec![(&an, 120, d0, d10), (&chi, 7, d20, d20)]),
            (ahead(d25), vec![(&an, 120, d0, d10), (&chi, 7, d20, d20), (&bo, 60, d25, d25)]),
        ];
        for (within, wanted) in expected.into_iter().filter(|(within, _)| *within > 0) {
            let told = listed(api, &id, &format!("within={within}"), 50);
            let told: BTreeMap<_, _> = told
                .iter()
                .map(|i| {
                    (
                        i["member"].as_str().unwrap(),
                        (i["points"].as_i64().unwrap(), i["first_day"].as_str().unwrap(), i["last_day"].as_str().unwrap()),
                    )
                })
                .collect();
            let wanted: Vec<_> = wanted.into_iter().map(|(who, n, a, b)| (who.as_str(), (n, a.to_string(), b.to_string()))).collect();
            let wanted: BTreeMap<_, _> = wanted.iter().map(|(who, (n, a, b))| (*who, (*n, a.as_str(), b.as_str()))).collect();
            assert_eq!(told, wanted, "within {within}");
        }
        let of_an = &listed(api, &id, &format!("to={}&value=0.015&min_points=70", plus_days(d0, 1)), 50)[0];
        assert_eq!(
            (&of_an["worth"], &of_an["available"], &of_an["tier"]),
            (&json!({ "amount": 105, "currency": "CNY" }), &json!(120), &json!("普通"))
        );
        assert_eq!(listed(api, &id, &format!("from={d10}&to={d20}"), 50)[0]["days"], json!([{ "day": d10.to_string(), "points": 50 }]));
        assert_eq!(listed(api, &id, "within=100&min_points=61", 50).len(), 1);
        let (status, file) = api.bytes("GET", &format!("/programmes/{id}/ending/export?within=100&value=0.01"), None);
        let file = String::from_utf8(file).unwrap();
        assert_eq!((status, file.lines().count()), (200, 5), "{file}");
        assert!(file.contains(&format!("{an},普通,120,120,{d0},70,0.70,CNY")), "{file}");
        assert_eq!(t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'points.ending_exported'"), 1);
        for format in ["xlsx", "parquet"] {
            assert_eq!(api.bytes("GET", &format!("/programmes/{id}/ending/export?format={format}"), None).0, 200);
        }
        for query in [
            "within=0",
            "within=3661",
            "within=5&to=2026-05-01",
            "from=2026-05-02&to=2026-05-02",
            "from=May",
            "min_points=0",
            "value=1e2",
            "limit=0",
            "cursor=x",
        ] {
            let (status, answer) = api.call("GET", &format!("/programmes/{id}/ending?{query}"), None);
            assert_eq!(status, 400, "{query}: {answer}");
        }
    });
}

/// Numbers drawn by chance, the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % n
    }
}

#[test]
fn the_list_is_what_a_slow_reading_of_all_lots_says_and_what_then_expires() {
    both("ending, slowly", |api, t| {
        let id = programme(api, 20);
        let members: Vec<String> = (0..24).map(|n| member(api, t, &format!("m{n}"))).collect();
        let mut draw = Draw(20_261_127);
        for round in 0..4 {
            for _ in 0..30 {
                let who = &members[usize::try_from(draw.below(24)).unwrap()];
                let at = format!("/members/{who}/points/{id}");
                let points = json!({ "points": 1 + draw.below(40) });
                match draw.below(8) {
                    // What there is not enough for is refused.
                    0 => drop(api.call("POST", &format!("{at}/spend"), Some(points))),
                    1 => drop(api.call("POST", &format!("{at}/hold"), Some(points))),
                    _ => give(api, &id, who, 1 + draw.below(200)),
                }
                t.clock.advance_seconds(draw.below(DAY / 4));
            }
            if draw.below(2) == 0 {
                due::run(&t.store, t.merchant, &|| false).unwrap();
            }
            let (now, lots) = (today(t), all_lots(api, &members));
            for (from, to) in [(0, 1), (0, 7), (0, 30), (3, 9), (12, 25), (0, 400)] {
                let (from, to) = (plus_days(now, from), plus_days(now, to));
                let limit = [1, 3, 50][usize::try_from(draw.below(3)).unwrap()];
                let told = short(&listed(api, &id, &format!("from={from}&to={to}"), limit));
                assert_eq!(told, slowly(&lots, from, to), "round {round}, from {from} to {to}, {limit} a page");
            }
        }
        // Holds run out and give back; then nothing happens but that lots end, and what ended is what was told.
        t.clock.advance_seconds(DAY);
        due::run(&t.store, t.merchant, &|| false).unwrap();
        let told = short(&listed(api, &id, "within=10", 50));
        let expired = || -> BTreeMap<String, i64> {
            let of = |who: &String| {
                let books = api.ok(200, "GET", &format!("/members/{who}/points"), None);
                books["items"][0]["accounts"]["expired"].as_i64().unwrap_or(0)
            };
            members.iter().map(|who| (who.clone(), of(who))).collect()
        };
        let before = expired();
        t.clock.advance_seconds(10 * DAY);
        due::run(&t.store, t.merchant, &|| false).unwrap();
        let after = expired();
        let ended: BTreeMap<&String, i64> = after.iter().map(|(who, n)| (who, n - before[who])).filter(|(_, n)| *n != 0).collect();
        assert!(!ended.is_empty());
        assert_eq!(ended, told.iter().map(|(who, days)| (who, days.values().sum())).collect());
    });
}
