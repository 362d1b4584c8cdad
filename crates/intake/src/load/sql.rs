//! The statements of import and quarantine.

shuke_store::statements! {
    /// The next import's number.
    NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 FROM import_run WHERE merchant = $1";
    /// Adds an import.
    ADD_RUN = "INSERT INTO import_run (merchant, id, number, state, title, shop, counts, job, created_by, created_at, finished_at) VALUES ($1, $2, $3, 'staged', $4, $5, $6, NULL, $7, $8, NULL)";
    /// Adds a file.
    ADD_FILE = "INSERT INTO import_file (merchant, import, file, name, size, digest, path, format, platform, mapping, records, good, bad, skipped, preview) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    /// Adds a piece of a staged file.
    ADD_CHUNK = "INSERT INTO import_chunk (merchant, import, file, chunk, body) VALUES ($1, $2, $3, $4, $5)";
    /// A piece of a staged file.
    CHUNK = "SELECT body FROM import_chunk WHERE merchant = $1 AND import = $2 AND file = $3 AND chunk = $4";
    /// Throws the pieces of an import away.
    DROP_CHUNKS = "DELETE FROM import_chunk WHERE merchant = $1 AND import = $2";
    /// One import.
    RUN = "SELECT id, number, state, title, shop, counts, job, created_at, finished_at FROM import_run WHERE merchant = $1 AND id = $2";
    /// The import of a number.
    NUMBERED = "SELECT id, title FROM import_run WHERE merchant = $1 AND number = $2";
    /// One import, locked.
    RUN_LOCKED = "SELECT id, number, state, title, shop, counts, job, created_at, finished_at FROM import_run WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// Imports, newest first.
    RUNS = "SELECT id, number, state, title, shop, counts, job, created_at, finished_at FROM import_run WHERE merchant = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    /// Files of an import.
    FILES = "SELECT file, name, size, digest, path, format, platform, mapping, records, good, bad, skipped FROM import_file WHERE merchant = $1 AND import = $2 ORDER BY file";
    /// A file's preview.
    PREVIEW = "SELECT preview FROM import_file WHERE merchant = $1 AND import = $2 AND file = $3";
    /// A file read with another mapping.
    REMAP = "UPDATE import_file SET format = $4, platform = $5, mapping = $6, records = $7, good = $8, bad = $9, skipped = $10, preview = $11 WHERE merchant = $1 AND import = $2 AND file = $3";
    /// Sets the state and, for a run, its job.
    SET_STATE = "UPDATE import_run SET state = $3, job = COALESCE($4, job), finished_at = $5 WHERE merchant = $1 AND id = $2";
    /// Sets what it came to.
    SET_COUNTS = "UPDATE import_run SET counts = $3 WHERE merchant = $1 AND id = $2";
    /// Sets the shop.
    SET_SHOP = "UPDATE import_run SET shop = $3 WHERE merchant = $1 AND id = $2";
    /// An import of the same files that is not at its end.
    SAME_FILES = "SELECT r.id FROM import_run r JOIN import_file f ON f.merchant = r.merchant AND f.import = r.id WHERE r.merchant = $1 AND r.state IN ('staged', 'running', 'stopped') AND f.digest = $2 ORDER BY r.id DESC LIMIT 1";
    /// Which member records are known.
    KNOWN_RECORDS = "SELECT record FROM member_record WHERE merchant = $1 AND source = $2 AND record = ANY($3)";
    /// Member records of an import, some.
    RECORDS_OF = "SELECT source, record, key_set FROM member_record WHERE merchant = $1 AND import = $2 LIMIT $3";
    /// Imports that brought a member's list rows or orders: each is asked for the member's few records, in this order of tables whatever an engine knows of their sizes.
    BROUGHT = "SELECT r.id, r.title, COALESCE(r.finished_at, r.created_at), r.created_by FROM import_run r WHERE r.merchant = $1 AND r.state <> 'undone' AND (EXISTS (SELECT 1 FROM observation o CROSS JOIN member_record m WHERE m.merchant = o.merchant AND m.source = o.source AND m.record = o.record AND o.merchant = $1 AND o.member = $2 AND m.import = r.number) OR EXISTS (SELECT 1 FROM orders o CROSS JOIN observed_import i WHERE i.merchant = o.merchant AND i.import = r.number AND i.subject = o.id AND o.merchant = $1 AND o.member = $2)) ORDER BY 3 DESC, r.id DESC";
    /// How many of these orders are here.
    KNOWN_ORDERS = "SELECT COUNT(*) FROM orders WHERE merchant = $1 AND source = $2 AND source_id = ANY($3)";
    /// Forgets one.
    DROP_RECORD = "DELETE FROM member_record WHERE merchant = $1 AND source = $2 AND record = $3";
    /// Puts a record into quarantine.
    QUARANTINE = "INSERT INTO quarantine (merchant, id, import, file, record, row_number, place, reasons, first_reason, cells, state, note, created_at, resolved_at, key, digest, resolved_by, resolved_how, same_as) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (merchant, import, file, record) DO NOTHING";
    /// Records in quarantine: the newest import first, its files and rows in their order, after a place.
    QUARANTINED = "SELECT id, import, file, record, row_number, place, reasons, cells, state, note, created_at, resolved_at, resolved_by, resolved_how, resolved_import, same_as, first_told FROM quarantine WHERE merchant = $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR first_reason = $3) AND (CAST($4 AS BIGINT) = 0 OR import = $5) AND (import < $6 OR (import = $6 AND (file > $7 OR (file = $7 AND record > $8)))) ORDER BY import DESC, file, record LIMIT $9";
    /// One of them.
    QUARANTINED_ONE = "SELECT id, import, file, record, row_number, place, reasons, cells, state, note, created_at, resolved_at, resolved_by, resolved_how, resolved_import, same_as, first_told FROM quarantine WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// Those of an import that are open, in the order of the file.
    REJECTS = "SELECT id, import, file, record, row_number, place, reasons, cells, state, note, created_at, resolved_at, resolved_by, resolved_how, resolved_import, same_as, first_told FROM quarantine WHERE merchant = $1 AND import = $2 AND state = 'open' AND (file > $3 OR (file = $3 AND record > $4)) ORDER BY file, record LIMIT $5";
    /// Settles one.
    SETTLE = "UPDATE quarantine SET state = $3, note = $4, reasons = $5, first_reason = $6, cells = $7, resolved_at = $8, resolved_by = $9, resolved_how = $10, first_told = $11, key = COALESCE($12, key) WHERE merchant = $1 AND id = $2";
    /// Open records by id.
    OPEN_ONES = "SELECT id, cells FROM quarantine WHERE merchant = $1 AND id = ANY($2) AND state = 'open' ORDER BY id FOR UPDATE";
    /// Open records of other imports by key, with the format of their files.
    OPEN_BY_KEY = "SELECT q.id, q.key, q.import, q.file, f.format, f.platform, f.name FROM quarantine q JOIN import_file f ON f.merchant = q.merchant AND f.import = q.import AND f.file = q.file WHERE q.merchant = $1 AND q.key = ANY($2) AND q.state = 'open' AND q.import <> $3";
    /// Whether any record of another import is open.
    OPEN_ELSEWHERE = "SELECT 1 FROM quarantine WHERE merchant = $1 AND state = 'open' AND import <> $2 LIMIT 1";
    /// Settles records that were loaded by an import.
    MEND = "UPDATE quarantine SET state = 'repaired', resolved_at = $4, resolved_how = $5, resolved_import = $3, resolved_by = COALESCE((SELECT r.created_by FROM import_run r WHERE r.merchant = $1 AND r.id = $3), $6) WHERE merchant = $1 AND id = ANY($2) AND state = 'open'";
    /// Opens again what an import settled that is taken back, unless its own import is.
    REOPEN = "UPDATE quarantine SET state = 'open', resolved_at = NULL, resolved_by = NULL, resolved_how = NULL, resolved_import = NULL WHERE merchant = $1 AND resolved_import = $2 AND import <> $2 AND state = 'repaired' AND EXISTS (SELECT 1 FROM import_run r WHERE r.merchant = $1 AND r.id = quarantine.import AND r.state NOT IN ('undoing', 'undone'))";
    /// Settled rows of other imports that stand, by what they are known by, the newest last.
    EARLIER = "SELECT q.digest, q.id, q.import, q.state, q.note, q.resolved_at, q.resolved_by, q.resolved_import FROM quarantine q JOIN import_run r ON r.merchant = q.merchant AND r.id = q.import WHERE q.merchant = $1 AND q.digest = ANY($2) AND q.import <> $3 AND q.same_as IS NULL AND q.state <> 'open' AND r.state NOT IN ('undoing', 'undone') AND NOT EXISTS (SELECT 1 FROM import_run x WHERE x.merchant = q.merchant AND x.id = q.resolved_import AND x.state IN ('undoing', 'undone')) ORDER BY q.resolved_at, q.id";
    /// How imports stand, held: none of them can be taken back until rows that they settled are written.
    STANDS = "SELECT id, state FROM import_run WHERE merchant = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
    /// Open rows of other imports or files that are the same as settled ones.
    SAME_OPEN = "SELECT o.id, q.id, q.state, q.note, q.resolved_at, q.resolved_by FROM quarantine q JOIN quarantine o ON o.merchant = q.merchant AND o.digest = q.digest WHERE q.merchant = $1 AND q.id = ANY($2) AND q.state <> 'open' AND q.same_as IS NULL AND o.state = 'open' AND (o.import <> q.import OR o.file <> q.file)";
    /// Settles one as the same as another.
    SETTLE_SAME = "UPDATE quarantine SET state = $3, note = $4, resolved_at = $5, resolved_by = $6, resolved_how = 'before', same_as = $7 WHERE merchant = $1 AND id = $2 AND state = 'open'";
    /// Opens again rows that are the same as ones whose import is taken back or that wait again themselves.
    REOPEN_SAME = "UPDATE quarantine SET state = 'open', note = NULL, resolved_at = NULL, resolved_by = NULL, resolved_how = NULL, same_as = NULL WHERE merchant = $1 AND import <> $2 AND same_as IN (SELECT q.id FROM quarantine q WHERE q.merchant = $1 AND (q.import = $2 OR q.state = 'open')) AND EXISTS (SELECT 1 FROM import_run r WHERE r.merchant = $1 AND r.id = quarantine.import AND r.state NOT IN ('undoing', 'undone'))";
    /// The numbers of members' orders.
    NUMBERS_OF = "SELECT source_id, source FROM orders WHERE merchant = $1 AND member = ANY($2)";
    /// Rows with one of these keys.
    OF_KEYS = "SELECT id, import, file, key FROM quarantine WHERE merchant = $1 AND key = ANY($2)";
    /// A row of somebody who is erased: what it said goes, and it cannot be repaired any more.
    EMPTY = "UPDATE quarantine SET cells = $3, first_told = NULL, digest = NULL, key = NULL, same_as = NULL, resolved_import = NULL, resolved_how = CASE WHEN state = 'open' THEN 'erased' ELSE resolved_how END, note = CASE WHEN state = 'open' THEN 'erased' ELSE note END, resolved_at = COALESCE(resolved_at, $4), state = CASE WHEN state = 'open' THEN 'discarded' ELSE state END WHERE merchant = $1 AND id = $2";
    /// A row that was given up, or settled as an earlier one was, waits again.
    REOPEN_ONE = "UPDATE quarantine SET state = 'open', note = NULL, resolved_at = NULL, resolved_by = NULL, resolved_how = NULL, same_as = NULL WHERE merchant = $1 AND id = $2";
    /// So do those that are the same, where they are of imports that stand.
    REOPEN_ALIKE = "UPDATE quarantine SET state = 'open', note = NULL, resolved_at = NULL, resolved_by = NULL, resolved_how = NULL, same_as = NULL WHERE merchant = $1 AND same_as = $2 AND EXISTS (SELECT 1 FROM import_run r WHERE r.merchant = $1 AND r.id = quarantine.import AND r.state NOT IN ('undoing', 'undone'))";
    /// How the rows of an import in quarantine stand; what only its undoing gave up is not told.
    STANDING = "SELECT state, CASE WHEN same_as IS NULL THEN 0 ELSE 1 END, COUNT(*) FROM quarantine WHERE merchant = $1 AND import = $2 AND (state <> 'discarded' OR resolved_how IS NOT NULL) GROUP BY 1, 2";
    /// Discards what an undone import left.
    DISCARD_OF = "UPDATE quarantine SET state = 'discarded', note = 'import undone', resolved_at = $3 WHERE merchant = $1 AND import = $2 AND state = 'open'";
    /// The import of a record in quarantine with its cells: number, state, end, and the name of its file.
    ROOT = "SELECT q.cells, r.number, r.state, r.finished_at, f.name FROM quarantine q JOIN import_run r ON r.merchant = q.merchant AND r.id = q.import JOIN import_file f ON f.merchant = q.merchant AND f.import = q.import AND f.file = q.file WHERE q.merchant = $1 AND q.id = $2";
    /// Imports whose records an import settled.
    MENDED_BY = "SELECT DISTINCT import FROM quarantine WHERE merchant = $1 AND resolved_import = $2 AND import <> $2 ORDER BY import";
    /// How many records of each file of an import wait for another reason than that they are nobody's.
    REFUSED_OF = "SELECT file, COUNT(*) FROM quarantine WHERE merchant = $1 AND import = $2 AND state = 'open' AND first_reason <> 'member_not_found' GROUP BY file ORDER BY file";
    /// How many records wait in quarantine.
    OPEN_COUNT = "SELECT COUNT(*) FROM quarantine WHERE merchant = $1 AND state = 'open'";
    /// Mappings by name.
    MAPPINGS = "SELECT id, name, body, created_at, updated_at FROM mapping WHERE merchant = $1 ORDER BY name";
    /// One mapping.
    MAPPING = "SELECT id, name, body, created_at, updated_at FROM mapping WHERE merchant = $1 AND id = $2";
    /// Saves one under its name.
    SAVE_MAPPING = "INSERT INTO mapping (merchant, id, name, body, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (merchant, name) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at";
    /// The mapping of that name.
    MAPPING_NAMED = "SELECT id, name, body, created_at, updated_at FROM mapping WHERE merchant = $1 AND name = $2";
    /// Changes one.
    CHANGE_MAPPING = "UPDATE mapping SET name = $3, body = $4, updated_at = $5 WHERE merchant = $1 AND id = $2";
    /// Removes one.
    DROP_MAPPING = "DELETE FROM mapping WHERE merchant = $1 AND id = $2";
}
