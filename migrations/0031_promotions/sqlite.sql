-- Promotions with their versions of rules, and what holds for every order, in versions too.

CREATE TABLE promotion (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    draft TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE promotion_version (
    merchant BIGINT NOT NULL,
    promotion BLOB NOT NULL,
    no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    rules TEXT NOT NULL,
    begins_at BIGINT,
    ends_at BIGINT,
    from_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (merchant, promotion, no)
) WITHOUT ROWID;

CREATE TABLE price_settings (
    merchant BIGINT NOT NULL,
    no BIGINT NOT NULL,
    programme BLOB,
    rules TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (merchant, no)
) WITHOUT ROWID;

CREATE TABLE price_catalogue (
    merchant BIGINT NOT NULL,
    stamp BLOB NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant)
) WITHOUT ROWID;
