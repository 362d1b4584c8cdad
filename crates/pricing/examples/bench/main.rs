//! `bench [CARTS [SEED [FIRST CLIMB AGAIN]]]`: the engine alone on drawn checkouts, one after the other on one thread.
//! `bench draw [CARTS [SEED]]` prints the same checkouts, one a line, as `POST /pricing/evaluate` takes them.
//! Prints JSON lines: how long, apart for at most sixteen candidates and for more; how many were
//! bounded; and what the bounded ones cost more than a search that may take its time. `make bench price`.

use std::time::Instant;

use serde_json::json;
use shuke_pricing::{Cart, Effort, Offers, price, price_within};

mod checkout;

fn main() {
    let mut given = std::env::args().skip(1).filter_map(|a| a.parse::<u64>().ok());
    let (carts, seed) = (given.next().unwrap_or(10_000), given.next().unwrap_or(1));
    if std::env::args().nth(1).as_deref() == Some("draw") {
        for (promotions, cart) in (0..carts).map(|i| checkout::draw(seed * 1_000_000 + i, 30, 40, 20)) {
            println!("{}", json!({"promotions": promotions, "cart": cart}));
        }
        return;
    }
    let mut effort = Effort::CHECKOUT;
    if let (Some(first), Some(climb), Some(again)) = (given.next(), given.next(), given.next()) {
        effort = Effort { first, climb, again, ..Effort::CHECKOUT };
    }
    let drawn: Vec<(Offers, Cart)> = (0..carts).map(|i| read(&checkout::draw(seed * 1_000_000 + i, 30, 40, 20))).collect();
    // Once to warm up, once for each figure.
    drawn.iter().take(200).for_each(|(offers, cart)| drop(price(offers, cart)));
    let begun = Instant::now();
    let mut few = Vec::new();
    let mut many = Vec::new();
    let (mut bounded, mut candidates) = (Vec::new(), Vec::new());
    for (at, (offers, cart)) in drawn.iter().enumerate() {
        let begun = Instant::now();
        let Ok(priced) = price_within(offers, cart, effort) else { continue };
        let took = begun.elapsed().as_nanos() as u64;
        candidates.push(priced.candidates);
        if priced.candidates <= 16 {
            few.push(took)
        } else {
            many.push(took)
        }
        if priced.search_bounded {
            bounded.push((at, priced.order.total));
        }
    }
    let all = begun.elapsed();
    candidates.sort_unstable();
    let of_many = bounded.len() as f64 / many.len().max(1) as f64;
    println!(
        "{}",
        json!({"bench": "price", "carts": carts, "seed": seed, "lines": 30, "promotions": 40, "coupons": 20,
        "carts_per_second": (carts as f64 / all.as_secs_f64()) as u64, "candidates_median": candidates.get(candidates.len() / 2), "candidates_most": candidates.last()})
    );
    println!(
        "{}",
        json!({"bench": "price, at most 16 candidates", "carts": few.len(), "p50_us": at(&mut few, 50.0), "p99_us": at(&mut few, 99.0), "most_us": at(&mut few, 100.0), "bounded": 0})
    );
    println!(
        "{}",
        json!({"bench": "price, more candidates", "carts": many.len(), "p50_us": at(&mut many, 50.0), "p99_us": at(&mut many, 99.0), "most_us": at(&mut many, 100.0), "bounded_share": of_many})
    );
    regret(&drawn, &bounded);
}

fn read((offers, cart): &(serde_json::Value, serde_json::Value)) -> (Offers, Cart) {
    let offers = Offers::read(&offers.to_string()).unwrap_or_else(|e| panic!("the drawn offers are refused: {e}"));
    let cart = Cart::read(&cart.to_string()).unwrap_or_else(|e| panic!("the drawn cart is refused: {e}"));
    (offers, cart)
}

/// The time in microseconds within which so many of a hundred are answered.
fn at(took: &mut [u64], percent: f64) -> f64 {
    took.sort_unstable();
    let place = (took.len() as f64 * percent / 100.0).ceil() as usize;
    took.get(place.saturating_sub(1)).map_or(0.0, |nanos| *nanos as f64 / 1000.0)
}

/// Of up to a thousand carts whose search was bounded: what they cost more than the lowest.
fn regret(drawn: &[(Offers, Cart)], bounded: &[(usize, i64)]) {
    let (mut lost, mut total, mut worst, mut proven, mut missed) = (0, 0, 0.0_f64, 0, 0);
    let sample = &bounded[..bounded.len().min(1000)];
    for (at, cost) in sample {
        let (offers, cart) = &drawn[*at];
        let Ok(best) = price_within(offers, cart, Effort::THOROUGH) else { continue };
        proven += usize::from(!best.search_bounded);
        missed += usize::from(cost > &best.order.total);
        lost += cost - best.order.total;
        total += best.order.total;
        worst = worst.max((cost - best.order.total) as f64 / best.order.total.max(1) as f64);
    }
    println!(
        "{}",
        json!({"bench": "price, regret of bounded searches", "carts": sample.len(), "proven_lowest": proven, "not_the_lowest": missed,
        "fen_a_cart": lost as f64 / sample.len().max(1) as f64, "mean_share": lost as f64 / total.max(1) as f64, "worst_share": worst})
    );
}
