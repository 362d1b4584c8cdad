-- Lists as files: what was asked, and the sealed pieces that a download is written from.

CREATE TABLE export_run (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    subject TEXT NOT NULL,
    rows_of TEXT NOT NULL,
    format TEXT NOT NULL,
    clear BIGINT NOT NULL,
    state TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    job BLOB,
    rows BIGINT,
    file_name TEXT NOT NULL,
    filters TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    expires_at BIGINT NOT NULL,
    spec BLOB NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE TABLE export_chunk (
    merchant BIGINT NOT NULL,
    export BLOB NOT NULL,
    epoch BIGINT NOT NULL,
    sheet BIGINT NOT NULL,
    chunk BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (merchant, export, epoch, sheet, chunk)
);
