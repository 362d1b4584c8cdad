//! Statements about programmes and their versions.

macro_rules! programme {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, shops, state, begins_at, version, stamp, job, summed_at, created_at FROM programme WHERE merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO programme (merchant, id, name, shops, state, begins_at, version, stamp, job, summed_at, created_at, created_by, updated_at) VALUES ($1, $2, $3, $4, 'active', $5, 1, $6, NULL, $7, $7, $8, $7)";
    /// One.
    GET = programme!(" AND id = $2");
    /// One, held.
    HOLD = programme!(" AND id = $2 FOR UPDATE");
    /// All, the oldest first.
    LIST = programme!(" ORDER BY created_at, id");
    /// Changes name and shops.
    CHANGE = "UPDATE programme SET name = $3, shops = $4, version = version + 1, updated_at = $5 WHERE merchant = $1 AND id = $2";
    /// Changes the state.
    SET_STATE = "UPDATE programme SET state = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// Other rules.
    STAMP = "UPDATE programme SET stamp = $3, version = version + 1, updated_at = $4 WHERE merchant = $1 AND id = $2";
    /// The walk that fills its books.
    SET_JOB = "UPDATE programme SET job = $3 WHERE merchant = $1 AND id = $2";
    /// Entries are summed up to here.
    SUMMED = "UPDATE programme SET summed_at = $3 WHERE merchant = $1 AND id = $2";
    /// Adds a version.
    ADD_VERSION = "INSERT INTO programme_version (merchant, programme, no, rules, from_at, note, made_at, made_by, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)";
    /// Its versions, in order.
    VERSIONS = "SELECT no, rules, from_at, note, made_at, made_by, withdrawn_at FROM programme_version WHERE merchant = $1 AND programme = $2 ORDER BY no";
    /// Withdraws one.
    WITHDRAW = "UPDATE programme_version SET withdrawn_at = $4 WHERE merchant = $1 AND programme = $2 AND no = $3 AND withdrawn_at IS NULL";
    /// How many members have a book.
    BOOKS = "SELECT CAST(COALESCE(SUM(books), 0) AS BIGINT) FROM programme_size WHERE merchant = $1 AND programme = $2";
    /// More books.
    MORE_BOOKS = "INSERT INTO programme_size (merchant, programme, shard, books) VALUES ($1, $2, $3, $4) ON CONFLICT (merchant, programme, shard) DO UPDATE SET books = programme_size.books + excluded.books";
}
