//! A member's cart, priced by the shop's own promotions: what is known of the member is gathered from the store, the engine
//! reckons. Nothing is written, and nothing is held: a price is no promise of a quota, a coupon or points.

pub mod groups;
pub mod held;
pub mod known;
pub mod service;
pub mod sql;

pub use held::{Held, HeldCoupons};
