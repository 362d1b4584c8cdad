-- Growth tasks: what a member may do for a reward, each version of it, who has done it, and orders to be looked at again when they are final.

CREATE TABLE growth_task (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    goal TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    given BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE growth_task_version (
    merchant BIGINT NOT NULL,
    task BLOB NOT NULL,
    no BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (merchant, task, no)
) WITHOUT ROWID;

CREATE TABLE growth_done (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    task BLOB NOT NULL,
    member BLOB NOT NULL,
    period TEXT NOT NULL,
    version BIGINT NOT NULL,
    points BIGINT NOT NULL,
    growth BIGINT NOT NULL,
    body TEXT NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE INDEX growth_done_member ON growth_done (merchant, member, task, period);
CREATE INDEX growth_done_at ON growth_done (merchant, done_at, id);

CREATE TABLE growth_look (
    merchant BIGINT NOT NULL,
    look_at BIGINT NOT NULL,
    order_id BLOB NOT NULL,
    PRIMARY KEY (merchant, look_at, order_id)
) WITHOUT ROWID;
