//! The evaluator over a base, the evaluator over one member, and the reference say the same, of random
//! expressions over random histories at random times.

use std::sync::Arc;

use proptest::prelude::*;
use shuke_columns::Registry;
use shuke_kernel::Zone;
use shuke_segments::definitions::Definition;
use shuke_segments::{Expression, Plan, Reckoning, Segments, check, json, text};

use crate::draw::{self, Clock, Tape};
use crate::reference::{Member, World};
use crate::trees::Trees;

struct Case {
    registry: Arc<Registry>,
    clock: Clock,
    members: Vec<Member>,
    expression: Expression,
    reckoning: Reckoning,
}

fn draw(tape: &[u16]) -> Case {
    let mut tape = Tape::new(tape);
    let registry = Arc::new(Registry::standard());
    let clock = Clock::draw(&mut tape);
    let mut segments = Segments::default();
    let list = Segments::read(br#"{"seg_list": {"name": "x", "members": ["m2", "m0", "m99", "m4"]}}"#).unwrap();
    segments.set("seg_list", list.find("seg_list").unwrap().clone());
    let names = ["seg_living", "seg_list"];
    let mut trees = Trees { registry: &registry, clock: &clock, tape: &mut tape, segments: &names[1..] };
    let living = trees.cond(2, None).to_string();
    segments.set("seg_living", Definition::Living(Arc::new(json::read(living.as_bytes()).unwrap())));
    trees.segments = &names;
    let tree = trees.cond(3, None).to_string();
    let members = draw::members(&registry, &clock, &mut tape);
    let reckoning = Reckoning::new(clock.at, &Zone::named(clock.zone_name).unwrap());
    let expression = check(tree.as_bytes(), &registry, &segments, &reckoning).unwrap_or_else(|refusal| panic!("{refusal}\n{tree}"));
    Case { registry, clock, members, expression, reckoning }
}

/// Panics where they disagree; how many members were asked.
fn agree(tape: &[u16]) -> usize {
    let Case { registry, clock, members, expression, reckoning } = draw(tape);
    let row_ids = draw::row_ids(&registry);
    let world = World { members: &members, zone: clock.zone.clone(), segments: &expression.segments, row_ids };
    let said = |m: &Member| world.is_in_base(m, clock.at) && world.cond(&expression.root, m, None, clock.at) == Some(true);
    let expected: Vec<String> = members.iter().filter(|m| said(m)).map(|m| m.id.clone()).collect();
    let plan = Plan::of(&expression, &registry, &reckoning).unwrap();
    let never = || false;
    let slices: Vec<_> = members
        .chunks(3)
        .map(|some| {
            let mut lexicon = draw::lexicon(&registry);
            let drafts = some.iter().map(|m| draw::draft(&registry, m, &mut lexicon)).collect();
            draw::slice(&registry, lexicon, drafts)
        })
        .collect();
    let (found, thresholds) = plan.found(&slices, &never).unwrap();
    assert_eq!(plan.thresholds(&slices, &never).unwrap(), thresholds);
    assert_eq!(plan.matches(&slices, &thresholds, &never).unwrap(), found);
    let ids = slices.iter().zip(&found).flat_map(|(slice, places)| places.iter().map(|p| slice.members.get(p).into_owned()));
    let what = || format!("{} at {} in {}", text::show(&expression.root), shuke_kernel::Instant(clock.at), clock.zone_name);
    assert_eq!(ids.collect::<Vec<_>>(), expected, "the set: {}", what());
    for m in &members {
        let mut lexicon = draw::lexicon(&registry);
        let draft = draw::draft(&registry, m, &mut lexicon);
        let alone = draw::slice(&registry, lexicon, vec![draft]);
        assert_eq!(plan.is_true_of(&alone, &thresholds), expected.contains(&m.id), "{} alone: {}", m.id, what());
    }
    members.len()
}

proptest! {
    #[test]
    fn set_and_single_and_reference_agree(tape in prop::collection::vec(any::<u16>(), 0..900)) {
        agree(&tape);
    }
}

#[test]
fn a_question_can_be_called_off() {
    let Case { registry, members, expression, reckoning, .. } = draw(&[]);
    let mut lexicon = draw::lexicon(&registry);
    let drafts = members.iter().map(|m| draw::draft(&registry, m, &mut lexicon)).collect();
    let slices = [draw::slice(&registry, lexicon, drafts)];
    let plan = Plan::of(&expression, &registry, &reckoning).unwrap();
    assert!(plan.matches(&slices, &plan.thresholds(&slices, &|| false).unwrap(), &|| true).is_none());
}

/// Of a campaign: the tape of a case, which is all that a case is made of.
fn tape(seed: u64, case: u64) -> Vec<u16> {
    let mut state = seed ^ case.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 40
    };
    let length = next() % 900;
    (0..length).map(|_| next() as u16).collect()
}

/// A few triples of tree, member and instant here; as many as asked for in `make soak segments`, which goes on
/// where it was stopped.
#[test]
fn set_and_single_agree_on_as_many_as_are_asked_for() {
    let asked = |name: &str, or: u64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(or);
    let (wanted, seed) = (asked("SHUKE_SOAK_TRIPLES", 300), asked("SHUKE_SOAK_SEED", 1));
    let state = std::env::var("SHUKE_SOAK_STATE").ok();
    let before = state.as_ref().and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let mut numbers = before.split_whitespace().filter_map(|n| n.parse::<u64>().ok());
    let (mut case, mut triples) = match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(of), Some(case), Some(triples)) if of == seed => (case, triples),
        _ => (0, 0),
    };
    while triples < wanted {
        triples += agree(&tape(seed, case)) as u64;
        case += 1;
        if let Some(file) = state.as_ref().filter(|_| case.is_multiple_of(500) || triples >= wanted) {
            std::fs::write(file, format!("{seed} {case} {triples}\n")).unwrap();
        }
    }
    println!("seed {seed}: {triples} triples of {case} trees agree");
}
