//! Dividing amounts exactly: the unit split among the pieces of a line, and the largest remainder
//! among lines.

/// How the pieces of a line share its amount: as equally as can be, the first pieces one fen more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Split {
    /// What each of the later pieces has.
    pub low: i64,
    /// So many pieces at the beginning have one fen more.
    pub ahead: i64,
}

impl Split {
    /// `amount` among `pieces`, of which there is at least one.
    pub fn of(amount: i64, pieces: i64) -> Self {
        Self { low: amount / pieces, ahead: amount % pieces }
    }

    /// What the piece has, counted from 0.
    pub fn piece(self, at: i64) -> i64 {
        self.low + i64::from(at < self.ahead)
    }

    /// What the first `pieces` have together.
    pub fn first(self, pieces: i64) -> i64 {
        self.low * pieces + pieces.min(self.ahead)
    }
}

/// Divides `total` among parts in proportion to `weights` (none negative) by largest remainder,
/// ties to the earlier part. `total` is at most the sum of the weights where that matters to the
/// caller; with no positive weight nothing is given out.
pub(crate) fn largest_remainder(total: i64, weights: &[i64], parts: &mut Vec<i64>) {
    parts.clear();
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if sum == 0 || total == 0 {
        parts.resize(weights.len(), 0);
        return;
    }
    if sum < 1 << 31 && total < 1 << 31 {
        small(total as u64, sum as u64, weights, parts);
        return;
    }
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    let mut left = i128::from(total);
    for (i, w) in weights.iter().enumerate() {
        let exact = i128::from(total) * i128::from(*w);
        parts.push((exact / sum) as i64);
        left -= exact / sum;
        remainders.push((exact % sum, i));
    }
    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, i) in remainders.into_iter().take(left as usize) {
        parts[i] += 1;
    }
}

/// As many lines as most carts have at most.
const FEW: usize = 64;

/// The same where every product fits 64 bits, and without asking for memory where lines are few.
fn small(total: u64, sum: u64, weights: &[i64], parts: &mut Vec<i64>) {
    let (mut few, mut many) = ([(0, 0); FEW], Vec::new());
    let short: &mut [(u64, usize)] = if weights.len() <= FEW {
        &mut few[..weights.len()]
    } else {
        many.resize(weights.len(), (0, 0));
        &mut many
    };
    let mut left = total;
    for (i, w) in weights.iter().enumerate() {
        let exact = total * *w as u64;
        left -= exact / sum;
        parts.push((exact / sum) as i64);
        // What is short of the next fen: the least is the largest remainder, and the earlier line comes first.
        short[i] = (sum - exact % sum, i);
    }
    let left = left as usize;
    if left > 0 {
        short.select_nth_unstable(left - 1);
        short[..left].iter().for_each(|(_, i)| parts[*i] += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shuke_kernel::money::allocate;

    #[test]
    fn the_first_pieces_have_one_fen_more() {
        let split = Split::of(1000, 3);
        assert_eq!([0, 1, 2].map(|i| split.piece(i)), [334, 333, 333]);
        assert_eq!([0, 1, 2, 3].map(|n| split.first(n)), [0, 334, 667, 1000]);
    }

    proptest! {
        #[test]
        fn both_ways_agree_with_the_kernels(weights in prop::collection::vec(0_i64..100_000, 1..40), share in 0_i64..=1000, large in any::<bool>()) {
            let by = if large { 1_000_000_007 } else { 1 };
            let weights: Vec<i64> = weights.into_iter().map(|w| w * by).collect();
            let sum: i64 = weights.iter().sum();
            let total = (i128::from(sum) * i128::from(share) / 1000) as i64;
            let mut parts = Vec::new();
            largest_remainder(total, &weights, &mut parts);
            if sum > 0 {
                prop_assert_eq!(&parts, &allocate(total, &weights));
            }
            prop_assert!(parts.iter().zip(&weights).all(|(p, w)| p <= w));
        }
    }
}
