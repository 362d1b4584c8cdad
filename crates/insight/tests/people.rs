//! Members as questions see them, read from a store on both engines: what the API was told is what
//! a slice tells, one member alone is the same as among all, and who was merged away or erased is gone.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use shuke_columns::people::{persons_in, tell};
use shuke_columns::{Keeper, Registry};
use shuke_insight::standing::Facts;
use shuke_members::{MemberId, hooks};
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_insight::TABLES]);

fn over(t: &TestStore) -> Api {
    hooks::install(shuke_commerce::HOOKS);
    Api::of(app(t), shuke_commerce::router().merge(shuke_members::router()))
}

fn yuan(fen: u64) -> Value {
    json!({"amount": fen, "currency": "CNY"})
}

fn own(id: &str) -> Value {
    json!([{"kind": "own_id", "value": id, "verified": true}])
}

fn micros(time: &str) -> i64 {
    time.parse::<shuke_kernel::Instant>().unwrap().micros()
}

fn bytes(id: &Value) -> Vec<u8> {
    id.as_str().unwrap().parse::<MemberId>().unwrap().bytes().to_vec()
}

/// Everybody as the keeper's slices tell them, by id; each is the same when read alone, by the keeper
/// and within a transaction.
fn everybody(t: &TestStore, keeper: &Keeper) -> BTreeMap<String, Value> {
    let people = keeper.people().unwrap();
    let mut all = BTreeMap::new();
    for slice in &people.slices {
        for member in (0..slice.len()).filter(|m| slice.shows(*m)) {
            let id = slice.members.get(member as u32).into_owned();
            let told = tell(&people.registry, slice, member);
            let key = vec![bytes(&json!(id))];
            if member % 4 == 3 {
                assert!(all.insert(id, told).is_none());
                continue;
            }
            let alone = keeper.persons(&key).unwrap();
            assert_eq!(alone.len(), 1, "{id}");
            assert_eq!(told, tell(&people.registry, &alone, 0), "{id} alone");
            let merchant = t.merchant;
            let within = t.read(move |tx| persons_in(tx, merchant, &Registry::standard(), &key));
            assert_eq!(told, tell(&people.registry, &within, 0), "{id} within a transaction");
            assert!(all.insert(id, told).is_none());
        }
    }
    all
}

