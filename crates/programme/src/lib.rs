//! Loyalty programmes in the store: what merchants define, and the books that are kept by it.
//!
//! [`definition`] keeps programmes and the versions of their rules; [`book`] takes events into members' books by
//! the pure fold of `shuke-loyalty` and books what follows; [`simulate`] runs a scenario through the same services;
//! [`rerun`] lets older orders be judged by a version that was asked for; [`ending`] tells whose points end when; [`trial`] tells
//! what other rules would make of all members before they are saved.
//!
//! Absent here: what rules mean (the pure crate), what an order is (commerce), who somebody is (members).

pub mod book;
pub mod definition;
pub mod ending;
pub mod http;
pub mod jobs;
pub mod orders;
pub mod owed;
mod people;
pub mod rerun;
pub mod simulate;
mod tables;
pub mod trial;

pub use definition::{Programme, ProgrammeId};
pub use tables::TABLES;

use shuke_http::{App, Tag};
use shuke_store::Store;
use shuke_store::jobs::JobRunner;

/// The operations of this crate.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    http::router()
}

/// What the routes' tag means.
pub const TAGS: &[Tag] = &[Tag("points", "Programmes and their rules; members' points, tiers and entries; what is owed in points.")];

/// Adds this crate's kinds of jobs to a runner.
pub fn register_jobs(runner: JobRunner) -> JobRunner {
    runner.with(jobs::Turn).with(orders::fill::Fill).with(rerun::jobs::Look).with(rerun::jobs::Book)
}

/// A runner of nothing but re-runs, for who waits for one.
pub fn rerun_jobs(store: &Store) -> JobRunner {
    JobRunner::new(store.clone()).with(rerun::jobs::Look).with(rerun::jobs::Book)
}

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("programme::definition", definition::sql::ALL),
    ("programme::book", book::sql::ALL),
    ("programme::ending", ending::sql::ALL),
    ("programme::orders", orders::sql::ALL),
    ("programme::rerun", rerun::sql::ALL),
    ("programme::trial", trial::sql::ALL),
];
