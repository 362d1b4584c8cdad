//! Values by whole numbers of which nearly all lie close together, such as months: those are found by
//! their place, the few others in a map.

use std::collections::BTreeMap;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// Values by number.
#[derive(Clone, Debug)]
pub(crate) struct Near<T> {
    /// The number of the first place.
    base: i32,
    /// Room before the first number that is met.
    before: i32,
    near: Vec<Option<T>>,
    far: BTreeMap<i32, T>,
}

/// Places at most.
const PLACES: usize = 8_192;

impl<T: Default> Near<T> {
    /// Of numbers that lie at most so far before the first that is met, but for a few.
    pub fn new(before: i32) -> Self {
        Self { base: 0, before, near: Vec::new(), far: BTreeMap::new() }
    }

    /// How far behind the first place it lies; a number before that is as far away as can be.
    #[inline]
    fn place(&self, number: i32) -> usize {
        (i64::from(number) - i64::from(self.base)) as usize
    }

    /// The value of a number, made if it is not there.
    #[inline]
    pub fn entry(&mut self, number: i32) -> &mut T {
        if self.near.is_empty() {
            self.base = number.saturating_sub(self.before);
        }
        let at = self.place(number);
        if at >= PLACES {
            return self.far.entry(number).or_default();
        }
        if at >= self.near.len() {
            self.near.resize_with(at + 1, || None);
        }
        self.near[at].get_or_insert_default()
    }

    /// The value of a number.
    pub fn get(&self, number: i32) -> Option<&T> {
        let at = self.place(number);
        if at < PLACES { self.near.get(at)?.as_ref() } else { self.far.get(&number) }
    }

    /// Takes a number's value out.
    pub fn remove(&mut self, number: i32) -> Option<T> {
        let at = self.place(number);
        if at < PLACES { self.near.get_mut(at)?.take() } else { self.far.remove(&number) }
    }

    /// The numbers that have a value, ascending, with it.
    pub fn iter(&self) -> impl Iterator<Item = (i32, &T)> {
        let base = self.base;
        let near = self.near.iter().enumerate().filter_map(move |(at, of)| of.as_ref().map(|of| (base + at as i32, of)));
        let far = |range: (Bound<i32>, Bound<i32>)| self.far.range(range).map(|(number, of)| (*number, of));
        far((Unbounded, Excluded(base))).chain(near).chain(far((Included(base), Unbounded)))
    }

    /// All values with their numbers, in no order.
    pub fn take(self) -> impl Iterator<Item = (i32, T)> {
        let base = self.base;
        let near = self.near.into_iter().enumerate().filter_map(move |(at, of)| of.map(|of| (base + at as i32, of)));
        near.chain(self.far)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_value_is_found_by_its_number(numbers in prop::collection::vec(prop_oneof![-50_i32..50, 24_000_i32..24_400, any::<i32>()], 0..60), before in 0_i32..30) {
            let (mut near, mut map) = (Near::<i64>::new(before), BTreeMap::<i32, i64>::new());
            for (i, number) in numbers.iter().enumerate() {
                *near.entry(*number) += i as i64;
                *map.entry(*number).or_default() += i as i64;
            }
            prop_assert_eq!(near.iter().map(|(n, x)| (n, *x)).collect::<Vec<_>>(), map.iter().map(|(n, x)| (*n, *x)).collect::<Vec<_>>());
            for number in -60..60 {
                prop_assert_eq!(near.get(number), map.get(&number));
            }
            prop_assert_eq!(near.clone().take().collect::<BTreeMap<_, _>>(), map.clone());
            for number in numbers {
                prop_assert_eq!(near.remove(number), map.remove(&number));
            }
        }
    }
}
