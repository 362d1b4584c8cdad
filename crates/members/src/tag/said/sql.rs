//! Statements of imported tags.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// A source of an import.
    ADD_SOURCE = "INSERT INTO tag_source (merchant, source_key, import, name, begun_at, finished_at, members) VALUES ($1, $2, $3, $4, $5, NULL, NULL) ON CONFLICT (merchant, source_key, import) DO NOTHING";
    /// The import that holds for a source: the last one that was loaded to its end.
    CURRENT = "SELECT COALESCE(MAX(import), 0) FROM tag_source WHERE merchant = $1 AND source_key = $2 AND finished_at IS NOT NULL";
    /// An import was loaded to its end.
    FINISH = "UPDATE tag_source SET finished_at = $3 WHERE merchant = $1 AND import = $2 AND finished_at IS NULL";
    /// Sources that came into an import after its end are as its others.
    SETTLED = "UPDATE tag_source SET finished_at = begun_at WHERE merchant = $1 AND import = $2 AND finished_at IS NULL AND EXISTS (SELECT 1 FROM tag_source d WHERE d.merchant = $1 AND d.import = $2 AND d.finished_at IS NOT NULL)";
    /// Sources of an import.
    OF_IMPORT = "SELECT source_key, name FROM tag_source WHERE merchant = $1 AND import = $2 ORDER BY source_key";
    /// Sources that ever said a tag.
    OF_TAG = "SELECT DISTINCT s.source_key, s.name, s.import FROM tag_source_tag t JOIN tag_source s ON s.merchant = t.merchant AND s.source_key = t.source_key AND s.import = t.import WHERE t.merchant = $1 AND t.tag = $2 ORDER BY s.source_key, s.import DESC";
    /// Every source.
    EVERY = "SELECT source_key, MAX(name) FROM tag_source WHERE merchant = $1 GROUP BY source_key ORDER BY source_key";
    /// Whether there is any.
    ANY = "SELECT import FROM tag_source WHERE merchant = $1 LIMIT 1";
    /// All sources, each with what holds of it.
    SOURCES = "SELECT s.source_key, s.name, s.import, s.begun_at, s.finished_at, s.members FROM tag_source s WHERE s.merchant = $1 AND s.import = (SELECT MAX(x.import) FROM tag_source x WHERE x.merchant = s.merchant AND x.source_key = s.source_key AND (x.finished_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM tag_source y WHERE y.merchant = s.merchant AND y.source_key = s.source_key AND y.finished_at IS NOT NULL))) ORDER BY s.begun_at DESC, s.source_key";
    /// The tags that sources of imports say.
    TAGS_OF = "SELECT t.source_key, t.import, t.tag, g.name FROM tag_source_tag t JOIN tag g ON g.merchant = t.merchant AND g.id = t.tag WHERE t.merchant = $1 ORDER BY t.source_key, t.import, g.name_key";
    /// How many have tags by a source.
    SET_MEMBERS = "UPDATE tag_source SET members = $4 WHERE merchant = $1 AND source_key = $2 AND import = $3";
    /// Forgets sources of an import.
    DROP_SOURCES = "DELETE FROM tag_source WHERE merchant = $1 AND import = $2";
    /// Forgets the tags of them.
    DROP_SOURCE_TAGS = "DELETE FROM tag_source_tag WHERE merchant = $1 AND import = $2";
    /// What holds of members by a source, archived tags too.
    HOLDS = "SELECT s.member, s.tag, s.said_at, t.archived_at FROM tag_said s JOIN tag t ON t.merchant = s.merchant AND t.id = s.tag WHERE s.merchant = $1 AND s.source_key = $2 AND s.member = ANY($3) AND s.import >= $4 AND (s.valid_until IS NULL OR s.valid_until > $5)";
    /// When somebody else took off what a source had given.
    TAKEN_OFF = "SELECT member, tag, MAX(taken_at) FROM past_tag WHERE merchant = $1 AND member = ANY($2) AND given_by = $3 AND taken_by <> $3 GROUP BY member, tag";
    /// What these have by a giver.
    HELD = "SELECT DISTINCT member, tag FROM member_tag WHERE merchant = $1 AND given_by = $2 AND member = ANY($3)";
    /// Of whom a source speaks in what holds, after a member.
    SPOKEN_OF = "SELECT DISTINCT member FROM tag_said WHERE merchant = $1 AND source_key = $2 AND import >= $3 AND member > $4 ORDER BY member LIMIT $5";
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
    OF_MEMBERS = "SELECT s.tag, s.source_key, x.name, s.score, s.valid_until, s.import FROM tag_said s JOIN tag_source x ON x.merchant = s.merchant AND x.source_key = s.source_key AND x.import = s.import WHERE s.merchant = $1 AND s.member = ANY($2) AND (s.valid_until IS NULL OR s.valid_until > $3) AND NOT EXISTS (SELECT 1 FROM tag_source n WHERE n.merchant = s.merchant AND n.source_key = s.source_key AND n.import > s.import AND n.finished_at IS NOT NULL) ORDER BY s.tag, s.source_key, s.import DESC";
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
