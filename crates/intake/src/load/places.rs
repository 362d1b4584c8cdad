//! Counts the rows of each key of a file, in nine bytes a key: a file may have ten million of them.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// How many rows of each key were seen. Keys are 64-bit hashes, told apart by their upper 56 bits.
#[derive(Default)]
pub(crate) struct Places {
    seen: HashSet<Slot>,
    /// The few keys of more rows than a slot can count.
    many: HashMap<u64, u32>,
}

/// A key with its count in the lowest byte.
#[derive(Clone, Copy)]
struct Slot(u64);

const MOST: u64 = 0xff;

impl PartialEq for Slot {
    fn eq(&self, other: &Self) -> bool {
        self.0 | MOST == other.0 | MOST
    }
}

impl Eq for Slot {}

impl Hash for Slot {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0 | MOST).hash(state);
    }
}

impl Places {
    /// The place, from 0, of one more row of that key.
    pub fn next(&mut self, key: u64) -> u32 {
        let key = key & !MOST;
        let seen = self.seen.get(&Slot(key)).map_or(0, |slot| slot.0 & MOST);
        if seen < MOST {
            self.seen.replace(Slot(key | (seen + 1)));
            return seen as u32;
        }
        let count = self.many.entry(key).or_insert(MOST as u32);
        *count += 1;
        *count - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_key_also_beyond_what_a_slot_holds() {
        let mut places = Places::default();
        for n in 0..1_000 {
            assert_eq!(places.next(0x0123_4567_89ab_cd00), n);
            assert_eq!(places.next(0x0123_4567_89ab_ce00), n);
        }
        assert_eq!(places.next(7), 0);
    }
}
