//! Two members become one and two again: no total changes, the merged book is what the slow model says, a merge that is taken back
//! at once leaves nothing behind, and what happened between is parted with each difference named.

#[allow(dead_code, reason = "the model beside what is drawn")]
mod model;

use std::collections::BTreeSet;

use model::books::{Books, same};
use model::drawn::{START, Steps, act_at, fact, gap, histories, in_order, member, programme, renamed, rules, steps};
use model::{DAY, World};
use proptest::prelude::*;
use serde_json::json;
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event, Member, Outcome};
use shuke_loyalty::json::Node;
use shuke_loyalty::ledger::{Account, Entry};
use shuke_loyalty::unmerge::{Difference, Differs, Merge, Parted, Since, part};
use shuke_loyalty::{Journal, Rules, State, fold};

/// A book, its entries added up, and what the slow model makes of the same.
struct Book {
    state: State,
    books: Books,
    world: World,
    events: Vec<Event>,
}

impl Book {
    fn new(rules: &Rules, drawn: &model::Rules) -> Self {
        let origin = Instant::from_micros(START);
        Self { state: State::new(rules, member(), origin), books: Books::default(), world: World::new(drawn, &[], START), events: vec![] }
    }

    fn take(&mut self, rules: &Rules, event: &Event) -> Result<Vec<Entry>, TestCaseError> {
        let folded = fold::next(rules, &mut self.state, event).unwrap();
        self.books.add(&folded.entries);
        self.books.agree(&self.state)?;
        if folded.outcome.kept() || !event.act.is_request() {
            self.events.push(event.clone());
        }
        Ok(folded.entries)
    }

    fn take_both(&mut self, rules: &Rules, event: &Event) -> Result<(), TestCaseError> {
        self.take(rules, event)?;
        self.world.pass(event.time.micros());
        self.world.happens(event, false);
        same(&self.state, rules.first(), &self.world)
    }

    fn pass(&mut self, rules: &Rules, to: Instant) -> Result<(), TestCaseError> {
        self.books.add(&fold::pass(rules, &mut self.state, to).unwrap().entries);
        self.world.pass(to.micros());
        self.books.agree(&self.state)
    }
}

fn totals(a: &State, b: &State) -> Vec<i64> {
    Account::ALL.iter().map(|account| a.accounts.of(*account) + b.accounts.of(*account)).collect()
}

/// Two members' books up to a merge, and each as it was then.
struct Merged {
    rules: Rules,
    older: Book,
    younger: Book,
    before: (State, State),
    worlds: (World, World),
}

fn merged(drawn: &model::Rules, older: Steps, younger: Steps, days: i64) -> Result<Merged, TestCaseError> {
    let rules = Rules::from(programme(drawn));
    let (mut a, mut b) = (Book::new(&rules, drawn), Book::new(&rules, drawn));
    let time = Instant::from_micros(START + days * DAY);
    for event in in_order(older).iter().filter(|event| event.time < time) {
        a.take_both(&rules, event)?;
    }
    for event in in_order(younger).into_iter().filter(|event| event.time < time).map(renamed) {
        b.take_both(&rules, &event)?;
    }
    a.pass(&rules, time)?;
    b.pass(&rules, time)?;
    let before = (a.state.clone(), b.state.clone());
    let worlds = (a.world.clone(), b.world.clone());
    let sums = totals(&a.state, &b.state);
    let absorb = Event { time, id: "m".into(), act: Act::Absorb { from: "b".into(), book: Box::new(b.state.clone()) } };
    a.take(&rules, &absorb)?;
    a.world.absorb(&b.world);
    same(&a.state, rules.first(), &a.world)?;
    b.take(&rules, &Event { time, id: "m".into(), act: Act::Depart { to: "a".into() } })?;
    prop_assert_eq!(totals(&a.state, &b.state), sums);
    prop_assert!([Account::Pending, Account::Available, Account::Frozen].iter().all(|account| b.state.accounts.of(*account) == 0));
    let kept: Event = serde_json::from_str(&serde_json::to_string(&absorb).unwrap()).unwrap();
    prop_assert_eq!(kept, absorb);
    Ok(Merged { rules, older: a, younger: b, before, worlds })
}

