//! Statements of re-runs.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// A new one.
    INSERT = "INSERT INTO points_rerun (merchant, id, programme, judge, from_day, to_day, state, summary, note, job, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, 'looking', $7, '', $8, $9, $10)";
    /// One.
    GET = "SELECT id, programme, judge, from_day, to_day, state, summary, note, job, made_at, made_by, booked_at, booked_by FROM points_rerun WHERE merchant = $1 AND id = $2";
    /// One, to be changed.
    HOLD = "SELECT id, programme, judge, from_day, to_day, state, summary, note, job, made_at, made_by, booked_at, booked_by FROM points_rerun WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// A programme's, the newest first, before an instant and id.
    PAGE = "SELECT id, programme, judge, from_day, to_day, state, summary, note, job, made_at, made_by, booked_at, booked_by FROM points_rerun WHERE merchant = $1 AND programme = $2 AND (made_at, id) < ($3, $4) ORDER BY made_at DESC, id DESC LIMIT $5";
    /// Those of a programme that are not over.
    OPEN = "SELECT id, state FROM points_rerun WHERE merchant = $1 AND programme = $2 AND state IN ('looking', 'shown', 'booking') ORDER BY made_at";
    /// The versions by which orders paid between two days were judged, or are being judged.
    JUDGES = "SELECT DISTINCT judge FROM points_rerun WHERE merchant = $1 AND programme = $2 AND judge IS NOT NULL AND state IN ('booking', 'booked') AND to_day >= $3 AND from_day <= $4 ORDER BY judge";
    /// Where it is now, and what it comes to.
    SET = "UPDATE points_rerun SET state = $3, summary = $4 WHERE merchant = $1 AND id = $2";
    /// It is to be booked.
    BEGIN = "UPDATE points_rerun SET state = 'booking', note = $3, job = $4, booked_at = $5, booked_by = $6 WHERE merchant = $1 AND id = $2";
    /// One of a programme's that was thrown away and of which something is kept.
    DROPPED = "SELECT r.id FROM points_rerun r WHERE r.merchant = $1 AND r.programme = $2 AND r.state = 'dropped' AND EXISTS (SELECT 1 FROM points_rerun_member m WHERE m.merchant = $1 AND m.rerun = r.id) LIMIT 1";
    /// Some of what is kept of it.
    DROP_ROWS = "DELETE FROM points_rerun_member WHERE merchant = $1 AND rerun = $2 AND member IN (SELECT member FROM points_rerun_member WHERE merchant = $1 AND rerun = $2 ORDER BY member LIMIT $3)";
    /// Members with a book after one, and whether a payment of theirs lies in a stretch of time.
    MEMBERS = "SELECT b.member, CAST(CASE WHEN EXISTS (SELECT 1 FROM points_event e WHERE e.merchant = $1 AND e.programme = $2 AND e.member = b.member AND e.kind = 'order_paid' AND e.taken = 1 AND e.happened_at >= $4 AND e.happened_at < $5) THEN 1 ELSE 0 END AS BIGINT) FROM points_book b WHERE b.merchant = $1 AND b.programme = $2 AND b.member > $3 ORDER BY b.member LIMIT $6";
    /// What it comes to for members after one, in a state or any; whoever has the same by it is not told.
    ROWS = "SELECT member, state, found FROM points_rerun_member WHERE merchant = $1 AND rerun = $2 AND member > $3 AND ($4 = '' AND state NOT IN ('same', 'kept') OR state = $4) ORDER BY member LIMIT $5";
    /// Members after one for whom it is to be booked.
    TO_BOOK = "SELECT member, state, found FROM points_rerun_member WHERE merchant = $1 AND rerun = $2 AND member > $3 AND state IN ('shown', 'same') ORDER BY member LIMIT $4";
    /// What became of members.
    DONE = "UPDATE points_rerun_member SET state = $4 WHERE merchant = $1 AND rerun = $2 AND member = ANY($3)";
    /// An erased person's rows.
    ERASE = "DELETE FROM points_rerun_member WHERE merchant = $1 AND member = ANY($2)";
}

/// What a re-run comes to for members.
pub const PUT: InsertMany = InsertMany {
    table: "points_rerun_member",
    columns: &[Column::Int("merchant"), Column::Bytes("rerun"), Column::Bytes("member"), Column::Text("state"), Column::Text("found")],
    then: "ON CONFLICT (merchant, rerun, member) DO UPDATE SET state = excluded.state, found = excluded.found",
};
