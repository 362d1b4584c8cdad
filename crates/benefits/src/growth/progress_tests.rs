//! Goals by cases, and at random beside a slow model that a shopkeeper would reckon by.

use proptest::prelude::*;

use super::*;
use crate::GrowthTaskId;
use crate::state::State;

fn at(text: &str) -> Instant {
    text.parse().expect("a time")
}

const MADE: &str = "2026-03-01T00:00:00Z";

fn task(goal: &str, more: &str) -> Task {
    let text = format!(r#"{{"name": "x", "goal": {goal}, "points": 1{more}}}"#);
    let definition = serde_json::from_str(&text).expect("a definition");
    Task { id: GrowthTaskId::from_bytes([1; 16]), definition, state: State::Active, given: 0, version: 1, created_at: at(MADE) }
}

fn order(paid: &str, final_at: Option<&str>, net: i64) -> Purchase {
    Purchase {
        at: at(paid),
        final_at: final_at.map(at),
        shop: None,
        net,
        parts: vec![(Some("母婴".to_owned()), net / 2), (None, net - net / 2)],
    }
}

fn far(task: &Task, facts: &Facts, now: &str) -> (i64, i64, bool) {
    let zone = Zone::shanghai();
    let span = task.span(&zone);
    let done = progress(task, span, facts, &zone, at(now));
    (done.have, done.waiting, done.reached())
}

#[test]
fn orders_count_once_they_are_final_and_as_much_as_is_left_of_them() {
    let facts = Facts {
        purchases: vec![
            order("2026-02-28T23:59:59Z", Some("2026-03-02T00:00:00Z"), 900),
            order("2026-03-01T00:00:00Z", Some("2026-03-05T00:00:00Z"), 1_000),
            order("2026-03-02T00:00:00Z", Some("2026-03-09T00:00:00Z"), 2_000),
            order("2026-03-03T00:00:00Z", None, 4_000),
            order("2026-03-03T00:00:00Z", Some("2026-03-04T00:00:00Z"), 0),
        ],
        ..Facts::default()
    };
    let two = task(r#"{"kind": "orders", "times": 2}"#, "");
    assert_eq!(far(&two, &facts, "2026-03-08T00:00:00Z"), (1, 2, false), "one waits for its day, one is not complete, one is wholly back");
    assert_eq!(far(&two, &facts, "2026-03-09T00:00:00Z"), (2, 1, true));
    let spend = task(r#"{"kind": "spend", "amount": {"amount": 3000, "currency": "CNY"}}"#, "");
    assert_eq!(far(&spend, &facts, "2026-03-09T00:00:00Z"), (3_000, 4_000, true));
    let mothers = task(r#"{"kind": "spend", "amount": {"amount": 1501, "currency": "CNY"}, "categories": ["母婴"]}"#, "");
    assert_eq!(far(&mothers, &facts, "2026-03-09T00:00:00Z"), (1_500, 2_000, false));
    let elsewhere = task(r#"{"kind": "orders", "times": 1, "shops": ["shp_1"]}"#, "");
    assert_eq!(far(&elsewhere, &facts, "2026-03-09T00:00:00Z"), (0, 0, false));
    let ever = task(r#"{"kind": "orders", "times": 3}"#, r#", "past": "count""#);
    assert_eq!(far(&ever, &facts, "2026-03-09T00:00:00Z"), (3, 1, true), "the past counts where it is asked to");
}

#[test]
fn profiles_acts_days_and_points_are_counted_each_in_its_way() {
    let programme = ProgrammeId::from_bytes([7; 16]);
    let deed = |kind: &str, time: &str, sku: Option<&str>| Deed { kind: kind.to_owned(), at: at(time), sku: sku.map(str::to_owned) };
    let facts = Facts {
        filled: Filled { name: true, birthday: true, ..Filled::default() },
        deeds: vec![
            deed("share", "2026-03-02T00:00:00Z", Some("a")),
            deed("share", "2026-03-02T00:00:01Z", None),
            deed("review", "2026-03-02T00:00:00Z", Some("a")),
            deed("share", "2026-04-02T00:00:00Z", Some("a")),
        ],
        // 23:30 and 00:30 in Shanghai are two days, whatever London says; the same day twice is one.
        check_ins: vec![at("2026-03-02T15:30:00Z"), at("2026-03-02T16:30:00Z"), at("2026-03-02T17:30:00Z")],
        points: vec![
            (programme, at("2026-03-02T00:00:00Z"), 50),
            (programme, at("2026-03-03T00:00:00Z"), -20),
            (ProgrammeId::from_bytes([8; 16]), at("2026-03-02T00:00:00Z"), 500),
        ],
        ..Facts::default()
    };
    let now = "2026-03-20T00:00:00Z";
    let who = format!(r#", "who": {{"programme": "{programme}"}}"#);
    for (goal, more, want) in [
        (r#"{"kind": "profile", "fields": ["name", "region", "birthday"]}"#, "", (2, 0, false)),
        (r#"{"kind": "profile", "fields": ["name"]}"#, "", (1, 0, true)),
        (r#"{"kind": "acts", "act": "share", "times": 2}"#, "", (2, 0, true)),
        (r#"{"kind": "acts", "act": "share", "times": 2, "skus": ["a"]}"#, "", (1, 0, false)),
        (r#"{"kind": "check_in", "times": 3}"#, "", (2, 0, false)),
        (r#"{"kind": "points", "times": 30}"#, who.as_str(), (30, 0, true)),
    ] {
        assert_eq!(far(&task(goal, more), &facts, now), want, "{goal}");
    }
}

/// Days since the first of January 2026 as a time, with some minutes.
fn time(minutes: i64) -> Instant {
    Instant(at("2026-01-01T00:00:00Z").micros() + minutes * 60_000_000)
}

/// What a shopkeeper would do: look at each order by itself, with months as texts.
fn by_hand(task: &Task, orders: &[Purchase], zone: &Zone, now: Instant) -> Vec<String> {
    let month = |t: Instant| zone.day(t).to_string()[..7].to_owned();
    let mut names: Vec<String> = orders.iter().map(|o| month(o.at)).collect();
    names.sort();
    names.dedup();
    names.retain(|name| {
        let mut sum = 0;
        for o in orders {
            let begun = o.at >= task.created_at && task.definition.until.is_none_or(|until| o.at < until);
            if begun && o.at <= now && month(o.at) == *name && o.final_at.is_some_and(|f| f <= now) {
                sum += o.net;
            }
        }
        sum >= task.definition.goal.need()
    });
    names
}

proptest! {
    /// The months in which somebody spent enough are those that are found by hand, in whatever order orders are known.
    #[test]
    fn months_are_found_as_by_hand(
        mut orders in proptest::collection::vec((0..200_000_i64, proptest::option::of(0..30_000_i64), 0..50_i64), 0..40),
        now in 0..260_000_i64,
        need in 1..300_i64,
        until in proptest::option::of(100_000..220_000_i64),
    ) {
        let zone = Zone::shanghai();
        let until = until.map_or_else(String::new, |m| format!(r#", "until": "{}""#, time(m)));
        let goal = format!(r#"{{"kind": "spend", "amount": {{"amount": {need}, "currency": "CNY"}}}}"#);
        let task = task(&goal, &format!(r#", "repeat": "month"{until}"#));
        let read = |orders: &[(i64, Option<i64>, i64)]| -> Result<Vec<String>, TestCaseError> {
            let of = |(paid, wait, net): &(i64, Option<i64>, i64)| Purchase { at: time(*paid), final_at: wait.map(|w| time(paid + w)), shop: None, net: *net, parts: Vec::new() };
            let facts = Facts { purchases: orders.iter().map(of).collect(), ..Facts::default() };
            let now = time(now);
            let mut found: Vec<String> = periods(&task, &facts, &zone, now)
                .into_iter()
                .filter(|p| progress(&task, p.span, &facts, &zone, now).reached())
                .map(|p| p.name)
                .collect();
            found.sort();
            prop_assert_eq!(&found, &by_hand(&task, &facts.purchases, &zone, now));
            Ok(found)
        };
        let one = read(&orders)?;
        orders.reverse();
        prop_assert_eq!(one, read(&orders)?);
    }
}
