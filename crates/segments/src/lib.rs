//! Segments: who in the base …
//!
//! An expression is a typed tree, given as JSON or as text, checked against the one registry of facts,
//! tables and columns. It has one meaning and one evaluator, which takes a slice of members: all of a
//! base in slices of 65,536, or one member whose event arrived.

pub mod book;
pub mod calendar;
mod canonical;
pub mod check;
mod chinese;
pub mod comings;
pub mod count;
pub mod definitions;
pub mod depends;
mod desk;
mod eval;
pub mod exact;
pub mod files;
mod functions;
pub mod http;
pub mod inside;
pub mod jobs;
pub mod json;
pub mod labels;
pub mod literal;
pub mod living;
pub mod model;
mod plan;
pub mod pool;
pub mod portrait;
pub mod ready;
pub mod refusal;
pub mod schema;
pub mod service;
pub mod speech;
pub mod sql;
mod tables;
pub mod target;
pub mod text;
pub mod tree;
pub mod uses;
pub mod why;
pub mod write;

pub use calendar::Reckoning;
pub use check::{Expression, Segment, check, check_text};
pub use definitions::Segments;
pub use desk::{Desk, NO_COLUMNS};
pub use eval::{Matches, Set, Threshold, Thresholds};
pub use http::router;
pub use living::Living;
pub use model::SegmentId;
pub use plan::Plan;
pub use refusal::Refusal;
pub use tables::{TABLES, statements};
pub use uses::Uses;

/// What the tag of these operations means.
pub const TAGS: &[shuke_http::Tag] = &[shuke_http::Tag(
    "segments",
    "Who in the base: an expression over facts, tags, rows, sequences and other segments, judged and counted as it is written. docs/segment.schema.json is its JSON Schema.",
)];
