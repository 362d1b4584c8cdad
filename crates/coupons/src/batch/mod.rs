//! Batches: so many coupons of a template, for so much money, for whom and when; and their stock, made for a rush.

pub mod draw;
pub mod model;
pub mod service;
pub mod sql;
pub mod stock;

pub use model::{Batch, Definition, Way};
