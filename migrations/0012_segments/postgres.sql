-- Segments: what they say, who is in them, who came and went.

CREATE TABLE segment (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    expr TEXT COLLATE "C",
    refresh_every TEXT COLLATE "C",
    refresh_clock BIGINT NOT NULL,
    version BIGINT NOT NULL,
    built BIGINT NOT NULL,
    size BIGINT NOT NULL,
    sized_at BIGINT,
    thresholds TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX segment_name ON segment (merchant, name_key) WHERE state = 'active';

CREATE TABLE segment_use (
    merchant BIGINT NOT NULL,
    segment BYTEA NOT NULL,
    uses BYTEA NOT NULL,
    PRIMARY KEY (merchant, segment, uses)
);

CREATE INDEX segment_used ON segment_use (merchant, uses);

CREATE TABLE segment_member (
    merchant BIGINT NOT NULL,
    segment BYTEA NOT NULL,
    member BYTEA NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, segment, member)
);

CREATE INDEX segment_member_of ON segment_member (merchant, member, segment);
CREATE INDEX segment_member_entered ON segment_member (merchant, segment, entered_at, member);

CREATE TABLE segment_change (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    segment BYTEA NOT NULL,
    member BYTEA NOT NULL,
    entered BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX segment_change_segment ON segment_change (merchant, segment, changed_at, id);
CREATE INDEX segment_change_member ON segment_change (merchant, member);

CREATE TABLE segment_day (
    merchant BIGINT NOT NULL,
    segment BYTEA NOT NULL,
    day BIGINT NOT NULL,
    size BIGINT NOT NULL,
    entered BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    PRIMARY KEY (merchant, segment, day)
);

CREATE TABLE segment_watch (
    merchant BIGINT NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    lease_until BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    passed_at BIGINT NOT NULL,
    passed_day BIGINT NOT NULL,
    PRIMARY KEY (merchant)
);
