//! The privacy register's entries of this crate, and its statements for the test that prepares
//! them all.

use shuke_store::register::Class::{Attribute, Identifier, Public};
use shuke_store::register::{MemberLink, Table};

const BY_MEMBER: Option<MemberLink> = Some(MemberLink { column: "member", key_set: None });

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "member",
        columns: &[
            (Public, &["merchant", "id", "state", "alias_of", "first_seen", "created_at", "contested"]),
            (
                Attribute,
                &[
                    "gender",
                    "birthday",
                    "age_band",
                    "province",
                    "city",
                    "region_at",
                    "joined_at",
                    "join_source",
                    "tier_word",
                    "points_word",
                    "tag_words",
                    "under_14",
                    "has_phone",
                ],
            ),
            (Identifier, &["sealed"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: Some(MemberLink { column: "id", key_set: None }),
    },
    Table {
        name: "key_set",
        columns: &[
            (Public, &["merchant", "member", "home", "first_seen", "refs", "entity", "platform", "reach"]),
            (Attribute, &["province", "city", "region_at"]),
            (Identifier, &["id", "tokens", "sealed"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: BY_MEMBER,
    },
    Table {
        name: "identity_key",
        columns: &[(Public, &["merchant", "holder", "held", "kind", "class"]), (Identifier, &["token"])],
        key: &["merchant", "token", "holder"],
        sealed: &[],
        member: Some(MemberLink { column: "holder", key_set: None }),
    },
    Table {
        name: "key_space",
        columns: &[(Public, &["merchant", "kind", "namespace", "entity"])],
        key: &["merchant", "kind", "namespace", "entity"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "identity_decision",
        columns: &[(Public, &["merchant", "id", "verdict", "decided_at", "decided_by"]), (Identifier, &["left_set", "right_set"])],
        key: &["merchant", "id", "left_set", "right_set"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "member_merge",
        columns: &[
            (Public, &["merchant", "id", "survivor", "absorbed", "merged_at", "merged_by", "cause", "undone_at", "undone_by", "decision"]),
            (Identifier, &["sealed"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: Some(MemberLink { column: "survivor", key_set: None }),
    },
    Table {
        name: "review",
        columns: &[
            (Public, &["merchant", "reason", "state", "created_at", "decided_at", "decided_by", "left_member", "right_member"]),
            (Identifier, &["id"]),
        ],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "observation",
        columns: &[(Public, &["merchant", "source", "member", "source_time"]), (Identifier, &["record", "key_set", "sealed"])],
        key: &["merchant", "source", "record"],
        sealed: &[("sealed", &["source", "record"])],
        member: Some(MemberLink { column: "member", key_set: Some("key_set") }),
    },
    Table {
        name: "member_name",
        columns: &[(Public, &["merchant", "member"]), (Identifier, &["token"])],
        key: &["merchant", "token", "member"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "consent",
        columns: &[
            (
                Public,
                &[
                    "merchant",
                    "id",
                    "member",
                    "purpose",
                    "channel",
                    "granted",
                    "source",
                    "basis",
                    "given_at",
                    "recorded_at",
                    "recorded_by",
                    "merge_id",
                    "record_source",
                ],
            ),
            (Identifier, &["sealed", "record"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: BY_MEMBER,
    },
    Table {
        name: "suppression",
        columns: &[
            (Public, &["merchant", "id", "channel", "reason", "source", "suppressed_at", "recorded_by"]),
            (Identifier, &["token", "sealed"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: None,
    },
    Table {
        name: "tag_category",
        columns: &[(Public, &["merchant", "id", "name", "name_key", "created_at", "created_by"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "tag",
        columns: &[(Public, &["merchant", "id", "category", "name", "name_key", "color", "archived_at", "created_at", "created_by"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "member_tag",
        columns: &[(Public, &["merchant", "id", "member", "since", "given_by"]), (Attribute, &["tag"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "past_tag",
        columns: &[(Public, &["merchant", "id", "member", "since", "given_by", "taken_at", "taken_by"]), (Attribute, &["tag"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "tag_count",
        columns: &[(Public, &["merchant", "tag", "shard", "members"])],
        key: &["merchant", "tag", "shard"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "tag_rule",
        columns: &[(Public, &["merchant", "tag", "segment", "version", "applied", "applied_at", "set_at", "set_by"])],
        key: &["merchant", "tag"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "tag_source",
        columns: &[(Public, &["merchant", "source_key", "import", "name", "begun_at", "finished_at", "members"])],
        key: &["merchant", "source_key", "import"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "tag_source_tag",
        columns: &[(Public, &["merchant", "source_key", "import", "tag"])],
        key: &["merchant", "source_key", "import", "tag"],
        sealed: &[],
        member: None,
    },
    // Rows stay with the id of whom they were said, through merges and back.
    Table {
        name: "tag_said",
        columns: &[
            (Public, &["merchant", "source_key", "import", "member", "valid_until", "said_at", "ended"]),
            (Attribute, &["tag", "score"]),
        ],
        key: &["merchant", "source_key", "import", "member", "tag"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "privacy_request",
        columns: &[(Public, &["merchant", "id", "member", "kind", "state", "created_at", "due_at", "completed_at", "completed_by"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "erasure",
        columns: &[(Public, &["merchant", "member", "erased_at", "erased_by"])],
        key: &["merchant", "member"],
        sealed: &[],
        member: BY_MEMBER,
    },
    Table {
        name: "erased_key",
        columns: &[(Public, &["merchant", "erased_at"]), (Identifier, &["token"])],
        key: &["merchant", "token"],
        sealed: &[],
        member: None,
    },
];

/// Every statement of this crate, by name: what the test prepares on both engines.
pub fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    use crate::{consent, identity, privacy, profile, tag};
    [identity::sql::ALL, profile::sql::ALL, consent::sql::ALL, privacy::sql::ALL, tag::sql::ALL, tag::rule::sql::ALL, tag::said::sql::ALL]
        .into_iter()
        .flatten()
        .copied()
}
