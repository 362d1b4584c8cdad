//! Who acts, for which merchant, when: handed to every service beside its transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rand::Rng;

use crate::{Id, Instant};

/// A merchant's number inside this installation: the first column of every key. Small, so that
/// keys stay small; the public id `mer_…` is kept beside it in the merchants' table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct MerchantNo(pub i64);

impl MerchantNo {
    /// The installation itself: staff accounts, merchants and what belongs to no merchant.
    pub const SYSTEM: Self = Self(0);
}

/// Who does it. Written into the audit with what was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// The product itself: a worker, an expiry run. Names the part.
    System(&'static str),
    /// A person of the staff.
    Staff([u8; 16]),
    /// An API key.
    Key([u8; 16]),
    /// The command line on the merchant's own machine.
    Cli,
}

impl Actor {
    /// A short word for the audit: `staff:stf_…` and the like, without personal data.
    pub fn label(&self) -> String {
        crate::ids! {
            /// A staff id, for the label only.
            LabelStaff = LabelStaffKind "stf";
            /// A key id, for the label only.
            LabelKey = LabelKeyKind "key";
        }
        match self {
            Self::System(part) => format!("system:{part}"),
            Self::Staff(id) => LabelStaff::from_bytes(*id).to_string(),
            Self::Key(id) => LabelKey::from_bytes(*id).to_string(),
            Self::Cli => "cli".to_owned(),
        }
    }
}

/// A caller's promise that two requests with this key are one request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdempotencyKey {
    /// As the caller sent it, prefixed with who the caller is.
    pub key: String,
    /// SHA-256 of method, path and body: the same key with another request is an error.
    pub request_hash: [u8; 32],
}

/// The context of an operation.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// For which merchant.
    pub merchant: MerchantNo,
    /// By whom.
    pub actor: Actor,
    /// When, by the clock of the caller.
    pub now: Instant,
    /// If the caller promised one.
    pub key: Option<IdempotencyKey>,
}

impl Ctx {
    /// A context without an idempotency key.
    pub fn new(merchant: MerchantNo, actor: Actor, now: Instant) -> Self {
        Self { merchant, actor, now, key: None }
    }

    /// A fresh id whose time part is this context's `now`.
    pub fn new_id<K>(&self) -> Id<K> {
        new_id(self.now)
    }
}

/// A fresh UUIDv7 (RFC 9562) at `now`.
pub fn new_id<K>(now: Instant) -> Id<K> {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    let millis = (now.micros().max(0) / 1000) as u64;
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Id::from_bytes(bytes)
}

/// Where `now` comes from.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
        Instant::from(jiff::Timestamp::now())
    }
}

/// The machine's clock, set back or forward: what a demonstration in another time runs on.
pub struct ShiftedClock {
    ahead: i64,
}

impl ShiftedClock {
    /// A clock that shows `at` now and goes on from there.
    pub fn starting(at: Instant) -> Self {
        Self { ahead: at.micros() - SystemClock.now().micros() }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Instant {
        Instant(SystemClock.now().micros() + self.ahead)
    }
}

/// A clock that a test moves by hand.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock standing at `at`.
    pub fn at(at: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(at.micros())))
    }

    /// Moves it forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}
