//! Base buckets with newer ones laid over them.

use std::sync::Arc;

use crate::bucket::Bucket;

/// Base buckets and newer ones: whoever is in a later bucket is hidden in the earlier ones. `before`
/// holds those that were there before, with whom they hid then.
pub(crate) fn overlay(base: &[Arc<Bucket>], deltas: &[Arc<Bucket>], before: &[Option<Arc<Bucket>>]) -> Vec<Arc<Bucket>> {
    let all: Vec<&Arc<Bucket>> = base.iter().chain(deltas).collect();
    let mut hidden: Vec<Option<Vec<u64>>> = vec![None; all.len()];
    for (newer, delta) in deltas.iter().enumerate().map(|(i, d)| (base.len() + i, d)).filter(|(i, _)| before[*i].is_none()) {
        for member in 0..delta.len() {
            let key = delta.key.get(member);
            for (at, bucket) in all[..newer].iter().enumerate() {
                if bucket.nobody != delta.nobody || bucket.is_empty() || bucket.key.get(0) > key || bucket.key.get(bucket.len() - 1) < key {
                    continue;
                }
                if let Some(row) = bucket.find(key) {
                    let known = || before[at].as_ref().and_then(|b| b.hidden.as_deref().map(<[u64]>::to_vec));
                    let of = hidden[at].get_or_insert_with(|| known().unwrap_or_else(|| vec![0; bucket.len().div_ceil(64)]));
                    of[row / 64] |= 1 << (row % 64);
                }
            }
        }
    }
    let shown = |(at, (bucket, hidden)): (usize, (&Arc<Bucket>, Option<Vec<u64>>))| match hidden {
        Some(hidden) => Arc::new(bucket.hiding(Some(hidden.into()))),
        None => before[at].clone().unwrap_or_else(|| bucket.clone()),
    };
    all.into_iter().zip(hidden).enumerate().map(shown).collect()
}
