//! Identity's statements.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// Key sets by id, locked: who writes with a set keeps it from moving meanwhile.
    SETS = "SELECT id, member, home, first_seen, refs, entity, platform, province, city, region_at, tokens FROM key_set WHERE merchant = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
    /// The same, only looked at.
    SETS_SEEN = "SELECT id, member, home, first_seen, refs, entity, platform, province, city, region_at, tokens FROM key_set WHERE merchant = $1 AND id = ANY($2)";
    /// All key sets of members.
    SETS_OF = "SELECT id, member, home, first_seen, refs, entity, platform, province, city, region_at, tokens FROM key_set WHERE merchant = $1 AND member = ANY($2) ORDER BY id FOR UPDATE";
    /// The tokens of members' sets.
    TOKENS_OF = "SELECT member, tokens FROM key_set WHERE merchant = $1 AND member = ANY($2)";
    /// Whose sets these are.
    OWNERS = "SELECT id, member FROM key_set WHERE merchant = $1 AND id = ANY($2)";
    /// The values of some sets.
    VALUES = "SELECT id, entity, tokens, sealed FROM key_set WHERE merchant = $1 AND id = ANY($2)";
    /// Values of members' sets.
    VALUES_OF = "SELECT member, id, entity, first_seen, tokens, sealed FROM key_set WHERE merchant = $1 AND member = ANY($2) ORDER BY first_seen, id";
    /// Members that hold tokens.
    HOLDERS = "SELECT token, holder, held, kind, class FROM identity_key WHERE merchant = $1 AND token = ANY($2)";
    /// The first members that hold each of these tokens.
    HOLDERS_SOME = "SELECT token, holder, held, kind, class FROM (SELECT token, holder, held, kind, class, ROW_NUMBER() OVER (PARTITION BY token ORDER BY holder) AS place FROM identity_key WHERE merchant = $1 AND token = ANY($2) AND held = 1) firsts WHERE place <= 12 ORDER BY token, holder";
    /// The ids of members' sets.
    SET_IDS_OF = "SELECT id, member FROM key_set WHERE merchant = $1 AND member = ANY($2)";
    /// Who holds which key, in the order of keys.
    HOLDINGS = "SELECT token, holder, held, kind FROM identity_key WHERE merchant = $1 AND token > $2 ORDER BY token, holder LIMIT $3";
    /// How many rows these are.
    HOLDING_COUNT = "SELECT COUNT(*) FROM identity_key WHERE merchant = $1";
    /// Members' key sets, in the order of members.
    SETS_BY_MEMBER = "SELECT member, id FROM key_set WHERE merchant = $1 AND member > $2 ORDER BY member, id LIMIT $3";
    /// How many there are.
    SET_COUNT = "SELECT COUNT(*) FROM key_set WHERE merchant = $1 AND member IS NOT NULL";
    /// Takes keys from holders.
    UNHOLD = "DELETE FROM identity_key WHERE merchant = $1 AND token = ANY($2) AND holder = ANY($3)";
    /// Gives a set to a member.
    GIVE_SETS = "UPDATE key_set SET member = $3, home = COALESCE(home, $3) WHERE merchant = $1 AND id = ANY($2)";
    /// Takes sets from everybody.
    TAKE_SETS = "UPDATE key_set SET member = NULL WHERE merchant = $1 AND id = ANY($2)";
    /// Gives references back, so many of each.
    RELEASE = "UPDATE key_set SET refs = refs - $3 WHERE merchant = $1 AND id = ANY($2)";
    /// The first statement about each of these sets.
    OBSERVED_FIRST = "SELECT key_set, MIN(source_time) FROM observation WHERE merchant = $1 AND key_set = ANY($2) GROUP BY key_set";
    /// When and where a set was seen, told anew.
    RESEE = "UPDATE key_set SET first_seen = $3, region_at = $4, province = $5, city = $6 WHERE merchant = $1 AND id = $2";
    /// Sets that no record carries.
    UNUSED = "SELECT id, member, tokens FROM key_set WHERE merchant = $1 AND id = ANY($2) AND refs <= 0 ORDER BY id FOR UPDATE";
    /// Drops them.
    DROP_SETS = "DELETE FROM key_set WHERE merchant = $1 AND id = ANY($2)";
    /// Locks members in the order of their ids.
    LOCK_MEMBERS = "SELECT id, state, alias_of, first_seen, contested, province, city, region_at, has_phone FROM member WHERE merchant = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
    /// When members were first seen.
    SEEN = "SELECT id, first_seen FROM member WHERE merchant = $1 AND id = ANY($2)";
    /// A member's state.
    STATE = "SELECT state, alias_of FROM member WHERE merchant = $1 AND id = $2";
    /// The state of some members.
    STATES = "SELECT id, state, alias_of FROM member WHERE merchant = $1 AND id = ANY($2)";
    /// A member's state, which stays as it is until the transaction ends.
    SHARE_STATE = "SELECT state FROM member WHERE merchant = $1 AND id = $2 FOR SHARE";
    /// Which of these are living members, who stay so until the transaction ends.
    SHARE_LIVING = "SELECT id FROM member WHERE merchant = $1 AND id = ANY($2) AND state = 'live' ORDER BY id FOR SHARE";
    /// Aliases of a member.
    ALIASES = "SELECT id FROM member WHERE merchant = $1 AND alias_of = $2 AND state = 'alias' ORDER BY id";
    /// Makes a member an alias.
    MAKE_ALIAS = "UPDATE member SET state = 'alias', alias_of = $3, contested = 0 WHERE merchant = $1 AND id = $2";
    /// Sets what the fold says of a member.
    SETTLE_MEMBER = "UPDATE member SET state = 'live', alias_of = NULL, first_seen = $3, contested = $4 WHERE merchant = $1 AND id = $2 AND (state <> 'live' OR alias_of IS NOT NULL OR first_seen <> $3 OR contested <> $4)";
    /// Tells anew whether members have a phone, where sets came or went.
    RECKON_PHONES = "UPDATE member SET has_phone = 1 - has_phone WHERE merchant = $1 AND id = ANY($2) AND has_phone <> (CASE WHEN EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = member.merchant AND k.member = member.id AND k.reach IN (1, 3)) THEN 1 ELSE 0 END)";
    /// Drops members.
    DROP_MEMBERS = "DELETE FROM member WHERE merchant = $1 AND id = ANY($2)";
    /// Decisions about these sets.
    DECISIONS_LEFT = "SELECT id, verdict, left_set, right_set, decided_at FROM identity_decision WHERE merchant = $1 AND left_set = ANY($2)";
    /// The other side.
    DECISIONS_RIGHT = "SELECT id, verdict, left_set, right_set, decided_at FROM identity_decision WHERE merchant = $1 AND right_set = ANY($2)";
    /// Records one.
    DECIDE = "INSERT INTO identity_decision (merchant, id, verdict, left_set, right_set, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Takes one back, with every pair that it names.
    UNDECIDE = "DELETE FROM identity_decision WHERE merchant = $1 AND id = $2";
    /// Takes one pair of one back.
    UNDECIDE_PAIR = "DELETE FROM identity_decision WHERE merchant = $1 AND id = $2 AND left_set = $3 AND right_set = $4";
    /// What most shops never have, and what then needs no look: whether people decided anything,
    /// whether anybody was erased.
    EVER = "SELECT CASE WHEN EXISTS (SELECT 1 FROM identity_decision WHERE merchant = $1) THEN 1 ELSE 0 END, CASE WHEN EXISTS (SELECT 1 FROM erased_key WHERE merchant = $1) THEN 1 ELSE 0 END";
    /// Keys of erased people.
    ERASED = "SELECT token, erased_at FROM erased_key WHERE merchant = $1 AND token = ANY($2)";
    /// Kinds and namespaces that keys were seen in.
    SPACES = "SELECT kind, namespace, entity FROM key_space WHERE merchant = $1";
    /// Records a merge.
    ADD_MERGE = "INSERT INTO member_merge (merchant, id, survivor, absorbed, merged_at, merged_by, cause, decision, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// One merge.
    MERGE = "SELECT id, survivor, absorbed, merged_at, merged_by, cause, undone_at, undone_by, decision, sealed FROM member_merge WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// The open merge that took a member in.
    MERGE_OF = "SELECT id, survivor, absorbed, merged_at, merged_by, cause, undone_at, undone_by, decision, sealed FROM member_merge WHERE merchant = $1 AND absorbed = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1";
    /// Merges of a member, either side, newest first.
    MERGES = "SELECT id, survivor, absorbed, merged_at, merged_by, cause, undone_at, undone_by, decision, sealed FROM member_merge WHERE merchant = $1 AND (survivor = $2 OR absorbed = $2) ORDER BY id DESC";
    /// All merges, newest first, before an id.
    ALL_MERGES = "SELECT id, survivor, absorbed, merged_at, merged_by, cause, undone_at, undone_by, decision, sealed FROM member_merge WHERE merchant = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    /// Marks a merge undone.
    UNDO_MERGE = "UPDATE member_merge SET undone_at = $3, undone_by = $4 WHERE merchant = $1 AND id = $2";
    /// Reviews by token.
    REVIEWS = "SELECT id, reason, state, created_at, decided_at, decided_by, left_member, right_member FROM review WHERE merchant = $1 AND id = ANY($2)";
    /// A page of reviews: of those about one pair the first.
    REVIEW_PAGE = "SELECT r.id, r.reason, r.state, r.created_at, r.decided_at, r.decided_by, r.left_member, r.right_member FROM review r WHERE r.merchant = $1 AND r.state = $2 AND r.id > $3 AND NOT EXISTS (SELECT 1 FROM review o WHERE o.merchant = r.merchant AND o.state = r.state AND o.left_member = r.left_member AND o.right_member = r.right_member AND o.id < r.id) ORDER BY r.id LIMIT $4";
    /// The same among these tokens, where one of these members is a side, or nobody noted the sides.
    REVIEW_PAGE_OF = "SELECT r.id, r.reason, r.state, r.created_at, r.decided_at, r.decided_by, r.left_member, r.right_member FROM review r WHERE r.merchant = $1 AND r.state = $2 AND r.id > $3 AND r.id = ANY($5) AND (r.left_member IS NULL OR r.left_member = ANY($6) OR r.right_member = ANY($6)) AND NOT EXISTS (SELECT 1 FROM review o WHERE o.merchant = r.merchant AND o.state = r.state AND o.left_member = r.left_member AND o.right_member = r.right_member AND o.id < r.id AND o.id = ANY($5)) ORDER BY r.id LIMIT $4";
    /// How many pairs are in a state.
    REVIEW_COUNT = "SELECT (SELECT COUNT(*) FROM (SELECT DISTINCT left_member, right_member FROM review WHERE merchant = $1 AND state = $2 AND left_member IS NOT NULL) p) + (SELECT COUNT(*) FROM review WHERE merchant = $1 AND state = $2 AND left_member IS NULL)";
    /// Why else a pair is in a state.
    REVIEW_REASONS = "SELECT DISTINCT reason FROM review WHERE merchant = $1 AND state = $2 AND left_member = $3 AND right_member = $4";
    /// Drops reviews.
    DROP_REVIEWS = "DELETE FROM review WHERE merchant = $1 AND id = ANY($2)";
    /// Notes who decided what.
    REVIEW_DECIDED = "UPDATE review SET decided_at = $3, decided_by = $4, left_member = $5, right_member = $6 WHERE merchant = $1 AND id = $2";
}

