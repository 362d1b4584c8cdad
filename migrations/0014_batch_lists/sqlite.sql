-- Lists that batches were asked for by, until they are frozen; clicks, so that an order is laid to the last one.

CREATE TABLE batch_list (
    merchant BIGINT NOT NULL,
    batch BLOB NOT NULL,
    part BIGINT NOT NULL,
    members BLOB NOT NULL,
    PRIMARY KEY (merchant, batch, part)
) WITHOUT ROWID;

CREATE TABLE batch_click (
    merchant BIGINT NOT NULL,
    batch BLOB NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (merchant, batch, place, at)
) WITHOUT ROWID;

INSERT INTO batch_click (merchant, batch, place, at)
SELECT merchant, batch, place, clicked_at FROM batch_member WHERE clicked_at IS NOT NULL;

-- Keys are locked by name since decision 0010.
DROP TABLE identity_lock;
