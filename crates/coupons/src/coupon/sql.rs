//! Statements about coupons and what orders did with them.

use shuke_store::{Column, InsertMany};

macro_rules! coupons {
    ($rest:literal) => {
        concat!(
            "SELECT id, template, template_version, batch, member, request, how, state, amount, face, from_at, expires_at, order_source, order_no, lock_until, was_restored, extended, part, draw, code, made_at, made_by, changed_at FROM coupon WHERE merchant = $1",
            $rest
        )
    };
}

macro_rules! uses {
    ($rest:literal) => {
        concat!(
            "SELECT coupon, order_source, order_no, batch, member, state, saving, currency, locked_at, lock_until, ended_at, how, used_at, missed_at, missed_why, settled_at, settled_by, note FROM coupon_use WHERE merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// One.
    GET = coupons!(" AND id = $2");
    /// One, held.
    HOLD = coupons!(" AND id = $2 FOR UPDATE");
    /// Some, by id.
    SOME = coupons!(" AND id = ANY($2)");
    /// Some, held in the order of their ids.
    HOLD_SOME = coupons!(" AND id = ANY($2) ORDER BY id FOR UPDATE");
    /// Those of requests.
    OF_REQUESTS = coupons!(" AND batch = ANY($2) AND request = ANY($3)");
    /// How many members had of batches.
    HAD = "SELECT batch, member, COUNT(*) FROM coupon WHERE merchant = $1 AND batch = ANY($2) AND member = ANY($3) GROUP BY batch, member";
    /// How many of a template a member has used, or has in an order.
    USED = "SELECT COUNT(*) FROM coupon WHERE merchant = $1 AND member = $2 AND template = $3 AND (state = 'used' OR state = 'locked' AND lock_until > $4)";
    /// The same by template.
    USED_ALL = "SELECT template, COUNT(*) FROM coupon WHERE merchant = $1 AND member = $2 AND (state = 'used' OR state = 'locked' AND lock_until > $3) GROUP BY template";
    /// It stands otherwise.
    SAVE = "UPDATE coupon SET state = $3, expires_at = $4, order_source = $5, order_no = $6, lock_until = $7, was_restored = $8, extended = $9, due = $10, changed_at = $11 WHERE merchant = $1 AND id = $2";
    /// It is somebody's.
    GIVE = "UPDATE coupon SET member = $3, changed_at = $4 WHERE merchant = $1 AND id = $2";
    /// Why it was taken away.
    REASON = "UPDATE coupon SET reason = $3 WHERE merchant = $1 AND id = $2";
    /// Why it was taken away, as it is sealed.
    WHY_TAKEN = "SELECT reason FROM coupon WHERE merchant = $1 AND id = $2";
    /// A member's before a place, the newest first.
    OF_MEMBER = coupons!(" AND member = $2 AND (made_at, id) < ($3, $4) AND (state = ANY($5)) ORDER BY made_at DESC, id DESC LIMIT $6");
    /// Those of a member that can be used or that an order has.
    LIVE_OF = coupons!(" AND member = $2 AND state IN ('available', 'restored', 'locked') ORDER BY expires_at, id");
    /// A batch's in some states after a place, by id.
    OF_BATCH = coupons!(" AND batch = $2 AND state = ANY($3) AND id > $4 ORDER BY id LIMIT $5");
    /// Those that time does something to by now; what another process has in hand is left to it.
    DUE = coupons!(" AND due IS NOT NULL AND due <= $2 ORDER BY due LIMIT $3 FOR UPDATE SKIP LOCKED");
    /// Whether there are any.
    ANY_DUE = "SELECT 1 FROM coupon WHERE merchant = $1 AND due IS NOT NULL AND due <= $2 LIMIT 1";
    /// An order holds a coupon; anew, where it held it before. What was missed before stays on the list until it is settled.
    HELD = "INSERT INTO coupon_use (merchant, coupon, order_source, order_no, batch, member, state, saving, currency, locked_at, lock_until, ended_at, how, used_at, missed_at, missed_why, settled_at, settled_by, note) VALUES ($1, $2, $3, $4, $5, $6, 'held', $7, $8, $9, $10, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) ON CONFLICT (merchant, coupon, order_source, order_no) DO UPDATE SET member = excluded.member, state = 'held', saving = excluded.saving, currency = excluded.currency, locked_at = excluded.locked_at, lock_until = excluded.lock_until, ended_at = NULL, how = NULL, used_at = NULL";
    /// The order holds it longer, or for another amount.
    HELD_ON = "UPDATE coupon_use SET saving = $5, lock_until = $6 WHERE merchant = $1 AND coupon = $2 AND order_source = $3 AND order_no = $4 AND state = 'held'";
    /// The order let it go, or gave it back.
    ENDED = "UPDATE coupon_use SET state = $5, how = $6, ended_at = $7 WHERE merchant = $1 AND coupon = $2 AND order_source = $3 AND order_no = $4";
    /// The order used it.
    WAS_USED = "UPDATE coupon_use SET state = 'used', used_at = $5, ended_at = NULL, how = NULL, settled_at = CASE WHEN missed_at IS NULL THEN NULL ELSE COALESCE(settled_at, $6) END, settled_by = CASE WHEN missed_at IS NULL THEN NULL ELSE COALESCE(settled_by, $7) END WHERE merchant = $1 AND coupon = $2 AND order_source = $3 AND order_no = $4";
    /// The order was paid, and the coupon was not there any more.
    MISSED = "UPDATE coupon_use SET state = 'missed', missed_at = $5, missed_why = $6, settled_at = NULL, settled_by = NULL, note = NULL WHERE merchant = $1 AND coupon = $2 AND order_source = $3 AND order_no = $4";
    /// The exception is settled.
    SETTLED = "UPDATE coupon_use SET settled_at = $5, settled_by = $6, note = $7 WHERE merchant = $1 AND coupon = $2 AND order_source = $3 AND order_no = $4 AND missed_at IS NOT NULL AND settled_at IS NULL";
    /// What an order did with coupons.
    OF_ORDER = uses!(" AND order_source = $2 AND order_no = $3 ORDER BY coupon");
    /// What orders did with a coupon, the latest first.
    OF_COUPON = uses!(" AND coupon = $2 ORDER BY locked_at DESC, order_source, order_no");
    /// One of them.
    ONE_USE = uses!(" AND coupon = $2 AND order_source = $3 AND order_no = $4");
    /// Exceptions before a place, the newest first; of one batch, where one is named.
    EXCEPTIONS = uses!(" AND missed_at IS NOT NULL AND (missed_at, coupon) < ($2, $3) AND ((CAST($4 AS TEXT) = 'open' AND settled_at IS NULL) OR (CAST($4 AS TEXT) = 'settled' AND settled_at IS NOT NULL) OR CAST($4 AS TEXT) = '') AND (batch = $5 OR $5 IS NULL) ORDER BY missed_at DESC, coupon DESC LIMIT $6");
    /// How many are open, and what they come to, by currency.
    OPEN = "SELECT currency, COUNT(*), CAST(SUM(saving) AS BIGINT) FROM coupon_use WHERE merchant = $1 AND missed_at IS NOT NULL AND settled_at IS NULL GROUP BY currency ORDER BY currency";
    /// Whether orders ever held any.
    ANY_USE = "SELECT 1 FROM coupon_use WHERE merchant = $1 LIMIT 1";
}

/// Coupons that are had now.
pub const PUT: InsertMany = InsertMany {
    table: "coupon",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Bytes("template"),
        Column::Int("template_version"),
        Column::Bytes("batch"),
        Column::Bytes("member"),
        Column::Text("request"),
        Column::Text("how"),
        Column::Text("state"),
        Column::Int("amount"),
        Column::Int("face"),
        Column::Int("from_at"),
        Column::Int("expires_at"),
        Column::Text("order_source"),
        Column::Text("order_no"),
        Column::Int("lock_until"),
        Column::Int("was_restored"),
        Column::Int("extended"),
        Column::Int("part"),
        Column::Int("draw"),
        Column::Int("code"),
        Column::Int("due"),
        Column::Int("made_at"),
        Column::Text("made_by"),
        Column::Int("changed_at"),
    ],
    then: "",
};