/// New key sets; where a set exists it is told what changed.
pub(crate) const PUT_SETS: InsertMany = InsertMany {
    table: "key_set",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Bytes("member"),
        Column::Bytes("home"),
        Column::Int("first_seen"),
        Column::Int("refs"),
        Column::Text("entity"),
        Column::Text("platform"),
        Column::Int("reach"),
        Column::Text("province"),
        Column::Text("city"),
        Column::Int("region_at"),
        Column::Bytes("tokens"),
        Column::Bytes("sealed"),
    ],
    then: "ON CONFLICT (merchant, id) DO UPDATE SET refs = key_set.refs + excluded.refs, first_seen = excluded.first_seen, province = excluded.province, city = excluded.city, region_at = excluded.region_at, platform = CASE WHEN key_set.platform = '' OR (excluded.platform <> '' AND excluded.platform < key_set.platform) THEN excluded.platform ELSE key_set.platform END",
};

/// Who holds which key.
pub(crate) const HOLD: InsertMany = InsertMany {
    table: "identity_key",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("token"),
        Column::Bytes("holder"),
        Column::Int("held"),
        Column::Int("kind"),
        Column::Int("class"),
    ],
    then: "ON CONFLICT (merchant, token, holder) DO UPDATE SET held = excluded.held, kind = CASE WHEN excluded.class < identity_key.class THEN excluded.kind ELSE identity_key.kind END, class = CASE WHEN excluded.class < identity_key.class THEN excluded.class ELSE identity_key.class END",
};

