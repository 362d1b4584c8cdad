//! Members: who somebody is across platforms, what is known of them, what they agreed to.
//!
//! [`identity`] decides which records are one person. It knows no orders: other crates hand it
//! what a record says of its buyer and get a member, or the honest answer that nobody can be
//! named. [`profile`] folds what sources state; [`tag`] keeps the merchant's own words; [`consent`] keeps what people agreed to and who
//! must not be written to; [`privacy`] answers a person's requests. Rows of other crates that
//! belong to a member are moved and erased by what the privacy register says of their tables.

pub mod consent;
pub mod hooks;
pub mod identity;
pub mod privacy;
pub mod profile;
mod tables;
pub mod tag;
#[cfg(test)]
mod tests;

pub use tables::{TABLES, statements};

use shuke_kernel::{Code, Kind};

use utoipa_axum::router::OpenApiRouter;

/// Every operation of this crate, relative to `/api/v1`.
pub fn router() -> OpenApiRouter<shuke_http::App> {
    OpenApiRouter::new()
        .merge(profile::http::router())
        .merge(identity::http::router())
        .merge(consent::http::router())
        .merge(privacy::http::router())
        .merge(tag::http::router())
}

shuke_kernel::ids! {
    /// A member.
    MemberId = MemberKind "mem";
}

/// No such member.
pub static MEMBER_NOT_FOUND: Code =
    Code { code: "member.not_found", kind: Kind::NotFound, zh: "找不到这位会员。", en: "There is no such member." };
