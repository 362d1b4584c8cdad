//! Where there are too many candidates for a proof: what a bounded search must still find, and that it
//! says that it was bounded.

use serde_json::{Value, json};
use shuke_pricing::{Cart, Effort, Offers, Priced, price, price_within};

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

#[test]
fn many_on_shipping_or_of_one_line_group_come_to_an_end() {
    let shipping: Vec<Value> = (0..90).map(|i| json!({"id": format!("s{i:02}"), "kind": "free_shipping", "cap": 1})).collect();
    let of_group = |i: i64| json!({"id": format!("g{i:02}"), "kind": "amount_off", "amount": 100 + i, "group": "g", "exclusive": "line"});
    let group: Vec<Value> = (0..60).map(of_group).collect();
    for (promotions, total) in [(shipping, 10_000 + 1_000 - 90), (group, 10_000 + 1_000 - 159)] {
        let offers = json!({"format": 1, "promotions": promotions});
        let lines = json!([{"line": "a", "sku": "A", "unit_price": 10_000, "qty": 1}]);
        let cart = json!({"format": 1, "time": "2026-06-18T12:00:00Z", "shipping_fee": 1_000, "lines": lines});
        let got = price(&Offers::read(&offers.to_string()).unwrap(), &Cart::read(&cart.to_string()).unwrap()).unwrap();
        assert_eq!(got.order.total, total);
    }
}

#[test]
fn few_on_very_many_lines_are_bounded_where_somebody_waits() {
    let lines: Vec<Value> =
        (0..500).map(|i| json!({"line": format!("l{i}"), "sku": format!("S{i}"), "unit_price": 1_000 + i, "qty": 1})).collect();
    let promotion = |i: i64| json!({"id": format!("p{i}"), "kind": "percent_off", "pay_rate": format!("0.{}", 80 + i), "cap": 15_000 + i});
    let offers = json!({"format": 1, "promotions": (0..16).map(promotion).collect::<Vec<_>>()});
    let cart = json!({"format": 1, "time": "2026-06-18T12:00:00Z", "lines": lines});
    let (offers, cart) = (Offers::read(&offers.to_string()).unwrap(), Cart::read(&cart.to_string()).unwrap());
    let whole = price(&offers, &cart).unwrap();
    assert!(!whole.search_bounded && whole.candidates == 16, "sixteen are exact");
    let at_once = price_within(&offers, &cart, Effort { exact: 1, ..Effort::CHECKOUT }).unwrap();
    assert!(at_once.search_bounded && at_once.order.total >= whole.order.total, "and say so where they could not be gone through");
}
