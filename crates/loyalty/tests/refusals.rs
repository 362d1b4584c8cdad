//! What cannot be read is refused with its place and nothing else; whatever is read, nothing panics.

use proptest::prelude::*;
use serde_json::{Value, json};
use shuke_kernel::Refusal;
use shuke_loyalty::Scenario;

fn read(value: &Value) -> Result<Scenario, Refusal> {
    Scenario::read(&value.to_string())
}

/// A scenario that touches most of the format.
fn good() -> Value {
    json!({
        "format": 1,
        "programme": {
            "zone": "Asia/Shanghai",
            "settlement_days": 1,
            "earn": [
                { "id": "a", "kind": "per_amount", "points": 1, "per_fen": 100, "group": "g" },
                { "id": "s", "kind": "stepped", "bands": [{ "from_fen": 0, "points": 1, "per_fen": 100 }, { "from_fen": 500, "points": 2, "per_fen": 70 }], "group": "g" },
                { "id": "m", "kind": "multiplier", "factor": "1.5", "birthday": "month", "tiers": ["v1"], "from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z" },
                { "id": "c", "kind": "category_bonus", "points": 2, "categories": ["tea"] },
            ],
            "caps": [{ "id": "d", "per": "day", "points": 100 }, { "id": "r", "per": "month", "points": 50, "rule": "m" }],
            "lot_expiry": { "months": 12 },
            "check_in": { "points": 2, "streak": [{ "days": 3, "bonus": 10 }] },
            "birthday": { "points": 5 },
            "activity": { "cuts": [30, 60] },
            "ladder": {
                "tiers": [{ "id": "v0" }, { "id": "v1", "entry": { "any": [{ "metric": "net_spend", "min": 100 }] }, "reward_points": 5 }],
                "window": { "kind": "rolling_months", "months": 12 },
                "validity": { "months": 12 },
                "grace_days": 3,
            },
            "coupons": [{ "id": "t", "amount": 100, "validity": { "days": 7 }, "stock": 2 }],
        },
        "member": { "birthday": "1992-02-29", "joined": "2025-01-01T00:00:00Z" },
        "steps": [
            { "at": "2026-03-01T02:00:00Z", "do": { "kind": "order_paid", "id": "p", "order": "o", "net_fen": 1000, "lines": [{ "line": "l", "category": "tea", "qty": 1, "net_fen": 900 }] } },
            { "at": "2026-03-02T02:00:00Z", "do": { "kind": "order_completed", "id": "c", "order": "o" } },
            { "at": "2026-03-05T02:00:00Z", "do": { "kind": "spend", "id": "s", "points": 3 } },
            { "at": "2026-03-05T03:00:00Z", "do": { "kind": "refund", "id": "r", "order": "o", "net_fen": 10, "time": "2026-03-02T03:00:00Z" } },
            { "at": "2026-03-05T04:00:00Z", "do": { "kind": "claim", "id": "k", "template": "t", "grant": "g" } },
            { "at": "2028-03-05T04:00:00Z", "do": { "kind": "tick" } },
        ],
    })
}

/// The good scenario with one place changed; a pointer that is not there yet is put in.
fn changed(pointer: &str, to: Value) -> Value {
    let mut value = good();
    if let Some(place) = value.pointer_mut(pointer) {
        *place = to;
    } else {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[key] = to;
    }
    value
}

fn refused(pointer: &str, to: Value, code: &str, path: &str) {
    let refusal = read(&changed(pointer, to.clone())).map(|_| ()).expect_err(pointer);
    assert_eq!((refusal.code.code, refusal.field.as_deref().unwrap_or("")), (code, path), "{pointer} = {to}: {}", refusal.text(false));
    for zh in [true, false] {
        let text = refusal.text(zh);
        assert!(!text.contains('{') || text.contains("{…}"), "{text} leaves something to fill in");
        assert!(!text.contains('\n'), "{text} has more than one line");
    }
}

#[test]
fn the_good_one_is_read_and_run() {
    let shown = read(&good()).unwrap().run().unwrap();
    assert_eq!(shown.len(), 6);
}

