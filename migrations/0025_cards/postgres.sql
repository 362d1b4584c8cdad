-- Paid membership: cards that are sold, what members bought of them, and who holds one.

CREATE TABLE card (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    terms TEXT COLLATE "C" NOT NULL,
    trial_days BIGINT NOT NULL,
    refund TEXT COLLATE "C" NOT NULL,
    notice_days BIGINT NOT NULL,
    discounts TEXT COLLATE "C" NOT NULL,
    counts_from BIGINT NOT NULL,
    job BYTEA,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE card_purchase (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    card BYTEA NOT NULL,
    member BYTEA NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    months BIGINT NOT NULL,
    days BIGINT NOT NULL,
    count BIGINT NOT NULL,
    at BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    order_id BYTEA,
    till TEXT COLLATE "C",
    cut_at BIGINT,
    returned BIGINT NOT NULL,
    given_up_at BIGINT,
    given_back BIGINT NOT NULL,
    reason BYTEA,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX card_purchase_once ON card_purchase (merchant, card, source_id);
CREATE UNIQUE INDEX card_purchase_trial ON card_purchase (merchant, card, member) WHERE kind = 'trial';
CREATE INDEX card_purchase_member ON card_purchase (merchant, member);
CREATE INDEX card_purchase_order ON card_purchase (merchant, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX card_purchase_at ON card_purchase (merchant, card, at);

CREATE TABLE card_holder (
    merchant BIGINT NOT NULL,
    card BYTEA NOT NULL,
    member BYTEA NOT NULL,
    trial BIGINT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    told TEXT COLLATE "C" NOT NULL,
    due BIGINT,
    PRIMARY KEY (merchant, card, member)
);

CREATE INDEX card_holder_until ON card_holder (merchant, card, until, member);
CREATE INDEX card_holder_member ON card_holder (merchant, member);
CREATE INDEX card_holder_due ON card_holder (merchant, due) WHERE due IS NOT NULL;
