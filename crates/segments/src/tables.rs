//! The privacy register's entries of this crate, and its statements for the test that prepares them all.

use shuke_store::register::Class::{Attribute, Public};
use shuke_store::register::{MemberLink, Table};

const BY_MEMBER: Option<MemberLink> = Some(MemberLink { column: "member", key_set: None });

/// The tables of this crate. Rows of `segment_member` stay with the id that they were made for: a merge
/// moves nobody's membership, it is judged anew; on a list whoever was merged counts as who took them in.
pub const TABLES: &[Table] = &[
    Table {
        name: "segment",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "name",
                "name_key",
                "description",
                "kind",
                "state",
                "expr",
                "refresh_every",
                "refresh_clock",
                "version",
                "built",
                "size",
                "sized_at",
                "thresholds",
                "created_at",
                "created_by",
                "updated_at",
                "updated_by",
            ],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "segment_use",
        columns: &[(Public, &["merchant", "segment", "uses"])],
        key: &["merchant", "segment", "uses"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "segment_member",
        columns: &[(Public, &["merchant", "member", "entered_at"]), (Attribute, &["segment"])],
        key: &["merchant", "segment", "member"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "segment_change",
        columns: &[(Public, &["merchant", "id", "member", "entered", "changed_at", "cause"]), (Attribute, &["segment"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "segment_day",
        columns: &[(Public, &["merchant", "segment", "day", "size", "entered", "gone"])],
        key: &["merchant", "segment", "day"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "portrait_target",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "name",
                "name_key",
                "subject",
                "wishes",
                "state",
                "version",
                "recorded_day",
                "created_at",
                "created_by",
                "updated_at",
                "updated_by",
            ],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "portrait_target_day",
        columns: &[(Public, &["merchant", "target", "day", "version", "known_at", "recorded_at", "members", "standing"])],
        key: &["merchant", "target", "day"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "segment_watch",
        columns: &[(Public, &["merchant", "holder", "lease_until", "turn", "passed_at", "passed_day"])],
        key: &["merchant"],
        sealed: &[],
        member: None,
    },
];

/// Every statement of this crate, by name.
pub fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::sql::ALL.iter().chain(crate::target::sql::ALL).copied()
}
