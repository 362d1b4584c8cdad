CREATE TABLE import_run (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    shop BLOB,
    counts TEXT NOT NULL,
    job BLOB,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX import_run_number ON import_run (merchant, number);

CREATE TABLE import_file (
    merchant BIGINT NOT NULL,
    import BLOB NOT NULL,
    file BIGINT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest BLOB NOT NULL,
    path BLOB,
    format TEXT NOT NULL,
    platform TEXT NOT NULL,
    mapping TEXT,
    records BIGINT NOT NULL,
    good BIGINT NOT NULL,
    bad BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    preview BLOB NOT NULL,
    PRIMARY KEY (merchant, import, file)
) WITHOUT ROWID;

CREATE TABLE import_chunk (
    merchant BIGINT NOT NULL,
    import BLOB NOT NULL,
    file BIGINT NOT NULL,
    chunk BIGINT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (merchant, import, file, chunk)
);

CREATE TABLE member_record (
    merchant BIGINT NOT NULL,
    source TEXT NOT NULL,
    record BLOB NOT NULL,
    import BIGINT NOT NULL,
    key_set BLOB,
    PRIMARY KEY (merchant, source, record)
) WITHOUT ROWID;

CREATE INDEX member_record_import ON member_record (merchant, import);

CREATE TABLE quarantine (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    import BLOB NOT NULL,
    file BIGINT NOT NULL,
    record BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    place BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    first_reason TEXT NOT NULL,
    cells BLOB NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    created_at BIGINT NOT NULL,
    resolved_at BIGINT,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX quarantine_record ON quarantine (merchant, import, file, record);
CREATE INDEX quarantine_open ON quarantine (merchant, state, id);

CREATE TABLE mapping (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX mapping_name ON mapping (merchant, name);
