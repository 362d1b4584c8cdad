//! Secrets: random tokens that are shown once and kept as a hash, and passwords by argon2id.
//!
//! Hashing a password takes tens of milliseconds and megabytes: it runs on its own threads, a few
//! at a time, and never inside a transaction.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::Rng;
use sha2::{Digest, Sha256};
use shuke_kernel::{Code, Error, Kind, Result};
use tokio::sync::Semaphore;

/// The password is too short or too plain.
pub static WEAK_PASSWORD: Code = Code {
    code: "access.weak_password",
    kind: Kind::Unprocessable,
    zh: "密码太弱：至少 10 个字符，不能与邮箱相同，也不能是同一个字符的重复。",
    en: "The password is too weak: at least 10 characters, not the e-mail address, not one character repeated.",
};

/// A random token of 160 bits in 32 lower-case letters and digits.
pub fn token() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|b| char::from(LETTERS[usize::from(b & 31)])).collect()
}

/// What is kept of a token. Tokens have 160 random bits, so a plain hash gives nothing away.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Refuses passwords that are guessed first.
pub fn check_password(password: &str, email: &str) -> Result<()> {
    let count = password.chars().count();
    let mut letters = password.chars();
    let first = letters.next();
    let one_letter = letters.all(|c| Some(c) == first);
    if !(10..=200).contains(&count) || one_letter || password.trim().eq_ignore_ascii_case(email.trim()) {
        return Err(WEAK_PASSWORD.at("password").into());
    }
    Ok(())
}

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

fn hash_now(password: &str) -> Result<String> {
    argon().hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(|e| Error::fault(format!("argon2: {e}")))
}

fn verify_now(password: &str, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|parsed| argon().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// At most two at a time: more would only starve the rest of the machine.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::fault)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::fault)?
}

/// The argon2id hash of a password, in PHC form.
pub async fn hash_password(password: String) -> Result<String> {
    aside(move || hash_now(&password)).await
}

/// [`hash_password`] for a thread that may block: the command line, tests.
pub fn hash_password_now(password: &str) -> Result<String> {
    hash_now(password)
}

/// Whether the password is that of the hash. Without a hash it takes as long and says no, so that
/// nobody learns by the clock whether an account exists.
pub async fn verify_password(password: String, phc: Option<String>) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    aside(move || match phc.filter(|p| !p.is_empty()) {
        Some(phc) => Ok(verify_now(&password, &phc)),
        None => {
            let made = NOBODY.get_or_init(|| hash_now("nobody has this password").unwrap_or_default());
            verify_now(&password, made);
            Ok(false)
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_and_hashes_verify() {
        for weak in ["short", "aaaaaaaaaaaa", "a@example.com"] {
            assert!(check_password(weak, "A@example.com").is_err(), "{weak}");
        }
        assert!(check_password("熟客熟客一二三四五六", "a@example.com").is_ok());
        let phc = hash_now("correct horse").expect("a hash");
        assert!(phc.starts_with("$argon2id$") && verify_now("correct horse", &phc) && !verify_now("wrong horse", &phc));
        assert_ne!(token(), token());
    }
}
