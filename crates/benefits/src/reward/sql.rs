//! Statements about rewards and redemptions.

macro_rules! rewards {
    ($rest:literal) => {
        concat!("SELECT id, body, state, stock, taken, picture, version, created_at FROM reward WHERE merchant = $1", $rest)
    };
}

macro_rules! redemptions {
    ($rest:literal) => {
        concat!(
            "SELECT id, reward, member, programme, request, points, cost, supplier, platform, state, order_no, parcel, given, made_by, redeemed_at, sent_at, delivered_at, cancelled_at, address FROM redemption WHERE merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO reward (merchant, id, name, kind, programme, body, state, stock, taken, picture, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, 0, NULL, 1, $8, $9, $8)";
    /// One.
    GET = rewards!(" AND id = $2");
    /// One, held.
    HOLD = rewards!(" AND id = $2 FOR UPDATE");
    /// All, the oldest first.
    LIST = rewards!(" ORDER BY created_at, id");
    /// Says something else of it.
    CHANGE = "UPDATE reward SET name = $3, kind = $4, body = $5, version = version + 1, updated_at = $6 WHERE merchant = $1 AND id = $2";
    /// Sets its state.
    SET_STATE = "UPDATE reward SET state = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// Sets the pieces that are left.
    SET_STOCK = "UPDATE reward SET stock = $3, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// Takes a piece, where there is one and it can be had.
    TAKE = "UPDATE reward SET stock = stock - 1, taken = taken + 1 WHERE merchant = $1 AND id = $2 AND state = 'active' AND (stock IS NULL OR stock > 0)";
    /// Gives a piece back.
    GIVE_BACK = "UPDATE reward SET stock = stock + 1, taken = taken - 1 WHERE merchant = $1 AND id = $2";
    /// Which picture it has.
    SET_PICTURE = "UPDATE reward SET picture = $3, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// Keeps a picture.
    PUT_PICTURE = "INSERT INTO reward_picture (merchant, reward, media, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT (merchant, reward) DO UPDATE SET media = excluded.media, bytes = excluded.bytes";
    /// A picture.
    PICTURE = "SELECT media, bytes FROM reward_picture WHERE merchant = $1 AND reward = $2";
    /// Drops a picture.
    DROP_PICTURE = "DELETE FROM reward_picture WHERE merchant = $1 AND reward = $2";
    /// Adds a redemption; not where the reward has one of that request.
    ADD_REDEMPTION = "INSERT INTO redemption (merchant, id, reward, member, programme, request, points, cost, supplier, platform, state, order_no, parcel, given, made_by, redeemed_at, sent_at, delivered_at, cancelled_at, reason, address, tier) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, $13, $14, $15, NULL, $16, NULL, NULL, $17, $18) ON CONFLICT (merchant, reward, request) DO NOTHING";
    /// One redemption.
    GET_REDEMPTION = redemptions!(" AND id = $2");
    /// One redemption, held.
    HOLD_REDEMPTION = redemptions!(" AND id = $2 FOR UPDATE");
    /// The redemption of a request.
    OF_REQUEST = redemptions!(" AND reward = $2 AND request = $3");
    /// Redemptions before a place, newest first.
    LIST_ALL = redemptions!(" AND (redeemed_at, id) < ($2, $3) AND (reward = $4 OR $4 IS NULL) ORDER BY redeemed_at DESC, id DESC LIMIT $5");
    /// Redemptions of a state before a place, newest first.
    LIST_STATE = redemptions!(" AND (redeemed_at, id) < ($2, $3) AND (reward = $4 OR $4 IS NULL) AND state = $6 ORDER BY redeemed_at DESC, id DESC LIMIT $5");
    /// A member's redemptions before a place, newest first.
    LIST_MEMBER = redemptions!(" AND (redeemed_at, id) < ($2, $3) AND (reward = $4 OR $4 IS NULL) AND (state = $6 OR $6 IS NULL) AND member = $7 ORDER BY redeemed_at DESC, id DESC LIMIT $5");
    /// How often a member redeemed a reward with points in a stretch.
    REDEEMED = "SELECT COUNT(*) FROM redemption WHERE merchant = $1 AND member = $2 AND reward = $3 AND redeemed_at >= $4 AND redeemed_at < $5 AND state <> 'cancelled' AND given IS NULL";
    /// Where it is sent.
    SET_ADDRESS = "UPDATE redemption SET address = $3 WHERE merchant = $1 AND id = $2";
    /// A member's redemption that has an address, the newest.
    LAST_ADDRESS = redemptions!(" AND member = $2 AND address IS NOT NULL ORDER BY redeemed_at DESC, id DESC LIMIT 1");
    /// It is on its way.
    SENT = "UPDATE redemption SET state = 'sent', parcel = $3, sent_at = $4 WHERE merchant = $1 AND id = $2";
    /// It has arrived.
    DELIVERED = "UPDATE redemption SET state = 'delivered', delivered_at = $3 WHERE merchant = $1 AND id = $2";
    /// It is not to be.
    CANCELLED = "UPDATE redemption SET state = 'cancelled', cancelled_at = $3, reason = $4 WHERE merchant = $1 AND id = $2";
    /// What redemptions cost in a stretch, by reward.
    COST = "SELECT reward, COUNT(*), CAST(SUM(points) AS BIGINT), CAST(SUM(cost) AS BIGINT), CAST(SUM(supplier) AS BIGINT), CAST(SUM(platform) AS BIGINT) FROM redemption WHERE merchant = $1 AND redeemed_at >= $2 AND redeemed_at < $3 AND state <> 'cancelled' GROUP BY reward";
}
