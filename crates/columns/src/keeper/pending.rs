//! Members that were read and are not written yet: so many bytes, and no more.

use crate::bucket::MEMBERS;
use crate::budget::Share;
use crate::draft::Member;

/// Members read at a time: at most, and at first.
const MOST: usize = 2_000;
const FIRST: usize = 50;
/// Bytes that a member is taken to have where none was read yet.
const GUESS: usize = 4_096;

/// How many members are to be read next, so that their drafts take the part that is read at a time: as many as
/// those before tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// What one takes.
    each: usize,
    most: usize,
}

impl Step {
    /// Before anybody was read.
    pub fn new() -> Self {
        Self { each: GUESS, most: FIRST }
    }

    /// How many next.
    pub fn members(self, share: Share) -> usize {
        (share.step / self.each).clamp(1, self.most)
    }

    /// So many members had drafts of so many bytes. It grows slowly, since large ones come together: those of one
    /// import follow each other.
    pub fn learn(&mut self, members: usize, bytes: usize) {
        if let Some(each) = bytes.checked_div(members) {
            self.each = each.max(1);
            self.most = (2 * members.min(self.most)).clamp(FIRST, MOST);
        }
    }
}

/// Members of a bucket under way.
pub(super) struct Pending {
    members: Vec<Member>,
    bytes: usize,
    step: Step,
}

impl Pending {
    /// None.
    pub fn new() -> Self {
        Self { members: Vec::new(), bytes: 0, step: Step::new() }
    }

    /// How many members are to be read next; they fit into the bucket.
    pub fn room(&self, share: Share) -> usize {
        self.step.members(share).min(MEMBERS - self.members.len())
    }

    /// Adds members with their rows.
    pub fn add(&mut self, members: Vec<Member>) {
        let bytes = members.iter().map(Member::bytes).sum();
        self.step.learn(members.len(), bytes);
        self.bytes += bytes;
        self.members.extend(members);
    }

    /// Whether they are to be written before more are read.
    pub fn is_full(&self, share: Share) -> bool {
        self.members.len() >= MEMBERS || self.bytes + share.step > share.drafts
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Takes them, to be written.
    pub fn take(&mut self) -> Vec<Member> {
        self.bytes = 0;
        std::mem::take(&mut self.members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::draft::{Line, Order};

    fn member(orders: usize) -> Member {
        let order = || Order { key: vec![0; 24], lines: vec![Line::default(); 2], ..Order::default() };
        Member { key: vec![0; 16], orders: (0..orders).map(|_| order()).collect(), ..Member::default() }
    }

    #[test]
    fn members_are_written_before_the_cap_is_passed() {
        for cap in [16 << 20, 32 << 20, 64 << 20] {
            let budget = Budget::new(cap);
            let share = budget.share(1 << 20).unwrap();
            let mut pending = Pending::new();
            let (mut most, mut buckets) = (0, 0);
            // Members with one order, then such with a hundred.
            for (orders, mut left) in [(1, 40_000_usize), (100, 1_500)] {
                while left > 0 {
                    // A step of members with many orders is read as far as it fits.
                    let next = pending.room(share).min(left).min((share.orders() / orders).max(1));
                    left -= next;
                    let before = pending.bytes;
                    pending.add((0..next).map(|_| member(orders)).collect());
                    // What was read takes three times its drafts while it is read, all drafts two fifths more when written.
                    let taken = (before + 3 * (pending.bytes - before)).max(pending.bytes / 5 * 7);
                    most = most.max(budget.pages() + (1 << 20) + taken);
                    if pending.is_full(share) {
                        buckets += 1;
                        assert!(!pending.take().is_empty());
                    }
                }
            }
            assert!(most <= cap, "{most} of {cap}");
            assert!(buckets > 1, "{buckets}");
        }
    }

    #[test]
    fn large_members_are_read_one_at_a_time() {
        let share = Budget::new(16 << 20).share(0).unwrap();
        let mut step = Step::new();
        step.learn(1, 1 << 30);
        assert_eq!(step.members(share), 1, "one at a time is the least");
        step.learn(1, 1);
        assert!(step.members(share) <= FIRST, "it grows slowly");
    }
}
