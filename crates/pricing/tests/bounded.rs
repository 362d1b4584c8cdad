//! Where there are too many candidates for a proof: what a bounded search must still find, and that it
//! says that it was bounded.

use serde_json::{Value, json};
use shuke_pricing::{Cart, Offers, Priced, price};

const LINES: i64 = 100;

/// A hundred lines of a hundred yuan, one yuan off each of them by a promotion of its own; and others.
fn priced(more: Vec<Value>) -> Priced {
    let lines: Vec<Value> =
        (0..LINES).map(|i| json!({"line": format!("l{i}"), "sku": format!("S{i:03}"), "unit_price": 10_000, "qty": 1})).collect();
    let one = |i| json!({"id": format!("line{i:03}"), "kind": "amount_off", "amount": 100, "scope": {"skus": [format!("S{i:03}")]}});
    let promotions: Vec<Value> = (0..LINES).map(one).chain(more).collect();
    let offers = json!({"format": 1, "currency": "CNY", "zone": "Asia/Shanghai", "promotions": promotions});
    let cart = json!({"format": 1, "time": "2026-06-18T12:00:00Z", "lines": lines});
    price(&Offers::read(&offers.to_string()).unwrap(), &Cart::read(&cart.to_string()).unwrap()).unwrap()
}

fn stepped(id: &str, steps: &[(i64, i64)]) -> Value {
    let steps: Vec<Value> = steps.iter().map(|(from, off)| json!({"min_amount": from, "amount_off": off})).collect();
    json!({"id": id, "kind": "stepped_threshold", "steps": steps})
}

#[test]
fn line_promotions_go_so_that_a_large_threshold_holds() {
    let got = priced(vec![stepped("whole", &[(999_500, 20_000)])]);
    assert_eq!(got.order.total, 1_000_000 - 500 - 20_000, "five yuan off lines, and the threshold");
    assert!(got.search_bounded && got.candidates == 101);
}

#[test]
fn no_more_go_than_the_step_that_is_worth_it_wants() {
    let got = priced(vec![stepped("whole", &[(995_000, 6_000), (1_000_000, 10_000)])]);
    assert_eq!(got.order.total, 1_000_000 - 5_000 - 6_000, "the highest step would cost more than it brings");
}

#[test]
fn thresholds_that_are_worth_it_only_together_hold_together() {
    let all: Vec<Value> = (0..5).map(|i| stepped(&format!("part{i}"), &[(999_000, 3_000)])).collect();
    assert_eq!(priced(all).order.total, 1_000_000 - 1_000 - 5 * 3_000);
    let few: Vec<Value> = (0..2).map(|i| stepped(&format!("part{i}"), &[(999_000, 3_000)])).collect();
    assert_eq!(priced(few).order.total, 1_000_000 - 10_000, "two are not worth ninety lines");
}
