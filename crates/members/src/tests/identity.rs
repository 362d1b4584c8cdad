//! Evidence in, members out, on both engines: examples by RULES, and arrival in any order.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shuke_testkit::{both_with, sqlite_with};

use super::world::{TABLES, dump, ev, feed, found, one, partition, sound};
use crate::identity::{self, Evidence, KeyClaim, KeyKind, review};

#[test]
fn masked_values_are_no_keys() {
    for (kind, value) in [
        (KeyKind::Phone, "138****0000"),
        (KeyKind::Phone, "0571-88885165"),
        (KeyKind::Phone, "18400001234-1234"),
        (KeyKind::AccountName, "t**b"),
        (KeyKind::AccountName, "~abcdef~"),
        (KeyKind::ReceiverPhone, "$$39515b5b0e$$1$"),
        (KeyKind::ReceiverName, "张*"),
        (KeyKind::Email, "a***@x.com"),
        (KeyKind::OpenId, "  "),
    ] {
        assert!(KeyClaim::new(kind, "taobao", value, true).is_none(), "{value}");
    }
    let a = KeyClaim::new(KeyKind::AccountName, "Tmall", "ＴＢ_Anna ", true).unwrap();
    assert_eq!((a.namespace.as_str(), a.value.as_str()), ("taobao", "tb_anna"));
    assert_eq!(KeyClaim::new(KeyKind::Phone, "", "+86 138-0013-8000", true).unwrap().value, "13800138000");
}

#[test]
fn one_member_whose_keys_arrive_one_by_one() {
    both_with("keys_one_by_one", TABLES, |t| {
        let a = one(t, 10, &["name:anna", "rphone:13800000001"]).unwrap();
        assert_eq!(one(t, 11, &["name:anna", "rphone:13800000002"]), Some(a));
        assert_eq!(one(t, 12, &["name:anna", "open:o1"]), Some(a));
        assert_eq!(one(t, 13, &["open:o1"]), Some(a));
        // Another platform knows the phone as the account's: one until a key says so.
        let b = one(t, 5, &["jd:anna_jd", "phone:13900000009"]).unwrap();
        assert_ne!(a, b);
        assert_eq!(one(t, 14, &["open:o1", "phone:13900000009"]), Some(b), "the older by source time survives");
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, a)), Some(b), "the other is an alias for ever");
        assert_eq!(t.int("SELECT COUNT(*) FROM member WHERE state = 'live'"), 1);
        sound(t);
    });
}

#[test]
fn nobody_is_invented() {
    both_with("nobody_invented", TABLES, |t| {
        let found = feed(t, &[ev(1, &[]), ev(2, &["rphone:13800000001", "rname:张三"]), ev(3, &["rphone:13800000001"])]);
        assert!(found.iter().all(|f| f.member.is_none() && !f.created));
        assert_eq!(found[0].key_set, None);
        assert!(found[1].key_set.is_some() && found[1].key_set != found[2].key_set);
        assert_eq!(t.int("SELECT COUNT(*) FROM member"), 0);
        // The same orders arrive again with the open id.
        let found = feed(t, &[ev(2, &["open:o1", "rphone:13800000001", "rname:张三"])]);
        assert!(found[0].created);
        sound(t);
    });
}

#[test]
fn two_that_come_to_share_a_contact_at_the_same_moment_go_to_review() {
    both_with("contact_race", TABLES, |t| {
        let (identified, first) = std::sync::mpsc::channel();
        let (cx, anna, berta) = (t.ctx(), ev(10, &["name:anna", "rphone:13800000001"]), ev(11, &["name:berta", "rphone:13800000001"]));
        std::thread::scope(|scope| {
            let cx_of_anna = cx.clone();
            scope.spawn(move || {
                t.write(move |tx| {
                    identity::identify(tx, &cx_of_anna, &anna)?;
                    let _ = identified.send(());
                    // Long enough for the other to come by if nothing keeps it.
                    std::thread::sleep(std::time::Duration::from_millis(300));
                    Ok(())
                });
            });
            first.recv().unwrap();
            t.write(move |tx| identity::identify(tx, &cx, &berta).map(|_| ()));
        });
        assert_eq!(t.int("SELECT COUNT(*) FROM review WHERE state = 'open'"), 1);
        sound(t);
    });
}

