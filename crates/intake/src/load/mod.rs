//! Loading: files staged in the store, shown before they are loaded, loaded by a job that can be
//! stopped, killed and resumed, and undone as a whole.
//!
//! A step of the job reads a few hundred records, and one transaction writes what they say together
//! with the place up to which the file was read: so nothing is lost and nothing doubled wherever it
//! is killed. Reading is repeatable: a resumed job reads the file again from its beginning, for what
//! earlier records teach about later ones, and loads only from its place on.

pub mod again;
mod apart;
pub mod brought;
pub mod convert;
pub mod foreseen;
mod gather;
pub mod http;
pub mod job;
pub mod model;
pub(crate) mod places;
pub mod quarantine;
pub mod service;
pub mod sheet;
pub mod sql;
pub mod staging;
mod steps;
mod tags;
pub mod undo;

use shuke_store::register::Class::{Identifier, Public};
use shuke_store::register::Table;

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "import_run",
        columns: &[(
            Public,
            &["merchant", "id", "number", "state", "title", "shop", "counts", "job", "created_by", "created_at", "finished_at"],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "import_file",
        columns: &[
            (
                Public,
                &[
                    "merchant", "import", "file", "name", "size", "digest", "format", "platform", "mapping", "records", "good", "bad",
                    "skipped",
                ],
            ),
            (Identifier, &["path", "preview"]),
        ],
        key: &["merchant", "import", "file"],
        sealed: &[("path", &["import"]), ("preview", &["import"])],
        member: None,
    },
    Table {
        name: "import_chunk",
        columns: &[(Public, &["merchant", "import", "file", "chunk"]), (Identifier, &["body"])],
        key: &["merchant", "import", "file", "chunk"],
        sealed: &[("body", &["import"])],
        member: None,
    },
    Table {
        name: "member_record",
        columns: &[(Public, &["merchant", "source", "import"]), (Identifier, &["record", "key_set"])],
        key: &["merchant", "source", "record"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "quarantine",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "import",
                    "file",
                    "record",
                    "row_number",
                    "place",
                    "reasons",
                    "first_reason",
                    "state",
                    "note",
                    "created_at",
                    "resolved_at",
                    "resolved_by",
                    "resolved_how",
                    "resolved_import",
                    "same_as",
                ],
            ),
            (Identifier, &["cells", "key", "digest", "first_told"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("cells", &["id"]), ("first_told", &["id"])],
        member: None,
    },
    Table {
        name: "mapping",
        columns: &[(Public, &["merchant", "id", "name", "body", "created_at", "updated_at"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
];
