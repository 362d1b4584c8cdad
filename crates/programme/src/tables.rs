//! The privacy register's entries of this crate.

use shuke_store::register::Class::{Attribute, Identifier, Public};
use shuke_store::register::{MemberLink, Table};

/// Rows that stay with the id they were booked under: a merge moves points by entries, never rows.
const OF_MEMBER: Option<MemberLink> = Some(MemberLink { column: "member", key_set: None });

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "programme",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "name",
                "shops",
                "state",
                "begins_at",
                "version",
                "stamp",
                "job",
                "summed_at",
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
        name: "programme_version",
        columns: &[(Public, &["merchant", "programme", "no", "rules", "from_at", "note", "made_at", "made_by", "withdrawn_at"])],
        key: &["merchant", "programme", "no"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "programme_size",
        columns: &[(Public, &["merchant", "programme", "shard", "books"])],
        key: &["merchant", "programme", "shard"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "points_book",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "programme",
                    "member",
                    "state",
                    "moved_to",
                    "origin",
                    "clock",
                    "due",
                    "events",
                    "entries",
                    "parts",
                    "pending",
                    "available",
                    "frozen",
                    "issued",
                    "redeemed",
                    "expired",
                    "reversed",
                    "transferred",
                    "format",
                    "updated_at",
                ],
            ),
            // The heart holds the birthday that the rules were asked about.
            (Attribute, &["facts", "tier", "tier_until", "heart"]),
        ],
        key: &["merchant", "programme", "member"],
        sealed: &[],
        member: OF_MEMBER,
    },
    Table {
        name: "points_part",
        columns: &[(Public, &["merchant", "programme", "member", "part", "body"])],
        key: &["merchant", "programme", "member", "part"],
        sealed: &[],
        member: OF_MEMBER,
    },
    Table {
        name: "points_event",
        columns: &[
            (
                Public,
                &["merchant", "programme", "member", "seq", "happened_at", "booked_at", "kind", "event_id", "outcome", "taken", "made_by"],
            ),
            // A birthday that became known, or a book that a merge brought.
            (Attribute, &["body"]),
            // Why somebody gave or took points, in their words.
            (Identifier, &["reason"]),
        ],
        key: &["merchant", "programme", "member", "seq"],
        sealed: &[("reason", &["programme", "member", "seq"])],
        member: OF_MEMBER,
    },
    Table {
        name: "points_order",
        columns: &[(Public, &["merchant", "programme", "order_id", "member", "facts", "look_at"])],
        key: &["merchant", "programme", "order_id"],
        sealed: &[],
        // Which order is whose follows the orders themselves.
        member: None,
    },
    Table {
        name: "points_entry",
        columns: &[(
            Public,
            &[
                "merchant",
                "programme",
                "member",
                "seq",
                "from_account",
                "to_account",
                "amount",
                "lot",
                "lot_made",
                "lot_month",
                "cause_kind",
                "cause_id",
                "rule_version",
                "happened_at",
                "booked_at",
                "corrects",
                "event_seq",
            ],
        )],
        key: &["merchant", "programme", "member", "seq"],
        sealed: &[],
        member: OF_MEMBER,
    },
    Table {
        name: "points_sum",
        columns: &[(Public, &["merchant", "programme", "month", "lot_month", "from_account", "to_account", "amount", "entries"])],
        key: &["merchant", "programme", "month", "lot_month", "from_account", "to_account"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "points_rerun",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "programme",
                "judge",
                "from_day",
                "to_day",
                "state",
                "summary",
                "note",
                "job",
                "made_at",
                "made_by",
                "booked_at",
                "booked_by",
            ],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "points_rerun_member",
        // What somebody has and would have, with the tier.
        columns: &[(Public, &["merchant", "rerun", "member", "state"]), (Attribute, &["found"])],
        key: &["merchant", "rerun", "member"],
        sealed: &[],
        member: OF_MEMBER,
    },
];
