//! A state from which everything that is over was taken, and to which what an event needs was put back, answers, books and
//! becomes what the whole one does; and it does not grow with what is over.

#[allow(dead_code, reason = "the model beside what is drawn")]
mod model;

use std::collections::{BTreeMap, BTreeSet};

use model::DAY;
use model::drawn::{START, histories, in_order, member, programme, rules, steps, versions};
use proptest::prelude::*;
use serde_json::json;
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event, Member};
use shuke_loyalty::json::Node;
use shuke_loyalty::parts::{Part, PartKey, needs, settle};
use shuke_loyalty::{Folded, Rules, State, fold};

/// A state and what is kept apart from it, written down and read again at every turn as a store would.
struct Apart {
    heart: String,
    parts: BTreeMap<(String, String), String>,
}

impl Apart {
    fn of(rules: &Rules, mut state: State) -> Self {
        let mut apart = Self { heart: String::new(), parts: BTreeMap::new() };
        apart.keep(rules, &mut state);
        apart
    }

    fn keep(&mut self, rules: &Rules, state: &mut State) {
        for (key, part) in settle(rules, state) {
            assert_eq!(PartKey::of(key.kind(), &key.name()), Some(key.clone()));
            let known = self.parts.insert((key.kind().to_owned(), key.name()), serde_json::to_string(&part).unwrap());
            assert!(known.is_none(), "{key:?} was apart and here");
        }
        self.heart = serde_json::to_string(state).unwrap();
    }

    fn put_back(&mut self, state: &mut State, key: &PartKey) {
        let part = self.parts.remove(&(key.kind().to_owned(), key.name()));
        let part: Option<Part> = part.map(|text| serde_json::from_str(&text).unwrap());
        part.into_iter().for_each(|part| state.put_back(key.clone(), part));
    }

    fn put_all_back(&mut self, state: &mut State) {
        let keys: Vec<PartKey> = self.parts.keys().map(|(kind, name)| PartKey::of(kind, name).unwrap()).collect();
        keys.iter().for_each(|key| self.put_back(state, key));
    }

    fn with_what_is_needed(&mut self, rules: &Rules, to: Instant, event: Option<&Event>) -> State {
        let mut state: State = serde_json::from_str(&self.heart).unwrap();
        let mut asked = BTreeSet::new();
        loop {
            let keys = needs(rules, &state, to, event, &mut asked);
            if keys.is_empty() {
                return state;
            }
            for key in keys {
                if key == PartKey::All { self.put_all_back(&mut state) } else { self.put_back(&mut state, &key) }
            }
        }
    }

    fn take(&mut self, rules: &Rules, event: &Event) -> Folded {
        let mut state = self.with_what_is_needed(rules, event.time, Some(event));
        let folded = fold::next(rules, &mut state, event).unwrap();
        self.keep(rules, &mut state);
        folded
    }

    fn pass(&mut self, rules: &Rules, to: Instant) -> Folded {
        let mut state = self.with_what_is_needed(rules, to, None);
        let folded = fold::pass(rules, &mut state, to).unwrap();
        self.keep(rules, &mut state);
        folded
    }

    fn whole(mut self) -> State {
        let mut state: State = serde_json::from_str(&self.heart).unwrap();
        self.put_all_back(&mut state);
        state
    }
}

/// Compares the two after every event, and in the end with everything put back.
fn same(rules: &Rules, events: &[Event]) -> Result<(), TestCaseError> {
    let mut whole = State::new(rules, member(), events.first().map_or(Instant::from_micros(START), |event| event.time));
    let mut apart = Apart::of(rules, whole.clone());
    for event in events {
        let one = fold::next(rules, &mut whole, event).unwrap();
        let other = apart.take(rules, event);
        prop_assert_eq!(one, other, "{:?}", event);
        let heart: State = serde_json::from_str(&apart.heart).unwrap();
        prop_assert_eq!(heart.accounts, whole.accounts);
        prop_assert_eq!(heart.lots.in_order().collect::<Vec<_>>(), whole.lots.in_order().collect::<Vec<_>>());
        prop_assert_eq!(&heart.standing, &whole.standing);
    }
    let end = Instant::from_micros(whole.clock.micros() + 500 * DAY);
    prop_assert_eq!(fold::pass(rules, &mut whole, end).unwrap(), apart.pass(rules, end));
    prop_assert_eq!(apart.whole(), whole);
    Ok(())
}

