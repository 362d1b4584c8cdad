-- What the merchant says of its members, and what lists of members are narrowed by.

CREATE TABLE tag_category (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX tag_category_name ON tag_category (merchant, name_key);

CREATE TABLE tag (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    category BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    color TEXT,
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX tag_name ON tag (merchant, name_key, category);
CREATE INDEX tag_of_category ON tag (merchant, category);

CREATE TABLE member_tag (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    member BLOB NOT NULL,
    tag BLOB NOT NULL,
    since BIGINT NOT NULL,
    given_by TEXT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX member_tag_member ON member_tag (merchant, member, tag);
CREATE INDEX member_tag_tag ON member_tag (merchant, tag, member);

CREATE TABLE past_tag (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    member BLOB NOT NULL,
    tag BLOB NOT NULL,
    since BIGINT NOT NULL,
    given_by TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    taken_by TEXT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX past_tag_member ON past_tag (merchant, member, taken_at);
CREATE INDEX past_tag_tag ON past_tag (merchant, tag);

CREATE TABLE tag_count (
    merchant BIGINT NOT NULL,
    tag BLOB NOT NULL,
    shard BIGINT NOT NULL,
    members BIGINT NOT NULL,
    PRIMARY KEY (merchant, tag, shard)
) WITHOUT ROWID;

ALTER TABLE member ADD COLUMN has_phone BIGINT NOT NULL DEFAULT 0;
UPDATE member SET has_phone = 1 WHERE EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = member.merchant AND k.member = member.id AND k.reach IN (1, 3));
CREATE INDEX member_phone ON member (merchant, has_phone, id) WHERE state = 'live';
CREATE INDEX member_gender ON member (merchant, gender, id) WHERE state = 'live' AND gender IS NOT NULL;
CREATE INDEX member_province ON member (merchant, province, id) WHERE state = 'live' AND province IS NOT NULL;
CREATE INDEX key_set_platform ON key_set (merchant, platform, member) WHERE member IS NOT NULL;
