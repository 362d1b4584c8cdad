//! Coupons: each had once, held by one order at a time, used once, and given back with its order.

pub mod claim;
pub mod course;
pub mod due;
pub mod engine;
pub mod held;
pub mod lock;
pub mod missed;
pub mod model;
#[cfg(test)]
mod model_tests;
pub mod said;
pub mod service;
pub mod shown;
pub mod sql;
pub mod take;
pub mod wallet;

pub use held::Coupon;
pub use model::{OrderName, State};
