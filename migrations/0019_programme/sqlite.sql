-- Programmes with their versions of rules; of each member a book: what was taken, what was booked, and where it stands.

CREATE TABLE programme (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    shops TEXT NOT NULL,
    state TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    stamp BLOB NOT NULL,
    job BLOB,
    summed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE programme_version (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    no BIGINT NOT NULL,
    rules TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (merchant, programme, no)
) WITHOUT ROWID;

CREATE TABLE programme_size (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    shard BIGINT NOT NULL,
    books BIGINT NOT NULL,
    PRIMARY KEY (merchant, programme, shard)
) WITHOUT ROWID;

CREATE TABLE points_book (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    member BLOB NOT NULL,
    state TEXT NOT NULL,
    moved_to BLOB,
    facts TEXT NOT NULL,
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
    tier TEXT,
    tier_until BIGINT,
    format BIGINT NOT NULL,
    heart TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, programme, member)
) WITHOUT ROWID;

CREATE INDEX points_book_due ON points_book (merchant, programme, due) WHERE due IS NOT NULL;
CREATE INDEX points_book_member ON points_book (merchant, member);

CREATE TABLE points_part (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    member BLOB NOT NULL,
    part TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (merchant, programme, member, part)
) WITHOUT ROWID;

CREATE TABLE points_event (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    member BLOB NOT NULL,
    seq BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    booked_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    event_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    taken BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_by TEXT NOT NULL,
    reason BLOB,
    PRIMARY KEY (merchant, programme, member, seq)
) WITHOUT ROWID;

CREATE UNIQUE INDEX points_event_once ON points_event (merchant, programme, member, kind, event_id);

CREATE TABLE points_order (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    order_id BLOB NOT NULL,
    member BLOB NOT NULL,
    facts TEXT NOT NULL,
    look_at BIGINT,
    PRIMARY KEY (merchant, programme, order_id)
) WITHOUT ROWID;

CREATE INDEX points_order_member ON points_order (merchant, programme, member);
CREATE INDEX points_order_look ON points_order (merchant, programme, look_at) WHERE look_at IS NOT NULL;

CREATE TABLE points_entry (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    member BLOB NOT NULL,
    seq BIGINT NOT NULL,
    from_account TEXT NOT NULL,
    to_account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    lot TEXT,
    lot_made BIGINT,
    lot_month BIGINT NOT NULL,
    cause_kind TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    booked_at BIGINT NOT NULL,
    corrects BIGINT NOT NULL,
    event_seq BIGINT,
    PRIMARY KEY (merchant, programme, member, seq)
) WITHOUT ROWID;

CREATE INDEX points_entry_booked ON points_entry (merchant, programme, booked_at, member, seq);

CREATE TABLE points_sum (
    merchant BIGINT NOT NULL,
    programme BLOB NOT NULL,
    month BIGINT NOT NULL,
    lot_month BIGINT NOT NULL,
    from_account TEXT NOT NULL,
    to_account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (merchant, programme, month, lot_month, from_account, to_account)
) WITHOUT ROWID;
