//! Numbers drawn from a seed: the same on every machine.

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Of a seed and the number of a part, so that parts can be drawn side by side.
    pub fn new(seed: u64, part: u64) -> Self {
        let mut new = Self(seed ^ part.wrapping_mul(0xA24B_AED4_963E_E407));
        new.next();
        new
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `n` − 1.
    pub fn below(&mut self, n: u64) -> i64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as i64
    }

    /// 0 to 1, without 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True so often of a thousand.
    pub fn thousandths(&mut self, n: i64) -> bool {
        self.below(1_000) < n
    }

    /// A draw from a normal distribution.
    pub fn normal(&mut self) -> f64 {
        let (a, b) = (1.0 - self.share(), self.share());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

/// Numbers of unequal weight, ready to be drawn from.
#[derive(Clone, Debug)]
pub struct Weighted(Vec<u32>);

/// As finely as weights are kept.
const PLACES: usize = 1 << 20;

impl Weighted {
    /// 0 to `weights.len()` − 1.
    pub fn new(weights: &[f64]) -> Self {
        let all: f64 = weights.iter().sum();
        let mut places = Vec::with_capacity(PLACES);
        let mut sum = 0.0;
        for (i, weight) in weights.iter().enumerate() {
            sum += weight;
            places.resize((sum / all * PLACES as f64).round() as usize, i as u32);
        }
        Self(places)
    }

    /// After Zipf: the `i`-th weighs `1 / (i + 1)^s`, and who has which weight is shuffled.
    pub fn zipf(count: usize, s: f64, chance: &mut Chance) -> Self {
        let mut weights: Vec<f64> = (1..=count).map(|i| (i as f64).powf(-s)).collect();
        for i in (1..count).rev() {
            weights.swap(i, chance.below(i as u64 + 1) as usize);
        }
        Self::new(&weights)
    }

    /// One of them.
    pub fn draw(&self, chance: &mut Chance) -> i64 {
        i64::from(self.0[chance.below(self.0.len() as u64) as usize])
    }
}
