-- The merchant's own occasions: an anniversary, a launch, a sale of their own. Days are dates as text.
CREATE TABLE occasion (
    merchant BIGINT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    main_day TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, id)
) WITHOUT ROWID;
CREATE INDEX occasion_day ON occasion (merchant, from_day);
