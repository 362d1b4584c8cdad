//! Members of a slice whom an expression is true of: a bit each.

use super::bits::packed;

/// Members by their place in a slice.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Set(Vec<u64>);

impl Set {
    /// Nobody, of a slice of so many members.
    pub(crate) fn none(members: usize) -> Self {
        Self(vec![0; members.div_ceil(64)])
    }

    pub(crate) fn insert(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    /// Adds those from `from` on of whom `told` is `wanted`; `from` is a multiple of 64.
    pub(crate) fn insert_told(&mut self, from: usize, told: &[u8], wanted: u8) {
        for (word, told) in self.0[from / 64..].iter_mut().zip(packed(told, wanted)) {
            *word |= told;
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }

    /// Whether the member of that place is in.
    pub fn contains(&self, place: u32) -> bool {
        self.0.get(place as usize / 64).is_some_and(|w| w >> (place % 64) & 1 == 1)
    }

    /// Their places, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().enumerate().flat_map(|(i, word)| {
            let left = |w: &u64| Some(w & (w - 1)).filter(|w| *w != 0);
            std::iter::successors(Some(*word).filter(|w| *w != 0), left).map(move |w| i as u32 * 64 + w.trailing_zeros())
        })
    }

    /// The bits, 64 places each, the lowest first.
    pub fn words(&self) -> &[u64] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn who_is_in_is_told(told in prop::collection::vec(0_u8..3, 0..200)) {
            let expected: Vec<u32> = told.iter().enumerate().filter(|(_, t)| **t == 2).map(|(i, _)| i as u32).collect();
            let (mut one, mut all) = (Set::none(told.len()), Set::none(told.len()));
            expected.iter().for_each(|place| one.insert(*place as usize));
            all.insert_told(0, &told, 2);
            prop_assert_eq!(&one, &all);
            prop_assert_eq!(all.len(), expected.len());
            prop_assert_eq!(all.is_empty(), expected.is_empty());
            prop_assert!((0..=told.len() as u32).all(|place| all.contains(place) == expected.contains(&place)));
            prop_assert_eq!(all.iter().collect::<Vec<_>>(), expected);
        }
    }
}
