//! The statements of exports.

macro_rules! columns {
    () => {
        "id, subject, rows_of, format, clear, state, epoch, job, rows, file_name, filters, created_by, created_at, finished_at, expires_at, spec"
    };
}

shuke_store::statements! {
    /// Adds an export.
    ADD = "INSERT INTO export_run (merchant, id, subject, rows_of, format, clear, state, epoch, job, rows, file_name, filters, created_by, created_at, finished_at, expires_at, spec) VALUES ($1, $2, $3, $4, $5, $6, 'gathering', 0, NULL, NULL, $7, $8, $9, $10, NULL, $11, $12)";
    /// Names its job.
    SET_JOB = "UPDATE export_run SET job = $3 WHERE merchant = $1 AND id = $2";
    /// One export.
    GET = concat!("SELECT ", columns!(), " FROM export_run WHERE merchant = $1 AND id = $2");
    /// One export, held.
    HOLD = "SELECT state, epoch FROM export_run WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// Exports, newest first, before an id.
    LIST = concat!("SELECT ", columns!(), " FROM export_run WHERE merchant = $1 AND id < $2 AND state <> 'deleted' AND subject = ANY($3) ORDER BY id DESC LIMIT $4");
    /// It is whole.
    READY = "UPDATE export_run SET state = 'ready', rows = $3, finished_at = $4, expires_at = $5 WHERE merchant = $1 AND id = $2";
    /// Its pieces belong to nobody any more.
    RETIRE = "UPDATE export_run SET state = $3, epoch = epoch + 1 WHERE merchant = $1 AND id = $2";
    /// Those that members stand in, held.
    WITH_MEMBERS = "SELECT id, state, epoch FROM export_run WHERE merchant = $1 AND state IN ('gathering', 'ready') AND subject IN ('members', 'orders', 'refunds') ORDER BY id FOR UPDATE";
    /// Those whose time is over.
    EXPIRED = "SELECT id FROM export_run WHERE merchant = $1 AND state IN ('gathering', 'ready') AND expires_at <= $2 ORDER BY id LIMIT $3";
    /// Those that nobody looks for any more.
    FORGOTTEN = "SELECT id FROM export_run WHERE merchant = $1 AND state IN ('expired', 'withdrawn') AND expires_at <= $2 ORDER BY id LIMIT $3";
    /// Forgets one.
    FORGET = "DELETE FROM export_run WHERE merchant = $1 AND id = $2";
    /// Forgets one that was deleted.
    FORGET_DELETED = "DELETE FROM export_run WHERE merchant = $1 AND id = $2 AND state = 'deleted'";
    /// Adds a piece.
    ADD_CHUNK = "INSERT INTO export_chunk (merchant, export, epoch, sheet, chunk, rows, body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// The next piece of a sheet, while the file may be had.
    NEXT_CHUNK = "SELECT c.chunk, c.rows, c.body FROM export_chunk c JOIN export_run r ON r.merchant = c.merchant AND r.id = c.export AND r.epoch = c.epoch WHERE c.merchant = $1 AND c.export = $2 AND c.epoch = $3 AND c.sheet = $4 AND c.chunk > $5 AND r.state = 'ready' AND r.expires_at > $6 ORDER BY c.chunk LIMIT 1";
    /// The rows of each sheet.
    ROWS_OF_SHEETS = "SELECT CAST(SUM(rows) AS BIGINT) FROM export_chunk WHERE merchant = $1 AND export = $2 AND epoch = $3 GROUP BY sheet";
    /// Exports that are gathered or kept.
    LIVE = "SELECT COUNT(*) FROM export_run WHERE merchant = $1 AND state IN ('gathering', 'ready') AND expires_at > $2";
    /// Pieces of former epochs.
    STALE_CHUNKS = "SELECT epoch, sheet, chunk FROM export_chunk WHERE merchant = $1 AND export = $2 AND epoch < $3 ORDER BY epoch, sheet, chunk LIMIT 32";
    /// Throws a piece away.
    DROP_CHUNK = "DELETE FROM export_chunk WHERE merchant = $1 AND export = $2 AND epoch = $3 AND sheet = $4 AND chunk = $5";
}
