//! Sealed columns and blind tokens.
//!
//! A person's identifiers never lie in the store in clear. Each merchant has data keys, wrapped
//! under the installation's master key; a sealed blob is `version | key number | nonce |
//! ciphertext` by AES-256-GCM-SIV (RFC 8452), bound to merchant, table and row, so that a blob
//! copied to another row does not open. What must be found by value is found by a blind token:
//! HMAC-SHA-256 under a key of its own, truncated. Equal values give equal tokens within one
//! merchant, which is what a token leaks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Key, Nonce};
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::Sha256;
use shuke_kernel::{Error, MerchantNo, Result};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// The key over all keys: 32 bytes from a file, the environment or a command, never in a backup.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// The key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh random key.
    pub fn generate() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self::new(bytes)
    }

    /// Reads 64 hex digits, surrounding white space ignored.
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(Self::new(bytes))
    }

    /// 64 hex digits, for the key file.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.iter().map(|b| format!("{b:02x}")).collect())
    }

    pub(crate) fn wrap(&self, merchant: MerchantNo, purpose: &str, number: i64, key: &[u8; 32]) -> Result<Vec<u8>> {
        encrypt(&self.0, &wrap_aad(merchant, purpose, number), key)
    }

    pub(crate) fn unwrap(&self, merchant: MerchantNo, purpose: &str, number: i64, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let clear = decrypt(&self.0, &wrap_aad(merchant, purpose, number), wrapped)
            .map_err(|_| Error::fault("the master key does not open this store's keys: start with the key that the store was made with"))?;
        let bytes: [u8; 32] = clear.try_into().map_err(|_| Error::fault("a wrapped key has the wrong length"))?;
        Ok(Zeroizing::new(bytes))
    }
}

fn wrap_aad(merchant: MerchantNo, purpose: &str, number: i64) -> Vec<u8> {
    format!("shuke key {} {purpose} {number}", merchant.0).into_bytes()
}

fn encrypt(key: &[u8; 32], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0_u8; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let cipher = Aes256GcmSiv::new(&Key::<Aes256GcmSiv>::from(*key));
    let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg, aad }).map_err(|_| Error::fault("sealing failed"))?;
    let mut out = Vec::with_capacity(NONCE + sealed.len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

fn decrypt(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(|| Error::fault("a sealed value is too short"))?;
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Error::fault("a sealed value is too short"))?;
    let cipher = Aes256GcmSiv::new(&Key::<Aes256GcmSiv>::from(*key));
    cipher
        .decrypt(&Nonce::from(nonce), Payload { msg: body, aad })
        .map_err(|_| Error::fault("a sealed value does not open: wrong key, or moved from another row"))
}

/// One merchant's keys, opened.
pub struct MerchantKeys {
    /// Raised when a blob names a key that these do not have: keys may have been added elsewhere.
    stale: AtomicBool,
    merchant: MerchantNo,
    seal: HashMap<u32, Zeroizing<[u8; 32]>>,
    current: u32,
    token: Zeroizing<[u8; 32]>,
}

impl MerchantKeys {
    pub(crate) fn new(merchant: MerchantNo, seal: HashMap<u32, Zeroizing<[u8; 32]>>, token: Zeroizing<[u8; 32]>) -> Result<Self> {
        let current = seal.keys().copied().max().ok_or_else(|| Error::fault("this merchant has no data key"))?;
        Ok(Self { stale: AtomicBool::new(false), merchant, seal, current, token })
    }

    fn aad(&self, table: &str, row: &[u8]) -> Vec<u8> {
        let mut aad = Vec::with_capacity(16 + table.len() + row.len());
        aad.extend_from_slice(&self.merchant.0.to_be_bytes());
        aad.extend_from_slice(table.as_bytes());
        aad.push(0);
        aad.extend_from_slice(row);
        aad
    }

    /// The number of the key that new blobs are sealed under.
    pub fn current(&self) -> u32 {
        self.current
    }

