//! Money: whole minor units of a named currency, and its exact division among lines.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;

/// An amount in minor units (fen for CNY) with its currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: Currency,
}

impl Money {
    /// `fen` of renminbi.
    pub const fn fen(fen: i64) -> Self {
        Self { amount: fen, currency: Currency::CNY }
    }
}

/// Divides `total` among parts in proportion to `weights` by largest remainder, ties to the
/// earlier part, so that the parts always sum to `total`. With no positive weight everything goes
/// to the first part. Weights must not be negative; negative ones count as zero.
pub fn allocate(total: i64, weights: &[i64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let sum: i128 = weights.iter().map(|w| i128::from((*w).max(0))).sum();
    let mut parts = vec![0_i64; weights.len()];
    if sum == 0 {
        parts[0] = total;
        return parts;
    }
    let sign = if total < 0 { -1 } else { 1 };
    let magnitude = i128::from(total).abs();
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given: i128 = 0;
    for (i, w) in weights.iter().enumerate() {
        let exact = magnitude * i128::from((*w).max(0));
        let share = exact / sum;
        given += share;
        parts[i] = share as i64 * sign;
        remainders.push((exact % sum, i));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, i) in remainders.into_iter().take((magnitude - given) as usize) {
        parts[i] += sign;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn largest_remainder_ties_go_to_the_earlier_part() {
        assert_eq!(allocate(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(allocate(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(allocate(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(allocate(5, &[0, 0]), [5, 0]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(total in -1_000_000_000_i64..1_000_000_000, weights in prop::collection::vec(0_i64..1_000_000, 1..40)) {
            prop_assert_eq!(allocate(total, &weights).iter().sum::<i64>(), total);
        }
    }
}
