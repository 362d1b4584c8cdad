//! What a person of the staff is.

use serde::{Deserialize, Serialize};
use shuke_http::Role;
use shuke_kernel::{Code, Instant, Kind, Result};

shuke_kernel::ids! {
    /// A person of the staff.
    StaffId = StaffKind "stf";
}

/// The e-mail address is none.
pub static EMAIL: Code =
    Code { code: "access.invalid_email", kind: Kind::Invalid, zh: "邮箱地址格式不正确。", en: "This is not an e-mail address." };

/// The sealed part of an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sealed {
    /// Their name.
    pub name: String,
    /// Their e-mail address, in lower case.
    pub email: String,
}

/// An account, opened.
#[derive(Clone, Debug)]
pub struct Person {
    /// Which.
    pub id: StaffId,
    /// Name and address.
    pub sealed: Sealed,
    /// The password's hash; empty until the invitation is accepted.
    pub password: String,
    /// The sealed second factor.
    pub totp: Option<Vec<u8>>,
    /// The second factor being set up.
    pub totp_pending: Option<Vec<u8>>,
    /// The last step whose code was used.
    pub totp_step: i64,
    /// Wrong passwords since the last right one.
    pub failed: i64,
    /// No sign-in before.
    pub locked_until: Instant,
    /// When made.
    pub created_at: Instant,
}

/// A person at one merchant.
#[derive(Clone, Debug)]
pub struct StaffView {
    /// The account.
    pub person: Person,
    /// What they are there.
    pub role: Role,
    /// Since when there.
    pub since: Instant,
    /// Since when shut out.
    pub disabled_at: Option<Instant>,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// The password's hash; empty for an invitation.
    pub password: String,
}

/// The address in the form in which it is compared.
pub fn email(text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let fine = text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && matches!(text.split_once('@'), Some((local, host)) if !local.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.'));
    if fine { Ok(text) } else { Err(EMAIL.at("email").into()) }
}

/// `li.si@example.com` → `l***@example.com`.
pub fn mask_email(email: &str) -> String {
    let (local, host) = email.split_once('@').unwrap_or((email, ""));
    format!("{}***@{host}", local.chars().next().unwrap_or('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised_and_masked() {
        assert_eq!(email(" Li.Si@Example.COM ").expect("an address"), "li.si@example.com");
        for wrong in ["", "a", "a@b", "@b.c", "a b@c.d", "a@b.c@d.e", "a@.c"] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
        assert_eq!(mask_email("li.si@example.com"), "l***@example.com");
    }
}
