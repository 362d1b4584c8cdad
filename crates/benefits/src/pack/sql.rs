//! Statements about packs.

macro_rules! packs {
    ($rest:literal) => {
        concat!("SELECT id, body, state, given, walked, version, created_at FROM benefit_pack WHERE merchant = $1", $rest)
    };
}

macro_rules! givens {
    ($rest:literal) => {
        concat!("SELECT id, pack, member, occasion, points, growth, body, given_at FROM benefit_pack_given WHERE merchant = $1", $rest)
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO benefit_pack (merchant, id, name, occasion, body, state, given, walked, walk_to, walk_after, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, $5, 'active', 0, $6, NULL, NULL, 1, $7, $8, $7)";
    /// One.
    GET = packs!(" AND id = $2");
    /// One, held.
    HOLD = packs!(" AND id = $2 FOR UPDATE");
    /// All, the oldest first.
    LIST = packs!(" ORDER BY created_at, id");
    /// Those that are active.
    ACTIVE = packs!(" AND state = 'active' ORDER BY id");
    /// Says something else of it.
    CHANGE = "UPDATE benefit_pack SET name = $3, body = $4, version = version + 1, updated_at = $5 WHERE merchant = $1 AND id = $2";
    /// Sets its state; a walk that was under way is over.
    SET_STATE = "UPDATE benefit_pack SET state = $3, walked = $4, walk_to = NULL, walk_after = NULL, version = version + 1, updated_at = $5 WHERE merchant = $1 AND id = $2";
    /// It was given once more.
    MORE = "UPDATE benefit_pack SET given = given + 1 WHERE merchant = $1 AND id = $2";
    /// Where its walk is, held.
    WALK = "SELECT walked, walk_to, walk_after FROM benefit_pack WHERE merchant = $1 AND id = $2 AND state = 'active' FOR UPDATE";
    /// The walk goes on after a member.
    WALKING = "UPDATE benefit_pack SET walk_to = $3, walk_after = $4 WHERE merchant = $1 AND id = $2";
    /// Everybody was looked at up to a day.
    WALKED = "UPDATE benefit_pack SET walked = $3, walk_to = NULL, walk_after = NULL WHERE merchant = $1 AND id = $2";
    /// Whether a member had a pack by an occasion.
    HAD = "SELECT 1 FROM benefit_pack_given WHERE merchant = $1 AND member = $2 AND pack = $3 AND occasion = $4 AND (until_at IS NULL OR until_at > $5) LIMIT 1";
    /// A pack was given.
    ADD_GIVEN = "INSERT INTO benefit_pack_given (merchant, id, pack, member, occasion, until_at, points, growth, body, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// What was given before a place, newest first.
    GIVEN = givens!(" AND (given_at, id) < ($2, $3) AND (pack = $4 OR $4 IS NULL) ORDER BY given_at DESC, id DESC LIMIT $5");
    /// What a member was given before a place, newest first.
    GIVEN_TO = givens!(" AND (given_at, id) < ($2, $3) AND (pack = $4 OR $4 IS NULL) AND member = $6 ORDER BY given_at DESC, id DESC LIMIT $5");
}
