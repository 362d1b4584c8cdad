//! Statements about templates.

macro_rules! templates {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, v.body, t.state, v.no, t.created_at FROM coupon_template t JOIN coupon_template_version v ON v.merchant = t.merchant AND v.template = t.id WHERE t.merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO coupon_template (merchant, id, name, kind, state, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, 'active', 1, $5, $6, $5)";
    /// Adds a version of one.
    ADD_VERSION = "INSERT INTO coupon_template_version (merchant, template, no, body, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)";
    /// One, in its newest version.
    GET = templates!(" AND t.id = $2 AND v.no = t.version");
    /// One, held: its version.
    HOLD = "SELECT version FROM coupon_template WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// One, in a version.
    GET_VERSION = templates!(" AND t.id = $2 AND v.no = $3");
    /// All, in their newest versions, the oldest first.
    LIST = templates!(" AND v.no = t.version ORDER BY t.created_at, t.id");
    /// The versions of one, the newest first.
    VERSIONS = "SELECT no, body, made_at, made_by FROM coupon_template_version WHERE merchant = $1 AND template = $2 ORDER BY no DESC";
    /// Says something else of it.
    CHANGE = "UPDATE coupon_template SET name = $3, kind = $4, version = $5, updated_at = $6 WHERE merchant = $1 AND id = $2";
    /// Sets its state.
    SET_STATE = "UPDATE coupon_template SET state = $3, updated_at = $4 WHERE merchant = $1 AND id = $2";
}
