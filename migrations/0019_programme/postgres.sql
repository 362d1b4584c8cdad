-- Programmes with their versions of rules; of each member a book: what was taken, what was booked, and where it stands.

CREATE TABLE programme (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    shops TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    begins_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    stamp BYTEA NOT NULL,
    job BYTEA,
    summed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE programme_version (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    no BIGINT NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    from_at BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (merchant, programme, no)
);

CREATE TABLE programme_size (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    shard BIGINT NOT NULL,
    books BIGINT NOT NULL,
    PRIMARY KEY (merchant, programme, shard)
);

CREATE TABLE points_book (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    member BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    moved_to BYTEA,
    facts TEXT COLLATE "C" NOT NULL,
    origin BIGINT NOT NULL,
    clock BIGINT NOT NULL,
    due BIGINT,
    events BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    available BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    reversed BIGINT NOT NULL,
    transferred BIGINT NOT NULL,
    tier TEXT COLLATE "C",
    tier_until BIGINT,
    format BIGINT NOT NULL,
    heart TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, programme, member)
);

CREATE INDEX points_book_due ON points_book (merchant, programme, due) WHERE due IS NOT NULL;
CREATE INDEX points_book_member ON points_book (merchant, member);

CREATE TABLE points_part (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    member BYTEA NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, programme, member, part)
);

CREATE TABLE points_event (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    member BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    booked_at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    taken BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    reason BYTEA,
    PRIMARY KEY (merchant, programme, member, seq)
);

CREATE UNIQUE INDEX points_event_once ON points_event (merchant, programme, member, kind, event_id);

CREATE TABLE points_order (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    member BYTEA NOT NULL,
    facts TEXT COLLATE "C" NOT NULL,
    look_at BIGINT,
    PRIMARY KEY (merchant, programme, order_id)
);

CREATE INDEX points_order_member ON points_order (merchant, programme, member);
CREATE INDEX points_order_look ON points_order (merchant, programme, look_at) WHERE look_at IS NOT NULL;

CREATE TABLE points_entry (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    member BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    from_account TEXT COLLATE "C" NOT NULL,
    to_account TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    lot TEXT COLLATE "C",
    lot_made BIGINT,
    lot_month BIGINT NOT NULL,
    cause_kind TEXT COLLATE "C" NOT NULL,
    cause_id TEXT COLLATE "C" NOT NULL,
    rule_version BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    booked_at BIGINT NOT NULL,
    corrects BIGINT NOT NULL,
    event_seq BIGINT,
    PRIMARY KEY (merchant, programme, member, seq)
);

CREATE INDEX points_entry_booked ON points_entry (merchant, programme, booked_at, member, seq);

CREATE TABLE points_sum (
    merchant BIGINT NOT NULL,
    programme BYTEA NOT NULL,
    month BIGINT NOT NULL,
    lot_month BIGINT NOT NULL,
    from_account TEXT COLLATE "C" NOT NULL,
    to_account TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (merchant, programme, month, lot_month, from_account, to_account)
);