#[test]
fn a_clock_that_goes_back_is_refused() {
    refused("/steps/1/at", json!("2026-03-01T01:59:59Z"), "loyalty.clock_goes_back", "steps[1].at");
    refused("/steps/3/do/time", json!("2026-03-05T03:00:01Z"), "loyalty.time_after_arrival", "steps[3].do.time");
}

#[test]
fn unknown_and_missing_keys_are_refused() {
    refused("/colour", json!(1), "loyalty.unknown_key", "");
    refused("/programme/earn/0/per_yuan", json!(1), "loyalty.unknown_key", "programme.earn[0]");
    refused("/programme/caps/0/per", Value::Null, "loyalty.missing_key", "programme.caps[0]");
    refused("/programme/ladder/tiers/1/entry/any/0/max", json!(1), "loyalty.unknown_key", "programme.ladder.tiers[1].entry.any[0]");
    refused("/steps/2/do/amount", json!(1), "loyalty.unknown_key", "steps[2].do");
    refused("/steps/2/do/points", Value::Null, "loyalty.missing_key", "steps[2].do");
    refused("/steps", Value::Null, "loyalty.missing_key", "");
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    refused("/programme/earn/0/per_fen", json!(0), "loyalty.out_of_range", "programme.earn[0].per_fen");
    refused("/programme/earn/0/points", json!(1.5), "loyalty.wrong_value", "programme.earn[0].points");
    refused("/programme/earn/0/points", json!("1"), "loyalty.wrong_value", "programme.earn[0].points");
    refused("/programme/settlement_days", json!(-1), "loyalty.out_of_range", "programme.settlement_days");
    refused("/steps/0/do/net_fen", json!(-5), "loyalty.out_of_range", "steps[0].do.net_fen");
    refused("/steps/0/do/net_fen", json!(u64::MAX), "loyalty.out_of_range", "steps[0].do.net_fen");
    refused("/steps/2/do/points", json!(0), "loyalty.out_of_range", "steps[2].do.points");
    refused("/programme/earn/2/factor", json!(1.5), "loyalty.wrong_value", "programme.earn[2].factor");
    refused("/programme/earn/2/factor", json!("-1"), "loyalty.wrong_value", "programme.earn[2].factor");
    refused("/format", json!(2), "loyalty.out_of_range", "format");
    refused("/steps/0/at", json!("2026-03-01 02:00"), "loyalty.wrong_value", "steps[0].at");
    refused("/steps/0/at", json!("9999-03-01T02:00:00Z"), "loyalty.wrong_value", "steps[0].at");
    refused("/member/birthday", json!("1993-02-29"), "loyalty.wrong_value", "member.birthday");
    refused("/programme/zone", json!("Asia/Shangai"), "loyalty.wrong_value", "programme.zone");
}

#[test]
fn what_contradicts_is_refused_with_its_place() {
    refused("/programme/earn/1/id", json!("a"), "loyalty.id_twice", "programme.earn[1].id");
    refused("/programme/earn/2/group", json!("g"), "loyalty.contradiction", "programme.earn[2].group");
    refused("/programme/earn/2/to", json!("2026-01-01T00:00:00Z"), "loyalty.contradiction", "programme.earn[2].to");
    refused("/programme/earn/2/tiers", json!(["v9"]), "loyalty.not_there", "programme.earn[2].tiers[0]");
    refused("/programme/earn/1/bands/1/from_fen", json!(0), "loyalty.contradiction", "programme.earn[1].bands");
    refused("/programme/caps/1/rule", json!("z"), "loyalty.not_there", "programme.caps[1].rule");
    refused("/programme/lot_expiry", json!({ "days": 3, "months": 1 }), "loyalty.contradiction", "programme.lot_expiry");
    refused("/programme/activity/cuts", json!([60, 30]), "loyalty.contradiction", "programme.activity.cuts");
    refused("/programme/ladder/tiers/1/entry", json!({ "any": [] }), "loyalty.contradiction", "programme.ladder.tiers[1].entry");
    refused("/programme/ladder/on_refund", json!("never"), "loyalty.not_one_of", "programme.ladder.on_refund");
    refused("/programme/coupons/0/validity", json!({}), "loyalty.contradiction", "programme.coupons[0].validity");
    refused("/steps/4/do/template", json!("z"), "loyalty.not_there", "steps[4].do.template");
    refused("/steps/0/do/lines/0/net_fen", json!(1_001), "loyalty.contradiction", "steps[0].do.lines");
    refused("/steps/0/do/kind", json!("order_payed"), "loyalty.not_one_of", "steps[0].do.kind");
}

