//! The same work on many parts at once.

/// Runs over all parts on as many threads as there are processors; answers in their order.
pub(crate) fn each<P: Sync, T: Send>(all: &[P], of: impl Fn(&P) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(all.len()).max(1);
    if threads == 1 {
        return all.iter().map(of).collect();
    }
    let part = all.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let of = &of;
        let parts: Vec<_> = all.chunks(part).map(|some| scope.spawn(move || some.iter().map(of).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|p| p.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}
