//! Coupons in the store: templates, batches with stock and budget, codes, and the life of every single coupon.
//!
//! [`template`] says what a coupon gives, in the words that the pricing engine reads; [`batch`] how many there are, for how
//! much money and for whom, with a stock that a rush does not queue up at; [`code`] what is printed; [`coupon`] what becomes
//! of one: claimed or granted, locked by an order, used, given back. [`orders`] follows what orders become.
//!
//! Absent here: what a coupon takes off a cart (the pricing engine), points (the programme), and any notion of a price.

pub mod audit;
pub mod batch;
pub mod code;
pub mod coupon;
mod http;
pub mod orders;
pub mod state;
mod tables;
pub mod template;
pub mod who;
pub mod words;

pub use tables::TABLES;

use shuke_http::{App, Tag};
use shuke_store::jobs::JobRunner;

shuke_kernel::ids! {
    /// A template.
    TemplateId = CouponTemplateKind "cpt";
    /// A batch of coupons.
    BatchId = CouponBatchKind "cpb";
    /// A coupon.
    CouponId = CouponKind "cpn";
}

/// The operations of this crate.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] = &[Tag(
    "coupons",
    "Coupons: templates, batches with stock and budget, codes; claimed, locked by an order, used, given back; exceptions.",
)];

/// Adds this crate's kinds of jobs to a runner.
pub fn register_jobs(runner: JobRunner) -> JobRunner {
    runner.with(code::made::Make)
}

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("coupons::template", template::sql::ALL),
    ("coupons::batch", batch::sql::ALL),
    ("coupons::code", code::sql::ALL),
    ("coupons::coupon", coupon::sql::ALL),
    ("coupons::orders", orders::sql::ALL),
    ("coupons::audit", audit::sql::ALL),
];
