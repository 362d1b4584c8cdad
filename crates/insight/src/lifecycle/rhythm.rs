//! The gaps of the shop and of each category, and the medians that a member's expectation leans on.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use super::diary::{Diary, SHOP};
use super::pace::Moment;
use crate::exact::Counts;

/// The gaps of the shop and of each category, by moment, as changes from the moment before.
pub(crate) struct Rhythms {
    shop: Vec<Counts>,
    /// By code.
    categories: Vec<Category>,
}

/// The gaps of a category. They come in no order and there are tens of millions of them over hundreds of
/// categories and moments, more places than stay near a processor: so they are noted behind each other,
/// and counted a few thousand of one category at a time.
#[derive(Clone, Default)]
struct Category {
    noted: Vec<u32>,
    /// By moment and days, once there were as many.
    counted: Vec<i64>,
    /// By moment and days, what does not fit into either.
    other: BTreeMap<(usize, i64), i64>,
}

/// Gaps of a category that are noted before they are counted.
const NOTED: usize = 4_096;
/// Days that are counted in place.
const DAYS: usize = 1_024;
/// A note: whether a gap goes, at which moment, so many days.
const DAY_BITS: u32 = 20;
const MOMENT_BITS: u32 = 11;
const GOES: u32 = 1 << 31;

impl Category {
    #[inline]
    fn add(&mut self, moment: usize, days: i64, goes: bool, moments: usize) {
        if moment >> MOMENT_BITS != 0 || (days as u64) >> DAY_BITS != 0 {
            *self.other.entry((moment, days)).or_default() += if goes { -1 } else { 1 };
            return;
        }
        self.noted.push((u32::from(goes) * GOES) | (moment as u32) << DAY_BITS | days as u32);
        if self.noted.len() >= NOTED {
            self.count(moments);
        }
    }

    #[cold]
    fn count(&mut self, moments: usize) {
        self.counted.resize(moments * DAYS, 0);
        let Self { noted, counted, other } = self;
        for note in noted.drain(..) {
            let times = if note & GOES == 0 { 1 } else { -1 };
            let (moment, days) = ((note & !GOES) >> DAY_BITS, note & ((1 << DAY_BITS) - 1));
            if (days as usize) < DAYS {
                counted[moment as usize * DAYS + days as usize] += times;
            } else {
                *other.entry((moment as usize, days.into())).or_default() += times;
            }
        }
    }

    /// Counts what a diary tells under that code.
    fn read(&mut self, diary: &Diary, code: u32, moments: &[Moment]) {
        let Self { counted, other, .. } = self;
        diary.gaps(code, moments, |moment, days, goes| {
            if counted.is_empty() {
                counted.resize(moments.len() * DAYS, 0);
            }
            let times = if goes { -1 } else { 1 };
            match counted.get_mut(moment * DAYS + days).filter(|_| days < DAYS) {
                Some(count) => *count += times,
                None => *other.entry((moment, days as i64)).or_default() += times,
            }
        });
    }

    fn join(&mut self, other: Self, moments: usize) {
        self.noted.extend(other.noted);
        if self.noted.len() >= NOTED {
            self.count(moments);
        }
        if self.counted.is_empty() {
            self.counted = other.counted;
        } else {
            self.counted.iter_mut().zip(&other.counted).for_each(|(a, b)| *a += b);
        }
        other.other.into_iter().for_each(|(at, n)| *self.other.entry(at).or_default() += n);
    }

    /// Whether anything was ever told of it.
    fn is_silent(&self) -> bool {
        self.noted.is_empty() && self.counted.is_empty() && self.other.is_empty()
    }

    /// Adds what changes at a moment to what holds before it.
    fn at(&self, moment: usize, holds: &mut Counts) {
        let counted = self.counted.get(moment * DAYS..(moment + 1) * DAYS).unwrap_or_default();
        counted.iter().enumerate().filter(|(_, n)| **n != 0).for_each(|(days, n)| holds.add(days as i64, *n));
        self.other.range((moment, i64::MIN)..=(moment, i64::MAX)).for_each(|((_, days), n)| holds.add(*days, *n));
    }
}

impl Rhythms {
    pub fn new(moments: usize, categories: usize) -> Self {
        Self { shop: vec![Counts::default(); moments], categories: vec![Category::default(); categories] }
    }

    /// A gap of so many days that comes, or goes, at a moment and stays so at all later ones.
    #[inline]
    pub fn add(&mut self, moment: usize, category: Option<u32>, days: i64, goes: bool) {
        match category {
            None => self.shop[moment].add(days, if goes { -1 } else { 1 }),
            Some(category) => {
                let moments = self.shop.len();
                if let Some(of) = self.categories.get_mut(category as usize) {
                    of.add(moment, days, goes, moments);
                }
            }
        }
    }

