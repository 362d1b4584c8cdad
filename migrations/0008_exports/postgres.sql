-- Lists as files: what was asked, and the sealed pieces that a download is written from.

CREATE TABLE export_run (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    rows_of TEXT COLLATE "C" NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    clear BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL,
    job BYTEA,
    rows BIGINT,
    file_name TEXT COLLATE "C" NOT NULL,
    filters TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    expires_at BIGINT NOT NULL,
    spec BYTEA NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE TABLE export_chunk (
    merchant BIGINT NOT NULL,
    export BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    sheet BIGINT NOT NULL,
    chunk BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (merchant, export, epoch, sheet, chunk)
);
