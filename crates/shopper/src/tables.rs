//! The privacy register's entries of this crate.

use shuke_store::register::Class::Public;
use shuke_store::register::{MemberLink, Table};

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "shopper_page",
        columns: &[(Public, &["merchant", "origins", "proofs", "generation", "updated_at", "updated_by"])],
        key: &["merchant"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "shopper_try",
        columns: &[(Public, &["merchant", "member", "day", "tries"])],
        key: &["merchant", "member", "day"],
        sealed: &[],
        // Tries stay with the id that made them; they count on one day only.
        member: Some(MemberLink { column: "member", key_set: None }),
    },
];