    pub fn join(&mut self, other: Self) {
        let moments = self.shop.len();
        for (mine, theirs) in self.shop.iter_mut().zip(&other.shop) {
            mine.join(theirs);
        }
        for (mine, theirs) in self.categories.iter_mut().zip(other.categories).filter(|(_, theirs)| !theirs.is_silent()) {
            mine.join(theirs, moments);
        }
    }

    /// Adds the gaps that these diaries tell: one category after the other, so that the places it counts in stay
    /// near the processor, on all processors.
    pub(super) fn read(&mut self, diaries: &[&Diary], moments: &[Moment]) {
        if diaries.is_empty() {
            return;
        }
        let next = AtomicUsize::new(0);
        let categories = self.categories.len();
        // The shop has the most, so it comes first.
        let code = |at: usize| if at == 0 { SHOP } else { (at - 1) as u32 };
        let work = || {
            let mut mine = Vec::new();
            loop {
                let at = next.fetch_add(1, Relaxed);
                if at > categories {
                    return mine;
                }
                let mut of = Category::default();
                diaries.iter().for_each(|diary| of.read(diary, code(at), moments));
                if !of.is_silent() {
                    mine.push((at, of));
                }
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        let read = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            all.extend(others.into_iter().flat_map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))));
            all
        });
        for (at, of) in read {
            match at.checked_sub(1) {
                Some(category) => self.categories[category].join(of, moments.len()),
                None => self.shop.iter_mut().enumerate().for_each(|(moment, counts)| of.at(moment, counts)),
            }
        }
    }

    /// What holds at each moment.
    pub fn settle(self, min_gaps: i64) -> Settled {
        let moments = self.shop.len();
        let (mut shop, mut shops) = (Counts::default(), Vec::with_capacity(moments));
        for changes in &self.shop {
            shop.join(changes);
            shops.push(speaks(&shop, min_gaps).map_or(DEFAULT, |median| (median, 1)));
        }
        let (mut categories, mut leans) = (Vec::with_capacity(self.categories.len()), Vec::new());
        for mut of in self.categories {
            let mut holds = Counts::default();
            if of.is_silent() {
                leans.extend(&shops);
                categories.push(holds);
                continue;
            }
            of.count(moments);
            for (moment, shop) in shops.iter().enumerate() {
                of.at(moment, &mut holds);
                leans.push(speaks(&holds, min_gaps).map_or(*shop, |median| (median, 0)));
            }
            categories.push(holds);
        }
        Settled { shop, categories, medians: Medians::of(leans, shops) }
    }
}

/// The median of gaps, where they are enough.
fn speaks(gaps: &Counts, min_gaps: i64) -> Option<(i64, i64)> {
    if gaps.total() >= min_gaps { gaps.median() } else { None }
}

/// The gaps at the last moment, and the medians at every one.
pub(crate) struct Settled {
    pub shop: Counts,
    /// By code.
    pub categories: Vec<Counts>,
    pub medians: Medians,
}

/// A gap to lean on as a fraction, and where it is from, in [`super::judge::LEANS`].
pub(crate) type Lean = ((i64, i64), usize);

/// What an expectation leans on at each moment.
#[derive(Clone, Debug)]
pub(crate) struct Medians {
    /// By code of the category, one a moment.
    categories: Vec<Lean>,
    /// Of who has no category, or one that says nothing.
    shop: Vec<Lean>,
    /// The same in half days.
    twice_categories: Vec<i64>,
    twice_shop: Vec<i64>,
}

/// A gap in half days: a median is a whole number of them.
fn twice(((num, den), _): &Lean) -> i64 {
    2 * num / den
}

impl Medians {
    fn of(categories: Vec<Lean>, shop: Vec<Lean>) -> Self {
        let (twice_categories, twice_shop) = (categories.iter().map(twice).collect(), shop.iter().map(twice).collect());
        Self { categories, shop, twice_categories, twice_shop }
    }

    /// What somebody with that favourite leans on at each moment.
    #[inline]
    pub fn leans(&self, favourite: Option<u32>) -> &[Lean] {
        self.place(favourite).and_then(|place| self.categories.get(place)).unwrap_or(&self.shop)
    }

    /// The same in half days.
    #[inline]
    pub fn twices(&self, favourite: Option<u32>) -> &[i64] {
        self.place(favourite).and_then(|place| self.twice_categories.get(place)).unwrap_or(&self.twice_shop)
    }

    #[inline]
    fn place(&self, favourite: Option<u32>) -> Option<Range<usize>> {
        let moments = self.shop.len();
        favourite.map(|category| category as usize * moments..(category as usize + 1) * moments)
    }

    /// How many leans it holds.
    pub fn len(&self) -> usize {
        self.categories.len() + self.shop.len()
    }
}

/// The days that are expected where nothing is known, and no more can be.
const DEFAULT: Lean = ((90, 1), 2);
