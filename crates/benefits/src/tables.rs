//! The privacy register's entries of this crate.

use shuke_store::register::Class::{Identifier, Public};
use shuke_store::register::{MemberLink, Table};

/// Rows that go with whom a merge makes the member, and come back with its undoing.
const OF_MEMBER: Option<MemberLink> = Some(MemberLink { column: "member", key_set: None });

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "benefit",
        columns: &[(Public, &["merchant", "id", "name", "kind", "body", "state", "version", "created_at", "created_by", "updated_at"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "benefit_use",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "benefit",
                    "member",
                    "request",
                    "order_no",
                    "used_at",
                    "programme",
                    "tier",
                    "grant_id",
                    "cost",
                    "supplier",
                    "platform",
                    "made_by",
                    "undone_at",
                    "undone_by",
                ],
            ),
            // Why a use was taken back, in somebody's words.
            (Identifier, &["reason"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("reason", &["id"])],
        member: OF_MEMBER,
    },
    Table {
        name: "benefit_grant",
        columns: &[(Public, &["merchant", "id", "benefit", "member", "uses", "ends_at", "given", "made_at"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: OF_MEMBER,
    },
    Table {
        name: "benefit_task",
        columns: &[(
            Public,
            &["merchant", "id", "benefit", "use_id", "member", "order_no", "done_how", "due_on", "state", "made_at", "done_at", "done_by"],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: OF_MEMBER,
    },
    Table {
        name: "benefit_pack",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "name",
                "occasion",
                "body",
                "state",
                "given",
                "walked",
                "walk_to",
                "walk_after",
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
        name: "benefit_pack_given",
        columns: &[(Public, &["merchant", "id", "pack", "member", "occasion", "until_at", "points", "growth", "body", "given_at"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: OF_MEMBER,
    },
    Table {
        name: "growth_task",
        columns: &[(
            Public,
            &["merchant", "id", "name", "goal", "body", "state", "given", "version", "created_at", "created_by", "updated_at"],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "growth_task_version",
        columns: &[(Public, &["merchant", "task", "no", "body", "made_at", "made_by"])],
        key: &["merchant", "task", "no"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "growth_done",
        columns: &[(Public, &["merchant", "id", "task", "member", "period", "version", "points", "growth", "body", "done_at"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: OF_MEMBER,
    },
    Table {
        name: "growth_look",
        columns: &[(Public, &["merchant", "look_at", "order_id"])],
        key: &["merchant", "look_at", "order_id"],
        sealed: &[],
        // Whose an order is follows the orders themselves.
        member: None,
    },
    Table {
        name: "reward",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "name",
                "kind",
                "programme",
                "body",
                "state",
                "stock",
                "taken",
                "picture",
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
        name: "reward_picture",
        columns: &[(Public, &["merchant", "reward", "media", "bytes"])],
        key: &["merchant", "reward"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "redemption",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "reward",
                    "member",
                    "programme",
                    "request",
                    "points",
                    "cost",
                    "supplier",
                    "platform",
                    "state",
                    "order_no",
                    "given",
                    "tier",
                    "made_by",
                    "redeemed_at",
                    "sent_at",
                    "delivered_at",
                    "cancelled_at",
                ],
            ),
            // Where it is sent; the parcel's carrier and number lead there too; the reason is in somebody's words.
            (Identifier, &["address", "parcel", "reason"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("address", &["id"]), ("parcel", &["id"]), ("reason", &["id"])],
        member: OF_MEMBER,
    },
];
