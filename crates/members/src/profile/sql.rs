//! Statements of profiles and lists.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// Who of these lives.
    LIVING = "SELECT id FROM member WHERE merchant = $1 AND id = ANY($2) AND state = 'live'";
    /// A member's facts.
    GET = "SELECT id, state, first_seen, created_at, gender, birthday, age_band, province, city, joined_at, join_source, tier_word, points_word, tag_words, under_14, sealed FROM member WHERE merchant = $1 AND id = ANY($2)";
    /// When members were born, joined and were first seen.
    BORN = "SELECT id, birthday, joined_at, first_seen FROM member WHERE merchant = $1 AND id = ANY($2) AND state = 'live'";
    /// The same of everybody living after a member.
    BORN_AFTER = "SELECT id, birthday, joined_at, first_seen FROM member WHERE merchant = $1 AND id > $2 AND state = 'live' ORDER BY id LIMIT $3";
    /// Which facts of living members are known; no name is opened.
    FILLED = "SELECT id, CASE WHEN sealed IS NULL THEN 0 ELSE 1 END, CASE WHEN gender IS NULL THEN 0 ELSE 1 END, CASE WHEN birthday IS NULL THEN 0 ELSE 1 END, CASE WHEN COALESCE(province, city) IS NULL THEN 0 ELSE 1 END FROM member WHERE merchant = $1 AND id = ANY($2) AND state = 'live'";
    /// How many members there are.
    LIVING_COUNT = "SELECT COUNT(*) FROM member WHERE merchant = $1 AND state = 'live'";
    /// Observations of members.
    OBSERVED = "SELECT member, source, record, source_time, sealed, key_set FROM observation WHERE merchant = $1 AND member = ANY($2)";
    /// Observations of one member, newest first, before a place.
    OBSERVED_BELOW = "SELECT member, source, record, source_time, sealed FROM observation WHERE merchant = $1 AND member = $2 AND (source_time, record) < ($3, $4) ORDER BY source_time DESC, record DESC LIMIT $5";
    /// How far a task is that waits, runs or was stopped.
    TASK = "SELECT progress, total FROM job WHERE merchant = $1 AND unique_key = $2";
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
    /// Members with a name token, newest first.
    BY_NAME = "SELECT member FROM member_name WHERE merchant = $1 AND token = $2 AND member < $3 ORDER BY member DESC LIMIT $4";
    /// Which of these have it.
    AMONG_NAME = "SELECT member FROM member_name WHERE merchant = $1 AND token = $2 AND member = ANY($3)";
    /// Members who hold any of these keys, newest first.
    BY_KEYS = "SELECT holder FROM identity_key WHERE merchant = $1 AND token = ANY($2) AND holder < $3 AND held = 1 ORDER BY holder DESC LIMIT $4";
    /// The same of one key: an index in order.
    BY_KEY = "SELECT holder FROM identity_key WHERE merchant = $1 AND token = $2 AND holder < $3 AND held = 1 ORDER BY holder DESC LIMIT $4";
    /// Who holds a key as one of a kind and class.
    OWNERS = "SELECT holder FROM identity_key WHERE merchant = $1 AND token = $2 AND held = 1 AND kind = $3 AND class = $4 ORDER BY holder";
    /// Which of these hold any of the keys.
    AMONG_KEYS = "SELECT holder FROM identity_key WHERE merchant = $1 AND token = ANY($2) AND holder = ANY($3) AND held = 1";
    /// Phones that end alike, a range of tokens, with who holds them.
    PHONES_BETWEEN = "SELECT holder FROM identity_key WHERE merchant = $1 AND token >= $2 AND token < $3 AND held = 1 AND kind IN (4, 8) LIMIT $4";
    /// The next phone in a range of tokens that somebody holds.
    PHONE_AFTER = "SELECT token FROM identity_key WHERE merchant = $1 AND token > $2 AND token < $3 AND held = 1 AND kind IN (4, 8) ORDER BY token LIMIT 1";
    /// Members with a tag, newest first.
    BY_TAG = "SELECT member FROM member_tag WHERE merchant = $1 AND tag = $2 AND member < $3 ORDER BY member DESC LIMIT $4";
    /// Which of these have it.
    AMONG_TAG = "SELECT member FROM member_tag WHERE merchant = $1 AND tag = $2 AND member = ANY($3)";
    /// Members with keys of a platform, newest first.
    BY_PLATFORM = "SELECT member FROM key_set WHERE merchant = $1 AND platform = $2 AND member IS NOT NULL AND member < $3 ORDER BY member DESC LIMIT $4";
    /// Members with, or without, a phone, newest first.
    BY_PHONE = "SELECT id FROM member WHERE merchant = $1 AND has_phone = $2 AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4";
    /// Members of a gender, newest first.
    BY_GENDER = "SELECT id FROM member WHERE merchant = $1 AND gender = $2 AND gender IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4";
    /// Members of a province, the newest of each of its spellings, with which spelling it is.
    BY_PROVINCE = "SELECT id, 0 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s0 \
        UNION ALL SELECT id, 1 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 || '省' AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s1 \
        UNION ALL SELECT id, 2 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 || '市' AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s2 \
        UNION ALL SELECT id, 3 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 || '自治区' AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s3 \
        UNION ALL SELECT id, 4 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 || '壮族自治区' AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s4 \
        UNION ALL SELECT id, 5 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 || '回族自治区' AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s5 \
        UNION ALL SELECT id, 6 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 || '维吾尔自治区' AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s6 \
        UNION ALL SELECT id, 7 AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = $2 || '特别行政区' AND province IS NOT NULL AND id < $3 AND state = 'live' ORDER BY id DESC LIMIT $4) AS s7";
    /// Everybody living, newest first.
    EVERYBODY = "SELECT id FROM member WHERE merchant = $1 AND id < $2 AND state = 'live' ORDER BY id DESC LIMIT $3";
    /// Which of these fit a filter: platform, phone, gender, province, tags.
    FITTING = "SELECT m.id FROM member m WHERE m.merchant = $1 AND m.id = ANY($2) AND m.state = 'live' AND ($3 = '' OR EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id AND k.platform = $3)) AND ($4 = -1 OR m.has_phone = $4) AND ($5 = '' OR m.gender = $5) AND ($6 = '' OR m.province IN ($6, $6 || '省', $6 || '市', $6 || '自治区', $6 || '壮族自治区', $6 || '回族自治区', $6 || '维吾尔自治区', $6 || '特别行政区')) AND ($7 = 0 OR (SELECT COUNT(DISTINCT g.tag) FROM member_tag g WHERE g.merchant = m.merchant AND g.member = m.id AND g.tag = ANY($8)) = $7)";
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
