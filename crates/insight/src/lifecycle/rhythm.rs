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

/// A median that speaks.
pub(crate) type Median = Option<(i64, i64)>;

/// The medians at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Medians {
    pub shop: Median,
    /// By code.
    pub categories: Vec<Median>,
}

pub(crate) fn medians(rhythms: &Rhythms, moment: usize, min_gaps: i64) -> Medians {
    let speaks = |c: &Counts| if c.total() >= min_gaps { c.median() } else { None };
    Medians {
        shop: speaks(&rhythms.shop[moment]),
        categories: rhythms.categories.iter().map(|of| of.get(moment).and_then(speaks)).collect(),
    }
}
