//! JSON, tree and text are the same expression.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value as Json;
use shuke_columns::Registry;
use shuke_kernel::Zone;
use shuke_segments::{Plan, Reckoning, Segments, check, check_text, text, write};

use crate::draw::{self, Clock, Tape};
use crate::trees::Trees;

proptest! {
    #[test]
    fn json_and_text_come_back(tape in prop::collection::vec(any::<u16>(), 0..300)) {
        let mut tape = Tape::new(&tape);
        let registry = Registry::standard();
        let clock = Clock::draw(&mut tape);
        let json = Trees { registry: &registry, clock: &clock, tape: &mut tape, segments: &[] }.cond(4, None).to_string();
        let reckoning = Reckoning::new(clock.at, &Zone::named(clock.zone_name).unwrap());
        let none = Segments::default();
        let tree = check(json.as_bytes(), &registry, &none, &reckoning).unwrap().root;
        let written = write::cond(&tree).to_string();
        prop_assert_eq!(&check(written.as_bytes(), &registry, &none, &reckoning).unwrap().root, &tree, "{}", written);
        let shown = text::show(&tree);
        let read = check_text(&shown, &registry, &none, &reckoning);
        prop_assert!(read.is_ok(), "{}: {}", shown, read.unwrap_err());
        let read = read.unwrap().root;
        prop_assert_eq!(&read, &tree.canonical(), "{}", shown);
        prop_assert_eq!(text::show(&read), shown);
    }

    #[test]
    fn whatever_is_written_is_refused_or_read(shown in "\\PC{0,40}", words in prop::collection::vec(prop::sample::select(&["not", "(", ")", "and", "points", "=", ">=", "1", "0.5", "¥1.00", "in", "[", ",", "exists", "orders", "where", "last", "days", "\"x\"", "top", "by", "%", "2024-02-29", "2024-02-29T00:00:00Z", "-", "sum", "."][..]), 0..14)) {
        let registry = Registry::standard();
        let reckoning = Reckoning::new(0, &Zone::shanghai());
        let none = Segments::default();
        for text in [shown, words.join(" ")] {
            if let Ok(read) = check_text(&text, &registry, &none, &reckoning) {
                prop_assert!(check_text(&text::show(&read.root), &registry, &none, &reckoning).is_ok());
            }
        }
    }

    #[test]
    fn what_is_damaged_is_refused_or_answered(tape in prop::collection::vec(any::<u16>(), 0..600)) {
        let mut tape = Tape::new(&tape);
        let registry = Arc::new(Registry::standard());
        let clock = Clock::draw(&mut tape);
        let mut tree = Trees { registry: &registry, clock: &clock, tape: &mut tape, segments: &[] }.cond(3, None);
        damage(&mut tree, &mut tape);
        let reckoning = Reckoning::new(clock.at, &Zone::named(clock.zone_name).unwrap());
        let none = Segments::default();
        let json = tree.to_string();
        match check(json.as_bytes(), &registry, &none, &reckoning) {
            // Whoever reads the refusal finds the node: it is there, or it is the one whose key is missing.
            Err(refusal) => prop_assert!(tree.pointer(&refusal.path).is_some(), "{refusal}: {json}"),
            Ok(expression) => {
                let plan = Plan::of(&expression, &registry, &reckoning).unwrap();
                let mut lexicon = draw::lexicon(&registry);
                let members = draw::members(&registry, &clock, &mut tape);
                let drafts = members.iter().map(|m| draw::draft(&registry, m, &mut lexicon)).collect();
                let slices = [draw::slice(&registry, lexicon, drafts)];
                let thresholds = plan.thresholds(&slices, &|| false).unwrap();
                prop_assert!(plan.matches(&slices, &thresholds, &|| false).is_some());
                let written = write::cond(&expression.root).to_string();
                prop_assert_eq!(&check(written.as_bytes(), &registry, &none, &reckoning).unwrap().root, &expression.root, "{}", json);
                let shown = text::show(&expression.root);
                let read = check_text(&shown, &registry, &none, &reckoning);
                prop_assert!(read.is_ok(), "{}: {}", shown, read.unwrap_err());
                prop_assert_eq!(read.unwrap().root, expression.root.canonical(), "{}", json);
            }
        }
    }
}

/// The paths of all that is in a tree, itself first.
fn paths(of: &Json, path: String, all: &mut Vec<String>) {
    all.push(path.clone());
    match of {
        Json::Object(entries) => entries.iter().for_each(|(key, of)| paths(of, format!("{path}/{key}"), all)),
        Json::Array(items) => items.iter().enumerate().for_each(|(i, of)| paths(of, format!("{path}/{i}"), all)),
        _ => {}
    }
}

/// Does one thing to one place of a tree: a list loses its items or an object a key, an object gets a key
/// that stands elsewhere, a literal and an object change places.
fn damage(tree: &mut Json, tape: &mut Tape<'_>) {
    let mut all = Vec::new();
    paths(tree, String::new(), &mut all);
    let path = &all[tape.pick(all.len())];
    let other = tree.pointer(&all[tape.pick(all.len())]).cloned().unwrap();
    let Some(at) = tree.pointer_mut(path) else { return };
    match at {
        Json::Array(items) => match tape.pick(3) {
            0 => items.clear(),
            1 => drop(items.pop()),
            _ => items.push(other),
        },
        Json::Object(entries) => match tape.pick(3) {
            0 => {
                let key = entries.keys().nth(tape.pick(entries.len().max(1))).cloned();
                key.map(|key| entries.remove(&key));
            }
            1 => {
                let key =
                    tape.one(&["window", "where", "on", "of", "same", "absent", "within", "args", "fact", "n", "as_of", "until", "x/y"]);
                entries.insert(key.to_owned(), other);
            }
            _ => *at = tape.one(&LITERALS).parse().unwrap(),
        },
        _ if tape.chance(2) => *at = other,
        _ => *at = tape.one(&LITERALS).parse().unwrap(),
    }
}

const LITERALS: [&str; 10] =
    ["{}", "[]", "null", "0", "1.5", "9223372036854775808", "\"\"", "\"2024-02-30\"", "{\"fact\": \"points\"}", "{\"op\": \"all\"}"];
