//! The shopper's own page: card, tier and what is missing to the next, growth tasks, coupons, points with their ends, history
//! in a shopper's words, and the claim of an order that names nobody. The same as a signed read API for the shop's own pages.
//!
//! There is no password. The shop's backend, or somebody of the staff, asks for a link for a member it knows ([`pass`]); who
//! holds the link is that member until it ends. A link opens this member's card and nothing else: no address, no phone, no order but its last four
//! digits. A claim ([`claim`]) answers the same whatever was wrong with it, is limited by member and day, and every try is in the audit.
//!
//! Absent here: what points and tiers mean (loyalty), what is booked (programme), whose an order is (commerce).

pub mod claim;
pub mod history;
mod http;
pub mod pass;
pub mod settings;
mod sql;
mod tables;
pub mod view;

pub use http::shopper::routes;
pub use tables::TABLES;

use shuke_http::{App, Tag};
use shuke_kernel::{Actor, Code, Kind};

/// In whose name a shopper's acts are written down; the audit's subject is the member.
pub const ACTOR: Actor = Actor::System("shopper");

/// This server's address from outside: links begin with it.
#[derive(Clone, Debug)]
pub struct PublicUrl(pub String);

/// The operations of this crate for staff and keys, relative to `/api/v1`.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] = &[Tag("shopper", "Links to the shopper's own page, and what that page may do.")];

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[("shopper", sql::ALL)];

/// The link does not open anything: forged, over, ended by the shop, or of a member who is gone. Which of these is not told.
pub static LINK_OVER: Code = Code {
    code: "shopper.link_over",
    kind: Kind::Unauthenticated,
    zh: "链接无效或已过期，请从店铺重新打开。",
    en: "This link is not valid any more. Open the page from the shop again.",
};
/// A page of another origin asks that the shop has not named.
pub static ORIGIN: Code = Code {
    code: "shopper.origin_not_allowed",
    kind: Kind::Forbidden,
    zh: "这个网页来源没有被店铺允许。",
    en: "The shop has not allowed pages of this origin.",
};
/// The claim is not proven: a wrong number, a wrong proof, or somebody else's order. Which of these is not told.
pub static NOT_PROVEN: Code = Code {
    code: "shopper.claim_not_proven",
    kind: Kind::Unprocessable,
    zh: "没有找到与这些信息相符的订单。请核对后再试，或联系店铺客服。",
    en: "No order fits what you gave. Check it and try again, or ask the shop.",
};
/// Too many tries today.
pub static TOO_MANY: Code = Code {
    code: "shopper.too_many_tries",
    kind: Kind::TooMany,
    zh: "今天尝试的次数太多了，请明天再试，或联系店铺客服。",
    en: "Too many tries today. Try again tomorrow, or ask the shop.",
};
