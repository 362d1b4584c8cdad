//! Statements about what somebody bought.

shuke_store::statements! {
    /// Whether anything was bought.
    BOUGHT = "SELECT 1 FROM orders WHERE merchant = $1 AND member = ANY($2) AND purchase = 1 LIMIT 1";
    /// What was taken off their purchases placed from a time on.
    DISCOUNTS = "SELECT discounts FROM orders WHERE merchant = $1 AND member = ANY($2) AND placed_at >= $3 AND purchase = 1 AND discounts IS NOT NULL";
}
