-- The shopper's own page: what a merchant has settled of it, and how often a member tried to claim orders on a day.

CREATE TABLE shopper_page (
    merchant BIGINT NOT NULL,
    origins TEXT NOT NULL,
    proofs TEXT NOT NULL,
    generation BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (merchant)
) WITHOUT ROWID;

CREATE TABLE shopper_try (
    merchant BIGINT NOT NULL,
    member BLOB NOT NULL,
    day BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (merchant, member, day)
) WITHOUT ROWID;
