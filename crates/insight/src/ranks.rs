//! Numbers by their rank among many, found by counting: of tens of millions only those that lie where
//! one is asked for are put in order. Exact.

use std::collections::BTreeMap;

/// Numbers whose ranks are asked for.
#[derive(Debug)]
pub(crate) struct Ranks {
    all: usize,
    counts: Vec<u64>,
    /// The least number in each bin; that of an empty one is the largest number.
    least: Vec<i64>,
    /// The numbers of bins in which a rank lies, in order.
    sorted: BTreeMap<usize, Vec<i64>>,
    bin: fn(i64) -> usize,
}

/// A number at a rank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ranked {
    pub value: i64,
    /// The rank of the first that is equal, and that behind the last.
    pub start: usize,
    pub end: usize,
}

/// Bits of a number that its bin tells, behind the highest one.
const FINE: u32 = 10;
/// Numbers below this have a bin of their own.
const ALONE: u64 = 1 << (FINE + 1);
/// Bins of the numbers from nought up, and as many of those below.
const HALF: usize = (64 - FINE as usize) << FINE;
/// Fewer are all put in order.
const FEW: usize = 32_768;

/// Where a number that is not negative lies: bins ascend with it and are a thousandth of it wide.
fn upwards(x: u64) -> usize {
    if x < ALONE {
        return x as usize;
    }
    let shift = x.ilog2() - FINE;
    ((shift as usize + 1) << FINE) + ((x >> shift) as usize & ((1 << FINE) - 1))
}

fn fine(x: i64) -> usize {
    // Below nought the order is the other way round: -1 is the nearest.
    if x < 0 { HALF - 1 - upwards((-1 - x) as u64) } else { HALF + upwards(x as u64) }
}

fn all_one(_: i64) -> usize {
    0
}

impl Ranks {
    /// The numbers that `value` tells of these parts, of which those at `ranks` (from 0) will be asked for.
    /// Each part is read on a thread of its own.
    pub fn of<T: Sync>(parts: &[Vec<T>], value: impl Fn(&T) -> i64 + Sync, ranks: &[usize]) -> Self {
        let all: usize = parts.iter().map(Vec::len).sum();
        let (bin, bins): (fn(i64) -> usize, usize) = if all < FEW { (all_one, 1) } else { (fine, 2 * HALF) };
        let mut this = Self { all, counts: vec![0; bins], least: vec![i64::MAX; bins], sorted: BTreeMap::new(), bin };
        let counted = each(parts, |part| {
            let (mut counts, mut least) = (vec![0_u64; bins], vec![i64::MAX; bins]);
            for x in part.iter().map(&value) {
                let at = bin(x);
                counts[at] += 1;
                least[at] = least[at].min(x);
            }
            (counts, least)
        });
        for (counts, least) in counted {
            this.counts.iter_mut().zip(counts).for_each(|(a, b)| *a += b);
            this.least.iter_mut().zip(least).for_each(|(a, b)| *a = (*a).min(b));
        }
        let mut wanted = vec![false; bins];
        for (at, _) in ranks.iter().filter_map(|rank| this.place(*rank)).filter(|(at, _)| !this.is_alone(*at)) {
            wanted[at] = true;
        }
        if !wanted.contains(&true) {
            return this;
        }
        let found = each(parts, |part| part.iter().map(&value).filter(|x| wanted[bin(*x)]).collect::<Vec<_>>());
        for x in found.into_iter().flatten() {
            this.sorted.entry(bin(x)).or_default().push(x);
        }
        this.sorted.values_mut().for_each(|of| of.sort_unstable());
        this
    }

    /// Whether all numbers of a bin are equal.
    fn is_alone(&self, at: usize) -> bool {
        let near = ALONE as usize;
        self.counts.len() > 1 && (HALF - near..HALF + near).contains(&at)
    }

    /// The bin of a rank, and how many lie before that.
    fn place(&self, rank: usize) -> Option<(usize, usize)> {
        let mut before = 0;
        let at = self.counts.iter().position(|n| {
            let here = rank < before + *n as usize;
            before += if here { 0 } else { *n as usize };
            here
        });
        at.map(|at| (at, before))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.all
    }

    /// The number at one of the ranks that were named; `None` beyond the last.
    pub fn at(&self, rank: usize) -> Option<Ranked> {
        let (at, before) = self.place(rank)?;
        let Some(sorted) = self.sorted.get(&at) else {
            return Some(Ranked { value: self.least[at], start: before, end: before + self.counts[at] as usize });
        };
        let value = *sorted.get(rank - before)?;
        let start = sorted.partition_point(|x| *x < value);
        Some(Ranked { value, start: before + start, end: before + sorted.partition_point(|x| *x <= value) })
    }

    /// The least number above that at one of the ranks that were named.
    pub fn above(&self, value: i64) -> Option<i64> {
        let at = (self.bin)(value);
        let here = self.sorted.get(&at).and_then(|sorted| sorted.get(sorted.partition_point(|x| *x <= value)).copied());
        here.or_else(|| (at + 1..self.counts.len()).find(|at| self.counts[*at] > 0).map(|at| self.least[at]))
    }
}

/// Does the same to every part on a thread of its own.
pub(crate) fn each<T: Sync, R: Send>(parts: &[Vec<T>], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let [first, others @ ..] = parts else { return Vec::new() };
    std::thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = others.iter().map(|part| scope.spawn(move || work(part))).collect();
        let mut all = vec![work(first)];
        all.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))));
        all
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![-3_i64..4, -3_000_i64..3_000, -9_000_000_i64..9_000_000, any::<i64>(), Just(i64::MIN), Just(i64::MAX)]
    }

    proptest! {
        #[test]
        fn bins_ascend(a in number(), b in number()) {
            prop_assert!(fine(a) < 2 * HALF);
            prop_assert!(a > b || fine(a) <= fine(b));
        }

        #[test]
        fn ranks_are_those_of_the_sorted(few in prop::collection::vec(number(), 1..60), many in any::<bool>(), parts in 1_usize..4, ranks in prop::collection::vec(any::<prop::sample::Index>(), 1..6)) {
            let numbers = if many { few.iter().copied().cycle().take(few.len() * FEW.div_ceil(few.len())).collect() } else { few };
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            let ranks: Vec<usize> = ranks.iter().map(|i| i.index(sorted.len())).collect();
            let cut: Vec<Vec<i64>> = numbers.chunks(numbers.len().div_ceil(parts)).map(<[i64]>::to_vec).collect();
            let of = Ranks::of(&cut, |x| *x, &ranks);
            prop_assert_eq!(of.len(), sorted.len());
            for rank in ranks {
                let value = sorted[rank];
                let (start, end) = (sorted.partition_point(|x| *x < value), sorted.partition_point(|x| *x <= value));
                prop_assert_eq!(of.at(rank), Some(Ranked { value, start, end }));
                prop_assert_eq!(of.above(value), sorted.get(end).copied());
            }
            prop_assert_eq!(of.at(sorted.len()), None);
        }
    }
}
