//! Statements of privacy requests and erasure.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// Takes a request.
    ADD = "INSERT INTO privacy_request (merchant, id, member, kind, state, created_at, due_at) VALUES ($1, $2, $3, $4, 'open', $5, $6)";
    /// One.
    GET = "SELECT id, member, kind, state, created_at, due_at, completed_at, completed_by FROM privacy_request WHERE merchant = $1 AND id = $2";
    /// A page, newest first, before an id.
    LIST = "SELECT id, member, kind, state, created_at, due_at, completed_at, completed_by FROM privacy_request WHERE merchant = $1 AND id < $2 AND ($3 = '' OR state = $3) ORDER BY id DESC LIMIT $4";
    /// Ends one.
    END = "UPDATE privacy_request SET state = 'done', completed_at = $3, completed_by = $4 WHERE merchant = $1 AND id = $2";
    /// A member who is gone.
    ERASE_MEMBER = "UPDATE member SET state = 'erased', contested = 0, gender = NULL, birthday = NULL, age_band = NULL, province = NULL, city = NULL, region_at = NULL, joined_at = NULL, join_source = NULL, tier_word = NULL, points_word = NULL, tag_words = NULL, under_14 = NULL, has_phone = 0, sealed = NULL WHERE merchant = $1 AND id = ANY($2)";
    /// What they stated.
    ERASE_OBSERVATIONS = "DELETE FROM observation WHERE merchant = $1 AND (member = ANY($2) OR key_set = ANY($3))";
    /// The proofs of their consents; that they agreed or refused stays under the id.
    ERASE_PROOFS = "UPDATE consent SET sealed = NULL WHERE merchant = $1 AND member = ANY($2)";
    /// What merges remember of them.
    ERASE_MERGES = "UPDATE member_merge SET sealed = NULL WHERE merchant = $1 AND (survivor = ANY($2) OR absorbed = ANY($2))";
    /// Decisions about their sets.
    ERASE_DECISIONS = "DELETE FROM identity_decision WHERE merchant = $1 AND (left_set = ANY($2) OR right_set = ANY($2))";
    /// Erasures, oldest first.
    ERASURES = "SELECT member, erased_at FROM erasure WHERE merchant = $1 AND erased_at >= $2 ORDER BY erased_at, member";
    /// A member's state.
    ERASED_AT = "SELECT erased_at FROM erasure WHERE merchant = $1 AND member = $2";
}

/// The log of erasures.
pub(crate) const PUT_ERASURES: InsertMany = InsertMany {
    table: "erasure",
    columns: &[Column::Int("merchant"), Column::Bytes("member"), Column::Int("erased_at"), Column::Text("erased_by")],
    then: "ON CONFLICT (merchant, member) DO NOTHING",
};

/// Keys that an old file must not bring back.
pub(crate) const PUT_ERASED_KEYS: InsertMany = InsertMany {
    table: "erased_key",
    columns: &[Column::Int("merchant"), Column::Bytes("token"), Column::Int("erased_at")],
    then: "ON CONFLICT (merchant, token) DO UPDATE SET erased_at = excluded.erased_at",
};
