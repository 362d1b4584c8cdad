//! Batches: so many coupons of a template, for so much money, for whom and when; and their stock, made for a rush.

pub mod draw;
pub mod model;

pub use model::{Batch, Definition, Way};
