//! Statements about API keys.

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO api_key (merchant, id, name, prefix, secret_hash, scopes, test, created_by, created_at, last_used_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL)";
    /// One in force by its secret.
    BY_SECRET = "SELECT id, name, prefix, scopes, test, created_at, last_used_at, merchant FROM api_key WHERE secret_hash = $1 AND revoked_at IS NULL";
    /// Those in force, newest first, before an id.
    LIST = "SELECT id, name, prefix, scopes, test, created_at, last_used_at FROM api_key WHERE merchant = $1 AND id < $2 AND revoked_at IS NULL ORDER BY id DESC LIMIT $3";
    /// Notes its use.
    USED = "UPDATE api_key SET last_used_at = $3 WHERE merchant = $1 AND id = $2";
    /// Takes it out of force; it stays for the audit.
    REVOKE = "UPDATE api_key SET revoked_at = $3 WHERE merchant = $1 AND id = $2 AND revoked_at IS NULL";
}
