//! Statements about promotions and their versions.

macro_rules! promotion {
    ($rest:literal) => {
        concat!("SELECT id, name, state, draft, version, created_at, created_by, updated_at FROM promotion WHERE merchant = $1", $rest)
    };
}

macro_rules! living {
    ($of:literal, $at:literal) => {
        concat!(
            "SELECT v.promotion, v.rules, p.name, p.created_at FROM promotion p JOIN promotion_version v ON v.merchant = p.merchant AND v.promotion = p.id WHERE p.merchant = $1 AND ",
            $of,
            " AND v.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM promotion_version w WHERE w.merchant = v.merchant AND w.promotion = v.promotion AND w.withdrawn_at IS NULL AND w.from_at <= $2 AND w.no > v.no)",
            $at,
            " ORDER BY v.promotion, v.no"
        )
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO promotion (merchant, id, name, state, draft, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, 'active', $4, 1, $5, $6, $5)";
    /// One.
    GET = promotion!(" AND id = $2");
    /// One, held.
    HOLD = promotion!(" AND id = $2 FOR UPDATE");
    /// All, the newest first.
    LIST = promotion!(" ORDER BY id DESC");
    /// How many are not put away.
    COUNT = "SELECT COUNT(*) FROM promotion WHERE merchant = $1 AND state <> 'archived'";
    /// Changes name and draft.
    CHANGE = "UPDATE promotion SET name = $3, draft = $4, version = version + 1, updated_at = $5 WHERE merchant = $1 AND id = $2";
    /// Changes the state.
    SET_STATE = "UPDATE promotion SET state = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// Adds a version.
    ADD_VERSION = "INSERT INTO promotion_version (merchant, promotion, no, kind, rules, begins_at, ends_at, from_at, note, made_at, made_by, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)";
    /// Its versions, in order.
    VERSIONS = "SELECT no, rules, kind, begins_at, ends_at, from_at, note, made_at, made_by, withdrawn_at FROM promotion_version WHERE merchant = $1 AND promotion = $2 ORDER BY no";
    /// All versions of a merchant without their rules.
    HEADS = "SELECT promotion, no, kind, begins_at, ends_at, from_at, note, made_at, made_by, withdrawn_at FROM promotion_version WHERE merchant = $1 ORDER BY promotion, no";
    /// The rules of one version.
    RULES = "SELECT rules FROM promotion_version WHERE merchant = $1 AND promotion = $2 AND no = $3";
    /// Withdraws one.
    WITHDRAW = "UPDATE promotion_version SET withdrawn_at = $4 WHERE merchant = $1 AND promotion = $2 AND no = $3 AND withdrawn_at IS NULL";
    /// Versions in force at an instant, of promotions that are active.
    IN_FORCE = living!("p.state = 'active'", " AND v.from_at <= $2");
    /// Versions in force at an instant or later, of promotions that are not put away.
    LIVING = living!("p.state <> 'archived'", "");
    /// When the next version begins after an instant.
    NEXT = "SELECT MIN(v.from_at) FROM promotion p JOIN promotion_version v ON v.merchant = p.merchant AND v.promotion = p.id WHERE p.merchant = $1 AND p.state = 'active' AND v.withdrawn_at IS NULL AND v.from_at > $2";
}
