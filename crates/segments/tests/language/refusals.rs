//! What is refused, with which code, and where.

use shuke_columns::Registry;
use shuke_kernel::{Instant, Zone};
use shuke_segments::{Plan, Reckoning, Segments, check, check_text};

const SEGMENTS: &str = r#"{
    "odd": {"name": "x", "expr": {"op": "eq", "left": {"fact": "shoe_size"}, "right": 42}},
    "self": {"name": "x", "expr": {"op": "not", "arg": {"op": "in_segment", "id": "self"}}},
    "loop_a": {"name": "x", "expr": {"op": "in_segment", "id": "loop_b"}},
    "loop_b": {"name": "x", "expr": {"op": "in_segment", "id": "loop_a"}},
    "late": {"name": "x", "expr": {"op": "eq", "right": 1.5, "left": {"fact": "nope"}}},
    "later": {"name": "x", "expr": {"op": "and", "args": [{"op": "in_segment", "id": "late"}, {"op": "xor"}]}},
    "wide": {"name": "x", "expr": {"op": "between", "from": 1.5, "to": 2, "value": {"ratio": [{"fact": "nope"}, {"fact": "points"}]}}},
    "deep": {"name": "x", "expr": {"op": "not", "arg": {"op": "not", "arg": {"op": "all"}}}}
}"#;

fn reckoning() -> Reckoning {
    Reckoning::new("2025-06-18T04:00:00Z".parse::<Instant>().unwrap().micros(), &Zone::shanghai())
}

fn told(json: &str) -> String {
    let segments = Segments::read(SEGMENTS.as_bytes()).unwrap();
    match check(json.as_bytes(), &Registry::standard(), &segments, &reckoning()) {
        Ok(_) => "accepted".to_owned(),
        Err(refusal) => {
            let chinese = refusal.sentence(true);
            assert!(chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "not told in Chinese: {chinese}");
            format!("{} {}", refusal.code.name(), refusal.path)
        }
    }
}

fn all(cases: &[(&str, &str)]) {
    for (json, expected) in cases {
        assert_eq!(told(json).trim_end(), *expected, "{json}");
    }
}

