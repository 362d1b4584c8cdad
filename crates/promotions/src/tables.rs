//! The privacy register's entries of this crate.

use shuke_store::register::Class::Public;
use shuke_store::register::Table;

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "promotion",
        columns: &[(Public, &["merchant", "id", "name", "state", "draft", "version", "created_at", "created_by", "updated_at"])],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "promotion_version",
        columns: &[(
            Public,
            &[
                "merchant",
                "promotion",
                "no",
                "kind",
                "rules",
                "begins_at",
                "ends_at",
                "from_at",
                "note",
                "made_at",
                "made_by",
                "withdrawn_at",
            ],
        )],
        key: &["merchant", "promotion", "no"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "price_settings",
        columns: &[(Public, &["merchant", "no", "programme", "rules", "from_at", "note", "made_at", "made_by", "withdrawn_at"])],
        key: &["merchant", "no"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "price_catalogue",
        columns: &[(Public, &["merchant", "stamp", "updated_at"])],
        key: &["merchant"],
        sealed: &[],
        member: None,
    },
];
