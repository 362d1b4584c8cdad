//! Statements about shops.

shuke_store::statements! {
    /// Adds one.
    ADD = "INSERT INTO shop (merchant, id, name, platform, legal_entity, external_source, external_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING";
    /// One.
    GET = "SELECT id, name, platform, legal_entity, external_source, external_id FROM shop WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// One by the merchant's own number for it.
    BY_EXTERNAL = "SELECT id, name, platform, legal_entity, external_source, external_id FROM shop WHERE merchant = $1 AND external_source = $2 AND external_id = $3";
    /// In order of making, after an id.
    LIST = "SELECT id, name, platform, legal_entity, external_source, external_id FROM shop WHERE merchant = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// The legal entity that the oldest shop with one names.
    HOME = "SELECT legal_entity FROM shop WHERE merchant = $1 AND legal_entity <> '' ORDER BY created_at, id LIMIT 1";
    /// The oldest one of a platform.
    FIRST_OF = "SELECT id FROM shop WHERE merchant = $1 AND platform = $2 ORDER BY created_at, id LIMIT 1";
    /// Changes one.
    CHANGE = "UPDATE shop SET name = $3, platform = $4, legal_entity = $5, updated_at = $6 WHERE merchant = $1 AND id = $2";
}
