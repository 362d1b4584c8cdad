//! How pieces become steps.
//!
//! Where steps run side by side, one that speaks of a buyer or an order of another under way would
//! wait for that other to end. Its pieces are set aside instead, for a step after it. Only time
//! hangs on this: the store keeps two transactions with one key apart in any case.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::mpsc::SyncSender;

use shuke_members::identity::{KeyClaim, KeyKind};

use super::convert::Origin;
use super::gather::{Piece, STEP, Step, What};

/// Groups that are set aside at once: where one key is in every other row, the rest goes as it comes.
const ASIDE: usize = 400;

/// What a group speaks of, as far as two steps must not meet in it.
type Marks = HashSet<u64>;

/// Pieces of one step.
type Group = Vec<Piece>;

/// Where steps go.
pub(super) struct Out<'a> {
    step: Step,
    send: &'a SyncSender<Step>,
    pub heard: bool,
    /// Steps that may be under way beside the next.
    beside: usize,
    marks: Marks,
    under_way: VecDeque<Marks>,
    aside: VecDeque<(Marks, Group)>,
}

impl<'a> Out<'a> {
    pub fn new(of: &Origin, beside: usize, send: &'a SyncSender<Step>) -> Self {
        let step = Step { number: of.import, entity: of.entity.clone(), ..Step::default() };
        Self { step, send, heard: true, beside, marks: Marks::new(), under_way: VecDeque::new(), aside: VecDeque::new() }
    }

    /// Takes in pieces that belong into one step.
    pub fn take(&mut self, group: Group) {
        let marks = if self.beside == 0 { Marks::new() } else { marks_of(&group) };
        if self.meets(&marks) && self.aside.len() < ASIDE {
            self.aside.push_back((marks, group));
            return;
        }
        self.add(marks, group);
        if self.step.size() >= STEP {
            self.send();
            self.take_what_fits();
        }
    }

    /// Sends what is left.
    pub fn end(&mut self) {
        while let Some((marks, group)) = self.aside.pop_front() {
            if self.step.size() >= STEP {
                self.send();
            }
            self.add(marks, group);
        }
        self.send();
    }

    fn meets(&self, marks: &Marks) -> bool {
        self.under_way.iter().any(|step| !step.is_disjoint(marks))
    }

    fn add(&mut self, marks: Marks, group: Group) {
        self.marks.extend(marks);
        group.into_iter().for_each(|piece| self.step.take(piece));
    }

    /// Takes back what was set aside and meets no step any more, up to one step full.
    fn take_what_fits(&mut self) {
        for (marks, group) in std::mem::take(&mut self.aside) {
            if self.step.size() >= STEP || self.meets(&marks) {
                self.aside.push_back((marks, group));
            } else {
                self.add(marks, group);
            }
        }
    }

    fn send(&mut self) {
        let next = Step { number: self.step.number, entity: self.step.entity.clone(), ..Step::default() };
        let step = std::mem::replace(&mut self.step, next);
        self.under_way.push_back(std::mem::take(&mut self.marks));
        while self.under_way.len() > self.beside {
            self.under_way.pop_front();
        }
        self.heard &= self.send.send(step).is_ok();
    }
}

fn marks_of(group: &Group) -> Marks {
    let mut marks = Marks::new();
    let keys = |marks: &mut Marks, keys: &[KeyClaim]| {
        marks.extend(keys.iter().filter(|k| k.kind != KeyKind::ReceiverName).map(|k| mark(&k.value)));
    };
    for piece in group {
        match &piece.what {
            What::Order(said) | What::Refund { said, .. } => {
                marks.insert(mark((said.source(), said.source_id())));
                keys(&mut marks, &said.observation().claims());
            }
            What::Member(evidence) => keys(&mut marks, &evidence.keys),
            What::Tags(tagged) => marks.extend(tagged.said.whom.iter().map(|s| mark(&s.value))),
            What::Passed | What::Product(_) | What::Suppression(_) | What::Weather(_) | What::Refused(_) => {}
        }
    }
    marks
}

fn mark(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use shuke_kernel::Instant;
    use shuke_members::identity::{Evidence, ProfileHints};

    use super::*;

    /// The steps that come of so many records, each with one buyer.
    fn steps(beside: usize, records: u64, buyer: impl Fn(u64) -> u64) -> Vec<Step> {
        let (send, steps) = sync_channel(1_000);
        let mut out = Out::new(&Origin { import: 1, ..Origin::default() }, beside, &send);
        for n in 0..records {
            let evidence = Evidence {
                keys: KeyClaim::new(KeyKind::Phone, "", &format!("139{:08}", buyer(n)), true).into_iter().collect(),
                entity: None,
                source_time: Instant::default(),
                source: "taobao".to_owned(),
                source_id: None,
                profile: ProfileHints::default(),
            };
            let what = What::Member(Box::new(evidence));
            out.take(vec![Piece { file: 1, first: n, last: n, apart: Vec::new(), lines: 0, loaded: Vec::new(), what }]);
        }
        out.end();
        drop(send);
        steps.iter().collect()
    }

    fn buyers(step: &Step) -> HashSet<&str> {
        step.members.iter().map(|e| e.keys[0].value.as_str()).collect()
    }

    fn whole(steps: &[Step], records: u64) {
        let mut read: Vec<u64> = steps.iter().flat_map(|s| s.read.iter().map(|r| r.first)).collect();
        read.sort_unstable();
        assert_eq!(read, (0..records).collect::<Vec<_>>(), "every record once");
    }

    #[test]
    fn steps_under_way_together_share_no_buyer() {
        // A fifth of the records are of thirty buyers who come again and again.
        let steps = steps(2, 4_000, |n| if n % 5 == 0 { n % 150 } else { n });
        whole(&steps, 4_000);
        let last = steps.len() - 2;
        for (i, step) in steps[..last].iter().enumerate() {
            for before in &steps[i.saturating_sub(2)..i] {
                assert!(buyers(step).is_disjoint(&buyers(before)), "step {i}");
            }
        }
    }

    #[test]
    fn a_buyer_in_every_record_holds_nothing_back() {
        let steps = steps(2, 4_000, |_| 7);
        whole(&steps, 4_000);
        assert!(steps.iter().all(|s| s.size() <= STEP + 1));
        assert!(steps.len() <= 12, "{}", steps.len());
    }

    #[test]
    fn one_step_after_the_other_takes_records_as_they_come() {
        let steps = steps(0, 1_000, |_| 7);
        whole(&steps, 1_000);
        assert_eq!(steps.iter().map(Step::size).collect::<Vec<_>>(), [400, 400, 200]);
    }
}
