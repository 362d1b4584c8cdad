//! Slices side by side on the processors.

use std::borrow::Borrow;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuke_columns::Slice;

/// Runs over every slice on as many threads as there are processors; answers in the order of the slices.
pub(super) fn each_slice<S: Borrow<Slice> + Sync, T: Send>(slices: &[S], each: impl Fn(&Slice) -> Option<T> + Sync) -> Option<Vec<T>> {
    side_by_side(slices.len(), |i| each(slices[i].borrow()))
}

/// The same over numbers from 0 on.
pub(crate) fn side_by_side<T: Send>(count: usize, each: impl Fn(usize) -> Option<T> + Sync) -> Option<Vec<T>> {
    let threads = if count < 2 { 1 } else { std::thread::available_parallelism().map_or(1, |n| n.get()).min(count) };
    if threads == 1 {
        return (0..count).map(each).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return Some(mine);
            }
            mine.push((at, each(at)?));
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
