//! What the platforms settled, beside what the orders say that the merchant should have received: per
//! platform, shop and month, and order by order where the two differ, with the reason in words.
//!
//! *Expected* of an order is what was paid, shipping included, and what the platform bore of its
//! discounts, less what went back; the platform's part goes back in the proportion in which the money
//! did. *Settled* is the figure in the platform's own file (打款商家金额, 商家实收金额, 订单实收金额).
//! What the two differ by is told as reasons whose amounts add up to it, so that always
//! expected + reasons = settled, to the minor unit.

pub mod http;
pub mod judge;
pub mod service;
pub mod sql;
pub mod sums;
pub mod tables;

pub use judge::{Facts, Judged, Reason};
pub use service::{Asked, Part, Row};
pub use sums::{Adder, Settlement, Sum};
