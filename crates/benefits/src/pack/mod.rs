//! Packs: points, uses of benefits and rewards, given once by their occasion.

pub mod due;
pub mod follow;
pub mod give;
pub mod model;
pub mod service;
pub mod sql;

pub use model::{Definition, Occasion, Pack};