#[test]
fn a_member_is_what_the_api_was_told() {
    both_with("people", ALL, |t| {
        let api = over(t);
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        api.post("/products/batch", vec![json!({"external": {"source": "erp", "id": "S1"}, "sku": "S1", "category": ["母婴", "奶粉"]})]);
        let member = api.done(
            "POST",
            "/members",
            Some(json!({
                "keys": own("p1"), "gender": "female", "birthday": "1990-05-01", "region": {"province": "浙江省", "city": "杭州市"},
                "joined_at": "2024-02-03T04:05:06Z", "join_source": "taobao", "source_time": "2025-01-01T00:00:00Z",
                "consents": [
                    {"purpose": "marketing", "channel": "any", "granted": true, "at": "2025-01-02T00:00:00Z"},
                    {"purpose": "marketing", "channel": "sms", "granted": false, "at": "2025-03-02T00:00:00Z"},
                    {"purpose": "ads", "channel": "any", "granted": true, "at": "2025-01-05T00:00:00Z"},
                    {"purpose": "service", "channel": "any", "granted": false, "at": "2025-01-05T00:00:00Z"},
                ],
            })),
        );
        let id = member["id"].clone();
        let order = json!({
            "external": {"source": "own", "id": "o1"}, "state": "completed", "platform": "taobao", "shop": "tm_main", "payment_method": "alipay",
            "created_at": "2025-02-01T00:00:00Z", "paid_at": "2025-02-01T00:05:00Z", "completed_at": "2025-02-09T00:00:00Z",
            "paid": yuan(10_800), "shipping": yuan(800), "buyer": {"keys": own("p1")}, "discounts": [{"payer": "shop", "amount": yuan(500)}],
            "lines": [
                {"id": "1", "sku": "S1", "quantity": 2, "paid": yuan(7_000), "category": "旧类目"},
                {"id": "2", "sku": "S2", "quantity": 1, "paid": yuan(3_000), "category": "玩具 > 积木"},
            ],
        });
        let bare = json!({"external": {"source": "own", "id": "o2"}, "state": "closed", "created_at": "2025-04-01T00:00:00Z", "paid_at": "2025-04-01T01:00:00Z",
            "closed_at": "2025-04-03T00:00:00Z", "paid": yuan(900), "buyer": {"keys": own("p1")}});
        let orders = api.post("/orders/batch", vec![order, bare]);
        let ids: Vec<String> =
            orders["items"].as_array().unwrap_or(&Vec::new()).iter().map(|o| o["id"].as_str().unwrap_or_default().to_owned()).collect();
        api.post(
            "/refunds/batch",
            vec![
                json!({"external": {"source": "own", "id": "r1"}, "order_external": {"source": "own", "id": "o1"}, "kind": "money_only", "at": "2025-02-20T00:00:00Z", "amount": yuan(1_000), "lines": [{"line": "1", "quantity": 1, "amount": yuan(1_000)}]}),
                json!({"external": {"source": "own", "id": "r2"}, "buyer_keys": own("p1"), "at": "2025-02-21T00:00:00Z", "amount": yuan(300), "lines": [{"sku": "S1", "quantity": 1, "amount": yuan(200)}]}),
                json!({"external": {"source": "own", "id": "r3"}, "buyer_keys": own("p1"), "kind": "price_protection", "at": "2025-02-22T00:00:00Z", "amount": yuan(50)}),
                json!({"external": {"source": "own", "id": "r4"}, "buyer_keys": own("p1"), "kind": "compensation", "at": "2025-02-23T00:00:00Z", "amount": yuan(60)}),
            ],
        );
        api.post(
            "/events/batch",
            vec![
                json!({"source": "own", "id": "e1", "type": "review", "at": "2025-05-01T00:00:00Z", "keys": own("p1"), "sku": "S1", "rating": 4, "data": {"channel": "h5"}}),
                json!({"source": "own", "id": "e2", "type": "message_clicked", "at": "2025-05-02T00:00:00Z", "keys": own("p1"), "data": {"campaign": "春季"}}),
                json!({"source": "own", "id": "e3", "type": "search", "at": "2025-05-01T08:00:00Z", "keys": own("p1"), "words": "奶瓶"}),
            ],
        );
        let tag = |name: &str| api.done("POST", "/tags", Some(json!({"name": name})))["id"].as_str().unwrap().to_owned();
        let (vip, cold) = (tag("VIP"), tag("怕冷"));
        let path = |tag: &str| format!("/members/{}/tags/{tag}", id.as_str().unwrap());
        let since = t.ctx().now.micros();
        api.done("PUT", &path(&vip), None);
        api.done("PUT", &path(&cold), None);
        t.clock.advance_seconds(60);
        let until = t.ctx().now.micros();
        api.done("DELETE", &path(&cold), None);

        let all = everybody(t, &keeper);
        assert_eq!(all.len(), 1);
        let told = &all[id.as_str().unwrap()];
        for (fact, value) in [
            ("first_seen_at", json!(micros("2024-02-03T04:05:06Z"))),
            ("registered_at", json!(micros("2024-02-03T04:05:06Z"))),
            ("birthday", json!(7425)),
            ("gender", json!("female")),
            ("province", json!("浙江")),
            ("city", json!("杭州")),
            ("source", json!("taobao")),
            ("last_visit_at", json!(micros("2025-05-02T00:00:00Z"))),
            (
                "consent_sms",
                json!([[micros("2025-01-02T00:00:00Z"), micros("2025-03-02T00:00:00Z"), "1"], [micros("2025-03-02T00:00:00Z"), null, "0"]]),
            ),
            ("consent_email", json!([[micros("2025-01-02T00:00:00Z"), null, "1"]])),
            ("consent_ads", json!([[micros("2025-01-05T00:00:00Z"), null, "1"]])),
            ("tags", json!([[since, null, "\"VIP\""], [since, until, "\"怕冷\""]])),
            ("stage", Value::Null),
        ] {
            assert_eq!(told.get(fact).cloned().unwrap_or_default(), value, "{fact}");
        }
        let named = |table: &str, column: &str, name: &str| -> Value {
            let rows = told[table].as_array().unwrap();
            rows.iter().find(|r| r[column] == name).unwrap_or_else(|| panic!("no {name} among {rows:?}")).clone()
        };
        let first = api.done("GET", "/orders/by-external/own/o1", None);
        let (order, second) = (first["id"].as_str().unwrap(), api.done("GET", "/orders/by-external/own/o2", None));
        assert!(ids.is_empty() || ids[0] == order);
        assert_eq!(
            named("orders", "order_id", order),
            json!({"order_id": order, "time": micros("2025-02-01T00:00:00Z"), "paid_at": micros("2025-02-01T00:05:00Z"), "completed_at": micros("2025-02-09T00:00:00Z"),
                "state": "completed", "purchase": 1, "shop": first["shop"], "platform": "taobao", "pay_method": "alipay", "items": 3, "paid": 10_800,
                "received": first["merchant_received"]["amount"].as_i64().unwrap_or(10_000), "discount": 500, "shipping": 800, "kept": 1, "net": 9_000})
        );
        let line = |no: usize| first["lines"][no].clone();
        for (no, sku, category, qty, refunded_qty, net) in [(0, "S1", "母婴/奶粉", 2, 1, 6_000), (1, "S2", "玩具/积木", 1, 0, 3_000)]
        {
            let name = line(no)["id"].clone();
            let got = named("lines", "line_id", name.as_str().unwrap());
            assert_eq!(
                got,
                json!({"line_id": name, "order_id": order, "time": micros("2025-02-01T00:00:00Z"), "paid_at": micros("2025-02-01T00:05:00Z"), "state": "completed", "purchase": 1,
                    "shop": first["shop"], "sku": sku, "category": category, "qty": qty, "amount": line(no)["paid"]["amount"], "refunded_qty": refunded_qty, "refunded": line(no)["refunded"]["amount"], "kept": 1, "net": net})
            );
        }
        let second = second["id"].as_str().unwrap();
        let got = named("lines", "order_id", second);
        assert_eq!(
            (&got["line_id"], &got["amount"], &got["refunded"], &got["state"]),
            (&json!(format!("{second}/1")), &json!(900), &json!(900), &json!("closed"))
        );
        let closed = named("orders", "order_id", second);
        assert_eq!((&closed["purchase"], &closed["kept"], &closed["net"], &got["kept"]), (&json!(1), &json!(0), &json!(0), &json!(0)));
        let refunds = told["refunds"].as_array().unwrap();
        let of = |id: &str| refunds.iter().filter(|r| r["refund_id"].as_str().unwrap().starts_with(id)).cloned().collect::<Vec<_>>();
        let (r1, r2) = (api.done("GET", "/refunds/by-external/own/r1", None), api.done("GET", "/refunds/by-external/own/r2", None));
        let r1 = r1["id"].as_str().unwrap();
        assert_eq!(
            of(r1),
            [
                json!({"refund_id": r1, "order_id": order, "line_id": line(0)["id"], "time": micros("2025-02-20T00:00:00Z"), "kind": "amount_only", "sku": "S1", "category": "母婴/奶粉", "qty": 1, "amount": 1_000})
            ]
        );
        let amounts: Vec<i64> = of(r2["id"].as_str().unwrap()).iter().map(|r| r["amount"].as_i64().unwrap()).collect();
        assert_eq!(amounts, [200, 100], "the named goods and the rest");
        for id in ["r3", "r4"] {
            let found = api.done("GET", &format!("/refunds/by-external/own/{id}"), None);
            assert_eq!(of(found["id"].as_str().unwrap())[0]["kind"], "amount_only", "{id}");
        }
        assert_eq!(refunds.len(), 6, "the closed order went back: {refunds:?}");
        let events: Vec<Value> = told["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| {
                let mut e = e.clone();
                assert!(e.as_object_mut().unwrap().remove("event_id").unwrap().as_str().unwrap().starts_with("act_"));
                e
            })
            .collect();
        assert_eq!(
            events,
            [
                json!({"time": micros("2025-05-01T00:00:00Z"), "kind": "review", "channel": "h5", "sku": "S1", "category": "母婴/奶粉", "value": 4}),
                json!({"time": micros("2025-05-01T08:00:00Z"), "kind": "search", "word": "奶瓶"}),
                json!({"time": micros("2025-05-02T00:00:00Z"), "kind": "msg_click", "campaign": "春季"}),
            ]
        );
    });
}

