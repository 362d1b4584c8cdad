//! The classes of this crate's columns.

use shuke_store::register::Class::{Identifier, Public, Secret};
use shuke_store::register::Table;

/// The tables of this crate.
pub const TABLES: &[Table] = &[
    Table {
        name: "installation",
        columns: &[(Public, &["merchant", "next_merchant", "setup_at"]), (Secret, &["setup_token"])],
        key: &["merchant"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "merchant",
        columns: &[(Public, &["merchant", "id", "name", "sandbox", "zone", "currency", "settings", "created_at", "updated_at"])],
        key: &["merchant"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "shop",
        columns: &[(
            Public,
            &["merchant", "id", "name", "platform", "legal_entity", "external_source", "external_id", "created_at", "updated_at"],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "staff",
        columns: &[
            (Public, &["merchant", "id", "totp_step", "failed", "locked_until", "created_at", "updated_at"]),
            (Identifier, &["sealed", "email_token"]),
            (Secret, &["password", "totp", "totp_pending"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"]), ("totp", &["id"]), ("totp_pending", &["id"])],
        member: None,
    },
    Table {
        name: "staff_role",
        columns: &[(Public, &["merchant", "staff", "role", "created_at", "disabled_at"])],
        key: &["merchant", "staff"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "staff_session",
        columns: &[(Public, &["merchant", "staff", "created_at", "seen_at", "expires_at"]), (Secret, &["token_hash"])],
        key: &["merchant", "token_hash"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "staff_invite",
        columns: &[(Public, &["merchant", "staff", "created_at", "expires_at"]), (Secret, &["token_hash"])],
        key: &["merchant", "token_hash"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "api_key",
        columns: &[
            (Public, &["merchant", "id", "name", "prefix", "scopes", "test", "created_by", "created_at", "last_used_at", "revoked_at"]),
            (Secret, &["secret_hash"]),
        ],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "audit_entry",
        columns: &[(Public, &["merchant", "seq", "at", "actor", "action", "subject", "payload_hash", "hash"]), (Identifier, &["payload"])],
        key: &["merchant", "seq"],
        sealed: &[("payload", &["seq"])],
        member: None,
    },
    Table { name: "audit_head", columns: &[(Public, &["merchant", "seq", "hash"])], key: &["merchant"], sealed: &[], member: None },
    Table {
        name: "saved_view",
        columns: &[(Public, &["merchant", "id", "page", "created_by", "created_at", "updated_at"]), (Identifier, &["sealed"])],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: None,
    },
    Table {
        name: "webhook",
        columns: &[
            (Public, &["merchant", "id", "types", "state", "failing_since", "disabled_at", "created_at", "updated_at"]),
            (Secret, &["sealed"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: None,
    },
    Table {
        name: "webhook_delivery",
        columns: &[(
            Public,
            &[
                "merchant",
                "webhook",
                "position",
                "event",
                "kind",
                "body",
                "state",
                "attempts",
                "next_at",
                "status",
                "error",
                "created_at",
                "tried_at",
            ],
        )],
        key: &["merchant", "webhook", "position"],
        sealed: &[],
        member: None,
    },
];
