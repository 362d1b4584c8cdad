//! Statements of the feed.

use crate::sql::{Column, InsertMany};

crate::statements! {
    /// Advances the head by a number of events.
    ADVANCE = "UPDATE feed_head SET position = position + $2 WHERE merchant = $1 RETURNING position";
    /// The first event of a merchant makes its head row.
    MAKE_HEAD = "INSERT INTO feed_head (merchant, position) VALUES ($1, 0) ON CONFLICT (merchant) DO NOTHING";
    /// The head, locked: who holds it stamps.
    LOCK_HEAD = "SELECT position FROM feed_head WHERE merchant = $1 FOR UPDATE";
    /// The head, read.
    HEAD = "SELECT position FROM feed_head WHERE merchant = $1";
    /// Events after a position.
    READ = "SELECT position, id, kind, version, occurred_at, recorded_at, subject_kind, subject, member, data FROM event WHERE merchant = $1 AND position > $2 ORDER BY position LIMIT $3";
    /// A subscriber's offset, locked.
    OFFSET = "SELECT position FROM feed_offset WHERE merchant = $1 AND subscriber = $2 FOR UPDATE";
    /// Makes it.
    MAKE_OFFSET = "INSERT INTO feed_offset (merchant, subscriber, position, updated_at) VALUES ($1, $2, $3, $4) ON CONFLICT (merchant, subscriber) DO NOTHING";
    /// Moves it.
    MOVE_OFFSET = "UPDATE feed_offset SET position = $3, updated_at = $4 WHERE merchant = $1 AND subscriber = $2";
    /// Moves it, unless it was moved meanwhile.
    STEP_OVER = "UPDATE feed_offset SET position = $4, updated_at = $5 WHERE merchant = $1 AND subscriber = $2 AND position = $3";
    /// All offsets.
    OFFSETS = "SELECT merchant, subscriber, position FROM feed_offset ORDER BY merchant, subscriber";
    /// One event.
    ONE = "SELECT position, id, kind, version, occurred_at, recorded_at, subject_kind, subject, member, data FROM event WHERE merchant = $1 AND position = $2";
    /// Events set aside, oldest first; of all subscribers where none is named.
    DEAD = "SELECT subscriber, position, error, buried_at FROM dead_letter WHERE merchant = $1 AND ($2 = '' OR subscriber = $2) ORDER BY subscriber, position LIMIT $3";
    /// One of them, locked.
    LOCK_DEAD = "SELECT position FROM dead_letter WHERE merchant = $1 AND subscriber = $2 AND position = $3 FOR UPDATE";
    /// Takes it away.
    UNBURY = "DELETE FROM dead_letter WHERE merchant = $1 AND subscriber = $2 AND position = $3";
    /// An event that a subscriber could not take.
    BURY = "INSERT INTO dead_letter (merchant, subscriber, position, error, buried_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (merchant, subscriber, position) DO NOTHING";
    /// Whether an event of that kind lies between two positions.
    ANY_OF = "SELECT CASE WHEN EXISTS (SELECT 1 FROM event WHERE merchant = $1 AND position > $2 AND position <= $3 AND kind = $4) THEN 1 ELSE 0 END";
    /// Merchants that have events.
    MERCHANTS = "SELECT merchant FROM feed_head ORDER BY merchant";
    /// Forgets events that every subscriber has seen.
    PRUNE = "DELETE FROM event WHERE merchant = $1 AND position <= $2";
}

/// Merchants with events that have no position yet (PostgreSQL only).
///
/// From merchant to merchant by the index: DISTINCT reads every waiting event, and after a large load there are millions.
pub(super) const UNSTAMPED: &str = "WITH RECURSIVE waiting AS ( \
        (SELECT merchant, 1 AS nth FROM event WHERE position IS NULL ORDER BY merchant LIMIT 1) \
        UNION ALL \
        SELECT (SELECT e.merchant FROM event e WHERE e.position IS NULL AND e.merchant > w.merchant ORDER BY e.merchant LIMIT 1), w.nth + 1 \
        FROM waiting w WHERE w.merchant IS NOT NULL AND w.nth < 64) \
    SELECT merchant FROM waiting WHERE merchant IS NOT NULL ORDER BY merchant";
/// Gives the oldest of them their positions behind the head (PostgreSQL only).
pub(super) const STAMP: &str = "WITH batch AS (SELECT number, row_number() OVER (ORDER BY number) AS nth FROM (SELECT number FROM event WHERE merchant = $1 AND position IS NULL ORDER BY number LIMIT 5000) x) \
    UPDATE event SET position = $2 + batch.nth FROM batch WHERE event.merchant = $1 AND event.number = batch.number";

/// Events with their positions.
pub(super) const INSERT_SQLITE: InsertMany = InsertMany {
    table: "event",
    columns: &[
        Column::Int("merchant"),
        Column::Int("position"),
        Column::Bytes("id"),
        Column::Text("kind"),
        Column::Int("version"),
        Column::Int("occurred_at"),
        Column::Int("recorded_at"),
        Column::Text("subject_kind"),
        Column::Bytes("subject"),
        Column::Bytes("member"),
        Column::Text("data"),
    ],
    then: "",
};

/// Events that get their positions later.
pub(super) const INSERT_POSTGRES: InsertMany = InsertMany {
    table: "event",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("kind"),
        Column::Int("version"),
        Column::Int("occurred_at"),
        Column::Int("recorded_at"),
        Column::Text("subject_kind"),
        Column::Bytes("subject"),
        Column::Bytes("member"),
        Column::Text("data"),
    ],
    then: "",
};
