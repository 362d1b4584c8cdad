//! Statements that read all books.

shuke_store::statements! {
    /// A member so many books on from another.
    BORDER = "SELECT member FROM points_book WHERE merchant = $1 AND member > $2 ORDER BY member LIMIT 1 OFFSET $3";
    /// The open books of members after one, up to another: what of them tiers depend on.
    BOOKS = "SELECT member, format, parts, heart FROM points_book WHERE merchant = $1 AND programme = $2 AND member > $3 AND member <= $4 AND state = 'open' ORDER BY member";
    /// The paid orders that count in the books of members after one, up to another, in a stretch of time.
    ORDERS = "SELECT member, happened_at, event_id, body FROM points_event WHERE merchant = $1 AND programme = $2 AND member > $3 AND member <= $4 AND kind = 'order_paid' AND taken = 1 AND happened_at >= $5 AND happened_at < $6 ORDER BY member, seq";
    /// What lies apart of these hearts and counts for tiers.
    PARTS = "SELECT member, part, body FROM points_part WHERE merchant = $1 AND programme = $2 AND member = ANY($3) AND (part LIKE 'order:%' OR part LIKE 'growth:%')";
}
