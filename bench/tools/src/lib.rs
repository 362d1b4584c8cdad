//! What the benchmarks share: percentiles, and a drawn base for segments.

pub mod base;
pub mod living;

/// The `q`-th quantile (0 to 1) of sorted values; 0 for none.
pub fn quantile(sorted: &[u64], q: f64) -> u64 {
    if sorted.is_empty() {
        return 0;
    }
    let at = ((sorted.len() - 1) as f64 * q).round() as usize;
    sorted[at.min(sorted.len() - 1)]
}
