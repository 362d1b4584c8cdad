-- Orders with their lines and refunds, what was said of them, products, behaviour.

CREATE TABLE orders (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    shop TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C",
    currency TEXT COLLATE "C" NOT NULL,
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
    discounts TEXT COLLATE "C",
    placed_at BIGINT NOT NULL,
    created_at BIGINT,
    paid_at BIGINT,
    shipped_at BIGINT,
    delivered_at BIGINT,
    completed_at BIGINT,
    closed_at BIGINT,
    final_at BIGINT,
    member BYTEA,
    key_set BYTEA,
    country TEXT COLLATE "C",
    province TEXT COLLATE "C",
    city TEXT COLLATE "C",
    district TEXT COLLATE "C",
    payment_method TEXT COLLATE "C",
    channel TEXT COLLATE "C",
    quantity BIGINT,
    purchase BIGINT NOT NULL,
    estimated BIGINT NOT NULL,
    flags TEXT COLLATE "C",
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
    order_id BYTEA NOT NULL,
    line_no BIGINT NOT NULL,
    source_line TEXT COLLATE "C",
    sku TEXT COLLATE "C",
    outer_code TEXT COLLATE "C",
    product_id TEXT COLLATE "C",
    title TEXT COLLATE "C",
    spec TEXT COLLATE "C",
    category TEXT COLLATE "C",
    quantity BIGINT NOT NULL,
    unit_price BIGINT,
    list BIGINT,
    discount BIGINT,
    paid BIGINT,
    refunded BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    estimated BIGINT NOT NULL,
    PRIMARY KEY (merchant, order_id, line_no)
);

CREATE TABLE refund (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    order_id BYTEA,
    member BYTEA,
    key_set BYTEA,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    goods BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    refunded_at BIGINT,
    reason TEXT COLLATE "C",
    lines TEXT COLLATE "C",
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
    subject BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (merchant, subject)
);

CREATE TABLE observed_import (
    merchant BIGINT NOT NULL,
    import BIGINT NOT NULL,
    subject BYTEA NOT NULL,
    PRIMARY KEY (merchant, import, subject)
);

CREATE TABLE order_counter (
    merchant BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    shard BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    purchases BIGINT NOT NULL,
    net_paid BIGINT NOT NULL,
    received BIGINT NOT NULL,
    unnamed_orders BIGINT NOT NULL,
    unnamed_purchases BIGINT NOT NULL,
    unnamed_net_paid BIGINT NOT NULL,
    PRIMARY KEY (merchant, source, currency, shard)
);

CREATE TABLE product (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    product_id TEXT COLLATE "C",
    title TEXT COLLATE "C",
    spec TEXT COLLATE "C",
    category TEXT COLLATE "C",
    brand TEXT COLLATE "C",
    barcode TEXT COLLATE "C",
    price BIGINT,
    cost BIGINT,
    currency TEXT COLLATE "C" NOT NULL,
    stock BIGINT,
    recorded_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX product_source ON product (merchant, source, source_id);
CREATE INDEX product_sku ON product (merchant, sku);

CREATE TABLE behaviour_event (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    member BYTEA,
    key_set BYTEA,
    sku TEXT COLLATE "C",
    words TEXT COLLATE "C",
    quantity BIGINT,
    amount BIGINT,
    rating BIGINT,
    data TEXT COLLATE "C",
    sealed BYTEA,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX behaviour_source ON behaviour_event (merchant, source, source_id);
CREATE INDEX behaviour_member ON behaviour_event (merchant, member, at) WHERE member IS NOT NULL;
CREATE INDEX behaviour_key_set ON behaviour_event (merchant, key_set) WHERE key_set IS NOT NULL;
