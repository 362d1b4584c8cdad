//! Random histories with duplicates, reorderings, refunds and late events: the engine agrees with the slow model at
//! every step, its books balance at every step, and facts give one state in whatever order they arrive.

#[allow(dead_code, reason = "merges beside histories")]
mod model;

use model::books::{Books, same};
use model::drawn::{START, Steps, act_at, fact, gap, histories, member, programme, rules, steps, versions};
use model::{DAY, Model};
use proptest::prelude::*;
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event, Outcome};
use shuke_loyalty::rules::Rules;
use shuke_loyalty::{Journal, State};

/// Both play the same steps, under rules that change at these times.
fn agree(first: &model::Rules, later: &[(i64, model::Rules)], steps: Steps, judges: &[Option<u32>]) -> Result<(), TestCaseError> {
    let versions = versions(first, later);
    let (mut journal, mut model, mut books) = (Journal::new(member()), Model::under(first, later), Books::default());
    let mut at = START;
    let mut judges = judges.iter().cycle();
    for (gap, late, id, mut act) in steps {
        at += gap;
        if let Act::OrderPaid { judged_by, .. } = &mut act {
            *judged_by = judges.next().copied().flatten().filter(|no| *no as usize <= 1 + later.len());
        }
        let time = if act == Act::Tick { at } else { at - late };
        let event = Event { time: Instant::from_micros(time), id, act: act_at(time, act) };
        let before = journal.state().map_or(0, State::available);
        let folded = journal.fold(&versions, event.clone(), Instant::from_micros(at)).unwrap();
        prop_assert_eq!(folded.outcome, model.arrives(&event, at));
        books.add(&folded.entries);
        let state = journal.state().unwrap();
        books.agree(state)?;
        same(state, versions.held(state), model.world.as_ref().unwrap())?;
        let spends = matches!(event.act, Act::Spend { .. } | Act::Hold { .. }) && folded.outcome == Outcome::Ok;
        prop_assert!(!spends || late > 0 || state.available() >= 0 || before < 0, "spent below zero");
    }
    let kept: Journal = serde_json::from_str(&serde_json::to_string(&journal).unwrap()).unwrap();
    prop_assert_eq!(kept.state(), journal.state());
    Ok(())
}

proptest! {
    #![proptest_config(histories(4_000))]

    #[test]
    fn engine_and_model_agree_at_every_step(rules in rules(), steps in steps()) {
        agree(&rules, &[], steps, &[])?;
    }

    #[test]
    fn facts_give_one_state_in_any_order(
        rules in rules(),
        facts in prop::collection::vec((gap(), fact()), 1..16),
        order in prop::collection::vec(any::<prop::sample::Index>(), 16),
    ) {
        let versions = Rules::from(programme(&rules));
        let mut at = START;
        let mut events: Vec<Event> = facts.into_iter().enumerate().map(|(i, (gap, act))| {
            at += gap + 1;
            Event { time: Instant::from_micros(at), id: format!("e{i}"), act }
        }).collect();
        let end = Instant::from_micros(at + DAY);
        let first = Event { time: Instant::from_micros(START), id: "first".into(), act: Act::Visit };
        let run = |events: &[Event], in_time: bool| {
            let (mut journal, mut books) = (Journal::new(member()), Books::default());
            for event in std::iter::once(&first).chain(events) {
                books.add(&journal.fold(&versions, event.clone(), if in_time { event.time } else { end }).unwrap().entries);
            }
            books.add(&journal.pass(&versions, end).unwrap().entries);
            books.agree(journal.state().unwrap()).map(|()| journal)
        };
        let sorted = run(&events, true)?;
        let count = events.len();
        for (i, other) in order.iter().take(count).enumerate() {
            events.swap(i, other.index(count));
        }
        let shuffled = run(&events, false)?;
        prop_assert_eq!(sorted.state(), shuffled.state());
        prop_assert_eq!(sorted.events(), shuffled.events());
    }
}

proptest! {
    #![proptest_config(histories(1_000))]

    #[test]
    fn also_where_the_rules_change_and_orders_are_judged_by_others(
        first in rules(),
        later in prop::collection::vec((rules(), 1..400_i64), 1..3),
        steps in steps(),
        judges in prop::collection::vec(prop::option::of(1..4_u32), 4),
    ) {
        let mut from = START;
        let later = later.into_iter().map(|(rules, days)| {
            from += days * DAY;
            (from, rules)
        });
        agree(&first, &later.collect::<Vec<_>>(), steps, &judges)?;
    }
}
