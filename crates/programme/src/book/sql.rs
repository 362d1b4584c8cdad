//! Statements about books, events and entries.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// Members' books, locked in the order of members.
    HOLD = "SELECT member, state, moved_to, origin, facts, events, entries, parts, format, heart, due FROM points_book WHERE merchant = $1 AND programme = $2 AND member = ANY($3) ORDER BY member FOR UPDATE";
    /// One, locked.
    HOLD_ONE = "SELECT member, state, moved_to, origin, facts, events, entries, parts, format, heart, due FROM points_book WHERE merchant = $1 AND programme = $2 AND member = $3 FOR UPDATE";
    /// One, read.
    GET = "SELECT member, state, moved_to, origin, facts, events, entries, parts, format, heart, due FROM points_book WHERE merchant = $1 AND programme = $2 AND member = $3";
    /// The programmes in which these members have books.
    OF_MEMBERS = "SELECT programme, member FROM points_book WHERE merchant = $1 AND member = ANY($2) ORDER BY programme, member";
    /// Members with a book after a member.
    MEMBERS = "SELECT member FROM points_book WHERE merchant = $1 AND programme = $2 AND member > $3 ORDER BY member LIMIT $4";
    /// Books after a member.
    PAGE = "SELECT member, state, moved_to, origin, facts, events, entries, parts, format, heart, due FROM points_book WHERE merchant = $1 AND programme = $2 AND member > $3 ORDER BY member LIMIT $4";
    /// The balances of books after a member.
    BALANCES = "SELECT member, state, pending, available, frozen, issued, redeemed, expired, reversed, transferred, events, entries FROM points_book WHERE merchant = $1 AND programme = $2 AND member > $3 ORDER BY member LIMIT $4";
    /// Members in whose books something is due, after a place; whom another process has in hand is left to it.
    DUE = "SELECT due, member FROM points_book WHERE merchant = $1 AND programme = $2 AND due IS NOT NULL AND due <= $3 AND (due, member) > ($4, $5) ORDER BY due, member LIMIT $6 FOR UPDATE SKIP LOCKED";
    /// Whether something is due after a place.
    ANY_DUE = "SELECT 1 FROM points_book WHERE merchant = $1 AND programme = $2 AND due IS NOT NULL AND due <= $3 AND (due, member) > ($4, $5) LIMIT 1";
    /// What is known of these kinds and ids of members' events.
    KNOWN = "SELECT member, kind, event_id, outcome FROM points_event WHERE merchant = $1 AND programme = $2 AND member = ANY($3) AND kind = ANY($4) AND event_id = ANY($5)";
    /// The events that count, in order of time.
    HISTORY = "SELECT seq, happened_at, event_id, body FROM points_event WHERE merchant = $1 AND programme = $2 AND member = $3 AND taken = 1 ORDER BY happened_at, seq";
    /// Takes events back that this transaction put: one beside them is known.
    TAKE_BACK = "DELETE FROM points_event WHERE merchant = $1 AND programme = $2 AND member = $3 AND seq >= $4";
    /// An event gives way: it keeps its row, and its id is free.
    GIVE_WAY = "UPDATE points_event SET taken = 0, event_id = $5 WHERE merchant = $1 AND programme = $2 AND member = $3 AND seq = $4";
    /// A payment is judged by another version.
    REJUDGE = "UPDATE points_event SET body = $5 WHERE merchant = $1 AND programme = $2 AND member = $3 AND seq = $4";
    /// Whatever is known under this id gives way.
    FREE_ID = "UPDATE points_event SET taken = 0, event_id = event_id || '#' || CAST(seq AS TEXT) WHERE merchant = $1 AND programme = $2 AND member = $3 AND kind = $4 AND event_id = $5";
    /// What was asked of one member's book since an event is known in another's as well, and counts nothing there.
    KNOW_TOO = "INSERT INTO points_event (merchant, programme, member, seq, happened_at, booked_at, kind, event_id, outcome, taken, body, made_by, reason) SELECT e.merchant, e.programme, $4, $5 + ROW_NUMBER() OVER (ORDER BY e.seq), e.happened_at, e.booked_at, e.kind, e.event_id, e.outcome, 0, e.body, e.made_by, NULL FROM points_event e WHERE e.merchant = $1 AND e.programme = $2 AND e.member = $3 AND e.seq > $6 AND e.kind NOT IN ('order_paid', 'order_completed', 'refund', 'order_closed', 'absorb', 'depart', 'restore', 'known') AND NOT EXISTS (SELECT 1 FROM points_event k WHERE k.merchant = $1 AND k.programme = $2 AND k.member = $4 AND k.kind = e.kind AND k.event_id = e.event_id)";
    /// When two members who had been one were parted last: the number of the event.
    RESTORED = "SELECT MAX(seq) FROM points_event WHERE merchant = $1 AND programme = $2 AND member = $3 AND kind = 'restore'";
    /// Some members' events that count and are of orders.
    ORDER_EVENTS = "SELECT member, seq, happened_at, event_id, body FROM points_event WHERE merchant = $1 AND programme = $2 AND member = ANY($3) AND taken = 1 AND kind IN ('order_paid', 'order_completed', 'refund', 'order_closed') ORDER BY member, happened_at, seq";
    /// A part that lies apart from a heart.
    PART = "SELECT member, part, body FROM points_part WHERE merchant = $1 AND programme = $2 AND member = $3 AND part = $4";
    /// All parts that lie apart from a heart.
    ALL_PARTS = "SELECT member, part, body FROM points_part WHERE merchant = $1 AND programme = $2 AND member = $3";
    /// Parts are in the heart again.
    DROP_PARTS = "DELETE FROM points_part WHERE merchant = $1 AND programme = $2 AND member = $3 AND part = ANY($4)";
    /// All parts of a heart that was made anew.
    DROP_ALL_PARTS = "DELETE FROM points_part WHERE merchant = $1 AND programme = $2 AND member = $3";
    /// A member's entries, newest first, before a number.
    ENTRIES = "SELECT member, seq, from_account, to_account, amount, lot, lot_made, cause_kind, cause_id, rule_version, happened_at, booked_at, corrects, event_seq FROM points_entry WHERE merchant = $1 AND programme = $2 AND member = $3 AND seq < $4 ORDER BY seq DESC LIMIT $5";
    /// Entries of a programme in a stretch of booking, newest first, before a place.
    BOOKED = "SELECT member, seq, from_account, to_account, amount, lot, lot_made, cause_kind, cause_id, rule_version, happened_at, booked_at, corrects, event_seq FROM points_entry WHERE merchant = $1 AND programme = $2 AND (booked_at, member, seq) < ($3, $4, $5) AND booked_at >= $6 ORDER BY booked_at DESC, member DESC, seq DESC LIMIT $7";
    /// All of a member's entries, in order.
    ALL_ENTRIES = "SELECT member, seq, from_account, to_account, amount, lot, lot_made, cause_kind, cause_id, rule_version, happened_at, booked_at, corrects, event_seq FROM points_entry WHERE merchant = $1 AND programme = $2 AND member = $3 ORDER BY seq";
    /// What members' entries come to, by the two accounts.
    SUMS = "SELECT member, from_account, to_account, CAST(SUM(amount) AS BIGINT), COUNT(*), MIN(seq), MAX(seq), MIN(amount) FROM points_entry WHERE merchant = $1 AND programme = $2 AND member >= $3 AND member <= $4 GROUP BY member, from_account, to_account ORDER BY member";
    /// When members checked in, in any programme.
    CHECK_INS = "SELECT member, happened_at FROM points_event WHERE merchant = $1 AND programme = ANY($2) AND member = ANY($3) AND kind = 'check_in' AND taken = 1 AND happened_at >= $4";
    /// Points that became free to spend, or were taken back after that, but for those that somebody gave or took by hand.
    CAME = "SELECT member, happened_at, CASE WHEN to_account = 'available' THEN amount ELSE -amount END FROM points_entry WHERE merchant = $1 AND programme = $2 AND member = ANY($3) AND happened_at >= $4 AND cause_kind <> 'adjust' AND (to_account = 'available' AND from_account IN ('issued', 'pending', 'reversed') OR from_account = 'available' AND to_account IN ('issued', 'pending', 'reversed'))";
    /// How many events members have.
    EVENT_COUNTS = "SELECT member, COUNT(*), MAX(seq) FROM points_event WHERE merchant = $1 AND programme = $2 AND member >= $3 AND member <= $4 GROUP BY member ORDER BY member";
    /// The books of members, in every programme, locked.
    HOLD_ALL = "SELECT programme, member FROM points_book WHERE merchant = $1 AND member = ANY($2) ORDER BY programme, member FOR UPDATE";
    /// Members whose book is closed because they were erased, or went into another one's with a merge.
    CLOSED_AMONG = "SELECT member, CASE state WHEN 'moved' THEN moved_to END FROM points_book WHERE merchant = $1 AND programme = $2 AND member = ANY($3) AND state <> 'open'";
    /// Closes a book whose person was erased.
    ERASE = "UPDATE points_book SET state = 'erased', due = NULL, tier = NULL, tier_until = NULL, heart = $4, facts = $6, updated_at = $5 WHERE merchant = $1 AND programme = $2 AND member = $3";
    /// What was booked in a stretch, by month of the lot and the two accounts.
    TAIL = "SELECT lot_month, from_account, to_account, CAST(SUM(amount) AS BIGINT) FROM points_entry WHERE merchant = $1 AND programme = $2 AND booked_at >= $3 AND booked_at < $4 GROUP BY lot_month, from_account, to_account";
    /// All that is summed, by the two accounts.
    SUMMED = "SELECT from_account, to_account, CAST(SUM(amount) AS BIGINT) FROM points_sum WHERE merchant = $1 AND programme = $2 GROUP BY from_account, to_account";
    /// What is summed of months up to one.
    SUMMED_UPTO = "SELECT month, lot_month, from_account, to_account, amount FROM points_sum WHERE merchant = $1 AND programme = $2 AND month <= $3";
    /// The first month of the sums.
    FIRST_SUMMED = "SELECT MIN(month) FROM points_sum WHERE merchant = $1 AND programme = $2";
    /// When the entry so far on from an instant was booked.
    NEXT_BOOKED = "SELECT booked_at FROM points_entry WHERE merchant = $1 AND programme = $2 AND booked_at >= $3 ORDER BY booked_at, member, seq LIMIT 1 OFFSET $4";
    /// Sums a stretch of one month.
    ADD_SUMS = "INSERT INTO points_sum (merchant, programme, month, lot_month, from_account, to_account, amount, entries) SELECT $1, $2, $3, lot_month, from_account, to_account, CAST(SUM(amount) AS BIGINT), COUNT(*) FROM points_entry WHERE merchant = $1 AND programme = $2 AND booked_at >= $4 AND booked_at < $5 GROUP BY lot_month, from_account, to_account ON CONFLICT (merchant, programme, month, lot_month, from_account, to_account) DO UPDATE SET amount = points_sum.amount + excluded.amount, entries = points_sum.entries + excluded.entries";
    /// Takes out of a closed book's events what tells of the person.
    ERASE_EVENTS = "UPDATE points_event SET body = '{}', reason = NULL WHERE merchant = $1 AND programme = $2 AND member = $3 AND kind IN ('known', 'absorb', 'restore')";
    /// Why somebody asked for events of a member.
    REASONS = "SELECT seq, made_by, reason FROM points_event WHERE merchant = $1 AND programme = $2 AND member = $3 AND seq = ANY($4)";
}

