//! A portrait's bars are what the evaluator says of their conditions: of random members, groups, windows.

use std::sync::Arc;

use proptest::prelude::*;
use shuke_columns::{People, Registry};
use shuke_kernel::Zone;
use shuke_segments::portrait::{Attribute, Key, Metric, Occasion, Question, measure, tell};
use shuke_segments::target::{MILLION, Wish, reckon::reckon};
use shuke_segments::tree::Cond;
use shuke_segments::{Expression, Reckoning, Segments, check, check_text, count, write};

use crate::draw::{self, Clock, Tape};
use crate::trees::Trees;

struct Drawn {
    people: People,
    question: Question,
}

/// `drafts` is the number of members of a slice.
fn draw(tape: &[u16]) -> Drawn {
    let mut tape = Tape::new(tape);
    let registry = Arc::new(Registry::standard());
    let clock = Clock::draw(&mut tape);
    let reckoning = Reckoning::new(clock.at, &Zone::named(clock.zone_name).unwrap());
    let none = Segments::default();
    let group = |tape: &mut Tape<'_>| {
        let mut trees = Trees { registry: &registry, clock: &clock, tape, segments: &[] };
        let tree = if trees.tape.chance(3) { trees.cond(2, None) } else { serde_json::json!({"op": "all"}) };
        check(tree.to_string().as_bytes(), &registry, &none, &reckoning).unwrap()
    };
    let (group, against) = (group(&mut tape), group(&mut tape));
    let members: Vec<_> = (0..4).flat_map(|_| draw::members(&registry, &clock, &mut tape)).collect();
    let today = reckoning.today;
    let occasions = vec![
        Occasion { word: "double_11".into(), days: vec![(today - 8, today - 6), (today - 366, today - 360)] },
        Occasion { word: "own".into(), days: vec![(today - 1, today + 1)] },
    ];
    let (from, to) = tape.one(&[(None, None), (Some(today - 30), None), (None, Some(today - 1)), (Some(today - 90), Some(today - 2))]);
    let shop = tape.chance(3).then(|| "甲".into());
    // Words have other codes in each slice.
    let slices = members.chunks(5).enumerate().map(|(i, some)| {
        let mut lexicon = draw::lexicon(&registry);
        let drafts = some.iter().map(|m| {
            let mut draft = draw::draft(&registry, m, &mut lexicon);
            draft.id = format!("{}-{i}", draft.id).into();
            draft
        });
        let drafts = drafts.collect();
        Arc::new(draw::slice(&registry, lexicon, drafts))
    });
    let people = People { registry: registry.clone(), slices: slices.collect(), known_at: clock.at, position: 0 };
    Drawn { people, question: Question { group, against, reckoning, shop, from, to, occasions } }
}

/// How many of a group a condition is true of, once it was written out and read again.
fn counted(drawn: &Drawn, of: &Expression, cond: &Cond) -> u64 {
    let read = check(write::cond(cond).to_string().as_bytes(), &drawn.people.registry, &Segments::default(), &drawn.question.reckoning);
    let read = read.unwrap_or_else(|refusal| panic!("{refusal}\n{}", write::cond(cond)));
    let both = Expression { root: Cond::And(vec![of.root.clone(), read.root]), segments: of.segments.clone() };
    let found = count::matches(&drawn.people, &both, &drawn.question.reckoning, &|| false).unwrap().unwrap();
    found.iter().map(|f| f.len() as u64).sum()
}

