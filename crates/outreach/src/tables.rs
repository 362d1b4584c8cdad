//! The privacy register's entries of this crate.

use shuke_store::register::Class::{Attribute, Identifier, Public, Secret};
use shuke_store::register::{MemberLink, Table};

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "batch",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "name",
                "state",
                "destination",
                "purpose",
                "spec",
                "counts",
                "job",
                "asked_at",
                "known_at",
                "codes",
                "codes_used",
                "exports",
                "currency",
                "cost_fixed",
                "cost_per_thousand",
                "created_at",
                "created_by",
                "frozen_at",
                "handed_at",
                "closed_at",
            ],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "batch_member",
        columns: &[
            (Public, &["merchant", "batch", "place", "member", "link", "code", "handed_at", "handed_in"]),
            (Attribute, &["verdict", "receipt", "receipt_at", "replied_at", "unsubscribed_at", "clicks", "clicked_at", "scans"]),
            (Identifier, &["address"]),
        ],
        key: &["merchant", "batch", "place"],
        sealed: &[],
        member: Some(MemberLink { column: "member", key_set: None }),
    },
    Table {
        name: "batch_list",
        columns: &[(Public, &["merchant", "batch", "part", "members"])],
        key: &["merchant", "batch", "part"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "batch_click",
        columns: &[(Public, &["merchant", "batch", "place"]), (Attribute, &["at"])],
        key: &["merchant", "batch", "place", "at"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "batch_code",
        columns: &[(Public, &["merchant", "batch", "number"]), (Secret, &["token", "sealed"])],
        key: &["merchant", "batch", "number"],
        sealed: &[("sealed", &["batch", "number"])],
        member: None,
    },
];
