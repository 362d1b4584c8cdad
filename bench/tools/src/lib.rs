//! What the benchmarks share: percentiles, and a drawn base for segments.

pub mod base;
pub mod ledger;
pub mod living;
mod over;
pub mod wire;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, anyhow};

pub use over::Over;

/// The `q`-th quantile (0 to 1) of sorted values; 0 for none.
pub fn quantile(sorted: &[u64], q: f64) -> u64 {
    if sorted.is_empty() {
        return 0;
    }
    let at = ((sorted.len() - 1) as f64 * q).round() as usize;
    sorted[at.min(sorted.len() - 1)]
}

/// Does the work of these numbers on all processors; answers in their order.
///
/// # Errors
/// The first that a thread met.
pub fn on_all_processors<T: Send>(count: usize, work: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| -> Result<()> {
        let one = || -> Result<()> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok(());
                }
                let made = work(number)?;
                done.lock().map_err(|_| anyhow!("a thread broke off"))?.push((number, made));
            }
        };
        let others: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        others.into_iter().try_for_each(|other| other.join().map_err(|_| anyhow!("a thread broke off"))?)
    })?;
    let mut done = done.into_inner().map_err(|_| anyhow!("a thread broke off"))?;
    done.sort_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}
