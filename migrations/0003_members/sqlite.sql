-- Who somebody is, what is known of them, what they agreed to.

CREATE TABLE member (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    state TEXT NOT NULL,
    alias_of BLOB,
    first_seen BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    contested BIGINT NOT NULL,
    gender TEXT,
    birthday TEXT,
    age_band TEXT,
    province TEXT,
    city TEXT,
    region_at BIGINT,
    joined_at BIGINT,
    join_source TEXT,
    tier_word TEXT,
    points_word TEXT,
    tag_words TEXT,
    under_14 BIGINT,
    sealed BLOB,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE key_set (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    member BLOB,
    home BLOB,
    first_seen BIGINT NOT NULL,
    refs BIGINT NOT NULL,
    entity TEXT NOT NULL,
    platform TEXT NOT NULL,
    reach BIGINT NOT NULL,
    province TEXT,
    city TEXT,
    region_at BIGINT,
    tokens BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX key_set_member ON key_set (merchant, member);

CREATE TABLE identity_key (
    merchant BIGINT NOT NULL,
    token BLOB NOT NULL,
    holder BLOB NOT NULL,
    held BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    class BIGINT NOT NULL,
    PRIMARY KEY (merchant, token, holder)
) WITHOUT ROWID;

CREATE TABLE key_space (
    merchant BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    namespace TEXT NOT NULL,
    entity TEXT NOT NULL,
    PRIMARY KEY (merchant, kind, namespace, entity)
) WITHOUT ROWID;

CREATE TABLE identity_lock (
    merchant BIGINT NOT NULL,
    shard BIGINT NOT NULL,
    PRIMARY KEY (merchant, shard)
) WITHOUT ROWID;

CREATE TABLE identity_decision (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    verdict TEXT NOT NULL,
    left_set BLOB NOT NULL,
    right_set BLOB NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (merchant, id, left_set, right_set)
) WITHOUT ROWID;

CREATE INDEX identity_decision_left ON identity_decision (merchant, left_set);
CREATE INDEX identity_decision_right ON identity_decision (merchant, right_set);

CREATE TABLE member_merge (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    survivor BLOB NOT NULL,
    absorbed BLOB NOT NULL,
    merged_at BIGINT NOT NULL,
    merged_by TEXT NOT NULL,
    cause TEXT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT,
    decision BLOB,
    sealed BLOB,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX member_merge_survivor ON member_merge (merchant, survivor);
CREATE INDEX member_merge_absorbed ON member_merge (merchant, absorbed);

CREATE TABLE review (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    left_member BLOB,
    right_member BLOB,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX review_state ON review (merchant, state, id);

CREATE TABLE observation (
    merchant BIGINT NOT NULL,
    source TEXT NOT NULL,
    record BLOB NOT NULL,
    key_set BLOB,
    member BLOB,
    source_time BIGINT NOT NULL,
    sealed BLOB,
    PRIMARY KEY (merchant, source, record)
);

CREATE INDEX observation_member ON observation (merchant, member);

CREATE TABLE member_name (
    merchant BIGINT NOT NULL,
    token BLOB NOT NULL,
    member BLOB NOT NULL,
    PRIMARY KEY (merchant, token, member)
) WITHOUT ROWID;

CREATE TABLE consent (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    member BLOB NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    granted BIGINT NOT NULL,
    source TEXT NOT NULL,
    basis TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    merge_id BLOB,
    sealed BLOB,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX consent_member ON consent (merchant, member);

CREATE TABLE suppression (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    channel TEXT NOT NULL,
    token BLOB NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    suppressed_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX suppression_token ON suppression (merchant, channel, token);

CREATE TABLE privacy_request (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    member BLOB NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    completed_at BIGINT,
    completed_by TEXT,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX privacy_request_state ON privacy_request (merchant, state, id);

CREATE TABLE erasure (
    merchant BIGINT NOT NULL,
    member BLOB NOT NULL,
    erased_at BIGINT NOT NULL,
    erased_by TEXT NOT NULL,
    PRIMARY KEY (merchant, member)
) WITHOUT ROWID;

CREATE TABLE erased_key (
    merchant BIGINT NOT NULL,
    token BLOB NOT NULL,
    erased_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, token)
) WITHOUT ROWID;
