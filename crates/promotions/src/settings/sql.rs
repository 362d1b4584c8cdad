//! Statements about what holds for every order.

shuke_store::statements! {
    /// All versions, in order.
    VERSIONS = "SELECT no, programme, rules, from_at, note, made_at, made_by, withdrawn_at FROM price_settings WHERE merchant = $1 ORDER BY no";
    /// Adds a version.
    ADD = "INSERT INTO price_settings (merchant, no, programme, rules, from_at, note, made_at, made_by, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)";
    /// Withdraws one.
    WITHDRAW = "UPDATE price_settings SET withdrawn_at = $3 WHERE merchant = $1 AND no = $2 AND withdrawn_at IS NULL";
}
