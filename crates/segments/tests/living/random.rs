//! Random histories: whatever happens in whatever order, membership is what evaluation over everybody says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use shuke_kernel::Clock as _;
use shuke_segments::SegmentId;
use shuke_testkit::{MERCHANT, TestStore, both_with};

use crate::world::{ALL, Shop};

/// A small generator: the same history for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const PEOPLE: u64 = 12;

/// Segments whose truth changes only when something happens.
const STILL: &[(&str, &str)] = &[
    ("女", "gender = \"female\""),
    ("标签", "has_any(\"甲\") and not has_any(\"乙\")"),
    ("授权", "consent_sms = true"),
    ("多单", "count(orders where purchase = true) >= 2"),
    ("金额", "sum(lines.amount) in [¥3.00, ¥9.00)"),
    ("行为", "exists(events where kind = \"cart\")"),
    ("先后", "sequence(events where kind = \"cart\" then orders within 2000 days)"),
    ("无省", "province is missing"),
    ("未浏览", "not exists(events where kind = \"view\")"),
    ("买此货", "sum(lines.amount where sku = \"S1\" and purchase = true) >= ¥4.00"),
    ("只买他货", "exists(lines where sku = \"S2\") and not exists(lines where sku = \"S1\")"),
    ("下过类目", "exists(events where category under (\"母婴\")) or count(refunds) > 0"),
    ("在组", "count(orders where state in (\"paid\", \"completed\")) >= 3"),
];

/// Segments whose truth changes with time, too.
const MOVING: &[(&str, &str)] = &[
    ("近", "exists(orders, last 2 days)"),
    ("远", "days_since(last(orders.time)) > 1"),
    ("前三", "top(3 by sum(orders.paid), of exists(orders))"),
];

fn happen(shop: &Shop<'_>, dice: &mut Dice, tags: &[String], number: &mut u64) {
    let who = format!("p{}", dice.roll(PEOPLE));
    let id = shop.member(&who, json!({}));
    *number += 1;
    match dice.roll(9) {
        0 => drop(shop.member(&who, json!({"gender": if dice.roll(2) == 0 { "female" } else { "male" }}))),
        1 => drop(shop.member(&who, json!({"region": {"province": "浙江"}}))),
        2 => drop(shop.call("PUT", &format!("/members/{id}/tags/{}", tags[dice.roll(2) as usize]), None)),
        3 => drop(shop.answer("DELETE", &format!("/members/{id}/tags/{}", tags[dice.roll(2) as usize]), None)),
        4 => {
            let consent = json!({"purpose": "marketing", "channel": "sms", "granted": dice.roll(2) == 0, "at": shop.t.clock.now()});
            shop.call("POST", &format!("/members/{id}/consents"), Some(consent));
        }
        5 | 6 => shop.order(&format!("o{number}"), &who, dice.roll(4 * 86_400) as i64, 100 * (1 + dice.roll(6) as i64)),
        7 => {
            let keys = json!([{"kind": "own_id", "value": who, "verified": true}]);
            let kind = if dice.roll(2) == 0 { "cart" } else { "browse" };
            let act = json!({"source": "own", "id": format!("e{number}"), "type": kind, "at": shop.t.clock.now(), "keys": keys});
            shop.call("POST", "/events/batch", Some(json!({"items": [act]})));
        }
        _ => {
            let other = shop.member(&format!("p{}", dice.roll(PEOPLE)), json!({}));
            if other != id {
                // Two own ids are two people until somebody says otherwise.
                drop(shop.answer("POST", &format!("/members/{id}/merge"), Some(json!({"other": other, "reason": "同一人"}))));
                if dice.roll(2) == 0 {
                    let merges = shop.call("GET", "/merges", None);
                    if let Some(merge) = merges["items"][0]["id"].as_str() {
                        drop(shop.answer("POST", &format!("/merges/{merge}/unmerge"), Some(json!({"reason": "不是"}))));
                    }
                }
            }
        }
    }
}

fn history(t: &TestStore, seed: u64, steps: usize) {
    let (shop, mut dice) = (Shop::over(t), Dice(seed));
    let tags: Vec<String> = ["甲", "乙"]
        .iter()
        .map(|name| shop.call("POST", "/tags", Some(json!({"name": name})))["id"].as_str().unwrap().to_owned())
        .collect();
    let mut number = 0;
    for _ in 0..20 {
        happen(&shop, &mut dice, &tags, &mut number);
    }
    shop.later(1);
    let all: Vec<SegmentId> = STILL.iter().chain(MOVING).map(|(name, text)| shop.segment(name, text)).collect();
    shop.tasks();
    let first: BTreeMap<SegmentId, BTreeSet<String>> = all.iter().map(|id| (*id, shop.members(*id))).collect();
    for _ in 0..steps {
        happen(&shop, &mut dice, &tags, &mut number);
        shop.later(dice.roll(20_000) as i64 + 1);
        match dice.roll(6) {
            0 => drop(shop.follow()),
            1 => drop(shop.living.pass(MERCHANT, &|| false).unwrap()),
            _ => {}
        }
    }
    shop.later(1);
    shop.follow();
    for (id, (name, _)) in all.iter().zip(STILL) {
        assert_eq!(shop.members(*id), shop.true_of(*id), "seed {seed}: {name} after its events");
    }
    shop.living.pass(MERCHANT, &|| false).unwrap().unwrap();
    for (id, (name, _)) in all.iter().zip(STILL.iter().chain(MOVING)) {
        assert_eq!(shop.members(*id), shop.true_of(*id), "seed {seed}: {name} after time passed");
        shop.adds_up(*id, &first[id]);
    }

    // As if it had been killed before its place in the feed was written: once more from the start.
    let before = t.int("SELECT COUNT(*) FROM segment_change");
    t.write(|tx| tx.exec("UPDATE feed_offset SET position = 0 WHERE subscriber = 'segments'", &[]).map(|_| ()));
    shop.follow();
    assert_eq!(t.int("SELECT COUNT(*) FROM segment_change"), before, "seed {seed}: a second time nobody comes or goes");
    t.nothing_left(&["segments"]);
}

#[test]
fn membership_kept_by_events_is_what_evaluation_says() {
    both_with("random", ALL, |t| history(t, 20_260_101, 60));
}

#[test]
fn and_of_another_history() {
    both_with("another", ALL, |t| history(t, 7, 60));
}
