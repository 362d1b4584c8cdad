//! Statements of segments.

use shuke_store::{Column, Each, InsertMany};

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO segment (merchant, id, name, name_key, description, kind, state, expr, refresh_every, refresh_clock, version, built, size, sized_at, thresholds, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8, $9, 1, $10, 0, NULL, NULL, $11, $12, $11, $12)";
    /// One.
    GET = "SELECT id, name, description, kind, state, expr, refresh_every, refresh_clock, version, built, size, sized_at, created_at, created_by, updated_at, updated_by FROM segment WHERE merchant = $1 AND id = $2";
    /// One, locked.
    LOCK = "SELECT id, name, description, kind, state, expr, refresh_every, refresh_clock, version, built, size, sized_at, created_at, created_by, updated_at, updated_by FROM segment WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// Some, newest first, before an id.
    LIST = "SELECT id, name, description, kind, state, expr, refresh_every, refresh_clock, version, built, size, sized_at, created_at, created_by, updated_at, updated_by FROM segment WHERE merchant = $1 AND id < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR kind = $4) ORDER BY id DESC LIMIT $5";
    /// How many there are.
    COUNT = "SELECT COUNT(*) FROM segment WHERE merchant = $1";
    /// Who has a name.
    NAMED = "SELECT id FROM segment WHERE merchant = $1 AND name_key = $2 AND state = 'active'";
    /// Changes what one says.
    CHANGE = "UPDATE segment SET name = $3, name_key = $4, description = $5, expr = $6, refresh_every = $7, refresh_clock = $8, version = version + 1, updated_at = $9, updated_by = $10 WHERE merchant = $1 AND id = $2";
    /// Its members are of this version.
    BUILT = "UPDATE segment SET built = $3, sized_at = $4 WHERE merchant = $1 AND id = $2";
    /// Of which version it is, and its members.
    VERSION = "SELECT version, built FROM segment WHERE merchant = $1 AND id = $2";
    /// Puts one away, or takes it back.
    SET_STATE = "UPDATE segment SET state = $3, version = version + 1, built = CASE WHEN kind = 'static' THEN version + 1 ELSE -1 END, updated_at = $4, updated_by = $5 WHERE merchant = $1 AND id = $2";
    /// What expressions refer to.
    DEFINITIONS = "SELECT id, name, kind, state, expr, version, built FROM segment WHERE merchant = $1 AND id = ANY($2)";
    /// All that are kept up.
    LIVING = "SELECT id, expr, version, built, thresholds FROM segment WHERE merchant = $1 AND kind = 'living' AND state = 'active' ORDER BY id";
    /// What tells whether those that are kept up are the same as before.
    LIVING_MARK = "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT), CAST(COALESCE(SUM(built), 0) AS BIGINT), COALESCE(MAX(updated_at), 0), COALESCE(MAX(sized_at), 0) FROM segment WHERE merchant = $1";
    /// The task of this key that has not ended.
    OPEN_TASK = "SELECT id FROM job WHERE merchant = $1 AND unique_key = $2";
    /// Scheduled ones.
    SCHEDULED = "SELECT id, name, refresh_every, refresh_clock, sized_at FROM segment WHERE merchant = $1 AND kind = 'scheduled' AND state = 'active'";
    /// Keeps thresholds.
    SET_THRESHOLDS = "UPDATE segment SET thresholds = $3 WHERE merchant = $1 AND id = $2";

    /// Forgets what one refers to.
    DROP_USES = "DELETE FROM segment_use WHERE merchant = $1 AND segment = $2";
    /// Who refers to these.
    USED_BY = "SELECT u.uses, s.id, s.name FROM segment_use u JOIN segment s ON s.merchant = u.merchant AND s.id = u.segment WHERE u.merchant = $1 AND u.uses = ANY($2) AND s.state = 'active' ORDER BY s.name, s.id";

    /// What these refer to, and which members of those hold.
    LEADS = "SELECT u.uses, s.kind, s.version, s.built, COALESCE(s.sized_at, 0) FROM segment_use u JOIN segment s ON s.merchant = u.merchant AND s.id = u.uses WHERE u.merchant = $1 AND u.segment = ANY($2) ORDER BY u.uses";

    /// Who is in one, by id, after a member.
    IN_ORDER = "SELECT member FROM segment_member WHERE merchant = $1 AND segment = $2 AND member > $3 ORDER BY member LIMIT $4";
    /// Who is in one, those who came last first.
    PAGE = "SELECT m.member, m.entered_at, CASE WHEN EXISTS (SELECT 1 FROM segment_change c WHERE c.merchant = m.merchant AND c.member = m.member AND c.segment = m.segment AND c.entered = 1 AND c.changed_at = m.entered_at) THEN 1 ELSE 0 END FROM segment_member m WHERE m.merchant = $1 AND m.segment = $2 AND m.entered_at >= $3 AND (m.entered_at, m.member) < ($4, $5) ORDER BY m.entered_at DESC, m.member DESC LIMIT $6";
    /// The same of those who came since; who was there when the segment was first reckoned did not come.
    PAGE_CAME = "SELECT m.member, m.entered_at, 1 FROM segment_member m WHERE m.merchant = $1 AND m.segment = $2 AND m.entered_at >= $3 AND (m.entered_at, m.member) < ($4, $5) AND EXISTS (SELECT 1 FROM segment_change c WHERE c.merchant = m.merchant AND c.member = m.member AND c.segment = m.segment AND c.entered = 1 AND c.changed_at = m.entered_at) ORDER BY m.entered_at DESC, m.member DESC LIMIT $6";
    /// Which segments these members are in.
    OF_MEMBERS = "SELECT segment, member FROM segment_member WHERE merchant = $1 AND member = ANY($2)";
    /// Which of these members are in one, and since when.
    AMONG_SINCE = "SELECT member, entered_at FROM segment_member WHERE merchant = $1 AND segment = $2 AND member = ANY($3)";
    /// Takes everybody out.
    EMPTY = "DELETE FROM segment_member WHERE merchant = $1 AND segment = $2";
    /// How many are in one.
    SIZE = "SELECT COUNT(*) FROM segment_member WHERE merchant = $1 AND segment = $2";
    /// When it was reckoned last.
    SIZED_AT = "SELECT sized_at FROM segment WHERE merchant = $1 AND id = $2";
    /// Moves sizes.
    GROW = "UPDATE segment SET size = size + $3 WHERE merchant = $1 AND id = ANY($2)";
    /// Sets the size.
    SET_SIZE = "UPDATE segment SET size = $3, sized_at = $4 WHERE merchant = $1 AND id = $2";
    /// Sizes.
    GET_SIZES = "SELECT id, size FROM segment WHERE merchant = $1 AND id = ANY($2)";
    /// Lists that these members are on.
    LISTS_OF = "SELECT DISTINCT s.id FROM segment_member m JOIN segment s ON s.merchant = m.merchant AND s.id = m.segment WHERE m.merchant = $1 AND m.member = ANY($2) AND s.kind = 'static'";
    /// Whoever took in these members, as long as they are merged.
    TAKEN_IN = "SELECT id, state, alias_of FROM member WHERE merchant = $1 AND id = ANY($2)";

    /// Whether there is such a member.
    IS_MEMBER = "SELECT state FROM member WHERE merchant = $1 AND id = $2";

    /// Comings and goings, newest first.
    CHANGES = "SELECT id, member, entered, changed_at, cause FROM segment_change WHERE merchant = $1 AND segment = $2 AND (changed_at, id) < ($3, $4) ORDER BY changed_at DESC, id DESC LIMIT $5";
    /// Sizes by day.
    DAYS = "SELECT day, size, entered, gone FROM segment_day WHERE merchant = $1 AND segment = $2 AND day >= $3 AND day < $4 ORDER BY day";
    /// Comings and goings of a day.
    DAY = "SELECT segment, entered, gone FROM segment_day WHERE merchant = $1 AND segment = ANY($2) AND day = $3";
    /// Forgets comings and goings of members.
    FORGET_CHANGES = "DELETE FROM segment_change WHERE merchant = $1 AND member = ANY($2)";
    /// Forgets members.
    FORGET_MEMBERS = "DELETE FROM segment_member WHERE merchant = $1 AND member = ANY($2)";

    /// How far the feed was followed, and when.
    FOLLOWED = "SELECT position, updated_at FROM feed_offset WHERE merchant = $1 AND subscriber = $2";
    /// Whose turn it is to keep segments up.
    WATCH = "SELECT holder, lease_until, turn, passed_at, passed_day FROM segment_watch WHERE merchant = $1";
    /// Makes the row.
    MAKE_WATCH = "INSERT INTO segment_watch (merchant, holder, lease_until, turn, passed_at, passed_day) VALUES ($1, '', 0, 0, 0, 0) ON CONFLICT (merchant) DO NOTHING";
    /// Takes the turn where nobody has it.
    TAKE_TURN = "UPDATE segment_watch SET holder = $2, lease_until = $3 WHERE merchant = $1 AND (holder = $2 OR lease_until <= $4 OR lease_until > $5)";
    /// Another has written members meanwhile.
    TURN = "UPDATE segment_watch SET turn = turn + 1 WHERE merchant = $1";
    /// The number of the turn, locked: whoever holds it writes members.
    LOCK_TURN = "SELECT turn FROM segment_watch WHERE merchant = $1 FOR UPDATE";
    /// All living segments were reckoned.
    PASSED = "UPDATE segment_watch SET passed_at = $2, passed_day = $3 WHERE merchant = $1";
    /// Gives the turn back.
    END_TURN = "UPDATE segment_watch SET lease_until = 0 WHERE merchant = $1 AND holder = $2";
    /// Takes it from whoever else has it.
    FREE_TURN = "UPDATE segment_watch SET lease_until = 0 WHERE merchant = $1 AND holder <> $2";
    /// When the first event that nobody followed yet was taken in.
    UNFOLLOWED = "SELECT recorded_at FROM event WHERE merchant = $1 AND position > $2 ORDER BY position LIMIT 1";
    /// What members with events between two positions there are.
    TOUCHED = "SELECT position, member, data FROM event WHERE merchant = $1 AND position > $2 AND position <= $3 AND member IS NOT NULL ORDER BY position LIMIT $4";
}

