//! Statements about orders that sell cards.

shuke_store::statements! {
    /// Orders by id, each with when money last went back of it.
    ORDERS = "SELECT o.id, o.member, o.currency, o.purchase, o.paid_at, o.created_at, o.closed_at, o.refunded, o.recorded_at, (SELECT MAX(COALESCE(f.refunded_at, f.recorded_at)) FROM refund f WHERE f.merchant = $1 AND f.order_id = o.id AND f.state = 'succeeded') FROM orders o WHERE o.merchant = $1 AND o.id = ANY($2)";
    /// Their lines of some goods.
    LINES = "SELECT order_id, line_no, sku, quantity, COALESCE(paid, 0), refunded, state FROM order_line WHERE merchant = $1 AND order_id = ANY($2) AND sku = ANY($3) AND role = 'goods' ORDER BY order_id, line_no";
    /// All their lines with a code.
    ALL_LINES = "SELECT order_id, line_no, sku, quantity, COALESCE(paid, 0), refunded, state FROM order_line WHERE merchant = $1 AND order_id = ANY($2) AND sku IS NOT NULL AND role = 'goods' ORDER BY order_id, line_no";
    /// Orders by id, after one.
    AFTER = "SELECT id FROM orders WHERE merchant = $1 AND id > $2 ORDER BY id LIMIT $3";
}
