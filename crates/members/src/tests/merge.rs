//! Merges by people, and taking them back: to the byte with nothing between, listed otherwise.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shuke_kernel::Instant;
use shuke_testkit::{TestStore, both_with, sqlite_with};

use super::world::{TABLES, dump, ev, feed, one, partition, person, sound};
use crate::MemberId;
use crate::consent::{self, Statement};
use crate::identity::merge::{self, Merged, Unmerged};
use crate::identity::{self, Evidence, Gender, review};
use crate::profile;
use crate::tag::model::Change;
use crate::tag::{TagId, give, service};

fn merged(t: &TestStore, a: MemberId, b: MemberId) -> Merged {
    let cx = t.ctx();
    t.write(move |tx| merge::merge(tx, &cx, a, b, "manual", "the same person"))
}

fn unmerged(t: &TestStore, m: Merged) -> Unmerged {
    let cx = t.ctx();
    t.write(move |tx| merge::unmerge(tx, &cx, m.merge))
}

/// Everything of identity, profile and consent, but for blobs that are sealed anew.
fn everything(t: &TestStore) -> Vec<Vec<String>> {
    [
        "SELECT id, state, alias_of, first_seen, created_at, contested, gender, birthday, province, city, joined_at, tag_words, under_14 FROM member WHERE merchant = $1 ORDER BY id",
        "SELECT id, member, home, first_seen, refs FROM key_set WHERE merchant = $1 ORDER BY id",
        "SELECT token, holder, held, kind, class FROM identity_key WHERE merchant = $1 ORDER BY token, holder",
        "SELECT source, record, key_set, member, source_time FROM observation WHERE merchant = $1 ORDER BY source, record",
        "SELECT id, member, purpose, channel, granted, given_at FROM consent WHERE merchant = $1 ORDER BY id",
        "SELECT token, member FROM member_name WHERE merchant = $1 ORDER BY token, member",
        "SELECT id, reason, state FROM review WHERE merchant = $1 ORDER BY id",
        "SELECT id, verdict, left_set, right_set FROM identity_decision WHERE merchant = $1 ORDER BY id",
        "SELECT id, member FROM privacy_request WHERE merchant = $1 ORDER BY id",
        "SELECT id, member, tag, since, given_by FROM member_tag WHERE merchant = $1 ORDER BY id",
        "SELECT id, member, tag, since, taken_at FROM past_tag WHERE merchant = $1 ORDER BY id",
        "SELECT tag, shard, members FROM tag_count WHERE merchant = $1 AND members <> 0 ORDER BY tag, shard",
    ]
    .into_iter()
    .map(|sql| dump(t, sql))
    .collect()
}

fn said(channel: &str, granted: bool, at: i64) -> Statement {
    Statement {
        purpose: "marketing".to_owned(),
        channel: channel.to_owned(),
        granted,
        source: "form".to_owned(),
        proof: Some("v1".to_owned()),
        basis: String::new(),
        at: Instant(at * 1_000_000),
    }
}

fn say(t: &TestStore, id: MemberId, s: Statement) {
    let cx = t.ctx();
    t.write(move |tx| consent::record(tx, &cx, id, std::slice::from_ref(&s)));
}

fn two(t: &TestStore) -> (MemberId, MemberId) {
    let found =
        feed(t, &[person(1, &["own:1", "phone:13800000001"], "r1", "王芳"), person(9, &["own:2", "phone:13800000002"], "r2", "李雷")]);
    let (a, b) = (found[0].member.unwrap(), found[1].member.unwrap());
    feed(t, &[ev(2, &["own:1", "name:anna"]), ev(3, &["own:2", "rphone:13800000001"])]);
    say(t, a, said("sms", true, 20));
    say(t, b, said("sms", false, 10));
    say(t, b, said("email", true, 10));
    let cx = t.ctx();
    t.write(move |tx| crate::privacy::request(tx, &cx, b, "copy").map(|_| ()));
    let cx = t.ctx();
    t.write(move |tx| {
        let (both, one, gone) = (
            service::add(tx, &cx, "both", None, None)?.id,
            service::add(tx, &cx, "one", None, None)?.id,
            service::add(tx, &cx, "gone", None, None)?.id,
        );
        give::change(tx, &cx, &[a, b], &Change { add: vec![both], remove: vec![] }, "stf")?;
        give::change(tx, &cx, &[b], &Change { add: vec![one, gone], remove: vec![] }, "stf")?;
        give::change(tx, &cx, &[b], &Change { add: vec![], remove: vec![gone] }, "stf").map(|_| ())
    });
    (a, b)
}

