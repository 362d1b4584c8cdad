//! A webhook, its secrets and signatures, a delivery and its pauses.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shuke_kernel::{Error, Instant, Result};

shuke_kernel::ids! {
    /// A webhook.
    HookId = HookKind "whk";
}

/// Pauses after the first, second, … failed attempt, in seconds: three days in all.
pub const PAUSES: [i64; 12] = [5, 60, 300, 1800, 7200, 18_000, 28_800, 36_000, 36_000, 43_200, 43_200, 43_200];
/// A webhook that failed for so long is disabled.
pub(crate) const DISABLE_SECONDS: i64 = 3 * 24 * 3600;
/// An old secret signs for so long after a rotation.
pub(crate) const OVERLAP_SECONDS: i64 = 24 * 3600;

/// A secret that signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// `whsec_` and base64.
    pub secret: String,
    /// Not from here on; `None` for the present one.
    pub until: Option<Instant>,
}

/// The sealed part of a webhook: its address may hold a secret too.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) url: String,
    pub(crate) secrets: Vec<Secret>,
}

/// A webhook.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Which.
    pub id: HookId,
    /// Where to.
    pub url: String,
    /// The secrets, the present one first.
    pub secrets: Vec<Secret>,
    /// Which events; none means all.
    pub types: Vec<String>,
    /// `active` or `disabled`.
    pub state: String,
    /// Since when nothing got through.
    pub failing_since: Option<Instant>,
    /// Since when disabled.
    pub disabled_at: Option<Instant>,
    /// When made: older events are not sent.
    pub created_at: Instant,
}

impl Hook {
    /// The secrets that sign at `now`.
    pub fn live(&self, now: Instant) -> Vec<&str> {
        self.secrets.iter().filter(|s| s.until.is_none_or(|u| now < u)).map(|s| s.secret.as_str()).collect()
    }
}

/// A delivery as shown.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The event's position.
    pub position: i64,
    /// The event.
    pub event: [u8; 16],
    /// Its type.
    pub kind: String,
    /// `pending`, `paused` (the webhook is disabled), `delivered`, `failed` (given up).
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// The last answer's status.
    pub status: Option<i64>,
    /// Why there was no good answer.
    pub error: Option<String>,
    /// When it will be tried again.
    pub next_at: Instant,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last tried.
    pub tried_at: Option<Instant>,
}

/// A fresh secret of 256 bits.
pub(crate) fn fresh_secret() -> String {
    format!("whsec_{}", BASE64_STANDARD.encode(crate::secret::hash(&crate::secret::token())))
}

/// One `v1` signature of a message.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String> {
    let wrong = || Error::fault("a webhook's secret is not whsec_ and base64");
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").ok_or_else(wrong)?).map_err(|_| wrong())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| wrong())?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body.as_bytes());
    Ok(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_published_libraries() {
        // From the scheme's own libraries: standardwebhooks 1.1.0 and svix 2.9.1.
        let cases = [
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                r#"{"test": 2432232314}"#,
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
            (
                "whsec_c2h1a2Utd2ViaG9vay1zZWNyZXQtMzItYnl0ZXMhISE=",
                "msg_shuke_0001",
                1_788_228_000,
                r#"{"type":"member.tier_changed","timestamp":"2026-09-01T02:00:00Z","data":{"member_id":"m_42","from":"银牌","to":"金牌"}}"#,
                "v1,z9WWcMNULpG7Xggd7uguv3Nd6ZQO0eUkCVYbWqQjQW4=",
            ),
        ];
        for (secret, id, timestamp, body, expected) in cases {
            assert_eq!(sign(secret, id, timestamp, body).expect("a signature"), expected);
        }
        assert!(sign("plain", "msg", 0, "").is_err());
        let (own, total) = (fresh_secret(), PAUSES.iter().sum::<i64>());
        assert!(sign(&own, "msg", 0, "").is_ok());
        assert!((DISABLE_SECONDS - total).abs() < 6 * 3600, "{total}");
    }
}
