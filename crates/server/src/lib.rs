//! The outermost crate: command line, wiring of the crates, workers, embedded pages. The only
//! place where a clock is read, a process is started or several domain crates meet.

mod audience;
pub mod cli;
pub mod commands;
pub mod dump_plan;
pub mod erasures;
pub mod events;
mod far;
pub mod gauges;
mod held;
pub mod out;
pub mod overview;
pub mod pages;
pub mod place;
pub mod results;
pub mod segments;
pub mod serve;
#[cfg(unix)]
pub mod socket;
pub mod sql;
pub mod tag_rules;
pub mod timeline;
pub mod wrong;
