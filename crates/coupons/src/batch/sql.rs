//! Statements about batches and their stock.

use shuke_store::{Column, InsertMany};

macro_rules! batches {
    ($rest:literal) => {
        concat!(
            "SELECT id, template, template_version, name, state, pieces, budget, per_member, claim_from, claim_to, word, codes, codes_made, parts, version, created_at FROM coupon_batch WHERE merchant = $1",
            $rest
        )
    };
}

macro_rules! parts {
    ($rest:literal) => {
        concat!("SELECT part, pieces, money, taken FROM coupon_stock WHERE merchant = $1 AND batch = $2", $rest)
    };
}

shuke_store::statements! {
    /// Adds one; not where another has its word.
    ADD = "INSERT INTO coupon_batch (merchant, id, template, template_version, name, state, pieces, budget, per_member, claim_from, claim_to, word, codes, codes_made, parts, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9, $10, $11, $12, 0, $13, 1, $14, $15, $14) ON CONFLICT DO NOTHING";
    /// One.
    GET = batches!(" AND id = $2");
    /// One, held.
    HOLD = batches!(" AND id = $2 FOR UPDATE");
    /// The one that has a word.
    OF_WORD = batches!(" AND word = $2");
    /// All before a place, the newest first; of one template and in one state, where these are named.
    LIST = batches!(" AND (created_at, id) < ($2, $3) AND (template = $4 OR $4 IS NULL) AND (state = $5 OR $5 IS NULL) ORDER BY created_at DESC, id DESC LIMIT $6");
    /// Says something else of it.
    CHANGE = "UPDATE coupon_batch SET name = $3, per_member = $4, claim_from = $5, claim_to = $6, word = $7, version = version + 1, updated_at = $8 WHERE merchant = $1 AND id = $2";
    /// Whether another one has a word.
    WORD_TAKEN = "SELECT 1 FROM coupon_batch WHERE merchant = $1 AND word = $2 AND id <> $3";
    /// Sets its state.
    SET_STATE = "UPDATE coupon_batch SET state = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// Sets how large it is.
    SET_SIZE = "UPDATE coupon_batch SET pieces = $3, budget = $4, version = version + 1, updated_at = $5 WHERE merchant = $1 AND id = $2";
    /// So many of its codes are made.
    SET_MADE = "UPDATE coupon_batch SET codes_made = $3, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// A part that has so many pieces and that nobody is taking from.
    FREE = parts!(" AND (pieces IS NULL OR pieces >= $3) ORDER BY part LIMIT 1 FOR UPDATE SKIP LOCKED");
    /// All parts that have pieces, waited for.
    ALL_LEFT = parts!(" AND pieces > 0 ORDER BY part FOR UPDATE");
    /// A part without end, waited for.
    ONE_ENDLESS = parts!(" AND pieces IS NULL ORDER BY part LIMIT 1 FOR UPDATE");
    /// All parts, held.
    HOLD_PARTS = parts!(" ORDER BY part FOR UPDATE");
    /// Whether pieces are left.
    ANY_LEFT = "SELECT 1 FROM coupon_stock WHERE merchant = $1 AND batch = $2 AND (pieces IS NULL OR pieces > 0) LIMIT 1";
    /// So many were taken from a part, for so much.
    TAKE = "UPDATE coupon_stock SET pieces = pieces - $4, money = money - $5, taken = taken + $4, spent = spent + $6 WHERE merchant = $1 AND batch = $2 AND part = $3";
    /// Sets what is left in a part.
    SET_PART = "UPDATE coupon_stock SET pieces = $4, money = $5 WHERE merchant = $1 AND batch = $2 AND part = $3";
    /// What is left and what was taken of batches.
    LEFT = "SELECT batch, CAST(SUM(pieces) AS BIGINT), CAST(SUM(taken) AS BIGINT), CAST(SUM(spent) AS BIGINT) FROM coupon_stock WHERE merchant = $1 AND batch = ANY($2) GROUP BY batch";
    /// How many coupons of a batch stand where.
    STATES = "SELECT state, COUNT(*) FROM coupon WHERE merchant = $1 AND batch = $2 GROUP BY state";
    /// What orders that used coupons of a batch saved by them.
    SAVED = "SELECT COUNT(*), CAST(COALESCE(SUM(saving), 0) AS BIGINT) FROM coupon_use WHERE merchant = $1 AND batch = $2 AND state = 'used'";
    /// Open exceptions of a batch, and the money at stake.
    AT_STAKE = "SELECT COUNT(*), CAST(COALESCE(SUM(saving), 0) AS BIGINT) FROM coupon_use WHERE merchant = $1 AND batch = $2 AND missed_at IS NOT NULL AND settled_at IS NULL";
}

/// The parts of a stock.
pub const PUT_PARTS: InsertMany = InsertMany {
    table: "coupon_stock",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("batch"),
        Column::Int("part"),
        Column::Int("pieces"),
        Column::Int("money"),
        Column::Int("taken"),
        Column::Int("spent"),
    ],
    then: "",
};
