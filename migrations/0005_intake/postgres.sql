CREATE TABLE import_run (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    number BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    shop BYTEA,
    counts TEXT COLLATE "C" NOT NULL,
    job BYTEA,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX import_run_number ON import_run (merchant, number);

CREATE TABLE import_file (
    merchant BIGINT NOT NULL,
    import BYTEA NOT NULL,
    file BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    path BYTEA,
    format TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    mapping TEXT COLLATE "C",
    records BIGINT NOT NULL,
    good BIGINT NOT NULL,
    bad BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    preview BYTEA NOT NULL,
    PRIMARY KEY (merchant, import, file)
);

CREATE TABLE import_chunk (
    merchant BIGINT NOT NULL,
    import BYTEA NOT NULL,
    file BIGINT NOT NULL,
    chunk BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (merchant, import, file, chunk)
);

CREATE TABLE member_record (
    merchant BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    record BYTEA NOT NULL,
    import BIGINT NOT NULL,
    key_set BYTEA,
    PRIMARY KEY (merchant, source, record)
);

CREATE INDEX member_record_import ON member_record (merchant, import);

CREATE TABLE quarantine (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    import BYTEA NOT NULL,
    file BIGINT NOT NULL,
    record BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    place BIGINT NOT NULL,
    reasons TEXT COLLATE "C" NOT NULL,
    first_reason TEXT COLLATE "C" NOT NULL,
    cells BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    resolved_at BIGINT,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX quarantine_record ON quarantine (merchant, import, file, record);
CREATE INDEX quarantine_open ON quarantine (merchant, state, id);

CREATE TABLE mapping (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
);

CREATE UNIQUE INDEX mapping_name ON mapping (merchant, name);
