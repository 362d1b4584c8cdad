//! Statements about sessions: the installation's, merchant 0.

shuke_store::statements! {
    /// Begins one.
    ADD = "INSERT INTO staff_session (merchant, token_hash, staff, created_at, seen_at, expires_at) VALUES (0, $1, $2, $3, $3, $4)";
    /// One that has not run out.
    FIND = "SELECT staff, created_at, seen_at FROM staff_session WHERE merchant = 0 AND token_hash = $1 AND expires_at > $2";
    /// Used.
    TOUCH = "UPDATE staff_session SET seen_at = $2, expires_at = $3 WHERE merchant = 0 AND token_hash = $1";
    /// Ends one.
    END = "DELETE FROM staff_session WHERE merchant = 0 AND token_hash = $1";
    /// Ends all of a person.
    END_ALL = "DELETE FROM staff_session WHERE merchant = 0 AND staff = $1";
    /// Forgets those that ran out.
    PRUNE = "DELETE FROM staff_session WHERE merchant = 0 AND expires_at <= $1";
}
