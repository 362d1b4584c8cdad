-- Orders with their lines and refunds, what was said of them, products, behaviour.

CREATE TABLE orders (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    shop TEXT,
    state TEXT NOT NULL,
    status TEXT,
    currency TEXT NOT NULL,
    goods_list BIGINT,
    goods_after_discount BIGINT,
    shipping BIGINT,
    tax BIGINT,
    paid BIGINT,
    points_cash BIGINT,
    bonus_credit BIGINT,
    deposit BIGINT,
    goods_paid BIGINT,
    refunded BIGINT NOT NULL,
    net_paid BIGINT,
    merchant_received BIGINT,
    discounts TEXT,
    placed_at BIGINT NOT NULL,
    created_at BIGINT,
    paid_at BIGINT,
    shipped_at BIGINT,
    delivered_at BIGINT,
    completed_at BIGINT,
    closed_at BIGINT,
    final_at BIGINT,
    member BLOB,
    key_set BLOB,
    country TEXT,
    province TEXT,
    city TEXT,
    district TEXT,
    payment_method TEXT,
    channel TEXT,
    quantity BIGINT,
    purchase BIGINT NOT NULL,
    estimated BIGINT NOT NULL,
    flags TEXT,
    claim_failures BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX orders_source ON orders (merchant, source, source_id);
CREATE INDEX orders_member ON orders (merchant, member, placed_at) WHERE member IS NOT NULL;
CREATE INDEX orders_key_set ON orders (merchant, key_set) WHERE key_set IS NOT NULL;
CREATE INDEX orders_placed ON orders (merchant, placed_at, id);
CREATE INDEX orders_unidentified ON orders (merchant, placed_at, id) WHERE member IS NULL;

CREATE TABLE order_line (
    merchant BIGINT NOT NULL,
    order_id BLOB NOT NULL,
    line_no BIGINT NOT NULL,
    source_line TEXT,
    sku TEXT,
    outer_code TEXT,
    product_id TEXT,
    title TEXT,
    spec TEXT,
    category TEXT,
    quantity BIGINT NOT NULL,
    unit_price BIGINT,
    list BIGINT,
    discount BIGINT,
    paid BIGINT,
    refunded BIGINT NOT NULL,
    state TEXT NOT NULL,
    role TEXT NOT NULL,
    estimated BIGINT NOT NULL,
    PRIMARY KEY (merchant, order_id, line_no)
) WITHOUT ROWID;

CREATE TABLE refund (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    order_id BLOB,
    member BLOB,
    key_set BLOB,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT NOT NULL,
    goods BIGINT NOT NULL,
    currency TEXT NOT NULL,
    refunded_at BIGINT,
    reason TEXT,
    lines TEXT,
    estimated BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX refund_source ON refund (merchant, source, source_id);
CREATE INDEX refund_order ON refund (merchant, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX refund_member ON refund (merchant, member) WHERE member IS NOT NULL;
CREATE INDEX refund_key_set ON refund (merchant, key_set) WHERE key_set IS NOT NULL;

CREATE TABLE observed (
    merchant BIGINT NOT NULL,
    subject BLOB NOT NULL,
    kind TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (merchant, subject)
);

CREATE TABLE observed_import (
    merchant BIGINT NOT NULL,
    import BIGINT NOT NULL,
    subject BLOB NOT NULL,
    PRIMARY KEY (merchant, import, subject)
) WITHOUT ROWID;

CREATE TABLE order_counter (
    merchant BIGINT NOT NULL,
    source TEXT NOT NULL,
    currency TEXT NOT NULL,
    shard BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    purchases BIGINT NOT NULL,
    net_paid BIGINT NOT NULL,
    received BIGINT NOT NULL,
    unnamed_orders BIGINT NOT NULL,
    unnamed_purchases BIGINT NOT NULL,
    unnamed_net_paid BIGINT NOT NULL,
    PRIMARY KEY (merchant, source, currency, shard)
) WITHOUT ROWID;

CREATE TABLE product (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    product_id TEXT,
    title TEXT,
    spec TEXT,
    category TEXT,
    brand TEXT,
    barcode TEXT,
    price BIGINT,
    cost BIGINT,
    currency TEXT NOT NULL,
    stock BIGINT,
    recorded_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX product_source ON product (merchant, source, source_id);
CREATE INDEX product_sku ON product (merchant, sku);

CREATE TABLE behaviour_event (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    member BLOB,
    key_set BLOB,
    sku TEXT,
    words TEXT,
    quantity BIGINT,
    amount BIGINT,
    rating BIGINT,
    data TEXT,
    sealed BLOB,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX behaviour_source ON behaviour_event (merchant, source, source_id);
CREATE INDEX behaviour_member ON behaviour_event (merchant, member, at) WHERE member IS NOT NULL;
CREATE INDEX behaviour_key_set ON behaviour_event (merchant, key_set) WHERE key_set IS NOT NULL;
