//! Orders judged by a version that was asked for: shown as they then are, and back again without a trace.

#[allow(dead_code, reason = "merges beside re-runs")]
mod model;

use model::books::Books;
use model::drawn::{START, Steps, act_at, gap, histories, member, rules, steps, versions};
use model::{DAY, Rules};
use proptest::prelude::*;
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event};
use shuke_loyalty::fold::History;
use shuke_loyalty::ledger::{Account, Entry};
use shuke_loyalty::rerun::{Asked, Has, find, judged};
use shuke_loyalty::{Journal, State};

fn has(rules: &shuke_loyalty::Rules, state: &State) -> Has {
    let points = [Account::Pending, Account::Available, Account::Frozen].map(|account| state.accounts.of(account)).iter().sum();
    let tier = rules.held(state).ladder.as_ref().map(|ladder| ladder.tiers[state.standing.tier].id.clone());
    Has { points, available: state.accounts.of(Account::Available), tier }
}

/// By how much entries change what the member has.
fn moved(entries: &[Entry]) -> i64 {
    let mine = |account| matches!(account, Account::Pending | Account::Available | Account::Frozen);
    entries.iter().map(|e| e.amount * (i64::from(mine(e.to)) - i64::from(mine(e.from)))).sum()
}

/// A history, and what asking for a re-run shows and does.
fn check(first: &Rules, later: &[(i64, Rules)], steps: Steps, asked: Asked) -> Result<(), TestCaseError> {
    let versions = versions(first, later);
    let (mut journal, mut books) = (Journal::new(member()), Books::default());
    let mut at = START;
    for (gap, late, id, act) in steps {
        at += gap;
        let time = if act == Act::Tick { at } else { at - late };
        let event = Event { time: Instant::from_micros(time), id, act: act_at(time, act) };
        books.add(&journal.fold(&versions, event, Instant::from_micros(at)).unwrap().entries);
    }
    let Some(before) = journal.state().cloned() else { return Ok(()) };
    let (told, who) = (journal.events().to_vec(), member());
    let origin = told.first().map_or(before.clock, |event| event.time.min(before.origin));
    let found = find(&History { rules: &versions, member: &who, origin, events: &told }, before.clock, asked).unwrap();

    let now = Instant::from_micros(at + DAY);
    let entries = journal.refold(&versions, &versions, judged(&versions, &told, asked), now).unwrap();
    books.add(&entries);
    let after = journal.state().cloned().unwrap();
    books.agree(&after)?;
    let asked_otherwise = |paid: Instant| asked.is_of(paid) && Some(versions.at(paid).version) != asked.judge;
    let in_span = told.iter().filter(|e| matches!(e.act, Act::OrderPaid { .. }) && asked.is_of(e.time)).count() as u64;
    prop_assert!(found.left + found.judged.len() as u64 <= in_span, "an order is told of once at most");
    if found.judged.is_empty() {
        prop_assert_eq!(&after, &before);
    } else {
        prop_assert_eq!((&found.has, &found.would_have), (&has(&versions, &before), &has(&versions, &after)));
        prop_assert_eq!(moved(&entries), found.would_have.points - found.has.points);
        for (name, order) in &after.orders {
            let shown = found.corrections.iter().find(|c| c.order == *name);
            let was = &before.orders[name];
            prop_assert_eq!(shown.map_or(was.earned, |c| c.earns), order.earned);
            prop_assert_eq!(shown.map_or(was.earned - was.reversed, |c| c.leaves), order.earned - order.reversed);
            prop_assert!(shown.is_none_or(|c| c.judged == asked_otherwise(order.paid)));
        }
    }
    // A second time shows nothing more.
    let again = journal.events().to_vec();
    let nothing = find(&History { rules: &versions, member: &who, origin, events: &again }, after.clock, asked).unwrap();
    prop_assert!(!nothing.changes() && nothing.judged.is_empty());
    // Taken back it is as if it had never been.
    let back = Asked { judge: None, ..asked };
    books.add(&journal.refold(&versions, &versions, judged(&versions, &again, back), now).unwrap());
    books.agree(journal.state().unwrap())?;
    prop_assert_eq!(journal.state(), Some(&before));
    Ok(())
}

proptest! {
    #![proptest_config(histories(1_000))]

    #[test]
    fn what_is_shown_is_what_comes_and_back_again_nothing_is_left(
        first in rules(),
        later in prop::collection::vec((rules(), 1..100_i64), 1..3),
        steps in steps(),
        judge in 1..4_u32,
        (from, lasting) in (gap(), gap()),
    ) {
        let mut at = START;
        let later: Vec<(i64, Rules)> = later.into_iter().map(|(rules, days)| {
            at += days * DAY;
            (at, rules)
        }).collect();
        let judge = judge.min(1 + later.len() as u32);
        let from = START - 60 * DAY + from;
        check(&first, &later, steps, Asked { judge: Some(judge), from: Instant::from_micros(from), to: Instant::from_micros(from + lasting + 60 * DAY) })?;
    }
}