fn agree(tape: &[u16]) {
    let drawn = draw(tape);
    let question = &drawn.question;
    let measured = measure(&drawn.people, question, &|| false).unwrap().unwrap();
    let told = tell(question, &measured);
    let groups = [&question.group, &question.against];
    assert_eq!([told.members[0], told.members[2]], groups.map(|g| counted(&drawn, g, &Cond::All)));
    for found in &told.attributes {
        for bar in &found.bars {
            let said = groups.map(|g| counted(&drawn, g, &bar.cond));
            assert_eq!(said, [bar.group.count, bar.against.count], "{:?} {:?} {}", found.attribute, bar.key, write::cond(&bar.cond));
            assert_eq!([bar.group.known, bar.against.known], found.known);
        }
        let missing = found.missing_cond.as_ref().map_or([0, 0], |cond| groups.map(|g| counted(&drawn, g, cond)));
        assert_eq!(missing, found.missing, "{:?}", found.attribute);
    }
    let text = |text: &str| check_text(text, &drawn.people.registry, &Segments::default(), &question.reckoning).unwrap().root;
    if question.shop.is_none() && question.from.is_none() && question.to.is_none() {
        let buyers = groups.map(|g| counted(&drawn, g, &text("exists(orders where kept = true)")));
        let metric = |m: Metric| told.metrics.iter().find(|t| t.metric == m).unwrap();
        let shares = |m: Metric| [metric(m).group, metric(m).against].map(|s| s.sum as u64);
        assert_eq!(shares(Metric::Buyers), buyers);
        let carts = groups.map(|g| counted(&drawn, g, &text(r#"exists(events where kind = "cart")"#)));
        assert_eq!(shares(Metric::Cart), carts);
        let converted = text(r#"exists(events where kind = "view") and exists(orders where kept = true)"#);
        assert_eq!(shares(Metric::Conversion), groups.map(|g| counted(&drawn, g, &converted)));
    }
}

/// What a wished-for portrait counts is what the evaluator says of each expression, and whom it tells of
/// gaps is whom the expressions of its levels find.
fn closes(tape: &[u16]) {
    let drawn = draw(tape);
    let mut tape = Tape::new(tape);
    let wish = |attribute: &str, values: &[&str], tape: &mut Tape<'_>| Wish {
        attribute: attribute.into(),
        values: values.iter().map(|v| (*v).to_owned()).collect(),
        share: tape.one(&[1, 100_000, 333_333, 500_000, MILLION]),
    };
    let wishes = vec![
        wish("gender", &["female"], &mut tape),
        wish("age", &["2", "3"], &mut tape),
        wish("age", &["4"], &mut tape),
        wish("tags", &["运动"], &mut tape),
        wish("tags", &["母婴"], &mut tape),
        wish("orders", &["2", "3"], &mut tape),
    ];
    let mut question = Question { shop: None, from: None, to: None, ..drawn.question.clone() };
    // A subject is bought goods or a segment: it is never unknown of anybody.
    let subject = tape.one(&["exists(lines where kept = true)", "exists(events where kind = \"cart\")", "has_any(\"晒单\")"]);
    question.group = check_text(subject, &drawn.people.registry, &Segments::default(), &question.reckoning).unwrap();
    let told = reckon(&drawn.people, &question.group, &wishes, &question.reckoning, &|| false).unwrap().unwrap();
    let drawn = Drawn { people: drawn.people, question };
    let everybody = check_text("everyone", &drawn.people.registry, &Segments::default(), &drawn.question.reckoning).unwrap();
    let group = &drawn.question.group;
    assert_eq!([told.members, told.base], [counted(&drawn, group, &Cond::All), counted(&drawn, &everybody, &Cond::All)]);
    for standing in &told.wishes {
        let of = standing.wish.of().unwrap();
        let each = |e: &Expression| -> u64 {
            standing
                .wish
                .keys()
                .unwrap()
                .iter()
                .map(|key| match key {
                    Key::Word(word) => counted(&drawn, e, &drawn.question.word(of, word)),
                    Key::Class(class) => counted(&drawn, e, &drawn.question.class(of, *class, &[])),
                })
                .sum()
        };
        assert_eq!([standing.counted.count, standing.counted.base_count], [each(group), each(&everybody)]);
        let missing = drawn.question.missing(of).map_or(0, |cond| counted(&drawn, group, &cond));
        assert_eq!(standing.counted.known, told.members - missing);
    }
    for level in &told.levels {
        assert_eq!(counted(&drawn, &everybody, &level.cond), level.members, "{}", write::cond(&level.cond));
    }
    assert!(told.levels.is_sorted_by(|a, b| a.gaps > b.gaps && a.members <= b.members));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]
    #[test]
    fn gaps_are_told_of_whom_their_expressions_find(tape in prop::collection::vec(any::<u16>(), 0..600)) {
        closes(&tape);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn bars_are_what_their_conditions_say(tape in prop::collection::vec(any::<u16>(), 0..900)) {
        agree(&tape);
    }
}

#[test]
fn every_attribute_is_told_and_none_but_those_with_an_order_is_sorted_by_size() {
    let drawn = draw(&[7, 3, 1, 9, 4, 2, 8, 5, 6, 11, 13, 3, 2, 1, 5, 8, 9, 2, 4, 6, 1, 3, 7, 2].repeat(40));
    let measured = measure(&drawn.people, &drawn.question, &|| false).unwrap().unwrap();
    let told = tell(&drawn.question, &measured);
    assert_eq!(told.attributes.len(), Attribute::ALL.len());
    for found in told.attributes.iter().filter(|f| !f.attribute.is_ordered()) {
        assert!(found.bars.is_sorted_by_key(|b| std::cmp::Reverse(b.group.count)), "{:?}", found.attribute);
    }
    assert!(measure(&drawn.people, &drawn.question, &|| true).unwrap().is_none(), "whoever left is not waited for");
}