/// A visit is a login, the member page, a check-in, a click or an order; every other act is none, and who
/// only buys was last there with their last order.
#[test]
fn the_last_visit_is_the_newest_of_what_counts_as_one() {
    both_with("people_visits", ALL, |t| {
        let api = over(t);
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        let visits = ["login", "visit", "check_in", "message_clicked"];
        let order = |who: &str, day: u64| {
            json!({"external": {"source": "own", "id": format!("{who}/{day}")}, "state": "paid", "created_at": format!("2025-03-{day:02}T00:00:00Z"),
                "paid": yuan(100), "buyer": {"keys": own(who)}, "lines": [{"id": "1", "sku": "S1", "quantity": 1, "paid": yuan(100)}]})
        };
        let act = |kind: &str, who: &str, day: u64| {
            let mut act = json!({"source": "own", "id": format!("{who}/{kind}/{day}"), "type": kind, "at": format!("2025-03-{day:02}T00:00:00Z"), "keys": own(who)});
            if kind == "review" {
                act["sku"] = json!("S1");
            }
            act
        };
        // Of each kind one who did it after an order, and one before.
        let kinds = shuke_commerce::behaviour::KINDS;
        let people = || kinds.iter().flat_map(|kind| [(*kind, 4), (*kind, 20)]).map(|(kind, day)| (kind, day, format!("{kind}{day}")));
        api.post("/orders/batch", people().map(|(_, _, who)| order(&who, 10)).chain([order("buyer", 5), order("buyer", 9)]).collect());
        api.post("/events/batch", people().map(|(kind, day, who)| act(kind, &who, day)).collect());
        api.post("/events/batch", vec![act("browse", "looker", 7)]);
        let all = everybody(t, &keeper);
        let last = |who: &str| {
            let found = api.done("POST", "/members", Some(json!({"keys": own(who), "source_time": "2025-01-01T00:00:00Z"})));
            all[found["id"].as_str().unwrap_or_else(|| panic!("{found}"))].get("last_visit_at").cloned()
        };
        let day = |day: u64| Some(json!(micros(&format!("2025-03-{day:02}T00:00:00Z"))));
        for (kind, on, who) in people() {
            assert_eq!(last(&who), day(if on == 20 && visits.contains(&kind) { 20 } else { 10 }), "{kind} on {on}");
        }
        assert_eq!((last("buyer"), last("looker")), (day(9), None));
    });
}

