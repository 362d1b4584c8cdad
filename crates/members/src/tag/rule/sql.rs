//! Statements of rules.

shuke_store::statements! {
    /// All.
    LIST = "SELECT r.tag, r.segment, r.version, r.applied, r.applied_at, r.set_at, r.set_by, t.archived_at FROM tag_rule r JOIN tag t ON t.merchant = r.merchant AND t.id = r.tag WHERE r.merchant = $1 ORDER BY r.tag";
    /// One.
    GET = "SELECT r.tag, r.segment, r.version, r.applied, r.applied_at, r.set_at, r.set_by, t.archived_at FROM tag_rule r JOIN tag t ON t.merchant = r.merchant AND t.id = r.tag WHERE r.merchant = $1 AND r.tag = $2";
    /// Whether there is any.
    ANY = "SELECT tag FROM tag_rule WHERE merchant = $1 LIMIT 1";
    /// Sets one.
    PUT = "INSERT INTO tag_rule (merchant, tag, segment, version, applied, applied_at, set_at, set_by) VALUES ($1, $2, $3, 1, 0, NULL, $4, $5) ON CONFLICT (merchant, tag) DO UPDATE SET segment = excluded.segment, version = tag_rule.version + 1, set_at = excluded.set_at, set_by = excluded.set_by";
    /// It is to be applied anew.
    ANEW = "UPDATE tag_rule SET version = version + 1 WHERE merchant = $1 AND tag = $2";
    /// Takes one away.
    DROP = "DELETE FROM tag_rule WHERE merchant = $1 AND tag = $2";
    /// Everybody was looked at.
    APPLIED = "UPDATE tag_rule SET applied = $3, applied_at = $4 WHERE merchant = $1 AND tag = $2 AND version = $3";
    /// When a person last took off a tag, whoever had given it.
    TAKEN_OFF = "SELECT member, MAX(taken_at) FROM past_tag WHERE merchant = $1 AND tag = $2 AND member = ANY($3) AND taken_by <> $4 AND SUBSTR(taken_by, 1, 7) <> 'import:' GROUP BY member";
    /// Who has a tag by somebody, after a member.
    HOLDERS = "SELECT DISTINCT member FROM member_tag WHERE merchant = $1 AND tag = $2 AND given_by = $3 AND member > $4 ORDER BY member LIMIT $5";
    /// How many have a tag by somebody.
    HOLDING = "SELECT COUNT(DISTINCT member) FROM member_tag WHERE merchant = $1 AND tag = $2 AND given_by = $3";
    /// To how many a tag was given between two instants: some still have it, some had it.
    GIVEN_BETWEEN = "SELECT COUNT(DISTINCT member) FROM (SELECT member FROM member_tag WHERE merchant = $1 AND tag = $2 AND since >= $3 AND since < $4 UNION ALL SELECT member FROM past_tag WHERE merchant = $1 AND tag = $2 AND since >= $3 AND since < $4) x";
    /// From how many it was taken.
    TAKEN_BETWEEN = "SELECT COUNT(DISTINCT member) FROM past_tag WHERE merchant = $1 AND tag = $2 AND taken_at >= $3 AND taken_at < $4";
}