/// Which of these segments with a member each they are in; both ids in one.
pub(crate) const AMONG: Each = Each {
    sqlite: "SELECT m.segment, m.member FROM rarray($2) p CROSS JOIN segment_member m WHERE m.merchant = $1 AND m.segment = substr(p.value, 1, 16) AND m.member = substr(p.value, 17)",
    postgres: "SELECT m.segment, m.member FROM unnest($2::bytea[]) AS p(pair) JOIN segment_member m ON m.merchant = $1 AND m.segment = substr(p.pair, 1, 16) AND m.member = substr(p.pair, 17)",
};

/// Takes members out of segments, given as in [`AMONG`].
pub(crate) const TAKE_OUT: Each = Each {
    sqlite: "DELETE FROM segment_member WHERE merchant = $1 AND (segment, member) IN (SELECT substr(value, 1, 16), substr(value, 17) FROM rarray($2))",
    postgres: "DELETE FROM segment_member m USING unnest($2::bytea[]) AS p(pair) WHERE m.merchant = $1 AND m.segment = substr(p.pair, 1, 16) AND m.member = substr(p.pair, 17)",
};

/// Puts members in.
pub(crate) const PUT_IN: InsertMany = InsertMany {
    table: "segment_member",
    columns: &[Column::Int("merchant"), Column::Bytes("segment"), Column::Bytes("member"), Column::Int("entered_at")],
    then: "ON CONFLICT (merchant, segment, member) DO NOTHING",
};

/// Comings and goings.
pub(crate) const PUT_CHANGES: InsertMany = InsertMany {
    table: "segment_change",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Bytes("segment"),
        Column::Bytes("member"),
        Column::Int("entered"),
        Column::Int("changed_at"),
        Column::Text("cause"),
    ],
    then: "",
};

/// What a segment refers to.
pub(crate) const PUT_USES: InsertMany = InsertMany {
    table: "segment_use",
    columns: &[Column::Int("merchant"), Column::Bytes("segment"), Column::Bytes("uses")],
    then: "ON CONFLICT (merchant, segment, uses) DO NOTHING",
};

/// A day's comings, goings and size.
pub(crate) const PUT_DAY: InsertMany = InsertMany {
    table: "segment_day",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("segment"),
        Column::Int("day"),
        Column::Int("size"),
        Column::Int("entered"),
        Column::Int("gone"),
    ],
    then: "ON CONFLICT (merchant, segment, day) DO UPDATE SET size = excluded.size, entered = segment_day.entered + excluded.entered, gone = segment_day.gone + excluded.gone",
};
