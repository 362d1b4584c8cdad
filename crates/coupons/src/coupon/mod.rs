//! Coupons: each had once, held by one order at a time, used once, and given back with its order.

pub mod model;
#[cfg(test)]
mod model_tests;

pub use model::{OrderName, State};
