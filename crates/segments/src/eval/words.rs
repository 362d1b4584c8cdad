//! Patterns of texts as sets of codes: a text is judged once a word and not once a row.

use shuke_columns::Slice;
use shuke_columns::registry::MEMBER_ID;

use super::{Asked, FALSE, Frame, TRUE, UNKNOWN};
use crate::plan::{Expr, Pattern, Plan, Shape};

/// Codes of a vocabulary.
#[derive(Clone, Debug)]
pub(crate) enum CodeSet {
    None,
    One(u32),
    /// One bit a code.
    Many(Vec<u64>),
}

impl CodeSet {
    #[inline]
    pub(crate) fn has(&self, code: i64) -> bool {
        match self {
            Self::None => false,
            Self::One(one) => i64::from(*one) == code,
            Self::Many(bits) => bits.get(code as usize / 64).is_some_and(|b| b >> (code % 64) & 1 == 1),
        }
    }

    fn of(codes: impl Iterator<Item = u32>) -> Self {
        let (mut bits, mut first, mut count): (Vec<u64>, _, _) = (Vec::new(), 0, 0);
        for code in codes {
            (first, count) = (code, count + 1);
            let at = code as usize / 64;
            if at >= bits.len() {
                bits.resize(at + 1, 0);
            }
            bits[at] |= 1 << (code % 64);
        }
        match count {
            0 => Self::None,
            1 => Self::One(first),
            _ => Self::Many(bits),
        }
    }
}

/// What a plan's patterns and lists are in a slice.
pub(crate) struct Codes {
    patterns: Vec<CodeSet>,
    lists: Vec<CodeSet>,
}

impl Codes {
    pub(crate) fn of(plan: &Plan, slice: &Slice) -> Self {
        let patterns = plan.patterns.iter().map(|p| pattern(plan, slice, p)).collect();
        let members = &slice.members;
        let lists = plan.lists.iter().map(|list| {
            // Whichever is shorter is looked up in the other.
            if members.len() < list.len() {
                CodeSet::of(members.iter().enumerate().filter(|(_, id)| list.find(id).is_some()).map(|(i, _)| i as u32))
            } else {
                CodeSet::of(list.iter().filter_map(|id| members.find(&id)))
            }
        });
        Self { patterns, lists: lists.collect() }
    }

    pub(crate) fn pattern(&self, i: usize) -> &CodeSet {
        &self.patterns[i]
    }

    pub(crate) fn list(&self, i: usize) -> &CodeSet {
        &self.lists[i]
    }
}

fn pattern(plan: &Plan, slice: &Slice, pattern: &Pattern) -> CodeSet {
    let shape = &pattern.shape;
    let of_ids = |ids: &shuke_columns::slice::Ids| match shape {
        Shape::OneOf(words) => CodeSet::of(words.iter().filter_map(|w| ids.find(w))),
        _ => CodeSet::of(ids.iter().enumerate().filter(|(_, id)| shape.admits(id)).map(|(i, _)| i as u32)),
    };
    if pattern.words == MEMBER_ID {
        return of_ids(&slice.members);
    }
    if plan.registry.vocabularies()[pattern.words].is_local {
        return of_ids(&slice.ids[pattern.words]);
    }
    let words = slice.lexicon.words(pattern.words);
    match shape {
        Shape::OneOf(texts) => CodeSet::of(texts.iter().filter_map(|w| words.find(w))),
        _ => CodeSet::of(words.since(0).enumerate().filter(|(_, w)| shape.admits(w)).map(|(i, _)| i as u32)),
    }
}

impl Asked<'_> {
    pub(super) fn word(&self, value: &Expr, pattern: usize, negate: bool, frame: Frame<'_>) -> Vec<u8> {
        let (values, set) = (self.whole(value, frame), self.codes.pattern(pattern));
        let tell = |code: i64| if set.has(code) != negate { TRUE } else { FALSE };
        match &values.known {
            None => values.values.iter().map(|c| tell(*c)).collect(),
            Some(known) => values.values.iter().zip(known).map(|(c, known)| if *known { tell(*c) } else { UNKNOWN }).collect(),
        }
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
