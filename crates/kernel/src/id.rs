//! Typed, prefixed ids: `mem_…`, `ord_…`. Sixteen bytes in the store (UUIDv7, so that rows
//! written together lie together), a prefix and 26 letters for people.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an id names; its prefix keeps an order's id from being taken for a member's.
pub trait IdKind: 'static {
    /// Lower-case letters before the underscore.
    const PREFIX: &'static str;
}

/// An id of kind `K`.
pub struct Id<K>(pub [u8; 16], PhantomData<fn() -> K>);

/// Declares id types: `ids! { /// A member. MemberId = Member "mem"; }`.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $alias:ident = $kind:ident $prefix:literal;)*) => {$(
        #[doc = concat!("Marks ids with the prefix `", $prefix, "_`.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind {}
        impl $crate::IdKind for $kind { const PREFIX: &'static str = $prefix; }
        $(#[$doc])*
        pub type $alias = $crate::Id<$kind>;
    )*};
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl<K> Id<K> {
    /// The id of these sixteen bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes, PhantomData)
    }

    /// The sixteen bytes as the store keeps them.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The id in `slice`, if it is sixteen bytes long.
    pub fn from_slice(slice: &[u8]) -> Option<Self> {
        slice.try_into().ok().map(Self::from_bytes)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// The 26 letters of sixteen bytes. Of two the greater bytes have the greater letters.
pub fn letters(bytes: &[u8; 16]) -> [u8; 26] {
    let mut value = u128::from_be_bytes(*bytes);
    let mut text = [0_u8; 26];
    for slot in text.iter_mut().rev() {
        *slot = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    text
}

/// The sixteen bytes that have exactly these letters.
pub fn bytes_of(letters: &str) -> Option<[u8; 16]> {
    if letters.len() != 26 || letters.as_bytes()[0] > b'7' {
        return None;
    }
    let mut value: u128 = 0;
    for byte in letters.bytes() {
        let digit = ALPHABET.iter().position(|a| *a == byte)?;
        value = (value << 5) | digit as u128;
    }
    Some(value.to_be_bytes())
}

impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, std::str::from_utf8(&letters(&self.0)).unwrap_or_default())
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: IdKind> FromStr for Id<K> {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        let wrong = || format!("`{s}` is not an id of the form {}_…", K::PREFIX);
        let body = s.strip_prefix(K::PREFIX).and_then(|r| r.strip_prefix('_')).ok_or_else(wrong)?;
        bytes_of(body).map(Self::from_bytes).ok_or_else(wrong)
    }
}

impl<K: IdKind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    ids! {
        /// For the test.
        ThingId = Thing "thg";
        /// Another.
        OtherId = Other "oth";
    }

    proptest! {
        #[test]
        fn text_and_back(bytes in any::<[u8; 16]>()) {
            let id = ThingId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<ThingId>(), Ok(id));
            prop_assert!(id.to_string().parse::<OtherId>().is_err());
        }
    }
}
