//! Ids of members and rows, and where each member's rows end: plain arrays, in memory as in a mapped file.

use std::borrow::Cow;
use std::ops::Range;

use arrow_buffer::{Buffer, ScalarBuffer};
use shuke_kernel::{Error, Result, id};

use crate::numbered::Numbered;

/// Bytes of an id of ours.
const KEY: usize = 16;

/// Ids in the order of their bytes: the code of one is its place. Ids of ours are kept as their sixteen
/// bytes, others as they are written.
#[derive(Clone, Debug)]
pub struct Ids(Form);

#[derive(Clone, Debug)]
enum Form {
    Keys { prefix: Box<str>, keys: Buffer },
    Numbered(Numbered),
    Texts { ends: ScalarBuffer<u32>, bytes: Buffer },
}

/// What ids are made of, to be written down and made again.
#[derive(Clone, Copy, Debug)]
pub enum IdParts<'a> {
    /// `PREFIX_` and the letters of sixteen bytes each.
    Keys {
        /// Before the underscore.
        prefix: &'a str,
        /// Sixteen bytes each.
        keys: &'a Buffer,
    },
    /// The same with numbers behind.
    Numbered(&'a Numbered),
    /// Any texts.
    Texts {
        /// Where each one's bytes end.
        ends: &'a ScalarBuffer<u32>,
        /// Their bytes, one after the other.
        bytes: &'a Buffer,
    },
}

impl Default for Ids {
    fn default() -> Self {
        Self(Form::Texts { ends: Vec::new().into(), bytes: Vec::<u8>::new().into() })
    }
}

/// The sixteen bytes of an id of ours with this prefix.
fn key(prefix: &str, text: &str) -> Option<[u8; KEY]> {
    text.strip_prefix(prefix)?.strip_prefix('_').and_then(id::bytes_of)
}

impl Ids {
    /// Of ids in any order, each once or more often.
    pub fn of(mut ids: Vec<Box<str>>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        Self::ascending(&ids)
    }

    /// Of ids that ascend by their bytes, each once.
    pub fn ascending<T: AsRef<str>>(ids: &[T]) -> Self {
        let prefix = ids.first().and_then(|first| first.as_ref().split_once('_')).map_or("", |(prefix, _)| prefix);
        let mut keys = Vec::with_capacity(ids.len() * KEY);
        let mut add = |text: &str| {
            key(prefix, text).is_some_and(|key| {
                keys.extend_from_slice(&key);
                true
            })
        };
        if !ids.is_empty() && ids.iter().all(|text| add(text.as_ref())) {
            return Self(Form::Keys { prefix: prefix.into(), keys: keys.into() });
        }
        drop(keys);
        if let Some(numbered) = Numbered::of(prefix, ids).filter(|n| !n.is_empty()) {
            return Self(Form::Numbered(numbered));
        }
        let (mut ends, mut bytes) = (Vec::with_capacity(ids.len()), Vec::new());
        for text in ids {
            bytes.extend_from_slice(text.as_ref().as_bytes());
            ends.push(bytes.len() as u32);
        }
        Self(Form::Texts { ends: ends.into(), bytes: bytes.into() })
    }

    /// Of ids of ours, sixteen ascending bytes each.
    ///
    /// # Errors
    /// A fault when the bytes are no whole number of ids.
    pub fn of_keys(prefix: &str, keys: Buffer) -> Result<Self> {
        if !keys.len().is_multiple_of(KEY) {
            return Err(Error::fault("ids are cut short"));
        }
        Ok(Self(Form::Keys { prefix: prefix.into(), keys }))
    }

    /// Of texts that ascend by their bytes.
    ///
    /// # Errors
    /// A fault when the ends do not ascend, or lie beyond the bytes.
    pub fn of_texts(ends: ScalarBuffer<u32>, bytes: Buffer) -> Result<Self> {
        if !ends.is_sorted() || ends.last().is_some_and(|end| *end as usize > bytes.len()) {
            return Err(Error::fault("ids end where they cannot"));
        }
        Ok(Self(Form::Texts { ends, bytes }))
    }

    /// Of ids with numbers behind.
    pub fn numbered(of: Numbered) -> Self {
        Self(Form::Numbered(of))
    }

    /// The sixteen bytes of each, where all are ids of ours; else none.
    pub fn keys(&self) -> &[[u8; KEY]] {
        match &self.0 {
            Form::Keys { keys, .. } => keys.as_chunks::<KEY>().0,
            Form::Numbered(_) | Form::Texts { .. } => &[],
        }
    }

