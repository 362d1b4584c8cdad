//! Statements of wished-for portraits.

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO portrait_target (merchant, id, name, name_key, subject, wishes, state, version, recorded_day, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, 'active', 1, NULL, $7, $8, $7, $8)";
    /// One.
    GET = "SELECT id, name, subject, wishes, state, version, created_at, created_by, updated_at, updated_by FROM portrait_target WHERE merchant = $1 AND id = $2";
    /// One, locked.
    LOCK = "SELECT id, name, subject, wishes, state, version, created_at, created_by, updated_at, updated_by FROM portrait_target WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// Some, newest first, before an id.
    LIST = "SELECT id, name, subject, wishes, state, version, created_at, created_by, updated_at, updated_by FROM portrait_target WHERE merchant = $1 AND id < $2 AND ($3 = '' OR state = $3) ORDER BY id DESC LIMIT $4";
    /// How many there are.
    COUNT = "SELECT COUNT(*) FROM portrait_target WHERE merchant = $1";
    /// Who has a name.
    NAMED = "SELECT id FROM portrait_target WHERE merchant = $1 AND name_key = $2 AND state = 'active'";
    /// Changes what one says.
    CHANGE = "UPDATE portrait_target SET name = $3, name_key = $4, subject = $5, wishes = $6, version = version + 1, updated_at = $7, updated_by = $8 WHERE merchant = $1 AND id = $2";
    /// Puts one away, or takes it back.
    SET_STATE = "UPDATE portrait_target SET state = $3, version = version + 1, updated_at = $4, updated_by = $5 WHERE merchant = $1 AND id = $2";
    /// Those of which today is not recorded.
    DUE = "SELECT id, name, version FROM portrait_target WHERE merchant = $1 AND state = 'active' AND (recorded_day IS NULL OR recorded_day < $2) ORDER BY id";
    /// A day is recorded.
    RECORDED = "UPDATE portrait_target SET recorded_day = $3 WHERE merchant = $1 AND id = $2 AND (recorded_day IS NULL OR recorded_day < $3)";
    /// Keeps a day: the last reckoning of it holds.
    PUT_DAY = "INSERT INTO portrait_target_day (merchant, target, day, version, known_at, recorded_at, members, standing) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (merchant, target, day) DO UPDATE SET version = excluded.version, known_at = excluded.known_at, recorded_at = excluded.recorded_at, members = excluded.members, standing = excluded.standing";
    /// Days, in their order.
    DAYS = "SELECT day, version, known_at, recorded_at, members, standing FROM portrait_target_day WHERE merchant = $1 AND target = $2 AND day >= $3 AND day < $4 ORDER BY day";
    /// The last day of each of these.
    LAST = "SELECT d.target, d.day, d.version, d.known_at, d.recorded_at, d.members, d.standing FROM portrait_target_day d WHERE d.merchant = $1 AND d.target = ANY($2) AND d.day = (SELECT MAX(l.day) FROM portrait_target_day l WHERE l.merchant = d.merchant AND l.target = d.target)";
}
