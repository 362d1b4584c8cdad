CREATE TABLE installation (
    merchant BIGINT NOT NULL,
    next_merchant BIGINT NOT NULL,
    setup_token BYTEA,
    setup_at BIGINT,
    PRIMARY KEY (merchant)
);

CREATE TABLE merchant (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    sandbox BIGINT NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant)
);

CREATE UNIQUE INDEX merchant_id ON merchant (id);

CREATE TABLE shop (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    legal_entity TEXT COLLATE "C" NOT NULL,
    external_source TEXT COLLATE "C",
    external_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX shop_external ON shop (merchant, external_source, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE staff (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    email_token BYTEA NOT NULL,
    password TEXT COLLATE "C" NOT NULL,
    totp BYTEA,
    totp_pending BYTEA,
    totp_step BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX staff_email ON staff (merchant, email_token);

CREATE TABLE staff_role (
    merchant BIGINT NOT NULL,
    staff BYTEA NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    PRIMARY KEY (merchant, staff)
);

CREATE INDEX staff_role_of ON staff_role (staff, merchant);

CREATE TABLE staff_session (
    merchant BIGINT NOT NULL,
    token_hash BYTEA NOT NULL,
    staff BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, token_hash)
);

CREATE INDEX staff_session_of ON staff_session (merchant, staff);

CREATE TABLE staff_invite (
    merchant BIGINT NOT NULL,
    token_hash BYTEA NOT NULL,
    staff BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, token_hash)
);

CREATE TABLE api_key (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    secret_hash BYTEA NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    test BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX api_key_secret ON api_key (secret_hash);

CREATE TABLE audit_entry (
    merchant BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    payload BYTEA,
    payload_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (merchant, seq)
);

CREATE INDEX audit_entry_subject ON audit_entry (merchant, subject);

CREATE TABLE audit_head (
    merchant BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (merchant)
);

CREATE TABLE saved_view (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    page TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE webhook (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    types TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    failing_since BIGINT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE webhook_delivery (
    merchant BIGINT NOT NULL,
    webhook BYTEA NOT NULL,
    position BIGINT NOT NULL,
    event BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    status BIGINT,
    error TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    tried_at BIGINT,
    PRIMARY KEY (merchant, webhook, position)
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at, merchant) WHERE state = 'pending';
