-- Coupons: templates in versions, batches with a stock in parts, codes found by their tokens, coupons, and what orders did with them.

CREATE TABLE coupon_template (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE coupon_template_version (
    merchant BIGINT NOT NULL,
    template BYTEA NOT NULL,
    no BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, template, no)
);

CREATE TABLE coupon_batch (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    template BYTEA NOT NULL,
    template_version BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    pieces BIGINT,
    budget BIGINT,
    per_member BIGINT,
    claim_from BIGINT,
    claim_to BIGINT,
    word TEXT COLLATE "C",
    codes BIGINT NOT NULL,
    codes_made BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX coupon_batch_word ON coupon_batch (merchant, word) WHERE word IS NOT NULL;
CREATE INDEX coupon_batch_template ON coupon_batch (merchant, template);

CREATE TABLE coupon_stock (
    merchant BIGINT NOT NULL,
    batch BYTEA NOT NULL,
    part BIGINT NOT NULL,
    pieces BIGINT,
    money BIGINT,
    taken BIGINT NOT NULL,
    spent BIGINT NOT NULL,
    PRIMARY KEY (merchant, batch, part)
);

CREATE TABLE coupon_code (
    merchant BIGINT NOT NULL,
    token BYTEA NOT NULL,
    batch BYTEA NOT NULL,
    no BIGINT NOT NULL,
    coupon BYTEA,
    PRIMARY KEY (merchant, token)
);

CREATE TABLE coupon (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    template BYTEA NOT NULL,
    template_version BIGINT NOT NULL,
    batch BYTEA NOT NULL,
    member BYTEA,
    request TEXT COLLATE "C" NOT NULL,
    how TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    amount BIGINT,
    face BIGINT,
    from_at BIGINT,
    expires_at BIGINT NOT NULL,
    order_source TEXT COLLATE "C",
    order_no TEXT COLLATE "C",
    lock_until BIGINT,
    was_restored BIGINT NOT NULL,
    extended BIGINT NOT NULL,
    part BIGINT NOT NULL,
    draw BIGINT NOT NULL,
    code BIGINT,
    due BIGINT,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    reason BYTEA,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX coupon_once ON coupon (merchant, batch, request);
CREATE INDEX coupon_member ON coupon (merchant, member, batch) WHERE member IS NOT NULL;
CREATE INDEX coupon_in_batch ON coupon (merchant, batch, state, id);
CREATE INDEX coupon_due ON coupon (merchant, due) WHERE due IS NOT NULL;

CREATE TABLE coupon_use (
    merchant BIGINT NOT NULL,
    coupon BYTEA NOT NULL,
    order_source TEXT COLLATE "C" NOT NULL,
    order_no TEXT COLLATE "C" NOT NULL,
    batch BYTEA NOT NULL,
    member BYTEA,
    state TEXT COLLATE "C" NOT NULL,
    saving BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    locked_at BIGINT NOT NULL,
    lock_until BIGINT NOT NULL,
    ended_at BIGINT,
    how TEXT COLLATE "C",
    used_at BIGINT,
    missed_at BIGINT,
    missed_why TEXT COLLATE "C",
    settled_at BIGINT,
    settled_by TEXT COLLATE "C",
    note BYTEA,
    PRIMARY KEY (merchant, coupon, order_source, order_no)
);

CREATE INDEX coupon_use_order ON coupon_use (merchant, order_source, order_no);
CREATE INDEX coupon_use_batch ON coupon_use (merchant, batch, state);
CREATE INDEX coupon_use_member ON coupon_use (merchant, member) WHERE member IS NOT NULL;
CREATE INDEX coupon_use_missed ON coupon_use (merchant, missed_at, coupon) WHERE missed_at IS NOT NULL;
