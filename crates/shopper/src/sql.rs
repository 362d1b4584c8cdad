//! Statements of the shopper's page.

shuke_store::statements! {
    /// What a merchant has settled.
    SETTINGS = "SELECT origins, proofs, generation FROM shopper_page WHERE merchant = $1";
    /// Settles it; which links hold stays.
    PUT_SETTINGS = "INSERT INTO shopper_page (merchant, origins, proofs, generation, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (merchant) DO UPDATE SET origins = excluded.origins, proofs = excluded.proofs, updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    /// Counts the generation on.
    END_LINKS = "INSERT INTO shopper_page (merchant, origins, proofs, generation, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (merchant) DO UPDATE SET generation = shopper_page.generation + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    /// One try more of a member on a day.
    TRY = "INSERT INTO shopper_try (merchant, member, day, tries) VALUES ($1, $2, $3, 1) ON CONFLICT (merchant, member, day) DO UPDATE SET tries = shopper_try.tries + 1";
    /// How many tries a member made on a day.
    TRIES = "SELECT tries FROM shopper_try WHERE merchant = $1 AND member = $2 AND day = $3";
    /// Tries of days before count no more.
    FORGET = "DELETE FROM shopper_try WHERE merchant = $1 AND member = $2 AND day < $3";
}
