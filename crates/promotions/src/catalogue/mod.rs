//! The catalogue: what of all promotions and settings holds at an instant, as the engine takes it.
//!
//! It is kept in memory under a stamp that is another with every change, and for as long as nothing begins or ends by itself:
//! a transaction reads the stamp, so it never prices by what was replaced.

pub mod service;
pub mod sql;

pub use service::{Catalogue, Living, at, file, living, refers, restamp};
