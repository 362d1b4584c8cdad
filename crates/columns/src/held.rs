//! What held at a time, found once for all who ask about a time at which nothing else held. Nearly every
//! question is about now, and since the last change nothing changed: who asks about then walks the spells.

use std::sync::{Arc, PoisonError, RwLock};

use arrow_buffer::NullBuffer;

use crate::ints::{Ints, Raw};
use crate::slice::Spells;

/// The most members whose places two bytes tell apart.
const PLACES: usize = 1 << 16;

/// The most codes that holders are kept by.
const CODES: i64 = 1 << 22;

/// What is told of a stretch of times during which nothing changes.
#[derive(Debug)]
pub struct Lasting<T> {
    /// It holds at times above this,
    after: i64,
    /// and up to this.
    until: i64,
    /// What holds.
    pub what: T,
}

/// The latest stretch that was asked for.
#[derive(Debug)]
pub(crate) struct Kept<T>(RwLock<Option<Arc<Lasting<T>>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self(RwLock::new(self.get()))
    }
}

impl<T> Kept<T> {
    fn get(&self) -> Option<Arc<Lasting<T>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What holds at `at`; `None` for a time before what is kept, which stays for those who ask about now.
    fn at(&self, at: i64, make: impl FnOnce() -> Option<Lasting<T>>) -> Option<Arc<Lasting<T>>> {
        if let Some(kept) = self.get().filter(|kept| at <= kept.until) {
            return (at > kept.after).then_some(kept);
        }
        let made = Arc::new(make()?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(made.clone());
        Some(made)
    }

    fn bytes(&self, of: impl FnOnce(&T) -> usize) -> usize {
        self.get().map_or(0, |kept| of(&kept.what))
    }
}

/// Who holds what: members by value.
#[derive(Default, Debug)]
pub struct Holders {
    values: Vec<u32>,
    ends: Vec<u32>,
    places: Vec<u16>,
}

impl Holders {
    /// Every value that is held, with the places of its holders, ascending; one may be there more than once.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u16])> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        self.values.iter().zip(starts.zip(&self.ends)).map(|(value, (from, to))| (*value, &self.places[from as usize..*to as usize]))
    }

    /// Of what is held, by ascending places, all values up to `most`.
    fn of(held: &[(u32, u16)], most: usize) -> Self {
        let mut next = vec![0_u32; most + 1];
        held.iter().for_each(|(value, _)| next[*value as usize] += 1);
        let mut all = Self { places: vec![0; held.len()], ..Self::default() };
        let mut end = 0;
        for (value, next) in next.iter_mut().enumerate().filter(|(_, count)| **count > 0) {
            end += std::mem::replace(next, end);
            all.values.push(value as u32);
            all.ends.push(end);
        }
        for (value, place) in held {
            let next = &mut next[*value as usize];
            all.places[*next as usize] = *place;
            *next += 1;
        }
        all
    }
}

impl Spells {
    /// Whether a spell holds at `at`: it began before, and ends no earlier.
    #[inline]
    pub fn holds(&self, spell: usize, at: i64) -> bool {
        self.from.value(spell) < at && self.to.get(spell).is_none_or(|to| to >= at)
    }

    /// What each of so many members held last at `at`, as a column of facts; `None` where the question is about
    /// a time before a change that another question was asked behind.
    pub fn last_held(&self, members: usize, at: i64) -> Option<Arc<Lasting<Ints>>> {
        self.facts.at(at, || {
            let (after, until) = self.unchanged(at);
            let last = |m: usize| self.of.of(m).rev().find(|s| self.holds(*s, at));
            Some(Lasting { after, until, what: gather(&self.value, (0..members).map(last)) })
        })
    }

    /// Who of so many members held what at `at`; `None` as for [`Spells::last_held`], and where there are more
    /// members or values than are kept so.
    pub fn holders(&self, members: usize, at: i64) -> Option<Arc<Lasting<Holders>>> {
        self.holders.at(at, || {
            if members > PLACES || self.value.floor() < 0 || self.value.ceiling() > CODES {
                return None;
            }
            let (after, until) = self.unchanged(at);
            let mut held = Vec::with_capacity(self.value.len());
            // Behind the last change what has no end holds.
            let settled = until == i64::MAX && self.to.ceiling() <= after;
            for m in 0..members {
                for spell in self.of.of(m) {
                    if if settled { !self.to.is_known(spell) } else { self.holds(spell, at) } {
                        held.push((self.value.value(spell) as u32, m as u16));
                    }
                }
            }
            Some(Lasting { after, until, what: Holders::of(&held, self.value.ceiling() as usize) })
        })
    }

