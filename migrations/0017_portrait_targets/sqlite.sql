-- Portraits that a merchant wishes for, and how far those of its buyers are from them, day by day.

CREATE TABLE portrait_target (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    wishes TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_day BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX portrait_target_name ON portrait_target (merchant, name_key) WHERE state = 'active';

CREATE TABLE portrait_target_day (
    merchant BIGINT NOT NULL,
    target BLOB NOT NULL,
    day BIGINT NOT NULL,
    version BIGINT NOT NULL,
    known_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    members BIGINT NOT NULL,
    standing TEXT NOT NULL,
    PRIMARY KEY (merchant, target, day)
) WITHOUT ROWID;
