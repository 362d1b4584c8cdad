//! Members that were read and are not written yet: so many rows, and no more.

use crate::bucket::MEMBERS;
use crate::draft::Member;

/// Members read at a time: at most, and at first.
const MOST: usize = 2_000;
const FIRST: usize = 200;
/// Rows that a member is taken to have where none was read yet.
const GUESS: usize = 4;
/// So many parts of what may be held are read at a time.
const PARTS: usize = 8;

/// How many members are to be read next, so that their rows take the part of `rows` that is read at a time:
/// as many as those before tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    rows: usize,
    members: usize,
}

impl Step {
    /// Of a builder that holds so many rows.
    pub fn new(rows: usize) -> Self {
        let rows = (rows / PARTS).max(1);
        Self { rows, members: (rows / GUESS).clamp(1, FIRST) }
    }

    /// How many next.
    pub fn members(self) -> usize {
        self.members
    }

    /// So many members had so many rows. It grows slowly, since large ones come together: those of one import
    /// follow each other.
    pub fn learn(&mut self, members: usize, rows: usize) {
        if members > 0 {
            let fits = self.rows.saturating_mul(members) / rows.max(1);
            self.members = fits.min(2 * self.members).clamp(1, MOST);
        }
    }
}

/// Members of a bucket under way.
pub(super) struct Pending {
    members: Vec<Member>,
    rows: usize,
    most: usize,
    step: Step,
}

impl Pending {
    /// Of a keeper that holds so many rows.
    pub fn new(most: usize) -> Self {
        Self { members: Vec::new(), rows: 0, most, step: Step::new(most) }
    }

    /// How many members are to be read next; they fit into the bucket.
    pub fn room(&self) -> usize {
        self.step.members().min(MEMBERS - self.members.len())
    }

    /// Adds members with their rows.
    pub fn add(&mut self, members: Vec<Member>) {
        let rows = members.iter().map(rows_of).sum();
        self.step.learn(members.len(), rows);
        self.rows += rows;
        self.members.extend(members);
    }

    /// Whether they are to be written.
    pub fn is_full(&self) -> bool {
        self.members.len() >= MEMBERS || self.rows >= self.most
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Takes them, to be written.
    pub fn take(&mut self) -> Vec<Member> {
        self.rows = 0;
        std::mem::take(&mut self.members)
    }
}

/// Rows of a member, itself among them.
fn rows_of(member: &Member) -> usize {
    1 + member.loose.len() + member.orders.iter().map(|o| 1 + o.lines.len() + o.refunds.len()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Order;

    fn member(orders: usize) -> Member {
        Member { orders: vec![Order::default(); orders], ..Member::default() }
    }

    #[test]
    fn so_many_rows_are_held_and_no_more() {
        let mut pending = Pending::new(8_000);
        let (mut most, mut buckets) = (0, 0);
        // Members with one order, then such with a hundred.
        for (orders, mut left) in [(1, 20_000_usize), (100, 3_000)] {
            while left > 0 {
                let next = pending.room().min(left);
                left -= next;
                pending.add((0..next).map(|_| member(orders)).collect());
                most = most.max(pending.rows);
                if pending.is_full() {
                    buckets += 1;
                    assert!(!pending.take().is_empty());
                }
            }
        }
        assert!(buckets > 30, "{buckets}");
        // Once the rows of the large ones are not known yet: a step of small ones' number.
        assert!(most < 8_000 + 500 * 101, "{most}");
        let mut step = Step::new(8_000);
        step.learn(1, 1_000_000);
        assert_eq!(step.members(), 1, "one at a time is the least");
    }
}
