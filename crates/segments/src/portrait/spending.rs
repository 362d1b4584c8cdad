//! What members spent, and what divides the buyers of the base into fifths by it.

use super::bands;
use super::bars::Key;
use super::measure::{Counts, Tally, add};
use crate::eval::side_by_side;

/// What the members of a slice spent who bought something.
#[derive(Default)]
pub(super) struct Spending {
    /// What no literal can hold is beyond every cut.
    net: Vec<i64>,
    /// Where each belongs; [`OUTSIDE`] where that is not asked.
    stratum: Vec<u8>,
    /// Whether each is in the base.
    is_base: Vec<bool>,
}

/// In neither group.
const OUTSIDE: u8 = 3;
/// Steps that values are counted in, between the least and the greatest.
const STEPS: usize = 1 << 14;
/// Parts that the buyers are divided into.
const PARTS: usize = 5;

/// Values counted in steps: least, greatest and how many in all, and how many in each step.
struct Counted {
    least: i64,
    shift: u32,
    of_step: Vec<usize>,
}

impl Spending {
    #[inline]
    pub fn add(&mut self, net: i128, stratum: Option<usize>, is_base: bool) {
        self.net.push(i64::try_from(net).unwrap_or(if net < 0 { i64::MIN } else { i64::MAX }));
        self.stratum.push(stratum.map_or(OUTSIDE, |s| s as u8));
        self.is_base.push(is_base);
    }

    /// What buyers of the base spent.
    fn base(&self) -> impl Iterator<Item = i64> + '_ {
        self.net.iter().zip(&self.is_base).filter(|(_, is_base)| **is_base).map(|(net, _)| *net)
    }

    /// Members by the fifth that they are in.
    pub fn tally(parts: &[Self], cuts: &[i64]) -> Tally {
        let counted = side_by_side(parts.len(), |at| {
            let part = &parts[at];
            let mut counts = vec![[0_u64; 4]; cuts.len() + 1];
            for (net, stratum) in part.net.iter().zip(&part.stratum) {
                counts[bands::place(cuts, |cut| *net >= cut)][usize::from(*stratum)] += 1;
            }
            Some(counts)
        });
        let mut tally = Tally::default();
        for (class, [a, b, c, _]) in counted.into_iter().flatten().flat_map(|counts| counts.into_iter().enumerate()) {
            let counts: Counts = [a, b, c];
            if counts != [0; 3] {
                add(&mut tally.known, counts);
                add(tally.bars.entry(Key::Class(class as u32)).or_default(), counts);
            }
        }
        tally
    }

    /// What divides the buyers of the base into fifths by what they spent: equal ones fall together.
    pub fn cuts(parts: &[Self]) -> Vec<i64> {
        let Some(counted) = Counted::of(parts) else { return Vec::new() };
        let buyers: usize = counted.of_step.iter().sum();
        let ranks: Vec<usize> = (1..PARTS).map(|k| buyers * k / PARTS).collect();
        // Of each rank the step in which it lies, and how many lie before that.
        let mut before = 0;
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (step, count) in counted.of_step.iter().enumerate() {
            while let Some(rank) = ranks.get(places.len()).filter(|rank| **rank < before + count) {
                places.push((step, rank - before));
            }
            before += count;
        }
        let mut wanted: Vec<usize> = places.iter().map(|(step, _)| *step).collect();
        wanted.dedup();
        let found = side_by_side(parts.len(), |at| {
            let mut found = vec![Vec::new(); wanted.len()];
            for net in parts[at].base() {
                let step = counted.step(net);
                if let Some(at) = wanted.iter().position(|w| *w == step) {
                    found[at].push(net);
                }
            }
            Some(found)
        });
        let mut values: Vec<Vec<i64>> = vec![Vec::new(); wanted.len()];
        for part in found.into_iter().flatten() {
            values.iter_mut().zip(part).for_each(|(all, some)| all.extend(some));
        }
        let value = |(step, rank): (usize, usize)| {
            let of = &mut values[wanted.iter().position(|w| *w == step)?];
            (rank < of.len()).then(|| *of.select_nth_unstable(rank).1)
        };
        let mut cuts: Vec<i64> = places.into_iter().filter_map(value).collect();
        cuts.dedup();
        // A cut at the least would leave a fifth below it empty.
        cuts.retain(|cut| *cut > counted.least);
        cuts
    }
}

impl Counted {
    /// None where nobody bought.
    fn of(parts: &[Spending]) -> Option<Self> {
        let ends = side_by_side(parts.len(), |at| Some(parts[at].base().fold((i64::MAX, i64::MIN), |(a, b), v| (a.min(v), b.max(v)))));
        let (least, most) = ends?.into_iter().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).filter(|(least, most)| least <= most)?;
        let width = most.wrapping_sub(least) as u64;
        let shift = (u64::BITS - width.leading_zeros()).saturating_sub(STEPS.trailing_zeros());
        let mut all = Self { least, shift, of_step: vec![0; STEPS] };
        let counted = side_by_side(parts.len(), |at| {
            let mut counts = vec![0_u32; STEPS];
            parts[at].base().for_each(|net| counts[all.step(net)] += 1);
            Some(counts)
        });
        for counts in counted? {
            all.of_step.iter_mut().zip(counts).for_each(|(all, count)| *all += count as usize);
        }
        Some(all)
    }

    #[inline]
    fn step(&self, value: i64) -> usize {
        (value.wrapping_sub(self.least) as u64 >> self.shift) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cuts_are_those_of_the_sorted(parts in prop::collection::vec(prop::collection::vec((prop_oneof![0_i64..6, -90_000_i64..900_000, any::<i64>()], any::<bool>()), 0..30), 0..4)) {
            let mut base: Vec<i64> = parts.iter().flatten().filter(|(_, is_base)| *is_base).map(|(net, _)| *net).collect();
            base.sort_unstable();
            let mut want: Vec<i64> = (1..5).filter_map(|k| base.get(base.len() * k / 5).copied()).collect();
            want.dedup();
            want.retain(|cut| *cut > base[0]);
            let parts: Vec<Spending> = parts.into_iter().map(|part| {
                let mut of = Spending::default();
                part.into_iter().for_each(|(net, is_base)| of.add(net.into(), None, is_base));
                of
            }).collect();
            prop_assert_eq!(Spending::cuts(&parts), want);
        }
    }
}
