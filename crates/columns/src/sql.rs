//! What is read of the store to make columns of it: members by id, and for a set of members their
//! orders, lines and refunds. Rows of nobody are read by the hour in which they were placed. A
//! member's region is the one stated, not the one learnt from where their orders went.

shuke_store::statements! {
    /// A page of members, aliases left out.
    MEMBERS_AFTER = "SELECT id, joined_at, CASE WHEN region_at IS NULL OR EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = member.merchant AND k.member = member.id AND k.region_at = member.region_at) THEN NULL ELSE province END FROM member WHERE merchant = $1 AND id > $2 AND alias_of IS NULL ORDER BY id LIMIT $3";
    /// These members, aliases left out: also such as were erased with whom they were merged into.
    MEMBERS = "SELECT id, joined_at, CASE WHEN region_at IS NULL OR EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = member.merchant AND k.member = member.id AND k.region_at = member.region_at) THEN NULL ELSE province END FROM member WHERE merchant = $1 AND id = ANY($2) AND alias_of IS NULL";
    /// Orders of these members.
    ORDERS_OF = "SELECT id, member, placed_at, created_at, paid_at, state, purchase, paid, merchant_received, currency, country, province, shop, platform, closed_at, recorded_at, source_id, goods_paid, quantity FROM orders WHERE merchant = $1 AND member = ANY($2)";
    /// Orders of nobody that were placed in a stretch of time.
    ORDERS_OF_NOBODY = "SELECT id, member, placed_at, created_at, paid_at, state, purchase, paid, merchant_received, currency, country, province, shop, platform, closed_at, recorded_at, source_id, goods_paid, quantity FROM orders WHERE merchant = $1 AND member IS NULL AND placed_at >= $2 AND placed_at < $3";
    /// When the next order of nobody was placed.
    NEXT_OF_NOBODY = "SELECT placed_at FROM orders WHERE merchant = $1 AND member IS NULL AND placed_at >= $2 ORDER BY placed_at, id LIMIT 1";
    /// The lines of these orders.
    LINES_OF = "SELECT order_id, line_no, sku, title, category, quantity, paid FROM order_line WHERE merchant = $1 AND order_id = ANY($2) AND role IN ('goods', 'gift')";
    /// What went back on these orders.
    REFUNDS_OF = "SELECT order_id, id, refunded_at, amount, goods, lines, estimated, source_id FROM refund WHERE merchant = $1 AND order_id = ANY($2) AND state = 'succeeded' AND kind <> 'exchange'";
    /// What went back to these members on no known order.
    LOOSE_OF = "SELECT member, id, refunded_at, goods, currency, lines, recorded_at, source_id FROM refund WHERE merchant = $1 AND member = ANY($2) AND order_id IS NULL AND state = 'succeeded' AND kind <> 'exchange'";
    /// A page of all refunds, for those of nobody on no known order.
    REFUNDS_AFTER = "SELECT member, id, refunded_at, goods, currency, lines, recorded_at, source_id, order_id, state, kind FROM refund WHERE merchant = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Categories of these goods in the product list; of two products of one code the first by source counts.
    CATEGORIES_OF = "SELECT sku, category FROM product WHERE merchant = $1 AND sku = ANY($2) AND category IS NOT NULL ORDER BY sku, source, source_id";
    /// Where these orders stand.
    PLACES = "SELECT id, member, placed_at FROM orders WHERE merchant = $1 AND id = ANY($2)";
    /// The event at a position.
    EVENT_AT = "SELECT id FROM event WHERE merchant = $1 AND position = $2";
    /// Events after a position.
    EVENTS = "SELECT position, subject_kind, subject, member, kind, data FROM event WHERE merchant = $1 AND position > $2 ORDER BY position LIMIT $3";
}