proptest! {
    #![proptest_config(histories(600))]

    #[test]
    fn what_is_over_may_be_kept_apart(drawn in rules(), steps in steps()) {
        same(&Rules::from(programme(&drawn)), &in_order(steps))?;
    }

    #[test]
    fn also_where_the_rules_change(first in rules(), second in (rules(), 1..400_i64), third in (rules(), 1..400_i64), steps in steps()) {
        let from = START + second.1 * DAY;
        same(&versions(&first, &[(from, second.0), (from + third.1 * DAY, third.0)]), &in_order(steps))?;
    }

    #[test]
    fn also_where_nobody_knew_of_the_change(first in rules(), second in rules(), known in 1..30_usize, steps in steps()) {
        let events = in_order(steps);
        let known = known.min(events.len());
        let from = events.get(known).map_or(START, |event| event.time.micros()).max(events.iter().take(known).map(|e| e.time.micros()).max().unwrap_or(START) + 1);
        let (before, after) = (Rules::from(programme(&first)), versions(&first, &[(from, second)]));
        let mut whole = State::new(&before, member(), Instant::from_micros(START));
        let mut apart = Apart::of(&before, whole.clone());
        for (i, event) in events.iter().enumerate() {
            let rules = if i < known { &before } else { &after };
            prop_assert_eq!(fold::next(rules, &mut whole, event).unwrap(), apart.take(rules, event));
        }
        prop_assert_eq!(apart.whole(), whole);
    }
}

/// A merge in the midst of a member's events.
fn with_merge(rules: &Rules, older: Vec<Event>, younger: &[Event], time: Instant) -> Vec<Event> {
    let mut book = State::new(rules, member(), Instant::from_micros(START));
    for event in younger.iter().filter(|event| event.time < time) {
        fold::next(rules, &mut book, event).unwrap();
    }
    fold::pass(rules, &mut book, time).unwrap();
    let absorb = Event { time, id: "m".into(), act: Act::Absorb { from: "b".into(), book: Box::new(book) } };
    let (mut events, after): (Vec<_>, Vec<_>) = older.into_iter().partition(|event| event.time < time);
    events.push(absorb);
    events.extend(after);
    events
}

proptest! {
    #![proptest_config(histories(300))]

    #[test]
    fn also_across_a_merge(drawn in rules(), older in steps(), younger in steps(), days in 1..400_i64) {
        let rules = Rules::from(programme(&drawn));
        let time = Instant::from_micros(START + days * DAY);
        same(&rules, &with_merge(&rules, in_order(older), &in_order(younger), time))?;
    }
}

fn at(micros: i64, id: usize, act: Act) -> Event {
    Event { time: Instant::from_micros(START + micros), id: format!("e{id}"), act }
}

fn sizes(rules: &Rules, events: impl Iterator<Item = Event>) -> Vec<usize> {
    let mut apart = Apart::of(rules, State::new(rules, Member::default(), Instant::from_micros(START)));
    events
        .map(|event| {
            apart.take(rules, &event);
            apart.heart.len()
        })
        .collect()
}

#[test]
fn ten_thousand_spends_weigh_no_more_than_ten() {
    let programme = shuke_loyalty::programme::read(&Node::root("programme", &json!({}))).unwrap();
    let given = at(0, 0, Act::Adjust { points: 900_000 });
    let spends = (1..=10_000).map(|i| at(i * 1_000_000, i as usize, Act::Spend { points: 1 + i % 7 }));
    let sizes = sizes(&programme.into(), std::iter::once(given).chain(spends));
    assert!(sizes[10_000] <= sizes[10] + 8, "{} after 10, {} after 10,000", sizes[10], sizes[10_000]);
}

#[test]
fn what_no_window_reaches_weighs_nothing() {
    let ladder = json!({ "tiers": [{ "id": "a" }, { "id": "b", "entry": { "any": [{ "metric": "net_spend", "min": 1_000_000_000 }, { "metric": "growth", "min": 1_000_000 }] } }] });
    let value = json!({ "earn": [{ "id": "e", "kind": "per_amount", "points": 1, "per_fen": 100 }], "lot_expiry": { "days": 30 }, "ladder": ladder });
    let programme = shuke_loyalty::programme::read(&Node::root("programme", &value)).unwrap();
    let events = (0..600_i64).flat_map(|i| {
        let (time, order) = (i * 8 * DAY, format!("o{i}"));
        let paid = at(time, i as usize, Act::OrderPaid { order: order.clone(), net_fen: 5_000, lines: vec![], judged_by: None });
        let done = at(time + 1_000_000, i as usize, Act::OrderCompleted { order });
        [paid, done, at(time + 2_000_000, i as usize, Act::Growth { value: 3 }), at(time + 3_000_000, i as usize, Act::CheckIn)]
    });
    let sizes = sizes(&programme.into(), events);
    assert!(sizes[2_399] < sizes[399] + 200, "{} after 100 orders, {} after 600", sizes[399], sizes[2_399]);
}
