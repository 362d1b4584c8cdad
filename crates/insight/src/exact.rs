//! Exact figures: ratios of whole numbers and their decimals, rounded half up once, at the end.
//! No binary floats come near.

use serde::Serialize;
use utoipa::ToSchema;

/// A ratio of whole numbers with its value to four decimals.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Ratio {
    /// Above the line.
    pub num: i64,
    /// Below it.
    pub den: i64,
    /// To four decimals, half up; `null` when `den` is 0.
    #[schema(examples("0.6207"))]
    pub value: Option<String>,
}

impl Ratio {
    /// `num / den`.
    pub fn of(num: i64, den: i64) -> Self {
        Self { num, den, value: decimal(num.into(), den.into(), 4) }
    }

    /// `num / den`, reduced: for what is the quotient of large products.
    pub fn reduced(num: i128, den: i128) -> Self {
        let by = gcd(num.unsigned_abs(), den.unsigned_abs()).max(1) as i128;
        Self { num: clamp(num / by), den: clamp(den / by), value: decimal(num, den, 4) }
    }
}

fn clamp(x: i128) -> i64 {
    i64::try_from(x).unwrap_or(if x < 0 { i64::MIN } else { i64::MAX })
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `num / den` to `digits` decimals, half away from zero; `None` when `den` is 0.
pub fn decimal(num: i128, den: i128, digits: u32) -> Option<String> {
    if den == 0 {
        return None;
    }
    let scale = 10_i128.pow(digits);
    let negative = (num < 0) != (den < 0) && num != 0;
    let (num, den) = (num.abs(), den.abs());
    let (whole, rest) = (num / den, num % den);
    let scaled = whole * scale + (2 * rest * scale + den) / (2 * den);
    Some(format!(
        "{}{}.{:0width$}",
        if negative && scaled != 0 { "-" } else { "" },
        scaled / scale,
        scaled % scale,
        width = digits as usize
    ))
}

/// A natural number of any size: a product of many small ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Natural(Vec<u32>);

impl Natural {
    /// One.
    pub fn one() -> Self {
        Self(vec![1])
    }

    /// Multiplies by `by`.
    pub fn times(&mut self, by: u64) {
        let mut carry = 0_u128;
        for limb in &mut self.0 {
            let x = u128::from(*limb) * u128::from(by) + carry;
            *limb = x as u32;
            carry = x >> 32;
        }
        while carry != 0 {
            self.0.push(carry as u32);
            carry >>= 32;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// The same, as a new number.
    pub fn product(&self, by: u64) -> Self {
        let mut product = self.clone();
        product.times(by);
        product
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

/// A product of fractions between 0 and 1, kept exactly.
#[derive(Clone, Debug)]
pub struct Survival {
    num: Natural,
    den: Natural,
}

impl Survival {
    /// All are left.
    pub fn all() -> Self {
        Self { num: Natural::one(), den: Natural::one() }
    }

    /// Of `risk` at risk `events` go.
    pub fn step(&mut self, events: u64, risk: u64) {
        self.num.times(risk - events);
        self.den.times(risk);
    }

    /// Whether at most half are left.
    pub fn half_or_less(&self) -> bool {
        self.num.product(2) <= self.den
    }

    /// To six decimals, half up.
    pub fn text(&self) -> String {
        const SCALE: u64 = 1_000_000;
        // The largest k with (2k − 1) × den ≤ 2 × scale × num.
        let right = self.num.product(2 * SCALE);
        let (mut low, mut high) = (0, SCALE);
        while low < high {
            let k = (low + high).div_ceil(2);
            if self.den.product(2 * k - 1) <= right {
                low = k;
            } else {
                high = k - 1;
            }
        }
        format!("{}.{:06}", low / SCALE, low % SCALE)
    }
}

/// Whole numbers and how often each occurs. Small ones, which nearly all are, are counted in place.
#[derive(Clone, Default, Debug)]
pub struct Counts {
    small: Vec<i64>,
    other: std::collections::BTreeMap<i64, i64>,
}

/// Numbers below this are small.
const SMALL: usize = 1024;

impl Counts {
    /// Counts `x` `times` more (or less).
    pub fn add(&mut self, x: i64, times: i64) {
        match usize::try_from(x) {
            Ok(at) if at < SMALL => {
                if at >= self.small.len() {
                    self.small.resize(at + 1, 0);
                }
                self.small[at] += times;
            }
            _ => *self.other.entry(x).or_default() += times,
        }
    }

    /// Adds another's counts.
    pub fn join(&mut self, other: &Self) {
        for (x, n) in other.iter() {
            self.add(x, n);
        }
    }

    /// How many in all.
    pub fn total(&self) -> i64 {
        self.iter().map(|(_, n)| n).sum()
    }

    /// Their sum.
    pub fn sum(&self) -> i64 {
        self.iter().map(|(x, n)| x * n).sum()
    }

    /// The numbers that occur, with how often.
    pub fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let negative = self.other.range(..0).map(|(x, n)| (*x, *n));
        let small = self.small.iter().enumerate().map(|(x, n)| (x as i64, *n));
        negative.chain(small).chain(self.other.range(0..).map(|(x, n)| (*x, *n))).filter(|(_, n)| *n != 0)
    }

    /// The number at `rank`, from 0, in ascending order.
    pub fn at(&self, rank: i64) -> Option<i64> {
        let mut seen = 0;
        self.iter()
            .find(|(_, n)| {
                seen += n;
                seen > rank
            })
            .map(|(x, _)| x)
    }

    /// The median as a fraction; `None` of nothing.
    pub fn median(&self) -> Option<(i64, i64)> {
        let n = self.total();
        let (a, b) = (self.at((n - 1) / 2)?, self.at(n / 2)?);
        Some(if (a + b) % 2 == 0 { ((a + b) / 2, 1) } else { (a + b, 2) })
    }

    /// The `percent`th percentile, linear between neighbours, to four decimals.
    pub fn percentile(&self, percent: i64) -> Option<String> {
        let steps = percent * (self.total() - 1).max(0);
        let (low, part) = (steps / 100, steps % 100);
        let a = self.at(low)?;
        let b = self.at(low + 1).unwrap_or(a);
        decimal(i128::from(a) * 100 + i128::from(b - a) * i128::from(part), 100, 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_round_half_up_once() {
        let four = |a, b| decimal(a, b, 4).unwrap();
        assert_eq!(four(1, 3), "0.3333");
        assert_eq!(four(2, 3), "0.6667");
        assert_eq!(four(1, 20_000), "0.0001");
        assert_eq!(four(-1, 20_000), "-0.0001");
        assert_eq!(four(-1, 30_000), "0.0000");
        assert_eq!(four(589_228, 77), "7652.3117");
        assert_eq!(decimal(1, 0, 4), None);
    }

    #[test]
    fn survival_is_exact() {
        let mut s = Survival::all();
        for risk in (2..=2000_u64).rev() {
            s.step(1, risk);
        }
        // 1999/2000 × 1998/1999 × … × 1/2
        assert_eq!(s.text(), "0.000500");
        let mut half = Survival::all();
        half.step(1, 4);
        half.step(1, 3);
        assert!(half.half_or_less());
        assert_eq!(half.text(), "0.500000");
    }

    #[test]
    fn percentiles_lie_between_neighbours() {
        let mut c = Counts::default();
        for x in [1, 2, 3, 10] {
            c.add(x, 1);
        }
        assert_eq!(c.percentile(25).unwrap(), "1.7500");
        assert_eq!(c.percentile(90).unwrap(), "7.9000");
        assert_eq!(c.median(), Some((5, 2)));
    }
}
