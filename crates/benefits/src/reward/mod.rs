//! The catalogue: what points can be spent on, how many pieces there are, and how they reach the member.

pub mod address;
pub mod delivery;
pub mod model;
pub mod picture;
pub mod redeem;
pub mod service;
pub mod sql;

pub use model::{Definition, Kind, Reward};
