-- Coupons: templates in versions, batches with a stock in parts, codes found by their tokens, coupons, and what orders did with them.

CREATE TABLE coupon_template (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE coupon_template_version (
    merchant BIGINT NOT NULL,
    template BLOB NOT NULL,
    no BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (merchant, template, no)
) WITHOUT ROWID;

CREATE TABLE coupon_batch (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    template BLOB NOT NULL,
    template_version BIGINT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    pieces BIGINT,
    budget BIGINT,
    per_member BIGINT,
    claim_from BIGINT,
    claim_to BIGINT,
    word TEXT,
    codes BIGINT NOT NULL,
    codes_made BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX coupon_batch_word ON coupon_batch (merchant, word) WHERE word IS NOT NULL;
CREATE INDEX coupon_batch_template ON coupon_batch (merchant, template);

CREATE TABLE coupon_stock (
    merchant BIGINT NOT NULL,
    batch BLOB NOT NULL,
    part BIGINT NOT NULL,
    pieces BIGINT,
    money BIGINT,
    taken BIGINT NOT NULL,
    spent BIGINT NOT NULL,
    PRIMARY KEY (merchant, batch, part)
) WITHOUT ROWID;

CREATE TABLE coupon_code (
    merchant BIGINT NOT NULL,
    token BLOB NOT NULL,
    batch BLOB NOT NULL,
    no BIGINT NOT NULL,
    coupon BLOB,
    PRIMARY KEY (merchant, token)
) WITHOUT ROWID;

CREATE TABLE coupon (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    template BLOB NOT NULL,
    template_version BIGINT NOT NULL,
    batch BLOB NOT NULL,
    member BLOB,
    request TEXT NOT NULL,
    how TEXT NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT,
    face BIGINT,
    from_at BIGINT,
    expires_at BIGINT NOT NULL,
    order_source TEXT,
    order_no TEXT,
    lock_until BIGINT,
    was_restored BIGINT NOT NULL,
    extended BIGINT NOT NULL,
    part BIGINT NOT NULL,
    draw BIGINT NOT NULL,
    code BIGINT,
    due BIGINT,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    reason BLOB,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX coupon_once ON coupon (merchant, batch, request);
CREATE INDEX coupon_member ON coupon (merchant, member, batch) WHERE member IS NOT NULL;
CREATE INDEX coupon_in_batch ON coupon (merchant, batch, state, id);
CREATE INDEX coupon_due ON coupon (merchant, due) WHERE due IS NOT NULL;

CREATE TABLE coupon_use (
    merchant BIGINT NOT NULL,
    coupon BLOB NOT NULL,
    order_source TEXT NOT NULL,
    order_no TEXT NOT NULL,
    batch BLOB NOT NULL,
    member BLOB,
    state TEXT NOT NULL,
    saving BIGINT NOT NULL,
    currency TEXT NOT NULL,
    locked_at BIGINT NOT NULL,
    lock_until BIGINT NOT NULL,
    ended_at BIGINT,
    how TEXT,
    used_at BIGINT,
    missed_at BIGINT,
    missed_why TEXT,
    settled_at BIGINT,
    settled_by TEXT,
    note BLOB,
    PRIMARY KEY (merchant, coupon, order_source, order_no)
) WITHOUT ROWID;

CREATE INDEX coupon_use_order ON coupon_use (merchant, order_source, order_no);
CREATE INDEX coupon_use_batch ON coupon_use (merchant, batch, state);
CREATE INDEX coupon_use_member ON coupon_use (merchant, member) WHERE member IS NOT NULL;
CREATE INDEX coupon_use_missed ON coupon_use (merchant, missed_at, coupon) WHERE missed_at IS NOT NULL;
