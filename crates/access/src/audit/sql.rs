//! Statements of the audit.

shuke_store::statements! {
    /// The first entry of a merchant makes its head.
    MAKE_HEAD = "INSERT INTO audit_head (merchant, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (merchant) DO NOTHING";
    /// The head, locked: who holds it appends.
    LOCK_HEAD = "SELECT seq, hash FROM audit_head WHERE merchant = $1 FOR UPDATE";
    /// The head, read.
    HEAD = "SELECT seq, hash FROM audit_head WHERE merchant = $1";
    /// Moves the head.
    MOVE_HEAD = "UPDATE audit_head SET seq = $2, hash = $3 WHERE merchant = $1";
    /// Appends.
    ADD = "INSERT INTO audit_entry (merchant, seq, at, actor, action, subject, payload, payload_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Newest first, before a number.
    LIST = "SELECT seq, at, actor, action, subject, payload, hash FROM audit_entry WHERE merchant = $1 AND seq < $2 AND ($3 = '' OR actor = $3) AND ($4 = '' OR action = $4) AND at >= $5 ORDER BY seq DESC LIMIT $6";
    /// In order, after a number, for verifying.
    WALK = "SELECT seq, at, actor, action, subject, payload, payload_hash, hash FROM audit_entry WHERE merchant = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    /// Erases what was said of a subject.
    ERASE = "UPDATE audit_entry SET payload = NULL WHERE merchant = $1 AND subject = $2 AND payload IS NOT NULL";
}
