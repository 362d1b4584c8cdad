//! The fold: examples, permutations, and a slow reference.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::identity::fold::{Decision, Folded, Key, Rules, Set, assign, plain};
use crate::identity::model::{KeyClass, KeyKind};

fn k(text: &str) -> Key {
    let (kind, value) = text.split_once(':').unwrap();
    let (kind, class) = match kind {
        "own" => (KeyKind::OwnId, KeyClass::Strong),
        "open" => (KeyKind::OpenId, KeyClass::Strong),
        "phone" => (KeyKind::Phone, KeyClass::Strong),
        "name" => (KeyKind::AccountName, KeyClass::Scoped),
        "rphone" => (KeyKind::ReceiverPhone, KeyClass::Contact),
        other => panic!("{other}"),
    };
    let mut token = [0; 16];
    // An account's and a receiver's phone are one value.
    token[0] = if kind == KeyKind::ReceiverPhone { KeyKind::Phone as u8 } else { kind as u8 };
    token[1..=value.len()].copy_from_slice(value.as_bytes());
    Key { token, slot: u32::from(kind as u8), kind, class }
}

fn set(n: u8, at: i64, keys: &[&str]) -> Set {
    Set { id: [n; 16], first_seen: at, rank: 0, keys: keys.iter().map(|x| k(x)).collect() }
}

fn decide(n: u8, at: i64, together: bool, l: u8, r: u8) -> Decision {
    Decision { at, id: [n; 16], together, left: [l; 16], right: [r; 16] }
}

fn groups(sets: &[Set], folded: &Folded) -> BTreeSet<BTreeSet<u8>> {
    folded.groups.iter().map(|g| g.sets.iter().map(|i| sets[*i].id[0]).collect()).collect()
}

fn check(sets: &[Set], decisions: &[Decision], rules: Rules, want: &[&[u8]]) {
    let want: BTreeSet<BTreeSet<u8>> = want.iter().map(|g| g.iter().copied().collect()).collect();
    assert_eq!(groups(sets, &assign(sets, decisions, rules)), want);
}

const PLAIN: Rules = Rules { merge_on_contact: false };
const CONTACT: Rules = Rules { merge_on_contact: true };

#[test]
fn examples() {
    // A shared strong key is one person; a scoped one too.
    check(
        &[set(1, 1, &["open:a", "phone:1"]), set(2, 2, &["open:a"]), set(3, 3, &["phone:1", "name:n"]), set(4, 4, &["name:n"])],
        &[],
        PLAIN,
        &[&[1, 2, 3, 4]],
    );
    // A contact proposes and does not join.
    check(&[set(1, 1, &["open:a", "rphone:1"]), set(2, 2, &["open:b", "rphone:1"])], &[], PLAIN, &[&[1], &[2]]);
    // An account phone and a receiver's phone: a proposal as well.
    check(&[set(1, 1, &["phone:1"]), set(2, 2, &["name:b", "rphone:1"])], &[], PLAIN, &[&[1], &[2]]);
    // Where the shop has set so, it joins, also an order that nobody could be named for …
    check(&[set(1, 1, &["phone:1"]), set(2, 2, &["rphone:1"])], &[], CONTACT, &[&[1, 2]]);
    // … but never two open ids.
    check(&[set(1, 1, &["open:a", "rphone:1"]), set(2, 2, &["open:b", "rphone:1"])], &[], CONTACT, &[&[1], &[2]]);
    // Two own ids under one phone: to review; what has only the phone goes with the earlier.
    check(&[set(1, 1, &["own:a", "phone:1"]), set(2, 2, &["own:b", "phone:1"]), set(3, 3, &["phone:1"])], &[], PLAIN, &[&[1, 3], &[2]]);
    // Two account phones under one name (a renamed account): to review …
    check(&[set(1, 1, &["name:n", "phone:1"]), set(2, 2, &["name:n", "phone:2"])], &[], PLAIN, &[&[1], &[2]]);
    // … unless the open id says that it is one account.
    check(
        &[
            set(1, 1, &["name:n", "phone:1"]),
            set(2, 2, &["name:n", "phone:2"]),
            set(3, 3, &["open:a", "phone:1"]),
            set(4, 4, &["open:a", "phone:2"]),
        ],
        &[],
        PLAIN,
        &[&[1, 2, 3, 4]],
    );
    // People may join what keys would not, and part what keys would join; the latest word holds.
    let two = [set(1, 1, &["own:a"]), set(2, 2, &["own:b"])];
    check(&two, &[decide(1, 1, true, 1, 2)], PLAIN, &[&[1, 2]]);
    check(&two, &[decide(1, 1, true, 1, 2), decide(2, 2, false, 2, 1)], PLAIN, &[&[1], &[2]]);
    let one = [set(1, 1, &["phone:1"]), set(2, 2, &["phone:1", "name:x"]), set(3, 3, &["name:x"])];
    check(&one, &[decide(1, 1, false, 1, 3)], PLAIN, &[&[1, 2], &[3]]);
}

#[test]
fn contested_and_identified() {
    let sets = [set(1, 1, &["own:a", "phone:1"]), set(2, 2, &["own:b", "phone:1"]), set(3, 3, &["rphone:9"]), set(4, 4, &["open:z"])];
    let folded = assign(&sets, &[], PLAIN);
    let of = |n: usize| &folded.groups[folded.group_of[n]];
    assert!(of(0).contested && of(1).contested && !of(3).contested);
    assert!(of(0).identified && !of(2).identified && of(3).identified);
}

