CREATE TABLE data_key (
    merchant BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    number BIGINT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, purpose, number)
) WITHOUT ROWID;

CREATE TABLE idempotency (
    merchant BIGINT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    outcome TEXT NOT NULL,
    body BLOB,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, key)
) WITHOUT ROWID;

CREATE TABLE event (
    merchant BIGINT NOT NULL,
    position BIGINT NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    member BLOB,
    data TEXT NOT NULL,
    PRIMARY KEY (merchant, position)
) WITHOUT ROWID;

CREATE TABLE feed_head (
    merchant BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (merchant)
);

CREATE TABLE feed_offset (
    merchant BIGINT NOT NULL,
    subscriber TEXT NOT NULL,
    position BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, subscriber)
) WITHOUT ROWID;

CREATE TABLE dead_letter (
    merchant BIGINT NOT NULL,
    subscriber TEXT NOT NULL,
    position BIGINT NOT NULL,
    error TEXT NOT NULL,
    buried_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, subscriber, position)
) WITHOUT ROWID;

CREATE TABLE store_flag (
    merchant BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, name)
) WITHOUT ROWID;

CREATE TABLE job (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    args BLOB NOT NULL,
    unique_key TEXT,
    state TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_token BIGINT NOT NULL,
    stop_requested BIGINT NOT NULL,
    progress BIGINT NOT NULL,
    total BIGINT,
    unit TEXT NOT NULL,
    checkpoint BLOB,
    result BLOB,
    error TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX job_due ON job (state, run_at);
CREATE UNIQUE INDEX job_unique ON job (merchant, unique_key) WHERE unique_key IS NOT NULL;