#[test]
fn what_comes_to_a_member_while_others_merge_it_goes_with_it() {
    both_with("merge_race", TABLES, |t| {
        one(t, 1, &["open:x", "phone:13800000001"]);
        one(t, 2, &["card:1", "name:anna"]);
        let (identified, first) = std::sync::mpsc::channel();
        let (cx, more, both) = (t.ctx(), ev(10, &["name:anna", "raddr:王|杭州"]), ev(11, &["open:x", "card:1"]));
        std::thread::scope(|scope| {
            let other = cx.clone();
            scope.spawn(move || {
                t.write(move |tx| {
                    identity::identify(tx, &other, &more)?;
                    let _ = identified.send(());
                    // Long enough for the other to come to the same member.
                    std::thread::sleep(std::time::Duration::from_millis(300));
                    Ok(())
                });
            });
            first.recv().unwrap();
            t.write(move |tx| identity::identify(tx, &cx, &both).map(|_| ()));
        });
        assert_eq!(t.int("SELECT COUNT(*) FROM member WHERE state = 'live'"), 1);
        sound(t);
    });
}

#[test]
fn who_comes_again_holds_what_they_held_and_what_is_new() {
    both_with("comes_again", TABLES, |t| {
        let first = one(t, 5, &["name:anna", "rphone:13800000001", "rname:王伟", "raddr:王伟|杭州"]);
        let again = one(t, 6, &["name:anna", "rphone:13800000001", "rname:王伟", "raddr:王伟|上海"]);
        // The same telephone, now known as the account's; another receiver.
        let third = one(t, 7, &["name:anna", "phone:13800000001", "rname:李娜", "raddr:李娜|上海"]);
        assert_eq!((again, third), (first, first));
        sound(t);
        for name in ["王伟", "李娜"] {
            assert_eq!(found(t, name).into_iter().collect::<Vec<_>>(), first.into_iter().collect::<Vec<_>>());
        }
    });
}

#[test]
fn what_conflicts_goes_to_review() {
    both_with("conflicts", TABLES, |t| {
        let a = one(t, 1, &["own:1", "phone:13800000001"]).unwrap();
        let b = one(t, 2, &["own:2", "phone:13800000001"]).unwrap();
        assert_ne!(a, b);
        let c = one(t, 3, &["name:n", "phone:13800000003"]).unwrap();
        let d = one(t, 4, &["name:n", "phone:13800000004"]).unwrap();
        assert_ne!(c, d);
        let e = one(t, 5, &["jd:e", "rphone:13800000003"]).unwrap();
        let cx = t.ctx();
        let found = t.read(move |tx| review::list(tx, &cx, "open", None, 10));
        let seen: BTreeSet<(String, Option<(crate::MemberId, crate::MemberId)>)> = found.into_iter().map(|r| (r.reason, r.pair)).collect();
        let want = [("conflict", a, b), ("renamed_account", c, d), ("contact_match", c, e)];
        assert_eq!(seen, want.into_iter().map(|(r, x, y)| (r.to_owned(), Some((x, y)))).collect());
        sound(t);
    });
}

#[test]
fn legal_entities_stay_apart() {
    both_with("entities", TABLES, |t| {
        let of = |entity: &str| Evidence { entity: Some(entity.to_owned()), ..ev(1, &["phone:13800000001", "name:anna"]) };
        let found = feed(t, &[of("ent_a"), of("ent_b"), of("ent_a")]);
        assert_ne!(found[0].member, found[1].member);
        assert_eq!(found[0].member, found[2].member);
        assert_eq!(t.int("SELECT COUNT(*) FROM review"), 0);
        let (cx, a, b) = (t.ctx(), found[0].member.unwrap(), found[1].member.unwrap());
        let refused = t.try_write(move |tx| identity::merge::merge(tx, &cx, a, b, "manual", "")).unwrap_err();
        assert_eq!(refused.refusal().unwrap().code.code, "member.other_entity");
    });
}

#[test]
fn released_sets_take_their_members_along() {
    both_with("release", TABLES, |t| {
        let empty = dump(t, "SELECT * FROM member WHERE merchant = $1");
        let first = feed(t, &[ev(1, &["name:a", "phone:13800000001"]), ev(2, &["open:b"]), ev(2, &["open:b"])]);
        let link = feed(t, &[ev(3, &["name:a", "open:b"])]);
        assert_eq!(t.int("SELECT COUNT(*) FROM member WHERE state = 'live'"), 1);
        // The linking record goes: the two are apart again, each with its id.
        let (cx, set) = (t.ctx(), link[0].key_set.unwrap());
        t.write(move |tx| identity::release(tx, &cx, &[set]));
        assert_eq!(t.int("SELECT COUNT(*) FROM member WHERE state = 'live'"), 2);
        let cx = t.ctx();
        let b = first[1].member.unwrap();
        assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, b)), Some(b));
        sound(t);
        let (cx, sets) = (t.ctx(), first.iter().map(|f| f.key_set.unwrap()).collect::<Vec<_>>());
        t.write(move |tx| identity::release(tx, &cx, &sets));
        assert_eq!(dump(t, "SELECT * FROM member WHERE merchant = $1"), empty);
        assert_eq!(t.int("SELECT COUNT(*) FROM key_set"), 0);
        assert_eq!(t.int("SELECT COUNT(*) FROM identity_key"), 0);
    });
}

