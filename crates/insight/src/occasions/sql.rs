//! Statements of the merchant's own occasions.

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO occasion (merchant, id, name, name_en, from_day, to_day, main_day, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    /// Changes one.
    CHANGE = "UPDATE occasion SET name = $3, name_en = $4, from_day = $5, to_day = $6, main_day = $7, updated_at = $8 WHERE merchant = $1 AND id = $2";
    /// Drops one.
    DROP = "DELETE FROM occasion WHERE merchant = $1 AND id = $2";
    /// One.
    GET = "SELECT id, name, name_en, from_day, to_day, main_day FROM occasion WHERE merchant = $1 AND id = $2";
    /// Those that touch some days.
    TOUCHING = "SELECT id, name, name_en, from_day, to_day, main_day FROM occasion WHERE merchant = $1 AND from_day < $3 AND to_day > $2 ORDER BY from_day, id";
    /// How many there are.
    COUNT = "SELECT COUNT(*) FROM occasion WHERE merchant = $1";
}
