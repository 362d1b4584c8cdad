-- Groups of members that are handed over: who was in, who was not and why, what came of it.

CREATE TABLE batch (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    destination TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    spec TEXT COLLATE "C" NOT NULL,
    counts TEXT COLLATE "C" NOT NULL,
    job BYTEA,
    asked_at BIGINT,
    known_at BIGINT,
    codes BIGINT NOT NULL,
    codes_used BIGINT NOT NULL,
    exports BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    cost_fixed BIGINT NOT NULL,
    cost_per_thousand BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    frozen_at BIGINT,
    handed_at BIGINT,
    closed_at BIGINT,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE batch_member (
    merchant BIGINT NOT NULL,
    batch BYTEA NOT NULL,
    place BIGINT NOT NULL,
    member BYTEA NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL,
    address BYTEA,
    link TEXT COLLATE "C",
    code BIGINT,
    handed_at BIGINT,
    handed_in BIGINT,
    receipt TEXT COLLATE "C",
    receipt_at BIGINT,
    replied_at BIGINT,
    unsubscribed_at BIGINT,
    clicks BIGINT NOT NULL,
    clicked_at BIGINT,
    scans BIGINT NOT NULL,
    PRIMARY KEY (merchant, batch, place)
);

CREATE INDEX batch_member_verdict ON batch_member (merchant, batch, verdict, place);
CREATE INDEX batch_member_of ON batch_member (merchant, batch, member);
CREATE INDEX batch_member_member ON batch_member (merchant, member);
CREATE UNIQUE INDEX batch_member_link ON batch_member (merchant, link) WHERE link IS NOT NULL;
CREATE INDEX batch_member_address ON batch_member (merchant, batch, address) WHERE address IS NOT NULL;

CREATE TABLE batch_code (
    merchant BIGINT NOT NULL,
    batch BYTEA NOT NULL,
    number BIGINT NOT NULL,
    token BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (merchant, batch, number)
);

CREATE UNIQUE INDEX batch_code_token ON batch_code (merchant, batch, token);
