-- Re-runs: orders of a span judged by a version that was asked for, shown first, then booked as it was shown.

CREATE TABLE points_rerun (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    programme BLOB NOT NULL,
    judge BIGINT,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    state TEXT NOT NULL,
    summary TEXT NOT NULL,
    note TEXT NOT NULL,
    job BLOB NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    booked_at BIGINT,
    booked_by TEXT,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;
CREATE INDEX points_rerun_of ON points_rerun (merchant, programme, made_at);

-- What it comes to for a member, as it was shown.
CREATE TABLE points_rerun_member (
    merchant BIGINT NOT NULL,
    rerun BLOB NOT NULL,
    member BLOB NOT NULL,
    state TEXT NOT NULL,
    found TEXT NOT NULL,
    PRIMARY KEY (merchant, rerun, member)
) WITHOUT ROWID;
CREATE INDEX points_rerun_whose ON points_rerun_member (merchant, member);
