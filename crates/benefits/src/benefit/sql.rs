//! Statements about benefits.

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO benefit (merchant, id, name, kind, body, state, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, $5, 'active', 1, $6, $7, $6)";
    /// One.
    GET = "SELECT id, body, state, version, created_at FROM benefit WHERE merchant = $1 AND id = $2";
    /// One, held.
    HOLD = "SELECT id, body, state, version, created_at FROM benefit WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// All, the oldest first.
    LIST = "SELECT id, body, state, version, created_at FROM benefit WHERE merchant = $1 ORDER BY created_at, id";
    /// Says something else of it.
    CHANGE = "UPDATE benefit SET name = $3, kind = $4, body = $5, version = version + 1, updated_at = $6 WHERE merchant = $1 AND id = $2";
    /// Sets its state.
    SET_STATE = "UPDATE benefit SET state = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
}
