-- Weather by region and day, as files tell it: an import's row stays its own, the last one holds.
-- Temperatures in tenths of a degree Celsius, rain in tenths of a millimetre.

CREATE TABLE weather_day (
    merchant BIGINT NOT NULL,
    province TEXT NOT NULL,
    city TEXT NOT NULL,
    day BIGINT NOT NULL,
    import BIGINT NOT NULL,
    condition TEXT,
    high BIGINT,
    low BIGINT,
    rain BIGINT,
    PRIMARY KEY (merchant, province, city, day, import)
) WITHOUT ROWID;

CREATE INDEX weather_day_of_import ON weather_day (merchant, import, day);
CREATE INDEX weather_day_day ON weather_day (merchant, day, province, city);
