//! Paid membership (付费会员卡): cards that a merchant sells beside its ladder of tiers, by month, season or year.
//!
//! [`card`] keeps what is sold; [`held`] what members bought, tried or were given, and what goes back when one of them
//! gives the rest up; [`lay`] says from when to when each purchase runs, as a pure function of all of them. A card is
//! bought by asking, or with an order that has its goods ([`orders`]).
//!
//! Absent here: benefits that a card opens (the benefits), the payment itself (the shop's till).

pub mod card;
pub mod due;
pub mod held;
mod http;
pub mod lay;
pub mod orders;
mod tables;

pub use card::{Card, CardId};
pub use tables::TABLES;

use shuke_http::{App, Tag};
use shuke_store::jobs::JobRunner;

/// The operations of this crate.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] =
    &[Tag("cards", "Paid membership: cards that are sold by month, season or year; who holds one, until when, and what goes back.")];

/// Adds this crate's kinds of jobs to a runner.
pub fn register_jobs(runner: JobRunner) -> JobRunner {
    runner.with(orders::fill::Fill)
}

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] =
    &[("cards::card", card::sql::ALL), ("cards::held", held::sql::ALL), ("cards::orders", orders::sql::ALL)];