#[test]
fn nodes_and_keys() {
    all(&[
        ("[]", "unknown_node"),
        (r#"{"op": 1}"#, "unknown_node"),
        (r#"{"op": "all", "op": "all"}"#, "bad_json"),
        (r#"{"op": "all"} x"#, "bad_json"),
        (r#"{"op": "all", "a/b": 1}"#, "unknown_key /a~1b"),
        (r#"{"op": "not"}"#, "missing_key"),
        (r#"{"op": "and", "args": []}"#, "empty_list /args"),
        (r#"{"op": "eq", "left": {"fact": "points", "col": "x"}, "right": 1}"#, "unknown_node /left"),
        (r#"{"op": "eq", "left": {}, "right": 1}"#, "unknown_node /left"),
        (r#"{"op": "eq", "left": 1, "right": 1}"#, "type_mismatch /left"),
        (r#"{"op": "eq", "left": {"ratio": [{"fact": "points"}]}, "right": 1}"#, "unknown_node /left"),
        (r#"{"op": "ge", "left": {"agg": "median", "table": "orders", "of": "paid"}, "right": 1}"#, "unknown_node /left"),
        (r#"{"op": "ge", "left": {"agg": "count", "table": "orders", "of": "paid"}, "right": 1}"#, "unknown_key /left/of"),
        (r#"{"op": "ge", "left": {"agg": "sum", "table": "orders"}, "right": 1}"#, "missing_key /left"),
        (r#"{"op": "ge", "left": {"agg": "sum", "table": "orders", "of": "colour"}, "right": 1}"#, "unknown_field /left/of"),
        (r#"{"op": "ge", "left": {"agg": "sum", "table": "orders", "of": "state"}, "right": 1}"#, "type_mismatch /left/of"),
        (r#"{"op": "exists", "table": "orders", "on": "shop"}"#, "type_mismatch /on"),
        (r#"{"op": "exists", "table": "orders", "on": "colour"}"#, "unknown_field /on"),
        (r#"{"op": "exists", "table": "orders", "where": {"op": "eq", "left": {"fact": "gender"}, "right": "x"}}"#, "not_here /where/left"),
        (r#"{"op": "exists", "table": "orders", "where": {"op": "has_any", "tags": ["x"]}}"#, "not_here /where"),
        (r#"{"op": "exists", "table": "orders", "where": {"op": "lt", "left": {"col": "time"}, "right": {"fact": "now"}}}"#, "accepted"),
    ]);
}

#[test]
fn of_several_the_first_in_reading_order() {
    all(&[
        (r#"{"op": "eq", "left": {"fact": "nope"}, "right": 1, "case": 1}"#, "unknown_field /left"),
        (r#"{"op": "eq", "case": 1, "left": {"fact": "nope"}, "right": 1}"#, "unknown_key /case"),
        (r#"{"op": "between", "value": {"fact": "nope"}, "from": 1.5}"#, "missing_key"),
        (r#"{"op": "and", "args": [{"op": "in_segment", "id": "odd"}, {"op": "xor"}]}"#, "unknown_field /args/0"),
        (r#"{"op": "eq", "right": 1.5, "left": {"fact": "nope"}}"#, "bad_literal /right"),
        (r#"{"op": "eq", "right": 9223372036854775808, "left": {"fact": "nope"}}"#, "bad_literal /right"),
        (r#"{"op": "eq", "right": null, "left": {"fact": "nope"}}"#, "type_mismatch /right"),
        (r#"{"op": "eq", "right": 1, "left": {"fact": "nope"}}"#, "unknown_field /left"),
        (r#"{"op": "eq", "right": {"fact": "neither"}, "left": {"fact": "nope"}}"#, "unknown_field /right"),
        (r#"{"op": "between", "from": 1.5, "to": 2, "value": {"fact": "nope"}}"#, "bad_literal /from"),
        (r#"{"op": "between", "to": 1e3, "from": 1, "value": {"fact": "tags"}}"#, "bad_literal /to"),
        (r#"{"op": "in", "list": [1.5], "value": {"fact": "nope"}}"#, "bad_literal /list/0"),
        (r#"{"op": "in", "list": [1, 2.5], "value": {"fact": "paid_member"}}"#, "bad_literal /list/1"),
    ]);
}

#[test]
fn what_stands_before_an_unknown_table_is_told() {
    all(&[
        (r#"{"op": "exists", "window": {"last": 0, "unit": "days"}, "table": "carts"}"#, "bad_window /window"),
        (r#"{"op": "exists", "where": {"op": "xor"}, "table": "carts"}"#, "unknown_node /where"),
        (r#"{"op": "exists", "where": {"op": "eq", "left": {"fact": "gender"}, "right": "x"}, "table": "carts"}"#, "not_here /where/left"),
        (r#"{"op": "exists", "where": {"op": "eq", "left": {"col": "state"}, "right": "x"}, "table": "carts"}"#, "unknown_table /table"),
        (r#"{"op": "exists", "table": "carts", "window": {"last": 0, "unit": "days"}, "on": "shop"}"#, "unknown_table /table"),
        (r#"{"op": "ge", "left": {"agg": "count", "window": {}, "table": "carts"}, "right": 1}"#, "bad_window /left/window"),
        (
            r#"{"op": "ge", "left": {"agg": "sum", "where": {"op": "xor"}, "of": "paid", "table": "carts"}, "right": 1}"#,
            "unknown_node /left/where",
        ),
        (
            r#"{"op": "sequence", "steps": [{"where": {"op": "xor"}, "table": "carts"}, {"table": "orders"}]}"#,
            "unknown_node /steps/0/where",
        ),
        (
            r#"{"op": "sequence", "same": "colour", "steps": [{"table": "orders", "where": {"op": "xor"}}, {"table": "carts"}]}"#,
            "unknown_field /same",
        ),
        (r#"{"op": "sequence", "same": 1, "steps": [{"table": "carts"}, {"table": "carts"}]}"#, "unknown_field /same"),
    ]);
}

#[test]
fn inside_a_segment_the_first_in_its_reading_order() {
    all(&[
        (r#"{"op": "in_segment", "id": "late"}"#, "bad_literal"),
        (r#"{"op": "not", "arg": {"op": "in_segment", "id": "later"}}"#, "bad_literal /arg"),
        (r#"{"op": "not", "arg": {"op": "in_segment", "id": "wide"}}"#, "bad_literal /arg"),
        (r#"{"op": "in_segment", "id": "late", "name": "x"}"#, "bad_literal"),
        (r#"{"op": "in_segment", "name": "x", "id": "nowhere"}"#, "unknown_segment"),
    ]);
}

#[test]
fn what_stands_before_a_limit_is_told() {
    let many = format!(r#"{{"add": [{}]}}"#, vec![r#"{"fact": "points"}"#; 1_000].join(","));
    assert_eq!(told(&format!(r#"{{"op": "eq", "right": {{"fact": "nope"}}, "left": {many}}}"#)), "unknown_field /right");
    assert_eq!(told(&format!(r#"{{"op": "eq", "right": {many}, "left": {{"fact": "nope"}}}}"#)), "too_large /right/add/998");
    // What is no object is no node, yet it is no condition either.
    let nots = r#"{"op": "not", "arg": "#.repeat(32) + "5" + &"}".repeat(32);
    assert_eq!(told(&nots), format!("unknown_node {}", "/arg".repeat(32)));
}

#[test]
fn hostile_input_takes_no_longer_than_it_is_long() {
    // Each of these would keep a walk through pairs busy for minutes.
    let keys: Vec<String> = (0..100_000).map(|i| format!(r#""k{i}":0"#)).collect();
    assert_eq!(told(&format!(r#"{{"op":"all",{}}}"#, keys.join(","))), "unknown_key /k0");
    assert_eq!(told(&format!(r#"{{{},"k7":0}}"#, keys.join(","))).trim_end(), "bad_json");
    let long = format!(r#"{{"op":"all","{}":[{}]}}"#, "k".repeat(1_000_000), vec!["[]"; 100_000].join(","));
    assert!(told(&long).starts_with("unknown_key /kkk"));
    let values = vec!["age(birthday) > 1"; 100_000].join("\nor ");
    let refused = check_text(&values, &Registry::standard(), &Segments::default(), &reckoning()).unwrap_err();
    assert_eq!((refused.code.name(), refused.path.as_str()), ("too_large", "/args/333"));
    let tags: Vec<String> = (0..100_000).map(|i| format!(r#""t{i}""#)).collect();
    let tags = format!(r#"{{"op":"has_any","tags":[{}]}}"#, tags.join(","));
    let registry = std::sync::Arc::new(Registry::standard());
    let accepted = check(tags.as_bytes(), &registry, &Segments::default(), &reckoning()).unwrap();
    assert!(Plan::of(&accepted, &registry, &reckoning()).is_ok());
}

#[test]
fn types_and_literals() {
    let beside = |fact: &str, right: &str| told(&format!(r#"{{"op": "eq", "left": {{"fact": "{fact}"}}, "right": {right}}}"#));
    for (fact, right, expected) in [
        ("points", "1.0", "bad_literal /right"),
        ("gender", "1.5", "bad_literal /right"),
        ("points", "9223372036854775807", "accepted"),
        ("points", "9223372036854775808", "bad_literal /right"),
        ("points", "true", "type_mismatch /right"),
        ("points", "\"1\"", "type_mismatch /right"),
        ("points", "null", "type_mismatch /right"),
        ("p_alive", "\"0.1234567\"", "bad_literal /right"),
        ("p_alive", "1234567890123", "bad_literal /right"),
        ("p_alive", "{\"fact\": \"points\"}", "accepted"),
        ("clv", "{\"fact\": \"p_alive\"}", "type_mismatch /right"),
        ("gender", "\"\"", "bad_literal /right"),
        ("birthday", "\"2025-02-29\"", "bad_literal /right"),
        ("registered_at", "\"2025-02-28\"", "bad_literal /right"),
        ("registered_at", "\"2025-02-28T00:00:00+08:00\"", "bad_literal /right"),
        ("tags", "\"x\"", "type_mismatch /left"),
    ] {
        assert_eq!(beside(fact, right).trim_end(), expected, "{fact} {right}");
    }
    all(&[
        (r#"{"op": "in", "value": {"fact": "points"}, "list": [1, "x"]}"#, "type_mismatch /list/1"),
        (r#"{"op": "in", "value": {"fact": "paid_member"}, "list": [true]}"#, "type_mismatch /value"),
        (r#"{"op": "between", "value": {"fact": "gender"}, "from": "a", "to": "b"}"#, "type_mismatch /value"),
        (r#"{"op": "between", "value": {"fact": "points"}, "from": 2, "to": 1}"#, "bad_range"),
        (r#"{"op": "under", "value": {"fact": "points"}, "paths": ["x"]}"#, "type_mismatch /value"),
        (r#"{"op": "has_any", "tags": ["x", ""]}"#, "bad_literal /tags/1"),
        (r#"{"op": "eq", "left": {"age": {"fact": "registered_at"}}, "right": 1}"#, "type_mismatch /left/age"),
        (r#"{"op": "eq", "left": {"add": [{"fact": "points"}, {"fact": "clv"}]}, "right": 1}"#, "type_mismatch /left/add/1"),
    ]);
}

#[test]
fn windows_sequences_and_ranks() {
    let window = |w: &str| told(&format!(r#"{{"op": "exists", "table": "orders", "window": {w}}}"#));
    for bad in [
        "{}",
        "7",
        r#"{"last": 10001, "unit": "days"}"#,
        r#"{"last": 1, "unit": "weeks"}"#,
        r#"{"last": 1}"#,
        r#"{"last": 7, "unit": "days", "until": 7}"#,
        r#"{"last": 7, "unit": "days", "until": 3, "complete": true}"#,
        r#"{"last": 7, "unit": "days", "rolling": true, "complete": true}"#,
        r#"{"last": 7, "unit": "hours", "complete": true}"#,
        r#"{"current": "decade"}"#,
        r#"{"current": "day", "from": "2025-01-01"}"#,
        r#"{"from": "2025-01-01", "to": "2024-12-31T16:00:00Z"}"#,
        r#"{"from": "2025-02-30"}"#,
    ] {
        assert_eq!(window(bad), "bad_window /window", "{bad}");
    }
    assert_eq!(window(r#"{"from": "2025-01-01", "to": "2024-12-31T16:00:00.000001Z"}"#).trim_end(), "accepted");
    let sequence = |steps: &str| told(&format!(r#"{{"op": "sequence", "steps": [{steps}]}}"#));
    for (steps, expected) in [
        ("", "bad_sequence"),
        (r#"{"table": "orders"}"#, "bad_sequence"),
        (r#"{"table": "orders", "within": {"n": 1, "unit": "days"}}, {"table": "orders"}"#, "bad_sequence"),
        (r#"{"table": "orders"}, {"table": "orders", "absent": true}"#, "bad_sequence"),
        (
            r#"{"table": "orders"}, {"table": "orders", "absent": true, "within": {"n": 1, "unit": "days"}}, {"table": "orders"}"#,
            "bad_sequence",
        ),
        (r#"{"table": "orders"}, {"table": "orders", "within": {"n": 0, "unit": "days"}}"#, "bad_window /steps/1/within"),
        (
            r#"{"table": "orders"}, {"table": "orders", "within": {"n": 1, "unit": "hours", "business": true}}"#,
            "bad_window /steps/1/within",
        ),
        (r#"{"table": "orders"}, {"table": "carts"}"#, "unknown_table /steps/1/table"),
        (r#"{"table": "orders"}, {"table": "orders", "colour": 1}"#, "unknown_key /steps/1/colour"),
    ] {
        assert_eq!(sequence(steps).trim_end(), expected, "{steps}");
    }
    all(&[
        (r#"{"op": "sequence", "steps": [{"table": "orders"}, {"table": "lines"}], "same": "sku"}"#, "unknown_field /same"),
        (r#"{"op": "top", "by": {"fact": "clv"}}"#, "bad_rank"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 0}"#, "bad_rank"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "percent": "100.000001"}"#, "bad_rank"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 1, "end": "middle"}"#, "bad_rank"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 1, "as_of": "2025-06-18T04:00:00.000001Z"}"#, "bad_rank"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 1, "as_of": "2025-06-18T04:00:00Z"}"#, "accepted"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 1.5}"#, "bad_literal /n"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 9223372036854775808}"#, "bad_literal /n"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "percent": 12.5}"#, "bad_literal /percent"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "percent": "1e1"}"#, "bad_literal /percent"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "percent": "100.1"}"#, "bad_rank"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 1, "as_of": "2025-06-17"}"#, "bad_literal /as_of"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 1, "as_of": "2025-02-30T00:00:00Z"}"#, "bad_literal /as_of"),
        (r#"{"op": "top", "by": {"fact": "clv"}, "n": 1.5, "percent": "5"}"#, "bad_rank"),
        (r#"{"op": "top", "n": 1.5, "by": {"fact": "nope"}}"#, "bad_literal /n"),
        (r#"{"op": "top", "by": {"fact": "gender"}, "n": 1}"#, "type_mismatch /by"),
    ]);
}

#[test]
fn segments_and_limits() {
    let nots = |n: usize, inner: &str| r#"{"op": "not", "arg": "#.repeat(n) + inner + &"}".repeat(n);
    let deep = "/arg".repeat(32);
    assert_eq!(told(&nots(31, r#"{"op": "all"}"#)).trim_end(), "accepted");
    assert_eq!(told(&nots(32, r#"{"op": "all"}"#)), format!("too_deep {deep}"));
    assert_eq!(told(&nots(50_000, r#"{"op": "all"}"#)), format!("too_deep {deep}"));
    // The segment has three levels of its own, one below the node that refers to it.
    assert_eq!(told(&nots(28, r#"{"op": "in_segment", "id": "deep"}"#)).trim_end(), "accepted");
    assert_eq!(told(&nots(29, r#"{"op": "in_segment", "id": "deep"}"#)), format!("too_deep {}", "/arg".repeat(29)));
    let many = |n: usize| format!(r#"{{"op": "or", "args": [{}]}}"#, vec![r#"{"op": "all"}"#; n].join(","));
    assert_eq!(told(&many(999)).trim_end(), "accepted");
    assert_eq!(told(&many(1_000)), "too_large /args/999");
    all(&[
        (r#"{"op": "in_segment", "id": "self"}"#, "cycle"),
        (r#"{"op": "not", "arg": {"op": "in_segment", "id": "loop_a"}}"#, "cycle /arg"),
        (r#"{"op": "in_segment", "id": "nowhere"}"#, "unknown_segment"),
        (r#"{"op": "not", "arg": {"op": "in_segment", "id": "odd"}}"#, "unknown_field /arg"),
    ]);
}

#[test]
fn a_text_is_judged_like_json() {
    let told = |text: &str| match check_text(text, &Registry::standard(), &Segments::default(), &reckoning()) {
        Ok(_) => "accepted".to_owned(),
        Err(refusal) => format!("{} {}", refusal.code.name(), refusal.path),
    };
    for (text, expected) in [
        ("points >= 1 and", "bad_text"),
        ("points 1", "bad_text"),
        ("points >= 1 points", "bad_text"),
        ("clv >= 100", "type_mismatch /right"),
        ("clv >= ￥1", "accepted"),
        ("birthday = \"2024-02-29\"", "type_mismatch /right"),
        ("birthday = 2023-02-29", "bad_literal /right"),
        ("p_alive >= 0.5 and (points > 1.5 or everyone)", "type_mismatch /args/1/args/0/right"),
        ("exists(carts)", "unknown_table /table"),
        ("exists(orders, last 0 days)", "bad_window /window"),
        ("median(orders.paid) > ¥1.00", "bad_text"),
    ] {
        assert_eq!(told(text).trim_end(), expected, "{text}");
    }
    for deep in ["(", "not ", "age(", "exists(orders where "] {
        assert_eq!(told(&deep.repeat(50_000)).trim_end(), "bad_text", "{deep}");
    }
    // However deep it is: the same is told as of the same tree in JSON.
    let nested = |n: usize, before: &str, inner: &str, after: &str| told(&format!("{}{inner}{}", before.repeat(n), after.repeat(n)));
    for n in [32, 33, 100, 250, 50_000] {
        let nots = format!("too_deep {}", "/arg".repeat(32));
        assert_eq!(nested(n, "not ", "everyone", ""), nots, "{n}");
        assert_eq!(nested(n, "not (", "everyone", ")"), nots, "{n}");
        assert_eq!(nested(n, "(", "everyone", ")").trim_end(), "accepted", "{n}");
        assert_eq!(nested(n, "(", "everyone", " and everyone)"), format!("too_deep {}", "/args/0".repeat(32)), "{n}");
        assert_eq!(nested(n, "(points > 1 or ", "everyone", ")"), format!("too_deep {}", "/args/1".repeat(30) + "/args/0/left"), "{n}");
        assert_eq!(nested(n, "age(", "birthday", ")"), "bad_text ", "a value alone is no condition: {n}");
        assert_eq!(nested(n, "exists(orders where ", "everyone", ")"), "not_here /where", "{n}");
        let ages = told(&format!("{}birthday{} = 1", "age(".repeat(n), ")".repeat(n)));
        assert_eq!(ages, format!("too_deep /left{}", "/age".repeat(31)), "{n}");
    }
    assert_eq!(nested(31, "not ", "everyone", "").trim_end(), "accepted");
    // What stands before the depth is told first, what stands behind it is not.
    assert_eq!(nested(250, "(clv > 1 and (", "everyone", "))"), "type_mismatch /args/0/right");
}