#[test]
fn a_merge_is_taken_back_to_the_byte() {
    both_with("unmerge_to_the_byte", TABLES, |t| {
        let (a, b) = two(t);
        let before = everything(t);
        let m = merged(t, b, a);
        assert_eq!((m.survivor, m.absorbed), (a, b), "the older survives, whoever was named first");
        let cx = t.ctx();
        let (profile, states, resolved) =
            t.read(move |tx| Ok((profile::get(tx, &cx, a)?.unwrap(), consent::effective(tx, &cx, a)?, identity::resolve(tx, &cx, b)?)));
        assert_eq!(resolved, Some(a));
        assert_eq!((profile.name.as_deref(), profile.gender), (Some("李雷"), Some(Gender::Male)), "the newest statement holds");
        let granted: Vec<(&str, bool)> = states.iter().map(|s| (s.channel.as_str(), s.granted)).collect();
        assert_eq!(granted, [("email", true), ("sms", false)], "the stricter consent holds");
        assert_eq!(t.int("SELECT COUNT(*) FROM privacy_request r WHERE r.member = (SELECT survivor FROM member_merge)"), 1);
        sound(t);
        let back = unmerged(t, m);
        assert_eq!(back.differences, []);
        assert_eq!(everything(t), before);
        sound(t);
        // And once more, and again.
        let m = merged(t, a, b);
        assert_eq!(unmerged(t, m).differences, []);
        assert_eq!(everything(t), before);
        let cx = t.ctx();
        let again = t.try_write(move |tx| merge::unmerge(tx, &cx, m.merge)).unwrap_err();
        assert_eq!(again.refusal().unwrap().code.code, "merge.undone");
    });
}

#[test]
fn what_came_between_goes_where_its_keys_lead() {
    both_with("between", TABLES, |t| {
        let (a, b) = two(t);
        let m = merged(t, a, b);
        let found = feed(t, &[ev(30, &["own:2", "card:77"]), ev(31, &["own:1", "card:88"]), ev(32, &["card:77", "card:88"])]);
        assert!(found.iter().all(|f| f.member == Some(a)));
        say(t, a, said("push", true, 40));
        let back = unmerged(t, m);
        sound(t);
        assert!(back.differences.iter().any(|d| d.what == "keys") && back.differences.iter().any(|d| d.what == "consent"));
        assert_eq!(one(t, 50, &["card:77"]), Some(b));
        assert_eq!(one(t, 50, &["card:88"]), Some(a));
        assert_eq!(one(t, 50, &["own:1"]), Some(a));
        assert_eq!(one(t, 50, &["own:2"]), Some(b));
    });
}

/// What became of tags between is told, and what was taken off is the past of who had it.
#[test]
fn tags_that_changed_between_are_listed() {
    both_with("unmerge_tags", TABLES, |t| {
        let (a, b) = (one(t, 1, &["own:1"]).unwrap(), one(t, 2, &["own:2"]).unwrap());
        let named = |name: &'static str| {
            let cx = t.ctx();
            t.write(move |tx| service::add(tx, &cx, name, None, None)).id
        };
        let (first, second) = (named("M1"), named("M2"));
        let change = |whom: Vec<MemberId>, add: Vec<TagId>, remove: Vec<TagId>| {
            let cx = t.ctx();
            t.write(move |tx| give::change(tx, &cx, &whom, &Change { add: add.clone(), remove: remove.clone() }, "stf").map(|_| ()));
        };
        let past = |id: MemberId| {
            let cx = t.ctx();
            t.read(move |tx| give::past(tx, &cx, id, false, (Instant(i64::MAX), [255; 16]), 10))
                .into_iter()
                .map(|p| p.tag)
                .collect::<Vec<_>>()
        };
        change(vec![a, b], vec![first], vec![]);
        let m = merged(t, a, b);
        change(vec![a], vec![second], vec![first]);
        assert_eq!(past(a), [first], "taken off in one act");
        let back = unmerged(t, m);
        let told: Vec<&str> = back.differences.iter().map(|d| d.en.split_once(": ").unwrap().1).collect();
        let lost = "the tag “M1” was taken off after the merge";
        assert_eq!(told, [lost, "the tag “M2” was given after the merge", lost]);
        assert!(back.differences.iter().all(|d| d.what == "tags"));
        assert_eq!((past(a), past(b)), (vec![first], vec![first]));
        sound(t);
    });
}