fn arb_sets() -> impl Strategy<Value = Vec<Set>> {
    let key = prop_oneof![
        (0..3u8).prop_map(|v| format!("own:{v}")),
        (0..3u8).prop_map(|v| format!("open:{v}")),
        (0..4u8).prop_map(|v| format!("phone:{v}")),
        (0..3u8).prop_map(|v| format!("name:{v}")),
        (0..3u8).prop_map(|v| format!("rphone:{v}")),
    ];
    let keys = prop::collection::vec(key, 1..4);
    prop::collection::vec((keys, 0..6i64), 1..8).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(i, (keys, at))| {
                let mut keys: Vec<Key> = keys.iter().map(|t| k(t)).collect();
                // One record has one value a single-valued kind, and a value once.
                keys.sort();
                keys.dedup_by_key(|x| x.token);
                keys.dedup_by(|a, b| a.slot == b.slot && a.kind.single_valued());
                Set { id: [i as u8 + 1; 16], first_seen: at, rank: 0, keys }
            })
            .collect()
    })
}

fn arb_decisions() -> impl Strategy<Value = Vec<Decision>> {
    prop::collection::vec((1..9u8, 1..9u8, any::<bool>(), 0..5i64), 0..4)
        .prop_map(|all| all.into_iter().enumerate().map(|(i, (l, r, together, at))| decide(i as u8, at, together, l, r)).collect())
}

/// Connected components over keys that identify.
fn components(sets: &[Set]) -> BTreeSet<BTreeSet<u8>> {
    let mut of: Vec<usize> = (0..sets.len()).collect();
    loop {
        let before = of.clone();
        for i in 0..sets.len() {
            for j in 0..sets.len() {
                let shares = sets[i]
                    .keys
                    .iter()
                    .any(|a| a.identifies() && sets[j].keys.iter().any(|b| b.identifies() && a.token == b.token && a.class == b.class));
                if shares {
                    let low = of[i].min(of[j]);
                    (of[i], of[j]) = (low, low);
                }
            }
        }
        if of == before {
            break;
        }
    }
    let mut out: BTreeMap<usize, BTreeSet<u8>> = BTreeMap::new();
    for (i, c) in of.iter().enumerate() {
        out.entry(*c).or_default().insert(sets[i].id[0]);
    }
    out.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn order_of_arrival_is_nothing(sets in arb_sets(), decisions in arb_decisions(), contact: bool, seed in any::<u64>()) {
        let rules = Rules { merge_on_contact: contact };
        let want = groups(&sets, &assign(&sets, &decisions, rules));
        let mut shuffled = sets.clone();
        let mut s = seed;
        for i in (1..shuffled.len()).rev() {
            s = s.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(i, (s >> 33) as usize % (i + 1));
        }
        let mut turned = decisions.clone();
        turned.reverse();
        prop_assert_eq!(groups(&shuffled, &assign(&shuffled, &turned, rules)), want);
    }

    /// Where nothing contradicts, groups are the connected components; and the short cut agrees.
    #[test]
    fn plain_sets_are_components(sets in arb_sets()) {
        let folded = assign(&sets, &[], PLAIN);
        let components = components(&sets);
        for component in &components {
            let members: Vec<&Set> = sets.iter().filter(|s| component.contains(&s.id[0])).collect();
            if plain(members.iter().flat_map(|s| &s.keys)) {
                prop_assert!(groups(&sets, &folded).contains(component));
                prop_assert!(!folded.groups[folded.group_of[sets.iter().position(|s| s.id == members[0].id).unwrap()]].contested);
            }
        }
        // A group never reaches beyond its component.
        for group in groups(&sets, &folded) {
            prop_assert!(components.iter().any(|c| group.is_subset(c)));
        }
    }

    /// No group has two values of a single-valued key unless people put them together, and nobody
    /// is with whom people put apart.
    #[test]
    fn what_must_never_be(sets in arb_sets(), decisions in arb_decisions(), contact: bool) {
        let folded = assign(&sets, &decisions, Rules { merge_on_contact: contact });
        if decisions.iter().all(|d| !d.together) {
            for group in &folded.groups {
                let mut values: BTreeMap<u32, BTreeSet<[u8; 16]>> = BTreeMap::new();
                for key in group.sets.iter().flat_map(|i| &sets[*i].keys).filter(|x| x.kind.single_valued()) {
                    values.entry(key.slot).or_default().insert(key.token);
                }
                prop_assert!(values.values().all(|v| v.len() == 1));
            }
        }
        let mut latest: BTreeMap<(u8, u8), (i64, [u8; 16], bool)> = BTreeMap::new();
        for d in &decisions {
            let pair = (d.left[0].min(d.right[0]), d.left[0].max(d.right[0]));
            let entry = latest.entry(pair).or_insert((d.at, d.id, d.together));
            if (entry.0, entry.1) <= (d.at, d.id) {
                *entry = (d.at, d.id, d.together);
            }
        }
        for ((l, r), (.., together)) in latest {
            let at = |n: u8| sets.iter().position(|s| s.id[0] == n);
            if let (false, Some(i), Some(j), true) = (together, at(l), at(r), l != r) {
                prop_assert_ne!(folded.group_of[i], folded.group_of[j]);
            }
        }
    }
}
