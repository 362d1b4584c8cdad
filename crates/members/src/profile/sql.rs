//! Statements of profiles and lists.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// A member's facts.
    GET = "SELECT id, state, first_seen, created_at, gender, birthday, age_band, province, city, joined_at, join_source, tier_word, points_word, tag_words, under_14, sealed FROM member WHERE merchant = $1 AND id = ANY($2)";
    /// Observations of members.
    OBSERVED = "SELECT member, source, record, source_time, sealed FROM observation WHERE merchant = $1 AND member = ANY($2)";
    /// Observations of one source by record.
    OBSERVATIONS = "SELECT record, key_set, member, source_time, sealed FROM observation WHERE merchant = $1 AND source = $2 AND record = ANY($3)";
    /// Drops one.
    DROP_OBSERVATION = "DELETE FROM observation WHERE merchant = $1 AND source = $2 AND record = $3";
    /// Regions that key sets saw.
    REGIONS = "SELECT member, region_at, province, city FROM key_set WHERE merchant = $1 AND member = ANY($2) AND region_at IS NOT NULL";
    /// The sealed names of members.
    SEALED = "SELECT id, sealed FROM member WHERE merchant = $1 AND id = ANY($2)";
    /// Takes a reference to a set.
    BUMP_SET = "UPDATE key_set SET refs = refs + 1 WHERE merchant = $1 AND id = $2";
    /// Takes a name off its row.
    CLEAR_NAME = "UPDATE member SET sealed = NULL WHERE merchant = $1 AND id = $2";
    /// Takes name tokens back.
    DROP_NAMES = "DELETE FROM member_name WHERE merchant = $1 AND member = $2 AND token = ANY($3)";
    /// Members with a name token.
    BY_NAME = "SELECT member FROM member_name WHERE merchant = $1 AND token = $2 ORDER BY member DESC LIMIT $3";
    /// Members with both name tokens.
    BY_NAMES = "SELECT a.member FROM member_name a JOIN member_name b ON b.merchant = a.merchant AND b.member = a.member AND b.token = $3 WHERE a.merchant = $1 AND a.token = $2 ORDER BY a.member DESC LIMIT $4";
    /// A page of living members, newest first.
    PAGE = "SELECT m.id FROM member m WHERE m.merchant = $1 AND m.id < $2 AND m.state = 'live' AND ($3 = '' OR EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id AND k.platform = $3)) AND ($4 = -1 OR (CASE WHEN EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id AND k.reach IN (1, 3)) THEN 1 ELSE 0 END) = $4) AND ($5 = '' OR m.gender = $5) AND ($6 = '' OR m.province = $6) ORDER BY m.id DESC LIMIT $7";
    /// The same, of given members.
    PAGE_OF = "SELECT m.id FROM member m WHERE m.merchant = $1 AND m.id < $2 AND m.id = ANY($8) AND m.state = 'live' AND ($3 = '' OR EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id AND k.platform = $3)) AND ($4 = -1 OR (CASE WHEN EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id AND k.reach IN (1, 3)) THEN 1 ELSE 0 END) = $4) AND ($5 = '' OR m.gender = $5) AND ($6 = '' OR m.province = $6) ORDER BY m.id DESC LIMIT $7";
    /// How many members there are, and how many were made since.
    COUNT = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN created_at >= $2 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM member WHERE merchant = $1 AND state = 'live'";
    /// When a member's own birthday statement was last made.
    LAST_BY = "SELECT source_time, sealed, source, record FROM observation WHERE merchant = $1 AND member = $2 AND source = $3 ORDER BY source_time DESC";
}

/// Observations; one that exists is replaced.
pub(crate) const PUT_OBSERVATIONS: InsertMany = InsertMany {
    table: "observation",
    columns: &[
        Column::Int("merchant"),
        Column::Text("source"),
        Column::Bytes("record"),
        Column::Bytes("key_set"),
        Column::Bytes("member"),
        Column::Int("source_time"),
        Column::Bytes("sealed"),
    ],
    then: "ON CONFLICT (merchant, source, record) DO UPDATE SET key_set = excluded.key_set, member = excluded.member, source_time = excluded.source_time, sealed = excluded.sealed",
};

/// Profiles of members that exist.
pub(crate) const PUT_PROFILES: InsertMany = InsertMany {
    table: "member",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("state"),
        Column::Int("first_seen"),
        Column::Int("created_at"),
        Column::Int("contested"),
        Column::Text("gender"),
        Column::Text("birthday"),
        Column::Text("age_band"),
        Column::Text("province"),
        Column::Text("city"),
        Column::Int("region_at"),
        Column::Int("joined_at"),
        Column::Text("join_source"),
        Column::Text("tier_word"),
        Column::Text("points_word"),
        Column::Text("tag_words"),
        Column::Int("under_14"),
        Column::Bytes("sealed"),
    ],
    then: "ON CONFLICT (merchant, id) DO UPDATE SET gender = excluded.gender, birthday = excluded.birthday, age_band = excluded.age_band, province = excluded.province, city = excluded.city, region_at = excluded.region_at, joined_at = excluded.joined_at, join_source = excluded.join_source, tier_word = excluded.tier_word, points_word = excluded.points_word, tag_words = excluded.tag_words, under_14 = excluded.under_14, sealed = excluded.sealed",
};

/// Name tokens.
pub(crate) const PUT_NAMES: InsertMany = InsertMany {
    table: "member_name",
    columns: &[Column::Int("merchant"), Column::Bytes("token"), Column::Bytes("member")],
    then: "ON CONFLICT (merchant, token, member) DO NOTHING",
};
