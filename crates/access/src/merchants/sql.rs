//! Statements about merchants.

shuke_store::statements! {
    /// Takes the next number.
    TAKE_NUMBER = "UPDATE installation SET next_merchant = next_merchant + 1 WHERE merchant = 0 RETURNING next_merchant - 1";
    /// Adds one.
    ADD = "INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    /// Every merchant.
    EVERY = "SELECT merchant, id, name, sandbox, zone, currency, settings FROM merchant ORDER BY merchant";
    /// One by number.
    GET = "SELECT merchant, id, name, sandbox, zone, currency, settings FROM merchant WHERE merchant = $1";
    /// One by number, locked.
    LOCK = "SELECT merchant, id, name, sandbox, zone, currency, settings FROM merchant WHERE merchant = $1 FOR UPDATE";
    /// Holds a merchant against whoever shares it.
    HOLD = "SELECT merchant FROM merchant WHERE merchant = $1 FOR UPDATE";
    /// Shares a merchant with others that do, against whoever holds it.
    SHARE = "SELECT merchant FROM merchant WHERE merchant = $1 FOR SHARE";
    /// One by public id.
    BY_ID = "SELECT merchant, id, name, sandbox, zone, currency, settings FROM merchant WHERE id = $1";
    /// Those a person has a role at, with the role.
    OF_STAFF = "SELECT m.merchant, m.id, m.name, m.sandbox, m.zone, m.currency, m.settings, r.role FROM staff_role r JOIN merchant m ON m.merchant = r.merchant WHERE r.staff = $1 AND r.disabled_at IS NULL ORDER BY m.merchant";
    /// Changes one.
    CHANGE = "UPDATE merchant SET name = $2, zone = $3, currency = $4, settings = $5, updated_at = $6 WHERE merchant = $1";
}
