//! Steps along the feed beside other work: more events than one step takes, reckonings and another process
//! at the same time, the turn handed on, up to when segments are known.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use shuke_kernel::Clock as _;
use shuke_segments::SegmentId;
use shuke_segments::model::Cause;
use shuke_store::Engine;
use shuke_testkit::{MERCHANT, TestStore, both_with};

use crate::world::{ALL, Shop};

const PEOPLE: usize = 200;

/// Segments that acts only bring members into, or only take them out of.
const ONE_WAY: &[(&str, &str)] = &[
    ("加购", "exists(events where kind = \"cart\")"),
    ("两次", "count(events) >= 2"),
    ("未看", "not exists(events where kind = \"view\")"),
    ("看过未加购", "exists(events where kind = \"view\") and not exists(events where kind = \"cart\")"),
];

/// A shop with some segments, who was in them, and some 1,000 acts that nobody followed yet.
fn busy(t: &TestStore) -> (Shop<'_>, Vec<SegmentId>, BTreeMap<SegmentId, BTreeSet<String>>) {
    let shop = Shop::over(t);
    shop.people(PEOPLE);
    shop.later(1);
    let all: Vec<SegmentId> = ONE_WAY.iter().map(|(name, text)| shop.segment(name, text)).collect();
    shop.tasks();
    shop.follow();
    let first = all.iter().map(|id| (*id, shop.members(*id))).collect();
    // First everybody looks, then most put something into their cart.
    let view = (0..PEOPLE).flat_map(|i| [(2 * i, i), (2 * i + 1, i)]).map(|(number, i)| (number, format!("p{i}"), "browse"));
    let cart = (0..3 * PEOPLE).map(|i| (1_000 + i, format!("p{}", i * 11 % (PEOPLE - 20)), "cart"));
    shop.acts(&view.collect::<Vec<_>>());
    shop.later(1);
    shop.acts(&cart.collect::<Vec<_>>());
    shop.later(1);
    t.store.stamp_events().unwrap();
    (shop, all, first)
}

/// Everybody is where they belong, and came or went as often as they must.
fn told_once(shop: &Shop<'_>, all: &[SegmentId], first: &BTreeMap<SegmentId, BTreeSet<String>>, most: &[usize]) {
    for ((id, (name, _)), most) in all.iter().zip(ONE_WAY).zip(most) {
        assert_eq!(shop.members(*id), shop.true_of(*id), "{name}");
        shop.adds_up(*id, &first[id]);
        let told = shop.told(*id);
        assert!(told.values().all(|moves| moves.len() <= *most), "{name}: {told:?}");
    }
}

#[test]
fn more_than_one_step_is_told_in_parts_and_once() {
    both_with("parts", ALL, |t| {
        let (shop, all, first) = busy(t);
        shop.follow();
        told_once(&shop, &all, &first, &[1, 1, 1, 1]);
        assert_eq!(shop.members(all[0]).len(), PEOPLE - 20);
        // From any place between two parts on: nobody comes or goes a second time.
        let before = t.int("SELECT COUNT(*) FROM segment_change");
        for back in [900, 500, 1] {
            let sql = format!("UPDATE feed_offset SET position = position - {back} WHERE subscriber = 'segments'");
            t.write(move |tx| tx.exec(sql.clone(), &[]).map(|_| ()));
            shop.follow();
            assert_eq!(t.int("SELECT COUNT(*) FROM segment_change"), before);
        }
        t.nothing_left(&["segments"]);
    });
}

#[test]
fn steps_of_two_processes_and_reckonings_do_not_disturb_each_other() {
    both_with("beside", ALL, |t| {
        let (shop, all, first) = busy(t);
        let (living, other) = (shop.living.clone(), shop.another("other"));
        std::thread::scope(|threads| {
            threads.spawn(|| while other.follow(MERCHANT).unwrap() > 0 {});
            threads.spawn(|| {
                for id in all.iter().cycle().take(3 * all.len()) {
                    living.reckon(MERCHANT, *id, Cause::Refresh, &|| false).unwrap();
                }
            });
            while shop.living.follow(MERCHANT).unwrap() > 0 {}
        });
        shop.follow();
        // Whoever was reckoned between looking and the cart came and went.
        told_once(&shop, &all, &first, &[1, 1, 1, 2]);
        t.nothing_left(&["segments"]);
    });
}

#[test]
fn the_turn_is_handed_on_by_who_stops_and_taken_from_who_is_gone() {
    both_with("turn", ALL, |t| {
        let shop = Shop::over(t);
        shop.people(3);
        shop.later(1);
        let cart = shop.segment("加购", "exists(events where kind = \"cart\")");
        shop.tasks();
        let round = |living: &shuke_segments::Living| {
            t.store.stamp_events().unwrap();
            living.round(&|| false).unwrap()
        };
        let (second, third) = (shop.another("second"), shop.another("third"));
        while round(&shop.living) > 0 {}
        shop.acts(&[(1, "p1".to_owned(), "cart")]);
        assert_eq!(round(&second), 0, "another has the turn");
        shop.living.end().unwrap();
        assert!(round(&second) > 0);
        while round(&second) > 0 {}
        assert_eq!(shop.members(cart).len(), 1);
        // It ends by itself when its holder was killed; a store of one file has no second process.
        shop.acts(&[(2, "p2".to_owned(), "cart")]);
        third.begin().unwrap();
        let at_once = t.store.engine() == Engine::Sqlite;
        assert_eq!(round(&third) > 0, at_once);
        shop.later(11);
        while round(&third) > 0 {}
        assert_eq!(shop.members(cart).len(), 2);
    });
}

#[test]
fn up_to_when_segments_are_known_is_when_the_first_event_came_that_was_not_followed() {
    both_with("known", ALL, |t| {
        let shop = Shop::over(t);
        shop.people(2);
        shop.later(1);
        let cart = shop.segment("加购", "exists(events where kind = \"cart\")");
        shop.tasks();
        shop.follow();
        shop.later(10);
        let came = t.clock.now();
        shop.acts(&[(1, "p1".to_owned(), "cart")]);
        shop.later(10);
        shop.acts(&[(2, "p0".to_owned(), "cart")]);
        shop.later(100);
        t.store.stamp_events().unwrap();
        assert_eq!(shop.get(cart)["size_at"], json!(came));
        shop.follow();
        assert_eq!((&shop.get(cart)["size_at"], &shop.get(cart)["size"]), (&json!(t.clock.now()), &json!(2)));
    });
}
