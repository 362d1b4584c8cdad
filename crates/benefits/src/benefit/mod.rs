//! Benefits: what a merchant grants to tiers and segments, and whether a member may use one now.

pub mod judge;
pub mod model;
pub mod service;
pub mod sql;
pub mod templates;
pub mod when;

pub use model::{Benefit, Definition, Kind};