fn taken_back(merged: &mut Merged, since: &[Since<'_>], at: Instant) -> Result<Parted, TestCaseError> {
    let Merged { rules, older, younger, before, worlds } = merged;
    older.pass(rules, at)?;
    younger.books.add(&fold::pass(rules, &mut younger.state, at).unwrap().entries);
    let by: Vec<(Event, bool)> = since.iter().map(|since| (since.event.clone(), since.by_younger)).collect();
    let (mut own, mut theirs) = older.world.parted(&worlds.0, &worlds.1, &by);
    own.booked_as(&older.world);
    theirs.booked_as(&worlds.1);
    (older.world, younger.world) = (own, theirs);
    let merge = Merge { from: "b", older: &before.0, younger: &before.1, orders: &BTreeSet::new(), alone: None };
    let parted = part(rules, &merge, &older.state, since, at).unwrap();
    let sums = totals(&older.state, &younger.state);
    for (book, to) in [(older, &parted.older), (younger, &parted.younger)] {
        book.take(rules, &Event { time: at, id: "u".into(), act: Act::Restore { book: Box::new(to.clone()) } })?;
        let accounts = book.state.accounts;
        prop_assert_eq!(&book.state, &State { accounts, ..to.clone() });
        same(&book.state, rules.first(), &book.world)?;
    }
    prop_assert_eq!(totals(&merged.older.state, &merged.younger.state), sums);
    Ok(parted)
}

proptest! {
    #![proptest_config(histories(600))]

    #[test]
    fn a_merge_taken_back_at_once_leaves_nothing(drawn in rules(), older in steps(), younger in steps(), days in 1..400_i64) {
        let mut merged = merged(&drawn, older, younger, days)?;
        let at = Instant::from_micros(merged.older.state.clock.micros() + 60_000_000);
        let mut alone = merged.before.clone();
        let mut quiet = true;
        for state in [&mut alone.0, &mut alone.1] {
            quiet &= fold::pass(&merged.rules, state, at).unwrap().entries.is_empty();
        }
        let parted = taken_back(&mut merged, &[], at)?;
        if quiet && parted.differences.is_empty() {
            prop_assert_eq!(&merged.older.state, &alone.0);
            prop_assert_eq!(&merged.younger.state, &alone.1);
            prop_assert_eq!(serde_json::to_string(&merged.older.state).unwrap(), serde_json::to_string(&alone.0).unwrap());
        }
    }

    #[test]
    fn what_happens_between_is_parted(
        drawn in rules(), older in steps(), younger in steps(), days in 1..400_i64, between in steps(), by in prop::collection::vec(any::<bool>(), 40), after in steps(),
    ) {
        let mut merged = merged(&drawn, older, younger, days)?;
        let start = merged.older.state.clock.micros();
        let place = |events: Vec<Event>, start: i64, mark: &str| -> Vec<Event> {
            events.into_iter().map(|e| Event { time: Instant::from_micros(e.time.micros() - START + start), id: format!("{mark}{}", e.id), act: act_at(start - START, e.act) }).collect()
        };
        let mut taken = Vec::new();
        for (event, by_younger) in place(in_order(between), start, "s").into_iter().zip(by) {
            let event = if by_younger { renamed(event) } else { event };
            merged.older.take_both(&merged.rules, &event)?;
            if merged.older.events.last() == Some(&event) {
                taken.push((event, by_younger));
            }
        }
        let since: Vec<Since<'_>> = taken.iter().map(|(event, by_younger)| Since { event, by_younger: *by_younger }).collect();
        let at = Instant::from_micros(merged.older.state.clock.micros() + 3 * DAY);
        taken_back(&mut merged, &since, at)?;
        // Both go on by themselves.
        for (i, event) in place(in_order(after), at.micros(), "t").into_iter().enumerate() {
            let (book, event) = if i % 2 == 0 { (&mut merged.older, event) } else { (&mut merged.younger, renamed(event)) };
            book.take_both(&merged.rules, &event)?;
        }
        for book in [&mut merged.older, &mut merged.younger] {
            let end = Instant::from_micros(book.state.clock.micros() + 800 * DAY);
            book.pass(&merged.rules, end)?;
            same(&book.state, merged.rules.first(), &book.world)?;
        }
        let accounts = [&merged.older, &merged.younger].map(|book| book.state.accounts);
        prop_assert_eq!(accounts[0].of(Account::Transferred) + accounts[1].of(Account::Transferred), 0);
    }
}

proptest! {
    #![proptest_config(histories(600))]

    #[test]
    fn facts_in_any_order_go_through_a_merge(
        drawn in rules(), older in prop::collection::vec((gap(), fact()), 1..14), younger in prop::collection::vec((gap(), fact()), 1..8), days in 1..200_i64,
        order in prop::collection::vec(any::<prop::sample::Index>(), 16),
    ) {
        let rules = Rules::from(programme(&drawn));
        let dated = |facts: Vec<(i64, Act)>| {
            let mut at = START;
            facts.into_iter().enumerate().map(move |(i, (gap, act))| {
                at += gap + 1;
                Event { time: Instant::from_micros(at), id: format!("e{i}"), act }
            })
        };
        let time = Instant::from_micros(START + days * DAY);
        let mut book = State::new(&rules, member(), Instant::from_micros(START));
        for event in dated(younger).map(renamed).filter(|event| event.time < time) {
            fold::next(&rules, &mut book, &event).unwrap();
        }
        fold::pass(&rules, &mut book, time).unwrap();
        let mut events: Vec<Event> = dated(older).collect();
        events.push(Event { time, id: "m".into(), act: Act::Absorb { from: "b".into(), book: Box::new(book) } });
        events.sort_by_key(|event| event.time);
        let end = Instant::from_micros(events.last().map_or(START, |event| event.time.micros()) + DAY);
        let first = Event { time: Instant::from_micros(START), id: "first".into(), act: Act::Visit };
        let run = |events: &[Event], in_time: bool| {
            let (mut journal, mut books) = (Journal::new(member()), Books::default());
            for event in std::iter::once(&first).chain(events) {
                books.add(&journal.fold(&rules, event.clone(), if in_time { event.time } else { end }).unwrap().entries);
            }
            books.add(&journal.pass(&rules, end).unwrap().entries);
            books.agree(journal.state().unwrap()).map(|()| journal)
        };
        let sorted = run(&events, true)?;
        let count = events.len();
        for (i, other) in order.iter().take(count).enumerate() {
            events.swap(i, other.index(count));
        }
        let shuffled = run(&events, false)?;
        prop_assert_eq!(sorted.state(), shuffled.state());
    }
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn event(time: &str, id: &str, act: Act) -> Event {
    Event { time: at(time), id: id.into(), act }
}

/// Two members with 100 points each, of orders that are final, made one on 2026-03-05.
fn two() -> (Rules, State, State, State, State) {
    let value = json!({
        "earn": [{ "id": "e", "kind": "per_amount", "points": 1, "per_fen": 100 }],
        "ladder": { "tiers": [{ "id": "v0" }, { "id": "v1", "entry": { "any": [{ "metric": "net_spend", "min": 15_000 }] }, "reward_points": 9 }] },
    });
    let rules = Rules::from(shuke_loyalty::programme::read(&Node::root("programme", &value)).unwrap());
    let book = |order: &str| {
        let mut state = State::new(&rules, Member::default(), at("2026-03-01T00:00:00Z"));
        let paid = Act::OrderPaid { order: order.into(), net_fen: 10_000, lines: vec![], judged_by: None };
        let done = Act::OrderCompleted { order: order.into() };
        let events = [event("2026-03-01T00:00:00Z", "p", paid), event("2026-03-02T00:00:00Z", "c", done)];
        fold::take(&rules, &mut state, &events, at("2026-03-02T00:00:00Z")).unwrap();
        fold::pass(&rules, &mut state, at("2026-03-05T00:00:00Z")).unwrap();
        state
    };
    let (a, b) = (book("a"), book("b"));
    let (mut merged, mut gone) = (a.clone(), b.clone());
    let absorb = event("2026-03-05T00:00:00Z", "m", Act::Absorb { from: "mem_b".into(), book: Box::new(b.clone()) });
    fold::next(&rules, &mut merged, &absorb).unwrap();
    fold::next(&rules, &mut gone, &event("2026-03-05T00:00:00Z", "m", Act::Depart { to: "mem_a".into() })).unwrap();
    (rules, a, b, merged, gone)
}

#[test]
fn a_merge_lifts_the_tier_and_gives_no_reward() {
    let (_, _, _, merged, gone) = two();
    assert_eq!((merged.standing.tier, merged.accounts.of(Account::Available), merged.accounts.of(Account::Transferred)), (1, 200, -100));
    assert_eq!(
        (gone.accounts.of(Account::Available), gone.accounts.of(Account::Transferred), gone.into.as_deref()),
        (0, 100, Some("mem_a"))
    );
}

#[test]
fn spends_stay_on_the_lots_they_took_and_come_back_to_who_spent() {
    let (rules, a, b, mut merged, mut gone) = two();
    let spend = event("2026-03-06T00:00:00Z", "s", Act::Spend { points: 130 });
    fold::next(&rules, &mut merged, &spend).unwrap();
    let now = at("2026-03-07T00:00:00Z");
    fold::pass(&rules, &mut merged, now).unwrap();
    let merge = Merge { from: "mem_b", older: &a, younger: &b, orders: &BTreeSet::new(), alone: None };
    let parted = part(&rules, &merge, &merged, &[Since { event: &spend, by_younger: false }], now).unwrap();
    let told: Vec<(bool, Differs)> = parted.differences.into_iter().map(|d| (d.younger, d.what)).collect();
    let balance = |alone, is| Differs::Balance { account: Account::Available, alone, is };
    let lot = |lot: &str, alone, is| Differs::Lot { lot: lot.into(), alone, is };
    assert_eq!(
        told,
        [
            (false, Differs::TookFromOther { taking: "s".into(), lot: "order:b".into(), points: 30 }),
            (false, balance(-30, 0)),
            (false, Differs::Tier { together: 1, is: 0 }),
            (true, balance(100, 70)),
            (true, lot("order:b", 100, 70)),
            (true, Differs::Tier { together: 1, is: 0 }),
        ]
    );
    fold::next(&rules, &mut merged, &event("2026-03-07T00:00:00Z", "u", Act::Restore { book: Box::new(parted.older) })).unwrap();
    fold::next(&rules, &mut gone, &event("2026-03-07T00:00:00Z", "u", Act::Restore { book: Box::new(parted.younger) })).unwrap();
    let held = |state: &State| [Account::Available, Account::Redeemed, Account::Transferred].map(|account| state.accounts.of(account));
    assert_eq!((held(&merged), held(&gone)), ([0, 130, -30], [70, 0, 30]));
    let back = event("2026-03-08T00:00:00Z", "r", Act::SpendReverse { spend: "s".into(), points: None });
    assert_eq!(fold::next(&rules, &mut merged, &back).unwrap().outcome, Outcome::Ok);
    let lots: Vec<_> = merged.lots.in_order().map(|lot| (lot.id.as_str(), lot.left)).collect();
    assert_eq!((held(&merged), lots), ([130, 0, -30], vec![("order:a", 100), ("order:b", 30)]));
}

#[test]
fn an_order_of_before_that_is_told_after_the_merge_goes_back_to_whom_it_came_by() {
    let (rules, a, b, ..) = two();
    let order = |name: &str, net_fen, paid, done| {
        let paid = event(paid, name, Act::OrderPaid { order: name.into(), net_fen, lines: vec![], judged_by: None });
        [paid, event(done, name, Act::OrderCompleted { order: name.into() })]
    };
    let book = |name: &str| {
        let mut state = State::new(&rules, Member::default(), at("2026-03-01T00:00:00Z"));
        let mut events = order(name, 10_000, "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z").to_vec();
        events.extend(order("x", 2_000, "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"));
        fold::take(&rules, &mut state, &events, at("2026-03-05T00:00:00Z")).unwrap();
        fold::pass(&rules, &mut state, at("2026-03-05T00:00:00Z")).unwrap();
        state
    };
    // Told after the merge, it was put where it belongs by its time: into the older member's book before the merge.
    let (before, younger_with_it) = (book("a"), book("b"));
    let (mut merged, mut gone) = (before.clone(), b.clone());
    let absorb = event("2026-03-05T00:00:00Z", "m", Act::Absorb { from: "mem_b".into(), book: Box::new(b.clone()) });
    fold::next(&rules, &mut merged, &absorb).unwrap();
    fold::next(&rules, &mut gone, &event("2026-03-05T00:00:00Z", "m", Act::Depart { to: "mem_a".into() })).unwrap();
    assert_eq!(merged.accounts.of(Account::Available), 220);
    let now = at("2026-03-07T00:00:00Z");
    fold::pass(&rules, &mut merged, now).unwrap();
    let orders = BTreeSet::from(["x".to_owned()]);
    let merge = Merge { from: "mem_b", older: &before, younger: &b, orders: &orders, alone: Some((&a, &younger_with_it)) };
    let parted = part(&rules, &merge, &merged, &[], now).unwrap();
    let together = |younger| Difference { younger, what: Differs::Tier { together: 1, is: 0 } };
    assert_eq!(parted.differences, [together(false), together(true)]);
    fold::next(&rules, &mut merged, &event("2026-03-07T00:00:00Z", "u", Act::Restore { book: Box::new(parted.older) })).unwrap();
    fold::next(&rules, &mut gone, &event("2026-03-07T00:00:00Z", "u", Act::Restore { book: Box::new(parted.younger) })).unwrap();
    let held = |state: &State| {
        let lots: Vec<(String, i64)> = state.lots.in_order().map(|lot| (lot.id.clone(), lot.left)).collect();
        (state.accounts.of(Account::Available), state.accounts.of(Account::Transferred), lots)
    };
    let lot = |name: &str, left| (format!("order:{name}"), left);
    assert_eq!(held(&merged), (100, 20, vec![lot("a", 100)]));
    assert_eq!(held(&gone), (120, -20, vec![lot("b", 100), lot("x", 20)]));
    assert!(!merged.orders.contains_key("x") && gone.orders.contains_key("x"));
    let back = event("2026-03-08T00:00:00Z", "r", Act::Refund { order: "x".into(), net_fen: 2_000 });
    assert_eq!(fold::next(&rules, &mut gone, &back).unwrap().outcome, Outcome::Ok);
    assert_eq!(gone.accounts.of(Account::Available), 100);
}

#[test]
fn one_pays_what_the_other_owes() {
    let (rules, a, mut b, ..) = two();
    fold::next(&rules, &mut b, &event("2026-03-05T00:00:00Z", "s", Act::Spend { points: 80 })).unwrap();
    fold::next(&rules, &mut b, &event("2026-03-05T00:00:00Z", "r", Act::Refund { order: "b".into(), net_fen: 10_000 })).unwrap();
    assert_eq!(b.accounts.of(Account::Available), -80);
    let (mut merged, mut other) = (a.clone(), b.clone());
    let absorb = |book: &State| event("2026-03-05T00:00:00Z", "m", Act::Absorb { from: "x".into(), book: Box::new(book.clone()) });
    fold::next(&rules, &mut merged, &absorb(&b)).unwrap();
    fold::next(&rules, &mut other, &absorb(&a)).unwrap();
    for state in [merged, other] {
        assert!(state.owed.is_empty());
        assert_eq!((state.accounts.of(Account::Available), state.lots.sum()), (20, 20));
    }
}

#[test]
fn what_waited_for_an_order_of_the_other_follows() {
    let (rules, a, mut b, ..) = two();
    let refund = event("2026-03-05T00:00:00Z", "r", Act::Refund { order: "a".into(), net_fen: 5_000 });
    assert_eq!(fold::next(&rules, &mut b, &refund).unwrap().outcome, Outcome::Waiting);
    let absorb = |book: &State| event("2026-03-05T00:00:00Z", "m", Act::Absorb { from: "x".into(), book: Box::new(book.clone()) });
    let (mut one, mut other) = (a.clone(), b.clone());
    fold::next(&rules, &mut one, &absorb(&b)).unwrap();
    fold::next(&rules, &mut other, &absorb(&a)).unwrap();
    for state in [one, other] {
        assert_eq!((state.orders["a"].refunded, state.accounts.of(Account::Available), state.waiting.len()), (5_000, 150, 0));
    }
}

#[test]
fn what_is_named_alike_is_told_apart() {
    let (rules, a, ..) = two();
    let mut merged = a.clone();
    let absorb = event("2026-03-05T00:00:00Z", "m", Act::Absorb { from: "mem_b".into(), book: Box::new(a.clone()) });
    fold::next(&rules, &mut merged, &absorb).unwrap();
    let orders: Vec<&str> = merged.orders.keys().map(String::as_str).collect();
    assert_eq!((orders, merged.accounts.of(Account::Available)), (vec!["a", "mem_b/a"], 200));
}
