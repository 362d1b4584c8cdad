//! How many points are issued in months to come: as in the same month of the last year, grown or shrunk as the year was, or
//! where there are no two years the mean of the last months; and how far that rule would have been wrong before.

/// Months of two years.
const TWO_YEARS: usize = 24;
/// Months whose mean is taken where there are no two years.
const MEAN: usize = 6;
/// Months before the first that is foretold to see how wrong the rule is.
const LEAST: usize = 3;
/// With fewer cases than this the range is at least from half to double.
const CASES: usize = 8;

/// What the rule says of the month so many after the last of `past`, from 1 on.
pub fn foretold(past: &[f64], ahead: usize) -> f64 {
    let n = past.len();
    if n >= TWO_YEARS {
        let year: f64 = past[n - 12..].iter().sum();
        let before: f64 = past[n - 24..n - 12].iter().sum();
        let same = past[n - 12 + (ahead - 1) % 12];
        if before > 0.0 {
            return same * year / before;
        }
    }
    let last = &past[n - n.min(MEAN)..];
    if last.is_empty() { 0.0 } else { last.iter().sum::<f64>() / last.len() as f64 }
}

/// What came, as a share of what the rule had said, in all cases of the past.
pub fn ratios(past: &[f64], ahead: usize) -> Vec<f64> {
    let mut all = Vec::new();
    for known in LEAST..past.len() {
        for (i, came) in past[known..].iter().take(ahead).enumerate() {
            let said = foretold(&past[..known], i + 1);
            if said >= 1.0 {
                all.push(came / said);
            }
        }
    }
    all.sort_by(f64::total_cmp);
    if all.len() < CASES {
        let (low, high) = (all.first().copied().unwrap_or(1.0), all.last().copied().unwrap_or(1.0));
        all = vec![low.min(0.5), 1.0, high.max(2.0)];
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_is_repeated_as_the_year_grew() {
        let season = |i: usize| if i % 12 == 10 { 300.0 } else { 100.0 };
        let past: Vec<f64> = (0..24).map(|i| season(i) * if i < 12 { 1.0 } else { 2.0 }).collect();
        assert_eq!((foretold(&past, 1), foretold(&past, 11)), (400.0, 1_200.0));
        assert_eq!(foretold(&past[..8], 5), 100.0, "the mean of the last six months");
        assert_eq!(foretold(&[], 1), 0.0);
    }

    #[test]
    fn how_wrong_it_was_is_told_and_never_too_little_of_few_cases() {
        assert_eq!(ratios(&[100.0, 100.0, 100.0, 110.0], 1), [0.5, 1.0, 2.0]);
        let steady: Vec<f64> = vec![100.0; 20];
        assert!(ratios(&steady, 3).iter().all(|r| (*r - 1.0).abs() < 1e-9));
    }
}
