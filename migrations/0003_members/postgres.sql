-- Who somebody is, what is known of them, what they agreed to.

CREATE TABLE member (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    alias_of BYTEA,
    first_seen BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    contested BIGINT NOT NULL,
    gender TEXT COLLATE "C",
    birthday TEXT COLLATE "C",
    age_band TEXT COLLATE "C",
    province TEXT COLLATE "C",
    city TEXT COLLATE "C",
    region_at BIGINT,
    joined_at BIGINT,
    join_source TEXT COLLATE "C",
    tier_word TEXT COLLATE "C",
    points_word TEXT COLLATE "C",
    tag_words TEXT COLLATE "C",
    under_14 BIGINT,
    sealed BYTEA,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE key_set (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    member BYTEA,
    home BYTEA,
    first_seen BIGINT NOT NULL,
    refs BIGINT NOT NULL,
    entity TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    reach BIGINT NOT NULL,
    province TEXT COLLATE "C",
    city TEXT COLLATE "C",
    region_at BIGINT,
    tokens BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX key_set_member ON key_set (merchant, member);

CREATE TABLE identity_key (
    merchant BIGINT NOT NULL,
    token BYTEA NOT NULL,
    holder BYTEA NOT NULL,
    held BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    class BIGINT NOT NULL,
    PRIMARY KEY (merchant, token, holder)
);

CREATE TABLE key_space (
    merchant BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    namespace TEXT COLLATE "C" NOT NULL,
    entity TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, kind, namespace, entity)
);

CREATE TABLE identity_lock (
    merchant BIGINT NOT NULL,
    shard BIGINT NOT NULL,
    PRIMARY KEY (merchant, shard)
);

CREATE TABLE identity_decision (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL,
    left_set BYTEA NOT NULL,
    right_set BYTEA NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, id, left_set, right_set)
);

CREATE INDEX identity_decision_left ON identity_decision (merchant, left_set);
CREATE INDEX identity_decision_right ON identity_decision (merchant, right_set);

CREATE TABLE member_merge (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    survivor BYTEA NOT NULL,
    absorbed BYTEA NOT NULL,
    merged_at BIGINT NOT NULL,
    merged_by TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    undone_at BIGINT,
    undone_by TEXT COLLATE "C",
    decision BYTEA,
    sealed BYTEA,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX member_merge_survivor ON member_merge (merchant, survivor);
CREATE INDEX member_merge_absorbed ON member_merge (merchant, absorbed);

CREATE TABLE review (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT COLLATE "C",
    left_member BYTEA,
    right_member BYTEA,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX review_state ON review (merchant, state, id);

CREATE TABLE observation (
    merchant BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    record BYTEA NOT NULL,
    key_set BYTEA,
    member BYTEA,
    source_time BIGINT NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (merchant, source, record)
);

CREATE INDEX observation_member ON observation (merchant, member);

CREATE TABLE member_name (
    merchant BIGINT NOT NULL,
    token BYTEA NOT NULL,
    member BYTEA NOT NULL,
    PRIMARY KEY (merchant, token, member)
);

CREATE TABLE consent (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    member BYTEA NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    granted BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    basis TEXT COLLATE "C" NOT NULL,
    given_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    merge_id BYTEA,
    sealed BYTEA,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX consent_member ON consent (merchant, member);

CREATE TABLE suppression (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    token BYTEA NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    suppressed_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX suppression_token ON suppression (merchant, channel, token);

CREATE TABLE privacy_request (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    member BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    completed_at BIGINT,
    completed_by TEXT COLLATE "C",
    PRIMARY KEY (merchant, id)
);

CREATE INDEX privacy_request_state ON privacy_request (merchant, state, id);

CREATE TABLE erasure (
    merchant BIGINT NOT NULL,
    member BYTEA NOT NULL,
    erased_at BIGINT NOT NULL,
    erased_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, member)
);

CREATE TABLE erased_key (
    merchant BIGINT NOT NULL,
    token BYTEA NOT NULL,
    erased_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, token)
);
