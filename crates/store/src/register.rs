//! The privacy register: every column of every table has its class. A column that is not declared
//! here fails a test; export, erasure, masking and the dump are driven by it.

use crate::value::Value;

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
    /// Where its rows belong to a member: what a merge moves, a copy gathers and an erasure visits.
    pub member: Option<MemberLink>,
}

/// How a table's rows belong to a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemberLink {
    /// The column with the member's id.
    pub column: &'static str,
    /// The column with the key set by which the row found its member, where it has one: an
    /// unmerge sends such rows back to the identity that they came by.
    pub key_set: Option<&'static str>,
}

/// All tables of an installation: the lists of the crates, joined by the outermost one.
#[derive(Clone, Copy, Default)]
pub struct Register(pub &'static [&'static [Table]]);

impl Table {
    /// Its columns, in the order of the register.
    pub fn column_names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.columns.iter().flat_map(|(_, names)| names.iter().copied())
    }

    /// The class of a column, if it is declared.
    pub fn class_of(&self, column: &str) -> Option<Class> {
        self.columns.iter().find(|(_, names)| names.contains(&column)).map(|(class, _)| *class)
    }
}

/// What names a row in [`crate::MerchantKeys::seal`]: the bytes of these values joined, integers
/// in eight bytes, most significant first.
pub fn row_name<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<u8> {
    let mut name = Vec::new();
    for value in values {
        match value {
            Value::Int(x) => name.extend_from_slice(&x.to_be_bytes()),
            Value::Text(t) => name.extend_from_slice(t.as_bytes()),
            Value::Bytes(b) => name.extend_from_slice(b),
            _ => {}
        }
    }
    name
}

impl Register {
    /// Every table, in the order of the lists.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> + use<> {
        self.0.iter().flat_map(|list| list.iter())
    }
}

use Class::{Identifier, Public, Secret};

/// The tables of the ground. Each domain crate has its own list; the server joins them.
pub const GROUND: &[Table] = &[
    Table { name: "schema_version", columns: &[(Public, &["number", "name", "applied_at"])], key: &["number"], sealed: &[], member: None },
    Table {
        name: "data_key",
        columns: &[(Public, &["merchant", "purpose", "number", "created_at"]), (Secret, &["wrapped"])],
        key: &["merchant", "purpose", "number"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "idempotency",
        columns: &[(Public, &["merchant", "key", "request_hash", "outcome", "recorded_at"]), (Identifier, &["body"])],
        key: &["merchant", "key"],
        sealed: &[("body", &["key"])],
        member: None,
    },
    Table {
        name: "event",
        columns: &[(
            Public,
            &[
                "merchant",
                "number",
                "position",
                "id",
                "kind",
                "version",
                "occurred_at",
                "recorded_at",
                "subject_kind",
                "subject",
                "member",
                "data",
            ],
        )],
        key: &["merchant", "position"],
        sealed: &[],
        member: None,
    },
    Table { name: "feed_head", columns: &[(Public, &["merchant", "position"])], key: &["merchant"], sealed: &[], member: None },
    Table {
        name: "feed_offset",
        columns: &[(Public, &["merchant", "subscriber", "position", "updated_at"])],
        key: &["merchant", "subscriber"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "dead_letter",
        columns: &[(Public, &["merchant", "subscriber", "position", "error", "buried_at"])],
        key: &["merchant", "subscriber", "position"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "store_flag",
        columns: &[(Public, &["merchant", "name", "value", "set_at"])],
        key: &["merchant", "name"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "job",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "kind",
                    "title",
                    "unique_key",
                    "state",
                    "run_at",
                    "attempts",
                    "lease_until",
                    "lease_token",
                    "stop_requested",
                    "progress",
                    "total",
                    "unit",
                    "error",
                    "created_at",
                    "started_at",
                    "finished_at",
                ],
            ),
            (Identifier, &["args", "checkpoint", "result"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("args", &["id"]), ("checkpoint", &["id"]), ("result", &["id"])],
        member: None,
    },
];
