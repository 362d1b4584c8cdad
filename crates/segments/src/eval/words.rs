//! Patterns and lists as sets of codes in a slice.

use std::sync::Arc;

use shuke_columns::Slice;
use shuke_columns::registry::MEMBER_ID;
use shuke_columns::slice::Ids;

use super::Asked;
use super::UNKNOWN;
use super::at::Frame;
use super::cells::{Wanted, tell};
use super::numbers::truth;
use crate::plan::{Expr, Pattern, Plan, Shape};

/// Codes of a vocabulary.
#[derive(Clone, Debug)]
pub(crate) enum CodeSet {
    None,
    /// All from one to another.
    Run(u32, u32),
    /// One bit a code.
    Many(Vec<u64>),
}

impl CodeSet {
    #[inline]
    pub(crate) fn has(&self, code: i64) -> bool {
        match self {
            Self::None => false,
            Self::Run(first, last) => i64::from(*first) <= code && code <= i64::from(*last),
            Self::Many(bits) => bits.get(code as usize / 64).is_some_and(|b| b >> (code % 64) & 1 == 1),
        }
    }

    pub(crate) fn of(codes: impl Iterator<Item = u32>) -> Self {
        let (mut bits, mut first, mut last): (Vec<u64>, _, _) = (Vec::new(), u32::MAX, 0);
        for code in codes {
            (first, last) = (first.min(code), last.max(code));
            let at = code as usize / 64;
            if at >= bits.len() {
                bits.resize(at + 1, 0);
            }
            bits[at] |= 1 << (code % 64);
        }
        match bits.iter().map(|b| b.count_ones()).sum::<u32>() {
            0 => Self::None,
            count if count - 1 == last - first => Self::Run(first, last),
            _ => Self::Many(bits),
        }
    }
}

/// What a plan's patterns and lists are in a slice.
pub(crate) struct Codes {
    shared: Arc<[Option<CodeSet>]>,
    /// Of patterns of ids, which lie with the slice; empty where there is none.
    local: Vec<CodeSet>,
    lists: Vec<CodeSet>,
}

impl Codes {
    pub(crate) fn of(plan: &Plan, slice: &Slice) -> Self {
        let shared = plan.words.admitted(&plan.registry, &plan.patterns, &slice.lexicon);
        let local =
            if shared.iter().all(Option::is_some) { Vec::new() } else { plan.patterns.iter().map(|p| local(plan, slice, p)).collect() };
        let members = &slice.members;
        let lists = plan.lists.iter().map(|list| {
            // Whichever is shorter is looked up in the other.
            if members.len() < list.len() {
                CodeSet::of(members.iter().enumerate().filter(|(_, id)| list.find(id).is_some()).map(|(i, _)| i as u32))
            } else {
                CodeSet::of(list.iter().filter_map(|id| members.find(&id)))
            }
        });
        Self { shared, local, lists: lists.collect() }
    }

    pub(crate) fn pattern(&self, i: usize) -> &CodeSet {
        self.shared[i].as_ref().unwrap_or_else(|| &self.local[i])
    }

    pub(crate) fn list(&self, i: usize) -> &CodeSet {
        &self.lists[i]
    }
}

fn local(plan: &Plan, slice: &Slice, pattern: &Pattern) -> CodeSet {
    let of_ids = |ids: &Ids| match &pattern.shape {
        Shape::OneOf(words) => CodeSet::of(words.iter().filter_map(|w| ids.find(w))),
        shape => CodeSet::of(ids.iter().enumerate().filter(|(_, id)| shape.admits(id)).map(|(i, _)| i as u32)),
    };
    match pattern.words {
        MEMBER_ID => of_ids(&slice.members),
        words if plan.registry.vocabularies()[words].is_local => of_ids(&slice.ids[words]),
        _ => CodeSet::None,
    }
}

impl Asked<'_> {
    pub(super) fn word(&self, value: &Expr, pattern: usize, negate: bool, frame: Frame<'_>) -> Vec<u8> {
        let set = self.codes.pattern(pattern);
        if let Some(column) = self.column(value, frame) {
            return tell(column, frame.at, Wanted::Code { set, negate });
        }
        let values = self.whole(value, frame);
        values.tell(|code| truth(set.has(code) != negate), UNKNOWN)
    }

    /// Whether two texts are the same, by their codes where they share a vocabulary.
    pub(super) fn same_text(&self, (a, left): (i64, &Expr), (b, right): (i64, &Expr)) -> bool {
        match (left.words, right.words) {
            (Some(left), Some(right)) if left != right => {
                let word = |words, code: i64| self.slice.word(&self.plan.registry, words, code as u32);
                word(left, a) == word(right, b)
            }
            _ => a == b,
        }
    }
}
