//! Statements about what ends.

shuke_store::statements! {
    /// Books in which something is due by an instant, after a place.
    DUE_BY = "SELECT member, state, moved_to, origin, facts, events, entries, parts, format, heart, due FROM points_book WHERE merchant = $1 AND programme = $2 AND due IS NOT NULL AND due <= $3 AND (due, member) > ($4, $5) ORDER BY due, member LIMIT $6";
}