/// Parts by whose they are and their names, pair by pair (PostgreSQL; on SQLite [`PART`] costs as little).
pub const PARTS_OF: &str = "SELECT p.member, p.part, p.body FROM unnest($3::bytea[], $4::text[]) AS w(member, part) \
    JOIN points_part p ON p.merchant = $1 AND p.programme = $2 AND p.member = w.member AND p.part = w.part";

const BOOK: &[Column] = &[
    Column::Int("merchant"),
    Column::Bytes("programme"),
    Column::Bytes("member"),
    Column::Text("state"),
    Column::Bytes("moved_to"),
    Column::Text("facts"),
    Column::Int("origin"),
    Column::Int("clock"),
    Column::Int("due"),
    Column::Int("events"),
    Column::Int("entries"),
    Column::Int("parts"),
    Column::Int("pending"),
    Column::Int("available"),
    Column::Int("frozen"),
    Column::Int("issued"),
    Column::Int("redeemed"),
    Column::Int("expired"),
    Column::Int("reversed"),
    Column::Int("transferred"),
    Column::Text("tier"),
    Column::Int("tier_until"),
    Column::Int("format"),
    Column::Text("heart"),
    Column::Int("updated_at"),
];

/// Books; of one that is there everything but where it began changes.
pub const PUT_BOOKS: InsertMany = InsertMany {
    table: "points_book",
    columns: BOOK,
    then: "ON CONFLICT (merchant, programme, member) DO UPDATE SET state = excluded.state, moved_to = excluded.moved_to, facts = excluded.facts, origin = excluded.origin, clock = excluded.clock, due = excluded.due, \
        events = excluded.events, entries = excluded.entries, parts = excluded.parts, pending = excluded.pending, available = excluded.available, frozen = excluded.frozen, issued = excluded.issued, \
        redeemed = excluded.redeemed, expired = excluded.expired, reversed = excluded.reversed, transferred = excluded.transferred, tier = excluded.tier, tier_until = excluded.tier_until, format = excluded.format, \
        heart = excluded.heart, updated_at = excluded.updated_at",
};

