//! What coupons of one sort give, how long they are good, and what becomes of them with their order.

pub mod model;
pub mod offer;
pub mod service;
pub mod sql;

pub use model::{Definition, Template};
pub use offer::{Kind, Offer};
