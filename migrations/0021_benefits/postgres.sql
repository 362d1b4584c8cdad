-- Benefits, what members used of them and what is to be done for it; packs given by their occasion; a catalogue of rewards with stock and delivery.

CREATE TABLE benefit (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE benefit_use (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    benefit BYTEA NOT NULL,
    member BYTEA NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    order_no TEXT COLLATE "C",
    used_at BIGINT NOT NULL,
    programme BYTEA,
    tier TEXT COLLATE "C",
    grant_id BYTEA,
    cost BIGINT NOT NULL,
    supplier BIGINT NOT NULL,
    platform BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    undone_at BIGINT,
    undone_by TEXT COLLATE "C",
    reason BYTEA,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX benefit_use_once ON benefit_use (merchant, benefit, request);
CREATE INDEX benefit_use_member ON benefit_use (merchant, member, benefit, used_at);
CREATE INDEX benefit_use_grant ON benefit_use (merchant, grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX benefit_use_at ON benefit_use (merchant, used_at, id);

CREATE TABLE benefit_grant (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    benefit BYTEA NOT NULL,
    member BYTEA NOT NULL,
    uses BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    given BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX benefit_grant_member ON benefit_grant (merchant, member, benefit);

CREATE TABLE benefit_task (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    benefit BYTEA NOT NULL,
    use_id BYTEA NOT NULL,
    member BYTEA NOT NULL,
    order_no TEXT COLLATE "C",
    done_how TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by TEXT COLLATE "C",
    PRIMARY KEY (merchant, id)
);

CREATE INDEX benefit_task_due ON benefit_task (merchant, state, due_on, id);
CREATE INDEX benefit_task_use ON benefit_task (merchant, use_id);
CREATE INDEX benefit_task_member ON benefit_task (merchant, member);

CREATE TABLE benefit_pack (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    occasion TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    given BIGINT NOT NULL,
    walked TEXT COLLATE "C" NOT NULL,
    walk_to TEXT COLLATE "C",
    walk_after BYTEA,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE benefit_pack_given (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    pack BYTEA NOT NULL,
    member BYTEA NOT NULL,
    occasion TEXT COLLATE "C" NOT NULL,
    until_at BIGINT,
    points BIGINT NOT NULL,
    growth BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX benefit_pack_given_member ON benefit_pack_given (merchant, member, pack, occasion);
CREATE INDEX benefit_pack_given_at ON benefit_pack_given (merchant, given_at, id);

CREATE TABLE reward (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    programme BYTEA NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    stock BIGINT,
    taken BIGINT NOT NULL,
    picture TEXT COLLATE "C",
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE reward_picture (
    merchant BIGINT NOT NULL,
    reward BYTEA NOT NULL,
    media TEXT COLLATE "C" NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (merchant, reward)
);

CREATE TABLE redemption (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    reward BYTEA NOT NULL,
    member BYTEA NOT NULL,
    programme BYTEA NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    points BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    supplier BIGINT NOT NULL,
    platform BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    order_no TEXT COLLATE "C",
    parcel BYTEA,
    given BYTEA,
    made_by TEXT COLLATE "C" NOT NULL,
    redeemed_at BIGINT NOT NULL,
    sent_at BIGINT,
    delivered_at BIGINT,
    cancelled_at BIGINT,
    reason BYTEA,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX redemption_once ON redemption (merchant, reward, request);
CREATE INDEX redemption_member ON redemption (merchant, member, reward, redeemed_at);
CREATE INDEX redemption_at ON redemption (merchant, redeemed_at, id);
CREATE INDEX redemption_state ON redemption (merchant, state, redeemed_at, id);
