//! The second factor: time-based codes (RFC 6238) of six digits and thirty seconds, one step of
//! tolerance each way.

use shuke_kernel::{Error, Instant, Result};
use totp_rs::{Builder, Secret, Totp};

fn totp(secret: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Error::fault("a stored second factor is not base32"))?;
    Builder::new().with_secret(secret).build().map_err(|_| Error::fault("a stored second factor is too short"))
}

fn seconds(at: Instant) -> u64 {
    u64::try_from(at.micros() / 1_000_000).unwrap_or(0)
}

/// A fresh secret of 160 bits in base32.
pub(crate) fn fresh_secret() -> String {
    let random = crate::secret::hash(&crate::secret::token());
    let mut bytes = [0_u8; 20];
    bytes.copy_from_slice(&random[..20]);
    Secret::from(bytes).to_base32()
}

/// The step of a right code that is newer than `last`, the last step used.
pub fn check(secret: &str, code: &str, now: Instant, last: i64) -> Result<Option<i64>> {
    let code = code.trim();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let step = totp(secret)?.check(code, seconds(now)).and_then(|s| i64::try_from(s).ok());
    Ok(step.filter(|s| *s > last))
}

/// The code that a device with this secret shows at that time.
pub fn code_at(secret: &str, at: Instant) -> Result<String> {
    Ok(totp(secret)?.generate(seconds(at)).to_string())
}

/// What a device reads from a QR code.
pub(crate) fn url(secret: &str, email: &str) -> String {
    let label: String = email
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._@".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    format!("otpauth://totp/Shuke:{label}?secret={secret}&issuer=Shuke&algorithm=SHA1&digits=6&period=30")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_for_a_minute() {
        let (secret, at) = (fresh_secret(), Instant::from_micros(1_764_000_000_000_000));
        let code = code_at(&secret, at).expect("a code");
        let step = check(&secret, &code, at, 0).expect("readable").expect("right");
        assert_eq!(check(&secret, &code, at, step).expect("readable"), None);
        assert!(check(&secret, &code, at.plus_seconds(30), 0).expect("readable").is_some());
        assert_eq!(check(&secret, &code, at.plus_seconds(90), 0).expect("readable"), None);
        assert_eq!(check(&secret, "12345", at, 0).expect("readable"), None);
    }

    #[test]
    fn the_code_is_that_of_rfc_6238() {
        // Appendix B, SHA-1, 59 s: 94287082, whose last six digits are shown.
        let secret = Secret::from(*b"12345678901234567890").to_base32();
        assert_eq!(code_at(&secret, Instant::from_micros(59_000_000)).expect("a code"), "287082");
    }
}
