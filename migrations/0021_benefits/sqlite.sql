-- Benefits, what members used of them and what is to be done for it; packs given by their occasion; a catalogue of rewards with stock and delivery.

CREATE TABLE benefit (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE benefit_use (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    benefit BLOB NOT NULL,
    member BLOB NOT NULL,
    request TEXT NOT NULL,
    order_no TEXT,
    used_at BIGINT NOT NULL,
    programme BLOB,
    tier TEXT,
    grant_id BLOB,
    cost BIGINT NOT NULL,
    supplier BIGINT NOT NULL,
    platform BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT,
    reason BLOB,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX benefit_use_once ON benefit_use (merchant, benefit, request);
CREATE INDEX benefit_use_member ON benefit_use (merchant, member, benefit, used_at);
CREATE INDEX benefit_use_grant ON benefit_use (merchant, grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX benefit_use_at ON benefit_use (merchant, used_at, id);

CREATE TABLE benefit_grant (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    benefit BLOB NOT NULL,
    member BLOB NOT NULL,
    uses BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    given BLOB NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX benefit_grant_member ON benefit_grant (merchant, member, benefit);

CREATE TABLE benefit_task (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    benefit BLOB NOT NULL,
    use_id BLOB NOT NULL,
    member BLOB NOT NULL,
    order_no TEXT,
    done_how TEXT NOT NULL,
    due_on TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by TEXT,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX benefit_task_due ON benefit_task (merchant, state, due_on, id);
CREATE INDEX benefit_task_use ON benefit_task (merchant, use_id);
CREATE INDEX benefit_task_member ON benefit_task (merchant, member);

CREATE TABLE benefit_pack (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    occasion TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    given BIGINT NOT NULL,
    walked TEXT NOT NULL,
    walk_to TEXT,
    walk_after BLOB,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE benefit_pack_given (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    pack BLOB NOT NULL,
    member BLOB NOT NULL,
    occasion TEXT NOT NULL,
    until_at BIGINT,
    points BIGINT NOT NULL,
    growth BIGINT NOT NULL,
    body TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX benefit_pack_given_member ON benefit_pack_given (merchant, member, pack, occasion);
CREATE INDEX benefit_pack_given_at ON benefit_pack_given (merchant, given_at, id);

CREATE TABLE reward (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    programme BLOB NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    stock BIGINT,
    taken BIGINT NOT NULL,
    picture TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE reward_picture (
    merchant BIGINT NOT NULL,
    reward BLOB NOT NULL,
    media TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (merchant, reward)
) WITHOUT ROWID;

CREATE TABLE redemption (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    reward BLOB NOT NULL,
    member BLOB NOT NULL,
    programme BLOB NOT NULL,
    request TEXT NOT NULL,
    points BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    supplier BIGINT NOT NULL,
    platform BIGINT NOT NULL,
    state TEXT NOT NULL,
    order_no TEXT,
    parcel BLOB,
    given BLOB,
    made_by TEXT NOT NULL,
    redeemed_at BIGINT NOT NULL,
    sent_at BIGINT,
    delivered_at BIGINT,
    cancelled_at BIGINT,
    reason BLOB,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX redemption_once ON redemption (merchant, reward, request);
CREATE INDEX redemption_member ON redemption (merchant, member, reward, redeemed_at);
CREATE INDEX redemption_at ON redemption (merchant, redeemed_at, id);
CREATE INDEX redemption_state ON redemption (merchant, state, redeemed_at, id);
