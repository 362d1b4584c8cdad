-- Paid membership: cards that are sold, what members bought of them, and who holds one.

CREATE TABLE card (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    terms TEXT NOT NULL,
    trial_days BIGINT NOT NULL,
    refund TEXT NOT NULL,
    notice_days BIGINT NOT NULL,
    discounts TEXT NOT NULL,
    counts_from BIGINT NOT NULL,
    job BLOB,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE card_purchase (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    card BLOB NOT NULL,
    member BLOB NOT NULL,
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    term TEXT NOT NULL,
    months BIGINT NOT NULL,
    days BIGINT NOT NULL,
    count BIGINT NOT NULL,
    at BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    currency TEXT NOT NULL,
    order_id BLOB,
    till TEXT,
    cut_at BIGINT,
    returned BIGINT NOT NULL,
    given_up_at BIGINT,
    given_back BIGINT NOT NULL,
    reason BLOB,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX card_purchase_once ON card_purchase (merchant, card, source_id);
CREATE UNIQUE INDEX card_purchase_trial ON card_purchase (merchant, card, member) WHERE kind = 'trial';
CREATE INDEX card_purchase_member ON card_purchase (merchant, member);
CREATE INDEX card_purchase_order ON card_purchase (merchant, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX card_purchase_at ON card_purchase (merchant, card, at);

CREATE TABLE card_holder (
    merchant BIGINT NOT NULL,
    card BLOB NOT NULL,
    member BLOB NOT NULL,
    trial BIGINT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    told TEXT NOT NULL,
    due BIGINT,
    PRIMARY KEY (merchant, card, member)
) WITHOUT ROWID;

CREATE INDEX card_holder_until ON card_holder (merchant, card, until, member);
CREATE INDEX card_holder_member ON card_holder (merchant, member);
CREATE INDEX card_holder_due ON card_holder (merchant, due) WHERE due IS NOT NULL;
