//! Statements about uses and what packs gave.

macro_rules! uses {
    ($rest:literal) => {
        concat!(
            "SELECT id, benefit, member, request, order_no, used_at, programme, tier, grant_id, cost, supplier, platform, made_by, undone_at FROM benefit_use WHERE merchant = $1",
            $rest
        )
    };
}

/// Members who used or redeemed something in a stretch, by tier, each once, with what they spent in the two spans: their
/// orders are found by the index of members.
macro_rules! takers {
    ($columns:literal, $what:literal, $of:literal, $book:literal, $by:literal) => {
        concat!(
            "SELECT COUNT(DISTINCT u.member), CAST(COALESCE(SUM(CASE WHEN o.placed_at < $3 THEN o.net_paid END), 0) AS BIGINT), \
            CAST(COALESCE(SUM(CASE WHEN o.placed_at >= $3 THEN o.net_paid END), 0) AS BIGINT), ",
            $columns,
            " FROM (SELECT DISTINCT ",
            $what,
            " FROM ",
            $of,
            ") u \
            JOIN points_book b ON b.merchant = $1 AND b.member = u.member AND b.state = 'open' AND ",
            $book,
            " LEFT JOIN orders o ON o.merchant = $1 AND o.member = u.member AND o.placed_at >= $2 AND o.placed_at < $4 AND o.purchase = 1 AND o.currency = $5 \
            GROUP BY ",
            $by
        )
    };
}

macro_rules! users {
    ($columns:literal, $what:literal, $book:literal, $by:literal) => {
        takers!($columns, $what, "benefit_use WHERE merchant = $1 AND used_at >= $3 AND used_at < $4 AND undone_at IS NULL", $book, $by)
    };
}

shuke_store::statements! {
    /// Adds one; not where the benefit has one of that request.
    ADD = "INSERT INTO benefit_use (merchant, id, benefit, member, request, order_no, used_at, programme, tier, grant_id, cost, supplier, platform, made_by, undone_at, undone_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, NULL, NULL) ON CONFLICT (merchant, benefit, request) DO NOTHING";
    /// One.
    GET = uses!(" AND id = $2");
    /// One, held.
    HOLD = uses!(" AND id = $2 FOR UPDATE");
    /// The one of a request.
    OF_REQUEST = uses!(" AND benefit = $2 AND request = $3");
    /// Uses before a place, newest first.
    LIST = uses!(" AND (used_at, id) < ($2, $3) AND used_at >= $4 AND used_at < $5 AND (benefit = $6 OR $6 IS NULL) AND (order_no = $7 OR $7 IS NULL) ORDER BY used_at DESC, id DESC LIMIT $8");
    /// A member's uses before a place, newest first.
    LIST_OF = uses!(" AND (used_at, id) < ($2, $3) AND used_at >= $4 AND used_at < $5 AND (benefit = $6 OR $6 IS NULL) AND (order_no = $7 OR $7 IS NULL) AND member = $9 ORDER BY used_at DESC, id DESC LIMIT $8");
    /// How often a member used a benefit by their own right in a stretch.
    USED = "SELECT COUNT(*) FROM benefit_use WHERE merchant = $1 AND member = $2 AND benefit = $3 AND used_at >= $4 AND used_at < $5 AND grant_id IS NULL AND undone_at IS NULL";
    /// Takes one back.
    UNDO = "UPDATE benefit_use SET undone_at = $3, undone_by = $4, reason = $5 WHERE merchant = $1 AND id = $2 AND undone_at IS NULL";
    /// Gives uses.
    ADD_GRANT = "INSERT INTO benefit_grant (merchant, id, benefit, member, uses, ends_at, given, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// What a member was given of a benefit and has not ended, what ends first in front.
    GRANTS = "SELECT id, uses, ends_at FROM benefit_grant WHERE merchant = $1 AND member = $2 AND benefit = $3 AND ends_at > $4 ORDER BY ends_at, id";
    /// How often each of these was used.
    GRANTS_USED = "SELECT grant_id, COUNT(*) FROM benefit_use WHERE merchant = $1 AND grant_id = ANY($2) AND undone_at IS NULL GROUP BY grant_id";
    /// What uses cost in a stretch, by tier and benefit.
    COST = "SELECT programme, tier, benefit, COUNT(*), COUNT(DISTINCT member), CAST(SUM(cost) AS BIGINT), CAST(SUM(supplier) AS BIGINT), CAST(SUM(platform) AS BIGINT) FROM benefit_use WHERE merchant = $1 AND used_at >= $2 AND used_at < $3 AND undone_at IS NULL GROUP BY programme, tier, benefit";
    /// How many members hold each tier now.
    HOLDERS = "SELECT COUNT(*), programme, tier FROM points_book WHERE merchant = $1 AND state = 'open' AND tier IS NOT NULL GROUP BY programme, tier";
    /// What they spent in the two spans. The order of the join is said, so that the days' orders lead and not all members.
    HOLDERS_SPENT = "SELECT CAST(COALESCE(SUM(CASE WHEN o.placed_at < $3 THEN o.net_paid END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN o.placed_at >= $3 THEN o.net_paid END), 0) AS BIGINT), b.programme, b.tier \
        FROM orders o CROSS JOIN points_book b WHERE o.merchant = $1 AND o.placed_at >= $2 AND o.placed_at < $4 AND o.purchase = 1 AND o.currency = $5 \
        AND b.merchant = $1 AND b.member = o.member AND b.state = 'open' AND b.tier IS NOT NULL GROUP BY b.programme, b.tier";
    /// Users of a benefit by the tier they held then.
    USERS = users!("u.programme, u.tier, u.benefit", "programme, tier, benefit, member", "b.programme = u.programme", "u.programme, u.tier, u.benefit");
    /// Users of a benefit by the tier they hold now.
    USERS_HELD = users!("b.programme, b.tier, u.benefit", "benefit, member", "b.tier IS NOT NULL", "b.programme, b.tier, u.benefit");
    /// What was redeemed with points in a stretch, by tier and reward; no tier where none was kept yet.
    REDEEMED = "SELECT programme, tier, reward, COUNT(*), CAST(SUM(points) AS BIGINT), CAST(SUM(cost) AS BIGINT) FROM redemption WHERE merchant = $1 AND redeemed_at >= $2 AND redeemed_at < $3 AND state <> 'cancelled' AND given IS NULL GROUP BY programme, tier, reward";
    /// Those who redeemed a reward with points, by the tier they held then.
    REDEEMERS = takers!("u.programme, u.tier, u.reward", "programme, tier, reward, member", "redemption WHERE merchant = $1 AND redeemed_at >= $3 AND redeemed_at < $4 AND state <> 'cancelled' AND given IS NULL AND tier IS NOT NULL", "b.programme = u.programme", "u.programme, u.tier, u.reward");
    /// Those who redeemed a reward or were given it, by the tier they hold now.
    REDEEMERS_HELD = takers!("b.programme, b.tier, u.reward", "programme, reward, member", "redemption WHERE merchant = $1 AND redeemed_at >= $3 AND redeemed_at < $4 AND state <> 'cancelled'", "b.programme = u.programme AND b.tier IS NOT NULL", "b.programme, b.tier, u.reward");
    /// Users of any benefit by the tier they held then.
    USERS_OF_ANY = users!("u.programme, u.tier", "programme, tier, member", "b.programme = u.programme", "u.programme, u.tier");
    /// Users of any benefit by the tier they hold now.
    USERS_OF_ANY_HELD = users!("b.programme, b.tier", "member", "b.tier IS NOT NULL", "b.programme, b.tier");
}
