//! Whose turn it is: so many questions at a time, and none that a merchant asks beside another of its own
//! while somebody else waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shuke_kernel::MerchantNo;
use tokio::sync::Notify;

/// The turns there are.
pub struct Turns {
    most: usize,
    now: Mutex<Now>,
    changed: Notify,
}

#[derive(Default)]
struct Now {
    /// Turns that are taken, of each merchant.
    taken: HashMap<MerchantNo, usize>,
    /// Who waits, of each merchant.
    waiting: HashMap<MerchantNo, usize>,
}

fn one_less(of: &mut HashMap<MerchantNo, usize>, merchant: MerchantNo) {
    let left = of.get(&merchant).map_or(0, |n| n.saturating_sub(1));
    if left == 0 {
        of.remove(&merchant)
    } else {
        of.insert(merchant, left)
    };
}

/// A turn, given back when it is dropped.
pub struct Turn {
    turns: Arc<Turns>,
    merchant: MerchantNo,
}

impl Drop for Turn {
    fn drop(&mut self) {
        one_less(&mut self.turns.now().taken, self.merchant);
        self.turns.changed.notify_waiters();
    }
}

/// Somebody who waits, until it is dropped.
struct Waiting<'a>(&'a Turns, MerchantNo);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        one_less(&mut self.0.now().waiting, self.1);
        self.0.changed.notify_waiters();
    }
}

impl Turns {
    /// So many at a time.
    pub fn new(most: usize) -> Self {
        Self { most, now: Mutex::default(), changed: Notify::new() }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A turn for that merchant, as soon as there is one.
    pub async fn take(self: &Arc<Self>, merchant: MerchantNo) -> Turn {
        *self.now().waiting.entry(merchant).or_default() += 1;
        let _waiting = Waiting(self, merchant);
        loop {
            // Listened to before it is looked, so that no change falls between.
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.is_taken_for(merchant) {
                return Turn { turns: self.clone(), merchant };
            }
            changed.await;
        }
    }

    fn is_taken_for(&self, merchant: MerchantNo) -> bool {
        let mut now = self.now();
        let has = now.taken.contains_key(&merchant);
        let others = now.waiting.keys().any(|m| *m != merchant && !now.taken.contains_key(m));
        if now.taken.values().sum::<usize>() >= self.most || has && others {
            return false;
        }
        *now.taken.entry(merchant).or_default() += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::task::yield_now;

    use super::*;

    const A: MerchantNo = MerchantNo(1);
    const B: MerchantNo = MerchantNo(2);

    async fn wait_for(turns: &Arc<Turns>, merchant: MerchantNo) -> tokio::task::JoinHandle<Turn> {
        let turns = turns.clone();
        let waits = tokio::spawn(async move { turns.take(merchant).await });
        for _ in 0..8 {
            yield_now().await;
        }
        waits
    }

    #[tokio::test]
    async fn who_has_a_turn_gets_no_second_while_another_waits() {
        let turns = Arc::new(Turns::new(2));
        let (first, second) = (turns.take(A).await, turns.take(A).await);
        let (third, other) = (wait_for(&turns, A).await, wait_for(&turns, B).await);
        assert!(!third.is_finished() && !other.is_finished());
        drop(first);
        let other = other.await.unwrap();
        for _ in 0..8 {
            yield_now().await;
        }
        assert!(!third.is_finished());
        drop(second);
        let third = third.await.unwrap();
        drop((third, other));
        assert!(turns.now().taken.is_empty() && turns.now().waiting.is_empty());
    }

    #[tokio::test]
    async fn who_waits_no_longer_is_in_nobodys_way() {
        let turns = Arc::new(Turns::new(2));
        let first = turns.take(A).await;
        let second = turns.take(A).await;
        assert!(tokio::time::timeout(Duration::from_millis(1), turns.take(B)).await.is_err());
        drop(second);
        let again = turns.take(A).await;
        drop((first, again));
    }
}