/// New members; where a member exists only what identity keeps on it changes.
pub(crate) const PUT_MEMBERS: InsertMany = InsertMany {
    table: "member",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("state"),
        Column::Int("first_seen"),
        Column::Int("created_at"),
        Column::Int("contested"),
        Column::Text("province"),
        Column::Text("city"),
        Column::Int("region_at"),
        Column::Int("has_phone"),
    ],
    then: "ON CONFLICT (merchant, id) DO UPDATE SET first_seen = excluded.first_seen, province = excluded.province, city = excluded.city, region_at = excluded.region_at, has_phone = excluded.has_phone",
};

/// Kinds and namespaces.
pub(crate) const ADD_SPACES: InsertMany = InsertMany {
    table: "key_space",
    columns: &[Column::Int("merchant"), Column::Int("kind"), Column::Text("namespace"), Column::Text("entity")],
    then: "ON CONFLICT (merchant, kind, namespace, entity) DO NOTHING",
};

/// Reviews, by token.
pub(crate) const PUT_REVIEWS: InsertMany = InsertMany {
    table: "review",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("reason"),
        Column::Text("state"),
        Column::Int("created_at"),
        Column::Bytes("left_member"),
        Column::Bytes("right_member"),
    ],
    then: "ON CONFLICT (merchant, id) DO UPDATE SET reason = excluded.reason, state = excluded.state, left_member = COALESCE(excluded.left_member, review.left_member), right_member = COALESCE(excluded.right_member, review.right_member)",
};
