-- What was looked up by reading all of a merchant's rows.
-- A merge moves what was observed by key set.
CREATE INDEX observation_key_set ON observation (merchant, key_set) WHERE key_set IS NOT NULL;
-- Whom a merge took in.
CREATE INDEX member_alias ON member (merchant, alias_of) WHERE alias_of IS NOT NULL;
