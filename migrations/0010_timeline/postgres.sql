-- A page of a member's timeline reads a page of each source, whatever the member's past.
DROP INDEX consent_member;
CREATE INDEX consent_member ON consent (merchant, member, given_at, id);
DROP INDEX observation_member;
CREATE INDEX observation_member ON observation (merchant, member, source_time, record);
CREATE INDEX past_tag_since ON past_tag (merchant, member, since, id);
