//! Import: a shop's own files to canonical records, with a verdict and reasons for each.
//!
//! # Architecture
//!
//! The reading half is pure: no store, no clock, no network. It goes in one direction:
//!
//! 1. [`open`] tells container, encoding, line ends, delimiter and header from the content, and gives
//!    rows of raw bytes ([`rows`] for text, [`sheet`] for XLSX, XLS and the tables of web pages), streamed.
//! 2. [`layout`] recognises the format ([`formats`]) by header words ([`header`], [`vocab`]) and cell
//!    shapes, and says what each column means ([`field`]). Or a saved [`Mapping`] says it.
//! 3. [`read`] turns one row into meaning by field, never by position: times ([`when`]), amounts
//!    ([`amount`]), status words ([`status`]), phones and addresses ([`contact`]); it knows no other row.
//!    [`habits`] says what the file's first rows show of how its rows are written.
//! 4. [`source`] iterates over a file's records and sets each against those before it: repeats,
//!    conflicts, shared keys, further lines of an order. It remembers hashes of keys, never rows.
//! 5. [`preview`] folds files into the answer of `shuke import --preview --json`. Loading folds the
//!    same records ([`record`]) into the store ([`load`]).
//!
//! Money is whole minor units throughout. What a file does not tell is `None` and is never guessed;
//! what was inferred from words is marked `estimated`.

pub mod amount;
mod apart;
mod assign;
mod by_cells;
pub mod cell;
pub mod contact;
pub mod field;
pub mod formats;
pub mod habits;
pub mod header;
pub mod labels;
pub mod layout;
pub mod load;
mod markup;
pub mod mask;
pub mod open;
pub mod preview;
mod print;
pub mod read;
pub mod reason;
mod recognise;
pub mod record;
pub mod rows;
pub mod sample;
pub mod sheet;
pub mod source;
pub mod status;
mod survey;
pub mod vocab;
pub mod when;

pub use field::Field;
pub use layout::{ColumnMapping, Layout, Mapping, Shape};
pub use open::{Input, OpenError};
pub use preview::{Options, preview_files};
pub use reason::{Reason, Verdict};
pub use record::Canonical;
pub use shuke_sheets::neutralise;
pub use source::{Record, Source};

pub use load::TABLES;
pub use load::http::router;

/// Adds this crate's kinds of jobs to a runner.
pub fn register_jobs(runner: shuke_store::jobs::JobRunner) -> shuke_store::jobs::JobRunner {
    runner.with(load::job::Load).with(load::undo::Undo)
}
