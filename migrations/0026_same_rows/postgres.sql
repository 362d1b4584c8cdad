-- Rows in quarantine that came before: what a row is known by when it comes again, the earlier one that settled it,
-- and what it said, and why it waited, before it was corrected.

ALTER TABLE quarantine ADD COLUMN digest BYTEA;
ALTER TABLE quarantine ADD COLUMN same_as BYTEA;
ALTER TABLE quarantine ADD COLUMN first_told BYTEA;
CREATE INDEX quarantine_digest ON quarantine (merchant, digest);
CREATE INDEX quarantine_same ON quarantine (merchant, same_as);
