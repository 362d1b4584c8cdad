//! Rate limits: a token bucket for every caller and every unknown address, in this process.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::problem::{Problem, codes};

/// How often, and how many at once. Zero a second means no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Refilled each second.
    pub per_second: u32,
    /// The bucket's size.
    pub burst: u32,
}

impl Rate {
    /// No limit.
    pub const NONE: Self = Self { per_second: 0, burst: 0 };
}

const SHARDS: usize = 16;
/// A shard with more buckets than this is swept of full ones.
const SWEEP: usize = 4096;

struct Bucket {
    /// In thousandths of a request.
    level: u64,
    at: Instant,
}

/// Who asked how often.
pub struct Limiter([Mutex<HashMap<u64, Bucket>>; SHARDS]);

impl Default for Limiter {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl Limiter {
    /// Takes one request of `who`, or refuses with the seconds to wait.
    pub fn take(&self, who: &str, rate: Rate) -> Result<(), Problem> {
        self.take_at(who, rate, Instant::now())
    }

    fn take_at(&self, who: &str, rate: Rate, now: Instant) -> Result<(), Problem> {
        if rate.per_second == 0 {
            return Ok(());
        }
        let mut hasher = DefaultHasher::new();
        who.hash(&mut hasher);
        let key = hasher.finish();
        let Ok(mut shard) = self.0[key as usize % SHARDS].lock() else { return Ok(()) };
        let full = u64::from(rate.burst.max(1)) * 1000;
        let refill = |b: &Bucket| {
            (b.level + u64::from(rate.per_second) * u64::try_from(now.duration_since(b.at).as_millis()).unwrap_or(u64::MAX / 4_294_967_296))
                .min(full)
        };
        if shard.len() > SWEEP {
            shard.retain(|_, b| now.duration_since(b.at) < Duration::from_secs(60));
        }
        let bucket = shard.entry(key).or_insert(Bucket { level: full, at: now });
        let level = refill(bucket);
        // The time is moved only by whole refills, so that quick callers do not lose fractions.
        if level != bucket.level {
            *bucket = Bucket { level, at: now };
        }
        match bucket.level.checked_sub(1000) {
            Some(rest) => {
                bucket.level = rest;
                Ok(())
            }
            None => {
                let wait = (1000 - bucket.level).div_ceil(u64::from(rate.per_second) * 1000).max(1);
                Err(codes::RATE.with("retry_after", wait).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let (limiter, start) = (Limiter::default(), Instant::now());
        let rate = Rate { per_second: 10, burst: 3 };
        let at = |ms| start + Duration::from_millis(ms);
        for _ in 0..3 {
            assert!(limiter.take_at("a", rate, start).is_ok());
        }
        let refused = limiter.take_at("a", rate, start).expect_err("empty");
        assert_eq!(refused.refusal().params, [("retry_after", "1".to_owned())]);
        assert!(limiter.take_at("b", rate, start).is_ok());
        assert!(limiter.take_at("a", rate, at(50)).is_err());
        assert!(limiter.take_at("a", rate, at(100)).is_ok());
        assert!(limiter.take_at("a", Rate::NONE, at(100)).is_ok());
    }
}
