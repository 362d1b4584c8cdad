//! How sure a difference is. Shares are compared by Newcombe's hybrid score interval (his method 10:
//! the two Wilson intervals put together), which holds where few bought; means by Welch's t, whose
//! spreads may differ. Both at 95 %.
//!
//! These are estimates of people's behaviour, not amounts that are owed: floating point is what they
//! are made of, and money enters as exact sums.

/// What holds on one side.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Arm {
    /// Members.
    pub members: i64,
    /// Of them those who bought.
    pub buyers: i64,
    /// Their orders.
    pub orders: i64,
    /// What they paid net of refunds, minor units.
    pub revenue: i64,
    /// The sum of the members' squares of it.
    pub squares: i128,
}

/// A difference with its interval.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difference {
    /// Treated less held out.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

fn wilson(hits: f64, n: f64) -> (f64, f64) {
    let (p, z2) = (hits / n, Z * Z);
    let middle = p + z2 / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z2 / n;
    (((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0))
}

/// The difference of two shares; `None` where a side is empty.
pub fn shares(hits: i64, n: i64, hits_held: i64, n_held: i64) -> Option<Difference> {
    if n < 1 || n_held < 1 {
        return None;
    }
    let (a, n, b, m) = (hits as f64, n as f64, hits_held as f64, n_held as f64);
    let ((l1, u1), (l2, u2)) = (wilson(a, n), wilson(b, m));
    let (p, q) = (a / n, b / m);
    let value = p - q;
    let low = value - ((p - l1).powi(2) + (u2 - q).powi(2)).sqrt();
    let high = value + ((u1 - p).powi(2) + (q - l2).powi(2)).sqrt();
    Some(Difference { value, low, high })
}

fn mean_and_variance(arm: &Arm) -> (f64, f64) {
    let n = arm.members as f64;
    // Exact until the last division: the squares of fen are large and nearly cancel.
    let spread = arm.squares * i128::from(arm.members) - i128::from(arm.revenue) * i128::from(arm.revenue);
    (arm.revenue as f64 / n, spread as f64 / (n * (n - 1.0)))
}

/// The difference of revenue per member; `None` where a side has fewer than two.
pub fn means(treated: &Arm, held: &Arm) -> Option<Difference> {
    if treated.members < 2 || held.members < 2 {
        return None;
    }
    let ((m1, v1), (m2, v2)) = (mean_and_variance(treated), mean_and_variance(held));
    let (n1, n2) = (treated.members as f64, held.members as f64);
    let (s1, s2) = (v1 / n1, v2 / n2);
    let value = m1 - m2;
    let freedom = (s1 + s2).powi(2) / (s1 * s1 / (n1 - 1.0) + s2 * s2 / (n2 - 1.0));
    let half = if s1 + s2 > 0.0 { quantile(freedom) * (s1 + s2).sqrt() } else { 0.0 };
    Some(Difference { value, low: value - half, high: value + half })
}

/// The 97.5 % quantile of Student's t.
fn quantile(freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e4);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        // Beyond t on both sides lies I_x(ν/2, 1/2).
        let tails = incomplete_beta(freedom / (freedom + middle * middle), freedom / 2.0, 0.5);
        if tails > 0.05 { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The regularised incomplete beta function, by its continued fraction (modified Lentz).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) { front * fraction(x, a, b) / a } else { 1.0 - front * fraction(1.0 - x, b, a) / b }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let tiny = 1e-300;
    let safe = |v: f64| if v.abs() < tiny { tiny } else { v };
    let (mut c, mut d) = (1.0, 1.0 / safe(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / safe(1.0 + even * d);
        c = safe(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / safe(1.0 + odd * d);
        c = safe(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    h
}

/// The logarithm of the gamma function (Lanczos, g = 7).
fn ln_gamma(x: f64) -> f64 {
    const G: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let t = x + 7.5;
    let sum = G.iter().enumerate().skip(1).fold(G[0], |sum, (i, g)| sum + g / (x + i as f64));
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, room: f64) {
        assert!((a - b).abs() <= room, "{a} is not {b}");
    }

    #[test]
    fn shares_are_those_of_the_paper() {
        // Newcombe 1998, Statistics in Medicine 17:873–890, table II, method 10.
        for (a, n, b, m, low, high) in [
            (56, 70, 48, 80, 0.0524, 0.3339),
            (9, 10, 3, 10, 0.1705, 0.8090),
            (5, 56, 0, 29, -0.0381, 0.1926),
            (0, 10, 0, 10, -0.2775, 0.2775),
            (10, 10, 0, 10, 0.6075, 1.0),
        ] {
            let d = shares(a, n, b, m).expect("two sides");
            near(d.value, a as f64 / n as f64 - b as f64 / m as f64, 1e-12);
            near(d.low, low, 0.000_06);
            near(d.high, high, 0.000_06);
        }
        assert_eq!(shares(0, 0, 1, 2), None);
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, t) in [(1.0, 12.706_205), (2.0, 4.302_653), (5.0, 2.570_582), (10.0, 2.228_139), (30.0, 2.042_272), (1e6, 1.959_966)]
        {
            near(quantile(freedom), t, 2e-6);
        }
    }

    #[test]
    fn means_are_those_of_a_worked_example() {
        let arm = |values: &[i64]| Arm {
            members: values.len() as i64,
            revenue: values.iter().sum(),
            squares: values.iter().map(|v| i128::from(*v) * i128::from(*v)).sum(),
            ..Arm::default()
        };
        // Reckoned apart from this code, by integrating the density: variances 250 and 72.4, ν = 5.889234,
        // t = 2.458111, half the interval 19.365589.
        let (a, b) = (arm(&[0, 10, 20, 30, 40]), arm(&[0, 7, 10, 14, 16, 25]));
        let d = means(&a, &b).expect("two sides");
        near(d.value, 8.0, 1e-12);
        near(d.high - d.value, 19.365_589, 2e-6);
        near(d.value - d.low, d.high - d.value, 1e-12);
        assert_eq!(means(&arm(&[5]), &b), None);
        let flat = means(&arm(&[3, 3]), &arm(&[1, 1])).expect("two sides");
        assert_eq!((flat.value, flat.low, flat.high), (2.0, 2.0, 2.0));
    }
}
