//! The privacy register's entries of this crate.

use shuke_store::register::Class::{Identifier, Public, Secret};
use shuke_store::register::{MemberLink, Table};

/// Rows that go with whom a merge makes the member, and come back with its undoing.
const OF_MEMBER: Option<MemberLink> = Some(MemberLink { column: "member", key_set: None });

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "coupon_template",
        columns: &[(Public, &["merchant", "id", "name", "kind", "state", "version", "created_at", "created_by", "updated_at"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "coupon_template_version",
        columns: &[(Public, &["merchant", "template", "no", "body", "made_at", "made_by"])],
        key: &["merchant", "template", "no"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "coupon_batch",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "template",
                "template_version",
                "name",
                "state",
                "pieces",
                "budget",
                "per_member",
                "claim_from",
                "claim_to",
                "word",
                "codes",
                "codes_made",
                "parts",
                "version",
                "created_at",
                "created_by",
                "updated_at",
            ],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "coupon_stock",
        columns: &[(Public, &["merchant", "batch", "part", "pieces", "money", "taken", "spent"])],
        key: &["merchant", "batch", "part"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "coupon_code",
        columns: &[(Public, &["merchant", "batch", "no", "coupon"]), (Secret, &["token"])],
        key: &["merchant", "token"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "coupon",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "template",
                    "template_version",
                    "batch",
                    "member",
                    "request",
                    "how",
                    "state",
                    "amount",
                    "face",
                    "from_at",
                    "expires_at",
                    "order_source",
                    "order_no",
                    "lock_until",
                    "was_restored",
                    "extended",
                    "part",
                    "draw",
                    "code",
                    "due",
                    "made_at",
                    "made_by",
                    "changed_at",
                ],
            ),
            // Why it was taken away, in somebody's words.
            (Identifier, &["reason"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("reason", &["id"])],
        member: OF_MEMBER,
    },
    Table {
        name: "coupon_use",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "coupon",
                    "order_source",
                    "order_no",
                    "batch",
                    "member",
                    "state",
                    "saving",
                    "currency",
                    "locked_at",
                    "lock_until",
                    "ended_at",
                    "how",
                    "used_at",
                    "missed_at",
                    "missed_why",
                    "settled_at",
                    "settled_by",
                ],
            ),
            // How an exception was settled, in somebody's words.
            (Identifier, &["note"]),
        ],
        key: &["merchant", "coupon", "order_source", "order_no"],
        sealed: &[("note", &["coupon", "order_source", "order_no"])],
        member: OF_MEMBER,
    },
];
