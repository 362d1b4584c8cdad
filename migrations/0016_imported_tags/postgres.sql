-- What files say of members in tags, source by source.

CREATE TABLE tag_source (
    merchant BIGINT NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    import BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    begun_at BIGINT NOT NULL,
    finished_at BIGINT,
    members BIGINT,
    PRIMARY KEY (merchant, source_key, import)
);

CREATE INDEX tag_source_import ON tag_source (merchant, import);

CREATE TABLE tag_source_tag (
    merchant BIGINT NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    import BIGINT NOT NULL,
    tag BYTEA NOT NULL,
    PRIMARY KEY (merchant, source_key, import, tag)
);

CREATE TABLE tag_said (
    merchant BIGINT NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    import BIGINT NOT NULL,
    member BYTEA NOT NULL,
    tag BYTEA NOT NULL,
    score BIGINT,
    valid_until BIGINT,
    said_at BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    PRIMARY KEY (merchant, source_key, import, member, tag)
);

CREATE INDEX tag_said_member ON tag_said (merchant, member, tag);
CREATE INDEX tag_said_import ON tag_said (merchant, import);
CREATE INDEX tag_said_tag ON tag_said (merchant, tag);
CREATE INDEX tag_said_until ON tag_said (merchant, valid_until) WHERE ended = 0 AND valid_until IS NOT NULL;
CREATE INDEX member_tag_by ON member_tag (merchant, given_by, member);
