//! Statements about tasks.

macro_rules! tasks {
    ($rest:literal) => {
        concat!(
            "SELECT id, benefit, use_id, member, order_no, done_how, due_on, state, made_at, done_at, done_by FROM benefit_task WHERE merchant = $1",
            $rest
        )
    };
}

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO benefit_task (merchant, id, benefit, use_id, member, order_no, done_how, due_on, state, made_at, done_at, done_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, NULL, NULL)";
    /// One.
    GET = tasks!(" AND id = $2");
    /// One, held.
    HOLD = tasks!(" AND id = $2 FOR UPDATE");
    /// Those of uses.
    OF_USES = tasks!(" AND use_id = ANY($2)");
    /// Those of a state after a place, by the day on which they are due.
    LIST = tasks!(" AND state = $2 AND (due_on, id) > ($3, $4) AND due_on <= $5 AND (done_how = $6 OR $6 IS NULL) AND (benefit = $7 OR $7 IS NULL) ORDER BY due_on, id LIMIT $8");
    /// It is done.
    DONE = "UPDATE benefit_task SET state = 'done', done_at = $3, done_by = $4 WHERE merchant = $1 AND id = $2";
    /// What is open of a use is not to be done.
    CANCEL = "UPDATE benefit_task SET state = 'cancelled' WHERE merchant = $1 AND use_id = $2 AND state = 'open'";
    /// What is open, what of it should be done, and what is due on a day.
    COUNTS = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN due_on < $2 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN due_on = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM benefit_task WHERE merchant = $1 AND state = 'open'";
}
