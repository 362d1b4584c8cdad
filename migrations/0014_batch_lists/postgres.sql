-- Lists that batches were asked for by, until they are frozen; clicks, so that an order is laid to the last one.

CREATE TABLE batch_list (
    merchant BIGINT NOT NULL,
    batch BYTEA NOT NULL,
    part BIGINT NOT NULL,
    members BYTEA NOT NULL,
    PRIMARY KEY (merchant, batch, part)
);

CREATE TABLE batch_click (
    merchant BIGINT NOT NULL,
    batch BYTEA NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (merchant, batch, place, at)
);

INSERT INTO batch_click (merchant, batch, place, at)
SELECT merchant, batch, place, clicked_at FROM batch_member WHERE clicked_at IS NOT NULL;

-- Keys are locked by name since decision 0010.
DROP TABLE identity_lock;
