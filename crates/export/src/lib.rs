//! Lists as files: members, orders with their lines, refunds, products, what the platforms settled.
//!
//! A job gathers a list page by page, by the list's own filter, into sealed pieces in the store; a
//! download writes the file from them while it is sent. So a list of any size takes little memory, a
//! restart goes on from the last piece, nothing lies anywhere in clear, and a file is never cut: what
//! is not whole is not handed out. Identifiers are masked unless somebody who may asks otherwise and
//! says why.
//!
//! A file expires after a few days. When a member is erased, finished lists in which members stand are
//! withdrawn in the same transaction, and unfinished ones begin anew.

pub mod http;
pub mod job;
pub mod model;
pub mod render;
pub mod service;
pub mod source;
pub mod sql;

pub use http::router;
pub use model::ExportId;
pub use service::{erased, sweep};

use shuke_http::Tag;
use shuke_store::register::Class::{Identifier, Public};
use shuke_store::register::Table;

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "export_run",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "subject",
                    "rows_of",
                    "format",
                    "clear",
                    "state",
                    "epoch",
                    "job",
                    "rows",
                    "file_name",
                    "filters",
                    "created_by",
                    "created_at",
                    "finished_at",
                    "expires_at",
                ],
            ),
            (Identifier, &["spec"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("spec", &["id"])],
        member: None,
    },
    Table {
        name: "export_chunk",
        columns: &[(Public, &["merchant", "export", "epoch", "sheet", "chunk", "rows"]), (Identifier, &["body"])],
        key: &["merchant", "export", "epoch", "sheet", "chunk"],
        sealed: &[("body", &["export"])],
        member: None,
    },
];

/// What the routes' tag means.
pub const TAGS: &[Tag] = &[Tag("exports", "Lists as CSV, XLSX or Parquet files, gathered by a job and kept sealed until they expire.")];

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[("export", sql::ALL)];

/// Adds this crate's kinds of jobs to a runner.
pub fn register_jobs(runner: shuke_store::jobs::JobRunner) -> shuke_store::jobs::JobRunner {
    runner.with(job::Gather).with(job::Drop)
}
