//! Statements about cards.

macro_rules! card {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, description, state, terms, trial_days, refund, notice_days, discounts, counts_from, job, version, created_at FROM card WHERE merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO card (merchant, id, name, description, state, terms, trial_days, refund, notice_days, discounts, counts_from, job, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, 'active', $5, $6, $7, $8, $9, $10, NULL, 1, $11, $12, $11)";
    /// One.
    GET = card!(" AND id = $2");
    /// One, held.
    HOLD = card!(" AND id = $2 FOR UPDATE");
    /// All, the oldest first.
    LIST = card!(" ORDER BY created_at, id");
    /// Changes one.
    CHANGE = "UPDATE card SET name = $3, description = $4, terms = $5, trial_days = $6, refund = $7, notice_days = $8, discounts = $9, counts_from = $10, version = version + 1, updated_at = $11 WHERE merchant = $1 AND id = $2";
    /// Changes the state.
    SET_STATE = "UPDATE card SET state = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// The walk over orders of before.
    SET_JOB = "UPDATE card SET job = $3 WHERE merchant = $1 AND id = $2";
    /// Whether a term of it was ever had.
    SOLD = "SELECT 1 FROM card_purchase WHERE merchant = $1 AND card = $2 AND term = $3 LIMIT 1";
}
