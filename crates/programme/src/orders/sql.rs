//! Statements about orders in books.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// What books were told of orders, locked.
    KEPT = "SELECT order_id, member, facts, look_at FROM points_order WHERE merchant = $1 AND programme = $2 AND order_id = ANY($3) ORDER BY order_id FOR UPDATE";
    /// An order is in no book any more.
    FORGET = "DELETE FROM points_order WHERE merchant = $1 AND programme = $2 AND order_id = $3";
    /// A member's orders are another's now.
    MOVE = "UPDATE points_order SET member = $4 WHERE merchant = $1 AND programme = $2 AND member = $3";
    /// Orders that are another member's again.
    MOVE_BACK = "UPDATE points_order SET member = $4 WHERE merchant = $1 AND programme = $2 AND member = $3 AND order_id IN (SELECT id FROM orders WHERE merchant = $1 AND member = $4)";
    /// Orders that a member's book was told of and that are another member's.
    STRAYED = "SELECT order_id FROM points_order WHERE merchant = $1 AND programme = $2 AND member = $3 AND order_id IN (SELECT id FROM orders WHERE merchant = $1 AND member = $4) ORDER BY order_id";
    /// Orders that are to be looked at again; what another process has in hand is left to it.
    TO_LOOK_AT = "SELECT order_id FROM points_order WHERE merchant = $1 AND programme = $2 AND look_at IS NOT NULL AND look_at <= $3 ORDER BY look_at LIMIT $4 FOR UPDATE SKIP LOCKED";
    /// Whether there are any.
    ANY_TO_LOOK_AT = "SELECT 1 FROM points_order WHERE merchant = $1 AND programme = $2 AND look_at IS NOT NULL AND look_at <= $3 LIMIT 1";
}

/// What books were told of orders.
pub const PUT: InsertMany = InsertMany {
    table: "points_order",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("programme"),
        Column::Bytes("order_id"),
        Column::Bytes("member"),
        Column::Text("facts"),
        Column::Int("look_at"),
    ],
    then: "ON CONFLICT (merchant, programme, order_id) DO UPDATE SET member = excluded.member, facts = excluded.facts, look_at = excluded.look_at",
};
