-- What settled a record in quarantine, which record a consent came with, and which pair a review is about.

ALTER TABLE quarantine ADD COLUMN key BYTEA;
ALTER TABLE quarantine ADD COLUMN resolved_by TEXT COLLATE "C";
ALTER TABLE quarantine ADD COLUMN resolved_how TEXT COLLATE "C";
ALTER TABLE quarantine ADD COLUMN resolved_import BYTEA;
DROP INDEX quarantine_open;
CREATE INDEX quarantine_state ON quarantine (merchant, state, import, file, record);
CREATE INDEX quarantine_key ON quarantine (merchant, key);
CREATE INDEX quarantine_resolved ON quarantine (merchant, resolved_import);

ALTER TABLE consent ADD COLUMN record_source TEXT COLLATE "C";
ALTER TABLE consent ADD COLUMN record BYTEA;
CREATE INDEX consent_record ON consent (merchant, record_source, record);

CREATE INDEX review_pair ON review (merchant, state, left_member, right_member, id);
