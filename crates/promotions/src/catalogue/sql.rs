//! Statements about the catalogue as a whole.

shuke_store::statements! {
    /// Its stamp.
    STAMP = "SELECT stamp FROM price_catalogue WHERE merchant = $1";
    /// Another one. Who changes the catalogue waits here for whoever does so too.
    RESTAMP = "INSERT INTO price_catalogue (merchant, stamp, updated_at) VALUES ($1, $2, $3) ON CONFLICT (merchant) DO UPDATE SET stamp = excluded.stamp, updated_at = excluded.updated_at";
}
