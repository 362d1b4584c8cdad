//! Promotions of a shop, and what a cart costs by them.
//!
//! [`evaluate`] prices a cart by offers that come with it, as `shuke price` does with files. [`promotion`] keeps the shop's own
//! promotions in versions, [`settings`] what holds for every order; [`catalogue`] is what of both holds at an instant, and
//! [`cart`] prices a member's cart by it.
//!
//! Absent here: how a price comes about (the pure crate `shuke-pricing`), coupons (asked by [`cart::HeldCoupons`]), and every
//! lock: a price takes nothing.

pub mod cart;
pub mod catalogue;
pub mod evaluate;
pub mod http;
pub mod promotion;
pub mod settings;
mod tables;
pub mod versions;
pub mod words;

pub use promotion::PromotionId;
pub use tables::TABLES;

use shuke_http::{App, Tag};

/// The operations of this crate.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] = &[Tag(
    "pricing",
    "The shop's promotions, and what a cart costs and why: by them, or by offers in the request. docs/pricing-format.md has the words.",
)];

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("promotions::promotion", promotion::sql::ALL),
    ("promotions::settings", settings::sql::ALL),
    ("promotions::catalogue", catalogue::sql::ALL),
    ("promotions::cart", cart::sql::ALL),
];