#[test]
fn a_ladder_without_tiers_is_refused() {
    let value = json!({ "format": 1, "programme": { "ladder": { "tiers": [] } }, "steps": [] });
    let refusal = read(&value).map(|_| ()).expect_err("no tier");
    assert_eq!((refusal.code.code, refusal.field.as_deref()), ("loyalty.contradiction", Some("programme.ladder.tiers")));
}

#[test]
fn rates_without_a_common_measure_are_refused() {
    let primes = [1_000_003, 1_000_033, 1_000_037, 1_000_039];
    let rules: Vec<_> = primes.iter().map(|p| json!({ "id": p.to_string(), "kind": "per_amount", "points": 1, "per_fen": p })).collect();
    let mut value = good();
    value["programme"]["earn"] = json!(rules);
    value["programme"]["caps"] = json!([]);
    let refusal = read(&value).map(|_| ()).expect_err("no common measure");
    assert_eq!((refusal.code.code, refusal.field.as_deref()), ("loyalty.too_large", Some("programme.earn[2].per_fen")));
}

#[test]
fn what_cannot_be_reckoned_is_refused_when_it_comes() {
    let mut value = good();
    value["programme"]["earn"] = json!([
        { "id": "a", "kind": "per_amount", "points": 1_000_000_000_000_i64, "per_fen": 999_983 },
        { "id": "b", "kind": "per_amount", "points": 1, "per_fen": 1_000_003 },
        { "id": "m", "kind": "multiplier", "factor": "0.000001" },
    ]);
    value["programme"]["caps"] = json!([]);
    value["steps"][0]["do"]["net_fen"] = json!(1_000_000_000_000_000_i64);
    let refusal = read(&value).unwrap().run().expect_err("too large");
    assert_eq!((refusal.code.code, refusal.field.as_deref()), ("loyalty.too_large", Some("steps[0]")));
}

#[test]
fn no_json_is_refused() {
    assert_eq!(Scenario::read("{").map(|_| ()).expect_err("cut").code.code, "loyalty.not_json");
    assert_eq!(Scenario::read("[]").map(|_| ()).expect_err("a list").code.code, "loyalty.wrong_value");
}

/// All places of a value, as pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| places(v, &format!("{at}/{k}"), found)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| places(v, &format!("{at}/{i}"), found)),
        _ => {}
    }
}

fn odd() -> impl Strategy<Value = Value> {
    let numbers = vec![0, 1, -1, 12, 366, 36_600, 1_000_000_000_000, 1_000_000_000_000_000, i64::MAX, i64::MIN];
    let texts = vec![
        "",
        "a",
        "v1",
        "t",
        "1000",
        "0",
        "0.000001",
        "1900-01-01T00:00:00Z",
        "2399-12-31T23:59:59.999999Z",
        "2026-03-01T00:00:00Z",
        "2000-02-29",
        "days",
    ];
    prop_oneof![
        prop::sample::select(numbers).prop_map(|n| json!(n)),
        prop::sample::select(texts).prop_map(|t| json!(t)),
        prop::sample::select(vec![json!(null), json!([]), json!({}), json!(true), json!(false), json!(1e300), json!(u64::MAX)]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), odd()), 1..4)) {
        let mut value = good();
        for (place, to) in changes {
            let mut all = Vec::new();
            places(&value, "", &mut all);
            if let Some(place) = value.pointer_mut(place.get(all.as_slice()).as_str()) {
                *place = to;
            }
        }
        if let Ok(scenario) = read(&value) {
            let _ = scenario.run();
        }
    }
}
