//! Slices side by side on the processors.

use std::borrow::Borrow;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuke_columns::Slice;

/// Runs over every slice on as many threads as there are processors; answers in the order of the slices.
pub(super) fn each_slice<S: Borrow<Slice> + Sync, T: Send>(slices: &[S], each: impl Fn(&Slice) -> Option<T> + Sync) -> Option<Vec<T>> {
    let threads = if slices.len() < 2 { 1 } else { std::thread::available_parallelism().map_or(1, |n| n.get()).min(slices.len()) };
    if threads == 1 {
        return slices.iter().map(|s| each(s.borrow())).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(slice) = slices.get(at) else { return Some(mine) };
            mine.push((at, each(slice.borrow())?));
        }
    };
    let parts: Vec<Option<Vec<(usize, T)>>> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mine = work();
        others.into_iter().map(|o| o.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).chain([mine]).collect()
    });
    let mut all: Vec<(usize, T)> = parts.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    all.sort_by_key(|(at, _)| *at);
    Some(all.into_iter().map(|(_, t)| t).collect())
}
