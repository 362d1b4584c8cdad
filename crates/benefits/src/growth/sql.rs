//! Statements about growth tasks.

macro_rules! tasks {
    ($rest:literal) => {
        concat!("SELECT id, body, state, given, version, created_at FROM growth_task WHERE merchant = $1", $rest)
    };
}

macro_rules! done {
    ($rest:literal) => {
        concat!("SELECT id, task, member, period, version, points, growth, body, done_at FROM growth_done WHERE merchant = $1", $rest)
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO growth_task (merchant, id, name, goal, body, state, given, version, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, $5, 'active', 0, 1, $6, $7, $6)";
    /// Keeps a version of one.
    ADD_VERSION = "INSERT INTO growth_task_version (merchant, task, no, body, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Its versions, the newest first.
    VERSIONS = "SELECT no, body, made_at, made_by FROM growth_task_version WHERE merchant = $1 AND task = $2 ORDER BY no DESC";
    /// One.
    GET = tasks!(" AND id = $2");
    /// One, held.
    HOLD = tasks!(" AND id = $2 FOR UPDATE");
    /// All, the oldest first.
    LIST = tasks!(" ORDER BY created_at, id");
    /// Those that are active.
    ACTIVE = tasks!(" AND state = 'active' ORDER BY id");
    /// Says something else of it.
    CHANGE = "UPDATE growth_task SET name = $3, body = $4, version = version + 1, updated_at = $5 WHERE merchant = $1 AND id = $2";
    /// Sets its state.
    SET_STATE = "UPDATE growth_task SET state = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// Its reward was given once more.
    MORE = "UPDATE growth_task SET given = given + 1 WHERE merchant = $1 AND id = $2";
    /// What of these tasks these members have done.
    HAD_OF = "SELECT task, member, period FROM growth_done WHERE merchant = $1 AND task = ANY($2) AND member = ANY($3)";
    /// Whether a member did a task in a period.
    HAD = "SELECT 1 FROM growth_done WHERE merchant = $1 AND member = $2 AND task = $3 AND period = $4 LIMIT 1";
    /// Whether a member did a task in a period, and was given its reward in a stretch.
    HAD_BETWEEN = "SELECT 1 FROM growth_done WHERE merchant = $1 AND member = $2 AND task = $3 AND period = $4 AND done_at >= $5 AND done_at < $6 LIMIT 1";
    /// Into whom a member went, and from when until when.
    WENT_INTO = "SELECT survivor, merged_at, undone_at FROM member_merge WHERE merchant = $1 AND absorbed = $2";
    /// It was done.
    ADD_DONE = "INSERT INTO growth_done (merchant, id, task, member, period, version, points, growth, body, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// What was done before a place, newest first.
    DONE = done!(" AND (done_at, id) < ($2, $3) AND (task = $4 OR $4 IS NULL) ORDER BY done_at DESC, id DESC LIMIT $5");
    /// What a member did before a place, newest first.
    DONE_BY = done!(" AND (done_at, id) < ($2, $3) AND (task = $4 OR $4 IS NULL) AND member = $6 ORDER BY done_at DESC, id DESC LIMIT $5");
    /// What a member did of a task in a period.
    DONE_IN = done!(" AND member = $2 AND task = $3 AND period = $4 ORDER BY done_at, id LIMIT 1");
    /// An order is to be looked at again.
    ADD_LOOK = "INSERT INTO growth_look (merchant, look_at, order_id) VALUES ($1, $2, $3) ON CONFLICT (merchant, look_at, order_id) DO NOTHING";
    /// Whether one is to be looked at by now.
    ANY_LOOK = "SELECT 1 FROM growth_look WHERE merchant = $1 AND look_at <= $2 LIMIT 1";
    /// Orders to be looked at by now; which another process has in hand is left to it.
    LOOKS = "SELECT look_at, order_id FROM growth_look WHERE merchant = $1 AND look_at <= $2 ORDER BY look_at, order_id LIMIT $3 FOR UPDATE SKIP LOCKED";
    /// One was looked at.
    LOOKED = "DELETE FROM growth_look WHERE merchant = $1 AND look_at = $2 AND order_id = $3";
}