/// The survivor took in another meanwhile, or was taken in: whose tags those are is known.
#[test]
fn tags_that_a_further_merge_brought_are_not_told_as_given() {
    both_with("unmerge_further", TABLES, |t| {
        let [old, a, b, d] = [1, 2, 3, 4].map(|i| one(t, i, &[&format!("own:{i}")]).unwrap());
        let tags = ["M1", "M2", "M3", "M4", "M5"].map(|name| {
            let cx = t.ctx();
            t.write(move |tx| service::add(tx, &cx, name, None, None)).id
        });
        let give = |whom: MemberId, tag: usize| {
            let (cx, add) = (t.ctx(), vec![tags[tag]]);
            t.write(move |tx| give::change(tx, &cx, &[whom], &Change { add: add.clone(), remove: vec![] }, "stf").map(|_| ()));
        };
        for (n, whom) in [a, b, d, old].into_iter().enumerate() {
            give(whom, n);
        }
        let first = merged(t, a, b);
        t.clock.advance_seconds(1);
        give(a, 4);
        let second = merged(t, a, d);
        t.clock.advance_seconds(1);
        let third = merged(t, old, a);
        assert_eq!((first.survivor, second.survivor, third.survivor), (a, a, old));
        let back = unmerged(t, first);
        let told: Vec<(&str, &str)> = back.differences.iter().map(|d| (d.what, d.en.split_once(": ").unwrap().1)).collect();
        let into = format!("was merged into {old} since, which has its profile and consents");
        assert_eq!(told, [("tags", "the tag “M5” was given after the merge"), ("merge", into.as_str())]);
        sound(t);
    });
}

#[test]
fn a_merge_by_keys_is_taken_back_and_stays_so() {
    both_with("unmerge_keys", TABLES, |t| {
        let a = one(t, 1, &["name:anna", "phone:13800000001"]).unwrap();
        let b = one(t, 2, &["open:b"]).unwrap();
        assert_eq!(one(t, 3, &["open:b", "phone:13800000001"]), Some(a));
        let cx = t.ctx();
        let m = t.read(move |tx| merge::list(tx, &cx, Some(a), None, 10)).remove(0);
        assert_eq!((m.survivor, m.absorbed, m.cause.as_str()), (a, b, "keys"));
        unmerged(t, Merged { survivor: a, absorbed: b, merge: m.id });
        assert_eq!(one(t, 4, &["open:b"]), Some(b));
        assert_eq!(one(t, 4, &["name:anna"]), Some(a));
        one(t, 5, &["open:b", "phone:13800000001"]);
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, b)), Some(b), "the same keys do not join them again");
        sound(t);
    });
}

