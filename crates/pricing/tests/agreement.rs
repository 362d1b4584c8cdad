//! The engine against the naive pricer on drawn carts, and what must hold of every answer.
//! `examples/soak.rs` goes through as many as are asked for.

mod agree;
mod draw;
mod naive;

#[test]
fn the_engine_agrees_with_the_naive_pricer_on_drawn_carts() {
    let mut compared = 0;
    for seed in 0..2000 {
        match agree::check(seed) {
            Ok(did) => compared += u64::from(did),
            Err(found) => panic!("seed {seed}: {found}"),
        }
    }
    assert!(compared > 1800, "only {compared} of 2000 were small enough to compare");
}
