-- Promotions with their versions of rules, and what holds for every order, in versions too.

CREATE TABLE promotion (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    draft TEXT COLLATE "C",
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE promotion_version (
    merchant BIGINT NOT NULL,
    promotion BYTEA NOT NULL,
    no BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    begins_at BIGINT,
    ends_at BIGINT,
    from_at BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (merchant, promotion, no)
);

CREATE TABLE price_settings (
    merchant BIGINT NOT NULL,
    no BIGINT NOT NULL,
    programme BYTEA,
    rules TEXT COLLATE "C" NOT NULL,
    from_at BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (merchant, no)
);

CREATE TABLE price_catalogue (
    merchant BIGINT NOT NULL,
    stamp BYTEA NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant)
);