    /// Seals `clear` for that row of that table.
    pub fn seal(&self, table: &str, row: &[u8], clear: &[u8]) -> Result<Vec<u8>> {
        let key = self.seal.get(&self.current).ok_or_else(|| Error::fault("the current data key is missing"))?;
        let body = encrypt(key, &self.aad(table, row), clear)?;
        let mut out = Vec::with_capacity(5 + body.len());
        out.push(VERSION);
        out.extend_from_slice(&self.current.to_be_bytes());
        out.extend_from_slice(&body);
        Ok(out)
    }

    /// Opens a blob that was sealed for that row of that table.
    pub fn open(&self, table: &str, row: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let (number, body) = split(sealed)?;
        let key = self.seal.get(&number).ok_or_else(|| {
            self.stale.store(true, Ordering::Relaxed);
            Error::fault("a value is sealed under a key that this store no longer has")
        })?;
        decrypt(key, &self.aad(table, row), body)
    }

    /// Whether these met a blob of a key that they do not have.
    pub(crate) fn stale(&self) -> bool {
        self.stale.load(Ordering::Relaxed)
    }

    /// The number of the key under which a blob is sealed.
    pub fn number_of(sealed: &[u8]) -> Result<u32> {
        split(sealed).map(|(n, _)| n)
    }

    /// The blind token of a value of that kind: sixteen bytes.
    pub fn token(&self, kind: &str, value: &str) -> [u8; 16] {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&*self.token).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        let full = mac.finalize().into_bytes();
        let mut out = [0; 16];
        out.copy_from_slice(&full[..16]);
        out
    }
}

fn split(sealed: &[u8]) -> Result<(u32, &[u8])> {
    match sealed {
        [VERSION, a, b, c, d, body @ ..] => Ok((u32::from_be_bytes([*a, *b, *c, *d]), body)),
        _ => Err(Error::fault("a sealed value is of an unknown version")),
    }
}

/// The opened keys of all merchants, shared by every transaction.
pub(crate) struct KeyRing {
    pub(crate) register: crate::register::Register,
    pub(crate) master: RwLock<MasterKey>,
    opened: RwLock<HashMap<i64, (Instant, Arc<MerchantKeys>)>>,
}

/// How long opened keys are trusted: another instance may have added or retired one.
const TRUST: Duration = Duration::from_secs(1);

impl KeyRing {
    pub(crate) fn new(master: MasterKey, register: crate::register::Register) -> Self {
        Self { register, master: RwLock::new(master), opened: RwLock::default() }
    }

    pub(crate) fn cached(&self, merchant: MerchantNo) -> Option<Arc<MerchantKeys>> {
        let opened = self.opened.read().ok()?;
        let (since, keys) = opened.get(&merchant.0)?;
        (since.elapsed() < TRUST).then(|| keys.clone())
    }

    pub(crate) fn keep(&self, keys: Arc<MerchantKeys>) {
        if let Ok(mut map) = self.opened.write() {
            map.insert(keys.merchant.0, (Instant::now(), keys));
        }
    }

    /// Forgets what was opened: after a rotation, and after a batch that did not commit, since it
    /// may have shown keys that do not exist.
    pub(crate) fn forget(&self) {
        if let Ok(mut map) = self.opened.write() {
            map.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> MerchantKeys {
        MerchantKeys::new(MerchantNo(7), HashMap::from([(1, Zeroizing::new([3; 32]))]), Zeroizing::new([9; 32])).unwrap()
    }

    #[test]
    fn a_blob_opens_only_in_its_own_row() {
        let k = keys();
        let blob = k.seal("member", b"row-1", "张三".as_bytes()).unwrap();
        assert_eq!(k.open("member", b"row-1", &blob).unwrap(), "张三".as_bytes());
        assert!(k.open("member", b"row-2", &blob).is_err());
        assert!(k.open("orders", b"row-1", &blob).is_err());
        assert!(k.open("member", b"row-1", &blob[..9]).is_err());
    }

    #[test]
    fn tokens_depend_on_kind_and_value() {
        let k = keys();
        assert_eq!(k.token("phone", "13800000000"), k.token("phone", "13800000000"));
        assert_ne!(k.token("phone", "13800000000"), k.token("email", "13800000000"));
    }
}
