//! How a group stands beside another: the ratio of two means (of shares, where a member counts 1 or 0),
//! its 95 % interval, and which of many such ratios are more than chance.
//!
//! The interval is Katz's: normal on the logarithm, `Var ln(a/n ÷ b/m) = 1/a − 1/n + 1/b − 1/m` (Katz,
//! Baptista, Azen, Pike 1978). Groups that share members are not independent, and a group beside all
//! members shares all of them; so members are taken in three strata (only in the group, in both, only in
//! the other), and what is in both counts once: `Var = V₁/A² + V₂(1/A − 1/B)² + V₃/B²` with `V` the sum of
//! squared deviations in a stratum and `A`, `B` the sums of the two groups. Without shared members that is
//! Katz's own. Where a share is nought, half a member is added on both sides (Walter 1975).
//!
//! Many ratios are asked at once. Which are told apart from 1 is decided by Benjamini and Hochberg's step
//! (1995): of those marked, at most 5 % are expected to be chance.

/// The share of false marks that is put up with.
pub const FALSE_MARKS: f64 = 0.05;

/// The normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// Members of a stratum, and what they come to.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Stratum {
    /// How many.
    pub n: u64,
    /// Their values together.
    pub sum: f64,
    /// The squares of their values together.
    pub squares: f64,
}

impl Stratum {
    /// Of which `with` count 1 and the others 0.
    pub fn share(n: u64, with: u64) -> Self {
        Self { n, sum: with as f64, squares: with as f64 }
    }

    /// Takes a member in.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        self.sum += value;
        self.squares += value * value;
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self { n: self.n + other.n, sum: self.sum + other.sum, squares: self.squares + other.squares }
    }

    /// The sum of squared deviations from the mean.
    fn spread(self) -> f64 {
        if self.n == 0 { 0.0 } else { (self.squares - self.sum * self.sum / self.n as f64).max(0.0) }
    }

    /// The mean; none of nobody.
    pub fn mean(self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / self.n as f64)
    }
}

/// Members only in the group, in both, only in what it is compared with.
pub type Strata = [Stratum; 3];

/// A ratio with its interval.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lift {
    /// The group's mean over the other's; none where the other's is nought.
    pub ratio: Option<f64>,
    /// The lower end.
    pub low: f64,
    /// The upper end; none where there is none.
    pub high: Option<f64>,
    /// How likely a ratio so far from 1 is by chance.
    pub p: f64,
}

/// The ratio of the means of the two groups. None where one has no members, or both come to nothing.
pub fn lift(of: &Strata) -> Option<Lift> {
    let (group, other) = (of[0].and(of[1]), of[1].and(of[2]));
    let (mine, theirs) = (group.mean()?, other.mean()?);
    if mine <= 0.0 || theirs <= 0.0 {
        return nought(group, other);
    }
    let (a, b) = (group.sum, other.sum);
    let variance = of[0].spread() / (a * a) + of[1].spread() * (1.0 / a - 1.0 / b).powi(2) + of[2].spread() / (b * b);
    let (ratio, error) = (mine / theirs, variance.sqrt());
    if error == 0.0 && ratio != 1.0 && is_share(group) && is_share(other) {
        // Everybody of a stratum is alike: that is no proof, least of all with few.
        let (_, error, p) = halved(group, other);
        return Some(Lift { ratio: Some(ratio), low: ratio * (-Z * error).exp(), high: Some(ratio * (Z * error).exp()), p });
    }
    let p = if error > 0.0 { two_sided(ratio.ln() / error) } else { 1.0 };
    Some(Lift { ratio: Some(ratio), low: ratio * (-Z * error).exp(), high: Some(ratio * (Z * error).exp()), p })
}

/// Whether the values are 1 and 0.
fn is_share(of: Stratum) -> bool {
    of.sum == of.squares
}

/// The ratio of two shares with half a member added to each, its error, and how likely it is by chance.
fn halved(group: Stratum, other: Stratum) -> (f64, f64, f64) {
    let half = |s: Stratum| (s.sum + 0.5, s.n as f64 + 0.5);
    let ((a, n), (b, m)) = (half(group), half(other));
    let (ratio, error) = ((a / n) / (b / m), (1.0 / a - 1.0 / n + 1.0 / b - 1.0 / m).max(0.0).sqrt());
    (ratio, error, if error > 0.0 { two_sided(ratio.ln() / error) } else { 1.0 })
}

/// Where one of two shares is nought. Means of amounts that are not above nought have no ratio.
fn nought(group: Stratum, other: Stratum) -> Option<Lift> {
    if !is_share(group) || !is_share(other) || group.sum + other.sum <= 0.0 {
        return None;
    }
    let (ratio, error, p) = halved(group, other);
    let (low, high) = (ratio * (-Z * error).exp(), ratio * (Z * error).exp());
    Some(if group.sum > 0.0 { Lift { ratio: None, low, high: None, p } } else { Lift { ratio: Some(0.0), low: 0.0, high: Some(high), p } })
}

/// How likely a standard normal lies so far out, on either side.
pub(crate) fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The complementary error function of what is not negative, to 1.2 × 10⁻⁷ of itself (Press et al.,
/// Numerical Recipes, 6.2).
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.5 * x);
    let terms = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    let series = terms.iter().fold(0.0, |sum, term| sum * t + term);
    (t * (-x * x + series).exp()).clamp(0.0, 1.0)
}

