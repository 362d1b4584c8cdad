//! The privacy register: every column of every table has its class. A column that is not declared
//! here fails a test; export, erasure, masking and the dump are driven by it.

/// What a column holds, seen from the person it may be about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Class {
    /// Nothing personal: ids of ours, amounts, times of the product.
    Public,
    /// About a person, clear, under a pseudonymous id, erasable: birthday, gender, region.
    Attribute,
    /// Names a person: sealed, or a blind token of it.
    Identifier,
    /// A secret of the merchant or the product: hashed, wrapped or sealed.
    Secret,
}

/// A table with its columns' classes. Columns that are not listed are an error, not public.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, by class.
    pub columns: &'static [(Class, &'static [&'static str])],
    /// Its primary key, merchant first.
    pub key: &'static [&'static str],
    /// Its sealed blobs with the columns that make their row name in [`crate::MerchantKeys::seal`],
    /// in order, bytes joined: what re-sealing walks. Empty for a table without.
    pub sealed: &'static [(&'static str, &'static [&'static str])],
}

use Class::{Identifier, Public, Secret};

/// The tables of the ground. Each domain crate has its own list; the server joins them.
pub const GROUND: &[Table] = &[
    Table { name: "schema_version", columns: &[(Public, &["number", "name", "applied_at"])], key: &["number"], sealed: &[] },
    Table {
        name: "data_key",
        columns: &[(Public, &["merchant", "purpose", "number", "created_at"]), (Secret, &["wrapped"])],
        key: &["merchant", "purpose", "number"],
        sealed: &[],
    },
    Table {
        name: "idempotency",
        columns: &[(Public, &["merchant", "key", "request_hash", "outcome", "recorded_at"]), (Identifier, &["body"])],
        key: &["merchant", "key"],
        sealed: &[("body", &["key"])],
    },
    Table {
        name: "event",
        columns: &[(
            Public,
            &["merchant", "number", "position", "id", "kind", "version", "occurred_at", "recorded_at", "subject_kind", "subject", "member", "data"],
        )],
        key: &["merchant", "position"],
        sealed: &[],
    },
    Table { name: "feed_head", columns: &[(Public, &["merchant", "position"])], key: &["merchant"], sealed: &[] },
    Table {
        name: "feed_offset",
        columns: &[(Public, &["merchant", "subscriber", "position", "updated_at"])],
        key: &["merchant", "subscriber"],
        sealed: &[],
    },
    Table {
        name: "dead_letter",
        columns: &[(Public, &["merchant", "subscriber", "position", "error", "buried_at"])],
        key: &["merchant", "subscriber", "position"],
        sealed: &[],
    },
    Table {
        name: "job",
        columns: &[
            (
                Public,
                &[
                    "merchant", "id", "kind", "title", "unique_key", "state", "run_at", "attempts", "lease_until", "lease_token", "stop_requested",
                    "progress", "total", "unit", "error", "created_at", "started_at", "finished_at",
                ],
            ),
            (Identifier, &["args", "checkpoint", "result"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("args", &["id"]), ("checkpoint", &["id"]), ("result", &["id"])],
    },
];
