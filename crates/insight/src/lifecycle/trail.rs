//! How the rhythm of a bucket's members changed, kept small from the first pass to the second: twelve bytes
//! a change. What does not fit is not kept, and walked again.

use super::pace::{Beat, Moment};

/// The changes of a bucket's shown members.
pub(super) struct Trail {
    marks: Vec<Mark>,
    /// How many of them each member has.
    counts: Vec<u8>,
    /// The last day from which days are counted back.
    day: i32,
    whole: bool,
}

/// A change.
#[derive(Clone, Copy)]
struct Mark {
    /// Days back to the last purchase, and the category.
    last: u16,
    favourite: u16,
    /// Moment, purchases as far as they are asked about, gaps.
    places: u32,
    days: u32,
}

/// Without a purchase, or a category.
const NONE: u16 = u16::MAX;
const GAP_BITS: u32 = 19;
const MANY_BITS: u32 = 2;
const MOMENT_BITS: u32 = 11;

impl Trail {
    /// Of so many members through these moments; nothing is said of any yet.
    pub fn new(moments: &[Moment], members: usize) -> Self {
        let day = moments.last().map_or(0, |m| m.day);
        Self { marks: Vec::new(), counts: Vec::with_capacity(members), day, whole: moments.len() >> MOMENT_BITS == 0 }
    }

    /// Keeps a member's beats, each with the number of the moment from which it holds.
    #[inline]
    pub fn push(&mut self, beats: &[(u32, Beat)]) {
        if !self.whole {
            return;
        }
        for (at, beat) in beats {
            match self.mark(*at, beat) {
                Some(mark) => self.marks.push(mark),
                None => return self.whole = false,
            }
        }
        match u8::try_from(beats.len()) {
            Ok(count) => self.counts.push(count),
            Err(_) => self.whole = false,
        }
    }

    #[inline]
    fn mark(&self, at: u32, beat: &Beat) -> Option<Mark> {
        let small = |x: u32| u16::try_from(x).ok().filter(|x| *x != NONE);
        let last = match beat.last() {
            None => NONE,
            Some(day) => small(u32::try_from(i64::from(self.day) - i64::from(day)).ok()?)?,
        };
        let favourite = match beat.favourite() {
            None => NONE,
            Some(category) => small(category)?,
        };
        // A stage asks whether there is one purchase, or more.
        let many = beat.purchases.min(2);
        let fits = beat.gaps >> GAP_BITS == 0;
        fits.then_some(Mark { last, favourite, places: at << (GAP_BITS + MANY_BITS) | many << GAP_BITS | beat.gaps, days: beat.days })
    }

    /// Whether everything fitted.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.marks.len() * size_of::<Mark>() + self.counts.len()
    }

    /// Gives back what it was given for growing.
    pub fn shrink(&mut self) {
        self.marks.shrink_to_fit();
    }

    /// What it keeps, member by member.
    pub fn told(&self) -> Told<'_> {
        Told { trail: self, member: 0, at: 0 }
    }
}

/// A trail that is told.
pub(super) struct Told<'t> {
    trail: &'t Trail,
    member: usize,
    at: usize,
}

impl Told<'_> {
    /// The beats of the next member. Of purchases more than one are told as two.
    #[inline]
    pub fn next(&mut self, into: &mut Vec<(u32, Beat)>) {
        into.clear();
        let count = self.trail.counts.get(self.member).copied().unwrap_or(0);
        self.member += 1;
        for mark in &self.trail.marks[self.at..self.at + usize::from(count)] {
            let many = mark.places >> GAP_BITS & ((1 << MANY_BITS) - 1);
            let last = (mark.last != NONE).then(|| self.trail.day - i32::from(mark.last));
            let favourite = (mark.favourite != NONE).then_some(mark.favourite.into());
            let beat = Beat::of(many, mark.places & ((1 << GAP_BITS) - 1), mark.days, last, favourite);
            into.push((mark.places >> (GAP_BITS + MANY_BITS), beat));
        }
        self.at += usize::from(count);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn beat() -> impl Strategy<Value = Beat> {
        let day = prop::option::weighted(0.9, 18_000_i32..20_000);
        (1_u32..4, 0_u32..9, 0_u32..3_000, day, prop::option::of(0_u32..300)).prop_map(
            |(purchases, gaps, days, last, favourite)| match last {
                Some(_) => Beat::of(purchases, gaps, days, last, favourite),
                None => Beat::of(0, 0, 0, None, favourite),
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_kept_is_told(members in prop::collection::vec(prop::collection::vec((0_u32..40, beat()), 0..6), 0..20)) {
            let moments: Vec<Moment> = (0..40).map(|i| Moment { at: i64::from(i), day: 20_000 + i }).collect();
            let mut trail = Trail::new(&moments, members.len());
            members.iter().for_each(|beats| trail.push(beats));
            prop_assert!(trail.is_whole());
            let (mut told, mut mine) = (trail.told(), Vec::new());
            for beats in &members {
                told.next(&mut mine);
                let capped: Vec<(u32, Beat)> = beats.iter().map(|(at, b)| (*at, Beat { purchases: b.purchases.min(2), ..*b })).collect();
                prop_assert_eq!(&mine, &capped);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_kept() {
        let moments = [Moment { at: 0, day: 20_000 }];
        let kept = |beat: Beat| {
            let mut trail = Trail::new(&moments, 1);
            trail.push(&[(0, beat)]);
            trail.is_whole()
        };
        assert!(kept(Beat::of(1, 0, 0, Some(19_000), Some(7))));
        for beat in [
            Beat::of(1, 0, 0, Some(-60_000), Some(7)),
            Beat::of(1, 0, 0, Some(20_001), Some(7)),
            Beat::of(1, 0, 0, Some(19_000), Some(65_535)),
            Beat::of(1, 1 << 19, 0, Some(19_000), None),
        ] {
            assert!(!kept(beat), "{beat:?}");
        }
        let mut trail = Trail::new(&moments, 1);
        trail.push(&[(0, Beat::NONE); 256]);
        assert!(!trail.is_whole());
    }
}
