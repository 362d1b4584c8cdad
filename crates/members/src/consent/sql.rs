//! Statements of consent and suppression.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// All consents of members, oldest first.
    OF = "SELECT id, purpose, channel, granted, source, basis, given_at, recorded_at, recorded_by, merge_id, sealed FROM consent WHERE merchant = $1 AND member = $2 ORDER BY given_at, recorded_at, id";
    /// What members said of a purpose on a channel, or on any; asked of `any`, on each.
    OF_MANY = "SELECT member, channel, granted, given_at FROM consent WHERE merchant = $1 AND member = ANY($2) AND purpose = $3 AND ($4 = 'any' OR channel = $4 OR channel = 'any')";
    /// How old members are, as far as it is known.
    AGES = "SELECT id, birthday, under_14 FROM member WHERE merchant = $1 AND id = ANY($2)";
    /// Whether any address is suppressed.
    ANY_SUPPRESSED = "SELECT 1 FROM suppression WHERE merchant = $1 LIMIT 1";
    /// A member's consents, newest first, before a place.
    BELOW = "SELECT id, purpose, channel, granted, source, basis, given_at, recorded_at, recorded_by, merge_id, NULL FROM consent WHERE merchant = $1 AND member = $2 AND (given_at, id) < ($3, $4) ORDER BY given_at DESC, id DESC LIMIT $5";
    /// The ids of a member's consents.
    IDS = "SELECT id FROM consent WHERE merchant = $1 AND member = $2 ORDER BY id";
    /// Moves a member's consents.
    MOVE_ALL = "UPDATE consent SET member = $3 WHERE merchant = $1 AND member = $2";
    /// Moves some back.
    MOVE_BACK = "UPDATE consent SET member = $3 WHERE merchant = $1 AND id = ANY($2) AND member = ANY($4)";
    /// Drops what a merge added.
    DROP_MERGED = "DELETE FROM consent WHERE merchant = $1 AND merge_id = $2";
    /// Drops a member's.
    DROP_OF = "DELETE FROM consent WHERE merchant = $1 AND member = $2";
    /// What records of a source stated of whom.
    OF_RECORDS = "SELECT member, purpose, channel FROM consent WHERE merchant = $1 AND record_source = $2 AND record = ANY($3)";
    /// Drops it.
    DROP_OF_RECORDS = "DELETE FROM consent WHERE merchant = $1 AND record_source = $2 AND record = ANY($3)";
    /// Suppressed tokens.
    SUPPRESSED = "SELECT channel, token FROM suppression WHERE merchant = $1 AND token = ANY($2)";
    /// A page of suppressions.
    SUPPRESSIONS = "SELECT id, channel, reason, source, suppressed_at, recorded_by, sealed FROM suppression WHERE merchant = $1 AND id < $2 AND ($3 = '' OR channel = $3) ORDER BY id DESC LIMIT $4";
    /// Lifts one.
    LIFT = "DELETE FROM suppression WHERE merchant = $1 AND id = $2";
}

/// Consents.
pub(crate) const PUT: InsertMany = InsertMany {
    table: "consent",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Bytes("member"),
        Column::Text("purpose"),
        Column::Text("channel"),
        Column::Int("granted"),
        Column::Text("source"),
        Column::Text("basis"),
        Column::Int("given_at"),
        Column::Int("recorded_at"),
        Column::Text("recorded_by"),
        Column::Bytes("merge_id"),
        Column::Bytes("sealed"),
        Column::Text("record_source"),
        Column::Bytes("record"),
    ],
    then: "",
};

/// Suppressions; what is suppressed already stays as it is.
pub(crate) const SUPPRESS: InsertMany = InsertMany {
    table: "suppression",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("channel"),
        Column::Bytes("token"),
        Column::Text("reason"),
        Column::Text("source"),
        Column::Int("suppressed_at"),
        Column::Text("recorded_by"),
        Column::Bytes("sealed"),
    ],
    then: "ON CONFLICT (merchant, channel, token) DO NOTHING",
};
