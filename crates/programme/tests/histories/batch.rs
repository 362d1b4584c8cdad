//! Batches of histories as they are drawn.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use shuke_loyalty::event::Act;

use crate::model::drawn::{act, gap, lateness, name, rules};
use crate::model::{DAY, Rules};

/// What happens to one of two members, or to both.
#[derive(Clone, Debug)]
pub enum Step {
    Nothing,
    /// Something arrives.
    Told {
        /// By the younger one's id.
        by_younger: bool,
        /// So long after it happened.
        late: i64,
        id: String,
        act: Act,
    },
    /// They turn out to be one.
    Merge,
    /// They are two again.
    Unmerge,
}

/// Histories of two members each, under the same rules and in step.
#[derive(Clone, Debug)]
pub struct Batch {
    pub rules: Rules,
    /// The rules that follow: so long after the beginning.
    pub later: Vec<(i64, Rules)>,
    /// The time between steps.
    pub gaps: Vec<i64>,
    pub histories: Vec<Vec<Step>>,
}

impl Batch {
    pub fn steps(&self) -> usize {
        self.histories.iter().flatten().filter(|step| matches!(step, Step::Told { .. })).count()
    }

    pub fn merges(&self) -> usize {
        self.histories.iter().filter(|history| history.iter().any(|step| matches!(step, Step::Merge))).count()
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        24 => (any::<bool>(), lateness(), name("e", 5), act()).prop_map(|(by_younger, late, id, act)| Step::Told { by_younger, late, id, act }),
        2 => Just(Step::Merge),
        1 => Just(Step::Unmerge),
        2 => Just(Step::Nothing),
    ]
}

/// A batch that follows from its number.
pub fn draw(seed: u64, histories: usize) -> Batch {
    let mut bytes = [7_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let later = prop::collection::vec((1..400_i64, rules()), 0..3);
    let frame = (rules(), later, prop::collection::vec(gap(), 12..36));
    let drawn = frame.new_tree(&mut runner).unwrap_or_else(|e| panic!("nothing can be drawn: {e}")).current();
    let (rules, later, gaps) = drawn;
    let mut from = 0;
    let later = later.into_iter().map(|(days, rules)| {
        from += days * DAY;
        (from, rules)
    });
    let later = later.collect();
    let each = prop::collection::vec(prop::collection::vec(step(), gaps.len()), histories);
    let histories = each.new_tree(&mut runner).unwrap_or_else(|e| panic!("nothing can be drawn: {e}")).current();
    Batch { rules, later, gaps, histories }
}
