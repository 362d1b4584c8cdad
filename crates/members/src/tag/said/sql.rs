//! Statements of imported tags.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// A source of an import. What is not at its end holds beside the current one if it began after that ended.
    ADD_SOURCE = "INSERT INTO tag_source (merchant, source_key, import, name, begun_at, finished_at, members) VALUES ($1, $2, $3, $4, $5, NULL, NULL) ON CONFLICT (merchant, source_key, import) DO NOTHING";
    /// A source of an import that is at its end.
    ADD_ENDED = "INSERT INTO tag_source (merchant, source_key, import, name, begun_at, finished_at, members) VALUES ($1, $2, $3, $4, $5, $5, NULL) ON CONFLICT (merchant, source_key, import) DO NOTHING";
    /// The import that holds for a source: the one whose load ended last.
    CURRENT = "SELECT finished_at, import FROM tag_source WHERE merchant = $1 AND source_key = $2 AND finished_at IS NOT NULL ORDER BY finished_at DESC, import DESC LIMIT 1";
    /// A source of an import was loaded to its end.
    FINISH = "UPDATE tag_source SET finished_at = $4 WHERE merchant = $1 AND source_key = $2 AND import = $3";
    /// Sources of an import that are not at their end.
    OPEN_OF = "SELECT source_key, name, begun_at FROM tag_source WHERE merchant = $1 AND import = $2 AND finished_at IS NULL ORDER BY source_key";
    /// Sources of an import.
    OF_IMPORT = "SELECT source_key, name FROM tag_source WHERE merchant = $1 AND import = $2 ORDER BY source_key";
    /// Sources that ever said a tag.
    OF_TAG = "SELECT DISTINCT s.source_key, s.name, s.import FROM tag_source_tag t JOIN tag_source s ON s.merchant = t.merchant AND s.source_key = t.source_key AND s.import = t.import WHERE t.merchant = $1 AND t.tag = $2 ORDER BY s.source_key, s.import DESC";
    /// Every source.
    EVERY = "SELECT source_key, MAX(name) FROM tag_source WHERE merchant = $1 GROUP BY source_key ORDER BY source_key";
    /// Whether there is any.
    ANY = "SELECT import FROM tag_source WHERE merchant = $1 LIMIT 1";
    /// All sources, each with what holds of it.
    SOURCES = "SELECT s.source_key, s.name, s.import, s.begun_at, s.finished_at, s.members FROM tag_source s WHERE s.merchant = $1 AND s.import = (SELECT x.import FROM tag_source x WHERE x.merchant = s.merchant AND x.source_key = s.source_key ORDER BY CASE WHEN x.finished_at IS NULL THEN 1 ELSE 0 END, COALESCE(x.finished_at, x.begun_at) DESC, x.import DESC LIMIT 1) ORDER BY s.begun_at DESC, s.source_key";
    /// The tags that sources of imports say.
    TAGS_OF = "SELECT t.source_key, t.import, t.tag, g.name FROM tag_source_tag t JOIN tag g ON g.merchant = t.merchant AND g.id = t.tag WHERE t.merchant = $1 ORDER BY t.source_key, t.import, g.name_key";
    /// How many have tags by a source.
    SET_MEMBERS = "UPDATE tag_source SET members = $4 WHERE merchant = $1 AND source_key = $2 AND import = $3";
    /// Forgets sources of an import.
    DROP_SOURCES = "DELETE FROM tag_source WHERE merchant = $1 AND import = $2";
    /// Forgets the tags of them.
    DROP_SOURCE_TAGS = "DELETE FROM tag_source_tag WHERE merchant = $1 AND import = $2";
    /// What holds of members by a source, archived tags too.
    HOLDS = "SELECT s.member, s.tag, s.said_at, t.archived_at FROM tag_said s JOIN tag_source x ON x.merchant = s.merchant AND x.source_key = s.source_key AND x.import = s.import JOIN tag t ON t.merchant = s.merchant AND t.id = s.tag WHERE s.merchant = $1 AND s.source_key = $2 AND s.member = ANY($3) AND (COALESCE(x.finished_at, x.begun_at), x.import) >= ($4, $5) AND (s.valid_until IS NULL OR s.valid_until > $6)";
    /// When somebody else took off what a source had given.
    TAKEN_OFF = "SELECT member, tag, MAX(taken_at) FROM past_tag WHERE merchant = $1 AND member = ANY($2) AND given_by = $3 AND taken_by <> $3 GROUP BY member, tag";
    /// What these have by a giver.
    HELD = "SELECT DISTINCT member, tag FROM member_tag WHERE merchant = $1 AND given_by = $2 AND member = ANY($3)";
    /// Of whom a source speaks in what holds, after a member.
    SPOKEN_OF = "SELECT DISTINCT s.member FROM tag_said s JOIN tag_source x ON x.merchant = s.merchant AND x.source_key = s.source_key AND x.import = s.import WHERE s.merchant = $1 AND s.source_key = $2 AND (COALESCE(x.finished_at, x.begun_at), x.import) >= ($3, $4) AND s.member > $5 ORDER BY s.member LIMIT $6";
    /// Who has any tag by a giver, after a member.
    HOLDERS = "SELECT DISTINCT member FROM member_tag WHERE merchant = $1 AND given_by = $2 AND member > $3 ORDER BY member LIMIT $4";
    /// Some of what an import says.
    SOME_OF = "SELECT source_key, member FROM tag_said WHERE merchant = $1 AND import = $2 ORDER BY source_key, member LIMIT $3";
    /// Forgets what an import of a source says of members.
    UNSAY = "DELETE FROM tag_said WHERE merchant = $1 AND source_key = $2 AND import = $3 AND member = ANY($4)";
    /// What is valid no more and was not ended yet.
    OVERDUE = "SELECT s.source_key, s.member, s.tag, s.import FROM tag_said s WHERE s.merchant = $1 AND s.ended = 0 AND s.valid_until <= $2 ORDER BY s.valid_until LIMIT $3";
    /// It is ended.
    ENDED = "UPDATE tag_said SET ended = 1 WHERE merchant = $1 AND source_key = $2 AND import = $3 AND member = $4 AND tag = $5";
    /// The name of a source.
    NAME = "SELECT name FROM tag_source WHERE merchant = $1 AND source_key = $2 ORDER BY import DESC LIMIT 1";
    /// What sources say of members now, the newest import first.
    OF_MEMBERS = "SELECT s.tag, s.source_key, x.name, s.score, s.valid_until, s.import FROM tag_said s JOIN tag_source x ON x.merchant = s.merchant AND x.source_key = s.source_key AND x.import = s.import WHERE s.merchant = $1 AND s.member = ANY($2) AND (s.valid_until IS NULL OR s.valid_until > $3) AND NOT EXISTS (SELECT 1 FROM tag_source n WHERE n.merchant = s.merchant AND n.source_key = s.source_key AND n.finished_at IS NOT NULL AND (n.finished_at, n.import) > (COALESCE(x.finished_at, x.begun_at), x.import)) ORDER BY s.tag, s.source_key, COALESCE(x.finished_at, x.begun_at) DESC, s.import DESC";
    /// What the import that holds says of members goes on into another.
    CARRY = "INSERT INTO tag_said (merchant, source_key, import, member, tag, score, valid_until, said_at, ended) SELECT s.merchant, s.source_key, CAST($4 AS BIGINT), s.member, s.tag, s.score, s.valid_until, s.said_at, s.ended FROM tag_said s WHERE s.merchant = $1 AND s.source_key = $2 AND s.import = $3 AND s.member = ANY($5) ON CONFLICT (merchant, source_key, import, member, tag) DO NOTHING";
    /// The tags of it.
    CARRY_TAGS = "INSERT INTO tag_source_tag (merchant, source_key, import, tag) SELECT DISTINCT s.merchant, s.source_key, CAST($4 AS BIGINT), s.tag FROM tag_said s WHERE s.merchant = $1 AND s.source_key = $2 AND s.import = $3 AND s.member = ANY($5) ON CONFLICT (merchant, source_key, import, tag) DO NOTHING";
    /// Who of these is of a legal entity.
    OF_ENTITY = "SELECT DISTINCT member FROM key_set WHERE merchant = $1 AND member = ANY($2) AND entity = $3";
    /// Who was taken in by these.
    ALIASES = "SELECT id, alias_of FROM member WHERE merchant = $1 AND alias_of = ANY($2) AND state = 'alias'";
    /// Forgets what is said of members.
    FORGET = "DELETE FROM tag_said WHERE merchant = $1 AND member = ANY($2)";
    /// Forgets some of what is said of a tag.
    FORGET_TAG = "DELETE FROM tag_said WHERE merchant = $1 AND tag = $2 AND member IN (SELECT s.member FROM tag_said s WHERE s.merchant = $1 AND s.tag = $2 LIMIT $3)";
    /// Forgets that sources say a tag.
    FORGET_TAG_OF = "DELETE FROM tag_source_tag WHERE merchant = $1 AND tag = $2";
}

/// What is said.
pub(crate) const SAY: InsertMany = InsertMany {
    table: "tag_said",
    columns: &[
        Column::Int("merchant"),
        Column::Text("source_key"),
        Column::Int("import"),
        Column::Bytes("member"),
        Column::Bytes("tag"),
        Column::Int("score"),
        Column::Int("valid_until"),
        Column::Int("said_at"),
        Column::Int("ended"),
    ],
    then: "ON CONFLICT (merchant, source_key, import, member, tag) DO UPDATE SET score = excluded.score, valid_until = excluded.valid_until, said_at = excluded.said_at, ended = excluded.ended",
};

/// Which tags a source says.
pub(crate) const SAY_TAGS: InsertMany = InsertMany {
    table: "tag_source_tag",
    columns: &[Column::Int("merchant"), Column::Text("source_key"), Column::Int("import"), Column::Bytes("tag")],
    then: "ON CONFLICT (merchant, source_key, import, tag) DO NOTHING",
};
