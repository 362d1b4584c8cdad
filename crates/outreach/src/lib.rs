//! Reaching members. Nothing is sent from here yet: a group is frozen as a batch, passes every guard
//! once, is handed over to wherever it is sent by other means, and what came of it is measured
//! against members who were held out.
//!
//! Absent here: who a segment's members are ([`audience`] asks whoever was wired), what an order is,
//! what consent means; they are asked of the crates that know.

pub mod audience;
pub mod batch;
pub mod link;
mod tables;

pub use batch::{Batch, BatchId};
pub use tables::TABLES;

use shuke_http::{App, Tag};
use shuke_store::jobs::JobRunner;

/// The operations of this crate.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    batch::http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] =
    &[Tag("batches", "Groups of members that are handed over to be written to by other means, with guards, holdout and measurement.")];

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[("outreach::batch", batch::sql::ALL)];

/// Adds this crate's kinds of jobs to a runner.
pub fn register_jobs(runner: JobRunner) -> JobRunner {
    runner.with(batch::freeze::Freeze).with(batch::post::Post)
}
