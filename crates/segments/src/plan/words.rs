//! What texts are compared with, as sets of codes: a text is judged once a word and not once a row, and once
//! for all slices that share their words.

use std::sync::{Arc, Mutex, PoisonError};

use shuke_columns::{Lexicon, Registry};

use crate::eval::CodeSet;
use crate::tree::Name;

/// What a text is compared with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Pattern {
    pub(crate) words: usize,
    pub(crate) shape: Shape,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Shape {
    /// One of these.
    OneOf(Vec<Name>),
    /// One of these paths, or below it.
    Under(Vec<Name>),
    Contains(Name),
}

impl Shape {
    pub(crate) fn admits(&self, word: &str) -> bool {
        match self {
            Self::OneOf(words) => words.iter().any(|w| &**w == word),
            Self::Under(paths) => {
                paths.iter().any(|p| word.strip_prefix(&**p).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
            }
            Self::Contains(part) => word.contains(&**part),
        }
    }
}

/// Codes of a merchant's words that patterns admit, none for a pattern of ids.
pub(crate) type Admitted = Arc<[Option<CodeSet>]>;

/// The codes of the words that were asked last.
#[derive(Default, Debug)]
pub(crate) struct Words(Mutex<Option<(Arc<Lexicon>, Admitted)>>);

impl Clone for Words {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Words {
    /// What each pattern admits of these words.
    pub(crate) fn admitted(&self, registry: &Registry, patterns: &[Pattern], lexicon: &Arc<Lexicon>) -> Admitted {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, admitted)) = last.as_ref().filter(|(of, _)| Arc::ptr_eq(of, lexicon)) {
            return admitted.clone();
        }
        let admitted: Admitted = patterns.iter().map(|p| codes(registry, p, lexicon)).collect();
        *last = Some((lexicon.clone(), admitted.clone()));
        admitted
    }
}

fn codes(registry: &Registry, pattern: &Pattern, lexicon: &Lexicon) -> Option<CodeSet> {
    if registry.vocabularies()[pattern.words].is_local {
        return None;
    }
    let words = lexicon.words(pattern.words);
    Some(match &pattern.shape {
        Shape::OneOf(texts) => CodeSet::of(texts.iter().filter_map(|w| words.find(w))),
        shape => CodeSet::of(words.since(0).enumerate().filter(|(_, w)| shape.admits(w)).map(|(i, _)| i as u32)),
    })
}
