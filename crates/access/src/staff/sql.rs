//! Statements about staff. Accounts and invitations are the installation's: merchant 0.

shuke_store::statements! {
    /// Adds an account.
    ADD = "INSERT INTO staff (merchant, id, sealed, email_token, password, totp, totp_pending, totp_step, failed, locked_until, created_at, updated_at) VALUES (0, $1, $2, $3, $4, NULL, NULL, 0, 0, 0, $5, $5) ON CONFLICT DO NOTHING";
    /// One account.
    GET = "SELECT id, sealed, password, totp, totp_pending, totp_step, failed, locked_until, created_at FROM staff WHERE merchant = 0 AND id = $1";
    /// One account, locked.
    LOCK = "SELECT id, sealed, password, totp, totp_pending, totp_step, failed, locked_until, created_at FROM staff WHERE merchant = 0 AND id = $1 FOR UPDATE";
    /// One account by the token of its address.
    BY_EMAIL = "SELECT id, sealed, password, totp, totp_pending, totp_step, failed, locked_until, created_at FROM staff WHERE merchant = 0 AND email_token = $1";
    /// A new password; wrong attempts are forgotten.
    SET_PASSWORD = "UPDATE staff SET password = $2, failed = 0, locked_until = 0, updated_at = $3 WHERE merchant = 0 AND id = $1";
    /// A new name.
    SET_SEALED = "UPDATE staff SET sealed = $2, updated_at = $3 WHERE merchant = 0 AND id = $1";
    /// Counts attempts.
    SET_FAILED = "UPDATE staff SET failed = $2, locked_until = $3 WHERE merchant = 0 AND id = $1";
    /// The second factor.
    SET_TOTP = "UPDATE staff SET totp = $2, totp_pending = $3, totp_step = $4, updated_at = $5 WHERE merchant = 0 AND id = $1";
    /// Gives a role, or another one.
    GRANT = "INSERT INTO staff_role (merchant, staff, role, created_at, disabled_at) VALUES ($1, $2, $3, $4, NULL) ON CONFLICT (merchant, staff) DO UPDATE SET role = $3";
    /// Shuts out, or lets in again.
    DISABLE = "UPDATE staff_role SET disabled_at = $3 WHERE merchant = $1 AND staff = $2";
    /// Takes the role away.
    REVOKE = "DELETE FROM staff_role WHERE merchant = $1 AND staff = $2";
    /// Forgets an account.
    REMOVE = "DELETE FROM staff WHERE merchant = 0 AND id = $1";
    /// A person's role at a merchant.
    ROLE = "SELECT role, created_at, disabled_at FROM staff_role WHERE merchant = $1 AND staff = $2 FOR UPDATE";
    /// At how many merchants a person works.
    PLACES = "SELECT COUNT(*) FROM staff_role WHERE staff = $1";
    /// A merchant's owners who are not shut out, locked, so that two do not leave at once.
    OWNERS = "SELECT staff FROM staff_role WHERE merchant = $1 AND role = 'owner' AND disabled_at IS NULL ORDER BY staff FOR UPDATE";
    /// A merchant's staff, after an id.
    LIST = "SELECT s.id, s.sealed, s.password, s.totp, s.totp_pending, s.totp_step, s.failed, s.locked_until, s.created_at, r.role, r.created_at, r.disabled_at FROM staff_role r JOIN staff s ON s.merchant = 0 AND s.id = r.staff WHERE r.merchant = $1 AND r.staff > $2 ORDER BY r.staff LIMIT $3";
    /// Keeps an invitation.
    ADD_INVITE = "INSERT INTO staff_invite (merchant, token_hash, staff, created_at, expires_at) VALUES (0, $1, $2, $3, $4)";
    /// Whom an invitation is for.
    INVITE = "SELECT staff, expires_at FROM staff_invite WHERE merchant = 0 AND token_hash = $1";
    /// An invitation is good once; other invitations of the same person go with it.
    SPEND_INVITE = "DELETE FROM staff_invite WHERE merchant = 0 AND staff = $1";
}