#[test]
fn who_is_merged_away_or_erased_is_gone() {
    both_with("people_gone", ALL, |t| {
        let api = over(t);
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        let order = |no: u64, keys: Value| {
            json!({"external": {"source": "own", "id": format!("o{no}")}, "state": "paid", "created_at": "2025-02-01T00:00:00Z", "paid": yuan(100), "buyer": {"keys": keys},
                "lines": [{"id": "1", "sku": "S1", "quantity": 1, "paid": yuan(100)}]})
        };
        let phone = json!({"kind": "phone", "value": "13800000001", "verified": true});
        api.post("/orders/batch", vec![order(1, own("p1")), order(2, json!([phone])), order(3, own("p3"))]);
        assert_eq!(everybody(t, &keeper).len(), 3);
        let before = everybody(t, &keeper);
        let both = json!([phone, own("p1")[0]]);
        api.post("/orders/batch", vec![order(4, both)]);
        let after = everybody(t, &keeper);
        assert_eq!(after.len(), 2, "two of them are one");
        let rows = |all: &BTreeMap<String, Value>| all.values().map(|m| m["orders"].as_array().unwrap().len()).sum::<usize>();
        assert_eq!((rows(&before), rows(&after)), (3, 4));
        let merged: Vec<&String> = before.keys().filter(|id| !after.contains_key(*id)).collect();
        assert_eq!(keeper.persons(&[bytes(&json!(merged[0]))]).unwrap().len(), 0);
        // The one of two: their alias is erased with them, and stays nobody.
        let (survivor, _) = after.iter().find(|(_, m)| m["orders"].as_array().unwrap().len() == 3).unwrap();
        let erased: MemberId = survivor.parse().unwrap();
        let cx = t.ctx();
        t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, erased));
        assert_eq!(keeper.verify().unwrap(), Vec::<String>::new());
        assert_eq!(everybody(t, &keeper).len(), 1);
        assert_eq!(keeper.persons(&[erased.bytes().to_vec()]).unwrap().len(), 0);

        // They are in no answer now; a day later they are in no file of slices either, whether or not
        // anything else happened.
        assert!(!slices_with(&keeper, erased).is_empty(), "older files have them until then");
        t.clock.advance_seconds(86_400 + 1);
        keeper.tend().unwrap();
        t.clock.advance_seconds(61);
        keeper.tend().unwrap();
        assert_eq!(slices_with(&keeper, erased), Vec::<String>::new());
        assert_eq!(everybody(t, &keeper).len(), 1);
        assert_eq!(keeper.verify().unwrap(), Vec::<String>::new());
    });
}

