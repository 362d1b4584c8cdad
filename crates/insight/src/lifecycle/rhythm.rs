//! The gaps of the shop and of each category, and the medians that a member's expectation leans on.

use crate::exact::Counts;

/// The gaps of the shop and of each category, by moment, as changes from the moment before.
pub(crate) struct Rhythms {
    pub shop: Vec<Counts>,
    /// By code; empty for a category without gaps.
    pub categories: Vec<Vec<Counts>>,
}

impl Rhythms {
    pub fn new(moments: usize, categories: usize) -> Self {
        Self { shop: vec![Counts::default(); moments], categories: vec![Vec::new(); categories] }
    }

    pub fn add(&mut self, moment: usize, category: Option<u32>, days: i64, times: i64) {
        let of = match category {
            None => &mut self.shop,
            Some(category) => {
                let Some(of) = self.categories.get_mut(category as usize) else { return };
                if of.is_empty() {
                    of.resize(self.shop.len(), Counts::default());
                }
                of
            }
        };
        of[moment].add(days, times);
    }

    pub fn join(&mut self, other: Self) {
        for (mine, theirs) in self.shop.iter_mut().zip(&other.shop) {
            mine.join(theirs);
        }
        for (mine, theirs) in self.categories.iter_mut().zip(other.categories) {
            if mine.is_empty() {
                *mine = theirs;
            } else {
                mine.iter_mut().zip(&theirs).for_each(|(a, b)| a.join(b));
            }
        }
    }

    /// Turns changes into what holds at each moment.
    pub fn settle(&mut self) {
        for of in std::iter::once(&mut self.shop).chain(self.categories.iter_mut()) {
            for i in 1..of.len() {
                let (before, here) = of.split_at_mut(i);
                here[0].join(&before[i - 1]);
            }
        }
    }
}

/// A gap to lean on as a fraction, and where it is from, in [`super::judge::LEANS`].
pub(crate) type Lean = ((i64, i64), usize);

/// What an expectation leans on at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Medians {
    /// By code of the category.
    categories: Vec<Lean>,
    /// Of who has no category, or one that says nothing.
    shop: Lean,
}

impl Medians {
    /// What somebody with that favourite leans on.
    #[inline]
    pub fn lean(&self, favourite: Option<u32>) -> Lean {
        favourite.and_then(|c| self.categories.get(c as usize).copied()).unwrap_or(self.shop)
    }

    /// How many categories it speaks of.
    pub fn len(&self) -> usize {
        self.categories.len()
    }
}

/// The days that are expected where nothing is known, and no more can be.
const DEFAULT: Lean = ((90, 1), 2);

pub(crate) fn medians(rhythms: &Rhythms, moment: usize, min_gaps: i64) -> Medians {
    let speaks = |c: &Counts| if c.total() >= min_gaps { c.median() } else { None };
    let shop = speaks(&rhythms.shop[moment]).map_or(DEFAULT, |median| (median, 1));
    let category = |of: &Vec<Counts>| of.get(moment).and_then(speaks).map_or(shop, |median| (median, 0));
    Medians { categories: rhythms.categories.iter().map(category).collect(), shop }
}