/// Which of these are more than chance, of all of them together.
pub fn marked(p: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let all = p.len() as f64;
    let last = order.iter().enumerate().rposition(|(rank, at)| p[*at] <= FALSE_MARKS * (rank + 1) as f64 / all);
    let mut out = vec![false; p.len()];
    order.iter().take(last.map_or(0, |l| l + 1)).for_each(|at| out[*at] = true);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(a: f64, b: f64, within: f64) -> bool {
        (a - b).abs() <= within
    }

    fn apart(a: u64, n: u64, b: u64, m: u64) -> Lift {
        lift(&[Stratum::share(n, a), Stratum::default(), Stratum::share(m, b)]).unwrap()
    }

    #[test]
    fn a_published_interval_comes_out() {
        // The Physicians' Health Study (NEJM 1989; Agresti, Categorical Data Analysis, 3.1): heart attacks of
        // 189 in 11,034 with placebo, 104 in 11,037 with aspirin: 1.82, from 1.43 to 2.30.
        let told = apart(189, 11_034, 104, 11_037);
        assert!(
            near(told.ratio.unwrap(), 1.818, 0.001) && near(told.low, 1.433, 0.001) && near(told.high.unwrap(), 2.306, 0.001),
            "{told:?}"
        );
        assert!(told.p < 1e-5);
        // Worked by hand: 15 of 100 beside 5 of 100; ln 3 ± 1.96 √(1/15 − 1/100 + 1/5 − 1/100).
        let told = apart(15, 100, 5, 100);
        let error = (1.0 / 15.0 - 0.01 + 0.2 - 0.01_f64).sqrt();
        assert!(near(told.ratio.unwrap(), 3.0, 1e-12) && near(told.low, 3.0 * (-Z * error).exp(), 1e-12), "{told:?}");
    }

    #[test]
    fn the_normal_tail_is_the_tables() {
        for (z, p) in
            [(0.0, 1.0), (0.674_489_75, 0.5), (1.0, 0.317_310_5), (1.959_963_985, 0.05), (2.575_829_3, 0.01), (4.891_638_475, 1e-6)]
        {
            assert!(near(two_sided(z) / p, 1.0, 1e-6), "{z}: {}", two_sided(z));
        }
    }

    #[test]
    fn the_worked_example_of_many_comparisons_comes_out() {
        // Benjamini and Hochberg 1995, 3.2: fifteen tests, of which the first four are told apart at 5 %.
        let p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        let marked = marked(&p);
        assert_eq!(marked.iter().filter(|m| **m).count(), 4);
        assert!(marked[..4].iter().all(|m| *m));
        assert!(super::marked(&[]).is_empty());
    }

    #[test]
    fn a_group_beside_itself_stands_at_one() {
        let same = lift(&[Stratum::default(), Stratum::share(50, 20), Stratum::default()]).unwrap();
        assert_eq!((same.ratio, same.low, same.high, same.p), (Some(1.0), 1.0, Some(1.0), 1.0));
    }

    #[test]
    fn one_member_proves_nothing() {
        let one = lift(&[Stratum::default(), Stratum::share(1, 1), Stratum::share(3, 0)]).unwrap();
        assert_eq!(one.ratio, Some(4.0));
        assert!(one.p > 0.05, "{one:?}");
    }

    #[test]
    fn nought_is_said_with_what_it_may_be() {
        let none = apart(0, 100, 10, 100);
        assert_eq!((none.ratio, none.low), (Some(0.0), 0.0));
        assert!(none.high.is_some_and(|h| h > 0.0 && h < 1.0), "{none:?}");
        let only = apart(10, 100, 0, 100);
        assert_eq!((only.ratio, only.high), (None, None));
        assert!(only.low > 1.0);
        assert_eq!(lift(&[Stratum::share(5, 0), Stratum::default(), Stratum::share(5, 0)]), None);
        assert_eq!(lift(&[Stratum::default(), Stratum::default(), Stratum::share(5, 1)]), None);
    }

    proptest! {
        /// The strata's formula beside the variance of ln(A/B) reckoned member by member.
        #[test]
        fn the_variance_is_that_of_each_members_pull(values in prop::collection::vec((0_u8..3, 0_u32..50), 3..60)) {
            let mut strata = Strata::default();
            values.iter().for_each(|(s, v)| strata[usize::from(*s)].add(f64::from(*v)));
            let (a, b) = (strata[0].sum + strata[1].sum, strata[1].sum + strata[2].sum);
            prop_assume!(a > 0.0 && b > 0.0);
            let pull = |s: u8| match s { 0 => 1.0 / a, 1 => 1.0 / a - 1.0 / b, _ => -1.0 / b };
            let variance: f64 = values.iter().map(|(s, v)| {
                let stratum = strata[usize::from(*s)];
                ((f64::from(*v) - stratum.sum / stratum.n as f64) * pull(*s)).powi(2)
            }).sum();
            let told = lift(&strata).unwrap();
            prop_assume!(variance > 1e-9);
            let error = (told.high.unwrap() / told.ratio.unwrap()).ln() / Z;
            prop_assert!(near(error, variance.sqrt(), 1e-6), "{} {}", error, variance.sqrt());
        }
    }
}