/// Files of slices that have the id of a member.
fn slices_with(keeper: &Keeper, member: MemberId) -> Vec<String> {
    let files = std::fs::read_dir(keeper.folder()).unwrap().map(|e| e.unwrap().path());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let slices = named.filter(|(name, _)| name.starts_with("s-") || name.starts_with("t-"));
    slices.filter(|(_, path)| std::fs::read(path).unwrap().windows(16).any(|w| w == member.bytes())).map(|(name, _)| name).collect()
}

/// Stage and scores are those of the member's standing, for everybody and for one; a purchase that came a
/// moment ago counts for one at once.
#[test]
fn stage_and_scores_are_those_of_the_standing() {
    both_with("people_stage", ALL, |t| {
        let api = over(t);
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap().deriving(Some(Arc::new(Facts)));
        let no = t.merchant.0;
        t.write(move |tx| {
            tx.exec(
                &*format!("INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ({no}, $1, 'x', 0, 'Asia/Shanghai', 'CNY', '{{}}', 0, 0)"),
                &[shuke_store::Value::Bytes(vec![9; 16])],
            )
        });
        let order = |no: u64, who: u64, day: u64| {
            let at = jiff::civil::Date::constant(2025, 1, 1).saturating_add(jiff::Span::new().days(day as i64));
            json!({"external": {"source": "own", "id": format!("o{no}")}, "state": "completed", "created_at": format!("{at}T04:00:00Z"), "paid_at": format!("{at}T04:00:00Z"),
                "paid": yuan(100 * (1 + no % 7)), "buyer": {"keys": own(&format!("p{who}"))},
                "lines": [{"id": "1", "sku": format!("S{}", no % 3), "category": format!("类目{}", no % 2), "quantity": 1, "paid": yuan(100 * (1 + no % 7))}]})
        };
        api.post("/orders/batch", (0..60).map(|i| order(i, (i * i) % 11, i * 7)).collect());
        // Paid and closed, paid and wholly given back, paid nothing: the last alone is a purchase.
        let gone = |no: u64, who: u64| {
            let mut order = order(no, who, 30);
            (order["state"], order["closed_at"]) = (json!("closed"), json!("2025-03-01T00:00:00Z"));
            order
        };
        let mut free = order(112, 1, 30);
        (free["paid"], free["lines"][0]["paid"]) = (yuan(0), yuan(0));
        api.post("/orders/batch", vec![gone(110, 0), gone(111, 30), order(113, 2, 30), order(114, 31, 30), free]);
        let back = |no: u64| {
            json!({"external": {"source": "own", "id": format!("r{no}")}, "order_external": {"source": "own", "id": format!("o{no}")},
                "at": "2025-03-02T00:00:00Z", "amount": yuan(100 * (1 + no % 7))})
        };
        api.post("/refunds/batch", vec![back(113), back(114)]);
        api.post("/orders/batch", vec![order(100, 20, 0), order(101, 20, 9), order(102, 21, 418), order(103, 22, 300)]);
        api.done(
            "POST",
            "/members",
            Some(json!({"keys": own("never"), "joined_at": "2024-02-03T04:05:06Z", "source_time": "2024-02-03T04:05:06Z"})),
        );
        let asks = |fact: &str| fact == "stage";
        let check = |at_least: usize| {
            let people = keeper.people_for(&asks).unwrap();
            let loaded = keeper.fresh().unwrap();
            let q = shuke_insight::Question {
                currency: Some("CNY".to_owned()),
                ..shuke_insight::Question::about("2026-03-02".parse().unwrap())
            };
            let base = shuke_insight::standing::Base::of(&loaded.columns, &q).unwrap();
            let mut seen = std::collections::BTreeSet::new();
            for slice in &people.slices {
                for member in (0..slice.len()).filter(|m| slice.shows(*m)) {
                    let told = tell(&people.registry, slice, member);
                    let key = bytes(&told["id"]);
                    assert_eq!(told, tell(&people.registry, &keeper.persons_for(std::slice::from_ref(&key), &asks).unwrap(), 0));
                    let place = shuke_insight::standing::place(&loaded.columns, &q, &base, &key).unwrap();
                    // Who bought nothing that counts and never registered has no stage: that is missing.
                    let stage = Some(&place.lifecycle.stage).filter(|s| *s != "unknown");
                    assert_eq!(told.get("stage").cloned().unwrap_or_default(), json!(stage));
                    let kept = told["orders"].as_array().map_or(0, |all| all.iter().filter(|o| o["kept"] == 1).count());
                    assert_eq!(kept as i64, place.lifecycle.purchases, "what is kept is what the stage counts: {told}");
                    let score = place.rfm.map(|r| r.score);
                    let digit = |fact: &str| told.get(fact).map(|v| v.to_string());
                    let of = [digit("rfm_r"), digit("rfm_f"), digit("rfm_m")].into_iter().collect::<Option<Vec<_>>>().map(|d| d.concat());
                    assert_eq!(of, score);
                    seen.insert(place.lifecycle.stage);
                }
            }
            assert!(seen.len() >= at_least, "{seen:?}");
        };
        check(4);
        let plain = keeper.people_for(&|fact| fact == "gender").unwrap();
        assert!(tell(&plain.registry, &plain.slices[0], 0).get("stage").is_none(), "who does not ask does not pay");
        api.post("/orders/batch", vec![order(60, 0, 420)]);
        check(4);
    });
}