#[test]
fn reviews_are_decided() {
    both_with("reviews", TABLES, |t| {
        let a = one(t, 1, &["own:1", "rphone:13800000001"]).unwrap();
        let b = one(t, 2, &["own:2", "rphone:13800000001"]).unwrap();
        let open = |t: &TestStore| {
            let cx = t.ctx();
            t.read(move |tx| review::list(tx, &cx, "open", None, 10))
        };
        let r = open(t).remove(0);
        let (cx, id) = (t.ctx(), r.id);
        let done = t.write(move |tx| review::keep_apart(tx, &cx, id));
        assert_eq!((done.state.as_str(), done.pair), ("kept_apart", Some((a, b))));
        assert!(open(t).is_empty());
        let cx = t.ctx();
        let again = t.try_write(move |tx| review::keep_apart(tx, &cx, id)).unwrap_err();
        assert_eq!(again.refusal().unwrap().code.code, "review.decided");
        // A third with the same contact is a new question.
        let c = one(t, 3, &["own:3", "rphone:13800000001"]).unwrap();
        let r = open(t).remove(0);
        assert_eq!(r.pair, Some((a, c)));
        let cx = t.ctx();
        let (r, survivor) = t.write(move |tx| review::merge(tx, &cx, id, ""));
        assert_eq!(survivor, a);
        // b was kept from a, and c is a now.
        assert_eq!(r.state, "kept_apart");
        // People may think again: the merge overrides what kept them apart, and taking it back restores that.
        let before = everything(t);
        let m = merged(t, a, b);
        assert_eq!(unmerged(t, m).differences, []);
        assert_eq!(everything(t), before);
        sound(t);
    });
}

fn arb() -> impl Strategy<Value = Vec<(i64, Vec<String>)>> {
    let key = prop_oneof![
        (0..3u8).prop_map(|v| format!("own:{v}")),
        (0..4u8).prop_map(|v| format!("phone:1380000000{v}")),
        (0..4u8).prop_map(|v| format!("name:n{v}")),
        (0..3u8).prop_map(|v| format!("card:{v}")),
        (0..3u8).prop_map(|v| format!("rphone:1380000000{v}")),
        (0..3u8).prop_map(|v| format!("rname:张{v}三")),
    ];
    prop::collection::vec((0..50i64, prop::collection::vec(key, 1..3)), 2..8)
}

fn evidence(items: &[(i64, Vec<String>)]) -> Vec<Evidence> {
    items
        .iter()
        .map(|(at, keys)| {
            let mut seen = BTreeSet::new();
            let keys: Vec<&str> = keys.iter().map(String::as_str).filter(|k| !k.starts_with("own") || seen.insert("own")).collect();
            ev(*at, &keys)
        })
        .collect()
}

/// Nothing is lost or doubled by merging and unmerging with records arriving between; with
/// nothing between, the store is as before.
#[test]
fn merges_lose_nothing() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&(arb(), arb(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), |(first, between, i, j, none)| {
            let t = sqlite_with(TABLES);
            let found = feed(&t, &evidence(&first));
            let mut living: Vec<MemberId> = found.iter().filter_map(|f| f.member).collect();
            let cx = t.ctx();
            living = t
                .read(move |tx| living.iter().map(|m| identity::resolve(tx, &cx, *m)).collect::<shuke_kernel::Result<Vec<_>>>())
                .into_iter()
                .flatten()
                .collect();
            living.sort();
            living.dedup();
            if living.len() < 2 {
                return Ok(());
            }
            let a = living.remove(i.index(living.len()));
            let b = living.remove(j.index(living.len()));
            let (before, parted) = (everything(&t), partition(&t));
            let m = merged(&t, a, b);
            sound(&t);
            if !none {
                feed(&t, &evidence(&between));
                sound(&t);
            }
            let sets = t.int("SELECT COUNT(*) FROM key_set");
            let refs = t.int("SELECT CAST(SUM(refs) AS BIGINT) FROM key_set");
            let cx = t.ctx();
            let back = t.try_write(move |tx| merge::unmerge(tx, &cx, m.merge));
            sound(&t);
            prop_assert_eq!(t.int("SELECT COUNT(*) FROM key_set"), sets);
            prop_assert_eq!(t.int("SELECT CAST(SUM(refs) AS BIGINT) FROM key_set"), refs);
            if none {
                let back = back.map_err(|e| TestCaseError::fail(e.to_string()))?;
                prop_assert!(back.differences.is_empty(), "{:?}", back.differences);
                prop_assert_eq!(partition(&t), parted);
                for (now, then) in everything(&t).iter().zip(&before) {
                    prop_assert_eq!(now, then);
                }
            } else if back.is_ok() {
                let cx = t.ctx();
                let (x, y) = t.read(move |tx| Ok((identity::resolve(tx, &cx, m.survivor)?, identity::resolve(tx, &cx, m.absorbed)?)));
                prop_assert_ne!(x, y);
            }
            Ok(())
        })
        .unwrap();
}

