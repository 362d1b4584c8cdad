//! Statements about saved views.

shuke_store::statements! {
    /// Saves one, new or again.
    SAVE = "INSERT INTO saved_view (merchant, id, page, sealed, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (merchant, id) DO UPDATE SET page = $3, sealed = $4, updated_at = $6";
    /// Whether there is one.
    EXISTS = "SELECT id FROM saved_view WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// How many a merchant has.
    COUNT = "SELECT COUNT(*) FROM saved_view WHERE merchant = $1";
    /// Those of a page, or all, after an id.
    LIST = "SELECT id, page, sealed, updated_at FROM saved_view WHERE merchant = $1 AND id > $2 AND ($3 = '' OR page = $3) ORDER BY id LIMIT $4";
    /// Forgets one.
    REMOVE = "DELETE FROM saved_view WHERE merchant = $1 AND id = $2";
}
