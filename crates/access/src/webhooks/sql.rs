//! Statements about webhooks and deliveries.

shuke_store::statements! {
    /// Adds a webhook.
    ADD = "INSERT INTO webhook (merchant, id, sealed, types, state, failing_since, disabled_at, created_at, updated_at) VALUES ($1, $2, $3, $4, 'active', NULL, NULL, $5, $5)";
    /// One.
    GET = "SELECT id, sealed, types, state, failing_since, disabled_at, created_at FROM webhook WHERE merchant = $1 AND id = $2";
    /// One, locked.
    LOCK = "SELECT id, sealed, types, state, failing_since, disabled_at, created_at FROM webhook WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// All of a merchant.
    LIST = "SELECT id, sealed, types, state, failing_since, disabled_at, created_at FROM webhook WHERE merchant = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Changes one.
    CHANGE = "UPDATE webhook SET sealed = $3, types = $4, state = $5, failing_since = $6, disabled_at = $7, updated_at = $8 WHERE merchant = $1 AND id = $2";
    /// Forgets one.
    REMOVE = "DELETE FROM webhook WHERE merchant = $1 AND id = $2";
    /// Forgets its deliveries.
    REMOVE_DELIVERIES = "DELETE FROM webhook_delivery WHERE merchant = $1 AND webhook = $2";
    /// Deliveries of a webhook, newest event first, before a position.
    DELIVERIES = "SELECT position, event, kind, state, attempts, status, error, next_at, created_at, tried_at FROM webhook_delivery WHERE merchant = $1 AND webhook = $2 AND position < $3 ORDER BY position DESC LIMIT $4";
    /// What is due, taken by one courier.
    DUE = "SELECT merchant, webhook, position, event, body, attempts FROM webhook_delivery WHERE state = 'pending' AND next_at <= $1 ORDER BY next_at, merchant LIMIT $2 FOR UPDATE SKIP LOCKED";
    /// Taken: not due again before the attempt can have ended.
    TAKE = "UPDATE webhook_delivery SET attempts = attempts + 1, next_at = $4 WHERE merchant = $1 AND webhook = $2 AND position = $3";
    /// While nothing gets through, one delivery tries for all: the others wait.
    POSTPONE = "UPDATE webhook_delivery SET next_at = $4 WHERE merchant = $1 AND webhook = $2 AND state = 'pending' AND next_at <= $3";
    /// Something got through: those that waited untried are due.
    RELEASE = "UPDATE webhook_delivery SET next_at = $3 WHERE merchant = $1 AND webhook = $2 AND state = 'pending' AND attempts = 0 AND next_at > $3";
    /// What came of the attempt with that number.
    SETTLE = "UPDATE webhook_delivery SET state = $5, next_at = $6, status = $7, error = $8, tried_at = $9 WHERE merchant = $1 AND webhook = $2 AND position = $3 AND attempts = $4 AND state = 'pending'";
    /// While a webhook is disabled its deliveries rest.
    PAUSE = "UPDATE webhook_delivery SET state = 'paused' WHERE merchant = $1 AND webhook = $2 AND state = 'pending'";
    /// They go on.
    UNPAUSE = "UPDATE webhook_delivery SET state = 'pending', next_at = $3 WHERE merchant = $1 AND webhook = $2 AND state = 'paused'";
    /// Something got through.
    WORKS = "UPDATE webhook SET failing_since = NULL WHERE merchant = $1 AND id = $2 AND failing_since IS NOT NULL";
    /// Forgets what was settled long ago.
    PRUNE = "DELETE FROM webhook_delivery WHERE merchant = $1 AND state IN ('delivered', 'failed') AND created_at < $2";
}