/// Chains of merges by hand, some taken back in any order: whoever went into another is with them until
/// that merge is taken back, whatever happened to either meanwhile.
#[test]
fn chains_of_merges_are_taken_back_link_by_link() {
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let step = (any::<bool>(), any::<prop::sample::Index>(), any::<prop::sample::Index>());
    runner.run(&prop::collection::vec(step, 3..12), |steps| chain(&steps)).unwrap();
}

#[test]
fn a_member_that_was_taken_out_is_not_drawn_in_again_by_the_next_merge() {
    let t = sqlite_with(TABLES);
    let ids = strangers(&t, 4);
    let first = later(&t, |t| merged(t, ids[2], ids[3]));
    later(&t, |t| merged(t, ids[0], first.survivor));
    later(&t, |t| unmerged(t, first));
    later(&t, |t| merged(t, ids[0], ids[1]));
    let cx = t.ctx();
    let absorbed = first.absorbed;
    assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, absorbed)), Some(absorbed));
    let (cx, others) = (t.ctx(), ids.iter().copied().filter(|id| *id != absorbed).collect::<Vec<_>>());
    let roots: BTreeSet<_> = t.read(move |tx| others.iter().map(|m| identity::resolve(tx, &cx, *m)).collect::<shuke_kernel::Result<_>>());
    assert_eq!(roots.len(), 1);
    sound(&t);
}

fn later<R>(t: &TestStore, act: impl FnOnce(&TestStore) -> R) -> R {
    t.clock.advance_seconds(1);
    act(t)
}

fn strangers(t: &TestStore, count: usize) -> Vec<MemberId> {
    (0..count).map(|n| feed(t, &[ev(1 + n as i64, &[&format!("own:{n}")])])[0].member.unwrap()).collect()
}

fn chain(steps: &[(bool, prop::sample::Index, prop::sample::Index)]) -> Result<(), TestCaseError> {
    let t = sqlite_with(TABLES);
    let ids = strangers(&t, 6);
    // Who went into whom, by which merge.
    let mut into: Vec<Merged> = Vec::new();
    let root = |into: &[Merged], id: MemberId| {
        let mut at = id;
        while let Some(m) = into.iter().find(|m| m.absorbed == at) {
            at = m.survivor;
        }
        at
    };
    for (merging, i, j) in steps {
        t.clock.advance_seconds(1);
        let (a, b) = (ids[i.index(ids.len())], ids[j.index(ids.len())]);
        if *merging && root(&into, a) != root(&into, b) {
            into.push(merged(&t, a, b));
        } else if !into.is_empty() {
            let back = into.remove(i.index(into.len()));
            unmerged(&t, back);
        }
        sound(&t);
        for id in &ids {
            let (cx, id) = (t.ctx(), *id);
            prop_assert_eq!(t.read(move |tx| identity::resolve(tx, &cx, id)), Some(root(&into, id)));
        }
    }
    Ok(())
}

#[test]
fn what_comes_by_a_key_that_is_just_being_split_off_goes_with_the_key() {
    both_with("split_race", TABLES, |t| {
        let (a, x) = (one(t, 1, &["card:1"]).unwrap(), one(t, 2, &["open:x"]).unwrap());
        let m = merged(t, a, x);
        let (split, first) = std::sync::mpsc::channel();
        let cx = t.ctx();
        let came = std::thread::scope(|scope| {
            scope.spawn(move || {
                t.write(move |tx| {
                    merge::unmerge(tx, &cx, m.merge)?;
                    let _ = split.send(());
                    // Long enough for the other to find the key with the member that is losing it.
                    std::thread::sleep(std::time::Duration::from_millis(300));
                    Ok(())
                });
            });
            first.recv().unwrap();
            one(t, 10, &["open:x", "raddr:王|杭州"])
        });
        assert_eq!(came, one(t, 11, &["open:x"]));
        assert_ne!(came, one(t, 12, &["card:1"]));
        sound(t);
    });
}
