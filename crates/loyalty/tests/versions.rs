//! Rules that change: what is judged by which version, and what is held when the next one begins.

#[allow(dead_code, reason = "the books beside the model")]
mod model;

use model::books::Books;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event, Member, Outcome};
use shuke_loyalty::json::Node;
use shuke_loyalty::ledger::Account;
use shuke_loyalty::{Journal, Programme, Rules, State};

fn version(no: u32, from: &str, value: &Value) -> Programme {
    let read = shuke_loyalty::programme::read(&Node::root("programme", value)).unwrap();
    Programme { version: no, from: at(from), ..read }
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn rate(points: i64) -> Value {
    json!({ "earn": [{ "id": "a", "kind": "per_amount", "points": points, "per_fen": 100 }] })
}

fn rules(versions: &[(&str, Value)]) -> Rules {
    Rules::new(versions.iter().zip(1..).map(|((from, value), no)| version(no, from, value)).collect()).unwrap()
}

fn paid(order: &str, net_fen: i64) -> Act {
    Act::OrderPaid { order: order.into(), net_fen, lines: vec![], judged_by: None }
}

fn done(order: &str) -> Act {
    Act::OrderCompleted { order: order.into() }
}

struct Shopper {
    rules: Rules,
    journal: Journal,
    books: Books,
}

impl Shopper {
    fn new(rules: Rules) -> Self {
        Self { rules, journal: Journal::new(Member::default()), books: Books::default() }
    }

    fn late(&mut self, time: &str, arrives: &str, act: Act) -> Outcome {
        let id = format!("e{}", self.journal.events().len());
        let folded = self.journal.fold(&self.rules, Event { time: at(time), id, act }, at(arrives)).unwrap();
        self.books.add(&folded.entries);
        self.agree().unwrap();
        folded.outcome
    }

    fn take(&mut self, time: &str, act: Act) -> Outcome {
        self.late(time, time, act)
    }

    fn pass(&mut self, to: &str) {
        let entries = self.journal.pass(&self.rules, at(to)).unwrap().entries;
        self.books.add(&entries);
        self.agree().unwrap();
    }

    fn agree(&self) -> Result<(), TestCaseError> {
        self.books.agree(self.state())
    }

    fn state(&self) -> &State {
        self.journal.state().unwrap()
    }

    fn tier(&self) -> (&str, Option<Instant>) {
        let programme = self.rules.held(self.state());
        let standing = &self.state().standing;
        (&programme.ladder.as_ref().unwrap().tiers[standing.tier].id, standing.until(&programme.zone))
    }
}

#[test]
fn a_late_event_is_judged_by_the_version_of_its_own_time() {
    let mut member = Shopper::new(rules(&[(EVER, rate(1)), ("2026-03-10T00:00:00Z", rate(3))]));
    member.take("2026-03-09T23:59:59.999999Z", paid("a", 10_000));
    member.take("2026-03-10T00:00:00Z", paid("b", 10_000));
    member.late("2026-03-05T00:00:00Z", "2026-03-20T00:00:00Z", paid("c", 10_000));
    let earned = ["a", "b", "c"].map(|order| member.state().orders[order].earned);
    assert_eq!(earned, [100, 300, 100]);
    // What is due is judged by the version in force when it comes up; an order's earnings stay those of its payment.
    member.take("2026-03-21T00:00:00Z", done("a"));
    member.take("2026-03-22T00:00:00Z", Act::Refund { order: "a".into(), net_fen: 5_000 });
    assert_eq!(member.state().accounts.of(Account::Available), 50);
}

#[test]
fn what_is_held_keeps_its_end() {
    let short = json!({ "lot_expiry": { "days": 10 } });
    let mut member = Shopper::new(rules(&[(EVER, json!({ "lot_expiry": { "days": 90 } })), ("2026-03-10T00:00:00Z", short)]));
    member.take("2026-03-09T00:00:00Z", Act::Adjust { points: 10 });
    member.take("2026-03-11T00:00:00Z", Act::Adjust { points: 20 });
    let days: Vec<String> = member.state().lots.in_order().map(|lot| lot.last_day.to_string()).collect();
    assert_eq!(days, ["2026-03-21", "2026-06-07"]);
}

fn ladder(tiers: &[(&str, i64)]) -> Value {
    let tier =
        |(id, min): &(&str, i64)| json!({ "id": id, "entry": { "any": [{ "metric": "net_spend", "min": min }] }, "reward_points": 7 });
    json!({ "ladder": { "tiers": tiers.iter().map(tier).collect::<Vec<_>>() } })
}

const EVER: &str = "2000-01-01T00:00:00Z";
const CHANGE: &str = "2026-06-30T16:00:00Z";

#[test]
fn a_version_may_begin_in_the_middle_of_a_period() {
    let mut member = Shopper::new(rules(&[(EVER, ladder(&[("a", 0), ("b", 10_000)])), (CHANGE, ladder(&[("a", 0), ("b", 50_000)]))]));
    member.take("2026-03-01T02:00:00Z", paid("o", 20_000));
    member.take("2026-03-01T03:00:00Z", done("o"));
    let until = Some(at("2027-03-01T16:00:00Z"));
    assert_eq!(member.tier(), ("b", until));
    member.take("2026-12-01T02:00:00Z", paid("p", 20_000));
    member.take("2026-12-01T03:00:00Z", done("p"));
    // The entry is higher now; the tier is kept to the end of its period, and judged then by what holds then.
    member.pass("2027-03-01T15:59:59Z");
    assert_eq!(member.tier(), ("b", until));
    member.pass("2027-03-01T16:00:00Z");
    assert_eq!(member.tier(), ("a", None));
}

#[test]
fn who_meets_the_entry_of_the_new_ladder_rises_as_it_begins() {
    let mut member = Shopper::new(rules(&[(EVER, ladder(&[("a", 0), ("b", 50_000)])), (CHANGE, ladder(&[("a", 0), ("b", 10_000)]))]));
    member.take("2026-03-01T02:00:00Z", paid("o", 20_000));
    member.take("2026-03-01T03:00:00Z", done("o"));
    member.pass("2026-06-30T15:59:59.999999Z");
    assert_eq!(member.tier(), ("a", None));
    member.pass("2026-08-01T00:00:00Z");
    assert_eq!(member.tier(), ("b", Some(at("2027-07-01T16:00:00Z"))));
    assert_eq!(member.state().lots.in_order().map(|lot| (lot.id.as_str(), lot.made)).collect::<Vec<_>>(), [("reward:b:1", at(CHANGE))]);
}

#[test]
fn a_tier_is_found_again_by_its_id_or_the_nearest_lower_one() {
    let old = || ladder(&[("a", 0), ("b", 10_000), ("c", 20_000), ("d", 30_000)]);
    let moved = |tiers: &[(&str, i64)], spent: i64| {
        let mut member = Shopper::new(rules(&[(EVER, old()), (CHANGE, ladder(tiers))]));
        member.take("2026-03-01T02:00:00Z", paid("o", spent));
        member.take("2026-03-01T03:00:00Z", done("o"));
        member.pass("2026-07-01T00:00:00Z");
        let (tier, until) = member.tier();
        (tier.to_owned(), until.map(|until| until.to_string()))
    };
    let high = 1_000_000;
    let until = Some("2027-03-01T16:00:00Z".to_owned());
    assert_eq!(moved(&[("a", 0), ("x", high), ("d", high)], 30_000), ("d".into(), until.clone()));
    assert_eq!(moved(&[("a", 0), ("b", high), ("x", high)], 30_000), ("b".into(), until));
    assert_eq!(moved(&[("a", 0), ("x", high)], 30_000), ("a".into(), None));
    assert_eq!(moved(&[("x", 0), ("y", high)], 30_000), ("x".into(), None));
    // A lower tier below the lowest: who had the lowest for ever has a whole period of it now.
    assert_eq!(moved(&[("z", 0), ("a", high)], 5_000), ("a".into(), Some("2027-07-01T16:00:00Z".into())));
}

#[test]
fn a_ladder_that_pauses_judges_what_ended_meanwhile_when_it_is_back() {
    let rules = rules(&[
        (EVER, ladder(&[("a", 0), ("b", 10_000)])),
        (CHANGE, json!({})),
        ("2028-01-01T00:00:00Z", ladder(&[("a", 0), ("b", 10_000)])),
    ]);
    let mut member = Shopper::new(rules);
    member.take("2026-03-01T02:00:00Z", paid("o", 20_000));
    member.take("2026-03-01T03:00:00Z", done("o"));
    member.pass("2027-12-31T00:00:00Z");
    assert_eq!(member.state().standing.tier, 1);
    member.pass("2028-01-01T00:00:00Z");
    assert_eq!(member.tier(), ("a", None));
}

#[test]
fn a_cap_whose_id_stays_goes_on_counting_in_other_parts_of_a_point() {
    let capped = |per_fen: i64, most: i64| {
        json!({
            "earn": [{ "id": "a", "kind": "per_amount", "points": 1, "per_fen": per_fen }],
            "caps": [{ "id": "rule", "per": "month", "points": most, "rule": "a" }, { "id": "all", "per": "month", "points": 150 }],
        })
    };
    let mut member = Shopper::new(rules(&[(EVER, capped(300, 100)), ("2026-03-10T00:00:00Z", capped(70, 100))]));
    member.take("2026-03-05T00:00:00Z", paid("a", 10_000));
    // 33 1/3 of the rule's 100 are used: 66 2/3 are left, reckoned in seventieths now, never more than the cap says.
    member.take("2026-03-15T00:00:00Z", paid("b", 100_000));
    member.take("2026-03-16T00:00:00Z", paid("c", 100_000));
    member.take("2026-04-01T00:00:00Z", paid("d", 100_000));
    assert_eq!(["a", "b", "c", "d"].map(|order| member.state().orders[order].earned), [33, 66, 0, 100]);
}

#[test]
fn birthdays_count_from_the_version_that_gives_for_them() {
    let rules = rules(&[(EVER, json!({})), ("2026-03-10T00:00:00Z", json!({ "birthday": { "points": 5 } }))]);
    let member = Member { birthday: Some(jiff::civil::date(1990, 3, 5)), joined: Some(at("2020-01-01T00:00:00Z")) };
    let mut journal = Journal::new(member);
    journal.pass(&rules, at("2028-01-01T00:00:00Z")).unwrap();
    let lots: Vec<&str> =
        journal.state().unwrap().lots.numbers().filter_map(|no| Some(journal.state()?.lots.get(no)?.id.as_str())).collect();
    assert_eq!(lots, ["birthday:2027"]);
}

#[test]
fn a_birthday_that_is_told_later_gives_once_a_year() {
    let mut member = Shopper::new(rules(&[(EVER, json!({ "birthday": { "points": 5 } }))]));
    let born = |month, day| Act::Known { birthday: Some(jiff::civil::date(1990, month, day)) };
    member.take("2026-03-01T00:00:00Z", born(3, 5));
    member.take("2026-03-10T00:00:00Z", born(4, 5));
    member.pass("2026-12-01T00:00:00Z");
    assert_eq!(member.state().accounts.of(Account::Available), 5);
    member.pass("2027-12-01T00:00:00Z");
    let lots: Vec<String> = member.state().lots.numbers().filter_map(|no| Some(member.state().lots.get(no)?.id.clone())).collect();
    assert_eq!(lots, ["birthday:2026", "birthday:2027"]);
}

#[test]
fn a_history_told_otherwise_or_under_other_rules_is_corrected() {
    let (one, two) = (rules(&[(EVER, rate(1))]), rules(&[(EVER, rate(2))]));
    let mut member = Shopper::new(one.clone());
    member.take("2026-03-01T00:00:00Z", paid("a", 10_000));
    member.take("2026-03-02T00:00:00Z", done("a"));
    member.take("2026-03-03T00:00:00Z", paid("b", 10_000));
    member.take("2026-03-04T00:00:00Z", done("b"));
    member.take("2026-03-05T00:00:00Z", Act::Spend { points: 150 });
    // Order b was another member's: what it earned and was spent is owed.
    let now = at("2026-03-06T00:00:00Z");
    let kept: Vec<Event> = member
        .journal
        .events()
        .iter()
        .filter(|e| !matches!(&e.act, Act::OrderPaid { order, .. } | Act::OrderCompleted { order } if order == "b"))
        .cloned()
        .collect();
    let corrections = member.journal.refold(&one, &one, kept.clone(), now).unwrap();
    assert!(corrections.iter().all(|entry| entry.corrects && entry.booked == now));
    member.books.add(&corrections);
    member.agree().unwrap();
    assert_eq!(member.state().accounts.of(Account::Available), -50);
    // A re-run under other rules lists what it would correct, and then books it.
    let corrections = member.journal.refold(&one, &two, kept.clone(), now).unwrap();
    member.rules = two.clone();
    member.books.add(&corrections);
    member.agree().unwrap();
    assert_eq!(member.state().accounts.of(Account::Available), 50);
    let mut anew = Journal::new(Member::default());
    for event in kept {
        anew.fold(&two, event.clone(), event.time).unwrap();
    }
    anew.pass(&two, member.state().clock).unwrap();
    assert_eq!(anew.state(), member.journal.state());
}

#[test]
fn versions_that_contradict_are_refused() {
    let wrong = |versions: Vec<Programme>| Rules::new(versions).map(|_| ()).expect_err("a contradiction").field;
    let zone = json!({ "zone": "America/New_York" });
    assert_eq!(wrong(vec![]).as_deref(), Some("versions"));
    let (first, later) = ("2000-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    let v = |no, from, value: &Value| version(no, from, value);
    assert_eq!(wrong(vec![v(1, first, &rate(1)), v(1, later, &rate(1))]).as_deref(), Some("versions[1].version"));
    assert_eq!(wrong(vec![v(1, first, &rate(1)), v(2, later, &rate(1)), v(3, later, &rate(1))]).as_deref(), Some("versions[2].from"));
    assert_eq!(wrong(vec![v(1, first, &rate(1)), v(2, later, &zone)]).as_deref(), Some("versions[1].zone"));
}

#[test]
fn what_was_paid_before_the_beginning_earns_nothing_whatever_judges_it() {
    let before = version(0, "1970-01-01T00:00:00Z", &json!({}));
    let first = version(1, "2026-01-01T00:00:00Z", &rate(1));
    let mut shopper = Shopper::new(Rules::new(vec![before, first, version(2, "2026-06-01T00:00:00Z", &rate(2))]).unwrap());
    for (order, paid_at, earned) in [("early", "2025-12-31T00:00:00Z", 0), ("in time", "2026-01-02T00:00:00Z", 200)] {
        let paid = Act::OrderPaid { order: order.into(), net_fen: 10_000, lines: vec![], judged_by: Some(2) };
        assert_eq!(shopper.take(paid_at, paid), Outcome::Ok);
        assert_eq!(shopper.journal.state().unwrap().orders[order].earned, earned, "{order}");
    }
}
