//! Promotions of a shop, and what a cart costs by them.
//!
//! [`evaluate`] prices a cart by offers that come with it, as `shuke price` does with files.
//!
//! Absent here: how a price comes about (the pure crate `shuke-pricing`).

pub mod evaluate;
pub mod http;
pub mod words;

use shuke_http::{App, Tag};

/// The operations of this crate.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] = &[Tag("pricing", "What a cart costs and why: by offers in the request, or by the shop's own promotions.")];