#[test]
fn a_whole_batch_is_as_one_by_one() {
    both_with("batch", TABLES, |t| {
        let all: Vec<Evidence> =
            (0..1000).map(|i| ev(i, &[&format!("name:buyer{}", i % 400), &format!("rphone:138{:08}", i % 650)])).collect();
        let found = feed(t, &all);
        assert_eq!(found.iter().filter(|f| f.created).count(), 400);
        assert_eq!(t.int("SELECT COUNT(*) FROM member"), 400);
        let again = feed(t, &all);
        assert!(again.iter().zip(&found).all(|(x, y)| x.member == y.member && !x.created));
        sound(t);
    });
}

#[test]
fn found_by_every_identifier() {
    both_with("search", TABLES, |t| {
        let mut e = ev(1, &["name:anna_shop", "phone:13812345678", "email:anna@example.com", "own:C-77", "card:8800", "rname:李雷"]);
        e.source_id = Some("1".to_owned());
        e.profile.name = Some("欧阳小明".to_owned());
        let id = feed(t, &[e])[0].member.unwrap();
        one(t, 2, &["open:other", "phone:13900000000"]);
        for query in [
            "13812345678",
            "+86 13812345678",
            "5678",
            "anna_shop",
            "ANNA@example.com",
            "C-77",
            "8800",
            "李雷",
            "欧",
            "欧阳",
            "小明",
            "阳小明",
            "欧阳小明",
            "oy",
            "oyxm",
            &id.to_string(),
        ] {
            assert_eq!(found(t, query), BTreeSet::from([id]), "{query}");
        }
        for query in ["13812345679", "5679", "小李", "ym", "anna"] {
            assert!(found(t, query).is_empty(), "{query}");
        }
    });
}

/// Writers that meet make one member, not two: on PostgreSQL they run side by side.
#[test]
fn writers_that_meet_make_one_member() {
    both_with("concurrent", TABLES, |t| {
        let go = |n: usize| {
            let (store, cx) = (t.store.clone(), t.ctx());
            std::thread::spawn(move || {
                for i in 0..40 {
                    // The same people from every writer, by keys that overlap in turns.
                    let e = [
                        ev(1, &[&format!("name:n{i}"), &format!("open:o{i}")]),
                        ev(2, &[&format!("open:o{i}"), &format!("phone:1380000{i:04}")]),
                    ];
                    let cx = cx.clone();
                    store.write_now(shuke_store::Lane::Interactive, move |tx| identity::identify(tx, &cx, &e[n % 2]).map(|_| ())).unwrap();
                }
            })
        };
        let threads: Vec<_> = (0..6).map(go).collect();
        threads.into_iter().for_each(|h| h.join().unwrap());
        assert_eq!(t.int("SELECT COUNT(*) FROM member"), 40);
        assert_eq!(t.int("SELECT CAST(SUM(refs) AS BIGINT) FROM key_set"), 240);
        assert_eq!(t.int("SELECT COUNT(*) FROM review"), 0);
        sound(t);
    });
}

/// Where the shop has set so, contacts join: orders that nobody could be named for find their
/// member, and contradictions still go to review.
#[test]
fn contacts_join_where_the_shop_has_set_so() {
    both_with("merge_on_contact", TABLES, |t| {
        let feed = |e: Vec<Evidence>| {
            let cx = t.ctx();
            t.write(move |tx| identity::service::identify_many(tx, &cx, identity::Rules { merge_on_contact: true }, &e))
        };
        let nobody = feed(vec![ev(1, &["rphone:13800000001"])])[0];
        assert_eq!(nobody.member, None);
        let a = feed(vec![ev(2, &["open:a", "rphone:13800000001"])])[0].member;
        assert!(a.is_some());
        let cx = t.ctx();
        let set = nobody.key_set.unwrap();
        let owner = t.read(move |tx| {
            tx.one("SELECT member FROM key_set WHERE merchant = $1 AND id = $2", &[cx.merchant.into(), set.into()])?
                .get::<Option<crate::MemberId>>(0)
        });
        assert_eq!(owner, a, "the order of nobody has its member");
        assert_eq!(feed(vec![ev(3, &["jd:a_jd", "rphone:13800000001"])])[0].member, a);
        let b = feed(vec![ev(4, &["open:b", "rphone:13800000001"])])[0].member;
        assert!(b.is_some() && b != a, "two open ids are two people");
        assert_eq!(t.int("SELECT COUNT(*) FROM review WHERE state = 'open'"), 1);
        sound(t);
    });
}

