//! Statements of the setup.

shuke_store::statements! {
    /// The installation's row.
    MAKE = "INSERT INTO installation (merchant, next_merchant, setup_token, setup_at) VALUES (0, 1, NULL, NULL) ON CONFLICT (merchant) DO NOTHING";
    /// Whether and by which token it is set up, locked.
    GET = "SELECT setup_token, setup_at FROM installation WHERE merchant = 0 FOR UPDATE";
    /// Keeps a token's hash.
    KEEP_TOKEN = "UPDATE installation SET setup_token = $1 WHERE merchant = 0";
    /// Set up: the token is spent.
    DONE = "UPDATE installation SET setup_token = NULL, setup_at = $1 WHERE merchant = 0";
}
