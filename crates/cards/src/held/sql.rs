//! Statements about purchases and who holds a card.

use shuke_store::{Column, InsertMany};

macro_rules! purchase {
    ($rest:literal) => {
        concat!(
            "SELECT id, card, member, source_id, kind, term, months, days, count, at, paid, currency, order_id, till, cut_at, returned, given_up_at, given_back, made_at, made_by FROM card_purchase WHERE merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// Adds one that is not there.
    ADD = "INSERT INTO card_purchase (merchant, id, card, member, source_id, kind, term, months, days, count, at, paid, currency, order_id, till, cut_at, returned, given_up_at, given_back, reason, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL, 0, NULL, 0, $16, $17, $18) ON CONFLICT DO NOTHING";
    /// One of a card by the id of where it was sold.
    BY_SOURCE = purchase!(" AND card = $2 AND source_id = $3");
    /// Those of members.
    OF_MEMBERS = purchase!(" AND member = ANY($2)");
    /// Those of members of one card, held.
    HOLD = purchase!(" AND member = ANY($2) AND card = $3 ORDER BY id FOR UPDATE");
    /// Those that orders sold, held.
    OF_ORDERS = purchase!(" AND order_id = ANY($2) ORDER BY id FOR UPDATE");
    /// The orders that sold members theirs.
    ORDERS_OF = "SELECT DISTINCT order_id FROM card_purchase WHERE merchant = $1 AND member = ANY($2) AND order_id IS NOT NULL";
    /// Adds one that an order sold.
    ADD_SOLD = "INSERT INTO card_purchase (merchant, id, card, member, source_id, kind, term, months, days, count, at, paid, currency, order_id, till, cut_at, returned, given_up_at, given_back, reason, made_at, made_by) VALUES ($1, $2, $3, $4, $5, 'paid', $6, $7, $8, $9, $10, $11, $12, $13, NULL, $14, $15, NULL, 0, NULL, $16, $17) ON CONFLICT DO NOTHING";
    /// What an order says of it now.
    FOLLOW = "UPDATE card_purchase SET member = $3, count = $4, at = $5, paid = $6, currency = $7, cut_at = $8, returned = $9 WHERE merchant = $1 AND id = $2";
    /// The order does not sell it any more.
    DROP = "DELETE FROM card_purchase WHERE merchant = $1 AND id = $2";
    /// It is given up.
    GIVE_UP = "UPDATE card_purchase SET given_up_at = $3, given_back = $4, reason = $5 WHERE merchant = $1 AND id = $2";
    /// Why it was given up.
    REASONS = "SELECT id, reason FROM card_purchase WHERE merchant = $1 AND id = ANY($2) AND reason IS NOT NULL";
    /// Who of these holds what.
    HOLDERS = "SELECT card, member, trial, since, until, told FROM card_holder WHERE merchant = $1 AND member = ANY($2) ORDER BY card, member FOR UPDATE";
    /// Nobody's any more.
    DROP_HOLDER = "DELETE FROM card_holder WHERE merchant = $1 AND card = $2 AND member = $3";
    /// Those of a card that end last before others, from a time and member on.
    RUNNING = "SELECT member, trial, since, until FROM card_holder WHERE merchant = $1 AND card = $2 AND (until > $3 OR (until = $3 AND member > $4)) AND until <= $5 ORDER BY until, member LIMIT $6";
    /// Those whose card is over, the latest first.
    OVER = "SELECT member, trial, since, until FROM card_holder WHERE merchant = $1 AND card = $2 AND (until < $3 OR (until = $3 AND member < $4)) ORDER BY until DESC, member DESC LIMIT $5";
    /// How many hold it at a time, how many of these try it, and of how many it ends by another time.
    COUNT = "SELECT COUNT(*), CAST(COALESCE(SUM(trial), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN until <= $4 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM card_holder WHERE merchant = $1 AND card = $2 AND until > $3";
    /// What was sold of a card from a time on.
    SOLD = "SELECT COUNT(*), CAST(COALESCE(SUM(paid), 0) AS BIGINT) FROM card_purchase WHERE merchant = $1 AND card = $2 AND at >= $3 AND kind = 'paid' AND currency = $4";
    /// What went back of it from a time on.
    WENT_BACK = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN returned > given_back THEN returned ELSE given_back END), 0) AS BIGINT) FROM card_purchase WHERE merchant = $1 AND card = $2 AND (cut_at >= $3 OR given_up_at >= $3) AND kind = 'paid' AND currency = $4";
    /// Who is to be told of something by now; what another process has in hand is left to it.
    DUE = "SELECT card, member, until, told FROM card_holder WHERE merchant = $1 AND due IS NOT NULL AND due <= $2 ORDER BY due LIMIT $3 FOR UPDATE SKIP LOCKED";
    /// Whether anybody is.
    ANY_DUE = "SELECT 1 FROM card_holder WHERE merchant = $1 AND due IS NOT NULL AND due <= $2 LIMIT 1";
    /// It was told.
    TOLD = "UPDATE card_holder SET told = $4, due = $5 WHERE merchant = $1 AND card = $2 AND member = $3";
    /// When holders of a card are to be told that it will end, so many microseconds before, where they were not yet.
    NOTICE = "UPDATE card_holder SET due = CASE WHEN CAST($4 AS BIGINT) = 0 OR until - $4 <= since THEN until WHEN until - $4 < $3 THEN $3 ELSE until - $4 END WHERE merchant = $1 AND card = $2 AND told = '' AND until > $3";
    /// Orders of members placed from a time on, with what was taken off them.
    DISCOUNTED = "SELECT paid_at, created_at, currency, discounts FROM orders WHERE merchant = $1 AND member = $2 AND placed_at >= $3 AND purchase = 1 AND discounts IS NOT NULL";
}

/// Who holds what.
pub const PUT_HOLDER: InsertMany = InsertMany {
    table: "card_holder",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("card"),
        Column::Bytes("member"),
        Column::Int("trial"),
        Column::Int("since"),
        Column::Int("until"),
        Column::Text("told"),
        Column::Int("due"),
    ],
    then: "ON CONFLICT (merchant, card, member) DO UPDATE SET trial = excluded.trial, since = excluded.since, until = excluded.until, told = excluded.told, due = excluded.due",
};
