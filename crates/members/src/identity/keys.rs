//! From claims to tokens: how a record's keys become a key set, and how sets lie in the store.
//!
//! A phone's token begins with four bytes that depend on its last four digits only, so that a
//! search by last four is a range of the same index; what it finds is opened and checked.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use shuke_kernel::{Error, Result};
use shuke_store::MerchantKeys;

use super::fold::{Key, SetId, Token};
use super::model::{KeyClaim, KeyClass, KeyKind, normal_namespace};

/// The claims of one record, ready to be compared and kept.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub id: SetId,
    /// By what they say; `claims` runs beside it.
    pub keys: Vec<Key>,
    pub claims: Vec<KeyClaim>,
}

/// The token of a value in its kind, namespace and legal entity.
pub(crate) fn token_of(keys: &MerchantKeys, claim: &KeyClaim, entity: &str) -> Token {
    match claim.kind {
        KeyKind::Phone | KeyKind::ReceiverPhone => {
            let mut token = keys.token(&format!("phone@{entity}"), &claim.value);
            token.copy_within(..12, 4);
            token[..4].copy_from_slice(&last_four_prefix(keys, last_four(&claim.value), entity));
            token
        }
        KeyKind::Email => keys.token(&format!("email@{entity}"), &claim.value),
        kind => keys.token(&format!("k{}:{}@{entity}", kind as u8, claim.namespace), &claim.value),
    }
}

/// The last four digits of a normalised phone.
pub(crate) fn last_four(phone: &str) -> &str {
    phone.get(phone.len().saturating_sub(4)..).unwrap_or(phone)
}

/// What the tokens of all phones that end in these four digits begin with.
pub(crate) fn last_four_prefix(keys: &MerchantKeys, four: &str, entity: &str) -> [u8; 4] {
    let token = keys.token(&format!("last4@{entity}"), four);
    [token[0], token[1], token[2], token[3]]
}

fn slot_of(claim: &KeyClaim, entity: &str) -> u32 {
    if !claim.kind.single_valued() {
        return 0;
    }
    let digest = Sha256::new()
        .chain_update([claim.kind as u8])
        .chain_update(claim.namespace.as_bytes())
        .chain_update(b"@")
        .chain_update(entity.as_bytes())
        .finalize();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// The key set of these claims, or `None` where there are none.
pub(crate) fn prepare(keys: &MerchantKeys, claims: &[KeyClaim], entity: &str) -> Option<Prepared> {
    let mut by_token: BTreeMap<Token, (Key, &KeyClaim)> = BTreeMap::new();
    for claim in claims {
        let token = token_of(keys, claim, entity);
        let key = Key { token, slot: slot_of(claim, entity), kind: claim.kind, class: claim.class };
        let entry = by_token.entry(token).or_insert((key, claim));
        // A phone that is the account's and the receiver's is the account's.
        if (key.class, key.kind) < (entry.0.class, entry.0.kind) {
            *entry = (key, claim);
        }
    }
    if by_token.is_empty() {
        return None;
    }
    let mut hash = Sha256::new();
    for (token, (key, _)) in &by_token {
        hash.update([key.kind as u8, key.class as u8]);
        hash.update(token);
    }
    let digest = hash.finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    // Kept in the order of what they say: tokens follow from the merchant's keys.
    let mut said: Vec<(KeyClaim, Key)> = by_token.into_values().map(|(k, c)| (c.clone(), k)).collect();
    said.sort();
    let (claims, keys) = said.into_iter().unzip();
    Some(Prepared { id, keys, claims })
}

const WIDTH: usize = 22;

/// Keys as bytes: kind, class, slot, token.
pub(crate) fn pack(keys: &[Key]) -> Vec<u8> {
    let mut out = Vec::with_capacity(keys.len() * WIDTH);
    for key in keys {
        out.push(key.kind as u8);
        out.push(key.class as u8);
        out.extend_from_slice(&key.slot.to_be_bytes());
        out.extend_from_slice(&key.token);
    }
    out
}

/// The keys in bytes that [`pack`] made.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<Key>> {
    let broken = || Error::fault("a key set's tokens are broken");
    if !bytes.len().is_multiple_of(WIDTH) {
        return Err(broken());
    }
    bytes
        .chunks_exact(WIDTH)
        .map(|c| {
            let kind = KeyKind::from_code(c[0]).ok_or_else(broken)?;
            let class = match c[1] {
                1 => KeyClass::Strong,
                2 => KeyClass::Scoped,
                3 => KeyClass::Contact,
                _ => return Err(broken()),
            };
            let slot = u32::from_be_bytes([c[2], c[3], c[4], c[5]]);
            let token = c[6..].try_into().map_err(|_| broken())?;
            Ok(Key { token, slot, kind, class })
        })
        .collect()
}

