-- Tags that a segment gives and takes.

CREATE TABLE tag_rule (
    merchant BIGINT NOT NULL,
    tag BYTEA NOT NULL,
    segment BYTEA NOT NULL,
    version BIGINT NOT NULL,
    applied BIGINT NOT NULL,
    applied_at BIGINT,
    set_at BIGINT NOT NULL,
    set_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, tag)
);

-- A tag's changes by day.
CREATE INDEX member_tag_since ON member_tag (merchant, tag, since);
DROP INDEX past_tag_tag;
CREATE INDEX past_tag_since_of_tag ON past_tag (merchant, tag, since);
CREATE INDEX past_tag_taken_of_tag ON past_tag (merchant, tag, taken_at);

-- Who has a tag by whom: of a rule, of an imported source.
CREATE INDEX member_tag_giver ON member_tag (merchant, tag, given_by, member);