fn arb_evidence() -> impl Strategy<Value = Vec<(i64, Vec<String>)>> {
    let key = prop_oneof![
        2 => (0..3u8).prop_map(|v| format!("own:{v}")),
        2 => (0..3u8).prop_map(|v| format!("open:{v}")),
        4 => (0..4u8).prop_map(|v| format!("phone:1380000000{v}")),
        4 => (0..4u8).prop_map(|v| format!("name:n{v}")),
        2 => (0..4u8).prop_map(|v| format!("rphone:1380000000{v}")),
    ];
    prop::collection::vec((0..8i64, prop::collection::vec(key, 0..3)), 1..10)
}

fn evidence(items: &[(i64, Vec<String>)]) -> Vec<Evidence> {
    items
        .iter()
        .map(|(at, keys)| {
            let mut seen = BTreeSet::new();
            // One record has one own id and one open id.
            let keys: Vec<&str> =
                keys.iter().map(String::as_str).filter(|k| !k.starts_with('o') || seen.insert(k.split(':').next())).collect();
            ev(*at, &keys)
        })
        .collect()
}

/// Any order, any batches, any repetition: the same partition, and the same open reviews.
#[test]
fn arrival_in_any_order() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&(arb_evidence(), any::<prop::sample::Index>(), any::<bool>()), |(items, cut, twice)| {
            let all = evidence(&items);
            let reviews = "SELECT reason, state FROM review WHERE merchant = $1 ORDER BY reason, state";
            let seen = "SELECT first_seen, contested FROM member WHERE merchant = $1 AND state = 'live' ORDER BY first_seen, contested";
            let a = sqlite_with(TABLES);
            feed(&a, &all);
            sound(&a);
            let b = sqlite_with(TABLES);
            for e in all.iter().rev() {
                feed(&b, std::slice::from_ref(e));
            }
            sound(&b);
            let c = sqlite_with(TABLES);
            let (left, right) = all.split_at(cut.index(all.len()));
            feed(&c, right);
            feed(&c, left);
            if twice {
                feed(&c, right);
            }
            for other in [&b, &c] {
                prop_assert_eq!(partition(&a), partition(other));
                prop_assert_eq!(dump(&a, reviews), dump(other, reviews));
                prop_assert_eq!(dump(&a, seen), dump(other, seen));
            }
            Ok(())
        })
        .unwrap();
}

/// What is taken back leaves no trace: a store that never had it has the same partition.
#[test]
fn what_is_released_never_was() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&(arb_evidence(), arb_evidence()), |(keep, drop)| {
            // Times of their own, so that no shared set keeps a first time of what is dropped.
            let drop: Vec<(i64, Vec<String>)> = drop.into_iter().map(|(at, k)| (at + 1000, k)).collect();
            let (keep, drop) = (evidence(&keep), evidence(&drop));
            let a = sqlite_with(TABLES);
            feed(&a, &keep);
            let b = sqlite_with(TABLES);
            let half = drop.len() / 2;
            let mut gone = feed(&b, &drop[..half]);
            feed(&b, &keep);
            gone.extend(feed(&b, &drop[half..]));
            let sets: Vec<[u8; 16]> = gone.iter().filter_map(|g| g.key_set).collect();
            let cx = b.ctx();
            b.write(move |tx| identity::release(tx, &cx, &sets));
            sound(&b);
            prop_assert_eq!(partition(&a), partition(&b));
            let reviews = "SELECT reason, state FROM review WHERE merchant = $1 ORDER BY reason, state";
            prop_assert_eq!(dump(&a, reviews), dump(&b, reviews));
            prop_assert_eq!(a.int("SELECT COUNT(*) FROM identity_key"), b.int("SELECT COUNT(*) FROM identity_key"));
            Ok(())
        })
        .unwrap();
}