/// A small generator: what it draws is decided by the seed alone.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn time(&mut self) -> String {
        format!("2025-{:02}-{:02}T{:02}:{:02}:00Z", 1 + self.below(12), 1 + self.below(28), self.below(24), self.below(60))
    }

    /// Keys of one of a few people, of two at once, or of nobody.
    fn keys(&mut self) -> Value {
        let person = self.below(12);
        let phone = json!({"kind": "phone", "value": format!("138{person:08}"), "verified": true});
        match self.below(5) {
            0 => json!([]),
            1 => json!([phone]),
            2 => json!([phone, own(&format!("p{person}"))[0]]),
            _ => own(&format!("p{person}")),
        }
    }
}

struct World<'a> {
    t: &'a TestStore,
    api: Api,
    d: Draw,
    next: u64,
    tags: Vec<String>,
}

impl World<'_> {
    fn id(&mut self) -> String {
        self.next += 1;
        format!("n{}", self.next)
    }

    fn somebody(&mut self) -> Option<String> {
        let all = self.api.done("GET", "/members?limit=100", None);
        let all = all["items"].as_array().unwrap();
        let at = self.d.below(all.len().max(1) as u64) as usize;
        all.get(at).map(|m| m["id"].as_str().unwrap().to_owned())
    }

    fn happen(&mut self) {
        let (what, id, at, keys) = (self.d.below(12), self.id(), self.d.time(), self.d.keys());
        let sku = format!("S{}", self.d.below(5));
        match what {
            0..=2 => {
                let paid = yuan(100 * (1 + self.d.below(20)));
                let state = ["created", "paid", "completed", "closed"][self.d.below(4) as usize];
                let no = if self.d.below(3) == 0 { self.d.below(9) } else { self.next };
                let lines = json!([{"id": "1", "sku": sku, "category": "旧", "quantity": 1 + self.d.below(3), "paid": paid}]);
                self.api.post(
                    "/orders/batch",
                    vec![json!({"external": {"source": "own", "id": format!("o{no}")}, "state": state, "created_at": at, "paid_at": at, "paid": paid, "buyer": {"keys": keys},
                        "lines": if self.d.below(4) == 0 { json!([]) } else { lines }})],
                );
            }
            3 => {
                let mut refund =
                    json!({"external": {"source": "own", "id": id}, "at": at, "amount": yuan(100), "lines": [{"sku": sku, "quantity": 1}]});
                match self.d.below(2) {
                    0 => refund["order_external"] = json!({"source": "own", "id": format!("o{}", self.d.below(9))}),
                    _ => refund["buyer_keys"] = keys,
                }
                self.api.post("/refunds/batch", vec![refund]);
            }
            4 | 5 => {
                let kind = ["browse", "cart", "review", "message_opened"][self.d.below(4) as usize];
                self.api.post("/events/batch", vec![json!({"source": "own", "id": id, "type": kind, "at": at, "keys": keys, "sku": sku})]);
            }
            6 => {
                let category = ["母婴", "数码"][self.d.below(2) as usize];
                let mut product = json!({"external": {"source": "erp", "id": sku}, "sku": sku});
                if self.d.below(3) > 0 {
                    product["category"] = json!([category]);
                }
                self.api.post("/products/batch", vec![product]);
            }
            7 => {
                let own = json!([{"kind": "own_id", "value": format!("p{}", self.d.below(12)), "verified": true}]);
                let province = ["浙江省", "广东"][self.d.below(2) as usize];
                self.api.done(
                    "POST",
                    "/members/batch",
                    Some(json!({"items": [{"keys": own, "region": {"province": province}, "gender": "male", "source_time": at}]})),
                );
            }
            8 => {
                if let Some(member) = self.somebody() {
                    let said = json!({"purpose": (["marketing", "ads"][self.d.below(2) as usize]), "channel": (["sms", "any"][self.d.below(2) as usize]), "granted": self.d.below(2) == 0, "at": at});
                    self.api.done("POST", &format!("/members/{member}/consents"), Some(said));
                }
            }
            9 | 10 => self.tag(),
            _ => {
                if self.d.below(6) == 0
                    && let Some(member) = self.somebody()
                {
                    let (cx, id): (_, MemberId) = (self.t.ctx(), member.parse().unwrap());
                    self.t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, id));
                }
            }
        }
    }

    fn tag(&mut self) {
        let name = self.id();
        if self.tags.len() < 3 {
            self.tags.push(self.api.done("POST", "/tags", Some(json!({"name": name})))["id"].as_str().unwrap().to_owned());
        }
        let at = self.d.below(self.tags.len() as u64) as usize;
        let tag = self.tags[at].clone();
        let Some(member) = self.somebody() else { return };
        match self.d.below(8) {
            0 => {
                let name = self.id();
                self.api.done("PATCH", &format!("/tags/{tag}"), Some(json!({"name": name})));
            }
            1 | 2 => drop(self.api.done("DELETE", &format!("/members/{member}/tags/{tag}"), None)),
            3 => {
                let members = self.api.done("GET", &format!("/tags/{tag}"), None)["members"].as_i64().unwrap();
                if members == 0 {
                    self.api.done("DELETE", &format!("/tags/{tag}"), None);
                    self.tags.remove(at);
                }
            }
            _ => drop(self.api.done("PUT", &format!("/members/{member}/tags/{tag}"), None)),
        }
    }
}

/// After every handful of random happenings slices in files say what the store says; deleted and built
/// anew they say the same.
#[test]
fn slices_follow_the_store_through_any_history() {
    both_with("people_history", ALL, |t| {
        let seed = std::env::var("SHUKE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| std::process::id().into());
        println!("seed {seed}");
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        let mut world = World { t, api: over(t), d: Draw(seed), next: 0, tags: Vec::new() };
        for round in 0..24 {
            for _ in 0..=world.d.below(9) {
                world.happen();
                t.clock.advance_seconds(60);
            }
            let told = everybody(t, &keeper);
            assert_eq!(keeper.verify().unwrap(), Vec::<String>::new(), "round {round}");
            if round % 8 == 7 {
                assert!(keeper.status().unwrap().changed > 0, "changes were taken in, not built in full");
                keeper.rebuild().unwrap();
                assert_eq!(everybody(t, &keeper), told, "built in full, round {round}");
                keeper.delete().unwrap();
                assert_eq!(everybody(t, &keeper), told, "deleted and built, round {round}");
            }
        }
        let other = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap();
        assert_eq!(everybody(t, &other), everybody(t, &keeper));
    });
}