    /// Above which time and up to which the same holds as at `at`.
    fn unchanged(&self, at: i64) -> (i64, i64) {
        let last = self.from.ceiling().max(self.to.ceiling());
        if last < at {
            return (last, i64::MAX);
        }
        let (mut after, mut until) = (i64::MIN, i64::MAX);
        for spell in 0..self.value.len() {
            for change in [Some(self.from.value(spell)), self.to.get(spell)].into_iter().flatten() {
                if change < at { after = after.max(change) } else { until = until.min(change) }
            }
        }
        (after, until)
    }

    /// Bytes of what is kept beside the spells.
    pub(crate) fn kept_bytes(&self) -> usize {
        let holders = |of: &Holders| 4 * (of.values.len() + of.ends.len()) + 2 * of.places.len();
        self.facts.bytes(Ints::bytes) + self.holders.bytes(holders)
    }
}

/// The cells of a column at these places, missing where there is none.
fn gather(column: &Ints, at: impl Iterator<Item = Option<usize>>) -> Ints {
    let at: Vec<Option<usize>> = at.collect();
    let known = at.iter().filter(|i| i.is_some()).count();
    if known == 0 {
        return Ints::new(Raw::Missing(at.len()), 0, 1, None);
    }
    let nulls = (known < at.len()).then(|| NullBuffer::from_iter(at.iter().map(Option::is_some)));
    let (raw, base, unit) = column.parts();
    fn cells<T: Copy + Default>(cells: &[T], at: &[Option<usize>]) -> Vec<T> {
        at.iter().map(|i| i.map_or(T::default(), |i| cells[i])).collect()
    }
    let raw = match raw {
        Raw::Missing(_) => Raw::Missing(at.len()),
        Raw::Same(_) => Raw::Same(at.len()),
        Raw::U8(v) => Raw::U8(cells(v, &at).into()),
        Raw::U16(v) => Raw::U16(cells(v, &at).into()),
        Raw::U32(v) => Raw::U32(cells(v, &at).into()),
        Raw::I64(v) => Raw::I64(cells(v, &at).into()),
    };
    Ints::new(raw, base, unit, nulls).below(column.ceiling())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::slice::Ends;

    /// Of what, from when, to when.
    type Spell = (i64, i64, Option<i64>);

    proptest! {
        #[test]
        fn what_is_kept_is_what_the_spells_say(
            members in prop::collection::vec(prop::collection::vec((0_i64..4, 0_i64..12, prop::option::of(0_i64..12)), 0..4), 1..6),
            times in prop::collection::vec(-1_i64..14, 1..8),
        ) {
            let all: Vec<_> = members.iter().flatten().copied().collect();
            let ends: Vec<u32> = members.iter().scan(0, |end, mine| { *end += mine.len() as u32; Some(*end) }).collect();
            let column = |of: &dyn Fn(&Spell) -> Option<i64>| Ints::from_values(&all.iter().map(of).collect::<Vec<_>>());
            let spells = Spells::new(Ends::new(ends.into()), column(&|s| Some(s.0)), column(&|s| Some(s.1)), column(&|s| s.2));
            for at in times {
                let held = |m: usize| members[m].iter().filter(move |s| s.1 < at && s.2.is_none_or(|to| to >= at)).map(|s| s.0);
                if let Some(last) = spells.last_held(members.len(), at) {
                    for m in 0..members.len() {
                        prop_assert_eq!(last.what.get(m), held(m).next_back());
                    }
                }
                if let Some(holders) = spells.clone().holders(members.len(), at) {
                    let told: std::collections::BTreeSet<(u32, u16)> = holders.what.iter().flat_map(|(v, of)| of.iter().map(move |m| (v, *m))).collect();
                    let expected = (0..members.len()).flat_map(|m| held(m).map(move |v| (v as u32, m as u16))).collect();
                    prop_assert_eq!(told, expected);
                }
            }
        }
    }
}
