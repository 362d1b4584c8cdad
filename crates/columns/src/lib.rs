//! The columnar copy of a merchant's members, orders, lines and refunds, laid out member by member,
//! because "who in the base …" is asked member by member. The only crate that names Arrow.
//!
//! It is a copy: it never writes the truth, can be deleted at any time and is rebuilt from the
//! store. Every member has a dense ordinal; a [`Bucket`] holds 65,536 consecutive members. What
//! goes into a bucket is a [`draft`], whatever its source; what reads one is a loop.

pub mod ask;
pub mod bucket;
pub mod budget;
mod cells;
pub mod dataset;
pub mod digest;
pub mod draft;
pub mod files;
pub mod flat;
pub mod goods;
mod held;
pub mod ids;
pub mod ints;
pub mod keeper;
pub mod newest;
mod numbered;
mod overlay;
mod parts;
mod patient;
pub mod people;
pub mod registry;
pub mod shelf;
pub mod slice;
mod source;
pub mod sql;
mod verify;
#[cfg(test)]
mod weighed;
pub mod words;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use shuke_kernel::{Code, Kind as Sort, Result};

pub use bucket::Bucket;
pub use digest::{Digest, Digests};
pub use goods::Goods;
pub use ints::Ints;
pub use keeper::{Keeper, Keepers};
pub use people::People;
pub use registry::{Registry, Type};
pub use slice::{Lexicon, Slice};
pub use words::{Kind, Words};

/// A merchant's columns, ready to be read.
#[derive(Clone, Default, Debug)]
pub struct Columns {
    /// The words behind the codes.
    pub words: Arc<Words>,
    /// Members with their rows, and rows of nobody.
    pub buckets: Vec<Arc<Bucket>>,
    /// Where the product list puts goods now.
    pub goods: Arc<Goods>,
    /// Who asks, where they may leave before they are answered.
    pub asker: Option<Arc<Asker>>,
    /// What is kept beside the buckets, where those are files.
    pub digests: Option<Arc<Digests>>,
}

/// Who asks a question of columns, and until when they wait.
#[derive(Debug)]
pub struct Asker {
    gone: AtomicBool,
    until: Instant,
}

impl Asker {
    /// Somebody who waits so long.
    pub fn waiting(patience: Duration) -> Self {
        Self { gone: AtomicBool::new(false), until: Instant::now() + patience }
    }

    /// They are gone: what is not done by now is left.
    pub fn leaves(&self) {
        self.gone.store(true, Relaxed);
    }

    fn is_gone(&self) -> bool {
        self.gone.load(Relaxed) || Instant::now() > self.until
    }
}

/// It took longer than anybody waits, or nobody waits any more.
pub static UNANSWERED: Code = Code {
    code: "columns.unanswered",
    kind: Sort::Unavailable,
    zh: "计算时间过长，已停止。请缩短区间后重试。",
    en: "This took too long and was stopped. Ask about a shorter window and try again.",
};

impl Columns {
    /// The category of a line: where the product list puts its goods now, else what its order told.
    #[inline]
    pub fn category(&self, bucket: &Bucket, line: usize) -> Option<u32> {
        let listed = if self.goods.is_empty() { None } else { bucket.lines.sku.code(line).and_then(|sku| self.goods.category(sku)) };
        listed.or_else(|| bucket.lines.category.code(line))
    }

    /// The same for somebody who may leave: loops end early then, and what they gathered is no answer
    /// ([`Columns::whole`]).
    #[must_use]
    pub fn asked_by(&self, asker: Arc<Asker>) -> Self {
        Self { asker: Some(asker), ..self.clone() }
    }

    /// What is kept under `key` beside the bucket at that place, made where it is not there; `None` where nothing is
    /// kept.
    ///
    /// # Errors
    /// A fault when it cannot be written.
    pub fn digest(&self, place: usize, key: &digest::Key, make: impl FnOnce(&Bucket) -> Digest) -> Result<Option<Arc<Digest>>> {
        let (Some(digests), Some(bucket)) = (&self.digests, self.buckets.get(place)) else { return Ok(None) };
        digests.get(bucket, key, make)
    }

    /// The file of what is kept under `key` beside the bucket at that place, where that is something else than `make`
    /// makes. What would be made anew (torn, of another state) is not looked at.
    pub fn differing(&self, place: usize, key: &digest::Key, make: impl FnOnce(&Bucket) -> Digest) -> Option<String> {
        self.digests.as_ref()?.differing(self.buckets.get(place)?, key, make)
    }

    /// That no loop was left before its end.
    ///
    /// # Errors
    /// [`UNANSWERED`] when whoever asks is gone, or has waited long enough.
    pub fn whole(&self) -> Result<()> {
        if self.asker.as_ref().is_some_and(|a| a.is_gone()) { Err(UNANSWERED.refuse().into()) } else { Ok(()) }
    }

    /// Runs `each` over every bucket, on as many threads as there are processors, each with an
    /// accumulator of its own, and joins those. Which buckets share one is not said: joining must
    /// not depend on it.
    pub fn fold<T: Send>(&self, make: impl Fn() -> T + Sync, each: impl Fn(&mut T, &Bucket) + Sync, join: impl Fn(&mut T, T)) -> T {
        self.fold_at(make, |mine, _, bucket| each(mine, bucket), join)
    }

    /// The same, where `each` is told the bucket's place among all.
    pub fn fold_at<T: Send>(
        &self,
        make: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, usize, &Bucket) + Sync,
        join: impl Fn(&mut T, T),
    ) -> T {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(self.buckets.len());
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || {
            let mut mine = make();
            loop {
                let at = next.fetch_add(1, Relaxed);
                let Some(bucket) = self.buckets.get(at) else { return mine };
                if self.asker.as_ref().is_some_and(|a| a.is_gone()) {
                    return mine;
                }
                each(&mut mine, at, bucket);
            }
        };
        if threads < 2 {
            return work();
        }
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            for other in others {
                join(&mut all, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            all
        })
    }
}
