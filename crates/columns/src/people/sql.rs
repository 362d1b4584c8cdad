//! What is read of members as questions see them.

shuke_store::statements! {
    /// A page of members, those merged away and erased left out.
    AFTER = "SELECT id FROM member WHERE merchant = $1 AND id > $2 AND state = 'live' ORDER BY id LIMIT $3";
    /// What is known of these members.
    FACTS = "SELECT id, first_seen, joined_at, birthday, gender, province, city, join_source FROM member WHERE merchant = $1 AND id = ANY($2) AND state = 'live'";
    /// What they agreed to, in the order in which it was said; of one time the refusal comes last.
    CONSENTS = "SELECT member, purpose, channel, granted, given_at FROM consent WHERE merchant = $1 AND member = ANY($2) AND purpose IN ('marketing', 'ads') ORDER BY given_at, granted DESC";
    /// The tags that they have and had.
    TAGS = "SELECT g.member, t.name, g.since, NULL FROM member_tag g JOIN tag t ON t.merchant = g.merchant AND t.id = g.tag WHERE g.merchant = $1 AND g.member = ANY($2) UNION ALL SELECT p.member, t.name, p.since, p.taken_at FROM past_tag p JOIN tag t ON t.merchant = p.merchant AND t.id = p.tag WHERE p.merchant = $1 AND p.member = ANY($2)";
    /// Their orders.
    ORDERS = "SELECT id, member, created_at, placed_at, recorded_at, paid_at, completed_at, closed_at, state, purchase, shop, platform, payment_method, quantity, paid, goods_paid, merchant_received, discounts, shipping, province, city FROM orders WHERE merchant = $1 AND member = ANY($2)";
    /// The lines of these orders.
    LINES = "SELECT order_id, line_no, sku, category, quantity, paid, refunded FROM order_line WHERE merchant = $1 AND order_id = ANY($2) AND role IN ('goods', 'gift')";
    /// What went back on these orders.
    REFUNDS = "SELECT id, order_id, member, kind, reason, amount, refunded_at, recorded_at, lines FROM refund WHERE merchant = $1 AND order_id = ANY($2) AND state = 'succeeded' AND kind <> 'exchange'";
    /// What went back to these members on no known order.
    LOOSE = "SELECT id, order_id, member, kind, reason, amount, refunded_at, recorded_at, lines FROM refund WHERE merchant = $1 AND member = ANY($2) AND order_id IS NULL AND state = 'succeeded' AND kind <> 'exchange'";
    /// What they did beside buying.
    ACTS = "SELECT id, member, at, kind, sku, words, rating, data FROM behaviour_event WHERE merchant = $1 AND member = ANY($2)";
    /// By which clock the merchant reckons days.
    ZONE = "SELECT zone FROM merchant WHERE merchant = $1";
    /// Whether any weather is known.
    ANY_WEATHER = "SELECT day FROM weather_day WHERE merchant = $1 LIMIT 1";
    /// The weather by place and day; of one day what the last import says comes last.
    WEATHER = "SELECT province, city, day, condition, high FROM weather_day WHERE merchant = $1 ORDER BY province, city, day, import";
    /// The same of some provinces and cities on some days.
    WEATHER_OF = "SELECT province, city, day, condition, high FROM weather_day WHERE merchant = $1 AND province = ANY($2) AND city = ANY($3) AND day >= $4 AND day <= $5 ORDER BY province, city, day, import";
    /// Categories of these goods in the product list; of two products of one code the first by source counts.
    CATEGORIES = "SELECT sku, category FROM product WHERE merchant = $1 AND sku = ANY($2) AND category IS NOT NULL ORDER BY sku, source, source_id";
}
