//! Statements of tags.

use shuke_store::{Column, InsertMany};

macro_rules! tag {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.name, t.category, c.name, t.color, t.archived_at, t.created_at, t.created_by, COALESCE((SELECT CAST(SUM(n.members) AS BIGINT) FROM tag_count n WHERE n.merchant = t.merchant AND n.tag = t.id), 0) FROM tag t LEFT JOIN tag_category c ON c.merchant = t.merchant AND c.id = t.category WHERE t.merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// All categories, by name.
    CATEGORIES = "SELECT c.id, c.name, (SELECT COUNT(*) FROM tag t WHERE t.merchant = c.merchant AND t.category = c.id), c.created_at, c.created_by FROM tag_category c WHERE c.merchant = $1 ORDER BY c.name_key";
    /// One.
    CATEGORY = "SELECT c.id, c.name, (SELECT COUNT(*) FROM tag t WHERE t.merchant = c.merchant AND t.category = c.id), c.created_at, c.created_by FROM tag_category c WHERE c.merchant = $1 AND c.id = $2";
    /// How many there are.
    CATEGORY_COUNT = "SELECT COUNT(*) FROM tag_category WHERE merchant = $1";
    /// Whether a name is another category's.
    CATEGORY_NAMED = "SELECT id FROM tag_category WHERE merchant = $1 AND name_key = $2";
    /// Makes one.
    ADD_CATEGORY = "INSERT INTO tag_category (merchant, id, name, name_key, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    /// Renames one.
    RENAME_CATEGORY = "UPDATE tag_category SET name = $3, name_key = $4 WHERE merchant = $1 AND id = $2";
    /// Holds one, so that no tag is put into it meanwhile.
    LOCK_CATEGORY = "SELECT id FROM tag_category WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// Drops one.
    DROP_CATEGORY = "DELETE FROM tag_category WHERE merchant = $1 AND id = $2";
    /// Tags by category and name, those without a category last.
    TAGS = tag!(" AND ($2 = 'all' OR ($2 = 'active' AND t.archived_at IS NULL) OR ($2 = 'archived' AND t.archived_at IS NOT NULL)) AND ($3 = 0 OR t.category = $4) ORDER BY CASE WHEN c.name_key IS NULL THEN 1 ELSE 0 END, c.name_key, t.name_key, t.id");
    /// Tags by id.
    BY_IDS = tag!(" AND t.id = ANY($2)");
    /// Tags of that name, whatever their category.
    NAMED = "SELECT id, category FROM tag WHERE merchant = $1 AND name_key = $2";
    /// Holds tags, so that none is dropped while it is given.
    SHARE = "SELECT id FROM tag WHERE merchant = $1 AND id = ANY($2) ORDER BY id FOR SHARE";
    /// Holds one that is to be changed or dropped.
    LOCK = "SELECT id FROM tag WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// How many there are.
    TAG_COUNT = "SELECT COUNT(*) FROM tag WHERE merchant = $1";
    /// Makes one.
    ADD = "INSERT INTO tag (merchant, id, category, name, name_key, color, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    /// Changes one.
    CHANGE = "UPDATE tag SET category = $3, name = $4, name_key = $5, color = $6, archived_at = $7 WHERE merchant = $1 AND id = $2";
    /// Drops one.
    DROP = "DELETE FROM tag WHERE merchant = $1 AND id = $2";
    /// Drops its sums.
    DROP_COUNTS = "DELETE FROM tag_count WHERE merchant = $1 AND tag = $2";
    /// The tags of members, the oldest giving first.
    OF_MEMBERS = "SELECT g.member, g.tag, t.name, t.category, c.name, t.color, t.archived_at, g.since, g.given_by FROM member_tag g JOIN tag t ON t.merchant = g.merchant AND t.id = g.tag LEFT JOIN tag_category c ON c.merchant = t.merchant AND c.id = t.category WHERE g.merchant = $1 AND g.member = ANY($2) ORDER BY g.member, g.since, g.tag, g.id";
    /// What a member held and holds no more, the last taken first, before a place. Two givings that one act ended, which a merge can bring about, are one; one that ended while another went on was no loss.
    PAST_OF = "SELECT p.id, p.tag, t.name, p.since, p.given_by, p.taken_at, p.taken_by FROM past_tag p JOIN tag t ON t.merchant = p.merchant AND t.id = p.tag WHERE p.merchant = $1 AND p.member = $2 AND NOT EXISTS (SELECT 1 FROM past_tag q WHERE q.merchant = p.merchant AND q.member = p.member AND q.taken_at = p.taken_at AND q.tag = p.tag AND (q.since < p.since OR (q.since = p.since AND q.id < p.id))) AND NOT EXISTS (SELECT 1 FROM member_tag h WHERE h.merchant = p.merchant AND h.member = p.member AND h.tag = p.tag AND h.since <= p.taken_at) AND NOT EXISTS (SELECT 1 FROM past_tag q WHERE q.merchant = p.merchant AND q.member = p.member AND q.tag = p.tag AND q.since <= p.taken_at AND q.taken_at > p.taken_at) AND (p.taken_at, p.id) < ($3, $4) ORDER BY p.taken_at DESC, p.id DESC LIMIT $5";
    /// The same, the last given first; one that began while another went on was no gain.
    PAST_BY_GIVING = "SELECT p.id, p.tag, t.name, p.since, p.given_by, p.taken_at, p.taken_by FROM past_tag p JOIN tag t ON t.merchant = p.merchant AND t.id = p.tag WHERE p.merchant = $1 AND p.member = $2 AND NOT EXISTS (SELECT 1 FROM past_tag q WHERE q.merchant = p.merchant AND q.member = p.member AND q.taken_at = p.taken_at AND q.tag = p.tag AND (q.since < p.since OR (q.since = p.since AND q.id < p.id))) AND NOT EXISTS (SELECT 1 FROM member_tag h WHERE h.merchant = p.merchant AND h.member = p.member AND h.tag = p.tag AND h.since < p.since) AND NOT EXISTS (SELECT 1 FROM past_tag q WHERE q.merchant = p.merchant AND q.member = p.member AND q.tag = p.tag AND q.since < p.since AND q.taken_at >= p.since) AND (p.since, p.id) < ($3, $4) ORDER BY p.since DESC, p.id DESC LIMIT $5";
    /// Whether the merchant gave any tag to anybody.
    EVER = "SELECT CASE WHEN EXISTS (SELECT 1 FROM member_tag WHERE merchant = $1) THEN 1 ELSE 0 END";
    /// Who of these has which tags.
    HOLDING = "SELECT DISTINCT member, tag FROM member_tag WHERE merchant = $1 AND member = ANY($2) ORDER BY member, tag";
    /// Who of these has which of these tags.
    HAVING = "SELECT DISTINCT member, tag FROM member_tag WHERE merchant = $1 AND member = ANY($2) AND tag = ANY($3) ORDER BY member, tag";
    /// Who of these has any that neither a rule nor a file gave.
    TAGGED = "SELECT DISTINCT member FROM member_tag WHERE merchant = $1 AND member = ANY($2) AND given_by <> $3 AND SUBSTR(given_by, 1, 7) <> 'import:'";
    /// Rows of these members and tags.
    GIVEN = "SELECT id, member, tag, since, given_by FROM member_tag WHERE merchant = $1 AND member = ANY($2) AND tag = ANY($3) ORDER BY id";
    /// The givings of one member, with the tags' names.
    HELD = "SELECT g.id, t.name FROM member_tag g JOIN tag t ON t.merchant = g.merchant AND t.id = g.tag WHERE g.merchant = $1 AND g.member = $2 ORDER BY g.id";
    /// Gives ended givings back to whose they were.
    PAST_BACK = "UPDATE past_tag SET member = $4 WHERE merchant = $1 AND id = ANY($2) AND member = ANY($3)";
    /// Rows of a tag.
    GIVEN_OF_TAG = "SELECT id, member, tag, since, given_by FROM member_tag WHERE merchant = $1 AND tag = $2 ORDER BY member, id LIMIT $3";
    /// Drops rows.
    DROP_GIVEN = "DELETE FROM member_tag WHERE merchant = $1 AND id = ANY($2)";
    /// Past rows of a tag.
    PAST_OF_TAG = "SELECT id FROM past_tag WHERE merchant = $1 AND tag = $2 LIMIT $3";
    /// Drops past rows.
    DROP_PAST = "DELETE FROM past_tag WHERE merchant = $1 AND id = ANY($2)";
    /// Forgets the tags of members.
    FORGET = "DELETE FROM member_tag WHERE merchant = $1 AND member = ANY($2)";
    /// Forgets the tags that they had.
    FORGET_PAST = "DELETE FROM past_tag WHERE merchant = $1 AND member = ANY($2)";
    /// Sums that are not what the rows come to.
    AMISS = "SELECT tag, CAST(SUM(n) AS BIGINT) FROM (SELECT tag, COUNT(DISTINCT member) AS n FROM member_tag WHERE merchant = $1 GROUP BY tag UNION ALL SELECT tag, -members FROM tag_count WHERE merchant = $1) x GROUP BY tag HAVING SUM(n) <> 0 ORDER BY tag";
    /// Tags that are not there and yet somebody has, or had.
    NAMELESS = "SELECT tag, COUNT(*) FROM (SELECT tag FROM member_tag WHERE merchant = $1 UNION ALL SELECT tag FROM past_tag WHERE merchant = $1) x WHERE NOT EXISTS (SELECT 1 FROM tag t WHERE t.merchant = $1 AND t.id = x.tag) GROUP BY tag ORDER BY tag";
}

/// Givings.
pub(crate) const GIVE: InsertMany = InsertMany {
    table: "member_tag",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Bytes("member"),
        Column::Bytes("tag"),
        Column::Int("since"),
        Column::Text("given_by"),
    ],
    then: "",
};

/// Givings that ended.
pub(crate) const END: InsertMany = InsertMany {
    table: "past_tag",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Bytes("member"),
        Column::Bytes("tag"),
        Column::Int("since"),
        Column::Text("given_by"),
        Column::Int("taken_at"),
        Column::Text("taken_by"),
    ],
    then: "",
};

/// Moves sums.
pub(crate) const COUNT: InsertMany = InsertMany {
    table: "tag_count",
    columns: &[Column::Int("merchant"), Column::Bytes("tag"), Column::Int("shard"), Column::Int("members")],
    then: "ON CONFLICT (merchant, tag, shard) DO UPDATE SET members = tag_count.members + excluded.members",
};
