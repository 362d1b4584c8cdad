//! Statements of weather.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// The first day of which an import says something.
    FIRST_DAY = "SELECT MIN(day) FROM weather_day WHERE merchant = $1 AND import = $2";
    /// Takes back what an import says of days before one.
    DROP_DAYS = "DELETE FROM weather_day WHERE merchant = $1 AND import = $2 AND day < $3";
    /// What is said of some provinces on some days, with the import that says it, the last one last.
    OF_REGIONS = "SELECT day, province, city, condition, high, low, rain, import FROM weather_day WHERE merchant = $1 AND province = ANY($2) AND day >= $3 AND day <= $4 ORDER BY import";
    /// What holds: of each region and day what the last import says.
    LIST = "SELECT w.day, w.province, w.city, w.condition, w.high, w.low, w.rain FROM weather_day w WHERE w.merchant = $1 AND w.day >= $2 AND w.day < $3 AND ($4 = '' OR w.province = $4) AND ($5 = '' OR w.city = $5) AND (w.day > $6 OR (w.day = $6 AND (w.province > $7 OR (w.province = $7 AND w.city > $8)))) AND NOT EXISTS (SELECT 1 FROM weather_day l WHERE l.merchant = w.merchant AND l.province = w.province AND l.city = w.city AND l.day = w.day AND l.import > w.import) ORDER BY w.day, w.province, w.city LIMIT $9";
}

/// Takes rows in.
pub(crate) const PUT: InsertMany = InsertMany {
    table: "weather_day",
    columns: &[
        Column::Int("merchant"),
        Column::Text("province"),
        Column::Text("city"),
        Column::Int("day"),
        Column::Int("import"),
        Column::Text("condition"),
        Column::Int("high"),
        Column::Int("low"),
        Column::Int("rain"),
    ],
    then: "ON CONFLICT (merchant, province, city, day, import) DO UPDATE SET condition = excluded.condition, high = excluded.high, low = excluded.low, rain = excluded.rain",
};
