-- Growth tasks: what a member may do for a reward, each version of it, who has done it, and orders to be looked at again when they are final.

CREATE TABLE growth_task (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    goal TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    given BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE growth_task_version (
    merchant BIGINT NOT NULL,
    task BYTEA NOT NULL,
    no BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, task, no)
);

CREATE TABLE growth_done (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    task BYTEA NOT NULL,
    member BYTEA NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    points BIGINT NOT NULL,
    growth BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE INDEX growth_done_member ON growth_done (merchant, member, task, period);
CREATE INDEX growth_done_at ON growth_done (merchant, done_at, id);

CREATE TABLE growth_look (
    merchant BIGINT NOT NULL,
    look_at BIGINT NOT NULL,
    order_id BYTEA NOT NULL,
    PRIMARY KEY (merchant, look_at, order_id)
);
