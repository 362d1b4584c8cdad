//! Who may do what, and what was done: merchants, shops, staff and their roles, sessions, API
//! keys, the audit, saved views, webhooks, the change feed and tasks as callers see them, the
//! privacy register and the rotation of keys.
//!
//! Staff accounts, sessions and the setup belong to the installation ([`MerchantNo::SYSTEM`]);
//! everything else belongs to a merchant. Nothing here knows members or orders. E-mail addresses
//! and names of staff are sealed; secrets of sessions, keys and invites are kept as hashes only.
//!
//! [`MerchantNo::SYSTEM`]: shuke_kernel::MerchantNo::SYSTEM

pub mod audit;
mod auth;
pub mod changes;
pub mod keys;
pub mod merchants;
pub mod privacy;
mod register;
pub mod secret;
pub mod sessions;
pub mod setup;
pub mod shops;
pub mod staff;
pub mod tasks;
pub mod testing;
pub mod upkeep;
pub mod views;
pub mod webhooks;

use shuke_http::{App, Tag};
use utoipa_axum::router::OpenApiRouter;

pub use auth::Gate;
pub use merchants::{Merchant, MerchantId, Settings};
pub use register::TABLES;
pub use shops::{Shop, ShopId};
pub use staff::StaffId;

/// Every operation of this crate, relative to `/api/v1`.
pub fn router() -> OpenApiRouter<App> {
    let router = OpenApiRouter::new()
        .merge(setup::http::router())
        .merge(sessions::http::router())
        .merge(merchants::http::router())
        .merge(shops::http::router())
        .merge(staff::http::router())
        .merge(keys::http::router())
        .merge(audit::http::router())
        .merge(views::http::router())
        .merge(webhooks::http::router())
        .merge(changes::http::router())
        .merge(tasks::http::router())
        .merge(privacy::http::router());
    shuke_http::tagged(router, TAGS)
}

/// What this crate's tags mean.
const TAGS: &[Tag] = &[
    Tag("sessions", "The first start, signing in and out, one's own password and second factor."),
    Tag("merchants", "Merchants and their shops."),
    Tag("staff", "People who work for the merchant, and what they may do."),
    Tag("keys", "Keys with which other systems call."),
    Tag("webhooks", "Other systems told of what happened."),
    Tag("events", "What happened, in order."),
    Tag("jobs", "Long work: watched, stopped, begun again."),
    Tag("trust", "The audit."),
    Tag("views", "Lists as somebody saved them."),
    Tag("privacy", "What is kept of whom, copies, erasure, keys."),
];

/// Every statement of this crate, for the test that prepares them on both engines.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("access::audit::sql", audit::sql::ALL),
    ("access::keys::sql", keys::sql::ALL),
    ("access::merchants::sql", merchants::sql::ALL),
    ("access::sessions::sql", sessions::sql::ALL),
    ("access::setup::sql", setup::sql::ALL),
    ("access::shops::sql", shops::sql::ALL),
    ("access::staff::sql", staff::sql::ALL),
    ("access::views::sql", views::sql::ALL),
    ("access::webhooks::sql", webhooks::sql::ALL),
];
