//! Amounts that are drawn: each once, within a range, and where a budget is set so that all pieces come to it exactly.
//!
//! With a budget each draw is even around what a piece has left on average, as far as the range allows on both sides: the
//! first who asks expects as much as the last. It never leaves less than the least for each piece that is left, nor more
//! than the most, so the last piece takes what is there.

use serde::{Deserialize, Serialize};
use shuke_kernel::Refusal;
use utoipa::ToSchema;

use crate::words::invalid;

/// How often which amounts are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CouponDistribution)]
pub enum Distribution {
    /// Each as often as any other.
    #[default]
    Even,
    /// The lesser of two even draws: small ones more often.
    Low,
}

/// From what an amount is drawn, minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponRange)]
pub struct Range {
    /// The least.
    #[schema(minimum = 1)]
    pub min: i64,
    /// The most.
    #[schema(minimum = 1)]
    pub max: i64,
    /// How often which. Where a batch has a budget in money it is `even`: the budget says what a piece has on average.
    #[serde(default)]
    pub distribution: Distribution,
}

/// Sixteen bytes that nobody can foresee, as two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lot(pub u64, pub u64);

impl From<[u8; 16]> for Lot {
    fn from(bytes: [u8; 16]) -> Self {
        let all = u128::from_be_bytes(bytes);
        Self((all >> 64) as u64, all as u64)
    }
}

/// A whole number from `low` to `high`, both among them.
fn pick(low: i64, high: i64, lot: u64) -> i64 {
    let width = (i128::from(high) - i128::from(low) + 1).max(1) as u128;
    low + ((u128::from(lot) * width) >> 64) as i64
}

impl Range {
    /// Refuses what is none.
    ///
    /// # Errors
    /// Where it is empty, or not of amounts from 1 to `most`.
    pub fn check(&self, most: i64) -> Result<(), Refusal> {
        if self.min >= 1 && self.min <= self.max && self.max <= most {
            return Ok(());
        }
        Err(invalid("random", "随机范围要从小到大，最少 1 分。", "A range goes from the least to the most, 1 at least."))
    }

    /// Whether so many pieces can come to exactly so much.
    pub fn comes_to(&self, pieces: i64, money: i64) -> bool {
        let (pieces, money) = (i128::from(pieces), i128::from(money));
        (pieces * i128::from(self.min)..=pieces * i128::from(self.max)).contains(&money)
    }

    /// One amount. `left` is what pieces and money are left where there is a budget, this piece among them; it must be what
    /// [`Range::comes_to`] says can be.
    pub fn draw(&self, left: Option<(i64, i64)>, lot: Lot) -> i64 {
        let Some((pieces, money)) = left else {
            let one = pick(self.min, self.max, lot.0);
            return match self.distribution {
                Distribution::Even => one,
                Distribution::Low => one.min(pick(self.min, self.max, lot.1)),
            };
        };
        let (pieces, money) = (i128::from(pieces.max(1)), i128::from(money));
        let (least, most) = (i128::from(self.min), i128::from(self.max));
        // Even around the average, as wide as the range is on its nearer side.
        let twice = 2 * money / pieces;
        let (low, high) = (least.max(twice - most), most.min(twice - least));
        // And so that the others can still come to the rest.
        let (low, high) = (low.max(money - (pieces - 1) * most), high.min(money - (pieces - 1) * least));
        let low = low.clamp(least, most);
        pick(low as i64, high.clamp(low, most) as i64, lot.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(min: i64, max: i64) -> Range {
        Range { min, max, distribution: Distribution::Even }
    }

    #[test]
    fn all_that_lies_in_the_range_can_be_drawn() {
        let drawn = |lot| range(3, 5).draw(None, Lot(lot, 0));
        assert_eq!((drawn(0), drawn(u64::MAX / 2), drawn(u64::MAX)), (3, 4, 5));
        let low = Range { distribution: Distribution::Low, ..range(1, 100) };
        assert_eq!(low.draw(None, Lot(u64::MAX, 0)), 1);
        assert_eq!(range(7, 7).draw(Some((1, 7)), Lot(u64::MAX, 0)), 7);
    }

    #[test]
    fn the_first_expects_no_more_than_the_last() {
        let (mut first, mut last, rounds) = (0_i64, 0_i64, 4_000_u64);
        // Numbers that have nothing to do with each other, the same in every run.
        let lot = |n: u64| {
            let z = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            Lot(z ^ (z >> 31), 0)
        };
        for round in 0..rounds {
            let (mut pieces, mut money) = (20_i64, 2_000_i64);
            while pieces > 0 {
                let got = range(1, 1_000).draw(Some((pieces, money)), lot(round * 20 + pieces as u64));
                match pieces {
                    20 => first += got,
                    1 => last += got,
                    _ => {}
                }
                (pieces, money) = (pieces - 1, money - got);
            }
        }
        let mean = |sum: i64| sum / 4_000;
        assert!((80..=120).contains(&mean(first)) && (80..=120).contains(&mean(last)), "{} {}", mean(first), mean(last));
    }

    proptest! {
        #[test]
        fn pieces_come_to_their_budget_exactly(
            min in 1_i64..500,
            width in 0_i64..2_000,
            pieces in 1_i64..60,
            place in 0_u64..=1_000,
            lots in prop::collection::vec(any::<u64>(), 60),
        ) {
            let range = range(min, min + width);
            let money = pieces * min + (i128::from(pieces * width) * i128::from(place) / 1_000) as i64;
            prop_assert!(range.comes_to(pieces, money));
            let (mut left, mut rest) = (pieces, money);
            for lot in lots.into_iter().take(pieces as usize) {
                let amount = range.draw(Some((left, rest)), Lot(lot, 0));
                prop_assert!((range.min..=range.max).contains(&amount));
                (left, rest) = (left - 1, rest - amount);
                prop_assert!(range.comes_to(left, rest), "{left} pieces, {rest} left");
            }
            prop_assert_eq!((left, rest), (0, 0));
        }

        #[test]
        fn without_a_budget_a_draw_stays_in_its_range(min in 1_i64..1_000, width in 0_i64..=i64::MAX / 2, a in any::<u64>(), b in any::<u64>()) {
            for distribution in [Distribution::Even, Distribution::Low] {
                let range = Range { min, max: min + width, distribution };
                let amount = range.draw(None, Lot(a, b));
                prop_assert!((range.min..=range.max).contains(&amount));
            }
        }
    }
}
