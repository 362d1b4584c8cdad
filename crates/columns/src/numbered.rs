//! Ids of parts: those of what they are parts of, each with a number behind (`ord_…/1`), or without. So
//! a line's id takes two bytes and its part of its order's, not thirty.

use arrow_buffer::{Buffer, ScalarBuffer};
use shuke_kernel::{Error, Result, id};

/// Bytes of an id of ours.
const KEY: usize = 16;

/// Ids in the order of their bytes.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// Before the underscore.
    pub(crate) prefix: Box<str>,
    /// What they are parts of, sixteen ascending bytes each.
    pub(crate) owners: Buffer,
    /// Where each one's parts end.
    pub(crate) ends: ScalarBuffer<u32>,
    /// The numbers, 0 for none; of one owner in the order of their digits.
    pub(crate) numbers: ScalarBuffer<u16>,
}

fn parse(prefix: &str, text: &str) -> Option<([u8; KEY], u16)> {
    let rest = text.strip_prefix(prefix)?.strip_prefix('_')?;
    let Some((owner, digits)) = rest.split_once('/') else { return Some((id::bytes_of(rest)?, 0)) };
    let number: u16 = digits.parse().ok().filter(|n| *n > 0)?;
    // Only one way to write it, so that it is told as it was.
    (!digits.starts_with(['0', '+'])).then_some((id::bytes_of(owner)?, number))
}

impl Numbered {
    /// Of ids that ascend by their bytes; `None` where any is of another form.
    pub fn of<T: AsRef<str>>(prefix: &str, ids: &[T]) -> Option<Self> {
        let (mut owners, mut ends, mut numbers): (Vec<[u8; KEY]>, Vec<u32>, Vec<u16>) = Default::default();
        for text in ids {
            let (owner, number) = parse(prefix, text.as_ref())?;
            if owners.last() != Some(&owner) {
                owners.push(owner);
                ends.push(numbers.len() as u32);
            }
            numbers.push(number);
            *ends.last_mut()? = numbers.len() as u32;
        }
        let good = owners.is_sorted_by(|a, b| a < b);
        good.then(|| Self { prefix: prefix.into(), owners: owners.concat().into(), ends: ends.into(), numbers: numbers.into() })
    }

    /// Of parts that were written down.
    ///
    /// # Errors
    /// A fault when they do not belong together.
    pub fn from_parts(prefix: &str, owners: Buffer, ends: ScalarBuffer<u32>, numbers: ScalarBuffer<u16>) -> Result<Self> {
        let fits = owners.len() == KEY * ends.len() && ends.is_sorted() && ends.last().map_or(0, |e| *e as usize) == numbers.len();
        if fits { Ok(Self { prefix: prefix.into(), owners, ends, numbers }) } else { Err(Error::fault("numbered ids do not fit together")) }
    }

    fn keys(&self) -> &[[u8; KEY]] {
        self.owners.as_chunks::<KEY>().0
    }

    /// The code of `text`.
    pub fn find(&self, text: &str) -> Option<usize> {
        let (owner, number) = parse(&self.prefix, text)?;
        let at = self.keys().binary_search(&owner).ok()?;
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        self.numbers[from..self.ends[at] as usize].iter().position(|n| *n == number).map(|i| from + i)
    }

    /// The id of `code`; empty where there is none.
    pub fn get(&self, code: usize) -> String {
        let Some(number) = self.numbers.get(code) else { return String::new() };
        let at = self.ends.partition_point(|end| *end as usize <= code);
        let letters = self.keys().get(at).map(id::letters).unwrap_or_default();
        let owner = std::str::from_utf8(&letters).unwrap_or_default();
        if *number == 0 { format!("{}_{owner}", self.prefix) } else { format!("{}_{owner}/{number}", self.prefix) }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        self.owners.len() + size_of_val::<[u32]>(&self.ends) + size_of_val::<[u16]>(&self.numbers)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_are_found_by_their_texts(parts in prop::collection::btree_set((0_u8..4, 0_u16..130), 1..40)) {
            let text = |(owner, number): (u8, u16)| {
                let letters = id::letters(&[owner; KEY]);
                let owner = std::str::from_utf8(&letters).unwrap().to_owned();
                if number == 0 { format!("ord_{owner}") } else { format!("ord_{owner}/{number}") }
            };
            let all: BTreeSet<Box<str>> = parts.into_iter().map(|p| text(p).into()).collect();
            let all: Vec<Box<str>> = all.into_iter().collect();
            let ids = Numbered::of("ord", &all).unwrap();
            let again = Numbered::from_parts("ord", ids.owners.clone(), ids.ends.clone(), ids.numbers.clone()).unwrap();
            for (code, text) in all.iter().enumerate() {
                prop_assert_eq!(&*again.get(code), &**text);
                prop_assert_eq!(again.find(text), Some(code));
            }
            prop_assert_eq!((again.get(all.len()), again.find("ord_x"), again.find(&text((9, 1)))), (String::new(), None, None));
        }
    }

    #[test]
    fn what_is_written_otherwise_is_no_part() {
        let owner = std::str::from_utf8(&id::letters(&[7; KEY])).unwrap().to_owned();
        for digits in ["01", "0", "", "+1", "65536", "x"] {
            assert!(Numbered::of("ord", &[format!("ord_{owner}/{digits}")]).is_none(), "{digits}");
        }
    }
}
