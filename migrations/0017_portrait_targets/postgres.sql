-- Portraits that a merchant wishes for, and how far those of its buyers are from them, day by day.

CREATE TABLE portrait_target (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    wishes TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    recorded_day BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX portrait_target_name ON portrait_target (merchant, name_key) WHERE state = 'active';

CREATE TABLE portrait_target_day (
    merchant BIGINT NOT NULL,
    target BYTEA NOT NULL,
    day BIGINT NOT NULL,
    version BIGINT NOT NULL,
    known_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    members BIGINT NOT NULL,
    standing TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, target, day)
);
