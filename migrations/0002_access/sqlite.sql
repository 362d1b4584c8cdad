CREATE TABLE installation (
    merchant BIGINT NOT NULL,
    next_merchant BIGINT NOT NULL,
    setup_token BLOB,
    setup_at BIGINT,
    PRIMARY KEY (merchant)
);

CREATE TABLE merchant (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    sandbox BIGINT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant)
);

CREATE UNIQUE INDEX merchant_id ON merchant (id);

CREATE TABLE shop (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    legal_entity TEXT NOT NULL,
    external_source TEXT,
    external_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX shop_external ON shop (merchant, external_source, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE staff (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    email_token BLOB NOT NULL,
    password TEXT NOT NULL,
    totp BLOB,
    totp_pending BLOB,
    totp_step BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX staff_email ON staff (merchant, email_token);

CREATE TABLE staff_role (
    merchant BIGINT NOT NULL,
    staff BLOB NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    PRIMARY KEY (merchant, staff)
) WITHOUT ROWID;

CREATE INDEX staff_role_of ON staff_role (staff, merchant);

CREATE TABLE staff_session (
    merchant BIGINT NOT NULL,
    token_hash BLOB NOT NULL,
    staff BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, token_hash)
) WITHOUT ROWID;

CREATE INDEX staff_session_of ON staff_session (merchant, staff);

CREATE TABLE staff_invite (
    merchant BIGINT NOT NULL,
    token_hash BLOB NOT NULL,
    staff BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, token_hash)
) WITHOUT ROWID;

CREATE TABLE api_key (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    test BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX api_key_secret ON api_key (secret_hash);

CREATE TABLE audit_entry (
    merchant BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload BLOB,
    payload_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (merchant, seq)
) WITHOUT ROWID;

CREATE INDEX audit_entry_subject ON audit_entry (merchant, subject);

CREATE TABLE audit_head (
    merchant BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (merchant)
);

CREATE TABLE saved_view (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    page TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE webhook (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    types TEXT NOT NULL,
    state TEXT NOT NULL,
    failing_since BIGINT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE webhook_delivery (
    merchant BIGINT NOT NULL,
    webhook BLOB NOT NULL,
    position BIGINT NOT NULL,
    event BLOB NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    created_at BIGINT NOT NULL,
    tried_at BIGINT,
    PRIMARY KEY (merchant, webhook, position)
) WITHOUT ROWID;

CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at, merchant) WHERE state = 'pending';
