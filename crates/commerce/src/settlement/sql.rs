//! The statements of the settlement report.

shuke_store::statements! {
    /// What is judged of orders, newest first, before a place.
    ORDERS = "SELECT id, source_id, platform, shop, state, purchase, paid, refunded, shipping, points_cash, discounts, merchant_received, placed_at, completed_at, member, currency, deposit, flags FROM orders WHERE merchant = $1 AND (placed_at, id) < ($2, $3) AND placed_at >= $4 AND ($5 = '' OR platform = $5) AND ($6 = '' OR shop = $6) ORDER BY placed_at DESC, id DESC LIMIT $7";
    /// What went back of these orders, each refund for itself.
    REFUNDS = "SELECT order_id, amount FROM refund WHERE merchant = $1 AND order_id = ANY($2) AND state = 'succeeded' ORDER BY order_id, source_id, id";
}
