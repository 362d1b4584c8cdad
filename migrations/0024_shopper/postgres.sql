-- The shopper's own page: what a merchant has settled of it, and how often a member tried to claim orders on a day.

CREATE TABLE shopper_page (
    merchant BIGINT NOT NULL,
    origins TEXT COLLATE "C" NOT NULL,
    proofs TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant)
);

CREATE TABLE shopper_try (
    merchant BIGINT NOT NULL,
    member BYTEA NOT NULL,
    day BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (merchant, member, day)
);