/// The same of books in which what is due is due when it was: a column that a statement names is written into its index
/// anew, be it the same.
pub const PUT_BOOKS_DUE_AS_BEFORE: InsertMany = InsertMany {
    table: "points_book",
    columns: BOOK,
    then: "ON CONFLICT (merchant, programme, member) DO UPDATE SET state = excluded.state, moved_to = excluded.moved_to, facts = excluded.facts, origin = excluded.origin, clock = excluded.clock, \
        events = excluded.events, entries = excluded.entries, parts = excluded.parts, pending = excluded.pending, available = excluded.available, frozen = excluded.frozen, issued = excluded.issued, \
        redeemed = excluded.redeemed, expired = excluded.expired, reversed = excluded.reversed, transferred = excluded.transferred, tier = excluded.tier, tier_until = excluded.tier_until, format = excluded.format, \
        heart = excluded.heart, updated_at = excluded.updated_at",
};

/// Events; one whose kind and id are known is not written.
pub const PUT_EVENTS: InsertMany = InsertMany {
    table: "points_event",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("programme"),
        Column::Bytes("member"),
        Column::Int("seq"),
        Column::Int("happened_at"),
        Column::Int("booked_at"),
        Column::Text("kind"),
        Column::Text("event_id"),
        Column::Text("outcome"),
        Column::Int("taken"),
        Column::Text("body"),
        Column::Text("made_by"),
        Column::Bytes("reason"),
    ],
    then: "ON CONFLICT (merchant, programme, member, kind, event_id) DO NOTHING",
};

/// Entries: only ever added.
pub const PUT_ENTRIES: InsertMany = InsertMany {
    table: "points_entry",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("programme"),
        Column::Bytes("member"),
        Column::Int("seq"),
        Column::Text("from_account"),
        Column::Text("to_account"),
        Column::Int("amount"),
        Column::Text("lot"),
        Column::Int("lot_made"),
        Column::Int("lot_month"),
        Column::Text("cause_kind"),
        Column::Text("cause_id"),
        Column::Int("rule_version"),
        Column::Int("happened_at"),
        Column::Int("booked_at"),
        Column::Int("corrects"),
        Column::Int("event_seq"),
    ],
    then: "",
};

/// Parts that lie apart from hearts.
pub const PUT_PARTS: InsertMany = InsertMany {
    table: "points_part",
    columns: &[Column::Int("merchant"), Column::Bytes("programme"), Column::Bytes("member"), Column::Text("part"), Column::Text("body")],
    then: "ON CONFLICT (merchant, programme, member, part) DO UPDATE SET body = excluded.body",
};
