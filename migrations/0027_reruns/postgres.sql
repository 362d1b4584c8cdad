-- Re-runs: orders of a span judged by a version that was asked for, shown first, then booked as it was shown.

CREATE TABLE points_rerun (
    merchant BIGINT NOT NULL,
    id BYTEA NOT NULL,
    programme BYTEA NOT NULL,
    judge BIGINT,
    from_day TEXT COLLATE "C" NOT NULL,
    to_day TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    summary TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    job BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    booked_at BIGINT,
    booked_by TEXT COLLATE "C",
    PRIMARY KEY (merchant, id)
);
CREATE INDEX points_rerun_of ON points_rerun (merchant, programme, made_at);

-- What it comes to for a member, as it was shown.
CREATE TABLE points_rerun_member (
    merchant BIGINT NOT NULL,
    rerun BYTEA NOT NULL,
    member BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    found TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, rerun, member)
);
CREATE INDEX points_rerun_whose ON points_rerun_member (merchant, member);