    /// What they are made of.
    pub fn parts(&self) -> IdParts<'_> {
        match &self.0 {
            Form::Keys { prefix, keys } => IdParts::Keys { prefix, keys },
            Form::Numbered(of) => IdParts::Numbered(of),
            Form::Texts { ends, bytes } => IdParts::Texts { ends, bytes },
        }
    }

    /// The code of `id`.
    pub fn find(&self, id: &str) -> Option<u32> {
        let code = match &self.0 {
            Form::Keys { prefix, keys } => {
                let (keys, _) = keys.as_chunks::<KEY>();
                keys.binary_search(&key(prefix, id)?).ok()?
            }
            Form::Numbered(of) => of.find(id)?,
            Form::Texts { ends, bytes } => {
                let order = |code: usize| text(ends, bytes, code).cmp(id.as_bytes());
                let (mut low, mut high) = (0, ends.len());
                while low < high {
                    let middle = low + (high - low) / 2;
                    if order(middle).is_lt() { low = middle + 1 } else { high = middle }
                }
                (low < ends.len() && order(low).is_eq()).then_some(low)?
            }
        };
        Some(code as u32)
    }

    /// The id of `code`; empty where there is none.
    pub fn get(&self, code: u32) -> Cow<'_, str> {
        let code = code as usize;
        match &self.0 {
            Form::Keys { prefix, keys } => keys.as_chunks::<KEY>().0.get(code).map_or(Cow::Borrowed(""), |key| {
                let letters = id::letters(key);
                format!("{prefix}_{}", std::str::from_utf8(&letters).unwrap_or_default()).into()
            }),
            Form::Numbered(of) => of.get(code).into(),
            Form::Texts { ends, .. } if code >= ends.len() => "".into(),
            Form::Texts { ends, bytes } => std::str::from_utf8(text(ends, bytes, code)).unwrap_or_default().into(),
        }
    }

    /// All of them, by code.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.len() as u32).map(|code| self.get(code))
    }

    /// How many.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Keys { keys, .. } => keys.len() / KEY,
            Form::Numbered(of) => of.len(),
            Form::Texts { ends, .. } => ends.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        match &self.0 {
            Form::Keys { keys, .. } => keys.len(),
            Form::Numbered(of) => of.bytes(),
            Form::Texts { ends, bytes } => size_of_val::<[u32]>(ends) + bytes.len(),
        }
    }
}

fn text<'a>(ends: &[u32], bytes: &'a [u8], code: usize) -> &'a [u8] {
    let from = if code == 0 { 0 } else { ends[code - 1] };
    &bytes[from as usize..ends[code] as usize]
}

/// Where each member's rows begin and end. Where nobody has a row nothing is kept.
#[derive(Clone, Default, Debug)]
pub struct Ends(ScalarBuffer<u32>);

impl Ends {
    /// Of each member's end, ascending.
    pub fn new(ends: ScalarBuffer<u32>) -> Self {
        Self(if ends.last() == Some(&0) { Vec::new().into() } else { ends })
    }

    /// The rows of `member`.
    #[inline]
    pub fn of(&self, member: usize) -> Range<usize> {
        let Some(end) = self.0.get(member) else { return 0..0 };
        let from = if member == 0 { 0 } else { self.0[member - 1] as usize };
        from..*end as usize
    }

    /// Each member's end; nothing where nobody has a row.
    pub fn ends(&self) -> &ScalarBuffer<u32> {
        &self.0
    }

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        size_of_val::<[u32]>(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ours(bytes: [u8; KEY]) -> Box<str> {
        format!("mem_{}", std::str::from_utf8(&id::letters(&bytes)).unwrap()).into()
    }

    proptest! {
        #[test]
        fn ids_are_found_by_their_texts(keys in prop::collection::btree_set(any::<[u8; KEY]>(), 0..9), others in prop::collection::btree_set("[a-z_中]{0,5}", 0..9)) {
            for texts in [keys.iter().copied().map(ours).collect::<Vec<_>>(), others.iter().map(|t| Box::from(&**t)).collect()] {
                let ids = Ids::of(texts.iter().rev().cloned().collect());
                prop_assert!(ids.iter().eq(texts.iter().map(|t| Cow::Borrowed(&**t))));
                for (code, text) in texts.iter().enumerate() {
                    prop_assert_eq!(ids.find(text), Some(code as u32));
                }
                for absent in ["", "mem_", "mem_00000000000000000000000000x", "~"] {
                    prop_assert_eq!(ids.find(absent), texts.iter().position(|t| &**t == absent).map(|i| i as u32));
                }
                let again = match ids.parts() {
                    IdParts::Keys { prefix, keys } => Ids::of_keys(prefix, keys.clone()).unwrap(),
                    IdParts::Numbered(of) => Ids::numbered(of.clone()),
                    IdParts::Texts { ends, bytes } => Ids::of_texts(ends.clone(), bytes.clone()).unwrap(),
                };
                prop_assert!(again.iter().eq(ids.iter()));
            }
        }
    }
}