/// Seals the values of a set, in the order of its keys.
pub(crate) fn seal(keys: &MerchantKeys, set: &Prepared) -> Result<Vec<u8>> {
    let values: Vec<(u8, &str, &str, bool)> =
        set.claims.iter().map(|c| (c.kind as u8, c.namespace.as_str(), c.value.as_str(), c.verified)).collect();
    keys.seal("key_set", &set.id, &serde_json::to_vec(&values)?)
}

/// Opens the values of a set. `tokens` gives each its class.
pub(crate) fn open(keys: &MerchantKeys, id: &SetId, tokens: &[u8], sealed: &[u8]) -> Result<Vec<(Key, KeyClaim)>> {
    let values: Vec<(u8, String, String, bool)> = serde_json::from_slice(&keys.open("key_set", id, sealed)?)?;
    let unpacked = unpack(tokens)?;
    if unpacked.len() != values.len() {
        return Err(Error::fault("a key set's values and tokens differ in number"));
    }
    unpacked
        .into_iter()
        .zip(values)
        .map(|(key, (_, namespace, value, verified))| Ok((key, KeyClaim { kind: key.kind, namespace, value, class: key.class, verified })))
        .collect()
}

/// The platform that a set's keys belong to: of the first key that names one.
pub(crate) fn platform_of(claims: &[KeyClaim]) -> &str {
    let of = |kinds: &[KeyKind]| {
        claims
            .iter()
            .filter(|c| kinds.contains(&c.kind) && !c.namespace.is_empty())
            .map(|c| c.namespace.split(':').next().unwrap_or_default())
            .min()
    };
    of(&[KeyKind::AccountName, KeyKind::OpenId])
        .or_else(|| claims.iter().any(|c| c.kind == KeyKind::UnionId).then_some("wechat"))
        .or_else(|| of(&[KeyKind::OwnId]))
        .unwrap_or_default()
}

/// Platforms whose records may name a buyer by nothing but a phone.
pub(crate) const PLATFORMS: &[&str] = &[
    "taobao",
    "1688",
    "jd",
    "pdd",
    "douyin",
    "kuaishou",
    "xiaohongshu",
    "vip",
    "suning",
    "dewu",
    "youzan",
    "wechat",
    "wechat_shop",
    "shopify",
    "woocommerce",
    "amazon",
    "shopee",
    "lazada",
    "tiktok",
    "own",
];

/// The platform of a set whose keys name none: that of the records that carry it, of several the
/// first by name, whichever came first.
pub(crate) fn platform_from(claims: &[KeyClaim], so_far: &str, source: &str) -> String {
    let named = platform_of(claims);
    if !named.is_empty() {
        return named.to_owned();
    }
    let source = normal_namespace(source.split(':').next().unwrap_or_default());
    let known = Some(source.as_str()).filter(|s| PLATFORMS.contains(s));
    [Some(so_far).filter(|s| !s.is_empty()), known].into_iter().flatten().min().unwrap_or_default().to_owned()
}

/// Whether any of these is a phone.
pub(crate) fn has_phone(keys: &[Key]) -> bool {
    keys.iter().any(|k| matches!(k.kind, KeyKind::Phone | KeyKind::ReceiverPhone))
}

/// What can reach a person by this set: 1 a phone, 2 an e-mail, 3 both.
pub(crate) fn reach_of(keys: &[Key]) -> i64 {
    let phone = has_phone(keys);
    let email = keys.iter().any(|k| k.kind == KeyKind::Email);
    i64::from(phone) + 2 * i64::from(email)
}
