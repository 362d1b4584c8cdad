//! The privacy register's entries of this crate.

use shuke_store::register::Class::{Identifier, Public};
use shuke_store::register::{MemberLink, Table};

/// Rows that go with whom a merge makes the member; what is made under an alias meanwhile is found through the aliases.
const OF_MEMBER: Option<MemberLink> = Some(MemberLink { column: "member", key_set: None });

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "card",
        columns: &[(
            Public,
            &[
                "merchant",
                "id",
                "name",
                "description",
                "state",
                "terms",
                "trial_days",
                "refund",
                "notice_days",
                "discounts",
                "counts_from",
                "job",
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
        name: "card_purchase",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "card",
                    "member",
                    "source_id",
                    "kind",
                    "term",
                    "months",
                    "days",
                    "count",
                    "at",
                    "paid",
                    "currency",
                    "order_id",
                    "till",
                    "cut_at",
                    "returned",
                    "given_up_at",
                    "given_back",
                    "made_at",
                    "made_by",
                ],
            ),
            // Why somebody gave a card or took it back, in their words.
            (Identifier, &["reason"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("reason", &["id"])],
        member: OF_MEMBER,
    },
    Table {
        name: "card_holder",
        columns: &[(Public, &["merchant", "card", "member", "trial", "since", "until", "told", "due"])],
        key: &["merchant", "card", "member"],
        sealed: &[],
        member: OF_MEMBER,
    },
];
