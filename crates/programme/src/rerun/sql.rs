//! Statements of re-runs.

shuke_store::statements! {
    /// Members with a paid order in a stretch of time, after one, of those that were in the books by an instant.
    MEMBERS = "SELECT DISTINCT member FROM points_event WHERE merchant = $1 AND programme = $2 AND member > $3 AND kind = 'order_paid' AND taken = 1 AND happened_at >= $4 AND happened_at < $5 AND booked_at <= $6 ORDER BY member LIMIT $7";
    /// Members' books, as far as their histories are folded anew.
    BOOKS = "SELECT member, state, origin, facts, clock FROM points_book WHERE merchant = $1 AND programme = $2 AND member = ANY($3) ORDER BY member";
    /// Members' events that count, in order of time.
    HISTORIES = "SELECT member, happened_at, event_id, body FROM points_event WHERE merchant = $1 AND programme = $2 AND member = ANY($3) AND taken = 1 ORDER BY member, happened_at, seq";
    /// The open task of a unique key.
    OPEN_TASK = "SELECT id FROM job WHERE merchant = $1 AND unique_key = $2";
}
