//! The statements of batches.

use shuke_store::{Column, InsertMany};

macro_rules! batch {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, state, destination, purpose, spec, counts, job, asked_at, known_at, codes, codes_used, exports, currency, cost_fixed, cost_per_thousand, created_at, created_by, frozen_at, handed_at, closed_at FROM batch WHERE merchant = $1",
            $rest
        )
    };
}

macro_rules! row {
    ($rest:literal) => {
        concat!(
            "SELECT place, member, receipt, receipt_at, replied_at, unsubscribed_at, address, link, handed_at FROM batch_member WHERE merchant = $1 AND batch = $2 AND handed_at IS NOT NULL",
            $rest
        )
    };
}

shuke_store::statements! {
    /// Adds one, where its id is nobody's.
    ADD = "INSERT INTO batch (merchant, id, name, state, destination, purpose, spec, counts, job, asked_at, known_at, codes, codes_used, exports, currency, cost_fixed, cost_per_thousand, created_at, created_by, frozen_at, handed_at, closed_at) VALUES ($1, $2, $3, 'draft', $4, $5, $6, '{}', NULL, NULL, NULL, 0, 0, 0, $7, $8, $9, $10, $11, NULL, NULL, NULL) ON CONFLICT DO NOTHING";
    /// Names its job.
    SET_JOB = "UPDATE batch SET job = $3 WHERE merchant = $1 AND id = $2";
    /// One batch.
    GET = batch!(" AND id = $2");
    /// One batch, held.
    HOLD = batch!(" AND id = $2 FOR UPDATE");
    /// Batches, newest first, before an id.
    LIST = batch!(" AND id < $2 AND ($3 = '' OR state = $3) ORDER BY id DESC LIMIT $4");
    /// Holds all that are being put together: one of them judges at a time.
    HOLD_DRAFTS = "SELECT id FROM batch WHERE merchant = $1 AND state = 'draft' ORDER BY id FOR UPDATE";
    /// Its question was answered.
    ASKED = "UPDATE batch SET asked_at = $3, known_at = $4 WHERE merchant = $1 AND id = $2";
    /// It is frozen.
    FROZEN = "UPDATE batch SET state = 'frozen', counts = $3, frozen_at = $4 WHERE merchant = $1 AND id = $2 AND state = 'draft'";
    /// It is given out, once more or for the first time.
    GIVEN_OUT = "UPDATE batch SET state = 'handed_over', exports = $3 WHERE merchant = $1 AND id = $2";
    /// What a step changed; with the time where its first row left.
    STEPPED = "UPDATE batch SET counts = $3, codes_used = $4, handed_at = COALESCE(handed_at, $5) WHERE merchant = $1 AND id = $2";
    /// It is closed.
    CLOSED = "UPDATE batch SET state = 'closed', closed_at = $3, counts = $4 WHERE merchant = $1 AND id = $2";
    /// A part of the list that it was asked for by.
    PUT_LIST = "INSERT INTO batch_list (merchant, batch, part, members) VALUES ($1, $2, $3, $4)";
    /// The parts, in order.
    LISTED = "SELECT members FROM batch_list WHERE merchant = $1 AND batch = $2 ORDER BY part";
    /// Drops the list.
    DROP_LIST = "DELETE FROM batch_list WHERE merchant = $1 AND batch = $2";
    /// Its name and costs.
    CHANGE = "UPDATE batch SET name = $3, cost_fixed = $4, cost_per_thousand = $5 WHERE merchant = $1 AND id = $2";
    /// More codes.
    MORE_CODES = "UPDATE batch SET codes = codes + $3 WHERE merchant = $1 AND id = $2";
    /// The last place of a batch.
    LAST_PLACE = "SELECT COALESCE(MAX(place), -1) FROM batch_member WHERE merchant = $1 AND batch = $2";
    /// Drops places.
    DROP_PLACES = "DELETE FROM batch_member WHERE merchant = $1 AND batch = $2 AND place >= $3 AND place < $4";
    /// Who is not judged yet.
    PENDING = "SELECT place, member FROM batch_member WHERE merchant = $1 AND batch = $2 AND verdict = 'pending' AND place > $3 ORDER BY place LIMIT $4";
    /// Addresses that stand in a batch, place by place.
    ADDRESSES = "SELECT place, address FROM batch_member WHERE merchant = $1 AND batch = $2 AND place > $3 AND address IS NOT NULL ORDER BY place LIMIT $4";
    /// How many have which verdict.
    COUNTS = "SELECT verdict, COUNT(*) FROM batch_member WHERE merchant = $1 AND batch = $2 GROUP BY verdict";
    /// In how many other batches members wait to be handed over.
    WAITING = "SELECT m.member, COUNT(DISTINCT m.batch) FROM batch_member m JOIN batch b ON b.merchant = m.merchant AND b.id = m.batch WHERE m.merchant = $1 AND m.member = ANY($2) AND m.batch <> $3 AND m.verdict = 'treated' AND m.handed_at IS NULL AND b.state <> 'closed' GROUP BY m.member";
    /// Batches other than one whose comparison may run, or may still begin: those that were begun since $3.
    KEEPERS = "SELECT id, name, state, spec, handed_at FROM batch WHERE merchant = $1 AND id <> $2 AND (handed_at > $3 OR (handed_at IS NULL AND state <> 'closed')) ORDER BY id";
    /// Whom of these members these batches hold out.
    HELD_BY = "SELECT member, batch FROM batch_member WHERE merchant = $1 AND batch = ANY($2) AND member = ANY($3) AND verdict = 'held_out' ORDER BY member, batch";
    /// The addresses among these by which these batches hold somebody out.
    HELD_AT = "SELECT address, batch FROM batch_member WHERE merchant = $1 AND batch = ANY($2) AND address IS NOT NULL AND address = ANY($3) AND verdict = 'held_out' ORDER BY address, batch";
    /// Rows to be given out, and those held out beside them.
    TO_GIVE = "SELECT place, member, verdict, link, code, handed_at, handed_in, address FROM batch_member WHERE merchant = $1 AND batch = $2 AND verdict IN ('treated', 'held_out') AND place > $3 ORDER BY place LIMIT $4";
    /// One row was given out.
    STAMP = "UPDATE batch_member SET handed_at = $4, handed_in = $5, code = $6, address = COALESCE($7, address) WHERE merchant = $1 AND batch = $2 AND place = $3";
    /// A row goes out again, by another address.
    READDRESSED = "UPDATE batch_member SET address = $4 WHERE merchant = $1 AND batch = $2 AND place = $3";
    /// Rows of these members that were given out or are held out.
    TAKEN_MEMBERS = "SELECT member, place, handed_at FROM batch_member WHERE merchant = $1 AND batch = $2 AND member = ANY($3) AND (handed_at IS NOT NULL OR verdict = 'held_out')";
    /// Rows of these addresses that were given out or are held out.
    TAKEN_ADDRESSES = "SELECT address, place, handed_at FROM batch_member WHERE merchant = $1 AND batch = $2 AND address IS NOT NULL AND address = ANY($3) AND (handed_at IS NOT NULL OR verdict = 'held_out')";
    /// One row will not be given out.
    LAPSED = "UPDATE batch_member SET verdict = $4, handed_in = $5 WHERE merchant = $1 AND batch = $2 AND place = $3";
    /// A row that is held out was looked at beside those given out.
    LOOKED_AT = "UPDATE batch_member SET handed_in = $4, address = COALESCE($5, address) WHERE merchant = $1 AND batch = $2 AND place = $3";
    /// Which of these codes it has.
    KNOWN_CODES = "SELECT token FROM batch_code WHERE merchant = $1 AND batch = $2 AND token = ANY($3)";
    /// Codes by number.
    CODES = "SELECT number, sealed FROM batch_code WHERE merchant = $1 AND batch = $2 AND number = ANY($3)";
    /// Members of a batch, by place.
    MEMBERS = "SELECT place, member, verdict, link, handed_at, receipt, receipt_at, clicked_at, clicks, replied_at, unsubscribed_at FROM batch_member WHERE merchant = $1 AND batch = $2 AND ($3 = '' OR verdict = $3) AND place > $4 ORDER BY place LIMIT $5";
    /// Handed-over rows by link.
    BY_LINK = row!(" AND link = ANY($3)");
    /// By address.
    BY_ADDRESS = row!(" AND address = ANY($3)");
    /// By member.
    BY_MEMBER = row!(" AND member = ANY($3)");
    /// What came of one.
    RESULT = "UPDATE batch_member SET receipt = $4, receipt_at = $5, replied_at = $6, unsubscribed_at = $7 WHERE merchant = $1 AND batch = $2 AND place = $3";
    /// Whose a link is, and where it leads.
    LINK = "SELECT m.batch, m.place, m.member, m.handed_at, b.spec, b.destination FROM batch_member m JOIN batch b ON b.merchant = m.merchant AND b.id = m.batch WHERE m.merchant = $1 AND m.link = $2";
    /// A person followed a link.
    CLICKED = "UPDATE batch_member SET clicks = clicks + 1, clicked_at = COALESCE(clicked_at, $4) WHERE merchant = $1 AND batch = $2 AND place = $3";
    /// A click, unless one is written down that is not older than $5.
    ADD_CLICK = "INSERT INTO batch_click (merchant, batch, place, at) SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM batch_click WHERE merchant = $1 AND batch = $2 AND place = $3 AND at > $5) ON CONFLICT DO NOTHING";
    /// A program followed it.
    SCANNED = "UPDATE batch_member SET scans = scans + 1 WHERE merchant = $1 AND batch = $2 AND place = $3";
    /// Given out, and held out beside them, member by member: one line each though a merge may have put two rows together.
    ARMS = "SELECT member, CAST(MAX(CASE WHEN verdict = 'treated' THEN 1 ELSE 0 END) AS BIGINT), MIN(handed_at), CAST(MAX(CASE WHEN receipt = 'delivered' THEN 1 ELSE 0 END) AS BIGINT), CAST(MAX(CASE WHEN receipt = 'failed' THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(clicks) AS BIGINT), CAST(SUM(scans) AS BIGINT), MIN(replied_at), MIN(unsubscribed_at) FROM batch_member WHERE merchant = $1 AND batch = $2 AND verdict IN ('treated', 'held_out') AND handed_in IS NOT NULL AND member > $3 GROUP BY member ORDER BY member LIMIT $4";
    /// When members clicked, in every batch.
    CLICKS = "SELECT m.member, c.batch, c.at FROM batch_member m JOIN batch_click c ON c.merchant = m.merchant AND c.batch = m.batch AND c.place = m.place WHERE m.merchant = $1 AND m.member = ANY($2) AND m.handed_at IS NOT NULL";
    /// When members were given out, by every batch, and what receipts say.
    TOUCHES = "SELECT member, batch, handed_at, receipt, receipt_at FROM batch_member WHERE merchant = $1 AND member = ANY($2) AND handed_at IS NOT NULL";
}

/// Members of a batch that is being put together.
pub(crate) const PUT: InsertMany = InsertMany {
    table: "batch_member",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("batch"),
        Column::Int("place"),
        Column::Bytes("member"),
        Column::Text("verdict"),
        Column::Int("clicks"),
        Column::Int("scans"),
    ],
    then: "",
};

/// Their verdicts.
pub(crate) const JUDGE: InsertMany = InsertMany {
    table: "batch_member",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("batch"),
        Column::Int("place"),
        Column::Bytes("member"),
        Column::Text("verdict"),
        Column::Bytes("address"),
        Column::Text("link"),
        Column::Int("clicks"),
        Column::Int("scans"),
    ],
    then: "ON CONFLICT (merchant, batch, place) DO UPDATE SET verdict = excluded.verdict, address = excluded.address, link = excluded.link",
};

/// Codes.
pub(crate) const ADD_CODES: InsertMany = InsertMany {
    table: "batch_code",
    columns: &[Column::Int("merchant"), Column::Bytes("batch"), Column::Int("number"), Column::Bytes("token"), Column::Bytes("sealed")],
    then: "",
};
